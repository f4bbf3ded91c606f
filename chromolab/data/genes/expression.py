"""Expression tables from Roadmap, ENCODE, GTEx, GEO or one's own pipeline.

The models learn log2(x + 1). The +1 sets the scale: changes well below 1 RPKM hardly show; well above it, a doubling
adds 1. In the published study x is RPKM. TPM ranks the genes of a cell type in the same order and differs from RPKM by
one factor per cell type (about 1 to 4), so log2(TPM + 1) is another number: a regressor trained on one unit does not
predict the other. Labels (above or below the median) are the same in both.
"""

import logging
from collections import Counter
from collections.abc import Sequence
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd

from chromolab.data.file_kinds import GCT, SERIES
from chromolab.data.genes import programs, workbooks
from chromolab.data.genes.ids import gene_of, spoilt, strip_version
from chromolab.data.genes.units import UNITS, check_unit, doubts
from chromolab.data.report import Report
from chromolab.data.tables import EMPTY, Given, Table, read_rows
from chromolab.data.text import coordinates, existing_file, maybe_number, number_of
from chromolab.errors import ChromolabError

log = logging.getLogger("chromolab")

INFINITE = ("inf", "infinity")
WHAT = "an expression table (a row per gene, a column per cell type)"
MOST = 20_000  # samples; more columns are single cells


def read_expression(
    path: str | PathLike[str],
    id_column: str | None = None,
    unit: str | None = None,
    *,
    columns: str | Sequence[str] | None = None,
    header: bool | Sequence[str] | None = None,
    decimal: str | None = None,
) -> pd.DataFrame:
    """Read a table of RPKM, TPM or counts: a row per gene, a column per cell type; compressed or not.

    Read are text with tabs, commas, semicolons or spaces, GCT files, GEO's series matrices, Excel workbooks (with
    openpyxl; the first sheet) and AnnData of a few samples (with h5py). How a text is laid out is told from its rows,
    and said in `table.attrs["report"]`: separator, decimal commas, a header that begins with #, that lacks the first
    column's name (as R writes it) or is absent; separators at the ends of rows (Roadmap's) are no columns.

    Left out are columns of text, columns that describe a gene (positions, lengths, ...), and rows that count reads
    outside genes (htseq-count's ``__no_feature``, ..., STAR's ``N_unmapped``, ...). Of a table of one sample in several
    units (RSEM, Salmon, StringTie, Cufflinks) the column in `unit` is read. A column of counts without a name is named
    after the file, STAR's are unstranded, forward and reverse. Of composite ids (ENSG..._SYMBOL, SYMBOL|entrez) the
    gene is taken. Lengths of genes (featureCounts, RSEM, Salmon) are kept in `table.attrs["lengths"]` (bp).

    Parameters
    ----------
    path : the file.
    id_column : the column of gene ids; by default the first.
    unit : "RPKM" (also for FPKM), "TPM" or "counts", if known; kept in `table.attrs["unit"]`. Counts must go through
        `normalise_expression` before `gene_table` takes them.
    columns : the columns to read. Only these have to hold numbers. By default all that are expression.
    header : whether the first line names the columns; or the names of all columns of a file without a header. By
        default told from the rows.
    decimal : the decimal mark, "." or ",". By default told from the numbers.

    Returns
    -------
    DataFrame of float64, index `gene_id` (without version), columns the cell types.

    Raises
    ------
    ChromolabError
        A row with too many or too few values, a gene in two rows, or a value that is missing, not a number, infinite
        or negative, named by line and column; a layout that cannot be told, and the argument that says it; a column
        that is not there; a file of another format, and the command that converts it.
    """
    return open_expression(path, id_column, unit, header=header, decimal=decimal).frame(columns)


def open_expression(
    path: str | PathLike[str],
    id_column: str | None = None,
    unit: str | None = None,
    *,
    header: bool | Sequence[str] | None = None,
    decimal: str | None = None,
) -> "ExpressionTable":
    """The rows of an expression table, whose values are read when a column is asked for; see `read_expression`."""
    check_unit(unit, (None, *UNITS))
    if decimal not in (None, ".", ","):
        raise ChromolabError(f"decimal: {decimal!r}; expected '.' or ','.")
    if isinstance(header, str):
        raise ChromolabError(f"header: {header!r}; expected True, False or the list of all columns' names.")
    path = existing_file(path, WHAT)
    given = Given(header, decimal, programs.names_of_counts(path), programs.is_tally)
    table = workbooks.read_workbook(path, WHAT, given) or read_rows(path, WHAT, given, (GCT, SERIES))
    return ExpressionTable(path, table, id_column, unit)


