"""show/course: a copy of the course, in which nothing that its owner changed is written over."""

import json
import re

import pytest
from helpers.house import ROOT

from chromolab.errors import ChromolabError
from chromolab.show import course

FIRST, CARD = "00_start_here.ipynb", "cards/00_start_here.md"


@pytest.fixture
def source(tmp_path, monkeypatch):
    """A course of two files, where an installed package has it; returns the folder of its notebooks."""
    monkeypatch.setattr(course, "PACKAGE", tmp_path / "package")
    notebooks = tmp_path / "package" / "course" / "notebooks"
    (notebooks / "cards").mkdir(parents=True)
    (notebooks / FIRST).write_text("first")
    (notebooks / CARD).write_text("card")
    return notebooks


def test_the_course_is_whole():
    names = course.course_files()
    numbered = {path.name for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")}
    assert numbered | {"app.ipynb", "glossary.md", CARD, "experiments/train.ipynb", "images/lab.png"} <= set(names)
    assert (course.course_folder() / "constraints.txt").is_file()


def test_no_link_leads_out_of_the_course():
    """A copy has nothing around it: neither the package's code nor docs/."""
    for name, path in course.course_files().items():
        text = path.read_text(encoding="utf-8") if path.suffix in (".ipynb", ".md") else ""
        for link in re.findall(r"\]\((?![a-z]+:|#)([^)#\s]+)", text):
            place = (path.parent / link).resolve()
            assert place.is_relative_to(course.course_folder() / "notebooks"), f"{name}: {link}"


def test_a_copy_is_made_once_and_made_whole_again(source, tmp_path):
    mine = tmp_path / "a folder" / "mine"
    assert course.copy_course(mine) == ([FIRST, CARD], [], [])
    assert (mine / CARD).read_text() == "card"
    assert course.copy_course(mine) == ([], [], [])
    (mine / FIRST).unlink()
    assert course.copy_course(mine) == ([FIRST], [], [])


def test_a_changed_file_is_kept_and_an_unchanged_one_brought_up_to_date(source, tmp_path):
    course.copy_course(tmp_path / "mine")
    (tmp_path / "mine" / FIRST).write_text("my answers")
    assert course.copy_course(tmp_path / "mine") == ([], [FIRST], [])
    (source / FIRST).write_text("second edition")
    (source / CARD).write_text("second edition")
    for written in ([CARD], []):  # once is enough
        assert course.copy_course(tmp_path / "mine") == (written, [FIRST], [FIRST])
    assert (tmp_path / "mine" / FIRST).read_text() == "my answers"
    assert (tmp_path / "mine" / CARD).read_text() == "second edition"


def test_a_file_of_the_same_name_that_was_there_before_is_kept(source, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / FIRST).write_text("something else")
    assert course.copy_course(tmp_path / "mine") == ([CARD], [FIRST], [FIRST])
    assert (tmp_path / "mine" / FIRST).read_text() == "something else"


def test_what_was_copied_before_an_error_does_not_pass_for_changed(source, tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "cards").write_text("a file where a folder goes")
    with pytest.raises(ChromolabError, match="a part of the path is a file"):
        course.copy_course(mine)
    (mine / "cards").unlink()
    (source / FIRST).write_text("second edition")
    assert course.copy_course(mine) == ([FIRST, CARD], [], [])


def test_the_course_itself_is_left_alone(source):
    assert course.copy_course(source) == ([], [], [])
    assert not (source / course.RECORD).exists()


@pytest.mark.parametrize("text", ["{", "[1]", "\u0000"])
def test_a_damaged_record_is_named(source, tmp_path, text):
    course.copy_course(tmp_path / "mine")
    (tmp_path / "mine" / course.RECORD).write_text(text)
    with pytest.raises(ChromolabError, match=f"{course.RECORD}: is damaged"):
        course.copy_course(tmp_path / "mine")


def test_a_record_without_names_keeps_everything_that_differs(source, tmp_path):
    course.copy_course(tmp_path / "mine")
    (tmp_path / "mine" / course.RECORD).write_text(json.dumps({}))
    (source / FIRST).write_text("second edition")
    assert course.copy_course(tmp_path / "mine") == ([], [FIRST], [FIRST])


def test_a_package_without_its_course_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(course, "PACKAGE", tmp_path / "nowhere" / "chromolab")
    with pytest.raises(ChromolabError, match="the notebooks are not there"):
        course.copy_course(tmp_path / "mine")
