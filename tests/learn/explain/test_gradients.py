"""learn/explain/gradients: scores of gradients and of their integrals against slow sums."""

from dataclasses import replace

import numpy as np
import pytest
from helpers.explained import RESOLUTIONS, one_gene, small_model
from helpers.toys import SMALL, Squares, toy_dataset

import chromolab as cl


@pytest.fixture(scope="module")
def model():
    return small_model()


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
    """They sum to the prediction minus that of the gene without signal."""
    model = cl.Chromoformer(marks=("C", "A"), task=task, resolutions=RESOLUTIONS, seed=0, **SMALL).double()
    ds = one_gene(toy_dataset(missing=True), "-")
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
    ds, steps, h = one_gene(toy_dataset(), "-"), 50, 1e-5
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
    ds, steps, mean = one_gene(toy_dataset(), "+"), 60, 0.0
    for t in (np.arange(steps) + 0.5) / steps:
        scaled = replace(ds, signal=replace(ds.signal, depth=np.expm1(t * np.log1p(ds.signal.depth)), cache={}))
        mean = mean + cl.explain.gradient_input(model, scaled, device="cpu")["score"] / t / steps
    table = cl.explain.integrated_gradients(model, ds, device="cpu")
    np.testing.assert_allclose(table["score"], mean, atol=0.01 * mean.abs().max())


def test_difference_is_what_an_edit_changed(model):
    ds = one_gene(toy_dataset(), "-")
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
