"""Solutions of notebook 10: movement along a direction, cut contacts, and a response as a share of a sum."""

import numpy as np

from chromolab.show.notebooks.exercises import exercise


def _moves(n: int, width: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, width)), rng.normal(size=width)


@exercise(
    cases=[
        (np.array([[3.0, 4.0], [-1.0, 2.0]]), np.array([2.0, 0.0])),
        _moves(20, 6, 0),
        _moves(5, 12, 1),
    ],
    hints=[
        "The dot product of a move and a direction, move @ axis, is what you want if the direction has length 1.",
        "np.linalg.norm(axis) is the direction's length: divide by it, once.",
    ],
    mistakes={
        "The axis has a length of its own, which must not count: divide by np.linalg.norm(axis).": lambda m, a: m @ a,
        "This divides by the axis' length twice: the dot product grows with it once.": lambda m, a: m @ a / (a @ a),
        "This is the cosine: how well the directions agree. The length of the move counts, too.": lambda m, a: (
            m @ a / (np.linalg.norm(m, axis=1) * np.linalg.norm(a))
        ),
        "The sign was lost: a move against the axis is negative.": lambda m, a: np.abs(m @ a) / np.linalg.norm(a),
        "This is the whole length of the move, in any direction.": lambda m, a: np.linalg.norm(m, axis=1),
    },
)
def along(move, axis):
    """How far each move (n, d) goes along the direction of `axis` (d,) of any length: (n,), with a sign."""
    return move @ axis / np.linalg.norm(axis)


def _contacts(n: int, k: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    present = np.arange(k) < rng.integers(0, k + 1, n)[:, None]
    pcre = np.where(present, rng.integers(0, 50, (n, k)), -1)
    return pcre, np.where(present, rng.uniform(1.5, 4, (n, k)), 0.0), present & (rng.random((n, k)) < 0.4)


@exercise(
    cases=[
        (np.array([[7, 0, -1]]), np.array([[2.5, 1.75, 0.0]]), np.array([[True, False, False]])),
        _contacts(12, 4, 0),
        _contacts(6, 8, 1),
    ],
    hints=[
        "np.where(gone, a, b) takes a where `gone` is true, and b elsewhere.",
        "In `pcre`, no contact is written as -1; in `frequency`, as 0. Return the two as a tuple.",
    ],
    mistakes={
        "0 is the first region: no contact is written as -1.": lambda p, f, g: (
            np.where(g, 0, p),
            np.where(g, 0, f),
        ),
        "The frequency of a cut contact is still there: set it to 0 as well.": lambda p, f, g: (np.where(g, -1, p), f),
        "This keeps the contacts that should go, and cuts the rest.": lambda p, f, g: (
            np.where(g, p, -1),
            np.where(g, f, 0),
        ),
        "The contact is still there: only its frequency was set to 0. Its region must become -1.": lambda p, f, g: (
            p,
            np.where(g, 0, f),
        ),
        "A frequency is never negative: -1 is for regions, 0 for frequencies.": lambda p, f, g: (
            np.where(g, -1, p),
            np.where(g, -1, f),
        ),
    },
)
def cut_contacts(pcre, frequency, gone):
    """The contacts (pcre, frequency), both (n, K), without those that are `gone` (n, K)."""
    return np.where(gone, -1, pcre), np.where(gone, 0, frequency)


@exercise(
    cases=[
        (np.array([0.0, 1.0, 1.5, 1.5]),),
        (np.array([0.0, -0.5, -0.75]),),
        (3 * np.tanh(np.arange(9) / 3),),
    ],
    hints=[
        "If k elements did k times what one does, the response would be k * response[1].",
        "k = np.arange(1, len(response)); leave out the dose 0, where both are 0.",
    ],
    mistakes={
        "This is what is missing, not what is left: take the ratio itself.": lambda r: (
            1 - r[1:] / (np.arange(1, len(r)) * r[1])
        ),
        "This compares with one element alone; k of them would do k times as much.": lambda r: r[1:] / r[1],
        "This compares what each further element adds with the first; compare the whole response with the whole sum.": lambda r: (
            np.diff(r) / r[1]
        ),
        "This is upside down: divide the response by the sum.": lambda r: np.arange(1, len(r)) * r[1] / r[1:],
        "There is no ratio for dose 0: begin with one element.": lambda r: np.append(
            np.nan, r[1:] / (np.arange(1, len(r)) * r[1])
        ),
    },
)
def share_of_sum(response):
    """Response to k = 1 to K elements, divided by k times the response to one; `response` (1 + K,) begins at dose 0."""
    return response[1:] / (np.arange(1, len(response)) * response[1])
