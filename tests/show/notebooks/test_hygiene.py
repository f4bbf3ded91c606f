"""show/notebooks/hygiene: a good notebook passes; for each kind of broken one it says what is wrong."""

import re

import nbformat
import pytest
from helpers import toy_notebooks
from nbformat import v4

from chromolab.errors import ChromolabError
from chromolab.show.notebooks import hygiene

STUB = "def f(a):\n    raise NotImplementedError"
CHECK = "f = cl.exercises.check('f', f, solved=solved)"


PREDICT = "### Predict (1 minute, ★☆☆)"
ASKS = {"first": f"{toy_notebooks.OPENING} 1 minutes for 1 exercises.", "last": f"{PREDICT}\n\nRemember: x."}


def good(path, cells: int = 5):
    """A notebook without a fault, with this many cells."""
    return toy_notebooks.write(path, *["x + 1"] * (cells - 3), **ASKS)


def changed(path, change):
    nb = nbformat.read(path, as_version=4)
    change(nb)
    return toy_notebooks.save(nb, path)


def test_a_good_notebook_has_no_problem(tmp_path):
    assert hygiene.check_notebook(good(tmp_path / "toy.ipynb")) == []
    assert hygiene.check_notebook(good(tmp_path / "00_toy.ipynb", 25)) == []


@pytest.mark.parametrize("cells, problem", [(14, True), (15, False), (53, False), (54, True)])
def test_only_the_numbered_series_counts_its_cells(tmp_path, cells, problem):
    assert bool(hygiene.check_notebook(good(tmp_path / "00_toy.ipynb", cells))) is problem
    assert not hygiene.check_notebook(good(tmp_path / "experiment.ipynb", cells))


def test_what_is_folded_does_not_count_among_the_lines_in_sight(tmp_path):
    path = toy_notebooks.write(tmp_path / "00_toy.ipynb", *["x\n\nx\nx\nx"] * 36, **ASKS)  # 144, and the parameter
    assert hygiene.check_notebook(path) == ["shows 145 lines of code: at most 140; fold what is plumbing, or import it"]
    folded = changed(path, lambda nb: [c.metadata.update(jupyter=hygiene.FOLDED) for c in nb.cells[2:4]])
    assert hygiene.check_notebook(folded) == []


RUN = {
    "has outputs": lambda nb: nb.cells[2].outputs.append(v4.new_output("stream", text="2")),
    "has execution counts": lambda nb: nb.cells[2].update(execution_count=3),
    r"metadata of a run or editor \(widgets\)": lambda nb: nb.metadata.update(widgets={}),
    r"metadata of a run or editor \(jupyter\)": lambda nb: nb.cells[2].metadata.update(
        jupyter={"outputs_hidden": True}
    ),
    r"metadata of a run or editor \(execution\)": lambda nb: nb.cells[2].metadata.update(execution={}),
    r"metadata of a run or editor \(papermill, version\)": lambda nb: (
        nb.metadata.update(papermill={}),
        nb.metadata.language_info.update(version="3.11.7"),
    ),
    "its kernel is not python3": lambda nb: nb.metadata.kernelspec.update(name="mine"),
}


@pytest.mark.parametrize("words", RUN)
def test_what_a_run_leaves_behind_is_refused_and_can_be_stripped(tmp_path, words):
    path = good(tmp_path / "toy.ipynb")
    clean = nbformat.read(path, as_version=4)
    changed(path, RUN[words])
    (problem,) = hygiene.check_notebook(path)
    with pytest.raises(AssertionError, match=words):
        raise AssertionError(problem)
    assert hygiene.strip_notebook(path)
    assert nbformat.read(path, as_version=4) == clean
    assert not hygiene.strip_notebook(path)


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"first": "No title. You will be able to add in 2 minutes. Before: none."}, ["does not say a title"]),
        ({"first": "# Toy"}, ["be able to do", "the minutes", "comes before"]),
        ({"parameters": "import os"}, ["may hold only `name = literal`, not `import os`"]),
        ({"parameters": "x = 1\ny = x + 1"}, ["not `y = x + 1`"]),
        ({"parameters": "x, y = 1, 2"}, ["not `x, y = (1, 2)`"]),
        ({"parameters": "x ="}, ["is not Python"]),
        ({"last": "Next: [one](01_gone.ipynb), [site](https://a.b/c.ipynb), [here](#x)"}, ["links to 01_gone.ipynb"]),
    ],
)
def test_first_cell_parameters_and_last_cell(tmp_path, arguments, words):
    problems = hygiene.check_notebook(toy_notebooks.write(tmp_path / "toy.ipynb", "x", **arguments))
    assert len(problems) == len(words)
    assert all(word in problem for word, problem in zip(words, problems, strict=True))


@pytest.mark.parametrize("parameters", ["x = 1  # why", "x: float = -1.5", "marks = ('a', 'b')\nn = None", ""])
def test_literals_of_every_kind_are_parameters(tmp_path, parameters):
    assert not hygiene.check_notebook(toy_notebooks.write(tmp_path / "toy.ipynb", "x", parameters=parameters))


@pytest.mark.parametrize(
    "change, words",
    [
        (lambda nb: nb.cells.pop(0), "the first cell is not markdown"),
        (lambda nb: nb.cells.pop(), "the last cell is not markdown"),
        (lambda nb: nb.cells[1].metadata.pop("tags"), "the second cell, and no other"),
        (lambda nb: nb.cells[2].metadata.update(tags=["parameters"]), "the second cell, and no other"),
        (lambda nb: nb.cells[2].update(source="x\n" * 26), "code cell 2 has 26 lines: at most 25"),
        (lambda nb: [c.update(source="x\n" * 7) for c in nb.cells[2:4]], "median of 7 lines: at most 6"),
        (lambda nb: nb.cells.clear(), "has no cells"),
    ],
)
def test_the_cells_of_a_notebook(tmp_path, change, words):
    path = changed(good(tmp_path / "toy.ipynb"), change)
    assert any(words in problem for problem in hygiene.check_notebook(path))


