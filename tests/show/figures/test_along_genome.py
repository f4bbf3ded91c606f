"""show/figures/along_genome: tracks and profiles show the depth, in the right place and with its unit."""

from dataclasses import replace

import numpy as np

import chromolab as cl


def bins_of(trace):
    """The bins' values and edges, from the outline of a track without gaps: 0, v, v, w, w, ..., 0."""
    return np.asarray(trace.y)[1:-1:2], np.asarray(trace.x)[::2]


def test_tracks_draw_the_depth_where_it_is(ds, gene):
    figure = cl.plot.tracks(gene, marks=["B"], resolution=200)
    region = gene.signal.regions.iloc[gene.promoter[0]]
    window, *pcres = [t for t in figure.data if t.name == "B"]
    depth, offsets = gene.signal.at(200)
    first = offsets[gene.promoter[0]]
    values, edges = bins_of(window)
    np.testing.assert_allclose(values, depth[first : offsets[gene.promoter[0] + 1], 1])
    np.testing.assert_allclose(edges, (region["start"] + 200 * np.arange(21)) / 1000)
    assert len(pcres) == 3
    for trace, p in zip(pcres, gene.pcres(0).itertuples(), strict=True):
        assert trace.x[0] == p.start / 1000 and trace.x[-1] == p.end / 1000  # a partial last bin ends where it ends
        np.testing.assert_allclose(bins_of(trace)[0], depth[offsets[p.region] : offsets[p.region + 1], 1])


def test_a_signed_track_is_drawn_below_zero_and_the_others_stay_on_it(gene):
    depth = gene.signal.depth.copy()
    depth[:, 1] -= 3
    signed = replace(gene, signal=replace(gene.signal, depth=depth, cache={}), transforms={"B": "none"})
    figure = cl.plot.tracks(signed, resolution=200)
    low = {}
    for trace in figure.data:
        if trace.name in ("A", "B", "C"):
            low[trace.name] = figure.layout[trace.yaxis.replace("y", "yaxis")].range[0]
            values = np.asarray(trace.y, np.float64)
            assert np.nanmin(values) >= low[trace.name]
    assert low["A"] == low["C"] == 0 > low["B"]
    window = next(t for t in figure.data if t.name == "B")
    values, offsets = signed.signal.at(200)
    first = offsets[signed.promoter[0]]
    np.testing.assert_allclose(bins_of(window)[0], values[first : offsets[signed.promoter[0] + 1], 1])


def test_tracks_relative_to_the_tss(gene):
    window = next(t for t in cl.plot.tracks(gene, marks=["B"], relative=True).data if t.name == "B")
    assert window.x[0] == -2 and window.x[-1] == 2


def test_an_edit_is_shown_only_where_it_changed_something(gene):
    start = int(gene.signal.regions.iloc[gene.promoter[0]]["start"])
    edited = cl.edit(gene, [cl.scale("B", f"chr1:{start + 1000}-{start + 1500}", 3.0)])
    before = [t for t in cl.plot.tracks(gene, edited=edited).data if t.name == "before the edit"]
    assert len(before) == 1  # only mark B, only in the window
    drawn = np.asarray(before[0].x)[np.isfinite(before[0].y)] * 1000
    assert len(drawn) and drawn.min() >= start + 1000 and drawn.max() <= start + 1500
    (after,) = [t for t in cl.plot.tracks(gene, edited=edited, marks=["B"]).data if t.name == "B"][:1]
    np.testing.assert_allclose(bins_of(after)[0], edited.region_depth(edited.promoter[0])[:, 1])


def test_profiles_split_the_genes_by_expression(ds):
    figure = cl.plot.profiles(ds, by=2, marks=["A"], resolution=1000)
    high, low = figure.data
    order = np.argsort(-ds.log2_expression, kind="stable")
    np.testing.assert_allclose(high.y, ds.promoter_depth(1000)[order[:12], :, 0].mean(0))
    assert max(high.y) > max(low.y) and list(high.x) == [-1.5, -0.5, 0.5, 1.5]


def test_profiles_by_a_column(ds):
    figure = cl.plot.profiles(ds, by="strand", marks=["A"])
    assert {t.name for t in figure.data} == {"+", "-"}
