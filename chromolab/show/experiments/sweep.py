"""Sweeps: one notebook over many settings, on one machine or many, continued where it stopped."""

import contextlib
import logging
import math
import queue
import time
from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd
import psutil
from tqdm.auto import tqdm

from chromolab.errors import ChromolabError
from chromolab.show.experiments import page
from chromolab.show.experiments.engines import Engine, engine
from chromolab.show.experiments.grid import settings_of
from chromolab.show.experiments.keys import Keys
from chromolab.show.experiments.store import Run, row_of, with_attrs, write_tables
from chromolab.show.experiments.worker import Job, Outcome, run_one
from chromolab.show.notebooks.pages import refuse_foreign
from chromolab.show.notebooks.run import CELL_SECONDS

log = logging.getLogger("chromolab")

LOOK = 1.0  # seconds between two looks at what other sweeps have made
DIED = "the {} died at this setting: too little memory, a crash of a library, or it was killed"
SHOWN = 3.0  # seconds between two writings of table and page, at least


def sweep(
    notebook: str | PathLike[str],
    grid: str | PathLike[str] | Mapping[str, Any] | Sequence[Mapping[str, Any]],
    out_dir: str | PathLike[str] = "runs/sweeps",
    *,
    on: Any = None,
    timeout: float = CELL_SECONDS,
    retries: int = 2,
) -> pd.DataFrame:
    """Run a notebook once for each setting of a grid, except where that run is there already, whole and unchanged.

    Parameters
    ----------
    notebook : path
    grid : path, dict or list of dict
        {parameter: list of values} for all combinations, a list of settings, or the path of a YAML file (`settings_of`
        tells zips, seeds and exclusions).
    out_dir : path
        Each run is written there as `<notebook>/<setting>-<key>.ipynb`, with a note in JSON beside it; a failed one as
        `.failed.ipynb` with its log. The key changes with the notebook's code, the setting, the package and the data
        that parameters name. The table is written as `<notebook>.csv` (and .parquet, where pyarrow is installed), and
        `<notebook>.html` is a page that shows how far the sweep is.
    on : str or object
        Where runs go: "local:2", "pool:2", "dask:ADDRESS", "slurm:FILE", or an object with `submit` (`engine`).
    timeout : float
        Time limit of one cell, in seconds.
    retries : int
        How often a run is tried again whose worker or kernel died. A notebook that fails is not, before the next sweep.

    Returns
    -------
    DataFrame
        A row per setting, in the grid's order: parameters, key figures, `seconds`, `run` (the file) and `error` (empty
        if it ran to its end); `attrs` names "parameters" and "figures".

    Raises
    ------
    ChromolabError
        If the grid or `on` is not such, `notebook` is no notebook, or the table would replace a file that no sweep
        wrote. A run that fails does not raise: its row has the error.

    Notes
    -----
    Several sweeps, also of several machines, may work in one folder at once: each run is made by one of them.
    """
    work = _Sweep(Path(notebook), grid, Path(out_dir), timeout, retries)
    with engine(on) as place:
        work.begin(place)
    return work.table()


def plan(
    notebook: str | PathLike[str], grid: Any, out_dir: str | PathLike[str] = "runs/sweeps"
) -> tuple[pd.DataFrame, str]:
    """What a sweep would do: its table as it is now, and a sentence on what is left and how long that takes.

    The time comes from the runs that are finished; takes and raises as `sweep` does, and runs nothing.
    """
    work = _Sweep(Path(notebook), grid, Path(out_dir), CELL_SECONDS, 0)
    done = [note["seconds"] for run in work.runs if (note := work.known(run)) is not None]
    left, text = len(work.runs) - len(done), f"{len(work.runs):,} settings, {len(done):,} of them finished"
    if left and done:
        text += f"; the others take about {page.in_time(left * sum(done) / len(done))} of one worker"
    return work.table(), text


