"""Files of edits that name what they belong to: the lab writes them and reads them. Older ones name nothing."""

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from chromolab.data.dataset.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.learn.edit.kinds import Edit
from chromolab.learn.edit.text import read_json, to_json
from chromolab.models.base import Model


def written(edits: Sequence[Edit], gene: Dataset, models: Sequence[Model]) -> str:
    """The edits as JSON (`cl.edits.to_json`), and beside them the gene, its cell type, the models and the version."""
    row = gene.genes.iloc[0]
    about: dict[str, Any] = {name: str(row.get(name, "")) for name in ("gene_id", "gene_name", "cell_type")}
    about |= {"models": [m.made_by or f"{type(m).__name__}, {m.task}" for m in models], "version": version("chromolab")}
    return to_json(edits, about=about)


def read(text: str) -> tuple[list[Edit], dict[str, Any]]:
    """The edits of a file's text, and what it belongs to: {} in an older file.

    Raises
    ------
    ChromolabError
        For text that is no file of edits; nothing is read from a path.
    """
    if not text.lstrip().startswith("{"):  # it would be read as the path of a file
        raise ChromolabError("this is not a file of edits; write one with Save, or cl.edits.to_json")
    return read_json(text)


def note_on(about: Mapping[str, Any], gene: Dataset) -> str | None:
    """What to say when a file's edits are applied to a gene: None if they were made for this gene in this cell type.

    Raises
    ------
    ChromolabError
        If the file belongs to another gene, which is named.
    """
    row = gene.genes.iloc[0]
    if about.get("gene_id", row["gene_id"]) != row["gene_id"]:
        raise ChromolabError(
            f"this file holds edits of {_called(about)}, and the lab shows {_called(row)}: choose the file's gene "
            "first, then load it again"
        )
    if (cell := about.get("cell_type", row["cell_type"])) != row["cell_type"]:
        return f"The file's edits were made in {cell}; here they are applied to {row['cell_type']}."
    return None


def _called(gene: Mapping) -> str:
    """A gene's name, id and cell type."""
    names = dict.fromkeys(filter(None, (str(gene.get("gene_name") or ""), str(gene["gene_id"]))))
    return f"{' '.join(names)} in {gene.get('cell_type', 'some cell type')}"
