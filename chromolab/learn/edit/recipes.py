"""Lists of edits made for a gene: another promoter's chromatin, and named recipes.

The recipes use the peak heights of the teaching genome, which were set after the read depth of H1 cells
(`chromolab.defaults`), and the share of that height that each mark has on its bivalent promoters and enhancers.
"""

from collections.abc import Sequence

import numpy as np

from chromolab.data.dataset.dataset import Dataset
from chromolab.data.tracks.scales import DEPTH, UNKNOWN
from chromolab.defaults import BACKGROUND, HEIGHT
from chromolab.errors import ChromolabError
from chromolab.learn.edit.kinds import STEP, Edit, Paint, add_pcre, paint, set_depth
from chromolab.world.patterns import SHOWN_BY


def copy_from(
    gene: Dataset, other: Dataset, marks: Sequence[str] | None = None, width: int | None = None
) -> list[Paint]:
    """Paint another promoter's marks over a gene's, aligned at the TSS and reversed if the strands differ.

    Parameters
    ----------
    gene, other : Dataset
        One example each: `ds.gene("A")`, and another gene or the same gene in another cell type, with the same window
        and bin size.
    marks : sequence of str, optional
        Default: all marks that both have.
    width : int, optional
        Base pairs around the TSS. Default: the whole window.

    Returns
    -------
    list of Paint
        One per mark. Each holds the depth itself, so the edits can be kept without `other`. Bins without data in
        `other` stay as they are.

    Raises
    ------
    ChromolabError
        If a dataset does not hold exactly one example, a mark is missing, the windows or bin sizes differ, or `width`
        is not a multiple of two bins within the window.
    """
    for d in (gene, other):
        one_gene(d)
    if (gene.window, gene.bin_size) != (other.window, other.bin_size):
        raise ChromolabError(
            f"gene has a window of {gene.window} bp in bins of {gene.bin_size} bp, other {other.window} bp in bins of "
            f"{other.bin_size} bp; build both datasets with the same window and resolutions"
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
    """`paint` from `start` on, without steps that lie before the chromosome's start."""
    before = max(0, -(start // step)) if start < 0 else 0
    start, values = start + before * step, values[before:]
    return paint(mark, f"{chrom}:{start}-{start + len(values) * step}", values, step)


def one_gene(dataset: Dataset) -> None:
    """Raise `ChromolabError` unless the dataset holds exactly one example."""
    if len(dataset) != 1:
        raise ChromolabError(
            f"expected one gene in one cell type, this dataset has {len(dataset)} examples; pass ds.gene(...)"
        )


# ---------------------------------------------------------------- named recipes

ACTIVE = ("H3K4me3", "H3K9ac", "H3K27ac")


def silence_promoter(gene: Dataset, width: int = 4_000) -> list[Edit]:
    """Set the active marks within `width` bp around the TSS to background depth."""
    return [set_depth(mark, around(gene, width), BACKGROUND[mark]) for mark in _available(gene, ACTIVE)]


def bivalent_promoter(gene: Dataset) -> list[Edit]:
    """Some H3K4me3 together with much H3K27me3, hardly any acetylation: the state of poised developmental genes.

    H3K27me3 that is higher than that stays.
    """
    flat = [set_depth(mark, around(gene, 4_000), BACKGROUND[mark]) for mark in _available(gene, ("H3K9ac", "H3K27ac"))]
    return [*flat, *_peak(gene, "H3K4me3", 0.23, 700), *_raised(gene, _peak(gene, "H3K27me3", 0.8, 3_000))]


def polycomb_domain(gene: Dataset, width: int = 20_000) -> list[Edit]:
    """A broad domain of H3K27me3, `width` bp around the TSS, over a promoter without active marks.

    H3K27me3 that is higher than that stays.
    """
    (mark,), region = _available(gene, ("H3K27me3",)), around(gene, width)
    start, end = map(int, region.split(":")[1].split("-"))
    domain = paint(mark, region, np.full(-(-(end - start) // STEP), round(0.54 * HEIGHT[mark], 3)))
    return silence_promoter(gene) + _raised(gene, [domain])


def add_enhancer(gene: Dataset, region: str | None = None, frequency: float = 3.0) -> list[Edit]:
    """Let the promoter touch one more pCRE, with H3K27ac and H3K4me1 on the nucleosomes on both sides of its middle.

    `region` defaults to 5 kb that overlap no region of the gene, at least 60 kb upstream of the TSS. `frequency` is in
    the unit of the dataset's contacts (teaching genome: observed / expected).
    """
    _available(gene, ("H3K27ac", "H3K4me1"))
    add = add_pcre(_free_place(gene) if region is None else region, frequency)
    bins = -(-(add.end - add.start) // STEP)
    x = np.arange(bins) - bins / 2 + 0.5
    nucleosomes = _bell(x, -4, 3) + _bell(x, 4, 3)
    share = SHOWN_BY["enhancer"]
    for mark in set(gene.marks) & set(HEIGHT):
        _check_scale(gene, mark)
    height = {m: BACKGROUND.get(m, 0.0) + share.get(m, 0) * HEIGHT.get(m, 0.0) * nucleosomes for m in gene.marks}
    return [add, *(paint(m, add.region, np.round(np.broadcast_to(h, bins), 3)) for m, h in height.items())]


RECIPES = {
    "silence the promoter": silence_promoter,
    "make it bivalent": bivalent_promoter,
    "add an enhancer": add_enhancer,
    "Polycomb domain": polycomb_domain,
}


SENTENCES = {
    "silence the promoter": "Sets the active marks around the TSS to the depth of empty chromatin.",
    "make it bivalent": "Leaves some H3K4me3 and no acetylation at the TSS, and adds a broad peak of H3K27me3.",
    "add an enhancer": "Lets the promoter touch one more place, and paints an active enhancer's marks there.",
    "Polycomb domain": "Silences the promoter, and raises H3K27me3 over 20 kb around it.",
}


def around(gene: Dataset, width: int) -> str:
    """`width` bp around a gene's TSS as "chrom:start-end", cut at the chromosome's start."""
    one_gene(gene)
    row = gene.genes.iloc[0]
    return f"{row['chrom']}:{max(0, int(row['tss']) - width // 2)}-{int(row['tss']) + width // 2}"


def _available(gene: Dataset, marks: Sequence[str]) -> list[str]:
    """Those of the marks that the dataset has; `ChromolabError` if it has none, or not as read depth."""
    one_gene(gene)
    available = [m for m in marks if m in gene.marks]
    if not available:
        raise ChromolabError(
            f"this recipe changes {', '.join(marks)}, the dataset has {', '.join(gene.marks)}; write the edits "
            "yourself (cl.paint, cl.set_depth)"
        )
    for mark in available:
        _check_scale(gene, mark)
    return available


def _check_scale(gene: Dataset, mark: str) -> None:
    if (scale := gene.scales.get(mark, UNKNOWN)) not in (DEPTH, UNKNOWN):
        raise ChromolabError(
            f"recipes are in read depth, but {mark} is {scale} in this dataset: recalibrate it "
            "(cl.data.recalibrate), or write the edits yourself (cl.paint, cl.set_depth)"
        )


def _peak(gene: Dataset, mark: str, share: float, width: int) -> list[Paint]:
    """A peak at the TSS: share of a strong peak's height, half width in bp."""
    _available(gene, (mark,))
    region = around(gene, 2 * STEP * int(3 * width / STEP))
    start, end = map(int, region.split(":")[1].split("-"))
    x = np.arange(start, end, STEP) + STEP / 2 - int(gene.genes["tss"].iloc[0])
    return [paint(mark, region, np.round(BACKGROUND[mark] + share * HEIGHT[mark] * _bell(x, 0, width), 3))]


def _raised(gene: Dataset, painted: list[Paint]) -> list[Paint]:
    """The same paint, but where a gene's depth in the window is higher already: there nothing is painted."""
    row = int(gene.promoter[0])
    start, bins = int(gene.signal.regions["start"].iloc[row]), gene.region_depth(row)
    raised = []
    for e in painted:
        at = (np.arange(e.start, e.end, e.step) - start) // gene.bin_size
        inside = (at >= 0) & (at < len(bins))
        there = np.where(inside, bins[np.clip(at, 0, len(bins) - 1), gene.marks.index(e.mark)], np.nan)
        depths = [None if old >= new else new for old, new in zip(there, e.depths, strict=True)]  # NaN: no data
        raised += [paint(e.mark, e.region, depths, e.step)] if any(d is not None for d in depths) else []
    return raised


def _bell(x: np.ndarray, centre: float, width: float) -> np.ndarray:
    return np.exp(-0.5 * ((x - centre) / width) ** 2)


def _free_place(gene: Dataset) -> str:
    """The nearest 5 kb, from 60 kb on and upstream first, that overlap no region of the gene."""
    row, taken = gene.genes.iloc[0], gene.signal.regions
    length = min(5_000, gene.window)  # the longest that a pCRE can be
    for away in range(60_000, 2_000_000, length):
        for side in (-1, 1) if row["strand"] == "+" else (1, -1):
            start = (int(row["tss"]) + side * away) // STEP * STEP
            apart = (taken["chrom"] != row["chrom"]) | (taken["start"] >= start + length) | (taken["end"] <= start)
            if start >= 0 and apart.all():
                return f"{row['chrom']}:{start}-{start + length}"
    raise ChromolabError(
        "found no free place for an enhancer within 2 Mb; name one: add_enhancer(gene, 'chrom:start-end')"
    )
