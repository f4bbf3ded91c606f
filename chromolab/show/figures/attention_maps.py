"""Attention, one head at a time, chosen with a slider that needs no kernel."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from chromolab.data.dataset.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.show.figures.panels import Panels, bins_of
from chromolab.show.figures.style import (
    DASHES,
    INK,
    LINES,
    colour_of,
    joined,
    name_of,
    only_one,
    origin_of,
)

SLIDER = 92  # pixels under the figure


def heads(
    scores: pd.DataFrame, dataset: Dataset, marks: Sequence[str] | None = None, resolution: int = 500, note: str = ""
) -> go.Figure:
    """Attention of single heads over the tracks: a slider moves from head to head and from layer to layer.

    Parameters
    ----------
    scores : DataFrame
        From `cl.explain.attention`.
    dataset : Dataset
        The example that the scores belong to.
    marks : sequence of str, optional
        Tracks to show; default all.
    resolution : int
        Base pairs per bin, of attention and tracks.
    note : str
        Stands in the subtitle, after the data's origin.

    Returns
    -------
    Figure
        As `cl.plot.attention` draws it, with one head of one layer at a time; a step with fewer layers than the slider
        shows its last. The shares of the regulation step stay means over heads.

    Raises
    ------
    ChromolabError
        Without scores at that resolution.
    """
    scores = scores[scores["resolution"] == resolution]
    lines = scores[scores["step"] != "regulation"]
    if lines.empty:
        raise ChromolabError(f"no attention at {resolution} bp among these scores")
    layers = sorted(int(layer) for layer in lines["layer"].unique())
    drawn = {}
    for layer in layers:
        shown = scores.groupby("step")["layer"].transform("max").clip(upper=layer)
        drawn[layer] = attention(scores[scores["layer"] == shown], dataset, marks, resolution, note=note)
    base, traces, origins = go.Figure(drawn[layers[-1]]), [], []
    for layer, figure in drawn.items():
        for trace in figure.data:
            head = int(trace.name.split()[1]) - 1 if str(trace.name).startswith("head ") else None
            traces.append(trace)
            origins.append((layer, head))
    base.data = []
    base.add_traces(traces)
    views = {"all heads": [(layer == layers[-1]) for layer, _ in origins]}
    for layer in layers:
        for head in sorted({h for _, h in origins if h is not None}):
            views[f"layer {layer + 1}, head {head + 1}"] = [of == layer and h in (None, head) for of, h in origins]
    for trace, seen in zip(base.data, views["all heads"], strict=True):
        trace.visible = seen
    steps = [{"label": name, "method": "restyle", "args": [{"visible": seen}]} for name, seen in views.items()]
    slider = {"steps": steps, "currentvalue": {"prefix": "showing: "}, "pad": {"t": 52}, "len": 0.9, "x": 0.04}
    bottom = (base.layout.margin.b or 50) + SLIDER
    return base.update_layout(sliders=[slider], height=base.layout.height + SLIDER, margin_b=bottom)


def attention(
    scores: pd.DataFrame,
    dataset: Dataset,
    marks: Sequence[str] | None = None,
    resolution: int = 100,
    layer: int = -1,
    relative: bool = False,
    unit: str = "reads per base",
    note: str = "",
) -> go.Figure:
    """What the TSS bin attends to, over the tracks: a row per resolution, a line per head.

    The window shows the embedding step, the pCREs the pairwise step. The row above shows the share that the promoter
    gives to itself and to each pCRE in the regulation step (mean over heads), which also sets the width of the arcs; it
    is left out where `scores` do not hold that step. Scores are relative to even attention, 1 / bins, so that they can
    be compared between resolutions and between short and long regions.

    Parameters
    ----------
    scores : DataFrame
        From `cl.explain.attention`.
    dataset : Dataset
        The example that the scores belong to.
    marks : sequence of str, optional
        Tracks to show below; default all.
    resolution : int
        Base pairs per bin of those tracks.
    layer : int
        Which layer of the pairwise and regulation steps; negative counts from the last.
    relative, unit, note
        As in `tracks`.
    """
    marks = tuple(dataset.marks if marks is None else marks)
    sizes, share = sorted(scores["resolution"].unique(), reverse=True), _token_share(scores, layer)
    names = [f"{p.chrom}:{p.start}-{p.end}" for p in dataset.pcres(0).itertuples()] if len(dataset) == 1 else []
    first = (
        0 if share.empty else 1
    )  # the row of the first attention: the share of tokens stands above it, if there is one
    panels = Panels(dataset, first + len(sizes) + len(marks), relative, [share.get(name, 0.0) for name in names])
    if first:
        panels.label(0, "regulation step: share of each token", INK, roomy=True)
        panels.unit(0, 1, "%")
    for place, region in enumerate(panels.regions.itertuples()):
        if (name := f"{region.chrom}:{region.start}-{region.end}") in share:
            panels.bar(0, place, share[name])
    for row, size in enumerate(sizes, first):
        panels.label(row, f"attention, {size:,} bp bins", INK, roomy=True)
        _attention_row(panels, row, scores[(scores["resolution"] == size) & (scores["step"] != "regulation")], layer)
    depth = bins_of(dataset, resolution)
    for row, (mark, column) in enumerate(zip(marks, dataset.mark_columns(marks), strict=True), first + len(sizes)):
        panels.label(row, mark, colour_of(mark, dataset.marks))
        for place, bins in enumerate(depth):
            panels.area(row, place, bins[:, column], resolution, colour_of(mark, dataset.marks), mark, unit)
    panels.missing([np.isnan(bins).any(1) for bins in depth], resolution)
    panels.unit(first, len(sizes), "attention / even")
    if marks:
        panels.unit(first + len(sizes), len(marks), unit)
    gene = only_one(dataset)
    how = "1 = even attention; a line per head; width of an arc: its share"
    about = joined(origin_of(dataset, note=note), gene["cell_type"], how)
    return panels.finish(f"{name_of(gene)}: attention of the TSS bin", about)


def _token_share(scores: pd.DataFrame, layer: int) -> pd.Series:
    """Percent of the regulation step's attention that the promoter gives to each region, mean over heads and sizes."""
    rows = scores[scores["step"] == "regulation"]
    rows = rows[rows["layer"] == _layer(rows["layer"], layer)]
    return 100 * rows.groupby("region")["score"].mean()


def _attention_row(panels: Panels, row: int, scores: pd.DataFrame, layer: int) -> None:
    for place, region in enumerate(panels.regions.itertuples()):
        looks = scores[scores["region"] == f"{region.chrom}:{region.start}-{region.end}"]
        looks = looks[looks["layer"] == _layer(looks["layer"], layer)]
        for head in sorted(looks["head"].unique()):
            rows = looks[looks["head"] == head]
            size = int(rows["resolution"].iloc[0])
            relative = np.full(-(-(region.end - region.start) // size), np.nan)  # bins without data stay empty
            relative[(rows["position"] - region.start) // size] = rows["score"] * len(rows)
            style = LINES[head % len(LINES)], f"head {head + 1}", DASHES[head % len(DASHES)]
            panels.line(row, place, relative, size, *style)
        panels.level(row, place, 1.0)


def _layer(layers: pd.Series, layer: int) -> int:
    known = sorted(layers.unique())
    return known[layer] if layer < 0 and known else layer
