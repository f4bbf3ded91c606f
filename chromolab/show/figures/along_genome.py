"""Figures along the genome: the tracks around a gene, and what a model attends to, on the same panels."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.colors import sample_colorscale
from plotly.subplots import make_subplots

from chromolab.data.dataset.dataset import Dataset
from chromolab.show.figures.panels import Panels, bins_of
from chromolab.show.figures.style import (
    DASHES,
    INK,
    QUIET,
    colour_of,
    finish,
    joined,
    legend_above,
    name_of,
    only_one,
    origin_of,
)


def tracks(
    dataset: Dataset,
    marks: Sequence[str] | None = None,
    resolution: int = 100,
    edited: Dataset | None = None,
    relative: bool = False,
    unit: str = "reads per base",
    note: str = "",
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
    note : str
        Stands in the subtitle, after the data's origin.

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
    about = joined(origin_of(dataset, note=note), gene["cell_type"], f"{resolution:,} bp per bin", level)
    what = "after the edit" if edited is not None else f"{len(marks)} mark{'s' * (len(marks) != 1)}"
    return panels.finish(f"{name_of(gene)}, {what}", about)


def profiles(
    dataset: Dataset,
    by: int | str = 4,
    marks: Sequence[str] | None = None,
    resolution: int = 500,
    unit: str = "reads per base",
    note: str = "",
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
    unit, note : str
        The note stands in the subtitle, after the data's origin.
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
    about = joined(origin_of(dataset, note=note), f"{len(dataset):,} examples, {resolution:,} bp bins")
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
