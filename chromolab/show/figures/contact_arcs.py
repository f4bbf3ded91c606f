"""Figures of contacts: arcs over the tracks of a gene's surroundings, and one quantity against another on log axes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from chromolab.data.dataset.dataset import Dataset
from chromolab.data.tracks.bin_means import bin_means_many
from chromolab.errors import ChromolabError
from chromolab.show.figures.style import (
    FAINT,
    INK,
    QUIET,
    axis_of,
    colour_of,
    finish,
    joined,
    name_of,
    only_one,
    origin_of,
    widths_of,
)
from chromolab.show.figures.text import NAME, NAME_END, NO_NAME, in_hover, on_a_line, styled

ARCS, ROW, GENES, HEAD, FOOT = 150, 62, 66, 84, 52  # pixels: contacts, a track, the genes, the title, the axis
CAUSE, DECOY = "#D55E00", "#0072B2"  # an element that drives the gene; one that the promoter touches without effect


def arcs(
    dataset: Dataset,
    tracks: Mapping,
    genes: pd.DataFrame | None = None,
    highlight: Sequence[bool] | np.ndarray | None = None,
    weight: Sequence[float] | np.ndarray | None = None,
    reach: int | None = None,
    bin_size: int = 2000,
    unit: str = "reads per base",
    note: str = "",
) -> go.Figure:
    """A gene's contacts as arcs over tracks, all drawn to scale along the chromosome.

    Parameters
    ----------
    dataset : Dataset
        One example: `ds.gene("...")`.
    tracks : {mark: bigWig path}
        Rows, from the top.
    genes : DataFrame, optional
        Columns `chrom` and `tss`: the starts of all genes, drawn as ticks under the tracks.
    highlight : sequence of bool, optional
        One per pCRE, by falling frequency: whether it drives the gene, where that is known. Arcs of those that do are
        orange and solid, the others blue and dashed; without `highlight` all are grey.
    weight : sequence of float, optional
        One per pCRE, by falling frequency, at least 0: sets the width of its arc. Attention, for instance.
    reach : int, optional
        bp to show on each side of the TSS; default: the span of the contacts and the window, with a margin.
    bin_size : int
        bp per bin of the tracks.
    unit, note : str
        The note stands in the subtitle, after the data's origin.

    Returns
    -------
    Figure
        Arcs as high as their interaction frequency, with their rank; the pCREs as bands through all rows; the
        promoter window as a grey band; the TSS as a dotted line.

    Raises
    ------
    ChromolabError
        For more than one example, a gene without pCREs, or `highlight` or `weight` of another length than the pCREs.
    """
    gene, pcres = only_one(dataset), dataset.pcres(0)
    if pcres.empty:
        raise ChromolabError(f"{name_of(gene)} has no pCRE to draw an arc to; choose a gene that has contacts")
    for name, values in (("highlight", highlight), ("weight", weight)):
        if values is not None and len(values) != len(pcres):
            raise ChromolabError(f"{name} has {len(values)} values; expected one for each of {len(pcres)} pCREs")
    low, high = _span(gene, pcres, dataset.window, reach)
    region = pd.DataFrame({"chrom": [gene["chrom"]], "start": [low], "end": [high]})
    rows = len(tracks) + 2
    heights = [ARCS, *[ROW] * len(tracks), GENES]
    figure = make_subplots(rows=rows, cols=1, shared_xaxes=True, row_heights=heights, vertical_spacing=0.02)
    binned = bin_means_many(tracks, region, bin_size, progress=False)
    for row, mark in enumerate(tracks, 2):
        _track(figure, row, mark, binned[mark].mean, low, bin_size, colour_of(mark, dataset.marks), unit)
    _bands(figure, gene, dataset.window, pcres, rows)
    _draw_arcs(figure, gene, pcres, highlight, weight)
    _starts(figure, gene, genes, region.iloc[0], rows)
    figure.update_yaxes(title={"text": unit.replace(" ", "\n", 1), "font_size": 11}, row=2 + (len(tracks) - 1) // 2)
    figure.update_xaxes(range=[low / 1000, high / 1000])
    figure.update_xaxes(title_text=f"{gene['chrom']} position (kb)", tickformat=",~r", row=rows)
    legend = {"orientation": "h", "x": 1, "xanchor": "right", "y": 1.0, "yanchor": "bottom"}
    how = "height of an arc: frequency" + (" · its width: weight" if weight is not None else "")
    about = joined(origin_of(dataset, note=note), gene["cell_type"], f"{bin_size:,} bp per bin", how)
    return finish(
        figure,
        f"{name_of(gene)} and what its promoter touches",
        about,
        HEAD + FOOT + sum(heights),
        legend=legend,
        margin={"t": HEAD, "b": FOOT, "l": 66, "r": 16},
    )


def _span(gene, pcres: pd.DataFrame, window: int, reach: int | None) -> tuple[int, int]:
    """Start and end of the region to show, bp."""
    if reach is not None:
        return max(0, gene["tss"] - int(reach)), gene["tss"] + int(reach)
    low, high = min(pcres["start"].min(), gene["tss"] - window), max(pcres["end"].max(), gene["tss"] + window)
    room = int(0.05 * (high - low))
    return max(0, low - room), high + room


def _track(figure, row, mark, mean, low, bin_size, colour, unit) -> None:
    x = (low + np.arange(len(mean)) * bin_size) / 1000
    hover = f"{in_hover(mark)}\n%{{x:,.0f}} kb\n%{{y:.2f}} {in_hover(unit)}{NO_NAME}"
    line = {"color": colour, "width": 0.8, "shape": "hv"}
    figure.add_trace(
        go.Scatter(
            x=x, y=mean, mode="lines", line=line, fill="tozeroy", name=mark, hovertemplate=hover, showlegend=False
        ),
        row=row,
        col=1,
    )
    values = np.append(mean, 0)
    figure.update_yaxes(**axis_of(np.nanmin(values), np.nanmax(values), 1.45), tickfont_size=11, row=row)
    figure.add_annotation(
        text=f"{styled('■', f'color:{colour}')} {mark}",
        x=0,
        y=1,
        xref="x domain",
        yref="y domain",
        xanchor="left",
        yanchor="top",
        bgcolor="rgba(255,255,255,0.7)",
        borderpad=1,
        row=row,
        col=1,
    )


def _bands(figure, gene, window: int, pcres: pd.DataFrame, rows: int) -> None:
    """The window and the pCREs through all rows of tracks, and the TSS."""
    half = window // 2
    spans = [
        (gene["tss"] - half, gene["tss"] + half, FAINT),
        *((p.start, p.end, "#F3E3B5") for p in pcres.itertuples()),
    ]
    for row in range(2, rows):
        for a, b, colour in spans:
            figure.add_vrect(x0=a / 1000, x1=b / 1000, fillcolor=colour, line_width=0, layer="below", row=row, col=1)
        figure.add_vline(x=gene["tss"] / 1000, line={"color": QUIET, "width": 0.7, "dash": "dot"}, row=row, col=1)


def _draw_arcs(figure, gene, pcres: pd.DataFrame, highlight, weight) -> None:
    t, tss, shown, widths = np.linspace(0, 1, 41), gene["tss"], set(), widths_of(weight, len(pcres), 1.8)
    rows: Iterable[Any] = pcres.itertuples()
    for rank, (p, width) in enumerate(zip(rows, widths, strict=True), 1):
        if highlight is None:
            colour, dash, name = QUIET, "solid", ""
        else:
            drives = bool(highlight[rank - 1])
            colour, dash, name = (
                (CAUSE, "solid", "drives the gene") if drives else (DECOY, "dash", "decoy: does nothing")
            )
        middle = (p.start + p.end) / 2
        more = "" if weight is None else f"\nweight {weight[rank - 1]:.3g}"
        text = f"pCRE {rank}, {in_hover(p.chrom)}:{p.start:,}-{p.end:,}\nfrequency {p.frequency:.2f}{more}"
        text += f"{NAME}{in_hover(name)}{NAME_END}"
        figure.add_trace(
            go.Scatter(
                x=(tss + (middle - tss) * t) / 1000,
                y=4 * p.frequency * t * (1 - t),
                mode="lines",
                name=name,
                line={"color": colour, "width": width, "dash": dash},
                hovertemplate=text,
                cliponaxis=False,
                legendgroup=name,
                showlegend=bool(name) and name not in shown,
            ),
            row=1,
            col=1,
        )
        shown.add(name)
        label = on_a_line(rank, colour if name else INK, 11)
        figure.add_annotation(x=(tss + middle) / 2000, y=p.frequency, **label, row=1, col=1)
    figure.update_yaxes(
        title={"text": "contact\nfrequency", "font": {"size": 11}},
        nticks=4,
        rangemode="tozero",
        range=[0, 1.15 * pcres["frequency"].max()],
        tickfont_size=11,
        row=1,
    )


def _starts(figure, gene, genes: pd.DataFrame | None, region, row: int) -> None:
    """Ticks at the starts of all genes; the gene shown has its name."""
    if genes is not None:
        visible = genes[(genes["chrom"] == region["chrom"]) & genes["tss"].between(region["start"], region["end"])]
        x = visible["tss"].drop_duplicates() / 1000
        mark = {"symbol": "line-ns-open", "size": 12, "color": QUIET}
        figure.add_trace(
            go.Scatter(
                x=x,
                y=np.full(len(x), 0.7),
                mode="markers",
                marker=mark,
                name="TSS",
                showlegend=False,
                hovertemplate="TSS at %{x:,.1f} kb" + NO_NAME,
            ),
            row=row,
            col=1,
        )
    along = (gene["tss"] - region["start"]) / (region["end"] - region["start"])
    side = "right" if along < 0.15 else "left" if along > 0.85 else "center"  # of the mark, where the name is whole
    symbol = "triangle-left" if gene["strand"] == "-" else "triangle-right"
    figure.add_trace(
        go.Scatter(
            x=[gene["tss"] / 1000],
            y=[0.7],
            mode="markers+text",
            text=[name_of(gene)],
            textposition=f"bottom {side}",
            marker={"symbol": symbol, "size": 13, "color": INK},
            showlegend=False,
            hovertemplate=f"TSS of {in_hover(name_of(gene))}{NO_NAME}",
        ),
        row=row,
        col=1,
    )
    title = {"text": "starts\nof genes", "font_size": 11}
    figure.update_yaxes(range=[0, 1.1], showticklabels=False, showline=False, ticks="", title=title, row=row)
