"""The contract of a model: what training, prediction, explanations and the lab ask of it. Read it to write your own.

CONTRIBUTING shows a model of 20 lines, "A model of your own"; the tests hold it and every model here to this contract.
"""

import inspect
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn

from chromolab.data.dataset.batches import Loader
from chromolab.data.dataset.dataset import Dataset
from chromolab.errors import ChromolabError

TASKS = {"classification": 2, "regression": 1}  # what a model predicts, and its number of outputs


class Model(nn.Module):
    """A model that `cl.fit`, `cl.predict`, `cl.compare`, `cl.explain`, `cl.effect` and `cl.WhatIf` accept.

    A subclass
    - calls `super().__init__(marks, task, resolutions)` and then makes its layers inside `with seeded(seed)`;
    - maps a `Batch` of B genes to outputs (B, `self.outputs`) in `forward`;
    - ends in a linear layer called `out`, or overrides `start_at`;
    - keeps every argument of its constructor but `seed` as an attribute of that name, or overrides `config`.

    Parameters
    ----------
    marks : sequence of str
        The tracks it reads, in order: the M columns of a batch. A dataset must have them, in any order.
    task : {"classification", "regression"}
        Two logits (expressed below, at or above its cell type's median), or one value, log2(expression + 1).
    resolutions : sequence of int
        Base pairs per bin of what it reads, `batch.promoter[resolution]` and `batch.pcre[resolution]`; each must divide
        the dataset's window. A model that reads no tracks has none.

    Attributes
    ----------
    outputs : int
        2 or 1, by task.
    scales : {mark: str}
        The scale of each track it was trained on; `cl.fit` and `cl.load_checkpoint` set it.
    transforms : {mark: str} or None
        What it learnt to read of a mark in place of ln(1 + depth), set like `scales`; it reads any dataset so. None,
        before training: it reads a dataset as that says.
    origin : str
        Of the data it was trained on (`Dataset.origin`), "" where that is not known; set like `scales`.
    made_by : str
        Python that gives this model again, such as 'cl.pretrained("regression", 0)'; "" once it is trained.
    PUBLISHED : dict
        Its published training, if there is one: `cl.fit(model, dataset, **model.PUBLISHED)`.

    Raises
    ------
    ChromolabError
        For an unknown task, no marks, or marks or resolutions that repeat.
    """

    PUBLISHED: dict = {}
    out: nn.Linear  # the last layer
    checkpoint: dict  # what a checkpoint holds beside the weights; set by `load_checkpoint`

    def __init__(self, marks: Sequence[str], task: str = "classification", resolutions: Sequence[int] = ()):
        super().__init__()
        self.marks, self.task, self.resolutions = tuple(marks), task, tuple(int(r) for r in resolutions)
        self.outputs = TASKS[check_task(task)]
        self.scales: dict[str, str] = {}
        self.transforms: dict[str, str] | None = None
        self.origin = self.made_by = ""
        if not self.marks or len(set(self.marks)) < len(self.marks):
            raise ChromolabError(f"marks is {self.marks}; expected at least one, none twice")
        if len(set(self.resolutions)) < len(self.resolutions):
            raise ChromolabError(f"resolutions is {self.resolutions}; expected none twice")

    def loader(self, dataset: Dataset, device: str | torch.device | None = None, **more: Any) -> Loader:
        """The model's inputs, on a device (default its own) and in its precision: `loader.batch(rows)` is a `Batch`.

        A model that reads more than tracks and contacts overrides this, and hands what it needs to `Loader`.
        """
        like = next(self.parameters())
        more = {"transforms": self.transforms} | more
        return Loader(dataset, self.marks, self.resolutions, device or like.device, like.dtype, **more)

    def config(self) -> dict:
        """The arguments that build the same model again: `type(model)(**model.config())`."""
        names = [name for name in inspect.signature(type(self)).parameters if name != "seed"]
        if missing := [name for name in names if not hasattr(self, name)]:
            raise ChromolabError(
                f"{type(self).__name__} does not keep its argument {missing[0]!r}: set self.{missing[0]}, or override "
                "`config` (chromolab.models.base.Model)"
            )
        return {name: getattr(self, name) for name in names}

    def start_at(self, value: float) -> None:
        """Let a regressor begin at a value, the mean of the labels, instead of near zero."""
        nn.init.constant_(self.out.bias, value)


@contextmanager
def seeded(seed: int | None) -> Iterator[None]:
    """Inside the block, weights come from this seed, and torch's global generator is left as it was.

    With None they come from the global generator.
    """
    with torch.random.fork_rng(devices=[], enabled=seed is not None):
        if seed is not None:
            torch.manual_seed(seed)
        yield


def check_task(task: str) -> str:
    """The task itself; raises ChromolabError unless it is one of `TASKS`."""
    if task not in TASKS:
        raise ChromolabError(f"task is {task!r}; expected {' or '.join(map(repr, TASKS))}")
    return task


def check_model(model: object) -> Model:
    """The model itself; raises ChromolabError unless it is a `Model`."""
    if not isinstance(model, Model):
        raise ChromolabError(
            f"expected a model, found a {type(model).__name__}: derive a model of your own from "
            "chromolab.models.base.Model, as CONTRIBUTING shows under 'A model of your own'"
        )
    return model
