"""What-if edits: data in genomic coordinates and depth units, applied to a copy before binning.

An edit changes stored mean depth, so every resolution, both strands and every pCRE that overlaps the place change
together. A stored bin that an edit covers in part changes in proportion, as if depth were even within the bin.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from chromolab.data.dataset import Dataset
from chromolab.errors import ChromolabError


@dataclass(frozen=True)
class Edit:
    """A change of one mark in one place: depth becomes `factor * depth + add`.

    mark : str; chrom, start, end : where (0-based, half open); factor : without unit; add : mean depth per base.
    """

    mark: str
    chrom: str
    start: int
    end: int
    factor: float = 1.0
    add: float = 0.0


def scale(mark: str, region: str, factor: float) -> Edit:
    """Multiply a mark's depth in "chrom:start-end" by a factor of at least 0."""
    return _edit(mark, region, factor=factor)


def erase(mark: str, region: str) -> Edit:
    """Set a mark's depth in "chrom:start-end" to zero."""
    return _edit(mark, region, factor=0.0)


def set_depth(mark: str, region: str, depth: float) -> Edit:
    """Set a mark's depth in "chrom:start-end" to a value in reads per base."""
    return _edit(mark, region, factor=0.0, add=depth)


def edit(dataset: Dataset, edits: Iterable[Edit]) -> Dataset:
    """Apply edits, in order, to a copy.

    Parameters
    ----------
    dataset : Dataset
        Usually one example: `ds.gene("ENSG...")`.
    edits : list of Edit

    Returns
    -------
    Dataset
        The same examples with changed depth; the one given is as it was.

    Raises
    ------
    ChromolabError
        If a mark is not in the dataset, or an edit touches none of its regions (it would change nothing, silently).
    """
    signal = dataset.signal
    depth = np.array(signal.depth, np.float64)
    bases, first = signal.bases(), np.repeat(signal.offsets[:-1], np.diff(signal.offsets))
    start = np.repeat(signal.regions["start"].to_numpy(), np.diff(signal.offsets))
    start = start + (np.arange(len(depth)) - first) * signal.bin_size
    chrom = np.repeat(signal.regions["chrom"].to_numpy(), np.diff(signal.offsets))
    for e in edits:
        (column,) = dataset.mark_columns([e.mark])
        share = np.minimum(start + bases, e.end) - np.maximum(start, e.start)  # bases of each bin that are edited
        share = np.where(chrom == e.chrom, np.clip(share, 0, None), 0) / bases
        if not share.any():
            raise ChromolabError(f"{e.chrom}:{e.start}-{e.end} touches no region of this dataset "
                                 f"({_places(dataset)}); edits are in genomic coordinates")  # fmt: skip
        depth[:, column] += share * (e.factor * depth[:, column] + e.add - depth[:, column])
    return replace(dataset, signal=replace(signal, depth=depth.astype(signal.depth.dtype), cache={}))


def _edit(mark: str, region: str, **change: float) -> Edit:
    match = re.fullmatch(r"(\S+):([\d,_]+)-([\d,_]+)", region)
    if not match:
        raise ChromolabError(f"region {region!r}; expected 'chrom:start-end', 0-based and half open")
    start, end = (int(re.sub("[,_]", "", g)) for g in match.groups()[1:])
    if start >= end:
        raise ChromolabError(f"region {region!r} is empty or reversed; expected start < end")
    for name, number in change.items():
        if not (np.isfinite(number) and number >= 0):
            raise ChromolabError(f"{name} is {number}; depth cannot be negative or infinite")
    return Edit(mark, match[1], start, end, **change)


def _places(dataset: Dataset) -> str:
    some = dataset.signal.regions.head(3)
    return ", ".join(f"{r.chrom}:{r.start}-{r.end}" for r in some.itertuples())
