"""A gene chooser: type a name or an id, then choose the cell type."""

from typing import Any

import traitlets

from chromolab.data.dataset.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.show.widgets.base import Widget, script, styles

FOUND = 12  # genes that a search returns, at most


class GeneIndex:
    """The genes of a dataset by name and id."""

    def __init__(self, dataset: Dataset):
        genes = dataset.genes
        self._genes = genes[["gene_id", "gene_name", "cell_type"]].astype(str)
        self._names = list(zip(genes["gene_id"].str.lower(), genes["gene_name"].str.lower(), strict=True))

    def search(self, text: str) -> list[dict]:
        """Up to 12 genes whose name or id contains a text, those that begin with it first.

        Each is {"gene_id", "gene_name", "cell_types": list}.
        """
        text = text.strip().lower()
        hits = [i for i, names in enumerate(self._names) if any(text in name for name in names)]
        hits.sort(key=lambda i: (not any(name.startswith(text) for name in self._names[i]), i))
        matches: dict[str, dict[str, Any]] = {}
        for i in hits:
            gene_id, name, cell = self._genes.iloc[i]
            matches.setdefault(gene_id, {"gene_id": gene_id, "gene_name": name, "cell_types": []})
            matches[gene_id]["cell_types"].append(cell)
            if len(matches) > FOUND:
                break
        return list(matches.values())[:FOUND]


class GeneChooser(Widget):
    """Find a gene by typing, and choose its cell type.

    Parameters
    ----------
    dataset : Dataset
    gene, cell_type : str, optional
        The gene shown first, by id or name; default: the first example.

    Attributes
    ----------
    chosen : dict
        gene_id, gene_name, cell_type and cell_types (all that have the gene); `observe` it to follow the choice.
    gene : Dataset
        The chosen example, as `dataset.gene(gene_id, cell_type)` gives it.

    Raises
    ------
    ChromolabError
        When the gene is not in the dataset.
    """

    _esm = script("chooser")
    _css = styles("shared/genebox.css")
    chosen = traitlets.Dict().tag(sync=True)
    origin = traitlets.Unicode(help="where the dataset comes from (`Dataset.origin`)").tag(sync=True)

    def __init__(self, dataset: Dataset, gene: str | None = None, cell_type: str | None = None):
        self._dataset: Any = dataset  # None once released
        self._index: Any = GeneIndex(dataset)
        row = (dataset if gene is None else dataset.gene(gene, cell_type)).genes.iloc[0]
        super().__init__(chosen=self._about(row["gene_id"], row["cell_type"]), origin=dataset.origin)

    @property
    def gene(self) -> Dataset:
        """The chosen gene in its cell type, as a dataset of one example."""
        return self._dataset.gene(self.chosen["gene_id"], self.chosen["cell_type"])

    def reply(self, request: dict) -> tuple[dict, list[bytes]]:
        match request:
            case {"kind": "search", "text": str(text)}:
                return {"found": self._index.search(text)}, []
            case {"kind": "choose", "gene_id": str(gene), "cell_type": str(cell)}:
                self.chosen = self._about(gene, cell)
                return {}, []
        raise ChromolabError(f"the gene chooser does not know the request {str(request)[:200]}")

    def release(self) -> None:
        self._dataset = self._index = None

    def _about(self, gene: str, cell_type: str) -> dict:
        row, genes = self._dataset.gene(gene, cell_type).genes.iloc[0], self._dataset.genes
        cells = genes["cell_type"][genes["gene_id"] == row["gene_id"]].astype(str).tolist()
        names = {name: str(row[name]) for name in ("gene_id", "gene_name", "cell_type")}
        return names | {"cell_types": cells}
