"""What every figure shares: one template, the marks' colours, and the word "simulated" where it belongs."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from chromolab.data.dataset.combine import joined_origin
from chromolab.data.dataset.dataset import Dataset
from chromolab.defaults import MARK_COLOURS, OTHER_COLOURS
from chromolab.errors import ChromolabError
from chromolab.show.figures.text import as_text, styled

INK, QUIET, FAINT = "#222222", "#767676", "#E4E4E4"
UP, DOWN = "#D1219B", "#7C5CE0"  # of a prediction; no mark has one of them
# Okabe and Ito's palette, in the order in which a figure's lines use it; lines also differ in dash or symbol.
LINES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56606B", "#E69F00", "#56B4E9", "#8C6D46")
TWO_LINES = 23  # pixels from the top of a figure to the foot of its title, where a subtitle follows
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x", "cross")

# Toolbar buttons to remove: those that teach nothing, and the one that uploads the figure with its data to plotly.
_BUTTONS = ["sendChartToCloud", "select2d", "lasso2d", "zoomIn2d", "zoomOut2d", "autoScale2d"]
_AXIS = {
    "showline": True,
    "linecolor": QUIET,
    "linewidth": 1,
    "ticks": "outside",
    "tickcolor": QUIET,
    "ticklen": 4,
    "showgrid": False,
    "zeroline": False,
    "automargin": True,
    "title": {"standoff": 8, "font": {"size": 13}},
}
TEMPLATE = go.layout.Template(
    layout={
        "font": {"family": "Helvetica, Arial, sans-serif", "size": 13, "color": INK},
        "title": {
            "x": 0,
            "xref": "container",
            "xanchor": "left",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"l": 12, "t": 12},
            "font": {"size": 16},
            "automargin": False,
        },
        "margin": {"l": 60, "r": 24, "t": 72, "b": 48},
        "paper_bgcolor": "white",
        "plot_bgcolor": "white",
        "colorway": list(LINES),
        "xaxis": _AXIS,
        "yaxis": _AXIS,
        "hovermode": "closest",
        "legend": {"bgcolor": "rgba(255,255,255,0.8)", "font": {"size": 12}},
        "modebar": {"remove": _BUTTONS, "bgcolor": "rgba(0,0,0,0)", "color": "#C8C8C8"},
        "annotationdefaults": {"font": {"size": 12, "color": INK}, "showarrow": False},
    }
)


def finish(figure: go.Figure, title: str, subtitle: str = "", height: float = 420, **layout: Any) -> go.Figure:
    """Give a figure the common template, its title (and a quieter line under it) and its height in pixels.

    The last step of every figure: here all that is not the figure's own markup becomes text (see `text`).
    """
    text = title if not subtitle else f"{title}\n{styled(subtitle, f'font-size:12px;color:{QUIET}')}"
    figure.update_layout(template=TEMPLATE, title_text=text, height=height, **layout)
    if subtitle:  # of several lines plotly puts the first one's foot, not its head, where the padding ends
        figure.update_layout(title_pad_t=TWO_LINES)
    return as_text(figure)


def legend_above(height: int) -> dict:
    """A legend in one line under the subtitle; needs a top margin of 96 pixels or more."""
    return {
        "orientation": "h",
        "x": 0.01,
        "xref": "container",
        "xanchor": "left",
        "y": 1 - 48 / height,
        "yref": "container",
        "yanchor": "top",
    }


def nice(top: float) -> float:
    """The largest of 1, 2, 5, 10, 20 ... at or below `top`; 0 for 0."""
    if not top > 0:
        return 0.0
    power = 10.0 ** np.floor(np.log10(top))
    return float(power * max(m for m in (1, 2, 5) if m * power <= top * 1.0000001))


def axis_of(low: float, top: float, room: float) -> dict:
    """Range and ticks of an axis for values from `low` to `top`, with 0 on it; `room` above for a label, 1 is none."""
    low, top = min(low, 0.0), max(top, 0.0)
    span = top - low or 1.0
    ticks = [*([-nice(-low)] if low else []), 0, nice(top or span)]
    return {"range": [low, top + (room - 1) * span], "tickvals": ticks}


def colour_of(mark: str, marks: Sequence[str] = ()) -> str:
    """A mark's own colour; marks without one take the spare colours in the order of `marks`."""
    if mark in MARK_COLOURS:
        return MARK_COLOURS[mark]
    others = [m for m in marks if m not in MARK_COLOURS]
    return OTHER_COLOURS[others.index(mark) % len(OTHER_COLOURS)] if mark in others else QUIET


def origin_of(*sources, note: str = "") -> str:
    """What a subtitle says of where the data come from: the sources' origin, then the caller's note.

    A dataset has an `origin`. The tables of `cl.fit` (history), `cl.cross_validate` (predictions, metrics) and
    `cl.explain.project` carry it as `attrs["origin"]`. Of arrays and other tables nothing is known: `note` says their
    origin. A note that names the origin stands alone.
    """
    origins = [getattr(s, "attrs", {}).get("origin", "") if not isinstance(s, Dataset) else s.origin for s in sources]
    origin, note = joined_origin(origins), note or ""
    return note if origin in note else joined(origin, note)


def joined(*parts: str) -> str:
    """Join the parts that are not empty with middle dots."""
    return " · ".join(p for p in parts if p)


def only_one(dataset: Dataset) -> pd.Series:
    """The gene of a dataset with one example: its row of `genes`; a ChromolabError for any other number."""
    if len(dataset) != 1:
        raise ChromolabError(f"this figure shows one gene in one cell type, not {len(dataset)}; pass ds.gene('...')")
    return dataset.genes.iloc[0]


def name_of(gene: pd.Series) -> str:
    """A gene's label in a figure: its name and, where that differs, its id."""
    name = str(gene.get("gene_name", "") or gene["gene_id"])
    return name if name == gene["gene_id"] else f"{name} ({gene['gene_id']})"


def widths_of(weight: ArrayLike | None, count: int, plain: float) -> np.ndarray:
    """Line widths in pixels, (count,): from 0.6 for weight 0 to 7 for the largest; all `plain` without weights."""
    if weight is None:
        return np.full(count, plain)
    weight = np.asarray(weight, np.float64)
    return 0.6 + 6.4 * weight / (weight.max(initial=0) or 1.0)
