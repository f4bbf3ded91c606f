"""Executed notebooks as web pages, and the index of a series. The pages open offline; only formulas then stay TeX."""

import base64
import html
import mimetypes
import re
import shutil
from os import PathLike
from pathlib import Path
from urllib.parse import unquote

import pandas as pd

from chromolab.data.files import atomic_write, write_text
from chromolab.errors import ChromolabError
from chromolab.show.notebooks.output import FIGURE, STATE

PLOTLY = "application/vnd.plotly.v1+json"
MACHINES = {FIGURE, STATE}
MARK = '<meta name="generator" content="chromolab">'  # in the head of every page that we write
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .4rem .6rem; vertical-align: top }
tr + tr { border-top: 1px solid #ddd } td.number { text-align: right; white-space: nowrap } .failed { font-weight: 600 }
"""
# What is folded in JupyterLab opens here while it has the focus: by a click, or by the tab key.
FOLDS = """<style>
.celltag_folded .jp-InputArea { cursor: pointer; color: #666 }
.celltag_folded .jp-Cell-inputWrapper:not(:focus-within) .jp-InputArea-editor { display: none }
.celltag_folded .jp-Cell-inputWrapper:not(:focus-within) .jp-InputArea::after { content: "\\2022\\2022\\2022" }
</style>"""


def write_page(
    notebook: str | PathLike[str], page: str | PathLike[str], pictures: str | PathLike[str] | None = None
) -> Path:
    """Write an executed notebook as HTML; all pages of a folder share one `plotly.min.js`. Returns the page's path.

    The pictures of its text, relative to the folder `pictures` (by default the notebook's own), go into the page. Code
    that is folded in JupyterLab is folded in the page.
    """
    import nbformat
    from nbconvert import HTMLExporter

    notebook, page = Path(notebook), Path(page)
    nb = nbformat.read(notebook, as_version=4)
    drawn = [_draw(output) for cell in nb.cells if cell.cell_type == "code" for output in cell.outputs]
    for cell in nb.cells:
        if cell.cell_type == "code":  # what is there for machines alone is not shown, and nbconvert would warn of it
            cell.outputs = [output for output in cell.outputs if not output.get("data") or set(output.data) - MACHINES]
        if cell.metadata.get("jupyter", {}).get("source_hidden"):
            cell.metadata["tags"] = [*cell.metadata.get("tags", []), "folded"]  # a class of the page
    exporter = HTMLExporter(template_name="lab", require_js_url="", jquery_url="")
    body, _ = exporter.from_notebook_node(nb)
    body = _embed(body, Path(pictures or notebook.parent))
    if any(drawn):
        copy_plotly(page.with_name("plotly.min.js"))
        body = body.replace("<head>", '<head><script src="plotly.min.js"></script>', 1)
    write_text(page, body.replace("<head>", f"<head>{MARK}{FOLDS}", 1))
    return page


def _embed(body: str, folder: Path) -> str:
    """The page with its pictures in it. nbconvert's own way shuts a `<details>` before its text: the answer shows."""

    def embedded(found: re.Match) -> str:
        path = (folder / unquote(html.unescape(found[2]))).resolve()
        if not path.is_file() or not path.is_relative_to(folder.resolve()):
            return found[0]
        kind = mimetypes.guess_type(path.name)[0] or "image/png"
        return f"{found[1]}data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"

    return re.sub(r'(<img\b[^>]*?\bsrc=")([^":]+)', embedded, body)


def refuse_foreign(page: str | PathLike[str]) -> None:
    """Raise `ChromolabError` where `page` exists, and is no page that we wrote."""
    page = Path(page)
    if page.exists() and (not page.is_file() or MARK.encode() not in page.read_bytes()[:65_536]):
        raise ChromolabError(f"{page}: no run wrote this page, and it was not touched. Give another folder.")


def write_index(rows: pd.DataFrame, page: str | PathLike[str]) -> Path:
    """Write the page that lists a series: seconds, key figures, ok or failed. `rows` is the table of `run_series`."""
    lines = []
    for row in rows.itertuples():
        name = html.escape(row.notebook)
        link = f'<a href="{html.escape(row.page)}">{name}</a>' if row.page else name
        state = f'<span class="failed">failed</span><br>{html.escape(row.error)}' if row.error else "ok"
        seconds = "" if pd.isna(row.seconds) else f"{row.seconds:.1f}"
        lines.append(
            f'<tr><td>{link}</td><td class="number">{seconds}</td>'
            f"<td>{html.escape(row.key_figures)}</td><td>{state}</td></tr>"
        )
    failed = int((rows["error"] != "").sum())
    write_text(
        page,
        f"""<!doctype html>
<html lang="en"><head>{MARK}<meta charset="utf-8">
<title>chromolab: the series</title><style>{STYLE}</style></head><body>
<h1>chromolab: the series</h1>
<p>{len(rows)} notebooks run, {failed} failed, {rows["seconds"].sum():.0f} s in all.</p>
<table><tr><th>Notebook</th><th>Seconds</th><th>Key figures</th><th></th></tr>
{chr(10).join(lines)}
</table></body></html>
""",
    )
    return Path(page)


def _draw(output) -> bool:
    """Replace a plotly output by its HTML, in place; returns whether it was a plotly output that can be drawn."""
    figure = output.get("data", {}).get(PLOTLY)
    if not isinstance(figure, dict) or not isinstance(figure.get("data", []), list):
        return False
    import plotly.io

    output["data"] = {
        "text/html": plotly.io.to_html(
            {"data": figure.get("data", []), "layout": figure.get("layout", {})},
            config=figure.get("config"),
            include_plotlyjs=False,
            full_html=False,
            validate=False,
        )
    }
    return True


def copy_plotly(target: Path) -> None:
    """Put plotly's JavaScript where pages look for it, unless it is there."""
    import plotly

    source = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    if not target.exists() or target.stat().st_size != source.stat().st_size:
        with atomic_write(target) as place:
            shutil.copyfile(source, place)
