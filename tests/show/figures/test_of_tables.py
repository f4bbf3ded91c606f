"""show/figures/of_tables: lines, points, bars, sliders and heat maps of a table."""

import numpy as np
import pandas as pd

import chromolab as cl


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


def test_a_level_is_a_line_across_with_its_name():
    figure = cl.plot.lines(pd.DataFrame({"kb": [0.5, 1.5], "share": [0.8, 1.4]}), "kb", "share", levels={"even": 1})
    assert [line.y0 for line in figure.layout.shapes] == [1] and "even" in figure.layout.annotations[0].text
    assert figure.layout.annotations[0].y == 1


def test_the_name_of_a_level_stands_at_its_line_on_a_logarithmic_axis():
    figure = cl.plot.lines(pd.DataFrame({"n": [1, 2], "s": [10, 500]}), "n", "s", log_y=True, levels={"one": 100})
    assert figure.layout.shapes[0].y0 == 100 and figure.layout.annotations[0].y == 2


def test_lines_of_groups_with_round_ticks():
    table = pd.DataFrame({"kb": [25, 100, 480] * 2, "reads": [220.0, 60, 11, 70, 25, 10], "of": ["a"] * 3 + ["b"] * 3})
    figure = cl.plot.lines(table, "kb", "reads", by="of", log_x=True, x_title="distance (kb)", note="simulated")
    assert [t.name for t in figure.data] == ["a", "b"] and list(figure.data[1].y) == [70, 25, 10]
    assert figure.layout.xaxis.type == "log" and figure.layout.yaxis.type is None
    assert figure.layout.xaxis.ticktext == ("10", "20", "50", "100", "200", "500", "1,000")
    assert figure.layout.xaxis.title.text == "distance (kb)" and "simulated" in figure.layout.title.text
    assert not cl.plot.lines(table, "kb", "reads").layout.showlegend


def test_markers_are_left_out_where_they_would_hide_the_line():
    table = pd.DataFrame({"x": np.arange(60.0), "y": 1.0})
    assert [cl.plot.lines(table[:n], "x", "y").data[0].mode for n in (50, 60)] == ["lines+markers", "lines"]


def test_lines_count_whole_things_in_whole_numbers_and_list_groups_above():
    table = pd.DataFrame({"layer": [0, 1, 2] * 2, "r": np.arange(6.0), "contacts": ["with"] * 3 + ["without"] * 3})
    figure = cl.plot.lines(table, "layer", "r", "contacts")
    assert figure.layout.xaxis.dtick == 1
    assert figure.layout.legend.yref == "container" and figure.layout.margin.t >= 96, "no line lies under the legend"
    assert cl.plot.lines(table.assign(layer=table["layer"] / 2), "layer", "r").layout.xaxis.dtick is None


def test_points_have_their_intervals_and_their_names():
    table = pd.DataFrame(
        {"name": ["a", "b", "c"], "x": [0.1, 0.2, 0.3], "y": [1.0, 2, 3], "low": [0.5, 1, 2], "high": [2.0, 4, 6]}
    )
    figure = cl.plot.points(table.assign(kind=["p", "p", "q"]), "x", "y", by="kind", x_title="r", note="simulated")
    assert [t.name for t in figure.data] == ["p", "q"] and list(figure.data[0].text) == ["a", "b"]
    np.testing.assert_allclose(figure.data[0].error_y.array, [1, 2])
    np.testing.assert_allclose(figure.data[0].error_y.arrayminus, [0.5, 1])
    assert figure.layout.xaxis.title.text == "r" and "simulated" in figure.layout.title.text
    plain = cl.plot.points(table[["x", "y"]], "x", "y")
    assert len(plain.data) == 1 and plain.data[0].error_y.array is None and not plain.layout.showlegend


def test_bars_stand_beside_one_another_in_panels_of_their_own_scale():
    table = pd.DataFrame({"mark": ["a", "b"] * 2, "value": [0.5, -0.25, 3.0, 0.0], "what": ["r"] * 2 + ["change"] * 2})
    figure = cl.plot.bars(table, "mark", "value", panel="what", written=".2f", note="simulated")
    assert [(list(t.y), list(t.text)) for t in figure.data] == [
        ([0.5, -0.25], ["0.50", "-0.25"]),
        ([3.0, 0.0], ["3.00", "0.00"]),
    ]
    assert figure.layout.yaxis2.matches is None and [a.text for a in figure.layout.annotations] == ["r", "change"]
    grouped = cl.plot.bars(table, "mark", "value", by="what", levels={"half": 0.5})
    assert [t.name for t in grouped.data] == ["r", "change"] and grouped.layout.showlegend
    assert grouped.layout.shapes[0].x0 == 0.5 and "half" in grouped.layout.annotations[0].text


def test_lines_in_panels_share_their_scale_and_their_legend():
    table = pd.DataFrame(
        {"step": [0, 1] * 3, "loss": range(6), "of": list("aabbaa"), "genes": ["ten"] * 4 + ["all"] * 2}
    )
    figure = cl.plot.lines(table, "step", "loss", by="of", panel="genes")
    assert [(t.name, t.showlegend, t.xaxis) for t in figure.data] == [
        ("a", True, "x"),
        ("b", True, "x"),
        ("a", False, "x2"),
    ]
    assert figure.data[0].line.color == figure.data[2].line.color != figure.data[1].line.color
    assert figure.layout.yaxis2.matches == "y"
