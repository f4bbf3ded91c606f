"""Contacts without an assay: each promoter touches the elements around it as often as their distance says.

How often two places of a chromosome touch falls with a power of their distance. The activity-by-contact field uses
that law where a cell type has no Hi-C: contact ~ distance ** -1.024, the same below 5 kb as at 5 kb (Fulco et al. 2019,
Nasser et al. 2021; exponent and least distance are the defaults of their program, fitted to averaged Hi-C maps).
"""

from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from chromolab.data.intervals import (
    CONTACT_COLUMNS,
    check_contacts,
    check_regions,
    overlaps,
    read_regions,
    require_columns,
)
from chromolab.data.text import coordinates, text_lines
from chromolab.defaults import WINDOW
from chromolab.errors import ChromolabError

EXPONENT = 1.024238616787792
LEAST = 5_000  # bp; nearer places touch as often as places at this distance
ONCE = 100_000  # bp; the distance at which the frequency is 1


def contact_at(distance: ArrayLike, exponent: float = EXPONENT, least: float = LEAST) -> np.ndarray:
    """How often places at a distance touch, relative to places 100 kb apart: a power law.

    Parameters
    ----------
    distance : float or array, in bp; its sign does not count.
    exponent : float
        How fast contact falls: frequency ~ distance ** -exponent.
    least : float
        bp; nearer places touch as often as places at this distance, where the law was not fitted.

    Returns
    -------
    float array, as `distance`: 21.5 at 5 kb or less, 5.2 at 20 kb, 2.0 at 50 kb, 1 at 100 kb, 0.49 at 200 kb.
    """
    distance = np.abs(np.asarray(distance, np.float64))
    return (np.maximum(distance, least) / ONCE) ** -exponent


def contacts_by_distance(
    genes: pd.DataFrame,
    elements: pd.DataFrame | str | PathLike[str],
    *,
    nearest: int = WINDOW // 2,
    farthest: int = 500_000,
    exponent: float = EXPONENT,
    least: int = LEAST,
) -> pd.DataFrame:
    """Contacts of each promoter with the elements around it, as a power law of distance gives them.

    For cell types without a contact assay: a list of elements (peaks of H3K27ac or of open chromatin) is enough.

    Parameters
    ----------
    genes : gene table; needs `gene_id`, `chrom`, `tss`.
    elements : DataFrame or path of a BED file
        `chrom`, `start`, `end` (bp, 0-based, half open); with a column `cell_type`, an element counts there only.
    nearest : int
        bp; elements whose middle is nearer to the TSS are left out: by default those that the promoter window shows.
    farthest : int
        bp; elements whose middle is farther away are left out.
    exponent, least : see `contact_at`

    Returns
    -------
    DataFrame `CONTACT_COLUMNS` and `gene_id`, by gene and position, as `cl.build_dataset(contacts=...)` takes it. Side
    1 is the TSS (one base), and only its gene has the contact. `frequency` is 1 at 100 kb and 2.0 at 50 kb: the default
    threshold of 1.5 keeps elements within 67 kb, ``min_frequency=0`` all of them up to `farthest`. It grows with
    nearness, which the observed / expected frequency of an assay does not: a model trained on one does not read the
    other.

    Raises
    ------
    ChromolabError
        A missing column, an invalid row, distances that leave nothing, or no element near any promoter.
    """
    require_columns(genes, ("gene_id", "chrom", "tss"), "genes")
    if not 0 <= nearest < farthest or exponent <= 0 or least < 1:
        raise ChromolabError(
            f"nearest={nearest}, farthest={farthest}, exponent={exponent:g}, least={least}: expected distances of 0 bp "
            "or more, nearest below farthest, an exponent above 0 and least of 1 bp or more."
        )
    places = check_regions(elements, "elements") if isinstance(elements, pd.DataFrame) else read_regions(elements)
    starts = genes.drop_duplicates(["gene_id", "tss"])[["gene_id", "chrom", "tss"]].reset_index(drop=True)
    around = pd.DataFrame(
        {"chrom": starts["chrom"], "start": starts["tss"] - farthest, "end": starts["tss"] + farthest + 1}
    )
    gene, element = overlaps(around, places)
    middle = (places["start"].to_numpy(np.int64) + places["end"].to_numpy(np.int64)) // 2
    distance = np.abs(middle[element] - starts["tss"].to_numpy(np.int64)[gene])
    kept = (distance >= nearest) & (distance <= farthest)
    if not kept.any():
        raise ChromolabError(
            f"elements: none of {len(places):,} lies {nearest:,} to {farthest:,} bp from a TSS of the {len(starts):,} "
            "genes. Are both of the same assembly?"
        )
    gene, element, distance = gene[kept], element[kept], distance[kept]
    near, far = starts.iloc[gene].reset_index(drop=True), places.iloc[element].reset_index(drop=True)
    ends = [near["chrom"], near["tss"], near["tss"] + 1, far["chrom"], far["start"], far["end"]]
    table = pd.DataFrame(dict(zip(CONTACT_COLUMNS, ends, strict=False)))
    table["frequency"], table["gene_id"] = contact_at(distance, exponent, least), near["gene_id"]
    if "cell_type" in far:
        table["cell_type"] = far["cell_type"]
    table = check_contacts(table)
    table.attrs = {"measure": f"distance ** -{exponent:.3g}, 1 at {ONCE // 1000} kb", "format": "by distance"}
    return table


