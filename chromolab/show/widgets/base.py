"""Shared by all widgets: scripts and styles as files of the package, marks' colours, and how page and Python talk.

A widget's JavaScript is written as modules and loaded as one file, its `bundle.js`, which `make widgets` makes of them:
so nothing is fetched, and nobody needs Node to use it. The browser sends a request {"seq": number, ...}; `reply`
answers it, arrays as binary buffers. One request is under way at a time (class `Wire` in shared/wire.js).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anywidget
import numpy as np

from chromolab.errors import ChromolabError
from chromolab.show.figures.style import DOWN, UP, colour_of

STATIC = Path(__file__).parent


def script(widget: str) -> str:
    """The bundle of a widget, by the name of its folder: the text of a module."""
    return (STATIC / widget / "bundle.js").read_text(encoding="utf-8")


def styles(*names: str) -> str:
    """What all widgets share and the style sheets named (paths below this folder), joined in this order."""
    colours = f".cl-widget {{ --cl-up: {UP}; --cl-down: {DOWN}; }}"  # as in the figures
    texts = [(STATIC / name).read_text(encoding="utf-8") for name in ("shared/base.css", *names)]
    return "\n".join([colours, *texts])


def mark_styles(marks: Sequence[str]) -> list[dict[str, str]]:
    """[{"name", "colour"}] for each mark, in the order given, for the browser to draw with."""
    return [{"name": str(mark), "colour": colour_of(mark, marks)} for mark in marks]


def floats(array: np.ndarray) -> bytes:
    """An array as little-endian float32 in C order, as the browser reads it; NaN stays NaN."""
    return np.ascontiguousarray(array, dtype="<f4").tobytes()


class Widget(anywidget.AnyWidget):
    """A widget whose page asks and whose Python side answers.

    A subclass sets `_esm = script("its folder")` and `_css = styles("its folder/its.css")`, and writes `reply`.
    """

    def __init__(self, **traits: Any):
        super().__init__(**traits)
        self.on_msg(self._receive)

    def reply(self, request: dict) -> tuple[dict, list[bytes]]:
        """Answer one request: plain values, and buffers (see `floats`).

        Parameters
        ----------
        request : dict
            As the browser sent it; it is not trusted, so check it.
        """
        raise NotImplementedError

    def release(self) -> None:
        """Free what is large; called once, when the widget is closed."""

    def close(self) -> None:
        """Take the widget off the page and free its memory; it answers no further request."""
        self.on_msg(self._receive, remove=True)
        self.release()
        super().close()

    def _receive(self, _, request, buffers) -> None:
        if not isinstance(request, dict) or "seq" not in request:
            return  # anywidget's own messages
        try:
            answer, parts = self.reply(request)
        except ChromolabError as error:
            answer, parts = {"error": str(error)}, []
        except Exception as error:  # the page waits for an answer; the traceback goes to Jupyter's log
            self.send({"seq": request["seq"], "error": f"{type(error).__name__}: {error}"})
            raise
        if answer.get("error"):  # it may quote half a surrogate pair, which cannot be sent
            answer["error"] = answer["error"].encode("utf-8", "replace").decode()
        self.send({**answer, "seq": request["seq"]}, parts)
