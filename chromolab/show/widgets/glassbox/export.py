"""The glass box as one HTML file that needs no kernel: Python's own answers about some genes, kept."""

import hashlib
from collections.abc import Callable, Sequence
from importlib.metadata import version
from itertools import product
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from tqdm.auto import tqdm

from chromolab.data.dataset.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.show.widgets import alone
from chromolab.show.widgets.base import styles
from chromolab.show.widgets.whatif.packed import planes


class Blobs:
    """Byte strings, each kept once: those of four-byte numbers, and all others."""

    def __init__(self) -> None:
        self._known: dict[bytes, int] = {}
        self._kept: list[tuple[bool, bytes]] = []

    def add(self, data: bytes, numbers: bool) -> int:
        """The number of a blob."""
        name = hashlib.sha256(data).digest() + bytes([numbers])
        if name not in self._known:
            self._known[name] = len(self._kept)
            self._kept.append((numbers, data))
        return self._known[name]

    def packed(self) -> tuple[list[tuple[int, int]], dict[str, bytes]]:
        """[(first byte, length)] by number, where numbers of four bytes come first; and both parts as bytes."""
        parts = {kind: b"".join(data for own, data in self._kept if own is kind) for kind in (True, False)}
        at, places = {True: 0, False: len(parts[True])}, []
        for kind, data in self._kept:
            places.append((at[kind], len(data)))
            at[kind] += len(data)
        return places, {"numbers": planes(np.frombuffer(parts[True], "<u4")), "rest": parts[False]}


def answers(box: Any, blobs: Blobs) -> dict[str, list]:
    """{name of a request: [reply, blobs]}: all that the page of a glass box without edits can ask of one gene.

    Parameters
    ----------
    box : GlassBox
    blobs : Blobs
        Takes the buffers.
    """
    about, kept = box.about, {}
    layers = [range(max(1, about["layers"][step])) for step in ("pairwise", "regulation")]
    pcres = range(max(1, len(about["pcres"])))
    for resolution, pairwise, regulation, pcre in product(about["resolutions"], *layers, pcres):
        view = {"resolution": resolution, "pairwise": pairwise, "regulation": regulation, "pcre": pcre}
        reply, (pictures,) = box.reply({"kind": "map", "side": "after", **view})
        sizes = [(box_["picture"][2], box_["picture"][0] * box_["picture"][1]) for box_ in reply["boxes"].values()]
        own = [blobs.add(pictures[at : at + size], False) for at, size in sizes]
        del reply["about"]  # the page has it
        kept[f"map {resolution} {pairwise} {regulation} {pcre}"] = [reply, own]
    for name, pcre in product(box.stages.index, pcres):
        reply, buffers = box.reply({"kind": "stage", "name": name, "pcre": pcre})
        four = [part["dtype"] == "float32" for part in reply["parts"]]
        own = [blobs.add(b, is_four) for b, is_four in zip(buffers, four, strict=True)]
        kept[f"stage {name} {pcre}"] = [reply, own]
    return kept


def save_page(
    make: Callable[[Dataset], Any],
    dataset: Dataset,
    first: tuple[str, str],
    path: str | PathLike[str],
    limit: float,
    title: str,
    progress: bool,
) -> Path:
    """`GlassBox.save_page`, for examples as `chosen` gives them.

    Parameters
    ----------
    make : callable
        Gives the `GlassBox` of one example.
    dataset : Dataset
    first : (gene_id, cell_type)
        Of the example that is shown first, if the page holds it.
    path, limit, title, progress : as in `GlassBox.save_page`
    """
    blobs, examples, genes = Blobs(), [], dataset.genes
    pairs = list(zip(genes["gene_id"].astype(str), genes["cell_type"].astype(str), strict=True))
    for gene, cell in tqdm(pairs, "genes", delay=2, disable=not progress):
        box = make(dataset.gene(gene, cell))
        cells = [c for g, c in pairs if g == gene]
        about = box.about | {"many": len(pairs) > 1, "cells": cells}
        examples.append({"about": about, "answers": answers(box, blobs)})
        box.close()
    places, parts = blobs.packed()
    held = {"examples": examples, "blobs": places, "first": pairs.index(first) if first in pairs else 0}
    css = styles("shared/genebox.css", "glassbox/box.css", "glassbox/panel.css", "shared/alone.css")
    page = alone.html("glassbox", css, held, parts, title, [introduction(dataset)])
    less = f"take fewer genes than {len(pairs)} in their cell types, or a smaller model"
    return alone.write(page, path, limit, less)


def introduction(dataset: Dataset) -> str:
    """What stands above the glass box."""
    count, origin = len(dataset), f"{dataset.origin} " if dataset.origin else ""
    said = f"Every number of one model on its way from the histone marks of {count} {origin}"
    said += (
        f"gene{'s' * (count != 1)} to a prediction of expression. They are Python's own numbers, kept in this file; "
    )
    return said + f"nothing is sent anywhere. Made with chromolab {version('chromolab')}."


def chosen(
    dataset: Dataset, shown: tuple[str, str], genes: Sequence[str] | None, cells: Sequence[str] | None
) -> Dataset:
    """The examples of a page: the genes named, by id or name, in the cell types named; by default what is shown.

    Raises ChromolabError for a gene or a cell type that the dataset lacks.
    """
    if isinstance(genes, str) or (genes is not None and not len(genes)):
        raise ChromolabError(f"genes is {genes!r}; expected a list of gene ids or names, at least one")
    asked = [dataset.gene(g, c).genes.iloc[0] for g in genes or [shown[0]] for c in cells or [shown[1]]]
    pairs, table = {(row["gene_id"], row["cell_type"]) for row in asked}, dataset.genes
    own = [pair in pairs for pair in zip(table["gene_id"], table["cell_type"], strict=True)]
    return dataset.select(np.flatnonzero(own)).compact()
