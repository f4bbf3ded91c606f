"""Tables of expression, as Roadmap, ENCODE or one's own pipeline write them."""

import logging

import numpy as np
import pandas as pd

from chromolab.data._text import strip_version, text_lines
from chromolab.errors import ChromolabError

log = logging.getLogger("chromolab")


def read_expression(path, id_column: str | None = None) -> pd.DataFrame:
    """Read a table of RPKM or TPM: a row per gene, a column per cell type; tabs or commas, compressed or not.

    Rows may end in tabs (Roadmap's do), and the header may lack the first column's name (as R writes it). Columns
    without a single number (gene names, descriptions) are left out and logged.

    Parameters
    ----------
    path : the file.
    id_column : the column of gene ids; by default the first.

    Returns
    -------
    DataFrame of float64, index `gene_id` (without version), columns the cell types.

    Raises
    ------
    ChromolabError
        A row of another length, a gene twice, a value that is missing, no number, infinite or negative: named by line
        and column.
    """
    lines, header, rows = _table_rows(path)
    at = 0 if id_column is None else header.index(id_column) if id_column in header else -1
    if at < 0:
        raise ChromolabError(f"{path}: no column {id_column!r}; it has {', '.join(header[:8])}.")
    ids = pd.Index(strip_version(row[at] for row in rows), name="gene_id")
    if (again := ids.duplicated()).any():
        where = np.flatnonzero(ids == ids[again][0])[:2]
        raise ChromolabError(
            f"{path}, lines {lines[where[0]]} and {lines[where[1]]}: gene {ids[again][0]} twice (versions ignored); "
            f"{again.sum()} such row(s). Keep one row per gene."
        )
    columns = {}
    for i, name in enumerate(header):
        if i == at:
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
    return pd.DataFrame(columns, index=ids)


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
    if len(set(header)) < len(header):
        twice = next(name for name in header if header.count(name) > 1)
        raise ChromolabError(f"{path}: two columns are called {twice!r}. Give each cell type a name of its own.")
    return lines, header, rows