@pytest.mark.parametrize(
    "code, parameters, words",
    [
        ([STUB, CHECK], "solved = False", []),
        ([STUB, "1"], "solved = False", ["not followed by exercises.check"]),
        ([STUB, CHECK.replace(", solved=solved", "")], "solved = False", ["not followed by exercises.check"]),
        ([STUB], "solved = False", ["not followed by exercises.check"]),
        ([STUB, CHECK], "solved = True", ["no parameter `solved = False`"]),
    ],
)
def test_an_exercise_has_its_check_and_can_be_solved(tmp_path, code, parameters, words):
    problems = hygiene.check_notebook(toy_notebooks.write(tmp_path / "toy.ipynb", *code, parameters=parameters))
    assert len(problems) == len(words) and all(w in p for w, p in zip(words, problems, strict=True))


def numbered(path, *headings: str, said: str, code=(STUB, CHECK)):
    """A notebook of the series with these headings at its end."""
    texts = {"first": f"{toy_notebooks.OPENING} {said}", "last": "\n\n".join([*headings, "Remember: x."])}
    return toy_notebooks.write(path / "00_toy.ipynb", *code, *["x"] * 12, parameters="solved = False", **texts)


EXERCISE = "### Exercise 1: the sum (fill in, 5 minutes, ★★☆)"


def test_exercises_say_their_kind_minutes_and_stars_and_are_counted(tmp_path):
    headings = [EXERCISE, PREDICT, "### Read the figure: a table (12 minutes, ★★★)", "### Build (2 minutes, ★☆☆)"]
    headings += ["![A drawing](images/x.svg)", "## Build", "### Reading on"]
    path = numbered(tmp_path, *headings, said="20\nminutes for 4 exercises")
    assert hygiene.check_notebook(path) == ["links to images/x.svg, which does not exist"]
    kinds = {"predict": 1, "read the figure": 1, "fill in": 1, "build": 1}
    assert hygiene.count_notebook(path) == {"lines": 16, "drawings": 1, **kinds, "minutes": 20}


@pytest.mark.parametrize(
    "headings, said, words",
    [
        ([EXERCISE, PREDICT], "7 minutes for 2 exercises", "does not say `6 minutes for 2 exercises`"),
        ([EXERCISE, "## Nothing else"], "5 minutes for 1 exercises", "readers without Python have nothing to do"),
        ([PREDICT], "1 minutes for 1 exercises", r"has 1 stubs, and the exercises \[\]"),
        ([EXERCISE, EXERCISE, PREDICT], "11 minutes for 3 exercises", r"has 1 stubs, and the exercises \[1, 1\]"),
        ([EXERCISE, PREDICT, "**Predict**: more?"], "6 minutes for 2 exercises", "asks for a prediction in bold"),
        *(
            ([EXERCISE, PREDICT, wrong], "6 minutes for 2 exercises", f"`{wrong.split(' (')[0]}.*is not like")
            for wrong in (
                "### Predict",
                "### Question",
                "## Read the figure (3 minutes, ★☆☆)",
                "### Exercise 2 (5 minutes, ★☆☆)",
                "### Predict (1 minutes, ★☆☆)",
                "### Predict (2 minute, ★☆☆)",
                "### Build (2 minutes, ★★)",
                "### Read the figure (2 minutes, ☆★★)",
                "### Fill in (2 minutes, ★☆☆)",
            )
        ),
    ],
)
def test_an_exercise_of_another_form_is_refused(tmp_path, headings, said, words):
    (problem,) = hygiene.check_notebook(numbered(tmp_path, *headings, said=said))
    assert re.search(words, problem), problem


def test_a_file_that_is_not_a_notebook(tmp_path):
    path = tmp_path / "toy.ipynb"
    path.write_text("{}")
    assert "not a valid notebook" in hygiene.check_notebook(path)[0]
    with pytest.raises(ChromolabError, match="no notebook"):
        hygiene.check_notebook(tmp_path / "gone.ipynb")


def test_a_folder_leaves_out_checkpoints_and_the_copies_of_runs(tmp_path):
    folder = tmp_path / "runs" / "notebooks"  # what lies above it does not count
    good(folder / "deep" / "toy.ipynb")
    good(folder / ".ipynb_checkpoints" / "toy-checkpoint.ipynb")
    good(folder / "runs" / "sweeps" / "toy" / "x=1.ipynb")
    assert list(hygiene.check_folder(folder)) == [folder / "deep" / "toy.ipynb"]


def test_a_folded_cell_of_code_stays_folded(tmp_path):
    path = toy_notebooks.write(tmp_path / "toy.ipynb", "y = x", "y + 1")
    nb = nbformat.read(path, 4)
    nb.cells[2].metadata["jupyter"] = {"source_hidden": True}
    nbformat.write(nb, path)
    assert hygiene.check_notebook(path) == []
    nb.cells[3].execution_count = 1
    nbformat.write(nb, path)
    assert hygiene.strip_notebook(path)
    assert [c.metadata.get("jupyter") for c in nbformat.read(path, 4).cells[2:4]] == [{"source_hidden": True}, None]
    nb.cells[-1].metadata["jupyter"] = {"source_hidden": True}  # words are not plumbing
    nbformat.write(nb, path)
    assert any("jupyter" in fault for fault in hygiene.check_notebook(path))
