"""What a notebook reports: its key figures, and the state of its exercises."""

import math
import sys

from chromolab.errors import ChromolabError

FIGURE = "application/vnd.chromolab.figure+json"  # MIME type of the output that carries a key figure
STATE = "application/vnd.chromolab.exercise+json"  # MIME type of the output that carries an exercise's state


def key_figure(name: str, value: object, note: str = "") -> None:
    """Hand one number or word that a notebook found to the run that collects it; a reader sees nothing of it.

    What a reader should know stands in a figure, a table or a printed sentence: once.

    Parameters
    ----------
    name : str
        What the value is, as a reader would say it: "AUC on held-out genes".
    value : number or str
        A value that is not finite is kept as missing and read back as NaN.
    note : str
        What a reader must know to judge the value: "simulated", "60 genes".

    Raises
    ------
    ChromolabError
        If `value` is not one number or word.
    """
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float) and not math.isfinite(value):
        value = None
    if not isinstance(value, bool | int | float | str | None):
        raise ChromolabError(f"key figure {name!r} is a {type(value).__name__}; give one number or word")
    emit(FIGURE, {"name": name, "value": value, "note": note})


def emit(mime: str, content: dict, text: str = "") -> None:
    """Display machine-readable content and its text, if it has any, in a notebook; elsewhere, print the text."""
    ipython = sys.modules.get("IPython")  # every kernel has loaded it
    if ipython is None or getattr(ipython.get_ipython(), "kernel", None) is None:
        if text:
            print(text)
    else:
        ipython.display.display({mime: content} | ({"text/plain": text} if text else {}), raw=True)


def in_words(value: object) -> str:
    """A key figure as text: a number to four digits, "missing" for None and NaN."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "missing"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
