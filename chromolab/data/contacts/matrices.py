"""From Hi-C matrices of fixed bins to contacts: each promoter's bin with the bins that it touches more than expected.

In any Hi-C matrix, near bins touch often and far bins rarely. To make distances comparable, every value is divided by
the mean over all pairs of bins of that chromosome at the same distance (one diagonal of the matrix; zeros count, masked
bins and missing pairs do not): observed / expected.
"""

import logging
import tempfile
from collections.abc import Iterator
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd
from tqdm.auto import tqdm

from chromolab.data.chromosomes import shortened
from chromolab.data.contacts.text_matrices import Band, text_bands
from chromolab.data.intervals import CONTACT_COLUMNS, require_columns
from chromolab.data.processes import Child, Program
from chromolab.data.text import existing_file
from chromolab.errors import ChromolabError

log = logging.getLogger("chromolab")

DISTANCES = (20_000, 2_000_000)  # bp: nearer bins lie in the promoter's own 40 kb window
VALUES = ("oe", "balanced", "raw")
NOT_BALANCED = "of raw counts, not balanced"
READER = Program(
    "chromolab.data.contacts.child_cool", "the reader", "The file may be damaged: copy or download it again."
)


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
    bins: str | PathLike[str] | None = None,
    progress: bool = True,
) -> tuple[pd.DataFrame, str]:
    """Pairs of bins of a Hi-C matrix, chromosome by chromosome.

    Parameters
    ----------
    path : .cool or .mcool (also ``file.mcool::/resolutions/10000`` and ``file.scool::/cells/A``); a text file of one
        chromosome, or of all with `bins`; or a dict chromosome -> text file.
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
    bins : for triples whose bins are numbered through the genome (HiC-Pro): the table of bins, chromosome, start, end,
        number (``_abs.bed``). By default the one that lies beside the matrix under HiC-Pro's name.
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
        bands = text_bands(path, kind, bin_size, chrom, unit, one_based, bins, at, distances)
    parts, balanced, without = [], "", []
    for band in bands:
        parts.append(_contacts(band, values, above))
        balanced = balanced or band.balanced
        without += [band.chrom] if band.balanced and not band.valid.any() else []
    df = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(CONTACT_COLUMNS))
    if without:
        log.warning("%s: %s has no value on %s: no contacts there.", path, balanced, shortened(without))
    what = {"oe": "observed / expected by distance", "balanced": "balanced value", "raw": "value of the matrix"}[values]
    if balanced:
        what += f", balanced ({balanced})"
    elif kind == "cool" and values == "oe":
        what += f", {NOT_BALANCED}"
        log.warning("%s: not balanced; observed / expected of raw counts keeps differences in coverage.", path)
    return df, f"{what}, in fixed bins"


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
                    yield Band(message["chrom"], **(arrays | {"balanced": str(arrays["balanced"])}))
