"""A made-up dataset with the real sizes: for timings alone, it has no biology in it (random depth and labels)."""

import numpy as np
import pandas as pd

from chromolab.data.dataset.dataset import Dataset
from chromolab.data.dataset.signal import Signal
from chromolab.defaults import FOLDS_HUMAN, MARKS, WINDOW

GENES, PCRES, BIN = 18_955, 60_000, 100


def realsize(genes: int = GENES, n_marks: int = len(MARKS), pcres_per_gene: float = 5.8, seed: int = 0) -> Dataset:
    """A cell type of `genes` genes with 0 to 8 pCREs each, of about 60,000 / 18,955 as many distinct elements.

    Lengths of pCREs are lognormal, as restriction fragments of promoter-capture Hi-C are: a median of 5 kb (50 bins),
    a mean of about 6.3 kb, at most 40 kb. Depth is float16, as a dataset that lives on a GPU would be stored.
    """
    rng = np.random.default_rng(seed)
    distinct = max(8, round(genes * PCRES / GENES))
    lengths = np.concatenate(
        [np.full(genes, WINDOW), np.clip(np.exp(rng.normal(np.log(5000), 0.68, distinct)), 500, WINDOW).astype(int)]
    )
    start = np.concatenate([rng.integers(0, 2**27, genes), rng.integers(0, 2**27, distinct)])
    offsets = np.concatenate([[0], np.cumsum(-(-lengths // BIN))])
    depth = np.empty((offsets[-1], n_marks), np.float16)
    for a in range(0, len(depth), 2**20):
        depth[a : a + 2**20] = rng.exponential(0.7, depth[a : a + 2**20].shape) * (rng.random() < 0.9)
    chroms = [c for fold in FOLDS_HUMAN.values() for c in fold]
    chrom = rng.choice(chroms, genes)
    fold_of = {c: k for k, fold in FOLDS_HUMAN.items() for c in fold}
    regions = pd.DataFrame(
        {
            "cell_type": "made up",
            "chrom": np.concatenate([chrom, rng.choice(chroms, distinct)]),
            "start": start,
            "end": start + lengths,
        }
    )
    log2 = np.maximum(0, rng.normal(2, 2.5, genes))
    table = pd.DataFrame(
        {
            "gene_id": [f"G{i}" for i in range(genes)],
            "gene_name": [f"G{i}" for i in range(genes)],
            "cell_type": "made up",
            "chrom": chrom,
            "tss": start[:genes] + WINDOW // 2,
            "strand": rng.choice(["+", "-"], genes),
            "start": start[:genes],
            "end": start[:genes] + WINDOW,
            "expression": 2**log2 - 1,
            "log2_expression": log2,
            "label": (log2 >= np.median(log2)).astype(int),
            "fold": [fold_of[c] for c in chrom],
        }
    )
    count = np.clip(rng.poisson(pcres_per_gene, genes), 0, 8) if pcres_per_gene < 8 else np.full(genes, 8)
    pcre = np.where(np.arange(8) < count[:, None], rng.integers(genes, genes + distinct, (genes, 8)), -1)
    frequency = np.where(pcre >= 0, -np.sort(-rng.uniform(1.5, 8, (genes, 8)), 1), 0.0)
    names = (*MARKS, *(f"extra{i}" for i in range(n_marks)))[:n_marks]
    return Dataset(table, names, Signal(regions, depth, offsets, BIN), np.arange(genes), pcre, frequency, WINDOW)
