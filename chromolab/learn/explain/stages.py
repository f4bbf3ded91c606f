"""Follow one gene through a Chromoformer or a WholeGene: every tensor between its tracks and its prediction, by name.

`trace` repeats the model's computation one operation at a time, with the model's own weights, and keeps every tensor.
It follows only the query that the prediction reads, that of the TSS bin; keys and values are built as published. At the
end it compares its result with the model's prediction, and raises an error if they differ.
"""

import math
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from chromolab.data.bodies.loader import GeneLoader
from chromolab.data.dataset.batches import Batch, Loader, features_of
from chromolab.data.dataset.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.learn.explain.gene_stages import gene_head, gene_stages
from chromolab.learn.explain.named_tensors import Stage, Trace, weights_of
from chromolab.learn.runtime import pick_device
from chromolab.models.attention import merge_heads, positions, softmax_seen, split_heads
from chromolab.models.base import Model
from chromolab.models.chromoformer import Chromoformer
from chromolab.models.sequence.multiomics import MotifRegulation
from chromolab.models.wholegene import WholeGene

TOLERANCE = {torch.float64: 1e-9, torch.float32: 1e-4}  # allowed difference from the model's prediction, relative


@torch.no_grad()
def trace(model: Model, dataset: Dataset, device: str | torch.device | None = None) -> Trace:
    """Follow one gene through a Chromoformer, or a WholeGene.

    Parameters
    ----------
    model : Chromoformer or WholeGene
    dataset : Dataset
        One example: `ds.gene("...")`.
    device : str, optional

    Returns
    -------
    Trace
        With P pCREs, K slots for them, S = 1 + K tokens, T bins, M marks, D width, H heads of width E:
        input.R.depth (T, M), .log, .features; input.R.pcre_depth (P, T, M), .pcre_features;
        embedding.R.projected (T, D), .positions, .tokens, .q (H, E), .k (H, T, E), .v, .scores (H, T), .weights,
        .attended (D), .normed, .hidden, .tss (D);
        pairwise.R.asking (D), .projected (P, T, D), .positions, .tokens and in each layer .L.q (P, H, E),
        .k (P, H, T, E), .v, .scores (P, H, T), .weights, .attended (P, D), .normed, .hidden, .out;
        regulation.R.frequency (S), .tokens (S, D) and in each layer .L.q (H, S, E), .k, .v, .gate (S, H*E),
        .content (H, S, S), .bias, .scores, .weights, .attended (S, H*E), .gated, .normed (S, D), .hidden, .out;
        head.before and head.after (resolutions, D), .joined (resolutions * D), .hidden, .output (2 logits or 1 value),
        and for a classifier .probability (2). Of a WholeGene also those of `gene_stages`, and head.both, which joins
        what they say to .joined.

    Raises
    ------
    ChromolabError
        Unless the dataset holds exactly one example with all the model's marks; if the model is neither of the two or
        lacks pairwise or regulation layers; or if it was changed, so that it computes something else.
    """
    if len(dataset) != 1:
        raise ChromolabError(
            f"expected one gene in one cell type, this dataset has {len(dataset)} examples; pass ds.gene('...')"
        )
    steps = model.steps if isinstance(model, WholeGene) else model
    if not isinstance(steps, Chromoformer):
        raise ChromolabError(
            f"expected a Chromoformer or a WholeGene, not a {type(model).__name__}; the stages of other models are not "
            "known"
        )
    if not (steps.shape.pairwise_layers and steps.shape.regulation_layers):
        raise ChromolabError(
            f"this {type(model).__name__} has no pairwise or no regulation layers; pass one with layers in all steps"
        )
    device = pick_device(device)
    model = model.to(device)
    loader = model.loader(dataset, device)
    batch = loader.batch([0])
    kept = Trace(dataset, tuple(sorted(batch.slot.tolist())))
    kept.within = "" if steps is model else "steps."
    for r in model.resolutions:
        _inputs(kept, loader, batch, r)
        _embedding(kept, steps.embed[str(r)], r)
        _pairwise(kept, steps.pairwise_interaction[str(r)], r)
        _regulation(kept, steps.regulation[str(r)], loader, batch, r)
    kept.within = ""
    if isinstance(model, WholeGene) and isinstance(loader, GeneLoader):
        said = gene_stages(kept, model, loader, batch)
        gene_head(kept, model, _joined(kept, model), said)
    else:
        _head(kept, model, _joined(kept, model))
    if model.task == "classification":
        kept.add("head.probability", kept["head.output"].tensor.softmax(-1), "class", ["head.output"])
    _compare(kept["head.output"].tensor, model(batch)[0], loader.dtype)
    return kept


