"""Candidates for a promoter's distal elements, where no assay says which ones touch it, and what may rank them.

A candidate is an element within reach of a TSS: a peak, or any fragment. What ranks it is a column of a table: how far
it is, how active the tracks show it to be, how often it is predicted to touch (a column of yours, such as a model of
sequence gives it), and for comparison how often an assay found that it does. The product of activity and contact is the
activity-by-contact score (Fulco et al. 2019), with contact by whatever is known.
"""

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from chromolab.data.contacts.by_distance import contact_at, contacts_by_distance
from chromolab.data.contacts.formats import read_contacts
from chromolab.data.contacts.pcres import assign_per_cell_type
from chromolab.data.dataset.build import tracks_per_cell_type
from chromolab.data.intervals import CONTACT_COLUMNS, PCRE_COLUMNS, check_pcres, overlaps, require_columns
from chromolab.data.tracks.bin_means import bin_means_many
from chromolab.defaults import N_PCRES, WINDOW
from chromolab.errors import ChromolabError

# Marks that stand together at an active enhancer, and at a silencer. A promoter of its own kind lacks H3K4me1.
ACTIVITY = (("H3K27ac", "H3K4me1"), ("H3K27me3", "H3K4me1"))
PEAK = 500  # bp over which activity is read
FARTHEST = 500_000  # bp
PLACE = ["chrom", "start", "end"]
PAIR = ["gene_id", "cell_type", *PLACE]


def candidates(
    genes: pd.DataFrame,
    elements: pd.DataFrame | str | PathLike[str],
    tracks: Mapping,
    *,
    contacts: Mapping[str, Any] | None = None,
    marks: Sequence[Sequence[str]] = ACTIVITY,
    nearest: int = WINDOW // 2,
    farthest: int = FARTHEST,
    processes: int | None = None,
    progress: bool = True,
) -> pd.DataFrame:
    """Every element within reach of each gene's TSS, with its distance and activity.

    Parameters
    ----------
    genes : DataFrame
        Gene table, or a dataset's `genes`.
    elements : DataFrame or path of a BED file
        Peaks, or the fragments of a digest: `chrom`, `start`, `end` (bp, 0-based, half open); with a column
        `cell_type`, an element counts there only.
    tracks : {mark: path}, or {cell type: {mark: path}}
        As `cl.build_dataset` takes them; at least those of `marks`.
    contacts : {cell type: path or table}, optional
        Of an assay, as `cl.build_dataset` takes them, in observed / expected: for the column `measured`.
    marks : sequence of sequences of str
        Activity is the geometric mean of the depths of marks that stand together, at the 500 bp of the element where it
        is highest, beyond what half of all elements of the cell type show. Of several such sets (the default: an
        enhancer's and a silencer's) the highest counts.
    nearest, farthest : int
        bp from the TSS to an element's middle. Nearer elements stand in the promoter window.
    processes, progress : see `cl.build_dataset`

    Returns
    -------
    DataFrame
        A row per gene, cell type and element, by gene and place: gene_id, cell_type, chrom, start, end, distance (bp,
        from the TSS to the element's middle), activity (0 or more) and, with `contacts`, measured: observed / expected
        of the contact whose far end holds the element's middle, 1 (what distance gives) where the assay lists none.

    Raises
    ------
    ChromolabError
        If a column or track is missing, no element is within reach, or as `cl.data.contacts_by_distance` does.
    """
    cells = list(dict.fromkeys(genes["cell_type"]))
    tracks = tracks_per_cell_type(tracks, cells)
    needed = list(dict.fromkeys(mark for one in marks for mark in one))
    if lacking := [f"{m} in {c}" for c in cells for m in needed if m not in tracks[c]]:
        raise ChromolabError(f"tracks: none of {lacking[0]}; activity is read from {', '.join(needed)}: name others")
    near = contacts_by_distance(genes, elements, nearest=nearest, farthest=farthest)
    near = near.rename(columns=dict(zip(("chrom2", "start2", "end2"), PLACE, strict=True)))
    own = ["gene_id", *(c for c in ("cell_type",) if c in near)]  # an element may count in one cell type only
    starts = genes[["gene_id", "cell_type", "tss"]]
    table = near[["gene_id", *PLACE, *own[1:]]].merge(starts, on=own).sort_values(PAIR, ignore_index=True)
    table["distance"] = (_middle(table) - table.pop("tss")).abs()
    table["activity"] = _activity(table, tracks, marks, processes, progress)
    if contacts is not None:
        table["measured"] = _measured(table, genes, contacts)
    return table[[*PAIR, *table.columns.difference(PAIR, sort=False)]]


def _middle(places: pd.DataFrame) -> pd.Series:
    return (places["start"] + places["end"]) // 2


def _distinct(places: pd.DataFrame) -> tuple[np.ndarray, pd.DataFrame]:
    """The number of each row's place, (rows,), and the places, each once."""
    number = places.groupby(PLACE, sort=False).ngroup().to_numpy()
    return number, places[~places.duplicated()].reset_index(drop=True)


