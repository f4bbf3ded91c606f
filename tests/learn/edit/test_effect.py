"""learn/edit/effect: predicted effects with their spread over models, and marks outside the training range."""

import warnings

import numpy as np
import pandas as pd
import pytest
from helpers.toys import SMALL, toy_dataset

import chromolab as cl
from chromolab.learn.edit.effect import outside

MARKS = ("H3K4me3", "H3K27ac", "H3K27me3")


@pytest.fixture(scope="module")
def ds():
    return toy_dataset(2, marks=MARKS, window=8000)


@pytest.fixture(scope="module")
def models(ds):
    def make(task, seed):
        return cl.Chromoformer(ds.marks, task, seed=seed, resolutions=(500, 100), **SMALL)

    return {task: [make(task, seed) for seed in range(3)] for task in ("classification", "regression")}


def region(gene):
    r = gene.signal.regions.iloc[gene.promoter[0]]
    return f"{r['chrom']}:{r['start']}-{r['end']}"


def test_an_effect_is_the_change_of_every_model_and_their_spread(ds, models):
    gene = ds.gene("G1")
    edits = [cl.scale("H3K27ac", region(gene), 4)]
    effect = cl.effect(models, gene, edits, device="cpu")
    expected = {}
    for task, several in models.items():
        out = np.array([[cl.predict(m, d, device="cpu")[0] for d in (gene, cl.edit(gene, edits))] for m in several])
        if task == "regression":
            expected["log2(RPKM + 1)"] = out[..., 0]
        else:
            expected["log-odds"] = out[..., 1] - out[..., 0]
            expected["probability"] = np.exp(out[..., 1]) / np.exp(out).sum(-1)
    table = effect.table.set_index("quantity")
    assert set(table.index) == set(expected) and effect.outside is None and (table["models"] == 3).all()
    for quantity, out in expected.items():
        change = out[:, 1] - out[:, 0]
        got = table.loc[quantity, ["before", "after", "change", "spread", "agree"]].to_numpy(float)
        agree = (np.sign(change) == np.sign(change.mean())).mean()
        np.testing.assert_allclose(got, [*out.mean(0), change.mean(), change.std(ddof=1), agree], rtol=1e-4, atol=1e-6)
    assert len(effect.each) == 9 and "log-odds" in repr(effect) and "<table" in effect._repr_html_()


def test_one_model_has_no_spread_and_several_genes_are_rows(ds, models):
    both = ds.select([1, 2])
    effect = cl.effect(models["regression"][0], both, [cl.erase("H3K4me3", region(ds.gene("G1")))], device="cpu")
    assert effect.table["gene_id"].tolist() == ["G1", "G2"] and effect.table["spread"].isna().all()
    assert effect.table["change"].iloc[0] != 0 and effect.table["change"].iloc[1] == 0
    with pytest.raises(cl.ChromolabError, match="no model"):
        cl.effect([], both, [])


def test_leaving_the_range_seen_is_said_with_mark_and_distance(ds, models):
    gene, limit = ds.gene("G1"), np.quantile(ds.signal.depth[:, 0], 0.9999)
    high = cl.set_depth("H3K4me3", region(gene), 3 * limit)
    inside = cl.set_depth("H3K27ac", region(gene), 1.0)
    with pytest.warns(UserWarning, match=r"outside the range of the training.*H3K4me3 reaches.*\(3 times"):
        effect = cl.effect(models["regression"], gene, [high, inside], ranges=cl.data.track_quantiles(ds), device="cpu")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        quiet = cl.effect(models["regression"], gene, [high, inside], ranges=ds, warn=False, device="cpu")
    pd.testing.assert_frame_equal(quiet.outside, effect.outside)
    row = effect.outside.iloc[0]
    assert len(effect.outside) == 1 and (row["mark"], row["bins"]) == ("H3K4me3", 80)
    assert row["times"] == pytest.approx(3, rel=0.01) and row["limit"] == pytest.approx(limit, rel=0.01)
    assert cl.effect(models["regression"], gene, [inside], ranges=ds, device="cpu").outside.empty
    new = cl.add_pcre("chr1:60000000-60000500", 2)
    added = cl.edit(gene, [new, *(cl.set_depth(m, new.region, 3 * limit) for m in MARKS)])
    assert outside(gene, added, ds)["bins"].tolist() == [5, 5, 5]
    with pytest.raises(cl.ChromolabError, match="not comparable"):
        outside(gene, added, toy_dataset(0, marks=MARKS, bin_size=200))
