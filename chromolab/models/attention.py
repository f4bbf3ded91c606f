"""Attention, three ways: every query against every key, one query without building keys, and the blocks around them.

The sizes of a model made of such blocks are a `Shape`.

Shapes are written in comments with these letters: N sequences, H heads, T tokens (bins), D model width, E width of
one head, M histone marks.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from chromolab.data.dataset.batches import Strip
from chromolab.errors import ChromolabError

SHORT_ROW = 16  # up to this length, four plain steps are 2 to 3 times faster on a CPU than torch's softmax (measured)


@lru_cache(maxsize=32)
def _sinusoids(length: int, width: int) -> Tensor:
    # Always float32, whatever the model's precision: the published model computes with these rounded values (bin 399).
    place = torch.arange(length, dtype=torch.float32)[:, None]
    rate = torch.exp(torch.arange(0, width, 2, dtype=torch.float32) * (-math.log(10_000.0) / width))
    table = torch.zeros(length, width)
    table[:, 0::2] = torch.sin(place * rate)
    table[:, 1::2] = torch.cos(place * rate)[:, : width // 2]
    return table


@lru_cache(maxsize=64)
def _placed(length: int, width: int, dtype: torch.dtype, device: torch.device) -> Tensor:
    with torch.inference_mode(False):  # a table first made while predicting must also serve training
        return _sinusoids(length, width).to(dtype).to(device)


def positions(length: int, width: int, like: Tensor) -> Tensor:
    """Sinusoidal positions of the bins: even columns sine, odd columns cosine, base 10,000.

    Parameters
    ----------
    length, width : int
        Number of bins T and model width D.
    like : Tensor
        Its dtype and device are used.

    Returns
    -------
    Tensor (T, D)
        Shared between calls: do not change it in place.

    Source: Vaswani et al. 2017, section 3.5, as used by Chromoformer.
    """
    return _placed(length, width, like.dtype, like.device)


def split_heads(x: Tensor, heads: int) -> Tensor:
    """(..., T, H*E) -> (..., H, T, E)."""
    return x.unflatten(-1, (heads, -1)).transpose(-3, -2)


def merge_heads(x: Tensor) -> Tensor:
    """(..., H, T, E) -> (..., T, H*E)."""
    return x.transpose(-3, -2).flatten(-2)


def take(x: Tensor, rows: Tensor) -> Tensor:
    """x (N, C), rows (...) -> x[rows] (..., C), by the call that is quick on a CPU and under `torch.func` alike."""
    return F.embedding(rows, x)


def softmax_seen(scores: Tensor, seen: Tensor | None) -> Tensor:
    """Softmax over the last axis among the keys that may be seen.

    `seen` is boolean and broadcasts against `scores`. A row that may see nothing gets equal weights rather than NaN,
    as in the published model; its result is masked one step later.
    """
    if seen is not None:
        scores = scores.masked_fill(~seen, torch.finfo(scores.dtype).min)
    if scores.shape[-1] > SHORT_ROW:
        return scores.softmax(-1)
    weights = (scores - scores.detach().amax(-1, keepdim=True)).exp()
    return weights / weights.sum(-1, keepdim=True)


def attend(
    q: Tensor, k: Tensor, v: Tensor, seen: Tensor | None = None, bias: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Every query against every key.

    Parameters
    ----------
    q : Tensor (..., Tq, E)
    k, v : Tensor (..., Tk, E)
    seen : bool Tensor, broadcasts to (..., Tq, Tk); False hides a key
    bias : Tensor, broadcasts to (..., Tq, Tk); added to the scores before the softmax

    Returns
    -------
    (Tensor (..., Tq, E), Tensor (..., Tq, Tk))
        The attended values and the attention map; each row of the map sums to 1.
    """
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    if bias is not None:
        scores = scores + bias
    weights = softmax_seen(scores, seen)
    return weights @ v, weights


