"""Solutions of notebook 19: the bins that a stack of filters sees, and the gate that a memory needs."""

import math

from chromolab.show.notebooks.exercises import exercise


def _summed(kernels, strides, jumps):
    return 1 + sum((kernel - 1) * jump for kernel, jump in zip(kernels, jumps, strict=True))


def _own_strides_too(kernels, strides):
    return _summed(kernels, strides, [math.prod(strides[: i + 1]) for i in range(len(strides))])


@exercise(
    cases=[
        ([5], [1]),
        ([5, 5], [1, 1]),
        ([5, 5], [1, 5]),
        ([5, 5, 5], [1, 5, 1]),
        ([3, 2, 3, 2], [1, 2, 1, 2]),
        ([4], [4]),
    ],
    hints=[
        "Begin with the first layer: seen = kernels[0], and jump = strides[0], the product of the strides so far.",
        "Go through the other layers in order: seen = seen + (kernel - 1) * jump, then jump = jump * stride.",
        "zip(kernels[1:], strides[1:]) gives the kernel and the stride of each further layer.",
    ],
    mistakes={
        "The kernels are added up; neighbouring places of one layer see overlapping bins, so a layer adds kernel - 1.": (
            lambda kernels, strides: sum(kernels)
        ),
        "The strides are left out: after a stride of 5 each later layer sees five times as wide.": (
            lambda kernels, strides: _summed(kernels, strides, [1] * len(kernels))
        ),
        "A layer's own stride counts here; it widens only what the layers after it see.": _own_strides_too,
        "Only the stride of the layer just before counts here; it is the product of all strides before.": (
            lambda kernels, strides: _summed(kernels, strides, [1, *strides[:-1]])
        ),
        "The kernels are multiplied; a layer adds (kernel - 1) times the strides before it.": (
            lambda kernels, strides: math.prod(kernels)
        ),
        "The bin itself is missing: begin with the whole kernel of the first layer, not with one bin less.": (
            lambda kernels, strides: bins_seen(kernels, strides) - 1
        ),
    },
)
def bins_seen(kernels, strides):
    """Bins of the window that one output sees, of layers with these kernels and strides, first layer first."""
    seen, jump = kernels[0], strides[0]
    for kernel, stride in zip(kernels[1:], strides[1:], strict=True):
        seen += (kernel - 1) * jump
        jump *= stride
    return seen


@exercise(
    cases=[(0.25, 2), (0.5, 1), (0.1, 38), (0.9, 8)],
    hints=[
        "After two bins gate * gate is left, after n bins gate ** n.",
        "So gate ** bins = share. Which power undoes it?",
        "The bins-th root: share ** (1 / bins).",
    ],
    mistakes={
        "This is what a gate of this size leaves after so many bins; the question is the other way round.": (
            lambda share, bins: share**bins
        ),
        "A gate keeps a share of what is left, so the losses multiply, and do not add up: take a root.": (
            lambda share, bins: 1 - (1 - share) / bins
        ),
        "The share is divided by the bins; the gate is multiplied with itself, so take a root.": (
            lambda share, bins: share / bins
        ),
        "This is the share that is lost at each bin; the gate is the share that is kept.": (
            lambda share, bins: 1 - share ** (1 / bins)
        ),
    },
)
def gate_for(share, bins):
    """The gate that leaves `share` of a memory after `bins` bins, when it is the same at each."""
    return share ** (1 / bins)
