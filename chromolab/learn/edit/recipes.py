"""Edits made for a gene: another promoter's chromatin."""

from collections.abc import Sequence

import numpy as np

from chromolab.data.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.learn.edit.kinds import Paint, paint


def copy_from(
    gene: Dataset, other: Dataset, marks: Sequence[str] | None = None, width: int | None = None
) -> list[Paint]:
    """Paint another promoter's chromatin over a gene's: aligned by TSS, and turned round where the strands differ.

    Parameters
    ----------
    gene, other : Dataset
        One example each: `ds.gene("A")`, and another gene, or the same in another cell type; windows and bins alike.
    marks : sequence of str, optional
        Default all that both have.
    width : int, optional
        Base pairs around the TSS; default the whole window.

    Returns
    -------
    list of Paint
        One for each mark, with the depth itself, so that it can be kept without the other dataset. Bins in which the
        other has no data are left as they are.

    Raises
    ------
    ChromolabError
        When one of them is not one example, a mark is missing, windows or bins differ, or `width` does not fit them.
    """
    for d in (gene, other):
        one_gene(d)
    if (gene.window, gene.bin_size) != (other.window, other.bin_size):
        raise ChromolabError(
            f"windows of {gene.window} bp in bins of {gene.bin_size} here, {other.window} in {other.bin_size} there; "
            "build both datasets alike"
        )
    marks = [m for m in gene.marks if m in other.marks] if marks is None else list(marks)
    gene.mark_columns(marks)
    size, row = gene.bin_size, gene.genes.iloc[0]
    width = gene.window if width is None else width
    if width % (2 * size) or not 0 < width <= gene.window:
        raise ChromolabError(f"width {width}; expected a multiple of {2 * size} bp, at most {gene.window}")
    half, middle = width // (2 * size), gene.window // (2 * size)
    depth = other.promoter_depth()[
        0, middle - half : middle + half, other.mark_columns(marks)
    ]  # (marks, bins) 5' to 3'
    depth = depth[:, ::-1] if row["strand"] == "-" else depth
    return [
        paint_from(mark, row["chrom"], int(row["tss"]) - width // 2, d, size)
        for mark, d in zip(marks, depth, strict=True)
    ]


def paint_from(mark: str, chrom: str, start: int, values: np.ndarray, step: int) -> Paint:
    """`paint` from `start` on, without the steps that would lie before the chromosome."""
    before = max(0, -(start // step)) if start < 0 else 0
    start, values = start + before * step, values[before:]
    return paint(mark, f"{chrom}:{start}-{start + len(values) * step}", values, step)


def one_gene(dataset: Dataset) -> None:
    """`ChromolabError` unless the dataset holds one example."""
    if len(dataset) != 1:
        raise ChromolabError(f"one gene in one cell type is needed, not {len(dataset)}; pass ds.gene(...)")
