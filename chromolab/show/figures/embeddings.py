"""Figures of change: embeddings from layer to layer, and predictions as a dose grows."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from chromolab.errors import ChromolabError
from chromolab.show.figures.style import DASHES, FAINT, INK, LINES, QUIET, SYMBOLS, finish, joined, origin_of
from chromolab.show.figures.text import NO_NAME

PLAY_MS = 700  # duration of one step while the figure plays


def trajectory(
    points: pd.DataFrame,
    colour: str,
    symbol: str,
    panel: str | None = None,
    *,
    colour_title: str | None = None,
    title: str = "Promoters on their way through the regulation layers",
    note: str = "",
) -> go.Figure:
    """Points that move from layer to layer, with a slider that needs no kernel.

    Parameters
    ----------
    points : DataFrame
        From `cl.explain.project`: gene, cell_type, layer (0: before the regulation layers), x, y, and the columns
        named below. It must hold every gene at every layer.
    colour : str
        Column of numbers, drawn from dark blue (low) to yellow (high).
    symbol : str
        Column of names, one symbol each, in order of appearance.
    panel : str, optional
        Column of names, a panel each, in the same axes.
    colour_title : str, optional
        Title of the colour bar, with the unit; default: the column's name.
    title : str
    note : str
        Stands in the subtitle, after the data's origin.

    Returns
    -------
    Figure
        One frame per layer, opening at the last. A grey line joins each point to its place one layer earlier.

    Raises
    ------
    ChromolabError
        When a gene lacks a layer.
    """
    layers = sorted(points["layer"].unique())
    panels = [("", points)] if panel is None else list(points.groupby(panel, sort=False))
    if any(len(p) != len(layers) * (p["layer"] == layers[0]).sum() for _, p in panels):
        raise ChromolabError("every gene must have a point at every layer; pass the whole table of cl.explain.project")
    names = list(dict.fromkeys(points[symbol].astype(str)))
    figure = make_subplots(
        1, len(panels), subplot_titles=[str(name) for name, _ in panels], shared_yaxes=True, horizontal_spacing=0.03
    )
    for trace, column in _moments(panels, symbol, colour, names, layers[-1], layers[-1]):
        figure.add_trace(trace, row=1, col=column)
    figure.frames = [
        go.Frame(
            name=str(layer), data=[trace for trace, _ in _moments(panels, symbol, colour, names, layer, layers[-1])]
        )
        for layer in layers
    ]
    for name, mark in zip(names, SYMBOLS, strict=False):  # legend entries in ink, since colour shows a value
        figure.add_trace(
            go.Scatter(
                x=[None],
                y=[None],
                mode="markers",
                name=name,
                legendgroup=name,
                marker={"symbol": mark, "color": INK, "size": 9},
            )
        )
    _same_axes(figure, points, len(panels))
    figure.update_layout(coloraxis=_colour_axis(points[colour], colour_title or colour), **_controls(layers))
    figure.update_annotations(font_size=13, yshift=-2)
    about = joined(origin_of(points, note=note), "grey: from the layer before")
    return finish(
        figure,
        title,
        about,
        520,
        margin={"t": 112, "b": 136, "l": 66, "r": 90},
        legend={"orientation": "h", "x": 0, "y": 1.09, "yanchor": "bottom"},
    )


def _moments(panels, symbol: str, colour: str, names: list[str], layer: int, last: int):
    """Yield the traces of one layer, each with its panel's column: trails, then the points of each symbol."""
    for column, (_, points) in enumerate(panels, 1):
        now, before = points[points["layer"] == layer], points[points["layer"] == max(layer - 1, 0)]
        gap = np.full(len(now), np.nan)
        trail = {axis: np.stack([before[axis], now[axis], gap], 1).ravel() for axis in "xy"}
        yield (
            go.Scatter(
                **trail, mode="lines", line={"color": "#C4C4C4", "width": 0.7}, hoverinfo="skip", showlegend=False
            ),
            column,
        )
        for name, mark in zip(names, SYMBOLS, strict=False):
            rows = now[now[symbol].astype(str) == name]
            text = rows["gene"].astype(str) + ", " + rows["cell_type"].astype(str) + "\n" + name
            marker = {
                "symbol": mark,
                "color": rows[colour],
                "coloraxis": "coloraxis",
                "size": 8,
                "line": {"color": "white", "width": 0.6},
            }
            yield (
                go.Scatter(
                    x=rows["x"],
                    y=rows["y"],
                    mode="markers",
                    marker=marker,
                    text=text,
                    name=name,
                    legendgroup=name,
                    showlegend=False,
                    hovertemplate="%{text}\n%{marker.color:.2f}" + NO_NAME,
                ),
                column,
            )


def _same_axes(figure: go.Figure, points: pd.DataFrame, panels: int) -> None:
    """The same range in every frame and panel, and the same scale along x and y: distances can be compared."""
    titles = points.attrs.get("axes", ("x", "y"))
    ranges = []
    for axis in "xy":
        low, high = points[axis].min(), points[axis].max()
        ranges.append([low - 0.06 * (high - low or 1), high + 0.06 * (high - low or 1)])
    figure.update_xaxes(range=ranges[0], title_text=titles[0], constrain="domain")
    figure.update_yaxes(range=ranges[1], scaleanchor="x", constrain="domain")
    figure.update_yaxes(title_text=titles[1], row=1, col=1)
    for column in range(2, panels + 1):
        figure.update_xaxes(matches="x", row=1, col=column)


