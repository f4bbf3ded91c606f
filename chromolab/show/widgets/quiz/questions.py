"""The questions of the quizzes: a file for each notebook of the series, in `questions/`, read whole or refused."""

import random
import re
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chromolab.errors import ChromolabError

FOLDER = Path(__file__).with_name("questions")
LETTERS = "ABCD"


class Part(BaseModel):
    """A part of a question as it stands in a file: it holds what is named here, and nothing else."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Choice(Part):
    """One of the answers that a reader can choose, and why it is right or wrong."""

    choice: str = Field(min_length=1)
    why: str = Field(min_length=1)


class Question(Part):
    """One question.

    Attributes
    ----------
    question : str
    notebook, heading : str
        Where the answer is taught: the number of a notebook or the name of a primer, and a heading there.
    right : Choice
    wrong : list of Choice
        Two or three.
    """

    question: str = Field(min_length=1)
    notebook: str = Field(pattern=r"^(\d\d|primer_\w+)$")
    heading: str = Field(min_length=1)
    right: Choice
    wrong: list[Choice] = Field(min_length=2, max_length=3)

    def choices(self) -> list[Choice]:
        """The right choice among the wrong ones, in an order that looks random and is always the same."""
        drawn = [self.right, *self.wrong]
        random.Random(self.question).shuffle(drawn)
        return drawn


class Questions(Part):
    """What a file holds: the five questions of a notebook."""

    questions: list[Question] = Field(min_length=5, max_length=5)


def questions_of(notebook: str) -> list[Question]:
    """The five questions of a notebook.

    Parameters
    ----------
    notebook : str
        Its number, "04", or a primer's name, "primer_biology".

    Raises
    ------
    ChromolabError
        If there is no quiz for it, or its file does not hold five questions of the form above.
    """
    path = FOLDER / f"{notebook}.yaml"
    known = sorted(p.stem for p in FOLDER.glob("*.yaml"))
    if notebook not in known:
        raise ChromolabError(
            f"no quiz {notebook!r}; expected the number of a notebook, or a primer: {', '.join(known)}"
        )
    try:
        return Questions.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))).questions
    except (yaml.YAMLError, ValidationError) as error:
        raise ChromolabError(f"{path}: {error}") from None


def as_markdown(questions: list[Question]) -> str:
    """The questions with their choices as Markdown, the answers folded away, for where no widget is drawn."""
    parts = []
    for number, question in enumerate(questions, 1):
        choices = list(zip(LETTERS, question.choices(), strict=False))
        right = next(letter for letter, choice in choices if choice == question.right)
        parts += [f"**{number}. {_plain(question.question)}**"]
        parts += ["\n".join(f"- {letter}: {_plain(choice.choice)}" for letter, choice in choices)]
        parts += [f"<details><summary>Answer to question {number}</summary>", f"Right is {right}."]
        parts += ["\n".join(f"- {letter}: {_plain(choice.why)}" for letter, choice in choices)]
        parts += [f"Read notebook {question.notebook}, “{_plain(question.heading)}”.", "</details>"]
    return "\n\n".join(parts)


def _plain(text: str) -> str:
    """Text that means nothing else to Markdown and to formulas."""
    return re.sub(r"([\\`*_{}\[\]<>#|$~])", r"\\\1", text)
