"""The page of a sweep: how far it is, every setting with what it found, and key figures against parameters."""

import html
import math
import os
from pathlib import Path

import pandas as pd

from chromolab.data.files import write_text
from chromolab.show.figures.sweeps import numbers_of
from chromolab.show.figures.sweeps import sweep as figure_of
from chromolab.show.notebooks.output import in_words
from chromolab.show.notebooks.pages import MARK, copy_plotly

WAITS, RUNS, ELSEWHERE, DONE, FAILED = "waits", "runs", "runs in another sweep", "done", "failed"
REFRESH = 5  # seconds
LISTED = 2_000  # settings on the page; the table has all
STYLE = """
:root { color-scheme: light dark }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem }
h1 { font-size: 1.4rem; margin: 0 } .quiet { opacity: .7 } .figures { background: white; margin: 1rem 0 }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { text-align: left; padding: .25rem .6rem; vertical-align: top; overflow-wrap: anywhere }
th { position: sticky; top: 0; background: Canvas }
tr + tr td { border-top: 1px solid color-mix(in srgb, CanvasText 15%, Canvas) }
.number { text-align: right; white-space: nowrap } .failed { font-weight: 600 } progress { width: 100% }
"""


def write(table: pd.DataFrame, states: list[str], path: Path, place: str, ended: bool) -> None:
    """Write the page.

    Parameters
    ----------
    table : DataFrame
        Of the sweep, with `attrs`.
    states : list of str
        Of each row.
    path : Path
        It refreshes by itself, every few seconds, until the sweep has `ended`.
    place : str
        Where the runs are made.
    """
    count = {state: states.count(state) for state in (DONE, RUNS, ELSEWHERE, WAITS, FAILED)}
    told = ", ".join(f"{n:,} {state}" for state, n in count.items() if n)
    finished = count[DONE] + count[FAILED]
    refresh = "" if ended else f'<meta http-equiv="refresh" content="{REFRESH}">'
    columns = [*table.attrs["parameters"], *table.attrs["figures"]]
    head = "".join(f"<th>{html.escape(str(name))}</th>" for name in ("state", *columns, "seconds", ""))
    shown = zip(states, table.to_dict("records"), strict=True)
    lines = [_line(state, row, columns, path.parent) for state, row in list(shown)[:LISTED]]
    more = f"<p>The table lists the first {LISTED:,}; {path.stem}.csv has all.</p>" if len(table) > LISTED else ""
    write_text(
        path,
        f"""<!doctype html>
<html lang="en"><head>{MARK}<meta charset="utf-8">{refresh}
<meta name="viewport" content="width=device-width"><title>{html.escape(path.stem)}: {finished} of {len(table)}</title>
<style>{STYLE}</style></head><body>
<h1>{html.escape(path.stem)}</h1>
<p class="quiet">{told}. {"Ended." if ended else f"On {html.escape(place)}; the page refreshes by itself."}</p>
<progress max="{len(table)}" value="{finished}" aria-label="finished runs"></progress>
<div class="figures">{_figure(table, path)}</div>{more}
<table><thead><tr>{head}</tr></thead><tbody>
{chr(10).join(lines)}
</tbody></table></body></html>
""",
    )


def in_time(seconds: float) -> str:
    """A stretch of time in words: "40 s", "12 min", "3.5 hours"."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 100 * 60 else f"{seconds / 3600:.1f} hours"


def _line(state: str, row: dict, columns: list[str], folder: Path) -> str:
    cells = [f'<td class="{"failed" if state == FAILED else "quiet"}">{state}</td>']
    for name in columns:
        value = row.get(name, math.nan)
        empty = isinstance(value, float) and math.isnan(value)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        words = "" if empty else html.escape(in_words(value) if number else str(value))
        cells.append(f'<td class="number">{words}</td>' if number else f"<td>{words}</td>")
    seconds = "" if math.isnan(row["seconds"]) else f"{row['seconds']:.1f}"
    link, run = "", Path(row["run"])
    if state in (DONE, FAILED):
        copy = run if state == DONE else run.with_name(f"{run.stem}.failed.ipynb")
        address = html.escape(Path(os.path.relpath(copy, folder)).as_posix(), quote=True)
        link = f'<a href="{address}">notebook</a> {html.escape(row["error"][:300])}'
    return f"<tr>{''.join(cells)}<td class='number'>{seconds}</td><td>{link}</td></tr>"


def _figure(table: pd.DataFrame, path: Path) -> str:
    if not table.attrs["parameters"] or not numbers_of(table) or table["seconds"].notna().sum() < 2:
        return ""
    copy_plotly(path.with_name("plotly.min.js"))
    return figure_of(table).to_html(full_html=False, include_plotlyjs="directory", div_id="figures")