def _compare(traced: Tensor, predicted: Tensor, dtype: torch.dtype) -> None:
    limit = TOLERANCE.get(dtype, 1e-2) * (1 + predicted.abs().max())
    if not (traced - predicted).abs().max() <= limit:
        raise ChromolabError(
            f"the stages give {traced.tolist()}, the model predicts {predicted.tolist()}: this model was changed. "
            "Trace an unchanged model of chromolab.models"
        )


# ----- tracks to features --------------------------------------------------------------------------------------------


def _inputs(kept: Trace, loader: Loader, batch: Batch, r: int) -> None:
    ds, name = kept.dataset, f"input.{r}."
    stored, offsets = ds.signal.at(r)
    depth = torch.from_numpy(stored[:, loader.columns].astype("float32")).to(loader.device)

    def of(region: int) -> Tensor:
        return depth[offsets[region] : offsets[region + 1]]

    window = of(ds.promoter[0])
    has_data = ~window.isnan().any(1)
    kept.add(name + "depth", window, "bin, mark", place="chromosome", seen=has_data)
    log = features_of(window, loader.marks, loader.transforms)
    kept.add(name + "log", log, "bin, mark", [name + "depth"], place="chromosome", seen=has_data)
    seen, features = batch.promoter_seen[r][0], batch.promoter[r][0]
    kept.add(name + "features", features, "bin, mark", [name + "log"], place="promoter", seen=seen)

    order = batch.slot.argsort()  # a batch sorts its pCREs by length, tokens are sorted by frequency
    features, seen = batch.pcre[r][order], batch.pcre_seen[r][order]
    padded = torch.full_like(features, torch.nan, dtype=torch.float32)
    for place, slot in enumerate(kept.slots):
        own = of(ds.pcre[0, slot])
        first = (features.shape[1] - len(own) + 1) // 2  # centred, the odd padding bin on the left
        padded[place, first : first + len(own)] = own
    kept.add(name + "pcre_depth", padded, "pcre, bin, mark", place="pcre", seen=seen)
    kept.add(name + "pcre_features", features, "pcre, bin, mark", [name + "pcre_depth"], place="pcre", seen=seen)


# ----- 1. embedding --------------------------------------------------------------------------------------------------


def _embedding(kept: Trace, part, r: int) -> None:
    name, layer = f"embedding.{r}.", part.transformer["layers"][0]
    path = f"embed.{r}.transformer.layers.0."
    source = kept[f"input.{r}.features"]
    tokens = _tokens(kept, name, source, part.lin_proj, f"embed.{r}.lin_proj.weight")
    tss = tokens.shape[0] // 2
    to_query, to_key, to_value = _rows(path + "self_att.att.weight", layer.self_att.att.weight, 3, "W_q W_k W_v")
    q = kept.add(
        name + "q",
        F.linear(tokens[tss], to_query["W_q"][1]).unflatten(-1, (layer.heads, -1)),
        "head, head width",
        [name + "tokens"],
        to_query,
    )
    _attention_over_bins(kept, name, name + "tokens", q, to_key, to_value, "")
    _block(kept, name, path, layer, tokens[tss], name + "tokens", name + "attended", "tss", "")


def _tokens(kept: Trace, name: str, source: Stage, lin_proj, path: str) -> Tensor:
    """Features (..., T, M) -> projected, positions, and their sum (..., T, D)."""
    lead = "pcre, " if source.place == "pcre" else ""
    about: dict[str, Any] = {"place": source.place, "seen": source.seen}
    projected = lin_proj(source.tensor)
    kept.add(name + "projected", projected, lead + "bin, width", [source.name], {"P": (path, lin_proj.weight)}, **about)
    place = positions(projected.shape[-2], projected.shape[-1], projected).clone()
    kept.add(name + "positions", place, "bin, width", place="promoter" if source.place == "promoter" else "")
    inputs = [name + "projected", name + "positions"]
    return kept.add(name + "tokens", projected + place, lead + "bin, width", inputs, **about)


