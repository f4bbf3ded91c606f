"""Models that are asked the same question, all at once: what a widget needs that answers while one draws."""

from copy import deepcopy

import numpy as np
import torch
from torch import Tensor, nn
from torch.func import functional_call, vmap

from chromolab.data.batches import Batch, Loader
from chromolab.data.dataset import Dataset
from chromolab.learn.remembered import Remembered
from chromolab.learn.stack import few_threads, n_outputs, stackable
from chromolab.models.chromoformer import Chromoformer


class Ensemble:
    """Some models, copied: those of one shape (folds, seeds, both tasks) share one pass through `torch.func`.

    On a CPU a small model's time goes into starting operations, not into numbers, so several models at once cost less
    than one after another (`tests/bench/RESULTS.md`). One thread, for the same reason. Of Chromoformers, when one gene
    is asked about again, only what has changed is computed (`Remembered`).

    Parameters
    ----------
    models : list of nn.Module
        Kept in evaluation mode on the CPU; each as it is now.
    """

    def __init__(self, models: list[nn.Module]):
        self.models = [deepcopy(m).cpu().eval() for m in models]  # who goes on with a model may move or train it
        alike: dict[tuple, list[int]] = {}
        for i, model in enumerate(models):
            alike.setdefault(stackable(model), []).append(i)
        self.groups = [(rows, _Together([self.models[i] for i in rows])) for rows in alike.values()]

    def predict(self, dataset: Dataset) -> list[np.ndarray]:
        """Each model's (examples, 2) logits or (examples, 1) values.

        As `cl.predict` gives them but for rounding: products of several models are summed in another order.
        """
        with few_threads(1):
            return self._each(dataset, lambda rows, together, batch: together(batch))

    def predict_exactly(self, dataset: Dataset) -> list[np.ndarray]:
        """The same to the last bit of `cl.predict`: one model after another, which takes longer."""
        with few_threads(len(dataset)):
            return self._each(dataset, lambda rows, together, batch: [self.models[i](batch) for i in rows])

    @torch.no_grad()
    def _each(self, dataset: Dataset, outputs) -> list[np.ndarray]:
        found: list = [None] * len(self.models)
        for rows, together in self.groups:
            first = self.models[rows[0]]
            loader = Loader.of(first, dataset, "cpu", next(first.parameters()).dtype)
            for row, out in zip(rows, outputs(rows, together, loader.batch(np.arange(len(dataset)))), strict=True):
                found[row] = out[:, : n_outputs(self.models[row])].numpy()
        return found


class _Together:
    """Models of one shape: a batch -> outputs (models, examples, outputs)."""

    def __init__(self, models: list[nn.Module]):
        self.template, self.alone = max(models, key=n_outputs), len(models) == 1
        known = type(models[0]) is Chromoformer
        self.weights = _stacked(models) if known or not self.alone else {}
        self.remembered = Remembered(self.template, self.weights) if known else None

    def __call__(self, batch: Batch) -> Tensor:
        if self.remembered and len(batch) == 1:
            return self.remembered(batch)
        if self.alone:
            return self.template(batch)[None]
        return vmap(lambda own: functional_call(self.template, own, (batch,)))(self.weights)


def _stacked(models: list[nn.Module]) -> dict[str, Tensor]:
    """{name: weights (models, *shape)}, copied; a regressor's one output is the first of two beside classifiers."""
    each, stacked = [dict(m.named_parameters()) for m in models], {}
    for name in each[0]:
        parts = [own[name].detach() for own in each]
        shape = max((p.shape for p in parts), key=lambda s: s.numel())
        stacked[name] = parts[0].new_zeros(len(parts), *shape)
        for row, part in zip(stacked[name], parts, strict=True):
            row[: part.shape[0]] = part
    return stacked
