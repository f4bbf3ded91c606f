"""The glass box: one gene's numbers through a Chromoformer or a WholeGene, box by box."""

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
import traitlets

from chromolab.data.dataset.dataset import Dataset
from chromolab.data.genes.ids import rows_of
from chromolab.errors import ChromolabError
from chromolab.learn.edit.apply import edit
from chromolab.learn.edit.kinds import Edit
from chromolab.learn.explain.named_tensors import Stage, Trace
from chromolab.learn.explain.stages import trace
from chromolab.models.base import Model
from chromolab.show.widgets.base import Widget, script, styles
from chromolab.show.widgets.genes import GeneIndex
from chromolab.show.widgets.glassbox import export
from chromolab.show.widgets.glassbox.about import about, measured_in_words, text
from chromolab.show.widgets.glassbox.lanes import steps
from chromolab.show.widgets.glassbox.pictures import thumbnail
from chromolab.show.widgets.glassbox.sides import Sides, array
from chromolab.show.widgets.glassbox.story import story
from chromolab.show.widgets.whatif.lab import WhatIf

VIEW = {"resolution": 0, "pairwise": 0, "regulation": 0, "pcre": 0, "side": "after"}


class GlassBox(Widget):
    """Show every tensor between one gene's tracks and a model's prediction; a box for each step opens to all others.

    Parameters
    ----------
    model : Chromoformer or WholeGene
    dataset : Dataset
        One example, `ds.gene("...")`, or many: the page then has a box to choose another gene in.
    gene, cell_type : str, optional
        The gene shown first, by id or name; default: the dataset's first example.
    lab : WhatIf, optional
        Follow this lab: see `follow`.
    device : str, optional

    Raises
    ------
    ChromolabError
        When the gene is not in the dataset, and as `chromolab.learn.explain.stages.trace` raises it.

    Examples
    --------
    >>> box = cl.GlassBox(model, ds, gene="...")  # in JupyterLab: shows itself
    >>> box.stages  # the same as a table
    >>> box["regulation.100.0.scores"]  # and as numbers, (head, asking token, token)
    >>> box = cl.GlassBox(model, ds, lab=lab)  # the gene and the edits of a what-if lab
    >>> box.values("head.output", "difference")  # after the edits minus before
    """

    _esm = script("glassbox")
    _css = styles("shared/genebox.css", "glassbox/box.css", "glassbox/panel.css")
    about = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        model: Model,
        dataset: Dataset,
        *,
        gene: str | None = None,
        cell_type: str | None = None,
        lab: WhatIf | None = None,
        device: str | torch.device | None = None,
        **traits: Any,
    ):
        self._model, self._device = model, device
        self._dataset: Any = dataset  # None once released
        self._lab: WhatIf | None = None
        self._index: Any = GeneIndex(dataset.genes)
        self._sides: Any = None  # None before the first gene, and once released
        self._seen: Any = None  # the lab's gene and edits as traced
        if lab is not None:
            self._lab = lab
            self._catch_up()
        elif gene is not None:
            self._show(dataset.gene(gene, cell_type))
        else:
            self._show(dataset.select([0]).compact() if len(dataset) > 1 else dataset)
        super().__init__(about=self.about, **traits)
        if lab is not None:
            lab.observe(self._lab_changed, "shown")

    def __repr__(self) -> str:
        if self._sides is None:
            return "GlassBox: closed"
        sides = self._opened()
        name, cell = self.about["gene"], self.about["cell"]
        return f"GlassBox: {name} in {cell}, {len(sides.after)} tensors; opens in JupyterLab, box.stages lists them"

    # ----- for use from code ------------------------------------------------------------------------------------------

    def choose(self, gene: str, cell_type: str | None = None) -> None:
        """Show another gene of the dataset, by id or name.

        Raises ChromolabError when it is not there, and while a lab is followed, which chooses the gene.
        """
        self._opened()
        if self._lab is not None:
            raise ChromolabError("this glass box follows a lab, which chooses the gene; box.follow(None) lets go of it")
        self._show(self._dataset.gene(gene, cell_type))
        self.send({"changed": True})

    def follow(self, lab: WhatIf | None) -> None:
        """Show a lab's gene, before and after its edits, and go along when they change; None: stay with what is shown.

        A stroke still under the pen is not followed: it is no edit yet. Raises ChromolabError when the model cannot
        read the lab's dataset.
        """
        if self._lab is not None:
            self._lab.unobserve(self._lab_changed, "shown")
        self._lab, self._seen = lab, None
        if lab is not None:
            lab.observe(self._lab_changed, "shown")
        self._catch_up()
        self.about = self.about | self._context()
        self.send({"changed": True})

    @property
    def stages(self) -> pd.DataFrame:
        """Every tensor, in order of computation: shape, axes, inputs, weights, formula."""
        rows = [
            (
                s.name,
                s.shape,
                ", ".join(s.axes),
                ", ".join(s.inputs),
                ", ".join(name for name, _ in s.weights.values()),
                text(self.about, s.name)[1],
            )
            for s in self._opened().after.values()
        ]
        return pd.DataFrame(rows, columns=["name", "shape", "axes", "inputs", "weights", "formula"]).set_index("name")

    def __getitem__(self, name: str) -> np.ndarray:
        """The values of a stage as the gene stands, in the model's precision (half precision as float32)."""
        return self.values(name)

    def values(self, name: str, side: str = "after") -> np.ndarray:
        """The values of a stage "after" the lab's edits, "before" them, or their "difference" (after minus before).

        Where contacts were edited, an element keeps the place that it had before, added ones follow, and what one side
        lacks is NaN. Raises ChromolabError for an unknown stage or side.
        """
        self._stage(name)
        return self._sides.values(name, side)[0]

    def save_page(
        self,
        path: str | PathLike[str],
        genes: Sequence[str] | None = None,
        *,
        cell_types: Sequence[str] | None = None,
        limit: float = 10,
        title: str = "The glass box",
        progress: bool = True,
    ) -> Path:
        """Write the glass box as one HTML file that anybody can open: it needs no Python, no server and no network.

        The page holds the answers of this glass box, number by number, without edits.

        Parameters
        ----------
        path : path
            Such as "box.html"; it is written completely or not at all.
        genes : list of str, optional
            By id or name; default: the gene shown. One takes some 2 MB.
        cell_types : list of str, optional
            Default: the one shown.
        limit, title, progress : MB that the file may have, its heading, whether a bar is shown

        Raises
        ------
        ChromolabError
            For a gene or cell type that the dataset lacks, a larger file, and while a lab is followed.
        """
        self._opened()
        if self._lab is not None:
            raise ChromolabError("this glass box follows a lab, and a page cannot; box.follow(None) lets go of it")
        shown = (self.about["gene_id"], self.about["cell"])
        examples = export.chosen(self._dataset, shown, genes, cell_types)
        return export.save_page(self._alone, examples, shown, path, limit, title, progress)

    def _alone(self, gene: Dataset) -> "GlassBox":
        return GlassBox(self._model, gene, device=self._device)

    def release(self) -> None:
        if self._lab is not None:
            self._lab.unobserve(self._lab_changed, "shown")
        self._sides = self._dataset = self._lab = self._index = None

    # ----- what is shown ----------------------------------------------------------------------------------------------

    def _show(self, gene: Dataset, edits: tuple[Edit, ...] = (), before: Trace | None = None) -> None:
        before = trace(self._model, gene, self._device) if before is None else before
        after = trace(self._model, edit(gene, edits), self._device) if edits else None
        self._sides = Sides(before, after)
        self.about = about(self._model, gene, self._sides) | {"edits": len(edits)}
        self.about = self.about | self._context()

    def _context(self) -> dict:
        """Whether the page may choose a gene, and in which cell types this one is."""
        many, genes = self._lab is None and len(self._dataset) > 1, self._dataset.genes
        own = genes["cell_type"][genes["gene_id"] == self.about["gene_id"]]
        return {"many": many, "cells": own.astype(str).tolist() if many else [], "follows": self._lab is not None}

    def _lab_changed(self, _) -> None:
        self.send({"changed": True})  # the page asks when it is ready; nobody who does not look pays for it

    def _catch_up(self) -> None:
        """Trace the lab's gene again, if it or its edits have changed; a closed lab stays as it was last seen."""
        if self._lab is None or self._lab.session is None or self._lab.shown == self._seen:
            return
        same = self._seen is not None and self._seen[:2] == self._lab.shown[:2]
        before = self._sides.before if same else None
        self._seen = self._lab.shown
        self._show(self._lab.gene, self._seen[2], before)

    def _opened(self) -> Sides:
        if self._sides is None:
            raise ChromolabError("this glass box is closed and holds no numbers; make another with cl.GlassBox(...)")
        self._catch_up()
        return self._sides

    def _stage(self, name: str) -> Stage:
        kept = self._opened().after
        if name not in kept:
            similar = [n for n in kept if n.split(".")[-1] == str(name).split(".")[-1]]
            hint = f"; names with this ending: {', '.join(similar[:4])} ..." if similar else "; box.stages lists them"
            raise ChromolabError(f"no stage {name!r}{hint}")
        return kept[name]

    # ----- answers to the browser -------------------------------------------------------------------------------------

    def reply(self, request: dict) -> tuple[dict, list[bytes]]:
        """Answer the browser. Requests, where layers and pCREs count from 0:

        {"kind": "map", "resolution", "pairwise", "regulation", "pcre", "side"}, {"kind": "stage", "name", "pcre"},
        {"kind": "search", "text"}, {"kind": "choose", "gene": id or name, "cell_type"}; "" is the cell type shown, if
        it has the gene, else the gene's first.
        """
        match VIEW | request:
            case {
                "kind": "map",
                "resolution": int(size),
                "pairwise": int(asks),
                "regulation": int(sums),
                "pcre": int(p),
                "side": str(side),
            }:
                return self._map(size, {"pairwise": asks, "regulation": sums}, p, side)
            case {"kind": "stage", "name": str(name), "pcre": int(pcre)}:
                return self._open(name, pcre)
            case {"kind": "search", "text": str(text)}:
                self._opened()
                return {"kind": "search", "found": self._index.search(text)}, []
            case {"kind": "choose", "gene": str(gene), "cell_type": str(cell)}:
                self.choose(gene, cell or self._cell_of(gene))
                return {"kind": "choose"}, []
        raise ChromolabError(f"the glass box does not know the request {str(request)[:200]}")

    def _cell_of(self, gene: str) -> str:
        """The cell type shown, if it has the gene, else the gene's first."""
        self._opened()
        cells = self._dataset.genes["cell_type"][rows_of(self._dataset.genes, gene)].astype(str).tolist()
        return self.about["cell"] if self.about["cell"] in cells else cells[0]

    def _map(self, resolution: int, layers: dict[str, int], pcre: int, side: str) -> tuple[dict, list[bytes]]:
        """All boxes for one resolution and one layer of each transformer, with small pictures and sentences."""
        sides = self._opened()
        if resolution not in self.about["resolutions"]:
            raise ChromolabError(f"the model has no resolution {resolution}; it has {self.about['resolutions']}")
        pcre = min(pcre, max(0, len(sides.pcres) - 1))  # another gene may have fewer
        shown, boxes, pictures, at = steps(sides.after, resolution, **_layers(layers)), {}, [], 0
        for name in (n for step in shown for lane in step["lanes"] for column in lane["columns"] for n in column):
            stage, (values, axes, seen) = sides.stage(name), sides.part(name, pcre, side)
            levels = thumbnail(values, axes, seen)
            boxes[name] = {
                "title": text(self.about, name)[0],
                "shape": values.shape,
                "axes": axes,
                "inputs": stage.inputs,
                "picture": [*levels.shape, at],
                "signed": bool(np.nanmin(values, initial=0) < 0),
                "long": sum(map(len, text(self.about, name))),
            }
            at += levels.size
            pictures.append(levels.tobytes())
        told = story(sides, self._model.marks, resolution, layers, pcre, measured_in_words(self.about))
        return {"kind": "map", "about": self.about, "steps": shown, "boxes": boxes, "story": told}, [b"".join(pictures)]

    def _open(self, name: str, pcre: int) -> tuple[dict, list[bytes]]:
        """One box: every number of its inputs, weights and output; with edits also before them, a buffer each."""
        stage, sides = self._stage(name), self._sides
        title, formula, words = text(self.about, name)
        parts, buffers = [], []
        inputs = [n for n in stage.inputs if sides.pcres or sides.stage(n).axes[0] != "pcre"]
        for role, source in [*(("input", n) for n in inputs), ("output", name)]:
            values, axes, seen = sides.part(source, pcre)
            parts.append(
                {
                    "role": role,
                    "name": source,
                    "label": text(self.about, source)[0],
                    "axes": axes,
                    "place": sides.stage(source).place,
                    "seen": None if seen is None else seen.tolist(),
                    "sides": 1 + sides.edited,
                    **_described(values),
                }
            )
            buffers.append(values.tobytes())
            if sides.edited:
                buffers.append(sides.part(source, pcre, "before")[0].tobytes())
        for symbol, (path, weight) in stage.weights.items():
            values = array(weight)
            axes = ["head"] if symbol == "γ" else ["out", "in"][: values.ndim]
            parts.append(
                {
                    "role": "weight",
                    "name": path,
                    "label": symbol,
                    "axes": axes,
                    "place": "",
                    "seen": None,
                    "sides": 1,
                    **_described(values),
                }
            )
            buffers.append(values.tobytes())
        message = {"kind": "stage", "name": name, "title": title, "formula": formula, "words": words, "parts": parts}
        return message, buffers


def _layers(layers: dict[str, int]) -> dict[str, int]:
    return {f"{step}_layer": layer for step, layer in layers.items()}


def _described(values: np.ndarray) -> dict:
    return {"shape": values.shape, "dtype": str(values.dtype)}
