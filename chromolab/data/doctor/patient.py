"""The files that the doctor looks at, each read once."""

from collections.abc import Iterable
from functools import cached_property

import numpy as np
import pandas as pd

from chromolab.data.chromosomes import find_chromosome
from chromolab.data.genes.folds import region_of
from chromolab.data.genes.gene_table import expression_key
from chromolab.data.project import inputs as located
from chromolab.data.project import tables as sources
from chromolab.data.project.config import Config
from chromolab.data.project.pieces import fingerprint
from chromolab.data.tracks.bin_means import BinMeans, bin_means_many
from chromolab.errors import ChromolabError

AROUND, BIN = 10_000, 250  # bp read on each side of a TSS, and bp per bin


GENES = 800  # genes sampled per cell type


FEW_GENES = 100  # a model cannot learn from fewer genes; the doctor notes it


class Patient:
    """The files of a config. Each is read once, when a check first needs it."""

    def __init__(self, config: Config, files: located.Files):
        self.config, self.files = config, files
        self.misplaced: set[str] = set()  # cell types whose promoter marks do not lie at the genes' TSSs
        self.unreadable: dict[tuple[str, str], str] = {}  # (cell type, mark): why its signal could not be read

    @property
    def cells(self) -> list[str]:
        return list(self.config.cell_types)

    @cached_property
    def marks(self) -> list[str]:
        return list(dict.fromkeys(mark for cell in self.cells for mark in self.config.tracks(cell)))

    @cached_property
    def sizes(self) -> dict:
        """{track: {chromosome: length in bp}}"""
        return sources.track_sizes(self.config, self.files)

    @cached_property
    def given_sizes(self) -> dict[str, int] | None:
        """{chromosome: length in bp} from the yaml, for tracks without lengths; None where it gives none"""
        return sources.given_sizes(self.config, self.files)

    @cached_property
    def annotation(self) -> pd.DataFrame:
        return sources.annotated(self.config, self.files)

    @cached_property
    def on_tracks(self) -> pd.DataFrame:
        """Genes on chromosomes that every track has, and inside `within`."""
        genes = sources.on_tracks(self.annotation, self.sizes)[0]
        if (within := sources.regions_within(self.config, self.files)) is None:
            return genes
        return genes[region_of(genes, within, self.config.window) >= 0].reset_index(drop=True)

    @cached_property
    def expression(self) -> dict:
        """{cell type: Series by gene, or None}"""
        before = {path: fingerprint(path) for path in self.files.every()}
        return sources.measured(self.config, self.files, self.on_tracks, before, None)[0]

    @cached_property
    def contacts(self) -> dict[str, pd.DataFrame]:
        return sources.read_contact_tables(self.config, self.files, self.on_tracks)

    def length_of(self, chrom: str) -> float:
        """The length (bp) of a chromosome in the first track; infinite where it lacks the chromosome."""
        lengths = next(iter(self.sizes.values()))
        return lengths.get(find_chromosome(chrom, lengths), np.inf)

    def sample(self, cell: str) -> pd.DataFrame:
        """Sample genes evenly over the annotation: half from the more expressed half, where expression is known.

        The column `x` holds their expression (NaN where it is not known).
        """
        genes = self.on_tracks
        try:
            values = self.expression[cell]
        except ChromolabError:
            values = None
        if values is not None:
            on = self.config.expression.match if self.config.expression and cell not in self.files.rna else "gene_id"
            x = expression_key(genes, on).map(values[~values.index.duplicated()])
            known = genes.assign(x=x)[x.notna()]
            if len(known):
                high = known[known["x"] >= known["x"].median()]
                return pd.concat([_spread(high, GENES // 2), _spread(known.drop(high.index), GENES // 2)])
        return _spread(genes.assign(x=np.nan), GENES)

    @cached_property
    def samples(self) -> dict[str, pd.DataFrame]:
        return {cell: self.sample(cell).reset_index(drop=True) for cell in self.cells}

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
        options = {"progress": False, "missing_chromosomes": "nan", "chrom_sizes": self.given_sizes}
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
