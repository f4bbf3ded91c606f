"""The state of one model's training between two steps, and the result when it is finished."""

import math
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import MISSING, dataclass, field, fields
from functools import cached_property
from numbers import Real
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from chromolab.data.dataset.combine import joined_origin
from chromolab.data.dataset.dataset import Dataset
from chromolab.data.dataset.torch_files import read_torch_file, write_torch_file
from chromolab.data.files import alone, make_folder
from chromolab.data.text import is_whole
from chromolab.data.tracks.scales import learn_scales
from chromolab.errors import ChromolabError
from chromolab.learn import metrics
from chromolab.models.base import Model, check_model

FORMAT = "chromolab-training-2"
LARGEST = 10_000  # of log2(expression + 1): more is no logarithm
DIVERGED = 10  # a loss this many times that of a constant guess tells of a training that went astray


@dataclass
class Run:
    """What `fit` returns; the best weights are in `model`.

    Attributes
    ----------
    model : Model
    history : DataFrame
        A row per epoch: epoch, lr, train_loss, validation_loss, the task's scores on the validation genes, seconds;
        `attrs["origin"]` is the examples' origin.
    best_epoch : int
        The epoch whose weights the model holds: that with the lowest validation loss, or the last (`keep`).
    interrupted : bool
        Whether it was interrupted before its end.
    """

    model: Model
    history: pd.DataFrame
    best_epoch: int
    interrupted: bool = False

    @property
    def best(self) -> dict[str, float]:
        """The history's row of the best epoch."""
        row = self.history.set_index("epoch").loc[self.best_epoch]
        return {str(name): value for name, value in row.to_dict().items()}


@dataclass(frozen=True)
class Recipe:
    """How to train; see `chromolab.learn.train.fit.fit`."""

    epochs: int
    batch_size: int
    lr: float
    weight_decay: float
    decay: float
    patience: int | None
    precision: str
    optimizer: str = "adamw"
    clip: float | None = None
    focal: float = 0.0
    keep: str = "best"

    def __post_init__(self):
        for name in ("epochs", "batch_size"):
            check_number(name, getattr(self, name), "a whole number from 1", is_whole(getattr(self, name)))
        patience = self.patience is None or is_whole(self.patience)
        check_number("patience", self.patience, "a whole number from 1, or None", patience)
        for name in ("lr", "weight_decay", "decay", "focal"):
            value = getattr(self, name)
            check_number(name, value, "a number that is not negative", is_finite(value) and value >= 0)
        clip = self.clip is None or (is_finite(self.clip) and self.clip > 0)
        check_number("clip", self.clip, "a number above 0, or None", clip)
        check_number("keep", self.keep, "'best' or 'last'", self.keep in ("best", "last"))


def is_finite(value: object) -> bool:
    """Whether a value is one finite number, and no bool."""
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)


def check_number(name: str, value: object, expected: str, fits: bool) -> None:
    """Raise `ChromolabError` unless an argument fits."""
    if not fits:
        raise ChromolabError(f"{name} is {str(value)[:60]}; expected {expected}.")


