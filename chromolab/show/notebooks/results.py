"""Shipped tables of results that take too long to compute in a notebook; each says which command made it."""

import csv
import hashlib
import io
import re
from collections.abc import Sequence
from numbers import Real
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd

from chromolab.data.files import alone, make_folder, write_text
from chromolab.data.text import existing_file
from chromolab.errors import ChromolabError
from chromolab.show.notebooks.csv_cells import as_csv, from_csv

SEAL = re.compile(r"# (\d+) rows, sha256 ([0-9a-f]{64})")
FOLDER = Path(__file__).parents[2] / "results"


def results(name: str) -> pd.DataFrame:
    """A shipped table of results, a row per run.

    Parameters
    ----------
    name : str
        "compare", for instance: the file `chromolab/results/compare.csv`.

    Returns
    -------
    DataFrame
        The lines of the file that begin with # say which command made it, and on what data; they are kept in
        `table.attrs["made_by"]`.

    Raises
    ------
    ChromolabError
        If there is no such table.
    """
    shipped = {path.stem: path for path in sorted(FOLDER.glob("*.csv"))}
    if name not in shipped:
        raise ChromolabError(f"no table of results {name!r}; shipped: {', '.join(shipped) or 'none'}")
    return read_results(shipped[name])


def read_results(path: str | PathLike[str]) -> pd.DataFrame:
    """Read a table that `save_results` wrote; `table.attrs["made_by"]` holds its comment lines.

    Parameters
    ----------
    path : path

    Returns
    -------
    DataFrame
        An empty cell is missing; every other text stays as it is, also NA and nan.

    Raises
    ------
    ChromolabError
        If there is no such file, it is not such a table, or it is no longer the table that was written: its head gives
        the number of rows and the sha256 of the table.
    """
    path = existing_file(path, "a table of results")
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise ChromolabError(f"{path}: not text; expected a table of results. Make it again.") from error
    head, lines = [], io.StringIO(text, newline="")
    seal, begin = None, 0
    while seal is None and (line := lines.readline()).startswith("#"):
        begin = lines.tell()
        seal = SEAL.fullmatch(line.rstrip("\r\n"))
        head += [] if seal else [line.removeprefix("#").strip()]
    table = text[begin:]
    if seal and (table.count("\n") == 0 or _digest(table) != seal[2]):
        raise ChromolabError(
            f"{path}: not the table of {seal[1]} rows that was written: it was cut or changed. Make it again; to "
            f"accept it as it is, delete its line {len(head) + 1}, which holds its sha256."
        )
    try:
        ends = "\n" if seal else None  # as we write them: a carriage return in a cell is text
        found = pd.read_csv(io.StringIO(table, newline=""), keep_default_na=False, na_values=[""], lineterminator=ends)
    except (ValueError, csv.Error) as error:  # pandas' own errors are ValueErrors
        raise ChromolabError(f"{path}: not a table of results ({error}). Make it again.") from error
    found = from_csv(found)
    found.attrs["made_by"] = "\n".join(head)
    return found


def save_results(table: pd.DataFrame, path: str | PathLike[str], made_by: str) -> Path:
    """Write a table for `results` to read, whole or not at all.

    Parameters
    ----------
    table : DataFrame
    path : path
        Its folder is made if need be.
    made_by : str
        The command that made it, and on what data: comment lines before the table. A last one gives the number of rows
        and the sha256 of the table, by which `read_results` knows it again.

    Returns
    -------
    Path
        `path`, which holds the comments, then CSV with six digits; an apostrophe stands before a text that a
        spreadsheet would run as a formula.

    Raises
    ------
    ChromolabError
        If the table has no column, or `path` is a file of another kind.
    """
    path = Path(path)
    if path.exists() and not (path.is_file() and _begins_as_ours(path)):
        raise ChromolabError(f"{path}: is no table of results, and was not touched. Give another name.")
    if not len(table.columns):
        raise ChromolabError(f"{path}: a table without a column; expected a row per result. Nothing was written.")
    text = as_csv(table, float_format="%.6g", lineterminator="\n")
    head = "".join(f"# {line}\n" for line in made_by.splitlines())
    write_text(path, f"{head}# {len(table)} rows, sha256 {_digest(text)}\n{text}")
    return path


def add_results(rows: pd.DataFrame, path: str | PathLike[str], made_by: str, replaces: Sequence[str]) -> pd.DataFrame:
    """Write rows into a table of results, beside those that are there, also those that another run has just written.

    Parameters
    ----------
    rows : DataFrame
    path : path
        The table; it is made if need be.
    made_by : str
        As `save_results` takes it, added to what is there; a command that is there already (the first line) gets its
        other lines anew.
    replaces : list of str
        The columns that say which row is which: rows that are there go where one of `rows` has the same values in them.

    Returns
    -------
    DataFrame
        The table as it is now.

    Raises
    ------
    ChromolabError
        As `read_results` and `save_results` do.
    """
    path = Path(path)
    make_folder(path.parent)
    with alone(path.with_name(f".{path.name}.lock")):
        there = read_results(path) if path.is_file() else pd.DataFrame()
        head, own = there.attrs.get("made_by", "").splitlines(), made_by.splitlines()
        at = head.index(own[0]) if own and own[0] in head else len(head)
        head[at : at + len(own)] = own
        new = set(_names(rows, replaces))
        kept = [row not in new for row in _names(there, replaces)]
        table = pd.DataFrame(there[kept].to_dict("records") + rows.to_dict("records"))
        save_results(table, path, "\n".join(head))
    return table


def _names(table: pd.DataFrame, columns: Sequence[str]) -> list[tuple[str, ...]]:
    """What the columns say of each row, as it is written: one that is missing, or has no such column, says nothing."""
    texts = [table[c].map(_text) if c in table else pd.Series("", table.index) for c in columns]
    return list(zip(*texts, strict=True)) if texts else [()] * len(table)


def _text(value: Any) -> str:
    if pd.isna(value):
        return ""
    return f"{value:.6g}" if isinstance(value, Real) else str(value)


def _begins_as_ours(path: Path) -> bool:
    with open(path, "rb") as file:
        return file.read(1) in (b"", b"#")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
