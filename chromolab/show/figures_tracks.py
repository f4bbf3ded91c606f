"""Figures along the genome: the tracks around a gene, and what a model attends to, on the same panels."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.colors import sample_colorscale
from plotly.subplots import make_subplots

from chromolab.data.dataset import Dataset
from chromolab.show.figures_common import (
    DASHES,
    INK,
    LINES,
    QUIET,
    colour_of,
    finish,
    joined,
    legend_above,
    name_of,
    only_one,
    origin,
)
from chromolab.show.figures_panels import Panels, bins_of


def tracks(
    dataset: Dataset,
    marks=None,
    resolution: int = 100,
    edited: Dataset | None = None,
    relative: bool = False,
    unit: str = "reads per base",
    note: str | None = None,
) -> go.Figure:
    """The signal around one gene and in the elements that touch it.

    Small multiples, one row per mark: the promoter window on the left, its pCREs by falling frequency on the right
    (each drawn to its own width). Above them the contacts as arcs as high as their interaction frequency, below them
    the gene.

    Parameters
    ----------
    dataset : Dataset
        One example: `ds.gene("...")`.
    marks : sequence of str, optional
        Rows, from the top; default all of the dataset's.
    resolution : int
        Base pairs per bin, a multiple of the dataset's.
    edited : Dataset, optional
        The same example after `cl.edit`; where the two differ, a dotted line shows the signal before.
    relative : bool
        Give the window's coordinates as distances from the TSS instead of chromosome positions.
    unit : str
        Of the tracks.
    note : str, optional
        Stands in the subtitle; default "simulated" for the teaching genome.

    Returns
    -------
    Figure
    """
    marks = tuple(dataset.marks if marks is None else marks)
    columns = dataset.mark_columns(marks)
    panels = Panels(dataset, len(marks), relative)
    before, after = bins_of(dataset, resolution), bins_of(dataset if edited is None else edited, resolution)
    for row, (mark, column) in enumerate(zip(marks, columns, strict=True)):
        panels.label(row, mark, colour_of(mark, dataset.marks))
        for place, (old, new) in enumerate(zip(before, after, strict=True)):
            panels.area(row, place, new[:, column], resolution, colour_of(mark, dataset.marks), mark, unit)
            if edited is not None and not np.array_equal(old[:, column], new[:, column], equal_nan=True):
                same = old[:, column] == new[:, column]
                before_it = np.where(same, np.nan, old[:, column])
                panels.line(row, place, before_it, resolution, INK, "before the edit", "dot", ground=True)
    panels.missing([np.isnan(new).any(1) for new in after], resolution)
    panels.unit(0, len(marks), f"mean depth ({unit})" if len(marks) > 2 else unit)
    gene = only_one(dataset)
    level = f"log2(expression + 1) = {gene['log2_expression']:.2f}" if "log2_expression" in gene else ""
    about = joined(origin(dataset, note), gene["cell_type"], f"{resolution:,} bp per bin", level)
    what = "after the edit" if edited is not None else f"{len(marks)} mark{'s' * (len(marks) != 1)}"
    return panels.finish(f"{name_of(gene)}, {what}", about)


def attention(
    scores: pd.DataFrame,
    dataset: Dataset,
    marks=None,
    resolution: int = 100,
    layer: int = -1,
    relative: bool = False,
    unit: str = "reads per base",
    note: str | None = None,
) -> go.Figure:
    """What the TSS bin attends to, over the tracks: a row per resolution, a line per head.

    The window shows the embedding step, the pCREs the pairwise step. The row above shows the share that the promoter
    gives to itself and to each pCRE in the regulation step (mean over heads), which also sets the width of the arcs.
    Scores are relative to even attention, 1 / bins, so that they can be compared between resolutions and between short
    and long regions.

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
    panels = Panels(dataset, 1 + len(sizes) + len(marks), relative, [share.get(name, 0.0) for name in names])
    panels.label(0, "regulation step: share of each token", INK, roomy=True)
    for place, region in enumerate(panels.regions.itertuples()):
        if (name := f"{region.chrom}:{region.start}-{region.end}") in share:
            panels.bar(0, place, share[name])
    for row, size in enumerate(sizes, 1):
        panels.label(row, f"attention, {size:,} bp bins", INK, roomy=True)
        _attention_row(panels, row, scores[(scores["resolution"] == size) & (scores["step"] != "regulation")], layer)
    depth = bins_of(dataset, resolution)
    for row, (mark, column) in enumerate(zip(marks, dataset.mark_columns(marks), strict=True), 1 + len(sizes)):
        panels.label(row, mark, colour_of(mark, dataset.marks))
        for place, bins in enumerate(depth):
            panels.area(row, place, bins[:, column], resolution, colour_of(mark, dataset.marks), mark, unit)
    panels.missing([np.isnan(bins).any(1) for bins in depth], resolution)
    panels.unit(0, 1, "%")
    panels.unit(1, len(sizes), "attention / even")
    if marks:
        panels.unit(1 + len(sizes), len(marks), unit)
    gene = only_one(dataset)
    about = joined(
        origin(dataset, note), gene["cell_type"], "1 = even attention; a line per head; width of an arc: its share"
    )
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
        for head, rows in looks.groupby("head"):
            size = int(rows["resolution"].iloc[0])
            relative = np.full(-(-(region.end - region.start) // size), np.nan)  # bins without data stay empty
            relative[(rows["position"] - region.start) // size] = rows["score"] * len(rows)
            style = LINES[head % len(LINES)], f"head {head + 1}", DASHES[head % len(DASHES)]
            panels.line(row, place, relative, size, *style)
        panels.level(row, place, 1.0)


def _layer(layers: pd.Series, layer: int) -> int:
    known = sorted(layers.unique())
    return known[layer] if layer < 0 and known else layer


def profiles(
    dataset: Dataset,
    by: int | str = 4,
    marks=None,
    resolution: int = 500,
    unit: str = "reads per base",
    note: str | None = None,
) -> go.Figure:
    """Mean signal around the TSS, 5' to 3', a panel per mark and a line per group of genes.

    Parameters
    ----------
    dataset : Dataset
    by : int or str
        A number: so many groups of equal size, by falling expression. A name: a column of `dataset.genes`.
    marks : sequence of str, optional
    resolution : int
        Base pairs per bin.
    unit, note : str, optional
    """
    marks = tuple(dataset.marks if marks is None else marks)
    depth = dataset.promoter_depth(resolution)
    x = (np.arange(depth.shape[1]) + 0.5) * resolution / 1000 - dataset.window / 2000  # kb from the TSS
    across = min(4, len(marks))
    figure = make_subplots(
        -(-len(marks) // across), across, subplot_titles=marks, horizontal_spacing=0.06, vertical_spacing=0.16
    )
    groups = _groups(dataset.genes, by)
    for i, (name, rows) in enumerate(groups.items()):
        shade = sample_colorscale("Cividis", [0.85 * i / max(len(groups) - 1, 1)])[0]
        line = {"color": shade, "width": 2, "dash": DASHES[i % len(DASHES)]}
        for panel, column in enumerate(dataset.mark_columns(marks)):
            mean = np.nanmean(depth[rows, :, column], 0)
            trace = go.Scatter(x=x, y=mean, mode="lines", line=line, name=name, legendgroup=name, showlegend=not panel)
            figure.add_trace(trace, row=panel // across + 1, col=panel % across + 1)
    figure.update_annotations(font_size=13)
    figure.update_yaxes(rangemode="tozero", nticks=4)
    figure.update_xaxes(nticks=5)
    figure.add_vline(x=0, line={"color": QUIET, "width": 0.7, "dash": "dot"})
    for panel in range(0, len(marks), across):
        figure.update_yaxes(title_text=unit, row=panel // across + 1, col=1)
    for panel in range(max(0, len(marks) - across), len(marks)):
        figure.update_xaxes(title_text="kb from the TSS", row=panel // across + 1, col=panel % across + 1)
    about = joined(origin(dataset, note), f"{len(dataset):,} examples, {resolution:,} bp bins")
    height = 150 + 210 * (-(-len(marks) // across))
    legend = legend_above(height) | ({} if isinstance(by, str) else {"title_text": "log2(expression + 1): "})
    return finish(figure, "Mean signal around the TSS", about, height, legend=legend, margin_t=112)


def _groups(genes: pd.DataFrame, by: int | str) -> dict[str, np.ndarray]:
    """{name: rows}; groups by expression are named by their range."""
    if isinstance(by, str):
        return {str(name): np.flatnonzero(genes[by] == name) for name in dict.fromkeys(genes[by])}
    level = genes["log2_expression"].to_numpy()
    parts = np.array_split(np.argsort(-level, kind="stable"), by)
    return {f"{level[rows].max():.1f} to {level[rows].min():.1f}": rows for rows in parts}


def heatmap(
    table: pd.DataFrame,
    x: str,
    y: str = "",
    value: str = "",
    title: str = "",
    note: str | None = None,
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
    diverging : bool
        For values on both sides of zero: white is zero, the scale is symmetric.
    """
    z = table.to_numpy(float)
    top = float(np.nanmax(np.abs(z))) or 1.0
    scale = {"colorscale": "PuOr", "zmin": -top, "zmax": top} if diverging else {"colorscale": "Cividis"}
    bar = {"title": {"text": value, "side": "right", "font": {"size": 13}}, "thickness": 14}
    hover = f"%{{y}}<br>{x} %{{x}}<br>{value} %{{z:.3f}}<extra></extra>"
    figure = go.Figure(
        go.Heatmap(
            z=z, x=list(table.columns), y=[str(i) for i in table.index], colorbar=bar, hovertemplate=hover, **scale
        )
    )
    figure.update_xaxes(title_text=x)
    figure.update_yaxes(title_text=y, autorange="reversed")
    return finish(figure, title, note or "", max(260, min(560, 150 + 30 * len(table))))
