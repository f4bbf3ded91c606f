"""A notebook as the site shows it: figures that share one plotly, and live widgets where a kernel would be needed."""

import html
import json
import re
from pathlib import Path
from typing import Any

import nbformat

from chromolab.data.files import cache_folder
from chromolab.show.notebooks.output import FIGURE, STATE
from chromolab.show.notebooks.pages import PLOTLY
from chromolab.show.site import live
from chromolab.show.widgets.quiz.questions import as_markdown, questions_of

NOT_RUN = """```{note}
This page shows the notebook without its results: %s.
```"""
HTML = "text/html"


def page_of(notebook: Path, copy: Path | None, why: str = "") -> Any:
    """The notebook of a page.

    Parameters
    ----------
    notebook : Path
        The source.
    copy : Path or None
        Its executed copy; None shows it without results.
    why : str
        It stands there without results: "it takes an hour", say.

    Returns
    -------
    NotebookNode
        Its outputs are text, pictures, and HTML that needs only what all pages share.
    """
    nb = nbformat.read(copy or notebook, as_version=4)
    number = notebook.stem.partition("_")[0]
    name = number if number.isdigit() else notebook.stem  # as its quiz is asked for
    if number.isdigit():
        nb.cells[0].source = nb.cells[0].source.replace("# ", f"# {number} · ", 1)
    for cell in nb.cells:
        if cell.cell_type == "code":
            _shown(cell, name)
    if copy is None:
        nb.cells.insert(1, nbformat.v4.new_markdown_cell(NOT_RUN % why))
    nb.metadata = {key: nb.metadata[key] for key in ("kernelspec", "language_info") if key in nb.metadata}
    return nb


def first_figure(copy: Path) -> str:
    """A small, still picture of an executed copy's first figure, as HTML; of its first drawing if it has no figure."""
    cells = nbformat.read(copy, as_version=4).cells
    outputs = (output.get("data", {}) for cell in cells for output in cell.get("outputs", []))
    if figure := next((data[PLOTLY] for data in outputs if PLOTLY in data), None):
        return plot(figure, "plot still")
    drawings = (re.search(r"!\[([^\]]*)\]\(images/([^)]+)\)", c.source) for c in cells if c.cell_type == "markdown")
    drawing = next(filter(None, drawings), None)
    return f'<img src="_images/{drawing[2]}" alt="{html.escape(drawing[1])}" loading="lazy">' if drawing else ""


def plot(figure: dict, classes: str = "plot") -> str:
    """A plotly figure as HTML on one line, drawn by the site's script when it comes into view."""
    drawn = {"data": figure.get("data", []), "layout": figure.get("layout", {})}
    height = drawn["layout"].get("height", 450)
    return f'<div class="{classes}" style="height:{height:g}px">{_json(drawn)}</div>'


def _json(value: object) -> str:
    """Data for a script of the page; no text in it can end the element or begin a line that Markdown would read."""
    text = json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")
    return f'<script type="application/json">{text}</script>'


def _shown(cell: Any, name: str) -> None:
    """Turn a code cell's outputs into what a page shows, in place; fold what JupyterLab folds."""
    if cell.metadata.get("jupyter", {}).get("source_hidden"):
        cell.metadata["tags"] = [*cell.metadata.get("tags", []), "hide-input"]
    cell.execution_count = None
    outputs = []
    for output in cell.outputs:
        if output.output_type == "stream":
            output.text = without_home(output.text)
            outputs += [output] if output.name == "stdout" else []  # the rest are progress bars
            continue
        data = {kind: value for kind, value in output.get("data", {}).items() if kind not in (FIGURE, STATE)}
        if not data:
            continue
        if PLOTLY in data:
            data = {HTML: plot(data[PLOTLY])}
        elif "text/plain" in data:
            data["text/plain"] = without_home(data["text/plain"])
            if lively := _live(data["text/plain"], name):
                data = {HTML: lively}
        output.data = data
        outputs.append(output)
    cell.outputs = outputs


def _live(text: str, name: str) -> str:
    """HTML in the place of a widget, which left `text` in the executed copy; nothing for other outputs."""
    if text.startswith("**1. ") and text == as_markdown(questions_of(name)):
        return f'<div class="quiz">{_json(live.asked(name))}</div>'
    if text.startswith("<chromolab.show.widgets.browser"):
        return '<p class="needs-python">Here the notebook has a track browser, which reads files and needs Python.</p>'
    if not (found := live.GENE.match(text)):
        return ""
    if found["widget"] == "GlassBox":
        return frame(live.BOX, "The glass box", "")
    if text.endswith(live.SHIPPED):
        return frame(live.LAB, "The what-if lab", f"{found['gene']}/{found['cell']}")
    return (
        '<p class="needs-python">Here the notebook has a lab of a model that it has just trained, which needs Python. '
        'The lab of the models that ship is <a href="../lab.html">on a page of its own</a>.</p>'
    )


def frame(page: str, title: str, start: str, up: str = "../") -> str:
    """A live page in a frame, and a link that opens it alone."""
    address = f"{up}live/{page}" + (f"#{start}" if start else "")
    return (
        f'<div class="live"><p><a href="{address}" target="_blank">{title} in a window of its own</a></p>'
        f'<iframe src="{address}" title="{title}" loading="lazy"></iframe></div>'
    )


def without_home(text: str) -> str:
    """Text without the folders of whoever ran the notebook."""
    cache, home = str(cache_folder()), str(Path.home())
    return text.replace(cache, "~/.cache/chromolab").replace(home + "/", "~/")
