"""show/figures/contact_arcs: arcs reach from the TSS to each pCRE."""

import numpy as np
import pytest

import chromolab as cl


@pytest.fixture(scope="module")
def one_track(tmp_path_factory):
    pyBigWig = pytest.importorskip("pyBigWig")
    path = tmp_path_factory.mktemp("track") / "a.bw"
    with pyBigWig.open(str(path), "w") as file:
        file.addHeader([("chr1", 30_000_000)])
        starts = np.arange(0, 30_000_000, 10_000)
        file.addEntries(["chr1"] * len(starts), starts, ends=starts + 10_000, values=starts / 1e6)
    return {"A": path}


def drawn_arcs(figure):
    return [t for t in figure.data if t.mode == "lines" and t.fill is None]


def test_arcs_reach_from_the_tss_to_each_pcre(gene, one_track):
    pcres, tss = gene.pcres(0), gene.genes["tss"].iloc[0]
    figure = cl.plot.arcs(gene, one_track, genes=gene.genes, highlight=[True, False, False], bin_size=10_000)
    arcs, ranks = drawn_arcs(figure), figure.layout.annotations[1:]  # the first names the track
    assert [t.name for t in arcs] == ["drives the gene"] + ["decoy: does nothing"] * 2
    assert [t.showlegend for t in arcs] == [True, True, False] and len({t.line.dash for t in arcs}) == 2
    for rank, (arc, label, p) in enumerate(zip(arcs, ranks, pcres.itertuples(), strict=True), 1):
        assert arc.x[0] == tss / 1000 and arc.x[-1] == pytest.approx((p.start + p.end) / 2000)
        assert max(arc.y) == pytest.approx(p.frequency) == label.y
        assert label.text == str(rank) and label.bgcolor == "white" and label.x == pytest.approx(np.mean(arc.x))
    low, high = figure.layout.xaxis.range
    assert low <= pcres["start"].min() / 1000 and high >= pcres["end"].max() / 1000
    track = next(t for t in figure.data if t.name == "A")
    assert track.y[0] == pytest.approx(np.floor(track.x[0] / 10) / 100, abs=0.02)
    near = cl.plot.arcs(gene, one_track, reach=50_000)
    assert near.layout.xaxis.range == (tss / 1000 - 50, tss / 1000 + 50)
    assert all(t.line.color != "#D55E00" for t in drawn_arcs(near))


def test_arcs_take_a_weight_for_their_width(gene, one_track):
    arcs = drawn_arcs(cl.plot.arcs(gene, one_track, weight=[0.1, 0.4, 0.0]))
    widths = [a.line.width for a in arcs]
    assert round(widths[1], 6) == 7 and widths[1] > widths[0] > widths[2] > 0
    with pytest.raises(cl.ChromolabError, match="weight has 1 values"):
        cl.plot.arcs(gene, one_track, weight=[1.0])


def test_arcs_that_cannot_be_drawn(ds, gene, one_track):
    with pytest.raises(cl.ChromolabError, match="has no pCRE to draw an arc to"):
        cl.plot.arcs(gene.without_contacts(), one_track)
    with pytest.raises(cl.ChromolabError, match="highlight has 1 values; expected one for each of 3 pCREs"):
        cl.plot.arcs(gene, one_track, highlight=[True])
    with pytest.raises(cl.ChromolabError, match="one gene"):
        cl.plot.arcs(ds, one_track)
