"""What carried an edit's predicted change: which bins of which marks, and which contacts; the scores sum to the change.

Gradients are taken along the path from before to after: integrated gradients with the unedited gene as baseline.
"""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
import torch

from chromolab.data.dataset.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.learn.edit.apply import edit
from chromolab.learn.edit.contacts import CONTACTS
from chromolab.learn.edit.kinds import AddPcre, Edit, set_depth
from chromolab.learn.explain.inputs import Inputs, integrate, read_bases, to_stored_bins
from chromolab.learn.explain.tables import name_of, table
from chromolab.learn.metrics import log_odds_or_expression
from chromolab.learn.prediction import predict
from chromolab.learn.runtime import evaluating, few_threads, models_of, pick_device
from chromolab.models.base import Model


def path(
    model: Model, before: Dataset, after: Dataset, steps: int = 8, device: str | torch.device | None = None
) -> pd.DataFrame:
    """How much each bin's change added to the change of a prediction.

    The path is straight in ln(1 + depth) from one dataset to the other. A bin's score is its change times the mean
    gradient along the path (integrated gradients with the unedited gene as baseline). `difference` asks something else:
    what every bin, edited or not, adds before and after; its scores do not sum to the change.

    Parameters
    ----------
    model : Model
    before, after : Dataset
        One example each, with the same contacts: a gene, and `cl.edit` of its tracks.
    steps : int
        Points on the path (Gauss-Legendre quadrature).
    device : str, optional

    Returns
    -------
    DataFrame
        gene, cell_type, region, position, mark, score, in log2(RPKM + 1) or log-odds; a row for each stored bin and
        mark that changed. The scores sum to the change of the prediction, up to an error that falls with `steps`.

    Raises
    ------
    ChromolabError
        Unless each holds exactly one example and both have the same contacts.
    """
    return _rows(after, path_scores(model, before, after, steps, device))


def path_scores(
    model: Model, before: Dataset, after: Dataset, steps: int = 8, device: str | torch.device | None = None
) -> np.ndarray:
    """The scores of `path` as an array.

    Parameters
    ----------
    model : Model
    before, after : Dataset
        One gene, without and with its edits; both with the same contacts.
    steps : int
        Points between them at which gradients are taken (Gauss-Legendre).
    device : str or torch.device, optional
        Default: a GPU if there is one.

    Returns
    -------
    float64 array (bins, marks)
        As `after.signal.depth`; 0 where nothing changed or is hidden.

    Raises
    ------
    ChromolabError
        For more than one example, or where the contacts differ.
    """
    if len(before) != 1 or len(after) != 1:
        raise ChromolabError(
            f"expected one gene in one cell type, got {len(before)} and {len(after)} examples; pass ds.gene(...)"
        )
    if not np.array_equal(before.pcre, after.pcre) or not np.array_equal(before.frequency, after.frequency):
        raise ChromolabError("before and after have different contacts; apply the edits of contacts to both")
    device = pick_device(device)
    with evaluating(model, device):
        start, end = (Inputs(model, d, device) for d in (before, after))
        scores = integrate(model, after, start.features, end.features, steps, device)
    moved = np.abs(read_bases(end.dataset, end.columns) - read_bases(start.dataset, start.columns))
    return _in_place(to_stored_bins(scores, end.dataset.signal, moved), after, end.columns)


def _in_place(scores: np.ndarray, gene: Dataset, columns: list[int]) -> np.ndarray:
    """Scores of the bins of the window, the pCREs and the whole gene, as an array like the gene's `signal.depth`."""
    whole = [] if gene.body is None else [gene.body[0]]
    rows, offsets = [gene.promoter[0], *gene.pcre[0][gene.pcre[0] >= 0], *whole], gene.signal.offsets
    bins = np.concatenate([np.arange(offsets[row], offsets[row + 1]) for row in rows])
    out = np.zeros(gene.signal.depth.shape)
    out[np.ix_(bins, np.asarray(columns))] = scores
    return out


