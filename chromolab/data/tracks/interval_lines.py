"""Read intervals in text fast: BED, tagAlign and bedGraph of any size, in checked blocks of complete lines.

A block is parsed by pandas. If that fails, or a number is not as expected, the same block is parsed line by line, which
skips comments and can name the line that is wrong.
"""

import io
from collections.abc import Iterator
from os import PathLike
from typing import NamedTuple

import numpy as np
import pandas as pd

from chromolab.data.text import LAST_BASE, coordinates, is_number, text_blocks
from chromolab.errors import ChromolabError

HEADERS = (b"#", b"track", b"browser")
STRANDS = ("+", "-", ".")


class Columns(NamedTuple):
    """The columns of a file of intervals: how many, and the `third` to read beside chrom, start and end (or None)."""

    what: str
    width: int  # the number of columns
    third: int | None = None
    numeric: bool = False  # `third` is a number (bedGraph), not a strand
    tabs: bool = True


def interval_blocks(path: str | PathLike[str], form: Columns) -> Iterator[tuple[pd.DataFrame, int]]:
    """Yield (rows, position in the file): `chrom` (category), `start`, `end` (int32), and `third` if `form` has one.

    Raises `ChromolabError` with file and line for a row with another number of columns, a coordinate that is not a
    whole number, is negative or too large, an end <= start, an unknown strand, or a value that is not a number.
    """
    for number, block, place in text_blocks(path, form.what):
        rows = _quick(block, form)
        yield (_slow(path, number, block, form) if rows is None else rows), place


def _quick(block: bytes, form: Columns) -> pd.DataFrame | None:
    """The rows of a block; None when anything about it is unusual."""
    lines = block.count(b"\n")
    if not form.tabs or block.count(b"\t") != lines * (form.width - 1):
        return None
    columns = {0: "category", 1: "int64", 2: "int64"}
    if form.third is not None:
        columns[form.third] = "float64" if form.numeric else "category"
    try:
        rows = pd.read_csv(
            io.BytesIO(block),
            sep="\t",
            header=None,
            names=range(form.width),
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
    good = len(rows) == lines and (start >= 0).all() and (end > start).all() and (end <= LAST_BASE).all()
    good = good and "" not in rows["chrom"].cat.categories
    if form.third is not None:
        third = rows["third"]
        good = good and (np.isfinite(third).all() if form.numeric else third.cat.categories.isin(STRANDS).all())
    return rows.astype({"start": np.int32, "end": np.int32}) if good else None


def _slow(path, number: int, block: bytes, form: Columns) -> pd.DataFrame:
    """The rows of a block, parsed line by line; raises for the first wrong line, whose number it knows."""
    rows = []
    for at, line in enumerate(block.splitlines() if b"\r" in block else block[:-1].split(b"\n"), number):
        if not line.strip() or line.startswith(HEADERS):
            continue
        try:
            fields = line.decode().split("\t" if form.tabs else None)
        except UnicodeDecodeError:
            raise ChromolabError(f"{path}, line {at}: not text; expected {form.what}. Is it the right file?") from None
        if wrong := _wrong(fields, form):
            shown = line.decode()[:80]
            raise ChromolabError(f"{path}, line {at}: {shown!r}; expected {wrong}. Correct or remove the line.")
        place = (fields[0], int(fields[1]), int(fields[2]))
        third = () if form.third is None else (fields[form.third],)
        rows.append(place + (tuple(map(float, third)) if form.numeric else third))
    names = ["chrom", "start", "end"] + ["third"] * (form.third is not None)
    kinds = {"chrom": "category", "start": np.int32, "end": np.int32}
    if form.third is not None:
        kinds["third"] = np.float64 if form.numeric else "category"
    return pd.DataFrame(rows, columns=names).astype(kinds)


def _wrong(fields: list[str], form: Columns) -> str:
    """What was expected of a wrong line, for the message; "" for a good line."""
    if len(fields) != form.width:
        return f"{form.width} columns, as in the first line (it has {len(fields)})"
    if not fields[0]:
        return "a chromosome's name"
    if (place := coordinates(fields[1:3])) is None:
        return "start and end as whole numbers from 0, in bp"
    if place[0] >= place[1]:
        return "start < end (0-based, half-open: one base is 136 to 137)"
    if form.third is None:
        return ""
    third = fields[form.third]
    if not form.numeric:
        return "" if third in STRANDS else f"a strand, + or -, in column {form.third + 1}"
    return "" if is_number(third) else f"a finite number in column {form.third + 1}"
