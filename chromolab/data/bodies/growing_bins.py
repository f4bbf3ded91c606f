"""Bins that grow away from features: fine at a gene's TSS, its end and its exons, coarse in between.

A gene of 500 kb has 5,000 bins of 100 bp, and most of them say the same as their neighbours. So the region of a gene is
divided into its coarsest bins, 8 kb each, counted from the TSS; and a bin is divided again (into four of 2 kb, and each
of these into four of 500 bp) while the TSS or the end of the gene lies nearer than the bin is wide, or an exon lies in
it. Every bin is a bin of one resolution of the dataset, so that its mean is exact, an edit reaches it, and what it adds
to a prediction can be told. Why not bins relative to the gene's length: they would squeeze, and a base pair would mean
another thing in each gene. The place within the gene is told beside the bins instead, as a position.
"""

from dataclasses import dataclass

import numpy as np

COARSEST = 8_000  # bp
SIZES = (COARSEST, 2_000, 500)  # each divides the one before it
PARTS = ("upstream", "exon", "intron", "inside", "downstream")  # inside: of a gene whose exons are not known


@dataclass(frozen=True)
class GrowingBins:
    """The bins of one gene, 5' to 3'; they touch, and none overlaps another.

    Attributes
    ----------
    start, end : int64 arrays (bins,)
        Base pairs along the gene, 0 at the TSS; upstream is below 0.
    parts : float array (bins, 5)
        The share of each bin's bases in each of `PARTS`; a row sums to 1.
    """

    start: np.ndarray
    end: np.ndarray
    parts: np.ndarray


def growing_bins(
    upstream: int, ahead: int, length: int, exons: np.ndarray | None = None, sizes: tuple[int, ...] = SIZES
) -> GrowingBins:
    """Divide the region of a gene.

    Parameters
    ----------
    upstream, ahead : int
        Base pairs of the region before and after the TSS, multiples of `sizes[0]`.
    length : int
        From the TSS to the end of the gene, bp.
    exons : int array (exons, 2), optional
        Start and end of disjoint exons along the gene; None where they are not known.
    sizes : tuple of int
        Bins from the coarsest to the finest, bp; each divides the one before it.

    Returns
    -------
    GrowingBins
    """
    start = np.arange(-upstream, ahead, sizes[0], dtype=np.int64)
    size = np.full(len(start), sizes[0], np.int64)
    exons = None if exons is None else exons[np.argsort(exons[:, 0])]
    for coarse, fine in zip(sizes[:-1], sizes[1:], strict=True):
        near = np.minimum(*(np.maximum(place - (start + size), start - place) for place in (0, length))) < size
        if exons is not None:
            near |= _inside(exons, start + size) > _inside(exons, start)
        divided = near & (size == coarse)
        count = np.where(divided, coarse // fine, 1)
        within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        size = np.repeat(np.where(divided, fine, size), count)
        start = np.repeat(start, count) + within * size * np.repeat(divided, count)
    return GrowingBins(start, start + size, _parts(start, start + size, length, exons))


def _inside(exons: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Bases of exons before each place, (places,)."""
    if not len(exons):
        return np.zeros(len(place))
    size = exons[:, 1] - exons[:, 0]
    before = np.cumsum(size) - size
    return np.interp(place, exons.ravel(), np.stack([before, before + size], 1).ravel())


def _parts(start: np.ndarray, end: np.ndarray, length: int, exons: np.ndarray | None) -> np.ndarray:
    before = np.clip(-start, 0, end - start)
    after = np.clip(end - length, 0, end - start)
    inside = end - start - before - after
    exon = np.zeros(len(start)) if exons is None else _inside(exons, end) - _inside(exons, start)
    exon = np.minimum(exon, inside)
    known = exons is not None
    bases = [before, exon, (inside - exon) * known, inside * (not known), after]
    return np.stack(bases, 1) / (end - start)[:, None]
