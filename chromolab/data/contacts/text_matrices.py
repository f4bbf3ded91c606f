"""Matrices of fixed bins as text: dense, or as triples of one chromosome or of the whole genome (HiC-Pro)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from chromolab.data.chromosomes import find_chromosome
from chromolab.data.contacts import text_tables as tables
from chromolab.data.text import existing_file, text_lines
from chromolab.errors import ChromolabError

MOST_BINS = 1_000_000  # per chromosome


@dataclass
class Band:
    """Pairs of one chromosome's bins between two distances.

    `start`, `end` (bins,): bp. `i`, `j` (pairs,): bin numbers from 0 with i <= j; `value` (pairs,): the matrix entry.
    `total` (diagonals,): sum of the values at each distance in bins, over all pairs, kept or not. `valid` (bins,):
    false where a bin is masked or has no value. `missing` (diagonals,): number of pairs of valid bins that are NaN.
    """

    chrom: str
    start: np.ndarray
    end: np.ndarray
    i: np.ndarray
    j: np.ndarray
    value: np.ndarray
    total: np.ndarray
    valid: np.ndarray
    balanced: str = ""  # the column of a cooler's weights
    missing: np.ndarray | int = 0  # in a cooler, only masked bins are NaN


def text_bands(path, kind, bin_size, chrom, unit, one_based, bins, at, distances) -> Iterator[Band]:
    """Yield the band of each chromosome of a matrix as text; for the arguments see `matrices.read_matrix`.

    `at` is {chromosome: positions}: only pairs with one of these bins are kept; None keeps all.
    """
    if kind == "triples" and (bins := bins or (None if isinstance(path, Mapping) else beside(path))) is not None:
        yield from (_wanted(band, at) for band in _through_the_genome(path, bins, chrom, distances))
        return
    if bin_size is None:
        raise ChromolabError(
            f"{path}: a matrix as text does not state its bin size; give bin_size in bp (mouse: 40_000)."
        )
    files = path if isinstance(path, Mapping) else {chrom: path}
    for name, file in files.items():
        existing_file(file, "a matrix as text")
        band = (_dense if kind == "dense" else _triples)(file, name, bin_size, unit, one_based, distances)
        yield _wanted(band, at)


def _wanted(band: Band, at: Mapping[str, list[int]] | None) -> Band:
    """The band with only the pairs that have one of the positions `at` in one of their bins."""
    if at is not None:
        tss = [p for c, positions in at.items() if find_chromosome(c, {band.chrom}) for p in positions]
        wanted = np.zeros(len(band.start), bool)
        if len(band.start) and tss:
            bins = np.array(tss, np.int64) // (band.end[0] - band.start[0])
            wanted[bins[bins < len(wanted)]] = True
        keep = wanted[band.i] | wanted[band.j]
        band.i, band.j, band.value = band.i[keep], band.j[keep], band.value[keep]
    return band


def _band(path, chrom, bin_size, n, i, j, value, valid, distances) -> Band:
    if chrom is None:
        raise ChromolabError(
            f"{path}: its rows do not name the chromosome; give chrom='chr1', or {{'chr1': file, ...}} for several."
        )
    low, high = (distances[0] + bin_size - 1) // bin_size, distances[1] // bin_size
    within = (j - i >= low) & (j - i <= high)
    lacking, use = within & np.isnan(value) & valid[i] & valid[j], within & np.isfinite(value)
    diagonals = min(high, n - 1) + 1
    missing = np.bincount((j - i)[lacking], minlength=diagonals)
    i, j, value = i[use], j[use], value[use]
    total = np.bincount(j - i, value, diagonals)
    start = np.arange(n, dtype=np.int64) * bin_size
    return Band(str(chrom), start, start + bin_size, i, j, value, total, valid, missing=missing)


def _dense(path, chrom, bin_size, unit, one_based, distances) -> Band:
    """A square matrix, a row per line; chrom, start, end may come first. Only the band is kept."""
    high, n, rows = distances[1] // bin_size, None, []
    below, valid = {}, None
    for number, line in text_lines(path, "a matrix as text"):
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.split()
        r = len(rows)
        if n is None:
            placed = not tables.is_value(fields[0])
            n = len(fields) - 3 * placed
            if not 1 < n <= MOST_BINS:
                raise ChromolabError(f"{path}, line {number}: {n} values; expected a row of a square matrix.")
            chrom, valid = fields[0] if placed and chrom is None else chrom, np.zeros(n, bool)
        if one_based and not placed:
            raise ChromolabError(
                f"{path}: one_based given, but its rows have no starts: row 0 is the chromosome's first bin. "
                "Leave it out."
            )
        if placed and (
            fields[:2] != [fields[0], str(r * bin_size + one_based)] or find_chromosome(str(chrom), {fields[0]}) is None
        ):
            raise ChromolabError(
                f"{path}, line {number}: row {r} is at {' '.join(fields[:3])[:60]}; expected {chrom} "
                f"{r * bin_size + one_based}. Is bin_size={bin_size} right?"
            )
        try:
            row = np.array(fields[3 * placed :], np.float64)
        except ValueError as e:
            raise ChromolabError(f"{path}, line {number}: {e}; expected {n} numbers. Correct the line.") from None
        if len(row) != n or r >= n:
            raise ChromolabError(
                f"{path}, line {number}: {len(row)} values in row {r}; expected {n} rows of {n}. Is the file complete?"
            )
        if (row < 0).any() or np.isinf(row).any():
            raise ChromolabError(f"{path}, line {number}: a value is negative or infinite; expected counts or NaN.")
        valid |= row > 0  # also the other bin of each pair: if only the upper half is given, its own row lacks it
        valid[r] |= (row > 0).any()
        rows.append(row[r : r + high + 1].copy())
        below[r] = row[max(0, r - high) : r][::-1].copy()  # the same pairs from the lower half, nearest first
    if n is None or len(rows) != n:
        raise ChromolabError(f"{path}: {len(rows)} rows of {n} values; expected a square matrix. Is the file complete?")
    _check_symmetry(path, rows, below)
    i = np.repeat(np.arange(n), [len(row) for row in rows])
    j = i + np.concatenate([np.arange(len(row)) for row in rows])
    return _band(path, chrom, bin_size, n, i, j, np.concatenate(rows), valid, distances)


def _check_symmetry(path, rows: list[np.ndarray], below: dict[int, np.ndarray]) -> None:
    if not any(np.nansum(b) > 0 for b in below.values()):
        return  # the file has only the upper half
    for r, left in below.items():
        mirror = np.array([rows[r - d - 1][d + 1] for d in range(len(left))])
        differ = ~np.isclose(left, mirror, rtol=1e-4, atol=1e-9, equal_nan=True)
        if differ.any():
            d = int(np.argmax(differ)) + 1
            raise ChromolabError(
                f"{path}: row {r}, column {r - d} has {left[d - 1]:g}, its mirror {mirror[d - 1]:g}; "
                "expected a symmetric matrix (rows and columns from 0)."
            )


def _triples(path, chrom, bin_size, unit, one_based, distances) -> Band:
    """Bin, bin, value: one line per observed pair, from either half of the matrix or both."""
    first = tables.find_header(tables.head(path), names=["i", "j", "value"])
    parts = list(tables.read_columns(path, first, [0, 1, 2], progress=False))
    table = pd.concat(parts, ignore_index=True).apply(pd.to_numeric, errors="coerce")
    place, value = table[["c0", "c1"]].to_numpy(np.float64), table["c2"].to_numpy(np.float64)
    place = (place - one_based) * (bin_size if unit == "bins" else 1)
    known = np.where(np.isfinite(place), place, -1)
    wrong = (known < 0) | (known >= MOST_BINS * bin_size) | (known % bin_size != 0)
    bad = wrong.any(1) | (value < 0) | np.isinf(value)
    if bad.any():
        row = int(np.argmax(bad))
        hint = (
            " If they are numbers of this chromosome's bins, pass unit='bins'; HiC-Pro numbers them by genome: "
            "pass bins= its _abs.bed, or make a .cool (hicpro2higlass; cooler load -f coo --one-based)."
        )
        hint = hint if unit == "bp" else ""
        raise ChromolabError(
            f"{path}, row {row}: {' '.join(map(str, table.iloc[row]))}; expected two starts that "
            f"{bin_size:,} divides and a value >= 0.{hint}"
        )
    bins = np.sort((place // bin_size).astype(np.int64), axis=1)
    if not len(bins):
        raise ChromolabError(f"{path}: no rows; expected bin, bin, value.")
    pairs = pd.DataFrame({"i": bins[:, 0], "j": bins[:, 1], "value": value})
    mirrored = pairs.duplicated(["i", "j"])  # both halves are in the file: one is enough
    if mirrored.any() and pairs.groupby(["i", "j"])["value"].nunique().gt(1).any():
        raise ChromolabError(f"{path}: the same pair of bins twice with different values; expected each once.")
    lacking = pairs["value"].isna()
    pairs = pd.concat([pairs[~lacking], pairs[lacking]]).drop_duplicates(["i", "j"])
    n = int(bins.max()) + 1
    i, j, value = (pairs[c].to_numpy() for c in ("i", "j", "value"))
    valid = np.zeros(n, bool)
    valid[i[value > 0]] = valid[j[value > 0]] = True
    return _band(path, chrom, bin_size, n, i, j, value, valid, distances)


# ---------------------------------------------------------------- bins numbered through the genome (HiC-Pro)


def beside(path) -> Path | None:
    """The bin table that lies beside HiC-Pro's matrix: sample_40000_abs.bed for sample_40000[_iced].matrix, or None."""
    path = Path(path)
    if not path.name:  # the root folder
        return None
    names = dict.fromkeys((path.stem, path.stem.removesuffix("_iced")))
    return next((place for name in names if (place := path.with_name(f"{name}_abs.bed")).is_file()), None)


