"""A model's attention for every stored bin of a gene, to draw over its tracks."""

import numpy as np
import pandas as pd

from chromolab.data.dataset import Dataset
from chromolab.learn import explain


def looked_at(model, edited: Dataset) -> tuple[np.ndarray, dict[int, float]]:
    """Attention of the TSS bin relative to even attention, and the promoter's share for each region.

    Returns
    -------
    (float32 array (bins,), {row of signal.regions: share})
        Attention of the embedding step in the window and of the last pairwise layer in each pCRE, mean over heads and
        resolutions, times the number of bins (1 = even); NaN in bins that the model does not see. The shares are those
        of the last regulation layer and sum to 1.
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
    """For each row of a table: its row in `signal.regions` (-1 if absent), and the stored bin within that region."""
    regions = signal.regions
    names = regions["chrom"].astype(str) + ":" + regions["start"].astype(str) + "-" + regions["end"].astype(str)
    row = pd.Index(names).get_indexer(table["region"])
    start = regions["start"].to_numpy(np.int64)[row]
    return row, (table["position"].to_numpy(np.int64) - start) // signal.bin_size
