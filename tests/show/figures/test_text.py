"""Text from data in figures: names full of markup are shown as they are, in every figure."""

import json
import re
from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import pytest
from helpers.every_figure import figures, one_track
from helpers.house import ROOT
from helpers.toys import toy_dataset

from chromolab.show.figures import style
from chromolab.show.figures.text import NO_NAME, as_text, bold, in_hover, place_of_label, styled

LINK = '<a href="https://evil.example">click</a>'
OURS = re.compile(r'<br>|</?b>|</?extra>|<span style="[\w:;#-]+">|</span>')


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            if key != "template":
                yield from strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)


@pytest.mark.parametrize(
    "text", [LINK, "<b>bold</b>", "a & b", "1 < 2 > 0", "$x^2$", "&lt;", "</span>", "%{x}", "two\nlines"]
)
def test_what_comes_from_data_is_shown_as_it_is(text):
    """Plotly decodes entities and takes tags: what remains after both is the text of the data."""
    shown = as_text(go.Figure(go.Bar(x=[text], y=[1], name=text), {"title": {"text": text}}))
    for raw in (shown.data[0].x[0], shown.data[0].name, shown.layout.title.text):
        plain = OURS.sub("\n", raw)
        assert "<" not in plain and "$" not in plain
        for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&#36;", "$"), ("&amp;", "&")):
            plain = plain.replace(entity, sign)
        assert plain == text


def test_a_figures_own_markup_stays():
    figure = go.Figure(go.Scatter(y=[1], hovertemplate=f"{in_hover('<i>%{y}')}\n%{{y:.2f}}{NO_NAME}"))
    assert as_text(figure).data[0].hovertemplate == "&lt;i&gt;&#37;{y}<br>%{y:.2f}<extra></extra>"
    figure = style.finish(go.Figure(), bold("<b>"), LINK)
    assert figure.layout.title.text.startswith("<b>&lt;b&gt;</b><br><span style=")
    assert figure.layout.title.text.count("<") == 5  # two tags in the title, a break, and the subtitle's two
    assert styled("<", "color:red").translate({}) != styled("&lt;", "color:red")


def test_no_figure_of_the_package_interprets_names(tmp_path):
    ds = toy_dataset(genes=12, window=2_000, marks=(LINK, "<b>B</b>", "C"))
    cell, name = f"cell {LINK}", "<b>bold</b>"
    regions = ds.signal.regions.assign(cell_type=cell)
    ds = replace(
        ds,
        genes=ds.genes.assign(cell_type=cell, gene_name=name),
        signal=replace(ds.signal, regions=regions),
        origin=f"from {LINK}",
    )
    for kind, figure in figures(ds, {LINK: one_track(tmp_path / "a.bw")}).items():
        drawn = json.loads(figure.to_json())
        for text in strings([drawn["data"], drawn["layout"], [f["data"] for f in drawn.get("frames", [])]]):
            assert "<" not in OURS.sub("", text) and "<b>bold" not in text, (kind, text)
        assert kind == "scatter" or "evil.example" in figure.layout.title.text, kind


def test_every_kind_of_place_is_reached_and_numbers_stay():
    figure = go.Figure(
        go.Scatter(x=np.array(["<i>", "b"]), y=np.arange(2.0), text=("<i>", "b"), customdata=[["<i>", 1], ["b", 2]])
    )
    figure.add_annotation(text="<i>").update_xaxes(ticktext=["<i>"], tickvals=[0], categoryarray=["<i>"])
    figure.update_layout(sliders=[{"steps": [{"label": "<i>"}]}], template=style.TEMPLATE)
    figure.frames = [go.Frame(data=[go.Scatter(text=["<i>"])], name="<i>")]
    before = figure.data[0].y
    as_text(figure)
    drawn = json.loads(figure.to_json())
    assert not [
        s for s in strings([drawn["data"], drawn["layout"], [f["data"] for f in drawn["frames"]]]) if "<i>" in s
    ]
    assert sum("&lt;i&gt;" in s for s in strings(drawn)) == 8
    np.testing.assert_array_equal(before, figure.data[0].y)


def test_no_figure_writes_a_tag():
    """It would be shown as it is written: `figures/text.py` has signs for what a figure may set."""
    tag = re.compile(r"</?(a|b|br|i|sub|sup|span|extra)\b[^>]*>")
    wings = [p for p in sorted((ROOT / "chromolab/show/figures").glob("*.py")) if p.name != "text.py"]
    assert wings and not [(p.name, m[0]) for p in wings for m in tag.finditer(p.read_text(encoding="utf-8"))]


def test_a_label_stands_in_the_middle_of_its_curve_or_clear_of_others():
    curve = np.column_stack([np.arange(0, 101, 10), np.zeros(11)])
    assert place_of_label(curve, []) == 5
    assert place_of_label(curve, [curve[5]]) in (3, 7)  # the nearest that is 20 pixels away
    assert place_of_label(curve[:3], [curve[0]]) == 2
    assert place_of_label(curve[:2], [curve[0]], apart=40) == 1  # the farthest, where none keeps clear
