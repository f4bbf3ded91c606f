"""Tables of expression, as Roadmap, ENCODE or one's own pipeline write them, and from counts to RPKM and TPM.

The models learn log2(x + 1). In that the 1 is a unit: half a transcript per million more or less is hardly seen below
it, a doubling is 1 far above it. The study's x is RPKM. TPM orders the genes of one cell type alike and is larger or
smaller than RPKM by one factor per cell type (about 1 to 4), so that log2(TPM + 1) is another number: a regressor that
was trained on one does not answer in the other. Labels (above or below the median) are the same in both.
"""

import logging
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from chromolab.data._text import strip_version, text_lines
from chromolab.errors import ChromolabError

log = logging.getLogger("chromolab")

RPKM, TPM, COUNTS = UNITS = ("RPKM", "TPM", "counts")
FEATURE_COUNTS = ["Geneid", "Chr", "Start", "End", "Strand", "Length"]  # the first columns of featureCounts' tables
STAR_TALLIES = ("N_unmapped", "N_multimapping", "N_noFeature", "N_ambiguous")  # the first rows of ReadsPerGene.out.tab
STAR_COLUMNS = ["unstranded", "forward", "reverse"]


def read_expression(path, id_column: str | None = None, unit: str | None = None) -> pd.DataFrame:
    """Read a table of RPKM, TPM or counts: a row per gene, a column per cell type; tabs or commas, compressed or not.

    Rows may end in tabs (Roadmap's do), and the header may lack the first column's name (as R writes it). Columns
    without a single number (gene names, descriptions) are left out and logged, as are the rows in which htseq-count
    (``__no_feature``, ...) and STAR (``N_unmapped``, ...) tell of reads outside genes. Their files without a header are
    known by these rows: htseq-count's column is named after the file, STAR's are unstranded, forward and reverse. Of
    featureCounts' table (Geneid, Chr, Start, End, Strand, Length, ...) `table.attrs["lengths"]` keeps Length.

    Parameters
    ----------
    path : the file.
    id_column : the column of gene ids; by default the first.
    unit : "RPKM" (also for FPKM), "TPM" or "counts", where it is known; `table.attrs["unit"]` keeps it. Counts have to
        go through `normalise_expression` before they meet genes.

    Returns
    -------
    DataFrame of float64, index `gene_id` (without version), columns the cell types.

    Raises
    ------
    ChromolabError
        A row of another length, a gene twice, a value that is missing, no number, infinite or negative: named by line
        and column.
    """
    _check_unit(unit, (None, *UNITS))
    lines, header, rows = _named_columns(path, *_table_rows(path))
    if len(set(header)) < len(header):
        twice = next(name for name in header if header.count(name) > 1)
        raise ChromolabError(f"{path}: two columns are called {twice!r}. Give each cell type a name of its own.")
    at = 0 if id_column is None else header.index(id_column) if id_column in header else -1
    if at < 0:
        raise ChromolabError(f"{path}: no column {id_column!r}; it has {', '.join(header[:8])}.")
    lines, rows = _without_tallies(path, lines, rows, at)
    lengths, places = {}, set()
    if header[:6] == FEATURE_COUNTS:
        places = set(range(6)) - {at}
        lengths = _feature_lengths(path, lines, rows)
    ids = pd.Index(strip_version(row[at] for row in rows), name="gene_id")
    if (again := ids.duplicated()).any():
        where = np.flatnonzero(ids == ids[again][0])[:2]
        raise ChromolabError(
            f"{path}, lines {lines[where[0]]} and {lines[where[1]]}: gene {ids[again][0]} twice (versions ignored); "
            f"{again.sum()} such row(s). Keep one row per gene."
        )
    columns = {}
    for i, name in enumerate(header):
        if i == at or i in places:
            continue
        text = pd.Series([row[i] for row in rows], index=ids)
        values = pd.to_numeric(text, errors="coerce")
        if values.isna().all():
            log.warning("%s: column %s holds no numbers and is left out.", path, name)
            continue
        bad = ~(np.isfinite(values) & (values >= 0)).to_numpy()
        if bad.any():
            i = int(np.argmax(bad))
            raise ChromolabError(
                f"{path}, line {lines[i]}, column {name}: {text.iloc[i]!r} for gene {ids[i]}; expected a number >= 0 "
                f"(RPKM or TPM, not its logarithm). {bad.sum()} such value(s): leave those genes or this column out."
            )
        columns[name] = values.astype(np.float64)
    if not columns:
        raise ChromolabError(f"{path}: no column of numbers; expected a gene id and one column per cell type.")
    table = pd.DataFrame(columns, index=ids)
    table.attrs["unit"] = unit
    if lengths:
        table.attrs["lengths"] = lengths
    if unit is None and len(table) >= 100 and (table % 1 == 0).all(axis=None) and table.max(axis=None) > 100:
        log.warning("%s: whole numbers only: are these counts? Then read it with unit='counts'.", path)
    return table


