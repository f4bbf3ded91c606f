"""learn/compare/transfer: who teaches whom, on genes that nobody was taught, beside copying."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from helpers.toys import toy_dataset
from sklearn.metrics import roc_auc_score

import chromolab as cl
from chromolab.data.dataset.pilot import pilot_dataset
from chromolab.learn.compare.controls import Linear

transfer = cl.compare.transfer


def cells(names=("a", "b", "c"), genes=120):
    """Cell types with the same genes, each with its own signal and the expression that follows from it."""
    each = [toy_dataset(seed, genes=genes, k=1) for seed in range(len(names))]
    first = each[0].genes
    parts = []
    for name, ds in zip(names, each, strict=True):
        regions = ds.signal.regions.assign(cell_type=name)
        table = ds.genes.assign(cell_type=name, strand=first["strand"])
        parts.append(replace(ds, genes=table, signal=replace(ds.signal, regions=regions)))
    return cl.concat(parts)


def linear(task, seed):
    return Linear(task, flank=500)


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_each_row_is_what_a_model_of_the_teaching_cell_says_of_held_out_genes(task):
    ds = cells()
    rows = pd.DataFrame(transfer.across_cells(ds, linear, task, folds=[2], seeds=[0]))
    assert rows[["train", "test"]].to_numpy().tolist() == [[a, b] for a in "abc" for b in "abc"]
    teacher, asked = (ds.select((ds.genes["cell_type"] == c).to_numpy()) for c in "ab")
    guess = linear(task, 0).fit(teacher.select(teacher.genes["fold"] != 2)).predict(held := asked.in_fold(2))
    row = rows.set_index(["train", "test"]).loc[("a", "b")]
    assert row["auc"] == pytest.approx(roc_auc_score(held.labels, guess)) and row["genes"] == len(held)
    own = teacher.in_fold(2)
    assert row["copy"] == pytest.approx(roc_auc_score(held.labels, own.log2_expression))
    changed = own.labels != held.labels
    assert row["changed"] == changed.sum()
    assert row["changed_auc"] == pytest.approx(roc_auc_score(held.labels[changed], guess[changed]))
    assert np.isnan(row["slope"]) == (task == "classification")
    alone = rows.set_index(["train", "test"]).loc[("b", "b")]
    assert alone["copy"] == 1 and alone["changed"] == 0 and np.isnan(alone["changed_auc"])
    related = transfer.relative(rows).set_index(["train", "test"])
    assert related.loc[("a", "b"), "relative"] == pytest.approx(row["auc"] / alone["auc"])
    assert related.loc[("b", "b"), "relative"] == 1


def test_what_is_done_is_not_done_again_and_what_is_unknown_is_refused():
    ds = cells()
    first = pd.DataFrame(transfer.across_cells(ds, linear, folds=[1], train=["a"]))
    assert not list(transfer.across_cells(ds, linear, folds=[1], train=["a"], done=first))
    more = pd.DataFrame(transfer.across_cells(ds, linear, folds=[1], train=["a", "b"], test=["c"], done=first))
    assert more[["train", "test"]].to_numpy().tolist() == [["b", "c"]]
    with pytest.raises(cl.ChromolabError, match="no cell type 'z'"):
        next(transfer.across_cells(ds, linear, test=["z"]))
    with pytest.raises(cl.ChromolabError, match="no run of b on itself for fold 1, seed 0"):
        transfer.relative(first)


def test_recalibration_undoes_another_depth():
    """The same cell read eight times as deep: the level is lost without recalibration and found with it."""
    ds = cells(("a",), genes=400)
    twice = replace(ds, signal=replace(ds.signal, depth=ds.signal.depth * 8, cache={}))
    regions = twice.signal.regions.assign(cell_type="b")
    twice = replace(twice, genes=twice.genes.assign(cell_type="b"), signal=replace(twice.signal, regions=regions))
    both, asked = cl.concat([ds, twice]), dict(train=["a"], test=["a", "b"], folds=[1])
    rows = {
        how: pd.DataFrame(transfer.across_cells(both, linear, "regression", **asked, recalibrated=how))
        for how in (False, True)
    }
    level = {how: table[["slope", "intercept"]].to_numpy() for how, table in rows.items()}  # (a, b) x 2
    off = {how: np.abs(of_b - of_a).sum() for how, (of_a, of_b) in level.items()}
    assert off[True] < 0.05 < off[False]


def test_similar_cells_are_said_to_be_similar():
    ds = cells(("a", "b"))
    near = ds.select((ds.genes["cell_type"] == "a").to_numpy())
    near = replace(near, genes=near.genes.assign(cell_type="a2"))
    table = transfer.similarity(cl.concat([ds, near]), flank=500).set_index(["a", "b"])
    same, other = table.loc[("a", "a2")], table.loc[("a", "b")]
    assert same["labels"] == 1 and same["expression"] == pytest.approx(1) and same["marks"] == pytest.approx(1)
    assert other["labels"] < 0.8 and other["marks"] < 0.8 and other["genes"] == 120
    with pytest.raises(cl.ChromolabError, match="one cell type, a2"):
        transfer.similarity(near)


@pytest.mark.real
def test_a_linear_model_crosses_the_pilots_cells_and_copying_is_hard_to_beat(real):
    ds = pilot_dataset(real / "roadmap-pilot")
    rows = transfer.relative(pd.DataFrame(transfer.across_cells(ds, lambda task, seed: Linear(task))))
    off = rows[rows["train"] != rows["test"]].groupby(["train", "test"])[["relative", "auc", "copy"]].mean()
    assert off["relative"].min() > 0.92 and (off["copy"] > off["auc"]).sum() >= 4
