"""A real answer key: elements that were silenced by CRISPRi, and whether a gene then lost expression.

Each tested pair of an element and a gene becomes an edit: the active marks of the element go to background, the model
predicts the gene again, and the loss that it predicts ranks the pair. The model must not have seen the gene: `held_out`
trains such models. `chromolab.learn.truth.ranking` holds the ranks against the measured answers.
"""

from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from typing import Any

import numpy as np
import pandas as pd

from chromolab.data.dataset.combine import concat
from chromolab.data.dataset.dataset import Dataset
from chromolab.data.text import text_lines
from chromolab.errors import ChromolabError
from chromolab.learn.edit.apply import edit_each
from chromolab.learn.edit.kinds import Edit, erase
from chromolab.learn.explain.attention_maps import rollout
from chromolab.learn.explain.gradients import gradient_input
from chromolab.learn.metrics import log_odds_or_expression
from chromolab.learn.prediction import predict
from chromolab.learn.train.fit import fit
from chromolab.models.base import Model
from chromolab.models.chromoformer import Chromoformer

ACTIVE = ("H3K27ac", "H3K4me1", "H3K4me2", "H3K4me3", "H3K9ac")
FLANK = 1_000  # bp on both sides of an element that are silenced with it: what dCas9-KRAB brings spreads about as far
NUMBERS = ("start", "end", "tss", "effect", "distance", "h3k27ac", "dhs")
COLUMNS = ("chrom", "gene_id", "regulated", *NUMBERS)
# The columns of the ENCODE benchmark of CRISPRi pairs (Gschwind et al. 2025), as ours.
BENCHMARK = {
    "chromStart": "start",
    "chromEnd": "end",
    "measuredGeneEnsemblId": "gene_id",
    "measuredGeneSymbol": "gene_name",
    "startTSS": "tss",
    "EffectSize": "effect",
    "Regulated": "regulated",
    "distanceToTSS": "distance",
    "H3K27ac.RPM": "h3k27ac",
    "DHS.RPM": "dhs",
}
WINDOW, PCRE, UNSEEN = "window", "pCRE", "not seen"
TRUE, FALSE = {"true", "1"}, {"false", "0"}


def read_crispri(path: str | PathLike[str]) -> pd.DataFrame:
    """Read tested pairs of an element and a gene.

    Parameters
    ----------
    path : a table separated by tabs, compressed or not, with the columns below or those of the ENCODE benchmark
        (`chromStart`, `measuredGeneEnsemblId`, `EffectSize`, ...), whose pairs without a valid connection are left out.

    Returns
    -------
    DataFrame
        A row per pair: chrom, start, end (the element, bp, 0-based, half open), gene_id, tss, effect (share of
        expression gained or lost: -0.3 is 30 % less), regulated (bool: significantly less), distance (bp, from the
        TSS, not negative), h3k27ac, dhs (reads per million at the element), and the file's other columns.

    Raises
    ------
    ChromolabError
        If the file is missing, lacks a column, or a value is not as expected; the message names the line.
    """
    lines = list(text_lines(path, "a table of CRISPRi pairs"))
    names = [BENCHMARK.get(name, name) for name in lines[0][1].split("\t")]
    if missing := [c for c in COLUMNS if c not in names]:
        raise ChromolabError(
            f"{path}: no column {', '.join(missing)}; expected {', '.join(COLUMNS)}, or the names of the ENCODE "
            "benchmark of CRISPRi pairs, separated by tabs."
        )
    rows = [(number, line.split("\t")) for number, line in lines[1:] if line.strip()]
    if wrong := [number for number, row in rows if len(row) != len(names)]:
        raise ChromolabError(f"{path}, line {wrong[0]}: another number of fields than the {len(names)} of line 1.")
    if not rows:
        raise ChromolabError(f"{path}: no pairs under the header.")
    table = pd.DataFrame([row for _, row in rows], columns=names)
    at = np.array([number for number, _ in rows])
    for column in NUMBERS:
        values = pd.to_numeric(table[column], errors="coerce")
        _refuse(path, at, values.isna() & ~table[column].str.upper().isin(["", "NA", "NAN"]), table[column], "a number")
        table[column] = values
    for column in ("start", "end", "tss", "effect", "distance"):
        _refuse(path, at, table[column].isna(), table[column], f"a {column}")
    answer = table["regulated"].str.lower()
    _refuse(path, at, ~answer.isin(TRUE | FALSE), table["regulated"], "TRUE or FALSE under regulated")
    whole = {c: table[c].astype(np.int64) for c in ("start", "end", "tss")}
    table = table.assign(regulated=answer.isin(TRUE), distance=table["distance"].abs(), **whole)
    _refuse(path, at, (table["start"] < 0) | (table["end"] <= table["start"]), table["end"], "start < end, from 0")
    if "ValidConnection" in table:
        table = table[table["ValidConnection"].str.lower().isin(TRUE)]
    return table.reset_index(drop=True)


