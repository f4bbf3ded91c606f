"""One cell type teaches, another is asked: models across cell types, beside answers that need no model.

Genes are the same in every cell type, so the test genes of a fold are held out of training in all of them. A model is
held against the model of the asked cell type itself (the relative AUC) and against copying: the expression that the
same genes have in the cell type that teaches, which a model has to beat to be worth anything (Schreiber et al. 2020, "A
pitfall for machine learning methods aiming to predict across cell types"). On genes whose label differs between the
two, copying is wrong by construction.

Cell types may be of several species: concat datasets of one scale (`cl.data.presence`, `cl.data.recalibrate`). Genes
with one name are then orthologues; one whose fold differs between the species is left out of the tests, since the
training of another cell type has seen it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from chromolab.data.dataset.combine import concat
from chromolab.data.dataset.dataset import Dataset
from chromolab.data.dataset.recalibration import recalibrate, track_quantiles
from chromolab.errors import ChromolabError
from chromolab.learn.compare.controls import Linear, window_means
from chromolab.learn.compare.models import guess_of
from chromolab.learn.metrics import log_odds_or_expression, probability_or_expression, t_interval
from chromolab.learn.train.fit import fit

LEAST_CHANGED = 5  # genes of each label among those that changed; of fewer no AUC is given
WITHOUT = "without "  # before a mark: the column of what its absence changes


def across_cells(
    dataset: Dataset,
    make: Callable,
    task: str = "classification",
    *,
    train: Sequence[str] | None = None,
    test: Sequence[str] | None = None,
    folds: Sequence[int] | None = None,
    seeds: Sequence[int] = (0,),
    recalibrated: bool | Sequence[bool] = False,
    effects: bool = False,
    done: pd.DataFrame | None = None,
    **training: Any,
) -> Iterator[dict]:
    """Train on each cell type, and ask each cell type about the genes of a fold that no training saw.

    Parameters
    ----------
    dataset : Dataset
        Several cell types: with the same genes and folds, or of several species, of which those genes are asked about
        that are in the same fold wherever they are.
    make : function(task, seed) -> untrained model
        Such as one of `cl.compare.models.entrants(dataset)`.
    task : {"classification", "regression"}
        Either ranks the genes, and both are scored by AUC; of a regression the level is scored as well.
    train, test : sequence of str, optional
        Cell types; default all.
    folds : sequence of int, optional
        Test folds; default all. The fold after it stops training early.
    seeds : sequence of int
    recalibrated : bool or sequence of bool
        Give the asked cell type the scale of the teaching one first, mark by mark (`cl.data.recalibrate`); with (False,
        True), the same models are asked both ways.
    effects : bool
        Also take each mark away from the asked genes, their windows and pCREs, and predict again.
    done : DataFrame, optional
        Rows of an earlier call with the same arguments; they are not computed again.
    **training
        Passed to `cl.fit`.

    Yields
    ------
    dict
        train, test (cell types), fold, seed, recalibrated, genes; auc; copy (AUC of the expression of the same genes
        in the teaching cell type; NaN without genes in common); changed (genes whose label differs between the two),
        changed_auc (among them; NaN for few); slope and intercept of the true log2(expression + 1) on the predicted,
        and level, the mean of true minus predicted (NaN for classification). With `effects`, "without MARK": the mean
        change of the prediction over genes, in log-odds or log2(expression + 1).

    Raises
    ------
    ChromolabError
        For an unknown cell type, or a fold without a gene to ask about.
    """
    cells = list(dict.fromkeys(dataset.genes["cell_type"]))
    teach, asked = list(train or cells), list(test or cells)
    if unknown := [c for c in [*teach, *asked] if c not in cells]:
        raise ChromolabError(f"no cell type {unknown[0]!r} in this dataset; it has {', '.join(cells)}")
    keys = ["train", "test", "fold", "seed", "recalibrated"]
    known = set() if done is None else set(done[keys].itertuples(index=False, name=None))
    ways = [recalibrated] if isinstance(recalibrated, bool) else list(recalibrated)
    if wrong := [way for way in ways if not isinstance(way, bool)]:
        raise ChromolabError(f"recalibrated: {wrong[0]!r}; expected True, False, or a list of these")
    of_cell = {c: dataset.select((dataset.genes["cell_type"] == c).to_numpy()) for c in {*teach, *asked}}
    scale = {c: track_quantiles(part) for c, part in of_cell.items()} if any(ways) else {}
    folds_of = dataset.genes.groupby("gene_id")["fold"].nunique()
    taught = set(folds_of.index[folds_of > 1])  # of several species: held out in one, and seen by the other
    for seed in seeds:
        for fold in dataset.folds if folds is None else folds:
            for cell in teach:
                left = [(c, way) for c in asked for way in ways if (cell, c, fold, seed, way) not in known]
                if not left:
                    continue
                model = _taught(of_cell[cell], make, task, fold, seed, training)
                for other, way in left:
                    genes = of_cell[other].genes
                    held = of_cell[other].select((genes["fold"] == fold) & ~genes["gene_id"].isin(taught))
                    if not len(held):
                        raise ChromolabError(f"{other} has no gene of fold {fold} that no training saw; leave it out")
                    if way and cell != other:
                        held = recalibrate(held, scale[cell], source=scale[other])
                    row = dict(zip(keys, (cell, other, fold, seed, way), strict=True))
                    row |= _scores(model, of_cell[cell].genes, held, task)
                    yield row | (_effects(model, held) if effects else {})


def _taught(cell: Dataset, make: Callable, task: str, fold: int, seed: int, training: dict):
    learn, stop, _ = cell.split(test_fold=fold)
    model = make(task, seed)
    if isinstance(model, Linear):
        return model.fit(concat([learn, stop]))
    return fit(model, learn, validation=stop, seed=seed, **({"progress": False} | training)).model


def _scores(model, teacher: pd.DataFrame, held: Dataset, task: str) -> dict:
    """What the model, and copying from the genes of the teacher, say of the genes that are asked about."""
    guess, label = probability_or_expression(guess_of(model, held)), held.labels
    own = teacher.drop_duplicates("gene_id").set_index("gene_id").reindex(held.genes["gene_id"])
    shared = own["label"].notna().to_numpy()
    changed = shared & (own["label"].to_numpy() != label)
    few = min((label[changed] == 0).sum(), (label[changed] == 1).sum()) < LEAST_CHANGED
    slope, intercept, level = np.nan, np.nan, np.nan
    if task == "regression":
        slope, intercept = np.polyfit(guess, held.log2_expression, 1)
        level = (held.log2_expression - guess).mean()
    return {
        "genes": len(held),
        "auc": roc_auc_score(label, guess),
        "copy": roc_auc_score(label[shared], own["log2_expression"].to_numpy(float)[shared])
        if shared.any()
        else np.nan,
        "changed": int(changed.sum()),
        "changed_auc": np.nan if few else roc_auc_score(label[changed], guess[changed]),
        "slope": float(slope),
        "intercept": float(intercept),
        "level": float(level),
    }


def _effects(model, held: Dataset) -> dict:
    """The mean change of the prediction when a mark is taken away everywhere, mark by mark."""
    held, found = held.compact(), {}
    before = _additive(model, held)
    for m, mark in enumerate(held.marks):
        depth = np.array(held.signal.depth)
        depth[:, m] = np.where(np.isnan(depth[:, m]), np.nan, 0)
        lacking = replace(held, signal=replace(held.signal, depth=depth, cache={}))
        found[WITHOUT + mark] = float((_additive(model, lacking) - before).mean())
    return found


def _additive(model, dataset: Dataset) -> np.ndarray:
    """Predictions on a scale where changes add, (examples,): log-odds, or log2(expression + 1)."""
    return model.additive(dataset) if isinstance(model, Linear) else log_odds_or_expression(guess_of(model, dataset))


def relative(rows: pd.DataFrame, score: str = "auc") -> pd.DataFrame:
    """Each run's score relative to that of the asked cell type's own model, on the same fold and seed.

    Parameters
    ----------
    rows : DataFrame
        From `across_cells`, with every asked cell type also teaching; where it has columns `data`, `model` and `task`,
        those are compared within themselves.
    score : str

    Returns
    -------
    DataFrame
        The rows with `own` (the score of the cell type's own model) and `relative` (score / own).

    Raises
    ------
    ChromolabError
        If a cell type's own run is missing.
    """
    same = ["test", "fold", "seed", *(c for c in ("data", "model", "task", "recalibrated") if c in rows)]
    own = rows[rows["train"] == rows["test"]][[*same, score]].rename(columns={score: "own"})
    joined = rows.merge(own, on=same, how="left")
    if joined["own"].isna().any():
        lacking = joined[joined["own"].isna()].iloc[0]
        which = f"fold {lacking['fold']}, seed {lacking['seed']}"
        raise ChromolabError(f"no run of {lacking['test']} on itself for {which}; let it teach, too")
    return joined.assign(relative=joined[score] / joined["own"])


def by_pair(rows: pd.DataFrame, score: str = "relative") -> pd.DataFrame:
    """A score of each pair of teaching and asked cell type, with its t interval over folds.

    Parameters
    ----------
    rows : DataFrame
        From `relative` or `across_cells`; other columns (a model's name) make no difference.
    score : str

    Returns
    -------
    DataFrame
        train, test, name ("train → test"), value (mean over folds of the mean over seeds), low, high (95 %; NaN of one
        fold), folds. NaN scores are left out.
    """
    found = over_folds(rows, score, ["train", "test"])
    return found.assign(name=found["train"] + " → " + found["test"])


def over_folds(rows: pd.DataFrame, score: str, by: str | Sequence[str]) -> pd.DataFrame:
    """A score of each group of runs, with its t interval over folds: the cell types of a fold share their genes.

    Parameters
    ----------
    rows : DataFrame
        From `relative` or `across_cells`, or a table with a column `fold` like theirs.
    score : str
    by : str or list of str
        Columns whose values make the groups.

    Returns
    -------
    DataFrame
        The columns `by`, value (mean over folds of the mean within each), low, high (95 %; NaN of one fold), folds; of
        a single column also as `name`, as `cl.plot.compare` reads it. NaN scores are left out.
    """
    columns, found = [by] if isinstance(by, str) else list(by), []
    for key, group in rows.dropna(subset=[score]).groupby(columns, sort=False):
        folds = group.groupby("fold")[score].mean()
        mean, low, high, _ = t_interval(folds)
        found.append((*key, mean, low, high, len(folds)))
    table = pd.DataFrame(found, columns=[*columns, "value", "low", "high", "folds"])
    return table.assign(name=table[by].astype(str)) if isinstance(by, str) else table


def reasons(rows: pd.DataFrame) -> pd.DataFrame:
    """Does a model from elsewhere have the same reasons? Effects of marks, of two models on the same asked genes.

    Parameters
    ----------
    rows : DataFrame
        From `across_cells` with `effects`; every asked cell type also teaches.

    Returns
    -------
    DataFrame
        train, test; r_there (over marks: Pearson r of the mean effects that the model of `train` finds in `test` with
        those that the model of `test` finds there); r_home (of those that each model finds in its own cell type).

    Raises
    ------
    ChromolabError
        Without effects, or with fewer than three marks: two points always correlate.
    """
    marks = [str(c) for c in rows if str(c).startswith(WITHOUT)]
    if len(marks) < 3:
        raise ChromolabError(f"effects of {len(marks)} marks; expected three or more: across_cells(..., effects=True)")
    mean = rows.groupby(["train", "test"], sort=False)[marks].mean()
    pairs = [(a, b) for a, b in mean.index if a != b and {(a, a), (b, b)} <= set(mean.index)]
    found = []
    for a, b in pairs:
        home, there, own = (mean.loc[pair].to_numpy() for pair in ((a, a), (a, b), (b, b)))
        r_there, r_home = (float(np.corrcoef(x, own)[0, 1]) for x in (there, home))
        found.append({"train": a, "test": b, "r_there": r_there, "r_home": r_home})
    return pd.DataFrame(found, columns=["train", "test", "r_there", "r_home"])


def similarity(dataset: Dataset, flank: int = 2000) -> pd.DataFrame:
    """How alike the cell types are, pair by pair, over the genes that both have.

    Parameters
    ----------
    dataset : Dataset
    flank : int
        bp on both sides of the TSS, a multiple of the dataset's bin.

    Returns
    -------
    DataFrame
        a, b, genes, labels (share of genes with the same label), expression (Pearson r of log2(expression + 1)), and
        marks (mean over the marks of Pearson r of ln(1 + mean depth) within the flank); NaN of fewer than three genes.

    Raises
    ------
    ChromolabError
        With fewer than two cell types.
    """
    cells = list(dict.fromkeys(dataset.genes["cell_type"]))
    if len(cells) < 2:
        raise ChromolabError(f"one cell type, {cells[0]}; expected two or more to compare")
    near = window_means(dataset, ("tss",), flank).set_axis(dataset.marks, axis=1)
    table = dataset.genes[["gene_id", "cell_type", "label", "log2_expression"]].reset_index(drop=True).join(near)
    of_cell = {c: rows.drop_duplicates("gene_id").set_index("gene_id") for c, rows in table.groupby("cell_type")}
    found = []
    for a, b in combinations(cells, 2):
        shared = of_cell[a].index.intersection(of_cell[b].index)
        if len(shared) < 3:  # of two species without orthologues
            found.append({"a": a, "b": b, "genes": len(shared)})
            continue
        x, y = of_cell[a].loc[shared], of_cell[b].loc[shared]
        marks = np.mean([np.corrcoef(x[m], y[m])[0, 1] for m in dataset.marks])
        same, r = (x["label"] == y["label"]).mean(), np.corrcoef(x["log2_expression"], y["log2_expression"])[0, 1]
        found.append({"a": a, "b": b, "genes": len(shared), "labels": same, "expression": r, "marks": marks})
    return pd.DataFrame(found, columns=["a", "b", "genes", "labels", "expression", "marks"])
