"""Device, precision, threads and evaluation mode: how a model is run."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn

from chromolab.errors import ChromolabError
from chromolab.models.base import Model, check_model

PRECISIONS = ("float32", "tf32", "bfloat16")
FEW = 8  # examples that one thread predicts sooner than several


def pick_device(device: str | torch.device | None = None) -> torch.device:
    """The requested device, or the best available: CUDA, then Apple's MPS, then the CPU.

    Raises ChromolabError if this machine or this build of torch lacks the requested device.
    """
    if device is None:
        if torch.cuda.is_available():
            return torch.device("cuda")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    try:
        device = torch.device(device)
    except (RuntimeError, TypeError):
        raise ChromolabError(f"device is {str(device)[:40]!r}; expected 'cpu', 'cuda' or 'mps'.") from None
    cuda, mps = torch.cuda.is_available(), torch.backends.mps.is_available()
    if (device.type == "cuda" and not cuda) or (device.type == "mps" and not mps):
        raise ChromolabError(f"device {str(device)!r} is not available here; leave it out, or run `chromolab doctor`")
    return device


def models_of(models: Model | Iterable[Any] | Mapping[Any, Any]) -> list[Model]:
    """All models as one flat list, given one model, a list, or {anything: one or a list}.

    Raises ChromolabError if there is none, or if one is not a `Model`.
    """
    if isinstance(models, str) or not isinstance(models, Iterable):
        return [check_model(models)]
    parts = models.values() if isinstance(models, Mapping) else models
    if not (flat := [model for part in parts for model in models_of(part)]):
        raise ChromolabError("no model given; expected a model, a list of models, or {task: models}")
    return flat


@contextmanager
def evaluating(model: Model, device: torch.device) -> Iterator[None]:
    """Inside the block the model is on a device and in evaluation mode; afterwards it trains again if it did before."""
    was_training = model.training
    if next(model.parameters()).device != device:  # `to` looks at every tensor, which takes milliseconds
        model.to(device)
    model.eval()
    try:
        yield
    finally:
        model.train(was_training)


@contextmanager
def matrix_precision(name: str, device: torch.device) -> Iterator[None]:
    """Inside the block, with name "tf32" on CUDA, float32 matrix products keep 10 bits of mantissa."""
    if name not in PRECISIONS:
        raise ChromolabError(f"precision is {name!r}; expected one of {', '.join(PRECISIONS)}")
    before = torch.get_float32_matmul_precision()
    if name == "tf32" and device.type == "cuda":
        torch.set_float32_matmul_precision("high")
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before)


def autocast(name: str, device: torch.device) -> torch.autocast:
    """For a forward pass: with name "bfloat16", matrix products keep 7 bits of mantissa."""
    return torch.autocast(device.type, torch.bfloat16, enabled=name == "bfloat16")


@contextmanager
def few_threads(examples: int) -> Iterator[None]:
    """Inside the block torch uses one thread for few examples: more threads would only wait for busy cores."""
    before = torch.get_num_threads()
    torch.set_num_threads(1 if examples <= FEW else before)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def stackable(model: Model) -> tuple:
    """A key; models with the same key can share a stack, and what is loaded for it.

    A model with buffers (batch norm), frozen weights or a recurrent network (which `torch.func` cannot map) shares with
    no other.
    """
    plain = next(model.buffers(), None) is None and all(p.requires_grad for p in model.parameters())
    plain = plain and not any(isinstance(part, nn.RNNBase) for part in model.modules())
    if not plain:
        return (id(model),)
    config = {k: v for k, v in model.config().items() if k != "task"} | {"transforms": model.transforms}
    return (type(model), next(model.parameters()).dtype, *sorted((k, str(v)) for k, v in config.items()))
