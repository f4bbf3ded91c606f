"""Small models and short training runs, for tests of models and of training."""

import pytest
import torch

import chromolab as cl
from helpers.toys import SMALL

QUIET = dict(progress=False, device="cpu", batch_size=16)
TASKS = ("classification", "regression")
RESOLUTIONS = (500, 100)
few_epochs = pytest.mark.filterwarnings("ignore:the predictions vary too little")
WINDOWED = {  # small enough for a window of 4 kb
    "DeepChrome": lambda marks, task="classification", **k: cl.models.DeepChrome(marks, task, bins=20, **k),
    "AttentiveChrome": lambda marks, task="classification", **k: cl.models.AttentiveChrome(marks, task, bins=12, **k),
    "HMCRNN": lambda marks, task="classification", **k: cl.models.HMCRNN(marks, task, bins=20, **k),
}


def model_for(ds, task="classification", seed=0, dtype=torch.float32, **sizes):
    """A small Chromoformer for a dataset."""
    return cl.Chromoformer(ds.marks, task, RESOLUTIONS, seed=seed, **(SMALL | sizes)).to(dtype)


def jobs_for(ds, folds=(1, 2, 3, 4), seeds=(0, 1), tasks=TASKS, **kwargs):
    """{name: (model, training part, validation part)} for `cl.fit_many`: a model for each task, fold and seed."""
    jobs = {}
    for fold in folds:
        train, validation, _ = ds.split(test_fold=fold)
        for seed in seeds:
            for task in tasks:
                jobs[f"{task}-{fold}-{seed}"] = model_for(ds, task, seed, **kwargs), train, validation
    return jobs


def weights(model) -> torch.Tensor:
    """All parameters of a model as one vector."""
    return torch.cat([p.detach().flatten() for p in model.parameters()])


def learnt(model, ds, **recipe) -> float:
    """AUC or Pearson's r on the test fold after 20 epochs."""
    train, validation, test = ds.split(test_fold=2)
    recipe = QUIET | dict(epochs=20, patience=None, decay=0.95, lr=3e-3, weight_decay=0.0) | recipe
    cl.fit(model, train, validation=validation, **recipe)
    name = "auc" if model.task == "classification" else "pearson_r"
    truth = cl.metrics.truth_of(test, model.task)
    return cl.metrics.score(truth, cl.predict(model, test, device="cpu"), model.task)[name]
