"""The stages of the step in which a `WholeGene` reads its gene, for `chromolab.learn.explain.stages.trace`."""

import math
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from chromolab.data.bodies.loader import GeneLoader
from chromolab.data.dataset.batches import Batch
from chromolab.errors import ChromolabError
from chromolab.learn.explain.named_tensors import Trace, weights_of
from chromolab.models.attention import merge_heads, softmax_seen, split_heads
from chromolab.models.wholegene import GeneStep, WholeGene, position


def gene_stages(kept: Trace, model: WholeGene, loader: GeneLoader, batch: Batch) -> str:
    """Add the stages of the whole gene, with L bins 5' to 3', M marks, D width, H heads of width E.

    Parameters
    ----------
    kept : Trace
    model : WholeGene
    loader, batch : GeneLoader, Batch
        Of the one gene.

    Returns
    -------
    str
        The name of the last stage. They are gene.places (L, 2), .parts (L, 5), .depth (L, M), .features, .projected
        (L, D), .numbers (L, all numbers of all positions), .positions (L, D), .tokens, .q (H, E), .k (H, L, E), .v,
        .bases (L, 1), .scores (H, L), .weights, .attended (D), .said. A model without positions lacks the two of them.

    Raises
    ------
    ChromolabError
        If the model has another step in this place.
    """
    step, gene = model.gene, model.within_reach(batch.more)
    if not isinstance(step, GeneStep):
        raise ChromolabError(f"expected the gene's step of a WholeGene, not a {type(step).__name__}: it was replaced")
    about: dict[str, Any] = {"place": "gene", "seen": gene["seen"][0]}
    places = kept.add("gene.places", torch.stack([gene["start"][0], gene["end"][0]], 1), "bin, edge", **about)
    kept.add("gene.parts", gene["parts"][0], "bin, part", ["gene.places"], **about)
    kept.add("gene.depth", _depth(loader), "bin, mark", ["gene.places"], **about)
    kept.add("gene.features", gene["features"][0], "bin, mark", ["gene.depth"], **about)
    x = step.project(gene["features"][0])
    matrix = weights_of("gene.project.", step.project, "P")
    kept.add("gene.projected", x, "bin, width", ["gene.features"], matrix, **about)
    tokens, added = x, ["gene.projected"]
    if step.places:
        numbers = torch.cat([position(name, gene)[0] for name in step.places], -1)
        kept.add("gene.numbers", numbers, "bin, number", ["gene.places", "gene.parts"], **about)
        layers = step.places.items()
        matrices = {f"W {name}": weights_of(f"gene.places.{name}.", layer, "W")["W"] for name, layer in layers}
        placed = torch.stack([layer(position(name, gene)[0]) for name, layer in layers]).sum(0)
        kept.add("gene.positions", placed, "bin, width", ["gene.numbers"], matrices, **about)
        tokens, added = x + placed, [*added, "gene.positions"]
    kept.add("gene.tokens", tokens, "bin, width", added, **about)
    q = step.to_query(tokens[gene["tss"][0]]).unflatten(-1, (step.heads, -1))  # (H, E)
    kept.add("gene.q", q, "head, head width", ["gene.tokens"], weights_of("gene.to_query.", step.to_query, "W_q"))
    k, v = split_heads(step.to_key(tokens), step.heads), split_heads(step.to_value(x), step.heads)  # (H, L, E)
    matrix = weights_of("gene.to_key.", step.to_key, "W_k")
    kept.add("gene.k", k, "head, bin, head width", ["gene.tokens"], matrix, **about)
    matrix = weights_of("gene.to_value.", step.to_value, "W_v")
    kept.add("gene.v", v, "head, bin, head width", ["gene.projected"], matrix, **about)
    bases = (places[:, 1] - places[:, 0]).log()
    kept.add("gene.bases", bases[:, None], "bin, ln", ["gene.places"], **about)
    scores = (k @ q[..., None])[..., 0] / math.sqrt(q.shape[-1]) + bases  # (H, L)
    kept.add("gene.scores", scores, "head, bin", ["gene.q", "gene.k", "gene.bases"], **about)
    weights = softmax_seen(scores, gene["seen"])
    kept.add("gene.weights", weights, "head, bin", ["gene.scores"], **about)
    attended = merge_heads(weights[:, None] @ v)[0]
    kept.add("gene.attended", attended, "width", ["gene.weights", "gene.v"])
    kept.add("gene.said", step.say(attended), "width", ["gene.attended"], weights_of("gene.say.", step.say, "W b"))
    return "gene.said"


def gene_head(kept: Trace, model: WholeGene, joined: Tensor, said: str) -> None:
    """The head that reads what Chromoformer's would, `joined`, and what the gene said."""
    both = kept.add("head.both", torch.cat([joined, kept[said].tensor]), "numbers", ["head.joined", said])
    hidden = F.relu(model.first(both))
    kept.add("head.hidden", hidden, "hidden", ["head.both"], weights_of("first.", model.first, "W₁ b₁"))
    kept.add("head.output", model.out(hidden), "output", ["head.hidden"], weights_of("out.", model.out, "W₂ b₂"))


def _depth(loader: GeneLoader) -> Tensor:
    """Mean depth of every bin of the one gene, (bins, marks); NaN without data."""
    rows, signal = loader.rows, loader.dataset.signal
    depth = torch.zeros(len(rows.size), len(loader.columns), device=loader.device)
    for number, size in enumerate(loader.bins):
        own = rows.size == number
        stored = torch.from_numpy(signal.at(size)[0][:, loader.columns].astype("float32")).to(loader.device)
        depth[own] = stored[rows.index[own]]
    return depth