def _refuse(path, at: np.ndarray, bad: pd.Series, shown: pd.Series, expected: str) -> None:
    if bad.any():
        i = int(np.argmax(bad.to_numpy()))
        raise ChromolabError(f"{path}, line {at[i]}: {str(shown.iloc[i])[:40]!r}; expected {expected}.")


def held_out(
    dataset: Dataset,
    pairs: pd.DataFrame,
    make: Callable[[int], Model],
    *,
    seeds: Sequence[int] = (0, 1, 2),
    folds: Sequence[int] | None = None,
    **training: Any,
) -> dict[int, list[Model]]:
    """Train models that never saw a gene of a tested pair, nor any gene of the fold that they will answer for.

    Parameters
    ----------
    dataset : Dataset
        One cell type, at least three folds.
    pairs : DataFrame
        From `read_crispri`; its genes are left out of every training and validation set.
    make : function(seed) -> untrained model
    seeds : sequence of int
        A model for each, in each fold.
    folds : sequence of int, optional
        Default those that hold a tested gene.
    **training
        Passed to `cl.fit`.

    Returns
    -------
    {fold: list of models}
        Early stopping used the fold after.

    Raises
    ------
    ChromolabError
        If no tested gene is in the dataset, or there are too few folds.
    """
    tested = dataset.genes["gene_id"].isin(set(pairs["gene_id"])).to_numpy()
    if not tested.any():
        raise ChromolabError(
            f"none of the {pairs['gene_id'].nunique()} tested genes is in this dataset; its ids look like "
            f"{dataset.genes['gene_id'].iloc[0]}, those of the pairs like {pairs['gene_id'].iloc[0]}"
        )
    models = {}
    for fold in sorted(dataset.genes["fold"][tested].unique()) if folds is None else folds:
        train, validation, _ = dataset.split(test_fold=int(fold))
        train, validation = (d.select(~d.genes["gene_id"].isin(set(pairs["gene_id"]))) for d in (train, validation))
        models[int(fold)] = [make(seed) for seed in seeds]
        for seed, model in zip(seeds, models[int(fold)], strict=True):
            fit(model, train, validation=validation, seed=seed, **training)
    return models


def crispri(
    models: Mapping[int, Sequence[Model]] | Sequence[Model],
    dataset: Dataset,
    pairs: pd.DataFrame,
    *,
    marks: Sequence[str] = ACTIVE,
    flank: int = FLANK,
    explained: bool = True,
    **prediction: Any,
) -> pd.DataFrame:
    """Silence each tested element in silico, and write down what the models expect of the gene.

    Parameters
    ----------
    models : {fold: models} from `held_out`, or a list of models that never saw the genes
        All of one task; a gene is answered for by the models of its fold.
    dataset : Dataset
        One cell type.
    pairs : DataFrame
        From `read_crispri`, in the dataset's assembly; those of genes that it lacks are left out.
    marks : sequence of str
        Those of the dataset go to zero over the element and its flanks, in the promoter window and in every pCRE that
        overlaps it; the other tracks and the contacts stay.
    flank : int
        bp on both sides of the element.
    explained : bool
        Add the columns `attention` and `gradient`, which ask the same models without an edit.
    **prediction
        Passed to `cl.predict`.

    Returns
    -------
    DataFrame
        The pairs whose gene is in the dataset, with fold, seen ("window", "pCRE" or "not seen": an element outside the
        window that no pCRE overlaps; its change is 0), change (mean over the models of the predicted change of
        log2(RPKM + 1) or log-odds), spread (standard deviation over the models; NaN for one), attention (`rollout` to
        the element's bins; NaN for models without) and gradient (`gradient_input` of the marks in them).

    Raises
    ------
    ChromolabError
        If no gene of the pairs is in the dataset, it holds several cell types, it has none of the marks, or a fold has
        no model.
    """
    genes = dataset.genes
    if len(cells := genes["cell_type"].unique()) != 1:
        raise ChromolabError(f"expected one cell type, found {', '.join(cells)}; select one")
    if not (silenced := [m for m in marks if m in dataset.marks]):
        raise ChromolabError(f"none of {', '.join(marks)} is in this dataset; it has {', '.join(dataset.marks)}")
    found = pairs[pairs["gene_id"].isin(set(genes["gene_id"]))].reset_index(drop=True)
    if found.empty:
        raise ChromolabError(
            f"none of the tested genes is in this dataset, whose ids look like {genes['gene_id'].iloc[0]}"
        )
    found = found.assign(fold=genes.set_index("gene_id")["fold"].reindex(found["gene_id"]).to_numpy())
    parts = []
    for fold in sorted(set(found["fold"].tolist())):
        rows = found[found["fold"] == fold]
        of_fold = list(models.get(fold, ())) if isinstance(models, Mapping) else list(models)
        if not of_fold:
            raise ChromolabError(f"no model for the genes of fold {fold}; train one, cl.truth.held_out(...)")
        parts.append(_of_fold(of_fold, dataset, rows, silenced, flank, explained, prediction))
    return pd.concat(parts).sort_index()


