"""show/figures: a figure shows the numbers of the data, in the right place and with their unit."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from helpers.toys import SMALL, toy_dataset

import chromolab as cl
from chromolab.learn.train.fit import Runs
from chromolab.learn.train.job import Run
from chromolab.show.figures.style import TEMPLATE, colour_of, nice

LEVELS = {"classification": "auc", "regression": "pearson_r"}


@pytest.fixture(scope="module")
def ds():
    return toy_dataset()


@pytest.fixture(scope="module")
def gene(ds):
    return ds.gene(ds.genes["gene_id"][(ds.pcre >= 0).all(1)].iloc[0])


def run_of(task="classification"):
    history = pd.DataFrame(
        {
            "epoch": [1, 2, 3],
            "train_loss": [0.7, 0.6, 0.5],
            "validation_loss": [0.7, 0.5, 0.6],
            LEVELS[task]: [0.5, 0.8, 0.7],
        }
    )
    return Run(None, history, 2)


def every_figure(ds, gene):
    model = cl.Chromoformer(marks=ds.marks, resolutions=(200, 100), seed=0, **SMALL)
    scores = cl.explain.attention(model, gene, device="cpu")
    table = pd.DataFrame({"name": ["a", "b"], "value": [0.8, 0.9], "low": [0.7, 0.85], "high": [0.85, 0.95]})
    return {
        "tracks": cl.plot.tracks(gene),
        "attention": cl.plot.attention(scores, gene),
        "profiles": cl.plot.profiles(ds),
        "curves": cl.plot.curves(run_of()),
        "predicted": cl.plot.predicted(ds, ds.log2_expression),
        "roc": cl.plot.roc(ds, ds.log2_expression),
        "compare": cl.plot.compare(table, "AUC"),
        "heatmap": cl.plot.heatmap(pd.DataFrame(np.eye(3)), "kb"),
        "slider": cl.plot.slider(table.assign(step=0), "name", "value", "step", x_title="model"),
    }


def test_all_are_figures_of_one_style_and_valid(ds, gene):
    for name, figure in every_figure(ds, gene).items():
        assert isinstance(figure, go.Figure), name
        assert figure.layout.template.layout.font == TEMPLATE.layout.font, name
        assert figure.layout.height >= 200 and figure.layout.title.text is not None, name
        assert go.Figure(figure.to_plotly_json()) == figure, name  # plotly takes every property


def test_no_figure_offers_to_upload_its_data(ds, gene):
    for name, figure in every_figure(ds, gene).items():
        assert "sendChartToCloud" in figure.layout.template.layout.modebar.remove, name


def test_axes_say_what_they_are(ds, gene):
    figures = every_figure(ds, gene)
    words = {
        "tracks": ["position (kb)", "reads per base", "contact<br>frequency"],
        "profiles": ["kb from the TSS"],
        "curves": ["epoch", "cross-entropy", "validation AUC"],
        "roc": ["false positive rate"],
        "predicted": ["measured log2(expression + 1)", "predicted log2(expression + 1)"],
    }
    for name, wanted in words.items():
        titles = [a.title.text or "" for a in [*figures[name].select_xaxes(), *figures[name].select_yaxes()]]
        for word in wanted:
            assert any(word in t for t in titles), (name, word)


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


def test_tracks_relative_to_the_tss(gene):
    window = next(t for t in cl.plot.tracks(gene, marks=["B"], relative=True).data if t.name == "B")
    assert window.x[0] == -2 and window.x[-1] == 2


def test_the_gene_points_along_its_strand(ds):
    for strand, sign in (("+", 1), ("-", -1)):
        one = ds.gene(ds.genes["gene_id"][ds.genes["strand"] == strand].iloc[0])
        arrow = next(a for a in cl.plot.tracks(one, relative=True).layout.annotations if a.showarrow)
        assert arrow.ax == 0 and np.sign(arrow.x) == sign


def test_arcs_are_as_high_as_their_frequencies(gene):
    arcs = [t for t in cl.plot.tracks(gene).data if "pCRE" in str(t.hovertemplate)]
    np.testing.assert_allclose([max(a.y) for a in arcs], gene.pcres(0)["frequency"])
    assert all(a.x[0] == gene.genes["tss"].iloc[0] / 1000 for a in arcs)


def test_an_edit_is_shown_only_where_it_changed_something(gene):
    start = int(gene.signal.regions.iloc[gene.promoter[0]]["start"])
    edited = cl.edit(gene, [cl.scale("B", f"chr1:{start + 1000}-{start + 1500}", 3.0)])
    before = [t for t in cl.plot.tracks(gene, edited=edited).data if t.name == "before the edit"]
    assert len(before) == 1  # only mark B, only in the window
    drawn = np.asarray(before[0].x)[np.isfinite(before[0].y)] * 1000
    assert len(drawn) and drawn.min() >= start + 1000 and drawn.max() <= start + 1500
    (after,) = [t for t in cl.plot.tracks(gene, edited=edited, marks=["B"]).data if t.name == "B"][:1]
    np.testing.assert_allclose(bins_of(after)[0], edited.region_depth(edited.promoter[0])[:, 1])


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


def test_attention_is_relative_to_even(gene):
    model = cl.Chromoformer(marks=gene.marks, resolutions=(200, 100), seed=0, **SMALL)
    scores = cl.explain.attention(model, gene, device="cpu")
    even = scores.assign(
        score=1 / scores.groupby(["step", "region", "resolution", "layer", "head"])["score"].transform("size")
    )
    lines = [t for t in cl.plot.attention(even, gene).data if str(t.name).startswith("head")]
    assert len(lines) == 2 * 2 * 4  # resolutions x heads x (window and three pCREs)
    for line in lines:
        np.testing.assert_allclose(line.y, 1)


def test_arcs_are_as_wide_as_their_attention(gene):
    """Of three pCREs the one with all the attention has the widest arc, one with none the thinnest."""
    model = cl.Chromoformer(marks=gene.marks, resolutions=(200, 100), seed=0, **SMALL)
    scores = cl.explain.attention(model, gene, device="cpu")
    places = [f"{p.chrom}:{p.start}-{p.end}" for p in gene.pcres(0).itertuples()]
    scores["score"] = scores["region"].map({places[1]: 1.0, places[2]: 0.5}).fillna(0.0)
    arcs = [t for t in cl.plot.attention(scores, gene).data if "frequency" in str(t.hovertemplate)]
    thin, wide, middle = (a.line.width for a in arcs)
    assert round(wide, 6) == 7 and thin < 1 and thin < middle < wide


def test_profiles_split_the_genes_by_expression(ds):
    figure = cl.plot.profiles(ds, by=2, marks=["A"], resolution=1000)
    high, low = figure.data
    order = np.argsort(-ds.log2_expression, kind="stable")
    np.testing.assert_allclose(high.y, ds.promoter_depth(1000)[order[:12], :, 0].mean(0))
    assert max(high.y) > max(low.y) and list(high.x) == [-1.5, -0.5, 0.5, 1.5]


def test_profiles_by_a_column(ds):
    figure = cl.plot.profiles(ds, by="strand", marks=["A"])
    assert {t.name for t in figure.data} == {"+", "-"}


def test_curves_of_one_and_of_several(ds):
    assert "AUC" in cl.plot.curves(run_of()).layout.yaxis2.title.text
    several = cl.plot.curves(Runs({1: run_of("regression"), 2: run_of("regression")}, None, None))
    assert [t.name for t in several.data if t.showlegend] == ["fold 1", "kept", "fold 2"]
    ring = next(t for t in several.data if t.name == "kept")
    assert ring.x[0] == 2 and ring.y[0] == 0.5


def test_predicted_shows_its_score_and_thins_to_density(ds):
    guess = 0.5 * ds.log2_expression + 0.1
    figure = cl.plot.predicted(ds, guess[:, None])
    assert "r = 1.000" in figure.layout.title.text and figure.data[0].type == "scatter"
    many = pd.concat([ds.genes.assign(prediction=guess)] * 100)
    assert cl.plot.predicted(many).data[0].type == "histogram2d"


def test_scatter_takes_any_pair_of_values():
    figure = cl.plot.scatter([0.0, 1, 2], [0.0, 2, 4], "true", "predicted", "simulated")
    assert figure.layout.xaxis.title.text == "true" and "r = 1.000" in figure.layout.title.text
    assert list(figure.layout.xaxis.range) == list(figure.layout.yaxis.range)


def test_compare_puts_each_number_beside_its_interval():
    table = pd.DataFrame(
        {
            "name": ["a", "b", "a", "b"],
            "group": ["x", "x", "y", "y"],
            "value": [-1.0, 2, 3, 4],
            "low": [-2.0, 1, 2, 3],
            "high": [0.0, 3, 4, 5],
        }
    )
    figure = cl.plot.compare(table, "change")
    dots = [t for t in figure.data if t.mode == "markers"]
    texts = [t for t in figure.data if t.mode == "text"]
    assert [t.name for t in dots] == ["x", "y"] and list(texts[0].x) == [0, 3] and texts[0].text[0].strip() == "-1.000"
    np.testing.assert_allclose(dots[0].error_x.array, [1, 1])
    assert list(figure.layout.yaxis.ticktext) == ["a", "b"] and len(figure.layout.shapes) == 1  # zero is marked


def test_slider_shows_one_set_of_bars_and_has_a_step_for_each():
    table = pd.DataFrame({"name": ["a", "b"] * 3, "share": [0.5, 0.5, 0.7, 0.3, 0.9, 0.1], "gamma": [0, 0, 1, 1, 2, 2]})
    figure = cl.plot.slider(table, "name", "share", "gamma", start=1)
    steps = figure.layout.sliders[0].steps
    assert [t.visible for t in figure.data] == [False, True, False] and figure.layout.sliders[0].active == 1
    assert [s.label for s in steps] == ["0", "1", "2"]
    for value, step in enumerate(steps):
        attribute, shown = step.args
        (bars,) = (t for t, on in zip(figure.data, shown, strict=True) if on)
        assert attribute == "visible" and list(bars.y) == list(table["share"][table["gamma"] == value])
    assert figure.layout.yaxis.range[1] > 0.9  # one axis for all: bars can be compared between steps


def test_roc_tells_each_models_area(ds):
    figure = cl.plot.roc(ds, {"right": ds.log2_expression, "wrong": -ds.log2_expression})
    assert [t.name for t in figure.data][:2] == ["right: AUC 1.000", "wrong: AUC 0.000"]
    with pytest.raises(cl.ChromolabError, match="both classes"):
        cl.plot.roc(np.ones(3), np.arange(3.0))


def test_wins_show_every_run_and_paired_differences():
    runs = pd.DataFrame(
        {"model": list("abc") * 4, "fold": np.repeat([1, 1, 2, 2], 3), "seed": np.repeat([0, 1] * 2, 3)}
    )
    runs["auc"] = 0.8 + 0.01 * runs["fold"] + runs["model"].map({"a": 0.0, "b": 0.05, "c": 0.0})
    runs.loc[runs["model"] == "c", "auc"] += [-0.01, 0.03, 0.01, -0.02]
    figure = cl.plot.wins(runs, "auc", "a", note="simulated")
    dots, means, gains, words = figure.data
    assert figure.layout.yaxis.ticktext == ("b", "c", "a") and "simulated" in figure.layout.title.text
    assert np.round(dots.y).tolist() == [2, 0, 1] * 4 and dots.x[1] == pytest.approx(0.86)
    assert means.x[::3] == pytest.approx([0.865, 0.8175, 0.815])
    assert gains.x == pytest.approx([0.05, 0.0025]) and list(gains.y) == [0, 1]
    assert gains.error_x.array[0] == pytest.approx(0) and list(gains.marker.color) == ["#222222", "white"]
    assert words.text[0] == "  +0.050"
    kept = cl.plot.wins(runs, "auc", "a", ranked=False)
    assert kept.layout.yaxis.ticktext == ("a", "b", "c")


def test_spare_colours_and_round_ticks():
    assert colour_of("H3K27ac") != colour_of("mine", ("H3K27ac", "mine")) != colour_of("other", ("mine", "other"))
    assert [nice(x) for x in (0, 0.07, 1, 3, 49, 50)] == [0, 0.05, 1, 2, 20, 50]


# ---------------------------------------------------------------- contacts


@pytest.fixture(scope="module")
def one_track(tmp_path_factory):
    pyBigWig = pytest.importorskip("pyBigWig")
    path = tmp_path_factory.mktemp("track") / "a.bw"
    with pyBigWig.open(str(path), "w") as file:
        file.addHeader([("chr1", 30_000_000)])
        starts = np.arange(0, 30_000_000, 10_000)
        file.addEntries(["chr1"] * len(starts), starts, ends=starts + 10_000, values=starts / 1e6)
    return {"A": path}


def test_arcs_reach_from_the_tss_to_each_pcre(gene, one_track):
    pcres, tss = gene.pcres(0), gene.genes["tss"].iloc[0]
    figure = cl.plot.arcs(gene, one_track, genes=gene.genes, highlight=[True, False, False], bin_size=10_000)
    arcs = [t for t in figure.data if t.mode == "lines+text"]
    assert [t.name for t in arcs] == ["drives the gene"] + ["decoy: does nothing"] * 2
    assert [t.showlegend for t in arcs] == [True, True, False] and len({t.line.dash for t in arcs}) == 2
    for rank, (arc, p) in enumerate(zip(arcs, pcres.itertuples(), strict=True), 1):
        assert arc.x[0] == tss / 1000 and arc.x[-1] == pytest.approx((p.start + p.end) / 2000)
        assert max(arc.y) == pytest.approx(p.frequency) and "".join(arc.text) == str(rank)
    low, high = figure.layout.xaxis.range
    assert low <= pcres["start"].min() / 1000 and high >= pcres["end"].max() / 1000
    track = next(t for t in figure.data if t.name == "A")
    assert track.y[0] == pytest.approx(np.floor(track.x[0] / 10) / 100, abs=0.02)
    near = cl.plot.arcs(gene, one_track, reach=50_000)
    assert near.layout.xaxis.range == (tss / 1000 - 50, tss / 1000 + 50)
    assert all(t.line.color != "#D55E00" for t in near.data if t.mode == "lines+text")


def test_arcs_take_a_weight_for_their_width(gene, one_track):
    arcs = [t for t in cl.plot.arcs(gene, one_track, weight=[0.1, 0.4, 0.0]).data if t.mode == "lines+text"]
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


def test_lines_of_groups_with_round_ticks():
    table = pd.DataFrame({"kb": [25, 100, 480] * 2, "reads": [220.0, 60, 11, 70, 25, 10], "of": ["a"] * 3 + ["b"] * 3})
    figure = cl.plot.lines(table, "kb", "reads", by="of", log_x=True, x_title="distance (kb)", note="simulated")
    assert [t.name for t in figure.data] == ["a", "b"] and list(figure.data[1].y) == [70, 25, 10]
    assert figure.layout.xaxis.type == "log" and figure.layout.yaxis.type is None
    assert figure.layout.xaxis.ticktext == ("10", "20", "50", "100", "200", "500", "1,000")
    assert figure.layout.xaxis.title.text == "distance (kb)" and "simulated" in figure.layout.title.text
    assert not cl.plot.lines(table, "kb", "reads").layout.showlegend


def test_heads_show_one_head_at_a_time():
    ds = toy_dataset(3).select([1])
    scores = cl.explain.attention(cl.Chromoformer(ds.marks, resolutions=(200, 100), seed=0, **SMALL), ds)
    figure = cl.plot.heads(scores, ds, resolution=200)
    steps = {step.label: step.args[0]["visible"] for step in figure.layout.sliders[0].steps}
    lines = [i for i, t in enumerate(figure.data) if str(t.name).startswith("head ")]
    shown = {label: {figure.data[i].name for i in lines if seen[i]} for label, seen in steps.items()}
    heads = sorted(scores.loc[scores["step"] != "regulation", "head"].unique() + 1)
    assert shown["all heads"] == {f"head {h}" for h in heads}
    assert all(shown[f"layer 1, head {h}"] == {f"head {h}"} for h in heads)
    with pytest.raises(cl.ChromolabError, match="no attention at 2000"):
        cl.plot.heads(scores, ds, resolution=2000)