class _Sweep:
    """The runs of a sweep, what is known of each, and what waits."""

    def __init__(self, notebook: Path, grid: Any, out_dir: Path, timeout: float, retries: int):
        self.notebook, self.out_dir, self.timeout, self.retries = notebook, out_dir, timeout, retries
        settings = settings_of(grid, notebook)
        keys = Keys(notebook.resolve())
        self.source = keys.source
        self.runs = [Run(notebook, out_dir / notebook.stem, s, keys.key(s)) for s in settings]
        self.notes: dict[Path, dict] = {}  # of finished runs, and of those that failed now
        self.states: dict[Path, str] = {run.out: page.WAITS for run in self.runs}
        self.csv = out_dir / f"{notebook.stem}.csv"
        if self.csv.exists() and not {"seconds", "run", "error"} <= set(_first_line(self.csv).split(",")):
            raise ChromolabError(f"{self.csv}: is not the table of a sweep, and was not touched. Give another out_dir.")
        refuse_foreign(self.csv.with_suffix(".html"))
        self.shown = self.cost = 0.0  # when table and page were last written, and in what time
        self.memory = 0.0  # MB of the largest run

    def known(self, run: Run) -> dict | None:
        """The note of a finished run, looked for on disk; a file that stands in its way is its failure."""
        try:
            note = run.note()
        except ChromolabError as error:
            note = _no_run(str(error))
        if note is not None:
            self.notes[run.out], self.states[run.out] = note, page.FAILED if note["error"] else page.DONE
        return note

    def table(self) -> pd.DataFrame:
        """A row per setting, in the grid's order."""
        table = pd.DataFrame([row_of(run, self.notes.get(run.out)) for run in self.runs])
        return with_attrs(table, (run.setting for run in self.runs))

    def begin(self, place: Engine) -> None:
        """Make all runs that are not there yet."""
        waiting = deque(run for run in self.runs if self.known(run) is None)
        told = f"{self.notebook.stem} ({place.told})"
        with tqdm(total=len(self.runs), initial=len(self.runs) - len(waiting), desc=told, unit="run") as self.bar:
            try:
                self._work(place, waiting)
            finally:
                self._show(place, last=True)

    def _work(self, place: Engine, waiting: deque[Run]) -> None:
        ended: queue.SimpleQueue[Future] = queue.SimpleQueue()
        at_work: dict[Future, tuple[Run, int, contextlib.ExitStack]] = {}
        elsewhere: deque[Run] = deque()  # other sweeps are at them
        try:
            while waiting or at_work or elsewhere:
                while waiting and len(at_work) < place.slots and self._fits(place, len(at_work)):
                    run, claim = waiting.popleft(), contextlib.ExitStack()
                    if not claim.enter_context(run.claimed()):
                        self.states[run.out] = page.ELSEWHERE
                        elsewhere.append(run)
                    elif self.known(run) is not None:  # another sweep was quicker
                        claim.close()
                        self.bar.update()
                    else:
                        future = self._submit(place, run, ended)
                        at_work[future] = run, 1, claim
                self._show(place)
                try:
                    future = ended.get(timeout=LOOK)
                except queue.Empty:
                    for _ in range(len(elsewhere)):  # finished or given up by the others: looked at anew
                        waiting.append(elsewhere.popleft())
                    continue
                run, attempts, claim = at_work[future]
                made = _outcome(future, run)
                del at_work[future]
                if made.died and attempts <= self.retries:
                    log.warning("%s: %s; tried again (%d of %d)", run.out.stem, made.error, attempts, self.retries)
                    at_work[self._submit(place, run, ended)] = run, attempts + 1, claim
                    continue
                self._keep(run, made, attempts)
                claim.close()
        finally:
            for _, _, claim in at_work.values():
                claim.close()

    def _submit(self, place: Engine, run: Run, ended: queue.SimpleQueue) -> Future:
        job = Job(
            str(run.notebook.resolve()), self.source, dict(run.setting), self.timeout, place.threads, place.capture
        )
        self.states[run.out] = page.RUNS
        future = place.submit(run_one, job)
        future.add_done_callback(ended.put)
        return future

    def _keep(self, run: Run, made: Outcome, attempts: int) -> None:
        self.memory = max(self.memory, made.memory)
        try:
            note = run.keep(made, attempts)
        except ChromolabError as error:  # the disk is full, or another file lies there
            note = _no_run(str(error))
        self.notes[run.out], self.states[run.out] = note, page.FAILED if note["error"] else page.DONE
        if note["error"]:
            log.warning("%s", note["error"])
        self.bar.update()

    def _fits(self, place: Engine, at_work: int) -> bool:
        """Whether this machine has the memory for one more run, judged by the largest that has ended."""
        return not place.local or not at_work or psutil.virtual_memory().available / 1e6 > 1.1 * self.memory

    def _show(self, place: Engine, last: bool = False) -> None:
        """Write table and page, now and then: they take at most a tenth of the time."""
        began = time.monotonic()
        if last or began - self.shown > max(SHOWN, 10 * self.cost):
            table = self.table()
            write_tables(table, self.csv)
            states = [self.states[run.out] for run in self.runs]
            page.write(table, states, self.csv.with_suffix(".html"), place.told, ended=last)
            self.shown, self.cost = time.monotonic(), time.monotonic() - began


def _outcome(future: Future, run: Run) -> Outcome:
    """What a worker sent, or that it died. Raises `ChromolabError` where nothing more can be made."""
    try:
        made = future.result()
    except Exception as error:
        kind = type(error).__name__
        if kind in ("BrokenProcessPool", "KilledWorker"):
            return Outcome(None, None, error=f"{run.notebook.name}: {DIED.format('worker')}", died=True)
        if kind in ("FutureCancelledError", "CancelledError", "CommClosedError", "FuturesCancelledError"):
            raise ChromolabError(
                f"the place of the runs is gone ({kind}: {error}). What is finished is kept: run the sweep again."
            ) from error
        return Outcome(None, None, error=f"{run.notebook.name}: {kind}: {error}", log=f"{kind}: {error}")
    return replace(made, error=f"{run.notebook.name}: {DIED.format('kernel')}") if made.died else made


def _no_run(error: str) -> dict:
    return {"figures": {}, "seconds": math.nan, "error": error}


def _first_line(path: Path) -> str:
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.readline(10_000).rstrip("\r\n")
