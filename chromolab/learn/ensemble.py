"""Several models predict the same genes at once: quick enough for a widget that answers while one draws."""

from copy import deepcopy

import numpy as np
import torch
from torch import Tensor
from torch.func import functional_call, vmap

from chromolab.data.dataset.batches import Batch
from chromolab.data.dataset.dataset import Dataset
from chromolab.learn.incremental import Remembered
from chromolab.learn.runtime import few_threads, stackable
from chromolab.models.base import Model
from chromolab.models.chromoformer import Chromoformer
from chromolab.models.sequence.multiomics import MultiOmics

STEPWISE = (Chromoformer, MultiOmics)  # models, not those derived from them, that take the steps of `Remembered`


class Ensemble:
    """Some models, copied: those of one shape (folds, seeds, both tasks) share one pass through `torch.func`.

    On a CPU a small model spends its time on starting operations, not on arithmetic, so several models at once cost
    less than one after another (`tests/bench/RESULTS.md`); it uses one thread for the same reason. Chromoformers that
    predict one gene again compute only what has changed (`Remembered`).

    Parameters
    ----------
    models : list of Model
        Copied as they are now, to the CPU and in evaluation mode.
    """

    def __init__(self, models: list[Model]):
        self.models = [deepcopy(m).cpu().eval() for m in models]  # the caller may go on to move or train a model
        alike: dict[tuple, list[int]] = {}
        for i, model in enumerate(models):
            alike.setdefault(stackable(model), []).append(i)
        self.groups = [(rows, _Together([self.models[i] for i in rows])) for rows in alike.values()]

    def predict(self, dataset: Dataset) -> list[np.ndarray]:
        """Each model's (examples, 2) logits or (examples, 1) values.

        As `cl.predict` gives them, up to rounding: products of several models are summed in another order.
        """
        with few_threads(1):
            return self._each(dataset, lambda rows, together, batch: together(batch))

    def predict_exactly(self, dataset: Dataset) -> list[np.ndarray]:
        """The same, equal to `cl.predict` to the last bit: one model after another, which takes longer."""
        with few_threads(len(dataset)):
            return self._each(dataset, lambda rows, together, batch: [self.models[i](batch) for i in rows])

    @torch.no_grad()
    def _each(self, dataset: Dataset, outputs) -> list[np.ndarray]:
        predictions: list = [None] * len(self.models)
        for rows, together in self.groups:
            loader = self.models[rows[0]].loader(dataset)
            for row, out in zip(rows, outputs(rows, together, loader.batch(np.arange(len(dataset)))), strict=True):
                predictions[row] = out[:, : self.models[row].outputs].numpy()
        return predictions


class _Together:
    """Models of one shape: a batch -> outputs (models, examples, outputs)."""

    def __init__(self, models: list[Model]):
        self.template, self.alone = max(models, key=lambda model: model.outputs), len(models) == 1
        stepwise = type(models[0]) in STEPWISE
        self.weights = _stacked(models) if stepwise or not self.alone else {}
        self.remembered = Remembered(self.template, self.weights) if stepwise else None  # type: ignore[arg-type]

    def __call__(self, batch: Batch) -> Tensor:
        if self.remembered and len(batch) == 1:
            return self.remembered(batch)
        if self.alone:
            return self.template(batch)[None]
        return vmap(lambda weights: functional_call(self.template, weights, (batch,)))(self.weights)


def _stacked(models: list[Model]) -> dict[str, Tensor]:
    """{name: weights (models, *shape)}, copied; a regressor's one output is the first of two beside classifiers."""
    each, stacked = [dict(m.named_parameters()) for m in models], {}
    for name in each[0]:
        parts = [weights[name].detach() for weights in each]
        shape = max((p.shape for p in parts), key=lambda s: s.numel())
        stacked[name] = parts[0].new_zeros(len(parts), *shape)
        for row, part in zip(stacked[name], parts, strict=True):
            row[: part.shape[0]] = part
    return stacked
