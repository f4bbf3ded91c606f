"""What only the doctor asks about a `Project`: signal around a sample of genes, and what was reported already."""

from collections.abc import Iterable
from functools import cached_property

import numpy as np
import pandas as pd

from chromolab.data.chromosomes import find_chromosome
from chromolab.data.genes.folds import region_of
from chromolab.data.genes.gene_table import expression_key
from chromolab.data.project.project import Project
from chromolab.data.tracks.bin_means import BinMeans, bin_means_many
from chromolab.errors import ChromolabError

AROUND, BIN = 10_000, 250  # bp read on each side of a TSS, and bp per bin
GENES = 800  # genes sampled per cell type
FEW_GENES = 100  # a model cannot learn from fewer genes; the doctor notes it


class Patient:
    """A `Project` under examination. Signal is read once, when a check first needs it."""

    def __init__(self, project: Project):
        self.project, self.config, self.files = project, project.config, project.files
        self.reported: set[str] = set()  # errors that a finding gives already
        self.misplaced: set[str] = set()  # cell types whose promoter marks do not lie at the genes' TSSs
        self.unreadable: dict[tuple[str, str], str] = {}  # (cell type, mark): why its signal could not be read

    @property
    def cells(self) -> list[str]:
        """The cell types, in the order of the yaml."""
        return self.project.cells

    @cached_property
    def marks(self) -> list[str]:
        """The marks of all cell types together."""
        return list(dict.fromkeys(mark for cell in self.cells for mark in self.config.tracks(cell)))

    @cached_property
    def genes(self) -> pd.DataFrame:
        """The annotated genes on chromosomes that every track has, and inside `within`."""
        genes, _ = self.project.annotation_on_tracks
        if self.project.within is None:
            return genes
        return genes[region_of(genes, self.project.within, self.config.window) >= 0].reset_index(drop=True)

    @cached_property
    def expression(self) -> dict[str, pd.Series | None]:
        """{cell type: expression by gene, or None}; from RNA tracks, of the genes inside `within` only."""
        names = set(expression_key(self.genes))
        rna = self.files.rna
        return {c: x[x.index.isin(names)] if c in rna else x for c, x in self.project.expression.items()}

    @cached_property
    def contacts(self) -> dict[str, pd.DataFrame]:
        """{cell type: contacts}; of a matrix, those near `genes`."""
        return self.project.contacts(self.genes)

    def length_of(self, chrom: str) -> float:
        """The length (bp) of a chromosome in the first track; infinite where it lacks the chromosome."""
        lengths = next(iter(self.project.sizes.values()))
        return lengths.get(find_chromosome(chrom, lengths), np.inf)

    @cached_property
    def samples(self) -> dict[str, pd.DataFrame]:
        """{cell type: sampled genes}, with their expression in the column `x` (NaN where it is not known)."""
        return {cell: self._sample(cell).reset_index(drop=True) for cell in self.cells}

    def _sample(self, cell: str) -> pd.DataFrame:
        """Genes spread evenly over the annotation: half from the more expressed half, where expression is known."""
        genes = self.genes
        try:
            values = self.expression[cell]
        except ChromolabError:
            values = None
        if values is not None:
            x = expression_key(genes, self.project.ids_of(cell)).map(values[~values.index.duplicated()])
            known = genes.assign(x=x)[x.notna()]
            if len(known):
                high = known[known["x"] >= known["x"].median()]
                return pd.concat([_spread(high, GENES // 2), _spread(known.drop(high.index), GENES // 2)])
        return _spread(genes.assign(x=np.nan), GENES)

    @cached_property
    def around(self) -> dict[str, dict[str, BinMeans]]:
        """{cell type: {mark: bin means around the TSSs of the sampled genes}}, in the direction of the chromosome.

        A track that cannot be read is left out; `unreadable` says why.
        """
        return {cell: self._around(cell) for cell in self.cells}

    def _around(self, cell: str) -> dict[str, BinMeans]:
        place = self.samples[cell]["tss"] - AROUND, 2 * AROUND, BIN
        try:
            return self._read(cell, *place)
        except ChromolabError:  # read the tracks one by one to see which of them fails
            found = {}
            for mark in self.files.tracks[cell]:
                try:
                    found |= self._read(cell, *place, [mark])
                except ChromolabError as e:
                    self.unreadable[cell, mark] = str(e)
            return found

    def at_other_end(self, cell: str, marks: Iterable[str]) -> dict[str, np.ndarray]:
        """{mark: mean signal (genes,) within 1 kb of the gene's other end}"""
        genes = self.samples[cell]
        other = genes["start"] + genes["end"] - 1 - genes["tss"]
        found = self._read(cell, other - 1000, 2000, 2000, marks)
        return {mark: means.mean for mark, means in found.items()}

    def _read(self, cell: str, start: pd.Series, length: int, bin_size: int, marks=None) -> dict[str, BinMeans]:
        regions = pd.DataFrame({"chrom": self.samples[cell]["chrom"], "start": start, "end": start + length})
        tracks = {m: p for m, p in self.files.tracks[cell].items() if marks is None or m in marks}
        options = {"progress": False, "missing_chromosomes": "nan", "chrom_sizes": self.project.given_sizes}
        return bin_means_many(tracks, regions, bin_size, **options)

    def matrix(self, cell: str, mark: str) -> np.ndarray:
        """Mean signal per bin around the TSS, (genes, bins), 5' to 3'."""
        depth = self.around[cell][mark].mean.reshape(len(self.samples[cell]), -1)
        reverse = (self.samples[cell]["strand"] == "-").to_numpy()
        return np.where(reverse[:, None], depth[:, ::-1], depth)

    def high(self, cell: str) -> np.ndarray:
        """Which sampled genes are in the more expressed half, (genes,) of bool; all where expression is not known."""
        x = self.samples[cell]["x"]
        return np.ones(len(x), bool) if x.isna().all() else (x >= x.median()).to_numpy()


def _spread(genes: pd.DataFrame, n: int) -> pd.DataFrame:
    return (
        genes.iloc[np.unique(np.linspace(0, len(genes) - 1, min(n, len(genes))).astype(int))] if len(genes) else genes
    )
