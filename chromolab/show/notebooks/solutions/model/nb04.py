"""Solutions of notebook 04: padding on both sides, a softmax with a mask, and replacing a gene's strongest pCRE."""

import numpy as np

from chromolab.show.notebooks.exercises import exercise


@exercise(
    cases=[(4, 10), (3, 10), (1, 20), (20, 20), (7, 80)],
    hints=[
        "T - n places are left over: half of them go to each side.",
        "Where T - n is odd, the left side gets one more: round up, (T - n + 1) // 2.",
        "The rest of the T places lies on the right: T - n - left.",
    ],
    mistakes={
        "The odd bin is on the right here; the model puts it on the left.": lambda n, T: (
            (T - n) // 2,
            (T - n + 1) // 2,
        ),
        "All padding is on the right here, so the fragment does not lie in the middle.": lambda n, T: (0, T - n),
        "All padding is on the left here, so the fragment does not lie in the middle.": lambda n, T: (T - n, 0),
        "This is where the bins begin and end; return the number of padding bins on each side.": lambda n, T: (
            (T - n + 1) // 2,
            (T - n + 1) // 2 + n,
        ),
        "Half bins do not exist: use whole numbers (//).": lambda n, T: ((T - n) / 2, (T - n) / 2),
    },
)
def padding(n, T):
    """Number of padding bins left and right of n bins in a row of T: (left, right)."""
    left = (T - n + 1) // 2
    return left, T - n - left


def _scores(rows: int, keys: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.normal(0, 2, (rows, keys)), np.arange(keys) % 3 > 0


def _softmax(scores):
    exp = np.exp(scores - scores.max(-1, keepdims=True))
    return exp / exp.sum(-1, keepdims=True)


@exercise(
    cases=[
        (np.array([0.0, np.log(3.0), 5.0]), np.array([True, True, False])),
        (np.array([-3.0, -4.0, -1.0, 0.5]), np.array([True, True, False, False])),
        _scores(2, 7, 0),
        _scores(4, 12, 1),
    ],
    hints=[
        "Hide before the softmax: what score gives exp(score) = 0?",
        "np.where(seen, scores, -np.inf) puts the others at minus infinity; then a softmax as in notebook 03.",
        "Subtract the maximum of the *visible* scores, which is the maximum after hiding.",
    ],
    mistakes={
        "The hidden keys' scores are 0 here, and exp(0) = 1: they still get a share. Use minus infinity.": lambda s, seen: (
            _softmax(np.where(seen, s, 0.0))
        ),
        "The mask comes after the softmax here, so the shares no longer sum to 1.": lambda s, seen: _softmax(s) * seen,
        "The mask is the wrong way round: `seen` is True for the visible keys.": lambda s, seen: _softmax(
            np.where(seen, -np.inf, s)
        ),
        "The mask is not used.": lambda s, seen: _softmax(s),
        "The hidden keys were cut out; keep their places, with a share of 0.": lambda s, seen: _softmax(s[..., seen]),
    },
)
def masked_softmax(scores, seen):
    """Scores (..., keys), seen (keys,) boolean -> shares (..., keys), 0 where not seen, each row summing to 1."""
    return _softmax(np.where(seen, scores, -np.inf))


def _everywhere(pcre, new):
    pcre = pcre.copy()
    pcre[:, 0] = new
    return pcre


def _all_ranks(pcre, new):
    return np.where(pcre >= 0, new[:, None], pcre)


def _last_rank(pcre, new):
    pcre, rows = pcre.copy(), np.flatnonzero(pcre[:, 0] >= 0)
    pcre[rows, (pcre[rows] >= 0).sum(1) - 1] = new[rows]
    return pcre


def _shifted(pcre, new):
    out = np.column_stack([new, pcre[:, :-1]])
    return np.where(pcre[:, :1] >= 0, out, pcre)


@exercise(
    cases=[
        (np.array([[3, 7, -1], [-1, -1, -1], [4, -1, -1]]), np.array([9, 9, 8])),
        (np.array([[5, 1, 2, 8], [6, -1, -1, -1], [-1, -1, -1, -1]]), np.array([0, 3, 2])),
    ],
    hints=[
        "Copy first: changed = pcre.copy().",
        "Which genes have a pCRE at all? has = pcre[:, 0] >= 0.",
        "changed[has, 0] = new[has].",
    ],
    mistakes={
        "A gene without contacts got one here; leave its -1.": _everywhere,
        "Every rank was replaced; only rank 0, the strongest, should be.": _all_ranks,
        "The weakest was replaced; the strongest stands first, at rank 0.": _last_rank,
        "The new one was put in front and the others moved down; it should take the strongest one's place.": _shifted,
        "Nothing was replaced.": lambda pcre, new: pcre.copy(),
    },
)
def exchange(pcre, new):
    """A copy of the regions by rank (genes, K), -1 where none, with `new` (genes,) at rank 0 of genes with a pCRE."""
    changed, has = pcre.copy(), pcre[:, 0] >= 0
    changed[has, 0] = new[has]
    return changed
