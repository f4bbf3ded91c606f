"""show/widgets/quiz: every notebook has five sound questions, and they are answered without a kernel."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from helpers import axe, bare, toy_notebooks
from helpers.lab import errors, run_all

import chromolab as cl
from chromolab.errors import ChromolabError
from chromolab.show.notebooks.run import run_notebook
from chromolab.show.notebooks.series import PRIMER, notebooks_of
from chromolab.show.widgets.quiz import questions
from chromolab.show.widgets.quiz.questions import questions_of

SERIES = notebooks_of(Path(__file__).parents[4] / "notebooks")
NOTEBOOKS = {p.stem if PRIMER.fullmatch(p.name) else p.name[:2]: p for p in SERIES}
QUIZZES = sorted(p.stem for p in questions.FOLDER.glob("*.yaml"))


def cells(notebook: str) -> list[dict]:
    return json.loads(NOTEBOOKS[notebook].read_text(encoding="utf-8"))["cells"]


def headings(notebook: str) -> set[str]:
    text = "\n".join("".join(c["source"]) for c in cells(notebook) if c["cell_type"] == "markdown")
    return {h.strip() for h in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}


def test_every_notebook_of_the_series_has_a_quiz_just_before_its_end():
    assert sorted(NOTEBOOKS) == QUIZZES
    for number in NOTEBOOKS:
        *_, heading, quiz, last = ("".join(c["source"]) for c in cells(number))
        assert heading.startswith("## Quiz") and "## What to remember" in last, number
        assert quiz == f'cl.Quiz("{number}")'


@pytest.mark.parametrize("number", QUIZZES)
def test_questions_are_five_and_say_where_to_read(number):
    """That each has one right choice, and a reason for every choice, is the form of the file."""
    asked = questions_of(number)
    for question in asked:
        assert question.heading in headings(question.notebook), question.question
        texts = [choice.choice for choice in question.choices()]
        assert len(set(texts)) == len(texts) and question.right in question.choices()
    assert len({question.question for question in asked}) == 5


def test_the_right_choice_is_not_known_by_its_length_or_its_place():
    """Over the series it is no oftener the longest, the shortest or at one place than one of three or four would be."""
    asked = [question for number in QUIZZES for question in questions_of(number)]
    lengths = [[len(choice.choice) for choice in (question.right, *question.wrong)] for question in asked]
    for extreme in (max, min):
        assert np.mean([own[0] == extreme(own) for own in lengths]) <= 0.35
    right, wrong = np.mean([own[0] for own in lengths]), np.mean([n for own in lengths for n in own[1:]])
    assert abs(right / wrong - 1) < 0.1, f"{right:.1f} letters on average, and those of wrong choices {wrong:.1f}"
    places = [question.choices().index(question.right) for question in asked]
    assert all(0.15 < places.count(place) / len(asked) < 0.35 for place in range(4))


@pytest.mark.parametrize("number", QUIZZES)
def test_in_no_notebook_the_longest_choice_is_a_good_guess(number):
    longest = [
        max(question.choices(), key=lambda c: len(c.choice)) == question.right for question in questions_of(number)
    ]
    assert sum(longest) <= 3


GOOD = {"choice": "a", "why": "b"}
SOUND = {"question": "q", "notebook": "00", "heading": "h", "right": GOOD, "wrong": [GOOD, GOOD]}


@pytest.mark.parametrize(
    "held, said",
    [
        ([SOUND] * 4, "at least 5"),
        ([SOUND] * 4 + [SOUND | {"wrong": [GOOD]}], "at least 2"),
        ([SOUND] * 4 + [SOUND | {"wrong": [GOOD, {"choice": "no reason"}]}], "why"),
        ([SOUND] * 4 + [SOUND | {"rigth": GOOD}], "rigth"),
        (None, "questions"),
    ],
)
def test_a_file_of_another_form_is_refused(tmp_path, monkeypatch, held, said):
    (tmp_path / "00.yaml").write_text(json.dumps({"questions": held} if held else {}))
    monkeypatch.setattr(questions, "FOLDER", tmp_path)
    with pytest.raises(ChromolabError, match=said):
        questions_of("00")


def test_a_notebook_without_a_quiz_is_named():
    with pytest.raises(ChromolabError, match="no quiz '99'; expected the number of a notebook, or a primer: 00, 01"):
        cl.Quiz("99")


@pytest.mark.slow
def test_a_headless_run_shows_the_questions_as_text(tmp_path):
    source = toy_notebooks.write(tmp_path / "toy.ipynb", "import chromolab as cl", 'cl.Quiz("04")')
    run_notebook(source, tmp_path / "out.ipynb")
    (output,) = json.loads((tmp_path / "out.ipynb").read_text(encoding="utf-8"))["cells"][3]["outputs"]
    assert set(output["data"]) == {"text/plain", "text/markdown"}
    shown = "".join(output["data"]["text/markdown"]).replace("\\", "")
    for question in questions_of("04"):
        assert question.question in shown and all(c.choice in shown and c.why in shown for c in question.choices())


def right_of(question) -> str:
    return question.right.choice


@pytest.fixture
def quiz():
    widget = cl.Quiz("04")
    yield widget
    widget.close()


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_quiz_is_answered_by_keyboard_on_a_phone_in_both_themes(quiz, page, theme):
    page.set_viewport_size({"width": 360, "height": 740})
    bare.show(page, quiz, "_questions", theme=theme)
    first, second, *_ = questions_of("04")
    group = page.get_by_role("group", name=first.question)
    wrong = group.get_by_role("button", name=first.wrong[0].choice)
    wrong.focus()
    page.keyboard.press("Enter")
    reason = group.get_by_role("status")
    assert first.wrong[0].why in reason.inner_text() and f"“{first.heading}”" in reason.inner_text()
    group.get_by_role("button", name=right_of(first)).press("Space")
    assert reason.inner_text() == f"✓ Right. {first.right.why}"
    page.get_by_role("group", name=second.question).get_by_role("button", name=right_of(second)).click()
    page.get_by_text("2 of 5 answered, 1 at the first try.").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert axe.violations(page, "#output") == []
    page.get_by_role("button", name="Begin again").click()
    assert page.locator('[aria-pressed="true"]').count() == 0
    page.get_by_text("5 questions. Choose an answer to each.").wait_for()


@pytest.mark.browser
@pytest.mark.slow
def test_a_quiz_in_jupyterlab_is_answered_when_the_kernel_is_gone(lab, page):
    address, root = lab
    toy_notebooks.write(root / "quiz.ipynb", "import chromolab as cl", 'cl.Quiz("04")')
    assert errors(run_all(page, address, "quiz.ipynb")) == []
    page.get_by_role("group").first.wait_for()
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown().then(() => true)")
    for question in questions_of("04"):
        page.get_by_role("group", name=question.question).get_by_role("button", name=right_of(question)).click()
    page.get_by_text("5 of 5 answered, 5 at the first try.").wait_for()
    assert page.refused == []
