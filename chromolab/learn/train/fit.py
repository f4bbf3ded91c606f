"""Training: `fit` one model, `fit_many` together, `cross_validate` over folds."""

import signal
import threading
import warnings
from collections.abc import Callable, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from tqdm.auto import tqdm

from chromolab.data.dataset.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.learn import metrics
from chromolab.learn.prediction import predict
from chromolab.learn.runtime import pick_device
from chromolab.learn.train.engine import Trainer, groups_that_fit
from chromolab.learn.train.job import Recipe, Run, TrainingJob
from chromolab.models.base import Model

COLLAPSED = 0.1  # predictions that spread less than this share of the truth's spread are hardly more than its mean


@dataclass
class Runs:
    """What `cross_validate` returns.

    Attributes
    ----------
    runs : {fold: Run}
        Each with the model that never saw that fold.
    predictions : DataFrame
        Every gene once, predicted by the model that never saw its fold: gene_id, cell_type, fold, label,
        log2_expression, prediction (probability, or log2(expression + 1)); `attrs["origin"]` is the dataset's origin.
    metrics : DataFrame
        A row per test fold: fold, genes, and the task's scores; it has the same `attrs["origin"]`.
    """

    runs: dict[int, Run]
    predictions: pd.DataFrame
    metrics: pd.DataFrame = field(repr=False)


def fit(
    model: Model,
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
    device: str | torch.device | None = None,
    precision: str = "float32",
    optimizer: str = "adamw",
    clip: float | None = None,
    focal: float = 0.0,
    keep: str = "best",
    checkpoint: str | PathLike[str] | None = None,
    checkpoint_seconds: float = 60.0,
    progress: bool = True,
) -> Run:
    """Train a model in place; it ends with the weights of its best epoch.

    Parameters
    ----------
    model : Model
        One of ours, or your own (CONTRIBUTING, "A model of your own").
    dataset : Dataset
        Training examples; without `validation`, one fold of them is held out for early stopping.
    validation : Dataset, optional
        Examples for early stopping. Do not report scores on them: they chose the weights.
    validation_fold : int, optional
        The fold of `dataset` to hold out; default its last.
    epochs, batch_size, lr, weight_decay, decay : numbers
        The learning rate is multiplied by `decay` after each epoch; a last batch that is not full is dropped. The
        recipe that was published with a model is `model.PUBLISHED`; Chromoformer's is for ten times our data.
    patience : int or None
        Stop after this many epochs without a lower validation loss; None never stops early.
    seed : int
        Sets the order of examples and dropout. The same seed gives the same weights on the same machine.
    device : str, optional
        "cpu", "cuda" or "mps"; default the best available.
    precision : {"float32", "tf32", "bfloat16"}
        Precision of matrix products: tf32 is for CUDA, bfloat16 (autocast) for any device. Weights stay float32. For
        the accuracy that bfloat16 costs see `tests/bench/RESULTS.md`.
    optimizer : {"adamw", "sgd"}
        AdamW (which is Adam where `weight_decay` is 0), or plain stochastic gradient descent.
    clip : float, optional
        Largest norm of the gradient over all weights; a larger gradient is scaled down to it.
    focal : float
        For classifiers: above 0, examples that are already predicted well weigh less (`learn.train.stack.each_loss`).
    keep : {"best", "last"}
        Which epoch's weights: the best on validation, or the last, as published; validation then chooses nothing.
    checkpoint : path, optional
        Written after every epoch, every `checkpoint_seconds` within an epoch, and when interrupted (Ctrl-C or the
        notebook's stop button take effect after the current step). Called again with the same arguments, even after
        the process was killed, `fit` continues from it and ends as an uninterrupted run would, bit for bit on a CPU.
    progress : bool
        Show a progress bar.

    Returns
    -------
    Run

    Raises
    ------
    ChromolabError
        If no fold can be held out, an argument or an expression makes no sense, the loss is not finite, the checkpoint
        belongs to another run, or another process trains with it.

    Warns
    -----
    UserWarning
        When the loss rises far beyond that of a constant guess, a regression predicts little more than the mean, or the
        model was trained on another scale of signal.
    """
    if validation is None:
        dataset, validation, _ = dataset.split(validation_fold=validation_fold)
    recipe = Recipe(epochs, batch_size, lr, weight_decay, decay, patience, precision, optimizer, clip, focal, keep)
    job = TrainingJob(model, dataset, validation, recipe, seed, None if checkpoint is None else Path(checkpoint))
    return _train([[job]], pick_device(device), checkpoint_seconds, progress)[job]


