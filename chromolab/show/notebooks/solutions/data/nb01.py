"""Solutions of notebook 01: measuring marks around the TSS."""

import numpy as np

from chromolab.show.notebooks.exercises import exercise


def _depth(genes: int, bins: int, marks: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).poisson(2.0, (genes, bins, marks)).astype(float)


@exercise(
    cases=[
        (np.arange(8.0).reshape(1, 8, 1), 100, 0, 200),
        (np.arange(8.0).reshape(1, 8, 1), 100, -300, -100),
        (_depth(3, 40, 2, 0), 500, -2000, 2500),
        (_depth(2, 20, 7, 1), 2000, 2000, 20_000),
    ],
    hints=[
        "The TSS lies at the left edge of bin depth.shape[1] // 2. In which bin does `start` lie?",
        "first = middle + start // resolution, and likewise for `end`; a Python slice leaves out its end.",
        "Take the mean over the axis of the bins, which is axis 1.",
    ],
    mistakes={
        "These bins are counted from the left end of the window; count them from the TSS, bin T // 2.": lambda d, r, a, b: (
            d[:, a // r : b // r].mean(1)
        ),
        "The bin that begins at `end` should not count.": lambda d, r, a, b: d[
            :, d.shape[1] // 2 + a // r : d.shape[1] // 2 + b // r + 1
        ].mean(1),
        "This is the sum; divide by the number of bins, or use mean.": lambda d, r, a, b: d[
            :, d.shape[1] // 2 + a // r : d.shape[1] // 2 + b // r
        ].sum(1),
        "This averages over the marks, too; the result should have a column for each mark.": lambda d, r, a, b: d[
            :, d.shape[1] // 2 + a // r : d.shape[1] // 2 + b // r
        ].mean((1, 2)),
        "This averages over the genes; take the mean over the bins, axis 1.": lambda d, r, a, b: d[
            :, d.shape[1] // 2 + a // r : d.shape[1] // 2 + b // r
        ].mean(0),
    },
)
def mean_between(depth, resolution, start, end):
    """Mean depth (genes, marks) from `start` to `end` bp from the TSS; depth (genes, bins, marks) runs 5' to 3'."""
    middle = depth.shape[1] // 2
    return depth[:, middle + start // resolution : middle + end // resolution].mean(axis=1)


def _genes(n: int, columns: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    features = rng.standard_normal((n, columns)) * [1, 5, 0.1][:columns] + 2
    return features, features @ np.arange(1.0, columns + 1) + rng.standard_normal(n)


@exercise(
    cases=[
        (np.array([[1.0, 3.0], [2.0, 2.0], [3.0, 1.0]]), np.array([1.0, 2.0, 3.0])),
        _genes(20, 3, 0),
        _genes(7, 2, 1),
    ],
    hints=[
        "Subtract its mean from every column, and from the expression.",
        "The mean of the products is the covariance; divide it by both standard deviations.",
        "x.std(0) gives a standard deviation per column; y @ x sums the products over the genes.",
    ],
    mistakes={
        "This is the covariance: divide it by the two standard deviations.": lambda x, y: (
            (y - y.mean()) @ (x - x.mean(0)) / len(y)
        ),
        "The means are still in it: subtract them first.": lambda x, y: y @ x / np.sqrt((x**2).sum(0) * (y**2).sum()),
        "The sign is lost: r runs from -1 to 1. Return r, not its square or size.": lambda x, y: np.abs(
            np.corrcoef(x.T, y)[-1, :-1]
        ),
        "This is r squared; its sign is lost.": lambda x, y: np.corrcoef(x.T, y)[-1, :-1] ** 2,
        "This is the slope of a line, in units of y per unit of x; r has no unit.": lambda x, y: (
            (y - y.mean()) @ (x - x.mean(0)) / ((x - x.mean(0)) ** 2).sum(0)
        ),
    },
)
def correlation(features, expression):
    """Pearson's r of every column of features (genes, n) with expression (genes,): an array (n,)."""
    x = features - features.mean(axis=0)
    y = expression - expression.mean()
    return y @ x / np.sqrt((x**2).sum(axis=0) * (y**2).sum())
