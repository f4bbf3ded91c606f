"""What matters to a model: erase a bin, a mark or a whole region, and predict again."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from chromolab.data.dataset.combine import concat
from chromolab.data.dataset.dataset import Dataset
from chromolab.learn.edit.apply import edit_each
from chromolab.learn.edit.kinds import Edit, drop_pcre, scale
from chromolab.learn.explain.tables import COLUMNS, name_of, regions_of, table
from chromolab.learn.metrics import log_odds_or_expression
from chromolab.learn.prediction import predict
from chromolab.models.base import Model

AT_ONCE = 16  # genes whose edits are predicted together


def every_bin(
    dataset: Dataset,
    marks: Sequence[str] | None = None,
    size: int | None = None,
    factor: float = 0.0,
    pcres: bool = True,
) -> list[Edit]:
    """One edit for every bin of every mark in a gene's promoter window and in its pCREs.

    Parameters
    ----------
    dataset : Dataset
        One example: `ds.gene("...")`.
    marks : sequence of str, optional
        Default: all. Seven marks at 100 bp make 2,800 edits for the window alone.
    size : int, optional
        Base pairs per bin. Default: the dataset's bin size.
    factor : float
        Multiplies the bin's depth; 0 erases it.
    pcres : bool
        False: only the promoter window.

    Returns
    -------
    list of Edit
        Region by region (the window, then the pCREs by falling frequency), mark by mark, along the chromosome.
    """
    return [
        scale(mark, f"{region.chrom}:{start}-{end}", factor)
        for region, mark, start, end in _bins(dataset, marks, size, pcres)
    ]


def _bins(dataset: Dataset, marks, size, pcres: bool):
    size, marks = size or dataset.bin_size, dataset.marks if marks is None else marks
    for region in regions_of(dataset)[: None if pcres else 1]:
        for mark in marks:
            for start in range(region.start, region.end, size):
                end = min(start + size, region.end)
                if end > 0:  # a window may begin before the chromosome's start
                    yield region, mark, max(start, 0), end


def effects(model: Model, dataset: Dataset, edits: Iterable[Edit | Iterable[Edit]], **prediction: Any) -> np.ndarray:
    """How each of many edits changes the prediction for a gene.

    Parameters
    ----------
    model : Model
    dataset : Dataset
        One example: `ds.gene("...")`.
    edits : list of Edit, or of lists of Edit
        Each is applied separately, to the unedited gene (`cl.edit_each`).
    **prediction
        Passed to `cl.predict`: batch_size, device, precision, progress.

    Returns
    -------
    float array (edits,)
        The change of log2(RPKM + 1), or of a classifier's log-odds (logit 1 minus logit 0, natural logarithm).
    """
    return _effects(model, [dataset], [edits], prediction)[0]


def _effects(model, genes: list[Dataset], edits: list, prediction: dict) -> list[np.ndarray]:
    """`effects` for several genes, each with its own edits, predicted together."""
    edits = [list(of_gene) for of_gene in edits]
    variants = concat([d for g, e in zip(genes, edits, strict=True) for d in (g, edit_each(g, e))])
    values = log_odds_or_expression(predict(model, variants, **prediction))  # of each gene: unedited, then one per edit
    parts = np.split(values, np.cumsum([1 + len(e) for e in edits])[:-1])
    return [part[1:] - part[0] for part in parts]


def occlusion(
    model: Model,
    dataset: Dataset,
    marks: Sequence[str] | None = None,
    size: int | None = None,
    factor: float = 0.0,
    pcres: bool = True,
    **prediction: Any,
) -> pd.DataFrame:
    """How a prediction changes when one bin of one mark is erased, for every bin of the window and of every pCRE.

    Parameters
    ----------
    marks, size, factor, pcres : see `every_bin`
    model, dataset, **prediction : see `effects`; any number of examples, one after another

    Returns
    -------
    DataFrame
        gene, cell_type, region, position, mark, score, size (bp of the bin). The score is the change that `effects`
        returns: a bin that raises the prediction has a score below 0 here, and above 0 in `gradient_input`. An edit
        changes all resolutions and every region that overlaps it, so overlapping regions have the same score.
    """

    def edits_of(gene: Dataset):
        edits = every_bin(gene, marks, size, factor, pcres)
        for (region, mark, start, end), edit in zip(_bins(gene, marks, size, pcres), edits, strict=True):
            yield region, start, mark, end - start, edit

    return _changes(model, dataset, edits_of, prediction, at_once=1)  # a gene has thousands of edits


def marks(
    model: Model, dataset: Dataset, marks: Sequence[str] | None = None, factor: float = 0.0, **prediction: Any
) -> pd.DataFrame:
    """How a prediction changes when a mark is erased over the whole window, or over a whole pCRE.

    Parameters
    ----------
    marks : sequence of str, optional
        Default: the dataset's.
    factor : float
        Multiplies the depth; 0 erases it.
    model, dataset, **prediction : as in `occlusion`

    Returns
    -------
    DataFrame
        gene, cell_type, region, position (the region's start), mark, score (the change, as in `occlusion`), size.
    """
    return _whole(model, dataset, {m: [m] for m in (dataset.marks if marks is None else marks)}, factor, prediction)


def elements(model: Model, dataset: Dataset, factor: float = 0.0, **prediction: Any) -> pd.DataFrame:
    """How a prediction changes when a whole region, the window or a pCRE, loses all its marks at once.

    `model`, `dataset`, `factor` and the result are those of `marks`, with mark "".
    """
    return _whole(model, dataset, {"": dataset.marks}, factor, prediction)


def contacts(model: Model, dataset: Dataset, **prediction: Any) -> pd.DataFrame:
    """How a prediction changes when one contact is cut, so that the promoter no longer touches that pCRE.

    `model`, `dataset` and the result are those of `marks`, with mark "" and no row for the window. The other contacts
    do not change.
    """

    def edits_of(gene: Dataset):
        for region in regions_of(gene)[1:]:
            yield region, region.start, "", region.end - region.start, drop_pcre(name_of(region))

    return _changes(model, dataset, edits_of, prediction)


def _whole(model, dataset: Dataset, groups: dict[str, Sequence[str]], factor: float, prediction: dict) -> pd.DataFrame:
    """Scale each group of marks, {name: marks}, over each whole region: one row per region and group."""

    def edits_of(gene: Dataset):
        for region in regions_of(gene):
            for name, group in groups.items():
                place = f"{region.chrom}:{max(region.start, 0)}-{region.end}"
                edits = [scale(mark, place, factor) for mark in group]
                yield region, region.start, name, region.end - region.start, edits

    return _changes(model, dataset, edits_of, prediction)


def _changes(model, dataset: Dataset, edits_of, prediction: dict, at_once: int = AT_ONCE) -> pd.DataFrame:
    """The predicted changes as a table; `edits_of(gene)` yields (region, position, mark, size, edits) for each row."""
    parts = []
    for first in range(0, len(dataset), at_once):
        # compact() drops the other genes' regions, so that an edit cannot change these.
        genes = [dataset.select([i]).compact() for i in range(first, min(first + at_once, len(dataset)))]
        wanted = [list(edits_of(gene)) for gene in genes]
        changes = _effects(model, genes, [[edit for *_, edit in rows] for rows in wanted], prediction)
        for gene, rows, change in zip(genes, wanted, changes, strict=True):
            if rows:
                region, position, mark, size, _ = zip(*rows, strict=True)
                parts.append(table(gene, 0, [name_of(r) for r in region], position, mark, change, size=size))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*COLUMNS, "size"])
