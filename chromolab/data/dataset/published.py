"""Read genes in the published study's own format into a `Dataset`."""

import re
from collections.abc import Sequence
from os import PathLike

import numpy as np
import pandas as pd

from chromolab.data.contacts.pcres import PCRE_TYPES
from chromolab.data.dataset.dataset import Dataset
from chromolab.data.dataset.layout import assemble, column, lay_out
from chromolab.data.intervals import PCRE_COLUMNS, check_genes, check_pcres, require_columns
from chromolab.data.text import existing_file
from chromolab.data.tracks.bin_means import BinMeans
from chromolab.data.tracks.depth_arrays import read_depth_folder
from chromolab.data.tracks.scales import DEPTH
from chromolab.defaults import MARKS, N_PCRES, RESOLUTIONS, WINDOW
from chromolab.errors import ChromolabError

REGION = re.compile(r"\s*([^:\s]+):(\d+)-(\d+)\s*")  # chr1:1000-2000


def read_published(
    meta: str | PathLike[str],
    folder: str | PathLike[str],
    *,
    marks: Sequence[str] = MARKS,
    resolutions: Sequence[int] = RESOLUTIONS,
    window: int = WINDOW,
    n_pcres: int = N_PCRES,
    dtype: str = "float32",
    origin: str = "",
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
    resolutions, window, n_pcres, dtype, origin, progress
        As in `build_dataset`. float64 keeps the exact means, for comparisons to the last digit.

    Returns
    -------
    Dataset

    Raises
    ------
    ChromolabError
        If a column, row or array is missing or not as expected.
    """
    meta = existing_file(meta, "the table of genes")
    try:
        table = pd.read_csv(meta)
    except (ValueError, OSError, EOFError) as e:
        raise ChromolabError(f"{meta}: could not be read as a table ({e}). Copy or download it again.") from e
    require_columns(table, ("gene_id", "expression", "eid", "label", "chrom", "start", "strand", "split"), str(meta))
    genes = table.assign(
        gene_name=table["gene_id"],
        cell_type=table["eid"],
        tss=table["start"],
        fold=table["split"],
        log2_expression=np.log2(_number(table["expression"]).clip(lower=0) + 1),
        end=_number(table["start"]) + 1,
    ).drop(columns=["eid", "split", "neighbors", "scores"], errors="ignore")
    genes = check_genes(genes, str(meta))
    pcres = parse_neighbours(table, str(meta))
    layout = lay_out(genes, [pcres], window, resolutions, n_pcres, [])
    binned = read_depth_folder(folder, layout.regions, layout.bin_size, marks, progress)
    columns = {}
    for cell in layout.cell_types:
        rows = (layout.regions["cell_type"] == cell).to_numpy()
        for mark in marks:
            mean, covered, offsets, _ = binned[mark]
            bins = np.repeat(rows, np.diff(offsets))
            means = BinMeans(mean[bins], covered[bins], offsets)
            columns[cell, mark] = column(means, folder, layout, cell, "mask", dtype)
    return assemble(layout, tuple(marks), columns, dtype, DEPTH, origin)


def _number(column: pd.Series) -> pd.Series:
    """A column as numbers, NaN where it is not one: `check_genes` then names the row."""
    return pd.to_numeric(column, errors="coerce").replace(np.inf, np.nan)


def parse_neighbours(meta: pd.DataFrame, name: str = "meta") -> pd.DataFrame:
    """Read the pCREs that a published gene table lists in its columns `neighbors` and `scores`.

    Parameters
    ----------
    meta : table with `gene_id`, `cell_type` (or `eid`), `neighbors` ("chr1:10-20;chr1:30-40", empty if the gene has
        none) and `scores` ("2.5;1.6", their frequencies in the same order).
    name : of the table, for error messages.

    Returns
    -------
    DataFrame `PCRE_COLUMNS`, by falling frequency within each gene.

    Raises
    ------
    ChromolabError
        A missing column, or a row whose regions and scores do not match or cannot be read; named by row.
    """
    cell_type = "cell_type" if "cell_type" in meta.columns else "eid"
    require_columns(meta, ("gene_id", cell_type, "neighbors", "scores"), name)
    rows = []
    fields = meta[["gene_id", cell_type, "neighbors", "scores"]].itertuples(index=False, name=None)
    for i, (gene_id, cell, neighbors, scores) in enumerate(fields):
        regions, values = (([] if pd.isna(x) or x == "" else str(x).split(";")) for x in (neighbors, scores))
        if len(regions) != len(values):
            raise ChromolabError(
                f"{name}, row {i}: gene {gene_id} has {len(regions)} neighbors and {len(values)} "
                "scores; expected equally many. Correct the row."
            )
        for region, value in zip(regions, values, strict=True):
            match = REGION.fullmatch(region)
            try:
                if match is None:
                    raise ValueError(region)
                rows.append((gene_id, cell, match[1], int(match[2]), int(match[3]), float(value)))
            except (TypeError, ValueError):
                raise ChromolabError(
                    f"{name}, row {i}: gene {gene_id}, neighbor {region!r}, score {value!r}; expected "
                    "chrom:start-end and a number. Correct the row."
                ) from None
    return check_pcres(pd.DataFrame(rows, columns=list(PCRE_COLUMNS)).astype(PCRE_TYPES), f"{name}, neighbors")
