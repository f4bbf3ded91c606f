"""From Hi-C matrices of fixed bins to contacts: each promoter's bin with the bins that it touches more than expected.

In any Hi-C matrix, near bins touch often and far bins rarely. To make distances comparable, every value is divided by
the mean over all pairs of bins of that chromosome at the same distance (one diagonal of the matrix; zeros count, masked
bins and missing pairs do not): observed / expected.
"""

import logging
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd
from tqdm.auto import tqdm

from chromolab.data.chromosomes import find_chromosome
from chromolab.data.contacts import text_tables as tables
from chromolab.data.intervals import CONTACT_COLUMNS, require_columns
from chromolab.data.processes import Child, Program
from chromolab.data.text import existing_file, text_lines
from chromolab.errors import ChromolabError

log = logging.getLogger("chromolab")

DISTANCES = (20_000, 2_000_000)  # bp: nearer bins lie in the promoter's own 40 kb window
VALUES = ("oe", "balanced", "raw")
MOST_BINS = 1_000_000  # per chromosome, in matrices as text
READER = Program(
    "chromolab.data.contacts.child_cool", "the reader", "The file may be damaged: copy or download it again."
)


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
    balanced: bool = False
    missing: np.ndarray | int = 0  # in a cooler, only masked bins are NaN


def expected_by_distance(total: np.ndarray, valid: np.ndarray, missing: np.ndarray | int = 0) -> np.ndarray:
    """Mean value at each distance, over the pairs of valid bins that have a value.

    Parameters
    ----------
    total : float array (D,); the sum over each diagonal, 0 is the main one.
    valid : bool array (bins,).
    missing : int array (D,); number of pairs of valid bins without a value (missing is not zero).

    Returns
    -------
    float array (D,); NaN where no pair of valid bins is that far apart.
    """
    pairs = np.array([np.count_nonzero(valid[: len(valid) - d] & valid[d:]) for d in range(len(total))], np.float64)
    pairs -= missing
    return np.divide(total, pairs, out=np.full(len(total), np.nan), where=pairs > 0)


def read_matrix(
    path: str | PathLike[str],
    kind: str = "cool",
    *,
    bin_size: int | None = None,
    values: str = "oe",
    genes: pd.DataFrame | None = None,
    distances: tuple[int, int] = DISTANCES,
    above: float | None = None,
    chrom: str | None = None,
    unit: str = "bp",
    one_based: bool = False,
    progress: bool = True,
) -> tuple[pd.DataFrame, str]:
    """Pairs of bins of a Hi-C matrix, chromosome by chromosome.

    Parameters
    ----------
    path : .cool or .mcool (also ``file.mcool::/resolutions/10000``); a text file of one chromosome; or a dict
        chromosome -> text file.
    kind : "cool", "dense" or "triples".
    bin_size : bp. For a .mcool it chooses the resolution (default: the finest of 5,000 bp or more); a text file does
        not state it, so it must be given.
    values : "oe", observed / expected by distance; "balanced" or "raw", as stored in a cooler. For text, "raw" means
        the values in the file. For a cooler, "oe" uses balanced values if there are any.
    genes : a gene table; only pairs with a TSS in one of the bins are kept, which is all that `assign_pcres` uses.
    distances : bp between the starts of two bins, lowest and highest, both inclusive.
    above : keep pairs with a frequency above it; default 1 for "oe", else 0.
    chrom : the chromosome, for a text file that does not name it.
    unit : what the first two columns of triples hold: "bp" (starts of bins) or "bins" (bin numbers).
    one_based : whether bins are numbered from 1, or starts count from 1, in a text file.
    progress : show a progress bar over a cooler's chromosomes.

    Returns
    -------
    contacts : DataFrame `CONTACT_COLUMNS`; the first interval has the lower coordinates. The last bin of a text matrix
        has full width, although the chromosome may end in it.
    measure : str, what the frequency is.

    Raises
    ------
    ChromolabError
        A damaged or incomplete file, a resolution that it lacks, bins of the wrong size.
    """
    if values not in VALUES:
        raise ChromolabError(f"values: {values!r}; expected one of {', '.join(VALUES)}.")
    if unit not in ("bp", "bins"):
        raise ChromolabError(f"unit: {unit!r}; expected 'bp' or 'bins'.")
    if not 0 <= distances[0] <= distances[1]:
        raise ChromolabError(f"distances: {distances}; expected the lowest and the highest in bp.")
    if bin_size is not None and (int(bin_size) != bin_size or bin_size < 1):
        raise ChromolabError(f"bin_size: {bin_size}; expected a whole number of bp, at least 1.")
    if one_based and kind == "cool":
        raise ChromolabError(f"{path}: one_based given, but a cooler defines its own bins, from 0. Leave it out.")
    above = (1.0 if values == "oe" else 0.0) if above is None else above
    at = None
    if genes is not None:
        require_columns(genes, ("chrom", "tss"), "genes")
        at = {c: sorted(set(rows["tss"].astype(int).tolist())) for c, rows in genes.groupby("chrom", sort=False)}
    if kind == "cool":
        order = {"bin_size": bin_size, "values": values, "at": at, "distances": [int(d) for d in distances]}
        bands = _cool_bands(path, order, progress)
    else:
        bands = _text_bands(path, kind, bin_size, chrom, unit, one_based, at, distances)
    parts, balanced = [], False
    for band in bands:
        parts.append(_contacts(band, values, above))
        balanced |= band.balanced
    df = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(CONTACT_COLUMNS))
    if kind == "cool" and values == "oe" and not balanced:
        log.warning("%s: not balanced; observed / expected of raw counts keeps differences in coverage.", path)
    what = {"oe": "observed / expected by distance", "balanced": "balanced value", "raw": "value of the matrix"}[values]
    return df, f"{what}{', balanced' if balanced and values == 'oe' else ''}, in fixed bins"


