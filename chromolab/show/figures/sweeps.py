"""The figure of a sweep: key figures against the parameters that were varied."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from chromolab.errors import ChromolabError
from chromolab.learn import metrics
from chromolab.show.figures.style import INK, LINES, QUIET, finish, joined, origin_of
from chromolab.show.figures.text import NO_NAME

FOLDS, SEEDS = ("fold", "folds"), ("seed", "seeds", "model_seed")
MOST = 4  # key figures, and parameters, that are shown unless they are named


def sweep(
    table: pd.DataFrame,
    figures: Sequence[str] | None = None,
    against: Sequence[str] | None = None,
    *,
    repeats: Sequence[str] | None = None,
    title: str = "",
    note: str = "",
) -> go.Figure:
    """Small multiples: each key figure (row) against each parameter (column), with intervals over seeds.

    Parameters
    ----------
    table : DataFrame
        A row per run, as `cl.sweep` and `cl.results_of` return it; rows without the key figure do not count.
    figures, against : list of str
        Columns: the key figures, and the parameters. By default the first four numbers among `table.attrs["figures"]`,
        and the first four parameters with several values that are no repeats.
    repeats : list of str
        Columns that say which runs repeat each other: by default fold, else seed, under their usual names. Seeds of a
        fold share its genes, so with several folds a fold is one value, the mean over its seeds.
    title, note : str
        The note stands in the subtitle: say "simulated" there if the data are.

    Returns
    -------
    Figure
        A faint dot per run. The black dot is the mean over repeats, each of which is the mean of its runs at this value
        of the parameter, whatever the other parameters are; the bar is the 95 % t interval over the repeats.

    Raises
    ------
    ChromolabError
        If there is no key figure or parameter to show, or no column of that name.
    """
    known = [name for name in table.attrs.get("parameters", []) if name in table]
    shown = table.map(lambda cell: str(cell) if isinstance(cell, list | dict | bool) else cell)
    several = [str(name) for name in shown if len(shown[name].drop_duplicates()) > 1]
    if repeats is None:
        repeats = [name for name in FOLDS if name in several] or [name for name in SEEDS if name in several]
    figures = numbers_of(table)[:MOST] if figures is None else figures
    columns = list(against or ())
    if against is None:
        asked = [name for name in several if name in known and name not in (*repeats, *FOLDS, *SEEDS)]
        columns = asked[:MOST] or [name for name in several if name in known][:1] or known[:1]
    repeats = [name for name in repeats if name not in columns]
    if not figures or not columns:
        what = "key figure" if not figures else "parameter"
        raise ChromolabError(f"no {what} to show; name it ({'figures' if not figures else 'against'}=[...]).")
    if missing := [name for name in (*figures, *columns) if name not in shown]:
        raise ChromolabError(f"no column {', '.join(missing)}; the table has {', '.join(map(str, shown))}.")
    if words := [name for name in figures if not pd.api.types.is_numeric_dtype(table[name])]:
        raise ChromolabError(f"{', '.join(words)}: no number in every run; name other figures=[...].")
    shown[list(figures)] = table[list(figures)].astype(float)  # True as 1
    grid = make_subplots(
        len(figures), len(columns), shared_yaxes="rows", horizontal_spacing=0.04, vertical_spacing=0.12 / len(figures)
    )
    for row, figure in enumerate(figures, 1):
        for column, parameter in enumerate(columns, 1):
            rows = shown.loc[shown[figure].notna(), [figure, parameter, *repeats]]
            grid.add_traces(_panel(rows, figure, parameter, repeats), row, column)
            numeric = pd.api.types.is_numeric_dtype(shown[parameter])
            grid.update_xaxes(type="linear" if numeric else "category", row=row, col=column)
        grid.update_yaxes(title_text=figure, row=row, col=1)
    for column, parameter in enumerate(columns, 1):
        grid.update_xaxes(title_text=parameter, row=len(figures), col=column)
    about = joined(origin_of(table, note=note), f"{int(table[list(figures)].notna().any(axis=1).sum())} runs")
    about = joined(about, f"bars: 95 % t interval over {' and '.join(repeats)}" if repeats else "")
    return finish(grid, title or "What the sweep found", about, 110 + 190 * len(figures), showlegend=False)


def numbers_of(table: pd.DataFrame) -> list[str]:
    """The key figures of a sweep's table that are numbers."""
    of_type = pd.api.types
    known = [name for name in table.attrs.get("figures", []) if name in table]
    return [f for f in known if of_type.is_numeric_dtype(table[f]) and not of_type.is_bool_dtype(table[f])]


def _panel(rows: pd.DataFrame, figure: str, parameter: str, repeats: Sequence[str]) -> list[go.Scatter]:
    dots = go.Scatter(
        x=rows[parameter],
        y=rows[figure],
        mode="markers",
        marker={"color": LINES[0], "size": 6, "opacity": 0.35},
        hovertemplate="%{x}: %{y:.4g}" + NO_NAME,
    )
    points = []  # (value, mean, half of the interval)
    for value, here in rows.groupby(parameter, sort=pd.api.types.is_numeric_dtype(rows[parameter])):
        each = here.groupby(list(repeats))[figure].mean() if repeats else here[figure]
        mean, _, high, _ = metrics.t_interval(each.to_numpy())
        points.append((value, mean, high - mean if repeats else np.nan))
    values, means, half = map(list, zip(*points, strict=True)) if points else ([], [], [])
    line = go.Scatter(
        x=values,
        y=means,
        error_y={"type": "data", "array": half, "color": INK, "thickness": 1.5, "width": 4},
        mode="markers+lines",
        line={"color": QUIET, "width": 1},
        marker={"color": INK, "size": 8},
        hovertemplate="mean at %{x}: %{y:.4g}" + NO_NAME,
    )
    return [dots, line]
