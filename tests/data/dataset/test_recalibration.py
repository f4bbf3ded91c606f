"""data/dataset/recalibration: depth mapped to another dataset's quantiles."""

from dataclasses import replace

import numpy as np
import pytest
from helpers.toys import small_model, with_scales

import chromolab as cl
from chromolab.data.dataset.recalibration import track_quantiles


def big(seed, scale, power=1.0, holes=False):
    """A dataset of over 10,000 bins, all of which its genes use, with a wide spread of depth."""
    ds = with_scales(scale, seed, genes=300, missing=holes).compact()
    rng = np.random.default_rng(seed)
    depth = rng.poisson(rng.gamma(0.5, 10, ds.signal.depth.shape)) ** power
    depth[np.isnan(ds.signal.depth)] = np.nan
    return replace(ds, signal=replace(ds.signal, depth=depth, cache={}))


def test_recalibration_takes_the_spread_and_the_scale_of_the_other():
    ds, reference = big(0, "neg_log10_p", 1.4, holes=True), big(1, "depth")
    new = cl.data.recalibrate(ds, reference)
    assert new.scales == reference.scales and "A neg_log10_p -> depth" in new.report[-1]
    before, after = ds.signal.depth, new.signal.depth
    for m in range(3):
        x, y = before[:, m], after[:, m]
        np.testing.assert_array_equal(np.isnan(x), np.isnan(y))
        order = np.argsort(x[~np.isnan(x)], kind="stable")
        assert (np.diff(y[~np.isnan(x)][order]) >= 0).all(), "no bin overtakes another"
        assert (y[x == 0] == 0).all(), "zeros stay zeros"
        for p in (0.5, 0.9, 0.99, 0.999):
            there = np.quantile(reference.signal.depth[:, m], p)
            assert abs(np.nanquantile(y, p) - there) <= max(1.0, 0.1 * there)
    np.testing.assert_array_equal(ds.signal.depth, before)


def test_to_itself_is_no_change():
    ds = big(2, "depth")
    np.testing.assert_allclose(cl.data.recalibrate(ds, ds).signal.depth, ds.signal.depth, rtol=1e-9, atol=1e-9)


def test_saved_quantiles_serve_as_well(tmp_path):
    ds, reference = big(0, "fold_change", 0.6), big(1, "depth")
    path = track_quantiles(reference).save(tmp_path / "depth.json")
    assert path.stat().st_size < 20_000 and path.read_text().startswith('{"about": {"format"')
    np.testing.assert_array_equal(
        cl.data.recalibrate(ds, path).signal.depth, cl.data.recalibrate(ds, reference).signal.depth
    )
    some = cl.data.recalibrate(ds, path, marks=["B"])
    np.testing.assert_array_equal(some.signal.depth[:, [0, 2]], ds.signal.depth[:, [0, 2]])
    assert list(some.scales.values()) == ["fold_change", "depth", "fold_change"]


def test_a_part_is_mapped_as_the_whole_is():
    ds, reference = big(0, "fold_change", 0.6), big(1, "depth")
    part = ds.gene("G5")
    with pytest.raises(cl.ChromolabError, match="too few for quantiles.*source=whole"):
        cl.data.recalibrate(part, reference)
    mapped = cl.data.recalibrate(part, reference, source=ds)
    np.testing.assert_array_equal(mapped.signal.depth, cl.data.recalibrate(ds, reference).gene("G5").signal.depth)


def test_a_selection_is_mapped_by_its_own_genes():
    """One cell type of two that share their depth: mapped as if it stood alone, whatever the other holds."""
    ds, reference = big(0, "depth"), big(1, "depth")
    other = replace(ds, signal=replace(ds.signal, depth=ds.signal.depth * 9, cache={}))
    both = cl.concat([ds, replace(other, genes=other.genes.assign(cell_type="other"))])
    part = both.select((both.genes["cell_type"] != "other").to_numpy())
    alone = cl.data.recalibrate(ds, reference).promoter_depth()
    np.testing.assert_array_equal(cl.data.recalibrate(part, reference).promoter_depth(), alone)
    np.testing.assert_array_equal(track_quantiles(part).values["A"], track_quantiles(ds).values["A"])
    np.testing.assert_allclose(
        cl.data.recalibrate(reference, part).promoter_depth(), cl.data.recalibrate(reference, ds).promoter_depth()
    )


