"""models/wholegene: any length by masks alone, both strands alike, positions as a sum of parts."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch
from helpers.toys import SMALL, toy_dataset, with_bodies
from helpers.training import few_epochs

import chromolab as cl
from chromolab.data.dataset.signal import Signal
from chromolab.models.wholegene import POSITIONS, WholeGene

QUIET = dict(progress=False, device="cpu")


@pytest.fixture(scope="module")
def ds():
    return with_bodies(toy_dataset(0, genes=40))


def model_of(ds, task="regression", **more):
    """A model whose positions are as if learnt: they start at 0."""
    model = WholeGene(ds.marks, task, resolutions=(500, 100), seed=0, **(SMALL | more)).double().eval()
    for name, layer in sorted(model.gene.places.items()):
        assert not layer.weight.any()
        torch.nn.init.normal_(layer.weight, generator=torch.Generator().manual_seed(POSITIONS.index(name)))
    return model


def mirrored(ds, length=10_000_000):
    """The same genes on the other strand of the reversed chromosome, without contacts."""
    ds = ds.without_contacts().compact()
    genes, regions = ds.genes, ds.signal.regions
    flipped = genes.assign(
        tss=length - genes["tss"],
        start=length - genes["end"],
        end=length - genes["start"],
        strand=np.where(genes["strand"] == "+", "-", "+"),
    )
    swapped = regions.assign(start=length - regions["end"], end=length - regions["start"])
    depth = np.concatenate([part[::-1] for part in np.split(ds.signal.depth, ds.signal.offsets[1:-1])])
    signal = Signal(swapped, depth, ds.signal.offsets, ds.bin_size)
    exons = ds.exons.assign(start=length - ds.exons["end"], end=length - ds.exons["start"])
    return replace(ds, genes=flipped, signal=signal, exons=exons)


def test_the_other_strand_of_the_reversed_chromosome_gives_the_same_number(ds):
    model = model_of(ds)
    plus = ds.genes["strand"] == "+"
    genes = ds.genes.assign(end=np.where(plus, ds.genes["end"], ds.genes["tss"]))  # no base more on one strand
    there = replace(ds, genes=genes)
    a, b = cl.predict(model, there.without_contacts(), **QUIET), cl.predict(model, mirrored(there), **QUIET)
    np.testing.assert_allclose(a, b, rtol=0, atol=1e-12)


def test_neighbours_in_a_batch_never_change_a_number(ds):
    model = model_of(ds)
    together = cl.predict(model, ds, **QUIET)
    alone = np.concatenate([cl.predict(model, ds.select([i]), **QUIET) for i in range(len(ds))])
    np.testing.assert_allclose(together, alone, rtol=0, atol=1e-9)
    batch = model.loader(ds).batch(np.arange(len(ds)))
    padding = ~batch.more["seen"]
    assert padding.any()
    for name in ("features", "start", "end", "parts"):  # whatever stands in the padding
        batch.more[name] = torch.where(padding[..., *(None,) * (batch.more[name].dim() - 2)], 1e3, batch.more[name])
    with torch.no_grad():
        np.testing.assert_allclose(model(batch), together, rtol=0, atol=1e-9)


@pytest.mark.parametrize("left_out", POSITIONS)
def test_each_part_of_the_position_says_something_and_can_be_left_out(ds, left_out):
    whole = model_of(ds)
    less = model_of(ds, positions=[p for p in POSITIONS if p != left_out])
    assert not any(left_out in name for name in less.state_dict()) and less.config()["positions"] != whole.positions
    less.load_state_dict({k: v for k, v in whole.state_dict().items() if k in less.state_dict()})
    assert np.abs(cl.predict(whole, ds, **QUIET) - cl.predict(less, ds, **QUIET)).max() > 1e-4


def test_a_position_is_a_sum_and_without_one_the_order_of_bins_is_not_seen(ds):
    none = model_of(ds, positions=())
    longest = [int(np.argmax(ds.genes["end"] - ds.genes["start"]))]
    batch = none.loader(ds).batch(longest)
    before = none(batch)
    size = (batch.more["end"] - batch.more["start"])[0]
    alike = (size == 8_000).nonzero()[:2, 0]
    swapped = batch.more["features"].clone()
    swapped[0, alike] = swapped[0, alike.flip(0)]
    batch.more = batch.more | {"features": swapped}
    torch.testing.assert_close(none(batch), before)
    whole = model_of(ds)
    assert (whole(batch) - whole(none.loader(ds).batch(longest))).abs() > 1e-9


def test_a_bin_counts_by_its_bases(ds):
    """Without positions, a bin that is divided into two equal halves changes nothing."""
    model = model_of(ds, positions=())
    batch = model.loader(ds).batch([3])
    before, more = model(batch), batch.more
    last = more["seen"].sum() - 1
    middle = (more["start"][0, last] + more["end"][0, last]) / 2
    halves = {name: torch.cat([v, v[:, last : last + 1]], 1) for name, v in more.items() if v.dim() > 1}
    halves["end"][0, last], halves["start"][0, -1] = middle, middle
    halves["end"][0, -1], halves["seen"][0, -1] = more["end"][0, last], True
    batch.more = more | halves
    torch.testing.assert_close(model(batch), before)


def test_what_lies_beyond_its_reach_is_hidden(ds):
    near, far = model_of(ds, reach=24_000), model_of(ds)
    far.load_state_dict(near.state_dict())
    short = (ds.genes["end"] - ds.genes["start"] <= 20_000).to_numpy()  # with 4 kb behind them
    a, b = (cl.predict(m, ds, **QUIET)[:, 0] for m in (near, far))
    np.testing.assert_allclose(a[short], b[short], atol=1e-12)
    assert (np.abs(a - b)[~short] > 1e-9).all()


@few_epochs
def test_it_is_saved_trained_and_explained(ds, tmp_path):
    run = cl.fit(model_of(ds), ds, epochs=2, lr=1e-3, batch_size=16, **QUIET)
    again = cl.load_checkpoint(cl.save_checkpoint(run.model, tmp_path / "m.pt"), dtype=torch.float64)
    assert type(again) is WholeGene and again.config() == run.model.config()
    np.testing.assert_array_equal(cl.predict(again, ds, **QUIET), cl.predict(run.model, ds, **QUIET))
    gene = ds.select([3]).compact()
    scores = cl.explain.integrated_gradients(again, gene, steps=150, device="cpu")
    empty = replace(gene, signal=replace(gene.signal, depth=np.zeros_like(gene.signal.depth), cache={}))
    difference = cl.predict(again, gene, **QUIET) - cl.predict(again, empty, **QUIET)
    assert abs(scores["score"].sum() - difference.item()) < 2e-3
    body = gene.signal.regions.iloc[gene.body[0]]
    assert (scores["region"] == f"{body['chrom']}:{body['start']}-{body['end']}").any()


def test_attention_over_the_gene_has_a_place_for_every_bin(ds):
    gene = ds.select([int(np.argmax(ds.genes["end"] - ds.genes["start"]))]).compact()
    model = model_of(ds)
    table = cl.explain.attention(model, gene, steps=["gene"], device="cpu")
    assert set(table["step"]) == {"gene"} and set(table["head"]) == {0, 1}
    np.testing.assert_allclose(table.groupby("head")["score"].sum(), 1)
    one = table[table["head"] == 0].sort_values("position")
    region = gene.signal.regions.iloc[gene.body[0]]
    assert one["position"].iloc[0] == region["start"] and one["resolution"].sum() == region["end"] - region["start"]
    assert (np.diff(one["position"]) == one["resolution"].to_numpy()[:-1]).all()
    window = cl.explain.attention(model, gene, steps=["embedding"], device="cpu")
    pd.testing.assert_frame_equal(window, cl.explain.attention(model, gene, steps=["embedding"], device="cpu"))
    with pytest.raises(cl.ChromolabError, match="no step 'gene' in a Chromoformer"):
        cl.explain.attention(model.steps, gene, steps=["gene"], device="cpu")


def test_what_it_cannot_be_is_refused(ds):
    with pytest.raises(cl.ChromolabError, match="no position 'exon'; expected any of tss, relative, part, end"):
        model_of(ds, positions=("exon",))
    with pytest.raises(cl.ChromolabError, match=r"bins is \(2000, 700\); expected falling sizes"):
        model_of(ds, bins=(2000, 700))
    with pytest.raises(cl.ChromolabError, match="holds windows, not whole genes"):
        cl.predict(model_of(ds), toy_dataset(0, genes=4), **QUIET)
    with pytest.raises(cl.ChromolabError, match="this batch holds no whole genes"):
        model_of(ds)(cl.Chromoformer(ds.marks, resolutions=(500, 100), **SMALL).double().loader(ds).batch([0]))
    with pytest.raises(cl.ChromolabError, match="WholeGene"):  # other steps than a Chromoformer's mix here
        cl.explain.rollout(model_of(ds), ds.select([0]))
