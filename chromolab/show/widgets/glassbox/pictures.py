"""Small pictures of tensors, for the boxes of the glass box's map."""

from collections.abc import Sequence

import numpy as np

THUMBNAIL = (28, 80)  # rows and columns of a box's small picture, at most
HIDDEN = 255  # the level that stands for "not seen"; 0 to 254 are values


def flat(values: np.ndarray, axes: Sequence[str], seen: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """A tensor as a picture: values and whether they are hidden, each (rows, columns).

    Bins run along the columns, and each head has its own rows; without bins each head has its own block of columns.
    """
    values = np.asarray(values, np.float64)
    hidden = np.isnan(values)
    if seen is not None:
        along = axes.index("bin") if "bin" in axes else len(axes) - 1 - axes[::-1].index("token")
        hidden = hidden | ~seen.reshape([-1 if i == along else 1 for i in range(values.ndim)])
    if "bin" in axes:
        turned = [
            np.moveaxis(a, axes.index("bin"), -1).reshape(-1, values.shape[axes.index("bin")]) for a in (values, hidden)
        ]
    elif values.ndim == 3:  # (H, S, E) -> (S, H*E)
        turned = [np.moveaxis(a, 0, 1).reshape(values.shape[1], -1) for a in (values, hidden)]
    else:
        turned = [a.reshape(-1, values.shape[-1]) for a in (values, hidden)]
    return turned[0], turned[1]


def thumbnail(values: np.ndarray, axes: Sequence[str], seen: np.ndarray | None) -> np.ndarray:
    """A tensor in few pixels: uint8 (rows, columns), where 255 is hidden and 0 to 254 run from 0 to the largest value.

    Where a tensor has negative numbers, 127 is zero.
    """
    picture, hidden = flat(values, axes, seen)
    pooled, shown = np.where(hidden, 0, picture), (~hidden).astype(float)
    for axis, most in enumerate(THUMBNAIL):
        edges = np.unique(np.linspace(0, pooled.shape[axis], most + 1).astype(int)[:-1])
        if pooled.shape[axis] > most:
            pooled, shown = (np.add.reduceat(a, edges, axis) for a in (pooled, shown))
    mean = np.divide(pooled, shown, out=np.zeros_like(pooled), where=shown > 0)
    top = np.abs(mean).max(initial=0) or 1.0
    signed = np.nanmin(values, initial=0) < 0
    levels = 127 + 127 * mean / top if signed else 254 * mean / top
    return np.where(shown > 0, np.rint(levels), HIDDEN).astype(np.uint8)
