"""learn/edit/apply: an edit reaches every region, resolution and strand that covers the place, and only those."""

import re
from dataclasses import replace

import numpy as np
import pytest
from helpers.edits import contacts, every_kind, place
from helpers.toys import SMALL, toy_dataset

import chromolab as cl
from chromolab.data.dataset.batches import Loader
from chromolab.learn.edit import apply
from chromolab.learn.edit.apply import edit_again
from chromolab.learn.edit.bins import change_bins


@pytest.fixture
def ds():
    return toy_dataset(2)


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


@pytest.mark.parametrize("missing", [False, True])
def test_many_variants_equal_one_by_one(missing):
    gene = toy_dataset(2, missing=missing).gene("G1")
    kinds = every_kind(gene)
    lists = [[e] for e in kinds[:7]] + [kinds, kinds[3:5], []]
    many = cl.edit_each(gene, lists)
    model = cl.Chromoformer(gene.marks, seed=0, resolutions=(500, 100), **SMALL)
    for i, own in enumerate(lists):
        one, variant = cl.edit(gene, own), many.select([i]).compact()
        assert contacts(one) == contacts(variant)
        for a, b in ((one.promoter[0], variant.promoter[0]), *zip(one.pcre[0], variant.pcre[0], strict=False)):
            np.testing.assert_array_equal(one.region_depth(a), variant.region_depth(b))
        predictions = [cl.predict(model, d, device="cpu") for d in (one, variant)]
        np.testing.assert_allclose(*predictions, atol=1e-5)


def lists_that_change(rng, edits, steps):
    """Lists of edits, each made from the one before: one more, one less, others in their place, other order."""
    now = []
    for _ in range(steps):
        now, at = list(now), int(rng.integers(0, len(now) + 1))
        match rng.choice(["add", "put", "remove", "swap", "undo all"], p=[0.5, 0.2, 0.15, 0.1, 0.05]):
            case "add":
                now.insert(at, edits[rng.integers(len(edits))])
            case "put":
                now[at : at + 1] = [edits[rng.integers(len(edits))]]
            case "remove":
                del now[at : at + 1]
            case "swap":
                now.reverse()
            case _:
                now = []
        yield now


@pytest.mark.parametrize("missing", [False, True])
def test_again_and_again_equals_afresh(missing):
    """Equal to the bit for any lists of edits, also where pCREs come and go and an edit begins inside a bin."""
    gene, rng, known, refused = toy_dataset(2, missing=missing).gene("G1"), np.random.default_rng(3), {}, 0
    chrom, start, _ = place(gene, gene.promoter[0])
    parts = [f"{chrom}:{start + a}-{start + a + n}" for a, n in rng.integers(1, 1900, (6, 2))]
    edits = every_kind(gene) + [cl.scale("A", part, 0.3) for part in parts]
    wide = f"{chrom}:76000000-78000000"  # over both pCREs that may be added
    edits += [cl.add_pcre(f"{chrom}:76990000-76990950", 2), *(cl.set_depth(m, wide, 3) for m in "ABC")]
    for now in lists_that_change(rng, edits, 400):
        try:
            afresh = cl.edit(gene, now)
        except cl.ChromolabError as error:
            with pytest.raises(cl.ChromolabError, match=re.escape(str(error))):
                edit_again(gene, now, known)
            refused += 1
            continue
        again = edit_again(gene, now, known)
        for name in ("depth", "covered", "offsets"):
            np.testing.assert_array_equal(getattr(again.signal, name), getattr(afresh.signal, name))
        np.testing.assert_array_equal(again.pcre, afresh.pcre)
        np.testing.assert_array_equal(again.frequency, afresh.frequency)
        assert again.report == afresh.report and again.signal.regions.equals(afresh.signal.regions)
    assert 20 < refused < 300


def test_what_was_done_before_is_not_computed_again(ds, monkeypatch):
    gene, known, counted = ds.gene("G1"), {}, []
    monkeypatch.setattr(apply, "change_bins", lambda *a, **b: (counted.append(1), change_bins(*a, **b))[1])
    chrom, start, end = place(gene, gene.promoter[0])
    edits = [cl.scale(mark, f"{chrom}:{start}-{end}", 0.5) for mark in "ABC"]
    for now, anew in ((edits, 3), (edits, 0), ([*edits, edits[0]], 1), (edits[:2], 1), (edits, 1)):
        counted.clear()
        edit_again(gene, now, known)
        assert len(counted) == anew
    assert len(known) == 3


