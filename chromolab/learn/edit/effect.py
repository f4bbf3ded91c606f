"""How edits change the predictions of one or several models, and how far the models agree.

A predicted change says what a model expects of chromatin like this, not what a cell would do: a model that has only
seen marks together with expression cannot tell a cause from a consequence.
"""

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from typing import Any

import numpy as np
import pandas as pd

from chromolab.data.dataset.dataset import Dataset
from chromolab.data.dataset.recalibration import Quantiles, track_quantiles
from chromolab.errors import ChromolabError
from chromolab.learn import metrics
from chromolab.learn.edit.apply import edit
from chromolab.learn.edit.kinds import Edit
from chromolab.learn.prediction import predict
from chromolab.learn.runtime import models_of
from chromolab.models.base import Model

PROBABILITY, LOG_ODDS, EXPRESSION = "probability", "log-odds", "log2(RPKM + 1)"
SEEN = 0.9999  # a depth above that of this share of the training data's bins is outside the training range


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
        The marks that the edits bring outside the training range (see `outside`); None if no ranges were given.
    edited : Dataset
        The examples after the edits.
    """

    table: pd.DataFrame
    each: pd.DataFrame
    outside: pd.DataFrame | None
    edited: Dataset

    def _repr_html_(self) -> str:
        return self.table.round(3).to_html(index=False)

    def __repr__(self) -> str:
        return self.table.round(3).to_string(index=False)


def effect(
    models: Model | Sequence[Model] | Mapping[Any, Any],
    dataset: Dataset,
    edits: Iterable[Edit],
    *,
    ranges: Dataset | Quantiles | None = None,
    source: Mapping[str, Any] | str | PathLike[str] | None = None,
    warn: bool = True,
    **prediction: Any,
) -> Effect:
    """Predict the effect of edits, and its spread over models.

    Parameters
    ----------
    models : model, list of models, or {anything: model or list}
        Trained alike except for the fold or the seed, such as `[cl.pretrained("regression", s) for s in range(4)]`;
        classifiers and regressors may be mixed.
    dataset : Dataset
        The examples to edit; usually one, `ds.gene("ENSG...")`.
    edits : list of Edit
        Applied together, in order (`cl.edit`).
    ranges : Dataset or Quantiles, optional
        The training data, or `cl.data.track_quantiles` of it. A `UserWarning` says which marks the edits bring outside
        the range of these data, and by how much.
    source : optional
        See `cl.edit`.
    warn : bool
        False: what is out of range stands in `outside` alone.
    **prediction
        Passed to `cl.predict`.

    Returns
    -------
    Effect

    Raises
    ------
    ChromolabError
        If no model is given, and as `cl.edit` and `cl.predict` do.
    """
    edited = edit(dataset, edits, source)
    names, parts = dataset.genes[["gene_id", "cell_type"]], []
    for number, model in enumerate(models_of(models)):
        before, after = (quantities(predict(model, d, **prediction)) for d in (dataset, edited))
        for quantity in before:
            b, a = before[quantity], after[quantity]
            parts.append(names.assign(quantity=quantity, model=number, before=b, after=a, change=a - b))
    each = pd.concat(parts, ignore_index=True)
    beyond = None if ranges is None else outside(dataset, edited, ranges)
    if warn and beyond is not None and len(beyond):
        warnings.warn(_in_words(beyond), stacklevel=2)
    return Effect(_summary(each), each, beyond, edited)


def outside(before: Dataset, after: Dataset, ranges: Dataset | Quantiles, share: float = SEEN) -> pd.DataFrame:
    """The marks that edits bring outside the training range, bin by bin.

    Parameters
    ----------
    before, after : Dataset
        A dataset, and `cl.edit` of it.
    ranges : Dataset or Quantiles
        The training data, or `cl.data.track_quantiles` of them.
    share : float
        The limit is the depth that this share of the training data's bins does not exceed.

    Returns
    -------
    DataFrame
        mark, bins (changed bins above the limit), highest (their highest mean depth), limit, times (highest / limit);
        no rows if every bin is within the range. Each mark is checked on its own: an unusual *combination* of marks,
        such as an open promoter without H3K4me3, is not noticed.

    Raises
    ------
    ChromolabError
        If the bin sizes differ.
    """
    seen = _quantiles(ranges)
    if seen.bin_size != after.bin_size:
        raise ChromolabError(
            f"the ranges are of {seen.bin_size} bp bins, the edits of {after.bin_size} bp bins: not comparable; "
            "take ranges from a dataset with the same bins"
        )
    new, old = after.signal.depth, np.full(after.signal.depth.shape, np.nan)
    old[: len(before.signal.depth)] = before.signal.depth  # the regions of added pCREs come after these
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


def quantities(prediction: np.ndarray) -> dict[str, np.ndarray]:
    """What a prediction of `cl.predict` says, {name: (examples,)}: level, or chance and log-odds."""
    if prediction.shape[1] == 1:
        return {EXPRESSION: metrics.log_odds_or_expression(prediction)}
    return {PROBABILITY: metrics.probability(prediction), LOG_ODDS: metrics.log_odds_or_expression(prediction)}


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
        f"outside the range of the training data ({SEEN:.2%} of its bins): {', '.join(marks)}. Predictions for such "
        "data are guesses"
    )
