"""The panels that figures along the genome are drawn on: a gene, its window, its pCREs and its contacts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import ArrayLike
from plotly.subplots import make_subplots

from chromolab.data.dataset.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.show.figures.style import FAINT, INK, QUIET, axis_of, finish, legend_above, only_one, widths_of
from chromolab.show.figures.text import NO_NAME, bold, in_hover, on_a_line, place_of_label, styled

ROW, ARCS, GENE, HEAD, FOOT = 54, 84, 40, 104, 56  # pixels: a track, the contacts, the gene, the title, the axis


def bins_of(dataset: Dataset, resolution: int) -> list[np.ndarray]:
    """Depth in the window, then in each pCRE: arrays (bins, marks) in the chromosome's direction."""
    depth, offsets = dataset.signal.at(resolution)
    regions = [dataset.promoter[0], *dataset.pcre[0][dataset.pcre[0] >= 0]]
    return [depth[offsets[r] : offsets[r + 1]].astype(np.float64) for r in regions]


def runs_of(flags: np.ndarray) -> np.ndarray:
    """Start and end, (runs, 2), of the stretches where flags are true."""
    return np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(int))).reshape(-1, 2)


@dataclass
class Panels:
    """Rows of tracks: the window in the first column, a column per pCRE, arcs above and the gene below."""

    dataset: Dataset
    rows: int
    relative: bool
    weight: Sequence[float] | None = None  # per pCRE: sets the width of its arc

    def __post_init__(self):
        self.gene = only_one(self.dataset)
        pcres, signal = self.dataset.pcres(0), self.dataset.signal
        window = signal.regions.iloc[[self.dataset.promoter[0]]][["chrom", "start", "end"]]
        self.regions = pd.concat([window, pcres], ignore_index=True)
        k = len(pcres)
        if k > 40:
            raise ChromolabError(f"{k} pCREs do not fit into one figure; build the dataset with n_pcres=40 or fewer")
        self.arcs = ARCS if k else GENE / 2
        beside = min(0.46, max(0.3, 0.1 * k))  # of the width, for all pCREs together
        share = [1.0] if not k else [1 - beside] + [beside / k] * k
        top = [{"colspan": k + 1}] + [None] * k
        bottom = [{}] + [None] * k
        self.figure = make_subplots(
            rows=self.rows + 2,
            cols=k + 1,
            specs=[top, *([{}] * (k + 1) for _ in range(self.rows)), bottom],
            column_widths=share,
            row_heights=[self.arcs, *[ROW] * self.rows, GENE],
            shared_yaxes=True,
            horizontal_spacing=0.008,
            vertical_spacing=0.012,
        )
        self._shown = set()  # legend entries so far
        self._reach: dict[int, tuple[float, float]] = {}  # lowest and highest value of each row, and 0
        self._roomy = set()  # rows of lines, which need room above for their label
        self._axes()

    def x(self, position: ArrayLike) -> Any:
        """Genomic position (bp) -> position on the axis (kb)."""
        return (np.asarray(position, np.float64) - (self.gene["tss"] if self.relative else 0)) / 1000

    def _axes(self) -> None:
        figure, last = self.figure, self.rows + 2
        for column, region in enumerate(self.regions.itertuples(), 1):
            anchor = next(figure.select_xaxes(row=2, col=column)).plotly_name.replace("xaxis", "x")
            for row in range(2, last + (column == 1)):
                figure.update_xaxes(
                    range=list(self.x([region.start, region.end])),
                    matches=anchor,
                    showticklabels=False,
                    ticks="",
                    row=row,
                    col=column,
                )
        figure.update_yaxes(tickfont_size=11)
        figure.update_yaxes(showline=False, ticks="", row=last, col=1)
        title = "distance from the TSS (kb)" if self.relative else f"{self.gene['chrom']} position (kb)"
        figure.update_xaxes(
            showticklabels=True, ticks="outside", title_text=title, tickformat=",~r", nticks=6, row=last, col=1
        )

    def label(self, row: int, text: str, colour: str, roomy: bool = False) -> None:
        """Name a row in its upper left corner; `roomy` leaves space so that the name covers no line."""
        self._roomy |= {row} if roomy else set()
        self.figure.add_annotation(
            text=f"{styled('■', f'color:{colour}')} {text}",
            x=0,
            y=1,
            xref="x domain",
            yref="y domain",
            xanchor="left",
            yanchor="top",
            bgcolor="rgba(255,255,255,0.7)",
            borderpad=1,
            row=row + 2,
            col=1,
        )

    def unit(self, first: int, rows: int, text: str) -> None:
        """Write a unit once, beside the middle one of `rows` rows."""
        text = text if rows > 2 else text.replace(" ", "\n", 1)
        title = {"text": text, "font": {"size": 11}, "standoff": 6}
        self.figure.update_yaxes(title=title, row=2 + first + (rows - 1) // 2, col=1)

    def _add(self, row: int, place: int, trace: go.Scatter | go.Bar) -> None:
        values = np.append(np.asarray(trace.y, np.float64), self._reach.get(row, (0.0, 0.0)))
        if len(trace.y) and np.isfinite(np.nanmax(values)):
            self._reach[row] = np.nanmin(values), np.nanmax(values)
        trace.showlegend = trace.showlegend is not False and trace.name not in self._shown
        if trace.showlegend:
            self._shown.add(trace.name)
        self.figure.add_trace(trace, row=row + 2, col=place + 1)

    def _edges(self, place: int, bins: int, resolution: int) -> np.ndarray:
        """Edges of a region's bins on the axis, (bins + 1,), kb."""
        region = self.regions.iloc[place]
        return self.x(np.minimum(region["start"] + np.arange(bins + 1) * resolution, region["end"]))

    def _steps(self, place: int, values: np.ndarray, resolution: int, ground: bool):
        """Outline of bins as [x, y], broken where bins lack a value (plotly draws a ramp); `ground` closes it at 0."""
        edges, x, y = self._edges(place, len(values), resolution), [], []
        for a, b in runs_of(np.isfinite(values)):
            x.append(np.repeat(edges[a : b + 1], 2)[0 if ground else 1 : None if ground else -1])
            y.append(np.repeat(values[a:b], 2) if not ground else np.concatenate([[0], np.repeat(values[a:b], 2), [0]]))
        gap = [np.nan]
        return [np.concatenate([part for run in axis for part in (run, gap)][:-1] or [gap]) for axis in (x, y)]

    def area(
        self, row: int, place: int, values: np.ndarray, resolution: int, colour: str, mark: str, unit: str
    ) -> None:
        """Draw depth (bins,) of one mark in region `place` (0: the window, then the pCREs) as a filled area."""
        x, y = self._steps(place, values, resolution, ground=True)
        hover = f"{in_hover(mark)}\n%{{x:,.1f}} kb\n%{{y:.2f}} {in_hover(unit)}{NO_NAME}"
        line = {"color": colour, "width": 0.8}
        self._add(
            row,
            place,
            go.Scatter(
                x=x,
                y=y,
                mode="lines",
                line=line,
                fill="toself",
                hoveron="points",
                name=mark,
                hovertemplate=hover,
                showlegend=False,
            ),
        )

    def line(
        self,
        row: int,
        place: int,
        values: np.ndarray,
        resolution: int,
        colour: str,
        name: str,
        dash: str,
        ground: bool = False,
    ) -> None:
        """Draw values (bins,) in region `place` as a line of steps, named in the legend."""
        x, y = self._steps(place, values, resolution, ground)
        self._add(
            row,
            place,
            go.Scatter(
                x=x, y=y, mode="lines", line={"color": colour, "width": 1.3, "dash": dash}, name=name, legendgroup=name
            ),
        )

    def bar(self, row: int, place: int, value: float) -> None:
        """Draw one number, in percent, for region `place` as a bar."""
        region = self.regions.iloc[place]
        x = self.x((region["start"] + region["end"]) / 2)
        width = (region["end"] - region["start"]) / 1000 * (0.1 if place == 0 else 0.6)
        self._add(
            row,
            place,
            go.Bar(
                x=[x],
                y=[value],
                width=[width],
                marker_color=QUIET,
                showlegend=False,
                hovertemplate="%{y:.1f} %" + NO_NAME,
            ),
        )

    def level(self, row: int, place: int, value: float) -> None:
        """Draw a dotted horizontal line at a value."""
        self.figure.add_hline(y=value, line={"color": QUIET, "width": 0.7, "dash": "dot"}, row=row + 2, col=place + 1)

    def missing(self, absent: list[np.ndarray], resolution: int) -> None:
        """Shade bins without data in some mark, since a gap is not a zero; `absent`: bool (bins,) for each region."""
        for place, gap in enumerate(absent):
            edges = self._edges(place, len(gap), resolution)
            for a, b in runs_of(gap):
                self.figure.add_vrect(
                    x0=edges[a], x1=edges[b], fillcolor=FAINT, line_width=0, layer="below", col=place + 1
                )

    def finish(self, title: str, about: str) -> go.Figure:
        """Add gene and contacts, scale the rows, and set title and subtitle."""
        self._draw_gene()
        self._draw_contacts()
        for row, (low, top) in self._reach.items():  # leaves room above for the row's label; one round tick
            room = 1.6 if row in self._roomy else 1.3
            self.figure.update_yaxes(**axis_of(low, top, room), row=row + 2)
        head = HEAD if self._shown else HEAD - 20
        height = head + FOOT + self.arcs + ROW * self.rows + GENE
        return finish(
            self.figure,
            title,
            about,
            height,
            legend=legend_above(height),
            bargap=0,
            margin={"t": head, "b": FOOT, "l": 66, "r": 16},
        )

    def _draw_gene(self) -> None:
        gene, figure, row = self.gene, self.figure, self.rows + 2
        forward = gene["strand"] != "-"
        window = self.regions.iloc[0]
        body = [gene.get("start", np.nan), gene.get("end", np.nan)]
        if np.isfinite(np.asarray(body, float)).all() and body[1] - body[0] > 1:
            x = self.x(np.clip(body, window["start"], window["end"]))
            figure.add_shape(
                type="rect", x0=x[0], x1=x[1], y0=0.1, y1=0.4, fillcolor="#9A9A9A", line_width=0, row=row, col=1
            )
        tss, tip = self.x([gene["tss"], gene["tss"] + (1 if forward else -1) * self.dataset.window * 0.06])
        figure.add_shape(type="line", x0=tss, x1=tss, y0=0.1, y1=0.8, line={"color": INK, "width": 1.5}, row=row, col=1)
        axis = next(figure.select_xaxes(row=row, col=1)).plotly_name.replace("axis", "")
        figure.add_annotation(
            x=tip,
            y=0.8,
            ax=tss,
            ay=0.8,
            xref=axis,
            yref=axis.replace("x", "y"),
            axref=axis,
            ayref=axis.replace("x", "y"),
            showarrow=True,
            arrowhead=2,
            arrowwidth=1.5,
            arrowcolor=INK,
            text="",
        )
        figure.add_annotation(
            text=f"{gene['gene_name'] or gene['gene_id']}, {'+' if forward else '−'} strand",
            x=tip,
            y=0.78,
            xanchor="left" if forward else "right",
            yanchor="middle",
            xshift=4 if forward else -4,
            font_size=11,
            row=row,
            col=1,
        )
        figure.update_yaxes(range=[0, 1], showticklabels=False, row=row, col=1)
        for r in range(2, row):
            figure.add_vline(x=float(tss), line={"color": QUIET, "width": 0.7, "dash": "dot"}, row=r, col=1)

    def _draw_contacts(self) -> None:
        """Arcs from the TSS, as high as the contact's frequency; the window as a bar at 0."""
        figure, pcres, window = self.figure, self.regions.iloc[1:], self.regions.iloc[0]
        if pcres.empty:
            figure.update_xaxes(visible=False, row=1, col=1)
            figure.update_yaxes(visible=False, row=1, col=1)
            figure.add_annotation(text="no contacts", x=0, y=1, xref="paper", yref="paper", yanchor="top")
            return
        figure.update_xaxes(tickformat=",~r", ticksuffix=" kb", side="top", tickfont_size=11, row=1, col=1)
        ground = {"color": INK, "width": 6}
        self._add(
            -1,
            0,
            go.Scatter(
                x=self.x(window[["start", "end"]]),
                y=[0, 0],
                mode="lines",
                line=ground,
                hovertemplate="promoter window" + NO_NAME,
                showlegend=False,
            ),
        )
        t, taken = np.linspace(0, 1, 41), []
        wide = np.ptp([self.gene["tss"], *pcres["start"], *pcres["end"]]) / 760  # bp a pixel, about
        widths = widths_of(self.weight, len(pcres), 1.2)
        for rank, (p, width) in enumerate(zip(pcres.itertuples(), widths, strict=True), 1):
            tss, middle = self.gene["tss"], (p.start + p.end) / 2
            across, up = tss + (middle - tss) * t, 4 * p.frequency * t * (1 - t)
            curve = np.column_stack([across / wide, up / pcres["frequency"].max() * 60])[12:29]
            top = 12 + place_of_label(curve, taken)  # arcs to neighbours coincide
            taken.append(curve[top - 12])
            text = f"pCRE {rank}, {in_hover(p.chrom)}:{p.start:,}-{p.end:,}\nfrequency {p.frequency:.2f}{NO_NAME}"
            self._add(
                -1,
                0,
                go.Scatter(
                    x=self.x(across),
                    y=up,
                    mode="lines",
                    line={"color": QUIET, "width": width},
                    hovertemplate=text,
                    showlegend=False,
                    cliponaxis=False,
                ),
            )
            figure.add_annotation(x=self.x(across[top]), y=up[top], **on_a_line(rank, INK, 11), row=1, col=1)
            self._foot(rank, middle - tss)
        figure.update_yaxes(title={"text": "contact\nfrequency", "font": {"size": 11}}, row=1, col=1)
        figure.add_annotation(
            text="pCREs by falling frequency, kb from the TSS",
            xref="paper",
            x=1,
            xanchor="right",
            yref="paper",
            y=0,
            yanchor="top",
            yshift=-24,
        )

    def _foot(self, rank: int, distance: float) -> None:
        """Write a pCRE's rank and distance under its column."""
        text = f"{bold(rank)}\n{distance / 1000:+,.0f}".replace("-", "−")
        self.figure.add_annotation(
            text=text,
            x=0.5,
            y=0,
            xref="x domain",
            yref="y domain",
            yanchor="top",
            yshift=-3,
            font_size=11,
            row=self.rows + 1,
            col=rank + 1,
        )
