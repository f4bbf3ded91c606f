"""Run notebooks without a browser (papermill): one, the numbered series, or an experiment over a grid of parameters.

A notebook reports what it found with `key_figure`; a run collects these figures. The executed copy appears when the
last cell has run. A failed run is kept as `<name>.failed.ipynb`, for you to look at, and is tried again next time.
"""

import hashlib
import itertools
import json
import logging
import math
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from tqdm.auto import tqdm

from chromolab.data.files import whole
from chromolab.errors import ChromolabError

FIGURE = "application/vnd.chromolab.figure+json"  # MIME type of the output that carries a key figure
CELL_SECONDS = 600  # default time limit of one cell
NUMBERED = re.compile(r"\d\d_\w+\.ipynb")  # the file name of a notebook of the series

log = logging.getLogger("chromolab")


@dataclass(frozen=True)
class Finished:
    """A notebook that ran to its end."""

    notebook: Path  # the source
    out: Path  # the executed copy
    seconds: float
    figures: dict = field(default_factory=dict)  # name -> value, in the order reported
    exercises: dict = field(default_factory=dict)  # name -> "passed", "solved" or "not attempted"

    @property
    def summary(self) -> str:
        """The key figures in one line: "AUC = 0.91; genes = 60"."""
        return "; ".join(f"{name} = {_text(value)}" for name, value in self.figures.items())


def key_figure(name: str, value, note: str = "") -> None:
    """Show one number or word that a notebook found, so that a run can collect it.

    Parameters
    ----------
    name : str
        What the value is, as a reader would say it: "AUC on held-out genes".
    value : number or str
        A value that is not finite is shown as missing and read back as NaN.
    note : str
        What a reader must know to judge the value: "simulated", "60 genes".

    Raises
    ------
    ChromolabError
        If `value` is not one number or word.
    """
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float) and not math.isfinite(value):
        value = None
    if not isinstance(value, bool | int | float | str | None):
        raise ChromolabError(f"key figure {name!r} is a {type(value).__name__}; give one number or word")
    text = f"{name} = {_text(value)}" + (f"  ({note})" if note else "")
    emit(FIGURE, {"name": name, "value": value, "note": note}, text)


def emit(mime: str, content: dict, text: str) -> None:
    """Display machine-readable content and its text in a notebook; elsewhere, print the text."""
    ipython = sys.modules.get("IPython")  # every kernel has loaded it
    if getattr(ipython and ipython.get_ipython(), "kernel", None) is None:
        print(text)
    else:
        ipython.display.display({mime: content, "text/plain": text}, raw=True)


def run_notebook(path, out, parameters: Mapping | None = None, timeout: float = CELL_SECONDS) -> Finished:
    """Run one notebook with the kernel `python3` in the notebook's folder, and keep the executed copy.

    Parameters
    ----------
    path, out : path
        The notebook, and the file to write its executed copy to once the last cell has run.
    parameters : dict
        New values of names in the cell tagged `parameters`.
    timeout : float
        Time limit of one cell, in seconds.

    Returns
    -------
    Finished

    Raises
    ------
    ChromolabError
        If a name in `parameters` is not in that cell, or if a cell fails or takes too long; names the notebook and the
        cell.
    """
    import papermill
    from traitlets.config import Config

    path, out, parameters = Path(path).resolve(), Path(out).resolve(), dict(parameters or {})
    known = parameter_names(path)
    if unknown := sorted(set(parameters) - set(known)):
        raise ChromolabError(f"{path.name} has no parameter {', '.join(unknown)}; it has: {', '.join(known) or 'none'}")
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(f".{out.stem}.{os.getpid()}.part.ipynb")
    failed = out.with_name(f"{out.stem}.failed.ipynb")
    try:
        # Without this renderer each copy would carry plotly's 4 MB of JavaScript.
        with _environment(PLOTLY_RENDERER="plotly_mimetype"), _own_sockets() as connection:
            papermill.execute_notebook(
                path,
                part,
                parameters,
                kernel_name="python3",
                execution_timeout=timeout,
                progress_bar=False,
                cwd=path.parent,
                store_widget_state=False,
                config=Config(KernelManager=connection),
                extra_arguments=["--log-level=ERROR"],  # otherwise every kernel warns that loopback is not encrypted
            )
    except Exception as error:
        where = _keep_failed(part, failed)
        raise ChromolabError(f"{path.name}: {where} failed: {_reason(error, timeout)}; see {failed}") from error
    else:
        failed.unlink(missing_ok=True)
        os.replace(part, out)
    finally:
        part.unlink(missing_ok=True)
    return read_run(path, out)


def parameter_names(path) -> list[str]:
    """Names that the notebook's cell tagged `parameters` sets; raises `ChromolabError` if `path` is not a notebook."""
    import papermill

    if not Path(path).is_file():
        raise ChromolabError(f"no notebook {path}: give the path of an .ipynb file")
    try:
        return list(papermill.inspect_notebook(str(path)))
    except Exception as error:  # papermill passes on any error of the JSON or the notebook format
        raise ChromolabError(f"{path} is not a notebook ({error}); open and save it in JupyterLab") from error


