"""Genes, tracks and contacts -> a `Dataset`; also from the published study's own format."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from chromolab.data.contacts import assign_pcres, parse_neighbours, read_contacts
from chromolab.data.dataset import Dataset
from chromolab.data.intervals import (
    check_assembly,
    check_genes,
    existing_file,
    read_chrom_sizes,
    require_columns,
    tss_windows,
)
from chromolab.data.scales import DEPTH, check_scales, common_scales, judge
from chromolab.data.signal import Signal
from chromolab.data.tracks import BinMeans, bin_means_many, open_track, read_depth_folder
from chromolab.defaults import MARKS, MIN_FREQUENCY, N_PCRES, RESOLUTIONS, WINDOW
from chromolab.errors import ChromolabError


def build_dataset(
    genes: pd.DataFrame,
    tracks: Mapping,
    contacts=None,
    *,
    window: int = WINDOW,
    resolutions: Sequence[int] = RESOLUTIONS,
    n_pcres: int = N_PCRES,
    min_frequency: float = MIN_FREQUENCY,
    missing: str = "mask",
    chrom_sizes=None,
    scales=None,
    dtype: str = "float32",
    processes: int | None = None,
    progress: bool = True,
) -> Dataset:
    """Build a dataset from one's own files.

    Parameters
    ----------
    genes : DataFrame
        The gene table (`chromolab.data.genes.gene_table` makes one): a row per gene and cell type.
    tracks : {mark: bigWig path}, or {cell type: {mark: bigWig path}}
        The first form serves a gene table of one cell type. Every cell type needs the same marks.
    contacts : None, DataFrame or path, or {cell type: DataFrame or path}
        Interactions of promoters with fragments (`chromolab.data.contacts.read_contacts`). A cell type that is not
        named has none; a single table serves all cell types.
    window : int
        Base pairs around the TSS, a multiple of every resolution; also the longest pCRE.
    resolutions : sequence of int
        Base pairs per bin; their greatest common divisor is what is stored, so that each can be derived.
    n_pcres : int
        The most pCREs to keep per gene, by falling frequency.
    min_frequency : float
        A contact must exceed it.
    missing : {"mask", "zero"}
        What a base without data means. "mask" hides bins that lack data in any mark from every model. "zero" is for
        bigWigs that leave out zeros; it is recorded in the report.
    chrom_sizes : path or {chromosome: length in bp}, optional
        Of the assembly that genes and contacts are given in; tracks of another one are refused. Without it, only the
        tracks are held against each other.
    scales : str or {mark: str}, optional
        What the tracks' numbers are: "depth", "fold_change", "neg_log10_p" or "unknown". Without it, what can be told
        from the files is noted (`chromolab.data.scales.guess_scale`).
    dtype : {"float32", "float16", "float64"}
        Of the stored depth.
    processes : int, optional
        Child processes that read tracks at once.
    progress : bool

    Returns
    -------
    Dataset
        Genes whose TSS has no data, and pCREs without any, are left out; `dataset.report` counts them.

    Raises
    ------
    ChromolabError
        On tables or files that are not what they should be, naming place and remedy.
    """
    genes = check_genes(genes)
    bin_size = _bin_size(window, resolutions)
    cells = list(dict.fromkeys(genes["cell_type"]))
    tracks, contacts = _per_cell_type(tracks, cells), _contacts_per_cell_type(contacts, cells)
    marks = tuple(tracks[cells[0]])
    for cell in cells:
        if set(tracks[cell]) != set(marks):
            raise ChromolabError(
                f"tracks of {cell} are {sorted(tracks[cell])}, of {cells[0]} {sorted(marks)}; expected the same marks "
                "everywhere: leave out those that some cell type lacks"
            )
    if chrom_sizes is not None:
        sizes = chrom_sizes if isinstance(chrom_sizes, Mapping) else read_chrom_sizes(chrom_sizes)
        for path in (tracks[cell][marks[0]] for cell in cells):  # within a cell type, reading compares the tracks
            check_assembly(sizes, open_track(path).chrom_sizes, "chrom_sizes", str(path))
    report, pcres = [], []
    for cell, table in contacts.items():
        here = genes[genes["cell_type"] == cell]
        found, notes = assign_pcres(here, table, k=n_pcres, min_frequency=min_frequency, max_length=window)
        pcres.append(found)
        report.append(f"contacts of {cell}: {notes}")
    pcres = pd.concat(pcres, ignore_index=True) if pcres else None
    regions, promoter, pcre, frequency = _regions(genes, pcres, window, n_pcres if contacts else 0)

    parts, found = [], {}
    for cell in cells:  # regions are grouped by cell type in this order
        here = regions[regions["cell_type"] == cell].reset_index(drop=True)
        binned = bin_means_many({m: tracks[cell][m] for m in marks}, here, bin_size, processes, progress)
        parts.append(_stack([binned[m] for m in marks]))
        found[cell] = {m: judge(binned[m], tracks[cell][m]).scale for m in marks}
    scales, how = (check_scales(scales, marks), "given") if scales else (common_scales(found), "as the files look")
    report.append(f"scales ({how}): {', '.join(f'{m} {s}' for m, s in scales.items())}")
    depth, covered = (np.concatenate([p[i] for p in parts]) for i in (0, 1))
    signal = _signal(regions, depth, covered, bin_size, missing, dtype, report)
    dataset = Dataset(genes, marks, signal, promoter, pcre, frequency, window, scales=scales)
    return _without_dataless(dataset, report)


def read_published(
    meta,
    folder,
    *,
    marks: Sequence[str] = MARKS,
    resolutions: Sequence[int] = RESOLUTIONS,
    window: int = WINDOW,
    n_pcres: int = N_PCRES,
    dtype: str = "float32",
    progress: bool = True,
) -> Dataset:
    """Read genes in the published study's format.

    Parameters
    ----------
    meta : path
        CSV with gene_id, expression, eid, label, chrom, start (the TSS, 0-based), strand, split, neighbors, scores.
    folder : path
        One array of per-base depth per region, `{chrom}:{start}-{end}.npy`, (marks, bases).
    marks : sequence of str
        Names of the arrays' rows.
    resolutions, window, n_pcres, dtype, progress
        As in `build_dataset`. float64 keeps the means exactly, for comparisons to the last digit.

    Returns
    -------
    Dataset

    Raises
    ------
    ChromolabError
        On a missing column, row or array, or one that is not what it should be.
    """
    meta = existing_file(meta, "the table of genes")
    table = pd.read_csv(meta)
    require_columns(table, ("gene_id", "expression", "eid", "label", "chrom", "start", "strand", "split"), str(meta))
    genes = table.assign(
        gene_name=table["gene_id"], cell_type=table["eid"], tss=table["start"], fold=table["split"],
        log2_expression=np.log2(table["expression"] + 1), end=table["start"] + 1,
    ).drop(columns=["eid", "split", "neighbors", "scores"], errors="ignore")  # fmt: skip
    genes = check_genes(genes, str(meta))
    pcres = parse_neighbours(table, str(meta))
    regions, promoter, pcre, frequency = _regions(genes, pcres, window, n_pcres)
    bin_size, report = _bin_size(window, resolutions), []
    binned = read_depth_folder(folder, regions, bin_size, marks, progress)
    depth, covered = _stack([binned[m] for m in marks])
    signal = _signal(regions, depth, covered, bin_size, "mask", dtype, report)
    scales = dict.fromkeys(marks, DEPTH)
    dataset = Dataset(genes, tuple(marks), signal, promoter, pcre, frequency, window, scales=scales)
    return _without_dataless(dataset, report)


def _bin_size(window: int, resolutions: Sequence[int]) -> int:
    wrong = [r for r in resolutions if r <= 0 or window % r]
    if wrong or not len(resolutions) or window % 2:
        raise ChromolabError(
            f"window {window} and resolutions {tuple(resolutions)}: expected an even window that every resolution "
            f"divides; {wrong or 'no resolution'} does not"
        )
    return int(np.gcd.reduce(np.asarray(resolutions, np.int64)))


def _per_cell_type(tracks: Mapping, cells: list[str]) -> dict[str, dict[str, Path]]:
    if not tracks:
        raise ChromolabError("no tracks given; expected {mark: bigWig} or {cell type: {mark: bigWig}}")
    if not all(isinstance(v, Mapping) for v in tracks.values()):
        if len(cells) > 1:
            raise ChromolabError(f"one set of tracks for the cell types {cells}; give {{cell type: {{mark: bigWig}}}}")
        tracks = {cells[0]: tracks}
    if missing := [c for c in cells if not tracks.get(c)]:
        raise ChromolabError(f"no tracks for cell type {', '.join(missing)}; add them, or leave its genes out")
    return {c: dict(tracks[c]) for c in cells}


def _contacts_per_cell_type(contacts, cells: list[str]) -> dict[str, pd.DataFrame]:
    if contacts is None:
        return {}
    if not isinstance(contacts, Mapping):
        contacts = dict.fromkeys(cells, contacts)
    if unknown := [c for c in contacts if c not in cells]:
        raise ChromolabError(f"contacts for {unknown}, of which no gene is in the table (its cell types: {cells})")
    return {c: t if isinstance(t, pd.DataFrame) else read_contacts(t) for c, t in contacts.items()}


def _regions(genes: pd.DataFrame, pcres: pd.DataFrame | None, window: int, n_pcres: int):
    """Distinct regions (promoter windows, then pCREs, grouped by cell type), and who uses which.

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
    used = np.zeros(len(regions), bool)  # pCREs beyond the first n_pcres may have left regions that nobody reads
    used[number[: len(genes)]] = used[pcre[pcre >= 0]] = True
    renumber = np.append(np.cumsum(used) - 1, -1)
    return regions[used].reset_index(drop=True), renumber[number[: len(genes)]], renumber[pcre], frequency


