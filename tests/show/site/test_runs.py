"""show/site/runs: a notebook is run again if, and only if, it or the package has changed."""

import json
import os
from pathlib import Path

import nbformat
import pytest
from helpers.toy_notebooks import write

from chromolab.show.site import runs


@pytest.fixture
def ran(monkeypatch):
    """The names of the notebooks that were run; a run writes a file."""
    names = []

    def run(notebook, copy, replace):
        names.append(notebook.name)
        nbformat.write(nbformat.read(notebook, as_version=4), copy)

    monkeypatch.setattr(runs, "run_notebook", run)
    monkeypatch.setattr(runs, "_whole", lambda notebook, copy: copy.is_file() and copy.stat().st_size > 0)
    return names


def test_what_has_not_changed_is_not_run_again(tmp_path, ran):
    notebook, kept = write(tmp_path / "a.ipynb", "x"), tmp_path / "kept"
    kept.mkdir()
    for _ in range(2):
        assert runs.executed(notebook, kept, "code 1") == kept / "a.ipynb"
    assert ran == ["a.ipynb"]
    assert list(json.loads((kept / runs.KEYS).read_text())) == ["a.ipynb"]


@pytest.mark.parametrize("what", ["notebook", "code", "damage", "absence"])
def test_what_has_changed_is_run_again(tmp_path, ran, what):
    notebook, kept, code = write(tmp_path / "a.ipynb", "x"), tmp_path / "kept", "code 1"
    kept.mkdir()
    copy = runs.executed(notebook, kept, code)
    if what == "notebook":
        write(notebook, "x + 1")
    elif what == "code":
        code = "code 2"
    elif what == "damage":
        copy.write_text("")
    else:
        copy.unlink()
    runs.executed(notebook, kept, code)
    assert ran == ["a.ipynb", "a.ipynb"]


def test_the_digest_of_a_package_is_of_its_code_and_tables(tmp_path):
    for name in ("a.py", "b.csv"):
        (tmp_path / name).write_text("1")
    seen = {runs.digest(tmp_path)}
    (tmp_path / "note.txt").write_text("nothing that a notebook reads")
    assert runs.digest(tmp_path) in seen
    for name, text in (("a.py", "2"), ("b.csv", "2"), ("c.yaml", "1")):
        (tmp_path / name).write_text(text)
        assert runs.digest(tmp_path) not in seen
        seen.add(runs.digest(tmp_path))


def test_a_page_shows_no_real_data_of_this_machine(tmp_path, monkeypatch):
    monkeypatch.setenv("CHROMOLAB_REAL_DATA", str(tmp_path))
    seen = []
    monkeypatch.setattr(runs, "_whole", lambda *_: True)
    monkeypatch.setattr(runs, "run_notebook", lambda *_, **__: seen.append(list(Path(os.environ[runs.REAL]).iterdir())))
    (tmp_path / "h1-demo").mkdir()
    runs.executed(write(tmp_path / "a.ipynb", "x"), tmp_path, "code")
    assert seen == [[]] and os.environ["CHROMOLAB_REAL_DATA"] == str(tmp_path)