def fit_many(
    jobs: Mapping[str, tuple[Model, Dataset, Dataset]],
    *,
    epochs: int = 10,
    batch_size: int = 64,
    lr: float | Mapping[str, float] = 1e-4,
    weight_decay: float = 0.01,
    decay: float = 0.87,
    patience: int | None = 3,
    seed: int | Mapping[str, int] = 0,
    device: str | torch.device | None = None,
    precision: str = "float32",
    optimizer: str = "adamw",
    clip: float | None = None,
    focal: float = 0.0,
    keep: str = "best",
    memory: float | None = None,
    checkpoint: str | PathLike[str] | None = None,
    checkpoint_seconds: float = 300.0,
    progress: bool = True,
) -> dict[str, Run]:
    """Train many models at once: folds, seeds, cell types, both tasks.

    Models of one shape take each step together, in one pass (`torch.func`), each on its own examples in its own order,
    with its own schedule, early stop and history. Each ends as `fit` would have ended it alone, up to rounding (a model
    with dropout draws other masks). Use it where one model leaves the processor idle (a GPU, or small models); on a CPU
    it hardly speeds up the published size.

    Parameters
    ----------
    jobs : {name: (model, training examples, validation examples)}
        Classifiers and regressors, data of different cell types and models of different shapes may be mixed; models of
        one shape train together, as many as fit into memory. Each job needs its own model.
    epochs, batch_size, weight_decay, decay, patience, device, precision, optimizer, clip, focal, keep
        As in `fit`, for all; so are `checkpoint_seconds` and `progress`.
    lr, seed : number, or {name: number}
    memory : float, optional
        GB that training may use. A model's need is measured on a few genes, and the models are split into groups that
        fit; groups train one after another. Default: 60 % of the free memory.
    checkpoint : folder, optional
        Holds one file per job, `name.pt`, as `fit` would write it.

    Returns
    -------
    {name: Run}

    Raises
    ------
    ChromolabError
        As in `fit`, naming the job; with `checkpoint`, the progress of the other jobs is kept. Also for a model that
        is given twice, or a name that cannot be a file name.
    KeyboardInterrupt
        When interrupted; with `checkpoint`, nothing is lost.
    """
    device, made = pick_device(device), {}
    folder = None if checkpoint is None else Path(checkpoint)
    if len({id(model) for model, _, _ in jobs.values()}) < len(jobs):
        raise ChromolabError("one model is given for several jobs; expected a separate model for each")
    if wrong := [name for name in jobs if folder and not _is_file_name(name)]:
        raise ChromolabError(
            f"{str(wrong[0])[:60]!r} cannot be the name of a checkpoint file; give a short name without slashes"
        )
    for name, (model, train, validation) in jobs.items():
        job_lr = lr[name] if isinstance(lr, Mapping) else lr
        job_seed = seed[name] if isinstance(seed, Mapping) else seed
        rates = (job_lr, weight_decay, decay)
        recipe = Recipe(epochs, batch_size, *rates, patience, precision, optimizer, clip, focal, keep)
        place = folder and folder / f"{name}.pt"
        made[name] = TrainingJob(model, train, validation, recipe, job_seed, place, str(name))
    runs = _train(groups_that_fit(list(made.values()), device, memory), device, checkpoint_seconds, progress)
    if len(runs) < len(made) or any(run.interrupted for run in runs.values()):
        raise KeyboardInterrupt
    return {name: runs[job] for name, job in made.items()}


def _is_file_name(name: Any) -> bool:
    text = isinstance(name, str) and Path(name).name == name and name.isprintable()
    return text and 0 < len(name.encode()) < 200 and not name.startswith(".")


