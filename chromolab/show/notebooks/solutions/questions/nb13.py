"""Solutions of notebook 13: what a track tells beside others, a null by flipped signs, and how signed values are read."""

import numpy as np

from chromolab.show.notebooks.exercises import exercise


def _track(n: int, others: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    z = rng.normal(size=(n, others))
    x = z.sum(1) + rng.normal(size=n) + 5
    return x, z @ np.arange(1, others + 1) + 0.3 * x + rng.normal(size=n), z


def _left(v: np.ndarray, z: np.ndarray) -> np.ndarray:
    z = np.column_stack([np.ones(len(z)), z])
    return v - z @ np.linalg.lstsq(z, v, rcond=None)[0]


@exercise(
    cases=[
        (np.array([1.0, 2, 3, 4, 6]), np.array([2.0, 4, 5, 9, 11]), np.array([[1.0], [1], [2], [2], [3]])),
        _track(60, 3, 0),
        _track(40, 7, 1),
    ],
    hints=[
        "Put a column of ones beside the other tracks: np.column_stack([np.ones(len(others)), others]).",
        "np.linalg.lstsq(z, v, rcond=None)[0] are the weights of the best sum; v minus z @ weights is what it leaves over.",
        "Do that to the track and to expression, and correlate what is left: np.corrcoef(a, b)[0, 1].",
    ],
    mistakes={
        "This is the r of the two as they are: first take from both what the others tell.": lambda x, y, z: np.corrcoef(
            x, y
        )[0, 1],
        "Only expression was freed of the others: do the same to the track.": lambda x, y, z: np.corrcoef(
            x, _left(y, z)
        )[0, 1],
        "Only the track was freed of the others: do the same to expression.": lambda x, y, z: np.corrcoef(
            _left(x, z), y
        )[0, 1],
        "This correlates what the others do tell; take what they leave over.": lambda x, y, z: np.corrcoef(
            x - _left(x, z), y - _left(y, z)
        )[0, 1],
    },
)
def partial_r(track, expression, others):
    """Pearson r of what a linear fit of `others` (n, k) leaves over of `track` (n,) and of `expression` (n,)."""
    return np.corrcoef(_left(track, others), _left(expression, others))[0, 1]


def _flips(n: int, draws: int, shift: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.normal(shift, 1, n), rng.choice([-1, 1], (draws, n))


@exercise(
    cases=[
        (np.array([1.0, 2.0]), np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]])),
        _flips(8, 200, 1.0, 0),
        _flips(12, 300, -0.4, 1),
    ],
    hints=[
        "signs * differences has a row per draw; its mean along axis 1 is what that draw would have shown.",
        "Compare sizes: np.abs of the drawn means with np.abs of the true mean.",
        "The share of draws that are at least as large (>=) is the mean of True and False.",
    ],
    mistakes={
        "That is the share of smaller means: p counts those at least as large.": lambda d, s: (
            np.abs((s * d).mean(1)) < np.abs(d.mean()) - 1e-12
        ).mean(),
        "A mean of the other sign can be as large by chance: compare sizes, without the sign.": lambda d, s: (
            (s * d).mean(1) >= d.mean() - 1e-12
        ).mean(),
        "As large counts, too: use >=, so that the true signs are among the draws.": lambda d, s: (
            np.abs((s * d).mean(1)) > np.abs(d.mean()) + 1e-12
        ).mean(),
        "This is a number of draws; p is a share of them.": lambda d, s: (
            np.abs((s * d).mean(1)) >= np.abs(d.mean()) - 1e-12
        ).sum(),
    },
)
def p_of_flips(differences, signs):
    """Share of the draws `signs` (draws, n) of +1 and -1 whose mean of signs x `differences` (n,) is at least as large."""
    return (np.abs((signs * differences).mean(1)) >= np.abs(differences.mean()) - 1e-12).mean()


@exercise(
    cases=[
        (np.array([-1.5, 0.0, 2.0]), "none"),
        (np.array([-1.5, -0.5, 0.0, 2.0]), "log1p"),
        (np.array([-1.5, 0.0, 2.0]), "asinh"),
        (np.linspace(-3, 3, 7), "asinh"),
    ],
    hints=[
        "Three cases, three lines: if transform == 'none', return the values.",
        "ln(1 + x) is no number for x of -1 or less: np.where(values > -1, ..., np.nan), with np.maximum inside, so that "
        "numpy does not warn.",
        "asinh is ln(x + sqrt(x * x + 1)); numpy calls it np.arcsinh.",
    ],
    mistakes={
        "The logarithm of nothing or less is no number (np.nan), not 0.": lambda x, t: {
            "none": x,
            "asinh": np.arcsinh(x),
            "log1p": np.log1p(np.maximum(x, -0.999_999) * (x > -1)),
        }[t],
        "A value below 0 keeps its sign under asinh.": lambda x, t: {
            "none": x,
            "asinh": np.arcsinh(np.abs(x)),
            "log1p": _log1p(x),
        }[t],
        "asinh is not ln(1 + |x|) with a sign: add x and the root of x * x + 1.": lambda x, t: {
            "none": x,
            "asinh": np.sign(x) * np.log1p(np.abs(x)),
            "log1p": _log1p(x),
        }[t],
        "'none' means the value as it is, below 0, too.": lambda x, t: {
            "none": np.maximum(x, 0),
            "asinh": np.arcsinh(x),
            "log1p": _log1p(x),
        }[t],
    },
)
def read_as(values, transform):
    """What a model reads of bin means (n,): "log1p", "none" or "asinh"; NaN where it is no number."""
    return {"none": values, "asinh": np.arcsinh(values), "log1p": _log1p(values)}[transform]


def _log1p(values: np.ndarray) -> np.ndarray:
    return np.where(values > -1, np.log1p(np.maximum(values, -0.999_999_999)), np.nan)
