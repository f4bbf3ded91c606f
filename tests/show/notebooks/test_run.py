"""Headless runs: what is collected, refused, kept, and not run twice."""

import math
import os
import re
import tempfile

import nbformat
import pandas as pd
import pytest
from helpers import toy_notebooks
from helpers.lab import PATIENCE

from chromolab.errors import ChromolabError
from chromolab.show.notebooks import output, series
from chromolab.show.notebooks import run as runs

FIGURE = "import chromolab as cl\ncl.key_figure('double', 2.0 * x, note='toy')"


def test_a_run_collects_key_figures_and_keeps_a_whole_file(tmp_path):
    path = toy_notebooks.write(tmp_path / "toy.ipynb", FIGURE, "cl.key_figure('word', 'yes')")
    done = runs.run_notebook(path, tmp_path / "out" / "toy.ipynb", {"x": 4})
    assert done.figures == {"double": 8.0, "word": "yes"}
    assert done.summary == "double = 8; word = yes"
    assert done.seconds > 0
    assert os.listdir(tmp_path / "out") == ["toy.ipynb"]
    assert runs.read_run(path, done.out) == done
    nb = nbformat.read(done.out, as_version=4)
    assert "widgets" not in nb.metadata
    assert "double = 8  (toy)" in [o["data"]["text/plain"] for c in nb.cells for o in c.get("outputs", [])]


def test_the_source_is_not_touched_and_its_folder_is_the_working_folder(tmp_path):
    path = toy_notebooks.write(tmp_path / "a" / "toy.ipynb", "open('made', 'w').close()")
    before = path.read_bytes()
    runs.run_notebook(path, tmp_path / "out.ipynb")
    assert path.read_bytes() == before
    assert (tmp_path / "a" / "made").exists()


def test_an_unknown_parameter_is_refused_before_anything_runs(tmp_path):
    path = toy_notebooks.write(tmp_path / "toy.ipynb", "open('made', 'w').close()")
    with pytest.raises(ChromolabError, match="toy.ipynb has no parameter y; it has: x"):
        runs.run_notebook(path, tmp_path / "out.ipynb", {"y": 1})
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize(
    "cell, limit, words",
    [
        ("1 / 0", PATIENCE, r"code cell 3 of 4 \('1 / 0'\) failed: ZeroDivisionError"),
        ("import time\ntime.sleep(3600)", 15, r"code cell 3 of 4 \('import time'\) failed: it took more than 15 s"),
        ("import os\nos._exit(1)", PATIENCE, r"code cell 3 of 4 \('import os'\) failed: .*[Kk]ernel"),
    ],
    ids=["error", "too long", "kernel dies"],
)
def test_a_failed_cell_is_named_and_the_run_kept_apart(tmp_path, cell, limit, words):
    path = toy_notebooks.write(tmp_path / "toy.ipynb", "x + 1", cell, "'never reached'")
    out = tmp_path / "out" / "toy.ipynb"
    with pytest.raises(ChromolabError, match=f"toy.ipynb: {words}"):
        runs.run_notebook(path, out, {"x": 3}, timeout=limit)
    assert os.listdir(out.parent) == ["toy.failed.ipynb"]


def test_a_later_success_replaces_the_failure(tmp_path):
    path = toy_notebooks.write(tmp_path / "toy.ipynb", "1 / x")
    with pytest.raises(ChromolabError, match="ZeroDivisionError"):
        runs.run_notebook(path, tmp_path / "out" / "toy.ipynb", {"x": 0})
    runs.run_notebook(path, tmp_path / "out" / "toy.ipynb", {"x": 1})
    assert os.listdir(tmp_path / "out") == ["toy.ipynb"]


@pytest.mark.parametrize("content, words", [(None, "no notebook"), ("{", "is not a notebook")])
def test_a_file_that_is_not_a_notebook_is_refused(tmp_path, content, words):
    path = tmp_path / "toy.ipynb"
    if content:
        path.write_text(content)
    with pytest.raises(ChromolabError, match=f"{words}.*"):
        runs.run_notebook(path, tmp_path / "out.ipynb")


def test_exercises_report_their_state(tmp_path):
    code = (
        "from chromolab.show.notebooks import exercises\n"
        "@exercises.exercise(cases=[(1,)], hints=[], mistakes={})\n"
        "def plus(a):\n    return a + 1\n"
        "def stub(a):\n    raise NotImplementedError\n"
        "assert exercises.check('plus', stub, solved=solved)(2) == 3"
    )
    path = toy_notebooks.write(tmp_path / "toy.ipynb", code, parameters="solved = False")
    assert runs.run_notebook(path, tmp_path / "o.ipynb").exercises == {"plus": "not attempted"}
    assert runs.run_notebook(path, tmp_path / "o.ipynb", {"solved": True}).exercises == {"plus": "solved"}


def test_outside_of_a_notebook_a_key_figure_is_printed(capsys):
    output.key_figure("AUC", 0.93456, note="60 genes")
    output.key_figure("r", math.nan)
    assert capsys.readouterr().out == "AUC = 0.9346  (60 genes)\nr = missing\n"


def test_a_key_figure_is_one_value():
    with pytest.raises(ChromolabError, match="'AUC' is a list"):
        output.key_figure("AUC", [0.9])


def test_numpy_and_torch_scalars_are_key_figures(tmp_path):
    code = (
        "import chromolab as cl, numpy as np, torch\ncl.key_figure('a', np.float32(0.5))\n"
        "cl.key_figure('b', torch.tensor(3))\ncl.key_figure('c', np.nan)"
    )
    done = runs.run_notebook(toy_notebooks.write(tmp_path / "toy.ipynb", code), tmp_path / "o.ipynb")
    assert done.figures["a"] == 0.5 and done.figures["b"] == 3
    assert math.isnan(done.figures["c"])


