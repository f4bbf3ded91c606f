"""Read text files line by line, plain or compressed; errors name the file and the line. What counts as a number.

A decimal point or a decimal comma, and thousands grouped by the other, are told from a whole table.
"""

import bz2
import codecs
import gzip
import io
import logging
import lzma
import math
import numbers
import re
import shlex
import zlib
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import contextmanager, suppress
from os import PathLike
from pathlib import Path
from typing import IO

from chromolab.data.file_kinds import refuse_foreign
from chromolab.data.files import plain_path
from chromolab.errors import ChromolabError

log = logging.getLogger("chromolab")
OPENERS = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ": lzma.open}
LONGEST_LINE = 1 << 26  # characters: more is no table, and could fill the memory
LAST_BASE = 2**31 - 1  # the largest coordinate that we accept (bp): it fits in int32
# An empty block of bgzip: the SAM format, section 4.1.2.
BGZF_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
HEAD = 4096  # bytes from which a file's format and encoding are told
MOST_COMMENTS = 1_000_000  # lines without a row in between
COMMA = re.compile(r"^[+-]?\d*,\d+(?:[eE][+-]?\d+)?$")  # 1,5: a decimal comma, or a thousand
GROUPED = {  # thousands are grouped by the other mark
    ".": re.compile(r"^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$"),
    ",": re.compile(r"^[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?$"),
}


def existing_file(path: str | PathLike[str], what: str) -> Path:
    """`path` as a `Path`; raises `ChromolabError` unless it is a file. `what` says what was expected, for messages."""
    if "://" in str(path):
        raise ChromolabError(
            f"{path}: is a web address; expected {what} on this machine. Download it and give its path."
        )
    path = plain_path(Path(path))
    try:
        folder, file = path.is_dir(), path.is_file()
        of_kernel = file and path.resolve().parts[1:2] in (("proc",), ("sys",))  # to read one may never end
    except OSError as e:  # longer than the system takes, say
        raise ChromolabError(f"{path}: cannot be looked at ({e.strerror}); expected {what}.") from e
    if folder:
        raise ChromolabError(f"{path}: is a folder; expected {what}.")
    if not file:
        raise ChromolabError(f"{path}: no such file; expected {what}. Check the path (the working folder {_here()}).")
    if of_kernel:
        raise ChromolabError(f"{path}: is a file of the operating system's kernel; expected {what}.")
    return path


def _here() -> str:
    try:
        return f"is {Path.cwd()}"
    except FileNotFoundError:
        return "was removed; go to another one"


def opener_of(start: bytes) -> Callable:
    """What opens a file that begins with these bytes: that of gzip, bzip2 or xz, or plain `open`."""
    return next((opener for magic, opener in OPENERS.items() if start.startswith(magic)), open)


def text_lines(path: str | PathLike[str], what: str, reads: Container[str] = ()) -> Iterator[tuple[int, str]]:
    """Yield (line number from 1, line without its end) of a text file; gzip, bzip2 and xz are detected by content.

    UTF-8 and, where a byte-order mark says so, UTF-16 are read; lines end in LF, CR LF or CR. `reads` names formats of
    `file_kinds` that the caller reads. Logs a warning when the last line of plain text has no line end.

    Raises
    ------
    ChromolabError
        The file is absent, empty, of a known other format or not text; a line is longer than `LONGEST_LINE`, or more
        than `MOST_COMMENTS` in a row are empty or begin with #; compressed data are damaged or cut off.
    """
    number, line, skipped = 0, "", 0
    with _reading(path, what, lambda: number, reads, mode="rt") as f:
        for number, line in enumerate(iter(lambda: f.readline(LONGEST_LINE + 1), ""), 1):
            if len(line) > LONGEST_LINE:
                raise _endless(path, number, what)
            if "\0" in line:
                raise ChromolabError(f"{path}, line {number}: a zero byte: not text; expected {what}.")
            skipped = skipped + 1 if line[0] == "#" or line.isspace() else 0
            if skipped > MOST_COMMENTS:
                raise ChromolabError(f"{path}, line {number}: {skipped:,} comments in a row; expected {what}.")
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
    number = 0
    with _reading(path, what, lambda: number) as f:
        raw = getattr(f, "fileobj", None) or f
        for number, block, ended in blocks_of_lines(f, path, what, size):
            if not ended:
                raise ChromolabError(
                    f"{path}, line {number}: the last line has no line end: the file is cut off. Copy or download it "
                    "again (or, if it was typed by hand, end its last line)."
                )
            yield number, block, raw.tell()
    if not number:
        raise ChromolabError(f"{path}: empty; expected {what}.")


