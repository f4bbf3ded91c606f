"""Chromoformers that are asked about one gene again and again: only what has changed since is computed anew."""

from collections.abc import Callable
from hashlib import blake2b

import torch
from torch import Tensor, nn
from torch.func import functional_call, vmap
from torch.nn import functional as F

from chromolab.data.batches import Batch, Strip
from chromolab.models.chromoformer import Chromoformer

MOST = 500  # answers of pCREs that are kept, a few kB each


class Remembered:
    """M Chromoformers of one shape, called with a batch of one gene.

    A prediction is made in three steps, as in `Chromoformer`: the promoter is embedded, it asks each pCRE, and the
    answers are weighed together. What was embedded and answered is kept by what was read, bin for bin: after an edit
    within one pCRE that pCRE alone is asked again, after a cut contact or an undo none. An edit of the promoter changes
    whoever asks, and everything is computed. A small model's time goes into starting operations, so the second and
    third step, which are alike at all R resolutions, are made for all of them at once.

    Parameters
    ----------
    template : Chromoformer
        Of their shape.
    weights : {name: Tensor (M, *shape)}
        Of all M, stacked.
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
        self.key, self.promoter, self.answers = b"", torch.empty(0), {}

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
        """What each pCRE of the batch says to the promoter that `_embedded` has just seen."""
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
        """The pCREs' bins at all resolutions, (R, P, T, marks) and (R, P, T), T that of the finest.

        Bins are counted from the first, so further ones behind, which are not seen, change nothing.
        """
        most = max(batch.promoter[r].shape[1] for r in self.resolutions)
        behind = [most - batch.promoter[r].shape[1] for r in self.resolutions]
        features = [F.pad(batch.pcre[r], (0, 0, 0, n)) for r, n in zip(self.resolutions, behind, strict=True)]
        seen = [F.pad(batch.pcre_seen[r], (0, n)) for r, n in zip(self.resolutions, behind, strict=True)]
        return torch.stack(features), torch.stack(seen)

    def _asked(self, features: Tensor, seen: Tensor) -> Tensor:
        """Bins of n pCREs, as `_bins` gives them -> their answers (M, R, n, D)."""
        models, bins = len(self.promoter), features.shape[2]
        there = seen.any(0).any(0).nonzero().flatten().tolist() or [0]
        first, end = there[0], there[-1] + 1
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
    """A part of a model with the weights of all models: one call computes it for each of them.

    `weights` is a list: (M, *shape) for one resolution or for each of R, which are then computed together as M x R.
    """

    def __init__(self, part: nn.Module, call: Callable, weights: list[dict[str, Tensor]]):
        self.caller = _Caller(part, call)
        self.weights = {name: torch.stack([w[name] for w in weights], 1).flatten(0, 1) for name in weights[0]}

    def __call__(self, *each: Tensor, shared: tuple = ()) -> Tensor:
        """`each` has the axis of the weights in front, as has the result; `shared` is the same for all."""
        one = vmap(lambda own, *mine: functional_call(self.caller, own, (*mine, *shared), tie_weights=False))
        return one(self.weights, *each)


class _Caller(nn.Module):
    """A module whose forward is a function of another: what `functional_call` can call."""

    def __init__(self, part: nn.Module, call: Callable):
        super().__init__()
        self.part, self.call = part, call

    def forward(self, *arguments):
        return self.call(self.part, *arguments)


def _under(prefix: str, weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """The weights of one part, by their names within `_Caller`."""
    return {f"part.{name.removeprefix(prefix)}": w for name, w in weights.items() if name.startswith(prefix)}


def _digest(features: Tensor, seen: Tensor) -> bytes:
    """Sixteen bytes that stand for bins: their features, and which of them are seen."""
    digest = blake2b(features.contiguous().numpy(), digest_size=16)
    digest.update(seen.contiguous().numpy())
    return digest.digest()
