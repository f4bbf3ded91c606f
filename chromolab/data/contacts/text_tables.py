"""Contact tables as text, read block by block, so that only the wanted columns take memory.

Every line must have as many fields as the header. A truncated line, or two that ran together, is an error: a parser
that fills in missing fields would take a broken file for a complete one. A last line without a line end may be cut
within its last value; that cannot be detected, so it is logged as a warning.
"""

import contextlib
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from os import PathLike

import pandas as pd
from tqdm.auto import tqdm

from chromolab.data.file_kinds import PAIRS, refuse_foreign
from chromolab.data.intervals import CONTACT_COLUMNS
from chromolab.data.tables import SAMPLE, separator_of, split
from chromolab.data.text import (
    blocks_of_lines,
    existing_file,
    is_number,
    not_utf8,
    opener_of,
    utf8_alone,
    warn_of_open_end,
)
from chromolab.errors import ChromolabError

WHAT = "a table of contacts"
BLOCK = 1 << 24  # bytes read at once
HEAD = 1 << 17  # bytes in which the header must end
# Names of these columns in other programs' files: bedpe and juicer, FitHiChIP, CHiCAGO's ibed and peak matrix, UCSC's
# interact, Mustache.
ALIASES = {
    "chrom1": ("chrom1", "chr1", "bait_chr", "baitChr", "sourceChrom", "BIN1_CHR"),
    "start1": ("start1", "x1", "s1", "bait_start", "baitStart", "sourceStart", "BIN1_START"),
    "end1": ("end1", "x2", "e1", "bait_end", "baitEnd", "sourceEnd", "BIN1_END"),
    "chrom2": ("chrom2", "chr2", "otherEnd_chr", "oeChr", "targetChrom", "BIN2_CHROMOSOME"),
    "start2": ("start2", "y1", "s2", "otherEnd_start", "oeStart", "targetStart", "BIN2_START"),
    "end2": ("end2", "y2", "e2", "otherEnd_end", "oeEnd", "targetEnd", "BIN2_END"),
    "frequency": ("frequency", "freq", "score"),
}
PLACES = CONTACT_COLUMNS[:6]


@dataclass(frozen=True)
class Header:
    """How to read a table: separator, column names, number of lines before the first row, fields of the first row."""

    separator: str
    names: list[str]
    skip: int
    first: list[str] = field(default_factory=list)


@contextlib.contextmanager
def readable(path: str | PathLike[str]):
    """Turn any error from reading a damaged file into a `ChromolabError`."""
    try:
        yield
    except UnicodeDecodeError as e:
        raise ChromolabError(not_utf8(path, WHAT)) from e
    except (
        ValueError,
        OSError,
        EOFError,
        zlib.error,
        lzma.LZMAError,
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        OverflowError,
    ) as e:
        raise ChromolabError(
            f"{path}: could not be read as a table ({str(e).strip()[:200] or type(e).__name__}); expected columns "
            "with one separator throughout. The file may be incomplete: copy or download it again."
        ) from e


@contextlib.contextmanager
def opened(path: str | PathLike[str]) -> Iterator[tuple]:
    """Yield (the file as stored, the file unpacked), both binary; gzip, bzip2, xz and zip are detected by content.

    Raises ChromolabError if `path` does not exist, or is a zip of several files.
    """
    with open(existing_file(path, WHAT), "rb") as raw, contextlib.ExitStack() as stack:
        start = raw.read(6)
        raw.seek(0)
        if start.startswith(b"PK"):
            archive = stack.enter_context(zipfile.ZipFile(raw))
            inside = [i for i in archive.infolist() if not i.is_dir()]
            if len(inside) != 1:
                raise ChromolabError(f"{path}: {len(inside)} files in it; expected a zip of one. Unpack it.")
            yield raw, stack.enter_context(archive.open(inside[0]))
        else:
            opener = opener_of(start)
            yield raw, raw if opener is open else stack.enter_context(opener(raw, "rb"))


def head(path: str | PathLike[str]) -> list[str]:
    """The first lines of the text file at `path`, unpacked; the last one may be incomplete.

    Raises ChromolabError if it is empty, damaged, not text, or a format that is known to be none of ours.
    """
    with readable(path), opened(path) as (_, file):
        start = file.read(HEAD)
        refuse_foreign(path, start, WHAT, reads=(PAIRS,))
        utf8_alone(path, start, WHAT)
        text = start.decode("utf-8-sig", errors="strict" if len(start) < HEAD else "ignore")
    if "\0" in text:
        raise ChromolabError(f"{path}: not text; expected {WHAT}. Is it another file?")
    if not text.strip():
        raise ChromolabError(f"{path}: could not be read as a table: it is empty; expected one contact per line.")
    return text.splitlines()


def is_comment(line: str) -> bool:
    """Whether a line is empty, a comment, or a line for a genome browser."""
    return not line.strip() or line.startswith("#") or line.split()[0] in ("track", "browser")