def normalise_expression(expression: pd.DataFrame, to: str = RPKM, lengths=None, unit: str | None = None):
    """Bring counts to RPKM or TPM, or RPKM to TPM.

    Parameters
    ----------
    expression : as `read_expression` returns it, with all genes that were counted: each column's sum is taken for the
        sequencing's depth.
    to : "RPKM": counts per 1,000 bases of the gene and million counts of the column; or "TPM": counts per base, as
        millionths of the column's sum of these.
    lengths : {gene id: bp} or a Series (`chromolab.exon_lengths`); needed for counts. Default: those that came with a
        table of featureCounts.
    unit : what `expression` is in, where its `attrs` do not say.

    Returns
    -------
    DataFrame like `expression`, without genes whose length is not known (logged); `attrs["unit"]` is `to`.

    Raises
    ------
    ChromolabError
        An unknown unit, counts without lengths, lengths of no gene in the table, TPM to RPKM, a column without counts.
    """
    unit = unit or expression.attrs.get("unit")
    _check_unit(to, (RPKM, TPM), "to")
    _check_unit(unit, UNITS)
    lengths = expression.attrs.get("lengths") if lengths is None else lengths
    table = expression.astype(np.float64)
    table.attrs = {}
    if unit == COUNTS:
        total = table.sum()
        length = _lengths_of(table, lengths)
        table = table.loc[length.index].div(length, axis=0) * (1e9 / total if to == RPKM else 1)
    elif unit == TPM and to == RPKM:
        raise ChromolabError("TPM to RPKM: the counts are needed for that. Train on TPM, or start from the counts.")
    empty = [str(c) for c, total in table.sum().items() if not total > 0]
    if empty:
        raise ChromolabError(f"expression: column {empty[0]} holds nothing but zeros. Leave it out.")
    if to == TPM:
        table = table * (1e6 / table.sum())
    table.attrs["unit"] = to
    return table


def _check_unit(unit, known: tuple, name: str = "unit") -> None:
    if unit not in known:
        raise ChromolabError(f"{name}: {unit!r}; expected one of {', '.join(repr(u) for u in known if u)}.")


def _lengths_of(table: pd.DataFrame, lengths) -> pd.Series:
    """bp of each gene of the table that has a length."""
    if not isinstance(lengths, pd.Series | Mapping):
        raise ChromolabError("lengths: counts need the genes' lengths in bp: cl.exon_lengths('genes.gtf'), or a dict.")
    known = pd.Series(lengths, dtype=np.float64)
    known.index = strip_version(known.index)
    known = known[~known.index.duplicated()].reindex(strip_version(table.index)).set_axis(table.index)
    if ((known <= 0) | np.isinf(known)).any():
        raise ChromolabError(f"lengths: {known[(known <= 0) | np.isinf(known)].index[0]} has no length > 0 bp.")
    if known.isna().all():
        raise ChromolabError(f"lengths: none of the table's genes, such as {table.index[0]}. Are the ids of one kind?")
    if known.isna().any():
        log.warning("lengths: %d of %d genes have none and are left out.", known.isna().sum(), len(known))
    return known.dropna()


def _without_tallies(path, lines: list[int], rows: list[list[str]], at: int) -> tuple[list[int], list[list[str]]]:
    """Without the rows that tell of reads outside genes: they would count as depth of the sequencing."""
    tallies = [row[at] for row in rows if row[at].startswith("__") or row[at] in STAR_TALLIES]
    if not tallies:
        return lines, rows
    log.warning("%s: %d rows left out that are no genes: %s.", path, len(tallies), ", ".join(tallies[:5]))
    tallies = set(tallies)
    kept = [(line, row) for line, row in zip(lines, rows, strict=True) if row[at] not in tallies]
    if not kept:
        raise ChromolabError(f"{path}: no genes, only {', '.join(sorted(tallies)[:4])}. Is it the whole file?")
    return [line for line, _ in kept], [row for _, row in kept]


def _feature_lengths(path, lines: list[int], rows: list[list[str]]) -> dict[str, int]:
    """bp of each gene, as featureCounts tells them."""
    for line, row in zip(lines, rows, strict=True):
        if not (row[5].isascii() and row[5].isdecimal() and len(row[5]) < 11 and int(row[5]) > 0):
            raise ChromolabError(f"{path}, line {line}, column Length: {row[5]!r}; expected a whole number of bp > 0.")
    return dict(zip(strip_version(row[0] for row in rows), (int(row[5]) for row in rows), strict=True))


def _named_columns(path, lines: list[int], header: list[str], rows: list) -> tuple[list[int], list[str], list]:
    """The same, with a header where htseq-count or STAR wrote none: their first line is a row, too."""
    star = header[0] in STAR_TALLIES
    first_is_row = all(field.isdecimal() for field in header[1:])
    if not first_is_row or not (star or any(row[0].startswith("__") for row in rows)):
        return lines, header, rows
    columns = STAR_COLUMNS if star else [Path(path).name.split(".")[0]]
    if len(header) != len(columns) + 1:
        raise ChromolabError(
            f"{path}: counts without a header, in {len(header)} columns. Write a first line that names them: "
            "gene_id and the cell types."
        )
    return [lines[0] - 1, *lines], ["gene_id", *columns], [header, *rows]


def _table_rows(path) -> tuple[list[int], list[str], list[list[str]]]:
    """Line numbers, header and rows of a delimited table; every row as long as the header."""
    lines, rows, header, separator = [], [], None, "\t"
    for number, line in text_lines(path, "an expression table"):
        if not line.strip() or (header is None and line[0] == "#"):
            continue
        if header is None:
            separator = "\t" if "\t" in line else ","
        fields = [field.strip().strip('"') for field in line.rstrip("\t").split(separator)]
        if header is None:
            header = fields
            continue
        if not rows and len(fields) == len(header) + 1:  # R's write.table: the row names have no header
            header = ["gene_id", *header]
        if len(fields) != len(header):
            raise ChromolabError(
                f"{path}, line {number}: {len(fields)} values; expected {len(header)}, as in the header. "
                "Is it a table separated by tabs or commas, and whole?"
            )
        lines.append(number)
        rows.append(fields)
    if not rows:
        raise ChromolabError(f"{path}: no rows under the header; expected one row per gene.")
    return lines, header, rows
