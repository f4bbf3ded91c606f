"""Solutions of notebook 16: coordinates, depth from reads, and values on another scale."""

import numpy as np

from chromolab.show.notebooks.exercises import exercise


@exercise(
    cases=[
        (1, 10, "+"),
        (1001, 4000, "-"),
        (37_400, 40_400, "+"),
        (5, 5, "-"),
    ],
    hints=[
        "A GTF counts bases from 1 and names the first and the last one. Half-open intervals count from 0, and the end "
        "is the first base that no longer belongs.",
        "So the start loses one, and the end keeps its number.",
        "On the minus strand transcription begins at the last base of the interval: end - 1.",
    ],
    mistakes={
        "The end keeps its number: counting from 0 takes one away, being half-open adds one.": lambda start, end, strand: (
            start - 1,
            end - 1,
            start - 1 if strand == "+" else end - 1,
        ),
        "A GTF counts from 1: take one from the start.": lambda start, end, strand: (
            start,
            end,
            start if strand == "+" else end - 1,
        ),
        "On the minus strand a gene is read from right to left: its TSS is its last base.": lambda start, end, strand: (
            start - 1,
            end,
            start - 1,
        ),
        "`end` is the first base after the gene; the last base of the gene is end - 1.": lambda start, end, strand: (
            start - 1,
            end,
            start - 1 if strand == "+" else end,
        ),
    },
)
def half_open(start, end, strand):
    """(start, end, TSS), counted from 0 and half-open, from a GTF row's start and end (counted from 1, both included)."""
    return start - 1, end, start - 1 if strand == "+" else end - 1


def _reads(n: int, length: int, seed: int) -> tuple:
    starts = np.random.default_rng(seed).integers(0, length - 36, n)
    return starts, starts + 36, length


def _slowly(starts, ends, length: int, per_read) -> np.ndarray:
    depth = np.zeros(length, np.int64)
    for start, end in zip(starts, ends, strict=True):
        per_read(depth, start, end)
    return depth


def _add(depth, start, end, last=0) -> None:
    depth[start : end + last] += 1


def _set(depth, start, end) -> None:
    depth[start:end] = 1


def _count(depth, start, end) -> None:
    depth[start] += 1


@exercise(
    cases=[
        (np.array([1, 2]), np.array([4, 6]), 8),
        (np.array([3, 3, 3]), np.array([5, 5, 10]), 10),
        _reads(400, 1000, 0),
    ],
    hints=[
        "Depth goes up by one where a read starts, and down by one where it ends.",
        "np.add.at(change, starts, 1) counts every read, even if several start at one base; change[starts] += 1 "
        "counts one.",
        "np.cumsum(change) is the depth; give `change` one place more than there are bases.",
    ],
    mistakes={
        "A base under two reads has depth 2: add, do not set.": lambda s, e, n: _slowly(s, e, n, _set),
        "`end` is the first base that the read no longer covers.": lambda s, e, n: _slowly(
            s, e, n, lambda d, a, b: _add(d, a, b, 1)
        ),
        "This counts where reads start; a read covers every base from start to end.": lambda s, e, n: _slowly(
            s, e, n, _count
        ),
        "Several reads start at one base, and change[starts] += 1 counts only one of them: np.add.at counts all.": lambda s, e, n: (
            np.cumsum(_once(s, e, n))[:n]
        ),
        "This is the change of depth; its running sum (np.cumsum) is the depth.": lambda s, e, n: (
            np.bincount(s, minlength=n + 1) - np.bincount(e, minlength=n + 1)
        )[:n],
    },
)
def coverage(starts, ends, length):
    """Number of reads over each base, int (length,); starts and ends are arrays, counted from 0 and half-open."""
    change = np.zeros(length + 1, int)
    np.add.at(change, starts, 1)
    np.add.at(change, ends, -1)
    return np.cumsum(change)[:length]


def _once(starts, ends, length: int) -> np.ndarray:
    change = np.zeros(length + 1, int)
    change[starts] += 1
    change[ends] -= 1
    return change


def _two_scales(seed: int) -> tuple:
    rng = np.random.default_rng(seed)
    source, target = rng.gamma(1, 3, 200), rng.gamma(2, 5, 300)
    return source[:20], source, target


@exercise(
    cases=[
        (np.array([1.0, 4.0]), np.array([1.0, 2.0, 3.0, 4.0]), np.array([10.0, 20.0, 30.0, 40.0, 50.0])),
        _two_scales(0),
        _two_scales(1),
    ],
    hints=[
        "First the rank: what share of `source` is at or below each value?",
        "np.searchsorted(np.sort(source), values, side='right') / len(source)",
        "np.quantile(target, share) is the value below which that share of `target` lies.",
    ],
    mistakes={
        "This makes the means equal; a peak would still be too high or too low. Go by ranks.": lambda v, s, t: (
            v * t.mean() / s.mean()
        ),
        "This makes mean and spread equal; the scales bend, so ranks are needed.": lambda v, s, t: (
            (v - s.mean()) / s.std() * t.std() + t.mean()
        ),
        "This stretches the smallest and largest value to those of the other scale; the values between go by rank.": lambda v, s, t: (
            (v - s.min()) / (s.max() - s.min()) * (t.max() - t.min()) + t.min()
        ),
        "The two scales are swapped: look up the rank in `source` and the value in `target`.": lambda v, s, t: (
            np.quantile(s, np.searchsorted(np.sort(t), v, side="right") / len(t))
        ),
        "A value counts itself: the share at or below it, side='right'.": lambda v, s, t: np.quantile(
            t, np.searchsorted(np.sort(s), v, side="left") / len(s)
        ),
    },
)
def same_rank(values, source, target):
    """Values (n,) on another scale: each becomes the value of `target` that has its rank in `source`."""
    share = np.searchsorted(np.sort(source), values, side="right") / len(source)
    return np.quantile(target, share)
