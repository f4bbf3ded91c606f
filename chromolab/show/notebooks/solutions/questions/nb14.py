"""Solutions of notebook 14: a mean that padding cannot change, a distance of any length, and how far a bin is exon."""

import numpy as np

from chromolab.show.notebooks.exercises import exercise


def _genes(seed: int, genes: int = 3, bins: int = 6, marks: int = 2) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    seen = np.arange(bins) < rng.integers(2, bins, genes)[:, None]
    return rng.normal(size=(genes, bins, marks)) * 5, rng.choice([500.0, 2000.0, 8000.0], (genes, bins)), seen


def _mean(x: np.ndarray, weight: np.ndarray) -> np.ndarray:
    return (x * weight[..., None]).sum(1) / weight.sum(1, keepdims=True)


@exercise(
    cases=[
        (
            np.array([[[1.0], [3.0], [99.0]]]),
            np.array([[500.0, 1500.0, 500.0]]),
            np.array([[True, True, False]]),
        ),
        _genes(0),
        _genes(1, genes=5, bins=9, marks=3),
    ],
    hints=[
        "The weight of a bin is its bases where it is seen, and 0 elsewhere: bases * seen.",
        "Give the weight an axis for the marks, weight[..., None], multiply, and sum over the bins (axis 1).",
        "Divide by the sum of the weights, not by the number of bins: weight.sum(1, keepdims=True) is (genes, 1).",
    ],
    mistakes={
        "Padding counts here as bins of nothing: leave out what is not seen.": lambda x, bases, seen: _mean(x, bases),
        "A bin of 8 kb stands for 16 of 500 bp: weigh bins by their bases.": lambda x, bases, seen: _mean(
            x, seen.astype(float)
        ),
        "The sum leaves padding out, but you divide by all bins: divide by the bases that are seen.": lambda x, b, s: (
            (x * (b * s)[..., None]).sum(1) / b.sum(1, keepdims=True)
        ),
        "Each gene has a mean of its own: sum over the bins (axis 1), not over the genes.": lambda x, bases, seen: (
            np.broadcast_to((x * (bases * seen)[..., None]).sum((0, 1)) / (bases * seen).sum(), (len(x), x.shape[2]))
        ),
    },
)
def mean_seen(x, bases, seen):
    """Mean of x (genes, bins, marks) over the bases of the bins that are seen: (genes, marks)."""
    return _mean(x, bases * seen)


@exercise(
    cases=[
        (np.array([0.0, 500.0, -500.0]),),
        (np.array([-24_000.0, -100.0, 0.0, 100.0, 40_000.0, 500_000.0]),),
        (np.linspace(-9_000, 9_000, 7),),
    ],
    hints=[
        "First without the sign: how many times 500 bp is it? np.abs(x) / 500.",
        "np.log1p(v) is ln(1 + v): 0 at the TSS, and growing ever more slowly.",
        "np.sign(x) gives back upstream and downstream.",
    ],
    mistakes={
        "Upstream and downstream look alike here: give the sign back.": lambda x: np.log1p(np.abs(x) / 500),
        "At the TSS itself the distance is 0, and must stay finite: ln(1 + ...).": lambda x: (
            np.sign(x) * np.log(np.maximum(np.abs(x), 1e-9) / 500)
        ),
        "500 bp is the unit: divide before you take the logarithm.": lambda x: np.sign(x) * np.log1p(np.abs(x)),
        "This grows with the distance itself: 500 kb would be a thousand times 500 bp.": lambda x: x / 500,
    },
)
def log_distance(x):
    """A signed distance (bp) as a logarithm of the same sign: sign(x) ln(1 + |x| / 500)."""
    return np.sign(x) * np.log1p(np.abs(x) / 500)


def _overlap(start, end, exons):
    return np.clip(np.minimum(end[:, None], exons[:, 1]) - np.maximum(start[:, None], exons[:, 0]), 0, None).sum(1)


@exercise(
    cases=[
        (np.array([0, 500, 1000]), np.array([500, 1000, 3000]), np.array([[0, 150], [400, 600], [1500, 2000]])),
        (np.array([-500, 0, 2000]), np.array([0, 2000, 2500]), np.array([[0, 200], [2100, 2300]])),
        (np.array([0, 8000]), np.array([8000, 8500]), np.array([[100, 250], [7900, 8100], [8400, 8500]])),
    ],
    hints=[
        "A bin and an exon share the bases from the later start to the earlier end: np.minimum(ends) - np.maximum(starts).",
        "Bins against exons is a table: start[:, None] and exons[:, 0] broadcast to (bins, exons).",
        "Where they do not meet the difference falls below 0: np.clip(..., 0, None). Sum over exons, divide by the bin.",
    ],
    mistakes={
        "Bins and exons that do not meet share 0 bases, not less: clip at 0.": lambda start, end, exons: (
            (np.minimum(end[:, None], exons[:, 1]) - np.maximum(start[:, None], exons[:, 0])).sum(1) / (end - start)
        ),
        "These are bases; a share is of the bin's own size.": _overlap,
        "A bin may hold a part of an exon: count bases, not exons that begin in it.": lambda start, end, exons: (
            ((exons[:, 0] >= start[:, None]) & (exons[:, 0] < end[:, None])).sum(1) / (end - start)
        ),
        "Several exons may lie in one bin: sum over them.": lambda start, end, exons: (
            np.clip(np.minimum(end[:, None], exons[:, 1]) - np.maximum(start[:, None], exons[:, 0]), 0, None).max(1)
            / (end - start)
        ),
    },
)
def exon_share(start, end, exons):
    """The share of each bin, start and end (bins,), that lies in the exons (exons, 2): (bins,)."""
    return _overlap(start, end, exons) / (end - start)
