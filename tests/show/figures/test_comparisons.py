"""show/figures/comparisons: every number beside its interval, and paired differences."""

import numpy as np
import pandas as pd
import pytest

import chromolab as cl


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
    assert [t.name for t in dots] == ["x", "y"] and list(texts[0].x) == [0, 3] and texts[0].text[0].strip() == "-1.00"
    np.testing.assert_allclose(dots[0].error_x.array, [1, 1])
    assert list(figure.layout.yaxis.ticktext) == ["a", "b"] and len(figure.layout.shapes) == 1  # zero is marked


def test_a_number_never_lies_on_the_line_at_zero_and_has_room():
    table = pd.DataFrame({"name": list("abc"), "value": [-1.0, -0.0001, 2], "low": [-2.0, -1, 1], "high": [-0.1, 1, 3]})
    figure = cl.plot.compare(table, "change")
    (numbers,) = (t for t in figure.data if t.mode == "text")
    assert list(numbers.x) == [-2, 1, 3]  # the first stands before its interval, the others after theirs
    assert list(numbers.textposition) == ["middle left", "middle right", "middle right"]
    assert numbers.text[1].strip() == "0.00"
    low, high = figure.layout.xaxis.range
    assert low < -2 and high > 3
    above = cl.plot.compare(table.assign(value=[-1.0, -0.5, -0.2]), "change")  # no line at 0, so all stand after
    assert set(next(t for t in above.data if t.mode == "text").textposition) == {"middle right"}


def test_close_values_have_a_third_decimal_and_levels_are_lines_with_names_in_sight():
    table = pd.DataFrame({"name": ["a", "b"], "value": [0.612, 0.618]})
    figure = cl.plot.compare(table, "AUC", levels={"chance": 0.5, "ideal": 0.9})
    (numbers,) = (t for t in figure.data if t.mode == "text")
    assert [n.strip() for n in numbers.text] == ["0.612", "0.618"]
    assert [line.x0 for line in figure.layout.shapes] == [0.5, 0.9]
    assert [a.text.strip() for a in figure.layout.annotations] == ["chance, 0.50", "ideal, 0.90"]
    assert [a.xanchor for a in figure.layout.annotations] == ["left", "right"]  # where there is room for the name
    low, high = figure.layout.xaxis.range
    assert low < 0.5 and high > 0.9


def test_a_name_of_one_group_alone_stands_in_its_row():
    table = pd.DataFrame({"name": ["a", "b", "b"], "group": ["x", "x", "y"], "value": [1.0, 2, 3]})
    figure = cl.plot.compare(table, "change")
    x, y = (t for t in figure.data if t.mode == "markers")
    assert x.y[0] == 0 and x.y[1] < 1 < y.y[0] and x.y[1] + y.y[0] == pytest.approx(2)
    apart = cl.plot.compare(table[:2].assign(group=["x", "y"]), "change")
    assert [float(t.y[0]) for t in apart.data if t.mode == "markers"] == [0, 1]
    assert apart.layout.height < figure.layout.height


def test_wins_show_every_run_and_paired_differences():
    runs = pd.DataFrame(
        {"model": list("abc") * 4, "fold": np.repeat([1, 1, 2, 2], 3), "seed": np.repeat([0, 1] * 2, 3)}
    )
    runs["auc"] = 0.8 + 0.01 * runs["fold"] + runs["model"].map({"a": 0.0, "b": 0.05, "c": 0.0})
    runs.loc[runs["model"] == "c", "auc"] += [-0.01, 0.03, 0.01, -0.02]
    figure = cl.plot.wins(runs, "auc", "a", note="simulated")
    dots, means, bands, gains, words = figure.data
    assert figure.layout.yaxis.ticktext == ("b", "c", "a") and "simulated" in figure.layout.title.text
    assert np.round(dots.y).tolist() == [2, 0, 1] * 4 and dots.x[1] == pytest.approx(0.86)
    assert means.x[::3] == pytest.approx([0.865, 0.8175, 0.815])
    assert gains.x == pytest.approx([0.05, 0.0025]) and list(gains.y) == [0, 1]
    assert gains.error_x.array[0] == pytest.approx(0) and list(gains.marker.color) == ["#222222", "white"]
    assert words.text == ("  +0.050*", "  +0.003") and "too: 1 of 2 ·" in figure.layout.title.text
    table = cl.metrics.paired(runs, "auc", "a").set_index("name")
    np.testing.assert_allclose(bands.x[3:5], table.loc["c", ["boot_low", "boot_high"]].astype(float))
    np.testing.assert_allclose(gains.x + gains.error_x.array, table["high"])
    kept = cl.plot.wins(runs, "auc", "a", ranked=False)
    assert kept.layout.yaxis.ticktext == ("a", "b", "c")


