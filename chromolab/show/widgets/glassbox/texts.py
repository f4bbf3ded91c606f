"""What each box of the glass box does, in words and as a formula."""

import re
from collections.abc import Mapping

from chromolab.data.tracks.scales import ASINH, LOG1P, NONE

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
    "gene.places": (
        "places",
        "start, end",
        "Where each bin of the gene starts and ends, in bp along the gene, 0 at the TSS. Bins are fine at the TSS, the "
        "end and the exons, and grow in between. The pictures draw all bins equally wide, as the model meets them.",
    ),
    "gene.parts": (
        "parts",
        "shares of a bin's bases",
        "How much of each bin lies upstream, in exons, in introns, inside a gene whose exons are not known, and "
        "downstream.",
    ),
    "gene.depth": ("depth", "d = mean over a bin's bases", "Mean signal of every bin of the gene, whatever its width."),
    "gene.features": ("ln(1 + d)", "f = ln(1 + d)", "What the model reads of the whole gene."),
    "gene.numbers": (
        "n",
        "waves of ± ln(1 + |x| / 500), waves of the share of the length, parts",
        "Where a bin is, in numbers: its distance from the TSS, its place within the gene, its parts, its distance "
        "from the end, one after another, as far as this model has them. Distances and places are told as sines and "
        "cosines of four frequencies.",
    ),
    "gene.positions": (
        "place",
        "Σ W n",
        "A matrix for each of these, and their sum. All begin at 0, as if there were no positions, and are learned.",
    ),
    "gene.tokens": ("tokens", "x = P f + position", "What the marks say and where the bin stands, added up."),
    "gene.q": ("q (TSS)", "q = W_q x(TSS)", "The question that the bin at the TSS asks its gene, one per head."),
    "gene.v": (
        "v",
        "v(i) = W_v P f(i)",
        "Values: what each bin hands over when it is looked at: its marks alone. Positions say where to look, not what "
        "is found there.",
    ),
    "gene.bases": (
        "ln bases",
        "ln(end − start)",
        "A bin of 8 kb speaks for 16 of 500 bp: the logarithm of its bases is added to its score.",
    ),
    "gene.scores": (
        "scores",
        "s(i) = q · k(i) / √E + ln bases(i)",
        "How well each bin's key answers the question, and how many bases it speaks for, one row per head.",
    ),
    "gene.said": ("the gene", "W · attended + b", "What the whole gene says, in one vector. It goes to the head."),
    "head.both": ("and the gene", "joined, the gene", "All resolutions, and beside them what the whole gene said."),
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
