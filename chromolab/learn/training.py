"""One training loop for every model: fit, cross_validate."""

import copy
import signal
import threading
import time
import warnings
import zlib
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from torch import nn
from tqdm.auto import tqdm

from chromolab.data.batches import Loader, pick_device
from chromolab.data.dataset import Dataset
from chromolab.data.scales import learn_scales
from chromolab.errors import ChromolabError
from chromolab.learn import metrics
from chromolab.learn.prediction import loss_of, predict, run_through, truth_of
from chromolab.models.checkpoints import read_torch_file, write_torch_file

PUBLISHED = {"lr": 3e-5, "weight_decay": 0.01, "decay": 0.87, "batch_size": 64, "epochs": 9}  # the study's recipe
COLLAPSED = 0.1  # a spread of predictions below this share of the truth's spread says nothing but the mean


@dataclass
class Run:
    """What `fit` leaves behind; the best weights are in `model`.

    Attributes
    ----------
    model : nn.Module
    history : DataFrame
        A row per epoch: epoch, lr, train_loss, validation_loss, the task's scores on the validation genes, seconds.
    best_epoch : int
        The epoch with the lowest validation loss, whose weights the model holds.
    interrupted : bool
        Whether it was stopped by hand before its end.
    """

    model: nn.Module
    history: pd.DataFrame
    best_epoch: int
    interrupted: bool = False

    @property
    def best(self) -> dict[str, float]:
        """The history's row of the best epoch."""
        return self.history.set_index("epoch").loc[self.best_epoch].to_dict()


@dataclass
class Runs:
    """What `cross_validate` leaves behind.

    Attributes
    ----------
    runs : {fold: Run}
        Each with the model that never saw that fold.
    predictions : DataFrame
        Every gene once, by the model that never saw its fold: gene_id, cell_type, fold, label, log2_expression,
        prediction (probability, or log2(expression + 1)).
    metrics : DataFrame
        A row per test fold with the task's scores.
    """

    runs: dict[int, Run]
    predictions: pd.DataFrame
    metrics: pd.DataFrame = field(repr=False)


def fit(
    model: nn.Module,
    dataset: Dataset,
    *,
    validation: Dataset | None = None,
    validation_fold: int | None = None,
    epochs: int = 10,
    batch_size: int = 64,
    lr: float = 1e-4,
    weight_decay: float = 0.01,
    decay: float = 0.87,
    patience: int | None = 3,
    seed: int = 0,
    device=None,
    checkpoint=None,
    progress: bool = True,
) -> Run:
    """Train a model; the weights of its best epoch stay in it.

    Parameters
    ----------
    model : nn.Module
        Says `task`, `marks` and `resolutions`, and takes a `Batch`.
    dataset : Dataset
        Training examples; without `validation`, one fold of them is held out for early stopping.
    validation : Dataset, optional
        Examples for early stopping. Never report a score on them: they chose the weights.
    validation_fold : int, optional
        The fold of `dataset` to hold out; default its last.
    epochs, batch_size, lr, weight_decay, decay : numbers
        AdamW; the learning rate is multiplied by `decay` after each epoch; a short last batch is dropped. The study's
        own recipe, for ten times our data, is `training.PUBLISHED`.
    patience : int or None
        Stop after this many epochs without a lower validation loss; None never stops early.
    seed : int
        Of the order of examples. The same seed gives the same weights on the same machine.
    device : str, optional
        "cpu", "cuda" or "mps"; default the best there is.
    checkpoint : path, optional
        Written after every epoch and on an interruption (Ctrl-C, or the notebook's stop button, takes effect after the
        step at hand). Called again with the same arguments, `fit` continues from it and ends as an uninterrupted run
        would, bit for bit on a CPU.
    progress : bool
        Show a progress bar.

    Returns
    -------
    Run

    Raises
    ------
    ChromolabError
        If no fold can be held out, a loss is not finite, or the checkpoint belongs to another run.

    Warns
    -----
    UserWarning
        When a regression predicts little more than the mean, or the model knows another scale of signal.
    """
    if validation is None:
        dataset, validation, _ = dataset.split(validation_fold=validation_fold)
    if not len(dataset) or not len(validation):
        raise ChromolabError(f"{len(dataset)} training, {len(validation)} validation examples; expected some of each")
    truth_of(dataset, model.task), truth_of(validation, model.task)  # refuse genes without expression
    learn_scales(model, dataset)
    trainer = _Trainer(model, dataset, validation, batch_size, lr, weight_decay, decay, seed, pick_device(device))
    if checkpoint is not None and Path(checkpoint).exists():
        trainer.restore(Path(checkpoint))
    bar = tqdm(total=epochs * trainer.steps, initial=trainer.done, unit="step", disable=not progress, leave=False)
    with bar, _deferred_interrupt() as interrupted:
        while trainer.epoch < epochs and not trainer.stalled(patience):
            finished = trainer.run_epoch(interrupted, bar)
            if checkpoint is not None:
                write_torch_file(trainer.state(), Path(checkpoint))
            if not finished:
                break
            bar.set_postfix_str(trainer.summary())
    return trainer.finish(interrupted.is_set())


