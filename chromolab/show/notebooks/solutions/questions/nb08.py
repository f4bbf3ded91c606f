"""Solutions of notebook 08: a paired difference, its interval over folds, shuffled contacts."""

import numpy as np

from chromolab.show.notebooks.exercises import exercise


def _scores(seed: int) -> tuple[dict, dict]:
    """Two models' scores by (fold, seed); each lacks a run that the other has."""
    rng = np.random.default_rng(seed)
    runs = [(fold, s) for fold in (1, 2, 3, 4) for s in (0, 1, 2)]
    easy = dict(zip(runs, rng.uniform(0.6, 0.9, 12), strict=True))
    a = {run: score + rng.normal(0.02, 0.02) for run, score in easy.items() if run != (1, 0)}
    return a, {run: score for run, score in easy.items() if run != (4, 2)}


def _mean(scores) -> float:
    return float(np.mean(list(scores)))


@exercise(
    cases=[
        ({(1, 0): 0.5, (2, 0): 0.75}, {(1, 0): 0.25, (2, 0): 0.75, (3, 0): 0.0}),
        _scores(0),
        _scores(1),
    ],
    hints=[
        "Which runs do both have? `a.keys() & b.keys()`.",
        "For each of these runs take a[run] - b[run]; then the mean of these differences.",
    ],
    mistakes={
        "This counts runs that only one of the two has: use those that both have.": lambda a, b: (
            _mean(a.values()) - _mean(b.values())
        ),
        "This is how much better b is than a; take a - b.": lambda a, b: _mean(
            b[r] - a[r] for r in a.keys() & b.keys()
        ),
        "This is the median; take the mean.": lambda a, b: float(np.median([a[r] - b[r] for r in a.keys() & b.keys()])),
        "This is the sum of the differences; divide it by their number.": lambda a, b: float(
            np.sum([a[r] - b[r] for r in a.keys() & b.keys()])
        ),
        "A difference has a sign: this is the mean of its absolute values.": lambda a, b: _mean(
            abs(a[r] - b[r]) for r in a.keys() & b.keys()
        ),
    },
)
def paired_difference(a, b):
    """Mean of a - b over the runs (fold, seed) that both have."""
    return float(np.mean([a[run] - b[run] for run in a.keys() & b.keys()]))


def _gains(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Differences of 4 folds x 3 seeds, and the folds in each of 400 draws."""
    rng = np.random.default_rng(seed)
    return rng.normal(0.02, 0.02, (4, 1)) + rng.normal(0, 0.02, (4, 3)), rng.integers(0, 4, (400, 4))


def _ends(means, low: float = 0.025) -> tuple[float, float]:
    return tuple(float(q) for q in np.quantile(means, [low, 1 - low]))


@exercise(
    cases=[
        (np.array([[0.0, 0.0], [1.0, 3.0]]), np.array([[0, 0], [0, 1], [1, 1]])),
        _gains(0),
        _gains(1),
    ],
    hints=[
        "gain[folds] takes the rows of the folds in one draw, some of them twice.",
        "One number per draw: gain[folds].mean(). Collect it for every row of `drawn`.",
        "np.quantile(means, [0.025, 0.975]) gives the two ends; return them as a tuple.",
    ],
    mistakes={
        "These are the ends of 90 %: a 95 % interval leaves out 2.5 % on each side.": lambda gain, drawn: _ends(
            [gain[f].mean() for f in drawn], 0.05
        ),
        "These are the smallest and the largest mean: take the quantiles 0.025 and 0.975.": lambda gain, drawn: _ends(
            [gain[f].mean() for f in drawn], 0.0
        ),
        "This is the spread of single runs. The interval is that of their mean: take one mean per draw.": lambda gain, drawn: (
            _ends(gain)
        ),
        "Only the first fold of each draw was used: a draw takes all the folds in its row.": lambda gain, drawn: _ends(
            [gain[f[0]].mean() for f in drawn]
        ),
        "The draws pick folds (rows of `gain`), not seeds (columns).": lambda gain, drawn: _ends(
            [gain[:, f % gain.shape[1]].mean() for f in drawn]
        ),
    },
)
def interval(gain, drawn):
    """2.5 % and 97.5 % quantile of the mean gain (folds, seeds) over draws (draws, folds) of fold numbers."""
    means = [gain[folds].mean() for folds in drawn]
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)


def _contacts(seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    count = rng.integers(0, 5, (30, 1))
    count[:2] = [[0], [4]]
    pcre = np.where(np.arange(4) < count, rng.permutation(120).reshape(30, 4), -1)
    return pcre, rng.permutation(int(count.sum()))


def _in_place(pcre: np.ndarray, order: np.ndarray) -> np.ndarray:
    out = pcre.copy()
    out[out >= 0] = order
    return out


def _rows(pcre: np.ndarray, order: np.ndarray) -> np.ndarray:
    return pcre[np.argsort(order[np.arange(len(pcre)) % len(order)], kind="stable")]


def _packed(pcre: np.ndarray, order: np.ndarray) -> np.ndarray:
    out = np.full(pcre.size, -1)
    out[: len(order)] = pcre[pcre >= 0][order]
    return out.reshape(pcre.shape)


@exercise(
    cases=[
        (np.array([[7, 8], [9, -1], [-1, -1]]), np.array([2, 0, 1])),
        _contacts(0),
        _contacts(1),
    ],
    hints=[
        "full = pcre >= 0 marks the places that hold an element; pcre[full] lists these elements, gene after gene.",
        "pcre[full][order] is that list in the new order.",
        "out = pcre.copy(), then out[full] = ... puts the list back into the same places.",
    ],
    mistakes={
        "Whole rows were moved, so genes have another number of contacts now: swap elements between full places only.": _rows,
        "`order` holds positions in the list of elements; it is not itself a list of elements.": _in_place,
        "The elements were packed to the front: put each into a place that was full before.": _packed,
        "Nothing was moved.": lambda pcre, order: pcre,
        "Element i of the new list is element order[i] of the old one, not the other way round.": lambda pcre, order: (
            shuffle_contacts(pcre, np.argsort(order))
        ),
    },
)
def shuffle_contacts(pcre, order):
    """A copy of the elements by rank (genes, K) with the same elements in another order; -1, an empty place, stays."""
    out, full = pcre.copy(), pcre >= 0
    out[full] = pcre[full][order]
    return out
