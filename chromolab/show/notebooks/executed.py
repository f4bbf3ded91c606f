"""Executed copies of notebooks: known again by a seal, read whole or refused, and never written over another file.

The seal is the sha256 of the copy's cells and outputs, kept in its metadata: a copy that was cut, damaged or edited
since it ran does not count as finished.
"""

import hashlib
import json
import logging
import math
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

from chromolab.errors import ChromolabError
from chromolab.show.notebooks.output import FIGURE, STATE, in_words
from chromolab.show.notebooks.settled import settle_widgets

log = logging.getLogger("chromolab")

SEAL = "chromolab"  # the entry of a notebook's metadata


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
        return "; ".join(f"{name} = {in_words(value)}" for name, value in self.figures.items())


def seal(path: Path) -> None:
    """Put the seal on an executed copy that has just been written; raises as `read_run` does.

    Before that its widgets become text.
    """
    import nbformat

    nb = _read(path)
    settle_widgets(nb)
    _reported(nb, path)
    nb.metadata[SEAL] = {"sha256": _digest(nb)}
    path.write_text(nbformat.writes(nb), encoding="utf-8")


def read_run(notebook: str | PathLike[str], out: str | PathLike[str]) -> Finished:
    """What a finished run of `notebook` reported, read from its executed copy `out`.

    Raises
    ------
    ChromolabError
        If there is no such copy, it is not the notebook that was written when it ended, it was stripped, or it reports
        something else than key figures and exercises.
    """
    out = Path(out)
    if not out.is_file():
        raise ChromolabError(f"{out}: no such file; expected the executed copy of {Path(notebook).name}. Run it.")
    nb = _read(out)
    sealed = nb.metadata.get(SEAL)
    if sealed is not None and sealed != {"sha256": _digest(nb)}:
        raise ChromolabError(f"{out}: changed since it ran: damaged, or edited. Run it again.")
    if not _papermill(nb):
        raise ChromolabError(f"{out}: no executed copy: its outputs were stripped, or it never ran. Run it again.")
    figures, states = _reported(nb, out)
    return Finished(Path(notebook), out, _papermill(nb).get("duration", math.nan), figures, states)


def refuse_overwriting(out: Path, notebook: Path) -> None:
    """Raise `ChromolabError` where a run of `notebook` would replace anything but an earlier, unedited run of it."""
    if (fault := _fault(out, notebook)) is not None:
        raise ChromolabError(
            f"{out}: {fault}, and was not touched. Move it away, give another name, or say replace=True (--replace)."
        )


def make_room(out: Path, notebook: Path) -> None:
    """Remove an earlier run of `notebook` at `out`; one that was damaged or edited is kept as ``<name>.damaged.ipynb``.

    Raises `ChromolabError` where `out` is something else.
    """
    fault = _fault(out, notebook)
    if fault in (DAMAGED, CHANGED):
        names = (f"{out.stem}.damaged{number}.ipynb" for number in ("", *range(2, 1000)))
        aside = next(place for name in names if not (place := out.with_name(name)).exists())
        out.rename(aside)
        log.warning("%s: %s: it is run again; that copy is kept as %s", out, fault, aside.name)
    else:
        refuse_overwriting(out, notebook)
        out.unlink(missing_ok=True)


DAMAGED, CHANGED = "is no whole notebook", "was changed since it ran"


def _fault(out: Path, notebook: Path) -> str | None:
    """Why a run of `notebook` may not replace `out`, in words that follow its name; None if it may."""
    if out.is_dir():
        return "is a folder"
    if not out.exists():
        return None
    if notebook.exists() and out.samefile(notebook):
        return "is the notebook itself"
    try:
        nb = _read(out)
    except ChromolabError:
        return DAMAGED
    if Path(str(_papermill(nb).get("input_path", ""))).name != notebook.name:
        return f"is another file than a run of {notebook.name}"
    return None if nb.metadata.get(SEAL) in (None, {"sha256": _digest(nb)}) else CHANGED


def _read(path: Path) -> Any:
    import nbformat

    try:
        nb = nbformat.read(path, as_version=4)
        nbformat.validate(nb)
    except Exception as error:  # nbformat passes on any error of the file, its JSON or the format
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise ChromolabError(f"{path}: not a whole notebook ({reason}). Run it again.") from error
    return nb


def _digest(nb) -> str:
    """sha256 of what ran and what came of it."""
    cells = [[cell.cell_type, cell.source, cell.get("outputs")] for cell in nb.cells]
    return hashlib.sha256(json.dumps([cells, _papermill(nb)], sort_keys=True).encode()).hexdigest()


def _papermill(nb) -> dict:
    found = nb.metadata.get("papermill")
    return found if isinstance(found, dict) else {}


def _reported(nb, path: Path) -> tuple[dict, dict]:
    """The key figures {name: value} and the states of exercises {name: state}."""
    figures, states = {}, {}
    for found in _outputs(nb, FIGURE):
        if not (isinstance(found, dict) and isinstance(found.get("name"), str) and "value" in found):
            raise ChromolabError(f"{path}: a key figure without name and value; expected what cl.key_figure shows.")
        if not isinstance(found["value"], bool | int | float | str | None):
            raise ChromolabError(f"{path}: key figure {found['name']!r} is no number or word; use cl.key_figure.")
        figures[found["name"]] = math.nan if found["value"] is None else found["value"]
    for found in _outputs(nb, STATE):
        if not (isinstance(found, dict) and all(isinstance(found.get(key), str) for key in ("exercise", "state"))):
            raise ChromolabError(f"{path}: an exercise without name and state; expected what exercises.check shows.")
        states[found["exercise"]] = found["state"]
    return figures, states


def _outputs(nb, mime: str) -> list:
    outputs = (o for cell in nb.cells if cell.cell_type == "code" for o in cell.outputs)
    return [o["data"][mime] for o in outputs if mime in o.get("data", {})]
