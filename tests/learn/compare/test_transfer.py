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
    with pytest.raises(cl.ChromolabError, match="recalibrated: 'y'; expected True, False"):
        next(transfer.across_cells(ds, linear, recalibrated="yes"))
    with pytest.raises(cl.ChromolabError, match="no run of b on itself for fold 1, seed 0"):
        transfer.relative(first)


def test_recalibration_undoes_another_depth():
    """The same cell read eight times as deep: the level is lost without recalibration and found with it."""
    ds = cells(("a",), genes=400)
    twice = replace(ds, signal=replace(ds.signal, depth=ds.signal.depth * 8, cache={}))
    regions = twice.signal.regions.assign(cell_type="b")
    twice = replace(twice, genes=twice.genes.assign(cell_type="b"), signal=replace(twice.signal, regions=regions))
    both, asked = cl.concat([ds, twice]), dict(train=["a"], test=["a", "b"], folds=[1])
    rows = pd.DataFrame(transfer.across_cells(both, linear, "regression", **asked, recalibrated=(False, True)))
    assert rows[["test", "recalibrated"]].to_numpy().tolist() == [["a", False], ["a", True], ["b", False], ["b", True]]
    rows = {how: table for how, table in rows.groupby("recalibrated")}
    assert rows[True]["level"].abs().max() < 0.3 < rows[False]["level"].abs().max()
    level = {how: table[["slope", "intercept"]].to_numpy() for how, table in rows.items()}  # (a, b) x 2
    off = {how: np.abs(of_b - of_a).sum() for how, (of_a, of_b) in level.items()}
    assert off[True] < 0.05 < off[False]


def test_a_gene_that_another_species_taught_is_not_asked_about():
    """Orthologues share a name; those in another fold over there were seen by the other's training."""
    ds = cells(("a", "b"))
    fold = ds.genes["fold"].to_numpy().copy()
    b = np.flatnonzero(ds.genes["cell_type"] == "b")
    fold[b[::3]] = fold[b[::3]] % ds.genes["fold"].max() + 1
    moved = set(ds.genes["gene_id"].iloc[b[::3]])
    ds = replace(ds, genes=ds.genes.assign(fold=fold))
    row = next(r for r in transfer.across_cells(ds, linear, folds=[2]) if (r["train"], r["test"]) == ("a", "b"))
    there = ds.genes[(ds.genes["cell_type"] == "b") & (ds.genes["fold"] == 2)]
    assert row["genes"] == (~there["gene_id"].isin(moved)).sum() < len(there)
    strangers = replace(ds, genes=ds.genes.assign(gene_id=ds.genes["cell_type"] + ds.genes["gene_id"]))
    row = next(r for r in transfer.across_cells(strangers, linear, folds=[2]) if (r["train"], r["test"]) == ("a", "b"))
    assert row["genes"] == len(there) and np.isnan(row["copy"]) and row["changed"] == 0
    gone = replace(ds, genes=ds.genes.assign(fold=np.where(ds.genes["cell_type"] == "b", 1, ds.genes["fold"])))
    with pytest.raises(cl.ChromolabError, match="b has no gene of fold 2 that no training saw"):
        list(transfer.across_cells(gone, linear, train=["a"], test=["b"], folds=[2]))


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_effects_of_marks_and_whether_the_reasons_are_the_same(task):
    ds = cells(("a", "b"))
    rows = pd.DataFrame(transfer.across_cells(ds, linear, task, folds=[2], effects=True))
    held = ds.select(((ds.genes["cell_type"] == "b") & (ds.genes["fold"] == 2)).to_numpy())
    teacher = ds.select(((ds.genes["cell_type"] == "a") & (ds.genes["fold"] != 2)).to_numpy())
    model = linear(task, 0).fit(teacher)
    depth = np.array(held.signal.depth)
    depth[:, 1] = 0
    lacking = replace(held, signal=replace(held.signal, depth=depth, cache={}))
    change = [model.predict(d) for d in (held, lacking)]
    change = [np.log(p / (1 - p)) if task == "classification" else p for p in change]
    row = rows.set_index(["train", "test"]).loc[("a", "b")]
    assert row[f"without {ds.marks[1]}"] == pytest.approx((change[1] - change[0]).mean())
    same = transfer.reasons(rows).set_index(["train", "test"])
    columns = [f"without {m}" for m in ds.marks]
    own = rows.set_index(["train", "test"])[columns]
    assert same.loc[("a", "b"), "r_there"] == pytest.approx(np.corrcoef(own.loc[("a", "b")], own.loc[("b", "b")])[0, 1])
    assert same.loc[("a", "b"), "r_home"] == pytest.approx(np.corrcoef(own.loc[("a", "a")], own.loc[("b", "b")])[0, 1])
    with pytest.raises(cl.ChromolabError, match="effects of 0 marks"):
        transfer.reasons(rows.drop(columns=columns))


def test_a_pairs_interval_is_over_folds():
    folds = [(1, 0, 0.8), (1, 1, 1.0), (2, 0, 1.1), (2, 1, np.nan), (3, 0, 1.0)]
    rows = pd.DataFrame([("a", "b", *row) for row in folds], columns=["train", "test", "fold", "seed", "relative"])
    found = transfer.by_pair(rows).iloc[0]
    assert found["name"] == "a → b"
    mean, low, high, _ = cl.metrics.t_interval([0.9, 1.1, 1.0])
    assert (found["value"], found["low"], found["high"], found["folds"]) == pytest.approx((mean, low, high, 3))
    kin = transfer.over_folds(rows.assign(kin="near"), "relative", "kin").iloc[0]
    assert (kin["name"], kin["value"], kin["low"]) == ("near", pytest.approx(mean), pytest.approx(low))


def test_similar_cells_are_said_to_be_similar():
    ds = cells(("a", "b"))
    near = ds.select((ds.genes["cell_type"] == "a").to_numpy())
    near = replace(near, genes=near.genes.assign(cell_type="a2"))
    table = transfer.similarity(cl.concat([ds, near]), flank=500).set_index(["a", "b"])
    same, other = table.loc[("a", "a2")], table.loc[("a", "b")]
    assert same["labels"] == 1 and same["expression"] == pytest.approx(1) and same["marks"] == pytest.approx(1)
    assert other["labels"] < 0.8 and other["marks"] < 0.8 and other["genes"] == 120
    far = replace(ds, genes=ds.genes.assign(gene_id=ds.genes["cell_type"] + ds.genes["gene_id"]))
    nothing = transfer.similarity(far, flank=500).iloc[0]
    assert nothing["genes"] == 0 and nothing[["labels", "expression", "marks"]].isna().all()
    with pytest.raises(cl.ChromolabError, match="one cell type, a2"):
        transfer.similarity(near)


@pytest.mark.real
def test_a_linear_model_crosses_the_pilots_cells_and_copying_is_hard_to_beat(real):
    ds = pilot_dataset(real / "roadmap-pilot")
    rows = transfer.relative(pd.DataFrame(transfer.across_cells(ds, lambda task, seed: Linear(task))))
    off = rows[rows["train"] != rows["test"]].groupby(["train", "test"])[["relative", "auc", "copy"]].mean()
    assert off["relative"].min() > 0.92 and (off["copy"] > off["auc"]).sum() >= 4