def read_run(notebook, out) -> Finished:
    """What a finished run reported, read from its executed copy."""
    import nbformat

    nb = nbformat.read(out, as_version=4)
    figures = {f["name"]: math.nan if f["value"] is None else f["value"] for f in _outputs(nb, FIGURE)}
    from chromolab.show.exercises import STATE

    states = {e["exercise"]: e["state"] for e in _outputs(nb, STATE)}
    seconds = nb.metadata.get("papermill", {}).get("duration", math.nan)
    return Finished(Path(notebook), Path(out), seconds, figures, states)


def run_series(
    folder="notebooks", out="runs/series", solved: bool = False, only: Iterable[str] = (), timeout: float = CELL_SECONDS
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
        If no notebook fits.
    """
    from chromolab.show import pages

    paths = [p for p in sorted(Path(folder).glob("*.ipynb")) if NUMBERED.fullmatch(p.name)]
    paths = [p for p in paths if not only or p.name.startswith(tuple(only))]
    if not paths:
        wanted = " or ".join(only)
        raise ChromolabError(f"no numbered notebook {wanted} in {folder}: expected names like 00_start_here.ipynb")
    out, rows = Path(out), []
    for path in tqdm(paths, desc="series", unit="notebook"):
        given = {"solved": True} if solved and "solved" in parameter_names(path) else {}
        row, target = {"notebook": path.stem, "seconds": math.nan, "key_figures": "", "error": ""}, out / path.name
        target.unlink(missing_ok=True)  # the index must not link to the copy of an earlier run
        try:
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


def sweep(path, grid, out_dir="runs/sweeps", timeout: float = CELL_SECONDS) -> pd.DataFrame:
    """Run an experiment once for each setting, except where the run's file is already there.

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
        If the grid holds no setting.
    """
    path, out_dir, rows = Path(path), Path(out_dir), []
    if isinstance(grid, Mapping):
        settings = [dict(zip(grid, values, strict=True)) for values in itertools.product(*grid.values())]
    else:
        settings = list(grid)
    if not settings:
        raise ChromolabError(f"nothing to run for {path.name}: the grid has no setting")
    for setting in tqdm(settings, desc=path.stem, unit="run"):
        out = out_dir / path.stem / f"{_run_name(path, setting)}.ipynb"
        row = {**setting, "seconds": math.nan, "run": str(out), "error": ""}
        try:
            done = read_run(path, out) if out.exists() else run_notebook(path, out, setting, timeout)
            clash = set(done.figures) & set(row)
            row |= {f"{k} (key figure)" if k in clash else k: v for k, v in done.figures.items()}
            row["seconds"] = done.seconds
        except ChromolabError as error:
            row["error"] = str(error)
            log.warning("%s", error)
        rows.append(row)
        write_text(out_dir / f"{path.stem}.csv", pd.DataFrame(rows).to_csv(index=False))
    return pd.DataFrame(rows)


def write_text(path, text: str) -> None:
    """Write a text file; it appears complete or not at all. Makes its folder if need be."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    with whole(path) as place:
        place.write_text(text, encoding="utf-8")


def _run_name(path: Path, setting: Mapping) -> str:
    code = [c["source"] for c in json.loads(path.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == "code"]
    digest = hashlib.sha256(json.dumps([code, setting], sort_keys=True, default=str).encode()).hexdigest()[:10]
    words = ",".join(f"{name}={value}" for name, value in setting.items())
    return f"{re.sub(r'[^A-Za-z0-9_.=,+-]+', '-', words)[:80]}-{digest}"


def _keep_failed(part: Path, failed: Path) -> str:
    """Keep the copy of a failed run; returns the last cell that was started, in words."""
    import nbformat

    if not part.exists():
        return "starting the kernel"
    nb = nbformat.read(part, as_version=4)
    code = [c for c in nb.cells if c.cell_type == "code" and "injected-parameters" not in c.metadata.get("tags", [])]
    started = [i for i, c in enumerate(code, 1) if c.metadata.get("papermill", {}).get("start_time")]
    os.replace(part, failed)
    if not started:
        return "starting the kernel"
    first_line = next((line for line in code[started[-1] - 1].source.splitlines() if line.strip()), "")
    return f"code cell {started[-1]} of {len(code)} ({first_line.strip()[:60]!r})"


def _reason(error: Exception, timeout: float) -> str:
    if type(error).__name__ == "CellTimeoutError":
        return f"it took more than {timeout:g} s (raise the time limit, or lower the notebook's parameters)"
    if hasattr(error, "ename"):
        return f"{error.ename}: {error.evalue}".strip()
    return f"{type(error).__name__}: {error}".splitlines()[0]


def _outputs(nb, mime: str) -> list[dict]:
    outputs = (o for cell in nb.cells if cell.cell_type == "code" for o in cell.outputs)
    return [o["data"][mime] for o in outputs if mime in o.get("data", {})]


def _text(value) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "missing"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


@contextmanager
def _own_sockets() -> Iterator[dict]:
    """Settings of a kernel that listens on socket files of its own; another run could take a port before it starts."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        fits = os.name == "posix" and len(folder) < 90  # the system allows some hundred characters in a socket's path
        yield {"transport": "ipc", "ip": f"{folder}/kernel"} if fits else {}


@contextmanager
def _environment(**names):
    """Set environment variables for kernels that start inside; a value that the user has set stays."""
    new = [name for name in names if name not in os.environ]
    os.environ.update({name: names[name] for name in new})
    try:
        yield
    finally:
        for name in new:
            os.environ.pop(name, None)
