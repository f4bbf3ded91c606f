"""show/figures/whole_genes: every bin of a gene is drawn once, in its place, with its exons and attention."""

import numpy as np
import pytest
from helpers.toys import SMALL, toy_dataset, with_bodies

import chromolab as cl
from chromolab.data.bodies.loader import GeneLoader
from chromolab.models.wholegene import WholeGene


@pytest.fixture(scope="module")
def gene():
    ds = with_bodies(toy_dataset(0, genes=12))
    known = ds.genes["gene_id"].isin(ds.exons["gene_id"])
    return ds.select([int(np.flatnonzero(known & (ds.genes["strand"] == "-"))[0])]).compact()


@pytest.fixture(scope="module")
def bins(gene):
    more = GeneLoader(gene, gene.marks, (500,), (8_000, 2_000, 500)).batch([0]).more
    return {name: more[name][0].numpy() for name in ("start", "end", "features", "parts")}


@pytest.mark.parametrize("even", [False, True])
def test_bins_stand_side_by_side_with_what_a_model_reads(gene, bins, even):
    figure = cl.plot.gene(gene, marks=["B", "C"], even=even)
    b, c, boxes, feet = figure.data
    np.testing.assert_allclose(b.y[0::3], bins["features"][:, 1])
    np.testing.assert_allclose(c.y[1::3], bins["features"][:, 2])
    assert not np.isnan(np.asarray(b.y)[:-1]).any()  # bins touch: no gap
    size = np.ones(len(bins["start"])) if even else (bins["end"] - bins["start"]) / 1000
    np.testing.assert_allclose(boxes.width, size)
    np.testing.assert_allclose(np.diff(boxes.x), (size[1:] + size[:-1]) / 2)
    np.testing.assert_allclose(feet.y, bins["parts"][:, 1])
    assert sum(feet.y) > 0 and "exon" in " ".join(feet.hovertext)


def test_attention_is_drawn_per_base_and_its_mean_is_even(gene, bins):
    model = WholeGene(gene.marks, "regression", resolutions=(500,), seed=0, **SMALL)
    scores = cl.explain.attention(model, gene, steps=["gene"], device="cpu")
    one, two, *_ = cl.plot.gene(gene, scores, marks=["A"]).data
    size = bins["end"] - bins["start"]
    for line in (one, two):
        assert (np.asarray(line.y)[0::3] * size).sum() / size.sum() == pytest.approx(1, abs=1e-5)


def test_what_cannot_be_drawn_is_said(gene):
    ds = with_bodies(toy_dataset(0, genes=3))
    with pytest.raises(cl.ChromolabError, match="one gene in one cell type, not 3"):
        cl.plot.gene(ds)
    with pytest.raises(cl.ChromolabError, match="holds windows, not whole genes"):
        cl.plot.gene(toy_dataset(0, genes=3).select([0]), marks=["A"])
    scores = cl.explain.attention(cl.Chromoformer(gene.marks, resolutions=(500,), **SMALL), gene, device="cpu")
    with pytest.raises(cl.ChromolabError, match="no attention over the whole gene"):
        cl.plot.gene(gene, scores, marks=["A"])
