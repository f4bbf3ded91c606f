"""Read intervals in text fast: BED, tagAlign and bedGraph of any size, in checked blocks of complete lines.

A block is parsed by pandas. If that fails, or a number is not as expected, the same block is parsed line by line, which
skips comments and can name the line that is wrong.
"""

import io
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from chromolab.data.text import text_blocks
from chromolab.errors import ChromolabError

HEADERS = (b"#", b"track", b"browser")
LONGEST = 2**31 - 1  # the largest coordinate we accept: it fits in int32
STRANDS = ("+", "-", ".")


class Layout(NamedTuple):
    """The form of a file of intervals: its number of `columns`; `third` is the one to read beside chrom, start, end."""

    what: str
    columns: int
    third: int | None = None
    numeric: bool = False  # `third` is a number (bedGraph), not a strand
    tabs: bool = True


def interval_blocks(path, layout: Layout) -> Iterator[tuple[pd.DataFrame, int]]:
    """Yield (rows, position in the file): `chrom` (category), `start`, `end` (int32), and `third` if `layout` has one.

    Raises `ChromolabError` with file and line for a row with another number of columns, a coordinate that is not a
    whole number, is negative or too large, an end <= start, an unknown strand, or a value that is not a number.
    """
    for number, block, place in text_blocks(path, layout.what):
        rows = _quick(block, layout)
        yield (_slow(path, number, block, layout) if rows is None else rows), place


def _quick(block: bytes, layout: Layout) -> pd.DataFrame | None:
    """The rows of a block; None when anything about it is unusual."""
    lines = block.count(b"\n")
    if not layout.tabs or block.count(b"\t") != lines * (layout.columns - 1):
        return None
    columns = {0: "category", 1: "int64", 2: "int64"}
    if layout.third is not None:
        columns[layout.third] = "float64" if layout.numeric else "category"
    try:
        rows = pd.read_csv(
            io.BytesIO(block),
            sep="\t",
            header=None,
            names=range(layout.columns),
            usecols=list(columns),
            dtype=columns,
            quoting=3,
            na_filter=False,
            skip_blank_lines=False,
            encoding="ascii",
        )
    except (ValueError, OverflowError):  # from pandas' parser or from decoding
        return None
    rows.columns = ["chrom", "start", "end", "third"][: len(columns)]
    start, end = rows["start"].to_numpy(), rows["end"].to_numpy()
    good = len(rows) == lines and (start >= 0).all() and (end > start).all() and (end <= LONGEST).all()
    good = good and "" not in rows["chrom"].cat.categories
    if layout.third is not None:
        third = rows["third"]
        good = good and (np.isfinite(third).all() if layout.numeric else third.cat.categories.isin(STRANDS).all())
    return rows.astype({"start": np.int32, "end": np.int32}) if good else None


def _slow(path, number: int, block: bytes, layout: Layout) -> pd.DataFrame:
    """The rows of a block, parsed line by line; raises for the first wrong line, whose number it knows."""
    rows = []
    for at, line in enumerate(block.splitlines() if b"\r" in block else block[:-1].split(b"\n"), number):
        if not line.strip() or line.startswith(HEADERS):
            continue
        try:
            fields = line.decode().split("\t" if layout.tabs else None)
        except UnicodeDecodeError:
            raise ChromolabError(
                f"{path}, line {at}: not text; expected {layout.what}. Is it the right file?"
            ) from None
        if wrong := _wrong(fields, layout):
            shown = line.decode()[:80]
            raise ChromolabError(f"{path}, line {at}: {shown!r}; expected {wrong}. Correct or remove the line.")
        place = (fields[0], int(fields[1]), int(fields[2]))
        third = () if layout.third is None else (fields[layout.third],)
        rows.append(place + (tuple(map(float, third)) if layout.numeric else third))
    names = ["chrom", "start", "end"] + ["third"] * (layout.third is not None)
    kinds = {"chrom": "category", "start": np.int32, "end": np.int32}
    if layout.third is not None:
        kinds["third"] = np.float64 if layout.numeric else "category"
    return pd.DataFrame(rows, columns=names).astype(kinds)


def _wrong(fields: list[str], layout: Layout) -> str:
    """What was expected of a wrong line, for the message; "" for a good line."""
    if len(fields) != layout.columns:
        return f"{layout.columns} columns, as in the first line (it has {len(fields)})"
    if not fields[0]:
        return "a chromosome's name"
    if not all(f.isascii() and f.isdecimal() and len(f) < 11 and int(f) <= LONGEST for f in fields[1:3]):
        return "start and end as whole numbers from 0, in bp"
    if int(fields[1]) >= int(fields[2]):
        return "start < end (0-based, half-open)"
    if layout.third is None:
        return ""
    third = fields[layout.third]
    if not layout.numeric:
        return "" if third in STRANDS else f"a strand, + or -, in column {layout.third + 1}"
    return "" if is_number(third) else f"a finite number in column {layout.third + 1}"


def is_number(text: str) -> bool:
    """Whether a text is a finite number; "1_000" is not, although Python would read it as one."""
    try:
        return bool(np.isfinite(float(text))) and "_" not in text
    except ValueError:
        return False
