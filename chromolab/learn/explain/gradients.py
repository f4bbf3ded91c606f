"""What each bin of each mark adds to a prediction: gradient x input, and the same integrated from an empty genome.

Both are in units of what is predicted. The model reads x = ln(1 + mean depth) of the bins of several resolutions. Each
such bin's score is x times the gradient with respect to x (or its mean along the way from 0 to x); it is handed down to
the stored bins that the bin is made of in proportion to their depth, and the resolutions are added up. So a score
belongs to a place on the genome whatever the resolutions were, and sums are kept.
"""

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from chromolab.data.batches import Loader, pick_device
from chromolab.data.dataset import Dataset
from chromolab.data.pool import concat
from chromolab.errors import ChromolabError
from chromolab.learn.explain.tables import COLUMNS, evaluating, name_of, unshared, value

AT_ONCE = 128  # examples in one pass; each is some 6,000 rows


def gradient_input(model, dataset: Dataset, device=None) -> pd.DataFrame:
    """Gradient x input: to first order, what every bin of every mark adds to the prediction.

    Parameters
    ----------
    model : Chromoformer
    dataset : Dataset
        Any number of examples; each has a row for every mark in every stored bin where it has data, in its window and
        in every pCRE.
    device : str, optional

    Returns
    -------
    DataFrame
        gene, cell_type, region, position, mark, score, in log2(RPKM + 1) or log-odds. An example's scores sum to the
        slope of its prediction where every ln(1 + depth) is scaled by one factor, at factor 1. The contact frequency,
        an input as well, has no row.
    """
    return _slopes(model, dataset, device)[list(COLUMNS)]


def _slopes(model, dataset: Dataset, device) -> pd.DataFrame:
    """Gradient x input with one more column, the number of the example."""
    device, parts = pick_device(device), []
    with evaluating(model, device):
        for first in range(0, len(dataset), AT_ONCE):
            inputs = _Inputs(model, dataset.select(np.arange(first, min(first + AT_ONCE, len(dataset)))), device)
            gradients = torch.autograd.grad(inputs.predict(*inputs.leaves()).sum(), inputs.now)
            parts.append(inputs.table([g * x for g, x in zip(gradients, inputs.now, strict=True)], first))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*COLUMNS, "example"])


