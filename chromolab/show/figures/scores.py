"""Figures of scores: training curves, predicted against measured, ROC, models side by side."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import ArrayLike
from plotly.subplots import make_subplots
from sklearn.metrics import roc_curve

from chromolab.data.dataset.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.learn import metrics
from chromolab.show.figures.style import DASHES, INK, LINES, QUIET, SYMBOLS, finish, joined, origin_of
from chromolab.show.figures.text import NO_NAME

LABELS = {
    "auc": "AUC",
    "average_precision": "average precision",
    "accuracy": "accuracy",
    "pearson_r": "Pearson r",
    "r2": "R²",
}
CROWDED = 1500  # with more examples points hide each other: their density is drawn instead


def curves(run: Any, note: str = "") -> go.Figure:
    """Loss and score over the epochs of one training run, or of several.

    Parameters
    ----------
    run : Run, {name: Run} or Runs
        From `cl.fit` or `cl.cross_validate`. Solid: validation genes; dotted: training genes; the ring marks the epoch
        whose weights were kept.
    note : str
        Stands in the subtitle, after the data's origin.
    """
    runs = getattr(run, "runs", run)
    runs = (
        {f"fold {k}" if isinstance(k, int) else str(k): r for k, r in runs.items()}
        if isinstance(runs, Mapping)
        else {"": runs}
    )
    score = next(n for n in LABELS if n in next(iter(runs.values())).history)
    figure = make_subplots(1, 2, horizontal_spacing=0.12)
    for i, (name, one) in enumerate(runs.items()):
        history, colour = one.history, LINES[i % len(LINES)]
        shown = [
            ("training", "train_loss", 1, "dot"),
            ("validation", "validation_loss", 1, "solid"),
            ("validation", score, 2, "solid"),
        ]
        for part, column, panel, dash in shown:
            listed = panel == 1 and (not name or part == "validation")
            figure.add_trace(
                go.Scatter(
                    x=history["epoch"],
                    y=history[column],
                    mode="lines+markers",
                    name=name or part,
                    line={"color": colour, "dash": dash},
                    showlegend=listed,
                    marker={"symbol": SYMBOLS[i % len(SYMBOLS)], "size": 6},
                ),
                row=1,
                col=panel,
            )
        kept = history[history["epoch"] == one.best_epoch]
        for column, panel in (("validation_loss", 1), (score, 2)):
            figure.add_trace(_ring(kept["epoch"], kept[column], panel == 1 and i == 0), row=1, col=panel)
    figure.update_xaxes(title_text="epoch", tickformat="d")
    loss = "loss (cross-entropy, nats)" if score == "auc" else "loss (mean squared error)"
    figure.update_yaxes(title_text=loss, row=1, col=1)
    figure.update_yaxes(title_text=f"validation {LABELS[score]}", row=1, col=2)
    origin = origin_of(*(r.history for r in runs.values()), note=note)
    about = joined(origin, "solid: validation, dotted: training", "ring: the epoch whose weights were kept")
    return finish(figure, "Training", about, 380, legend={"orientation": "h", "y": -0.22})


def _ring(x, y, legend: bool) -> go.Scatter:
    ring = {"symbol": "circle-open", "size": 15, "color": INK, "line": {"width": 2}}
    listed = {"name": "kept", "showlegend": legend, "legendrank": 2000}  # after the runs
    return go.Scatter(x=x, y=y, mode="markers", marker=ring, hoverinfo="skip", **listed)


def predicted(source: Any, predictions: ArrayLike | None = None, note: str = "") -> go.Figure:
    """Predicted against measured log2(expression + 1), with the identity line, r and R².

    Parameters
    ----------
    source : Dataset or DataFrame
        Gives `log2_expression` and the genes' names; a table with a column `prediction` (`runs.predictions`) needs no
        second argument.
    predictions : array (examples,) or (examples, 1), optional
    note : str
        Stands in the subtitle, after the data's origin.

    Returns
    -------
    Figure
        Points, or their density where there are more than 1,500.
    """
    table = source.genes if isinstance(source, Dataset) else source
    guess = metrics.probability_or_expression(np.asarray(table["prediction"] if predictions is None else predictions))
    about = joined(origin_of(source, note=note), f"{len(table):,} examples")
    return scatter(
        table["log2_expression"],
        guess,
        "measured log2(expression + 1)",
        "predicted log2(expression + 1)",
        about,
        table.get("gene_name"),
    )


def scatter(
    truth: ArrayLike,
    guess: ArrayLike,
    x: str,
    y: str,
    note: str = "",
    names: Sequence[str] | pd.Series | None = None,
    kinds: Sequence[str] | pd.Series | None = None,
    title: str = "",
) -> go.Figure:
    """Two values in the same unit against each other, with the identity line.

    Parameters
    ----------
    truth, guess : arrays (n,)
        Along x and along y.
    x, y : str
        Titles of the axes, with the unit.
    note : str
        Stands in the subtitle: say "simulated" where the data are.
    names : sequence of str, optional
        Shown when the pointer is on a point.
    kinds : sequence of str, optional
        Points of one kind have a colour and a symbol, and the legend names them; there is then no density.
    title : str
        r and R² where none is given.

    Returns
    -------
    Figure
        Points, or their density where there are more than 1,500.
    """
    truth, guess = np.asarray(truth, float), np.asarray(guess, float)
    score = metrics.score(truth, guess, "regression")
    low, high = float(min(truth.min(), guess.min())), float(max(truth.max(), guess.max()))
    pad = 0.04 * (high - low or 1)
    ends = [low - pad, high + pad]
    figure = go.Figure(_cloud(truth, guess, names) if kinds is None else _by_kind(truth, guess, names, kinds))
    figure.add_trace(
        go.Scatter(
            x=ends,
            y=ends,
            mode="lines",
            line={"color": INK, "width": 1, "dash": "dash"},
            name="equal",
            hoverinfo="skip",
            showlegend=False,
        )
    )
    figure.update_xaxes(title_text=x, range=ends, constrain="domain")
    figure.update_yaxes(title_text=y, range=ends, scaleanchor="x", constrain="domain")
    title = title or f"r = {score['pearson_r']:.2f}, R² = {score['r2']:.2f}"
    return finish(figure, title, note, 480, width=540 if kinds is None else 780, showlegend=kinds is not None)


def _by_kind(truth: np.ndarray, guess: np.ndarray, names, kinds) -> list[go.Scatter]:
    kinds, names = np.asarray(kinds, str), np.full(len(truth), "") if names is None else np.asarray(names, str)
    traces = []
    for i, kind in enumerate(dict.fromkeys(kinds)):
        of = kinds == kind
        marker = {"color": LINES[i % len(LINES)], "symbol": SYMBOLS[i % len(SYMBOLS)], "size": 7, "opacity": 0.7}
        points = go.Scatter(x=truth[of], y=guess[of], mode="markers", marker=marker, text=names[of], name=kind)
        traces.append(points.update(hovertemplate="%{text}\nx %{x:.2f}, y %{y:.2f}" + NO_NAME))
    return traces


def _cloud(truth: np.ndarray, guess: np.ndarray, names) -> go.Scatter | go.Histogram2d:
    if len(truth) > CROWDED:
        bar = {"title": {"text": "examples", "side": "right"}, "thickness": 12}
        return go.Histogram2d(
            x=truth,
            y=guess,
            nbinsx=50,
            nbinsy=50,
            colorscale="Cividis_r",
            colorbar=bar,
            zmin=0.5,
            hovertemplate="%{z} examples" + NO_NAME,
        )
    marker = {"color": LINES[0], "size": 6, "opacity": 0.55, "line": {"width": 0}}
    hover = ("%{text}\n" if names is not None else "") + "x %{x:.2f}, y %{y:.2f}" + NO_NAME
    return go.Scatter(x=truth, y=guess, mode="markers", marker=marker, text=names, name="genes", hovertemplate=hover)


def roc(source: Any, predictions: Any, note: str = "") -> go.Figure:
    """True against false positive rate as the threshold falls, for one or several models.

    Parameters
    ----------
    source : Dataset, DataFrame with `label`, or array (examples,) of 0 and 1
    predictions : array, or {model name: array}
        Logits (examples, 2), or anything that ranks the examples (examples,).
    note : str
        Stands in the subtitle, after the data's origin.

    Raises
    ------
    ChromolabError
        When all examples have the same label.
    """
    table = source.genes if isinstance(source, Dataset) else source
    truth = np.asarray(table["label"] if isinstance(table, pd.DataFrame) else table)
    if len(np.unique(truth)) != 2:
        raise ChromolabError(f"a ROC curve needs genes of both classes; all {len(truth)} labels are {truth[:1]}")
    models = predictions if isinstance(predictions, Mapping) else {"model": predictions}
    figure = go.Figure()
    for i, (name, out) in enumerate(models.items()):
        value = metrics.probability_or_expression(out)
        false, true, _ = roc_curve(truth, value)
        area = metrics.score(truth, value, "classification")["auc"]
        line = {"color": LINES[i % len(LINES)], "dash": DASHES[i % len(DASHES)], "width": 2}
        figure.add_trace(go.Scatter(x=false, y=true, mode="lines", line=line, name=f"{name}: AUC {area:.3f}"))
    figure.add_trace(
        go.Scatter(
            x=[0, 1],
            y=[0, 1],
            mode="lines",
            line={"color": QUIET, "width": 1, "dash": "dot"},
            name="chance: AUC 0.5",
            hoverinfo="skip",
        )
    )
    figure.update_xaxes(title_text="false positive rate", range=[-0.01, 1.01], constrain="domain")
    figure.update_yaxes(title_text="true positive rate", range=[-0.01, 1.01], scaleanchor="x", constrain="domain")
    about = joined(origin_of(source, note=note), f"{len(truth):,} examples, {truth.mean():.0%} of them expressed")
    return finish(
        figure, "ROC", about, 480, width=540, legend={"x": 0.98, "y": 0.02, "xanchor": "right", "yanchor": "bottom"}
    )
