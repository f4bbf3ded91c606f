"""Build a `Dataset` from genes, tracks and contacts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from chromolab.data.chromosomes import check_assembly, chromosome_sizes, is_mitochondrion, of_one_length
from chromolab.data.contacts.formats import read_contacts
from chromolab.data.contacts.pcres import assign_per_cell_type
from chromolab.data.dataset.dataset import Dataset
from chromolab.data.dataset.layout import Column, Layout, assemble, column, lay_out, stored_bin, without_dataless
from chromolab.data.dataset.signal import Signal, counts_dtype
from chromolab.data.intervals import check_genes, check_regions
from chromolab.data.tracks.bin_means import bin_means, bin_means_many, open_track
from chromolab.data.tracks.scales import (
    CALLS,
    check_scales,
    check_transforms,
    common_scales,
    other_transforms,
    refuse_signed,
)
from chromolab.defaults import MIN_FREQUENCY, N_PCRES, RESOLUTIONS, WINDOW
from chromolab.errors import ChromolabError

# Raise it whenever the same files and arguments would give another dataset: datasets and pieces that are kept carry it.
DATASET_VERSION = 3


def build_dataset(
    genes: pd.DataFrame,
    tracks: Mapping,
    contacts: pd.DataFrame | str | PathLike[str] | Mapping[str, Any] | None = None,
    *,
    window: int = WINDOW,
    resolutions: Sequence[int] = RESOLUTIONS,
    n_pcres: int = N_PCRES,
    min_frequency: float = MIN_FREQUENCY,
    missing: str | Mapping[str, str] = "auto",
    chrom_sizes: Mapping[str, int] | str | PathLike[str] | None = None,
    scales: str | Mapping[str, str] | None = None,
    transforms: str | Mapping[str, str] | None = None,
    dtype: str = "float32",
    origin: str = "",
    processes: int | None = None,
    progress: bool = True,
) -> Dataset:
    """Build a dataset from one's own files.

    Parameters
    ----------
    genes : DataFrame
        The gene table (`chromolab.data.genes.gene_table.gene_table` makes one): a row per gene and cell type.
    tracks : {mark: path}, or {cell type: {mark: path}}
        bigWigs, aligned reads (tagAlign, BED, BAM) or bedGraphs; see `cl.data.bin_means`. The first form serves a
        gene table of one cell type. Every cell type needs the same marks.
    contacts : None, DataFrame or path, or {cell type: DataFrame or path}
        Interactions of promoters with fragments, or a matrix of fixed bins, as `read_contacts`
        reads them. A cell type that is not named has no contacts; a single table serves all cell types.
    window : int
        Base pairs around the TSS, a multiple of every resolution; also the longest pCRE.
    resolutions : sequence of int
        Base pairs per bin; their greatest common divisor is stored, so that each can be derived.
    n_pcres : int
        Keep at most this many pCREs per gene, by falling frequency.
    min_frequency : float
        A contact's frequency must exceed it; what that means depends on the kind of file:
        `cl.data.contact_kinds()`.
    missing : {"auto", "mask", "zero"}, or {mark: one of these}
        What a base without a value means. "mask": it was not measured; a bin that lacks data in any mark is hidden from
        every model. "zero": its zero was left out. "auto" decides for each track by its values, and says so in the
        report: counts without any 0 left zeros out; a track that writes zeros did not. Where the values cannot tell and
        it matters, it asks. A chromosome without any value is never taken for zero by "auto". A mark that is not named
        is "auto". Where one mark hides more than 2 % of the bins that others have, a warning names it.
    chrom_sizes : path, {chromosome: length in bp} or an assembly's name ("hg19"), optional
        Chromosome sizes of the assembly of genes and contacts; tracks of another assembly are refused. Without it, the
        tracks are only compared with each other. Aligned reads as text need it.
    scales : str or {mark: str}, optional
        The scale of the tracks' values, one of `chromolab.data.tracks.scales.SCALES`. By default it is guessed from the
        files and recorded as a guess (`cl.data.guess_scale`).
    transforms : str or {mark: str}, optional
        What models read of a bin's mean x: "log1p" (ln(1 + x), the default, for depth and other values of 0 or more),
        "none" (x itself: PC1, a log ratio) or "asinh" (a logarithm on both sides of 0). A track with values below 0 is
        refused until its transform is named. The dataset keeps the values, and beside them this choice.
    dtype : {"float32", "float16", "float64"}
        Type of the stored depth.
    origin : str
        Where the data come from, shown by every figure: "simulated", "measured", "ENCODE"; see `Dataset.origin`.
    processes : int, optional
        Number of child processes that read tracks at the same time.
    progress : bool

    Returns
    -------
    Dataset
        Genes whose TSS has no data, and pCREs without any, are left out; `dataset.report` counts them.

    Raises
    ------
    ChromolabError
        If a table or file is not as expected; the message names the place and the remedy.
    """
    genes = check_genes(genes)
    stored_bin(window, resolutions)
    cells = list(dict.fromkeys(genes["cell_type"]))
    tracks, contacts = tracks_per_cell_type(tracks, cells), _contacts_per_cell_type(contacts, cells, genes)
    marks = tuple(tracks[cells[0]])
    if not isinstance(missing, str) and (unknown := [m for m in missing if m not in marks]):
        raise ChromolabError(f"missing: no mark {unknown[0]!r}; the marks are {', '.join(marks)}")
    for cell in cells:
        if set(tracks[cell]) != set(marks):
            raise ChromolabError(
                f"tracks of {cell} are {sorted(tracks[cell])}, of {cells[0]} {sorted(marks)}; expected the same marks "
                "everywhere: leave out those that some cell type lacks"
            )
    sizes = None if chrom_sizes is None else chromosome_sizes(chrom_sizes)
    if sizes is not None:
        for path in (tracks[cell][marks[0]] for cell in cells):  # reading compares the tracks within a cell type
            check_assembly(sizes, open_track(path).chrom_sizes, "chrom_sizes", str(path))
    genes, notes = _of_one_mitochondrion(genes, tracks, sizes)
    options = {"k": n_pcres, "min_frequency": min_frequency, "max_length": window}
    pcres, reports = assign_per_cell_type(genes, contacts, dict.fromkeys(contacts, options))
    notes += [f"contacts of {cell}: {report}" for cell, report in reports.items()]
    layout = lay_out(genes, pcres, window, resolutions, n_pcres, notes)
    columns = {}
    for cell in cells:
        cell_tracks = {m: tracks[cell][m] for m in marks}
        regions = layout.regions_of(cell)
        binned = bin_means_many(cell_tracks, regions, layout.bin_size, processes, progress, chrom_sizes=sizes)
        for m, track in cell_tracks.items():
            how = missing if isinstance(missing, str) else missing.get(m, "auto")
            columns[cell, m] = column(binned[m], track, layout, cell, how, dtype)
    return assemble(layout, marks, columns, dtype, scales, origin, transforms)


def add_track(
    dataset: Dataset,
    name: str,
    files: Any,
    *,
    transform: str | None = None,
    scale: str | None = None,
    missing: str = "auto",
    chrom_sizes: Mapping[str, int] | str | PathLike[str] | None = None,
    processes: int | None = None,
    progress: bool = True,
) -> Dataset:
    """The same examples with one more track, read over the dataset's own regions; the other marks stay bit by bit.

    Parameters
    ----------
    dataset : Dataset
    name : str
        What the track is called; no mark of the dataset.
    files : path or table, or {cell type: path or table}
        A track as `build_dataset` takes it; or a table of calls (`chrom`, `start`, `end`: `cl.data.called_places`,
        peaks of a BED file), which counts 1 inside and 0 elsewhere. One of its own serves all cell types.
    transform, scale, missing : str
        As in `build_dataset`, of this track. A track with values below 0 needs a transform.
    chrom_sizes, processes, progress : see `build_dataset`

    Returns
    -------
    Dataset
        The track stands after the other marks. Bins in which it has no data are hidden from models, for every mark;
        the report says how many.

    Raises
    ------
    ChromolabError
        If the name is taken, a cell type has no file, or a file is not as expected.
    """
    if name in dataset.marks:
        raise ChromolabError(f"{name}: this dataset has a track of that name; it has {', '.join(dataset.marks)}")
    signal, cells = dataset.signal, list(dict.fromkeys(dataset.genes["cell_type"]))
    files = files if isinstance(files, Mapping) else dict.fromkeys(cells, files)
    if lacking := [c for c in cells if c not in files]:
        raise ChromolabError(f"{name}: no file for cell type {lacking[0]}; expected one for each of {', '.join(cells)}")
    chosen = check_transforms({name: transform} if transform else None, [name])
    layout = Layout(dataset.genes, signal.regions, *_used(dataset), dataset.window, signal.bin_size, [])
    dtype, bases = signal.depth.dtype.name, signal.bases()
    depth, covered = np.full(len(bases), np.nan, dtype), np.zeros(len(bases), np.int64)
    cell_of_bin = np.repeat(signal.regions["cell_type"].to_numpy(), np.diff(signal.offsets))
    said, scales = [], {}
    for cell in cells:
        if isinstance(files[cell], pd.DataFrame):
            made = _of_calls(files[cell], layout, cell, dtype)
        else:
            regions = layout.regions_of(cell)
            binned = bin_means(files[cell], regions, signal.bin_size, processes, progress, chrom_sizes=chrom_sizes)
            made = column(binned, files[cell], layout, cell, missing, dtype)
        if made.low < 0 and not chosen:
            refuse_signed(name, made.low, made.high)
        depth[cell_of_bin == cell], covered[cell_of_bin == cell] = made.depth, made.covered
        scales[cell] = {name: made.scale}
        said += [f"{name} of {cell}: {made.said}"] if made.said else []
    known = check_scales({name: scale}, [name]) if scale else common_scales(scales)
    report = [*dataset.report, *said, f"one more track: {name}, {known[name]}, read as {transform or 'log1p'}"]
    added = replace(
        dataset,
        marks=(*dataset.marks, name),
        signal=_beside(signal, depth, covered, bases),
        scales=dataset.scales | known,
        transforms=dataset.transforms | other_transforms(chosen),
    )
    return without_dataless(added, report)


def signal_over(
    dataset: Dataset,
    regions: pd.DataFrame,
    tracks: Mapping,
    *,
    missing: str | Mapping[str, str] = "auto",
    chrom_sizes: Mapping[str, int] | str | PathLike[str] | None = None,
    processes: int | None = None,
    progress: bool = True,
) -> Signal:
    """A dataset's marks over further regions, read as `build_dataset` reads its own.

    `regions` have `cell_type`, `chrom`, `start` and `end`, in any order; the other arguments are those of
    `build_dataset`. Raises ChromolabError if a track is missing or not as expected.
    """
    cells, size, dtype = list(dict.fromkeys(regions["cell_type"])), dataset.bin_size, dataset.signal.depth.dtype.name
    tracks = tracks_per_cell_type(tracks, list(dict.fromkeys(dataset.genes["cell_type"])))
    if lacking := [m for c in cells for m in dataset.marks if m not in tracks[c]]:
        raise ChromolabError(f"tracks: none of {lacking[0]}; expected those of {', '.join(dataset.marks)}")
    layout = Layout(dataset.genes, regions, *_used(dataset), dataset.window, size, [])
    bins = -(-(regions["end"] - regions["start"]).to_numpy(np.int64) // size)
    depth = np.full((bins.sum(), len(dataset.marks)), np.nan, dtype)
    covered = np.zeros(depth.shape, np.int64)
    cell_of_bin = np.repeat(regions["cell_type"].to_numpy(), bins)
    for cell in cells:
        of_cell = {m: tracks[cell][m] for m in dataset.marks}
        here, places = cell_of_bin == cell, layout.regions_of(cell)
        binned = bin_means_many(of_cell, places, size, processes, progress, chrom_sizes=chrom_sizes)
        for m, (mark, track) in enumerate(of_cell.items()):
            how = missing if isinstance(missing, str) else missing.get(mark, "auto")
            made = column(binned[mark], track, layout, cell, how, dtype)
            depth[here, m], covered[here, m] = made.depth, made.covered
    counts = None
    if (covered < layout.bases()[:, None]).any():
        counts = covered.astype(counts_dtype(size))
    return Signal(regions, depth, np.concatenate([[0], np.cumsum(bins)]), size, counts)


def _used(dataset: Dataset) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return dataset.promoter, dataset.pcre, dataset.frequency


def _beside(signal: Signal, depth: np.ndarray, covered: np.ndarray, bases: np.ndarray) -> Signal:
    """The signal with one more mark: `depth` and `covered`, (bins,); `bases` of every bin, (bins,)."""
    before, counts = signal.covered, None
    if before is not None or (covered < bases).any():
        before = np.broadcast_to(bases[:, None], signal.depth.shape) if before is None else before
        counts = np.column_stack([before, covered]).astype(counts_dtype(bases.max()))
    return replace(signal, depth=np.column_stack([signal.depth, depth]), covered=counts, cache={})


def _of_calls(table: pd.DataFrame, layout: Layout, cell_type: str, dtype: str) -> Column:
    """The share of each bin that lies inside called places."""
    called, regions = check_regions(table, "a table of calls"), layout.regions_of(cell_type)
    bins = -(-(regions["end"] - regions["start"]).to_numpy(np.int64) // layout.bin_size)
    region = np.repeat(np.arange(len(regions)), bins)
    number = np.arange(len(region)) - np.repeat(np.cumsum(bins) - bins, bins)  # of each bin in its region
    start, bases = regions["start"].to_numpy()[region] + number * layout.bin_size, layout.bases(cell_type)
    inside, chrom_of_bin = np.zeros(len(bases)), regions["chrom"].to_numpy()[region]
    for chrom, here in called.sort_values("start").groupby("chrom"):
        reached = here["end"].cummax().shift(fill_value=0)
        first = np.maximum(here["start"].to_numpy(), reached.to_numpy())  # what no earlier call holds
        size = np.maximum(here["end"].to_numpy() - first, 0)
        places = np.stack([first, first + size], 1).ravel()
        before = np.stack([np.cumsum(size) - size, np.cumsum(size)], 1).ravel()  # called bases before each place
        on = chrom_of_bin == chrom
        ends = (np.interp(at, places, before) for at in (start[on], start[on] + bases[on]))
        inside[on] = -np.subtract(*ends)
    return Column((inside / bases).astype(dtype), bases, CALLS)


def _of_one_mitochondrion(genes: pd.DataFrame, tracks: Mapping[str, Mapping], sizes) -> tuple[pd.DataFrame, list[str]]:
    """The genes without those on a mitochondrion whose length differs between the files, and what the report says."""
    there = genes["chrom"].map(is_mitochondrion)
    if not there.any():  # opening every track takes time
        return genes, []
    stated = [open_track(track).chrom_sizes for of_cell in tracks.values() for track in of_cell.values()]
    if of_one_length("chrM", [*stated, *([] if sizes is None else [sizes])]):
        return genes, []
    note = f"{there.sum()} genes left out: on a mitochondrion that differs in length between the files"
    return genes[~there].reset_index(drop=True), [note]


def tracks_per_cell_type(tracks: Mapping, cells: list[str]) -> dict[str, dict[str, Path]]:
    """{cell type: {mark: track}} of these cell types, given that or the tracks of one; ChromolabError if one lacks."""
    if not tracks:
        raise ChromolabError("no tracks given; expected {mark: bigWig} or {cell type: {mark: bigWig}}")
    if not all(isinstance(v, Mapping) for v in tracks.values()):
        if len(cells) > 1:
            raise ChromolabError(f"one set of tracks for the cell types {cells}; give {{cell type: {{mark: bigWig}}}}")
        tracks = {cells[0]: tracks}
    if missing := [c for c in cells if not tracks.get(c)]:
        raise ChromolabError(f"no tracks for cell type {', '.join(missing)}; add them, or leave its genes out")
    return {c: dict(tracks[c]) for c in cells}


def _contacts_per_cell_type(contacts, cells: list[str], genes: pd.DataFrame) -> dict[str, pd.DataFrame]:
    if contacts is None:
        return {}
    if not isinstance(contacts, Mapping):
        contacts = dict.fromkeys(cells, contacts)
    if unknown := [c for c in contacts if c not in cells]:
        raise ChromolabError(f"contacts for {unknown}, but no gene is in these cell types; the genes' are {cells}")
    return {c: t if isinstance(t, pd.DataFrame) else read_contacts(t, genes=genes) for c, t in contacts.items()}
