"""learn/explain/attention_maps: attention is the row of the one trained query; rollout is the product of all maps."""

import numpy as np
import pytest
import torch
from helpers.explained import RESOLUTIONS, one_gene, small_model
from helpers.toys import SMALL, toy_dataset

import chromolab as cl
from chromolab.data.dataset.batches import Loader


@pytest.fixture(scope="module")
def model():
    return small_model()


@pytest.mark.parametrize("strand", ["+", "-"])
@pytest.mark.parametrize("missing", [False, True])
def test_scores_are_the_rows_of_the_full_maps(model, strand, missing):
    ds = one_gene(toy_dataset(missing=missing), strand)
    table = cl.explain.attention(model, ds, device="cpu")
    assert tuple(table.columns) == (*cl.explain.COLUMNS, "resolution", "layer", "head", "step")
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
    ds = one_gene(toy_dataset(), strand)
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
    table = cl.explain.attention(model, one_gene(toy_dataset(), "-"), device="cpu")
    parts = table[table["step"] != "regulation"].groupby(["step", "region", "resolution", "layer", "head"])["score"]
    np.testing.assert_allclose(parts.sum(), 1, atol=1e-5)
    tokens = table[table["step"] == "regulation"].groupby(["resolution", "layer", "head"])["score"]
    np.testing.assert_allclose(tokens.sum(), 1, atol=1e-5)


def test_positions_lie_inside_their_regions(model):
    ds = one_gene(toy_dataset(), "+")
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


def test_rollout_is_the_product_of_all_maps(model):
    """Against one matrix over every token of a resolution: promoter's bins, each pCRE's bins, layer after layer."""
    ds = one_gene(toy_dataset(), "-")
    rolled, raw = (f(model, ds, device="cpu") for f in (cl.explain.rollout, cl.explain.attention))
    window, *pcres = raw.loc[
        (raw["step"] == "regulation") & (raw["layer"] == 0) & (raw["head"] == 0) & (raw["resolution"] == 200), "region"
    ]
    batch = Loader(ds, model.marks, model.resolutions).batch(torch.tensor([0]))
    with torch.no_grad():
        maps = model(batch, path="full", return_maps=True)[1][200]
    here = raw[raw["resolution"] == 200]
    own = here[here["step"] == "embedding"].groupby("position", sort=False)["score"].mean()  # over heads
    source = [(window, p) for p in own.index]
    tss = ds.genes["tss"][0] - (200 if ds.genes["strand"][0] == "-" else 0)
    mixed = 0.5 * own.to_numpy() + 0.5 * (own.index == tss)
    tokens = [dict(zip(source, mixed, strict=True))]
    for region in pcres:
        answer = dict(tokens[0])
        for layer in (0, 1):
            rows = here[(here["step"] == "pairwise") & (here["region"] == region) & (here["layer"] == layer)]
            looked = rows.groupby("position", sort=False)["score"].mean()
            answer = {place: share / 2 for place, share in answer.items()}
            for place, share in looked.items():
                answer[region, place] = answer.get((region, place), 0) + share / 2
        tokens.append(answer)
    mix = np.eye(len(tokens))
    for layer in maps["regulation"]:
        mix = (0.5 * np.eye(len(tokens)) + 0.5 * layer[0].mean(0).numpy()[: len(tokens), : len(tokens)]) @ mix
    expected = {}
    for share, token in zip(mix[0], tokens, strict=True):
        for place, part in token.items():
            expected[place] = expected.get(place, 0) + share * part
    got = rolled[rolled["resolution"] == 200].set_index(["region", "position"])["score"]
    assert set(got.index) == set(expected)
    np.testing.assert_allclose(got, [expected[place] for place in got.index], atol=1e-6)
    np.testing.assert_allclose(rolled.groupby("resolution")["score"].sum(), 1, atol=1e-6)


def test_steps_that_are_not_there(model):
    """A step without layers and a gene without pCREs give no rows; an unknown step is refused."""
    ds = one_gene(toy_dataset(), "-")
    plain = cl.Chromoformer(("C", "A"), resolutions=(200,), seed=0, **(SMALL | {"regulation_layers": 0}))
    assert set(cl.explain.attention(plain, ds, device="cpu")["step"]) == {"embedding", "pairwise"}
    rolled = cl.explain.by_region(cl.explain.rollout(plain, ds, device="cpu"))["score"]
    window = (1 + (len(rolled) - 1) / 2 ** SMALL.get("pairwise_layers", 2)) / len(
        rolled
    )  # also in what answers keep of it
    assert rolled.to_numpy() == pytest.approx([window, *[(1 - window) / (len(rolled) - 1)] * (len(rolled) - 1)])
    lonely = cl.explain.attention(model, toy_dataset().gene("G0"), steps=["pairwise"], device="cpu")
    assert lonely.empty and tuple(lonely.columns[:6]) == cl.explain.COLUMNS
    with pytest.raises(cl.ChromolabError, match="no step 'r'"):
        cl.explain.attention(model, ds, steps="regulation")
