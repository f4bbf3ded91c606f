"""Scores of predictions, one set per task, and their uncertainty over genes and over folds."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats
from sklearn.metrics import accuracy_score, average_precision_score, r2_score, roc_auc_score

from chromolab.data.dataset.dataset import Dataset
from chromolab.errors import ChromolabError

NAMES = {"classification": ("auc", "average_precision", "accuracy"), "regression": ("pearson_r", "r2")}


def probability(logits: np.ndarray) -> np.ndarray:
    """Two logits (n, 2) -> probability of class 1 (n,): the softmax that the loss trains.

    (The published demo takes the sigmoid of logit 1 alone: another number, which also ranks genes differently.)
    """
    return 1 / (1 + np.exp(np.clip(logits[:, 0] - logits[:, 1], -700, 700)))


def probability_or_expression(predictions: np.ndarray) -> np.ndarray:
    """One number per prediction, (n,): a classifier's probability of class 1, or a regressor's log2(expression + 1).

    `predictions` are logits (n, 2) or values (n, 1), as `cl.predict` returns them; (n,) is returned as it is.
    """
    predictions = np.asarray(predictions)
    if predictions.ndim == 1:
        return predictions
    return probability(predictions) if predictions.shape[1] == 2 else predictions[:, 0]


def log_odds_or_expression(output):
    """One number per prediction on a scale where changes add, (n,): log-odds, or log2(RPKM + 1).

    Two logits (n, 2) give the log-odds, logit 1 minus logit 0 (natural logarithm); an output (n, 1) is log2(RPKM + 1)
    already. Takes a numpy array or a Tensor, and returns the same.
    """
    return output[:, 1] - output[:, 0] if output.shape[1] == 2 else output[:, 0]


def truth_of(dataset: Dataset, task: str) -> np.ndarray:
    """What a task predicts, (examples,): labels, or log2(expression + 1).

    Raises ChromolabError for genes without expression."""
    if unknown := int((dataset.labels < 0).sum()):
        raise ChromolabError(
            f"{unknown} of {len(dataset)} genes have no expression (label -1): a model can predict them, but not learn "
            "from them or be scored on them. Give expression when building, or take ds.select(ds.labels >= 0)"
        )
    return dataset.labels if task == "classification" else dataset.log2_expression


def score(truth: ArrayLike, predictions: ArrayLike, task: str) -> dict[str, float]:
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
        Classification: auc, average_precision, accuracy (at probability 0.5). Regression: pearson_r, r2. NaN if a
        score is not defined (a single class, or constant values).

    Raises
    ------
    ChromolabError
        If the lengths differ or are 0, or a prediction is not finite.
    """
    truth, guess = np.asarray(truth), probability_or_expression(np.asarray(predictions)).astype(np.float64)
    if len(truth) != len(guess) or len(truth) == 0:
        raise ChromolabError(f"{len(truth)} true values, {len(guess)} predictions; expected equally many, at least one")
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
    statistic: Callable[..., float],
    *arrays: np.ndarray,
    n: int = 1000,
    seed: int = 0,
    level: float = 0.95,
    groups: np.ndarray | None = None,
) -> tuple[float, float, float]:
    """A statistic and its bootstrap interval over genes.

    Parameters
    ----------
    statistic : function of the arrays
        For example `lambda y, p: score(y, p, "classification")["auc"]`, or the difference between two models' scores.
    *arrays : arrays (n_examples, ...)
        Their rows are drawn together, with replacement.
    n, seed : int
        Number of draws and their seed.
    level : float
        Level of the percentile interval.
    groups : array (n_examples,), optional
        Examples that belong together (a gene in several cell types) are drawn together.

    Returns
    -------
    (float, float, float)
        The statistic of the data, and the lower and upper end of the interval. Draws in which it is not defined are
        left out.
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


def mean_interval(
    values: np.ndarray, groups: ArrayLike | None = None, n: int = 1000, seed: int = 0, level: float = 0.95
) -> tuple[float, float, float]:
    """A mean over models and examples, and its interval over both: seeds and genes are drawn with replacement.

    Few models are drawn too tightly: where the luck of four moves the mean as much as that of the genes, 92 % of
    simulated intervals hold it; where it moves it twice as much, 87 % (`make bench BENCH=claim_coverage`).

    Parameters
    ----------
    values : array (models, examples)
        One row per seed. A single model can be given as (examples,); the interval is then over genes alone.
    groups : array (examples,), optional
        Examples that belong together (a gene in several cell types) are drawn together.
    n, seed : int
        Number of draws and their seed.
    level : float
        Level of the percentile interval.

    Returns
    -------
    (float, float, float)
        The mean, and the lower and upper end of the interval; NaN where there are no examples.
    """
    values = np.atleast_2d(np.asarray(values, np.float64))
    if not values.size:
        return (np.nan,) * 3
    models, examples = values.shape
    codes = np.arange(examples) if groups is None else np.unique(groups, return_inverse=True)[1]
    sums = np.stack([np.bincount(codes, row) for row in values])  # (models, groups)
    counts, size, rng = np.bincount(codes), codes.max() + 1, np.random.default_rng(seed)
    drawn_models = rng.multinomial(models, np.full(models, 1 / models), n)  # how often each is in a draw
    drawn_groups = rng.multinomial(size, np.full(size, 1 / size), n)
    means = ((drawn_models @ sums) * drawn_groups).sum(1) / (models * (drawn_groups @ counts))
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(values.mean()), float(low), float(high)


def mean_intervals(
    values: np.ndarray,
    by: ArrayLike,
    groups: ArrayLike | None = None,
    order: Sequence[Any] | None = None,
    **drawing: Any,
) -> pd.DataFrame:
    """`mean_interval` for each kind of example; `cl.plot.compare` draws the table.

    Parameters
    ----------
    values : array (models, examples) or (examples,)
    by : array (examples,)
        The kind of each example.
    groups : array (examples,), optional
    order : sequence, optional
        The kinds in the desired order, default sorted; a kind without examples gets NaN.
    **drawing
        n, seed, level of `mean_interval`.

    Returns
    -------
    DataFrame
        A row per kind: name, value, low, high, examples.
    """
    values, by, rows = np.atleast_2d(values), np.asarray(by), []
    for name in np.unique(by) if order is None else order:
        chosen = by == name
        ends = mean_interval(values[:, chosen], None if groups is None else np.asarray(groups)[chosen], **drawing)
        rows.append((name, *ends, int(chosen.sum())))
    return pd.DataFrame(rows, columns=["name", "value", "low", "high", "examples"])


def t_interval(values: ArrayLike, level: float = 0.95) -> tuple[Any, Any, Any, Any]:
    """The mean of a few independent values, its t interval, and the p of no difference from 0.

    Parameters
    ----------
    values : array (n, ...)
        For example a difference's mean in each of n folds.
    level : float

    Returns
    -------
    (mean, low, high, p)
        Arrays (...) or numbers; p is that of Student's two-sided t test. A single value has a mean, and NaN otherwise.
    """
    values = np.asarray(values, np.float64)
    n, mean = len(values), values.mean(0)
    error = values.std(0, ddof=1) / np.sqrt(n) if n > 1 else np.full(mean.shape, np.nan)
    size = np.divide(np.abs(mean), error, out=np.where(mean == 0, 0.0, np.inf), where=error != 0)
    half = stats.t.ppf((1 + level) / 2, n - 1) * error
    return mean, mean - half, mean + half, 2 * stats.t.sf(size, n - 1)


def holm(p: ArrayLike) -> np.ndarray:
    """p values (n,) after Holm's correction for n comparisons, (n,): the k-th smallest times n - k + 1, never falling.

    NaN stays NaN and does not count. Source: S. Holm, Scandinavian Journal of Statistics 6:65 (1979).
    """
    p = np.asarray(p, np.float64)
    order = np.argsort(p)  # NaN last
    adjusted = p[order] * (np.isfinite(p).sum() - np.arange(len(p)))
    out = np.empty_like(p)
    out[order] = np.minimum(np.maximum.accumulate(adjusted), 1)
    return out


def paired(
    table: pd.DataFrame,
    score: str,
    against: str,
    *,
    name: str = "model",
    cluster: str = "fold",
    within: str = "seed",
    n: int = 2000,
    seed: int = 0,
    level: float = 0.95,
) -> pd.DataFrame:
    """Differences between a score and a reference's, pair by pair, with intervals over folds.

    A pair is two runs with the same fold and seed. Seeds of one fold share their genes, so they are no independent
    witnesses: the mean over a fold's seeds is one value, and the t interval is over folds. Beside it stands the
    bootstrap interval: folds are drawn with replacement, and within each drawn fold its seeds. Of four folds and three
    seeds it holds the true difference in 82 to 88 % of simulated comparisons in which folds differ as much as runs do
    or more, where 95 % are meant; the t interval in 95 % (`make bench BENCH=claim_coverage`). So verdicts rest on t.
    Neither covers the choice of genes (`bootstrap` the predictions for that), nor that folds share training genes.

    Parameters
    ----------
    table : DataFrame
        A row per run: the columns `name`, `cluster`, `within` and `score`.
    score : str
        The column to compare; higher is better.
    against : str
        The reference, one of the values of the column `name`.
    name, cluster, within : str
        Columns that hold what is compared, the clusters, and the members of a cluster.
    n, seed : int
        Number of the bootstrap's draws and their seed (the same draws for every comparison).
    level : float
        Level of both intervals.

    Returns
    -------
    DataFrame
        A row per other value of `name`, in order of appearance: name, difference (mean over folds), low and high (t
        interval), boot_low and boot_high (bootstrap), p (two-sided t test), p_holm (`holm` over the rows), verdict
        ("above" or "below" the reference where the t interval leaves out 0, else "open"), higher (pairs in which it
        scores higher) and pairs. A single fold has neither t interval nor p (NaN), and its verdict is open.

    Raises
    ------
    ChromolabError
        For a missing column or reference, a repeated run, a score that is not finite, or a run without its partner.
    """
    if missing := [c for c in (name, cluster, within, score) if c not in table]:
        raise ChromolabError(f"paired: no column {', '.join(missing)}; the table has {', '.join(table.columns)}")
    if (twice := table.duplicated([name, cluster, within])).any():
        raise ChromolabError(f"paired: {table[twice].iloc[0][[name, cluster, within]].to_dict()} stands in two rows")
    wide = table.pivot(index=[cluster, within], columns=name, values=score)  # noqa: PD010  # no mean of repeats wanted
    wide = wide[list(dict.fromkeys(table[name]))]
    if against not in wide:
        raise ChromolabError(f"paired: no {name} {against!r}; there are {', '.join(map(str, wide.columns))}")
    if not np.isfinite(wide.to_numpy(float)).all():
        lacking = [f"{n} {i}" for n in wide for i in wide.index[~np.isfinite(wide[n].astype(float))]]
        raise ChromolabError(f"paired: no finite {score} of {lacking[0]}; expected every {name} for each pair")
    gain = wide.drop(columns=against).sub(wide[against], axis=0)  # (pairs, others)
    by_cluster = [rows.to_numpy(float) for _, rows in gain.groupby(level=cluster)]  # of (members, others)
    mean, low, high, p = t_interval([rows.mean(0) for rows in by_cluster], level)
    rng, draws = np.random.default_rng(seed), np.empty((n, gain.shape[1]))
    for draw in draws:
        drawn = [by_cluster[i] for i in rng.integers(0, len(by_cluster), len(by_cluster))]
        draw[:] = np.mean([rows[rng.integers(0, len(rows), len(rows))].mean(0) for rows in drawn], 0)
    boot_low, boot_high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return pd.DataFrame(
        {
            "name": gain.columns.to_list(),
            "difference": mean,
            "low": low,
            "high": high,
            "boot_low": boot_low,
            "boot_high": boot_high,
            "p": p,
            "p_holm": holm(p),
            "verdict": np.select([low > 0, high < 0], ["above", "below"], "open"),
            "higher": (gain > 0).sum().to_numpy(),
            "pairs": len(gain),
        }
    )


def in_words(differences: pd.DataFrame, against: str) -> str:
    """The verdicts of `paired` in words: what is above, what below, and what shows no difference from the reference.

    Parameters
    ----------
    differences : DataFrame
        From `paired`; a star marks what holds after Holm's correction for its rows, too.
    against : str
        What to call the reference.
    """
    held = differences["p_holm"] < 0.05
    names = differences["name"].astype(str) + held.map({True: "*", False: ""})
    said = {"above": f"Above {against}", "below": f"Below {against}", "open": f"No difference shown from {against}"}
    chosen = {words: names[differences["verdict"] == verdict] for verdict, words in said.items()}
    parts = [f"{words}: {'; '.join(those)}." for words, those in chosen.items() if len(those)]
    return " ".join(parts) + f" (t intervals over folds; * after Holm's correction, too: {held.sum()} of {len(held)})"
