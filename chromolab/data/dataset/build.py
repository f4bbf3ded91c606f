"""Build a `Dataset` from genes, tracks and contacts."""

from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd

from chromolab.data.chromosomes import check_assembly, chromosome_sizes, is_mitochondrion, of_one_length
from chromolab.data.contacts.formats import read_contacts
from chromolab.data.contacts.pcres import assign_per_cell_type
from chromolab.data.dataset.dataset import Dataset
from chromolab.data.dataset.layout import assemble, column, lay_out, stored_bin
from chromolab.data.intervals import check_genes
from chromolab.data.tracks.bin_means import bin_means_many, open_track
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
    tracks, contacts = _per_cell_type(tracks, cells), _contacts_per_cell_type(contacts, cells, genes)
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


def _contacts_per_cell_type(contacts, cells: list[str], genes: pd.DataFrame) -> dict[str, pd.DataFrame]:
    if contacts is None:
        return {}
    if not isinstance(contacts, Mapping):
        contacts = dict.fromkeys(cells, contacts)
    if unknown := [c for c in contacts if c not in cells]:
        raise ChromolabError(f"contacts for {unknown}, but no gene is in these cell types; the genes' are {cells}")
    return {c: t if isinstance(t, pd.DataFrame) else read_contacts(t, genes=genes) for c, t in contacts.items()}
