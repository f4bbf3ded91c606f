"""Scores of predictions, one set per task, and their uncertainty over genes."""

from collections.abc import Callable

import numpy as np
from sklearn.metrics import accuracy_score, average_precision_score, r2_score, roc_auc_score

from chromolab.data.dataset import Dataset
from chromolab.errors import ChromolabError

NAMES = {"classification": ("auc", "average_precision", "accuracy"), "regression": ("pearson_r", "r2")}


def probability(logits: np.ndarray) -> np.ndarray:
    """Two logits (n, 2) -> probability of class 1 (n,): the softmax that the loss trains.

    (The published demo takes the sigmoid of logit 1 alone, another number; ranks differ, too.)
    """
    return 1 / (1 + np.exp(np.clip(logits[:, 0] - logits[:, 1], -700, 700)))


def value(predictions: np.ndarray) -> np.ndarray:
    """What a prediction is ranked by, (n,): the probability of two logits (n, 2), or the one output (n, 1)."""
    predictions = np.asarray(predictions)
    if predictions.ndim == 1:
        return predictions
    return probability(predictions) if predictions.shape[1] == 2 else predictions[:, 0]


def truth_of(dataset: Dataset, task: str) -> np.ndarray:
    """What a task predicts, (examples,): labels, or log2(expression + 1); refuses genes that were not measured."""
    if unknown := int((dataset.labels < 0).sum()):
        raise ChromolabError(
            f"{unknown} of {len(dataset)} genes have no expression (label -1): a model can be asked about them, not "
            "taught or scored. Give expression when building, or take ds.select(ds.labels >= 0)"
        )
    return dataset.labels if task == "classification" else dataset.log2_expression


def score(truth, predictions, task: str) -> dict[str, float]:
    """Score predictions against the truth.

    Parameters
    ----------
    truth : array (n,)
        Labels 0 / 1, or log2(expression + 1).
    predictions : array (n,), (n, 1) or (n, 2)
        Probabilities or logits for classification, values for regression.
    task : {"classification", "regression"}

    Returns
    -------
    dict
        Classification: auc, average_precision, accuracy (at probability 0.5). Regression: pearson_r, r2. NaN where a
        score is not defined (a single class, or constant values).

    Raises
    ------
    ChromolabError
        If the lengths differ, nothing is given, or a prediction is not finite.
    """
    truth, guess = np.asarray(truth), value(predictions).astype(np.float64)
    if len(truth) != len(guess) or len(truth) == 0:
        raise ChromolabError(f"{len(truth)} true values, {len(guess)} predictions; expected as many, at least one")
    if not np.isfinite(guess).all():
        raise ChromolabError(f"{(~np.isfinite(guess)).sum()} of {len(guess)} predictions are not finite")
    if task == "classification":
        both = len(np.unique(truth)) == 2
        return {
            "auc": float(roc_auc_score(truth, guess)) if both else np.nan,
            "average_precision": float(average_precision_score(truth, guess)) if both else np.nan,
            "accuracy": float(accuracy_score(truth, guess >= 0.5)),
        }
    if task == "regression":
        varies = len(truth) > 1 and np.ptp(truth) > 0
        return {
            "pearson_r": float(np.corrcoef(truth, guess)[0, 1]) if varies and np.ptp(guess) > 0 else np.nan,
            "r2": float(r2_score(truth, guess)) if varies else np.nan,
        }
    raise ChromolabError(f"task is {task!r}; expected 'classification' or 'regression'")


def bootstrap(
    statistic: Callable[..., float], *arrays: np.ndarray, n: int = 1000, seed: int = 0, level: float = 0.95, groups=None
) -> tuple[float, float, float]:
    """A statistic with its interval over genes.

    Parameters
    ----------
    statistic : function of the arrays
        For instance `lambda y, p: score(y, p, "classification")["auc"]`, or a difference of two models' scores.
    *arrays : arrays (n_examples, ...)
        Drawn together, with replacement.
    n, seed : int
        Number of draws and their seed.
    level : float
        Of the percentile interval.
    groups : array (n_examples,), optional
        Examples that belong together (a gene in several cell types) are drawn together.

    Returns
    -------
    (float, float, float)
        The statistic on the data, and the lower and upper end of the interval. Draws where it is not defined are left
        out.
    """
    rng = np.random.default_rng(seed)
    size = len(arrays[0])
    members = [np.flatnonzero(groups == g) for g in np.unique(groups)] if groups is not None else None
    draws = []
    for _ in range(n):
        if members is None:
            rows = rng.integers(0, size, size)
        else:
            rows = np.concatenate([members[i] for i in rng.integers(0, len(members), len(members))])
        draws.append(statistic(*(a[rows] for a in arrays)))
    low, high = np.nanquantile(draws, [(1 - level) / 2, (1 + level) / 2])
    return float(statistic(*arrays)), float(low), float(high)
