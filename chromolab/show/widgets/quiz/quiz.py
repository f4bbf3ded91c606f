"""Five questions at the end of a notebook, answered in the page: no kernel is asked, and nothing is kept."""

import anywidget
import traitlets

from chromolab.show.widgets.base import script, styles
from chromolab.show.widgets.quiz.questions import as_markdown, questions_of


class Quiz(anywidget.AnyWidget):
    """The quiz of a notebook: five questions, with the reason for each choice once it is made.

    The answers travel with the page, so it works when the kernel has stopped. Where no widget can be drawn (a headless
    run, an exported page) the questions stand as text, with the answers folded away.

    Parameters
    ----------
    notebook : str
        The notebook's number, `cl.Quiz("04")`, or a primer's name.

    Raises
    ------
    ChromolabError
        If no notebook with a quiz has this number.
    """

    _esm = script("quiz")
    _css = styles("quiz/quiz.css")
    _questions: traitlets.List = traitlets.List().tag(sync=True)

    def __init__(self, notebook: str):
        questions = questions_of(notebook)
        self._text = as_markdown(questions)
        super().__init__(
            _questions=[
                {
                    "question": question.question,
                    "read": f"notebook {question.notebook}, “{question.heading}”",
                    "choices": [
                        {"choice": choice.choice, "why": choice.why, "right": choice == question.right}
                        for choice in question.choices()
                    ],
                }
                for question in questions
            ]
        )

    def __repr__(self) -> str:
        return self._text

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = super()._repr_mimebundle_(**kwargs)
        return data | {"text/markdown": self._text, "text/plain": self._text}, metadata
