"""show/figures/panels: the gene, its contacts and bins without data, along the genome."""

import numpy as np
import pytest
from helpers.toys import toy_dataset

import chromolab as cl


def test_the_gene_points_along_its_strand(ds):
    for strand, sign in (("+", 1), ("-", -1)):
        one = ds.gene(ds.genes["gene_id"][ds.genes["strand"] == strand].iloc[0])
        arrow = next(a for a in cl.plot.tracks(one, relative=True).layout.annotations if a.showarrow)
        assert arrow.ax == 0 and np.sign(arrow.x) == sign


def test_arcs_are_as_high_as_their_frequencies(gene):
    arcs = [t for t in cl.plot.tracks(gene).data if "pCRE" in str(t.hovertemplate)]
    np.testing.assert_allclose([max(a.y) for a in arcs], gene.pcres(0)["frequency"])
    assert all(a.x[0] == gene.genes["tss"].iloc[0] / 1000 for a in arcs)


def test_missing_bins_are_gaps_and_marked(ds):
    holes = toy_dataset(missing=True)
    one = holes.gene("G3")
    figure = cl.plot.tracks(one)
    window = next(t for t in figure.data if t.name == "A")
    gaps = np.isnan(one.region_depth(one.promoter[0])[:, 0])
    region = one.signal.regions.iloc[one.promoter[0]]
    middles = (region["start"] + 100 * np.arange(40) + 50) / 1000
    x, y = np.asarray(window.x, float), np.asarray(window.y, float)
    ends = np.flatnonzero(np.isnan(np.append(y, np.nan)))  # each run is closed at 0 and set apart by a gap
    runs = [(x[a], x[b - 1]) for a, b in zip(np.append(0, ends[:-1] + 1), ends, strict=True)]
    np.testing.assert_array_equal([not any(a < m < b for a, b in runs) for m in middles], gaps)
    grey = [s for s in figure.layout.shapes if s.type == "rect" and s.layer == "below"]
    assert grey and not [s for s in cl.plot.tracks(ds.gene("G3")).layout.shapes if s.layer == "below"]


def test_no_contacts_is_said(gene):
    figure = cl.plot.tracks(gene.without_contacts())
    assert any(a.text == "no contacts" for a in figure.layout.annotations)


def test_tracks_want_one_gene(ds):
    with pytest.raises(cl.ChromolabError, match="one gene"):
        cl.plot.tracks(ds)
    with pytest.raises(cl.ChromolabError, match="lacks"):
        cl.plot.tracks(ds.gene("G1"), marks=["none"])
