"""learn/explain/occlusions: each score is the change of the prediction of an edited gene."""

from dataclasses import replace

import numpy as np
import pytest
from helpers.explained import METHODS, one_gene, small_model
from helpers.toys import toy_dataset

import chromolab as cl


@pytest.fixture(scope="module")
def model():
    return small_model()


def test_occlusions_are_predictions_of_edited_genes(model):
    """One bin, one mark over a region, a region: each against cl.edit and cl.predict, one at a time."""
    ds = one_gene(toy_dataset(), "+")
    logits = cl.predict(model, ds, device="cpu")[0]
    tables = {name: METHODS[name](model, ds) for name in ("occlusion", "marks", "elements")}
    bins = sum(-(-(r.end - r.start) // 1000) for r in ds.signal.regions.itertuples())
    regions = len(ds.signal.regions)
    assert [len(t) for t in tables.values()] == [3 * bins, 3 * regions, regions]
    for table in tables.values():
        for row in table.iloc[:: max(1, len(table) // 7)].itertuples():
            place = f"chr1:{row.position}-{row.position + row.size}"
            edits = [cl.erase(m, place) for m in ([row.mark] if row.mark else ds.marks)]
            after = cl.predict(model, cl.edit(ds, edits), device="cpu")[0]
            assert abs(row.score - (after[1] - after[0] - logits[1] + logits[0])) < 1e-5
    window = cl.explain.occlusion(model, ds, marks=["A"], size=1000, pcres=False, device="cpu")
    assert set(window["region"]) == {tables["elements"]["region"][0]} and set(window["mark"]) == {"A"}


def test_a_window_that_begins_before_its_chromosome(model):
    """Its first 1000 bp have no data, and no edit can be made there: the same scores as anywhere else."""
    ds = one_gene(toy_dataset(missing=True), "+").compact()
    signal, window = ds.signal, ds.promoter[0]
    depth, covered, regions = signal.depth.copy(), signal.covered.copy(), signal.regions.copy()
    lost = slice(signal.offsets[window], signal.offsets[window] + 10)
    depth[lost], covered[lost] = np.nan, 0
    away = replace(ds, signal=replace(signal, depth=depth, covered=covered, cache={}))
    regions.loc[window, ["start", "end"]] -= regions["start"][window] + 1000
    edge = replace(away, signal=replace(away.signal, regions=regions, cache={}))
    for name in ("occlusion", "marks", "elements"):
        got, expected = METHODS[name](model, edge), METHODS[name](model, away)
        if name == "occlusion":  # 1000 bp at a time
            expected = expected[expected["position"] != signal.regions["start"][window]]
        np.testing.assert_allclose(got["score"], expected["score"], atol=1e-6)
        assert got["region"][0] == "chr1:-1000-3000"


def test_contacts_are_cut_one_at_a_time():
    ds = toy_dataset().gene("G1")
    model = cl.Chromoformer(
        marks=ds.marks, task="regression", resolutions=(200, 100), seed=0, width=16, embed_hidden=16
    )
    got = cl.explain.contacts(model, ds, device="cpu")
    assert len(got) == (ds.pcre >= 0).sum() == 3
    before = cl.predict(model, ds, device="cpu")[0, 0]
    for row in got.itertuples():
        after = cl.predict(model, cl.edit(ds, [cl.drop_pcre(row.region)]), device="cpu")[0, 0]
        assert abs(row.score - (after - before)) < 1e-5
    lonely = toy_dataset().gene("G0")
    assert cl.explain.contacts(model, lonely, device="cpu").empty
