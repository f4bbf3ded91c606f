"""Finding a gene by typing: its name or its id."""

from typing import Any

import pandas as pd

FOUND = 12  # genes that a search returns, at most


class GeneIndex:
    """The genes of a table by name and id.

    Parameters
    ----------
    genes : DataFrame
        Columns gene_id, gene_name, and cell_type where there are any: `Dataset.genes`.
    """

    def __init__(self, genes: pd.DataFrame):
        self._genes = genes.reindex(columns=["gene_id", "gene_name", "cell_type"], fill_value="").astype(str)
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
            matches[gene_id]["cell_types"].extend([cell] if cell else [])
            if len(matches) > FOUND:
                break
        return list(matches.values())[:FOUND]
