"""Small made-up datasets and an independent, slow Chromoformer input for tests."""

from dataclasses import replace

import numpy as np
import pandas as pd
import torch

import chromolab as cl
from chromolab.data.dataset.combine import concat
from chromolab.data.dataset.dataset import Dataset
from chromolab.data.dataset.signal import Signal
from chromolab.data.tracks.scales import check_scales
from chromolab.models.base import Model

SMALL = dict(
    width=16,
    embed_hidden=16,
    pairwise_hidden=16,
    regulation_layers=2,
    regulation_heads=2,
    regulation_width=16,
    regulation_hidden=16,
    head_hidden=16,
)


def toy_dataset(seed=0, genes=24, marks=("A", "B", "C"), window=4000, bin_size=100, k=3, folds=4, missing=False):
    """Genes on both strands with 0 to k pCREs of any length; expression follows the first mark at the TSS."""
    rng = np.random.default_rng(seed)
    tss = np.arange(1, genes + 1) * 100_000
    lengths = rng.integers(1, window + 1, 2 * genes)
    places = np.arange(len(lengths)) * 50_000 + 10_000_000
    regions = pd.DataFrame(
        {
            "cell_type": "toy",
            "chrom": "chr1",
            "start": np.concatenate([tss - window // 2, places]),
            "end": np.concatenate([tss + window // 2, places + lengths]),
        }
    )
    bins = -(-(regions["end"] - regions["start"]).to_numpy() // bin_size)
    offsets = np.concatenate([[0], np.cumsum(bins)])
    depth = rng.poisson(2.0, (offsets[-1], len(marks))).astype(np.float64)
    at = offsets[:genes] + window // bin_size // 2
    near = at[:, None] + np.arange(-5, 5)
    depth[near] += rng.gamma(1.0, 4.0, (genes, 1, 1))
    log2 = np.log2(1 + depth[at, 0]) + 0.1 * rng.standard_normal(genes)
    table = pd.DataFrame(
        {
            "gene_id": [f"G{i}" for i in range(genes)],
            "gene_name": [f"name{i}" for i in range(genes)],
            "cell_type": "toy",
            "chrom": "chr1",
            "tss": tss,
            "strand": rng.choice(["+", "-"], genes),
            "start": tss,
            "end": tss + 1000,
            "expression": np.maximum(2**log2 - 1, 0),
            "log2_expression": np.maximum(log2, 0),
            "label": (log2 >= np.median(log2)).astype(int),
            "fold": np.arange(genes) % folds + 1,
        }
    )
    count = rng.integers(0, k + 1, genes)
    count[:2] = 0, k
    pcre = np.where(np.arange(k) < count[:, None], rng.integers(genes, 3 * genes, (genes, k)), -1)
    frequency = np.where(pcre >= 0, -np.sort(-rng.uniform(1.5, 5, (genes, k)), 1), 0.0)
    covered = None
    signal = Signal(regions, depth, offsets, bin_size)
    if missing:
        covered = np.repeat(signal.bases()[:, None], len(marks), 1).astype(np.uint16)
        holes = rng.random(len(depth)) < 0.2
        holes[near] = False
        depth[holes], covered[holes] = np.nan, 0
        signal = Signal(regions, depth, offsets, bin_size, covered)
    return Dataset(table, tuple(marks), signal, np.arange(genes), pcre, frequency, window)


def with_bodies(ds, seed=0, lengths=(1_500, 90_000), exons=True):
    """A toy dataset with whole genes: of these lengths (bp, from the least to the most), with exons of half of them."""
    rng = np.random.default_rng(seed)
    length = np.exp(rng.uniform(*np.log(lengths), len(ds))).astype(int)
    plus = (ds.genes["strand"] == "+").to_numpy()
    tss = ds.genes["tss"].to_numpy()
    genes = ds.genes.assign(start=np.where(plus, tss, tss - length), end=np.where(plus, tss + length, tss + 1))
    ahead = -(-(length + 4_000) // 8_000) * 8_000
    start, end = np.where(plus, tss - 24_000, tss - ahead), np.where(plus, tss + ahead, tss + 24_000)
    regions = genes[["cell_type", "chrom"]].assign(start=start, end=end)
    bins = (end - start) // ds.bin_size
    depth = rng.poisson(2.0, (bins.sum(), len(ds.marks))) + rng.random((bins.sum(), len(ds.marks)))
    before = ds.signal.covered
    signal = replace(
        ds.signal,
        covered=None if before is None else np.append(before, np.full_like(depth, ds.bin_size, before.dtype), 0),
        regions=pd.concat([ds.signal.regions, regions], ignore_index=True),
        depth=np.concatenate([ds.signal.depth, depth.astype(ds.signal.depth.dtype)]),
        offsets=np.append(ds.signal.offsets, ds.signal.offsets[-1] + np.cumsum(bins)),
        cache={},
    )
    place = genes["start"] + (rng.random(len(ds)) * length / 2).astype(int)
    table = pd.DataFrame({"gene_id": genes["gene_id"], "start": place, "end": place + 300})
    kept = table.iloc[::2].drop_duplicates("gene_id").reset_index(drop=True) if exons else None
    body = len(ds.signal.regions) + np.arange(len(ds))
    return replace(ds, genes=genes, signal=signal, body=body, exons=kept)


def with_scores(ds, motifs=("CTCF", "F1", "F2"), seed=0):
    """A toy dataset with the scores of motifs in every region."""
    rng = np.random.default_rng(seed)
    scores = rng.random((len(ds.signal.regions), len(motifs))).round(4)
    table = pd.concat([ds.signal.regions, pd.DataFrame(scores, columns=list(motifs))], axis=1)
    return replace(ds, motifs=table)


def with_scales(scales, seed=0, **arguments):
    """A toy dataset whose marks have these scales."""
    ds = toy_dataset(seed, **arguments)
    return replace(ds, scales=check_scales(scales, ds.marks))


def small_model(ds):
    """An untrained Chromoformer of one resolution for a dataset."""
    return cl.Chromoformer(ds.marks, resolutions=(500,), seed=0, **SMALL)


def two_toy_cells(**arguments):
    """The same genes in cell types a and b; the first mark at a TSS is higher where the gene is expressed more."""
    a, b = (toy_dataset(seed, **arguments) for seed in (0, 1))
    place = ["chrom", "tss", "strand", "fold"]
    b = replace(b, genes=b.genes.assign(**{c: a.genes[c] for c in place}))
    named = [
        replace(
            d, genes=d.genes.assign(cell_type=c), signal=replace(d.signal, regions=d.signal.regions.assign(cell_type=c))
        )
        for d, c in ((a, "a"), (b, "b"))
    ]
    return concat(named)


class Squares(Model):
    """A weight times the square of every feature; pCREs count by their frequency. The answers can be written down."""

    def __init__(self, marks, resolutions, task="regression"):
        super().__init__(marks, task, resolutions)
        self.weight = torch.nn.Parameter(torch.tensor([0.5, -1.5, 2.0][: len(marks)], dtype=torch.float64))

    def forward(self, batch):
        total = 0.0
        for number, r in enumerate(self.resolutions, 1):
            total = total + number * (batch.promoter[r] ** 2 * self.weight).sum((1, 2))
            told = (batch.pcre[r] ** 2 * self.weight).sum((1, 2)) * batch.frequency[batch.owner, batch.slot]
            total = total + number * torch.zeros_like(total).index_add(0, batch.owner, told)
        return total[:, None] if self.task == "regression" else torch.stack([-total, total], 1) / 2


def reported(report, text: str) -> int:
    """The sum over the lines of a report that contain the text; 0 without such a line."""
    return sum(line.count for line in report if text in line.what)
