"""Solutions of notebook 15: the other strand, the best match of a motif, and what distance leaves of a contact."""

import numpy as np

from chromolab.show.notebooks.exercises import exercise

COMPLEMENT = str.maketrans("ACGT", "TGCA")


@exercise(
    cases=[("GATTACA",), ("TGGCCACCAGGGGGCGCTA",), ("ACGT",), ("AAC",)],
    hints=[
        "A pairs with T, and C with G: exchange each letter for its partner.",
        "The other strand is read from the other end: text[::-1] turns a text round.",
        'A table does the exchange: text.translate(str.maketrans("ACGT", "TGCA")).',
    ],
    mistakes={
        "These are the partners, in the same order: the other strand is read from the other end.": lambda text: (
            text.translate(COMPLEMENT)
        ),
        "This is the text backwards: its letters are not yet the partners.": lambda text: text[::-1],
        "This is the strand that was given.": lambda text: text,
    },
)
def other_strand(text):
    """The same place read on the other strand."""
    return text.translate(COMPLEMENT)[::-1]


def _windows(letters: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Scores of every place, (places,)."""
    width = len(scores)
    return np.array([(letters[:, i : i + width].T * scores).sum() for i in range(letters.shape[1] - width + 1)])


def _case(seed: int, size: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return np.eye(4)[rng.integers(0, 4, size)].T, rng.normal(size=(width, 4)).round(1)


@exercise(
    cases=[_case(0, 12, 4), _case(1, 30, 7), _case(2, 5, 5)],
    hints=[
        "At one place the score is a sum: of each letter that stands there, the number that the motif has for it.",
        "letters[:, i : i + width] is (4, width) and scores is (width, 4): turn one (.T), multiply, sum.",
        "The last place is len(letters[0]) - width: range(letters.shape[1] - width + 1). Take the largest.",
    ],
    mistakes={
        "The motif is turned here: its first row belongs to the first letter of the place.": lambda letters, scores: (
            float(_windows(letters, scores[::-1]).max())
        ),
        "The last place is missing: there are L - width + 1 of them.": lambda letters, scores: float(
            _windows(letters[:, : max(letters.shape[1] - 1, len(scores))], scores).max()
        ),
        "This is the mean over the places: a factor binds the best one.": lambda letters, scores: float(
            _windows(letters, scores).mean()
        ),
        "This is where the best match lies: its score is asked for.": lambda letters, scores: float(
            _windows(letters, scores).argmax()
        ),
    },
)
def best_match(letters, scores):
    """The best score of a motif (width, 4) in one-hot letters (4, L), on the strand that is given."""
    return float(_windows(letters, scores).max())


def _mean_of_step(count: np.ndarray, step: np.ndarray) -> np.ndarray:
    return np.array([count[step == s].mean() for s in step])


@exercise(
    cases=[
        (np.array([12.0, 4.0, 2.0, 6.0]), np.array([0, 0, 1, 1])),
        (np.array([5.0, 1.0, 0.0, 9.0, 3.0]), np.array([2, 0, 0, 2, 1])),
    ],
    hints=[
        "What distance alone lets expect of a pair is the mean count of all pairs in its step of distance.",
        "For step s: count[step == s].mean(). The expected count of each pair is that of its own step.",
        "Divide: 1 is what distance gives, 3 is three times as much.",
    ],
    mistakes={
        "This divides by the mean of all pairs: near pairs would look as if they liked each other.": lambda count, step: (
            count / count.mean()
        ),
        "This subtracts what is expected: contacts are told as a ratio.": lambda count, step: (
            count - _mean_of_step(count, step)
        ),
        "This divides by the sum of the step: the expected count is its mean.": lambda count, step: (
            count / np.array([count[step == s].sum() for s in step])
        ),
        "These are the expected counts: divide what was observed by them.": _mean_of_step,
    },
)
def over_expected(count, step):
    """Observed over expected of pairs (pairs,), `step` (pairs,) being each pair's step of distance."""
    return count / _mean_of_step(count, step)
