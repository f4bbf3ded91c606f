"""What the lab says beside its numbers: units, notices, which recipes apply, true values in the unit of predictions."""

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


def as_rows(true: TrueEffect) -> list[dict]:
    """The true effects as rows {"what", "effect", "change"}: each cause alone, what is refused, all edits together."""
    rows = true.parts + [{"what": reason, "effect": None, "change": None} for reason in true.refused]
    together = {"what": "all edits together", "effect": true.effect, "change": true.change}
    return rows if len(rows) < 2 else [*rows, together]