def _colour_axis(values: pd.Series, title: str) -> dict:
    bar = {"title": {"text": title, "side": "right", "font": {"size": 13}}, "thickness": 12, "len": 1.0}
    return {"colorscale": "Cividis", "cmin": float(values.min()), "cmax": float(values.max()), "colorbar": bar}


def _controls(layers: Sequence[int]) -> dict:
    """A slider over the layers, and a button that plays them from the first."""

    def go_to(frame, ms):
        return {
            "mode": "immediate",
            "transition": {"duration": ms, "easing": "cubic-in-out"},
            "frame": {"duration": ms, "redraw": False},
            "fromcurrent": frame is None,
        }

    steps = [
        {
            "method": "animate",
            "args": [[str(layer)], go_to(layer, PLAY_MS)],
            "label": f"after layer {layer}" if layer else "before",
        }
        for layer in layers
    ]
    slider = {
        "active": len(layers) - 1,
        "steps": steps,
        "x": 0.16,
        "len": 0.84,
        "y": -0.24,
        "pad": {"t": 0},
        "currentvalue": {"visible": False},
        "tickcolor": QUIET,
        "bgcolor": FAINT,
    }
    play = {
        "label": "▶ play",
        "method": "animate",
        "args": [[str(layer) for layer in layers], {**go_to(0, PLAY_MS), "fromcurrent": False}],
    }
    button = {
        "type": "buttons",
        "showactive": False,
        "buttons": [play],
        "x": 0,
        "xanchor": "left",
        "y": -0.24,
        "yanchor": "top",
        "pad": {"t": 0},
    }
    return {"sliders": [slider], "updatemenus": [button]}


def doses(
    table: pd.DataFrame,
    panel: str,
    *,
    x_title: str,
    y_title: str,
    title: str,
    note: str = "",
) -> go.Figure:
    """The response to a growing dose: prediction with its interval, and truth; one panel per group of genes.

    Parameters
    ----------
    table : DataFrame
        dose, kind (what is given; each has a colour and a symbol, in order of appearance), predicted, low and high (the
        ends of its interval), true, and the column that `panel` names.
    panel : str
        Column with the groups of genes.
    x_title, y_title : str
        Titles of the axes, with units.
    title, note : str
        The note stands in the subtitle: say "simulated" there if the data are.

    Returns
    -------
    Figure
        Solid lines in bands: predicted; dashed lines: true.
    """
    panels = list(table.groupby(panel, sort=False))
    kinds = list(dict.fromkeys(table["kind"]))
    figure = make_subplots(
        1, len(panels), subplot_titles=[str(name) for name, _ in panels], shared_yaxes=True, horizontal_spacing=0.025
    )
    for column, (_, group) in enumerate(panels, 1):
        for i, kind in enumerate(kinds):
            rows = group[group["kind"] == kind].sort_values("dose")
            for trace in _response(rows, str(kind), LINES[i % len(LINES)], SYMBOLS[i % len(SYMBOLS)], column == 1):
                figure.add_trace(trace, row=1, col=column)
    figure.update_xaxes(title_text=x_title, dtick=2 if table["dose"].max() > 5 else 1)
    figure.update_yaxes(zeroline=True, zerolinecolor=FAINT)
    figure.update_yaxes(title_text=y_title, row=1, col=1)
    figure.update_annotations(font_size=13)
    return finish(
        figure,
        title,
        joined(origin_of(table, note=note), "solid, with 95 % interval: predicted; dashed: true"),
        430,
        margin={"t": 96, "b": 96, "l": 66, "r": 24},
        legend={"orientation": "h", "x": 0, "y": -0.2, "yanchor": "top"},
    )


def _response(rows: pd.DataFrame, kind: str, colour: str, symbol: str, listed: bool) -> list[go.Scatter]:
    """Band, prediction and truth of one kind in one panel."""
    ring = {
        "x": np.concatenate([rows["dose"], rows["dose"][::-1]]),
        "y": np.concatenate([rows["high"], rows["low"][::-1]]),
    }
    hover = "dose %{x}: %{y:+.2f}" + NO_NAME
    return [
        go.Scatter(
            **ring,
            mode="lines",
            line={"width": 0},
            fill="toself",
            fillcolor=colour,
            opacity=0.2,
            hoverinfo="skip",
            showlegend=False,
            legendgroup=kind,
        ),
        go.Scatter(
            x=rows["dose"],
            y=rows["true"],
            mode="lines",
            name=f"{kind}, true",
            legendgroup=kind,
            line={"color": colour, "dash": DASHES[1], "width": 2},
            showlegend=listed,
            hovertemplate=hover,
        ),
        go.Scatter(
            x=rows["dose"],
            y=rows["predicted"],
            mode="lines+markers",
            name=f"{kind}, predicted",
            legendgroup=kind,
            line={"color": colour, "width": 2},
            marker={"symbol": symbol, "size": 7},
            showlegend=listed,
            hovertemplate=hover,
        ),
    ]
