"""What-if edits: data in genomic coordinates and depth units, applied to a copy before binning.

An edit changes stored mean depth, so every resolution, both strands and every pCRE that overlaps the place change
together. A stored bin that an edit covers in part changes in proportion, as if depth were even within the bin.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from chromolab.data.dataset import Dataset
from chromolab.data.signal import Signal
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
    places = _places(signal)
    for e in edits:
        column, bins, share = _touched(dataset, places, e)
        depth[bins, column] += share * (e.factor * depth[bins, column] + e.add - depth[bins, column])
    return replace(dataset, signal=replace(signal, depth=depth.astype(signal.depth.dtype), cache={}))


def edit_each(dataset: Dataset, edits: Iterable[Edit | Iterable[Edit]]) -> Dataset:
    """One variant of a gene for each edit, as the examples of one dataset: thousands are predicted in one go.

    Only the regions that an edit touches are kept once more; all others are shared.

    Parameters
    ----------
    dataset : Dataset
        One example: `ds.gene("ENSG...")`.
    edits : list of Edit, or of lists of Edit
        What is done to each variant.

    Returns
    -------
    Dataset
        As many examples as edits, in their order; example i equals `edit(dataset, [edits[i]])` (tested).

    Raises
    ------
    ChromolabError
        As `edit` does, and when the dataset holds more or less than one example.
    """
    if len(dataset) != 1:
        raise ChromolabError(
            f"variants are made of one gene in one cell type, not of {len(dataset)}; pass ds.gene(...)"
        )
    dataset = dataset.compact()
    signal, plain = dataset.signal, np.array(dataset.signal.depth, np.float64)
    at, places = signal.offsets, _places(signal)
    regions, copies, users = np.arange(len(at) - 1), [], []  # of every region kept: which it is, its depth, its user
    edits = [[e] if isinstance(e, Edit) else list(e) for e in edits]
    for variant, own in enumerate(edits):
        depth = {}
        for e in own:
            column, bins, share = _touched(dataset, places, e)
            of = np.searchsorted(at, bins, side="right") - 1
            for region in np.unique(of):
                here, there = of == region, depth.setdefault(int(region), plain[at[region] : at[region + 1]].copy())
                old = there[bins[here] - at[region], column]
                there[bins[here] - at[region], column] += share[here] * (e.factor * old + e.add - old)
        copies += depth.values()
        users += [(variant, region) for region in depth]
    return _variants(dataset, len(edits), np.append(regions, [r for _, r in users]).astype(np.int64), copies, users)


def _variants(dataset: Dataset, n: int, regions: np.ndarray, copies: list[np.ndarray], users: list) -> Dataset:
    """n examples like the only one; `users` (variant, region) read their own copy of that region."""
    signal = dataset.signal
    promoter, pcre = np.repeat(dataset.promoter, n), np.repeat(dataset.pcre, n, axis=0)
    for number, (variant, region) in enumerate(users, len(signal.regions)):
        if promoter[variant] == region:
            promoter[variant] = number
        pcre[variant][pcre[variant] == region] = number
    counts = np.diff(signal.offsets)[regions]
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    own = np.repeat(signal.offsets[:-1][regions] - offsets[:-1], counts) + np.arange(offsets[-1])  # bins they are of
    depth = np.concatenate([signal.depth, *copies]).astype(signal.depth.dtype)
    covered = None if signal.covered is None else signal.covered[own]
    kept = Signal(signal.regions.iloc[regions].reset_index(drop=True), depth, offsets, signal.bin_size, covered)
    genes = dataset.genes.iloc[np.zeros(n, np.int64)].reset_index(drop=True)
    return replace(
        dataset, genes=genes, signal=kept, promoter=promoter, pcre=pcre,
        frequency=np.repeat(dataset.frequency, n, axis=0),
    )  # fmt: skip


def _places(signal: Signal) -> tuple[np.ndarray, ...]:
    """Chromosome, start and end of every region."""
    return tuple(signal.regions[c].to_numpy(object if c == "chrom" else np.int64) for c in ("chrom", "start", "end"))


def _touched(dataset: Dataset, places: tuple[np.ndarray, ...], e: Edit) -> tuple[int, np.ndarray, np.ndarray]:
    """An edit's mark (column), the stored bins it touches, and what share of each one's bases it covers."""
    (column,) = dataset.mark_columns([e.mark])
    (chroms, starts, ends), size, bins, shares = places, dataset.bin_size, [], []
    for r in np.flatnonzero((chroms == e.chrom) & (starts < e.end) & (ends > e.start)):
        start, end = int(starts[r]), int(ends[r])
        first, last = max(e.start - start, 0) // size, -(-(min(e.end, end) - start) // size)
        begin = start + np.arange(first, last) * size
        stop = np.minimum(begin + size, end)
        shares.append((np.minimum(stop, e.end) - np.maximum(begin, e.start)) / (stop - begin))
        bins.append(dataset.signal.offsets[r] + np.arange(first, last))
    if not bins:
        raise ChromolabError(f"{e.chrom}:{e.start}-{e.end} touches no region of this dataset "
                             f"({_some_places(dataset)}); edits are in genomic coordinates")  # fmt: skip
    return column, np.concatenate(bins), np.concatenate(shares)


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


def _some_places(dataset: Dataset) -> str:
    some = dataset.signal.regions.head(3)
    return ", ".join(f"{r.chrom}:{r.start}-{r.end}" for r in some.itertuples())
