"""learn/explain: the attention that is read is the one trained row, at the right places of the genome."""

import numpy as np
import pytest
import torch
from toys import SMALL, toy_dataset

import chromolab as cl
from chromolab.data.batches import Loader

RESOLUTIONS = (400, 200, 100)


@pytest.fixture(scope="module")
def model():
    return cl.Chromoformer(marks=("C", "A"), resolutions=RESOLUTIONS, seed=0, **SMALL)


def one(dataset, strand, contacts=2):
    found = (dataset.genes["strand"] == strand).to_numpy() & ((dataset.pcre >= 0).sum(1) >= contacts)
    return dataset.gene(dataset.genes["gene_id"][found].iloc[0])


@pytest.mark.parametrize("strand", ["+", "-"])
@pytest.mark.parametrize("missing", [False, True])
def test_scores_are_the_rows_of_the_full_maps(model, strand, missing):
    ds = one(toy_dataset(missing=missing), strand)
    table = cl.explain.attention(model, ds, device="cpu")
    assert tuple(table.columns) == cl.explain.COLUMNS
    batch = Loader(ds, model.marks, model.resolutions).batch(torch.tensor([0]))
    with torch.no_grad():
        maps = model(batch, path="full", return_maps=True)[1]
    for r in RESOLUTIONS:
        here = table[table["resolution"] == r]
        row = maps[r]["embedding"][0, :, 4000 // r // 2][:, batch.promoter_seen[r][0]]
        got = here[here["step"] == "embedding"]["score"].to_numpy().reshape(2, -1)
        np.testing.assert_allclose(got, row, atol=1e-6)
        for layer, whole in enumerate(maps[r]["pairwise"]):
            for slot, region in enumerate(ds.pcres(0).itertuples()):
                place = batch.slot.tolist().index(slot)
                rows = here[(here["step"] == "pairwise") & (here["layer"] == layer)]
                rows = rows[rows["region"] == f"{region.chrom}:{region.start}-{region.end}"]
                expected = whole[place, :, 4000 // r // 2][:, batch.pcre_seen[r][place]]
                np.testing.assert_allclose(rows["score"].to_numpy().reshape(2, -1), expected, atol=1e-6)


@pytest.mark.parametrize("strand", ["+", "-"])
def test_positions_follow_the_chromosome_on_both_strands(model, strand):
    """A bin's attention depends on its features: move a peak, and the score that changes most is at its position."""
    ds = one(toy_dataset(), strand)
    start = int(ds.signal.regions.iloc[ds.promoter[0]]["start"])
    place = start + 1200  # a whole bin at 400, 200 and 100 bp, off the middle
    edited = cl.edit(ds, [cl.set_depth("A", f"chr1:{place}-{place + 400}", 500.0)])
    before, after = (cl.explain.attention(model, d, device="cpu") for d in (ds, edited))
    for r in RESOLUTIONS:
        rows = (before["step"] == "embedding") & (before["resolution"] == r)
        change = np.log(after["score"][rows] / before["score"][rows])
        # All other bins change by one common factor (the softmax's sum).
        common = change[(before["position"][rows] < place) | (before["position"][rows] >= place + 400)]
        inside = change[(before["position"][rows] >= place) & (before["position"][rows] < place + 400)]
        by_head = before["head"][rows]
        for head in (0, 1):
            others = common[by_head.loc[common.index] == head]
            assert np.ptp(others) < 1e-4
            assert np.abs(inside[by_head.loc[inside.index] == head] - others.mean()).min() > 1e-2


def test_every_softmax_sums_to_one(model):
    table = cl.explain.attention(model, one(toy_dataset(), "-"), device="cpu")
    parts = table[table["step"] != "regulation"].groupby(["step", "region", "resolution", "layer", "head"])["score"]
    np.testing.assert_allclose(parts.sum(), 1, atol=1e-5)
    tokens = table[table["step"] == "regulation"].groupby(["resolution", "layer", "head"])["score"]
    np.testing.assert_allclose(tokens.sum(), 1, atol=1e-5)


def test_positions_lie_inside_their_regions(model):
    ds = one(toy_dataset(), "+")
    table = cl.explain.attention(model, ds, device="cpu")
    ends = table["region"].str.extract(r":(\d+)-(\d+)$").astype(int)
    assert (table["position"] >= ends[0]).all() and (table["position"] < ends[1]).all()
    bins = table[(table["step"] == "embedding") & (table["resolution"] == 100) & (table["head"] == 0)]
    assert sorted(bins["position"]) == list(range(*ends.loc[bins.index[0]], 100))


def test_a_gene_without_pcres_and_a_window_over_the_end(model):
    ds = toy_dataset().gene("G0")
    assert (ds.pcre < 0).all()
    table = cl.explain.attention(model, ds, device="cpu")
    assert set(table["step"]) == {"embedding", "regulation"}
    assert (table[table["step"] == "regulation"]["score"] == 1).all()


def test_it_leaves_the_model_as_it_was_and_asks_for_one_gene(model):
    ds = toy_dataset()
    model.train()
    cl.explain.attention(model, ds.gene("G1"), device="cpu")
    assert model.training
    with pytest.raises(cl.ChromolabError, match="one gene"):
        cl.explain.attention(model, ds)
