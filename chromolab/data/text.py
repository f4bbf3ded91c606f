"""Read text files line by line, plain or compressed; errors name the file and the line. What counts as a number."""

import bz2
import gzip
import io
import logging
import lzma
import math
import numbers
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path

from chromolab.errors import ChromolabError

log = logging.getLogger("chromolab")
OPENERS = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ": lzma.open}
LONGEST_LINE = 1 << 26  # characters: more is no table, and could fill the memory
LAST_BASE = 2**31 - 1  # the largest coordinate that we accept (bp): it fits in int32
# An empty block of bgzip: the SAM format, section 4.1.2.
BGZF_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
# Ensembl and RefSeq number versions after a dot; elsewhere (F25H2.1, a worm's gene) the dot belongs to the name.
VERSION = re.compile(r"^((?:ENS[A-Z]*|[NX][MR]_)\d{5,})\.\d+")


def existing_file(path: str | PathLike[str], what: str) -> Path:
    """`path` as a `Path`; raises `ChromolabError` unless it is a file. `what` says what was expected, for messages."""
    if "://" in str(path):
        raise ChromolabError(
            f"{path}: is a web address; expected {what} on this machine. Download it and give its path."
        )
    path = Path(path)
    if path.is_dir():
        raise ChromolabError(f"{path}: is a folder; expected {what}.")
    if not path.is_file():
        raise ChromolabError(
            f"{path}: no such file; expected {what}. Check the path (the working folder is {Path.cwd()})."
        )
    return path


def text_lines(path: str | PathLike[str], what: str) -> Iterator[tuple[int, str]]:
    """Yield (line number from 1, line without its end) of a text file; gzip, bzip2 and xz are detected by content.

    Logs a warning when the last line of plain text has no line end (`warn_of_open_end`). Raises `ChromolabError` when
    the file is absent, empty or not text, has a line of more than `LONGEST_LINE` characters, or when its compressed
    data are damaged or cut off.
    """
    number, line = 0, ""
    with _reading(path, what, lambda: number, mode="rt", encoding="utf-8-sig") as f:
        for number, line in enumerate(iter(lambda: f.readline(LONGEST_LINE + 1), ""), 1):
            if len(line) > LONGEST_LINE:
                raise _endless(path, number, what)
            yield number, line.rstrip("\r\n")
        compressed = not isinstance(f.buffer, io.BufferedReader)
    if number == 0:
        raise ChromolabError(f"{path}: empty; expected {what}.")
    if not line.endswith(("\n", "\r")):
        warn_of_open_end(path, number, compressed)


def warn_of_open_end(path: str | PathLike[str], number: int, compressed: bool) -> None:
    """Log that the last line, `number`, has no line end: a file that was cut within this line would look complete.

    This is only a warning, because editors and scripts often omit the last line end. A compressed file needs none: it
    carries a checksum of its own.
    """
    if not compressed:
        log.warning(
            "%s, line %d: the last line has no line end. If the file was cut off, its last row is wrong: check that "
            "the file is complete.",
            path,
            number,
        )


def text_blocks(path: str | PathLike[str], what: str, size: int = 8_000_000) -> Iterator[tuple[int, bytes, int]]:
    """Yield (number of the first line, complete lines as bytes, position in the file) of a text file, for fast parsers.

    The position counts bytes of the file on disk, compressed or not, so that position / file size is the share that
    has been read. Raises as `text_lines` does, and also when the last line has no line end: the file was cut off.
    """
    number, rest = 1, b""
    with _reading(path, what, lambda: number) as f:
        raw = getattr(f, "fileobj", None) or f
        while block := f.read(size):
            block = rest + block
            cut = block.rfind(b"\n") + 1
            block, rest = block[:cut], block[cut:]
            if len(rest) > LONGEST_LINE:
                raise _endless(path, number + block.count(b"\n"), what)
            if block:
                yield number, block, raw.tell()
                number += block.count(b"\n")
    if rest:
        raise ChromolabError(
            f"{path}, line {number}: the last line has no line end: the file is cut off. Copy or download it again "
            "(or, if it was typed by hand, end its last line)."
        )
    if number == 1:
        raise ChromolabError(f"{path}: empty; expected {what}.")


def _endless(path, number: int, what: str) -> ChromolabError:
    return ChromolabError(f"{path}, line {number}: longer than {LONGEST_LINE:,} characters; expected {what}.")


@contextmanager
def _reading(path, what: str, line: Callable[[], int], mode: str = "rb", **kwargs) -> Iterator:
    """An open text file; any failure to read it becomes a `ChromolabError` that names the file and `line()`."""
    path = existing_file(path, what)
    _refuse_cut_bgzf(path)
    with open(path, "rb") as f:
        head = f.read(6)
    opener = next((known for start, known in OPENERS.items() if head.startswith(start)), open)
    try:
        with opener(path, mode, **kwargs) as f:
            yield f
    except UnicodeDecodeError as e:
        raise ChromolabError(f"{path}, after line {line()}: not text; expected {what}. Is it the right file?") from e
    except (EOFError, OSError, zlib.error, lzma.LZMAError) as e:
        raise ChromolabError(f"{path}, after line {line()}: the rest cannot be read ({e}). Download it again.") from e


def _refuse_cut_bgzf(path: Path) -> None:
    """A bgzip file is a series of small gzip files: when it is cut between two of them, gzip does not notice."""
    with open(path, "rb") as f:
        if f.read(4) != b"\x1f\x8b\x08\x04" or f.read(14)[8:10] != b"BC":
            return
        f.seek(-min(len(BGZF_END), path.stat().st_size), 2)
        if f.read() != BGZF_END:
            raise ChromolabError(f"{path}: truncated: it lacks the end mark of bgzip. Copy or download it again.")


def is_number(text: str) -> bool:
    """Whether a text is a finite number; "1_000" is not, although Python would read it as one."""
    try:
        return math.isfinite(float(text)) and "_" not in text
    except ValueError:
        return False


def coordinates(texts: Iterable[str]) -> tuple[int, ...] | None:
    """Texts as genomic coordinates (bp), or None unless each is a whole number from 0 to `LAST_BASE`."""
    texts = list(texts)
    if not all(text.isascii() and text.isdecimal() and len(text) < 11 for text in texts):
        return None
    values = tuple(map(int, texts))
    return values if max(values, default=0) <= LAST_BASE else None


def is_whole(value, least: int = 1, *, floats: bool = False) -> bool:
    """Whether a value is a whole number >= `least`: an integer or, with `floats`, also a float without a fraction."""
    kind = numbers.Real if floats else numbers.Integral
    return isinstance(value, kind) and not isinstance(value, bool) and value >= least and value % 1 == 0


def strip_version(ids: Iterable[str]) -> list[str]:
    """Gene ids without Ensembl's or RefSeq's version: ENSG00000000003.14 -> ENSG00000000003."""
    return [VERSION.sub(r"\1", str(gene_id)) for gene_id in ids]