class _Trainer:
    """A training run between two steps: all that a checkpoint must hold."""

    def __init__(self, model, dataset, validation, batch_size, lr, weight_decay, decay, seed, device):
        self.model, self.seed, self.batch_size = model.to(device), seed, min(batch_size, len(dataset))
        dtype = next(model.parameters()).dtype
        self.train, self.validation = (
            Loader(d, model.marks, model.resolutions, device, dtype) for d in (dataset, validation)
        )
        if model.task == "regression":
            model.start_at(float(dataset.log2_expression.mean()))
        self.optimizer = torch.optim.AdamW(model.parameters(), lr=lr, weight_decay=weight_decay)
        self.schedule = torch.optim.lr_scheduler.ExponentialLR(self.optimizer, decay)
        self.identity = {"seed": seed, "batch_size": self.batch_size, "lr": lr, "weight_decay": weight_decay,
                         "decay": decay, "task": model.task, "marks": list(model.marks),
                         "parameters": sum(p.numel() for p in model.parameters()),
                         "training": _fingerprint(dataset), "validation": _fingerprint(validation)}  # fmt: skip
        self.steps = len(dataset) // self.batch_size
        self.epoch = self.step = self.best_epoch = 0
        self.total = torch.zeros((), device=device, dtype=torch.float64 if device.type != "mps" else torch.float32)
        self.history, self.best = [], None

    @property
    def done(self) -> int:
        return self.epoch * self.steps + self.step

    def run_epoch(self, interrupted: threading.Event, bar) -> bool:
        """The rest of the epoch at hand; False when an interruption came in between."""
        begin = time.perf_counter()
        order = np.random.default_rng([self.seed, self.epoch]).permutation(len(self.train.dataset))
        self.model.train()
        for batch in self.train.batches(self.batch_size, order[self.step * self.batch_size :], drop_last=True):
            if interrupted.is_set():
                return False
            loss = loss_of(self.model(batch), batch, self.model.task)
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()
            self.optimizer.step()
            self.total += loss.detach()  # stays on the device: reading it back each step would stall a GPU
            self.step += 1
            bar.update()
        self._close_epoch(time.perf_counter() - begin)
        return True

    def _close_epoch(self, seconds: float) -> None:
        train_loss = self.total.item() / self.steps
        outputs, loss = run_through(self.model, self.validation, self.batch_size)
        if not np.isfinite([train_loss, loss]).all():
            raise ChromolabError(f"epoch {self.epoch + 1}: the loss is {train_loss}, on validation {loss}; lower lr")
        scores = metrics.score(truth_of(self.validation.dataset, self.model.task), outputs, self.model.task)
        lr = self.optimizer.param_groups[0]["lr"]
        self.epoch, self.step = self.epoch + 1, 0
        self.total.zero_()
        row = {"epoch": self.epoch, "lr": lr, "train_loss": train_loss, "validation_loss": loss, **scores}
        self.history.append(row | {"seconds": seconds})
        self.schedule.step()
        if self.best is None or loss < self.history[self.best_epoch - 1]["validation_loss"]:
            self.best_epoch, self.best = self.epoch, copy.deepcopy(self.model.state_dict())

    def stalled(self, patience: int | None) -> bool:
        return patience is not None and self.best is not None and self.epoch - self.best_epoch >= patience

    def summary(self) -> str:
        row = self.history[-1]
        name = metrics.NAMES[self.model.task][0]
        return f"validation {name} {row[name]:.3f}, loss {row['validation_loss']:.3f}"

    def finish(self, interrupted: bool) -> Run:
        if self.best is not None:
            self.model.load_state_dict(self.best)
        self.model.eval()
        run = Run(self.model, pd.DataFrame(self.history), self.best_epoch, interrupted)
        if self.model.task == "regression" and not interrupted:
            truth = self.validation.dataset.log2_expression
            guess = run_through(self.model, self.validation, self.batch_size)[0]
            if guess.std() < COLLAPSED * truth.std():
                warnings.warn(
                    f"the predictions spread {guess.std():.3g} where the truth spreads {truth.std():.3g}: the model "
                    "has learnt little more than the mean. Train longer, raise lr, or look at the tracks",
                    stacklevel=3,
                )
        return run

    def state(self) -> dict:
        return {
            "format": "chromolab-training-1", "identity": self.identity, "epoch": self.epoch, "step": self.step,
            "total": self.total.cpu(), "history": self.history, "best_epoch": self.best_epoch, "best": self.best,
            "net": self.model.state_dict(), "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule.state_dict(), "random": torch.get_rng_state(),
        }  # fmt: skip

    def restore(self, path: Path) -> None:
        state = read_torch_file(path)
        if state.get("identity") != self.identity:
            found = state.get("identity") or {}
            other = [k for k in self.identity if found.get(k) != self.identity[k]]
            raise ChromolabError(
                f"{path}: belongs to another run (other {', '.join(other)}); give the same arguments, or another path"
            )
        self.model.load_state_dict(state["net"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.schedule.load_state_dict(state["schedule"])
        torch.set_rng_state(state["random"])
        self.total.copy_(state["total"])
        self.history, self.best, self.best_epoch = state["history"], state["best"], state["best_epoch"]
        self.epoch, self.step = state["epoch"], state["step"]


def cross_validate(
    make_model: Callable[[], nn.Module],
    dataset: Dataset,
    *,
    folds: list[int] | None = None,
    checkpoint=None,
    progress: bool = True,
    **fit_arguments,
) -> Runs:
    """Hold out each fold in turn: train on the others less one, stop early on that one, report on the held-out fold.

    Parameters
    ----------
    make_model : function without arguments
        Makes a fresh model: `lambda: cl.Chromoformer(marks=ds.marks, seed=0)`.
    dataset : Dataset
        With at least three folds.
    folds : list of int, optional
        The test folds; default all.
    checkpoint : folder, optional
        One file per fold is kept in it, so that an interrupted call continues where it was.
    progress : bool
    **fit_arguments
        Passed to `fit`.

    Returns
    -------
    Runs

    Raises
    ------
    ChromolabError
        As `fit` does, and when the folds are too few.
    KeyboardInterrupt
        When stopped by hand; with `checkpoint`, nothing is lost.
    """
    runs, parts, rows = {}, [], []
    folds = dataset.folds if folds is None else folds
    if checkpoint is not None:
        Path(checkpoint).mkdir(parents=True, exist_ok=True)
    for fold in tqdm(folds, unit="fold", disable=not progress):
        train, validation, test = dataset.split(test_fold=fold)
        place = None if checkpoint is None else Path(checkpoint) / f"fold-{fold}.pt"
        model = make_model()
        run = fit(model, train, validation=validation, checkpoint=place, progress=progress, **fit_arguments)
        if run.interrupted:
            raise KeyboardInterrupt
        guess = metrics.value(predict(model, test, device=fit_arguments.get("device")))
        rows.append({"fold": fold, "genes": len(test)} | metrics.score(truth_of(test, model.task), guess, model.task))
        parts.append(_prediction_table(test, guess))
        runs[fold] = run
    return Runs(runs, pd.concat(parts, ignore_index=True), pd.DataFrame(rows))


def _prediction_table(dataset: Dataset, prediction: np.ndarray) -> pd.DataFrame:
    columns = ["gene_id", "gene_name", "cell_type", "fold", "label", "log2_expression"]
    return dataset.genes[columns].assign(prediction=prediction)


def _fingerprint(dataset: Dataset) -> int:
    """A number that tells two sets of examples apart: their genes in order, their labels and their contacts."""
    genes = dataset.genes[["gene_id", "cell_type", "log2_expression"]].to_csv(index=False).encode()
    return zlib.crc32(np.ascontiguousarray(dataset.frequency).tobytes(), zlib.crc32(genes))


@contextmanager
def _deferred_interrupt():
    """An event that SIGINT sets instead of raising, so that a step is done whole or not at all; a second one raises."""
    event = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield event
        return

    def note(signum, frame):
        if event.is_set():
            raise KeyboardInterrupt
        event.set()

    before = signal.signal(signal.SIGINT, note)
    try:
        yield event
    finally:
        signal.signal(signal.SIGINT, before)
