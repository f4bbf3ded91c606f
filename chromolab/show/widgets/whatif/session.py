"""What the what-if lab knows: a dataset, models, a gene, its edits. No widget in here.

The list of edits decides everything: the tracks shown are `cl.edit(gene, edits)`, and predictions are made from them.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property, lru_cache
from os import PathLike
from typing import Any

import numpy as np

from chromolab.data.dataset.dataset import Dataset
from chromolab.data.dataset.recalibration import Quantiles, track_quantiles
from chromolab.data.genes.ids import rows_of
from chromolab.errors import ChromolabError
from chromolab.learn.edit.apply import edit_again
from chromolab.learn.edit.effect import outside
from chromolab.learn.edit.kinds import AddPcre, DropPcre, Edit, Paint, Scale, SetFrequency, drop_pcre
from chromolab.learn.edit.recipes import RECIPES, copy_from
from chromolab.learn.edit.text import edits_of
from chromolab.learn.ensemble import Ensemble
from chromolab.learn.metrics import probability_or_expression
from chromolab.learn.runtime import models_of
from chromolab.learn.truth.meaning import TrueEffect, true_effects
from chromolab.models.base import TASKS, Model
from chromolab.models.checkpoints import SEEDS, pretrained
from chromolab.models.wholegene import WholeGene
from chromolab.show.widgets.genes import GeneIndex
from chromolab.show.widgets.letters import Letters
from chromolab.show.widgets.whatif import files
from chromolab.show.widgets.whatif.history import History, position, taken_out
from chromolab.show.widgets.whatif.surroundings import Surroundings, regions_of
from chromolab.world.answers.causes import Causes
from chromolab.world.on_disk import World

MOST = 2_000  # edits in a file; with that many, one more takes some 20 ms to apply (tests/bench/bench_answers.py)


def models_by_task(models: Model | Sequence[Model] | Mapping[Any, Any]) -> dict[str, list[Model]]:
    """{task: models} from one model, a list, or {task: model or list}."""
    by_task = {task: [m for m in models_of(models) if m.task == task] for task in TASKS}
    return {task: some for task, some in by_task.items() if some}


@cache
def shipped() -> tuple[dict[str, list[Model]], Ensemble]:
    """The models that ship with the package by task, and all of them together; one copy for all labs of a process."""
    models = {task: [pretrained(task, seed) for seed in SEEDS] for task in TASKS}
    return models, together(models)


@lru_cache(maxsize=2)
def causes_of(world: World) -> Causes:
    """The causes of a teaching genome, drawn again from its seed; one copy for all labs of a process."""
    return world.causes()


def together(models: Mapping[str, Sequence[Model]]) -> Ensemble:
    """All models of all tasks as one ensemble, in order."""
    return Ensemble([m for of_task in models.values() for m in of_task])


class Session:
    """Choose a gene, edit it, and predict it with every model.

    Parameters
    ----------
    models : see `models_by_task`; None: those that ship with the package
    dataset : Dataset
        Must hold every model's marks, and whole genes if one of the models reads them.
    world : World, optional
        Its causes, which are drawn again from its seed (some seconds), know the true effects.
    annotation : path, optional
        Exons for `Surroundings`; default: the world's.
    letters : Letters, optional
        To show where the page is pointed at.

    Attributes
    ----------
    gene : Dataset
        The example without edits, and only its own regions.
    edited : Dataset
        The same after `edits`.
    tops : list of float
        For each mark a depth that few bins exceed: the top of its panel.
    note : str or None
        What the last actions did that is not seen from the state, in words.
    whole : WholeGene or None
        The first of the models that reads whole genes.
    draft : tuple of Edit or None
        All edits while one is still being made (a stroke, a slider being moved); not yet a step of the history.
    """

    def __init__(
        self,
        models: Model | Sequence[Model] | Mapping[Any, Any] | None,
        dataset: Dataset,
        world: World | None = None,
        annotation: str | PathLike[str] | None = None,
        letters: Letters | None = None,
    ):
        self.models, self.ensemble = shipped() if models is None else (models_by_task(models), None)
        self.whole = next((m for m in self.all_models if isinstance(m, WholeGene)), None)
        dataset = dataset if self.whole else replace(dataset, body=None)  # what no model reads is not edited
        self.dataset, self.world, self.letters, self.note = dataset, world, letters, None
        self.surroundings = Surroundings(dataset, world.gtf if annotation is None and world is not None else annotation)
        self.causes = None if world is None else causes_of(world)
        for model in self.all_models:
            dataset.mark_columns(model.marks)
        self.ensemble = self.ensemble or together(self.models)
        self.solved: set[str] = set()  # names of missions
        self.histories: dict[tuple[str, str], History] = {}
        self._index = GeneIndex(dataset.genes)
        self.tops = _tops(dataset)
        self.choose(*dataset.genes.iloc[_richest(dataset)][["gene_id", "cell_type"]])

    @property
    def all_models(self) -> list[Model]:
        """The models of all tasks."""
        return [m for of_task in self.models.values() for m in of_task]

    # ----- the gene ---------------------------------------------------------------------------------------------------

    def choose(self, gene: str, cell_type: str | None = None) -> None:
        """Show a gene (id or name) in a cell type, by default its first. Each gene keeps its edits meanwhile."""
        genes = self.dataset.genes
        own = genes["cell_type"][rows_of(genes, gene)]
        self.gene = self.dataset.gene(gene, cell_type or next(iter(own), None))
        key = tuple(self.gene.genes.iloc[0][["gene_id", "cell_type"]])
        self.history = self.histories.setdefault(key, History())
        self.draft, self.known = None, {}
        self.edited = edit_again(self.gene, self.edits, self.known)
        self.before, self._exact_before = self.predicted(self.gene), None
        self.own_causes = None if self.causes is None else self.causes.of_gene(key[0])

    def search(self, text: str) -> list[dict]:
        """Genes whose name or id holds a text; see `GeneIndex.search`."""
        return self._index.search(text)

    # ----- edits ------------------------------------------------------------------------------------------------------

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The current edits, including a draft."""
        return self.history.now if self.draft is None else self.draft

    def act(self, actions: Iterable[dict]) -> None:
        """Carry out the browser's actions in order; if one of them fails, nothing changes.

        Each is {"do": name, ...}: "add" (edits), "put" (edits that take the place of the same kind at the same place),
        "toggle" (region: cut a contact, or restore it), "remove" (index, and name: see `history.named`), "load" (text
        of a file), "set" (a tuple of Edit, from code), "undo", "redo", "reset", "cancel". An addition with "draft":
        true is not yet a step of the history.
        """
        self.note = None
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
                edits = (*now, *edits_of(new))
            case {"do": "put", "edits": list(new)}:
                edits = self._put(now, edits_of(new))
            case {"do": "copy", "gene_id": str(gene), "cell_type": str(cell)}:
                edits = (*now, *copy_from(self.gene, self.dataset.gene(gene, cell)))
            case {"do": "recipe", "name": str(name)} if name in RECIPES:
                edits = (*now, *RECIPES[name](edit_again(self.gene, now, {})))
            case {"do": "remove", "index": int(index), "name": str(name)}:
                at = position(now, index, name)  # None: undone meanwhile, nothing to remove
                edits = now if at is None else taken_out(self.gene, now, at)
            case {"do": "toggle", "region": str(region)}:
                edits = self._toggled(now, drop_pcre(region))
            case {"do": "load", "text": str(text)}:
                loaded, about = files.read(text)
                self.note, edits = files.note_on(about, self.gene), _few(loaded)
            case {"do": "set", "edits": tuple(edits)}:  # from code: what a page sends holds lists
                edits = _few(edits)
            case _:
                raise ChromolabError(f"the lab does not know the action {json.dumps(action)[:200]}")
        if action.get("draft"):
            self.draft = tuple(edits)
        else:
            self.history.push(edits)

    def open(self, text: str) -> None:
        """Choose the gene that a file of edits names, if it names one, and apply its edits.

        Raises ChromolabError, and changes nothing, where the dataset lacks the gene or an edit cannot be applied.
        """
        shown = self.gene.genes.iloc[0]
        about = files.read(text)[1]
        try:
            if "gene_id" in about:
                self.choose(str(about["gene_id"]), str(about.get("cell_type", shown["cell_type"])))
            self.act([{"do": "load", "text": text}])
        except ChromolabError:
            self.choose(shown["gene_id"], shown["cell_type"])
            raise

    def _toggled(self, now: tuple[Edit, ...], cut: DropPcre) -> tuple[Edit, ...]:
        """Cut a contact, or restore it if it is cut; an added pCRE is taken out with all edits in it."""
        added = [i for i, e in enumerate(now) if isinstance(e, AddPcre) and e.region == cut.region]
        if added:
            return taken_out(self.gene, now, added[-1])
        return taken_out(self.gene, now, now.index(cut)) if cut in now else (*now, cut)

    def _put(self, now: tuple[Edit, ...], new: list[Edit]) -> tuple[Edit, ...]:
        """Replace edits of the same kind at the same place, or add them; an edit without effect takes the old one away.

        What is painted goes last, else another edit would change it; setting a frequency restores a cut contact.
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
        """The same edit with the frequency that the contact has without edits."""
        if not isinstance(e, SetFrequency):
            return None
        p = self.gene.pcres(0)
        frequency = p["frequency"][(p["chrom"] == e.chrom) & (p["start"] == e.start) & (p["end"] == e.end)]
        return SetFrequency(e.chrom, e.start, e.end, float(frequency.iloc[0])) if len(frequency) else None

    # ----- what the models say ----------------------------------------------------------------------------------------

    def predicted(self, gene: Dataset, exactly: bool = False) -> dict[str, np.ndarray]:
        """{task: (models,)}: the probability that the gene is expressed, or log2(RPKM + 1)."""
        outputs = iter(self.ensemble.predict_exactly(gene) if exactly else self.ensemble.predict(gene))
        return {
            task: np.array([probability_or_expression(next(outputs))[0] for _ in of_task])
            for task, of_task in self.models.items()
        }

    @property
    def after(self) -> dict[str, np.ndarray]:
        """{task: (models,)} for the gene as edited, quickly."""
        return self.predicted(self.edited)

    @property
    def exact(self) -> dict[str, dict[str, np.ndarray]]:
        """{"before" and "after": {task: (models,)}}, equal to `cl.predict` to the last bit."""
        if self._exact_before is None:
            self._exact_before = self.predicted(self.gene, exactly=True)
        return {"before": self._exact_before, "after": self.predicted(self.edited, exactly=True)}

    # ----- places -----------------------------------------------------------------------------------------------------

    def regions(self) -> list[dict]:
        """Where the models look, see `regions_of`."""
        return regions_of(self.gene, self.edited)

    # ----- warnings, truth -----------------------------------------------------------------------------------

    @cached_property
    def seen(self) -> Quantiles:
        """Quantiles of each mark's depth in windows and pCREs, from 300 examples: all of them would take seconds."""
        return track_quantiles(_some(self.dataset).compact())

    def cell_types(self, gene_id: str) -> list[str]:
        """The cell types in which the dataset has a gene."""
        genes = self.dataset.genes
        return genes["cell_type"][genes["gene_id"] == gene_id].astype(str).tolist()

    def warnings(self) -> list[str]:
        """Marks that the edits raise beyond the range of the dataset, in words."""
        beyond = outside(self.gene, self.edited, self.seen)
        marks = [f"{r.mark} reaches {r.highest:.3g}, {r.times:.2g} times {r.limit:.3g}" for r in beyond.itertuples()]
        return [f"Beyond the range of nearly all bins: {', '.join(marks)}. There a model guesses."] if marks else []

    def true_effects(self) -> TrueEffect | None:
        """What the edits truly do to the gene; None where no world is known."""
        return None if self.own_causes is None else true_effects(self.own_causes, self.gene, self.edits)


