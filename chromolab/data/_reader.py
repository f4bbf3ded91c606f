"""The parent's side of reading bigWigs: starts `_bigwig.py`, talks to it, and survives its death.

Plain child processes rather than `multiprocessing`: forking a kernel that runs torch's threads can hang, and spawning
runs the user's ``__main__`` again.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

from tqdm.auto import tqdm

from chromolab.data.intervals import reconcile_names
from chromolab.errors import ChromolabError

SCRIPT = Path(__file__).with_name("_bigwig.py")
STALLED = 180.0  # seconds without a word from a child (a block takes milliseconds) after which it is given up


@dataclass
class Job:
    """One bigWig and the part of a plan to read from it; without a plan it is only opened."""

    path: Path
    plan: str = ""
    names: Sequence[str] = ()  # chromosomes asked for
    missing: str = "error"
    first: int = 0
    last: int = 0
    out: str = ""
    chroms: dict[str, int] = field(default_factory=dict)  # answered: the track's chromosomes


class _Child:
    """A reader process that one thread talks to and any thread may kill."""

    def __init__(self):
        self.log = tempfile.TemporaryFile()
        # -P: the script's folder stays off the import path, where our modules (signal.py) would hide Python's.
        self.process = subprocess.Popen(
            [sys.executable, "-P", str(SCRIPT)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, encoding="utf-8",
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )  # fmt: skip
        self.asked = time.monotonic()
        self.waiting = self.stalled = False

    def ask(self, **message) -> None:
        with contextlib.suppress(BrokenPipeError):  # it is dead: `hear` says why
            self.process.stdin.write(json.dumps(message) + "\n")
            self.process.stdin.flush()

    def hear(self, path: Path) -> dict:
        """The child's next message; `ChromolabError` naming `path` when it reports an error or is dead."""
        self.asked, self.waiting = time.monotonic(), True
        line = self.process.stdout.readline()
        self.waiting = False
        message = json.loads(line) if line.endswith("\n") else {"error": self._last_words()}
        if "error" in message:
            raise ChromolabError(f"{path}: {message['error']}")
        return message

    def _last_words(self) -> str:
        code = self.process.wait()
        if self.stalled:
            return f"no word from the reader in {STALLED:.0f} s: a damaged file or a stuck disk. Copy it again."
        if code == -getattr(signal, "SIGKILL", 9):
            return "the reader was killed, most likely for want of memory. Give fewer processes or a larger bin."
        if code < 0:
            return f"the reader crashed ({signal.Signals(-code).name}): the file is damaged. Copy or download it again."
        self.log.seek(0)
        said = self.log.read().decode(errors="replace").strip().splitlines()[-1:] or [f"exit status {code}"]
        return f"the reader failed ({said[0]}). Copy or download the file again, or run `chromolab doctor`."

    def close(self) -> None:
        self.process.kill()
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()
        self.log.close()


class _Readers:
    """The jobs to do and the children at work on them, which an interrupt or an error ends together."""

    def __init__(self, jobs: Iterable[Job], advance: Callable[[int], object]):
        self.jobs, self.advance = deque(jobs), advance
        self.lock, self.children = threading.Lock(), []

    def work(self) -> None:
        """One thread's work: a child of its own that does one job after another."""
        with self.lock:
            if not self.jobs:
                return
            self.children.append(child := _Child())
        try:
            while job := self._next():
                self._do(child, job)
        finally:
            child.close()

    def _next(self) -> Job | None:
        with self.lock:
            return self.jobs.popleft() if self.jobs else None

    def _do(self, child: _Child, job: Job) -> None:
        child.ask(open=str(job.path))
        job.chroms = child.hear(job.path)["chroms"]
        if not job.plan:
            return
        names = reconcile_names(job.names, job.chroms, str(job.path), missing=job.missing)
        child.ask(plan=job.plan, names=names, first=job.first, last=job.last, out=job.out)
        while "finished" not in (message := child.hear(job.path)):
            with self.lock:
                self.advance(message["done"])

    def kill(self, only_stalled: bool = False) -> None:
        with self.lock:
            if not only_stalled:
                self.jobs.clear()
            for child in self.children:
                stalled = child.waiting and time.monotonic() - child.asked > STALLED
                if stalled or not only_stalled:
                    child.stalled = stalled
                    child.process.kill()


def run(jobs: Sequence[Job], processes: int, progress: bool = False) -> None:
    """Do all jobs with at most `processes` children; the first error ends the others and is raised."""
    total = sum(job.last - job.first for job in jobs)
    with tqdm(total=total, unit=" regions", desc="reading tracks", disable=not progress, delay=2) as bar:
        readers, threads = _Readers(jobs, bar.update), max(1, min(processes, len(jobs)))
        pool = ThreadPoolExecutor(threads)
        try:
            left = {pool.submit(readers.work) for _ in range(threads)}
            while left:
                done, left = wait(left, timeout=1, return_when=FIRST_COMPLETED)
                for future in done:
                    future.result()
                readers.kill(only_stalled=True)
        finally:  # an error or an interrupt: nothing is left running
            readers.kill()
            pool.shutdown(cancel_futures=True)
