"""learn/compare/controls: means of the right stretches, on the right strand, and models that learn from them."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from helpers.toys import toy_dataset, two_toy_cells

import chromolab as cl
from chromolab.learn.compare.controls import Linear, LinearChange, hand_rule, scrambled_genes, window_means


@pytest.mark.parametrize("missing", [False, True])
def test_means_of_each_part_by_hand(missing):
    ds = toy_dataset(1, missing=missing)
    means = window_means(ds, flank=500)
    for i in (0, 3, 9):
        fine = ds.region_depth(ds.promoter[i])
        fine = fine[::-1] if ds.genes["strand"][i] == "-" else fine
        parts = {"upstream": fine[:15], "tss": fine[15:25], "body": fine[25:]}
        for part, bins in parts.items():
            assert means[f"B {part}"][i] == pytest.approx(np.log1p(np.nanmean(bins[:, 1])))


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_linear_learns_and_never_sees_the_fold_it_predicts(task):
    ds = toy_dataset(2, genes=120)
    guess = Linear(task, flank=500, strength=0.1).out_of_fold(ds)
    truth = ds.labels if task == "classification" else ds.log2_expression
    scores = cl.metrics.score(truth, guess, task)
    assert scores["auc" if task == "classification" else "pearson_r"] > 0.8
    train, test = ds.in_fold(1, 2, 3), ds.in_fold(4)
    alone = Linear(task, flank=500, strength=0.1).fit(train).predict(test)
    np.testing.assert_allclose(guess[(ds.genes["fold"] == 4).to_numpy()], alone)


def test_a_linear_model_of_change_reads_b_minus_a():
    ds = two_toy_cells(genes=12)
    features = LinearChange("regression", ("tss", "body"), 500).features(cl.pairs(ds, ("a", "b")))
    a, b = (window_means(ds.select((ds.genes["cell_type"] == c).to_numpy()), ("tss", "body"), 500) for c in "ab")
    assert list(features.columns) == list(a.columns) == [f"{m} {part}" for part in ("tss", "body") for m in ds.marks]
    np.testing.assert_allclose(features, b.to_numpy() - a.to_numpy())


def test_hand_rule_follows_the_marks_it_knows():
    ds = toy_dataset(3, marks=("H3K4me3", "H3K27me3", "other"), genes=60)
    from dataclasses import replace

    depth = ds.signal.depth.copy()
    ds = replace(ds, signal=replace(ds.signal, depth=depth, cache={}))
    score = hand_rule(ds, flank=500)
    depth[ds.signal.offsets[5] : ds.signal.offsets[6], 0] *= 50
    assert hand_rule(ds, flank=500)[5] > score[5] and hand_rule(ds, flank=500).argmax() == 5
    depth[ds.signal.offsets[5] : ds.signal.offsets[6], 1] *= 5000
    assert hand_rule(ds, flank=500).argmin() == 5
    with pytest.raises(cl.ChromolabError, match="hand rule"):
        hand_rule(toy_dataset(0), flank=500)


def test_bad_requests():
    ds = toy_dataset(4)
    for arguments in ({"flank": 150}, {"flank": 2000}, {"parts": ("exon",)}):
        with pytest.raises(cl.ChromolabError):
            window_means(ds, **arguments)
    with pytest.raises(cl.ChromolabError, match="task"):
        Linear("ranking")


def test_shuffled_labels_move_together_and_within_a_cell_type():
    ds = toy_dataset(genes=40)
    ds = replace(ds, genes=ds.genes.assign(cell_type=["a", "b"] * 20))
    moved, columns = cl.compare.controls.shuffled_labels(ds, seed=1), ["expression", "log2_expression", "label"]
    assert (moved.genes["expression"] != ds.genes["expression"]).mean() > 0.5
    for cell in "ab":
        before, after = (d.genes.loc[d.genes["cell_type"] == cell, columns] for d in (ds, moved))
        assert sorted(map(tuple, before.to_numpy())) == sorted(map(tuple, after.to_numpy()))
    assert moved.genes.drop(columns=columns).equals(ds.genes.drop(columns=columns)) and moved.signal is ds.signal
    assert cl.compare.controls.shuffled_labels(ds, seed=1).genes.equals(moved.genes)


def test_scrambled_genes_keep_their_expression_and_lose_their_signal():
    ds = toy_dataset(0, genes=200)
    made = scrambled_genes(ds, seed=1)
    pd.testing.assert_frame_equal(made.genes, ds.genes)
    here, there = ds.promoter, made.promoter
    assert (here != there).mean() > 0.9, "nearly every gene has another's window"
    fold = ds.genes["fold"].to_numpy()
    for f in ds.folds:
        assert sorted(here[fold == f]) == sorted(there[fold == f]), "within its fold"
    moved = dict(zip(here.tolist(), ds.pcre.tolist(), strict=True))
    assert [moved[w] for w in there.tolist()] == made.pcre.tolist(), "with its contacts"


def test_the_additive_scale_of_a_linear_model_is_log_odds_or_its_prediction():
    ds = toy_dataset(0, genes=60)
    odds, level = (Linear(task, flank=500).fit(ds) for task in ("classification", "regression"))
    p = odds.predict(ds)
    np.testing.assert_allclose(odds.additive(ds), np.log(p / (1 - p)))
    np.testing.assert_array_equal(level.additive(ds), level.predict(ds))
