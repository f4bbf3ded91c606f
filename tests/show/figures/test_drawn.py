"""Figures as Chromium draws them in the width of JupyterLab at 1280 px: texts are whole, large enough and apart."""

import json

import pytest
from helpers.every_figure import figures, one_track
from plotly.offline import get_plotlyjs

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WIDTH = 848  # pixels of an output, with the list of files open
FAULTS = """async ([figure, width]) => {
    const plot = document.querySelector('#plot');
    plot.style.width = `${width}px`;
    await Plotly.newPlot(plot, figure.data, figure.layout);
    const frame = plot.querySelector('.svg-container').getBoundingClientRect();
    const seen = e => e === plot || (getComputedStyle(e).display !== 'none' && getComputedStyle(e).opacity !== '0'
        && seen(e.parentElement));
    const texts = [...plot.querySelectorAll('svg text')]
        .filter(t => t.textContent.trim() && !t.closest('.modebar, .hoverlayer') && seen(t))
        .map(t => ({says: t.textContent.trim(), box: t.getBoundingClientRect(),
            size: parseFloat(getComputedStyle(t).fontSize)}));
    const faults = [];
    for (const [i, {says, box, size}] of texts.entries()) {
        const [left, right] = [box.left < frame.left - 1, box.right > frame.right + 1];
        if (left || right || box.top < frame.top - 1 || box.bottom > frame.bottom + 1) faults.push(`cut: ${says}`);
        if (size < 11) faults.push(`${size} px: ${says}`);
        for (const other of texts.slice(i + 1)) {
            const x = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
            const y = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
            if (x > 2 && y > 4) faults.push(`on one another: ${says} | ${other.says}`);
        }
    }
    return faults;
}"""


@pytest.fixture
def faults(page):
    """What is wrong with the texts of a figure, at a width in pixels."""
    page.set_content('<body style="margin: 0"><div id="plot"></div></body>')
    page.add_script_tag(content=get_plotlyjs())
    return lambda figure, width=WIDTH: page.evaluate(FAULTS, [json.loads(figure.to_json()), width])


def test_texts_of_every_figure_are_whole_large_enough_and_apart(ds, tmp_path, faults):
    drawn = figures(ds, {"A": one_track(tmp_path / "a.bw")})
    found = {name: faults(figure) for name, figure in drawn.items()}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_a_text_that_is_cut_small_or_on_another_is_noticed(ds, tmp_path, faults):
    figure = figures(ds, {"A": one_track(tmp_path / "a.bw")})["compare"]
    for text in ("first", "second"):
        figure.add_annotation(text=text, x=0.5, y=0.5, xref="paper", yref="paper", showarrow=False)
    figure.add_annotation(text="small", x=0.2, y=0.2, xref="paper", yref="paper", showarrow=False, font_size=9)
    figure.add_annotation(text="outside", x=1.3, y=0.9, xref="paper", yref="paper", showarrow=False)
    assert faults(figure) == ["on one another: first | second", "9 px: small", "cut: outside"]
