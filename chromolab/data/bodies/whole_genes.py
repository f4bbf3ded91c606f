"""Read each gene from upstream of its TSS to past its end, and keep its exons."""

from collections.abc import Mapping
from dataclasses import replace
from os import PathLike
from typing import Any

import numpy as np
import pandas as pd

from chromolab.data.bodies.growing_bins import COARSEST
from chromolab.data.dataset.build import signal_over
from chromolab.data.dataset.combine import joined
from chromolab.data.dataset.dataset import Dataset
from chromolab.data.dataset.signal import Signal, counts_dtype
from chromolab.data.genes.annotation import read_exons
from chromolab.data.intervals import require_columns
from chromolab.errors import ChromolabError

UPSTREAM = 3 * COARSEST  # bp read before the TSS: as much as a window of 40 kb sees, in whole bins of the coarsest size
DOWNSTREAM = 4_000  # bp at least that are read past the end of the gene
LONGEST = 500_000  # bp: the middle of a longer gene is not read


def whole_genes(
    dataset: Dataset,
    tracks: Mapping,
    exons: pd.DataFrame | str | PathLike[str] | None = None,
    *,
    longest: int = LONGEST,
    missing: str | Mapping[str, str] = "auto",
    chrom_sizes: Mapping[str, int] | str | PathLike[str] | None = None,
    processes: int | None = None,
    progress: bool = True,
) -> Dataset:
    """The same examples, of which each gene is also read whole, whatever its length.

    Parameters
    ----------
    dataset : Dataset
        Its genes have a start and an end.
    tracks : {mark: path}, or {cell type: {mark: path}}
        Those that the dataset was built from, as `cl.build_dataset` takes them.
    exons : path or DataFrame, optional
        A GTF or GFF3 with exon rows; or a table with gene_id, start and end (0-based, half-open), such as another
        dataset's `exons`. They are kept for the dataset's genes.
    longest : int
        Base pairs. Of a longer gene the first and the last half of so many are read; the middle between them is not,
        and no bin of it is shown to a model. The report counts such genes.
    missing, chrom_sizes, processes, progress : see `cl.build_dataset`

    Returns
    -------
    Dataset
        With `body`, a region for each example: 24 kb upstream of the TSS, the gene, and 4 to 12 kb past its end, so
        that it is made of whole bins of 8 kb from the TSS on both strands; and with `exons`. Windows and pCREs stay as
        they are. The report says which genes were cut, and of how many the exons are known.

    Raises
    ------
    ChromolabError
        If the dataset lacks bases of genes or a track is missing or not as expected, or a file without exon rows is
        given.
    """
    require_columns(dataset.genes, ("start", "end"), "the dataset's genes")
    if COARSEST % dataset.bin_size:
        raise ChromolabError(
            f"bins of {dataset.bin_size} bp do not divide {COARSEST:,} bp; build the dataset with resolutions that do"
        )
    regions = _regions(dataset)
    how: dict[str, Any] = {"missing": missing, "chrom_sizes": chrom_sizes, "processes": processes}
    read = signal_over(dataset, regions, tracks, progress=progress, **how)
    unread = _unread(dataset, regions, longest)
    if unread.any():
        read = _hidden(read, unread)
    body = len(dataset.signal.regions) + np.arange(len(dataset))
    known = _known_exons(exons, dataset.genes)
    whole = replace(dataset, body=body, exons=known, signal=joined([dataset.signal, read]))
    return replace(whole, report=(*dataset.report, *_said(whole, longest)))


