"""show/figures/sequence/letters: letters as high as what they tell, in order, and what hovering says."""

import re

import numpy as np
import plotly.graph_objects as go
import pytest

import chromolab as cl
from chromolab.errors import ChromolabError
from chromolab.show.figures.sequence.letters import COLOURS


def drawn(figure):
    """(letter, place, low, high) of each letter."""
    letter = {colour: name for name, colour in COLOURS.items()}
    for shape in figure.layout.shapes:
        if shape.type == "path":
            x, y = np.array([p.split(",") for p in re.findall(r"[-\d.e]+,[-\d.e]+", shape.path)], float).T
            yield letter[shape.fillcolor], round((x.min() + x.max()) / 2), y.min().round(3), y.max().round(3)


def test_a_motif_is_drawn_in_bits_the_likeliest_letter_on_top():
    p = np.array([[0.5, 0.5, 0, 0], [0, 0, 0, 1], [0.7, 0.1, 0.1, 0.1]])
    motif = cl.data.Motif("m", p, about="a factor")
    figure = cl.plot.logo(motif, note="simulated")
    letters = list(drawn(figure))
    assert letters[:3] == [("A", 1, 0, 0.5), ("C", 1, 0.5, 1), ("T", 2, 0, 2)]
    bits = motif.information[2]
    (top,) = [one for one in letters if one[:2] == ("A", 3)]
    assert top[2:] == (pytest.approx(0.3 * bits, abs=1e-3), pytest.approx(bits, abs=1e-3))
    assert figure.layout.yaxis.title.text == "bits" and figure.layout.title.text.startswith("m · a factor")
    assert "simulated" in figure.layout.title.text
    assert go.Figure(figure.to_plotly_json()) == figure


def test_what_counts_against_hangs_below_the_axis():
    values = np.zeros((4, 3))
    values[2, 0], values[0, 1], values[3, 1] = 0.5, -0.25, 0.125
    figure = cl.plot.logo(values, start=1000)
    assert sorted(drawn(figure)) == [("A", 1001, -0.25, 0), ("G", 1000, 0, 0.5), ("T", 1001, 0, 0.125)]
    assert figure.layout.xaxis.title.text == "position (bp)"
    assert list(figure.data[0].customdata) == ["G 0.5", "A -0.25, T 0.125", ""]
    low, high = figure.layout.yaxis.range
    assert low < -0.25 and high > 0.5


@pytest.mark.parametrize("values", [np.zeros((3, 4)), np.zeros(4), np.zeros((4, 0)), np.zeros((4, 2001))])
def test_other_shapes_are_refused(values):
    with pytest.raises(ChromolabError, match=r"expected \(4, places\), at most 2,000 places"):
        cl.plot.logo(values)


def test_values_must_be_finite():
    with pytest.raises(ChromolabError, match="not finite"):
        cl.plot.logo(np.full((4, 2), np.nan))
