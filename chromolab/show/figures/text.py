"""Text in figures: what comes from data is shown as it is, only what a figure itself sets is markup.

Plotly reads tags (`<a href=...>`, `<b>`), `$...$` and entities in every text: titles, names, labels, hover texts. So no
figure writes a tag: it writes the signs below, and `as_text`, through which `finish` sends every figure, takes all else
for text. A line break is a line break.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

# Characters of Unicode's private use, which no text has, and what they become.
BOLD, BOLD_END, NAME, NAME_END, STYLE, STYLED, STYLE_END, PERCENT = map(chr, range(0xE000, 0xE008))
SHOWN = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        "$": "&#36;",
        "\n": "<br>",
        BOLD: "<b>",
        BOLD_END: "</b>",
        NAME: "<extra>",
        NAME_END: "</extra>",
        STYLE: '<span style="',
        STYLED: '">',
        STYLE_END: "</span>",
        PERCENT: "&#37;",
    }
)
NO_NAME = NAME + NAME_END  # at the end of a hover text: the box without the trace's name


def bold(text: object) -> str:
    """A text in bold."""
    return f"{BOLD}{text}{BOLD_END}"


def styled(text: object, css: str) -> str:
    """A text with a style such as "color:#222222"."""
    return f"{STYLE}{css}{STYLED}{text}{STYLE_END}"


def in_hover(text: object) -> str:
    """A text from data inside a hover template, where `%{x}` would stand for a number."""
    return str(text).replace("%", PERCENT)


def on_a_line(text: object, colour: str, size: int) -> dict:
    """A label on a line: an annotation with a ground of its own, for other lines may cross there."""
    return {"text": str(text), "font": {"size": size, "color": colour}, "bgcolor": "white", "borderpad": 1}


def as_text(figure: go.Figure) -> go.Figure:
    """Make every string of a figure text, but for the signs of this module; in place, once for each figure."""
    for part in (*figure.data, *(trace for frame in figure.frames for trace in frame.data), figure.layout):
        for key, value in part.to_plotly_json().items():
            if key != "template" and (new := _translated(value)) is not value:
                part[key] = new
    return figure


def _translated(value: Any) -> Any:
    """The same value with its strings translated; the very same object if nothing changes."""
    if isinstance(value, str):
        new = value.translate(SHOWN)
        return value if new == value else new
    if isinstance(value, dict):
        if "bdata" in value:  # numbers
            return value
        new = {k: _translated(v) for k, v in value.items()}
        return value if all(new[k] is v for k, v in value.items()) else new
    if isinstance(value, np.ndarray) and value.dtype.kind in "OUST":
        new = [_translated(v) for v in value.tolist()]
        return value if all(a == b for a, b in zip(new, value.tolist(), strict=True)) else np.array(new, value.dtype)
    if isinstance(value, list | tuple):
        new = [_translated(v) for v in value]
        return value if all(a is b for a, b in zip(new, value, strict=True)) else type(value)(new)
    return value


def place_of_label(curve: np.ndarray, taken: Sequence[np.ndarray], apart: float = 20) -> int:
    """Which point of a curve (points, 2), in pixels, a label may stand on: the one next to the middle of the curve that
    keeps clear of places taken, (2,) each; where none does, the farthest from them."""
    from_middle = np.abs(np.arange(len(curve)) - len(curve) // 2)
    gaps = np.min([np.linalg.norm(curve - place, axis=1) for place in taken] or [np.full(len(curve), np.inf)], axis=0)
    return int(np.where(gaps >= apart, -from_middle, gaps - apart - len(curve)).argmax())
