"""One cell type teaches, another is asked: models across cell types, beside answers that need no model.

Genes are the same in every cell type, so the test genes of a fold are held out of training in all of them. A model is
held against the model of the asked cell type itself (the relative AUC) and against copying: the expression that the
same genes have in the cell type that teaches, which a model has to beat to be worth anything (Schreiber et al. 2020, "A
pitfall for machine learning methods aiming to predict across cell types"). On genes whose label differs between the
two, copying is wrong by construction.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from chromolab.data.dataset.combine import concat
from chromolab.data.dataset.dataset import Dataset
from chromolab.data.dataset.recalibration import recalibrate
from chromolab.errors import ChromolabError
from chromolab.learn.compare.controls import Linear, window_means
from chromolab.learn.compare.models import guess_of
from chromolab.learn.metrics import probability_or_expression
from chromolab.learn.train.fit import fit

LEAST_CHANGED = 5  # genes of each label among those that changed; of fewer no AUC is given


def across_cells(
    dataset: Dataset,
    make: Callable,
    task: str = "classification",
    *,
    train: Sequence[str] | None = None,
    test: Sequence[str] | None = None,
    folds: Sequence[int] | None = None,
    seeds: Sequence[int] = (0,),
    recalibrated: bool = False,
    done: pd.DataFrame | None = None,
    **training: Any,
) -> Iterator[dict]:
    """Train on each cell type, and ask each cell type about the genes of a fold that no training saw.

    Parameters
    ----------
    dataset : Dataset
        Several cell types with the same genes and folds.
    make : function(task, seed) -> untrained model
        Such as one of `cl.compare.models.entrants(dataset)`.
    task : {"classification", "regression"}
        Either ranks the genes, and both are scored by AUC; of a regression the level is scored as well.
    train, test : sequence of str, optional
        Cell types; default all.
    folds : sequence of int, optional
        Test folds; default all. The fold after it stops training early.
    seeds : sequence of int
    recalibrated : bool
        Give the asked cell type the scale of the teaching one first, mark by mark (`cl.data.recalibrate`).
    done : DataFrame, optional
        Rows of an earlier call with the same arguments; they are not computed again.
    **training
        Passed to `cl.fit`.

    Yields
    ------
    dict
        train, test (cell types), fold, seed, genes; auc; copy (AUC of the expression of the same genes in the teaching
        cell type); changed (genes whose label differs between the two), changed_auc (among them; NaN for few); slope
        and intercept of the true log2(expression + 1) on the predicted (NaN for classification).

    Raises
    ------
    ChromolabError
        For an unknown cell type, or cell types without genes in common.
    """
    cells = list(dict.fromkeys(dataset.genes["cell_type"]))
    teach, asked = list(train or cells), list(test or cells)
    if unknown := [c for c in [*teach, *asked] if c not in cells]:
        raise ChromolabError(f"no cell type {unknown[0]!r} in this dataset; it has {', '.join(cells)}")
    known = set() if done is None else set(zip(done["train"], done["test"], done["fold"], done["seed"], strict=True))
    of_cell = {c: dataset.select((dataset.genes["cell_type"] == c).to_numpy()) for c in {*teach, *asked}}
    if recalibrated:  # by the bins of each cell type alone
        of_cell = {c: part.compact() for c, part in of_cell.items()}
    for seed in seeds:
        for fold in dataset.folds if folds is None else folds:
            for cell in teach:
                left = [c for c in asked if (cell, c, fold, seed) not in known]
                if not left:
                    continue
                model = _taught(of_cell[cell], make, task, fold, seed, training)
                for other in left:
                    row = {"train": cell, "test": other, "fold": fold, "seed": seed}
                    yield row | _asked(model, of_cell[cell], of_cell[other], fold, task, recalibrated and cell != other)


def _taught(cell: Dataset, make: Callable, task: str, fold: int, seed: int, training: dict):
    learn, stop, _ = cell.split(test_fold=fold)
    model = make(task, seed)
    if isinstance(model, Linear):
        return model.fit(concat([learn, stop]))
    return fit(model, learn, validation=stop, seed=seed, **({"progress": False} | training)).model


def _asked(model, teacher: Dataset, cell: Dataset, fold: int, task: str, recalibrated: bool) -> dict:
    held = (recalibrate(cell, teacher) if recalibrated else cell).in_fold(fold)
    guess = probability_or_expression(guess_of(model, held))
    own = teacher.in_fold(fold).genes.drop_duplicates("gene_id").set_index("gene_id")
    own = own.reindex(held.genes["gene_id"])
    shared = own["label"].notna().to_numpy()
    if not shared.any():
        names = " and ".join(d.genes["cell_type"].iloc[0] for d in (teacher, cell))
        raise ChromolabError(
            f"{names} have no gene of fold {fold} in common; expected the same genes in every cell type"
        )
    label = held.labels
    changed = shared & (own["label"].to_numpy() != label)
    few = min((label[changed] == 0).sum(), (label[changed] == 1).sum()) < LEAST_CHANGED
    slope = np.polyfit(guess, held.log2_expression, 1) if task == "regression" else (np.nan, np.nan)
    return {
        "genes": len(held),
        "auc": roc_auc_score(label, guess),
        "copy": roc_auc_score(label[shared], own["log2_expression"].to_numpy(float)[shared]),
        "changed": int(changed.sum()),
        "changed_auc": np.nan if few else roc_auc_score(label[changed], guess[changed]),
        "slope": float(slope[0]),
        "intercept": float(slope[1]),
    }


def relative(rows: pd.DataFrame, score: str = "auc") -> pd.DataFrame:
    """Each run's score relative to that of the asked cell type's own model, on the same fold and seed.

    Parameters
    ----------
    rows : DataFrame
        From `across_cells`, with every asked cell type also teaching.
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
    own = rows[rows["train"] == rows["test"]][["test", "fold", "seed", score]].rename(columns={score: "own"})
    joined = rows.merge(own, on=["test", "fold", "seed"], how="left")
    if joined["own"].isna().any():
        lacking = joined[joined["own"].isna()].iloc[0]
        which = f"fold {lacking['fold']}, seed {lacking['seed']}"
        raise ChromolabError(f"no run of {lacking['test']} on itself for {which}; let it teach, too")
    return joined.assign(relative=joined[score] / joined["own"])


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
        marks (mean over the marks of Pearson r of ln(1 + mean depth) within the flank).

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
        x, y = of_cell[a].loc[shared], of_cell[b].loc[shared]
        marks = np.mean([np.corrcoef(x[m], y[m])[0, 1] for m in dataset.marks])
        same, r = (x["label"] == y["label"]).mean(), np.corrcoef(x["log2_expression"], y["log2_expression"])[0, 1]
        found.append({"a": a, "b": b, "genes": len(shared), "labels": same, "expression": r, "marks": marks})
    return pd.DataFrame(found)