def _stack(binned: Sequence[BinMeans]) -> tuple[np.ndarray, np.ndarray]:
    return np.stack([b.mean for b in binned], 1), np.stack([b.covered for b in binned], 1)


def _signal(regions, depth, covered, bin_size, missing, dtype, report) -> Signal:
    bins = -(-(regions["end"] - regions["start"]).to_numpy(np.int64) // bin_size)
    signal = Signal(regions, depth, np.concatenate([[0], np.cumsum(bins)]), bin_size, covered)
    bases = signal.bases()[:, None]
    lacking = 1 - covered.sum(0) / bases.sum()
    if missing == "zero":
        depth, covered = np.nan_to_num(depth) * (covered / bases), None
    elif missing != "mask":
        raise ChromolabError(f"missing is {missing!r}; expected 'mask' or 'zero'")
    elif (covered == bases).all():
        covered = None
    if lacking.any():
        report.append(f"bases without data, {'counted as zero' if missing == 'zero' else 'masked'}: "
                      f"{lacking.min():.2%} to {lacking.max():.2%} by mark")  # fmt: skip
    if dtype not in ("float16", "float32", "float64"):
        raise ChromolabError(f"dtype is {dtype!r}; expected 'float16', 'float32' or 'float64'")
    if np.nanmax(depth, initial=0) > np.finfo(dtype).max:
        raise ChromolabError(f"a mean depth of {np.nanmax(depth):.0f} does not fit {dtype}; use dtype='float32'")
    covered = None if covered is None else covered.astype(np.uint16 if bin_size < 65_536 else np.uint32)
    return Signal(regions, depth.astype(dtype), signal.offsets, bin_size, covered)


def _without_dataless(dataset: Dataset, report: list[str]) -> Dataset:
    """Leave out pCREs that have no data at all, and genes that have none at their TSS."""
    signal = dataset.signal
    seen = ~np.isnan(signal.depth).any(1)
    seen_bins = np.add.reduceat(seen, signal.offsets[:-1])
    at_tss = signal.offsets[dataset.promoter] + dataset.window // (2 * signal.bin_size)
    keep = seen[at_tss] | seen[at_tss - 1]
    empty = (seen_bins == 0)[dataset.pcre] & (dataset.pcre >= 0)
    pcre, frequency = np.where(empty, -1, dataset.pcre), np.where(empty, 0, dataset.frequency)
    order = np.argsort(pcre < 0, axis=1, kind="stable")  # close the gaps, keep the ranking
    pcre, frequency = np.take_along_axis(pcre, order, 1), np.take_along_axis(frequency, order, 1)
    if not keep.any():
        raise ChromolabError("no gene has data at its TSS: do the tracks and the annotation share an assembly? "
                             "If the bigWigs leave out zeros, pass missing='zero'")  # fmt: skip
    if not keep.all():
        names = ", ".join(dataset.genes["gene_id"][~keep].head(3))
        report.append(f"{(~keep).sum()} of {len(keep)} genes left out: no data at the TSS ({names} ...)")
    if empty.any():
        report.append(f"{empty.sum()} contacts left out: no data in the pCRE")
    built = replace(dataset, pcre=pcre, frequency=frequency, report=tuple(report))
    return built if keep.all() else built.select(keep).compact()
