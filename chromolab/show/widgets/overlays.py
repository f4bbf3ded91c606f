"""What is laid over the tracks: what carried a change, and where a model looks, for every stored bin of a gene."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from chromolab.data.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.learn import explain
from chromolab.learn.edit import AddPcre, DropPcre, Edit, SetFrequency, edit
from chromolab.learn.explain.tables import value as value_of
from chromolab.learn.prediction import predict

CONTACTS = (AddPcre, DropPcre, SetFrequency)


def carried(model, gene: Dataset, edits: Sequence[Edit], steps: int = 4) -> tuple[np.ndarray, dict[int, float]]:
    """What carried the change of a prediction: which bins of which marks, and which contacts.

    Edits of contacts are taken first, one after another; then the tracks (`cl.explain.path`). All of it together is
    the change of log2(RPKM + 1) or of the log-odds, but for the small error of `path`.

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
    return explain.path_scores(model, stages[-1] if stages else gene, whole, steps), by_region


def _level(model, gene: Dataset) -> float:
    return float(value_of(predict(model, gene, progress=False))[0])


def _row(gene: Dataset, e: Edit) -> int:
    """The region that an edit of a contact is about."""
    r = gene.signal.regions
    here = (r["chrom"] == e.chrom) & (r["start"] == e.start) & (r["end"] == e.end)
    return int(np.flatnonzero(here.to_numpy())[0])


def looked_at(model, edited: Dataset) -> tuple[np.ndarray, dict[int, float]]:
    """Where the transcription start looks, relative to even attention, and what share the promoter gives each region.

    Returns
    -------
    (float32 array (bins,), {row of signal.regions: share})
        Attention of the embedding step in the window and of the last pairwise layer in each pCRE, mean over heads and
        resolutions, times the number of bins (1 = even); NaN where the model sees nothing. The shares are those of the
        last regulation layer and sum to 1.
    """
    table, signal = explain.attention(model, edited), edited.signal
    table = table[table["layer"] == table.groupby("step")["layer"].transform("max")]
    bins = table[table["step"] != "regulation"]
    key = ["region", "resolution", "position"]
    mean = bins.groupby(key, sort=False, as_index=False)["score"].mean()  # over heads
    mean["score"] *= mean.groupby(key[:2])["score"].transform("size")
    total, count = np.zeros(len(signal.depth)), np.zeros(len(signal.depth))
    for resolution, part in mean.groupby("resolution"):
        row, first = _places(part, signal)
        last = np.diff(signal.offsets)[row]
        for step in range(resolution // signal.bin_size):
            inside = (first + step >= 0) & (first + step < last)
            at = (signal.offsets[row] + first + step)[inside]
            total[at] += part["score"].to_numpy()[inside]
            count[at] += 1
    shares = table[table["step"] == "regulation"].groupby("region")["score"].mean()
    rows, _ = _places(shares.reset_index().assign(position=0), signal)
    level = np.divide(total, count, out=np.full_like(total, np.nan), where=count > 0).astype(np.float32)
    return level, dict(zip(rows.tolist(), shares.tolist(), strict=True))


def _places(table: pd.DataFrame, signal) -> tuple[np.ndarray, np.ndarray]:
    """Row of `signal.regions` of each row of a table (-1 where it is none), and the stored bin within it."""
    regions = signal.regions
    names = regions["chrom"].astype(str) + ":" + regions["start"].astype(str) + "-" + regions["end"].astype(str)
    row = pd.Index(names).get_indexer(table["region"])
    start = regions["start"].to_numpy(np.int64)[row]
    return row, (table["position"].to_numpy(np.int64) - start) // signal.bin_size
