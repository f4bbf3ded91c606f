"""The same examples with other pCREs: those of another table, read from the same tracks."""

from collections.abc import Mapping
from dataclasses import replace
from os import PathLike
from typing import Any

import numpy as np
import pandas as pd

from chromolab.data.dataset.build import signal_over
from chromolab.data.dataset.combine import joined
from chromolab.data.dataset.dataset import Dataset
from chromolab.data.dataset.layout import without_dataless
from chromolab.data.intervals import REGION_COLUMNS, check_pcres
from chromolab.errors import ChromolabError

REGION = ["cell_type", *REGION_COLUMNS]


def with_pcres(
    dataset: Dataset,
    pcres: pd.DataFrame,
    tracks: Mapping,
    *,
    missing: str | Mapping[str, str] = "auto",
    chrom_sizes: Mapping[str, int] | str | PathLike[str] | None = None,
    processes: int | None = None,
    progress: bool = True,
) -> Dataset:
    """Give each example the pCREs of a table in place of its own.

    Parameters
    ----------
    dataset : Dataset
    pcres : DataFrame
        gene_id, cell_type, chrom, start, end (bp, 0-based, half open; no longer than the dataset's window) and
        frequency (0 or more), such as `cl.data.best_candidates` makes it. An example without a row has no pCRE.
    tracks : {mark: path}, or {cell type: {mark: path}}
        Those that the dataset was built from, as `cl.build_dataset` takes them. Only places that the dataset does not
        hold are read.
    missing, chrom_sizes, processes, progress : see `cl.build_dataset`

    Returns
    -------
    Dataset
        The same genes, windows and whole genes, with room for as many pCREs as the gene that has most. pCREs without
        data are left out, and the report says how many. Motifs (`cl.data.with_motifs`) stay only if no place is new.

    Raises
    ------
    ChromolabError
        If the table is not as expected, is of genes that the dataset lacks, or a track is missing.
    """
    pcres = check_pcres(pcres)
    examples = pd.MultiIndex.from_frame(dataset.genes[["gene_id", "cell_type"]])
    row = examples.get_indexer(pd.MultiIndex.from_frame(pcres[["gene_id", "cell_type"]]))
    long = (pcres["end"] - pcres["start"] > dataset.window).to_numpy()
    if (row < 0).any() or long.any():
        first = pcres.iloc[int(np.argmax((row < 0) | long))]
        raise ChromolabError(
            f"pCREs: {first['gene_id']} in {first['cell_type']}, {first['chrom']}:{first['start']}-{first['end']}; "
            f"expected genes and cell types of the dataset, and at most {dataset.window:,} bp"
        )
    known = pd.MultiIndex.from_frame(dataset.signal.regions[REGION])
    new = pcres.loc[~pd.MultiIndex.from_frame(pcres[REGION]).isin(known), REGION].drop_duplicates(ignore_index=True)
    signal = dataset.signal
    if len(new):
        how: dict[str, Any] = {"missing": missing, "chrom_sizes": chrom_sizes, "processes": processes}
        signal = joined([signal, signal_over(dataset, new, tracks, progress=progress, **how)])
    number = pd.Series(np.arange(len(signal.regions)), pd.MultiIndex.from_frame(signal.regions[REGION]))
    number = number[~number.index.duplicated()]  # a window or a whole gene may lie where another does
    slot = pcres.groupby(["gene_id", "cell_type"], sort=False).cumcount().to_numpy()
    pcre = np.full((len(dataset), slot.max(initial=-1) + 1), -1, np.int64)
    frequency = np.zeros(pcre.shape)
    pcre[row, slot] = number.loc[pd.MultiIndex.from_frame(pcres[REGION])].to_numpy()
    frequency[row, slot] = pcres["frequency"]
    made = replace(dataset, signal=signal, pcre=pcre, frequency=frequency, motifs=None if len(new) else dataset.motifs)
    return without_dataless(made, [*dataset.report, "pCREs are those of another table"]).compact()
