"""What makes two runs the same: the notebook's code, the setting, the package, and the data that are named."""

import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from chromolab.data.processes import PACKAGE
from chromolab.data.public.downloads import digest
from chromolab.errors import ChromolabError
from chromolab.show.notebooks.parameters import UNKNOWN, parameters_of

# The code that numbers come from; what only shows them does not make a run another one.
SOURCES = ("errors.py", "defaults.py", "data", "world", "models", "learn")
OUTPUT = re.compile(r"out|out_.*|.*_out")  # parameters that name what a run writes
MOST_FILES = 10_000  # of a folder that a parameter names


@cache
def package() -> str:
    """The package's version and a digest of the code that numbers come from."""
    root, told = PACKAGE, hashlib.sha256()
    for source in SOURCES:
        place = root / source
        for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            told.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    return f"{version('chromolab')}+{told.hexdigest()[:10]}"


class Keys:
    """The keys of one notebook's runs; the notebook and the data are read once.

    A run's key is ten hexadecimal digits: another code, setting, package or content of the named data gives another.
    A parameter names data where its value (or default) is the path of a file or folder, seen from the notebook's
    folder. A file is known by its bytes, a folder by the names, sizes and times of its files. Parameters called `out`
    (or `out_...`, `..._out`) name what a run writes, and do not count.
    """

    def __init__(self, notebook: Path):
        self.notebook, self.parameters = notebook, parameters_of(notebook)
        self.source = notebook.read_bytes()
        cells = json.loads(self.source)["cells"]
        self._code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        self._defaults = {p.name: p.default for p in self.parameters.values() if p.default is not UNKNOWN}
        self._prints: dict[str, str | None] = {}  # of the places looked at

    def data(self, setting: Mapping[str, Any]) -> dict[str, list[str]]:
        """{parameter: fingerprints of the files and folders that it names}."""
        found = {}
        for name, value in (self._defaults | dict(setting)).items():
            words = [w for w in (value if isinstance(value, list | tuple) else [value]) if isinstance(w, str) and w]
            if not OUTPUT.fullmatch(name) and (prints := [p for w in words if (p := self._print(w))]):
                found[name] = prints
        return found

    def key(self, setting: Mapping[str, Any]) -> str:
        """Of the run with this setting."""
        parts = [self._code, dict(setting), package(), self.data(setting)]
        return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:10]

    def _print(self, word: str) -> str | None:
        if word not in self._prints:
            self._prints[word] = _fingerprint(self.notebook.parent / word)
        return self._prints[word]


def name_of_run(setting: Mapping[str, Any], key: str) -> str:
    """The file name of a run, without its ending: what was set, as far as it fits, and the key."""
    words = ",".join(f"{name}={value}" for name, value in setting.items())
    return f"{re.sub(r'[^A-Za-z0-9_.=,+-]+', '-', words)[:80]}-{key}"


def _fingerprint(place: Path) -> str | None:
    try:
        return digest(place) if place.is_file() else _of_folder(place) if place.is_dir() else None
    except (OSError, ValueError):  # no path at all: too long, or with a NUL; or not to be looked into
        return None


def _of_folder(place: Path) -> str:
    told = []
    for file in place.rglob("*"):
        if file.is_file():
            told.append([file.relative_to(place).as_posix(), file.stat().st_size, file.stat().st_mtime_ns])
        if len(told) > MOST_FILES:
            raise ChromolabError(f"{place}: more than {MOST_FILES:,} files; name the one that is read, not the folder.")
    return hashlib.sha256(json.dumps(sorted(told)).encode()).hexdigest()
