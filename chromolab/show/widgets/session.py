"""What the what-if lab knows: a dataset, models, a gene, its edits. No widget in here.

The list of edits is the truth: whatever is shown is `cl.edit(gene, edits)`, and whatever is predicted is predicted of
that.
"""

import json
from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np
from torch import nn

from chromolab.data.dataset import Dataset
from chromolab.data.recalibration import Quantiles
from chromolab.errors import ChromolabError
from chromolab.learn.edit import (
    AddPcre,
    DropPcre,
    Edit,
    Paint,
    Scale,
    SetFrequency,
    copy_from,
    drop_pcre,
    edit_again,
    edits_from_json,
)
from chromolab.learn.edit.recipes import RECIPES
from chromolab.learn.effect import outside, ranges
from chromolab.learn.ensemble import Ensemble
from chromolab.learn.metrics import value
from chromolab.show.widgets.chooser import GeneIndex
from chromolab.show.widgets.history import History, position, taken_out
from chromolab.show.widgets.truths import true_effects

TASKS = ("classification", "regression")
MOST = 2_000  # edits in a file: one more after so many takes some 20 ms to apply (tests/bench/bench_answers.py)


def models_by_task(models) -> dict[str, list[nn.Module]]:
    """{task: models}, from one model, a list, or {task: model or list}; default those that ship with the package."""
    if models is None:
        from chromolab.models.checkpoints import SEEDS, pretrained

        return {task: [pretrained(task, seed) for seed in SEEDS] for task in TASKS}
    if isinstance(models, nn.Module):
        models = [models]
    if isinstance(models, Mapping):
        models = [m for own in models.values() for m in ([own] if isinstance(own, nn.Module) else own)]
    models = list(models)
    if not models or not all(isinstance(m, nn.Module) and getattr(m, "task", None) in TASKS for m in models):
        raise ChromolabError(
            f"expected a model, a list of models, or a dictionary by task; each with a task ({' or '.join(TASKS)})"
        )
    by_task = {task: [m for m in models if m.task == task] for task in TASKS}
    return {task: own for task, own in by_task.items() if own}