def attend_bins(
    q: Tensor, strips: list[Strip], bins: int, project: Tensor, to_key: Tensor, to_value: Tensor
) -> tuple[Tensor, list[Tensor]]:
    """One query per sequence against all its bins, without building a single key or value.

    A bin's token is `project @ f + position`, linear in its M features f, and the key is linear in the token. So the
    query can be carried back through both maps, once, instead of carrying T tokens forward:

        q . (W_k (P f + pos))      = (P' W_k' q) . f + (W_k' q) . pos
        sum_j a_j W_v (P f_j + pos_j) = W_v (P sum_j a_j f_j + sum_j a_j pos_j)

    M is 7 where D is 128, and T is up to 400: this is most of the shortcut from 3.9 to 0.06 GFLOP per gene. Whatever
    depends only on the query is computed for all N sequences at once, the rest strip by strip.

    Parameters
    ----------
    q : Tensor (N, H, E)
    strips : list of Strip
        The N sequences' bins, in the order of the queries: features (n, W, M) each. Bins outside a strip are hidden.
    bins : int
        T, which positions count from.
    project : Tensor (D, M)
        From features to tokens.
    to_key, to_value : Tensor (H*E, D)
        From tokens to keys and to values.

    Returns
    -------
    (Tensor (N, H*E), list of Tensor (n, H, W))
        The same values, and for each strip the same rows of the map, as `attend` gives for these queries (tested).
    """
    heads, width = q.shape[-2:]
    place = positions(bins, project.shape[0], q)  # (T, D)
    to_key, to_value = to_key.unflatten(0, (heads, width)), to_value.unflatten(0, (heads, width))  # (H, E, D)
    back = torch.einsum("nhe,hed->nhd", q / math.sqrt(width), to_key)  # the query, seen from the tokens
    short = back @ project  # (N, H, M): seen from the features
    features, places, maps, start = [], [], [], 0
    for strip in strips:
        rows = slice(start, start := start + strip.seen.shape[0])
        positions_here = place[strip.first : strip.first + strip.seen.shape[1]]  # (W, D)
        scores = short[rows] @ strip.features.transpose(1, 2) + back[rows] @ positions_here.T  # (n, H, W)
        weights = softmax_seen(scores, strip.seen[:, None])
        features.append(weights @ strip.features)
        places.append(weights @ positions_here)
        maps.append(weights)
    pooled = torch.cat(features) @ project.T + torch.cat(places)  # (N, H, D)
    return torch.einsum("nhd,hed->nhe", pooled, to_value).flatten(1), maps


class FeedForward(nn.Module):
    """x -> LayerNorm(x + W2 relu(W1 x)), at each position separately."""

    def __init__(self, width: int, hidden: int):
        super().__init__()
        self.l1 = nn.Linear(width, hidden)
        self.l2 = nn.Linear(hidden, width)
        self.ln = nn.LayerNorm(width)

    def forward(self, x: Tensor) -> Tensor:
        return self.ln(x + self.l2(F.relu(self.l1(x))))


class AddNorm(nn.Module):
    """The end of an attention block: x, attended -> LayerNorm(x + W attended).

    Layers put their own projections in here, too, because published checkpoints have them there.
    """

    att: nn.Linear
    p_att: nn.Linear
    c_att: nn.Linear
    gamma_f: nn.Parameter

    def __init__(self, attended_width: int, width: int):
        super().__init__()
        self.ff = nn.Linear(attended_width, width)
        self.ln = nn.LayerNorm(width)

    def forward(self, x: Tensor, attended: Tensor) -> Tensor:
        return self.ln(x + self.ff(attended))


@dataclass(frozen=True)
class Shape:
    """The sizes of a Chromoformer; the defaults are the published ones."""

    width: int = 128  # D: a token, everywhere
    embed_heads: int = 2
    embed_hidden: int = 128  # inside the feed-forward block
    pairwise_layers: int = 2
    pairwise_heads: int = 2
    pairwise_hidden: int = 256
    regulation_layers: int = 6
    regulation_heads: int = 8
    regulation_width: int = 256  # queries, keys, values and gates, all heads together
    regulation_hidden: int = 256
    head_hidden: int = 128


def checked_shape(resolutions: tuple, sizes: dict) -> Shape:
    """The requested sizes as a `Shape`. Raises ChromolabError if a Chromoformer cannot have them."""
    if not resolutions:
        raise ChromolabError("resolutions is (); a Chromoformer needs at least one")
    unknown = sorted(set(sizes) - set(Shape.__dataclass_fields__))
    if unknown:
        raise ChromolabError(f"unknown sizes {unknown}; a Chromoformer has {', '.join(Shape.__dataclass_fields__)}")
    shape = Shape(**sizes)
    pairs = (("width", "embed_heads"), ("width", "pairwise_heads"), ("regulation_width", "regulation_heads"))
    for width, heads in pairs:
        if getattr(shape, width) % getattr(shape, heads):
            raise ChromolabError(f"{width}={getattr(shape, width)} is not divisible by {heads}={getattr(shape, heads)}")
    return shape
