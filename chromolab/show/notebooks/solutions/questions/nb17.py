"""Solutions of notebook 17: the score that may be reported, and the time until the last run has ended."""

import math

import numpy as np

from chromolab.show.notebooks.exercises import exercise


def _scores(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Validation and test scores of settings that differ a little, in a few folds."""
    rng = np.random.default_rng(seed)
    worth = rng.normal(0.7, 0.02, (12, 1))
    return worth + rng.normal(0, 0.05, (12, 4)), worth + rng.normal(0, 0.05, (12, 4))


@exercise(
    cases=[
        (np.array([[0.6, 0.7], [0.8, 0.7], [0.9, 0.5]]), np.array([[0.9, 0.9], [0.6, 0.5], [0.5, 0.5]])),
        _scores(0),
        _scores(1),
    ],
    hints=[
        "Which setting has the best mean over its validation folds? validation.mean(axis=1).argmax().",
        "Return the mean of that row of `test`.",
    ],
    mistakes={
        "This is the best test score of all settings: the rising line of the figure.": lambda v, t: t.mean(1).max(),
        "This is the validation score of the chosen setting; it was chosen for being high. The test folds tell.": (
            lambda v, t: v.mean(1).max()
        ),
        "Each fold chose a setting of its own; what is published is one setting.": lambda v, t: np.mean(
            [t[v[:, fold].argmax(), fold] for fold in range(v.shape[1])]
        ),
        "The setting with the single best fold was chosen; let the mean over folds choose.": lambda v, t: t[
            v.max(1).argmax()
        ].mean(),
        "This is the mean over all settings: nothing was chosen.": lambda v, t: t.mean(),
    },
)
def reported(validation, test):
    """The mean test score of the setting whose mean validation score is best; both (settings, folds)."""
    return float(test[validation.mean(axis=1).argmax()].mean())


@exercise(
    cases=[(8, 5.0, 2), (8, 5.0, 3), (60, 2.0, 7), (8, 5.0, 100), (1, 3.0, 1)],
    hints=[
        "How many runs has the busiest worker to make? runs / workers, rounded up.",
        "math.ceil(x) rounds up.",
    ],
    mistakes={
        "This lets a run be cut in pieces: the busiest worker makes a whole number of runs.": lambda r, s, w: r * s / w,
        "Rounded down, the last runs are never made.": lambda r, s, w: r // w * s,
        "This is the time of one worker that makes them all.": lambda r, s, w: r * s,
    },
)
def wall(runs, seconds, workers):
    """Seconds until the last of `runs` equal runs has ended, with `workers` that make one at a time."""
    return math.ceil(runs / workers) * seconds