def _attention_over_bins(kept: Trace, name: str, source: str, q: Tensor, to_key: dict, to_value: dict, lead: str):
    """Attention of one query per sequence, q (..., H, E), to all bins of the stage `source` (..., T, D)."""
    stage, heads = kept[source], q.shape[-2]
    assert stage.seen is not None, stage.name  # bins say whether they have data
    about: dict[str, Any] = {"place": stage.place, "seen": stage.seen}
    k, v = (split_heads(F.linear(stage.tensor, next(iter(w.values()))[1]), heads) for w in (to_key, to_value))
    kept.add(name + "k", k, lead + "head, bin, head width", [source], to_key, **about)
    kept.add(name + "v", v, lead + "head, bin, head width", [source], to_value, **about)
    scores = (k @ q[..., None])[..., 0] / math.sqrt(q.shape[-1])  # (..., H, T)
    kept.add(name + "scores", scores, lead + "head, bin", [name + "q", name + "k"], **about)
    weights = softmax_seen(scores, stage.seen[..., None, :])
    kept.add(name + "weights", weights, lead + "head, bin", [name + "scores"], **about)
    attended = (weights[..., None, :] @ v)[..., 0, :].flatten(-2)  # (..., H*E)
    kept.add(name + "attended", attended, lead + "width", [name + "weights", name + "v"])


def _block(kept: Trace, name: str, path: str, layer, x: Tensor, source: str, attended: str, last: str, lead: str):
    """The part after every attention: x + W attended, normalised; then the feed-forward block, normalised."""
    att, ff = layer.self_att, layer.ff
    weights = weights_of(path + "self_att.ff.", att.ff, "W b") | weights_of(path + "self_att.ln.", att.ln, "g c")
    normed = att(x, kept[attended].tensor)
    kept.add(name + "normed", normed, lead + "width", [source, attended], weights)
    hidden = F.relu(ff.l1(normed))
    kept.add(name + "hidden", hidden, lead + "hidden", [name + "normed"], weights_of(path + "ff.l1.", ff.l1, "W₁ b₁"))
    weights = weights_of(path + "ff.l2.", ff.l2, "W₂ b₂") | weights_of(path + "ff.ln.", ff.ln, "g c")
    out = ff.ln(normed + ff.l2(hidden))
    return kept.add(name + last, out, lead + "width", [name + "normed", name + "hidden"], weights)


def _rows(path: str, weight: Tensor, parts: int, symbols: str) -> list[dict]:
    """A matrix that stacks several projections by rows, as one dictionary of weights per projection."""
    each = len(weight) // parts
    return [
        {symbol: (f"{path}[{i * each}:{(i + 1) * each}]", part)}
        for i, (symbol, part) in enumerate(zip(symbols.split(), weight.chunk(parts), strict=True))
    ]


# ----- 2. pairwise ---------------------------------------------------------------------------------------------------


def _pairwise(kept: Trace, part, r: int) -> None:
    name, path = f"pairwise.{r}.", f"pairwise_interaction.{r}."
    source = kept[f"input.{r}.pcre_features"]
    tokens = _tokens(kept, name, source, part.lin_proj_pcre, path + "lin_proj_pcre.weight")
    asking, tss = name + "asking", f"embedding.{r}.tss"
    weights = weights_of(path + "lin_proj_p.", part.lin_proj_p, "W")
    x = kept.add(asking, part.lin_proj_p(kept[tss].tensor), "width", [tss], weights)
    x = x.expand(len(tokens), -1)  # (P, D): the same query for every pCRE
    for index, layer in enumerate(part.transformer["layers"]):
        stage, inside = f"{name}{index}.", f"{path}transformer.layers.{index}."
        q = layer.self_att.p_att(x).unflatten(-1, (layer.heads, -1))  # (P, H, E)
        weights = weights_of(inside + "self_att.p_att.", layer.self_att.p_att, "W_q")
        kept.add(stage + "q", q, "pcre, head, head width", [asking], weights)
        to_key, to_value = _rows(inside + "self_att.c_att.weight", layer.self_att.c_att.weight, 2, "W_k W_v")
        _attention_over_bins(kept, stage, name + "tokens", q, to_key, to_value, "pcre, ")
        x = _block(kept, stage, inside, layer, x, asking, stage + "attended", "out", "pcre, ")
        asking = stage + "out"


# ----- 3. regulation -------------------------------------------------------------------------------------------------


