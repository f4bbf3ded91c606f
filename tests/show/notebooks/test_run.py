"""show/notebooks/run: one notebook, headless: what is collected, refused and kept."""

import os
import tempfile

import nbformat
import pytest
from helpers import toy_notebooks
from helpers.lab import PATIENCE

from chromolab.errors import ChromolabError
from chromolab.show.notebooks import run as runs
from chromolab.show.notebooks.executed import read_run
from chromolab.show.notebooks.output import FIGURE as FIGURE_MIME
from chromolab.show.notebooks.parameters import parameters_of

FIGURE = "import chromolab as cl\ncl.key_figure('double', 2.0 * x, note='toy')"


def test_a_run_collects_key_figures_and_keeps_a_whole_file(tmp_path):
    path = toy_notebooks.write(tmp_path / "toy.ipynb", FIGURE, "cl.key_figure('word', 'yes')")
    done = runs.run_notebook(path, tmp_path / "out" / "toy.ipynb", {"x": 4})
    assert done.figures == {"double": 8.0, "word": "yes"}
    assert done.summary == "double = 8; word = yes"
    assert done.seconds > 0
    assert os.listdir(tmp_path / "out") == ["toy.ipynb"]
    assert read_run(path, done.out) == done
    nb = nbformat.read(done.out, as_version=4)
    assert "widgets" not in nb.metadata


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


def test_parameters_are_read_as_python(tmp_path, capfd, caplog):
    """Where papermill's own reading fails: an = in a default, types, two names in a line, comments, magics."""
    cell = (
        'where = "run=3/my.yaml"\ndataset: str | None = None  # a = b\npath: "str" = ""\na = b = 1\n%matplotlib inline'
    )
    source = toy_notebooks.write(tmp_path / "toy.ipynb", "print('GOT', where, dataset, path, a, b)", parameters=cell)
    assert list(parameters_of(source)) == ["where", "dataset", "path", "a", "b"]
    given = {"where": "run=7/x.yaml", "dataset": "BAR", "path": "/data/my data/a.yaml", "a": 2}
    runs.run_notebook(source, tmp_path / "out.ipynb", given)
    (text,) = [
        o["text"] for c in nbformat.read(tmp_path / "out.ipynb", 4).cells for o in c.get("outputs", []) if "text" in o
    ]
    assert text == "GOT run=7/x.yaml BAR /data/my data/a.yaml 2 1\n"
    assert "arse" not in capfd.readouterr().err and "nknown parameter" not in caplog.text


def test_a_cell_of_parameters_that_is_no_python_is_said(tmp_path):
    source = toy_notebooks.write(tmp_path / "toy.ipynb", "1", parameters="x = = 1")
    with pytest.raises(ChromolabError, match="cell of parameters is not Python"):
        parameters_of(source)


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


def test_a_kernel_needs_no_port(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "t"))
    (tmp_path / "t").mkdir()
    code = (
        "import json, chromolab as cl\nfrom ipykernel.connect import get_connection_info\n"
        "cl.key_figure('by', json.loads(get_connection_info())['transport'])"
    )
    path, folder = toy_notebooks.write(tmp_path / "toy.ipynb", code), tmp_path / "t" / "chromolab-kernel-01234567"
    short = len(str(folder)) < 90
    assert runs.run_notebook(path, tmp_path / "o.ipynb").figures == {"by": "ipc" if short else "tcp"}
    assert os.listdir(tmp_path / "t") == []


def test_no_other_file_is_written_over_unasked(tmp_path):
    path = toy_notebooks.write(tmp_path / "toy.ipynb", "x")
    before = path.read_bytes()
    for replace in (False, True):
        with pytest.raises(ChromolabError, match="toy.ipynb: is the notebook itself"):
            runs.run_notebook(path, path, replace=replace)
    thesis = tmp_path / "thesis.txt"
    thesis.write_text("my thesis")
    with pytest.raises(ChromolabError, match=r"thesis.txt: is no whole notebook, and was not touched.*--replace"):
        runs.run_notebook(path, thesis)
    assert path.read_bytes() == before and thesis.read_text() == "my thesis"
    runs.run_notebook(path, thesis, replace=True)
    runs.run_notebook(path, thesis)  # an earlier run of the same notebook gives way
    assert sorted(os.listdir(tmp_path)) == ["thesis.txt", "toy.ipynb"]


def test_a_run_that_reports_nonsense_is_kept_as_failed(tmp_path):
    code = f"from IPython.display import display\ndisplay({{'{FIGURE_MIME}': {{'name': 1}}}}, raw=True)"
    path = toy_notebooks.write(tmp_path / "toy.ipynb", code)
    with pytest.raises(ChromolabError, match="toy.failed.ipynb: a key figure without name and value"):
        runs.run_notebook(path, tmp_path / "out" / "toy.ipynb")
    assert os.listdir(tmp_path / "out") == ["toy.failed.ipynb"]