class ExpressionTable:
    """An expression table as text, row by row. `genes` are the ids, `names` the columns that may be expression.

    `unit` is the one given, or the one that the columns' names tell. `report` counts what was left out or guessed.
    """

    def __init__(self, path: Path, table: Table, id_column: str | None, unit: str | None):
        self.path, self._table, self.report = path, table, Report()
        if len(table.names) > MOST:
            raise ChromolabError(
                f"{path}: {len(table.names):,} columns; expected {WHAT}, of at most {MOST:,} samples. If they are "
                "single cells, add up the cells of each type first."
            )
        for guess in table.said:
            self.report.known(f"rows of {path.name}: {guess}", count=len(table.rows))
        self._told = len(self.report)  # what is guessed and verified is told quietly
        id_at = 0 if id_column is None else table.names.index(id_column) if id_column in table.names else -1
        if id_at < 0:
            raise ChromolabError(f"{path}: no column {id_column!r}; it has {', '.join(table.names[:8])}.")
        self._leave_out_tallies(id_at)
        self.genes = self._genes(id_at)
        self._skip, self._given = {id_at}, unit
        self.lengths = self._lengths()
        self.unit = unit
        text = (i for i in range(len(table.names)) if i not in self._skip and not self._numeric(i))
        self._of_text = dict.fromkeys(text)  # in order, and quick to look up

    @property
    def names(self) -> list[str]:
        """The columns that hold numbers, whether expression or not."""
        return [n for i, n in enumerate(self._table.names) if i not in self._skip and i not in self._of_text]

    @property
    def of_text(self) -> list[str]:
        """The columns that hold text."""
        return [self._table.names[i] for i in self._of_text]

    def frame(self, columns: str | Sequence[str] | None = None) -> pd.DataFrame:
        """The values of `columns`, by default of all that are expression; see `read_expression`."""
        table = self._table
        if columns is None:
            places, told = programs.expression_columns(
                self.path, table.names, self._skip | set(self._of_text), self._given
            )
            self.unit = self._given or told
            self.report.known("column(s) without numbers left out", self.of_text)
            named = {*places, *self._skip, *self._of_text}
            aside = [n for i, n in enumerate(table.names) if i not in named]
            self.report.known("column(s) left out that describe genes, or are of another unit", aside)
        else:
            columns = [columns] if isinstance(columns, str) else list(columns)
            place = {name: i for i, name in reversed(list(enumerate(table.names)))}  # the first of a name
            if unknown := [c for c in columns if c not in place]:
                raise ChromolabError(f"{self.path}: no column {unknown[0]!r}; it has {', '.join(self.names[:8])}.")
            places = [place[c] for c in columns]
        if not places:
            raise ChromolabError(f"{self.path}: no column of numbers; expected {WHAT}.")
        df = pd.DataFrame({table.names[i]: self._values(i) for i in places}, index=self.genes)
        df.attrs["unit"] = self.unit
        if self.lengths:
            df.attrs["lengths"] = self.lengths
        if len(self.report):
            df.attrs["report"] = list(self.report)
            for i, line in enumerate(self.report):
                log.log(logging.INFO if i < self._told else logging.WARNING, "%s: %s.", self.path, Report([line]))
        if self.unit is None:
            for name, column in df.items():
                if doubt := doubts(column, None):
                    log.warning("%s, column %s: %s. If so, read it with unit='counts'.", self.path, name, doubt)
                    break
        return df

    # ---------------------------------------------------------------- rows

    def _leave_out_tallies(self, at: int) -> None:
        """Leave out the counts of reads outside genes, which would inflate the sequencing depth."""
        table = self._table
        tallies = [row[at] for row in table.rows if programs.is_tally(row[at])]
        if not tallies:
            return
        self.report.known("rows left out that are not genes", tallies)
        kept = [i for i, row in enumerate(table.rows) if not programs.is_tally(row[at])]
        if not kept:
            raise ChromolabError(f"{self.path}: no genes, only {', '.join(tallies[:4])}. Is it the whole file?")
        table.lines, table.rows = [table.lines[i] for i in kept], [table.rows[i] for i in kept]

    def _genes(self, at: int) -> pd.Index:
        """The gene of every row that has one of its own; the other rows are left out."""
        table = self._table
        written = [row[at] for row in table.rows]
        twice = next((name for name, count in Counter(written).items() if count > 1 and name), None)
        if twice is not None:
            self._refuse_twice(written, twice)
        genes, taken = gene_of(written)
        if taken:
            self.report.known(f"ids of several parts: {taken} is taken", written)
        genes = strip_version(genes)
        counts = Counter(genes)
        alone = [counts[gene] == 1 and gene not in ("", "?") for gene in genes]
        lost = [name for name, ok in zip(written, alone, strict=True) if not ok]
        if all(not ok for ok in alone):
            raise ChromolabError(f"{self.path}: no row with a gene of its own, only {', '.join(lost[:4])}.")
        self.report.lost("row(s) left out: no gene, or one that several rows have (versions ignored)", lost)
        table.lines = [line for line, ok in zip(table.lines, alone, strict=True) if ok]
        table.rows = [row for row, ok in zip(table.rows, alone, strict=True) if ok]
        kept = [gene for gene, ok in zip(genes, alone, strict=True) if ok]
        if odd := spoilt(kept):
            self.report.known("name(s) that a spreadsheet made of genes' names: export the table again, with ids", odd)
        return pd.Index(kept, name="gene_id")

    def _refuse_twice(self, written: list[str], gene: str) -> None:
        lines = [line for line, name in zip(self._table.lines, written, strict=True) if name == gene]
        remedy = "Keep one row per gene."
        if spoilt([gene]):
            remedy = (
                "A spreadsheet made dates of names: MARCH1 and MARC1 are both 1-Mar, and these are two genes. Export "
                "the table again, with gene ids or with the column formatted as text."
            )
        raise ChromolabError(f"{self.path}, lines {lines[0]} and {lines[1]}: gene {gene} twice. {remedy}")

    # ---------------------------------------------------------------- columns

    def _numeric(self, i: int) -> bool:
        """Whether at least half of a column's cells are numbers; a few that are not are shown when it is read."""
        rows = self._table.rows
        cells = [row[i] for row in rows[:: max(1, len(rows) // 1000)]]
        filled = [cell for cell in cells if cell not in EMPTY]
        numbers = sum(maybe_number(cell) or cell.lower().lstrip("+-") in INFINITE for cell in filled)
        return 0 < numbers >= 0.5 * len(filled)

    def _lengths(self) -> dict[str, float]:
        """Length (bp) of each gene, of tables that have it; genes whose length is not above 0 are left out."""
        table = self._table
        at = programs.lengths_at(table.names)
        if at is None:
            return {}
        if of_counts := table.names[:6] == programs.FEATURE_COUNTS:
            self._skip |= set(range(6))
        lengths = {}
        for gene, line, row in zip(self.genes, table.lines, table.rows, strict=True):
            if of_counts and coordinates([row[at]]) in (None, (0,)):
                raise ChromolabError(
                    f"{self.path}, line {line}, column {table.names[at]}: {row[at]!r}; expected whole bp > 0."
                )
            if (length := number_of(row[at], table.decimal)) > 0 and np.isfinite(length):
                lengths[gene] = length
        return lengths

    def _values(self, i: int) -> np.ndarray:
        """The numbers of column `i`, (genes,)."""
        table = self._table
        values = _numbers([row[i] for row in table.rows], table.decimal)
        bad = ~(np.isfinite(values) & (values >= 0))
        if bad.any():
            row = int(np.argmax(bad))
            cell = table.rows[row][i]
            hint = "a logarithm or a ratio is none" if values[row] < 0 else "missing is not zero"
            raise ChromolabError(
                f"{self.path}, line {table.lines[row]}, column {table.names[i]}: {cell!r} for gene {self.genes[row]}; "
                f"expected a number >= 0 (RPKM, TPM or counts; {hint}). {bad.sum()} such value(s): leave those genes "
                "or this column out."
            )
        return values


def _numbers(cells: list[str], decimal: str) -> np.ndarray:
    """The numbers of cells, NaN for those that are none."""
    if decimal == "." and not any("_" in cell for cell in cells):
        try:
            return np.array(list(map(float, cells)))
        except ValueError:
            pass
    return np.array([number_of(cell, decimal) for cell in cells])
