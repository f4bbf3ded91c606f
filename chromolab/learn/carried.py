"""What carried an edit's change: which bins of which marks, and which contacts; the scores add up to the change."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from chromolab.data.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.learn.edit import Edit, edit
from chromolab.learn.edit.contacts import CONTACTS
from chromolab.learn.effect import models_of
from chromolab.learn.explain import COLUMNS, path_scores
from chromolab.learn.explain.tables import name_of
from chromolab.learn.explain.tables import value as value_of
from chromolab.learn.prediction import predict


def carried(models, gene: Dataset, edits: Sequence[Edit], steps: int = 8) -> pd.DataFrame:
    """Which bins and which contacts carried the predicted change, averaged over models of one task.

    Edits of contacts are taken first, one after another; then the tracks, along the way from what was to what is
    (`cl.explain.path`). Nothing but what was edited has a score.

    Parameters
    ----------
    models : model or list of models
    gene : Dataset
        One example, without the edits.
    edits : list of Edit
    steps : int
        Points on the way.

    Returns
    -------
    DataFrame
        gene, cell_type, region, position, mark ("" for a contact), score: log2(RPKM + 1) or log-odds. The scores sum to
        the mean change, but for the small error of `path`; `cl.explain.by_region` sums them up by region.

    Raises
    ------
    ChromolabError
        As `cl.edit` does, and when the dataset holds another number of examples than one.
    """
    models, edits = models_of(models), list(edits)
    signal, row = edit(gene, edits).signal, gene.genes.iloc[0]
    parts = [carried_by(model, gene, edits, steps) for model in models]
    scores = sum(own for own, _ in parts) / len(parts)
    at, mark = np.nonzero(scores)
    region = np.searchsorted(signal.offsets, at, side="right") - 1
    position = (at - signal.offsets[region]) * signal.bin_size
    found = [*zip(region, position, np.array(gene.marks, object)[mark], scores[at, mark], strict=True)]
    found += [(r, 0, "", sum(own[r] for _, own in parts) / len(parts)) for r in parts[0][1]]
    regions = list(signal.regions.itertuples())
    rows = [
        (row["gene_id"], row["cell_type"], name_of(regions[r]), regions[r].start + p, m, score)
        for r, p, m, score in found
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def carried_by(model, gene: Dataset, edits: Sequence[Edit], steps: int = 8) -> tuple[np.ndarray, dict[int, float]]:
    """`carried` for one model, as arrays.

    Returns
    -------
    (float array (bins, marks), {row of signal.regions: change})
        Of the gene with all edits: what its bins carried, and what its contacts did.
    """
    contacts = [e for e in edits if isinstance(e, CONTACTS)]
    whole, by_region, level = edit(gene, edits), {}, _level(model, gene)
    try:
        stages = [edit(gene, contacts[: n + 1]) for n in range(len(contacts))]
    except ChromolabError:  # an added element that only the tracks' edits fill: contact and tracks are one change
        return np.zeros(whole.signal.depth.shape), {_row(whole, contacts[-1]): _level(model, whole) - level}
    for e, stage in zip(contacts, stages, strict=True):
        before, level = level, _level(model, stage)
        row = _row(whole, e)
        by_region[row] = by_region.get(row, 0.0) + level - before
    return path_scores(model, stages[-1] if stages else gene, whole, steps), by_region


def _level(model, gene: Dataset) -> float:
    return float(value_of(predict(model, gene, progress=False))[0])


def _row(gene: Dataset, e: Edit) -> int:
    """The region that an edit of a contact is about."""
    r = gene.signal.regions
    here = (r["chrom"] == e.chrom) & (r["start"] == e.start) & (r["end"] == e.end)
    return int(np.flatnonzero(here.to_numpy())[0])
