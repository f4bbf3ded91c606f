"""Solutions of notebook 09: a share of attention, integrated gradients, average precision."""

import numpy as np

from chromolab.show.notebooks.exercises import exercise


def _attended(seed: int) -> tuple:
    rng = np.random.default_rng(seed)
    return rng.uniform(-20_000, 20_000, 60), rng.random(60)


@exercise(
    cases=[
        (np.array([-3000.0, 0.0, 3000.0, 9000.0]), np.array([0.4, 0.1, 0.2, 0.3])),
        (np.array([5000.0, -5000.0, 2000.0, 2001.0]), np.array([0.3, 0.6, 0.2, 0.9])),
        _attended(0),
    ],
    hints=[
        "Which bins lie downstream, by more than the flank? A comparison gives an array of true and false.",
        "score[distance > flank].sum(), divided by the sum of all scores.",
    ],
    mistakes={
        "This is a mean over the body's bins; a share is a sum, so add the attention up.": lambda d, s, flank=2000: s[
            d > flank
        ].mean(),
        "Upstream counts as well here: the body lies where the distance is positive, 5' to 3'.": lambda d, s, flank=2000: (
            s[np.abs(d) > flank].sum() / s.sum()
        ),
        "The TSS itself counts as body here: begin beyond the flank.": lambda d, s, flank=2000: (
            s[d > 0].sum() / s.sum()
        ),
        "This is the body's attention; a share is that, divided by the attention of all bins.": lambda d, s, flank=2000: (
            s[d > flank].sum()
        ),
        "This counts bins; add up their attention.": lambda d, s, flank=2000: float((d > flank).mean()),
    },
)
def body_share(distance, score, flank=2000):
    """Share of the attention that goes to bins more than `flank` bp downstream of the TSS."""
    return score[distance > flank].sum() / score.sum()


def _slope(x):
    return np.full(len(x), 1.0 if x.sum() < 1 else 0.0)


def _square_slope(x):
    return 2 * x


@exercise(
    cases=[
        (_slope, np.array([1.0, 1.0])),
        (_square_slope, np.array([1.0, -2.0, 0.5])),
        (lambda x: np.cos(x) * np.arange(1, len(x) + 1), np.array([0.3, 1.2])),
    ],
    hints=[
        "The path from 0 to x: the points t * x, for t in the middle of each of `steps` equal steps from 0 to 1.",
        "t = (np.arange(steps) + 0.5) / steps; the mean of slope(t * x) over t, times x.",
    ],
    mistakes={
        "This is gradient x input: the slope at x alone, not along the path to it.": lambda slope, x, steps=100: (
            x * slope(x)
        ),
        "The mean slope is right; multiply it by x, the length of the path.": lambda slope, x, steps=100: np.mean(
            [slope(t * x) for t in (np.arange(steps) + 0.5) / steps], axis=0
        ),
        "The sum over steps grows with their number: take the mean.": lambda slope, x, steps=100: (
            x * sum(slope(t * x) for t in (np.arange(steps) + 0.5) / steps)
        ),
    },
)
def integrated(slope, x, steps=100):
    """Mean of slope(t * x) along the path from 0 to x, times x: each input's contribution, (inputs,)."""
    path = (np.arange(steps) + 0.5) / steps
    return x * np.mean([slope(t * x) for t in path], axis=0)


def _ranked(seed: int) -> tuple:
    rng = np.random.default_rng(seed)
    return rng.random(12) < 0.4, rng.permutation(12).astype(float)


@exercise(
    cases=[
        (np.array([True, False, True]), np.array([3.0, 2.0, 1.0])),
        (np.array([False, False, True, True]), np.array([0.9, 0.1, 0.5, 0.2])),
        _ranked(3),
    ],
    hints=[
        "Sort the pCREs by falling score: np.argsort(-score). At which ranks are the causes?",
        "At a cause of rank r (from 1), precision is the number of causes so far divided by r. Take the mean of these.",
        "ranked = causal[np.argsort(-score)]; (ranked.cumsum() / ranks)[ranked].mean()",
    ],
    mistakes={
        "The order is reversed: the highest score comes first.": lambda c, s: (
            c[np.argsort(s)].cumsum() / np.arange(1, len(c) + 1)
        )[c[np.argsort(s)]].mean(),
        "Average the precision at the ranks of the causes only, not at every rank.": lambda c, s: (
            c[np.argsort(-s)].cumsum() / np.arange(1, len(c) + 1)
        ).mean(),
        "This is the prevalence: the same for every ranking.": lambda c, s: c.mean(),
        "This divides by the number of pCREs; take the mean over the causes.": lambda c, s: (
            (c[np.argsort(-s)].cumsum() / np.arange(1, len(c) + 1))[c[np.argsort(-s)]].sum() / len(c)
        ),
    },
)
def average_precision(causal, score):
    """Mean over the causes of the precision at each cause's rank, when the pCREs are sorted by falling score."""
    ranked = causal[np.argsort(-score)]
    return (ranked.cumsum() / np.arange(1, len(ranked) + 1))[ranked].mean()
