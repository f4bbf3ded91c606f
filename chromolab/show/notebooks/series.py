"""Many notebooks: the numbered series, and one notebook over a grid of settings."""

import hashlib
import itertools
import json
import logging
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm.auto import tqdm

from chromolab.data.files import write_text
from chromolab.errors import ChromolabError
from chromolab.show.notebooks import pages
from chromolab.show.notebooks.csv_cells import as_csv
from chromolab.show.notebooks.executed import Finished, make_room, read_run
from chromolab.show.notebooks.run import CELL_SECONDS, parameter_names, run_notebook

log = logging.getLogger("chromolab")

NUMBERED = re.compile(r"\d\d_\w+\.ipynb")  # the file name of a notebook of the series


def run_series(
    folder: str | PathLike[str] = "notebooks",
    out: str | PathLike[str] = "runs/series",
    solved: bool = False,
    only: Iterable[str] = (),
    timeout: float = CELL_SECONDS,
) -> pd.DataFrame:
    """Run the numbered notebooks one after another; write their executed copies, a page for each, and `index.html`.

    Parameters
    ----------
    folder, out : path
        Where the notebooks are, and where the results go.
    solved : bool
        Use the solutions of the exercises.
    only : list of str
        Run only the notebooks whose names begin with one of these, such as "01"; empty: run all.
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
    paths = [p for p in sorted(Path(folder).glob("*.ipynb")) if NUMBERED.fullmatch(p.name)]
    paths = [p for p in paths if not only or p.name.startswith(tuple(only))]
    if not paths:
        wanted = " or ".join(only)
        raise ChromolabError(f"no numbered notebook {wanted} in {folder}: expected names like 00_start_here.ipynb")
    out, rows = Path(out), []
    for page in ("index.html", *(f"{path.stem}.html" for path in paths)):
        pages.refuse_foreign(out / page)
    for path in tqdm(paths, desc="series", unit="notebook"):
        row, target = {"notebook": path.stem, "seconds": math.nan, "key_figures": "", "error": ""}, out / path.name
        try:
            given = {"solved": True} if solved and "solved" in parameter_names(path) else {}
            make_room(target, path)  # the index must not link to the copy of an earlier run
            done = run_notebook(path, target, given, timeout)
            row |= {"seconds": done.seconds, "key_figures": done.summary}
        except ChromolabError as error:
            row["error"], target = str(error), target.with_suffix(".failed.ipynb")
        row["page"] = pages.write_page(target, out / f"{path.stem}.html").name if target.exists() else ""
        rows.append(row)
        tqdm.write(
            f"{'FAILED' if row['error'] else 'ok':6}  {path.stem:24}  {row['seconds']:6.1f} s  "
            f"{row['error'] or row['key_figures']}"
        )
        pages.write_index(pd.DataFrame(rows), out / "index.html")
    return pd.DataFrame(rows)


def sweep(
    path: str | PathLike[str],
    grid: Mapping[str, Sequence[Any]] | Sequence[Mapping[str, Any]],
    out_dir: str | PathLike[str] = "runs/sweeps",
    timeout: float = CELL_SECONDS,
) -> pd.DataFrame:
    """Run an experiment once for each setting, except where the run's file is already there, whole and unchanged.

    Parameters
    ----------
    path : path
        The notebook.
    grid : dict of name to list, or list of dicts
        The values of each parameter, to be run in all combinations; or the settings themselves.
    out_dir : path
        Each run is written there as `<notebook>/<setting>-<digest>.ipynb`. The digest depends on the notebook's code
        and the setting, so a changed notebook is run again. The table is written as `<notebook>.csv`.
    timeout : float
        Time limit of one cell, in seconds.

    Returns
    -------
    DataFrame
        A row per setting: parameters, key figures, `seconds`, `run` (the file) and `error` (empty if it ran to its
        end).

    Raises
    ------
    ChromolabError
        If the grid holds no setting, `path` is no notebook, or the table would replace a file that no sweep wrote.
    """
    path, out_dir, rows = Path(path), Path(out_dir), []
    if isinstance(grid, Mapping):
        settings = [dict(zip(grid, values, strict=True)) for values in itertools.product(*grid.values())]
    else:
        settings = list(grid)
    if not settings:
        raise ChromolabError(f"nothing to run for {path.name}: the grid has no setting")
    parameter_names(path)  # raises unless it is a notebook
    table = out_dir / f"{path.stem}.csv"
    if table.exists() and not {"seconds", "run", "error"} <= set(_first_line(table).split(",")):
        raise ChromolabError(f"{table}: is not the table of a sweep, and was not touched. Give another out_dir.")
    for setting in tqdm(settings, desc=path.stem, unit="run"):
        out = out_dir / path.stem / f"{_run_name(path, setting)}.ipynb"
        row = {**setting, "seconds": math.nan, "run": str(out), "error": ""}
        try:
            done = _finished(path, out) or run_notebook(path, out, setting, timeout)
            clash = set(done.figures) & set(row)
            row |= {f"{k} (key figure)" if k in clash else k: v for k, v in done.figures.items()}
            row["seconds"] = done.seconds
        except ChromolabError as error:
            row["error"] = str(error)
            log.warning("%s", error)
        rows.append(row)
        write_text(table, as_csv(pd.DataFrame(rows)))
    return pd.DataFrame(rows)


def _finished(path: Path, out: Path) -> Finished | None:
    """The run at `out`; None where there is none, or where it is damaged or changed (it is then put aside)."""
    try:
        return read_run(path, out) if out.exists() else None
    except ChromolabError:
        make_room(out, path)
        return None


def _first_line(path: Path) -> str:
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.readline(10_000).rstrip("\r\n")


def _run_name(path: Path, setting: Mapping) -> str:
    code = [c["source"] for c in json.loads(path.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == "code"]
    digest = hashlib.sha256(json.dumps([code, setting], sort_keys=True, default=str).encode()).hexdigest()[:10]
    words = ",".join(f"{name}={value}" for name, value in setting.items())
    return f"{re.sub(r'[^A-Za-z0-9_.=,+-]+', '-', words)[:80]}-{digest}"
