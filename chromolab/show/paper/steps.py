"""The steps that make something: fetch the files, build a dataset per cell type, train the models. Each continues."""

import json
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from chromolab.data.files import write_text
from chromolab.data.project.inputs import to_fetch
from chromolab.data.public.downloads import Downloads
from chromolab.data.public.fetch import fetch_each
from chromolab.errors import ChromolabError
from chromolab.show.course import course_folder
from chromolab.show.experiments.store import results_of
from chromolab.show.experiments.sweep import sweep
from chromolab.show.paper.settings import Paper
from chromolab.show.report.build import build as build_one

CELL_SECONDS = 48 * 3600.0  # the longest that one training may take
TRAIN = "train"  # the experiment, and the folder of its runs


class Told(NamedTuple):
    """What came of one piece of a step: `what` it was, whether it is `done`, and what is wrong with it or was said."""

    what: str
    done: bool
    said: str = ""


def fetch(paper: Paper, progress: bool = True, say: Callable[[Told], Any] = lambda told: None) -> list[Told]:
    """Download the files of all cell types that are asked for, and look which published weights are here.

    A file that cannot be had stops no other one. `say` is called with each file that is not here afterwards.

    Returns
    -------
    list of Told
        A line per file that datasets need.

    Raises
    ------
    ChromolabError
        A source has no such file at all: the message names the cell type and the mark.
    """
    began, here = time.time(), sum(Downloads.below().files().values())
    files = paper.every_file()
    errors = fetch_each(files.values(), Downloads.below(), progress=progress)
    told = [Told(place, error is None, str(error or "")) for place, error in errors.items()]
    if (came := sum(Downloads.below().files().values()) - here) > 0:
        note(paper, "fetch", str(len(files)), time.time() - began, came)
    for one in told:
        if not one.done:
            say(one)
    return told


def build(
    paper: Paper,
    processes: int | None = None,
    progress: bool = True,
    say: Callable[[Told], Any] = lambda told: None,
) -> list[Told]:
    """Build the dataset of each cell type, OUT/data/E003.clds and its report; what is built already is left alone.

    A cell type that lacks files, or whose files are not what they should be, stops no other one.

    Returns
    -------
    list of Told
        A line per cell type; `say` is called with each as soon as it is known.
    """
    lines = []
    for cell in paper.part.cells:
        began, out = time.time(), paper.dataset(cell)
        before = out.stat().st_mtime_ns if out.exists() else None
        try:
            if lacking := to_fetch(paper.config(cell)):
                names = ", ".join(file.place for file in lacking)
                told = Told(
                    cell, False, f"not built: {len(lacking)} file(s) are not here: {names}. chromolab paper fetch"
                )
            else:
                dataset = build_one(out.with_suffix(".yaml"), processes, progress)
                if out.stat().st_mtime_ns != before:
                    note(paper, "build", cell, time.time() - began, len(dataset))
                told = Told(cell, True, str(dataset))
        except ChromolabError as error:
            told = Told(cell, False, str(error))
        lines.append(told)
        say(told)
    return lines


def train(paper: Paper, on: Any = None, retries: int = 2, timeout: float = CELL_SECONDS) -> pd.DataFrame:
    """Train every model that is asked for and whose dataset is built, by a sweep over experiments/train.

    What is trained already is left alone, what was killed goes on from its last checkpoint.

    Parameters
    ----------
    paper : Paper
    on, retries, timeout : as in `cl.sweep`

    Returns
    -------
    DataFrame
        A row per model: cell, task, fold, seed, without, `done`, and what is wrong (`error`: a failure, or the dataset
        that is not built).

    Raises
    ------
    ChromolabError
        `on` names no place, or the experiment is not on this machine.
    """
    jobs = paper.jobs()
    ready = [job for job in jobs if paper.dataset(job.cell).is_file()]
    if ready:
        sweep(
            experiment(), [paper.setting(job) for job in ready], paper.folder, on=on, retries=retries, timeout=timeout
        )
    return trained(paper)


def trained(paper: Paper) -> pd.DataFrame:
    """The models that are asked for, and which of them are there: the table of `train`; nothing is run."""
    runs = runs_of(paper)
    rows = []
    for job in paper.jobs():
        run = runs.get(str(paper.place(job).resolve()))
        if run is None:
            built = paper.dataset(job.cell).is_file()
            error = "not run yet" if built else f"no dataset of {job.cell}: chromolab paper build"
        else:
            error = run["error"]
        rows.append(
            {**job._asdict(), "done": error == "", "error": error, "seconds": run["seconds"] if run else math.nan}
        )
    return pd.DataFrame(rows)


def runs_of(paper: Paper) -> dict[str, dict[str, Any]]:
    """{folder of a model: the row of its run}, as the sweep has noted them."""
    try:
        table = results_of(paper.folder / TRAIN)
    except ChromolabError:  # none yet
        return {}
    return {row["out"]: row for row in table.to_dict("records")}


def experiment() -> Path:
    """The notebook that trains; `ChromolabError` where the package was installed without its notebooks."""
    return course_folder() / "notebooks" / "experiments" / f"{TRAIN}.ipynb"


# ---------------------------------------------------------------- how long it took


def note(paper: Paper, step: str, what: str, seconds: float, amount: float) -> None:
    """Keep what a step took: its last measurement, in OUT/took.json; `amount` is bytes, or examples."""
    took = taken(paper)
    took.setdefault(step, {})[what] = {"seconds": round(seconds, 2), "amount": amount}
    write_text(paper.folder / "took.json", json.dumps(took, indent=1) + "\n")


def taken(paper: Paper) -> dict[str, dict[str, dict[str, float]]]:
    """{step: {what: seconds and amount}} as `note` kept them."""
    try:
        return json.loads((paper.folder / "took.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
