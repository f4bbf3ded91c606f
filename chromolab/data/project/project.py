"""A `my.yaml`, its files and what they say: found once, fingerprinted before they are read, each read once."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd

from chromolab.data.chromosomes import check_assembly, chromosome_sizes, read_chrom_sizes
from chromolab.data.contacts.pcres import assign_per_cell_type
from chromolab.data.dataset.build import DATASET_VERSION
from chromolab.data.dataset.dataset import Dataset
from chromolab.data.genes.annotation import exon_lengths, read_annotation
from chromolab.data.genes.expression import ExpressionTable, open_expression
from chromolab.data.genes.folds import assign_folds, region_of
from chromolab.data.genes.gene_table import expression_key, gene_table
from chromolab.data.genes.units import normalise_expression
from chromolab.data.intervals import read_regions
from chromolab.data.project.config import Config, read_config
from chromolab.data.project.contact_tables import contact_tables
from chromolab.data.project.inputs import find
from chromolab.data.project.outputs import report_of
from chromolab.data.project.pieces import Pieces, digest_of, fingerprint
from chromolab.data.project.ready_made import published_dataset
from chromolab.data.project.tables import genes_of_types, genes_on_tracks, named_columns, rna_regions, rna_signal
from chromolab.data.report import Report
from chromolab.data.tracks.bin_means import open_track
from chromolab.errors import ChromolabError


class Project:
    """A `my.yaml` with a memory: the plan, the build and the doctor share one.

    A property is computed when it is first needed and then kept; contact tables are large and are not kept. When a file
    is not what it should be, a property raises `ChromolabError`, with the line of the yaml where one is to blame.

    Attributes
    ----------
    config : Config
    files : `inputs.Files`, the paths of its files.
    before : {path: Fingerprint} of every file, taken before any of them is read.
    pieces : Pieces or None; keeps expression that is measured from RNA tracks.
    """

    def __init__(self, path: str | PathLike[str] | Config, fetch: bool = True, progress: bool = False):
        """Read the `my.yaml` at `path` (or take a `Config`) and find its files.

        With `fetch`, files of the data manifest are downloaded; without, they must be on this machine already. With
        `progress`, reading genes in the published format shows it.
        """
        self.config = path if isinstance(path, Config) else read_config(path)
        self.files = find(self.config, fetch)
        self.before = {file: fingerprint(file) for file in self.files.every()}
        self.pieces: Pieces | None = None
        self.progress = progress

    @contextmanager
    def keeping(self, pieces: Pieces) -> Iterator[None]:
        """Inside the block, expression that is measured from RNA tracks is kept in `pieces`."""
        self.pieces = pieces
        try:
            yield
        finally:
            self.pieces = None

    # ---------------------------------------------------------------- settings

    @property
    def out(self) -> Path:
        """The path of the dataset."""
        return self.config.place(self.config.out)

    @property
    def report(self) -> Path:
        """The path of the report: beside the dataset, .html."""
        return report_of(self.out)

    @property
    def key(self) -> str:
        """Identifies a build by its settings and files, and by the version of what makes datasets of them."""
        files = {str(path): list(before) for path, before in self.before.items()}
        return digest_of("build", DATASET_VERSION, self.config.model_dump(mode="json"), files)

    @property
    def cells(self) -> list[str]:
        """The cell types, in the order of the yaml."""
        return list(self.config.cell_types)

    @property
    def marks(self) -> tuple[str, ...]:
        """The marks, in the order of the first cell type; `ChromolabError` where another cell type has other marks."""
        first, *others = self.cells
        marks = tuple(self.config.tracks(first))
        for cell in others:
            if differ := set(marks) ^ set(self.config.tracks(cell)):
                raise ChromolabError(
                    f"{self.config.where('cell_types', cell)}: only one of {first} and {cell} has "
                    f"{', '.join(sorted(differ))}; expected the same marks everywhere. Add the track, or leave the "
                    "mark out of both."
                )
        return marks

    # ---------------------------------------------------------------- chromosomes

    @cached_property
    def given_sizes(self) -> dict[str, int] | None:
        """Chromosome lengths (bp) from `chrom_sizes` or the assembly, for tracks without lengths; else None."""
        if self.files.chrom_sizes is not None:
            with self.config.placed("chrom_sizes"):
                return read_chrom_sizes(self.files.chrom_sizes)
        return None if self.config.assembly is None else chromosome_sizes(self.config.assembly)

    @property
    def expected_sizes(self) -> tuple[dict[str, int], str] | None:
        """Chromosome lengths (bp) of the assembly that the yaml names, and their source; None without one."""
        source = self.files.chrom_sizes or self.config.assembly
        return None if self.given_sizes is None else (self.given_sizes, str(source))

    @cached_property
    def stated_sizes(self) -> dict[Path, dict[str, int]]:
        """{track: {chromosome: length in bp}} as each file states it; {} for text, which does not. Opened once."""
        paths = dict.fromkeys(path for tracks in self.files.tracks.values() for path in tracks.values())
        return {path: open_track(path).chrom_sizes for path in paths}

    @cached_property
    def sizes(self) -> dict[Path, dict[str, int]]:
        """{track: {chromosome: length in bp}}, for text (bedGraph, tagAlign) those that the yaml gives."""
        sizes = {}
        for path, stated in self.stated_sizes.items():
            sizes[path] = stated or self.given_sizes
            if not sizes[path]:
                raise ChromolabError(
                    f"{self.config.path}: {path} does not say how long its chromosomes are. Give assembly:, or "
                    "chrom_sizes: (lines of chromosome and length)."
                )
        return sizes

    def check_one_assembly(self) -> None:
        """Raise `ChromolabError` where a track is of another assembly than the yaml names, or than the first track."""
        first, lengths = next(iter(self.sizes.items()))
        for path, other in self.sizes.items():
            if self.expected_sizes is not None:
                check_assembly(self.expected_sizes[0], other, self.expected_sizes[1], str(path))
            check_assembly(lengths, other, str(first), str(path))

    # ---------------------------------------------------------------- genes

    @cached_property
    def annotation(self) -> pd.DataFrame:
        """The annotation, restricted to the gene types of the yaml."""
        given = self.config.annotation
        with self.config.placed("annotation", "feature" if given.feature != "auto" else "tss"):
            annotation = read_annotation(self.files.annotation, feature=given.feature, tss=given.tss)
        if given.gene_types is None:
            return annotation
        with self.config.placed("annotation", "gene_types"):
            return genes_of_types(annotation, given.gene_types, self.files.annotation)

    @cached_property
    def annotation_on_tracks(self) -> tuple[pd.DataFrame, Report]:
        """The annotated genes on chromosomes that every track has, and a report of the others."""
        return genes_on_tracks(self.annotation, self.sizes, self.given_sizes)

    @cached_property
    def within(self) -> pd.DataFrame | None:
        """The regions in which genes must lie; None where the yaml gives none."""
        if self.files.within is None:
            return None
        with self.config.placed("within"):
            return read_regions(self.files.within)

    @cached_property
    def expression_rows(self) -> ExpressionTable | None:
        """The rows of the expression table; None where the yaml gives none."""
        if self.files.expression is None:
            return None
        given = self.config.expression
        unit = "RPKM" if given.unit == "FPKM" else given.unit
        with self.config.placed("expression", "id_column"):
            return open_expression(
                self.files.expression, given.id_column, unit, header=given.header, decimal=given.decimal
            )

    @cached_property
    def columns(self) -> dict[str, str]:
        """{cell type: its column of the expression table}, for cell types that take it from there."""
        given = {cell: described.expression for cell, described in self.config.cell_types.items()}
        return {cell: column or cell for cell, column in given.items() if cell not in self.files.rna}

    @cached_property
    def expression_as_given(self) -> pd.DataFrame | None:
        """The columns of the expression table that cell types name, as they are written; None where none is given."""
        if self.expression_rows is None or not self.columns:
            return None
        return named_columns(self.config, self.expression_rows, self.columns)

    @cached_property
    def expression(self) -> dict[str, pd.Series | None]:
        """{cell type: expression by gene}; None where nothing was measured."""
        table = self.expression_as_given
        if table is not None and self.config.expression.unit == "counts":
            known = "lengths" in table.attrs
            table = normalise_expression(table, "RPKM", None if known else exon_lengths(self.files.annotation))
        return {cell: self._expression_of(cell, table) for cell in self.cells}

    def _expression_of(self, cell: str, table: pd.DataFrame | None) -> pd.Series | None:
        if cell in self.files.rna:
            return self._expression_from_rna(cell)
        return None if table is None else table[self.columns[cell]]

    def _expression_from_rna(self, cell: str) -> pd.Series:
        """Mean RNA signal on each gene's own strand; from its piece where an earlier build kept one."""
        annotation, key = self.annotation_on_tracks[0], self.rna_keys[cell]
        kept = None if self.pieces is None else self.pieces.read(key)
        if kept is None:
            kept = {"value": rna_signal(self.files.rna[cell], self._rna_regions(cell), self.given_sizes)}
            if self.pieces is not None:
                self.pieces.write(key, **kept)
        values = pd.Series(kept["value"], index=pd.Index(expression_key(annotation), name="gene_id"))
        if (negative := values < 0).any():
            raise ChromolabError(
                f"{self.config.where('cell_types', cell, 'expression')}: the mean RNA signal of "
                f"{values[negative].index[0]} is {values[negative].iloc[0]:.3g} ({negative.sum()} such genes); "
                "expected signal >= 0. If the track of the reverse strand holds negative values, write it again with "
                "the sign reversed."
            )
        return values.dropna().groupby(level=0, sort=False).mean()  # a gene with several TSSs: their mean

    @cached_property
    def rna_keys(self) -> dict[str, str]:
        """{cell type: key of the piece that keeps its expression}, for cell types that take it from RNA tracks."""
        keys = {}
        for cell, tracks in self.files.rna.items():
            regions = self._rna_regions(cell)
            prints = {strand: list(self.before[path]) for strand, path in tracks.items()}
            columns = [regions[c].tolist() for c in ("gene", "chrom", "start", "end", "strand")]
            keys[cell] = digest_of("rna", DATASET_VERSION, prints, self.given_sizes, *columns)
        return keys

    def _rna_regions(self, cell: str) -> pd.DataFrame:
        over, annotation = self.config.cell_types[cell].expression.over, self.annotation_on_tracks[0]
        return rna_regions(annotation, over, self.files.annotation)

    @cached_property
    def folds(self):
        """The folds, in a form that `gene_table` takes; chromosomes are assigned once for all cell types."""
        folds = self.config.folds
        if folds.chromosomes is not None:
            return folds.chromosomes
        if self.files.folds is not None:
            regions = read_regions(self.files.folds)
            return regions.assign(fold=np.arange(len(regions)) % (folds.number or 4) + 1)
        genes = self.annotation_on_tracks[0]
        if known := [values for values in self.expression.values() if values is not None]:
            on = self.config.expression.match if self.config.expression else "gene_id"
            genes = genes[expression_key(genes, on).isin({name for values in known for name in values.index})]
        if self.within is not None:
            genes = genes[region_of(genes, self.within, self.config.window) >= 0]
        if genes.empty:
            return folds.number  # gene_table raises the error
        return assign_folds(genes, folds.number, window=self.config.window)[0].set_index("gene_id")["fold"]

    @cached_property
    def genes(self) -> tuple[pd.DataFrame, dict[str, Report]]:
        """The gene table of all cell types, and {cell type: report of the genes kept and lost}.

        Genes on chromosomes that a track lacks are left out: no data is not the same as no signal.
        """
        self.check_one_assembly()
        annotation, notes = self.annotation_on_tracks
        expression, within = self.expression, self.within
        with self.config.placed("folds"):
            folds = self.folds
        parts, reports = [], {}
        for cell, values in expression.items():
            table = None if values is None else values.to_frame(cell)
            with self.config.placed("cell_types", cell):
                genes, report = gene_table(
                    annotation, table, cell, folds, within, window=self.config.window, on=self.ids_of(cell)
                )
            parts.append(genes)
            reports[cell] = Report([*notes, *report])
        return pd.concat(parts, ignore_index=True), reports

    def ids_of(self, cell: str) -> str:
        """Whether a cell type's expression names genes by "gene_id" or by "gene_name"."""
        return self.config.expression.match if self.config.expression and cell not in self.files.rna else "gene_id"

    # ---------------------------------------------------------------- contacts

    def contacts(self, genes: pd.DataFrame) -> dict[str, pd.DataFrame]:
        """{cell type: contacts}. A table that several name is read once; a matrix is read only near the genes."""
        return contact_tables(self.config, self.files.contacts, genes)

    @cached_property
    def pcres(self) -> tuple[list[pd.DataFrame], dict[str, Report]]:
        """The pCREs of each cell type, and {cell type: report of the contacts kept and lost}."""
        config, genes, options = self.config, self.genes[0], {}
        for cell in self.files.contacts:
            given = config.cell_types[cell].contacts
            options[cell] = {
                "k": config.n_pcres,
                "min_frequency": self.min_frequency(cell),
                "max_length": config.window,
                "promoter_flank": given.promoter_flank,
                "cis_only": given.cis_only,
            }
        tables = self.contacts(genes)
        try:
            pcres, reports = assign_per_cell_type(genes, tables, options)
        except ChromolabError as e:
            raise ChromolabError(f"{config.path}: {e}") from None
        for cell, path in self.files.contacts.items():
            if config.cell_types[cell].contacts.elements is not None:
                reports[cell].known(
                    f"as often as distance says, of the elements in {path.name}", count=len(tables[cell])
                )
        return pcres, reports

    def min_frequency(self, cell: str) -> float:
        """The frequency that a contact of a cell type must exceed."""
        given = self.config.cell_types[cell].contacts
        if given.min_frequency is not None:
            return given.min_frequency
        return self.config.min_frequency if given.elements is None else 0.0

    # ---------------------------------------------------------------- genes in the published format

    @cached_property
    def published(self) -> Dataset:
        """The dataset of `published:`, whose genes bring their own depth."""
        return published_dataset(self.config, self.files, self.progress)
