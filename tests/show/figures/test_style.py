"""show/figures/style: one style for all figures, axes with units, no upload."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from helpers.toys import SMALL

import chromolab as cl
from chromolab.defaults import MARK_COLOURS, OTHER_COLOURS
from chromolab.show.figures import style
from chromolab.show.figures.style import TEMPLATE, colour_of, nice


@pytest.fixture(scope="module")
def every_figure(ds, gene, run_of):
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


def test_all_are_figures_of_one_style_and_valid(every_figure):
    for name, figure in every_figure.items():
        assert isinstance(figure, go.Figure), name
        assert figure.layout.template.layout.font == TEMPLATE.layout.font, name
        assert figure.layout.height >= 200 and figure.layout.title.text is not None, name
        assert go.Figure(figure.to_plotly_json()) == figure, name  # plotly takes every property


def test_a_title_has_room_above_it(every_figure):
    """Of a title in two lines plotly puts the foot of the first where the padding ends."""
    for name, figure in every_figure.items():
        if "<br>" in figure.layout.title.text:
            assert figure.layout.title.pad.t >= figure.layout.template.layout.title.font.size + 6, name


def test_no_figure_offers_to_upload_its_data(every_figure):
    for name, figure in every_figure.items():
        assert "sendChartToCloud" in figure.layout.template.layout.modebar.remove, name


def test_axes_say_what_they_are(every_figure):
    words = {
        "tracks": ["position (kb)", "reads per base", "contact<br>frequency"],
        "profiles": ["kb from the TSS"],
        "curves": ["epoch", "cross-entropy", "validation AUC"],
        "roc": ["false positive rate"],
        "predicted": ["measured log2(expression + 1)", "predicted log2(expression + 1)"],
    }
    for name, wanted in words.items():
        titles = [a.title.text or "" for a in [*every_figure[name].select_xaxes(), *every_figure[name].select_yaxes()]]
        for word in wanted:
            assert any(word in t for t in titles), (name, word)


def test_spare_colours_and_round_ticks():
    assert colour_of("H3K27ac") != colour_of("mine", ("H3K27ac", "mine")) != colour_of("other", ("mine", "other"))
    assert [nice(x) for x in (0, 0.07, 1, 3, 49, 50)] == [0, 0.05, 1, 2, 20, 50]


def contrast(a: str, b: str) -> float:
    """WCAG's contrast of two colours, 1 to 21."""

    def luminance(colour):
        s = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
        return np.where(s <= 0.04045, s / 12.92, ((s + 0.055) / 1.055) ** 2.4) @ (0.2126, 0.7152, 0.0722)

    dark, light = sorted([luminance(a), luminance(b)])
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colour", [*MARK_COLOURS.values(), *OTHER_COLOURS, style.UP, style.DOWN])
def test_colours_stand_out_on_both_themes(colour):
    for paper in ("#FFFFFF", "#111111", "#212121"):  # a figure; JupyterLab's dark page and panels
        assert contrast(colour, paper) >= 3


def test_no_mark_has_the_colour_of_up_or_down():
    marks = [*MARK_COLOURS.values(), *OTHER_COLOURS]
    assert len({*marks, style.UP, style.DOWN}) == len(marks) + 2