class Session:
    """Choose a gene, edit it, ask what the models make of it.

    Parameters
    ----------
    models : see `models_by_task`
    dataset : Dataset
        Must hold every model's marks.
    world : World, optional
        Whose answer key knows true effects.

    Attributes
    ----------
    gene : Dataset
        The example as it is, with its regions alone.
    edited : Dataset
        The same after `edits`.
    tops : list of float
        For each mark a depth that few bins exceed: how high a panel reaches.
    draft : tuple of Edit or None
        Edits that are still being made (a stroke, a slider under way); they are no step of the history yet.
    """

    def __init__(self, models, dataset: Dataset, world=None):
        self.models = models_by_task(models)
        self.dataset = dataset
        self.key = None if world is None else world.key  # read once: it lies on disk
        for model in (m for own in self.models.values() for m in own):
            dataset.mark_columns(model.marks)
        self.ensemble = Ensemble([m for own in self.models.values() for m in own])
        self.histories: dict[tuple[str, str], History] = {}
        self._index = GeneIndex(dataset)
        self.tops = _tops(dataset)
        self.choose(*dataset.genes.iloc[_richest(dataset)][["gene_id", "cell_type"]])

    # ----- the gene ---------------------------------------------------------------------------------------------------

    def choose(self, gene: str, cell_type: str | None = None) -> None:
        """Go to a gene (id or name) in a cell type. Edits belong to it: they are there again when one comes back."""
        self.gene = self.dataset.gene(gene, cell_type)
        key = tuple(self.gene.genes.iloc[0][["gene_id", "cell_type"]])
        self.history = self.histories.setdefault(key, History())
        self.draft, self.known = None, {}
        self.edited = edit_again(self.gene, self.edits, self.known)
        self.before, self._exact_before = self.predicted(self.gene), None

    def search(self, text: str) -> list[dict]:
        """Genes whose name or id holds a text; see `GeneIndex.search`."""
        return self._index.search(text)

    # ----- edits ------------------------------------------------------------------------------------------------------

    @property
    def edits(self) -> tuple[Edit, ...]:
        """What holds now, a draft included."""
        return self.history.now if self.draft is None else self.draft

    def act(self, actions: Iterable[dict]) -> None:
        """Do what the browser asks for, in order; when one of them cannot be done, all is as before.

        Each is {"do": name, ...}: "add" (edits), "put" (edits that take the place of the same kind at the same place),
        "toggle" (region: cut a contact, or restore it), "remove" (index, and name: see `history.named`), "load" (text),
        "undo", "redo", "reset", "cancel". With "draft": true an addition is not a step of the history yet.
        """
        history, actions = self.history, list(actions)
        kept = history.past, history.future, self.draft
        try:
            for action in actions:
                self._do(action)
            self.edited = edit_again(self.gene, self.edits, self.known)
        except Exception as error:
            history.past, history.future, self.draft = kept
            if isinstance(error, ChromolabError) and [a.get("do") for a in actions] == ["remove"]:
                raise ChromolabError(f"other edits need this one; take those out first. {error}") from None
            raise

    def _do(self, action: dict) -> None:
        self.draft, now = None, self.history.now
        match action:
            case {"do": "cancel"}:
                return
            case {"do": "undo" | "redo" as way}:
                return getattr(self.history, way)()
            case {"do": "reset"}:
                edits = ()
            case {"do": "add", "edits": list(new)}:
                edits = (*now, *read_edits(new))
            case {"do": "put", "edits": list(new)}:
                edits = self._put(now, read_edits(new))
            case {"do": "copy", "gene_id": str(gene), "cell_type": str(cell)}:
                edits = (*now, *copy_from(self.gene, self.dataset.gene(gene, cell)))
            case {"do": "recipe", "name": str(name)} if name in RECIPES:
                edits = (*now, *RECIPES[name](self.gene))
            case {"do": "remove", "index": int(index), "name": str(name)}:
                at = position(now, index, name)  # None: undone meanwhile, nothing is left to do
                edits = now if at is None else taken_out(self.gene, now, at)
            case {"do": "toggle", "region": str(region)}:
                edits = self._toggled(now, drop_pcre(region))
            case {"do": "load", "text": str(text)}:
                if not text.lstrip().startswith("{"):  # else it would be taken for the path of a file
                    raise ChromolabError("that is no file of edits; write one with Save, or cl.edits_to_json")
                if len(edits := edits_from_json(text)) > MOST:
                    raise ChromolabError(f"{len(edits):,} edits; the lab takes {MOST:,}, cl.edit any number")
            case _:
                raise ChromolabError(f"an action that is not known: {json.dumps(action)[:200]}")
        if action.get("draft"):
            self.draft = tuple(edits)
        else:
            self.history.push(edits)

    def _toggled(self, now: tuple[Edit, ...], cut: DropPcre) -> tuple[Edit, ...]:
        """A contact cut or, where it was, restored; a pCRE that was added goes with all that was done in it."""
        added = [i for i, e in enumerate(now) if isinstance(e, AddPcre) and e.region == cut.region]
        if added:
            return taken_out(self.gene, now, added[-1])
        return taken_out(self.gene, now, now.index(cut)) if cut in now else (*now, cut)

    def _put(self, now: tuple[Edit, ...], new: list[Edit]) -> tuple[Edit, ...]:
        """Replace edits of the same kind at the same place, or add; one that changes nothing takes it away.

        What is painted comes last, else a later edit would hide it; a frequency restores a contact that was cut.
        """
        edits = list(now)
        for e in new:
            if isinstance(e, SetFrequency):
                edits = [old for old in edits if old != DropPcre(e.chrom, e.start, e.end)]
            same = [i for i, old in enumerate(edits) if _slot(old) == _slot(e)]
            if isinstance(e, Paint) and same:
                edits = [old for i, old in enumerate(edits) if i not in same]
                same = []
            idle = isinstance(e, Scale) and e.factor == 1.0 or e == self._own_frequency(e)
            for i in reversed(same[1:] if not idle else same):
                del edits[i]
            if same and not idle:
                edits[same[0]] = e
            elif not idle:
                edits.append(e)
        return tuple(edits)

    def _own_frequency(self, e: Edit) -> Edit | None:
        """The same edit with the frequency that the contact has without it."""
        if not isinstance(e, SetFrequency):
            return None
        p = self.gene.pcres(0)
        own = p["frequency"][(p["chrom"] == e.chrom) & (p["start"] == e.start) & (p["end"] == e.end)]
        return SetFrequency(e.chrom, e.start, e.end, float(own.iloc[0])) if len(own) else None

    # ----- what the models say ----------------------------------------------------------------------------------------

    def predicted(self, gene: Dataset, exactly: bool = False) -> dict[str, np.ndarray]:
        """{task: (models,)}: the probability of being expressed, or log2(RPKM + 1)."""
        found = iter(self.ensemble.predict_exactly(gene) if exactly else self.ensemble.predict(gene))
        return {task: np.array([value(next(found))[0] for _ in own]) for task, own in self.models.items()}

    @property
    def after(self) -> dict[str, np.ndarray]:
        """{task: (models,)} for the gene as edited, quickly."""
        return self.predicted(self.edited)

    @property
    def exact(self) -> dict[str, dict[str, np.ndarray]]:
        """{"before" and "after": {task: (models,)}}: to the last bit what `cl.predict` gives."""
        if self._exact_before is None:
            self._exact_before = self.predicted(self.gene, exactly=True)
        return {"before": self._exact_before, "after": self.predicted(self.edited, exactly=True)}

    # ----- places -----------------------------------------------------------------------------------------------------

    def regions(self) -> list[dict]:
        """The window, the pCREs by falling frequency, then those that were added; `row` is that of `signal.regions`.

        `frequency` is what it is without edits (None where added), `now` after them (None where the contact is cut).
        """
        before, after, offsets = self.gene, self.edited, self.edited.signal.offsets
        own = before.pcre[0][before.pcre[0] >= 0].tolist()
        known = len(before.signal.regions)
        more = [int(r) for r in after.pcre[0] if r >= 0 and r not in own]
        frequency = dict(zip(own, before.frequency[0].tolist(), strict=False))
        now = {int(r): float(f) for r, f in zip(after.pcre[0], after.frequency[0], strict=True) if r >= 0}
        places = after.signal.regions
        return [
            {
                "row": row,
                "offset": int(offsets[row]),
                "bins": int(offsets[row + 1] - offsets[row]),
                "chrom": str(places["chrom"].iloc[row]),
                "start": int(places["start"].iloc[row]),
                "end": int(places["end"].iloc[row]),
                "rank": rank,
                "frequency": frequency.get(row),
                "now": now.get(row),
                "added": row >= known,
            }
            for rank, row in enumerate([int(before.promoter[0]), *own, *more])
        ]

    # ----- recipes, warnings, truth -----------------------------------------------------------------------------------

    @cached_property
    def seen(self) -> Quantiles:
        """How each mark's depth is spread over windows and pCREs: of some examples, for all take seconds."""
        return ranges(_some(self.dataset).compact())

    def warnings(self) -> list[str]:
        """What the edits bring out of the range that was seen, in words."""
        beyond = outside(self.gene, self.edited, self.seen)
        said = [f"{r.mark} reaches {r.highest:.3g}, {r.times:.2g} times {r.limit:.3g}" for r in beyond.itertuples()]
        return [f"Beyond what nearly all bins have: {', '.join(said)}. There a model guesses."] if said else []

    def truth(self) -> list[dict]:
        """What the answer key knows of the edits: each {"what": words, "effect": change of log2 transcription}."""
        return [] if self.key is None else true_effects(self.key, self.gene, self.edits)


