"""Which bins of which marks, and which contacts, carried an edit's predicted change; the scores sum to it."""

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
