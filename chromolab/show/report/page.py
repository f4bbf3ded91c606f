"""The page that a build writes: what went into the dataset, what was lost and why. It runs no script, loads nothing."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from chromolab.data.dataset.dataset import Dataset
from chromolab.data.files import write_text
from chromolab.data.project.outputs import stamp
from chromolab.data.project.plan import Plan
from chromolab.data.tracks.scales import LOG1P
from chromolab.show.figures.style import colour_of
from chromolab.show.notebooks.pages import STYLE
from chromolab.show.report import svg
from chromolab.show.report.svg import escaped

LOOKED_AT = 2_000_000  # bins of a track; quantiles are taken from about so many
EXTRA = """
h1 { margin-bottom: 0 } h2 { margin-top: 2.2rem; border-bottom: 2px solid #0072B2 }
.quiet { color: #767676 } .pictures { display: flex; flex-wrap: wrap; gap: 1rem 1.6rem; margin: 1rem 0 }
.figures { display: flex; flex-wrap: wrap; gap: .6rem 2.2rem; margin: 1rem 0 }
.figures b { font-size: 1.5rem; display: block }
table { font-size: .88rem; width: auto; margin: .6rem 0 } th { font-weight: 600 } td.n, th.n { text-align: right }
code { background: #f3f3f3; padding: 0 .2rem }
.warn { background: #FFF3D6; padding: .6rem .8rem; border-left: 4px solid #E69F00 }
pre { white-space: pre-wrap; font-size: .85rem; background: #f7f7f7; padding: .6rem .8rem }
"""


def write_report(plan: Plan, dataset: Dataset, findings: Sequence[Any] = ()) -> Path:
    """Write the page of a finished build beside its dataset and return its path."""
    project = plan.project
    title = project.config.name or project.out.stem
    cells = list(dict.fromkeys(dataset.genes["cell_type"]))
    parts = [
        f"<h1>{escaped(title)}</h1>",
        f'<p class="quiet">A dataset built by chromolab from <code>{escaped(project.config.path.name)}</code>; this '
        "page needs no network.</p>",
        _figures(plan, dataset, cells),
        _findings(findings),
        "<h2>Genes</h2>",
        _genes(plan, dataset, cells),
        "<h2>Tracks</h2>",
        _tracks(plan, dataset, cells),
        "<h2>Contacts</h2>",
        _contacts(plan, dataset, cells),
        "<h2>What the dataset says of itself</h2>",
        _notes(plan, dataset),
        "<h2>Settings and files</h2>",
        _settings(plan),
    ]
    page = (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escaped(title)}: chromolab</title>'
        f"{stamp(project.key, project.out)}<style>{STYLE}{EXTRA}</style></head><body>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    )
    write_text(project.report, page)
    return project.report


def _figures(plan: Plan, ds: Dataset, cells: list[str]) -> str:
    size = plan.project.out.stat().st_size
    shown = [
        (f"{len(ds):,}", "examples (a gene in a cell type)"),
        (f"{ds.genes['gene_id'].nunique():,}", "genes"),
        (f"{len(cells)}", f"cell type{'s' * (len(cells) != 1)}"),
        (f"{len(ds.marks)}", "tracks each"),
        (f"{ds.window:,} bp", f"window, in bins of {ds.bin_size} bp"),
        (f"{(ds.pcre >= 0).sum(1).mean():.1f}", "pCREs a gene"),
        (f"{size / 1e6:,.1f} MB", escaped(plan.project.out.name)),
    ]
    return '<div class="figures">' + "".join(f"<div><b>{n}</b>{what}</div>" for n, what in shown) + "</div>"


def _findings(findings) -> str:
    """What the doctor's quick checks found, and which checks were not made."""
    problems = [f for f in findings if f.state in ("note", "broken")]
    items = "".join(f"<li><b>{escaped(f.check)}</b>: {escaped(f.seen)}. {escaped(f.remedy)}</li>" for f in problems)
    noted = f'<div class="warn">The doctor noted:<ul>{items}</ul></div>' if problems else ""
    made = ", ".join(dict.fromkeys(f.check for f in findings if f.state != "skipped"))
    left = ", ".join(dict.fromkeys(f.check for f in findings if f.state == "skipped"))
    more = f" Not checked: {escaped(left)}; <code>chromolab doctor</code> makes these checks." if left else ""
    return f'{noted}<p class="quiet">Checked before the build: {escaped(made or "nothing")}.{more}</p>'


def _notes(plan: Plan, ds: Dataset) -> str:
    """The dataset's own report, without the lines on genes and contacts, which are shown as tables."""
    others = [line for line in ds.report if line not in plan.notes]
    return f"<pre>{escaped(chr(10).join(others))}</pre>"


# ---------------------------------------------------------------- genes


def _genes(plan: Plan, ds: Dataset, cells: list[str]) -> str:
    out, genes = [], ds.genes
    folds = genes.groupby("fold")["gene_id"].nunique()
    pictures = [svg.bars({f"fold {f}": n for f, n in folds.items()}, "Genes in each fold")]
    measured = genes[genes["label"] >= 0]
    if len(measured):
        share = measured.groupby("cell_type", sort=False)["label"].mean() * 100
        pictures.append(svg.bars(share.to_dict(), "Genes with label 1 (expressed)", " %", colour="#009E73"))
        values, top = measured["log2_expression"], max(1, int(np.ceil(measured["log2_expression"].max())))
        edges = np.arange(0, top + 1) if top <= 16 else np.linspace(0, top, 17)
        labels = [f"{edge:.0f}" if i % 2 == 0 else "" for i, edge in enumerate(edges[:-1])]
        pictures.append(svg.histogram(values, edges, "log2(expression + 1)", labels))
    else:
        out.append(
            '<p class="warn">No gene has expression (label -1): models can predict these genes, but not be '
            "trained or scored on them.</p>"
        )
    out.append(_pictures(pictures))
    chromosomes = genes.groupby("fold")["chrom"].unique()
    rows = [(f, n, ", ".join(sorted(chromosomes[f]))) for f, n in folds.items()]
    out.append(_table(["fold", "genes", "chromosomes"], rows, {1}))
    for cell in cells:
        if cell in plan.genes:
            out.append(f"<h3>{escaped(cell)}: kept and left out</h3>{plan.genes[cell]._repr_html_()}")
    return "".join(out)


# ---------------------------------------------------------------- tracks


def track_table(ds: Dataset, cell: str) -> pd.DataFrame:
    """One row per mark over all bins of a cell type's regions.

    Columns: `scale`, `read_as` (what models read: log1p, none or asinh), `covered` (share of bases with data), `zero`
    (share of bins with data that are 0), `mean`, `median`, `q90`, `q99`, `max`.
    """
    signal = ds.signal
    of_cell = (signal.regions["cell_type"] == cell).to_numpy()
    bins = np.flatnonzero(np.repeat(of_cell, np.diff(signal.offsets)))
    bases = signal.bases()[bins].sum()
    covered = np.full(len(ds.marks), bases) if signal.covered is None else signal.covered[bins].sum(0, dtype=np.int64)
    sample = bins[:: max(1, len(bins) // LOOKED_AT)]
    rows = []
    for m, mark in enumerate(ds.marks):
        depth = signal.depth[sample, m].astype(np.float64)
        depth = depth[~np.isnan(depth)]
        q = np.quantile(depth, [0.5, 0.9, 0.99, 1]) if len(depth) else [np.nan] * 4
        rows.append(
            (
                mark,
                ds.scales.get(mark, "unknown"),
                ds.transforms.get(mark, LOG1P),
                covered[m] / bases,
                (depth == 0).mean() if len(depth) else np.nan,
                depth.mean() if len(depth) else np.nan,
                *q,
            )
        )
    return pd.DataFrame(
        rows, columns=["mark", "scale", "read_as", "covered", "zero", "mean", "median", "q90", "q99", "max"]
    )


def _tracks(plan: Plan, ds: Dataset, cells: list[str]) -> str:
    out = [
        "<p>All bins of promoter windows and pCREs. <i>Covered</i>: share of bases with data; no data is not zero. "
        "<i>Zero</i>: share of bins with data whose mean is 0. <i>Read as</i>: what models read of a bin's mean x: "
        "log1p, ln(1 + x); none, x itself; asinh, a logarithm on both sides of 0.</p>"
    ]
    for cell in cells:
        rows = []
        for row in track_table(ds, cell).itertuples(index=False):
            tracks = plan.project.files.tracks.get(cell, {})
            file = tracks[row.mark].name if row.mark in tracks else ""
            numbers = [f"{v:.3g}" for v in (row.mean, row.median, row.q90, row.q99, row.max)]
            shares = f"{row.covered:.2%}", f"{row.zero:.1%}"
            rows.append((row.mark, row.scale, row.read_as, *shares, *numbers, file))
        head = ["mark", "scale", "read as", "covered", "zero", "mean", "median", "90 %", "99 %", "highest", "file"]
        out.append(f"<h3>{escaped(cell)}</h3>{_table(head, rows, set(range(3, 10)))}{_profiles(ds, cell)}")
    return "".join(out)


def _profiles(ds: Dataset, cell: str) -> str:
    of_cell = ds.select((ds.genes["cell_type"] == cell).to_numpy())
    bins = ds.window // ds.bin_size
    per = next(k for k in range(max(1, bins // 80), bins + 1) if bins % k == 0)
    depth = of_cell.promoter_depth(per * ds.bin_size)  # (genes, bins, marks), 5' to 3'
    kb = (np.arange(depth.shape[1]) + 0.5) * per * ds.bin_size / 1000 - ds.window / 2000
    groups = {"label 1": of_cell.labels == 1, "label 0": of_cell.labels == 0}
    groups = {n: g for n, g in groups.items() if g.any()} or {"all genes": np.ones(len(of_cell), bool)}
    pictures = []
    for m, mark in enumerate(ds.marks):
        means = {name: _mean(depth[rows, :, m]) for name, rows in groups.items()}
        pictures.append(svg.lines(kb, means, mark, "kb", colour_of(mark, ds.marks)))
    key = ": solid line, genes with label 1; dashed line, label 0." if len(groups) == 2 else "."
    return f"""<p class="quiet">Mean signal around the TSS, 5' to 3'{key}</p>{_pictures(pictures)}"""


def _mean(depth: np.ndarray) -> np.ndarray:
    """Mean over the genes (axis 0) that have data; NaN where none has."""
    has = ~np.isnan(depth)
    return np.divide(np.nansum(depth, 0), has.sum(0), out=np.full(depth.shape[1], np.nan), where=has.any(0))


# ---------------------------------------------------------------- contacts


def _contacts(plan: Plan, ds: Dataset, cells: list[str]) -> str:
    if not ds.n_pcres or not (ds.pcre >= 0).any():
        return "<p>None: promoters only.</p>"
    out = []
    for cell in cells:
        of_cell = ds.select((ds.genes["cell_type"] == cell).to_numpy())
        used, per_gene = of_cell.pcre >= 0, (of_cell.pcre >= 0).sum(1)
        if not used.any():
            out.append(f"<h3>{escaped(cell)}</h3><p>No contacts.</p>")
            continue
        places = ds.signal.regions.iloc[of_cell.pcre[used]]
        gene = np.repeat(np.arange(len(of_cell)), per_gene)
        middle = (places["start"] + places["end"]).to_numpy() / 2
        cis = places["chrom"].to_numpy() == of_cell.genes["chrom"].to_numpy()[gene]
        kb = np.abs(middle - of_cell.genes["tss"].to_numpy()[gene])[cis] / 1000
        counts = list(map(str, range(ds.n_pcres + 1)))
        edges = [0, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 1e9]
        labels = [f"<{e:g}" if i in (0, 2, 4, 6) else "" for i, e in enumerate(edges[1:-1])] + ["more"]
        length = (places["end"] - places["start"]).to_numpy()
        pictures = [
            svg.histogram(per_gene, np.arange(len(counts) + 1) - 0.5, "pCREs of a gene", counts),
            svg.histogram(kb, edges, "Distance from the TSS (kb)", labels),
        ]
        low, middle, high = np.quantile(of_cell.frequency[used], [0, 0.5, 1])
        distance = f"{np.median(kb):,.0f} kb" if len(kb) else "unknown (all are on other chromosomes)"
        summary = f"{(per_gene > 0).sum():,} of {len(of_cell):,} genes have {used.sum():,} contacts; frequency "
        summary += f"{low:.3g} to {high:.3g}, median {middle:.3g}; median distance {distance}, median length "
        summary += f"{np.median(length):,.0f} bp."
        notes = plan.contacts[cell]._repr_html_() if cell in plan.contacts else ""
        out.append(f"<h3>{escaped(cell)}</h3><p>{escaped(summary)}</p>{_pictures(pictures)}{notes}")
    return "".join(out)


# ---------------------------------------------------------------- the rest


def _settings(plan: Plan) -> str:
    project, c = plan.project, plan.project.config
    keys = ("assembly", "window", "resolutions", "n_pcres", "min_frequency", "missing", "dtype", "out")
    rows = [(key, getattr(c, key)) for key in keys if getattr(c, key) is not None]
    files = [(what, path.name, f"{project.before[path].size:,}") for path, what in project.files.named.items()]
    return _table(["setting", "value"], rows) + _table(["what", "file", "bytes"], files, {2})


def _table(head: list[str], rows, numbers: set[int] = frozenset()) -> str:
    def line(cells, tag: str) -> str:
        kinds = (' class="n"' if i in numbers else "" for i in range(len(head)))
        return "<tr>" + "".join(f"<{tag}{k}>{escaped(c)}</{tag}>" for k, c in zip(kinds, cells, strict=True)) + "</tr>"

    return f"<table>{line(head, 'th')}{''.join(line(row, 'td') for row in rows)}</table>"


def _pictures(pictures: list[str]) -> str:
    return f'<div class="pictures">{"".join(pictures)}</div>'
