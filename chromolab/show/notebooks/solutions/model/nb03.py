"""Solutions of notebook 03: softmax, one head of attention, and sinusoidal positions."""

import numpy as np

from chromolab.show.notebooks.exercises import exercise


def _overflowing(scores):
    with np.errstate(all="ignore"):
        return np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)


@exercise(
    cases=[
        (np.array([0.0, np.log(3.0)]),),
        (np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 5.0]]),),
        (np.array([[1000.0, 1001.0], [-1000.0, -1002.0]]),),
        (np.random.default_rng(0).normal(0, 3, (2, 4, 6)),),
    ],
    hints=[
        "exp makes every score positive, and dividing by the sum makes each row sum to 1.",
        "Subtract each row's largest score first: the result is the same, and exp(1000) would overflow.",
        "keepdims=True lets the maxima and the sums line up with their rows: scores.max(-1, keepdims=True).",
    ],
    mistakes={
        "exp(1000) overflows: subtract the row's largest score before exp, which changes nothing else.": _overflowing,
        "The sum runs over all scores; each row, along the last axis, needs its own softmax.": lambda s: (
            np.exp(s - s.max()) / np.exp(s - s.max()).sum()
        ),
        "The sum runs down the columns; the keys of one query lie along the last axis.": lambda s: (
            np.exp(s - s.max(0)) / np.exp(s - s.max(0)).sum(0)
        ),
        "These are shares of the plain scores, which may be negative: take exp first.": lambda s: (
            s / s.sum(-1, keepdims=True)
        ),
        "This gives all the weight to the largest score; a softmax leaves the others a share, by exp.": lambda s: (
            s == s.max(-1, keepdims=True)
        ).astype(float),
    },
)
def softmax(scores):
    """Scores (..., keys) -> weights of the same shape, positive, each row summing to 1."""
    exp = np.exp(scores - scores.max(-1, keepdims=True))
    return exp / exp.sum(-1, keepdims=True)


def _q_k_v(queries: int, keys: int, width: int, seed: int) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(seed)
    return tuple(rng.standard_normal((rows, width)) for rows in (queries, keys, keys))


@exercise(
    cases=[
        (np.array([[2.0, 0.0, 0.0, 0.0]]), np.eye(4)[:2], np.array([[1.0, 0, 0, 0], [0, 1.0, 0, 0]])),
        _q_k_v(3, 5, 8, 0),
        _q_k_v(4, 4, 32, 1),
    ],
    hints=[
        "All dot products at once: q @ k.T has a row for each query and a column for each key.",
        "Divide by the square root of the width, np.sqrt(q.shape[-1]), before the softmax.",
        "Each query's answer is the weighted mean of the values: weights @ v.",
    ],
    mistakes={
        "The scores are not divided by the square root of the width E.": lambda q, k, v: softmax(q @ k.T) @ v,
        "The scores are divided by the width; it should be its square root.": lambda q, k, v: (
            softmax(q @ k.T / q.shape[-1]) @ v
        ),
        "The scores are divided by the root of the number of keys; it should be that of the width E.": lambda q, k, v: (
            softmax(q @ k.T / np.sqrt(len(k))) @ v
        ),
        "The weights average the keys; they should average the values.": lambda q, k, v: (
            softmax(q @ k.T / np.sqrt(q.shape[-1])) @ k
        ),
        "The softmax runs over the queries; each query divides its attention among the keys.": lambda q, k, v: (
            softmax((q @ k.T / np.sqrt(q.shape[-1])).T).T @ v
        ),
        "The softmax is missing: raw scores are not weights.": lambda q, k, v: q @ k.T / np.sqrt(q.shape[-1]) @ v,
        "These are the weights; the answer is the weighted mean of the values.": lambda q, k, v: softmax(
            q @ k.T / np.sqrt(q.shape[-1])
        ),
    },
)
def attended(q, k, v):
    """One head: queries (Tq, E), keys and values (T, E) -> each query's weighted mean of the values, (Tq, E)."""
    return softmax(q @ k.T / np.sqrt(q.shape[-1])) @ v


def _table(bins: int, width: int, base: float = 10_000.0, exponent=None) -> np.ndarray:
    column = np.arange(0, width, 2)
    angle = np.arange(bins)[:, None] / base ** (column / width if exponent is None else exponent(column))
    return np.stack([np.sin(angle), np.cos(angle)], -1).reshape(bins, width)


@exercise(
    cases=[(3, 2), (5, 4), (80, 64)],
    hints=[
        "Column pair p (columns 2p and 2p + 1) turns at the rate 1 / 10000 ** (2p / D).",
        "angle = np.arange(T)[:, None] / 10_000 ** (np.arange(0, D, 2) / D) has the shape (T, D / 2).",
        "table[:, 0::2] = np.sin(angle), and the cosines go into table[:, 1::2].",
    ],
    mistakes={
        "Sines and cosines are swapped: even columns take the sine.": lambda T, D: (
            _table(T, D).reshape(T, -1, 2)[:, :, ::-1].reshape(T, D)
        ),
        "All sines come first, then all cosines; they should take turns, column by column.": lambda T, D: np.hstack(
            [_table(T, D)[:, 0::2], _table(T, D)[:, 1::2]]
        ),
        "Bins count from 0, not from 1.": lambda T, D: _table(T + 1, D)[1:],
        "The rates fall half as fast as they should: the exponent of pair p is 2p / D, not p / D.": lambda T, D: _table(
            T, D, exponent=lambda c: c / 2 / D
        ),
        "Every pair turns at the same rate; the rate falls from pair to pair.": lambda T, D: _table(T, D, base=1.0),
    },
)
def sinusoids(T, D):
    """Positions of T bins in D columns (D even): pair p holds sin and cos of bin / 10000 ** (2p / D); (T, D)."""
    angle = np.arange(T)[:, None] / 10_000 ** (np.arange(0, D, 2) / D)
    table = np.empty((T, D))
    table[:, 0::2], table[:, 1::2] = np.sin(angle), np.cos(angle)
    return table
