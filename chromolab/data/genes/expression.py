"""Expression tables from Roadmap, ENCODE or one's own pipeline, and the way from counts to RPKM and TPM.

The models learn log2(x + 1). The +1 sets the scale: changes well below 1 RPKM hardly show; well above it, a doubling
adds 1. In the published study x is RPKM. TPM ranks the genes of a cell type in the same order and differs from RPKM by
one factor per cell type (about 1 to 4), so log2(TPM + 1) is another number: a regressor trained on one unit does not
predict the other. Labels (above or below the median) are the same in both.
"""

import logging
from collections.abc import Mapping
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd

from chromolab.data.text import coordinates, strip_version, text_lines
from chromolab.errors import ChromolabError

log = logging.getLogger("chromolab")

RPKM, TPM, COUNTS = UNITS = ("RPKM", "TPM", "counts")
FEATURE_COUNTS = ["Geneid", "Chr", "Start", "End", "Strand", "Length"]  # the first columns of featureCounts' tables
STAR_TALLIES = ("N_unmapped", "N_multimapping", "N_noFeature", "N_ambiguous")  # the first rows of ReadsPerGene.out.tab
STAR_COLUMNS = ["unstranded", "forward", "reverse"]


def read_expression(path: str | PathLike[str], id_column: str | None = None, unit: str | None = None) -> pd.DataFrame:
    """Read a table of RPKM, TPM or counts: a row per gene, a column per cell type; tabs or commas, compressed or not.

    Rows may end in tabs (Roadmap's do), and the header may lack the first column's name (as R writes it). Columns
    without a single number (gene names, descriptions) are left out and logged, and so are the rows in which
    htseq-count (``__no_feature``, ...) and STAR (``N_unmapped``, ...) count reads outside genes. These rows also
    identify such files without a header: htseq-count's column is then named after the file, STAR's are unstranded,
    forward and reverse. Gene lengths in a featureCounts table (Geneid, Chr, Start, End, Strand, Length, ...) are kept
    in `table.attrs["lengths"]`.

    Parameters
    ----------
    path : the file.
    id_column : the column of gene ids; by default the first.
    unit : "RPKM" (also for FPKM), "TPM" or "counts", if known; kept in `table.attrs["unit"]`. Counts must go through
        `normalise_expression` before `gene_table` takes them.

    Returns
    -------
    DataFrame of float64, index `gene_id` (without version), columns the cell types.

    Raises
    ------
    ChromolabError
        A row with too many or too few values, a duplicated gene, or a value that is missing, not a number, infinite
        or negative; named by line and column.
    """
    _check_unit(unit, (None, *UNITS))
    lines, header, rows = _named_columns(path, *_table_rows(path))
    if len(set(header)) < len(header):
        twice = next(name for name in header if header.count(name) > 1)
        raise ChromolabError(f"{path}: two columns are called {twice!r}. Give each cell type a name of its own.")
    id_at = 0 if id_column is None else header.index(id_column) if id_column in header else -1
    if id_at < 0:
        raise ChromolabError(f"{path}: no column {id_column!r}; it has {', '.join(header[:8])}.")
    lines, rows = _without_tallies(path, lines, rows, id_at)
    lengths, skipped = {}, {id_at}
    if header[:6] == FEATURE_COUNTS:
        skipped |= set(range(6))
        lengths = _feature_lengths(path, lines, rows)
    ids = pd.Index(strip_version(row[id_at] for row in rows), name="gene_id")
    if (repeated := ids.duplicated()).any():
        first, second = np.flatnonzero(ids == ids[repeated][0])[:2]
        raise ChromolabError(
            f"{path}, lines {lines[first]} and {lines[second]}: gene {ids[first]} twice (versions ignored); "
            f"{repeated.sum()} such row(s). Keep one row per gene."
        )
    columns = {}
    for i, name in enumerate(header):
        if i in skipped:
            continue
        text = pd.Series([row[i] for row in rows], index=ids)
        values = pd.to_numeric(text, errors="coerce")
        if values.isna().all():
            log.warning("%s: column %s holds no numbers and is left out.", path, name)
            continue
        bad = ~(np.isfinite(values) & (values >= 0)).to_numpy()
        if bad.any():
            row = int(np.argmax(bad))
            raise ChromolabError(
                f"{path}, line {lines[row]}, column {name}: {text.iloc[row]!r} for gene {ids[row]}; expected a number "
                f">= 0 (RPKM or TPM, not its logarithm). {bad.sum()} such value(s): leave those genes or this column "
                "out."
            )
        columns[name] = values.astype(np.float64)
    if not columns:
        raise ChromolabError(f"{path}: no column of numbers; expected a gene id and one column per cell type.")
    table = pd.DataFrame(columns, index=ids)
    table.attrs["unit"] = unit
    if lengths:
        table.attrs["lengths"] = lengths
    numbers = table.to_numpy(float)
    if unit is None and len(table) >= 100 and (numbers % 1 == 0).all() and numbers.max() > 100:
        log.warning("%s: whole numbers only: are these counts? Then read it with unit='counts'.", path)
    return table


