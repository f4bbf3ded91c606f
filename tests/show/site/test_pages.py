"""show/site/pages: what becomes of a notebook's outputs on a page."""

import json
import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from chromolab.data.files import cache_folder
from chromolab.show.notebooks.output import FIGURE, STATE
from chromolab.show.notebooks.pages import PLOTLY
from chromolab.show.site import pages
from chromolab.show.widgets.quiz.questions import as_markdown, questions_of

LAB = "WhatIf: Gene740 (SIMG00740) in simA1, 1 edits; models: 4 for classification, 4 for regression"


def shown(tmp_path, *outputs, name="03_toy.ipynb", **metadata):
    """The code cell of a page made of these outputs."""
    cell = new_code_cell("1", outputs=list(outputs), metadata=metadata, execution_count=7)
    path = tmp_path / name
    nbformat.write(new_notebook(cells=[new_markdown_cell("# Toy: a test"), cell]), path)
    nb = pages.page_of(path, path)
    nbformat.validate(nb)
    assert nb.cells[0].source == "# 03 · Toy: a test"
    return nb.cells[1]


def displayed(**data):
    return new_output("display_data", data)


def test_a_figure_is_data_on_one_line_that_no_text_can_break_out_of(tmp_path):
    figure = {"data": [{"y": [1, 2], "name": "</script><b>"}], "layout": {"height": 320}}
    (output,) = shown(tmp_path, new_output("display_data", {PLOTLY: figure})).outputs
    text = output.data["text/html"]
    assert 'style="height:320px"' in text and "\n" not in text and text.count("</script") == 1
    assert json.loads(re.search(r"<script[^>]*>(.*)</script>", text)[1]) == figure


def test_what_is_for_machines_and_progress_bars_are_left_out(tmp_path):
    outputs = [
        new_output("display_data", {FIGURE: {"name": "AUC", "value": 0.9}}),
        new_output("display_data", {STATE: {"exercise": "a", "state": "solved"}, "text/plain": "solved"}),
        new_output("stream", name="stderr", text="epochs: 100%"),
        new_output("stream", name="stdout", text="printed"),
    ]
    cell = shown(tmp_path, *outputs)
    assert [o.get("text") or o.data for o in cell.outputs] == [{"text/plain": "solved"}, "printed"]
    assert cell.execution_count is None


def test_what_jupyterlab_folds_is_folded(tmp_path):
    assert shown(tmp_path, jupyter={"source_hidden": True}).metadata["tags"] == ["hide-input"]
    assert "tags" not in shown(tmp_path).metadata


def test_a_quiz_answers_on_the_page(tmp_path):
    text = as_markdown(questions_of("03"))
    (output,) = shown(tmp_path, new_output("execute_result", {"text/plain": text, "text/markdown": text})).outputs
    asked = json.loads(re.search(r"<script[^>]*>(.*)</script>", output.data["text/html"])[1])
    assert [q["question"] for q in asked] == [q.question for q in questions_of("03")]
    assert all(sum(choice["right"] for choice in q["choices"]) == 1 for q in asked)


@pytest.mark.parametrize(
    "text, expected",
    [
        pytest.param(LAB, 'src="../live/lab.html#SIMG00740/simA1"', id="a lab of the shipped models"),
        pytest.param(LAB.replace("4 for r", "1 for r"), "needs Python", id="a lab of other models"),
        pytest.param(
            "GlassBox: Gene934 (SIMG00934) in simA1, 207 tensors; opens in JupyterLab, box.stages lists them",
            'src="../live/glass-box.html"',
            id="a glass box",
        ),
        pytest.param("<chromolab.show.widgets.browser.browser.TrackBrowser object>", "needs Python", id="a browser"),
    ],
)
def test_a_widget_is_framed_or_named(tmp_path, text, expected):
    (output,) = shown(tmp_path, new_output("execute_result", {"text/plain": text})).outputs
    assert expected in output.data["text/html"]


def test_a_page_names_no_folder_of_whoever_ran_it(tmp_path):
    text = f"{cache_folder()}/world and {Path.home()}/mine"
    cell = shown(tmp_path, new_output("stream", name="stdout", text=text))
    assert cell.outputs[0].text == "~/.cache/chromolab/world and ~/mine"


def test_a_notebook_without_results_says_why(tmp_path):
    path = tmp_path / "train.ipynb"
    nbformat.write(new_notebook(cells=[new_markdown_cell("# Train"), new_code_cell("1")]), path)
    nb = pages.page_of(path, None, "it takes an hour")
    assert "without its results: it takes an hour" in nb.cells[1].source


def test_a_tile_shows_the_first_figure_or_else_the_first_drawing(tmp_path):
    drawing, figure = new_markdown_cell("![A set](images/set.svg)"), new_output("display_data", {PLOTLY: {"data": []}})
    path = tmp_path / "a.ipynb"
    nbformat.write(new_notebook(cells=[drawing]), path)
    assert pages.first_figure(path) == '<img src="_images/set.svg" alt="A set" loading="lazy">'
    nbformat.write(new_notebook(cells=[drawing, new_code_cell("1", outputs=[figure])]), path)
    assert pages.first_figure(path).startswith('<div class="plot still"')
