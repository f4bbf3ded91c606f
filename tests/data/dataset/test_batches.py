"""data/dataset/batches: padded, masked, strand-aware batches against a slow construction."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from helpers.toys import toy_dataset
from helpers.training import RESOLUTIONS, model_for
from hypothesis import given, settings
from hypothesis import strategies as st

import chromolab as cl
from chromolab.data.dataset.batches import Loader, log_depth


def test_a_batch_of_batches_equals_each():
    ds = toy_dataset(0, genes=124)
    loader = Loader(ds, ds.marks, RESOLUTIONS)
    rows = np.random.default_rng(0).integers(0, len(ds), (3, 10))
    model, stacked = model_for(ds), loader.batch(rows)
    for i, own in enumerate(rows):
        part = stacked.rebuilt([t[i] for t in stacked.tensors()])
        torch.testing.assert_close(model(part), model(loader.batch(own)))


def test_a_signed_track_keeps_its_sign_and_hides_no_other_mark():
    """PC1 or a log ratio beside depth: the features of the other marks are those without it, bit by bit."""
    ds = toy_dataset(0)
    depth = ds.signal.depth.copy()
    depth[:, 2] = np.random.default_rng(1).normal(0, 1.5, len(depth))
    signed = replace(ds, signal=replace(ds.signal, depth=depth, cache={}))
    rows = np.arange(len(ds))
    both, alone = (Loader(signed, marks, RESOLUTIONS).batch(rows) for marks in (ds.marks, ds.marks[:2]))
    for r in RESOLUTIONS:
        assert torch.equal(both.promoter[r][..., :2], alone.promoter[r]) and torch.equal(
            both.pcre[r][..., :2], alone.pcre[r]
        )
        assert torch.equal(both.promoter_seen[r], alone.promoter_seen[r])
    x = torch.tensor([-4.2, -1.0, -0.5, 0.0, 0.7, 300.0])
    expected = [-np.log(5.2), -np.log(2), -np.log(1.5), 0, np.log(1.7), np.log(301)]
    torch.testing.assert_close(log_depth(x), torch.tensor(expected, dtype=x.dtype))
    assert torch.equal(log_depth(x[3:]), torch.log(1 + x[3:])), "the published features, to the bit"


def test_each_track_is_read_by_its_own_transform():
    """Coarse bins are means of the values, then transformed; the other marks stay as they are."""
    ds = toy_dataset(0, missing=True)
    depth = ds.signal.depth.copy()
    depth[:, 2] = np.where(np.isnan(depth[:, 2]), np.nan, np.random.default_rng(1).normal(0, 4, len(depth)))
    ds = replace(ds, signal=replace(ds.signal, depth=depth, cache={}))
    rows = np.arange(len(ds))
    for how, transformed in (("none", lambda x: x), ("asinh", np.arcsinh)):
        signed = replace(ds, transforms={"C": how})
        batch, plain = (Loader(d, d.marks, (500,)).batch(rows) for d in (signed, ds))
        seen = batch.promoter_seen[500]
        assert torch.equal(batch.promoter[500][..., :2], plain.promoter[500][..., :2])
        assert torch.equal(seen, plain.promoter_seen[500])
        values = signed.promoter_depth(500)[..., 2][seen.numpy()]
        np.testing.assert_allclose(batch.promoter[500][..., 2][seen].numpy(), transformed(values), rtol=1e-5)
        assert (values < -1).any()


def test_a_model_reads_any_dataset_by_the_transforms_it_has_learnt(tmp_path):
    ds = replace(toy_dataset(0), transforms={"B": "asinh"})
    model = model_for(ds)
    cl.fit(model, ds, epochs=1, progress=False)
    assert model.transforms == {"B": "asinh"}
    again = cl.load_checkpoint(cl.save_checkpoint(model, tmp_path / "m.pt"))
    expected = cl.predict(model, ds, progress=False)
    for d in (ds, replace(ds, transforms={}, signal=replace(ds.signal, cache={}))):
        np.testing.assert_array_equal(cl.predict(again, d, progress=False), expected)
    other = model_for(ds)
    cl.fit(other, replace(ds, transforms={}), epochs=1, progress=False)
    assert other.transforms == cl.load_checkpoint(cl.save_checkpoint(other, tmp_path / "o.pt")).transforms == {}
    assert not np.allclose(cl.predict(other, ds, progress=False), expected)


def slow_example(ds, i, resolution, reverse):
    """One promoter's or pCRE's padded features by plain loops: (T, M), NaN where nothing is seen."""
    bins, region = ds.window // resolution, ds.signal.regions.iloc[i]
    length, per = region["end"] - region["start"], resolution // ds.bin_size
    fine, out = ds.region_depth(i), np.full((ds.window // resolution, len(ds.marks)), np.nan)
    n = -(-length // resolution)
    left = -(-(bins - n) // 2)  # ceil((T - n) / 2)
    for j in range(n):
        part = fine[j * per : (j + 1) * per]
        size = np.minimum(ds.bin_size, length - np.arange(j * per, j * per + len(part)) * ds.bin_size)[:, None]
        weight = np.where(np.isnan(part), 0, size)
        if weight.sum(0).all():
            out[left + j] = np.log1p((np.nan_to_num(part) * weight).sum(0) / weight.sum(0))
    return out[::-1] if reverse else out


@pytest.mark.parametrize("missing", [False, True])
@pytest.mark.parametrize("resolution", [100, 500, 2000])
def test_batches_equal_a_slow_construction(missing, resolution):
    ds = toy_dataset(1, missing=missing)
    rows = np.array([5, 1, 17, 1])
    batch = Loader(ds, ds.marks, [resolution], dtype=torch.float64).batch(torch.from_numpy(rows))
    strand = ds.genes["strand"].to_numpy()
    expected = [slow_example(ds, ds.promoter[i], resolution, strand[i] == "-") for i in rows]
    pcres = [ds.pcre[rows[b], slot] for b, slot in zip(batch.owner, batch.slot, strict=True)]
    expected += [slow_example(ds, r, resolution, False) for r in pcres]
    got = torch.cat([batch.promoter[resolution], batch.pcre[resolution]]).numpy()
    seen = torch.cat([batch.promoter_seen[resolution], batch.pcre_seen[resolution]]).numpy()
    assert (seen == ~np.isnan(np.array(expected)).any(2)).all()
    np.testing.assert_allclose(got, np.where(seen[..., None], expected, 0), atol=1e-6)
    room = (ds.pcre[rows] >= 0).sum(1).max()
    np.testing.assert_allclose(batch.frequency.numpy(), ds.frequency[rows, :room], rtol=1e-6)
    assert batch.present.numpy().tolist() == (ds.pcre[rows, :room] >= 0).tolist()
    assert (
        sorted(map(list, zip(batch.owner.tolist(), batch.slot.tolist(), strict=True)))
        == np.argwhere(ds.pcre[rows] >= 0).tolist()
    )
    assert (np.diff(ds.signal.lengths[pcres]) <= 0).all()  # the long ones first
    assert batch.label.tolist() == ds.labels[rows].tolist()


def test_marks_are_chosen_and_ordered_by_name():
    ds = toy_dataset(2)
    rows = torch.arange(len(ds))
    abc, ca = (Loader(ds, m, [500]).batch(rows).promoter[500] for m in (("A", "B", "C"), ("C", "A")))
    assert (ca == abc[..., [2, 0]]).all()
    with pytest.raises(cl.ChromolabError, match="lacks"):
        Loader(ds, ("A", "Z"), [500])


@given(size=st.integers(1, 30), drop=st.booleans(), n=st.integers(0, 24))
@settings(deadline=None, max_examples=40)
def test_batches_cover_each_example_once(size, drop, n):
    ds = toy_dataset(0)
    order = np.random.default_rng(1).permutation(len(ds))[:n]
    got = [b.target for b in Loader(ds, ds.marks, [2000]).batches(size, order, drop_last=drop)]
    got = torch.cat(got).tolist() if got else []
    expected = ds.log2_expression[order].astype(np.float32).tolist()
    assert got == (expected[: n - n % size] if drop and n >= size else expected)
