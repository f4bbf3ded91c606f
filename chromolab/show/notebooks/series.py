"""The series, one notebook after another: the two primers, then the numbered notebooks."""

import math
import re
from collections.abc import Iterable
from os import PathLike
from pathlib import Path

import pandas as pd
from tqdm.auto import tqdm

from chromolab.errors import ChromolabError
from chromolab.lazy import moved
from chromolab.show.notebooks import pages
from chromolab.show.notebooks.executed import make_room
from chromolab.show.notebooks.parameters import parameters_of
from chromolab.show.notebooks.run import CELL_SECONDS, run_notebook

__getattr__ = moved(__name__, {"sweep": "cl.sweep"})

NUMBERED = re.compile(r"\d\d_\w+\.ipynb")  # the file name of a notebook of the series
PRIMER = re.compile(r"primer_\w+\.ipynb")  # of a notebook to read before them, for whom it is new


def notebooks_of(folder: str | PathLike[str] = "notebooks") -> list[Path]:
    """The notebooks of the series in a folder, in the order in which they are read: the primers, then by number."""
    paths = sorted(Path(folder).glob("*.ipynb"))
    return [path for kind in (PRIMER, NUMBERED) for path in paths if kind.fullmatch(path.name)]


def run_series(
    folder: str | PathLike[str] = "notebooks",
    out: str | PathLike[str] = "runs/series",
    solved: bool = False,
    only: Iterable[str] = (),
    timeout: float = CELL_SECONDS,
) -> pd.DataFrame:
    """Run the series, one notebook after another; write the executed copies, a page for each, and `index.html`.

    Parameters
    ----------
    folder, out : path
        Where the notebooks are, and where the results go.
    solved : bool
        Use the solutions of the exercises.
    only : list of str
        Run only the notebooks whose names begin with one of these, such as "01" or "primer"; empty: run all.
    timeout : float
        Time limit of one cell, in seconds.

    Returns
    -------
    DataFrame
        A row per notebook: `notebook`, `seconds`, `key_figures`, `error` (empty if it ran to its end), `page`. A
        notebook that fails does not stop the series.

    Raises
    ------
    ChromolabError
        If no notebook fits, or a page would replace one that no run wrote.
    """
    paths = [p for p in notebooks_of(folder) if not only or p.name.startswith(tuple(only))]
    if not paths:
        wanted = " or ".join(only)
        raise ChromolabError(f"no numbered notebook {wanted} in {folder}: expected names like 00_start_here.ipynb")
    out, rows = Path(out), []
    for page in ("index.html", *(f"{path.stem}.html" for path in paths)):
        pages.refuse_foreign(out / page)
    for path in tqdm(paths, desc="series", unit="notebook"):
        row, target = {"notebook": path.stem, "seconds": math.nan, "key_figures": "", "error": ""}, out / path.name
        try:
            given = {"solved": True} if solved and "solved" in parameters_of(path) else {}
            make_room(target, path)  # the index must not link to the copy of an earlier run
            done = run_notebook(path, target, given, timeout)
            row |= {"seconds": done.seconds, "key_figures": done.summary}
        except ChromolabError as error:
            row["error"], target = str(error), target.with_suffix(".failed.ipynb")
        page = out / f"{path.stem}.html"
        row["page"] = pages.write_page(target, page, pictures=folder).name if target.exists() else ""
        rows.append(row)
        tqdm.write(
            f"{'FAILED' if row['error'] else 'ok':6}  {path.stem:24}  {row['seconds']:6.1f} s  "
            f"{row['error'] or row['key_figures']}"
        )
        pages.write_index(pd.DataFrame(rows), out / "index.html")
    return pd.DataFrame(rows)
