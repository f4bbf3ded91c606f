"""Shipped tables of results that take too long to compute in a notebook; each says which command made it."""

from os import PathLike
from pathlib import Path

import pandas as pd

from chromolab.errors import ChromolabError

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
    path = FOLDER / f"{name}.csv"
    if not path.is_file():
        shipped = ", ".join(sorted(p.stem for p in FOLDER.glob("*.csv"))) or "none"
        raise ChromolabError(f"no table of results {name!r}; shipped: {shipped}")
    return read_results(path)


def read_results(path: str | PathLike[str]) -> pd.DataFrame:
    """Read a table that `save_results` wrote; `table.attrs["made_by"]` holds its comment lines."""
    with open(path, encoding="utf-8") as file:
        about = [line.lstrip("# ").rstrip() for line in file if line.startswith("#")]
    table = pd.read_csv(path, comment="#")
    table.attrs["made_by"] = "\n".join(about)
    return table


def save_results(table: pd.DataFrame, path: str | PathLike[str], made_by: str) -> Path:
    """Write a table for `results` to read: the lines of `made_by` as comments, then CSV with six digits."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    head = "".join(f"# {line}\n" for line in made_by.splitlines())
    path.write_text(head + table.to_csv(index=False, float_format="%.6g", lineterminator="\n"), encoding="utf-8")
    return path
