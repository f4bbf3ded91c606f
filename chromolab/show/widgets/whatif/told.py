"""What the lab says beside its numbers: units, notices, recipes, words, true values in the unit of predictions."""

from collections.abc import Mapping, Sequence

import numpy as np

from chromolab.data.dataset.dataset import SIMULATED, Dataset
from chromolab.data.tracks.scales import UNITS, UNKNOWN, another_scale
from chromolab.errors import ChromolabError
from chromolab.learn.edit.apply import edit
from chromolab.learn.edit.effect import EXPRESSION
from chromolab.learn.edit.recipes import RECIPES, SENTENCES
from chromolab.learn.truth.meaning import TrueEffect
from chromolab.models.base import Model

OWN_WORDS = {  # the others are the glossary's
    "log-odds": "The natural logarithm of a chance over its opposite: 0 for 0.5, 2.2 for 0.9. Here changes add.",
    "chance": "The models' probability that a gene is expressed: at or above the median of its cell type.",
    "contact": "Two places that touch in the nucleus; here a promoter and a pCRE.",
}
WORDS = OWN_WORDS | {
    "pCRE": (
        "Putative cis-regulatory element: a fragment in contact with a promoter. Whether it drives the gene "
        "is another question."
    ),
    "RPKM": "Reads per kilobase of transcript per million reads: a measure of mRNA. Models predict log2(RPKM + 1).",
    "fold": "A group of whole chromosomes that is held out together.",
    "attention": "A weighted mean of values; the weights come from how well a query fits each key, and sum to 1.",
    "bin": "A stretch of the genome (here 100, 500 or 2000 bp) whose depth is averaged to one number.",
    "gene body": "The part of a gene behind its TSS, where H3K36me3 lies when it is transcribed.",
    "depth": "How many reads cover a base; for a bin, the mean over its bases. A model reads ln(1 + depth).",
    "interaction frequency": (
        "How often two places touch over how often two places that far apart touch anyway: observed over expected."
    ),
    "edit": "A change of signal or contacts on a copy of a gene's data, in genomic coordinates, before binning.",
    "TSS": "Transcription start site.",
    "window": "The 40 kb around a TSS that a model reads.",
    "promoter": "The DNA around a TSS, where transcription is started.",
    "enhancer": "A stretch of DNA that raises the transcription of a gene it may lie far away from.",
    "bivalent promoter": (
        "A promoter with an active mark (H3K4me3) and a silencing one (H3K27me3) at once: open but held down in this "
        "genome; in cells, poised."
    ),
    "Polycomb": "The proteins that write H3K27me3 and hold developmental genes down.",
    "histone mark": (
        "A chemical change of the proteins that DNA is wound around, measured by sequencing what an "
        "antibody pulls down."
    ),
    "H3K4me1": "A mark of enhancers, and of the flanks of promoters.",
    "H3K4me3": "A narrow, high mark at active (and bivalent) promoters.",
    "H3K9me3": "A mark of heterochromatin: shut.",
    "H3K27me3": "The mark that Polycomb leaves: silenced or poised.",
    "H3K36me3": "The mark of a transcribed gene body: a consequence of transcription.",
    "H3K27ac": "Acetylation at active promoters and enhancers.",
    "H3K9ac": "Acetylation at active promoters.",
    "teaching genome": "The simulated genome of this series: causes first, then marks, then files.",
}


def units(dataset: Dataset) -> dict[str, str]:
    """{mark: what a number of its track counts}, in words."""
    return {mark: UNITS[dataset.scales.get(mark, UNKNOWN)] for mark in dataset.marks}


def other_scales(models: Sequence[Model], dataset: Dataset) -> list[str]:
    """What `cl.predict` would warn of: models that were trained on another scale than the dataset's."""
    return list(dict.fromkeys(filter(None, (another_scale(model, dataset) for model in models))))


def notices(models: Sequence[Model], dataset: Dataset) -> list[str]:
    """What the models did not learn from, in words that stand at the top of the lab."""
    learnt, now, said = {m.origin for m in models} - {""}, dataset.origin, []
    if SIMULATED in learnt and now != SIMULATED:
        said = [
            "These models learnt from simulated genes, and these data are not simulated: take predictions as guesses."
        ]
    elif now == SIMULATED and learnt and SIMULATED not in learnt:
        said = ["These genes are simulated, and the models learnt from other data: take predictions as guesses."]
    return said + other_scales(models, dataset)


def recipes(edited: Dataset) -> list[dict]:
    """[{"name", "what": a sentence, "why": None, or why it cannot be applied to the gene as it is now}]."""
    return [{"name": name, "what": SENTENCES[name], "why": _why_not(name, edited)} for name in RECIPES]


def _why_not(name: str, edited: Dataset) -> str | None:
    try:
        edit(edited, RECIPES[name](edited))
    except ChromolabError as error:
        return str(error)
    return None


def median(dataset: Dataset, cell_type: str) -> float:
    """log2(RPKM + 1) from which on a gene counts as expressed in a cell type; NaN where that cannot be told."""
    own = (dataset.genes["cell_type"] == cell_type).to_numpy()
    level, label = dataset.log2_expression[own], dataset.labels[own]
    if not (label == 0).any() or not (label == 1).any():
        return np.nan
    return float(level[label == 1].min() + level[label == 0].max()) / 2


def in_units(true: TrueEffect, middle: float, tasks: Sequence[str]) -> dict:
    """True values in the unit of each task's predictions, as `protocol` describes "true".

    `middle` is the `median` of the cell type.
    """
    known = np.isfinite(middle)
    sides = [None if v is None or not known else "above" if v >= middle else "below" for v in (true.before, true.after)]
    words = [f"Expected {EXPRESSION} without the edits: {true.before:.2f}"]
    words += [] if true.after is None else [f"with them: {true.after:.2f}"]
    words += [f"median of the cell type: {middle:.2f}"] if known else []
    level = {"unit": EXPRESSION, "before": true.before, "after": true.after, "change": true.change}
    side = {"unit": "side of the median", "median": middle if known else None, "before": sides[0], "after": sides[1]}
    told: Mapping[str, dict] = {"regression": level, "classification": side | {"words": "; ".join(words) + "."}}
    return {"tasks": {task: told[task] for task in tasks}, "parts": true.parts, "refused": true.refused}
