"""show/figures/embeddings: every point at every layer, in its panel, with its trail."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

import chromolab as cl
from chromolab.show.figures.style import TEMPLATE


@pytest.fixture(scope="module")
def points():
    rng = np.random.default_rng(0)
    table = pd.DataFrame(
        {
            "gene": [f"G{i}" for i in range(12)],
            "cell_type": "simA1",
            "expression": np.arange(12.0),
            "class": ["a", "b", "c"] * 4,
        }
    )
    parts = [
        table.assign(layer=layer, x=rng.normal(size=12), y=rng.normal(size=12), contacts=contacts)
        for contacts in ("with", "without")
        for layer in range(3)
    ]
    table = pd.concat(parts, ignore_index=True)
    table.attrs |= {"axes": ["PC1 (60 %)", "PC2 (10 %)"], "origin": "simulated"}
    return table


def places(traces, axis):
    """(x, y) of every point drawn in one panel."""
    shown = [t for t in traces if t.mode == "markers" and t.x[0] is not None and (t.xaxis or "x") == axis]
    return {(x, y) for t in shown for x, y in zip(t.x, t.y, strict=True)}


def test_each_frame_holds_every_point_of_its_layer_in_its_panel(points):
    figure = cl.plot.trajectory(points, "expression", "class", "contacts")
    assert [f.name for f in figure.frames] == ["0", "1", "2"]
    for frame in figure.frames:
        for place, panel in enumerate(("with", "without")):
            per_panel = len(frame.data) // 2
            drawn = places(frame.data[place * per_panel : (place + 1) * per_panel], "x")
            rows = points[(points["layer"] == int(frame.name)) & (points["contacts"] == panel)]
            assert drawn == set(zip(rows["x"], rows["y"], strict=True))
    assert places(figure.data, "x") == places(figure.frames[2].data[:4], "x"), "it opens at the last layer"
    assert places(figure.data, "x2") == places(figure.frames[2].data[4:], "x")


def test_a_frame_keeps_every_point_in_its_trace_and_order(points):
    figure = cl.plot.trajectory(points, "expression", "class", "contacts")
    for k, trace in enumerate(figure.frames[0].data):
        others = [frame.data[k] for frame in figure.frames] + [figure.data[k]]
        assert all(
            np.array_equal(o.text, trace.text) and o.name == trace.name for o in others
        )  # else they would swap on the way


def test_trails_lead_from_the_layer_before(points):
    now = points[points["contacts"] == "with"]
    trail = cl.plot.trajectory(now, "expression", "class").frames[2].data[0]
    before, after = (now[now["layer"] == layer] for layer in (1, 2))
    np.testing.assert_array_equal(np.asarray(trail.x)[0::3], before["x"])
    np.testing.assert_array_equal(np.asarray(trail.x)[1::3], after["x"])
    assert np.isnan(np.asarray(trail.y)[2::3]).all()


def test_trajectory_can_be_scrubbed_and_says_what_it_shows(points):
    figure = cl.plot.trajectory(points, "expression", "class", "contacts", colour_title="log2(RPKM + 1)")
    (slider,) = figure.layout.sliders
    assert [s.label for s in slider.steps] == ["before", "after layer 1", "after layer 2"]
    assert [list(s.args[0]) for s in slider.steps] == [["0"], ["1"], ["2"]] and slider.active == 2
    assert figure.layout.coloraxis.colorbar.title.text == "log2(RPKM + 1)"
    assert [a.title.text for a in figure.select_xaxes()] == ["PC1 (60 %)"] * 2
    assert "simulated" in figure.layout.title.text
    listed = [t.name for t in figure.data if t.showlegend is not False]
    assert listed == ["a", "b", "c"]
    ranges = [tuple(a.range) for a in figure.select_yaxes()]
    assert ranges[0][0] < points["y"].min() and ranges[0][1] > points["y"].max()
    assert figure.layout.template.layout.font == TEMPLATE.layout.font
    assert go.Figure(figure.to_plotly_json()) == figure


def test_a_gene_that_is_not_at_every_layer_is_refused(points):
    with pytest.raises(cl.ChromolabError, match="at every layer"):
        cl.plot.trajectory(points.iloc[:-1], "expression", "class", "contacts")


def test_doses_draw_prediction_truth_and_interval():
    rows = [
        (c, k, d, s * d, s * d - 0.1, s * d + 0.2, s * d / 2)
        for c in ("one", "two")
        for k, s in (("up", 1), ("down", -1))
        for d in range(4)
    ]
    table = pd.DataFrame(rows, columns=["class", "kind", "dose", "predicted", "low", "high", "true"])
    figure = cl.plot.doses(
        table.sample(frac=1, random_state=0),
        "class",
        x_title="elements",
        y_title="change (log2)",
        title="Dose",
        note="simulated",
    )
    drawn = {t.name: t for t in figure.data if (t.xaxis or "x") == "x"}
    np.testing.assert_allclose(drawn["down, predicted"].y, [0, -1, -2, -3])
    np.testing.assert_allclose(drawn["down, true"].y, [0, -0.5, -1, -1.5])
    assert drawn["down, true"].line.dash == "dash" and drawn["down, predicted"].line.dash is None
    band = next(t for t in figure.data if t.fill == "toself" and t.legendgroup == "down")
    np.testing.assert_allclose(band.y, [0.2, -0.8, -1.8, -2.8, -3.1, -2.1, -1.1, -0.1])
    assert "simulated" in figure.layout.title.text and "95 %" in figure.layout.title.text
    assert figure.layout.yaxis.title.text == "change (log2)" and figure.layout.xaxis.title.text == "elements"