def test_missing_stays_missing_when_erased_and_becomes_data_when_painted():
    ds = toy_dataset(2, missing=True)
    hole = int(np.flatnonzero(np.isnan(ds.region_depth(ds.promoter[0])[:, 0]))[0])
    chrom, start, _ = place(ds, ds.promoter[0])
    bin_ = f"{chrom}:{start + 100 * hole}-{start + 100 * hole + 100}"
    at = ds.signal.offsets[ds.promoter[0]] + hole
    erased = cl.edit(ds, [cl.erase("A", bin_), cl.scale("A", bin_, 3)])
    assert np.isnan(erased.signal.depth[at, 0]) and erased.signal.covered[at, 0] == 0
    painted = cl.edit(ds, [cl.set_depth("A", bin_, 4)])
    assert painted.signal.depth[at, 0] == 4 and painted.signal.covered[at].tolist() == [100, 0, 0]
    half = cl.edit(ds, [cl.paint("A", bin_, [4, None], step=50)])
    assert half.signal.depth[at, 0] == 4 and half.signal.covered[at, 0] == 50


def test_undoing_is_the_list_without_its_last(ds):
    gene, before = ds.gene("G1"), ds.gene("G1")
    edits = every_kind(gene)
    for n in (len(edits), 3, 0):
        edited = cl.edit(gene, edits[:n])
    for a, b in zip(*(Loader(d, ds.marks, (500, 100)).batch([0]).tensors() for d in (edited, before)), strict=True):
        np.testing.assert_array_equal(a.numpy(), b.numpy())


def test_a_depth_that_the_dataset_cannot_store_is_refused():
    half = toy_dataset(0)
    half = replace(half, signal=replace(half.signal, depth=half.signal.depth.astype(np.float16)))
    with pytest.raises(
        cl.ChromolabError, match="up to 70000: .* more than 6.55e.04 reads per base, which does not fit float16"
    ):
        cl.edit(half, [cl.set_depth("A", "chr1:100000-100100", 70_000)])


@pytest.mark.parametrize("apply", [cl.edit, lambda gene, edits: cl.edit_each(gene, [edits])])
def test_what_no_model_can_read_is_refused_by_name(apply):
    gene = toy_dataset(2).gene("G1")
    chrom, start, _ = place(gene, gene.promoter[0])
    whole, part, other = (f"{chrom}:{start + a}-{start + b}" for a, b in ((100, 900), (130, 777), (1000, 1100)))
    twice = [cl.scale("A", whole, 1e308), cl.scale("A", part, 1e307), cl.erase("A", whole)]
    for edits, said in [
        (twice, f"A at {whole}, times 1e.308"),  # infinity times 0 is NaN here, not a bin without data
        ([cl.scale("A", r, 1e30) for r in (whole, part, other)], f"A at {part}, times 1e.30:"),
        ([cl.set_depth("B", other, 1), cl.set_depth("B", part, 1e308)], f"B at {part}, painted up to 1e.308"),
        ([cl.set_frequency(contacts(gene)[0], 1e300)], "frequency of 1e.300"),
        ([cl.add_pcre("chr1:5-10", 1e39)], "frequency of 1e.39"),
    ]:
        with pytest.raises(cl.ChromolabError, match=said):
            apply(gene, edits)
    fine = apply(gene, [cl.scale("A", whole, 1e300), cl.erase("A", whole), cl.set_depth("B", part, 1e30)])
    model = cl.Chromoformer(gene.marks, seed=0, resolutions=(500, 100), **SMALL)
    assert np.isfinite(cl.predict(model, fine, device="cpu")).all()


def test_what_is_known_of_an_added_place_is_not_taken_for_another_one(ds):
    gene, known = ds.gene("G1"), {}
    wide = cl.set_depth("A", "chr1:0-99000000", 2.0)
    for added in ("chr1:500-2500", "chr1:700-1200"):
        for cut in ([cl.drop_pcre(added)], [cl.set_depth(m, added, 1) for m in "BC"]):
            edits = [cl.add_pcre(added, 2), *cut, wide]
            again, afresh = edit_again(gene, edits, known), cl.edit(gene, edits)
            np.testing.assert_array_equal(again.signal.depth, afresh.signal.depth)


def test_a_depth_over_a_whole_chromosome_takes_no_memory_for_it():
    gene = toy_dataset().gene("G1")
    edited = cl.edit(gene, [cl.set_depth("A", f"chr1:0-{2**31 - 1}", 2.0)])
    assert (edited.signal.depth[:, 0] == 2).all()
