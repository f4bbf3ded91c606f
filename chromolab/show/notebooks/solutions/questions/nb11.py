"""Solutions of notebook 11: an effect on the scale of the prediction, and right signs."""

import numpy as np

from chromolab.show.notebooks.exercises import exercise


def _pairs(n: int, seed: int) -> tuple[np.ndarray, np.ndarray, float]:
    rng = np.random.default_rng(seed)
    true = np.where(rng.random(n) < 0.3, rng.normal(0, 0.01, n), rng.normal(0, 1, n))
    return true, np.where(rng.random(n) < 0.2, 0.0, 0.5 * true + rng.normal(0, 0.4, n)), 0.05


@exercise(
    cases=[(7.0, -1.0), (np.array([0.0, 0.5, 7.0, 60.0]), np.array([2.0, -0.3, 0.0, 1.5]))],
    hints=[
        "An effect of -1 halves transcription: RPKM becomes rpkm * 2**effect.",
        "Take log2(RPKM + 1) after the edit, and subtract log2(RPKM + 1) before it.",
    ],
    mistakes={
        "This is the change of log2 RPKM; on the scale log2(RPKM + 1), a silent gene has little to lose.": lambda x, e: (
            np.asarray(e) + 0 * np.asarray(x)
        ),
        "This is the value after the edit; subtract the one before.": lambda x, e: np.log2(np.asarray(x) * 2.0**e + 1),
        "The effect is a log2, but this uses e to its power: multiply by 2**effect.": lambda x, e: (
            np.log2(np.asarray(x) * np.exp(e) + 1) - np.log2(np.asarray(x) + 1)
        ),
        "Before minus after: an effect below 0 should give a change below 0.": lambda x, e: (
            np.log2(np.asarray(x) + 1) - np.log2(np.asarray(x) * 2.0**e + 1)
        ),
        "This scales the logarithm; scale the transcription, then take the logarithm.": lambda x, e: (
            np.log2(np.asarray(x) + 1) * (2.0**e - 1)
        ),
    },
)
def log2_change(rpkm, effect):
    """Change of log2(RPKM + 1) when log2 transcription changes by `effect`."""
    return np.log2(rpkm * 2.0**effect + 1) - np.log2(rpkm + 1)


@exercise(
    cases=[
        (np.array([-1.0, 0.5, 0.01, 2.0]), np.array([-0.2, -0.1, 1.0, 0.0]), 0.05),
        _pairs(200, 0),
        _pairs(30, 1),
    ],
    hints=[
        "Which edits have an effect at all? np.abs(true) >= least.",
        "np.sign(true) == np.sign(predicted) says for each edit whether the direction is right; take its mean there.",
    ],
    mistakes={
        "An edit that changes nothing has no right sign: leave out those below `least`.": lambda t, p, least: (
            np.sign(t) == np.sign(p)
        ).mean(),
        "Choose the edits by their true effect; a choice by the prediction leaves out the misses.": lambda t, p, least: (
            (np.sign(t) == np.sign(p))[np.abs(p) >= least].mean()
        ),
        "Edits that lower expression count, too: compare the absolute change with `least`.": lambda t, p, least: (
            np.sign(t) == np.sign(p)
        )[t >= least].mean(),
        "This is the number of right signs; divide by the number of edits that have an effect.": lambda t, p, least: (
            np.sign(t) == np.sign(p)
        )[np.abs(t) >= least].sum(),
        "A prediction of exactly 0 has no sign, so it is not right.": lambda t, p, least: (t * p >= 0)[
            np.abs(t) >= least
        ].mean(),
    },
)
def sign_agreement(true, predicted, least):
    """Share of right signs among the edits whose true effect is at least `least` in size."""
    has_effect = np.abs(true) >= least
    return (np.sign(true) == np.sign(predicted))[has_effect].mean()