def _few(edits: Sequence[Edit]) -> Sequence[Edit]:
    """The edits, unless there are too many for answers in time."""
    if len(edits) > MOST:
        raise ChromolabError(f"{len(edits):,} edits; the lab takes {MOST:,}, cl.edit any number")
    return edits


def _slot(e: Edit) -> tuple:
    """A key of an edit: a new edit replaces an old one with the same key."""
    kind = "depth" if isinstance(e, Scale | Paint) else type(e).__name__
    return (kind, type(e), getattr(e, "mark", ""), e.chrom, e.start, e.end)


def _some(dataset: Dataset, examples: int = 300) -> Dataset:
    """At most `examples` examples, spread evenly over the dataset."""
    return dataset.select(np.unique(np.linspace(0, len(dataset) - 1, min(examples, len(dataset))).astype(int)))


def _tops(dataset: Dataset) -> list[float]:
    """The 99.5 % quantile of each mark in some windows."""
    quantile = np.nanquantile(_some(dataset).promoter_depth().astype(np.float64), 0.995, axis=(0, 1))
    return [float(q) if q > 0 else 1.0 for q in quantile]


def _richest(dataset: Dataset) -> int:
    """The example shown first: the most pCREs and, of these, expression nearest the median, free to rise or fall."""
    level = np.nan_to_num(dataset.log2_expression)
    off = np.abs(level - np.median(level))
    return int(np.lexsort((off, -(dataset.pcre >= 0).sum(1)))[0])
