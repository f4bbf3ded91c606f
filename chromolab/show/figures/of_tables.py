"""Figures of tables: lines, points, bars, sliders and heat maps."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from chromolab.show.figures.style import (
    DASHES,
    INK,
    LINES,
    QUIET,
    SYMBOLS,
    finish,
    legend_above,
    origin_of,
)
from chromolab.show.figures.text import NO_NAME, in_hover, on_a_line

MARKED = 50  # of more points markers hide the line, and one another


def lines(
    table: pd.DataFrame,
    x: str,
    y: str,
    by: str | None = None,
    *,
    x_title: str = "",
    y_title: str = "",
    title: str = "",
    note: str = "",
    log_x: bool = False,
    log_y: bool = False,
    levels: Mapping[str, float] | None = None,
    panel: str | None = None,
) -> go.Figure:
    """One quantity against another, a line per group.

    Parameters
    ----------
    table : DataFrame
    x, y : str
        Its columns.
    by : str, optional
        Column that names the groups.
    x_title, y_title : str
        Titles of the axes, with units; default: the columns' names.
    title, note : str
        The note stands in the subtitle: say "simulated" there if the data are.
    log_x, log_y : bool
        Logarithmic axes.
    levels : {name: value}, optional
        What y is held against, such as {"even": 1}: a dashed line each, with its name.
    panel : str, optional
        Column that names the panels, side by side on one scale.
    """

    def drawn(i: int, rows: pd.DataFrame) -> go.Scatter:
        line = {"color": LINES[i % len(LINES)], "dash": DASHES[i % len(DASHES)], "width": 2}
        marker = {"symbol": SYMBOLS[i % len(SYMBOLS)], "size": 7}
        mode = "lines+markers" if len(rows) <= MARKED else "lines"
        hover = "%{x:,.4~g}, %{y:,.4~g}" + NO_NAME
        return go.Scatter(x=rows[x], y=rows[y], mode=mode, line=line, marker=marker, hovertemplate=hover)

    figure = _against(table, by, drawn, (x_title or x, y_title or y), title, note, panel)
    for update, log, name in ((figure.update_xaxes, log_x, x), (figure.update_yaxes, log_y, y)):
        if log:
            update(type="log", **_round_ticks(table[name]))
    if not log_x and pd.api.types.is_integer_dtype(table[x]) and np.ptp(table[x]) <= 12:
        figure.update_xaxes(dtick=1)  # no half layers or folds
    for name, level in (levels or {}).items():
        figure.add_hline(level, line={"color": INK, "width": 1, "dash": "dash"})
        height = np.log10(level) if log_y else level  # unlike a line, an annotation stands where the logarithm is
        at = {"x": 1, "y": height, "xref": "paper", "xanchor": "right", "yanchor": "bottom"}
        figure.add_annotation(**on_a_line(name, INK, 11), showarrow=False, **at)
    return figure


def points(
    table: pd.DataFrame,
    x: str,
    y: str,
    by: str | None = None,
    *,
    x_title: str = "",
    y_title: str = "",
    title: str = "",
    note: str = "",
) -> go.Figure:
    """One quantity against another, a point a row, with its interval where the table has one.

    Parameters
    ----------
    table : DataFrame
        Where it has `low` and `high`, they are the ends of an interval of `y`; where it has `name`, the pointer shows
        it.
    x, y, by, x_title, y_title, title, note : as in `lines`
    """

    def drawn(i: int, rows: pd.DataFrame) -> go.Scatter:
        look = {"color": LINES[i % len(LINES)], "symbol": SYMBOLS[i % len(SYMBOLS)], "size": 9}
        more: dict[str, Any] = {"mode": "markers", "marker": look, "hovertemplate": "%{x:.3f}, %{y:.3f}"}
        if "low" in rows:
            ends = {"array": rows["high"] - rows[y], "arrayminus": rows[y] - rows["low"]}
            more["error_y"] = {"type": "data", "thickness": 1, "width": 3, **ends}
        if "name" in rows:
            more |= {"text": rows["name"], "hovertemplate": "%{text}\n" + more["hovertemplate"]}
        more["hovertemplate"] += NO_NAME
        return go.Scatter(x=rows[x], y=rows[y], **more)

    return _against(table, by, drawn, (x_title or x, y_title or y), title, note)


def bars(
    table: pd.DataFrame,
    x: str,
    y: str,
    by: str | None = None,
    *,
    panel: str | None = None,
    x_title: str = "",
    y_title: str = "",
    title: str = "",
    note: str = "",
    written: str = "",
    levels: Mapping[str, float] | None = None,
) -> go.Figure:
    """A number for each of several things as bars, beside one another for each group.

    Parameters
    ----------
    table : DataFrame
    x, y : str
        Its columns: what the bars stand for (names, or numbers in order), and their heights.
    by : str, optional
        Column that names the groups.
    panel : str, optional
        Column that names the panels, side by side, each on its own scale.
    x_title, y_title, title, note : as in `lines`
    written : str
        How each height is written on its bar, such as ".2f"; "": it is not.
    levels : {name: value}, optional
        What x is held against, such as {"median": 1.5}: a dashed line each, with its name. For numbers along x.
    """

    def drawn(i: int, rows: pd.DataFrame) -> go.Bar:
        text = [f"{value:{written}}" for value in rows[y]] if written else None
        look = {"marker_color": LINES[i % len(LINES)], "textposition": "outside", "cliponaxis": False}
        return go.Bar(x=rows[x], y=rows[y], text=text, hovertemplate="%{x}: %{y:,.4~g}" + NO_NAME, **look)

    figure = _against(table, by, drawn, (x_title or x, y_title or y), title, note, panel, shared=False)
    figure.update_layout(bargap=0.12, bargroupgap=0.05)
    if table[y].min() < 0:
        figure.update_yaxes(zeroline=True, zerolinecolor=QUIET)
    for i, (name, level) in enumerate((levels or {}).items()):  # names one below the other: levels may be close
        figure.add_vline(level, line={"color": INK, "width": 1, "dash": "dash"})
        at = {"x": level, "y": 1, "yref": "paper", "xanchor": "left", "yanchor": "top", "yshift": -15 * i}
        figure.add_annotation(**on_a_line(f" {name}", INK, 11), showarrow=False, **at)
    return figure


def _against(
    table: pd.DataFrame,
    by: str | None,
    drawn: Callable,
    titles: tuple[str, str],
    title: str,
    note: str,
    panel: str | None = None,
    shared: bool = True,
) -> go.Figure:
    """A trace per group, in order of appearance; `drawn` makes it, given the group's number and its rows.

    Panels, in order of appearance, too, are named above and have one scale of y if it is `shared`.
    """
    panels = [("", table)] if panel is None else list(table.groupby(panel, sort=False))
    names = [str(name) for name, _ in panels] if panel is not None else None
    groups = [""] if by is None else list(dict.fromkeys(table[by]))
    gap = 0.04 if shared else 0.09
    figure = make_subplots(1, len(panels), subplot_titles=names, shared_yaxes=shared, horizontal_spacing=gap)
    shown = set()
    for column, (_, part) in enumerate(panels, 1):
        for i, name in enumerate(groups):
            rows = part if by is None else part[part[by] == name]
            if rows.empty:
                continue
            trace = drawn(i, rows).update(name=str(name), legendgroup=str(name), showlegend=name not in shown)
            figure.add_trace(trace, row=1, col=column)
            shown.add(name)
    figure.update_annotations(font_size=13)
    figure.update_xaxes(title_text=titles[0])
    figure.update_yaxes(title_text=titles[1], col=1)
    listed = by is not None
    return finish(
        figure,
        title or f"{titles[1]} and {titles[0]}",
        origin_of(table, note=note),
        400,
        showlegend=listed,
        legend=legend_above(400),
        margin_t=(96 if listed else 72) + (24 if names else 0),
    )


def _round_ticks(values: pd.Series) -> dict:
    """Ticks at 1, 2, 5, 10, 20 ..., written in full: on a logarithmic axis plotly writes 20 as 2."""
    values = values[values > 0]
    powers = 10.0 ** np.arange(np.floor(np.log10(values.min())) - 1, np.ceil(np.log10(values.max())) + 1)
    ticks = [m * p for p in powers for m in (1, 2, 5) if values.min() / 2.5 <= m * p <= values.max() * 2.5]
    return {"tickvals": ticks, "ticktext": [f"{t:,.10g}" for t in ticks]}


def slider(
    table: pd.DataFrame,
    x: str,
    y: str,
    by: str,
    *,
    x_title: str = "",
    y_title: str = "",
    by_title: str = "",
    title: str = "",
    note: str = "",
    start: Any = None,
) -> go.Figure:
    """Bars with a slider below: one set of bars for each value of a number.

    The figure holds all of them, so that the slider needs no kernel and also works on a web page.

    Parameters
    ----------
    table : DataFrame
    x, y : str
        Columns with the bars' names and their heights.
    by : str
        Column with the numbers that the slider moves along, in the order of the rows.
    x_title, y_title, by_title : str
        Titles of the axes and the slider, with units; default: the columns' names.
    title, note : str
        The note stands in the subtitle: say "simulated" there if the data are.
    start : number, optional
        The value shown first; default the first of the table.
    """
    values = list(dict.fromkeys(table[by]))
    first = 0 if start is None else values.index(start)
    figure = go.Figure()
    for i, value in enumerate(values):
        rows = table[table[by] == value]
        figure.add_trace(
            go.Bar(
                x=rows[x],
                y=rows[y],
                name=f"{value:g}",
                visible=i == first,
                marker_color=LINES[0],
                text=[f"{v:.2f}" for v in rows[y]],
                textposition="outside",
                cliponaxis=False,
                hovertemplate="%{x}: %{y:.3f}" + NO_NAME,
            )
        )
    steps = [
        {"method": "restyle", "label": f"{value:g}", "args": ["visible", [v == value for v in values]]}
        for value in values
    ]
    current = {"prefix": f"{by_title or by}: ", "xanchor": "left", "font": {"size": 13}}
    figure.update_layout(sliders=[{"active": first, "steps": steps, "currentvalue": current, "pad": {"t": 64}}])
    figure.update_xaxes(title_text=x_title or x)
    figure.update_yaxes(title_text=y_title or y, range=[0, 1.08 * float(table[y].max())])
    about = origin_of(table, note=note)
    return finish(figure, title or f"{y_title or y} and {by_title or by}", about, 500, showlegend=False)


def heatmap(
    table: pd.DataFrame,
    x: str,
    y: str = "",
    value: str = "",
    title: str = "",
    note: str = "",
    diverging: bool = False,
) -> go.Figure:
    """A table as colours: rows from the top, columns from the left.

    Parameters
    ----------
    table : DataFrame
        Its index names the rows, its columns are numbers (positions) or names.
    x, y, value : str
        Titles of the columns, the rows and the colour bar, with units.
    title, note : str
        The note stands in the subtitle: say "simulated" there if the data are.
    diverging : bool
        For values on both sides of zero: white is zero, the scale is symmetric.
    """
    z = table.to_numpy(float)
    top = float(np.nanmax(np.abs(z))) or 1.0
    scale = {"colorscale": "PuOr", "zmin": -top, "zmax": top} if diverging else {"colorscale": "Cividis"}
    bar = {"title": {"text": value, "side": "right", "font": {"size": 13}}, "thickness": 14}
    hover = f"%{{y}}\n{in_hover(x)} %{{x}}\n{in_hover(value)} %{{z:.3f}}{NO_NAME}"
    figure = go.Figure(
        go.Heatmap(
            z=z, x=list(table.columns), y=[str(i) for i in table.index], colorbar=bar, hovertemplate=hover, **scale
        )
    )
    figure.update_xaxes(title_text=x)
    figure.update_yaxes(title_text=y, autorange="reversed")
    return finish(figure, title, origin_of(table, note=note), max(260, min(560, 150 + 30 * len(table))))
