"""Compare predicted effects of edits with the true effects in the teaching genome. All of it is simulated.

The answer key says how transcription changes when an element is silenced, or when the state behind a mark is undone.
Each kind of edit below does the same to the tracks or contacts, so that prediction and truth answer the same question.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from chromolab.data.dataset.combine import concat
from chromolab.data.dataset.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.learn.edit.apply import edit_each
from chromolab.learn.edit.kinds import DropPcre, Edit, Scale, drop_pcre, erase
from chromolab.learn.metrics import bootstrap, log_odds_or_expression
from chromolab.learn.prediction import predict
from chromolab.learn.runtime import models_of
from chromolab.models.base import Model
from chromolab.world.key import SMALL, Key
from chromolab.world.simulate import World

# The marks to erase, by element and at a promoter.
WRITTEN = {"enhancer": ("H3K27ac", "H3K4me1", "H3K9ac", "H3K4me3"), "silencer": ("H3K27me3", "H3K4me1")}
PROMOTER_MARKS = ("H3K4me3", "H3K9ac", "H3K27ac", "H3K27me3")
# What a rule by kind expects of the expression when an element, or a mark at a gene, is silenced or erased.
RULE = {"enhancer": -1, "silencer": 1, "H3K27me3": 1} | dict.fromkeys(("H3K4me3", "H3K9ac", "H3K27ac", "H3K36me3"), -1)
NEAR = 500  # bp on each side of the TSS that an edit must cover to erase a promoter's mark
KINDS = {
    "enhancer erased": "the marks of an enhancer that drives the gene are erased over its pCRE",
    "silencer erased": "the marks of a silencer that represses the gene are erased over its pCRE",
    "decoy erased": "the marks of an enhancer or silencer that touches the gene but hardly affects it are erased",
    "contact cut": "a pCRE is dropped, whatever it holds",
    "promoter mark erased": "one of four marks is erased within 2 kb of the TSS",
    "H3K36me3 erased": "H3K36me3 is erased over the gene's body: a consequence of transcription, true effect 0",
}


def sample_edits(world: World, dataset: Dataset, n: int = 500, seed: int = 0) -> pd.DataFrame:
    """Sample edits at random: equally many of each kind in `KINDS`, uniformly from all that the dataset's genes offer.

    Parameters
    ----------
    world : World
        The teaching genome; its key gives the truth.
    dataset : Dataset
        Of that world: usually held-out genes, `world.dataset().in_fold(4)`.
    n : int
        Number of edits.
    seed : int

    Returns
    -------
    DataFrame
        kind, gene_id, cell_type, what (the place or mark), edits (list of Edit), effect (true change of log2
        transcription), true (true change of log2(RPKM + 1), from the measured expression), rule (the direction that a
        rule by kind expects: -1 for an enhancer or an active mark, 1 for a silencer or H3K27me3, 0 for a contact with
        neither); in order of the kinds.

    Raises
    ------
    ChromolabError
        If a kind has fewer candidates than it needs.
    """
    rng, parts = np.random.default_rng(seed), []
    candidates = _candidates(world, dataset)
    for i, kind in enumerate(KINDS):
        wanted, available = n // len(KINDS) + (i < n % len(KINDS)), candidates[candidates["kind"] == kind]
        if len(available) < wanted:
            raise ChromolabError(
                f"{len(available)} candidates for {kind!r}, {wanted} needed; sample fewer edits, or give more genes"
            )
        parts.append(available.iloc[rng.choice(len(available), wanted, replace=False)])
    drawn = pd.concat(parts, ignore_index=True)
    made = [_made(row) for row in drawn.itertuples()]
    x = drawn["expression"]
    true = np.log2(x * 2 ** drawn["effect"] + 1) - np.log2(x + 1)
    rule = drawn["holds"].where(drawn["holds"] != "", drawn["what"]).map(RULE).fillna(0).astype(int)
    drawn = drawn[["kind", "gene_id", "cell_type", "what", "effect"]].assign(true=true, rule=rule)
    drawn.insert(4, "edits", made)
    return drawn


def _candidates(world, dataset: Dataset) -> pd.DataFrame:
    """Possible edits: kind, gene_id, cell_type, chrom, tss, body_start, body_end, expression, what, holds, effect."""
    genes = dataset.genes[["gene_id", "cell_type", "chrom", "tss", "start", "end", "expression"]]
    genes = genes.rename(columns={"start": "body_start", "end": "body_end"})
    pcres = world.key.pcres.drop(columns="chrom").merge(genes, on=["gene_id", "cell_type"])
    pcres["what"] = pcres["chrom"] + ":" + pcres["start"].astype(str) + "-" + pcres["end"].astype(str)
    pcres["holds"] = pcres.pop("kind")
    marks = world.key.marks.merge(genes, on=["gene_id", "cell_type"]).rename(columns={"mark": "what"}).assign(holds="")
    element = pcres["holds"].isin(WRITTEN)
    return pd.concat(
        [
            *(pcres[~pcres["decoy"] & (pcres["holds"] == h)].assign(kind=f"{h} erased") for h in WRITTEN),
            pcres[pcres["decoy"] & element].assign(kind="decoy erased"),
            pcres.assign(kind="contact cut"),
            marks[marks["what"].isin(PROMOTER_MARKS)].assign(kind="promoter mark erased"),
            marks[marks["what"] == "H3K36me3"].assign(kind="H3K36me3 erased"),
        ]
    )


def _made(row) -> list[Edit]:
    match row.kind:
        case "contact cut":
            return [drop_pcre(row.what)]
        case "promoter mark erased":
            return [erase(row.what, f"{row.chrom}:{max(0, row.tss - 2_000)}-{row.tss + 2_000}")]
        case "H3K36me3 erased":
            return [erase(row.what, f"{row.chrom}:{row.body_start}-{row.body_end}")]
    return [erase(mark, row.what) for mark in WRITTEN[row.holds]]


@dataclass(frozen=True, eq=False)
class Agreement:
    """Predicted and true effects of edits.

    Attributes
    ----------
    edits : DataFrame
        Those of `sample_edits`, with predicted (mean over the models) and spread (standard deviation over the models).
    scores : DataFrame
        A row for each kind and one for "all kinds": edits (how many), felt (how many truly change transcription by at
        least 0.05), mean_true, mean_predicted, pearson_r and its interval (r_low, r_high; NaN where the truth does not
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


def true_effects(key: Key, gene: Dataset, edits: Sequence[Edit]) -> list[dict]:
    """The true effect of each edit that the key has an answer for; single effects need not add up.

    The key knows a contact that is cut, an enhancer or silencer that loses one of its marks, a mark erased around the
    TSS, and H3K36me3 erased anywhere in the gene.

    Returns
    -------
    list of {"what": words, "effect": change of log2 transcription}
    """
    row = gene.genes.iloc[0]
    pcres, marks = (
        t[(t["gene_id"] == row["gene_id"]) & (t["cell_type"] == row["cell_type"])] for t in (key.pcres, key.marks)
    )
    undone = dict(zip(marks["mark"], marks["effect"], strict=True))
    effects = {}
    for e in edits:
        if isinstance(e, DropPcre):
            for p in pcres[(pcres["start"] == e.start) & (pcres["end"] == e.end)].itertuples():
                effects[f"contact with {p.kind or 'an empty place'}, {e.region}, cut"] = float(p.effect)
        if not (isinstance(e, Scale) and e.factor == 0):
            continue
        for p in pcres[(pcres["start"] < e.end) & (pcres["end"] > e.start) & pcres["kind"].isin(WRITTEN)].itertuples():
            if e.mark in WRITTEN[p.kind] and e.start <= p.start and p.end <= e.end:
                effects[f"{p.kind} at {p.chrom}:{p.start:,} silenced"] = float(p.effect)
        at_tss = e.start <= row["tss"] - NEAR and row["tss"] + NEAR <= e.end
        if e.mark in undone and (at_tss and e.mark in PROMOTER_MARKS or e.mark == "H3K36me3"):
            effects[f"{e.mark} of the promoter undone" if at_tss else f"{e.mark} erased"] = float(undone[e.mark])
    return [{"what": what, "effect": effect if np.isfinite(effect) else None} for what, effect in effects.items()]
