"""Solution of the primer of NumPy: a slice of bins and its mean."""

import numpy as np

from chromolab.show.notebooks.exercises import exercise


def _depth(genes: int, bins: int, marks: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).poisson(2.0, (genes, bins, marks)).astype(float)


@exercise(
    cases=[(np.arange(4.0).reshape(1, 4, 1),), (_depth(3, 20, 7, 0),), (_depth(2, 6, 2, 1),)],
    hints=[
        "Of 20 bins the TSS lies between bin 9 and bin 10. A slice keeps its begin and leaves out its end.",
        "middle = depth.shape[1] // 2 is the first bin behind the TSS; the bins are depth[:, middle - 1 : middle + 1].",
        "Take the mean along axis 1: the axis of the bins goes, genes and marks stay.",
    ],
    mistakes={
        "This is the bin behind the TSS alone; the one before it belongs to the 4 kb, too.": lambda d: d[
            :, d.shape[1] // 2
        ],
        "This slice has three bins: the end of a slice does not count, so `middle + 1` is enough.": lambda d: d[
            :, d.shape[1] // 2 - 1 : d.shape[1] // 2 + 2
        ].mean(1),
        "This is four bins, 8 kb; 2 kb on each side is one bin on each side.": lambda d: d[
            :, d.shape[1] // 2 - 2 : d.shape[1] // 2 + 2
        ].mean(1),
        "This is the mean over the genes; the axis of the bins is axis 1.": lambda d: d[
            :, d.shape[1] // 2 - 1 : d.shape[1] // 2 + 1
        ].mean(0),
        "This is the mean of the whole window; cut the two middle bins out first.": lambda d: d.mean(1),
        "This is the sum of the two bins; take their mean.": lambda d: d[
            :, d.shape[1] // 2 - 1 : d.shape[1] // 2 + 1
        ].sum(1),
    },
)
def mean_near(depth):
    """Mean depth (genes, marks) of the two bins at the TSS; depth (genes, bins, marks) runs 5' to 3'."""
    middle = depth.shape[1] // 2
    return depth[:, middle - 1 : middle + 1].mean(axis=1)
