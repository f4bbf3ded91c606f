"""The dataset of a `my.yaml` without a file: for experiments, which choose cell types, marks and contacts anew."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from os import PathLike
from typing import Any

import pandas as pd

from chromolab.data.contacts.by_distance import contacts_by_distance
from chromolab.data.dataset.build import build_dataset
from chromolab.data.dataset.dataset import Dataset
from chromolab.data.project.project import Project
from chromolab.errors import ChromolabError


def read_project(
    path: str | PathLike[str],
    *,
    cell_types: Sequence[str] | None = None,
    marks: Sequence[str] | None = None,
    elements: Mapping[str, Any] | None = None,
    n_pcres: int | None = None,
    origin: str | None = None,
) -> Dataset:
    """Build the dataset of a `my.yaml` in memory; nothing is written, and nothing is kept.

    Parameters
    ----------
    path : the `my.yaml`.
    cell_types, marks : sequence of str, optional
        Only these, in this order; default all.
    elements : {cell type: DataFrame or BED file}, optional
        Elements for `cl.data.contacts_by_distance`, instead of contacts that the file names; a cell type that is not
        listed has none. Every listed element up to 500 kb away counts, the nearest first.
    n_pcres : int, optional
        pCREs kept per gene; default as the file says.
    origin : str, optional
        What figures say of the data; default as the file says.

    Returns
    -------
    Dataset

    Raises
    ------
    ChromolabError
        As `cl.build` does; for a cell type or mark that the file does not have; and for genes in the published format.
    """
    project = Project(path)
    config = project.config
    if config.published is not None:
        raise ChromolabError(f"{path}: genes in the published format; read them with cl.read_published.")
    cells, wanted = list(cell_types or project.cells), tuple(marks or project.marks)
    for what, asked, known in (("cell type", cells, project.cells), ("mark", wanted, project.marks)):
        if unknown := [name for name in asked if name not in known]:
            raise ChromolabError(f"{path}: no {what} {unknown[0]!r}; it has {', '.join(known)}.")
    genes = project.genes[0]
    genes = genes[genes["cell_type"].isin(cells)].reset_index(drop=True)
    tracks = {cell: {mark: project.files.tracks[cell][mark] for mark in wanted} for cell in cells}
    contacts, least = _contacts(project, genes, cells, elements)
    dataset = build_dataset(
        genes,
        tracks,
        contacts,
        window=config.window,
        resolutions=config.resolutions,
        n_pcres=n_pcres or config.n_pcres,
        min_frequency=least,
        missing={mark: _missing(project, cells, mark) for mark in wanted},
        transforms={mark: how for mark, how in config.transforms().items() if mark in wanted},
        chrom_sizes=project.given_sizes,
        dtype=config.dtype,
        origin=config.origin if origin is None else origin,
        progress=False,
    )
    said = {mark: {project.files.scales[cell, mark] for cell in cells} for mark in wanted}
    scales = {mark: scale for mark, of in said.items() if len(of) == 1 for scale in of if scale is not None}
    return replace(dataset, scales=dataset.scales | scales)


def _missing(project: Project, cells: Sequence[str], mark: str) -> str:
    """What a base without a value means in a mark, where all these cell types say the same."""
    said = {project.config.missing_of(cell, mark) for cell in cells}
    if len(said) > 1:
        raise ChromolabError(
            f"{project.config.path}: missing of {mark} is {' and '.join(sorted(said))}, by cell type; here it must be "
            "one. Build with cl.build, or choose cell types that agree."
        )
    return said.pop()


def _contacts(
    project: Project, genes: pd.DataFrame, cells: Sequence[str], elements: Mapping[str, Any] | None
) -> tuple[dict[str, pd.DataFrame] | None, float]:
    """{cell type: contacts} and the frequency that they must exceed; None without contacts."""
    if elements is not None:
        of_cell = {cell: genes[genes["cell_type"] == cell] for cell in elements if cell in cells}
        return {cell: contacts_by_distance(rows, elements[cell]) for cell, rows in of_cell.items()}, 0.0
    named = [cell for cell in cells if cell in project.files.contacts]
    if not named:
        return None, project.config.min_frequency
    tables = project.contacts(genes)
    least = {cell: project.min_frequency(cell) for cell in named}
    strong = {cell: tables[cell][tables[cell]["frequency"] > least[cell]] for cell in named}
    return strong, 0.0