def find_header(lines: Sequence[str], names: Sequence[str] | None = None) -> Header:
    """Find the separator and the column names of a table from its first lines.

    The names are `names`, or those of a comment that names known columns, or the first line that is no comment; bedpe
    without a header gets the names of `PLACES`.
    """
    skip = next((i for i, line in enumerate(lines) if not is_comment(line)), len(lines))
    rows = [line for line in lines[skip : skip + SAMPLE] if not is_comment(line)] or [lines[-1].lstrip("# ")]
    separator = separator_of(rows[:-1] if len(rows) > 2 else rows)  # the last may be incomplete
    first = split(lines[skip], separator) if skip < len(lines) else []
    if names is not None:
        return Header(separator, list(names), skip, first)
    known = {*ALIASES["chrom1"], "frag1"}
    for line in lines[:skip]:
        comment = split(line.lstrip("# "), separator)
        if known & set(comment):
            return Header(separator, comment, skip, first)
    if len(first) >= 6 and all(is_place(first[i]) for i in (1, 2, 4, 5)):  # bedpe without a header
        named_score = ["name", "score"] if len(first) > 7 or not is_number(first[-1]) else ["score"]
        more = (named_score + [f"column {i + 1}" for i in range(8, len(first))])[: len(first) - 6]
        return Header(separator, [*PLACES, *more], skip, first)
    following = split(lines[skip + 1], separator) if skip + 1 < len(lines) else []
    return Header(separator, first, skip + 1, following)


def is_place(text: str) -> bool:
    """Whether a text is a coordinate: a whole number from 0; R writes 100000 as 1e+05."""
    return is_number(text) and float(text) >= 0 and float(text) % 1 == 0


def is_value(text: str) -> bool:
    """Whether a text can stand in a cell of a matrix: a number, NaN or infinite."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def read_columns(
    path: str | PathLike[str], header: Header, wanted: Sequence[int], progress: bool = True
) -> Iterator[pd.DataFrame]:
    """Yield the columns numbered `wanted` of the table at `path`, as text, block by block, one row per line.

    The columns are called c0, c1, ... by their number. Raises ChromolabError if a line has too many or too few fields,
    or the file is damaged.
    """
    if any(i >= len(header.names) for i in wanted):
        raise ChromolabError(f"{path}: {len(header.names)} columns; expected at least {max(wanted) + 1}.")
    with readable(path), opened(path) as (raw, file):
        size = raw.seek(0, 2)
        raw.seek(0)
        with tqdm(total=size, unit="B", unit_scale=True, desc="reading contacts", disable=not progress, delay=2) as bar:
            for number, block in _blocks(file, path, packed=file is not raw):
                if number <= header.skip:
                    lines = block.split(b"\n")
                    block, number = b"\n".join(lines[header.skip - number + 1 :]), header.skip + 1
                yield _parse(path, number, block, header, wanted)
                bar.update(raw.tell() - bar.n)


def _blocks(file, path, packed: bool) -> Iterator[tuple[int, bytes]]:
    """Yield (number of the first line, block of complete lines)."""
    for number, block, ended in blocks_of_lines(file, path, WHAT, BLOCK):
        if not ended:
            warn_of_open_end(path, number, packed)
        yield number, block if ended else block + b"\n"


def _parse(path, number: int, block: bytes, header: Header, wanted: Sequence[int]) -> pd.DataFrame:
    if b"\0" in block:
        raise ChromolabError(f"{path}, after line {number}: not text; expected {WHAT}.")
    if b"\n#" in block or block.startswith(b"#"):
        block = b"".join(line for line in block.splitlines(keepends=True) if not line.startswith(b"#"))
    rows = _count_rows(path, number, block, header)
    names = [f"c{i}" for i in wanted]
    if not rows:
        return pd.DataFrame({name: pd.Series(dtype=str) for name in names})
    how = {"sep": r"\s+"} if header.separator == " " else {"sep": header.separator}
    table = pd.read_csv(
        io.BytesIO(block),
        header=None,
        names=range(len(header.names)),
        usecols=sorted(wanted),
        dtype=str,
        quoting=3,
        keep_default_na=False,
        index_col=False,
        low_memory=False,
        **how,
    )
    if len(table) != rows:
        raise ChromolabError(f"{path}: {len(table)} rows found in {rows} lines; could not be read as a table.")
    table = table[list(wanted)].set_axis(names, axis=1)
    return table.apply(lambda c: c.str.strip('"')) if b'"' in block else table


def _count_rows(path, number: int, block: bytes, header: Header) -> int:
    """Count the rows of a block; each must have as many fields as the header (empty ones may follow)."""
    separator, expected = header.separator.encode(), len(header.names)
    rows = block.count(b"\n")
    if separator != b" " and block.count(separator) == rows * (expected - 1) and b"\n\n" not in block:
        return rows - block.startswith(b"\n")
    rows = 0
    for i, line in enumerate(block.splitlines()):
        if not line.strip():
            continue
        fields = line.split() if separator == b" " else line.rstrip(b"\r").split(separator)
        while len(fields) > expected and not fields[-1].strip():
            fields.pop()
        if len(fields) != expected:
            raise ChromolabError(
                f"{path}, line {number + i}: could not be read as a table's row: {len(fields)} columns; expected "
                f"{expected}, as in the first line. Correct the line, or copy the file again: it may be incomplete."
            )
        rows += 1
    return rows
