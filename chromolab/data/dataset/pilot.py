"""The real dataset that experiments share: Roadmap signal in the ENCODE pilot regions (hg19).

`experiments/pilot` builds the same dataset step by step, as a lesson; other experiments call `pilot_dataset`.
"""

from collections.abc import Sequence
from os import PathLike
from pathlib import Path

import numpy as np

from chromolab.data.dataset.build import build_dataset
from chromolab.data.dataset.dataset import Dataset
from chromolab.data.genes.annotation import read_annotation
from chromolab.data.genes.expression import read_expression
from chromolab.data.genes.folds import region_of
from chromolab.data.genes.gene_table import gene_table
from chromolab.data.intervals import read_regions
from chromolab.defaults import WINDOW
from chromolab.errors import ChromolabError

CELL_TYPES = ("E003", "E065", "E116")  # H1 cells, aorta, GM12878
MARKS = ("H3K4me1", "H3K4me3", "H3K9me3", "H3K27me3", "H3K36me3")
SIGNAL = ".pval.signal.bigwig"


def pilot_dataset(
    folder: str | PathLike[str],
    cell_types: Sequence[str] = CELL_TYPES,
    n_folds: int = 4,
    more: Sequence[str | PathLike[str]] = (),
) -> Dataset:
    """Build the dataset of real genes whose whole window was measured; each region lies in one fold.

    Parameters
    ----------
    folder : path
        With the regions, the signal (MACS2 -log10 p, bigWig), GENCODE v10 and the Roadmap RPKM table.
    cell_types : sequence of str
        Any of `CELL_TYPES`, and of those in `more`.
    n_folds : int
        A region's fold is its number in the file, without chrX, modulo `n_folds`, plus 1. Genes of a region share a
        fold, because neighbours share signal.
    more : folders, optional
        With the signal of further cell types, named as Roadmap names it: E123-H3K4me1.pval.signal.bigwig for the column
        E123 of the RPKM table, and so on for every mark.

    Returns
    -------
    Dataset
        Five marks (`MARKS`), no contacts; an example is a gene in a cell type. `genes["region"]` is the number of its
        region in the file, without chrX: what to draw for intervals, since genes of a region are no independent ones.

    Raises
    ------
    ChromolabError
        If a folder or a file in it is missing, or the RPKM table lacks a cell type.
    """
    folder = Path(folder)
    for place in (folder, *map(Path, more)):
        if not place.is_dir():
            raise ChromolabError(f"{place}: no such folder; set CHROMOLAB_REAL_DATA, or run with -p real_data FOLDER")
    regions = read_regions(folder / "encodePilotRegions.hg19.bed")
    regions = regions[regions["chrom"] != "chrX"].reset_index(drop=True)  # chrX is not in the tracks
    regions["fold"] = np.arange(len(regions)) % n_folds + 1
    annotation = read_annotation(folder / "gencode_10_genes.gtf.gz")
    expression = read_expression(folder / "57epigenomes.RPKM.pc.gz")
    genes, _ = gene_table(annotation, expression, list(cell_types), folds=regions, within=regions)
    genes["region"] = region_of(genes, regions, WINDOW)
    return build_dataset(genes, pilot_tracks(folder, cell_types, more), origin="measured")


def pilot_tracks(
    folder: str | PathLike[str], cell_types: Sequence[str] = CELL_TYPES, more: Sequence[str | PathLike[str]] = ()
) -> dict[str, dict[str, Path]]:
    """{cell type: {mark: its signal}} of the pilot regions; arguments and errors as of `pilot_dataset`."""
    return {c: {m: _signal(c, m, (Path(folder), *map(Path, more))) for m in MARKS} for c in cell_types}


def cell_types_in(folder: str | PathLike[str]) -> list[str]:
    """The cell types of which a folder holds the signal, by its file names.

    Raises
    ------
    ChromolabError
        If it holds none.
    """
    found = sorted({path.name.partition("-")[0] for path in Path(folder).glob(f"*-*{SIGNAL}")})
    if not found:
        raise ChromolabError(f"{folder}: no file *-{MARKS[0]}{SIGNAL}; expected one for each of {', '.join(MARKS)}")
    return found


def _signal(cell: str, mark: str, folders: Sequence[Path]) -> Path:
    """The signal of one cell type and mark, in the first folder that has it."""
    name = f"{cell}-{mark}{SIGNAL}"
    for folder in folders:
        if (folder / name).is_file():
            return folder / name
    raise ChromolabError(f"{name}: not in {' nor in '.join(map(str, folders))}; put it there, or leave {cell} out")