def integrated_gradients(model, dataset: Dataset, steps: int = 50, device=None) -> pd.DataFrame:
    """Integrated gradients: what every bin of every mark adds, on the way from a genome without any signal.

    The way is straight in ln(1 + depth): at t of it every bin of every resolution has t times its value. What is hidden
    from the model stays hidden, and contacts and their frequencies stay as they are. Needs captum.

    Parameters
    ----------
    model, dataset, device : as in `gradient_input`
    steps : int
        Points on the way (Gauss-Legendre); the error of the sum falls quickly with them.

    Returns
    -------
    DataFrame
        As `gradient_input`. Completeness: an example's scores sum to its prediction less that without any signal.

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
            # Summed over the examples: none feels another's features, so each keeps a gradient of its own.
            return copies.predict(*(f.flatten(0, 1) for f in features)).unflatten(0, (steps, -1)).sum(1)

        with evaluating(model, device):
            found = IntegratedGradients(predict).attribute(tuple(x[None] for x in inputs.leaves()), n_steps=steps)
        parts.append(inputs.table([f[0] for f in found])[list(COLUMNS)])
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))


def difference(model, before: Dataset, after: Dataset, device=None) -> pd.DataFrame:
    """Which bins and pCREs carried what an edit changed: gradient x input after it, less the same before.

    Not only the bins that were edited have a score: where the model now makes more or less of an untouched bin, that
    bin carries a part, too. Both are asked in one pass, so it costs little more than `gradient_input` of one.

    Parameters
    ----------
    model : Chromoformer
    before, after : Dataset
        The same examples, in the same order: `ds.gene("...")` and `cl.edit(ds.gene("..."), edits)`. A region that only
        one of them has (a contact that was cut or added) counts as 0 in the other.
    device : str, optional

    Returns
    -------
    DataFrame
        gene, cell_type, region, position, mark, score, as `gradient_input`.

    Raises
    ------
    ChromolabError
        When the two hold different examples.
    """
    key = ["gene_id", "cell_type"]
    if not before.genes[key].equals(after.genes[key]):
        raise ChromolabError(
            f"before has {len(before)} examples, after {len(after)}, and not the same genes in the same order; "
            "pass a dataset and what cl.edit made of it"
        )
    both, places = _slopes(model, concat([before, after]), device), list(COLUMNS[:-1])
    first = both["example"].to_numpy() < len(before)
    old, new = both[first][list(COLUMNS)], both[~first][list(COLUMNS)].reset_index(drop=True)
    if len(old) == len(new) and all(np.array_equal(old[c].to_numpy(), new[c].to_numpy()) for c in places[2:]):
        return new.assign(score=new["score"] - old["score"])
    old, new = (t.groupby(places, sort=False)["score"].sum() for t in (old, new))
    return new.sub(old, fill_value=0.0).reset_index()


class _Inputs:
    """What a model reads of some examples as tensors to differentiate by, and the way back to places on the genome.

    Attributes
    ----------
    now : list of Tensor (bins, marks)
        For each resolution ln(1 + depth) of every bin, 0 where it is hidden: regions one after another, those of each
        example its own, so that a gradient of the sum over examples keeps them apart.
    """

    def __init__(self, model, dataset: Dataset, device):
        self.model, self.dataset = model, unshared(dataset)
        self.loader = Loader(self.dataset, model.marks, model.resolutions, device, next(model.parameters()).dtype)
        self.kept = self.loader.features  # {resolution: (features, seen, offsets, counts)}
        self.now = [features for features, *_ in self.kept.values()]

    def leaves(self) -> list[Tensor]:
        """Fresh copies of `now` that take gradients; they are `now` from here on."""
        self.now = [x.detach().clone().requires_grad_() for x in self.now]
        return self.now

    def predict(self, *features: Tensor) -> Tensor:
        """What is explained, (examples,), if the features were these."""
        self.loader.features = {r: (f, *self.kept[r][1:]) for r, f in zip(self.kept, features, strict=True)}
        return value(self.model(self.loader.batch(np.arange(len(self.dataset)))))

    def table(self, scores: list[Tensor], first_example: int = 0) -> pd.DataFrame:
        """Scores of each resolution's bins (bins, marks), handed down to the stored bins, as rows."""
        signal = self.dataset.signal
        depth = signal.depth[:, self.loader.columns].astype(np.float64)
        seen, total = ~np.isnan(depth), np.zeros_like(depth)
        weight = signal.bases()[:, None] if signal.covered is None else signal.covered[:, self.loader.columns]
        amount = np.where(seen, depth, 0) * weight  # reads' bases: what a coarser bin's mean is made of
        region = np.repeat(np.arange(len(signal.regions)), np.diff(signal.offsets))
        within = np.arange(len(depth)) - signal.offsets[region]
        for r, score in zip(self.kept, scores, strict=True):
            first = np.cumsum(np.append(0, signal.bins_at(r)[:-1]))
            of = first[region] + within * signal.bin_size // r  # the bin of this resolution that holds a stored bin
            total += score.detach().double().cpu().numpy()[of] * _shares(amount, of, len(score))
        return self._rows(total, seen, region, within, first_example)

    def _rows(self, total, seen, region, within, first_example: int) -> pd.DataFrame:
        """total (bins, marks) as rows, mark by mark within each region; where a mark has no data it has no row."""
        regions, genes, marks = self.dataset.signal.regions, self.dataset.genes, self.model.marks
        names = np.array([name_of(r) for r in regions.itertuples()], object)
        per_example = 1 + (self.dataset.pcre >= 0).sum(1)
        example = np.repeat(np.arange(len(genes)), per_example)[region]  # of each stored bin
        keep, mark = np.nonzero(seen)  # mark by mark: a coarse bin may be seen though one of its own lacks a mark
        order = np.lexsort((keep, mark, region[keep]))
        keep, mark = keep[order], mark[order]
        position = regions["start"].to_numpy(np.int64)[region[keep]] + within[keep] * self.dataset.bin_size
        example = example[keep]
        gene, cell = (genes[c].to_numpy(object)[example] for c in ("gene_id", "cell_type"))
        values = (gene, cell, names[region[keep]], position, np.array(marks, object)[mark], total[keep, mark])
        return pd.DataFrame(dict(zip(COLUMNS, values, strict=True)) | {"example": first_example + example})


def _shares(amount: np.ndarray, of: np.ndarray, bins: int) -> np.ndarray:
    """Each row's share (rows, marks) of the sum over the rows that lie in the same bin `of` (rows,); 0 of 0 is 0."""
    total = np.zeros((bins, amount.shape[1]))
    np.add.at(total, of, amount)
    return np.divide(amount, total[of], out=np.zeros_like(amount), where=total[of] > 0)