def _rows(gene: Dataset, scores: np.ndarray) -> pd.DataFrame:
    """Scores (bins, marks) as `gene.signal.depth`, a row for each that is not 0."""
    signal = gene.signal
    bins, mark = np.nonzero(scores)
    region = np.searchsorted(signal.offsets, bins, side="right") - 1
    names = np.array([name_of(r) for r in signal.regions.itertuples()], object)
    position = signal.regions["start"].to_numpy(np.int64)[region] + (bins - signal.offsets[region]) * signal.bin_size
    return table(gene, 0, names[region], position, np.array(gene.marks, object)[mark], scores[bins, mark])


def carried(
    models: Model | Sequence[Model] | Mapping[Any, Any], gene: Dataset, edits: Sequence[Edit], steps: int = 8
) -> pd.DataFrame:
    """Which bins and which contacts carried the predicted change, averaged over models of one task.

    Edits of contacts are applied first, one after another (a pCRE that is added without data is empty then); then the
    tracks change along the path from before to after (`cl.explain.path`). Only what was edited has a score.

    Parameters
    ----------
    models : model or list of models
    gene : Dataset
        One example, before the edits.
    edits : list of Edit
    steps : int
        Points on the path.

    Returns
    -------
    DataFrame
        gene, cell_type, region, position, mark ("" for a contact), score in log2(RPKM + 1) or log-odds. The scores sum
        to the mean change, up to the small error of `path`; `cl.explain.by_region` sums them by region.

    Raises
    ------
    ChromolabError
        As `cl.edit` does, and unless the dataset holds exactly one example.
    """
    models, edits = models_of(models), list(edits)
    edited, parts = edit(gene, edits), [carried_by(model, gene, edits, steps) for model in models]
    bins = _rows(edited, np.sum([scores for scores, _ in parts], axis=0) / len(parts))
    regions = [edited.signal.regions.iloc[row] for row in parts[0][1]]
    changes = [sum(of_contacts[row] for _, of_contacts in parts) / len(parts) for row in parts[0][1]]
    contacts = table(gene, 0, [name_of(r) for r in regions], [int(r["start"]) for r in regions], "", changes)
    tables = [rows for rows in (bins, contacts) if len(rows)]
    return pd.concat(tables, ignore_index=True) if tables else bins


@few_threads(1)  # one gene: more threads would only wait for busy cores
def carried_by(
    model: Model, gene: Dataset, edits: Sequence[Edit], steps: int = 8
) -> tuple[np.ndarray, dict[int, float]]:
    """`carried` for one model, as arrays.

    Returns
    -------
    (float array (bins, marks), {row of signal.regions: change})
        Of the gene after all edits: what each bin carried, and what each contact carried.
    """
    contacts = [e for e in edits if isinstance(e, CONTACTS)]
    after, level = edit(gene, edits), _level(model, gene)
    by_contact: dict[int, float] = {}
    stages = _stages(gene, contacts)
    for e, stage in zip(contacts, stages, strict=True):
        before, level = level, _level(model, stage)
        row = _row(after, e)
        by_contact[row] = by_contact.get(row, 0.0) + level - before
    return path_scores(model, stages[-1] if stages else gene, after, steps), by_contact


def _stages(gene: Dataset, contacts: Sequence[Edit]) -> list[Dataset]:
    """The gene after each edit of its contacts; a pCRE whose data only the edits of tracks give is empty: depth 0."""
    try:
        return [edit(gene, contacts[: n + 1]) for n in range(len(contacts))]
    except ChromolabError:
        empty = [[set_depth(m, e.region, 0.0) for m in gene.marks] if isinstance(e, AddPcre) else [] for e in contacts]
        return [edit(gene, [*contacts[: n + 1], *chain(*empty[: n + 1])]) for n in range(len(contacts))]


def _level(model, gene: Dataset) -> float:
    return float(log_odds_or_expression(predict(model, gene, progress=False))[0])


def _row(gene: Dataset, e: Edit) -> int:
    """The row of the region that an edit of a contact names."""
    r = gene.signal.regions
    same = (r["chrom"] == e.chrom) & (r["start"] == e.start) & (r["end"] == e.end)
    return int(np.flatnonzero(same.to_numpy())[0])
