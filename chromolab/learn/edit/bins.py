"""The arithmetic of edits on one mark in one region: base by base where an edit cuts a bin, bin means elsewhere."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np


class Stroke(NamedTuple):
    """One edit, counted from the region's start: bases [begin, end) are multiplied by a number or set to an array.

    `change` is the factor, or the new depth per base (end - begin,), NaN where it stays as it is.
    """

    begin: int
    end: int
    change: float | np.ndarray


def change_bins(
    mean: np.ndarray, covered: np.ndarray, length: int, size: int, strokes: list[Stroke], bases: Callable
) -> tuple[np.ndarray, np.ndarray, int]:
    """Apply strokes, in order, to the bins of one mark in one region.

    Parameters
    ----------
    mean : float64 array (bins,)
        Mean depth over the bases with data; NaN where there are none.
    covered : int array (bins,)
        How many bases have data.
    length, size : int
        Base pairs of the region and of a bin.
    strokes : list of Stroke
    bases : function
        Called if a stroke begins or ends inside a bin: returns the depth at every base (length,), NaN without data; or
        None, if it is not known. Then the bin's mean is taken for each of its bases with data, which are spread evenly
        over the bin.

    Returns
    -------
    (float64 array (bins,), int array (bins,), int)
        The new `mean` and `covered`, and how many cut bins were taken as even.
    """
    mean, covered = mean.copy(), covered.copy()
    edges = np.append(np.arange(0, length, size), length)
    cut = np.flatnonzero(_cut_through(edges, size, strokes))
    known = bases() if len(cut) else None
    fine = _even(cut, mean, covered, edges, size) if known is None else _slices(known, cut, size)
    base = cut[:, None] * size + np.arange(size)  # (cut bins, size): which base; beyond the end in the last bin
    for begin, end, change in strokes:
        # whole bins [first, last)
        first, last = np.searchsorted(edges, begin), np.searchsorted(edges, end, "right") - 1
        inside = (base >= begin) & (base < end)
        if isinstance(change, float):
            mean[first:last] *= change
            fine[inside] *= change
            continue
        if first < last:
            new = _painted(change[: edges[last] - begin], edges[first:last] - begin)
            painted = np.flatnonzero(~np.isnan(new))
            mean[first + painted], covered[first + painted] = new[painted], np.diff(edges)[first + painted]
        value = change[base[inside] - begin]
        fine[inside] = np.where(np.isnan(value), fine[inside], value)
    if len(cut):
        seen = ~np.isnan(fine)
        covered[cut] = seen.sum(1)
        total = np.where(seen, fine, 0).sum(1)
        mean[cut] = np.divide(total, covered[cut], out=np.full(len(cut), np.nan), where=covered[cut] > 0)
    return mean, covered, len(cut) if known is None else 0


def _cut_through(edges: np.ndarray, size: int, strokes: list[Stroke]) -> np.ndarray:
    """Which bins a stroke changes only in part, bool (bins,)."""
    cut = np.zeros(len(edges) - 1, bool)
    for begin, end, change in strokes:
        if isinstance(change, float):
            touched = [at // size for at in (begin, end) if at not in (edges[at // size], edges[-1])]
            cut[touched] = True
        else:
            painted = np.zeros(edges[-1], np.int64)
            painted[begin:end] = ~np.isnan(change)
            count = np.add.reduceat(painted, edges[:-1])
            cut |= (count > 0) & (count < np.diff(edges))
    return cut


def _painted(depth: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Mean of each whole bin, NaN unless every base is painted. One value over a bin is taken as is: no rounding."""
    low, high = np.minimum.reduceat(depth, starts), np.maximum.reduceat(depth, starts)
    mean = np.add.reduceat(depth, starts) / np.diff(np.append(starts, len(depth)))
    return np.where(low == high, low, mean)


def _even(cut: np.ndarray, mean: np.ndarray, covered: np.ndarray, edges: np.ndarray, size: int) -> np.ndarray:
    """Depth at the bases of the cut bins (cut, size), taken as even: the mean, NaN without data and beyond the end."""
    fine = np.full((len(cut), size), np.nan)
    for row, b in enumerate(cut):
        count = int(covered[b])
        fine[row, np.arange(count) * int(edges[b + 1] - edges[b]) // max(count, 1)] = mean[b]
    return fine


def _slices(bases: np.ndarray, cut: np.ndarray, size: int) -> np.ndarray:
    """Depth at the bases of the cut bins (cut, size), cut out of the region's; NaN beyond its end."""
    fine = np.full((len(cut), size), np.nan)
    for row, b in enumerate(cut):
        part = bases[b * size : (b + 1) * size]
        fine[row, : len(part)] = part
    return fine