def gene_bodies(dataset: Dataset) -> pd.DataFrame:
    """What is known and read of each whole gene.

    Parameters
    ----------
    dataset : Dataset
        With whole genes.

    Returns
    -------
    DataFrame
        A row per example: gene_id, cell_type, length (bp from the TSS to the end), read (the share of these bases that
        have data in every mark: below 1 the gene was cut) and exons (their number, 0 where none are known).

    Raises
    ------
    ChromolabError
        If the dataset holds no whole genes.
    """
    body, signal, genes = body_of(dataset), dataset.signal, dataset.genes
    length, offsets = gene_length(genes), signal.offsets
    counts = signal.bases()[:, None] if signal.covered is None else signal.covered
    counts = np.where(np.isnan(signal.depth), 0, counts).min(1)
    total = np.concatenate([[0], np.cumsum(counts)])  # read bases before each stored bin
    ahead = np.minimum((UPSTREAM + length) // signal.bin_size, np.diff(offsets)[body])  # bins up to the end of the gene
    before, plus = UPSTREAM // signal.bin_size, (genes["strand"] == "+").to_numpy()
    first = np.where(plus, offsets[body] + before, offsets[body + 1] - ahead)
    last = np.where(plus, offsets[body] + ahead, offsets[body + 1] - before)
    share = (total[last] - total[first]) / np.maximum((last - first) * signal.bin_size, 1)
    number: Any = {} if dataset.exons is None else dataset.exons.groupby("gene_id").size()
    table = genes[["gene_id", "cell_type"]].assign(length=length, read=np.where(last > first, share, 1.0))
    return table.assign(exons=table["gene_id"].map(number).fillna(0).astype(int))


def body_of(dataset: Dataset) -> np.ndarray:
    """Each example's whole gene, as a row of `signal.regions`, (examples,); ChromolabError where none were read."""
    if dataset.body is None:
        raise ChromolabError(
            "this dataset holds windows, not whole genes; read them: cl.data.whole_genes(ds, tracks, 'genes.gtf')"
        )
    return dataset.body


def gene_length(genes: pd.DataFrame) -> np.ndarray:
    """Base pairs from each gene's TSS to its end, (genes,), at least 1."""
    ahead = np.where(genes["strand"] == "+", genes["end"] - genes["tss"], genes["tss"] - genes["start"])
    return np.maximum(ahead, 1).astype(np.int64)


def _regions(dataset: Dataset) -> pd.DataFrame:
    genes, length = dataset.genes, gene_length(dataset.genes)
    ahead = -(-(length + DOWNSTREAM) // COARSEST) * COARSEST
    tss, plus = genes["tss"].to_numpy(), (genes["strand"] == "+").to_numpy()
    start, end = np.where(plus, tss - UPSTREAM, tss - ahead), np.where(plus, tss + ahead, tss + UPSTREAM)
    return genes[["cell_type", "chrom"]].assign(start=start, end=end)


def _bins(regions: pd.DataFrame, size: int) -> np.ndarray:
    return (regions["end"] - regions["start"]).to_numpy() // size


def _unread(dataset: Dataset, regions: pd.DataFrame, longest: int) -> np.ndarray:
    """Which stored bins, (bins,), lie in the middle of a gene that is longer than `longest`, in whole coarsest bins."""
    genes, half = dataset.genes, longest // 2
    length, count = gene_length(genes), _bins(regions, dataset.bin_size)
    first = -(-half // COARSEST) * COARSEST  # along the gene
    last = np.where(length > longest, (length - half) // COARSEST * COARSEST, first)
    tss, plus = genes["tss"].to_numpy(), (genes["strand"] == "+").to_numpy()
    along = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    along = np.repeat(regions["start"].to_numpy(), count) + along * dataset.bin_size - np.repeat(tss, count)
    along = np.where(np.repeat(plus, count), along, -along - dataset.bin_size)  # each bin's start along the gene
    return (along >= first) & (along < np.repeat(last, count))


def _hidden(signal: Signal, bins: np.ndarray) -> Signal:
    """The signal without data in some bins, (bins,)."""
    counts = np.broadcast_to(signal.bases()[:, None], signal.depth.shape) if signal.covered is None else signal.covered
    depth, covered = np.where(bins[:, None], np.nan, signal.depth), np.where(bins[:, None], 0, counts)
    covered = covered.astype(counts_dtype(signal.bin_size))
    return replace(signal, depth=depth.astype(signal.depth.dtype), covered=covered, cache={})


def _known_exons(exons: Any, genes: pd.DataFrame) -> pd.DataFrame | None:
    if exons is None:
        return None
    if not isinstance(exons, pd.DataFrame):
        path, exons = exons, read_exons(exons)
        if exons.empty:
            raise ChromolabError(f"{path}: no exon rows (column 3); give a GTF or GFF3 with exons, or leave it out")
    require_columns(exons, ("gene_id", "start", "end"), "exons")
    own = exons[exons["gene_id"].isin(genes["gene_id"])].sort_values(["gene_id", "start"])
    own = own[["gene_id", "start", "end"]].astype({"gene_id": str, "start": np.int64, "end": np.int64})
    of = own["gene_id"]
    reached = own.groupby(of)["end"].cummax().groupby(of).shift(fill_value=-1)
    number = (own["start"] > reached).cumsum().rename("exon")  # what touches or overlaps is one
    merged = own.groupby([of, number], sort=False).agg(start=("start", "min"), end=("end", "max"))
    return merged.reset_index()[["gene_id", "start", "end"]]


def _said(dataset: Dataset, longest: int) -> list[str]:
    """Lines for the dataset's report."""
    bodies = gene_bodies(dataset).drop_duplicates("gene_id")
    n, long = len(bodies), bodies["length"] > longest
    lines = [f"whole genes: {n}, median {bodies['length'].median() / 1000:.0f} kb"]
    dropped = f"are longer than {longest:,} bp: their middle is not read"
    for which, why in ((long, dropped), (~long & (bodies["read"] < 1), "have bases without data")):
        if which.any():
            lines.append(f"whole genes: {which.sum()} of {n} {why} ({', '.join(bodies['gene_id'][which].head(3))} ...)")
    if dataset.exons is None:
        return [*lines, "whole genes: no exons given, so that exons and introns are not distinguished"]
    return [*lines, f"whole genes: the exons of {(bodies['exons'] > 0).sum()} of {n} are known"]