def test_a_dot_is_filled_by_the_t_interval_not_by_the_bootstrap():
    """Three folds that all gain, but unequally: every draw of folds gains, and three values are too few to tell."""
    runs = pd.DataFrame({"model": ["a", "b"] * 3, "fold": [1, 1, 2, 2, 3, 3], "seed": 0})
    runs["auc"] = [0.8, 0.81, 0.8, 0.82, 0.8, 0.89]
    row = cl.metrics.paired(runs, "auc", "a").iloc[0]
    assert row["boot_low"] > 0 > row["low"]
    gains = cl.plot.wins(runs, "auc", "a").data[3]
    assert list(gains.marker.color) == ["white"]
    one_fold = cl.plot.wins(runs[runs["fold"] == 3], "auc", "a")
    assert list(one_fold.data[3].marker.color) == ["white"] and one_fold.data[4].x[0] == pytest.approx(0.09)


def test_an_overview_frames_what_the_t_interval_tells_and_leaves_empty_what_was_not_asked():
    found = pd.DataFrame(
        {
            "name": ["no steps", "no marks", "no steps"],
            "kind": ["steps", "marks", "steps"],
            "data": ["x", "x", "y"],
            "difference": [-0.062, 0.001, -0.021],
            "verdict": ["below", "open", "below"],
            "p_holm": [0.01, 0.9, 0.06],
        }
    )
    figure = cl.plot.overview(found, "data", note="simulated")
    (field,) = figure.data
    assert figure.layout.yaxis.ticktext == ("<b>steps</b>", "no steps", "<b>marks</b>", "no marks")
    assert figure.layout.xaxis.ticktext == ("x", "y") and "simulated" in figure.layout.title.text
    assert field.text[1].tolist() == ["-6*", "-2"] and field.text[3].tolist() == ["0", ""]
    assert np.isnan(field.z[3][1]) and np.isnan(field.z[0]).all()
    assert [(shape.x0, shape.y0) for shape in figure.layout.shapes] == [(-0.49, 0.53), (0.51, 0.53)]


def test_numbers_and_names_of_levels_keep_clear_of_levels_and_rows():
    """Right of its interval the first number would lie on the line of a level; a further level lowers the first row."""
    table = pd.DataFrame({"name": ["a", "b"], "value": [0.48, 0.9], "low": [0.45, 0.85], "high": [0.49, 0.95]})
    one, two = (
        cl.plot.compare(table, "AUC", levels=dict(list(of.items())[:n]))
        for n in (1, 2)
        for of in [{"chance": 0.5, "ideal": 0.95}]
    )
    numbers = one.data[1]
    assert list(numbers.textposition) == ["middle left", "middle right"] and list(numbers.x) == [0.45, 0.95]
    assert two.layout.yaxis.range[1] < one.layout.yaxis.range[1] == -0.7
    assert two.layout.height == one.layout.height + 13


def test_a_difference_of_nothing_has_no_minus():
    runs = pd.DataFrame({"model": [*"aabb"], "fold": [1, 2] * 2, "seed": 0, "auc": [0.7, 0.8, 0.69995, 0.79996]})
    texts = [text for trace in cl.plot.wins(runs, "auc", "a", n=10).data for text in trace.text or ()]
    assert [text.strip() for text in texts] == ["+0.000"]
