"""Which model wins: every run's score, and the paired difference from a reference with its interval."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from chromolab.learn import metrics
from chromolab.show.figures.scores import LABELS
from chromolab.show.figures.style import INK, LINES, QUIET, SYMBOLS, finish, joined, origin_of
from chromolab.show.figures.text import NO_NAME, bold, on_a_line

ROW = 34  # pixels a model
LEVEL = 13  # pixels the name of a level
WIDE = 0.2  # for values that spread as far, two decimals are enough


def wins(
    runs: pd.DataFrame,
    score: str,
    against: str,
    *,
    name: str = "model",
    title: str = "",
    note: str = "",
    ranked: bool = True,
    n: int = 2000,
) -> go.Figure:
    """Models side by side on the same folds and seeds: the score of each run, and which model is better by how much.

    Parameters
    ----------
    runs : DataFrame
        A row per run: `name`, fold, seed and `score`, as `cl.results` gives them.
    score : str
        The column to compare; higher is better.
    against : str
        The reference: one of the values of column `name`.
    name : str
        The column that says what is compared.
    title, note : str
        The note stands in the subtitle: say "simulated" there if the data are.
    ranked : bool
        The best mean on top; otherwise in order of appearance.
    n : int
        Bootstrap draws (`cl.metrics.paired`).

    Returns
    -------
    Figure
        Left: a faint dot per run, a line at the mean. Right: mean paired difference from the reference with its 95 %
        t interval over folds, and a pale band for the bootstrap interval. The dot is filled where the t interval
        excludes 0, open where it does not; a star marks what holds after Holm's correction for all rows, too.
    """
    differences = metrics.paired(runs, score, against, name=name, n=n).set_index("name")
    means = runs.groupby(name, sort=False)[score].mean()
    names = list((means.sort_values(ascending=False) if ranked else means).index)
    label, figure = LABELS.get(score, score), make_subplots(1, 2, shared_yaxes=True, horizontal_spacing=0.04)
    place = {model: row for row, model in enumerate(names)}
    figure.add_traces(_scores(runs, score, name, place, means), 1, 1)
    figure.add_traces(_differences(differences, place), 1, 2)
    figure.add_vline(x=0, line={"color": QUIET, "width": 1, "dash": "dot"}, row=1, col=2)
    figure.add_annotation(x=0, y=place[against], text="  reference", xanchor="left", font_color=QUIET, row=1, col=2)
    figure.update_xaxes(title_text=f"{label} of each run", row=1, col=1)
    figure.update_xaxes(title_text=f"difference in {label} from {against}", row=1, col=2)
    figure.update_yaxes(
        tickvals=list(place.values()),
        ticktext=names,
        range=[len(names) - 0.4, -0.6],
        showgrid=True,
        gridcolor="#F0F0F0",
        ticks="",
        showline=False,
    )
    about = joined(origin_of(runs, note=note), f"{len(runs) // len(names)} runs each on the same folds and seeds")
    held = (differences["p_holm"] < 0.05).sum()
    about += "\n" + joined(
        "filled: the 95 % t interval over folds excludes 0",
        f"* after Holm's correction, too: {held} of {len(differences)}",
        "pale: bootstrap",
    )
    layout = {"showlegend": False, "margin": {"r": 70, "t": 90}}
    return finish(figure, title or f"Which wins? {label}", about, 168 + ROW * len(names), **layout)


def _scores(runs: pd.DataFrame, score: str, name: str, place: dict, means: pd.Series) -> list[go.Scatter]:
    """A dot per run, shifted a little by fold so that equal scores stay visible, and a line at each mean."""
    fold = pd.factorize(runs["fold"], sort=True)[0]
    shift = (fold - fold.max() / 2) * 0.12
    dots = go.Scatter(
        x=runs[score],
        y=runs[name].map(place) + shift,
        mode="markers",
        customdata=runs[["fold", "seed"]],
        marker={"color": LINES[0], "size": 6, "opacity": 0.4, "line": {"width": 0}},
        hovertemplate="%{x:.3f} (fold %{customdata[0]}, seed %{customdata[1]})" + NO_NAME,
    )
    x = np.repeat([means[model] for model in place], 3)
    y = np.ravel([[row - 0.32, row + 0.32, np.nan] for row in place.values()])
    return [dots, go.Scatter(x=x, y=y, mode="lines", line={"color": INK, "width": 2}, hoverinfo="skip")]


def _differences(table: pd.DataFrame, place: dict) -> list[go.Scatter]:
    """Mean difference and both intervals of every model but the reference, with the number beside it."""
    y = np.array([place[model] for model in table.index])
    between = table[["boot_low", "boot_high"]].assign(gap=np.nan).to_numpy().ravel()
    band = go.Scatter(
        x=between, y=np.repeat(y, 3), mode="lines", line={"color": LINES[6], "width": 9}, opacity=0.5, hoverinfo="skip"
    )
    error = {
        "type": "data",
        "array": table["high"] - table["difference"],
        "thickness": 1.5,
        "width": 4,
        "arrayminus": table["difference"] - table["low"],
        "color": INK,
    }
    sure = table["verdict"] != "open"
    dots = go.Scatter(
        x=table["difference"],
        y=y,
        mode="markers",
        marker={"color": np.where(sure, INK, "white"), "size": 10, "line": {"color": INK, "width": 1.5}},
        error_x=error,
        customdata=table[["low", "high", "boot_low", "boot_high", "p", "p_holm"]],
        hovertemplate="%{x:+.4f}\nt interval %{customdata[0]:+.3f} to %{customdata[1]:+.3f}"
        "\nbootstrap %{customdata[2]:+.3f} to %{customdata[3]:+.3f}"
        "\np %{customdata[4]:.2g}, by Holm %{customdata[5]:.2g}" + NO_NAME,
    )
    stars = np.where(table["p_holm"] < 0.05, "*", "")
    numbers = go.Scatter(
        x=table[["high", "boot_high"]].max(axis=1).clip(lower=0),
        y=y,
        mode="text",
        text=[f"  {round(d, 3) + 0.0:+.3f}{star}" for d, star in zip(table["difference"], stars, strict=True)],
        textposition="middle right",
        textfont_size=11,
        cliponaxis=False,
        hoverinfo="skip",
    )
    return [band, dots, numbers]


def overview(found: pd.DataFrame, across: str, *, title: str = "", note: str = "") -> go.Figure:
    """Many paired differences at a glance: a field each, coloured by direction and size.

    Parameters
    ----------
    found : DataFrame
        Rows of `cl.metrics.paired` with two columns more: `kind`, which groups the rows, and the one named next.
    across : str
        The column whose values are the columns of the figure, in order of appearance.
    title, note : str
        The note stands in the subtitle: say "simulated" there if the data are.

    Returns
    -------
    Figure
        In each field the difference in hundredths; a frame where its t interval excludes 0, and a star where it holds
        after Holm's correction within its table, too. A field that was not asked is empty.
    """
    columns, rows = list(dict.fromkeys(found[across])), []
    for kind, of_kind in found.groupby("kind", sort=False):
        rows += [(kind, ""), *((kind, name) for name in dict.fromkeys(of_kind["name"]))]
    y = np.array([rows.index(pair) for pair in zip(found["kind"], found["name"], strict=True)])
    x = np.array([columns.index(column) for column in found[across]])
    z, words = np.full((len(rows), len(columns)), np.nan), np.full((len(rows), len(columns)), "", object)
    z[y, x] = 100 * found["difference"]
    stars = np.where(found["p_holm"] < 0.05, "*", "")
    words[y, x] = [f"{round(100 * d) + 0:+d}{star}" for d, star in zip(found["difference"], stars, strict=True)]
    words = np.where(words == "+0", "0", words)
    top = float(np.nanmax(np.abs(z))) or 1.0
    field = go.Heatmap(
        z=z,
        text=words,
        texttemplate="%{text}",
        textfont_size=13,
        colorscale="PuOr",
        zmin=-1.5 * top,  # the darkest colours would swallow the numbers
        zmax=1.5 * top,
        showscale=False,
        xgap=2,
        ygap=2,
        hoverinfo="skip",
    )
    figure = go.Figure(field)
    for row, column in zip(*np.array([y, x])[:, (found["verdict"] != "open").to_numpy()], strict=True):
        corners = {"x0": column - 0.49, "x1": column + 0.49, "y0": row - 0.47, "y1": row + 0.47}
        figure.add_shape(type="rect", line={"color": INK, "width": 2}, **corners)
    ticks = [name or bold(kind) for kind, name in rows]
    figure.update_yaxes(tickvals=list(range(len(rows))), ticktext=ticks, autorange="reversed", ticks="", showline=False)
    figure.update_xaxes(tickvals=list(range(len(columns))), ticktext=columns, side="top", ticks="", showline=False)
    about = joined(origin_of(found, note=note), "differences in hundredths")
    about += "\nframe: the 95 % t interval over folds excludes 0 · * after Holm's correction in its group, too"
    return finish(figure, title, about, 150 + 22 * len(rows), margin={"t": 110}, showlegend=False)


def compare(
    table: pd.DataFrame, axis: str, title: str = "", note: str = "", levels: Mapping[str, float] | None = None
) -> go.Figure:
    """Models, inputs or windows side by side: a dot each with its interval, and the number beside it.

    Parameters
    ----------
    table : DataFrame
        Columns `name` and `value`, and where known `low` and `high`, the ends of an interval; top row first. A column
        `group` puts several rows of one name side by side.
    axis : str
        What the value is, with its unit.
    title, note : str
        The note stands in the subtitle: say "simulated" there if the data are.
    levels : {name: value}, optional
        What the values are held against, such as {"knowing nothing": 0.25}: a dashed line each, with its name.
    """
    groups = table["group"] if "group" in table else pd.Series("", index=table.index)
    low, high = ("low", "high") if "low" in table else ("value", "value")
    marked = table["value"].min() < 0 < table["value"].max()  # there is a line at 0
    digits = 2 if np.ptp(table["value"]) >= WIDE else 3
    levels = dict(levels or {})
    first, last = min([table[low].min(), *levels.values()]), max([table[high].max(), *levels.values()])
    room = 0.12 * (last - first or 1)  # for the numbers
    figure = go.Figure()
    names = list(dict.fromkeys(table["name"].astype(str)))
    group_names = list(dict.fromkeys(groups))
    of_name = groups.groupby(table["name"].astype(str)).agg(lambda of: list(dict.fromkeys(of)))
    most = int(of_name.map(len).max())
    spacing = min(0.26, 0.8 / most)  # rows of one name stand closer to each other than to the next name's
    for i, group in enumerate(group_names):
        rows = table[groups == group]
        beside = [of_name[str(n)] for n in rows["name"]]
        y = np.array([names.index(str(n)) for n in rows["name"]], float)
        y += [(of.index(group) - (len(of) - 1) / 2) * spacing for of in beside]
        error = None
        if "low" in rows:
            error = {
                "type": "data",
                "array": rows["high"] - rows["value"],
                "arrayminus": rows["value"] - rows["low"],
                "thickness": 1.5,
                "width": 4,
            }
        marker = {"color": LINES[i % len(LINES)], "symbol": SYMBOLS[i % len(SYMBOLS)], "size": 10}
        figure.add_trace(
            go.Scatter(
                x=rows["value"],
                y=y,
                mode="markers",
                marker=marker,
                error_x=error,
                name=str(group),
                legendgroup=str(group),
                showlegend=len(group_names) > 1,
                hovertemplate="%{x:.4f}" + NO_NAME,
            )
        )
        before = marked & (rows[high] < 0)  # to the right of it, the line at 0 would cross the number
        for level in levels.values():  # or that of a level
            before |= (rows[high] < level) & (level < rows[high] + 0.7 * room)
        figure.add_trace(  # the number stands clear of the interval
            go.Scatter(
                x=np.where(before, rows[low], rows[high]),
                y=y,
                mode="text",
                hoverinfo="skip",
                text=[f"   {round(v, digits) + 0.0:.{digits}f}   " for v in rows["value"]],  # + 0.0: no -0.00
                textposition=np.where(before, "middle left", "middle right"),
                textfont_size=11,
                cliponaxis=False,
                legendgroup=str(group),
                showlegend=False,
            )
        )
    figure.update_xaxes(title_text=axis, range=[first - room * (1 if marked else 0.4), last + room])
    if marked:
        figure.add_vline(x=0, line={"color": QUIET, "width": 1, "dash": "dot"})
    for i, (name, level) in enumerate(levels.items()):  # names one below the other: levels may be close
        figure.add_vline(x=level, line={"color": INK, "width": 1, "dash": "dash"})
        side = "right" if level > np.mean(figure.layout.xaxis.range) else "left"  # where there is room for the name
        at = {"x": level, "y": 1, "yref": "paper", "xanchor": side, "yanchor": "top", "yshift": -LEVEL * i}
        figure.add_annotation(**on_a_line(f" {name}, {level:.2f} ", INK, 11), showarrow=False, **at)
    row = (52 if most > 1 or len(names) < 9 else 34) * max(1, 0.62 * most)  # pixels
    above = 0.7 + LEVEL / row * max(0, len(levels) - 1)  # rows, for the names of levels
    figure.update_yaxes(tickvals=list(range(len(names))), ticktext=names, range=[len(names) - 0.4, -above])
    return finish(
        figure,
        title or axis,
        origin_of(table, note=note),
        130 + row * len(names) + LEVEL * max(0, len(levels) - 1),
        legend={"orientation": "h", "x": 1, "xanchor": "right", "y": 1.02, "yanchor": "bottom"},
    )