def _regulation(kept: Trace, part, loader: Loader, batch: Batch, r: int) -> None:
    name, answers = f"regulation.{r}.", _last(kept, f"pairwise.{r}.", "out")
    promoter = kept[f"embedding.{r}.tss"].tensor
    frequency = F.pad(loader.frequency[0], (1, 0))  # (S,): the promoter first, with frequency 0
    seen = torch.zeros(len(frequency), dtype=torch.bool, device=frequency.device)
    filled = [1 + slot for slot in kept.slots]
    seen[[0, *filled]] = True
    x = promoter.new_zeros(len(frequency), len(promoter))
    x[0], x[filled] = promoter, kept[answers].tensor
    if isinstance(part, MotifRegulation):  # its tokens say which motifs stand there, too
        at_promoter, at_pcre = part.said(batch)
        x[0], x[filled] = x[0] + at_promoter[0], x[filled] + at_pcre[batch.slot.argsort()]
    kept.add(name + "frequency", frequency, "token", seen=seen)
    kept.add(name + "tokens", x, "token, width", [f"embedding.{r}.tss", answers], seen=seen)
    source = name + "tokens"
    for index, layer in enumerate(part.transformer["layers"]):
        stage, path = f"{name}{index}.", f"regulation.{r}.transformer.layers.{index}."
        _gated_attention(kept, stage, path, layer, source, name + "frequency")
        x = _block(kept, stage, path, layer, x, source, stage + "gated", "out", "token, ")
        source = stage + "out"


def _gated_attention(kept: Trace, name: str, path: str, layer, source: str, frequency: str) -> None:
    x, seen, att = kept[source].tensor, kept[frequency].seen, layer.self_att
    parts = _rows(path + "self_att.att.weight", att.att.weight, 4, "W_q W_k W_v W_g")
    heads = {}
    for key, part in zip("qkv", parts[:3], strict=True):
        heads[key] = split_heads(F.linear(x, next(iter(part.values()))[1]), layer.heads)  # (H, S, E)
        kept.add(name + key, heads[key], "head, token, head width", [source], part, seen=seen)
    gate = F.linear(x, parts[3]["W_g"][1]).sigmoid()
    kept.add(name + "gate", gate, "token, heads' width", [source], parts[3], seen=seen)
    pairs = "head, asking, token"
    content = heads["q"] @ heads["k"].transpose(-2, -1) / math.sqrt(heads["q"].shape[-1])  # (H, S, S)
    kept.add(name + "content", content, pairs, [name + "q", name + "k"], seen=seen)
    bias = torch.zeros_like(content)
    bias[:, 0] = att.gamma_f[:, None] * kept[frequency].tensor  # only in row 0, the promoter's: pCREs ask without bias
    kept.add(name + "bias", bias, pairs, [frequency], {"γ": (path + "self_att.gamma_f", att.gamma_f)}, seen=seen)
    scores = kept.add(name + "scores", content + bias, pairs, [name + "content", name + "bias"], seen=seen)
    weights = kept.add(name + "weights", softmax_seen(scores, seen), pairs, [name + "scores"], seen=seen)
    about: dict[str, Any] = {"axes": "token, heads' width", "seen": seen}
    attended = merge_heads(weights @ heads["v"])  # (S, H*E)
    kept.add(name + "attended", attended, inputs=[name + "weights", name + "v"], **about)
    kept.add(name + "gated", attended * gate, inputs=[name + "attended", name + "gate"], **about)


def _last(kept: Trace, prefix: str, what: str) -> str:
    return [name for name in kept if name.startswith(prefix) and name.endswith("." + what)][-1]


# ----- head ----------------------------------------------------------------------------------------------------------


def _joined(kept: Trace, model) -> Tensor:
    before = [f"embedding.{r}.tss" for r in model.resolutions]
    after = [_last(kept, f"regulation.{r}.", "out") for r in model.resolutions]
    axes = "resolution, width"
    stacked = kept.add("head.before", torch.stack([kept[n].tensor for n in before]), axes, before)
    regulated = kept.add("head.after", torch.stack([kept[n].tensor[0] for n in after]), axes, after)
    joined = (stacked + regulated).flatten()
    return kept.add("head.joined", joined, "resolutions' width", ["head.before", "head.after"])


def _head(kept: Trace, model, joined: Tensor) -> None:
    first, _, last = model.fc_head
    hidden = F.relu(first(joined))
    kept.add("head.hidden", hidden, "hidden", ["head.joined"], weights_of("fc_head.0.", first, "W₁ b₁"))
    kept.add("head.output", last(hidden), "output", ["head.hidden"], weights_of("fc_head.2.", last, "W₂ b₂"))
