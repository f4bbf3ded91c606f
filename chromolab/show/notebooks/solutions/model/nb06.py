"""Solutions of notebook 06: logits to probabilities, and scores without keys."""

import numpy as np

from chromolab.show.notebooks.exercises import WrongAnswer, exercise


@exercise(
    cases=[
        (np.array([[0.0, 0.0], [1.0, 3.0]]),),
        (np.array([[2.0, -1.0], [0.5, 0.5], [-4.0, 1.0]]),),
        (np.random.default_rng(0).normal(0, 3, (20, 2)),),
    ],
    hints=[
        "Softmax: exp of each logit, divided by the sum of the exps in its row.",
        "exp = np.exp(logits), then exp[:, 1] / exp.sum(axis=1).",
    ],
    mistakes={
        "This is the sigmoid of logit 1 alone, as in the authors' demo; the softmax needs both logits.": lambda z: (
            1 / (1 + np.exp(-z[:, 1]))
        ),
        "This is the probability of class 0; class 1 is the second column.": lambda z: (
            1 / (1 + np.exp(z[:, 1] - z[:, 0]))
        ),
        "These are both classes; return only the second column.": lambda z: np.exp(z) / np.exp(z).sum(1, keepdims=True),
        "This sums over the genes; each gene needs its own softmax, over axis 1.": lambda z: (
            np.exp(z[:, 1]) / np.exp(z).sum(0)[1]
        ),
    },
)
def probability(logits):
    """Softmax of logits (n, 2): the probability of class 1, (n,)."""
    return 1 / (1 + np.exp(logits[:, 0] - logits[:, 1]))


class _Narrow(np.ndarray):
    """An array of a case with 40 bins and a width of 64; nothing that is made of it may have as many numbers."""

    def __array_finalize__(self, made_of):
        if self.size >= 40 * 64:
            raise WrongAnswer(
                f"Here {self.size:,} numbers were made, one for each bin and each place of the width E. Bring the query "
                "down to the features first: W.T @ q has as many numbers as there are marks."
            )


def _case(bins: int, width: int, marks: int, seed: int) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(seed)
    return rng.standard_normal(width), rng.standard_normal((width, marks)), rng.random((bins, marks))


@exercise(
    cases=[
        (np.array([1.0, 2.0]), np.array([[1.0, 0.0], [3.0, 1.0]]), np.array([[1.0, 0.0], [0.0, 1.0], [2.0, 1.0]])),
        _case(5, 4, 3, 0),
        tuple(part.view(_Narrow) for part in _case(40, 64, 7, 1)),
    ],
    hints=[
        "Bring the query down to the features first: what is the shape of W transposed times q?",
        "It is (M,), like one bin's features. Now take its product with every row of `features`.",
    ],
    mistakes={
        "W is used without being transposed: q . (W f) = (W' q) . f.": lambda q, w, f: f @ (w @ q),
        "The keys are made first, an array of T x E numbers: bring the query down instead.": lambda q, w, f: (
            (f @ w.T) @ q
        ),
        "These are the keys; the scores are their products with the query.": lambda q, w, f: f @ w.T,
        "No softmax yet: scores are what goes into it.": lambda q, w, f: (
            np.exp(f @ (w.T @ q)) / np.exp(f @ (w.T @ q)).sum()
        ),
        "This adds up the scores of all bins; each bin has one.": lambda q, w, f: f.sum(0) @ (w.T @ q),
    },
)
def scores_without_keys(q, W, features):
    """Scores (T,) of a query q (E,) against keys W f_j, with W (E, M) and features (T, M)."""
    return features @ (W.T @ q)
