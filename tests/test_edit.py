"""learn/edit: an edit reaches every region, resolution and strand that covers the place, and only those."""

import numpy as np
import pytest
from toys import SMALL, toy_dataset

import chromolab as cl


@pytest.fixture
def ds():
    return toy_dataset(2)


def place(ds, row):
    region = ds.signal.regions.iloc[row]
    return region["chrom"], int(region["start"]), int(region["end"])


def test_whole_bins_change_by_the_factor_and_nothing_else_does(ds):
    chrom, start, _ = place(ds, ds.promoter[3])
    edited = cl.edit(ds, [cl.scale("B", f"{chrom}:{start + 300}-{start + 500}", 0.5)])
    expected = ds.signal.depth.copy()
    at = ds.signal.offsets[ds.promoter[3]] + 3
    expected[at : at + 2, 1] *= 0.5
    np.testing.assert_array_equal(edited.signal.depth, expected)


def test_part_of_a_bin_changes_in_proportion(ds):
    chrom, start, _ = place(ds, ds.promoter[0])
    edited = cl.edit(ds, [cl.set_depth("A", f"{chrom}:{start + 25}-{start + 50}", 8)])
    old = ds.region_depth(ds.promoter[0])[0, 0]
    assert edited.region_depth(ds.promoter[0])[0, 0] == pytest.approx(0.75 * old + 0.25 * 8)


def test_a_short_last_bin_is_reached(ds):
    pcre = next(r for r in ds.pcre[1] if r >= 0)
    chrom, start, end = place(ds, pcre)
    edited = cl.edit(ds, [cl.erase("C", f"{chrom}:{start}-{end}")])
    assert (edited.region_depth(pcre)[:, 2] == 0).all()


def test_edits_compose_in_order_and_leave_the_original(ds):
    before = ds.signal.depth.copy()
    chrom, start, end = place(ds, ds.promoter[0])
    region = f"{chrom}:{start:,}-{end:,}"
    a = cl.edit(ds, [cl.set_depth("A", region, 2), cl.scale("A", region, 3)])
    b = cl.edit(ds, [cl.scale("A", region, 3), cl.set_depth("A", region, 2)])
    assert (a.region_depth(0)[:, 0] == 6).all() and (b.region_depth(0)[:, 0] == 2).all()
    assert (ds.signal.depth == before).all()


def test_the_prediction_follows_and_is_not_cached(ds):
    model = cl.Chromoformer(ds.marks, seed=0, resolutions=(500, 100), **SMALL)
    gene = ds.gene("G1")
    before = cl.predict(model, gene, device="cpu")
    chrom, start, end = place(gene, gene.promoter[0])
    edited = cl.edit(gene, [cl.scale("A", f"{chrom}:{start}-{end}", 5)])
    assert np.abs(cl.predict(model, edited, device="cpu") - before).max() > 1e-4
    np.testing.assert_array_equal(cl.predict(model, gene, device="cpu"), before)


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda: cl.scale("A", "chr1", 1), "chrom:start-end"),
        (lambda: cl.erase("A", "chr1:20-10"), "reversed"),
        (lambda: cl.scale("A", "chr1:0-10", -1), "negative"),
        (lambda: cl.set_depth("A", "chr1:0-10", float("inf")), "infinite"),
        (lambda: cl.edit(toy_dataset(0), [cl.erase("A", "chr9:0-100")]), "touches no region"),
        (lambda: cl.edit(toy_dataset(0), [cl.erase("Z", "chr1:0-100")]), "Z"),
    ],
)
def test_bad_edits(make, word):
    with pytest.raises(cl.ChromolabError, match=word):
        make()
