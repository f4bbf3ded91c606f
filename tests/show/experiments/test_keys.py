"""show/experiments/keys: what makes a run another one."""

import pytest
from helpers import toy_notebooks

from chromolab.show.experiments import keys

PARAMETERS = 'x = 1\ndata = "a.csv"\nmore = []\nout = ""'


@pytest.fixture
def notebook(tmp_path):
    (tmp_path / "a.csv").write_text("1")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "b").write_text("2")
    return toy_notebooks.write(tmp_path / "toy.ipynb", "x", parameters=PARAMETERS)


def key(notebook, **setting):
    return keys.Keys(notebook).key(setting)


def test_the_same_run_has_the_same_key(notebook):
    assert key(notebook, x=2) == key(notebook, x=2) != key(notebook, x=3)


def test_the_data_that_parameters_name_count(notebook, tmp_path):
    before = key(notebook, x=2)
    (tmp_path / "a.csv").write_text("2")  # named by a default
    assert key(notebook, x=2) != before
    with_folder = key(notebook, more=["folder"])
    (tmp_path / "folder" / "c").write_text("3")
    assert key(notebook, more=["folder"]) != with_folder


def test_what_a_run_writes_does_not_count(notebook, tmp_path):
    before = key(notebook, out="table.csv")
    (tmp_path / "table.csv").write_text("made")
    assert key(notebook, out="table.csv") == before


def test_code_counts_and_words_do_not(notebook, tmp_path):
    before = key(notebook)
    toy_notebooks.write(notebook, "x", parameters=PARAMETERS, first="# Another title", last="Other words.")
    assert key(notebook) == before
    toy_notebooks.write(notebook, "x + 1", parameters=PARAMETERS)
    assert key(notebook) != before


def test_the_package_counts(notebook, monkeypatch):
    before = key(notebook)
    monkeypatch.setattr(keys, "package", lambda: "0.2.0+other")
    assert key(notebook) != before


def test_values_that_are_no_paths_do_no_harm(notebook):
    assert key(notebook, data="x" * 10_000) != key(notebook, data="a\0b")


def test_a_name_is_one_that_every_system_takes():
    name = keys.name_of_run({"where": "a/b c", "models": ["linear"], "long": "y" * 300}, "0123456789")
    assert name.startswith("where=a-b-c,models=-linear-,long=yyy") and name.endswith("y-0123456789") and len(name) == 91
