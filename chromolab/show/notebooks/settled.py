"""What is left of widgets in an executed copy: text, for no kernel is behind them and their state is megabytes."""

import html
import re
from typing import Any

VIEW, STATES = "application/vnd.jupyter.widget-view+json", "application/vnd.jupyter.widget-state+json"


def settle_widgets(nb: Any) -> None:
    """Put text in the place of every widget, and take the widgets' state out; in place.

    A progress bar becomes the line that it ends with, and is gone if it had taken itself off the page. Any other widget
    becomes its name, as Python prints it.
    """
    states = nb.metadata.pop("widgets", {}).get(STATES, {}).get("state", {})
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs = [o for o in cell.outputs if VIEW not in o.get("data", {}) or _settled(o["data"], states)]


def _settled(data: dict, states: dict) -> bool:
    """Turn a widget's output into text; whether anything is left of it."""
    widget = states.get(data.pop(VIEW).get("model_id"), {}).get("state", {})
    parts = [states.get(_id(child), {}).get("state", {}) for child in widget.get("children") or ()]
    kinds = [part.get("_model_name") for part in parts]
    if kinds == ["HTMLModel", "FloatProgressModel", "HTMLModel"]:
        layout = states.get(_id(widget.get("layout")), {}).get("state", {})
        data["text/plain"] = _line(*parts)
        return layout.get("visibility") != "hidden" and layout.get("display") != "none"
    return bool(data)


def _id(reference: object) -> str:
    return str(reference).removeprefix("IPY_MODEL_")


def _line(left: dict, bar: dict, right: dict) -> str:
    """A progress bar of tqdm as it looks in a terminal."""
    texts = (html.unescape(re.sub(r"<[^>]*>", "", str(part.get("value", "")))) for part in (left, right))
    begin, end = (text.replace("\u2007", " ") for text in texts)  # a space as wide as a figure
    if not begin.strip():  # how much there is to do was not known
        return end.strip()
    done = float(bar.get("value") or 0) / (float(bar.get("max") or 0) or 1)
    return f"{begin}|{'█' * round(10 * min(max(done, 0), 1)):<10}|{end}"
