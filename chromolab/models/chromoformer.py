"""Chromoformer: a gene's expression from histone marks around its promoter and in the elements that touch it in 3D.

Three transformers work one after another, once at each resolution (2000, 500 and 100 bp per bin):

    1. Embedding      the promoter's bins look at each other            -> what state is this promoter in?
    2. Pairwise       the promoter asks each distal element on its own  -> what does this element say?
    3. Regulation     promoter and elements as an unordered set, with   -> what do they say together?
       Interaction    the contact frequencies in the scores

A small head turns the promoter's three final vectors into two logits (below, above the median) or log2(RPKM + 1).

There are two paths to the same numbers. `full` computes every attention map, as published. `focused` computes only
what the prediction reads: the token of the bin at the transcription start site. Read `full` first; it is the model.
`focused` is the same algebra in another order (`attention.attend_bins`), and the tests hold the two equal.

Source: Lee, Yang and Kim, Nature Communications 13:6678 (2022). Written from the paper and from measurements of what
the published model computes. Parameters have the names of published checkpoints, so that those files load directly.

Letters in shape comments: B genes, K distal elements (pCREs) per gene, P pCREs in the batch, T bins, M marks,
D width, H heads, S = 1 + K tokens of the regulation step.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from chromolab.data.dataset.batches import Batch, Strip
from chromolab.defaults import MARKS, RESOLUTIONS
from chromolab.errors import ChromolabError
from chromolab.models.attention import (
    AddNorm,
    FeedForward,
    Shape,
    attend,
    attend_bins,
    checked_shape,
    merge_heads,
    positions,
    split_heads,
    take,
)
from chromolab.models.base import Model, seeded

# ----- 1. Embedding: the promoter's bins look at each other -----------------------------------------------------------


class EmbeddingLayer(nn.Module):
    """Self-attention among the promoter's bins, then a feed-forward block."""

    def __init__(self, shape: Shape):
        super().__init__()
        self.heads = shape.embed_heads
        self.self_att = AddNorm(shape.width, shape.width)
        self.self_att.att = nn.Linear(shape.width, 3 * shape.width, bias=False)  # queries, keys, values
        self.ff = FeedForward(shape.width, shape.embed_hidden)

    def forward(self, x: Tensor, seen: Tensor) -> tuple[Tensor, Tensor]:
        q, k, v = (split_heads(part, self.heads) for part in self.self_att.att(x).chunk(3, -1))  # (B, H, T, E) each
        attended, weights = attend(q, k, v, seen[:, None, None])
        return self.ff(self.self_att(x, merge_heads(attended))), weights

    def one_bin(self, x: Tensor, window: Strip, project: Tensor) -> tuple[Tensor, Tensor]:
        """The same for one bin's token x (B, D) against the features of all bins (B, T, M)."""
        to_query, to_key, to_value = self.self_att.att.weight.chunk(3)
        q = F.linear(x, to_query).unflatten(-1, (self.heads, -1))  # (B, H, E)
        attended, (weights,) = attend_bins(q, [window], window.seen.shape[1], project, to_key, to_value)
        return self.ff(self.self_att(x, attended)), weights


