"""show/notebooks/executed: copies are whole or refused, and no other file is written over."""

import json

import pytest
from helpers import toy_notebooks
from nbformat import v4

from chromolab.errors import ChromolabError
from chromolab.show.notebooks.executed import make_room, read_run, refuse_overwriting, seal
from chromolab.show.notebooks.hygiene import strip_notebook
from chromolab.show.notebooks.output import FIGURE, STATE


def executed(path, figure=None, mime=FIGURE, notebook="toy.ipynb"):
    """An executed copy as papermill writes it, sealed."""
    figure = {"name": "y", "value": 1, "note": ""} if figure is None else figure
    cell = v4.new_code_cell("1 + 1", outputs=[v4.new_output("display_data", {mime: figure})])
    papermill = {"input_path": f"/somewhere/{notebook}", "duration": 2.5}
    toy_notebooks.save(v4.new_notebook(cells=[cell], metadata={"papermill": papermill}), path)
    seal(path)
    return path


def unsealed(path, **more):
    content = json.loads(executed(path, **more).read_text())
    del content["metadata"]["chromolab"]
    path.write_text(json.dumps(content))
    return path


def test_a_whole_copy_is_read_also_after_jupyter_saved_it_again(tmp_path):
    out = executed(tmp_path / "o.ipynb")
    done = read_run("toy.ipynb", out)
    assert (done.figures, done.seconds, done.exercises) == ({"y": 1}, 2.5, {})
    content = json.loads(out.read_text())
    content["metadata"]["language_info"] = {"name": "python", "version": "3.12"}  # as an editor does
    content["cells"][0]["source"] = "".join(content["cells"][0]["source"])
    out.write_text(json.dumps(content, indent=3, sort_keys=True))
    assert read_run("toy.ipynb", out) == done
    assert read_run("toy.ipynb", unsealed(out)) == done  # run before copies had a seal


def test_a_copy_whose_outputs_were_stripped_is_no_run(tmp_path):
    out = executed(tmp_path / "o.ipynb")
    assert strip_notebook(out)
    with pytest.raises(ChromolabError, match="no executed copy"):
        read_run("toy.ipynb", out)


def test_a_copy_that_was_cut_is_refused_wherever_it_ends(tmp_path):
    out = executed(tmp_path / "o.ipynb")
    whole = out.read_bytes()
    for end in range(0, len(whole) - 2, 7):
        out.write_bytes(whole[:end])
        with pytest.raises(ChromolabError, match="o.ipynb: not a whole notebook"):
            read_run("toy.ipynb", out)


@pytest.mark.parametrize(
    "damage, words",
    [
        (lambda b: b"[]", "not a whole notebook"),
        (lambda b: b"\xff\xfe" + b, "not a whole notebook"),
        (lambda b: b"[" * 100_000, "not a whole notebook"),
        (lambda b: b.replace(b'"value": 1', b'"value": 7'), "changed since it ran"),
        (lambda b: b.replace(b"1 + 1", b"1 + 2"), "changed since it ran"),
        (lambda b: b.replace(b"2.5", b"9.5"), "changed since it ran"),
        (lambda b: b.replace(b'"name": "y"', b'"nom": "y"'), "changed since it ran"),
    ],
    ids=["list", "not text", "deep", "value", "code", "seconds", "no name"],
)
def test_a_damaged_copy_is_refused_and_put_aside(tmp_path, damage, words):
    out = executed(tmp_path / "o.ipynb")
    out.write_bytes(damaged := damage(out.read_bytes()))
    with pytest.raises(ChromolabError, match=f"o.ipynb: {words}"):
        read_run("toy.ipynb", out)
    with pytest.raises(ChromolabError, match="o.ipynb: .* and was not touched"):
        refuse_overwriting(out, tmp_path / "toy.ipynb")
    (tmp_path / "o.damaged.ipynb").write_text("an earlier one")
    make_room(out, tmp_path / "toy.ipynb")
    assert not out.exists() and (tmp_path / "o.damaged2.ipynb").read_bytes() == damaged
    assert (tmp_path / "o.damaged.ipynb").read_text() == "an earlier one"


@pytest.mark.parametrize("figure", [{"name": 1}, {"name": "y"}, [1], "y", {"name": "y", "value": [1]}])
def test_what_is_no_key_figure_is_refused(tmp_path, figure):
    with pytest.raises(ChromolabError, match="key figure"):
        executed(tmp_path / "o.ipynb", figure)


@pytest.mark.parametrize("state", [[1], {"exercise": "a"}, {"exercise": 1, "state": "passed"}])
def test_what_is_no_exercise_is_refused(tmp_path, state):
    with pytest.raises(ChromolabError, match="an exercise without name and state"):
        executed(tmp_path / "o.ipynb", state, STATE)


def test_only_an_earlier_run_of_the_same_notebook_makes_room(tmp_path):
    notebook = toy_notebooks.write(tmp_path / "toy.ipynb", "x")
    for make in (executed, unsealed):
        refuse_overwriting(make(tmp_path / "o.ipynb"), notebook)
        make_room(tmp_path / "o.ipynb", notebook)
        assert not (tmp_path / "o.ipynb").exists()
    make_room(tmp_path / "o.ipynb", notebook)  # nothing is there
    (tmp_path / "link.ipynb").symlink_to(notebook)
    (tmp_path / "folder.ipynb").mkdir()
    toy_notebooks.write(tmp_path / "mine.ipynb", "my thesis")
    executed(tmp_path / "other.ipynb", notebook="other.ipynb")
    for name in ("toy.ipynb", "link.ipynb", "folder.ipynb", "mine.ipynb", "other.ipynb"):
        for refuse in (refuse_overwriting, make_room):
            with pytest.raises(ChromolabError, match=f"{name}: is .* and was not touched"):
                refuse(tmp_path / name, notebook)
        assert (tmp_path / name).exists()