def _contacts(band: Band, values: str, above: float) -> pd.DataFrame:
    value = band.value
    if values == "oe":
        expected = expected_by_distance(band.total, band.valid, band.missing)[band.j - band.i]
        value = np.divide(value, expected, out=np.zeros(len(value)), where=expected > 0)
    keep = value > above
    i, j = band.i[keep], band.j[keep]
    columns = (band.chrom, band.start[i], band.end[i], band.chrom, band.start[j], band.end[j], value[keep])
    return pd.DataFrame(dict(zip(CONTACT_COLUMNS, columns, strict=True)), index=range(len(i)))


# ---------------------------------------------------------------- cooler


def _cool_bands(path, order: dict, progress: bool) -> Iterator[Band]:
    file, _, group = str(path).partition("::")
    place = existing_file(file, "a .cool or .mcool file").resolve()
    with tempfile.TemporaryDirectory(prefix="chromolab-") as folder:
        order = order | {"path": f"{place}::{group}" if group else str(place), "folder": folder}
        bar = tqdm(desc="reading contacts", unit=" chromosomes", disable=not progress, delay=2)
        with bar, Child(READER) as child:
            for message in child.ask(place, **order):
                bar.total = message.get("chroms", bar.total)
                if "part" in message:
                    bar.update(1)
                    with np.load(message["part"], allow_pickle=False) as part:
                        arrays = {name: part[name] for name in part.files}
                    Path(message["part"]).unlink()
                    yield Band(message["chrom"], **(arrays | {"balanced": bool(arrays["balanced"])}))


# ---------------------------------------------------------------- text


def _text_bands(path, kind, bin_size, chrom, unit, one_based, at, distances) -> Iterator[Band]:
    if bin_size is None:
        raise ChromolabError(
            f"{path}: a matrix as text does not state its bin size; give bin_size in bp (mouse: 40_000)."
        )
    files = path if isinstance(path, Mapping) else {chrom: path}
    for name, file in files.items():
        existing_file(file, "a matrix as text")
        band = (_dense if kind == "dense" else _triples)(file, name, bin_size, unit, one_based, distances)
        if at is not None:
            tss = [p for c, positions in at.items() if find_chromosome(c, {band.chrom}) for p in positions]
            wanted = np.isin(np.arange(len(band.start)), np.array(tss, np.int64) // bin_size)
            keep = wanted[band.i] | wanted[band.j]
            band.i, band.j, band.value = band.i[keep], band.j[keep], band.value[keep]
        yield band


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
        hint = " If they are bin numbers, pass unit='bins'." if unit == "bp" else ""
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
