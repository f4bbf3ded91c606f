"""Chromoformers that predict one gene again and again: only what has changed since the last call is computed."""

from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call, vmap
from torch.nn import functional as F

from chromolab.data.dataset.batches import Batch, Strip
from chromolab.models.attention import positions
from chromolab.models.chromoformer import Chromoformer

MOST = 500  # answers of pCREs to keep, a few kB each


class Remembered:
    """M Chromoformers of one shape, called with a batch of one gene.

    A prediction takes three steps, as in `Chromoformer`: embed the promoter, ask each pCRE, combine the answers. The
    results of the first two are kept under the bins that were read: after an edit within one pCRE only that pCRE is
    asked again, after a cut contact or an undo none. If the promoter changes, every cached answer is stale and all is
    computed anew. What changed is found by hashing each region's bins: the edit knew it, but a hash costs little beside
    asking a pCRE, and no caller can name the wrong regions. A small model spends its time on starting operations, so
    each step, which is alike at all R resolutions, is computed for all of them at once.

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
        self.embed = _Part(template.embed[first], _embed, [_under(f"embed.{r}.", weights) for r in each])
        pairwise = [_under(f"pairwise_interaction.{r}.", weights) for r in each]
        self.ask = _Part(template.pairwise_interaction[first], _ask, pairwise)
        self.regulate = _Part(
            template.regulation[first], _regulate, [_under(f"regulation.{r}.", weights) for r in each]
        )
        self.head = _Part(template.fc_head, lambda head, x: head(x), [_under("fc_head.", weights)])
        self.models, self.width = len(next(iter(weights.values()))), template.embed[first].lin_proj.out_features
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
            self.key, self.promoter, self.answers = key, self._looked(batch), {}
        return self.promoter

    def _looked(self, batch: Batch) -> Tensor:
        """The TSS bin's embedding at all resolutions: (M, R, 1, D)."""
        counts = [batch.promoter[r].shape[1] for r in self.resolutions]
        own = torch.stack([batch.promoter[r][:, n // 2] for r, n in zip(self.resolutions, counts, strict=True)])
        place = torch.stack([positions(n, self.width, own)[n // 2] for n in counts])
        inputs = (own, place, *self._aligned(batch.promoter, batch.promoter_seen))
        each = (part.repeat(self.models, *[1] * (part.dim() - 1)) for part in inputs)
        return self.embed(*each).unflatten(0, (self.models, -1))

    def _answered(self, batch: Batch) -> Tensor:
        """Each pCRE's answer to the promoter that `_embedded` has just embedded: (M, R, P, D)."""
        features, seen = self._aligned(batch.pcre, batch.pcre_seen)
        keys = [_digest(features[:, i], seen[:, i]) for i in range(features.shape[1])]
        new = [i for i, key in enumerate(keys) if key not in self.answers]
        if len(self.answers) + len(new) > MOST:
            self.answers, new = {}, list(range(len(keys)))
        if new:
            answers = self._asked(features[:, new], seen[:, new])
            self.answers.update(zip((keys[i] for i in new), answers.unbind(2), strict=True))
        return torch.stack([self.answers[key] for key in keys], 2) if keys else self.promoter[:, :, :0]

    def _aligned(self, features: Mapping[int, Tensor], seen: Mapping[int, Tensor]) -> tuple[Tensor, Tensor]:
        """Regions' bins at all resolutions, (R, N, T, marks) and (R, N, T), with the T of the finest window.

        Bins are counted from the first, so padding at the end, which is not seen, changes nothing.
        """
        most = max(features[r].shape[1] for r in self.resolutions)
        missing = [most - features[r].shape[1] for r in self.resolutions]
        values = [F.pad(features[r], (0, 0, 0, n)) for r, n in zip(self.resolutions, missing, strict=True)]
        known = [F.pad(seen[r], (0, n)) for r, n in zip(self.resolutions, missing, strict=True)]
        return torch.stack(values), torch.stack(known)

    def _asked(self, features: Tensor, seen: Tensor) -> Tensor:
        """Bins of n pCREs, as `_aligned` returns them -> their answers (M, R, n, D)."""
        bins = features.shape[2]
        filled = seen.any(0).any(0).nonzero().flatten().tolist() or [0]
        first, end = filled[0], filled[-1] + 1
        promoter = self.promoter.expand(-1, -1, features.shape[1], -1).flatten(0, 1)
        strip = (part[:, :, first:end].repeat(self.models, *[1] * (part.dim() - 1)) for part in (features, seen))
        return self.ask(promoter, *strip, shared=(first, bins)).unflatten(0, (self.models, -1))


def _embed(part, own: Tensor, place: Tensor, features: Tensor, seen: Tensor) -> Tensor:
    """As `Embedding.focused`, but the TSS bin's features and place are given: padding hides where the middle is."""
    window = Strip(features, seen, first=0)
    return part.transformer["layers"][0].one_bin(part.lin_proj(own) + place, window, part.lin_proj.weight)[0]


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
