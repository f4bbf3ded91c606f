"""learn/compare/whole_genes: means over genes and their exons, and variants that differ in one thing each."""

import numpy as np
import pandas as pd
import pytest
import torch
from helpers.toys import SMALL, toy_dataset, with_bodies
from helpers.training import few_epochs

import chromolab as cl
from chromolab.data.bodies.whole_genes import gene_length
from chromolab.learn.compare.whole_genes import compare_whole_genes, gains, gene_means, variants
from chromolab.models.wholegene import POSITIONS


@pytest.fixture(scope="module")
def ds():
    return with_bodies(toy_dataset(0, genes=120, window=20_000), lengths=(5_000, 60_000))


def test_means_equal_a_slow_sum_over_bases(ds):
    found = gene_means(ds, ("gene", "last third", "exons", "introns"))
    length = gene_length(ds.genes)
    for i in (0, 1, 2, 3):
        region, minus = ds.signal.regions.iloc[ds.body[i]], ds.genes["strand"][i] == "-"
        bases = ds.region_depth(ds.body[i]).repeat(100, axis=0)
        place = np.arange(region["start"], region["end"])
        along = ds.genes["tss"][i] - place - 1 if minus else place - ds.genes["tss"][i]
        inside = (along >= 0) & (along < length[i])
        exonic = np.zeros(len(place), bool)
        for e in ds.exons[ds.exons["gene_id"] == ds.genes["gene_id"][i]].itertuples():
            exonic |= (place >= e.start) & (place < e.end)
        np.testing.assert_allclose(found.loc[i, ["A gene", "B gene"]], np.log1p(bases[inside].mean(0))[:2], rtol=1e-6)
        third = inside & (along // 100 * 100 >= 2 * length[i] / 3)
        np.testing.assert_allclose(found.loc[i, "A last third"], np.log1p(bases[third].mean(0))[0], rtol=1e-6)
        if exonic.any():
            for name, which in (("exons", exonic & inside), ("introns", inside & ~exonic)):
                np.testing.assert_allclose(found.loc[i, f"A {name}"], np.log1p(bases[which].mean(0))[0], rtol=1e-6)
    with pytest.raises(cl.ChromolabError, match="unknown place 'promoter'"):
        gene_means(ds, ("promoter",))


def test_the_control_knows_the_length_and_nothing_else_of_the_gene(ds):
    model = variants(ds, **SMALL, resolutions=(500,))["window and length"]("regression", 0).eval()
    batch = model.loader(ds).batch([0, 1, 2])
    before = model(batch)
    batch.more["features"] = torch.rand_like(batch.more["features"])
    torch.testing.assert_close(model(batch), before)
    batch.more["length"] = batch.more["length"] * 2
    assert (model(batch) != before).all()


def test_variants_differ_in_one_thing(ds):
    made = {name: make("regression", 0) for name, make in variants(ds, **SMALL).items()}
    whole = made["whole gene"].config()
    for name in POSITIONS:
        other = made[f"whole gene without {name}"].config()
        assert {k for k in whole if whole[k] != other[k]} == {"positions"} and name not in other["positions"]
    hidden = made["whole gene, hidden"].config()
    assert {k for k in whole if whole[k] != hidden[k]} == {"reach"}


@few_epochs
@pytest.mark.parametrize("task", ["regression", "classification"])
def test_pairs_are_trained_alike_and_short_and_long_genes_scored_apart(ds, task):
    names = ["linear: window", "linear: and whole gene", "window", "whole gene"]
    arguments = dict(folds=[1, 2], seeds=[0], epochs=1, options=SMALL | {"resolutions": (500,)})
    runs = pd.DataFrame(compare_whole_genes(ds, names, task, **arguments))
    assert runs["model"].tolist() == np.repeat(names, 2).tolist()
    score = "r2" if task == "regression" else "auc"
    test = ds.in_fold(1)
    assert runs["n_long"][0] == (gene_length(test.genes) > 20_000).sum() > 0
    assert runs[["short", "long"]].notna().all(axis=None) and (runs["short"] != runs["long"]).any()
    again = pd.DataFrame(compare_whole_genes(ds, names[:3], task, done=runs, **arguments))
    assert again.empty
    table = gains(runs, "window", score)
    assert set(table["group"]) == {"all genes", "up to 20 kb", "beyond 20 kb"} and (table["pairs"] == 2).all()
    wide = runs.pivot_table(score, "fold", "model")
    expected = (wide["whole gene"] - wide["window"]).mean()
    row = table.query("name == 'whole gene' and group == 'all genes'").iloc[0]
    assert row["value"] == pytest.approx(expected) and row["low"] < row["value"] < row["high"]


def test_what_is_not_there_is_said(ds):
    with pytest.raises(cl.ChromolabError, match="no variant 'everything'"):
        next(compare_whole_genes(ds, ["everything"]))
    with pytest.raises(cl.ChromolabError, match="holds windows, not whole genes"):
        next(compare_whole_genes(toy_dataset(0), ["window"]))