def blocks_of_lines(file: IO[bytes], path, what: str, size: int) -> Iterator[tuple[int, bytes, bool]]:
    """Yield (number of the first line, lines as bytes, whether the last one is ended) of an open file of text.

    Lines end in LF or CR LF, or in CR where the first block has no LF; a byte-order mark of UTF-8 is left out. Raises
    `ChromolabError` for a line longer than `LONGEST_LINE`. Only the last block may be a line that is not ended.
    """
    number, rest, lone_cr = 1, b"", None
    while block := file.read(size):
        if lone_cr is None:
            block = block.removeprefix(codecs.BOM_UTF8)
            lone_cr = b"\r" in block and b"\n" not in block  # as old Macs, and Excel on new ones, end lines
        if lone_cr:
            block = block.replace(b"\r", b"\n")
        block = rest + block
        cut = block.rfind(b"\n") + 1
        block, rest = block[:cut], block[cut:]
        if len(rest) > LONGEST_LINE:
            raise _endless(path, number + block.count(b"\n"), what)
        if block:
            yield number, block, True
            number += block.count(b"\n")
    if rest:
        yield number, rest, False


def _endless(path, number: int, what: str) -> ChromolabError:
    return ChromolabError(f"{path}, line {number}: longer than {LONGEST_LINE:,} characters; expected {what}.")


@contextmanager
def _reading(path, what: str, line: Callable[[], int], reads: Container[str] = (), mode: str = "rb") -> Iterator:
    """An open text file; any failure to read it becomes a `ChromolabError` that names the file and `line()`."""
    path = existing_file(path, what)
    _refuse_cut_bgzf(path)
    with open(path, "rb") as f:
        start = f.read(6)
    opener = opener_of(start)
    try:
        with opener(path, "rb") as f:
            head = f.read(HEAD)
        refuse_foreign(path, head, what, reads)
        encoding = _encoding(path, head, what) if mode == "rt" else utf8_alone(path, head, what)
        with opener(path, mode, **({"encoding": encoding} if mode == "rt" else {})) as f:
            yield f
    except UnicodeDecodeError as e:
        raise ChromolabError(not_utf8(path, what)) from e
    except (EOFError, OSError, zlib.error, lzma.LZMAError) as e:
        raise ChromolabError(f"{path}, after line {line()}: the rest cannot be read ({e}). Download it again.") from e


def _encoding(path, head: bytes, what: str) -> str:
    """UTF-8, or UTF-16 where the byte-order mark says so and every second byte of ASCII is zero; else an error."""
    even, odd = head[2:400:2].count(0), head[3:400:2].count(0)
    if max(even, odd) > 0.6 * len(head[2:400:2]) > 0 and min(even, odd) == 0:
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        order = "UTF-16LE" if odd > even else "UTF-16BE"
        raise ChromolabError(
            f"{path}: {order} text without a byte-order mark; expected {what}. Save it as UTF-8: {_iconv(path, order)}"
        )
    return "utf-8-sig"


