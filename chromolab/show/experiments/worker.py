"""What one worker does: one run of a notebook, sent back whole to the sweep that asked for it."""

import contextlib
import os
import socket
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from chromolab.data.files import scratch_folder
from chromolab.errors import ChromolabError
from chromolab.show.notebooks.run import run_notebook

EVERY = 1.0  # seconds between two looks at the memory
LOGGED = 200_000  # bytes of a run's log that are kept, the last ones


@dataclass(frozen=True)
class Job:
    """One run, as it is sent to a worker; nothing else is asked of the worker than this package."""

    notebook: str  # the path of the notebook for whoever sends it
    source: bytes  # the notebook
    setting: dict[str, Any]
    timeout: float  # seconds a cell
    threads: int  # that a kernel may use
    capture: bool = False  # whether the worker's process does nothing else, so that what it prints is the run's log


@dataclass(frozen=True)
class Outcome:
    """What came of a run."""

    executed: bytes | None  # the executed copy; None if the run failed
    failed: bytes | None  # the copy of a failed run as far as it came
    figures: dict[str, Any] = field(default_factory=dict)
    seconds: float = float("nan")
    error: str = ""
    log: str = ""
    host: str = ""
    memory: float = 0.0  # the most that the kernel and its children had at a time, in MB
    begun: float = 0.0  # seconds since 1970
    died: bool = False  # whether the kernel died


def run_one(job: Job) -> Outcome:
    """Run a job in a scratch folder. A notebook that fails, or kills its kernel, is an outcome with `error`.

    The notebook runs in its own folder where the worker has that folder with the very same notebook, else in the
    scratch folder; the log then says so.
    """
    host, begun, name = socket.gethostname(), time.time(), Path(job.notebook).name
    with scratch_folder(tempfile.gettempdir(), "chromolab-run-") as folder:
        notebook, out, note = Path(job.notebook), folder / "run.ipynb", ""
        if not _is(notebook, job.source):
            note = f"{notebook} is not on {host}, or another one: it runs in a folder of its own\n"
            notebook = folder / "source" / name
            notebook.parent.mkdir()
            notebook.write_bytes(job.source)
        failed, figures, seconds, error, executed = out.with_name("run.failed.ipynb"), {}, float("nan"), "", None
        died = False
        with _printed_to(folder / "log" if job.capture else None), _threads(job.threads), _Memory() as memory:
            try:
                done = run_notebook(notebook, out, job.setting, job.timeout)
                figures, seconds, executed = done.figures, done.seconds, out.read_bytes()
            except ChromolabError as e:
                error = str(e).replace(f"; see {failed}", "")
                died = type(e.__cause__).__name__ == "DeadKernelError"
            except Exception as e:  # of papermill, nbformat or the system
                error = f"{name}: {type(e).__name__}: {e}"
                note += traceback.format_exc()
        log = (folder / "log").read_bytes()[-LOGGED:].decode("utf-8", "replace") if job.capture else ""
        kept = failed.read_bytes() if failed.exists() else None
    return Outcome(executed, kept, figures, seconds, error, note + log, host, memory.most / 1e6, begun, died)


def _is(path: Path, source: bytes) -> bool:
    try:
        return path.read_bytes() == source
    except OSError:
        return False


@contextlib.contextmanager
def _threads(number: int) -> Iterator[None]:
    """Kernels that start inside use so many threads, unless the user has said how many."""
    names = [n for n in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS") if n not in os.environ]
    os.environ.update(dict.fromkeys(names, str(number)))
    try:
        yield
    finally:
        for name in names:
            os.environ.pop(name, None)


@contextlib.contextmanager
def _printed_to(path: Path | None) -> Iterator[None]:
    """What this process, its kernel and their libraries print goes to a file."""
    if path is None:
        yield
        return
    before = os.dup(1), os.dup(2)
    with open(path, "wb") as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)
        try:
            yield
        finally:
            for stream in (sys.stdout, sys.stderr):
                with contextlib.suppress(AttributeError, ValueError, OSError):
                    stream.flush()
            for stream, old in zip((1, 2), before, strict=True):
                os.dup2(old, stream)
                os.close(old)


class _Memory:
    """Looks at the memory of this process's children, now and then, in a thread of its own."""

    most = 0.0  # bytes

    def __enter__(self) -> "_Memory":
        self._end, self._own = threading.Event(), psutil.Process()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._end.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._end.wait(EVERY):
            self.most = max(self.most, sum(map(_resident, self._own.children(recursive=True))))


def _resident(process: psutil.Process) -> float:
    try:
        return process.memory_info().rss
    except psutil.Error:  # ended meanwhile
        return 0
