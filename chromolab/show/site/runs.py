"""Executed copies of notebooks, kept by content: what has not changed is not run again."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from chromolab.data.files import write_text
from chromolab.errors import ChromolabError
from chromolab.show.notebooks.executed import read_run
from chromolab.show.notebooks.run import run_notebook

COUNTS = {".py", ".csv", ".yaml", ".pt", ".safetensors", ".js", ".css"}  # what a notebook's results can depend on
REAL = "CHROMOLAB_REAL_DATA"  # names a folder of real data, some of which may be shown on one's own machine alone
KEYS = "keys.json"  # in the folder of copies: the content that each was made from


def digest(*paths: Path) -> str:
    """sha256 of files, and of all files below folders that count, by name and content; the site's own code apart."""
    made, own = hashlib.sha256(), Path(__file__).parent
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file == path or (file.suffix in COUNTS and own not in file.parents):
                made.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return made.hexdigest()


def executed(notebook: Path, folder: Path, code: str) -> Path:
    """The executed copy of a notebook, run now unless an earlier copy was made of the same notebook and code.

    Folders of real data are hidden from it, as their licences are for whoever fetched them.

    Parameters
    ----------
    notebook : Path
    folder : Path
        Where copies are kept.
    code : str
        The digest of the package that notebooks use.

    Raises
    ------
    ChromolabError
        As `run_notebook` does.
    """
    copy = folder / notebook.name
    if not _whole(notebook, copy):
        copy.unlink(missing_ok=True)

    def run() -> None:
        with _without_real_data():
            run_notebook(notebook, copy, replace=True)

    made_once(copy, digest(notebook) + code, run)
    return copy


@contextmanager
def _without_real_data() -> Iterator[None]:
    """Notebooks leave real genes out, as on a machine that has none: a page is for everybody."""
    before = os.environ.get(REAL)
    with TemporaryDirectory() as nothing:
        os.environ[REAL] = nothing
        try:
            yield
        finally:
            del os.environ[REAL]
            if before is not None:
                os.environ[REAL] = before


def made_once(target: Path, key: str, make: Callable[[], object]) -> None:
    """Make a file unless it is there and was made with this key, which its folder keeps."""
    record = target.parent / KEYS
    keys = json.loads(record.read_text(encoding="utf-8")) if record.is_file() else {}
    if target.is_file() and keys.get(target.name) == key:
        return
    make()
    write_text(record, json.dumps(keys | {target.name: key}, indent=1, sort_keys=True) + "\n")


def _whole(notebook: Path, copy: Path) -> bool:
    try:
        read_run(notebook, copy)
    except ChromolabError:
        return False
    return True
