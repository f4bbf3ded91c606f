"""Solutions of notebook 05: a softmax with contact frequencies in its scores, a gate, and how much more a frequency gets."""

import numpy as np

from chromolab.show.notebooks.exercises import exercise


def _softmax(scores):
    exp = np.exp(scores - scores.max(-1, keepdims=True))
    return exp / exp.sum(-1, keepdims=True)


def _tokens(heads: int, tokens: int, seed: int) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(seed)
    frequency = np.append(0.0, np.sort(rng.uniform(1.5, 4, tokens - 1))[::-1])
    present = np.arange(tokens) < tokens - 1
    return rng.normal(0, 1, (heads, tokens)), rng.uniform(0, 2, (heads, 1)), frequency * present, present


@exercise(
    cases=[
        (np.zeros(3), 1.0, np.array([0.0, 1.0, 0.0]), np.array([True, True, False])),
        (np.array([-1.0, -2.0, -3.0, 0.5]), 0.5, np.array([0.0, 2.0, 4.0, 0.0]), np.array([True, True, True, False])),
        _tokens(2, 5, 0),
        _tokens(4, 9, 1),
    ],
    hints=[
        "Add gamma * frequency to the scores, before anything else.",
        "Hide the empty slots: np.where(present, scores, -np.inf).",
        "Then a softmax along the last axis, as in notebook 03.",
    ],
    mistakes={
        "The frequencies are not used.": lambda s, g, f, present: _softmax(np.where(present, s, -np.inf)),
        "The slots without a pCRE are not hidden.": lambda s, g, f, present: _softmax(s + g * f),
        "The bias comes after the softmax here, so the shares no longer sum to 1.": lambda s, g, f, present: (
            _softmax(np.where(present, s, -np.inf)) + g * f
        ),
        "The scores are multiplied by the bias; it should be added.": lambda s, g, f, present: _softmax(
            np.where(present, s * g * f, -np.inf)
        ),
        "gamma is missing: it sets how much a head uses the frequencies.": lambda s, g, f, present: _softmax(
            np.where(present, s + f, -np.inf)
        ),
    },
)
def biased_shares(scores, gamma, frequency, present):
    """Scores, frequencies, presence (..., S), and gamma of each head -> shares (..., S), 0 where not present."""
    return _softmax(np.where(present, scores + gamma * frequency, -np.inf))


@exercise(
    cases=[
        (np.array([2.0, 2.0, 2.0]), np.array([0.0, np.log(3.0), -np.log(3.0)])),
        (np.random.default_rng(0).normal(0, 1, (3, 8)), np.random.default_rng(1).normal(0, 2, (3, 8))),
    ],
    hints=[
        "The sigmoid maps any number to between 0 and 1: 1 / (1 + exp(-gate)).",
        "Number by number, told times sigmoid(gate).",
    ],
    mistakes={
        "The gate itself is the factor here; first map it to between 0 and 1 with the sigmoid.": lambda told, gate: (
            told * gate
        ),
        "The gate is upside down: exp(-gate) belongs in the sigmoid, so that a large gate is open.": lambda told, gate: (
            told / (1 + np.exp(gate))
        ),
        "This is the sigmoid of what was told; the gate is not used.": lambda told, gate: 1 / (1 + np.exp(-told)),
        "The gate is added; it should be a factor.": lambda told, gate: told + 1 / (1 + np.exp(-gate)),
        "This is tanh, between -1 and 1: it could change a value's sign, which a gate cannot.": lambda told, gate: (
            told * np.tanh(gate)
        ),
    },
)
def gated(told, gate):
    """Told and gate of one shape -> told, each number times the sigmoid of its gate."""
    return told / (1 + np.exp(-gate))


@exercise(
    cases=[(1.0, 2.0, 2.0), (1.0, 3.0, 2.0), (0.0, 4.0, 1.5), (0.99, 1.5, 4.3)],
    hints=[
        "Both shares have the same denominator, so it cancels: what is left of the ratio?",
        "exp(s + gamma * a) / exp(s + gamma * b); s cancels, too.",
    ],
    mistakes={
        "This is the ratio of the frequencies; they belong in an exponent.": lambda gamma, a, b: a / b,
        "gamma is missing.": lambda gamma, a, b: np.exp(a - b),
        "This is the difference of the scores; the softmax takes exp of it.": lambda gamma, a, b: gamma * (a - b),
        "This is b over a: swap them.": lambda gamma, a, b: np.exp(gamma * (b - a)),
        "This is a's share if there is only b beside it; return how many times b's share it is.": lambda gamma, a, b: (
            1 / (1 + np.exp(gamma * (b - a)))
        ),
    },
)
def times_more(gamma, a, b):
    """Ratio of the shares of two pCREs with the frequencies a and b, if their other scores are equal."""
    return np.exp(gamma * (a - b))