def _train(
    groups: list[list[TrainingJob]], device, checkpoint_seconds: float, progress: bool
) -> dict[TrainingJob, Run]:
    """Run one group of jobs after another until all are finished, or until interrupted: {job: Run}."""
    total = sum(job.recipe.epochs * job.steps for group in groups for job in group)
    runs: dict[TrainingJob, Run] = {}
    with ExitStack() as stack:
        for job in (job for group in groups for job in group):
            stack.enter_context(job.alone())
        interrupted = stack.enter_context(_deferred_interrupt())
        bar = stack.enter_context(tqdm(total=total, unit="step", disable=not progress, leave=False))
        for group in groups:
            trainer = Trainer(group, device, checkpoint_seconds)
            bar.update(sum(job.done for job in group))
            try:
                trainer.run(interrupted, bar)
            finally:
                trainer.release()
            del trainer  # and with it the group's examples on the device
            runs |= {job: job.finish(interrupted=not job.finished) for job in group}
            if interrupted.is_set():
                break
    for job, run in runs.items():
        if where := job.strayed:
            name = f"{job.name}, " if job.name else ""
            warnings.warn(f"{name}{where}: the training went astray. Lower lr", stacklevel=3)
            continue
        truth = job.validation.log2_expression
        if job.model.task == "regression" and not run.interrupted and job.spread < COLLAPSED * truth.std():
            warnings.warn(
                f"the predictions vary too little (standard deviation {job.spread:.3g}, truth {truth.std():.3g}): the "
                "model has learnt little more than the mean. Train longer, raise lr, or look at the tracks",
                stacklevel=3,
            )
    return runs


def cross_validate(
    make_model: Callable[[], Model],
    dataset: Dataset,
    *,
    folds: list[int] | None = None,
    together: bool = False,
    checkpoint: str | PathLike[str] | None = None,
    progress: bool = True,
    **fit_arguments: Any,
) -> Runs:
    """Hold out each fold in turn: use one other fold for early stopping, train on the rest, score the held-out fold.

    Parameters
    ----------
    make_model : function without arguments
        Returns a new model: `lambda: cl.Chromoformer(marks=ds.marks, seed=0)`.
    dataset : Dataset
        With at least three folds.
    folds : list of int, optional
        The test folds; default all.
    together : bool
        Train the folds' models at once (`fit_many`) instead of one after another: the same models, to rounding.
    checkpoint : folder, optional
        Holds one file per fold, so that an interrupted call continues where it stopped.
    progress : bool
    **fit_arguments
        Passed to `fit`, or to `fit_many`.

    Returns
    -------
    Runs

    Raises
    ------
    ChromolabError
        As in `fit`, and with fewer than three folds.
    KeyboardInterrupt
        When interrupted; with `checkpoint`, nothing is lost.
    """
    folds = dataset.folds if folds is None else folds
    splits = {fold: dataset.split(test_fold=fold) for fold in folds}
    names = {fold: f"fold-{fold}" for fold in folds}
    if together:
        jobs = {names[fold]: (make_model(), train, validation) for fold, (train, validation, _) in splits.items()}
        runs = fit_many(jobs, checkpoint=checkpoint, progress=progress, **fit_arguments)
    else:
        runs = {}
        for fold, (train, validation, _) in tqdm(splits.items(), unit="fold", disable=not progress):
            place = None if checkpoint is None else Path(checkpoint) / f"{names[fold]}.pt"
            runs[names[fold]] = fit(
                make_model(), train, validation=validation, checkpoint=place, progress=progress, **fit_arguments
            )
            if runs[names[fold]].interrupted:
                raise KeyboardInterrupt
    parts, rows = [], []
    for fold, (_, _, test) in splits.items():
        model = runs[names[fold]].model
        guess = metrics.probability_or_expression(predict(model, test, device=fit_arguments.get("device")))
        rows.append(
            {"fold": fold, "genes": len(test)} | metrics.score(metrics.truth_of(test, model.task), guess, model.task)
        )
        parts.append(_prediction_table(test, guess))
    by_fold = {fold: runs[name] for fold, name in names.items()}
    predictions, scores = pd.concat(parts, ignore_index=True), pd.DataFrame(rows)
    predictions.attrs["origin"] = scores.attrs["origin"] = dataset.origin
    return Runs(by_fold, predictions, scores)


def _prediction_table(dataset: Dataset, prediction: np.ndarray) -> pd.DataFrame:
    columns = ["gene_id", "gene_name", "cell_type", "fold", "label", "log2_expression"]
    return dataset.genes[columns].assign(prediction=prediction)


@contextmanager
def _deferred_interrupt():
    """An event that SIGINT sets instead of raising, so that the current step is completed; a second SIGINT raises."""
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
