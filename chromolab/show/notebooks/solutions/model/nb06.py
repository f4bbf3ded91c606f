"""Solutions of notebook 06: logits to probabilities, and shares of attention."""

import numpy as np

from chromolab.show.notebooks.exercises import exercise


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


def _softmax(scores, axis=-1):
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def _heads(heads: int, tokens: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.normal(0, 2, (heads, tokens)), rng.uniform(0.9, 1.1, (heads, 1)) * rng.uniform(0, 2, tokens)


@exercise(
    cases=[
        (np.array([[0.0, 1.0, 2.0], [3.0, 0.0, 0.0]]), np.array([[0.0, 2.0, 1.0], [0.0, 1.0, 3.0]])),
        _heads(4, 6, 0),
        _heads(2, 9, 1),
    ],
    hints=[
        "A score is what is said plus the bias; the softmax comes after the sum.",
        "Softmax: exp of each score, divided by the sum of the exps in its row (axis=-1, keepdims=True).",
    ],
    mistakes={
        "The bias is missing: a score is what is said plus the bias.": lambda said, bias: _softmax(said),
        "What is said is missing: a score is what is said plus the bias.": lambda said, bias: _softmax(bias),
        "The bias is added to the scores, before the softmax, not to the shares.": lambda said, bias: (
            _softmax(said) + bias
        ),
        "The bias is added to the scores; here it multiplies them.": lambda said, bias: _softmax(said * bias),
        "This sums over the heads; the shares of each head sum to 1 over the tokens.": lambda said, bias: _softmax(
            said + bias, 0
        ),
        "These are not divided by their sum: the shares of each head sum to 1.": lambda said, bias: np.exp(said + bias),
        "These are the scores; shares are their softmax.": lambda said, bias: said + bias,
    },
)
def share_of(said, bias):
    """Shares of attention (heads, tokens): the softmax over tokens of what is said plus the bias, both of that shape."""
    scores = np.exp(said + bias)
    return scores / scores.sum(axis=-1, keepdims=True)