def _activity(table: pd.DataFrame, tracks: Mapping, marks, processes, progress: bool) -> np.ndarray:
    """Of each row, (rows,); each element is read once."""
    out = np.empty(len(table))
    for cell, rows in table.groupby("cell_type").indices.items():
        number, places = _distinct(table.iloc[rows][PLACE])
        of_cell = {mark: tracks[cell][mark] for one in marks for mark in one}
        binned = bin_means_many(of_cell, places, PEAK, processes, progress)
        depth = {mark: np.maximum(np.nan_to_num(made.mean), 0) for mark, made in binned.items()}  # (bins,) each
        first = next(iter(binned.values())).offsets[:-1]
        strongest = np.zeros(len(places))
        for one in marks:
            together = np.prod([depth[mark] for mark in one], 0) ** (1 / len(one))
            of_place = np.maximum.reduceat(together, first)
            strongest = np.maximum(strongest, of_place - np.median(of_place))
        out[rows] = strongest[number]
    return out


def _measured(table: pd.DataFrame, genes: pd.DataFrame, contacts: Mapping[str, Any]) -> np.ndarray:
    tables = {c: t if isinstance(t, pd.DataFrame) else read_contacts(t, genes=genes) for c, t in contacts.items()}
    options = {"k": len(table), "min_frequency": 0.0}
    far = pd.concat(assign_per_cell_type(genes, tables, dict.fromkeys(tables, options))[0], ignore_index=True)
    middle = _middle(table)
    spots = pd.DataFrame({"chrom": table["chrom"], "start": middle, "end": middle + 1})
    number, places = _distinct(spots)
    spot, end = overlaps(places, _distinct(far[PLACE])[1])
    far["far_end"] = _distinct(far[PLACE])[0]
    held = pd.DataFrame({"spot": spot, "far_end": end}).merge(far, on="far_end")
    best = held.groupby(["gene_id", "cell_type", "spot"])["frequency"].max()
    asked = pd.MultiIndex.from_arrays([table["gene_id"], table["cell_type"], number])
    return best.reindex(asked).fillna(1).to_numpy()


def candidate_pairs(table: pd.DataFrame, genes: pd.DataFrame) -> pd.DataFrame:
    """Candidates as pairs of places, which a model of contacts reads: the TSS (one base) and the element.

    `table` is from `candidates`, `genes` the gene table it was made with. Returns chrom1, start1, end1, chrom2, start2,
    end2 and distance (bp) in the order of the rows. Raises ChromolabError for a gene that is not in the gene table.
    """
    tss = genes.drop_duplicates("gene_id").set_index("gene_id")["tss"].reindex(table["gene_id"])
    if tss.isna().any():
        raise ChromolabError(f"gene {tss.index[tss.isna()][0]} has candidates, but is not in the gene table")
    start = tss.to_numpy(np.int64)
    ends = [table["chrom"], start, start + 1, *(table[name] for name in PLACE), table["distance"]]
    return pd.DataFrame(dict(zip((*CONTACT_COLUMNS[:6], "distance"), ends, strict=True))).reset_index(drop=True)


def rankings(table: pd.DataFrame, contact: ArrayLike | None = None) -> dict[str, np.ndarray]:
    """What candidates can be ranked by.

    Parameters
    ----------
    table : DataFrame
        From `candidates`.
    contact : float array (rows,), optional
        Predicted observed / expected frequency of each row, such as a model of sequence tells; 1 is what distance
        alone gives.

    Returns
    -------
    {name: float array (rows,)}
        Higher ranks first. "distance"; "activity"; "activity x distance", with contact by the power law of distance
        (`cl.data.contact_at`). With `contact`: "sequence", by that alone, and its products "sequence x distance" (how
        often they touch in all), "sequence x activity" and "sequence x activity x distance". With a column `measured`:
        the same four.

    Raises
    ------
    ChromolabError
        If `contact` has another length, is below 0 or not finite.
    """
    active, fall = table["activity"].to_numpy(), contact_at(table["distance"])
    out = {"distance": -table["distance"].to_numpy(float), "activity": active, "activity x distance": active * fall}
    known = {} if contact is None else {"sequence": np.asarray(contact, float)}
    if "measured" in table:
        known["measured"] = table["measured"].to_numpy()
    for name, ratio in known.items():
        if ratio.shape != (len(table),) or not (np.isfinite(ratio) & (ratio >= 0)).all():
            raise ChromolabError(f"{name}: expected a frequency of 0 or more for each of the {len(table)} candidates")
        out |= {name: ratio, f"{name} x distance": ratio * fall, f"{name} x activity": ratio * active}
        out[f"{name} x activity x distance"] = ratio * active * fall
    return out


def best_candidates(
    table: pd.DataFrame, score: ArrayLike, frequency: ArrayLike | None = None, k: int = N_PCRES
) -> pd.DataFrame:
    """The first candidates of each gene by a ranking, as pCREs.

    Parameters
    ----------
    table : DataFrame
        From `candidates`.
    score : float array (rows,)
        Higher ranks first; ties by the nearer.
    frequency : float array (rows,), optional
        How often each touches its promoter, 0 or more, which a model's regulation step reads; default 0: not known.
    k : int
        At most so many for each gene and cell type.

    Returns
    -------
    DataFrame of `PCRE_COLUMNS`, each gene's by falling frequency: `cl.data.with_pcres` takes it.
    """
    require_columns(table, (*PAIR, "distance"), "candidates")
    given = np.zeros(len(table)) if frequency is None else np.asarray(frequency, float)
    scored = table[[*PAIR, "distance"]].assign(frequency=given, score=np.asarray(score, float))
    scored = scored.sort_values(["score", "distance"], ascending=[False, True], kind="stable")
    first = scored.groupby(["gene_id", "cell_type"], sort=False).head(k)
    return check_pcres(first[list(PCRE_COLUMNS)].reset_index(drop=True))
