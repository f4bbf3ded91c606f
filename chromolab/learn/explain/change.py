"""What carried a change: gradients along the path from before to after, so that the scores sum to the change."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import torch
from numpy.polynomial.legendre import leggauss

from chromolab.data.dataset.batches import Loader
from chromolab.data.dataset.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.learn.edit.apply import edit
from chromolab.learn.edit.contacts import CONTACTS
from chromolab.learn.edit.kinds import Edit
from chromolab.learn.explain.tables import COLUMNS, name_of, unshared, value
from chromolab.learn.explain.tables import value as value_of
from chromolab.learn.prediction import predict
from chromolab.learn.runtime import evaluating, models_of, pick_device


def path(model, before: Dataset, after: Dataset, steps: int = 8, device=None) -> pd.DataFrame:
    """How much each bin's change added to the change of a prediction.

    The path is straight in ln(1 + depth) from one dataset to the other. A bin's score is its change times the mean
    gradient along the path (integrated gradients with the unedited gene as baseline). `difference` asks something else:
    what every bin, edited or not, adds before and after; its scores do not sum to the change.

    Parameters
    ----------
    model : Chromoformer
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
    scores, signal, row = path_scores(model, before, after, steps, device), after.signal, after.genes.iloc[0]
    at, mark = np.nonzero(scores)
    region = np.searchsorted(signal.offsets, at, side="right") - 1
    names = np.array([name_of(r) for r in signal.regions.itertuples()], object)
    start = signal.regions["start"].to_numpy(np.int64)[region]
    position = start + (at - signal.offsets[region]) * signal.bin_size
    values = (row["gene_id"], row["cell_type"], names[region], position, np.array(after.marks, object)[mark])
    return pd.DataFrame(dict(zip(COLUMNS, (*values, scores[at, mark]), strict=True)))


def path_scores(model, before: Dataset, after: Dataset, steps: int = 8, device=None) -> np.ndarray:
    """The scores of `path`, (bins, marks) as `after.signal.depth`; 0 where nothing changed or is hidden."""
    if len(before) != 1 or len(after) != 1:
        raise ChromolabError(
            f"expected one gene in one cell type, got {len(before)} and {len(after)} examples; pass ds.gene(...)"
        )
    device, like = pick_device(device), next(model.parameters())
    if not np.array_equal(before.pcre, after.pcre) or not np.array_equal(before.frequency, after.frequency):
        raise ChromolabError("before and after have different contacts; apply the edits of contacts to both")
    ends = [Loader(unshared(d), model.marks, model.resolutions, device, like.dtype).features for d in (before, after)]
    copies = unshared(after.select(np.zeros(steps, np.int64)))
    loader = Loader(copies, model.marks, model.resolutions, device, like.dtype)
    nodes, weights = (torch.tensor(a / 2, dtype=like.dtype, device=device)[:, None, None] for a in leggauss(steps))
    change = {r: ends[1][r][0] - ends[0][r][0] for r in loader.resolutions}
    points = {
        r: (ends[0][r][0] + (nodes + 0.5) * change[r]).flatten(0, 1).requires_grad_() for r in change
    }  # features on the path, (steps * bins, marks)
    loader.features = {r: (points[r], *loader.features[r][1:]) for r in points}
    with evaluating(model, device):
        gradients = torch.autograd.grad(value(model(loader.batch(np.arange(steps)))).sum(), list(points.values()))
    scores = {
        r: ((g.unflatten(0, (steps, -1)) * weights).sum(0) * change[r]).double().cpu().numpy()
        for r, g in zip(points, gradients, strict=True)
    }
    return _to_stored_bins(scores, before, after, loader.columns)


def _to_stored_bins(by_resolution: dict[int, np.ndarray], before: Dataset, after: Dataset, columns: list[int]):
    """Scores of each resolution's bins, divided among the stored bins in proportion to how much their depth changed."""
    signal, out, first = after.signal, np.zeros(after.signal.depth.shape), dict.fromkeys(by_resolution, 0)
    moved = np.abs(np.nan_to_num(signal.depth.astype(np.float64)) - np.nan_to_num(before.signal.depth))
    moved *= signal.bases()[:, None]
    for row in (after.promoter[0], *after.pcre[0][after.pcre[0] >= 0]):
        own = slice(signal.offsets[row], signal.offsets[row + 1])
        for r, scores in by_resolution.items():
            of = np.arange(own.stop - own.start) * signal.bin_size // r  # which bin of this resolution holds each
            total = np.zeros((of[-1] + 1, len(columns)))
            np.add.at(total, of, moved[own][:, columns])
            share = np.divide(
                moved[own][:, columns], total[of], out=np.zeros((len(of), len(columns))), where=total[of] > 0
            )
            out[own, columns] += share * scores[first[r] + of]
            first[r] += of[-1] + 1
    return out


def carried(models, gene: Dataset, edits: Sequence[Edit], steps: int = 8) -> pd.DataFrame:
    """Which bins and which contacts carried the predicted change, averaged over models of one task.

    Edits of contacts are applied first, one after another; then the tracks change along the path from before to after
    (`cl.explain.path`). Only what was edited has a score.

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
    signal, row = edit(gene, edits).signal, gene.genes.iloc[0]
    parts = [carried_by(model, gene, edits, steps) for model in models]
    scores = sum(bins for bins, _ in parts) / len(parts)
    at, mark = np.nonzero(scores)
    region = np.searchsorted(signal.offsets, at, side="right") - 1
    position = (at - signal.offsets[region]) * signal.bin_size
    entries = [*zip(region, position, np.array(gene.marks, object)[mark], scores[at, mark], strict=True)]
    entries += [(r, 0, "", sum(by_contact[r] for _, by_contact in parts) / len(parts)) for r in parts[0][1]]
    regions = list(signal.regions.itertuples())
    rows = [
        (row["gene_id"], row["cell_type"], name_of(regions[r]), regions[r].start + p, m, score)
        for r, p, m, score in entries
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def carried_by(model, gene: Dataset, edits: Sequence[Edit], steps: int = 8) -> tuple[np.ndarray, dict[int, float]]:
    """`carried` for one model, as arrays.

    Returns
    -------
    (float array (bins, marks), {row of signal.regions: change})
        Of the gene after all edits: what each bin carried, and what each contact carried.
    """
    contacts = [e for e in edits if isinstance(e, CONTACTS)]
    after, by_contact, level = edit(gene, edits), {}, _level(model, gene)
    try:
        stages = [edit(gene, contacts[: n + 1]) for n in range(len(contacts))]
    except ChromolabError:  # only the tracks' edits give an added pCRE its data: contact and tracks are one change
        return np.zeros(after.signal.depth.shape), {_row(after, contacts[-1]): _level(model, after) - level}
    for e, stage in zip(contacts, stages, strict=True):
        before, level = level, _level(model, stage)
        row = _row(after, e)
        by_contact[row] = by_contact.get(row, 0.0) + level - before
    return path_scores(model, stages[-1] if stages else gene, after, steps), by_contact


def _level(model, gene: Dataset) -> float:
    return float(value_of(predict(model, gene, progress=False))[0])


def _row(gene: Dataset, e: Edit) -> int:
    """The row of the region that an edit of a contact names."""
    r = gene.signal.regions
    same = (r["chrom"] == e.chrom) & (r["start"] == e.start) & (r["end"] == e.end)
    return int(np.flatnonzero(same.to_numpy())[0])
