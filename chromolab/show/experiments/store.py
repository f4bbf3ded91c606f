"""The runs of a sweep on disk: each is whole or absent, with a note beside it that says what came of it."""

import contextlib
import hashlib
import json
import math
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd

from chromolab.data.files import alone, atomic_write, make_folder, write_text
from chromolab.errors import ChromolabError
from chromolab.show.experiments.keys import name_of_run, package
from chromolab.show.experiments.worker import Outcome
from chromolab.show.notebooks.csv_cells import as_csv
from chromolab.show.notebooks.executed import make_room, read_run, refuse_overwriting

NOTE = "chromolab run"  # what kind of file a note is
OWN = ("seconds", "run", "error", "attempts", "host", "memory_mb")  # columns that say how a run went


@dataclass(frozen=True)
class Run:
    """One setting of a sweep, and the files it has or will have: `<name>.ipynb`, `.json`, and where it failed
    `.failed.ipynb` and `.log`."""

    notebook: Path
    folder: Path
    setting: Mapping[str, Any]
    key: str

    @property
    def out(self) -> Path:
        """The executed copy."""
        return self.folder / f"{name_of_run(self.setting, self.key)}.ipynb"

    def beside(self, ending: str) -> Path:
        """A file of the run: its note ".json", say."""
        return self.folder / f"{self.out.stem}{ending}"

    def note(self) -> dict | None:
        """What is known of the finished run; None where it is to be made, or where its file is damaged or changed.

        Such a file is put aside. Raises `ChromolabError` where something else lies in its place.
        """
        try:
            executed = self.out.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ChromolabError(f"{self.out}: {error.strerror}. Move it away, or give another folder.") from error
        known = read_note(self.beside(".json"))
        if known is not None and known.get("sha256") == hashlib.sha256(executed).hexdigest():
            return known
        try:  # its note is lost, or of an earlier try
            done = read_run(self.notebook, self.out)
        except ChromolabError:
            make_room(self.out, self.notebook)
            return None
        made = Outcome(executed, None, done.figures, done.seconds)
        return self._write_note(made, attempts=1)

    def keep(self, made: Outcome, attempts: int) -> dict:
        """Write what came of a run; its executed copy appears last of all but the note, whole. Returns the note."""
        for ending, content in ((".failed.ipynb", made.failed), (".log", made.log.encode() if made.error else None)):
            if content:
                with atomic_write(self.beside(ending)) as part:
                    part.write_bytes(content)
            elif not made.error:
                self.beside(ending).unlink(missing_ok=True)
        if made.executed is not None:
            refuse_overwriting(self.out, self.notebook)
            with atomic_write(self.out, ".ipynb") as part:
                part.write_bytes(made.executed)
        return self._write_note(made, attempts)

    @contextlib.contextmanager
    def claimed(self) -> Iterator[bool]:
        """Inside, no other sweep makes this run; False where another is at it. Without locks every claim holds."""
        with contextlib.ExitStack() as held:
            try:
                held.enter_context(alone(make_folder(self.folder) / self.beside(".lock").name, _give_up))
                free = True
            except _Taken:
                free = False
            yield free

    def _write_note(self, made: Outcome, attempts: int) -> dict:
        note = {
            "kind": NOTE,
            "notebook": self.notebook.name,
            "key": self.key,
            "setting": dict(self.setting),
            "figures": made.figures,
            "seconds": made.seconds,
            "error": made.error,
            "attempts": attempts,
            "host": made.host,
            "memory_mb": round(made.memory),
            "begun": made.begun,
            "ended": time.time(),
            "package": package(),
            "sha256": None if made.executed is None else hashlib.sha256(made.executed).hexdigest(),
        }
        write_text(self.beside(".json"), json.dumps(note, indent=1, default=str) + "\n")
        return note


class _Taken(Exception):
    pass


def _give_up(_: float) -> None:
    raise _Taken


def read_note(path: Path) -> dict | None:
    """A run's note; None where there is none, or another file."""
    try:
        note = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    whole = isinstance(note, dict) and note.get("kind") == NOTE
    return note if whole and {"setting", "figures", "seconds", "error", "ended"} <= set(note) else None


def row_of(run: Run, note: Mapping | None) -> dict[str, Any]:
    """A line of the table: the setting, the key figures, `seconds`, `run` and `error`."""
    note = note or {"figures": {}, "seconds": math.nan, "error": "not run yet"}
    row = {_column(name): value for name, value in run.setting.items()}
    row |= {"seconds": note["seconds"], "run": str(run.out), "error": note["error"]}
    taken = {*row, *OWN}
    return row | {f"{k} (key figure)" if k in taken else k: v for k, v in note["figures"].items()}


def _column(parameter: str) -> str:
    return f"{parameter} (parameter)" if parameter in OWN else parameter


def with_attrs(table: pd.DataFrame, settings: Iterable[Mapping]) -> pd.DataFrame:
    """Name in `attrs` which columns of a table of `row_of` are "parameters", and which are "figures"."""
    parameters = list(dict.fromkeys(_column(name) for setting in settings for name in setting))
    figures = [name for name in table if name not in parameters and name not in OWN]
    table.attrs |= {"parameters": parameters, "figures": figures}
    return table


def results_of(folder: str | PathLike[str]) -> pd.DataFrame:
    """The table of a sweep, finished or under way, from the notes of its runs.

    Parameters
    ----------
    folder : path
        Of the sweep: where its runs lie, or the one above it.

    Returns
    -------
    DataFrame
        A row per run, the earliest first: parameters, key figures, `seconds`, `run` (the executed copy), `error`
        (empty where it ran to its end), `attempts`, `host` and `memory_mb`. `attrs` names "parameters" and "figures".
        Settings that had several keys (the notebook, the package or the data changed) have a row for the newest alone.

    Raises
    ------
    ChromolabError
        If no run lies there.
    """
    folder = Path(folder)
    notes = {
        p: note for p in sorted(folder.glob("*.json")) or sorted(folder.glob("*/*.json")) if (note := read_note(p))
    }
    if not notes:
        raise ChromolabError(f"{folder}: no run of a sweep lies there; expected the folder of `chromolab sweep --out`.")
    newest: dict[str, Path] = {}
    for path in sorted(notes, key=lambda p: notes[p]["ended"]):
        newest[json.dumps([notes[path]["notebook"], notes[path]["setting"]], sort_keys=True)] = path
    rows: list[dict] = []
    for path in sorted(newest.values(), key=lambda p: (notes[p]["begun"], p)):
        note, run = notes[path], Run(Path(notes[path]["notebook"]), path.parent, notes[path]["setting"], "")
        more = {"attempts": note["attempts"], "host": note["host"], "memory_mb": note["memory_mb"]}
        rows.append(row_of(run, note) | {"run": str(path.with_suffix(".ipynb"))} | more)
    return with_attrs(pd.DataFrame(rows), (notes[path]["setting"] for path in newest.values()))


def write_tables(table: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV, and as Parquet where pyarrow is installed."""
    write_text(path, as_csv(table))
    if find_spec("pyarrow"):
        whole = table.map(lambda cell: json.dumps(cell) if isinstance(cell, list | dict) else cell)
        with atomic_write(path.with_suffix(".parquet")) as part:
            whole.astype({c: str for c in whole if whole[c].dtype == object}).to_parquet(part, index=False)
