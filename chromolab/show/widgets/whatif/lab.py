"""`cl.WhatIf`: paint on a gene's histone tracks, cut its contacts, and see at once what the models predict."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import traitlets

from chromolab.data.dataset.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.learn.edit.kinds import Edit, Paint, Scale
from chromolab.learn.edit.recipes import RECIPES
from chromolab.learn.edit.text import to_json, to_python
from chromolab.learn.explain.attention_maps import looked_at
from chromolab.learn.explain.change import carried_by
from chromolab.models.base import Model
from chromolab.show.figures.style import name_of
from chromolab.show.widgets.base import Widget, floats, mark_styles, script, styles
from chromolab.show.widgets.whatif.history import named
from chromolab.show.widgets.whatif.session import Session
from chromolab.world.on_disk import World
from chromolab.world.simulate import simulate

LISTED = 200  # edits that the page lists, the last ones; a saved file and the Python code have all


class WhatIf(Widget):
    """The what-if lab, for JupyterLab and Voila.

    Seven tracks (or any number) around a gene and in every element that touches it, to paint on with mouse, pen or
    keyboard; contacts to cut or change; what the models predict before and after, and what carried the change. No
    result needs it: `edits` is the list of edits, and `cl.edit` and `cl.predict` give the same numbers.

    Parameters
    ----------
    model : Chromoformer, list of them, or {task: list}, optional
        Several models of a task (folds, seeds) show how far they agree. Default: the eight lifelike ones that ship.
    dataset : Dataset, optional
        Default: the teaching genome (simulated).
    gene, cell_type : str, optional
        The gene shown first, by id or name; default: an example with the most pCREs.
    world : World, optional
        The simulated genome that the dataset is from: the lab then shows true effects beside the predicted ones.

    Raises
    ------
    ChromolabError
        When the dataset lacks a model's marks, or the gene is not in it.
    """

    _esm = script("whatif")
    _css = styles("shared/genebox.css", "whatif/lab.css")
    marks: Any = traitlets.List(help="name and colour of each mark, in the dataset's order").tag(sync=True)

    def __init__(
        self,
        model: Model | Sequence[Model] | Mapping[Any, Any] | None = None,
        dataset: Dataset | None = None,
        *,
        gene: str | None = None,
        cell_type: str | None = None,
        world: World | None = None,
    ):
        if dataset is None:
            world = simulate(seed=0) if world is None else world
            dataset = world.dataset()
        self.session: Any = Session(model, dataset, world)  # None once released
        if gene is not None:
            self.session.choose(gene, cell_type)
        super().__init__(marks=mark_styles(dataset.marks))

    def __repr__(self) -> str:
        if self.session is None:
            return "WhatIf (closed)"
        models = ", ".join(f"{len(own)} for {task}" for task, own in self.session.models.items())
        gene = self.session.gene.genes.iloc[0]
        return f"WhatIf: {name_of(gene)} in {gene['cell_type']}, {len(self.edits)} edits; models: {models}"

    def release(self) -> None:
        self.session = None

    # ----- for use from code ------------------------------------------------------------------------------------------

    @property
    def edits(self) -> list[Edit]:
        """The edits of the gene shown; assign a list to replace them (undo brings the others back).

        At most 2,000, because answers slow down with their number.
        """
        return list(self._open().edits)

    @edits.setter
    def edits(self, edits) -> None:
        session = self._open()
        session.act([{"do": "set", "edits": tuple(edits)}])
        self.send({"changed": True})

    @property
    def gene(self) -> Dataset:
        """The gene shown, without edits."""
        return self._open().gene

    @property
    def edited(self) -> Dataset:
        """The gene shown, with its edits: `cl.edit(lab.gene, lab.edits)`."""
        return self._open().edited

    @property
    def predictions(self) -> pd.DataFrame:
        """task, model (from 0), before, after: probabilities or log2(RPKM + 1), equal to those of `cl.predict`."""
        session = self._open()
        before, after = session.exact.values()
        return pd.concat(
            [
                pd.DataFrame({"task": t, "model": range(len(b)), "before": b, "after": after[t]})
                for t, b in before.items()
            ],
            ignore_index=True,
        )

    def _open(self) -> Session:
        if self.session is None:
            raise ChromolabError("this lab is closed; make a new one with cl.WhatIf(model, dataset)")
        return self.session

    # ----- answers to the browser -------------------------------------------------------------------------------------

    def reply(self, request: dict) -> tuple[dict, list[bytes]]:
        """Answer one request, by its `kind`; lab.js sends them."""
        session = self._open()
        match request:
            case {"kind": "hello"}:
                return self._state(gene=True)
            case {"kind": "gene", "gene_id": str(gene), "cell_type": str(cell)}:
                session.choose(gene, cell)
                return self._state(gene=True)
            case {"kind": "act", "actions": list(actions)} if all(isinstance(a, dict) for a in actions):
                return self._state(error=self._acted(actions))
            case {"kind": "settle"}:
                return self._settled(), []
            case {"kind": "carried", "task": str(task)} if task in session.models:
                scores, contacts = carried_by(session.models[task][0], session.gene, session.edits, steps=4)
                return {"contacts": [contacts.get(r["row"]) for r in session.regions()]}, [floats(scores)]
            case {"kind": "attention", "task": str(task)} if task in session.models:
                level, shares = looked_at(session.models[task][0], session.edited)
                return {"shares": [shares.get(r["row"]) for r in session.regions()]}, [floats(level)]
            case {"kind": "search", "text": str(text)}:
                return {"found": session.search(text)}, []
            case {"kind": "compare", "gene_id": str(gene), "cell_type": str(cell)}:
                return self._compared(gene, cell)
            case {"kind": "text"}:
                return {"python": to_python(session.edits), "json": to_json(session.edits)}, []
        raise ChromolabError(f"the lab does not know the request {str(request)[:200]}")

    def _acted(self, actions: list) -> str | None:
        """Carry out the actions, or return why not; the browser gets the current state either way."""
        try:
            self.session.act(actions)
        except ChromolabError as error:
            return str(error)
        return None

    def _state(self, gene: bool = False, error: str | None = None) -> tuple[dict, list[bytes]]:
        """The current state: regions, predictions and depth; with `gene` also the gene and its depth without edits."""
        session = self.session
        after = session.after if session.edits else session.before
        state = {
            "kind": "state",
            "regions": session.regions(),
            "edits": len(session.edits),
            "error": error,
            "undo": len(session.history.past) > 1,
            "redo": bool(session.history.future),
            "predicted": {t: {"before": b.tolist(), "after": after[t].tolist()} for t, b in session.before.items()},
        }
        parts = [floats(session.edited.signal.depth)]
        if gene:
            state["gene"] = self._about_gene()
            parts.append(floats(session.gene.signal.depth))
        return state, parts

    def _about_gene(self) -> dict:
        session = self.session
        row, signal = session.gene.genes.iloc[0], session.gene.signal
        plain = {k: _plain(row.get(k)) for k in ("gene_id", "gene_name", "cell_type", "chrom", "tss", "strand")}
        genes = session.dataset.genes
        return plain | {
            "start": _plain(row.get("start")),
            "end": _plain(row.get("end")),
            "fold": _plain(row.get("fold")),
            "measured": {"classification": _plain(row.get("label")), "regression": _plain(row.get("log2_expression"))},
            "cell_types": genes["cell_type"][genes["gene_id"] == row["gene_id"]].astype(str).tolist(),
            "bin_size": signal.bin_size,
            "window": session.gene.window,
            "origin": session.gene.origin,
            "tops": session.tops,
            "recipes": list(RECIPES),
        }

    def _settled(self) -> dict:
        """What is computed after a pause: exact numbers, the list of edits, warnings, true effects."""
        session = self.session
        exact = session.exact
        return {
            "predicted": {t: {when: own[t].tolist() for when, own in exact.items()} for t in session.models},
            "list": [[_in_words(e), named(e)] for e in session.edits[-LISTED:]],
            "first": max(0, len(session.edits) - LISTED),
            "warnings": session.warnings(),
            "truth": session.truth(),
            "factors": [
                {"mark": e.mark, "chrom": e.chrom, "start": e.start, "end": e.end, "factor": e.factor}
                for e in session.edits
                if isinstance(e, Scale)
            ],
        }

    def _compared(self, gene: str, cell: str) -> tuple[dict, list[bytes]]:
        """Another gene's window to draw over this one's, aligned by the TSS and in this gene's direction."""
        session = self.session
        other = session.dataset.gene(gene, cell)
        depth = other.promoter_depth()[0]
        depth = depth[::-1] if session.gene.genes["strand"].iloc[0] == "-" else depth
        predicted = {t: p.tolist() for t, p in session.predicted(other).items()}
        row = other.genes.iloc[0]
        about = {"name": name_of(row), "gene_id": str(row["gene_id"]), "cell_type": str(row["cell_type"])}
        return about | {"predicted": predicted}, [floats(depth)]


def _plain(value):
    """A value as JSON can hold it; None where it is missing."""
    if value is None or (isinstance(value, float | np.floating) and not np.isfinite(value)):
        return None
    return value.item() if isinstance(value, np.generic) else value


def _in_words(e: Edit) -> str:
    """One edit as a line of a list."""
    match e:
        case Scale(factor=0.0):
            what = f"{e.mark} erased"
        case Scale():
            what = f"{e.mark} × {e.factor:g}"
        case Paint() if len(e.depths) == 1:
            what = f"{e.mark} set to {e.depths[0]:g}"
        case Paint():
            what = f"{e.mark} painted"
        case _:
            frequency = getattr(e, "frequency", None)
            what = {"DropPcre": "contact cut", "AddPcre": "contact added", "SetFrequency": "contact"}[type(e).__name__]
            what += "" if frequency is None else f", frequency {frequency:g}"
    return f"{what}, {e.chrom}:{e.start:,}-{e.end:,}"
