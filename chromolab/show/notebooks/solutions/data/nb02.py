"""Solutions of notebook 02: counts over distance, observed over expected, the nearest promoter."""

import numpy as np

from chromolab.show.notebooks.exercises import exercise

EDGES = np.array([0, 10, 20, 40])


def _pairs(n: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    distance = rng.uniform(20, 500, n).round()
    return distance, rng.poisson(4000 / distance).astype(float), np.array([20, 50, 100, 200, 501])


def _bin(distance, edges):
    return np.searchsorted(edges, distance, side="right") - 1


@exercise(
    cases=[
        (np.array([5.0, 15.0, 15.0, 10.0, 39.0]), np.array([9.0, 4.0, 0.0, 2.0, 1.0]), EDGES),
        _pairs(200, 0),
        _pairs(60, 1),
    ],
    hints=[
        "np.digitize(distance, edges) - 1 gives every pair the number of its bin: edge <= distance < next edge.",
        "np.bincount(bin, weights=count) adds up the counts of each bin; np.bincount(bin) counts the pairs.",
        "Divide one by the other: pairs that were never seen (count 0) are pairs, too.",
    ],
    mistakes={
        "This is the sum of each bin: divide it by the bin's number of pairs.": lambda d, c, e: np.bincount(
            _bin(d, e), c, len(e) - 1
        ),
        "Pairs that were counted 0 times were left out: they are pairs, too, and pull the mean down.": lambda d, c, e: (
            np.array([c[(_bin(d, e) == k) & (c > 0)].mean() for k in range(len(e) - 1)])
        ),
        "A pair that lies exactly on an edge belongs to the bin that begins there.": lambda d, c, e: np.array(
            [
                c[np.searchsorted(e, d, side="left") - 1 == k].sum()
                / max((np.searchsorted(e, d, side="left") - 1 == k).sum(), 1)
                for k in range(len(e) - 1)
            ]
        ),
        "This is the median; the expected count is the mean.": lambda d, c, e: np.array(
            [np.median(c[_bin(d, e) == k]) for k in range(len(e) - 1)]
        ),
        "This is one mean for all distances; give one for each bin.": lambda d, c, e: np.full(len(e) - 1, c.mean()),
    },
)
def mean_by_distance(distance, count, edges):
    """Mean count of the pairs in each bin of distance, edges[k] <= distance < edges[k + 1]: (len(edges) - 1,)."""
    number = np.digitize(distance, edges) - 1
    return np.bincount(number, count, len(edges) - 1) / np.bincount(number, minlength=len(edges) - 1)


@exercise(
    cases=[
        (np.array([5.0, 15.0, 15.0, 10.0, 39.0]), np.array([9.0, 4.0, 0.0, 2.0, 1.0]), EDGES),
        _pairs(200, 2),
        _pairs(60, 3),
    ],
    hints=[
        "You have the expected count of each bin: mean_by_distance(distance, count, edges).",
        "Which bin does each pair lie in? np.digitize(distance, edges) - 1. Index the expected counts with that.",
    ],
    mistakes={
        "This subtracts the expected count; take the ratio, so that 1 means 'as often as expected'.": lambda d, c, e: (
            c - mean_by_distance(d, c, e)[_bin(d, e)]
        ),
        "This is expected over observed: turn it upside down.": lambda d, c, e: (
            mean_by_distance(d, c, e)[_bin(d, e)] / np.maximum(c, 1e-9)
        ),
        "This divides by the mean over all pairs, near or far; compare each pair with those at its own distance.": lambda d, c, e: (
            c / c.mean()
        ),
        "This divides the counts by the distance, which assumes a law of decay; use the measured expected count.": lambda d, c, e: (
            c / (c.mean() * d.mean() / d)
        ),
    },
)
def observed_over_expected(distance, count, edges):
    """Each pair's count over the mean count of the pairs in its bin of distance: (pairs,)."""
    return count / mean_by_distance(distance, count, edges)[np.digitize(distance, edges) - 1]


def _places(n: int, m: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.choice(10_000, n, replace=False), rng.choice(10_000, m, replace=False)


@exercise(
    cases=[
        (np.array([5, 40, 100]), np.array([0, 30, 60])),
        _places(40, 12, 0),
        _places(9, 30, 1),
    ],
    hints=[
        "position[:, None] - tss[None, :] is a table of all distances: a row per element, a column per gene.",
        "Take the absolute distances (np.abs), then argmin along the genes.",
    ],
    mistakes={
        "Upstream is as near as downstream: take the absolute distance.": lambda p, t: (p[:, None] - t[None, :]).argmin(
            1
        ),
        "This is the farthest gene.": lambda p, t: np.abs(p[:, None] - t[None, :]).argmax(1),
        "This gives each gene its nearest element; each element needs its nearest gene.": lambda p, t: np.abs(
            p[:, None] - t[None, :]
        ).argmin(0),
        "These are distances; return the row of the gene (argmin, not min).": lambda p, t: np.abs(
            p[:, None] - t[None, :]
        ).min(1),
        "These are the positions of the nearest genes; return their rows.": lambda p, t: t[
            np.abs(p[:, None] - t[None, :]).argmin(1)
        ],
        "The genes are not sorted by position, so searchsorted fails here; it also looks to one side only.": lambda p, t: (
            np.searchsorted(t, p).clip(0, len(t) - 1)
        ),
    },
)
def nearest(position, tss):
    """For each element at `position` (n,) the row of the nearest of `tss` (genes,): an int array (n,)."""
    return np.abs(position[:, None] - tss[None, :]).argmin(axis=1)