def utf8_alone(path, head: bytes, what: str) -> str:
    """UTF-8, for readers of bytes; a file that begins as UTF-16 does is an error with the command that converts it."""
    if (encoding := _encoding(path, head, what)) != "utf-8-sig":
        raise ChromolabError(f"{path}: UTF-16 text; expected {what}. Save it as UTF-8: {_iconv(path, 'UTF-16')}")
    return encoding


def not_utf8(path: str | PathLike[str], what: str) -> str:
    """What to say of a file that is not UTF-8: the line, and the letter where it is of an older encoding."""
    path = Path(path)
    with open(path, "rb") as f:
        start = f.read(6)
    damaged = (EOFError, OSError, zlib.error, lzma.LZMAError)
    if not start.startswith(b"PK"):  # of a zip, the lines are not known here
        with suppress(*damaged), opener_of(start)(path, "rb") as f:
            for number, line in enumerate(iter(lambda: f.readline(LONGEST_LINE), b""), 1):
                try:
                    line.decode()
                except UnicodeDecodeError as e:
                    return _not_utf8(path, number, line, e.start, what)
    return f"{path}: not text; expected {what}."


def _not_utf8(path: Path, number: int, line: bytes, at: int, what: str) -> str:
    """What to say of a line whose byte `at` is not UTF-8."""
    letter = line[at : at + 1].decode("cp1252", errors="replace")
    printable = not any(c < 32 and c not in b"\t\r\n" for c in line)
    if not (printable and letter.isalpha()) and letter not in "µ°±²³–—‘’“”…™®©ºª·":
        return f"{path}, line {number}: not text; expected {what}. Is it the right file?"
    return (
        f"{path}, line {number}: not UTF-8: byte 0x{line[at]:02x}, which is {letter!r} in Windows-1252; "
        f"expected {what}. Save it as UTF-8: {_iconv(path, 'WINDOWS-1252')}"
    )


def _iconv(path: Path, encoding: str) -> str:
    """The command that writes a text as UTF-8."""
    unpack = {".gz": "zcat {} | ", ".bz2": "bzcat {} | ", ".xz": "xzcat {} | "}.get(path.suffix, "")
    name, text = shlex.quote(path.name), shlex.quote(path.name.split(".")[0] + ".utf8.txt")
    return f"{unpack.format(name)}iconv -f {encoding} -t UTF-8 {'' if unpack else name + ' '}> {text}"


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


def maybe_number(cell: str) -> bool:
    """Whether a cell is a number under either decimal mark."""
    return is_number(cell) or bool(COMMA.match(cell) or any(p.match(cell) for p in GROUPED.values()))


def number_of(text: str, decimal: str = ".") -> float:
    """The number that a text writes with this decimal mark, thousands grouped by the other; NaN if it is none."""
    other = "," if decimal == "." else "."
    if other in text:
        if not GROUPED[decimal].match(text):
            return math.nan
        text = text.replace(other, "")
    if decimal == ",":
        text = text.replace(",", ".")
    return float(text) if is_number(text) else math.nan


def decimal_mark(path, names, lines, rows) -> str:
    """The decimal mark of rows of texts: "." unless they say otherwise; `ChromolabError` where 1,234 may be either."""
    unsure = None
    for line, row in zip(lines, rows, strict=True):
        for i, cell in enumerate(row[1:], 1):
            if "," in cell:
                thousands = GROUPED["."].match(cell) is not None
                if thousands and ("." in cell or cell.count(",") > 1):
                    return "."
                if not thousands and (COMMA.match(cell) or GROUPED[","].match(cell)):
                    return ","
                if thousands and unsure is None:
                    unsure = line, names[i], cell
            elif unsure and "." in cell and is_number(cell):
                return "."
    if unsure:
        raise ChromolabError(
            f"{path}, line {unsure[0]}, column {unsure[1]}: {unsure[2]!r} may be a thousand or a decimal comma. Say: "
            "decimal='.' or decimal=',' (my.yaml: decimal: under expression:)."
        )
    return "."


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
