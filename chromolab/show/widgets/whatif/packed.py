"""Genes and models as bytes for a page that has no kernel; `local/payload.js` reads them.

Numbers of two or more bytes are stored as planes (all first bytes, then all second bytes ...), which compress better.
"""

from collections.abc import Sequence
from copy import deepcopy

import numpy as np
import torch

from chromolab.data.dataset.signal import Signal
from chromolab.errors import ChromolabError
from chromolab.models.base import Model
from chromolab.models.chromoformer import Chromoformer

PRECISIONS = ("float16", "int8", "float32")
HUNDREDTHS = "hundredths"


def planes(array: np.ndarray) -> bytes:
    """The bytes of an array, little-endian, byte by byte: all lowest bytes first."""
    array = np.ascontiguousarray(array, array.dtype.newbyteorder("<")).ravel()
    return np.ascontiguousarray(array.view("u1").reshape(-1, array.itemsize).T).tobytes()


def pack_depth(signal: Signal) -> tuple[dict, dict[str, bytes]]:
    """Depth without loss, mark by mark: as whole hundredths where these give it again, else as it is stored.

    Parameters
    ----------
    signal : Signal

    Returns
    -------
    (dict, {name: bytes})
        "stored": the dtype in which edits are rounded, "as": "hundredths" or that dtype; and the parts "depth" and,
        where not every base has data, "covered".
    """
    depth, parts = signal.depth, {}
    stored = depth.dtype.name
    with np.errstate(invalid="ignore"):
        whole = np.round(depth.astype(np.float64) * 100)
        exact = np.array_equal((whole / 100).astype(depth.dtype), depth) and whole.min() >= 0 and whole.max() < 2**16
    values = whole.astype(np.uint16) if exact else depth
    parts["depth"] = planes(values.T)
    if signal.covered is not None:
        parts["covered"] = planes(signal.covered.T.astype(np.uint32))
    return {"stored": stored, "as": HUNDREDTHS if exact else stored}, parts


def check_packable(models: Sequence[Model]) -> None:
    """Raise `ChromolabError` unless a page can compute every one of these models."""
    for model in models:
        if type(model) is not Chromoformer:
            raise ChromolabError(
                f"a page without a kernel computes Chromoformers, this model is a {type(model).__name__}; show it with "
                "cl.WhatIf in a notebook"
            )
        if model.transforms:
            marks = ", ".join(model.transforms)
            raise ChromolabError(
                f"a page without a kernel reads ln(1 + depth), this model reads {marks} by another transform; show it "
                "with cl.WhatIf in a notebook"
            )
        if any(not p.isfinite().all() for p in model.parameters()):
            raise ChromolabError("a model has weights that are not finite numbers; train it again")


def pack_models(models: Sequence[Model], precision: str) -> tuple[list[dict], bytes]:
    """The sizes of models, and all their weights.

    Parameters
    ----------
    models : list of Chromoformer
    precision : {"float16", "int8", "float32"}
        Of the weights. With int8 each row of a matrix has its own scale; vectors stay float32, and so do the few
        weights that read the marks and those that give the answer, on which most of the error would rest.

    Returns
    -------
    (list of dict, bytes)
        "config", and "tensors": [[name, shape, whether it is int8], ...] in the order of the bytes: all numbers with a
        fraction, then all whole ones.
    """
    listed, real, whole = [], [], [np.zeros(0, np.int8)]
    for model in models:
        tensors = []
        for name, tensor in model.state_dict().items():
            values = tensor.detach().cpu().numpy().astype(np.float32)
            tensors.append([name, list(values.shape), is_whole := precision == "int8" and _in_few_bits(name, values)])
            if is_whole:
                rows, values = _whole(values)
                whole.append(rows.ravel())
            real.append(values.ravel())
        listed.append({"config": {k: _plain(v) for k, v in model.config().items()}, "tensors": tensors})
    numbers = np.concatenate(real).astype(np.float16 if precision == "float16" else np.float32)
    return listed, planes(numbers) + np.concatenate(whole).tobytes()


def as_packed(model: Model, precision: str) -> Model:
    """A copy of a model with the weights that the page has."""
    copy = deepcopy(model).cpu().float().eval()
    with torch.no_grad():
        for name, parameter in copy.named_parameters():
            values = parameter.numpy()
            if precision == "float16":
                values = values.astype(np.float16)
            elif precision == "int8" and _in_few_bits(name, values):
                whole, scale = _whole(values)
                values = whole * scale[:, None]
            parameter.copy_(torch.from_numpy(values.astype(np.float32)))
    if any(not p.isfinite().all() for p in copy.parameters()):
        raise ChromolabError(f"a weight is too large for {precision}; save the page with precision='float32'")
    return copy


def _in_few_bits(name: str, values: np.ndarray) -> bool:
    """Whether int8 does for a tensor: see `pack_models`."""
    return values.ndim == 2 and "lin_proj" not in name and not name.startswith("fc_head")


def _whole(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A matrix as int8, and the float32 scale of each row."""
    scale = np.abs(values).max(1) / np.float32(127)
    scale[scale == 0] = 1
    return np.round(values / scale[:, None]).astype(np.int8), scale.astype(np.float32)


def _plain(value):
    return list(value) if isinstance(value, tuple) else value
