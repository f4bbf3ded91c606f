"""What a build writes and knows again: never over a file that it reads, never over a file that no build wrote."""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from chromolab.data.dataset.saved import FORMAT
from chromolab.data.project.config import Config
from chromolab.errors import ChromolabError

MARK = 'name="chromolab-build"'  # in the head of every report
STAMP = re.compile(MARK + ' content="([0-9a-f]{64}) ([0-9a-f]{64})"')
LOOK = 65_536  # bytes at a file's beginning that show what it is


def report_of(out: Path) -> Path:
    """The path of the report on the dataset `out`: beside it, .html."""
    return out.with_suffix(".html")


def pieces_of(out: Path) -> Path:
    """The folder that keeps finished pieces of the dataset `out` until it is complete."""
    return out.with_name(f".{out.name}.pieces")


def stamp(key: str, out: Path) -> str:
    """The tag in a report's head by which a later build knows the dataset: the build's key and sha256 of its bytes."""
    return f'<meta {MARK} content="{key} {_digest(out)}">'


def is_built(key: str, out: Path) -> bool:
    """Whether a build with this key wrote the dataset `out`, and nobody changed it since."""
    report = report_of(out)
    if not (out.is_file() and report.is_file()):
        return False
    found = STAMP.search(report.read_text(encoding="utf-8", errors="replace"))
    return found is not None and found.groups() == (key, _digest(out))


def _digest(path: Path) -> str:
    with open(path, "rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def refuse_overwriting(config: Config, inputs: Iterable[Path]) -> None:
    """Raise `ChromolabError` where the dataset or its report would replace an input, the yaml, or a foreign file."""
    out = config.place(config.out)
    read = [config.path, *inputs]
    for place, what, token in ((out, "the dataset", FORMAT.encode()), (report_of(out), "the report", MARK.encode())):
        if not place.exists():
            continue
        if any(path.exists() and place.samefile(path) for path in read):
            raise ChromolabError(
                f"{config.where('out')}: {what} would overwrite {place}, which the build reads. Give another name: out:"
            )
        if not place.is_file() or token not in _beginning(place):
            raise ChromolabError(
                f"{config.where('out')}: {what} would overwrite {place}, which no build of chromolab wrote. Move "
                "that file away, or give another name: out:"
            )


def _beginning(path: Path) -> bytes:
    try:
        with open(path, "rb") as f:
            return f.read(LOOK)
    except OSError as e:
        raise ChromolabError(f"{path}: cannot be read ({e.strerror}). Move it away, or give another out:.") from None
