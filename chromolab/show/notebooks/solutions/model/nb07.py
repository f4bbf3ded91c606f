"""Solutions of notebook 07: windows that training has seen, and early stopping."""

import numpy as np

from chromolab.show.notebooks.exercises import exercise


def _overlaps(tss, fold, window):
    """Whether the windows of two examples in different folds overlap: (n, n)."""
    return (np.abs(tss[:, None] - tss[None, :]) < window) & (fold[:, None] != fold[None, :])


def _chromosome(n: int, seed: int) -> tuple[np.ndarray, np.ndarray, int]:
    rng = np.random.default_rng(seed)
    return rng.integers(0, 1_000_000, n), rng.integers(1, 5, n), 40_000


@exercise(
    cases=[
        (np.array([100, 130, 180, 400]), np.array([1, 2, 1, 2]), 50),
        _chromosome(12, 0),
        _chromosome(60, 1),
    ],
    hints=[
        "tss[:, None] - tss[None, :] is the distance of each example from each other one, (n, n).",
        "fold[:, None] != fold[None, :] says which pairs lie in different folds.",
        "An example counts once, however many it overlaps: near and other, then any(axis=1), then the sum.",
    ],
    mistakes={
        "Every example overlaps itself: count only overlaps with another fold.": lambda tss, fold, window: int(
            (np.abs(tss[:, None] - tss[None, :]) < window).any(axis=1).sum()
        ),
        "This counts pairs; an example counts once, however many it overlaps.": lambda tss, fold, window: int(
            _overlaps(tss, fold, window).sum()
        ),
        "A window reaches half its width to each side, so two overlap when their TSSs are less than a whole one apart.": (
            lambda tss, fold, window: int(_overlaps(tss, fold, window / 2).any(axis=1).sum())
        ),
        "The distance has a sign here: an example on either side overlaps, so take its absolute value.": (
            lambda tss, fold, window: int(
                ((tss[:, None] - tss[None, :] < window) & (fold[:, None] != fold[None, :])).any(axis=1).sum()
            )
        ),
        "This is a share; return the number.": lambda tss, fold, window: float(
            _overlaps(tss, fold, window).any(axis=1).mean()
        ),
    },
)
def seen_before(tss, fold, window):
    """How many of the examples (n,) of a chromosome have a window that overlaps one of another fold."""
    near = np.abs(tss[:, None] - tss[None, :]) < window
    other = fold[:, None] != fold[None, :]
    return int((near & other).any(axis=1).sum())


def _first_rise(losses: list, patience: int) -> tuple:
    """Counts every rise; does not restart at a new lowest loss."""
    waited = best = 0
    for i, loss in enumerate(losses):
        best, waited = (i, waited) if loss < losses[best] else (best, waited + (i > 0))
        if waited == patience:
            return best + 1, i + 1
    return best + 1, len(losses)


def _against_the_epoch_before(losses: list, patience: int) -> tuple:
    waited = 0
    for i in range(1, len(losses)):
        waited = 0 if losses[i] < losses[i - 1] else waited + 1
        if waited == patience:
            return losses.index(min(losses[: i + 1])) + 1, i + 1
    return losses.index(min(losses)) + 1, len(losses)


@exercise(
    cases=[
        ([0.7, 0.5, 0.6, 0.65, 0.4], 2),
        ([0.7, 0.6, 0.5], 2),
        ([0.7, 0.5, 0.6, 0.55, 0.4, 0.45, 0.41, 0.42, 0.3], 3),
        ([0.9, 0.8, 0.85, 0.75, 0.8, 0.7, 0.75, 0.72], 2),
        ([0.5, 0.6, 0.55, 0.52, 0.51], 3),
    ],
    hints=[
        "Go through the epochs and keep the best one so far.",
        "At every epoch: is `epoch - best` already as large as the patience?",
        "for epoch, loss in enumerate(losses, 1): first update the best, then ask whether to stop.",
    ],
    mistakes={
        "When training stops, later epochs are not known: look only at the epochs that were run.": lambda losses, patience: (
            losses.index(min(losses)) + 1,
            len(losses),
        ),
        "Epochs are counted from 1.": lambda losses, patience: tuple(e - 1 for e in stop(losses, patience)),
        "A new lowest loss restarts the patience.": _first_rise,
        "Compare with the lowest loss so far, not with the epoch before.": _against_the_epoch_before,
        "The weights that are kept are those of the best epoch, not of the last.": lambda losses, patience: (
            (stop(losses, patience)[1],) * 2
        ),
    },
)
def stop(losses, patience):
    """(epoch whose weights are kept, last epoch run), counted from 1."""
    best = 1
    for epoch, loss in enumerate(losses, 1):
        if loss < losses[best - 1]:
            best = epoch
        if epoch - best >= patience:
            return best, epoch
    return best, len(losses)
