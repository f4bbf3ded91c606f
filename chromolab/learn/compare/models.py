"""Models on equal terms: the same genes, folds, marks, early stopping and number of tries for each.

The models differ in their layers, in how much of the window they read and, where their published training says so, in
loss and gradient clipping. Optimizer, batch size, epochs and patience are the same for all.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from chromolab import defaults
from chromolab.data.dataset.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.learn import metrics
from chromolab.learn.compare.controls import Linear
from chromolab.learn.prediction import predict
from chromolab.learn.train.fit import fit
from chromolab.models.attentivechrome import AttentiveChrome
from chromolab.models.base import Model
from chromolab.models.chromoformer import Chromoformer
from chromolab.models.deepchrome import DeepChrome
from chromolab.models.gcmerge import GCMerge
from chromolab.models.graph import genome_graph
from chromolab.models.hmcrnn import HMCRNN

SMALL: dict[str, Any] = defaults.small()  # the shipped models have this shape
LINEAR = "linear"
MODELS = (LINEAR, "DeepChrome", "AttentiveChrome", "HM-CRNN", "GC-MERGE", "Chromoformer")
TRIES = {LINEAR: (1.0, 100.0, 10_000.0)}  # strengths of the penalty; the other models try learning rates
GOOD = {"classification": "auc", "regression": "r2"}  # ranks the linear control's tries; the others, by loss
LRS = (1e-3, 3e-3, 1e-2)
PUBLISHED_PARTS = ("clip", "focal")  # taken from a model's published training


def entrants(dataset: Dataset, models: Sequence[str] = MODELS, small: bool = True) -> dict[str, Callable]:
    """{name: function(task, seed) -> model}, each for this dataset's marks.

    Raises ChromolabError for an unknown model, and for GC-MERGE on a dataset without contacts.

    `small` gives Chromoformer the sizes of `SMALL`; the other models always have their published sizes.
    """
    if unknown := [m for m in models if m not in MODELS]:
        raise ChromolabError(f"no model {unknown[0]!r} to compare; there are {', '.join(MODELS)}")
    marks = dataset.marks
    shape: dict[str, Any] = SMALL if small else {}
    make: dict[str, Callable] = {
        LINEAR: lambda task, seed: Linear(task),
        "DeepChrome": lambda task, seed: DeepChrome(marks, task, seed=seed),
        "AttentiveChrome": lambda task, seed: AttentiveChrome(marks, task, seed=seed),
        "HM-CRNN": lambda task, seed: HMCRNN(marks, task, seed=seed),
        "Chromoformer": lambda task, seed: Chromoformer(marks, task, seed=seed, **shape),
    }
    if "GC-MERGE" in models:
        graph = genome_graph(dataset)
        make["GC-MERGE"] = lambda task, seed: GCMerge(graph, task, seed=seed)
    return {name: make[name] for name in models}


def compare_models(
    dataset: Dataset,
    make: Mapping[str, Callable],
    task: str = "classification",
    *,
    folds: Sequence[int] | None = None,
    seeds: Sequence[int] = (0, 1, 2),
    epochs: int = 10,
    patience: int = 2,
    batch_size: int = 64,
    lrs: Sequence[float] = LRS,
    settings: Mapping[tuple[str, int], float] | None = None,
    done: pd.DataFrame | None = None,
    truth_and_guess: Callable | None = None,
) -> Iterator[dict]:
    """Train and score every model on every fold with every seed, one row after another.

    In each fold, a model's first seed tries all settings (learning rates; for the linear control penalties) and keeps
    the best on the validation fold, which also serves early stopping; the other seeds use that setting. The test fold
    is read once, for the row's score.

    Parameters
    ----------
    dataset : Dataset
    make : {name: function(task, seed) -> model}
        From `entrants`, or your own models (`chromolab.models.base.Model`).
    task : {"classification", "regression"}
    folds : list of int, optional
        Test folds; default all.
    seeds : list of int
        Seeds of the initial weights and of the order. The linear control uses no random numbers: its rows repeat.
    epochs, patience, batch_size : see `cl.fit`
    lrs : sequence of float
        Learning rates to try.
    settings : {(model, fold): setting}, optional
        Settings that are known already: nothing else is tried there.
    done : DataFrame, optional
        Rows of an earlier call with the same arguments; they are not computed again.
    truth_and_guess : function(model, test) -> truth, guess; optional
        The numbers that a trained model is scored on; default the test examples' true values and its predictions.

    Yields
    ------
    dict
        model, fold, seed, task, setting (learning rate or penalty), epochs (until the best weights), the task's scores
        on the test fold, n_genes (test examples), parameters, seconds (processor time, for the setting kept).
    """
    known = {} if done is None else {(r["model"], r["fold"], r["seed"]): r for r in done.to_dict("records")}
    chosen = {(model, fold): row["setting"] for (model, fold, seed), row in known.items() if seed == seeds[0]}
    chosen |= settings or {}
    recipe = dict(epochs=epochs, patience=patience, batch_size=batch_size)
    for seed in seeds:
        for name, make_model in make.items():
            for fold in dataset.folds if folds is None else folds:
                if (name, fold, seed) in known:
                    continue
                tries = TRIES.get(name, lrs) if (name, fold) not in chosen else [chosen[name, fold]]
                parts = dataset.split(test_fold=fold)
                attempts = (_attempt(make_model, parts, task, seed, t, recipe) for t in tries)
                row = max(attempts, key=lambda r: r["validation"])
                chosen[name, fold] = row["setting"]
                truth, guess = (truth_and_guess or _truth_and_guess)(row["trained"], parts[2])
                scores = metrics.score(truth, guess, task) | {"n_genes": len(truth)}
                about = {"model": name, "fold": fold, "seed": seed, "task": task, "setting": row["setting"]}
                yield about | {"epochs": row["epochs"]} | scores | {k: row[k] for k in ("parameters", "seconds")}


def _attempt(make: Callable, parts, task: str, seed: int, setting: float, recipe: dict) -> dict:
    """Train one model with one setting; returns it with its validation score (higher is better) and size."""
    train, validation, _ = parts
    model, begin = make(task, seed), time.process_time()
    if isinstance(model, Linear):
        model = type(model)(task, model.parts, model.flank, setting).fit(train)
        good = metrics.score(metrics.truth_of(validation, task), model.predict(validation), task)[GOOD[task]]
        about = {"epochs": 0, "parameters": model.model[-1].coef_.size + 1}
    else:
        kept = {k: model.PUBLISHED[k] for k in PUBLISHED_PARTS if k in model.PUBLISHED}
        run = fit(
            model, train, validation=validation, lr=setting, seed=seed, device="cpu", progress=False, **recipe, **kept
        )
        good = -run.best["validation_loss"]
        about = {"epochs": run.best_epoch, "parameters": sum(p.numel() for p in model.parameters())}
    return about | {"trained": model, "setting": setting, "validation": good, "seconds": time.process_time() - begin}


def _truth_and_guess(model, test: Dataset) -> tuple:
    return metrics.truth_of(test, model.task), guess_of(model, test)


def guess_of(model: Model, dataset: Dataset) -> np.ndarray:
    """Predictions of a network, (examples, outputs), or of the linear control, (examples,)."""
    return (
        model.predict(dataset) if isinstance(model, Linear) else predict(model, dataset, device="cpu", progress=False)
    )
