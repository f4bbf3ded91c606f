"""Where a gene's models look, and what else lies there: genes with their exons, fragments that other genes touch."""

from functools import lru_cache
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from chromolab.data.bodies.loader import places_seen
from chromolab.data.dataset.dataset import Dataset
from chromolab.data.genes.annotation import read_exons
from chromolab.data.text import existing_file
from chromolab.models.wholegene import WholeGene


@lru_cache(maxsize=2)
def _exons(annotation: Path, changed: int) -> dict[str, list[list[int]]]:
    """{gene id: [[start, end], ...]}; one copy for all labs of a process, until the file is changed."""
    return _by_gene(read_exons(annotation))


def _by_gene(table: pd.DataFrame) -> dict[str, list[list[int]]]:
    exons: dict[str, list[list[int]]] = {}
    for gene_id, first, last in table[["gene_id", "start", "end"]].itertuples(index=False):
        exons.setdefault(str(gene_id), []).append([int(first), int(last)])
    return exons


def _rows(gene: Dataset) -> list[int]:
    """Rows of `signal.regions`: the window, the pCREs by falling frequency, and the whole gene if it is read."""
    whole = [] if gene.body is None else [int(gene.body[0])]
    return [int(gene.promoter[0]), *(int(r) for r in gene.pcre[0] if r >= 0), *whole]


def regions_of(gene: Dataset, edited: Dataset) -> list[dict[str, Any]]:
    """Where the models look.

    Parameters
    ----------
    gene, edited : Dataset
        One gene without and with its edits.

    Returns
    -------
    list of dict
        The window, the pCREs by falling frequency, the whole gene if it is read, then added pCREs: row (of
        `signal.regions`), offset and bins (in `signal.depth`), chrom, start, end, rank (0 for the window, 1 ... for
        pCREs, None for the whole gene), frequency (without edits; None for an added pCRE), now (with them; None for a
        cut contact), added.
    """
    known, offsets, places = len(gene.signal.regions), edited.signal.offsets, edited.signal.regions
    frequency = {int(r): float(f) for r, f in zip(gene.pcre[0], gene.frequency[0], strict=True) if r >= 0}
    now = {int(r): float(f) for r, f in zip(edited.pcre[0], edited.frequency[0], strict=True) if r >= 0}
    rows, whole = [*_rows(gene), *(r for r in now if r >= known)], None if gene.body is None else int(gene.body[0])
    rank = {row: i for i, row in enumerate(r for r in rows if r != whole)}
    return [
        {
            "row": row,
            "offset": int(offsets[row]),
            "bins": int(offsets[row + 1] - offsets[row]),
            "chrom": str(places["chrom"].iloc[row]),
            "start": int(places["start"].iloc[row]),
            "end": int(places["end"].iloc[row]),
            "rank": rank.get(row),
            "frequency": frequency.get(row),
            "now": now.get(row),
            "added": row >= known,
        }
        for row in rows
    ]


def bins_read(model: WholeGene, gene: Dataset) -> list[list[int]]:
    """Start and end on the chromosome of every bin that a model reads of a whole gene, 5' to 3'."""
    batch = model.loader(gene).batch([0])
    batch.more = model.within_reach(batch.more)
    return np.stack(places_seen(batch, 0, gene.genes.iloc[0]), 1).tolist()


class Surroundings:
    """The genes and fragments of a dataset by place.

    Parameters
    ----------
    dataset : Dataset
        Of every gene a place is known: start and end where the dataset has them, else the TSS alone.
    annotation : path, optional
        A GTF or GFF3 with exon rows, for the exons; without it those that the dataset holds, if it does.

    Raises
    ------
    ChromolabError
        For an annotation that is not there, or has a malformed row.
    """

    def __init__(self, dataset: Dataset, annotation: str | PathLike[str] | None = None):
        self.dataset = dataset
        known = [c for c in ("gene_id", "gene_name", "chrom", "strand", "tss", "start", "end") if c in dataset.genes]
        genes = dataset.genes[known].drop_duplicates("gene_id").reset_index(drop=True)
        whole = genes["tss"].astype(float)
        start = genes["start"].fillna(whole) if "start" in genes else whole
        end = genes["end"].fillna(whole + 1) if "end" in genes else whole + 1
        self.genes = genes.assign(start=start.astype(np.int64), end=end.astype(np.int64))
        self.exons: dict[str, list[list[int]]] = {}
        if annotation is not None:
            path = existing_file(annotation, "an annotation")
            self.exons = _exons(path, path.stat().st_mtime_ns)
        elif dataset.exons is not None:
            self.exons = _by_gene(dataset.exons)
        self._fragments: dict[str, tuple[pd.DataFrame, np.ndarray, np.ndarray]] = {}

    def of(self, gene: Dataset) -> list[dict[str, Any]]:
        """What lies in each region of a gene: its window, its pCREs by falling frequency, the whole gene if it is read.

        Returns
        -------
        list of {"genes", "fragments"}
            genes: {"gene_id", "name", "strand", "tss", "start", "end", "exons": [[start, end], ...] or None where they
            are not known, "own": whether it is the gene itself}; fragments: {"start", "end", "genes": names of the
            other genes that touch it in this cell type}, without the region itself. All in bp, 0-based, half open.
        """
        row = gene.genes.iloc[0]
        own, cell = str(row["gene_id"]), str(row["cell_type"])
        rows = _rows(gene)
        return [
            {"genes": self._genes_in(place, own), "fragments": self._fragments_in(place, own, cell)}
            for place in gene.signal.regions.iloc[rows].itertuples()
        ]

    def _genes_in(self, place, own: str) -> list[dict]:
        g = self.genes
        inside = (g["chrom"] == place.chrom) & (g["start"] < place.end) & (g["end"] > place.start)
        return [
            {
                "gene_id": str(r.gene_id),
                "name": str(getattr(r, "gene_name", "") or r.gene_id),
                "strand": str(r.strand),
                "tss": int(r.tss),
                "start": int(r.start),
                "end": int(r.end),
                "exons": self.exons.get(str(r.gene_id)) if self.exons else None,
                "own": str(r.gene_id) == own,
            }
            for r in g[inside].itertuples()
        ]

    def _fragments_in(self, place, own: str, cell: str) -> list[dict]:
        places, touched, names = self._of_cell(cell)
        inside = (places["chrom"] == place.chrom) & (places["start"] < place.end) & (places["end"] > place.start)
        inside &= (places["start"] != place.start) | (places["end"] != place.end)
        found = []
        for row in np.flatnonzero(inside.to_numpy()):
            first, last = np.searchsorted(touched, [row, row + 1])
            others = [name for gene_id, name in names[first:last] if gene_id != own]
            if others:
                found.append(
                    {"start": int(places["start"].iloc[row]), "end": int(places["end"].iloc[row]), "genes": others}
                )
        return found

    def _of_cell(self, cell: str) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
        """A cell type's regions that genes touch, and for each contact, sorted: its region, and (gene id, name)."""
        if cell not in self._fragments:
            ds = self.dataset
            examples = np.flatnonzero((ds.genes["cell_type"] == cell).to_numpy())
            example, slot = np.nonzero(ds.pcre[examples] >= 0)
            rows, region = np.unique(ds.pcre[examples][example, slot], return_inverse=True)
            names = ds.genes[["gene_id", "gene_name"]].astype(str).to_numpy()[examples[example]]
            order = np.argsort(region, kind="stable")
            places = ds.signal.regions.iloc[rows].reset_index(drop=True)
            self._fragments[cell] = (places, region[order], names[order])
        return self._fragments[cell]