def test_presence_is_one_scale_for_calls_and_scores():
    calls, scores = big(0, "calls", holes=True), big(0, "unknown", holes=True)
    scores = replace(scores, signal=replace(scores.signal, depth=scores.signal.depth * 7.5, cache={}))
    one, two = cl.data.presence(calls), cl.data.presence(scores)
    np.testing.assert_array_equal(one.promoter_depth(), two.promoter_depth())
    depth = one.signal.depth
    assert set(np.unique(depth[~np.isnan(depth)])) == {0, 1}
    assert one.scales == two.scales == dict.fromkeys("ABC", "calls") and "present" in one.report[-1]
    np.testing.assert_array_equal(np.isnan(depth), np.isnan(calls.compact().signal.depth))
    above = cl.data.presence(calls, above=10).signal.depth
    np.testing.assert_array_equal(above == 1, calls.compact().signal.depth > 10)
    with pytest.raises(cl.ChromolabError, match="B: holds -3; .*with_marks"):
        cl.data.presence(changed(calls, 5, 1, -3))


def changed(ds, rows, m, value):
    depth = np.array(ds.signal.depth)
    depth[rows, m] = value
    return replace(ds, signal=replace(ds.signal, depth=depth, cache={}))


def test_bins_without_data_do_not_make_enough():
    reference, ds = big(1, "depth"), changed(big(0, "fold_change"), slice(9_999, None), 1, np.nan)
    for call in (lambda: cl.data.recalibrate(ds, reference), lambda: cl.data.recalibrate(reference, ds)):
        with pytest.raises(cl.ChromolabError, match="(to|source): B: 9,999 bins with data are too few"):
            call()
    assert cl.data.recalibrate(ds, reference, marks=["A", "C"]).scales["A"] == "depth", (
        "of the other marks there is enough"
    )


def test_negative_values_are_refused_with_a_source_too():
    ds, reference = big(0, "fold_change"), big(1, "depth")
    with pytest.raises(cl.ChromolabError, match="B: holds -0.5; expected depth"):
        cl.data.recalibrate(changed(ds, 7, 1, -0.5), reference, source=ds)
    assert len(cl.data.recalibrate(changed(ds, 7, 1, -0.5), reference, marks=["A"], source=ds).report)


def test_beyond_the_highest_value_it_grows_in_proportion():
    ds, reference = big(0, "fold_change"), big(1, "depth")
    low = replace(ds, signal=replace(ds.signal, depth=np.minimum(ds.signal.depth, 50), cache={}))
    mapped = cl.data.recalibrate(ds, reference, source=low)
    top = track_quantiles(reference).values["A"][-1]
    x = ds.signal.depth[:, 0].max()
    highest = np.bincount(*[np.zeros(1, int)], [top])[0]
    assert x > 50 and mapped.signal.depth[:, 0].max() <= highest * x / 50 * (1 + 1e-9)
    assert mapped.signal.depth[:, 0].max() > mapped.signal.depth[ds.signal.depth[:, 0] <= 50, 0].max()


def test_a_recalibrated_dataset_warns_no_more():
    depth, other = big(0, "depth"), big(1, "neg_log10_p")
    model = small_model(depth)
    model.scales = depth.scales
    cl.predict(model, cl.data.recalibrate(other, depth).select(range(20)), device="cpu")


def test_bad_requests(tmp_path):
    ds, reference = big(0, "depth"), big(1, "depth")
    for call, said in [
        (lambda: cl.data.recalibrate(ds, reference, marks=["Z"]), "marks: Z; the dataset has A, B, C"),
        (
            lambda: cl.data.recalibrate(ds, replace(track_quantiles(reference), bin_size=50)),
            "100 bp in the dataset, 50 bp",
        ),
        (lambda: cl.data.recalibrate(ds, tmp_path / "no.json"), "no such file"),
        (lambda: track_quantiles(replace(ds, signal=replace(ds.signal, depth=-ds.signal.depth - 1))), "all >= 0"),
    ]:
        with pytest.raises(cl.ChromolabError, match=said):
            call()
