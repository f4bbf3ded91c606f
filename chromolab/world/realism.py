"""How close the teaching genome comes to real H1 cells: the same statistics, side by side."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from chromolab.data.dataset.dataset import Dataset
from chromolab.data.dataset.published import read_published
from chromolab.errors import ChromolabError
from chromolab.world.parameters import BIN

PAIRS = (("H3K4me3", "H3K9ac"), ("H3K4me3", "H3K27ac"), ("H3K4me3", "H3K36me3"), ("H3K4me3", "H3K27me3"))


def realism(simulated: Any, real: Any = None) -> pd.DataFrame:
    """A table of statistics of simulated genes beside those of real genes.

    Parameters
    ----------
    simulated : World or Dataset
        For a world, the dataset of all its cell types is used.
    real : path or Dataset, optional
        The folder of real data, the folder h1-demo in it, or a dataset; default the environment variable
        CHROMOLAB_REAL_DATA. Without it, the table has only the simulated column.

    Returns
    -------
    DataFrame, indexed by (figure, mark)
        Columns: simulated; real, half 1 (every other real gene) and real, half 2 (the rest), which show how much real
        genes differ among themselves. Neither half is held out: all 60 were in view when shapes and heights were set,
        and when simple models trained on simulated genes were scored. Depth statistics are over 100 bp bins of promoter
        windows; correlations are of ln(1 + depth); profiles are mean depth at 200-1000 bp downstream of the TSS and at
        10-20 kb upstream, in genes with label 1 and 0.

    Raises
    ------
    ChromolabError
        If `real` is a path without real data.
    """
    dataset = simulated if hasattr(simulated, "promoter_depth") else simulated.dataset(progress=False)
    columns = {"simulated": figures(dataset)}
    real = os.environ.get("CHROMOLAB_REAL_DATA") if real is None else real
    if real is not None:
        real = real if hasattr(real, "promoter_depth") else _h1(Path(real))
        first = np.arange(len(real)) % 2 == 0
        columns["real, half 1"] = figures(real.select(first))
        columns["real, half 2"] = figures(real.select(~first))
    table = pd.DataFrame(columns)
    table.index.names = ["figure", "mark"]
    return table


def _h1(folder: Path):
    folder = folder if (folder / "meta.csv").is_file() else folder / "h1-demo"
    if not (folder / "meta.csv").is_file():
        raise ChromolabError(f"{folder}: no meta.csv; expected the real data's folder, or its folder h1-demo")
    return read_published(folder / "meta.csv", folder / "npy", progress=False)


def figures(dataset: Dataset) -> pd.Series:
    """The statistics of one dataset, indexed by (figure, mark)."""
    depth = dataset.promoter_depth(BIN)  # (examples, T, marks)
    table = {}
    for i, mark in enumerate(dataset.marks):
        values = depth[:, :, i]
        values = values[~np.isnan(values)].astype(np.float64)
        table["zero bins", mark] = (values == 0).mean()
        table["mean depth", mark] = values.mean()
        table["variance / mean", mark] = values.var() / values.mean()
        table["99th percentile", mark] = np.percentile(values, 99)
    table |= _profiles(dataset, depth) | _correlations(dataset, depth) | _genes(dataset)
    return pd.Series(table)


def _profiles(dataset, depth: np.ndarray) -> dict:
    middle, table = depth.shape[1] // 2, {}
    places = {"downstream of the TSS": slice(middle + 2, middle + 10), "far upstream": slice(0, middle // 2)}
    for label, kind in ((1, "expressed"), (0, "not expressed")):
        rows = depth[dataset.labels == label]
        for name, place in places.items():
            for i, mark in enumerate(dataset.marks):
                table[f"depth {name}, {kind}", mark] = float(np.nanmean(rows[:, place, i]))
    return table


def _correlations(dataset, depth: np.ndarray) -> dict:
    flat = np.log1p(depth.reshape(-1, depth.shape[2]).astype(np.float64))
    flat = flat[~np.isnan(flat).any(1)]
    r = pd.DataFrame(np.corrcoef(flat.T), dataset.marks, dataset.marks)
    return {("correlation", f"{a}, {b}"): r.loc[a, b] for a, b in PAIRS if a in r and b in r}


def _genes(dataset) -> dict:
    level, contacts = dataset.log2_expression, (dataset.pcre >= 0).sum(1)
    table = {("log2(RPKM + 1)", f"{q}th percentile"): np.percentile(level, q) for q in (25, 50, 75, 90)}
    table["pCREs", "mean per gene"] = contacts.mean()
    table["pCREs", "genes without"] = (contacts == 0).mean()
    table["pCREs", "median frequency"] = np.median(dataset.frequency[dataset.frequency > 0])
    labels = dataset.genes.pivot_table("label", "gene_id", "cell_type").dropna().to_numpy()
    if labels.shape[1] > 1:
        agree = [(labels[:, i] == labels[:, j]).mean() for i in range(labels.shape[1]) for j in range(i)]
        table["label agreement", "lowest pair of cell types"] = min(agree)
        table["label agreement", "highest pair of cell types"] = max(agree)
    return table
