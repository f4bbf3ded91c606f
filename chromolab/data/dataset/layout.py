"""From genes and pCREs to the regions to read, and from their bin means to a `Dataset`: the steps of every build."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from chromolab.data.chromosomes import find_chromosome
from chromolab.data.dataset.dataset import Dataset
from chromolab.data.dataset.signal import Signal, counts_dtype
from chromolab.data.intervals import tss_windows
from chromolab.data.tracks.bin_means import BinMeans
from chromolab.data.tracks.evidence import MATTERS, Evidence
from chromolab.data.tracks.guess_scale import counts_as_zero, judge
from chromolab.data.tracks.scales import (
    SIGNED,
    check_scales,
    check_transforms,
    common_scales,
    other_transforms,
    refuse_signed,
)
from chromolab.errors import ChromolabError

log = logging.getLogger("chromolab")

MISSING = ("auto", "mask", "zero")  # what a base without a value means: as the file shows, not measured, or 0


@dataclass(frozen=True)
class Layout:
    """The regions to read for a dataset, and which gene uses which; made before any track is opened.

    `regions` (`cell_type`, `chrom`, `start`, `end`) are distinct and grouped by cell type; `promoter`, `pcre` and
    `frequency` are as in `Dataset`, and `report` will become its report.
    """

    genes: pd.DataFrame
    regions: pd.DataFrame
    promoter: np.ndarray
    pcre: np.ndarray
    frequency: np.ndarray
    window: int
    bin_size: int
    report: list[str]

    @property
    def cell_types(self) -> list[str]:
        """The genes' cell types, in the order in which regions are grouped."""
        return list(dict.fromkeys(self.genes["cell_type"]))

    def regions_of(self, cell_type: str) -> pd.DataFrame:
        """The regions of one cell type, in order."""
        return self.regions[self.regions["cell_type"] == cell_type].reset_index(drop=True)

    def bases(self, cell_type: str | None = None) -> np.ndarray:
        """Base pairs of every bin, (bins,), over all regions or those of one cell type."""
        regions = self.regions if cell_type is None else self.regions_of(cell_type)
        length = (regions["end"] - regions["start"]).to_numpy(np.int64)
        bins = -(-length // self.bin_size)
        bases = np.full(bins.sum(), self.bin_size, np.int64)
        bases[np.cumsum(bins) - 1] = length - (bins - 1) * self.bin_size
        return bases


def lay_out(
    genes: pd.DataFrame,
    pcres: Sequence[pd.DataFrame],
    window: int,
    resolutions: Sequence[int],
    n_pcres: int,
    report: Iterable[str],
) -> Layout:
    """Make the `Layout` for checked genes and each cell type's pCREs; without tables of pCREs, one without contacts.

    `pcres` are tables of `PCRE_COLUMNS`, of which each gene keeps its first `n_pcres`; `window` and `resolutions` are
    in bp; `report` holds lines for the dataset's report. Raises ChromolabError if a resolution does not divide the
    window.
    """
    table = pd.concat(pcres, ignore_index=True) if len(pcres) else None
    regions, promoter, pcre, frequency = _regions(genes, table, window, n_pcres if len(pcres) else 0)
    return Layout(genes, regions, promoter, pcre, frequency, window, stored_bin(window, resolutions), list(report))


class Column(NamedTuple):
    """One track over one cell type's regions.

    `depth` (bins,) as stored; `covered` (bins,): bases that count, with data or as zero; its `scale`; `zeros`: how many
    bases count as zero though the track has no value there; `said`: a line for the dataset's report, or ""; `low` and
    `high`: its lowest and highest value.
    """

    depth: np.ndarray
    covered: np.ndarray
    scale: str
    zeros: int = 0
    said: str = ""
    low: float = np.inf
    high: float = -np.inf


def column(binned: BinMeans, track: Any, layout: Layout, cell_type: str, missing: str, dtype: str) -> Column:
    """Bin means of `track` in a cell type's regions, in the form in which they are stored.

    Raises ChromolabError for an unknown `missing` or `dtype`, a mean depth that does not fit the dtype, or where
    `missing` is "auto" and the track does not show what its bases without a value are (`guess_scale.counts_as_zero`).
    """
    if missing not in MISSING:
        raise ChromolabError(f"missing is {missing!r}; expected one of {', '.join(map(repr, MISSING))}")
    if dtype not in ("float16", "float32", "float64"):
        raise ChromolabError(f"dtype is {dtype!r}; expected 'float16', 'float32' or 'float64'")
    evidence, mean, covered, bases = binned.evidence, binned.mean, binned.covered, layout.bases(cell_type)
    scale, said = judge(evidence, track).scale, list(evidence.notes)
    if missing == "zero" or (missing == "auto" and counts_as_zero(evidence, track)):
        there = np.ones(len(mean), bool) if missing == "zero" else _measured(evidence, layout, cell_type)
        mean = np.where(there, np.nan_to_num(mean) * (covered / bases), np.nan)
        covered = np.where(there, bases, 0)
        if missing == "auto":
            said.append(f"{evidence.without:.0%} of bases have no value and none has 0: zeros left out, counted as 0")
            log.warning("%s: %s (missing='mask' overrules).", track, said[-1])
    if scale == SIGNED:
        said.append(f"values from {evidence.low:.3g} to {evidence.high:.3g}, below 0: kept with their sign (signed)")
    if np.nanmax(np.abs(mean), initial=0) > np.finfo(dtype).max:
        raise ChromolabError(f"a mean depth of {np.nanmax(np.abs(mean)):.0f} does not fit {dtype}; use dtype='float32'")
    counts = counts_dtype(bases.max(initial=0))
    zeros = int(covered.sum(dtype=np.int64) - binned.covered.sum(dtype=np.int64))
    values = mean.astype(dtype), covered.astype(counts)
    return Column(*values, scale, zeros, "; ".join(said), float(evidence.low), float(evidence.high))


def _measured(evidence: Evidence, layout: Layout, cell_type: str) -> np.ndarray:
    """Which bins, (bins,), lie on a chromosome on which the track has a value at all; the others were not measured."""
    regions, have = layout.regions_of(cell_type), {chrom for chrom, n in evidence.covered.items() if n}
    known = {chrom: find_chromosome(chrom, have) is not None for chrom in regions["chrom"].unique()}
    bins = -(-(regions["end"] - regions["start"]).to_numpy(np.int64) // layout.bin_size)
    return np.repeat(regions["chrom"].map(known).to_numpy(bool), bins)


def assemble(
    layout: Layout,
    marks: Sequence[str],
    columns: Mapping[tuple[str, str], Column],
    dtype: str,
    scales: str | Mapping[str, str] | None = None,
    origin: str = "",
    transforms: str | Mapping[str, str] | None = None,
) -> Dataset:
    """Make the dataset from its columns {(cell type, mark): `Column`}; genes and pCREs without data are left out.

    Raises ChromolabError for unknown `scales` or `transforms`, for a track with values below 0 whose transform is not
    given, or if no gene has data at its TSS.
    """
    chosen = check_transforms(transforms, marks)
    for (_, mark), made in columns.items():
        if made.low < 0 and mark not in chosen:
            refuse_signed(mark, made.low, made.high)
    bases, report, first = layout.bases(), layout.report, 0
    depth = np.empty((len(bases), len(marks)), dtype)
    covered = np.empty((len(bases), len(marks)), counts_dtype(layout.bin_size))
    for cell in layout.cell_types:  # regions are grouped in this order
        rows = slice(first, first + len(columns[cell, marks[0]].depth))
        for m, mark in enumerate(marks):
            depth[rows, m], covered[rows, m] = columns[cell, mark].depth, columns[cell, mark].covered
        first = rows.stop
    masked = 1 - covered.sum(0, dtype=np.int64) / bases.sum()
    zeros = np.array([sum(columns[cell, mark].zeros for cell in layout.cell_types) for mark in marks]) / bases.sum()
    for what, share in (("masked", masked), ("counted as zero", zeros)):
        if share.any():
            report = [*report, f"bases without data, {what}: {share.min():.2%} to {share.max():.2%} by mark"]
    report = [*report, *(f"{mark} of {cell}: {made.said}" for (cell, mark), made in columns.items() if made.said)]
    if not masked.any():
        covered = None
    bins = -(-(layout.regions["end"] - layout.regions["start"]).to_numpy(np.int64) // layout.bin_size)
    signal = Signal(layout.regions, depth, np.concatenate([[0], np.cumsum(bins)]), layout.bin_size, covered)
    guessed = {cell: {m: columns[cell, m].scale for m in marks} for cell in layout.cell_types}
    scales, how = (check_scales(scales, marks), "given") if scales else (common_scales(guessed), "as the files look")
    report = [*report, f"scales ({how}): {', '.join(f'{m} {s}' for m, s in scales.items())}"]
    index, read = (layout.promoter, layout.pcre, layout.frequency), other_transforms(chosen)
    report += [f"transforms: {', '.join(f'{m} {t}' for m, t in read.items())}; of the others ln(1 + x)"] if read else []
    dataset = Dataset(
        layout.genes, tuple(marks), signal, *index, layout.window, scales=scales, origin=origin, transforms=read
    )
    return without_dataless(dataset, list(report))


def stored_bin(window: int, resolutions: Sequence[int]) -> int:
    """The stored bin size (bp): the greatest common divisor of the resolutions.

    Raises ChromolabError if the window is odd or a resolution does not divide it.
    """
    wrong = [r for r in resolutions if r <= 0 or window % r]
    if wrong or not len(resolutions) or window % 2:
        raise ChromolabError(
            f"window {window} and resolutions {tuple(resolutions)}: expected an even window that every resolution "
            f"divides; {wrong or 'no resolution'} does not"
        )
    return int(np.gcd.reduce(np.asarray(resolutions, np.int64)))


def _regions(genes: pd.DataFrame, pcres: pd.DataFrame | None, window: int, n_pcres: int):
    """Distinct regions (promoter windows, then pCREs, grouped by cell type), and which gene uses which.

    Returns (regions, promoter (genes,), pcre (genes, K) with -1, frequency (genes, K)).
    """
    key = ["cell_type", "chrom", "start", "end"]
    windows = tss_windows(genes, window).assign(cell_type=genes["cell_type"].to_numpy())[key]
    every = windows if pcres is None else pd.concat([windows, pcres[key]], ignore_index=True)
    every["cell_type"] = pd.Categorical(every["cell_type"], list(dict.fromkeys(genes["cell_type"])))
    number = every.groupby(key, sort=False, observed=True).ngroup().to_numpy()
    first = np.unique(number, return_index=True)[1]
    regions = every.iloc[first].reset_index(drop=True)
    by_cell = np.argsort(regions["cell_type"].cat.codes, kind="stable")
    rank = np.empty(len(by_cell), np.int64)
    rank[by_cell] = np.arange(len(by_cell))
    regions, number = regions.iloc[by_cell].reset_index(drop=True).astype({"cell_type": str}), rank[number]

    pcre, frequency = np.full((len(genes), n_pcres), -1, np.int64), np.zeros((len(genes), n_pcres))
    if pcres is not None and len(pcres):
        row = pd.MultiIndex.from_frame(genes[["gene_id", "cell_type"]]).get_indexer(
            pd.MultiIndex.from_frame(pcres[["gene_id", "cell_type"]])
        )
        slot = pcres.groupby(["gene_id", "cell_type"], sort=False).cumcount().to_numpy()
        kept = slot < n_pcres
        pcre[row[kept], slot[kept]] = number[len(genes) :][kept]
        frequency[row[kept], slot[kept]] = pcres["frequency"].to_numpy()[kept]
    used = np.zeros(len(regions), bool)  # pCREs beyond the first n_pcres leave regions that no gene uses
    used[number[: len(genes)]] = used[pcre[pcre >= 0]] = True
    renumber = np.append(np.cumsum(used) - 1, -1)
    return regions[used].reset_index(drop=True), renumber[number[: len(genes)]], renumber[pcre], frequency


def without_dataless(dataset: Dataset, report: list[str]) -> Dataset:
    """Leave out pCREs without any data, and genes without data at their TSS; say how much one mark hides of others."""
    signal = dataset.signal
    lacking = np.isnan(signal.depth)
    seen = ~lacking.any(1)
    if partly := int((~seen).sum() - lacking.all(1).sum()):
        share, some = partly / len(seen), ~lacking.all(1)
        by_mark = {mark: lacking[some, m].mean() for m, mark in enumerate(dataset.marks)}
        most = max(by_mark, key=lambda mark: by_mark[mark])
        report.append(
            f"bins hidden from the model, for every mark, where only some marks lack data: {share:.2%}, most by {most} "
            f"({by_mark[most]:.2%})"
        )
        if share > MATTERS:
            log.warning("%s. If %s is 0 there, say so: missing: zero for this track.", report[-1], most)
    seen_bins = np.add.reduceat(seen, signal.offsets[:-1])
    at_tss = signal.offsets[dataset.promoter] + dataset.window // (2 * signal.bin_size)
    keep = seen[at_tss] | seen[at_tss - 1]
    empty = (seen_bins == 0)[dataset.pcre] & (dataset.pcre >= 0)
    pcre, frequency = np.where(empty, -1, dataset.pcre), np.where(empty, 0, dataset.frequency)
    order = np.argsort(pcre < 0, axis=1, kind="stable")  # close the gaps, keep the order by frequency
    pcre, frequency = np.take_along_axis(pcre, order, 1), np.take_along_axis(frequency, order, 1)
    if not keep.any():
        raise ChromolabError(
            "no gene has data at its TSS: do the tracks and the annotation use the same assembly? "
            "If the tracks leave zeros out, pass missing='zero'"
        )
    if not keep.all():
        names = ", ".join(dataset.genes["gene_id"][~keep].head(3))
        report.append(f"{(~keep).sum()} of {len(keep)} genes left out: no data at the TSS ({names} ...)")
    if empty.any():
        report.append(f"{empty.sum()} contacts left out: no data in the pCRE")
    built = replace(dataset, pcre=pcre, frequency=frequency, report=tuple(report))
    return built if keep.all() else built.select(keep).compact()
