"""A whole gene as a model reads it: bins that grow away from features, exons, tracks, and attention on them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from chromolab.data.bodies.growing_bins import PARTS, SIZES
from chromolab.data.bodies.loader import GeneLoader
from chromolab.data.dataset.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.show.figures.style import (
    DASHES,
    FAINT,
    INK,
    LINES,
    QUIET,
    colour_of,
    finish,
    joined,
    name_of,
    only_one,
    origin_of,
)

COLOURS = {"upstream": "#C9D9E8", "intron": "#BDBDBD", "inside": "#BDBDBD", "downstream": "#E8DCC9"}


def gene(
    dataset: Dataset,
    scores: pd.DataFrame | None = None,
    marks: Sequence[str] = ("H3K4me3", "H3K36me3"),
    even: bool = False,
    sizes: Sequence[int] = SIZES,
    note: str = "",
) -> go.Figure:
    """One whole gene, 5' to 3', in its growing bins.

    Parameters
    ----------
    dataset : Dataset
        One example with whole genes: `ds.gene("...")`.
    scores : DataFrame, optional
        From `cl.explain.attention(model, gene, steps=["gene"])`: drawn above the tracks, a line per head, as attention
        per base relative to even attention.
    marks : sequence of str
        Rows, from the top: what a model reads of each bin, ln(1 + mean depth) where the mark has no transform.
    even : bool
        Draw every bin equally wide, as a model meets them, instead of by its base pairs.
    sizes : sequence of int
        Of the bins, as of the model.
    note : str
        Stands in the subtitle, after the data's origin.

    Returns
    -------
    Figure
        The lowest row shows the bins, each in the colour of the part that most of it lies in, a bin with an exon in
        black as far as it is exon.

    Raises
    ------
    ChromolabError
        For more than one gene, a dataset without whole genes, or scores of another gene or step.
    """
    about = only_one(dataset)
    loader = GeneLoader(dataset, marks, (dataset.bin_size,), sizes)
    more = {name: value[0].numpy() for name, value in loader.batch([0]).more.items()}
    start, end, seen = more["start"].astype(int), more["end"].astype(int), more["seen"]
    left, right = (np.arange(len(start)), np.arange(1, len(start) + 1)) if even else (start / 1000, end / 1000)
    names = [*(["attention"] if scores is not None else []), *marks, "bins"]
    heights = [1.0 if name != "bins" else 0.45 for name in names]
    figure = make_subplots(len(names), 1, shared_xaxes=True, vertical_spacing=0.05, row_heights=heights)
    if scores is not None:
        _attention(figure, scores, about, left, right, start, end)
    for row, mark in enumerate(marks, len(names) - len(marks)):
        read = np.where(seen, more["features"][:, row - (len(names) - len(marks))], np.nan)
        line = {"color": colour_of(mark, dataset.marks), "width": 1.2, "shape": "hv"}
        x, y = _steps(left, right, read)
        figure.add_trace(go.Scatter(x=x, y=y, line=line, fill="tozeroy", name=mark), row=row, col=1)
        figure.update_yaxes(title_text=mark, rangemode="tozero", nticks=3, row=row, col=1)
    _bins(figure, len(names), left, right, start, end, more["parts"])
    axis: dict[str, Any] = {"title_text": "kb from the TSS, along the gene"}
    if even:
        marked = np.flatnonzero(np.isin(start, [0]) | (np.arange(len(start)) % 15 == 0))
        axis = {"title_text": "bins, each with its start in kb from the TSS", "tickvals": left[marked]}
        axis["ticktext"] = [f"{start[i] / 1000:g}" for i in marked]
    figure.update_xaxes(**axis, row=len(names), col=1)
    tss = int(more["tss"]) if even else 0
    figure.add_vline(x=tss, line={"color": QUIET, "width": 1, "dash": "dot"})
    size = f"{len(start)} bins of {', '.join(f'{s:,}' for s in sizes)} bp"
    length = f"{more['length'] / 1000:,.0f} kb"
    subtitle = joined(origin_of(dataset, note=note), about["cell_type"], length, size)
    what = "what the TSS attends to" if scores is not None else "in bins that grow"
    return finish(figure, f"{name_of(about)}, {what}", subtitle, 140 + 110 * len(names), showlegend=False, bargap=0)


def _steps(left: np.ndarray, right: np.ndarray, value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Bins as the corners of steps; a gap between two bins is a gap in the line."""
    x, y = np.stack([left, right, right], 1).ravel(), np.stack([value, value, np.full(len(value), np.nan)], 1)
    y[:-1, 2][left[1:] == right[:-1]] = value[:-1][left[1:] == right[:-1]]
    return x, y.ravel()


def _bins(figure: go.Figure, row: int, left, right, start, end, parts: np.ndarray) -> None:
    """The bins as boxes, upstream to downstream, and how far each is exon as a black foot."""
    upstream, exon, intron, inside, downstream = parts.T
    main = np.array(("upstream", "intron", "inside", "downstream"))
    main = main[np.argmax([upstream, exon + intron, inside, downstream], axis=0)]
    hover = []
    for a, b, shares in zip(start, end, parts, strict=True):
        told = ", ".join(f"{share:.0%} {part}" for part, share in zip(PARTS, shares, strict=True) if share)
        hover.append(f"{a / 1000:g} to {b / 1000:g} kb, {b - a:,} bp: {told}")
    box = {"x": (left + right) / 2, "width": right - left, "hovertext": hover, "hoverinfo": "text"}
    outline = {"color": "white", "width": 0.6}
    marker = {"color": [COLOURS[p] for p in main], "line": outline}
    figure.add_trace(go.Bar(y=np.ones(len(left)), marker=marker, **box), row=row, col=1)
    figure.add_trace(go.Bar(y=exon, marker={"color": INK, "line": outline}, **box), row=row, col=1)
    figure.update_layout(barmode="overlay")
    figure.update_yaxes(title_text="exon share", range=[0, 1], tickvals=[0, 1], row=row, col=1)


def _attention(figure: go.Figure, scores: pd.DataFrame, about: pd.Series, left, right, start, end) -> None:
    own = scores[(scores["step"] == "gene") & (scores["gene"] == about["gene_id"])]
    if own.empty:
        raise ChromolabError(
            f"no attention over the whole gene {about['gene_id']} among these scores; expected those of "
            'cl.explain.attention(model, gene, steps=["gene"])'
        )
    place = end if about["strand"] == "-" else start
    genomic = about["tss"] - place if about["strand"] == "-" else about["tss"] + place
    for head, rows in own.groupby("head"):
        of = rows.set_index("position")["score"].reindex(genomic).to_numpy()
        known = ~np.isnan(of)
        relative = of / (end - start) * (end - start)[known].sum()
        x, y = _steps(left, right, relative)
        line = {"color": LINES[head % len(LINES)], "dash": DASHES[head % len(DASHES)], "width": 1.6}
        figure.add_trace(go.Scatter(x=x, y=y, line=line, mode="lines", name=f"head {head + 1}"), row=1, col=1)
    figure.add_hline(y=1, line={"color": FAINT, "width": 1}, row=1, col=1)
    figure.update_yaxes(title_text="attention / even", rangemode="tozero", nticks=3, row=1, col=1)
