"""What contact frequencies are to trained models, and what they are worth to models that are trained without them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from chromolab.data.dataset.dataset import Dataset
from chromolab.learn import metrics
from chromolab.learn.prediction import predict
from chromolab.models.base import Model


def changed_frequencies(dataset: Dataset, seed: int = 0) -> dict[str, Dataset]:
    """The dataset with less and less in its frequencies.

    Parameters
    ----------
    dataset : Dataset
        With contacts.
    seed : int
        Of the shuffle.

    Returns
    -------
    {name: Dataset}
        "shuffled within each gene": among the gene's own pCREs. "made equal within each gene": all are the gene's mean,
        so that no contact is stronger than another. "set to 0": also the part that all contacts share is gone.
    """
    there = dataset.pcre >= 0
    count = np.maximum(there.sum(1, keepdims=True), 1)
    mean = np.where(there, dataset.frequency, 0).sum(1, keepdims=True) / count
    shuffled, rng = dataset.frequency.copy(), np.random.default_rng(seed)
    for gene in range(len(dataset)):
        own = np.flatnonzero(there[gene])
        shuffled[gene, own] = dataset.frequency[gene, rng.permutation(own)]
    frequencies = {
        "shuffled within each gene": shuffled,
        "made equal within each gene": np.where(there, mean, dataset.frequency),
        "set to 0": np.where(there, 0, dataset.frequency),
    }
    return {name: replace(dataset, frequency=f.astype(dataset.frequency.dtype)) for name, f in frequencies.items()}


def frequencies_lost(models: Sequence[Model], dataset: Dataset, ablate: pd.DataFrame, seed: int = 0) -> pd.DataFrame:
    """R² that trained models lose as their frequencies are taken away, beside models trained without any.

    Parameters
    ----------
    models : list of Model
        Trained regressors that differ in their seed alone.
    dataset : Dataset
        Genes that none of them was trained on.
    ablate : DataFrame
        Runs of the variants "whole model" and "no frequencies" on data of this kind: `r2`, `variant`, `fold`, `seed`.
    seed : int
        Of the shuffle.

    Returns
    -------
    DataFrame
        For `cl.plot.compare`: name, group ("taken from trained models" or "trained without"), value (R² lost), low and
        high: the lowest and highest of the models, or the 95 % t interval over folds.
    """
    rows = []
    whole = np.array([_r2(model, dataset) for model in models])
    for name, changed in changed_frequencies(dataset, seed).items():
        lost = whole - [_r2(model, changed) for model in models]
        rows.append((name, "taken from trained models", lost.mean(), lost.min(), lost.max()))
    pair = ablate[ablate["variant"].isin(["whole model", "no frequencies"])]
    found = metrics.paired(pair, "r2", "whole model", name="variant").set_index("name").loc["no frequencies"]
    rows.append(("none in training", "trained without", -found["difference"], -found["high"], -found["low"]))
    return pd.DataFrame(rows, columns=["name", "group", "value", "low", "high"])


def _r2(model: Model, dataset: Dataset) -> float:
    guess = predict(model, dataset, progress=False)[:, 0]
    return metrics.score(dataset.log2_expression, guess, "regression")["r2"]