def _of_fold(models, dataset, rows, marks, flank, explained, prediction) -> pd.DataFrame:
    names = list(dict.fromkeys(rows["gene_id"]))
    genes = {name: dataset.gene(name) for name in names}
    seen, edited, place = np.full(len(rows), UNSEEN, object), [], np.full(len(rows), -1)
    before = np.zeros(len(rows), np.int64)
    count = 0
    for name, at in rows.reset_index(drop=True).groupby("gene_id", sort=False).indices.items():
        edits = [_silence(genes[name], rows.iloc[i], marks, flank) for i in at]
        seen[at] = [where for where, _ in edits]
        given = [i for i, (_, made) in zip(at, edits, strict=True) if made]
        edited.append(edit_each(genes[name], [[], *(made for _, made in edits if made)]))
        before[at], place[given] = count, count + 1 + np.arange(len(given))
        count += 1 + len(given)
    variants, change = concat(edited), np.zeros((len(models), len(rows)))
    for m, model in enumerate(models):
        value = log_odds_or_expression(predict(model, variants, **prediction))
        change[m] = np.where(place >= 0, value[place] - value[before], 0.0)
    table = rows.assign(seen=seen, change=change.mean(0), spread=change.std(0, ddof=1) if len(models) > 1 else np.nan)
    if not explained:
        return table
    every = concat(list(genes.values()))
    looked = [_at_elements(rollout(m, every), rows, flank) for m in models if isinstance(m, Chromoformer)]
    added = [_at_elements(g[g["mark"].isin(marks)], rows, flank) for g in (gradient_input(m, every) for m in models)]
    return table.assign(attention=np.mean(looked, 0) if looked else np.nan, gradient=np.mean(added, 0))


def _silence(gene: Dataset, pair: pd.Series, marks: Sequence[str], flank: int) -> tuple[str, list[Edit]]:
    """Where the gene's model sees the element, and the edits that silence it; no edits where it is not seen."""
    regions = gene.signal.regions
    on = (regions["chrom"] == pair["chrom"]).to_numpy()
    inside = on & (regions["start"] < pair["end"]).to_numpy() & (regions["end"] > pair["start"]).to_numpy()
    if not inside.any():
        return UNSEEN, []
    place = f"{pair['chrom']}:{max(0, pair['start'] - flank)}-{pair['end'] + flank}"
    return WINDOW if inside[gene.promoter[0]] else PCRE, [erase(mark, place) for mark in marks]


def _at_elements(scores: pd.DataFrame, rows: pd.DataFrame, flank: int) -> np.ndarray:
    """Sum of a method's scores over the bins of each pair's element and its flanks, (pairs,)."""
    total = np.zeros(len(rows))
    of_gene = scores.groupby("gene", sort=False).indices
    position, score = scores["position"].to_numpy(np.int64), scores["score"].to_numpy(float)
    width = scores["resolution"].to_numpy(np.int64) if "resolution" in scores else np.ones(len(scores), np.int64)
    for i, (name, start, end) in enumerate(zip(rows["gene_id"], rows["start"], rows["end"], strict=True)):
        at = of_gene.get(name, np.empty(0, np.int64))
        inside = (position[at] < end + flank) & (position[at] + width[at] > start - flank)
        total[i] = score[at][inside].sum()
    return total
