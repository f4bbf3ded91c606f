"""What each bin of each mark adds to a prediction: gradient x input, and integrated gradients from an empty genome.

Scores are in the unit of the prediction. The model reads x = ln(1 + mean depth) of bins at several resolutions. The
score of such a bin is x times the gradient with respect to x (or the mean gradient between 0 and x). It is divided
among the stored bins that make up the bin, in proportion to their depth, and then summed over the resolutions. So each
score belongs to a place on the genome whatever the resolutions, and sums stay the same.
"""

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from chromolab.data.dataset.batches import Loader
from chromolab.data.dataset.combine import concat
from chromolab.data.dataset.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.learn.explain.tables import COLUMNS, name_of, unshared, value
from chromolab.learn.runtime import evaluating, pick_device

AT_ONCE = 128  # examples in one pass; each gives some 6,000 rows


def gradient_input(model, dataset: Dataset, device=None) -> pd.DataFrame:
    """Gradient x input: what every bin of every mark adds to the prediction, to first order.

    Parameters
    ----------
    model : Chromoformer
    dataset : Dataset
        Any number of examples. The result has a row for every mark and stored bin with data, in each example's window
        and pCREs.
    device : str, optional

    Returns
    -------
    DataFrame
        gene, cell_type, region, position, mark, score, in log2(RPKM + 1) or log-odds. An example's scores sum to the
        slope of its prediction when every ln(1 + depth) is multiplied by the same factor, at factor 1. The contact
        frequency is also an input, but has no row.
    """
    return _slopes(model, dataset, device)[list(COLUMNS)]


def _slopes(model, dataset: Dataset, device) -> pd.DataFrame:
    """Gradient x input, with the number of the example in a further column."""
    device, parts = pick_device(device), []
    with evaluating(model, device):
        for first in range(0, len(dataset), AT_ONCE):
            inputs = _Inputs(model, dataset.select(np.arange(first, min(first + AT_ONCE, len(dataset)))), device)
            gradients = torch.autograd.grad(inputs.predict(*inputs.leaves()).sum(), inputs.now)
            parts.append(inputs.table([g * x for g, x in zip(gradients, inputs.now, strict=True)], first))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*COLUMNS, "example"])


def integrated_gradients(model, dataset: Dataset, steps: int = 50, device=None) -> pd.DataFrame:
    """Integrated gradients: what every bin of every mark adds, starting from a genome without any signal.

    The path is straight in ln(1 + depth): at fraction t, every bin of every resolution has t times its value. Bins that
    are hidden from the model stay hidden, and contacts and their frequencies do not change. Needs captum.

    Parameters
    ----------
    model, dataset, device : as in `gradient_input`
    steps : int
        Points on the path (Gauss-Legendre quadrature); the error of the sum falls quickly with more points.

    Returns
    -------
    DataFrame
        As `gradient_input`. Completeness: an example's scores sum to its prediction minus that without any signal.

    Source: Sundararajan, Taly and Yan 2017, https://arxiv.org/abs/1703.01365.
    """
    try:
        from captum.attr import IntegratedGradients
    except ImportError as error:
        raise ChromolabError("integrated gradients need captum, which is not installed: pip install captum") from error
    device, parts, at_once = pick_device(device), [], max(1, AT_ONCE // steps)
    for first in range(0, len(dataset), at_once):
        some = np.arange(first, min(first + at_once, len(dataset)))
        inputs, copies = (_Inputs(model, dataset.select(rows), device) for rows in (some, np.tile(some, steps)))

        def predict(*features: Tensor, copies=copies) -> Tensor:  # each (steps, bins, marks) -> (steps,)
            # The sum over the examples has each example's own gradient: no example depends on another's features.
            return copies.predict(*(f.flatten(0, 1) for f in features)).unflatten(0, (steps, -1)).sum(1)

        with evaluating(model, device):
            found = IntegratedGradients(predict).attribute(tuple(x[None] for x in inputs.leaves()), n_steps=steps)
        parts.append(inputs.table([f[0] for f in found])[list(COLUMNS)])
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))