def read_edits(entries: list) -> list[Edit]:
    """Edits as the browser sends them: the entries of a file of edits."""
    return edits_from_json(json.dumps({"format": "chromolab-edits-1", "edits": entries}))


def _slot(e: Edit) -> tuple:
    """What makes one edit take another's place."""
    kind = "depth" if isinstance(e, Scale | Paint) else type(e).__name__
    return (kind, type(e), getattr(e, "mark", ""), e.chrom, e.start, e.end)


def _some(dataset: Dataset, examples: int = 300) -> Dataset:
    """So many examples, spread over the dataset."""
    return dataset.select(np.unique(np.linspace(0, len(dataset) - 1, min(examples, len(dataset))).astype(int)))


def _tops(dataset: Dataset) -> list[float]:
    """The 99.5 % quantile of each mark in some windows."""
    quantile = np.nanquantile(_some(dataset).promoter_depth().astype(np.float64), 0.995, axis=(0, 1))
    return [float(q) if q > 0 else 1.0 for q in quantile]


def _richest(dataset: Dataset) -> int:
    """An example to begin with: the most pCREs, and expression in the middle, which can go either way."""
    level = np.nan_to_num(dataset.log2_expression)
    off = np.abs(level - np.median(level))
    return int(np.lexsort((off, -(dataset.pcre >= 0).sum(1)))[0])