def _through_the_genome(path, bins, chrom: str | None, distances) -> Iterator[Band]:
    """Bands of each chromosome of a matrix whose bins are numbered through the genome by the table `bins`."""
    numbers, place = _read_bins(bins)
    header = tables.find_header(tables.head(path), names=["i", "j", "value"])
    parts = list(tables.read_columns(path, header, [0, 1, 2], progress=False))
    table = pd.concat(parts, ignore_index=True).apply(pd.to_numeric, errors="coerce")
    rows = np.searchsorted(numbers, table[["c0", "c1"]].to_numpy(np.float64))
    known = numbers[np.minimum(rows, len(numbers) - 1)] == table[["c0", "c1"]].to_numpy(np.float64)
    value = table["c2"].to_numpy(np.float64)
    if (bad := ~known.all(1) | (value < 0) | np.isinf(value)).any():
        row = int(np.argmax(bad))
        raise ChromolabError(
            f"{path}, row {row}: {' '.join(map(str, table.iloc[row]))}; expected two numbers of bins of {bins} "
            f"({numbers[0]:,} to {numbers[-1]:,}) and a value >= 0. Is it the bin table of this matrix?"
        )
    rows = np.sort(rows, axis=1)
    for name, of_chrom in place.groupby("chrom", sort=False):
        if chrom is not None and find_chromosome(chrom, {name}) is None:
            continue
        first, n = int(of_chrom.index[0]), len(of_chrom)
        start, end = of_chrom["start"].to_numpy(np.int64), of_chrom["end"].to_numpy(np.int64)
        size = int(end[0] - start[0])
        if (start != np.arange(n) * size).any() or (end > start + size).any() or of_chrom.index[-1] - first + 1 != n:
            raise ChromolabError(
                f"{bins}: the bins of {name} are not {size:,} bp one after another; expected fixed bins."
            )
        inside = (rows >= first).all(1) & (rows < first + n).all(1)
        pairs = pd.DataFrame({"i": rows[inside, 0], "j": rows[inside, 1], "value": value[inside]})
        pairs = pairs.drop_duplicates(["i", "j"])  # both halves may be in the file
        i, j, values = pairs["i"].to_numpy() - first, pairs["j"].to_numpy() - first, pairs["value"].to_numpy()
        valid = np.zeros(n, bool)
        valid[i[values > 0]] = valid[j[values > 0]] = True
        band = _band(path, name, size, n, i, j, values, valid, distances)
        band.end = end
        yield band


def _read_bins(bins) -> tuple[np.ndarray, pd.DataFrame]:
    """The numbers of the bins, rising, and their `chrom`, `start`, `end`, in a table of chrom, start, end, number."""
    header = tables.find_header(tables.head(bins), names=["chrom", "start", "end", "number"])
    if len(header.first) != 4:
        raise ChromolabError(
            f"{bins}: {len(header.first)} columns; expected chromosome, start, end and number of each bin."
        )
    table = pd.concat(tables.read_columns(bins, header, range(4), progress=False), ignore_index=True)
    place = table.set_axis(["chrom", "start", "end", "number"], axis=1)
    for column in ("start", "end", "number"):
        numbers = pd.to_numeric(place[column], errors="coerce")
        place[column] = numbers.where((numbers >= 0) & (numbers % 1 == 0) & (numbers < 2**53))  # exact as floats
    rising = place["number"].is_monotonic_increasing and place["number"].is_unique
    if place.isna().any(axis=None) or not rising or (place["start"] >= place["end"]).any():
        raise ChromolabError(
            f"{bins}: expected chromosome, start, a larger end and a rising number in every row, all whole. "
            "Is it an _abs.bed?"
        )
    return place["number"].to_numpy(np.int64), place