def difference(model, before: Dataset, after: Dataset, device=None) -> pd.DataFrame:
    """Where an edit changed what bins and pCREs add: gradient x input after the edit, minus the same before it.

    Unedited bins have scores as well: an edit can change how much the model makes of them. Both datasets are computed
    in one pass, which costs little more than `gradient_input` of one.

    Parameters
    ----------
    model : Chromoformer
    before, after : Dataset
        The same examples in the same order: `ds.gene("...")` and `cl.edit(ds.gene("..."), edits)`. A region that only
        one of them has (a contact that was cut or added) counts as 0 in the other.
    device : str, optional

    Returns
    -------
    DataFrame
        gene, cell_type, region, position, mark, score, as in `gradient_input`.

    Raises
    ------
    ChromolabError
        If the two hold different examples.
    """
    key = ["gene_id", "cell_type"]
    if not before.genes[key].equals(after.genes[key]):
        raise ChromolabError(
            f"before has {len(before)} examples, after {len(after)}, and not the same genes in the same order; "
            "pass a dataset and the same dataset after cl.edit"
        )
    both, places = _slopes(model, concat([before, after]), device), list(COLUMNS[:-1])
    first = both["example"].to_numpy() < len(before)
    old, new = both[first][list(COLUMNS)], both[~first][list(COLUMNS)].reset_index(drop=True)
    if len(old) == len(new) and all(np.array_equal(old[c].to_numpy(), new[c].to_numpy()) for c in places[2:]):
        return new.assign(score=new["score"] - old["score"])
    old, new = (t.groupby(places, sort=False)["score"].sum() for t in (old, new))
    return new.sub(old, fill_value=0.0).reset_index()


class _Inputs:
    """The features that a model reads, as tensors to differentiate by, and where they lie on the genome.

    Attributes
    ----------
    now : list of Tensor (bins, marks)
        ln(1 + depth) of every bin, 0 where it is hidden, one tensor per resolution; the regions follow one another.
        Each example has its own copy of its regions, so the gradient of a sum over examples keeps examples apart.
    """

    def __init__(self, model, dataset: Dataset, device):
        self.model, self.dataset = model, unshared(dataset)
        self.loader = Loader(self.dataset, model.marks, model.resolutions, device, next(model.parameters()).dtype)
        self.kept = self.loader.features  # {resolution: (features, seen, offsets, counts)}
        self.now = [features for features, *_ in self.kept.values()]

    def leaves(self) -> list[Tensor]:
        """Replace `now` by copies that take gradients, and return these."""
        self.now = [x.detach().clone().requires_grad_() for x in self.now]
        return self.now

    def predict(self, *features: Tensor) -> Tensor:
        """The explained value (examples,) if the features were these, one tensor (bins, marks) per resolution."""
        self.loader.features = {r: (f, *self.kept[r][1:]) for r, f in zip(self.kept, features, strict=True)}
        return value(self.model(self.loader.batch(np.arange(len(self.dataset)))))

    def table(self, scores: list[Tensor], first_example: int = 0) -> pd.DataFrame:
        """Scores (bins, marks) of each resolution, divided among the stored bins, as rows."""
        signal = self.dataset.signal
        depth = signal.depth[:, self.loader.columns].astype(np.float64)
        seen, total = ~np.isnan(depth), np.zeros_like(depth)
        weight = signal.bases()[:, None] if signal.covered is None else signal.covered[:, self.loader.columns]
        amount = np.where(seen, depth, 0) * weight  # depth x bases: the sums that a coarser bin's mean is made of
        region = np.repeat(np.arange(len(signal.regions)), np.diff(signal.offsets))
        within = np.arange(len(depth)) - signal.offsets[region]
        for r, score in zip(self.kept, scores, strict=True):
            first = np.cumsum(np.append(0, signal.bins_at(r)[:-1]))
            of = first[region] + within * signal.bin_size // r  # which bin of this resolution holds each stored bin
            total += score.detach().double().cpu().numpy()[of] * _shares(amount, of, len(score))
        return self._rows(total, seen, region, within, first_example)

    def _rows(self, total, seen, region, within, first_example: int) -> pd.DataFrame:
        """total (bins, marks) as rows, mark by mark within each region; a mark has no row where it has no data."""
        regions, genes, marks = self.dataset.signal.regions, self.dataset.genes, self.model.marks
        names = np.array([name_of(r) for r in regions.itertuples()], object)
        per_example = 1 + (self.dataset.pcre >= 0).sum(1)
        example = np.repeat(np.arange(len(genes)), per_example)[region]  # of each stored bin
        keep, mark = np.nonzero(
            seen
        )  # per mark: the model may see a coarse bin although a stored bin in it lacks a mark
        order = np.lexsort((keep, mark, region[keep]))
        keep, mark = keep[order], mark[order]
        position = regions["start"].to_numpy(np.int64)[region[keep]] + within[keep] * self.dataset.bin_size
        example = example[keep]
        gene, cell = (genes[c].to_numpy(object)[example] for c in ("gene_id", "cell_type"))
        values = (gene, cell, names[region[keep]], position, np.array(marks, object)[mark], total[keep, mark])
        return pd.DataFrame(dict(zip(COLUMNS, values, strict=True)) | {"example": first_example + example})


def _shares(amount: np.ndarray, of: np.ndarray, bins: int) -> np.ndarray:
    """Each row's share (rows, marks) of the sum over all rows in the same bin, `of` (rows,); 0 / 0 is 0."""
    total = np.zeros((bins, amount.shape[1]))
    np.add.at(total, of, amount)
    return np.divide(amount, total[of], out=np.zeros_like(amount), where=total[of] > 0)
