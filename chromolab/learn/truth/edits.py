"""Compare predicted effects of edits with the true effects in the teaching genome. All of it is simulated.

Each kind of edit below does to the tracks or contacts what a change of a cause would do, so that prediction and truth
(`chromolab.learn.truth.meaning`) answer the same question.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from chromolab.data.dataset.combine import concat
from chromolab.data.dataset.dataset import Dataset
from chromolab.learn.edit.apply import edit_each
from chromolab.learn.metrics import bootstrap, log_odds_or_expression
from chromolab.learn.prediction import predict
from chromolab.learn.runtime import models_of
from chromolab.models.base import Model
from chromolab.world.answers.causes import SMALL


@dataclass(frozen=True, eq=False)
class Agreement:
    """Predicted and true effects of edits.

    Attributes
    ----------
    edits : DataFrame
        Those of `sample_edits`, with predicted (mean over the models) and spread (standard deviation over the models).
    scores : DataFrame
        A row for each kind and one for "all kinds": edits (how many), felt (how many truly change log2 transcription by
        at least 0.1), mean_true, mean_predicted, pearson_r and its interval (r_low, r_high; NaN if the truth does not
        vary), sign (share of the felt edits predicted with the right sign; s_low, s_high), rule_sign (the share that
        the rule by kind of `sample_edits` gets right, which asks no model but is told what each place holds), error
        (mean absolute).
    """

    edits: pd.DataFrame
    scores: pd.DataFrame

    def _repr_html_(self) -> str:
        return self.scores.round(2).to_html(index=False)


def score_edits(
    models: Model | Sequence[Model] | Mapping[Any, Any],
    dataset: Dataset,
    drawn: pd.DataFrame,
    draws: int = 1000,
    **prediction: Any,
) -> Agreement:
    """Predict the effects of sampled edits, and score them against the true effects.

    Parameters
    ----------
    models : model, list of models
        All of one task. A regressor's change of log2(RPKM + 1) is in the unit of the true change; of a classifier's
        change in log-odds only sign and rank compare.
    dataset : Dataset
        The one that the edits were sampled for.
    drawn : DataFrame
        From `sample_edits`.
    draws : int
        Bootstrap draws over genes for the 95 % intervals; a gene's edits stay together.
    **prediction
        Passed to `cl.predict`.

    Returns
    -------
    Agreement
    """
    rows, edited = [], []  # of each gene: its rows in `drawn`; the gene unedited, then with each edit
    for of_gene in drawn.groupby(["gene_id", "cell_type"], sort=False).indices.values():
        first = drawn.iloc[of_gene[0]]
        gene = dataset.gene(first["gene_id"], first["cell_type"])
        edited.append(edit_each(gene, [[], *(drawn["edits"].iloc[r] for r in of_gene)]))
        rows.append(of_gene)
    variants, unedited = concat(edited), np.cumsum([0, *(len(of_gene) + 1 for of_gene in rows[:-1])])
    change = np.empty((len(models := models_of(models)), len(drawn)))
    for m, model in enumerate(models):
        value = log_odds_or_expression(predict(model, variants, **prediction))
        for of_gene, at in zip(rows, unedited, strict=True):
            change[m, of_gene] = value[at + 1 : at + 1 + len(of_gene)] - value[at]
    edits = drawn.assign(predicted=change.mean(0), spread=change.std(0, ddof=1) if len(models) > 1 else np.nan)
    groups = [("all kinds", edits), *edits.groupby("kind", sort=False)]
    return Agreement(edits, pd.DataFrame([{"kind": kind, **_scores(part, draws)} for kind, part in groups]))


def _scores(edits: pd.DataFrame, draws: int) -> dict[str, float]:
    true, guess, genes = (edits[c].to_numpy() for c in ("true", "predicted", "gene_id"))
    felt = np.abs(edits["effect"].to_numpy()) >= SMALL
    r = s = (np.nan,) * 3
    if len(true) > 2 and true.std() > 1e-9:
        r = bootstrap(_pearson, true, guess, n=draws, groups=genes)
    if felt.any():
        s = bootstrap(_same_sign, true[felt], guess[felt], n=draws, groups=genes[felt])
    return {
        "edits": len(true),
        "felt": int(felt.sum()),
        "mean_true": true.mean(),
        "mean_predicted": guess.mean(),
        "pearson_r": r[0],
        "r_low": r[1],
        "r_high": r[2],
        "sign": s[0],
        "s_low": s[1],
        "s_high": s[2],
        "rule_sign": _same_sign(true[felt], edits["rule"].to_numpy()[felt]) if felt.any() else np.nan,
        "error": np.abs(true - guess).mean(),
    }


def _pearson(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.corrcoef(a, b)[0, 1]) if a.std() > 0 and b.std() > 0 else np.nan


def _same_sign(a: np.ndarray, b: np.ndarray) -> float:
    return float((np.sign(a) == np.sign(b)).mean())