def test_a_sweep_runs_each_setting_once_and_tries_failures_again(tmp_path):
    path = toy_notebooks.write(tmp_path / "toy.ipynb", FIGURE, "1 / (x - y)", parameters="x = 1\ny = 0")
    grid = {"x": [1, 2], "y": [0, 2]}
    table = series.sweep(path, grid, tmp_path / "sweep")
    assert list(table["x"]) == [1, 1, 2, 2]
    assert list(table["error"] == "") == [True, True, True, False]
    assert list(table["double"][:3]) == [2, 2, 4] and math.isnan(table["double"][3])
    assert "ZeroDivisionError" in table["error"][3]
    times = {run: os.stat(run).st_mtime_ns for run in table["run"][:3]}

    again = series.sweep(path, grid, tmp_path / "sweep")
    assert {run: os.stat(run).st_mtime_ns for run in again["run"][:3]} == times
    pd.testing.assert_frame_equal(again, table)
    saved = pd.read_csv(tmp_path / "sweep" / "toy.csv", keep_default_na=False)
    assert list(saved["run"]) == list(table["run"])


def test_a_sweep_runs_a_changed_notebook_anew(tmp_path):
    path = toy_notebooks.write(tmp_path / "toy.ipynb", FIGURE)
    first = series.sweep(path, [{"x": 5}], tmp_path / "sweep")
    toy_notebooks.write(path, FIGURE.replace("2.0", "3.0"))
    second = series.sweep(path, [{"x": 5}], tmp_path / "sweep")
    assert (first["double"][0], second["double"][0]) == (10, 15)


def test_a_key_figure_named_like_a_parameter_keeps_both(tmp_path):
    path = toy_notebooks.write(tmp_path / "toy.ipynb", FIGURE.replace("double", "x"))
    table = series.sweep(path, {"x": [5]}, tmp_path / "sweep")
    assert (table["x"][0], table["x (key figure)"][0]) == (5, 10)


def test_a_kernel_needs_no_port(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "t"))
    (tmp_path / "t").mkdir()
    code = (
        "import json, chromolab as cl\nfrom ipykernel.connect import get_connection_info\n"
        "cl.key_figure('by', json.loads(get_connection_info())['transport'])"
    )
    path, short = toy_notebooks.write(tmp_path / "toy.ipynb", code), len(str(tmp_path / "t" / "tmp01234567")) < 90
    assert runs.run_notebook(path, tmp_path / "o.ipynb").figures == {"by": "ipc" if short else "tcp"}
    assert os.listdir(tmp_path / "t") == []


def test_an_empty_grid_is_refused(tmp_path):
    with pytest.raises(ChromolabError, match="the grid has no setting"):
        series.sweep(toy_notebooks.write(tmp_path / "toy.ipynb"), {"x": []}, tmp_path)


def test_a_series_leaves_an_index_that_opens_without_a_network(tmp_path):
    plot = "import plotly.graph_objects as go\ngo.Figure(go.Scatter(y=[x, 2]))"
    toy_notebooks.write(tmp_path / "nb" / "00_plot.ipynb", FIGURE, plot)
    toy_notebooks.write(tmp_path / "nb" / "01_broken.ipynb", "raise ValueError('<odd> & reason')")
    toy_notebooks.write(tmp_path / "nb" / "not_numbered.ipynb", "1 / 0")
    table = series.run_series(tmp_path / "nb", tmp_path / "out")
    assert list(table["notebook"]) == ["00_plot", "01_broken"]
    assert list(table["key_figures"]) == ["double = 2", ""]
    index = (tmp_path / "out" / "index.html").read_text()
    assert "2 notebooks run, 1 failed" in index
    assert "&lt;odd&gt; &amp; reason" in index and "<odd>" not in index
    for page in re.findall(r'href="([^"]+)"', index):
        assert (tmp_path / "out" / page).is_file()
    page = (tmp_path / "out" / "00_plot.html").read_text()
    assert '<script src="plotly.min.js"></script>' in page and "Plotly.newPlot" in page
    assert (tmp_path / "out" / "plotly.min.js").stat().st_size > 1e6
    assert len(page) < 1e6 and (tmp_path / "out" / "00_plot.ipynb").stat().st_size < 1e5
    assert set(re.findall(r'<(?:script|link)[^>]*(?:src|href)="(https?://[^/"]+)', page)) <= {
        "https://cdnjs.cloudflare.com"
    }


def test_a_failure_takes_the_place_of_an_earlier_success(tmp_path):
    path = toy_notebooks.write(tmp_path / "nb" / "00_toy.ipynb", "x")
    assert series.run_series(tmp_path / "nb", tmp_path / "out")["error"][0] == ""
    toy_notebooks.write(path, "x / 0")
    assert series.run_series(tmp_path / "nb", tmp_path / "out")["error"][0]
    assert not (tmp_path / "out" / "00_toy.ipynb").exists()


def test_a_series_gives_solved_only_to_notebooks_that_know_it(tmp_path):
    show = "import chromolab as cl\ncl.key_figure('solved', solved)"
    toy_notebooks.write(tmp_path / "nb" / "00_without.ipynb", "x")
    toy_notebooks.write(tmp_path / "nb" / "01_with.ipynb", show, parameters="solved = False")
    table = series.run_series(tmp_path / "nb", tmp_path / "out", solved=True)
    assert list(table["key_figures"]) == ["", "solved = True"]
    assert list(series.run_series(tmp_path / "nb", tmp_path / "out", only=["00"])["notebook"]) == ["00_without"]
    with pytest.raises(ChromolabError, match="no numbered notebook 07"):
        series.run_series(tmp_path / "nb", tmp_path / "out", only=["07"])
