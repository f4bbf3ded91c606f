"""Folds for cross-validation, by chromosome, by region, or by the user's own groups.

Neighbouring genes share signal and contacts, so whole chromosomes or regions are held out, never single genes.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from chromolab.data.chromosomes import find_chromosome
from chromolab.data.intervals import check_regions, overlaps, require_columns, tss_windows
from chromolab.data.report import Report
from chromolab.data.text import is_whole
from chromolab.defaults import WINDOW
from chromolab.errors import ChromolabError


def assign_folds(
    genes: pd.DataFrame,
    folds: Mapping[int, Sequence[str]] | int | str | pd.DataFrame | pd.Series,
    *,
    n_folds: int = 4,
    window: int = WINDOW,
) -> tuple[pd.DataFrame, Report]:
    """Give each gene a fold, counted from 1; genes that get none are left out.

    Parameters
    ----------
    genes : table with `gene_id`, `chrom`, `tss`.
    folds : one of
        dict fold -> chromosomes, such as `chromolab.defaults.FOLDS_HUMAN` (``chr1`` and ``1`` are the same);
        int n: whole chromosomes, the one with most genes first, each added to the fold with the fewest genes;
        DataFrame of disjoint regions: a region's fold is its column `fold`, or else its row number modulo `n_folds`,
        plus 1; a gene belongs to the region that holds its whole window;
        str: a column of `genes`; or Series: indexed by gene_id, or like `genes`. Whole numbers >= 1 are the folds
        themselves; other values are groups, numbered in sorted order. A gene with a missing value is left out.
    n_folds : for regions without a column `fold`.
    window : bp around the TSS, for regions.

    Returns
    -------
    (genes with the column `fold`, in their order; `Report` of the genes left out)

    Raises
    ------
    ChromolabError
        No gene gets a fold; a chromosome in two folds; overlapping regions; `folds` or `n_folds` of a wrong kind.
    """
    require_columns(genes, ("gene_id", "chrom", "tss"), "genes")
    if isinstance(folds, bool):
        raise ChromolabError(f"folds: {folds!r}; expected a dict, a number, regions, a column's name or a Series.")
    if isinstance(folds, Mapping):
        fold, reason = _by_chromosome(genes, folds), "chromosome is in no fold"
    elif isinstance(folds, int | np.integer):
        fold, reason = _by_chromosome(genes, _deal(genes["chrom"], int(folds))), ""
    elif isinstance(folds, pd.DataFrame):
        fold, reason = _by_region(genes, folds, n_folds, window), f"{window:,} bp window is not inside one region"
    elif isinstance(folds, str | pd.Series):
        fold, reason = _by_group(genes, folds), "group is missing"
    else:
        raise ChromolabError(f"folds: {folds!r}; expected a dict, a number, regions, a column's name or a Series.")
    report, assigned = Report(), fold > 0
    report.lost(f"left out: the {reason}", (genes["gene_id"] + " " + genes["chrom"])[~assigned])
    if not assigned.any():
        raise ChromolabError(
            f"folds: no gene is left, since the {reason}; there are {len(genes)} genes, on "
            f"{', '.join(genes['chrom'].unique()[:5]) or 'no chromosome'}. Pass a number of folds, such as 4, instead."
        )
    return genes[assigned].assign(fold=fold[assigned]), report


def _by_chromosome(genes: pd.DataFrame, folds: Mapping) -> np.ndarray:
    fold_of: dict[str, int] = {}
    for fold, chromosomes in folds.items():
        if isinstance(chromosomes, str) or not _is_fold(fold):
            raise ChromolabError(f"folds: {fold!r}: {chromosomes!r}; expected a fold >= 1 and a list of chromosomes.")
        for chrom in chromosomes:
            if fold_of.setdefault(chrom, int(fold)) != fold:
                raise ChromolabError(f"folds: {chrom} is in fold {fold_of[chrom]} and in fold {fold}. Keep it in one.")
    known = {chrom: fold_of.get(find_chromosome(chrom, fold_of) or "", 0) for chrom in genes["chrom"].unique()}
    return genes["chrom"].map(known).to_numpy(np.int64)


def _deal(chrom: pd.Series, n: int) -> dict[int, list[str]]:
    counts = chrom.value_counts().sort_index().sort_values(ascending=False, kind="stable")
    if not 1 <= n <= len(counts):
        raise ChromolabError(f"folds: {n}; expected 1 to {len(counts)}, the number of chromosomes with genes.")
    folds: dict[int, list[str]] = {fold: [] for fold in range(1, n + 1)}
    load = dict.fromkeys(folds, 0)
    for name, count in counts.items():
        fold = min(load, key=lambda f: load[f])
        folds[fold].append(str(name))
        load[fold] += count
    return folds


def _by_region(genes: pd.DataFrame, regions: pd.DataFrame, n_folds: int, window: int) -> np.ndarray:
    regions = check_regions(regions, "folds", disjoint=True)
    if "fold" not in regions:
        if not _is_fold(n_folds):
            raise ChromolabError(f"n_folds: {n_folds!r}; expected a whole number >= 1.")
        regions["fold"] = np.arange(len(regions)) % n_folds + 1
    elif not regions["fold"].map(_is_fold).all():
        raise ChromolabError("folds: the column fold holds something other than whole numbers >= 1. Correct it.")
    at = region_of(genes, regions, window)
    return np.where(at >= 0, regions["fold"].to_numpy(np.int64)[at], 0)


def region_of(genes: pd.DataFrame, regions: pd.DataFrame, window: int) -> np.ndarray:
    """Row (genes,) of the first region that contains a gene's whole window (bp); -1 where none does."""
    windows = tss_windows(genes, window)
    gene, region = overlaps(windows, regions)
    start, end = (windows[column].to_numpy()[gene] for column in ("start", "end"))
    inside = (regions["start"].to_numpy()[region] <= start) & (end <= regions["end"].to_numpy()[region])
    out = np.full(len(windows), -1, np.int64)
    out[gene[inside][::-1]] = region[inside][::-1]  # backwards: the first region is written last
    return out


def _by_group(genes: pd.DataFrame, folds: str | pd.Series) -> np.ndarray:
    if isinstance(folds, str):
        require_columns(genes, (folds,), "genes")
        groups = genes[folds]
    elif folds.index.equals(genes.index):
        groups = folds
    elif folds.index.is_unique:
        groups = genes["gene_id"].map(folds)
    else:
        raise ChromolabError(
            "folds: the Series is indexed neither like the genes nor by unique gene_ids; set its index to one of them."
        )
    given = groups.notna()
    if given.any() and groups[given].map(_is_fold).all():
        return np.where(given, groups.where(given, 0), 0).astype(np.int64)
    codes = pd.Categorical(groups.where(given)).codes.astype(np.int64)  # sorted; -1 where missing
    return codes + 1


def _is_fold(value) -> bool:
    """Whether a value of a table is a whole number >= 1."""
    return is_whole(value, floats=True)
