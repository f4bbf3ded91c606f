"""The glass box's map: where each box stands, and what each step does, in words and as a formula."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from chromolab.data.tracks.scales import ASINH, LOG1P, NONE
from chromolab.learn.explain.named_tensors import Trace


@dataclass(frozen=True)
class Lane:
    """A row of the map: columns from left to right, each with one or more boxes; `step` says which summary opens it."""

    step: str
    key: str
    title: str
    about: str
    columns: tuple[str, ...]  # names of the stages in each column; "|" is a gap


LANES = (
    Lane("embedding", "input", "Window", "what was measured around the TSS, in bins", ("depth", "log", "features")),
    Lane(
        "embedding",
        "embedding",
        "Embedding",
        "the bin at the TSS looks at all bins",
        ("projected positions", "tokens", "q k v", "scores", "weights", "attended", "normed hidden", "tss"),
    ),
    Lane("pairwise", "input", "Element", "what was measured in the chosen pCRE", ("pcre_depth", "pcre_features")),
    Lane(
        "pairwise",
        "pairwise",
        "Pairwise interaction",
        "the promoter asks this element, layer by layer",
        ("x projected positions", "tokens", "q k v", "scores", "weights", "attended", "normed hidden", "out"),
    ),
    Lane(
        "regulation",
        "regulation",
        "Regulation",
        "promoter and elements as a set, contact frequency in the scores",
        ("x", "q k v gate", "content frequency bias", "scores", "weights", "attended gated", "normed hidden", "out"),
    ),
    Lane(
        "head",
        "head",
        "Head",
        "all resolutions, before and after regulation",
        ("before after", "joined", "hidden", "output", "probability"),
    ),
)

# A summary box: step, title, what it asks, and its two small pictures: what goes in, and what comes out.
STEPS = (
    ("embedding", "1  Embedding", "What state is this promoter in?", "input.features", "weights"),
    ("pairwise", "2  Pairwise interaction", "What does one element say to it?", "input.pcre_features", "weights"),
    ("regulation", "3  Regulation", "What do they all say together?", "frequency", "weights"),
    ("head", "4  Head", "How much is this gene expressed?", "joined", "probability output"),
)
_OF_A_LAYER = {
    "q",
    "k",
    "v",
    "gate",
    "content",
    "bias",
    "scores",
    "weights",
    "attended",
    "gated",
    "normed",
    "hidden",
    "out",
}

READ = {LOG1P: "ln(1 + d)", NONE: "d", ASINH: "asinh d"}  # what a transform makes of a depth
# step.what (or what, for all steps) -> title, formula, words
TEXTS = {
    "input.depth": (
        "depth",
        "d = mean over a bin's bases",
        "Mean signal of every bin, one row per mark, along the chromosome. Hatched bins have no data: missing is not "
        "zero.",
    ),
    "input.log": (
        "ln(1 + d)",
        "ln(1 + d)",
        "The natural logarithm tames peaks: from 0 to 1 read matters as much as from 10 to 21.",
    ),
    "input.features": (
        "5′ → 3′",
        "f(i) = ln(1 + d(i)) on\u00a0+;   f(i) = ln(1 + d(T − 1 − i)) on\u00a0−",
        "Bins are put in the gene's own direction, so that the body always lies to the right of the TSS. A gene on the "
        "minus strand is flipped. Bins without data become 0 and are hidden from every query.",
    ),
    "input.pcre_depth": (
        "pCRE depth",
        "d = mean over a bin's bases",
        "The chosen element, cut from its own start and never flipped. It is shorter than the window, so "
        "it sits in the middle; the hatched bins on both sides are padding.",
    ),
    "input.pcre_features": (
        "ln(1 + d)",
        "f = ln(1 + d);   0 in padding",
        "What the model reads of this element. Padding is 0 and hidden, so that its length does not matter.",
    ),
    "projected": (
        "P f",
        "P f",
        "Each bin's marks become a vector: every number is a weighted sum of the bin's marks. "
        "The same matrix for all bins.",
    ),
    "positions": (
        "place",
        "sin(i / 10000^(2j/D)),  cos(i / 10000^(2j/D))",
        "Attention knows no order. These waves, the same for every gene, tell it where a bin stands.",
    ),
    "tokens": ("tokens", "x = P f + position", "What the marks say and where the bin stands, added up: the tokens."),
    "embedding.q": (
        "q (TSS)",
        "q = W_q x(TSS)",
        "The question that the TSS bin asks, one per head. The published model lets every bin ask; the prediction "
        "reads this one alone.",
    ),
    "k": ("k", "k(i) = W_k x(i)", "Keys: what each token offers to be found by."),
    "v": ("v", "v(i) = W_v x(i)", "Values: what each token hands over when it is looked at."),
    "scores": ("scores", "s(i) = q · k(i) / √E", "How well each bin's key answers the question, one row per head."),
    "weights": (
        "softmax",
        "a(i) = exp s(i) / Σ exp s(j)",
        "Scores become shares that add up to 1 in each head, among the bins that may be seen. Hidden bins get 0.",
    ),
    "attended": ("Σ a v", "Σ a(i) v(i)", "The values, weighted by their shares and added up; heads side by side."),
    "normed": (
        "+ norm",
        "h = LN(x + W · attended + b)",
        "What attention found is added to the token, then normalised, with a gain g and an offset c.",
    ),
    "hidden": (
        "ReLU",
        "u = max(0, W₁ h + b₁)",
        "A small network, for each token alone: negative values become 0.",
    ),
    "embedding.tss": (
        "TSS token",
        "LN(h + W₂ u + b₂)",
        "The promoter in one vector: its TSS bin, informed by its surroundings. It goes to steps 2 and 3, and to the "
        "head.",
    ),
    "pairwise.asking": (
        "promoter",
        "x = W · TSS token",
        "The promoter's vector, made ready to ask. Every element is asked the same.",
    ),
    "pairwise.q": (
        "q",
        "q = W_q x",
        "The question to this element, one per head. In the second layer it depends on the first answer.",
    ),
    "pairwise.out": (
        "answer",
        "LN(h + W₂ u + b₂)",
        "What this element says to this promoter, in one vector. The element's tokens stay as they are; only the "
        "promoter's side is updated.",
    ),
    "regulation.tokens": (
        "the set",
        "x = promoter, answers",
        "The promoter and the answers of its elements. No positions: a set has no order. Hatched slots are empty.",
    ),
    "regulation.frequency": ("frequency", "f(j)", "How often the promoter meets each element (Hi-C)."),
    "regulation.q": ("q", "q = W_q x", "The question of each token, one per head."),
    "regulation.gate": (
        "gate",
        "g = σ(W_g x)",
        "How much of its answer each token lets through: 0 nothing, 1 all.",
    ),
    "regulation.content": (
        "q · k",
        "q(i) · k(j) / √E",
        "How well tokens match by what they say. The first row is the promoter's question.",
    ),
    "regulation.bias": (
        "γ f",
        "γ f(j) in the promoter's row, 0 elsewhere",
        "The frequency bias: frequent contacts get more attention. The weight γ is learned, one per head. Nothing is "
        "added between elements.",
    ),
    "regulation.scores": (
        "scores",
        "s = q · k / √E + γ f",
        "Content and contact frequency, added up before the softmax.",
    ),
    "regulation.weights": (
        "softmax",
        "a(i, j) = exp s(i, j) / Σ exp s(i, k)",
        "Each row adds up to 1. Empty slots are hidden: their column is 0.",
    ),
    "regulation.gated": ("× gate", "gate × Σ a v", "The gate decides how much of it gets through."),
    "regulation.out": (
        "tokens out",
        "LN(h + W₂ u + b₂)",
        "All tokens, one layer further. After the last layer only the first row is read: the regulated promoter.",
    ),
    "head.before": ("before", "TSS tokens", "The promoter's vectors of step 1, one row per resolution."),
    "head.after": ("after", "token 0 of the last layer", "The same promoter after regulation."),
    "head.joined": ("sum", "before + after", "Both added up, and the resolutions put side by side."),
    "head.hidden": ("ReLU", "u = max(0, W₁ x + b₁)", "A small network reads all resolutions together."),
    "head.output": (
        "output",
        "W₂ u + b₂",
        "A classifier gives two logits (expression below, or at or above the "
        "median of the cell type); a regressor gives log2(expression + 1).",
    ),
    "head.probability": ("probability", "exp z₁ / (exp z₀ + exp z₁)", "Two logits become two shares that add up to 1."),
}


def text_of(name: str, transforms: Mapping[str, str] | None = None) -> tuple[str, str, str]:
    """Title, formula and words of a stage; `transforms` are those of marks that are not read as ln(1 + d)."""
    step, what = name.split(".")[0], name.split(".")[-1]
    title, formula, words = TEXTS.get(f"{step}.{what}") or TEXTS[what]
    if not transforms or "ln(1 + d" not in formula:
        return title, formula, words
    title, formula = (text.replace("ln(1 + d(T − 1 − i))", "t(d(T − 1 − i))") for text in (title, formula))
    title, formula = (re.sub(r"ln\(1 \+ (d(\(i\))?)\)", r"t(\1)", text) for text in (title, formula))
    own = "; ".join(f"{mark}: t(d) = {READ[transform]}" for mark, transform in transforms.items())
    return title, formula, f"{words} {own}; other tracks: t(d) = {READ[LOG1P]}."


def steps(trace: Trace, resolution: int, pairwise_layer: int = 0, regulation_layer: int = 0) -> list[dict]:
    """The four summary boxes: {"key", "title", "about", "pictures": two names of stages, "lanes": see `lanes`}."""
    layer = {"pairwise": pairwise_layer, "regulation": regulation_layer}
    rows, found = lanes(trace, resolution, pairwise_layer, regulation_layer), []
    for step, title, about, *shown in STEPS:
        names = []
        for picture in shown:
            of, _, what = picture.rpartition(".")
            names += _names(trace, of or step, what, resolution, layer.get(of or step))[:1]
        own = [row for row in rows if row["step"] == step]
        found.append({"key": step, "title": title, "about": about, "pictures": names, "lanes": own})
    return found


def lanes(trace: Trace, resolution: int, pairwise_layer: int = 0, regulation_layer: int = 0) -> list[dict]:
    """The lanes with the names of their stages, for one resolution and one layer of each transformer.

    Returns
    -------
    list of {"step", "key", "title", "about", "columns": list of lists of names (an empty list is a gap)}
    """
    layer = {"pairwise": pairwise_layer, "regulation": regulation_layer}
    placed = []
    for lane in LANES:
        columns = [(c, _names(trace, lane.key, c, resolution, layer.get(lane.key))) for c in lane.columns]
        columns = [names for column, names in columns if names or column == "|"]
        words = {"step": lane.step, "key": lane.key, "title": lane.title, "about": lane.about}
        placed.append(words | {"columns": columns})
    return placed


def _names(trace: Trace, step: str, column: str, resolution: int, layer: int | None) -> list[str]:
    names = []
    for what in column.split():
        prefix = f"{step}." if step == "head" else f"{step}.{resolution}."
        if what == "x":  # the layer's input: the step's first tokens, or the layer before
            what = {"pairwise": "asking", "regulation": "tokens"}[step] if not layer else f"{layer - 1}.out"
        elif layer is not None and what in _OF_A_LAYER:
            what = f"{layer}.{what}"
        if prefix + what in trace:
            names.append(prefix + what)
    return names


def layers(trace: Trace, step: str) -> int:
    """Number of layers of a step."""
    return 1 + max(
        (int(name.split(".")[2]) for name in trace if name.startswith(step) and name.count(".") == 3), default=-1
    )
