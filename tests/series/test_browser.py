"""JupyterLab in Chromium: a notebook opens and runs as a student would see it, without any request to the network."""

import json
import shutil
from pathlib import Path

import pytest
from helpers import toy_notebooks
from helpers.lab import errors, run_all, wait

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
FIRST = "00_start_here.ipynb"


def test_the_first_notebook_runs_without_error_or_outside_request(lab, page):
    if not (NOTEBOOKS / FIRST).exists():
        pytest.fail(f"{FIRST} is missing: it is what `make lab` opens")
    address, root = lab
    shutil.copytree(NOTEBOOKS, root, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    cells = run_all(page, address, FIRST)
    assert errors(cells) == []
    assert page.refused == []
    shown = {kind for c in cells if c["cell_type"] == "code" for o in c["outputs"] for kind in o.get("data", {})}
    assert "application/vnd.chromolab.figure+json" in shown
    assert page.locator(".js-plotly-plot").count() > 0, "no figure is drawn"


def test_a_widget_and_a_figure_are_shown_and_a_key_figure_is_not(lab, page):
    address, root = lab
    code = (
        "import chromolab as cl, ipywidgets\ncl.key_figure('double', 2 * x)",
        "import plotly.graph_objects as go\ngo.Figure(go.Scatter(y=[1, 3, 2]))",
        "slider = ipywidgets.IntSlider(description='depth')\nslider",
    )
    toy_notebooks.write(root / "widget.ipynb", *code)
    assert errors(run_all(page, address, "widget.ipynb")) == []
    page.locator(".js-plotly-plot .scatterlayer path.js-line").first.wait_for(state="attached")
    page.get_by_text("depth", exact=True).wait_for()
    assert page.locator(".jp-Cell-outputArea").get_by_text("double").count() == 0
    assert page.refused == []


def test_an_error_and_an_outside_request_are_noticed(lab, page):
    """The first test relies on this: an error and a request would both be noticed."""
    address, root = lab
    image = "from IPython.display import HTML\nHTML('<img src=\"http://example.org/x.png\">')"
    toy_notebooks.write(root / "noticed.ipynb", image, "1 / 0")
    assert errors(run_all(page, address, "noticed.ipynb")) == ["ZeroDivisionError: division by zero"]
    wait(lambda: page.refused or page.wait_for_timeout(100), "the request to be refused")
    assert set(page.refused) == {"http://example.org/x.png"}  # the page asks again when it is drawn again


def test_a_wrong_answer_is_shown_without_a_traceback(lab, page):
    address, root = lab
    define = (
        "from chromolab.show.notebooks import exercises\n"
        "@exercises.exercise(cases=[(1,)], hints=[], mistakes={})\ndef plus(a):\n    return a + 1"
    )
    toy_notebooks.write(root / "answer.ipynb", define, "exercises.check('plus', lambda a: a - 1)")
    cells = run_all(page, address, "answer.ipynb")
    (output,) = [o for c in cells if c["cell_type"] == "code" for o in c["outputs"]]
    assert output["traceback"][0] == "Not yet right."
    assert "Traceback" not in json.dumps(output)
    page.get_by_text("Not yet right.").wait_for()