@dataclass(eq=False)
class TrainingJob:
    """The state of one model's training between two steps, which a checkpoint keeps beside weights and moments."""

    model: Model
    train: Dataset
    validation: Dataset
    recipe: Recipe
    seed: int = 0
    checkpoint: Path | None = None
    name: str = ""
    epoch: int = 0
    step: int = 0
    total: float = 0.0  # sum of the losses of this epoch's steps so far
    history: list[dict] = field(default_factory=list)
    best: dict[str, Tensor] | None = None
    best_epoch: int = 0
    spread: float = 0.0  # standard deviation of the best epoch's predictions on validation
    failed: str = ""  # why it cannot continue
    order: tuple[int, np.ndarray] | None = None  # an epoch, and the order of its examples

    def __post_init__(self):
        check_model(self.model)
        check_number("seed", self.seed, "a whole number from 0", is_whole(self.seed, 0))
        if not all(bool(p.isfinite().all()) for p in self.model.parameters()):
            raise ChromolabError("the model has weights that are not finite; make it or load it again.")
        if not len(self.train) or not len(self.validation):
            raise ChromolabError(
                f"{len(self.train)} training, {len(self.validation)} validation examples; expected some of each"
            )
        for examples in (self.train, self.validation):
            truth = metrics.truth_of(examples, self.model.task)  # raises for genes without expression
            if self.model.task == "classification" and truth.max() > 1:
                raise ChromolabError(f"a label is {truth.max()}; expected 0 and 1. Build the dataset again.")
            if self.model.task == "regression" and not (abs(truth) < LARGEST).all():
                raise ChromolabError(
                    f"log2_expression reaches {abs(truth).max():.3g}; expected log2(expression + 1), below {LARGEST}. "
                    "Correct the expression table, and build the dataset again."
                )
        learn_scales(self.model, self.train)
        self.batch_size = min(self.recipe.batch_size, len(self.train))
        self.steps = len(self.train) // self.batch_size  # per epoch: a last batch that is not full is dropped
        if self.checkpoint is not None:
            make_folder(self.checkpoint.parent)

    @property
    def done(self) -> int:
        """Steps taken since the first epoch."""
        return self.epoch * self.steps + self.step

    @property
    def finished(self) -> bool:
        """Whether all epochs are done, or the validation loss has stalled for `patience` epochs."""
        patience = self.recipe.patience
        stalled = patience is not None and self.best is not None and self.epoch - self.best_epoch >= patience
        return stalled or self.epoch >= self.recipe.epochs

    @property
    def lr(self) -> float:
        """The learning rate of the current epoch."""
        return self.recipe.lr * self.recipe.decay**self.epoch

    def next_rows(self) -> np.ndarray:
        """The training examples of the next step, (batch_size,): the order depends only on the seed and the epoch."""
        if self.order is None or self.order[0] != self.epoch:
            self.order = self.epoch, np.random.default_rng([self.seed, self.epoch]).permutation(len(self.train))
        return self.order[1][self.step * self.batch_size : (self.step + 1) * self.batch_size]

    def step_seed(self) -> int:
        """Seed for dropout in the next step; derived, so a checkpoint need not store it."""
        return int(np.random.default_rng([self.seed, self.epoch, self.step]).integers(2**63))

    def close_epoch(self, train_loss: float, validation_loss: float, outputs: np.ndarray, seconds: float) -> None:
        """Record an epoch's end; keep the weights if they are the best so far, or note a loss that is not finite."""
        if not np.isfinite([train_loss, validation_loss]).all():
            where = f"{self.name}, epoch" if self.name else "epoch"
            self.failed = (
                f"{where} {self.epoch + 1}: the loss is {train_loss}, on validation {validation_loss}; lower lr"
            )
            return
        scores = metrics.score(metrics.truth_of(self.validation, self.model.task), outputs, self.model.task)
        row = {"epoch": self.epoch + 1, "lr": self.lr, "train_loss": train_loss, "validation_loss": validation_loss}
        self.history.append(row | scores | {"seconds": seconds})
        self.epoch, self.step, self.total = self.epoch + 1, 0, 0.0
        last = self.recipe.keep == "last" or self.best is None
        if last or validation_loss < self.history[self.best_epoch - 1]["validation_loss"]:
            self.best_epoch, self.best, self.spread = self.epoch, _copied(self.model), float(outputs.std())

    @property
    def strayed(self) -> str:
        """Where the loss rose beyond any use, in words; empty if it did not."""
        truth = metrics.truth_of(self.train, self.model.task)
        guess = math.log(2) if self.model.task == "classification" else max(float(truth.var()), 0.1)
        for row in self.history:
            if (loss := max(row["train_loss"], row["validation_loss"])) > DIVERGED * guess:
                return f"epoch {row['epoch']}: the loss is {loss:.3g}, that of a constant guess {guess:.3g}"
        return ""

    def finish(self, interrupted: bool) -> Run:
        """Load the best weights into the model and return its `Run`."""
        if self.best is not None:
            self.model.load_state_dict(self.best)
            self.best = None  # frees a copy
        self.model.eval()
        history = pd.DataFrame(self.history)
        history.attrs["origin"] = joined_origin([self.train.origin, self.validation.origin])
        return Run(self.model, history, self.best_epoch, interrupted)

    # ----- on disk ----------------------------------------------------------------------------------------------------

    @cached_property
    def identity(self) -> dict:
        """What must be the same to continue from a checkpoint; the number of epochs and the patience may differ."""
        recipe = {k: getattr(self.recipe, k) for k in ("lr", "weight_decay", "decay", "precision")}
        later = {f.name: f.default for f in fields(Recipe) if f.default is not MISSING}  # older checkpoints lack these
        recipe |= {k: getattr(self.recipe, k) for k, default in later.items() if getattr(self.recipe, k) != default}
        return recipe | {
            "seed": self.seed,
            "batch_size": self.batch_size,
            "task": self.model.task,
            "marks": list(self.model.marks),
            "resolutions": list(self.model.resolutions),
            "parameters": sum(p.numel() for p in self.model.parameters()),
            "training": _fingerprint(self.train),
            "validation": _fingerprint(self.validation),
        }

    def save(self, moments: dict) -> None:
        """Write the checkpoint, complete or not at all."""
        if self.checkpoint is not None:
            state = {k: getattr(self, k) for k in _KEPT}
            state |= {"format": FORMAT, "identity": self.identity, "moments": moments}
            write_torch_file(state | {"net": _copied(self.model), "random": torch.get_rng_state()}, self.checkpoint)

    def restore(self) -> dict | None:
        """Continue from the checkpoint, if there is one; returns the optimizer's moments.

        Raises ChromolabError if it belongs to another run.
        """
        if self.checkpoint is None or not self.checkpoint.exists():
            return None
        state = read_torch_file(self.checkpoint)
        saved = state.get("identity")
        if state.get("format") != FORMAT or not isinstance(saved, dict):
            raise ChromolabError(f"{self.checkpoint}: no checkpoint of a training that goes on; give another path")
        if saved != self.identity:
            other = [str(k)[:40] for k in self.identity | saved if saved.get(k) != self.identity.get(k)]
            raise ChromolabError(
                f"{self.checkpoint}: belongs to another run (different {', '.join(other[:12])}); give the same "
                "arguments, or another path"
            )
        try:
            self._take(state)
        except (KeyError, TypeError, ValueError, RuntimeError, AttributeError) as error:
            raise ChromolabError(
                f"{self.checkpoint}: its parts do not fit each other ({error}); remove it to begin again"
            ) from error
        return state["moments"]

    def _take(self, state: dict) -> None:
        """Set this job to a checkpoint's state; raises before anything is changed where that is no state."""
        own = {k: v.shape for k, v in self.model.state_dict().items()}
        for name, tensors in (("net", state["net"]), ("best", state["best"])):
            shapes = {k: v.shape for k, v in tensors.items()} if tensors is not None else own
            if shapes != own or (tensors is None and name == "net"):
                raise ValueError(f"{name!r} is of another model")
        size = sum(p.numel() for p in self.model.parameters() if p.requires_grad)
        if not all(t.numel() == 1 or t.numel() >= size for t in state["moments"].values()):
            raise ValueError("'moments' are of another model")
        epochs = [row["epoch"] for row in state["history"]]
        if epochs != list(range(1, state["epoch"] + 1)) or not 0 <= state["best_epoch"] <= len(epochs):
            raise ValueError("'history' has other epochs")
        if not (0 <= state["step"] <= self.steps and is_finite(state["total"]) and is_finite(state["spread"])):
            raise ValueError("'step', 'total' or 'spread' is out of its bounds")
        torch.set_rng_state(state["random"])
        self.model.load_state_dict(state["net"])
        for k in _KEPT:
            setattr(self, k, state[k])

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Inside the block no other process or thread trains with this checkpoint; they would undo each other's steps.

        Raises ChromolabError if one does now.
        """

        def refuse(_: float) -> None:
            raise ChromolabError(
                f"{self.checkpoint}: another training is using it. Wait until it ends, or give another path."
            )

        with ExitStack() as stack:
            if self.checkpoint is not None:
                stack.enter_context(alone(self.checkpoint.with_name(f".{self.checkpoint.name}.lock"), refuse))
            yield


_KEPT = ("epoch", "step", "total", "history", "best", "best_epoch", "spread")


def _copied(model: Model) -> dict[str, Tensor]:
    """A model's current tensors, copied. (A view would keep the storage of its whole stack in memory.)"""
    return {k: v.detach().clone() for k, v in model.state_dict().items()}


def _fingerprint(dataset: Dataset) -> int:
    """A number that differs between two sets of examples: genes in order, labels, contacts, positions and depth."""
    columns = ["gene_id", "cell_type", "chrom", "tss", "strand", "label", "log2_expression"]
    starts = np.append(dataset.signal.regions["start"].to_numpy(np.int64), -1)  # the last entry stands for index -1
    number = zlib.crc32(dataset.genes[columns].to_csv(index=False).encode())
    body = [] if dataset.body is None else [starts[dataset.body]]
    for array in (dataset.frequency, starts[dataset.pcre], starts[dataset.promoter], *body):
        number = zlib.crc32(np.ascontiguousarray(array).data, number)
    signal = dataset.signal
    if "checksum" not in signal.cache:  # the same for training and validation parts of one dataset
        signal.cache["checksum"] = zlib.crc32(np.ascontiguousarray(signal.depth).data)
    return zlib.crc32(str(signal.cache["checksum"]).encode(), number)
