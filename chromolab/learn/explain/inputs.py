"""The inputs of a model as tensors to differentiate by, and the way of their scores back to the stored bins.

A model reads x = ln(1 + mean depth), or another transform, of bins at several resolutions, and gradients score these
bins. `to_stored_bins` divides each score among the stored bins that make up its bin, and sums over the resolutions. So
a score belongs to a place on the genome whatever the resolutions, and sums stay the same.
"""

from dataclasses import replace

import numpy as np
import torch
from numpy.polynomial.legendre import leggauss
from torch import Tensor

from chromolab.data.dataset.dataset import Dataset
from chromolab.data.dataset.signal import Signal
from chromolab.errors import ChromolabError
from chromolab.learn.metrics import log_odds_or_expression
from chromolab.models.base import Model


class Inputs:
    """The features that a model reads of some examples.

    Attributes
    ----------
    dataset : Dataset
        The examples, each with its own copy of its regions (`unshared`), so that the gradient of a sum over examples
        keeps examples apart.
    features : {resolution: Tensor (bins, marks)}
        ln(1 + depth) of every bin, 0 where it is hidden; the regions follow one another.
    columns : list of int
        Where each of the model's marks stands in `dataset.signal.depth`.
    """

    def __init__(self, model: Model, dataset: Dataset, device: str | torch.device | None):
        if not model.resolutions:
            raise ChromolabError(f"a {type(model).__name__} reads no bins of tracks, so no bin can be scored")
        self.model, self.dataset, self.device = model, unshared(dataset), device
        self.loader = model.loader(self.dataset, device)
        self.columns, self._kept = self.loader.columns, self.loader.features  # (features, seen, offsets, counts)
        self.features = {r: features for r, (features, *_) in self._kept.items()}

    def gradients(self, features: dict[int, Tensor]) -> dict[int, Tensor]:
        """Gradients of the sum of `log_odds_or_expression` over the examples, if their features were these."""
        leaves = {r: x.detach().clone().requires_grad_() for r, x in features.items()}
        self.loader.features = {r: (x, *self._kept[r][1:]) for r, x in leaves.items()}
        total = log_odds_or_expression(self.model(self.loader.batch(np.arange(len(self.dataset))))).sum()
        return dict(zip(leaves, torch.autograd.grad(total, list(leaves.values())), strict=True))


def integrate(
    model: Model,
    dataset: Dataset,
    start: dict[int, Tensor],
    end: dict[int, Tensor],
    steps: int,
    device: str | torch.device | None,
) -> dict:
    """Integrated gradients: the change of each feature times its mean gradient along the straight path.

    Parameters
    ----------
    model : Model
        In evaluation mode.
    dataset : Dataset
        Its masks, contacts and frequencies stay the same along the path.
    start, end : {resolution: Tensor (bins, marks)}
        Features of the (unshared) dataset at both ends of the path.
    steps : int
        Points on the path (Gauss-Legendre quadrature).

    Returns
    -------
    {resolution: Tensor (bins, marks)}

    Source: Sundararajan, Taly and Yan 2017, https://arxiv.org/abs/1703.01365.
    """
    copies = Inputs(model, dataset.select(np.tile(np.arange(len(dataset)), steps)), device)
    like = next(iter(end.values()))
    nodes, weights = (like.new_tensor(a / 2)[:, None, None] for a in leggauss(steps))
    change = {r: end[r] - start[r] for r in end}
    points = {r: (start[r] + (nodes + 0.5) * change[r]).flatten(0, 1) for r in end}  # (steps * bins, marks)
    slopes = copies.gradients(points)
    return {r: (slopes[r].unflatten(0, (steps, -1)) * weights).sum(0) * change[r] for r in end}


def to_stored_bins(scores: dict[int, Tensor], signal: Signal, amount: np.ndarray) -> np.ndarray:
    """Divide each bin's score among the stored bins that make it up, in proportion to an amount; sum the resolutions.

    Parameters
    ----------
    scores : {resolution: Tensor (bins, marks)}
    signal : Signal
        Of the (unshared) dataset whose features were scored.
    amount : float64 array (stored bins, marks)
        At least 0. Where all stored bins of a bin have 0, its score (of a feature that is 0, or did not change) is 0.

    Returns
    -------
    float64 array (stored bins, marks)
    """
    region = np.repeat(np.arange(len(signal.regions)), np.diff(signal.offsets))
    within, total = np.arange(len(region)) - signal.offsets[region], np.zeros_like(amount)
    for r, score in scores.items():
        first = np.cumsum(np.append(0, signal.bins_at(r)[:-1]))
        of = first[region] + within * signal.bin_size // r  # which bin of this resolution holds each stored bin
        total += score.detach().double().cpu().numpy()[of] * _shares(amount, of, len(score))
    return total


def _shares(amount: np.ndarray, of: np.ndarray, bins: int) -> np.ndarray:
    """Each row's share (rows, marks) of the sum over all rows in the same bin, `of` (rows,); 0 / 0 is 0."""
    total = np.zeros((bins, amount.shape[1]))
    np.add.at(total, of, amount)
    return np.divide(amount, total[of], out=np.zeros_like(amount), where=total[of] > 0)


def read_bases(dataset: Dataset, columns: list[int]) -> np.ndarray:
    """Depth x bases with data of every stored bin, (bins, marks): the sums that a coarser bin's mean is made of."""
    signal = dataset.signal
    bases = signal.bases()[:, None] if signal.covered is None else signal.covered[:, columns]
    return np.nan_to_num(signal.depth[:, columns].astype(np.float64)) * bases


def unshared(dataset: Dataset) -> Dataset:
    """The same examples, each with its own copy of its regions, in order: window, pCREs, whole gene, next window ..."""
    lists = [[p, *k[k >= 0]] for p, k in zip(dataset.promoter, dataset.pcre, strict=True)]
    if dataset.body is not None:
        lists = [[*rows, whole] for rows, whole in zip(lists, dataset.body, strict=True)]
    promoter, pcre = np.empty_like(dataset.promoter), np.full_like(dataset.pcre, -1)
    present, first = dataset.pcre >= 0, np.concatenate([[0], np.cumsum([len(rows) for rows in lists])]).astype(np.int64)
    promoter[:] = first[:-1]
    pcre[present] = (first[:-1, None] + np.cumsum(present, 1))[present]
    rows, body = np.concatenate(lists).astype(np.int64), None if dataset.body is None else first[1:] - 1
    return replace(dataset, signal=dataset.signal.take(rows), promoter=promoter, pcre=pcre, body=body)