def read_elements(path: str | PathLike[str]) -> pd.DataFrame:
    """Read a list of elements: a BED file, or the places that a bedGraph of calls has above 0 (`called_places`).

    Returns `chrom`, `start`, `end` (bp, 0-based, half open). A bedGraph is told by its name; raises `ChromolabError`
    for a file that is missing or malformed.
    """
    endings = {ending.lower() for ending in Path(path).suffixes}
    return called_places(path) if endings & {".bedgraph", ".bdg", ".bg"} else read_regions(path)


def called_places(path: str | PathLike[str], above: float = 0.0, merge: int = 500, shortest: int = 1) -> pd.DataFrame:
    """The places of a bedGraph (or BED with a score in column 4) whose value is above a limit, as a list of elements.

    Parameters
    ----------
    path : text file of chromosome, start, end (bp, 0-based, half open), value; compressed or not.
    above : float
        Rows with this value or less are left out.
    merge : int
        bp; places no farther apart become one.
    shortest : int
        bp; what is shorter after that is left out.

    Returns
    -------
    DataFrame with `chrom`, `start`, `end`, sorted.

    Raises
    ------
    ChromolabError
        If the file is missing, a line is malformed, or no place is left.
    """
    rows = []
    for number, line in text_lines(path, "a bedGraph"):
        fields = line.split()
        if not fields or fields[0].startswith("#") or fields[0] in ("track", "browser"):
            continue
        place = coordinates(fields[1:3])
        try:
            value = float(fields[3])
        except (IndexError, ValueError):
            value = np.nan
        if place is None or len(place) < 2 or np.isnan(value):
            raise ChromolabError(f"{path}, line {number}: {line[:80]!r}; expected chrom, start, end, value.")
        if value > above:
            rows.append((fields[0], *place))
    if not rows:
        raise ChromolabError(f"{path}: no value above {above:g}; choose above= to match the track.")
    table = check_regions(pd.DataFrame(rows, columns=["chrom", "start", "end"]), str(path))
    table = table.sort_values(["chrom", "start", "end"], ignore_index=True)
    reached = table.groupby("chrom")["end"].cummax().shift()
    new = (table["chrom"] != table["chrom"].shift()) | (table["start"] > reached + merge)
    groups = table.groupby(new.cumsum(), sort=False)
    table = groups.agg(chrom=("chrom", "first"), start=("start", "min"), end=("end", "max"))
    table = table[table["end"] - table["start"] >= shortest].reset_index(drop=True)
    if table.empty:
        raise ChromolabError(f"{path}: no place above {above:g} is {shortest:,} bp long; choose shortest= to match.")
    return table