class Embedding(nn.Module):
    """Features of the promoter's bins -> embedded bins. One layer: the focused path relies on that."""

    def __init__(self, n_marks: int, shape: Shape):
        super().__init__()
        self.lin_proj = nn.Linear(n_marks, shape.width, bias=False)
        self.transformer: Any = nn.ModuleDict({"layers": nn.ModuleList([EmbeddingLayer(shape)])})

    def full(self, features: Tensor, seen: Tensor) -> tuple[Tensor, Tensor]:
        """(B, T, M) -> embedded bins (B, T, D) and the attention map (B, H, T, T)."""
        x = self.lin_proj(features)
        x = x + positions(x.shape[1], x.shape[2], x)
        return self.transformer["layers"][0](x, seen)

    def focused(self, features: Tensor, seen: Tensor) -> tuple[Tensor, Tensor]:
        """(B, T, M) -> the TSS bin's embedding (B, D) and its row of the map (B, H, T)."""
        bins = features.shape[1]
        x = self.lin_proj(features[:, bins // 2]) + positions(bins, self.lin_proj.out_features, features)[bins // 2]
        return self.transformer["layers"][0].one_bin(x, Strip(features, seen, first=0), self.lin_proj.weight)


# ----- 2. Pairwise Interaction: the promoter asks, one distal element answers -----------------------------------------


class PairwiseLayer(nn.Module):
    """Queries from the promoter, keys and values from the pCRE; only the promoter's side is updated."""

    def __init__(self, shape: Shape):
        super().__init__()
        self.heads = shape.pairwise_heads
        self.self_att = AddNorm(shape.width, shape.width)
        self.self_att.p_att = nn.Linear(shape.width, shape.width, bias=False)  # the promoter's queries
        self.self_att.c_att = nn.Linear(shape.width, 2 * shape.width, bias=False)  # the pCRE's keys, values
        self.ff = FeedForward(shape.width, shape.pairwise_hidden)

    def forward(self, x: Tensor, pcre: Tensor, seen: Tensor) -> tuple[Tensor, Tensor]:
        q = split_heads(self.self_att.p_att(x), self.heads)
        k, v = (split_heads(part, self.heads) for part in self.self_att.c_att(pcre).chunk(2, -1))
        attended, weights = attend(q, k, v, seen[:, None, None])
        return self.ff(self.self_att(x, merge_heads(attended))), weights

    def one_bin(self, x: Tensor, strips: list[Strip], bins: int, project: Tensor) -> tuple[Tensor, list[Tensor]]:
        """The same for the TSS bin's token x (P, D) against the pCREs' bins in strips."""
        q = self.self_att.p_att(x).unflatten(-1, (self.heads, -1))  # (P, H, E)
        attended, weights = attend_bins(q, strips, bins, project, *self.self_att.c_att.weight.chunk(2))
        return self.ff(self.self_att(x, attended)), weights


class PairwiseInteraction(nn.Module):
    """A promoter and one pCRE -> what the pCRE says to that promoter."""

    def __init__(self, n_marks: int, shape: Shape):
        super().__init__()
        self.lin_proj_p = nn.Linear(shape.width, shape.width, bias=False)
        self.lin_proj_pcre = nn.Linear(n_marks, shape.width, bias=False)
        layers = [PairwiseLayer(shape) for _ in range(shape.pairwise_layers)]
        self.transformer: Any = nn.ModuleDict({"layers": nn.ModuleList(layers)})

    def full(self, promoter: Tensor, features: Tensor, seen: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Embedded promoters (N, Tp, D), pCRE bins (N, T, M) -> (N, D) and one map (N, H, Tp, T) per layer."""
        x, maps = self.lin_proj_p(promoter), []
        pcre = self.lin_proj_pcre(features)
        pcre = pcre + positions(pcre.shape[1], pcre.shape[2], pcre)
        for layer in self.transformer["layers"]:
            x, weights = layer(x, pcre, seen)
            maps.append(weights)
        return x[:, x.shape[1] // 2], maps

    def focused(self, promoter: Tensor, strips: list[Strip], bins: int) -> tuple[Tensor, list[list[Tensor]]]:
        """The TSS bin's embedding (P, D), the pCREs' bins in strips -> (P, D) and, per layer, its rows strip by strip.

        No layer mixes the promoter's bins, so the other bins need not come along.
        """
        x, rows = self.lin_proj_p(promoter), []
        for layer in self.transformer["layers"]:
            x, weights = layer.one_bin(x, strips, bins, self.lin_proj_pcre.weight)
            rows.append(weights)
        return x, rows


# ----- 3. Regulation: the promoter among its elements, contact frequencies in the scores ------------------------------


class RegulationLayer(nn.Module):
    """Gated self-attention over the set {promoter, pCREs}; `gamma_f` weighs the contact frequency, per head."""

    def __init__(self, shape: Shape):
        super().__init__()
        self.heads, self.width = shape.regulation_heads, shape.regulation_width
        self.self_att = AddNorm(shape.regulation_width, shape.width)
        self.self_att.gamma_f = nn.Parameter(torch.ones(self.heads))
        self.self_att.att = nn.Linear(shape.width, 4 * shape.regulation_width, bias=False)  # q, k, v, gate
        self.ff = FeedForward(shape.width, shape.regulation_hidden)

    def forward(self, x: Tensor, frequency: Tensor, present: Tensor) -> tuple[Tensor, Tensor]:
        """Tokens (B, S, D), frequencies (B, S) of the promoter's contacts, presence (B, S) -> tokens, map."""
        q, k, v, gate = self.self_att.att(x).chunk(4, -1)
        attended, weights = self.attend(q, k, v, frequency, present)
        return self.ff(self.self_att(x, attended * gate.sigmoid())), weights

    def attend(self, q: Tensor, k: Tensor, v: Tensor, frequency: Tensor, present: Tensor) -> tuple[Tensor, Tensor]:
        """Queries (B, Q, H*E), keys and values (B, S, H*E) -> attended (B, Q, H*E), map (B, H, Q, S)."""
        q, k, v = (split_heads(part, self.heads) for part in (q, k, v))
        # Only row 0 has frequencies: how often the promoter meets each element. Nothing is known between elements.
        bias = self.self_att.gamma_f[:, None, None] * frequency[:, None, None]  # (B, H, 1, S)
        bias = F.pad(bias, (0, 0, 0, q.shape[2] - 1))  # (B, H, Q, S)
        attended, weights = attend(q, k, v, present[:, None, None], bias)
        return merge_heads(attended), weights

    def packed(self, x: Tensor, frequency: Tensor, present: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
        """The same for tokens (B + P, D) without empty slots; tokens go to their slots only to attend."""
        q_k_v, gate = self.self_att.att(x).split([3 * self.width, self.width], -1)
        q, k, v = take(q_k_v, batch.token).unflatten(0, present.shape).chunk(3, -1)  # (B, S, H*E) each
        attended, weights = self.attend(q, k, v, frequency, present)
        attended = take(attended.flatten(0, 1), batch.place)  # (B + P, H*E)
        return self.ff(self.self_att(x, attended * gate.sigmoid())), weights

    def promoter_only(self, x: Tensor, frequency: Tensor, present: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
        """The same when only the promoters' tokens are needed: (B + P, D) -> (B, D), map (B, H, 1, S)."""
        to_query, to_key, to_value, to_gate = self.self_att.att.weight.chunk(4)
        promoter = x[: len(batch)]
        q, gate = F.linear(promoter, torch.cat([to_query, to_gate])).chunk(2, -1)
        k, v = take(F.linear(x, torch.cat([to_key, to_value])), batch.token).unflatten(0, present.shape).chunk(2, -1)
        attended, weights = self.attend(q[:, None], k, v, frequency, present)
        return self.ff(self.self_att(promoter, attended[:, 0] * gate.sigmoid())), weights


class Regulation(nn.Module):
    """The promoter's embedding and its pCREs' answers -> the regulated promoter. No positions: a set has no order.

    Without layers (`regulation_layers=0`) it is the plain mean of the promoter and the answers.
    """

    def __init__(self, shape: Shape):
        super().__init__()
        layers = [RegulationLayer(shape) for _ in range(shape.regulation_layers)]
        self.transformer: Any = nn.ModuleDict({"layers": nn.ModuleList(layers)})

    def full(self, x: Tensor, batch: Batch) -> tuple[Tensor, list[Tensor]]:
        """Tokens (B, S, D) -> token 0 (B, D) and one map (B, H, S, S) per layer."""
        (frequency, present), maps = _with_promoter(batch), []
        for layer in self.transformer["layers"]:
            x, weights = layer(x, frequency, present)
            maps.append(weights)
        return (x[:, 0] if maps else _mean_of_present(x, present)), maps

    def focused(self, promoter: Tensor, answers: Tensor, batch: Batch) -> tuple[Tensor, list[Tensor]]:
        """Promoters (B, D), answers (P, D) -> token 0 (B, D) and one map per layer; the last is (B, H, 1, S)."""
        frequency, present = _with_promoter(batch)
        x, layers = torch.cat([promoter, answers]), self.transformer["layers"]
        if not len(layers):
            return _mean_of_present(take(x, batch.token).unflatten(0, present.shape), present), []
        (*layers, last), maps = layers, []
        for layer in layers:
            x, weights = layer.packed(x, frequency, present, batch)
            maps.append(weights)
        x, weights = last.promoter_only(x, frequency, present, batch)
        return x, [*maps, weights]


def _with_promoter(batch: Batch) -> tuple[Tensor, Tensor]:
    """Frequencies and presence of all S tokens, (B, S): the promoter comes first, always present, at frequency 0."""
    return F.pad(batch.frequency, (1, 0)), F.pad(batch.present, (1, 0), value=True)


def _mean_of_present(x: Tensor, present: Tensor) -> Tensor:
    """Mean of the tokens (B, S, D) that are present (B, S): (B, D)."""
    return (x * present[..., None]).sum(-2) / present.sum(-1, keepdim=True)


# ----- The model ------------------------------------------------------------------------------------------------------


class Chromoformer(Model):
    """The three transformers at every resolution, and a head.

    Parameters
    ----------
    marks, task : see `Model`
    resolutions : sequence of int
        Base pairs per bin, in the order in which the head concatenates them; each must divide the dataset's window.
    seed : int, optional
        Seed of the initial weights; without it they come from torch's global generator.
    **shape
        Sizes other than the published ones: the fields of `Shape`.

    Raises
    ------
    ChromolabError
        On an unknown task, no marks, repeated marks or resolutions, or widths that the heads do not divide.
    """

    PUBLISHED = dict(lr=3e-5, weight_decay=0.01, decay=0.87, batch_size=64, epochs=9)

    def __init__(
        self,
        marks: Sequence[str] = MARKS,
        task: str = "classification",
        resolutions: Sequence[int] = RESOLUTIONS,
        seed: int | None = None,
        **shape: int,
    ):
        super().__init__(marks, task, resolutions)
        self.shape = sizes = checked_shape(self.resolutions, shape)
        n_marks, each = len(self.marks), [str(r) for r in self.resolutions]
        with seeded(seed):
            self.embed: Any = nn.ModuleDict({r: Embedding(n_marks, sizes) for r in each})
            self.pairwise_interaction: Any = nn.ModuleDict({r: PairwiseInteraction(n_marks, sizes) for r in each})
            self.regulation: Any = nn.ModuleDict({r: Regulation(sizes) for r in each})
            first = nn.Linear(len(each) * sizes.width, sizes.head_hidden)
            self.fc_head: Any = nn.Sequential(first, nn.ReLU(), nn.Linear(sizes.head_hidden, self.outputs))

    def config(self) -> dict:
        """The arguments that build the same model again."""
        return {"marks": self.marks, "task": self.task, "resolutions": self.resolutions, **vars(self.shape)}

    def start_at(self, value: float) -> None:
        """Let a regressor begin at a value instead of near zero."""
        nn.init.constant_(self.fc_head[-1].bias, value)

    def forward(self, batch: Batch, path: str = "focused", return_maps: bool = False) -> Any:
        """Predict a batch.

        Parameters
        ----------
        batch : Batch
            See `chromolab.data.dataset.batches.Batch`.
        path : {"focused", "full"}
            The same numbers; `full` computes every attention map, about 43 times the work.
        return_maps : bool
            Also return the attention maps.

        Returns
        -------
        Tensor (B, 2) logits or (B, 1) log2(RPKM + 1); with `return_maps` a pair (that, maps), where
        maps[resolution] holds, for the P pCREs of the batch and S = 1 + K,
            "embedding"   (B, H, T, T), focused: the TSS bin's row (B, H, T)
            "pairwise"    a list over layers of (P, H, T, T), focused: rows (P, H, T)
            "regulation"  a list over layers of (B, H, S, S), focused: the last is (B, H, 1, S)
        """
        if path not in ("focused", "full"):
            raise ChromolabError(f"path is {path!r}; expected 'focused' or 'full'")
        one_resolution = self._focused if path == "focused" else self._full
        promoters, regulated, maps = zip(*(one_resolution(str(r), batch) for r in self.resolutions), strict=True)
        out = self.fc_head(torch.cat(promoters, -1) + torch.cat(regulated, -1))
        if not return_maps:
            return out
        by_resolution = dict(zip(self.resolutions, maps, strict=True))
        if path == "focused":  # strips are as wide as their longest pCRE: widen their rows to T bins
            for r, kept in by_resolution.items():
                kept["pairwise"] = [batch.widened(r, rows) for rows in kept["pairwise"]]
        return out, by_resolution

    def _full(self, r: str, batch: Batch):
        """One resolution: promoters (B, D), regulated promoters (B, D), attention maps."""
        x, embedding_map = self.embed[r].full(batch.promoter[int(r)], batch.promoter_seen[int(r)])
        # As published, empty slots are computed, too: an empty slot is a pCRE of zeros that are hidden.
        features, seen = batch.in_slots(batch.pcre[int(r)]), batch.in_slots(batch.pcre_seen[int(r)])
        slots = features.shape[1]
        asking = x[:, None].expand(-1, slots, -1, -1).flatten(0, 1)  # (B*K, T, D): each promoter once per slot
        answers, maps = self.pairwise_interaction[r].full(asking, features.flatten(0, 1), seen.flatten(0, 1))
        filled = batch.owner * slots + batch.slot
        promoter = x[:, x.shape[1] // 2]
        tokens = torch.cat([promoter[:, None], batch.in_slots(answers[filled])], 1)  # (B, S, D)
        regulated, regulation_maps = self.regulation[r].full(tokens, batch)
        kept = {"embedding": embedding_map, "pairwise": [m[filled] for m in maps], "regulation": regulation_maps}
        return promoter, regulated, kept

    def _focused(self, r: str, batch: Batch):
        """The same; of the first two maps, only the TSS bin's row."""
        promoter, row = self.embed[r].focused(batch.promoter[int(r)], batch.promoter_seen[int(r)])
        asking = take(promoter, batch.owner)  # (P, D)
        answers, rows = self.pairwise_interaction[r].focused(asking, batch.strips[int(r)], row.shape[-1])
        regulated, regulation_maps = self.regulation[r].focused(promoter, answers, batch)
        return promoter, regulated, {"embedding": row, "pairwise": rows, "regulation": regulation_maps}
