"""What a notebook reports: its key figures, and the state of its exercises."""

import math
import sys

from chromolab.errors import ChromolabError

FIGURE = "application/vnd.chromolab.figure+json"  # MIME type of the output that carries a key figure
STATE = "application/vnd.chromolab.exercise+json"  # MIME type of the output that carries an exercise's state


def key_figure(name: str, value: object, note: str = "", quiet: bool = False) -> None:
    """Show one number or word that a notebook found, so that a run can collect it.

    Parameters
    ----------
    name : str
        What the value is, as a reader would say it: "AUC on held-out genes".
    value : number or str
        A value that is not finite is shown as missing and read back as NaN.
    note : str
        What a reader must know to judge the value: "simulated", "60 genes".
    quiet : bool
        The number stands on the page already, in a figure or a table: a run collects it, and a reader sees it once.

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
    text = f"{name} = {in_words(value)}" + (f"  ({note})" if note else "")
    emit(FIGURE, {"name": name, "value": value, "note": note}, "" if quiet else text)


def emit(mime: str, content: dict, text: str) -> None:
    """Display machine-readable content and its text, if it has any, in a notebook; elsewhere, print the text."""
    ipython = sys.modules.get("IPython")  # every kernel has loaded it
    if ipython is None or getattr(ipython.get_ipython(), "kernel", None) is None:
        print(text, end="\n" if text else "")
    else:
        ipython.display.display({mime: content} | ({"text/plain": text} if text else {}), raw=True)


def in_words(value: object) -> str:
    """A key figure as text: a number to four digits, "missing" for None and NaN."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "missing"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