def normalise_expression(
    expression: pd.DataFrame,
    to: str = RPKM,
    lengths: Mapping[str, float] | pd.Series | None = None,
    unit: str | None = None,
) -> pd.DataFrame:
    """Convert counts to RPKM or TPM, or RPKM to TPM.

    Parameters
    ----------
    expression : as `read_expression` returns it, with all genes that were counted, because each column's sum is taken
        as the sequencing depth.
    to : "RPKM": counts per 1,000 bases of the gene and million counts of the column. "TPM": counts per base, scaled so
        that each column sums to a million.
    lengths : {gene id: bp} or a Series (`chromolab.data.exon_lengths`); needed for counts. Default: those that came
        with a featureCounts table.
    unit : the unit of `expression`, if its `attrs` do not say.

    Returns
    -------
    DataFrame like `expression`, without genes of unknown length (logged); `attrs["unit"]` is `to`.

    Raises
    ------
    ChromolabError
        An unknown unit, counts without lengths, lengths for none of the genes, TPM to RPKM, a column of zeros.
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
        raise ChromolabError("TPM to RPKM needs the counts. Train on TPM, or start from the counts.")
    empty = [str(c) for c, total in table.sum().items() if not total > 0]
    if empty:
        raise ChromolabError(f"expression: column {empty[0]} holds only zeros. Leave it out.")
    if to == TPM:
        table = table * (1e6 / table.sum())
    table.attrs["unit"] = to
    return table


def _check_unit(unit, known: tuple, name: str = "unit") -> None:
    if unit not in known:
        raise ChromolabError(f"{name}: {unit!r}; expected one of {', '.join(repr(u) for u in known if u)}.")


def _lengths_of(table: pd.DataFrame, lengths) -> pd.Series:
    """Length (bp) of each gene in the table; genes without one are left out."""
    if not isinstance(lengths, pd.Series | Mapping):
        raise ChromolabError(
            "lengths: counts need the genes' lengths in bp: cl.data.exon_lengths('genes.gtf'), or a dict."
        )
    known = pd.Series(lengths, dtype=np.float64)
    known.index = strip_version(known.index)
    known = known[~known.index.duplicated()].reindex(strip_version(table.index)).set_axis(table.index)
    if ((known <= 0) | np.isinf(known)).any():
        raise ChromolabError(f"lengths: {known[(known <= 0) | np.isinf(known)].index[0]} has no length > 0 bp.")
    if known.isna().all():
        raise ChromolabError(f"lengths: none for the table's genes, such as {table.index[0]}. Do the ids match?")
    if known.isna().any():
        log.warning("lengths: %d of %d genes have none and are left out.", known.isna().sum(), len(known))
    return known.dropna()


def _without_tallies(path, lines: list[int], rows: list[list[str]], at: int) -> tuple[list[int], list[list[str]]]:
    """Lines and rows without the counts of reads outside genes, which would inflate the sequencing depth."""
    tallies = [row[at] for row in rows if row[at].startswith("__") or row[at] in STAR_TALLIES]
    if not tallies:
        return lines, rows
    log.warning("%s: %d rows left out that are not genes: %s.", path, len(tallies), ", ".join(tallies[:5]))
    left_out = set(tallies)
    kept = [(line, row) for line, row in zip(lines, rows, strict=True) if row[at] not in left_out]
    if not kept:
        raise ChromolabError(f"{path}: no genes, only {', '.join(sorted(tallies)[:4])}. Is it the whole file?")
    return [line for line, _ in kept], [row for _, row in kept]


def _feature_lengths(path, lines: list[int], rows: list[list[str]]) -> dict[str, int]:
    """Length (bp) of each gene from a featureCounts table."""
    for line, row in zip(lines, rows, strict=True):
        if coordinates([row[5]]) in (None, (0,)):
            raise ChromolabError(f"{path}, line {line}, column Length: {row[5]!r}; expected a whole number of bp > 0.")
    return dict(zip(strip_version(row[0] for row in rows), (int(row[5]) for row in rows), strict=True))


def _named_columns(path, lines: list[int], header: list[str], rows: list) -> tuple[list[int], list[str], list]:
    """The same, with a header added for files of htseq-count or STAR, whose first line is a row, too."""
    star = header[0] in STAR_TALLIES
    first_is_row = all(field.isdecimal() for field in header[1:])
    if not first_is_row or not (star or any(row[0].startswith("__") for row in rows)):
        return lines, header, rows
    columns = STAR_COLUMNS if star else [Path(path).name.split(".")[0]]
    if len(header) != len(columns) + 1:
        raise ChromolabError(
            f"{path}: counts without a header, in {len(header)} columns. Add a first line that names them: "
            "gene_id and the cell types."
        )
    return [lines[0] - 1, *lines], ["gene_id", *columns], [header, *rows]


def _table_rows(path) -> tuple[list[int], list[str], list[list[str]]]:
    """Line numbers, header and rows of a delimited table; every row has as many fields as the header."""
    lines: list[int] = []
    rows: list[list[str]] = []
    header, separator = None, "\t"
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
                "Is it a complete table, separated by tabs or commas?"
            )
        lines.append(number)
        rows.append(fields)
    if header is None or not rows:
        raise ChromolabError(f"{path}: no rows under the header; expected one row per gene.")
    return lines, header, rows
