"""learn/explain: every method answers with the same table, and leaves the model as it was."""

import pandas as pd
import pytest
from helpers.explained import METHODS, one_gene, small_model
from helpers.toys import toy_dataset

import chromolab as cl


@pytest.fixture(scope="module")
def model():
    return small_model()


def test_it_leaves_the_model_as_it_was(model):
    ds = toy_dataset().gene("G1")
    model.train()
    for method in METHODS.values():
        method(model, ds)
        assert model.training


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_every_method_answers_with_the_same_table(model, method):
    """The named columns first, every region of the gene, only places inside, and genes one after another."""
    ds = toy_dataset(genes=6).select([1, 4, 0])
    whole = method(model, ds)
    assert tuple(whole.columns[:6]) == cl.explain.COLUMNS
    parts = [method(model, ds.select([i])) for i in range(3)]
    pd.testing.assert_frame_equal(whole, pd.concat(parts, ignore_index=True), rtol=1e-4, atol=1e-6)
    for i, part in enumerate(parts):
        regions = ds.signal.regions.iloc[[ds.promoter[i], *ds.pcre[i][ds.pcre[i] >= 0]]]
        assert set(part["region"]) == {f"{r.chrom}:{r.start}-{r.end}" for r in regions.itertuples()}
        assert set(part["gene"]) == {ds.genes["gene_id"][i]} and set(part["cell_type"]) == {"toy"}
    ends = whole["region"].str.extract(r":(\d+)-(\d+)$").astype(int)
    assert (whole["position"] >= ends[0]).all() and (whole["position"] < ends[1]).all()
    assert whole["score"].notna().all()


def test_by_region_adds_up(model):
    table = cl.explain.gradient_input(model, one_gene(toy_dataset(), "+"), device="cpu")
    got = cl.explain.by_region(table)
    assert list(got["region"]) == list(dict.fromkeys(table["region"]))
    for row in got.itertuples():
        assert abs(row.score - table[table["region"] == row.region]["score"].sum()) < 1e-9
