"""Batches with whole genes: a row of growing bins per gene, as many as it takes, and a mask."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from chromolab.data.bodies.growing_bins import GrowingBins, growing_bins
from chromolab.data.bodies.whole_genes import UPSTREAM, body_of, gene_length
from chromolab.data.dataset.batches import Batch, Loader
from chromolab.data.dataset.dataset import Dataset
from chromolab.errors import ChromolabError


class Rows(NamedTuple):
    """The bins of all examples, one example after another.

    Each has its size (a number), where its features stand at that size, start and end along the gene (bp) and shares of
    parts; `first` (examples + 1,) is where each example begins.
    """

    size: Tensor
    index: Tensor
    start: Tensor
    end: Tensor
    parts: Tensor
    first: np.ndarray


class GeneLoader(Loader):
    """A `Loader` whose batches hold whole genes, too, in `batch.more`.

    Parameters
    ----------
    dataset, marks, resolutions : as of `Loader`
    bins : sequence of int
        Sizes of the growing bins (bp), from the coarsest to the finest.
    **more
        device, dtype and transforms of `Loader`.

    Raises
    ------
    ChromolabError
        If the dataset holds no whole genes, or was not read in such bins.
    """

    def __init__(self, dataset: Dataset, marks: Sequence[str], resolutions: Sequence[int], bins: Sequence[int], **more):
        super().__init__(dataset, marks, resolutions, **more)
        body_of(dataset)
        self.bins = tuple(bins)
        self.features |= {r: self._features(r) for r in self.bins}
        self.rows = self._rows()
        self.length = self._put(gene_length(dataset.genes).astype(np.float32)).to(self.dtype)

    def batch(self, rows: ArrayLike) -> Batch:
        """As of `Loader`; `more` holds, for B genes and the L bins of the longest of them, 5' to 3':

        features (B, L, M); seen (B, L), False for padding and in bins without data; start, end (B, L), bp along the
        gene from the TSS; parts (B, L, 5), shares of `PARTS`; tss (B,), which bin begins at the TSS; length (B,), bp.
        """
        made, of = super().batch(rows), self.rows
        which = np.asarray(rows, np.int64)
        first, count = of.first[which], of.first[which + 1] - of.first[which]
        number = self._put(np.arange(count.max(initial=1)))
        inside = number < self._put(count)[..., None]
        at = (self._put(first)[..., None] + number).where(inside, 0)
        features, seen = self._read(of.size[at], of.index[at])
        seen = seen & inside
        gene = {"start": of.start[at] * inside, "end": of.end[at] * inside, "parts": of.parts[at] * inside[..., None]}
        before = ((gene["end"] <= 0) & inside).sum(-1)
        tss = torch.minimum(before, inside.sum(-1) - 1)
        gene |= {"features": features * seen[..., None], "seen": seen, "tss": tss}
        made.more = gene | {"length": self.length[self._put(which)]}
        return made

    def _read(self, size: Tensor, index: Tensor) -> tuple[Tensor, Tensor]:
        """Features (..., M) and whether there are data (...) of bins, by the number of their size and their place."""
        features, seen = 0, torch.zeros_like(size, dtype=torch.bool)
        for number, r in enumerate(self.bins):
            own, there, *_ = self.features[r]
            chosen = size == number
            at = index.where(chosen, 0)
            features = features + own[at] * chosen[..., None]
            seen = seen | (there[at] & chosen)
        return features, seen

    def _rows(self) -> Rows:
        dataset, made, known = self.dataset, [], self.dataset.signal.cache.setdefault("growing bins", {})
        genes, body, length = dataset.genes, body_of(dataset), gene_length(dataset.genes)
        ahead = dataset.signal.lengths[body] - UPSTREAM
        if (ahead % self.bins[0]).any() or UPSTREAM % self.bins[0]:
            raise ChromolabError(f"bins of {self.bins[0]} bp do not divide the whole genes of this dataset")
        exons = _along(dataset)
        offsets = {r: self.features[r][2].cpu().numpy() for r in self.bins}
        for i, (gene, strand) in enumerate(zip(genes["gene_id"], genes["strand"], strict=True)):
            key = (gene, int(body[i]), self.bins)
            if key not in known:
                cut = growing_bins(UPSTREAM, int(ahead[i]), int(length[i]), exons.get(gene), self.bins)
                known[key] = self._placed(cut, offsets, int(body[i]), int(ahead[i]), strand == "-")
            made.append(known[key])
        size, index, start, end, parts = (np.concatenate(column) for column in zip(*made, strict=True))
        of = np.repeat(np.arange(len(made)), [len(one[0]) for one in made])
        seen = self._read(self._put(size), self._put(index))[1].cpu().numpy()  # the others would only be padding
        size, index, start, end, parts, of = (column[seen] for column in (size, index, start, end, parts, of))
        first = np.concatenate([[0], np.cumsum(np.bincount(of, minlength=len(made)))])
        numbers = (self._put(x.astype(np.float32)).to(self.dtype) for x in (start, end, parts))
        return Rows(self._put(size), self._put(index), *numbers, first)

    def _placed(self, cut: GrowingBins, offsets: dict[int, np.ndarray], region: int, ahead: int, reverse: bool) -> Any:
        """Bins with the number of their size, and their place among the features of that size."""
        width = cut.end - cut.start
        size = np.searchsorted(-np.array(self.bins), -width)
        begin = ahead - cut.end if reverse else cut.start + UPSTREAM  # in the region, by genomic coordinate
        index = np.array([offsets[r][region] for r in self.bins])[size] + begin // width
        return size, index, cut.start, cut.end, cut.parts


def places_seen(batch: Batch, index: int, gene: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Where on the chromosome the bins lie that a batch shows of a gene.

    Parameters
    ----------
    batch : Batch
        With whole genes.
    index : int
        The gene's number in the batch.
    gene : Series
        Its row of `dataset.genes`.

    Returns
    -------
    (int64 array (bins,), int64 array (bins,))
        Start and end of each bin that is seen, 5' to 3' along the gene.
    """
    seen, tss = batch.more["seen"][index], int(gene["tss"])
    start, end = (batch.more[side][index][seen].long().cpu().numpy() for side in ("start", "end"))
    return (tss - end, tss - start) if gene["strand"] == "-" else (tss + start, tss + end)


def _along(dataset: Dataset) -> dict[str, np.ndarray]:
    """{gene: start and end of its exons along the gene (exons, 2)}, of the genes whose exons are known."""
    if dataset.exons is None:
        return {}
    genes = dataset.genes.drop_duplicates("gene_id").set_index("gene_id")
    exons = dataset.exons[dataset.exons["gene_id"].isin(genes.index)]
    of = genes.loc[exons["gene_id"]]
    tss, plus = of["tss"].to_numpy(), (of["strand"] == "+").to_numpy()
    start, end = exons["start"].to_numpy(), exons["end"].to_numpy()
    along = np.stack([np.where(plus, start - tss, tss - end), np.where(plus, end - tss, tss - start)], 1)
    return {str(gene): along[rows] for gene, rows in exons.reset_index(drop=True).groupby("gene_id").indices.items()}
