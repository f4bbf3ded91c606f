"""Chromoformers that predict one gene again and again: only what has changed since the last call is computed."""

from collections.abc import Callable
from hashlib import blake2b
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call, vmap
from torch.nn import functional as F

from chromolab.data.dataset.batches import Batch, Strip
from chromolab.models.chromoformer import Chromoformer

MOST = 500  # answers of pCREs to keep, a few kB each


class Remembered:
    """M Chromoformers of one shape, called with a batch of one gene.

    A prediction takes three steps, as in `Chromoformer`: embed the promoter, ask each pCRE, combine the answers. The
    results of the first two are kept under the bins that were read: after an edit within one pCRE only that pCRE is
    asked again, after a cut contact or an undo none. If the promoter changes, every cached answer is stale and all is
    computed anew. What changed is found by hashing each region's bins: the edit knew it, but a hash costs little beside
    asking a pCRE, and no caller can name the wrong regions. A small model spends its time on starting operations, so
    the second and third step, which are alike at all R resolutions, are computed for all of them at once.

    Parameters
    ----------
    template : Chromoformer
        A model of their shape.
    weights : {name: Tensor (M, *shape)}
        The weights of all M models, stacked.
    """

    def __init__(self, template: Chromoformer, weights: dict[str, Tensor]):
        self.resolutions = template.resolutions
        each = [str(r) for r in self.resolutions]
        first = each[0]
        self.embed = [_Part(template.embed[r], _embed, [_under(f"embed.{r}.", weights)]) for r in each]
        pairwise = [_under(f"pairwise_interaction.{r}.", weights) for r in each]
        self.ask = _Part(template.pairwise_interaction[first], _ask, pairwise)
        self.regulate = _Part(
            template.regulation[first], _regulate, [_under(f"regulation.{r}.", weights) for r in each]
        )
        self.head = _Part(template.fc_head, lambda head, x: head(x), [_under("fc_head.", weights)])
        self.key, self.promoter = b"", torch.empty(0)
        self.answers: dict[bytes, Tensor] = {}

    def __call__(self, batch: Batch) -> Tensor:
        """One gene -> outputs (M, 1, 2 or 1)."""
        promoter, answers = self._embedded(batch), self._answered(batch)  # (M, R, 1, D), (M, R, P, D)
        regulated = self.regulate(promoter.flatten(0, 1), answers.flatten(0, 1), shared=(batch,))
        together = promoter + regulated.unflatten(0, promoter.shape[:2])
        return self.head(together.transpose(1, 2).flatten(2))

    def _embedded(self, batch: Batch) -> Tensor:
        key = b"".join(_digest(batch.promoter[r], batch.promoter_seen[r]) for r in self.resolutions)
        if key != self.key:
            windows = [(batch.promoter[r], batch.promoter_seen[r]) for r in self.resolutions]
            promoters = [embed(shared=window) for embed, window in zip(self.embed, windows, strict=True)]
            self.key, self.promoter, self.answers = key, torch.stack(promoters, 1), {}
        return self.promoter

    def _answered(self, batch: Batch) -> Tensor:
        """Each pCRE's answer to the promoter that `_embedded` has just embedded: (M, R, P, D)."""
        features, seen = self._bins(batch)
        keys = [_digest(features[:, i], seen[:, i]) for i in range(features.shape[1])]
        new = [i for i, key in enumerate(keys) if key not in self.answers]
        if len(self.answers) + len(new) > MOST:
            self.answers, new = {}, list(range(len(keys)))
        if new:
            answers = self._asked(features[:, new], seen[:, new])
            self.answers.update(zip((keys[i] for i in new), answers.unbind(2), strict=True))
        return torch.stack([self.answers[key] for key in keys], 2) if keys else self.promoter[:, :, :0]

    def _bins(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """The pCREs' bins at all resolutions, (R, P, T, marks) and (R, P, T), with the T of the finest.

        Bins are counted from the first, so padding at the end, which is not seen, changes nothing.
        """
        most = max(batch.promoter[r].shape[1] for r in self.resolutions)
        missing = [most - batch.promoter[r].shape[1] for r in self.resolutions]
        features = [F.pad(batch.pcre[r], (0, 0, 0, n)) for r, n in zip(self.resolutions, missing, strict=True)]
        seen = [F.pad(batch.pcre_seen[r], (0, n)) for r, n in zip(self.resolutions, missing, strict=True)]
        return torch.stack(features), torch.stack(seen)

    def _asked(self, features: Tensor, seen: Tensor) -> Tensor:
        """Bins of n pCREs, as `_bins` returns them -> their answers (M, R, n, D)."""
        models, bins = len(self.promoter), features.shape[2]
        filled = seen.any(0).any(0).nonzero().flatten().tolist() or [0]
        first, end = filled[0], filled[-1] + 1
        promoter = self.promoter.expand(-1, -1, features.shape[1], -1).flatten(0, 1)
        strip = (part[:, :, first:end].repeat(models, *[1] * (part.dim() - 1)) for part in (features, seen))
        return self.ask(promoter, *strip, shared=(first, bins)).unflatten(0, (models, -1))


def _embed(part, features: Tensor, seen: Tensor) -> Tensor:
    return part.focused(features, seen)[0]


def _ask(part, promoter: Tensor, features: Tensor, seen: Tensor, first: int, bins: int) -> Tensor:
    return part.focused(promoter, [Strip(features, seen, first)], bins)[0]


def _regulate(part, promoter: Tensor, answers: Tensor, batch: Batch) -> Tensor:
    return part.focused(promoter, answers, batch)[0]


class _Part:
    """A part of a model with the weights of all models: one call computes it for all.

    `weights` is a list: (M, *shape) for one resolution or for each of R, which are then computed together as M x R.
    """

    def __init__(self, part: nn.Module, call: Callable, weights: list[dict[str, Tensor]]):
        self.caller = _Caller(part, call)
        self.weights = {name: torch.stack([w[name] for w in weights], 1).flatten(0, 1) for name in weights[0]}

    def __call__(self, *each: Tensor, shared: tuple = ()) -> Tensor:
        """`each` and the result have the weights' first axis in front; `shared` is the same for all models."""
        one = vmap(lambda w, *inputs: functional_call(self.caller, w, (*inputs, *shared), tie_weights=False))
        return one(self.weights, *each)


class _Caller(nn.Module):
    """A module whose forward is a function of another module, so that `functional_call` can call it."""

    def __init__(self, part: nn.Module, call: Callable):
        super().__init__()
        self.part, self.call = part, call

    def forward(self, *arguments: Any) -> Any:
        return self.call(self.part, *arguments)


def _under(prefix: str, weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """The weights of one part, by their names within `_Caller`."""
    return {f"part.{name.removeprefix(prefix)}": w for name, w in weights.items() if name.startswith(prefix)}


def _digest(features: Tensor, seen: Tensor) -> bytes:
    """Sixteen bytes that identify bins: a hash of their features and of which are seen."""
    digest = blake2b(features.contiguous().numpy().data, digest_size=16)
    digest.update(seen.contiguous().numpy().data)
    return digest.digest()
