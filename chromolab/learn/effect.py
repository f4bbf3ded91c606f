"""What an edit changes in the predictions of one or several models, and how far they agree.

A predicted change is what a model expects of chromatin like this. It is not what a cell would do: a model that has only
seen marks and expression together cannot tell a cause from a consequence.
"""

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from chromolab.data.dataset import Dataset
from chromolab.data.recalibration import Quantiles, track_quantiles
from chromolab.errors import ChromolabError
from chromolab.learn import metrics
from chromolab.learn.edit import Edit, edit
from chromolab.learn.prediction import predict

PROBABILITY, LOG_ODDS, EXPRESSION = "probability", "log-odds", "log2(RPKM + 1)"
SEEN = 0.9999  # an edit beyond this share of the bins that a model was trained on is out of its range


@dataclass(frozen=True, eq=False)
class Effect:
    """The predicted effect of a list of edits.

    Attributes
    ----------
    table : DataFrame
        A row for each example and quantity ("probability" and "log-odds" of classifiers, "log2(RPKM + 1)" of
        regressors): gene_id, cell_type, quantity, before, after, change (means over the models), spread (standard
        deviation of the change over the models, n - 1; NaN for one), agree (share of the models whose change has the
        sign of the mean), models.
    each : DataFrame
        The same for each model: gene_id, cell_type, quantity, model (from 0), before, after, change.
    outside : DataFrame
        Marks that the edits bring out of the range seen (see `outside`); None where no ranges were given.
    edited : Dataset
    """

    table: pd.DataFrame
    each: pd.DataFrame
    outside: pd.DataFrame | None
    edited: Dataset

    def _repr_html_(self) -> str:
        return self.table.round(3).to_html(index=False)

    def __repr__(self) -> str:
        return self.table.round(3).to_string(index=False)


def effect(models, dataset: Dataset, edits: Iterable[Edit], *, ranges=None, source=None, **prediction) -> Effect:
    """The predicted effect of edits, with its spread over models.

    Parameters
    ----------
    models : model, list of models, or {anything: model or list}
        Trained alike but for fold or seed, such as `[cl.pretrained("regression", s) for s in range(4)]`; classifiers
        and regressors may be mixed.
    dataset : Dataset
        The examples to edit; usually one, `ds.gene("ENSG...")`.
    edits : list of Edit
        Made together, in order (`cl.edit`).
    ranges : Dataset or Quantiles, optional
        What the models were trained on, or `cl.ranges` of it. A `UserWarning` says which marks the edits bring out of
        the range seen there, and by how much.
    source : optional
        See `cl.edit`.
    **prediction
        Passed to `cl.predict`.

    Returns
    -------
    Effect

    Raises
    ------
    ChromolabError
        Without a model, and as `cl.edit` and `cl.predict` do.
    """
    edited = edit(dataset, edits, source)
    names, parts = dataset.genes[["gene_id", "cell_type"]], []
    for number, model in enumerate(models_of(models)):
        before, after = (_quantities(predict(model, d, **prediction)) for d in (dataset, edited))
        for quantity in before:
            b, a = before[quantity], after[quantity]
            parts.append(names.assign(quantity=quantity, model=number, before=b, after=a, change=a - b))
    each = pd.concat(parts, ignore_index=True)
    beyond = None if ranges is None else outside(dataset, edited, ranges)
    if beyond is not None and len(beyond):
        warnings.warn(_in_words(beyond), stacklevel=2)
    return Effect(_summary(each), each, beyond, edited)


def ranges(dataset: Dataset) -> Quantiles:
    """How each mark's depth is spread over the bins of a dataset: compute it once from what a model was trained on."""
    return track_quantiles(dataset)


def outside(before: Dataset, after: Dataset, ranges, share: float = SEEN) -> pd.DataFrame:
    """The marks that edits bring out of the range that was seen, bin by bin.

    Parameters
    ----------
    before, after : Dataset
        A dataset, and `cl.edit` of it.
    ranges : Dataset or Quantiles
        What was seen: a training set, or `cl.ranges` of it.
    share : float
        The limit is the depth that this share of the bins seen does not exceed.

    Returns
    -------
    DataFrame
        mark, bins (changed bins above the limit), highest (their highest mean depth), limit, times (highest / limit);
        no rows where all is within. Each mark is judged on its own: an unusual *combination* of marks, such as an open
        promoter without H3K4me3, is not noticed.
    """
    seen = _quantiles(ranges)
    if seen.bin_size != after.bin_size:
        raise ChromolabError(
            f"ranges of {seen.bin_size} bp bins, edits of {after.bin_size} bp bins: they do not compare"
        )
    new, old = after.signal.depth, np.full(after.signal.depth.shape, np.nan)
    old[: len(before.signal.depth)] = before.signal.depth  # added pCREs come behind
    rows = []
    for column, mark in enumerate(after.marks):
        if mark not in seen.scales:
            continue
        limit = seen.depth(mark, share)
        depth = new[:, column]
        depth = depth[(depth > limit) & ~(depth == old[:, column])]
        if len(depth):
            highest = float(depth.max())
            rows.append((mark, len(depth), highest, limit, highest / limit if limit else np.inf))
    return pd.DataFrame(rows, columns=["mark", "bins", "highest", "limit", "times"])


def _quantiles(seen) -> Quantiles:
    return seen if isinstance(seen, Quantiles) else track_quantiles(seen)


def models_of(models) -> list:
    """The models one after another, whatever they came in: one, a list, or {anything: one or a list}."""
    if isinstance(models, Mapping):
        models = list(models.values())
    flat = [m for part in models for m in models_of(part)] if isinstance(models, Sequence) else [models]
    if not flat:
        raise ChromolabError("no model given; expected a model, a list of models, or {task: models}")
    return flat


def one_value(prediction: np.ndarray) -> np.ndarray:
    """What effects are measured in, (examples,): log2(RPKM + 1), or a classifier's log-odds."""
    return prediction[:, 1] - prediction[:, 0] if prediction.shape[1] == 2 else prediction[:, 0]


def _quantities(prediction: np.ndarray) -> dict[str, np.ndarray]:
    if prediction.shape[1] == 1:
        return {EXPRESSION: one_value(prediction)}
    return {PROBABILITY: metrics.probability(prediction), LOG_ODDS: one_value(prediction)}


def _summary(each: pd.DataFrame) -> pd.DataFrame:
    keys = ["gene_id", "cell_type", "quantity"]
    groups = each.groupby(keys, sort=False)
    mean = groups[["before", "after", "change"]].mean()
    same = np.sign(each["change"]) == np.sign(groups["change"].transform("mean"))
    return mean.assign(
        spread=groups["change"].std(),
        agree=same.groupby([each[k] for k in keys], sort=False).mean(),
        models=groups["model"].nunique(),
    ).reset_index()


def _in_words(beyond: pd.DataFrame) -> str:
    marks = [
        f"{r.mark} reaches {r.highest:.3g} ({r.times:.2g} times the limit of {r.limit:.3g})"
        for r in beyond.itertuples()
    ]
    return (
        f"out of the range seen in training ({SEEN:.2%} of its bins): {', '.join(marks)}. What a model says of "
        "such data is guesswork"
    )
