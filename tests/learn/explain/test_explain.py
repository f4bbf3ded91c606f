"""learn/explain: attention is the one trained row; gradients, integrals and edits against slow sums; one table for all.

Toy models stand in where the right answer can be written down.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch
from helpers.toys import SMALL, Squares, toy_dataset

import chromolab as cl
from chromolab.data.dataset.batches import Loader

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


def test_it_leaves_the_model_as_it_was(model):
    ds = toy_dataset().gene("G1")
    model.train()
    for method in METHODS.values():
        method(model, ds)
        assert model.training


METHODS = {
    "attention": lambda m, d: cl.explain.attention(m, d, device="cpu"),
    "rollout": lambda m, d: cl.explain.rollout(m, d, device="cpu"),
    "gradient_input": lambda m, d: cl.explain.gradient_input(m, d, device="cpu"),
    "integrated_gradients": lambda m, d: cl.explain.integrated_gradients(m, d, steps=3, device="cpu"),
    "occlusion": lambda m, d: cl.explain.occlusion(m, d, size=1000, device="cpu"),
    "marks": lambda m, d: cl.explain.marks(m, d, device="cpu"),
    "elements": lambda m, d: cl.explain.elements(m, d, device="cpu"),
    "difference": lambda m, d: cl.explain.difference(m, d, d, device="cpu"),
}


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


# ----- attention, multiplied through ----------------------------------------------------------------------------------


def test_rollout_is_the_product_of_all_maps(model):
    """Against one matrix over every token of a resolution: promoter's bins, each pCRE's bins, layer after layer."""
    ds = one(toy_dataset(), "-")
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
    ds = one(toy_dataset(), "-")
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


# ----- gradients ------------------------------------------------------------------------------------------------------


def slowly(ds, model, factor):
    """factor x weight x feature squared, bin by bin and resolution by resolution, in loops."""
    rows = {}
    for i in range(len(ds)):
        regions = [ds.promoter[i], *ds.pcre[i][ds.pcre[i] >= 0]]
        for region, counts in zip(regions, [1.0, *ds.frequency[i]], strict=False):
            (_, chrom, start, end), depth = ds.signal.regions.iloc[region], ds.region_depth(region)
            depth = depth[:, [ds.marks.index(m) for m in model.marks]]
            for m, weight, column in zip(model.marks, model.weight.tolist(), depth.T, strict=True):
                for j in range(len(column)):
                    if np.isnan(column[j]):
                        continue
                    score = 0.0
                    for number, r in enumerate(model.resolutions, 1):
                        first = j * 100 // r * (r // 100)
                        bins = range(first, min(first + r // 100, len(column)))
                        if np.isnan(depth[bins]).all(0).any():
                            continue  # hidden at this resolution: a mark has no data in it
                        bins = [b for b in bins if not np.isnan(column[b])]
                        bases = [min(100, end - start - 100 * b) for b in bins]
                        reads = np.dot(column[bins], bases)
                        if reads:
                            x = np.log1p(reads / sum(bases))
                            share = column[j] * min(100, end - start - 100 * j) / reads
                            score += number * counts * factor * weight * x**2 * share
                    rows[ds.genes["gene_id"][i], f"{chrom}:{start}-{end}", start + 100 * j, m] = score
    return rows


@pytest.mark.parametrize("task", ["regression", "classification"])
@pytest.mark.parametrize("missing", ["nothing", "bins", "bins of one mark"])
def test_gradients_of_a_toy_model_are_what_a_slow_sum_gives(task, missing):
    """gradient x input of w x^2 is 2 w x^2, its integral w x^2; both strands, shared regions, holes, partial bins."""
    model, ds = Squares(("C", "A"), (400, 100), task), toy_dataset(genes=5, missing=missing != "nothing")
    if missing == "bins of one mark":
        depth, covered = ds.signal.depth.copy(), ds.signal.covered.copy()
        depth[::3, 0], covered[::3, 0] = np.nan, 0
        ds = replace(ds, signal=replace(ds.signal, depth=depth, covered=covered, cache={}))
    tables = {
        2: cl.explain.gradient_input(model, ds, device="cpu"),
        1: cl.explain.integrated_gradients(model, ds, steps=4, device="cpu"),
    }
    for factor, table in tables.items():
        expected = slowly(ds, model, factor)
        got = table.set_index(["gene", "region", "position", "mark"])["score"]
        assert sorted(got.index) == sorted(expected)
        np.testing.assert_allclose(got, [expected[place] for place in got.index], rtol=1e-5, atol=1e-9)


@pytest.mark.parametrize("task", ["regression", "classification"])
def test_integrated_gradients_are_complete(task):
    """They sum to the prediction less that of the gene without signal."""
    model = cl.Chromoformer(marks=("C", "A"), task=task, resolutions=RESOLUTIONS, seed=0, **SMALL).double()
    ds = one(toy_dataset(missing=True), "-")
    depth = ds.signal.depth
    empty = replace(ds, signal=replace(ds.signal, depth=np.where(np.isnan(depth), depth, 0.0), cache={}))
    full, none = (cl.predict(model, d, device="cpu")[0] for d in (ds, empty))
    expected = full[-1] - none[-1] - (0 if task == "regression" else full[0] - none[0])
    table = cl.explain.integrated_gradients(model, ds, steps=64, device="cpu")
    assert abs(table["score"].sum() - expected) < 0.01 * abs(expected)  # ReLUs have kinks: 1 / steps, not better
    slope = cl.explain.gradient_input(model, ds, device="cpu")["score"].sum()
    assert abs(slope - expected) > 0.05 * abs(expected)  # the plain gradients do not


def test_integrated_gradients_are_integrals_of_finite_differences():
    """Some bins of a Chromoformer with one resolution: no gradient, only predictions at small steps along the path."""
    model = cl.Chromoformer(marks=("C", "A"), task="regression", resolutions=(100,), seed=0, **SMALL).double()
    ds, steps, h = one(toy_dataset(), "-"), 50, 1e-5
    table = cl.explain.integrated_gradients(model, ds, steps=200, device="cpu")
    largest = table["score"].abs().sort_values(ascending=False).index
    for row in table.loc[[*largest[:3], largest[40]]].itertuples():
        start = int(row.region.split(":")[1].split("-")[0])
        region = ds.signal.regions.index[ds.signal.regions["start"] == start].item()
        at = ds.signal.offsets[region] + (row.position - start) // 100, ds.marks.index(row.mark)
        genes, x = [], np.log1p(ds.signal.depth)
        for t in (np.arange(steps) + 0.5) / steps:
            for step in (h, -h):
                moved = t * x
                moved[at] += step
                genes.append(replace(ds, signal=replace(ds.signal, depth=np.expm1(moved), cache={})))
        out = np.array([cl.predict(model, g, device="cpu", progress=False)[0, 0] for g in genes])
        slope = (out[::2] - out[1::2]) / (2 * h)
        assert row.score == pytest.approx(x[at] * slope.mean(), rel=0.02, abs=1e-3 * table["score"].abs().max())


def test_integrated_gradients_are_the_mean_of_gradients_on_the_way():
    """Gradients of a model with one resolution, at genes whose ln(1 + depth) is scaled by t."""
    model = cl.Chromoformer(marks=("C", "A"), resolutions=(100,), seed=0, **SMALL).double()
    ds, steps, mean = one(toy_dataset(), "+"), 60, 0.0
    for t in (np.arange(steps) + 0.5) / steps:
        scaled = replace(ds, signal=replace(ds.signal, depth=np.expm1(t * np.log1p(ds.signal.depth)), cache={}))
        mean = mean + cl.explain.gradient_input(model, scaled, device="cpu")["score"] / t / steps
    table = cl.explain.integrated_gradients(model, ds, device="cpu")
    np.testing.assert_allclose(table["score"], mean, atol=0.01 * mean.abs().max())


def test_difference_is_what_an_edit_changed(model):
    ds = one(toy_dataset(), "-")
    region = ds.pcres(0).iloc[0]
    place = f"{region['chrom']}:{region['start']}-{region['end']}"
    edited = cl.edit(ds, [cl.scale("A", place, 3.0)])
    got = cl.explain.difference(model, ds, edited, device="cpu")
    before, after = (cl.explain.gradient_input(model, d, device="cpu") for d in (ds, edited))
    np.testing.assert_allclose(got["score"], after["score"] - before["score"], atol=1e-6)
    assert got["score"].abs().max() > 0
    cut = replace(ds, pcre=ds.pcre[:, 1:], frequency=ds.frequency[:, 1:])  # as if the first contact were not
    lost = cl.explain.difference(model, ds, cut, device="cpu")
    assert set(lost["region"]) == set(before["region"]) and len(lost) == len(before)
    here = lost["region"] == place
    was = before[before["region"] == place].set_index(["position", "mark"])["score"]
    np.testing.assert_allclose(lost[here].set_index(["position", "mark"])["score"].loc[was.index], -was, atol=1e-6)
    with pytest.raises(cl.ChromolabError, match="not the same genes"):
        cl.explain.difference(model, ds, toy_dataset().gene("G0"))


# ----- edits ----------------------------------------------------------------------------------------------------------


def test_occlusions_are_predictions_of_edited_genes(model):
    """One bin, one mark over a region, a region: each against cl.edit and cl.predict, one at a time."""
    ds = one(toy_dataset(), "+")
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
    ds = one(toy_dataset(missing=True), "+").compact()
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


def test_by_region_adds_up(model):
    table = cl.explain.gradient_input(model, one(toy_dataset(), "+"), device="cpu")
    got = cl.explain.by_region(table)
    assert list(got["region"]) == list(dict.fromkeys(table["region"]))
    for row in got.itertuples():
        assert abs(row.score - table[table["region"] == row.region]["score"].sum()) < 1e-9
