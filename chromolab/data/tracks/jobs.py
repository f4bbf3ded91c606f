"""The parent's side of reading tracks: starts `_bigwig.py` or `_depth.py`, talks to it, and survives its crash.

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

from chromolab.data.chromosomes import reconcile_names
from chromolab.errors import ChromolabError

PACKAGE = Path(__file__).parents[2]
# bigWigs are read by a script with few imports, which starts fast; other kinds by a module of the package.
SCRIPTS = {"bigwig": [str(Path(__file__).with_name("child_bigwig.py"))]}
MODULE = ["-m", "chromolab.data.tracks.child_reads"]
STALLED = 180.0  # seconds without a message (a block takes milliseconds) after which a child is killed


@dataclass
class Job:
    """One track to read a part of a plan from, or to write as a bigWig; with neither, it is only opened."""

    source: dict  # from `reads.source_of`
    plan: str = ""
    names: Sequence[str] = ()  # chromosomes of the plan
    missing: str = "error"
    first: int = 0
    last: int = 0
    out: str = ""
    write: bool = False
    chroms: dict[str, int] = field(default_factory=dict)  # answer: the track's chromosomes
    notes: list = field(default_factory=list)  # answer: (count, what, examples) of its lines

    @property
    def path(self) -> Path:
        return Path(self.source["path"])

    @property
    def weight(self) -> int:
        return max(1, self.last - self.first)


class _Child:
    """A reader process; one thread talks to it, any thread may kill it."""

    def __init__(self, kind: str):
        self.kind, self.log = kind, tempfile.TemporaryFile()
        # -P: without it, the script's folder would be searched first, and our signal.py would hide Python's.
        self.process = subprocess.Popen(
            [sys.executable, "-P", *SCRIPTS.get(kind, MODULE)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            encoding="utf-8",
            env={
                **os.environ,
                "OPENBLAS_NUM_THREADS": "1",
                "OMP_NUM_THREADS": "1",
                "PYTHONPATH": os.pathsep.join(filter(None, [str(PACKAGE.parent), os.environ.get("PYTHONPATH")])),
            },
        )
        self.asked = time.monotonic()
        self.waiting = self.stalled = False

    def ask(self, **message) -> None:
        with contextlib.suppress(BrokenPipeError):  # it has died: `hear` says why
            self.process.stdin.write(json.dumps(message) + "\n")
            self.process.stdin.flush()

    def hear(self, path: Path) -> dict:
        """The child's next message; raises `ChromolabError` naming `path` if it reports an error or has died."""
        self.asked, self.waiting = time.monotonic(), True
        line = self.process.stdout.readline()
        self.waiting = False
        message = json.loads(line) if line.endswith("\n") else {"error": self._last_words()}
        if "error" in message:
            error = message["error"]
            raise ChromolabError(error if error.startswith(str(path)) else f"{path}: {error}")
        return message

    def _last_words(self) -> str:
        code = self.process.wait()
        if self.stalled:
            return f"no word from the reader in {STALLED:.0f} s: the file is damaged or the disk hangs. Copy it again."
        if code == -getattr(signal, "SIGKILL", 9):
            return "the reader was killed, most likely for lack of memory. Use fewer processes or a larger bin."
        if code < 0:
            return f"the reader crashed ({signal.Signals(-code).name}): the file is damaged. Copy or download it again."
        self.log.seek(0)
        lines = self.log.read().decode(errors="replace").strip().splitlines() or [f"exit status {code}"]
        return f"the reader failed ({lines[-1]}). Copy or download the file again, or run `chromolab doctor`."

    def close(self) -> None:
        self.process.kill()
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()
        self.log.close()


class _Readers:
    """The open jobs and the children that work on them; an interrupt or an error ends all of them."""

    def __init__(self, jobs: Iterable[Job], advance: Callable[[int], object]):
        self.jobs, self.advance = deque(jobs), advance
        self.lock, self.children, self.ended = threading.Lock(), [], False

    def work(self) -> None:
        """One thread: its child does one job after another, and is replaced when the next track is of another kind."""
        child = None
        try:
            while job := self._next():
                if child is None or child.kind != job.source["kind"]:
                    if child is not None:
                        child.close()
                    child = self._start(job.source["kind"])
                self._do(child, job)
        finally:
            if child is not None:
                child.close()

    def _start(self, kind: str) -> _Child:
        with self.lock:
            self.children.append(child := _Child(kind))
            if self.ended:
                child.process.kill()
        return child

    def _next(self) -> Job | None:
        with self.lock:
            return self.jobs.popleft() if self.jobs else None

    def _do(self, child: _Child, job: Job) -> None:
        child.ask(open=str(job.path), source=job.source)
        opened = self._hear_out(child, job, "chroms")
        job.chroms, job.notes = opened["chroms"], opened.get("notes", [])
        if job.write:
            child.ask(write=job.out)
        elif job.plan:
            names = reconcile_names(job.names, job.chroms, str(job.path), missing=job.missing)
            child.ask(plan=job.plan, names=names, first=job.first, last=job.last, out=job.out)
        else:
            return
        self._hear_out(child, job, "finished")

    def _hear_out(self, child: _Child, job: Job, until: str) -> dict:
        """The message that has the key `until`; shares reported before it move the progress bar.

        Loading a text file is the first half of a job and making its bin means the second; a bigWig opens at once.
        """
        last, weight = 0.0, job.weight if job.source["kind"] == "bigwig" else job.weight / 2
        while until not in (message := child.hear(job.path)):
            with self.lock:
                self.advance((message["share"] - last) * weight)
            last = message["share"]
        if job.source["kind"] != "bigwig" or until == "finished":
            with self.lock:
                self.advance((1 - last) * weight)
        return message

    def kill(self, only_stalled: bool = False) -> None:
        with self.lock:
            if not only_stalled:
                self.jobs.clear()
                self.ended = True
            for child in self.children:
                stalled = child.waiting and time.monotonic() - child.asked > STALLED
                if stalled or not only_stalled:
                    child.stalled = stalled
                    child.process.kill()


def run(jobs: Sequence[Job], processes: int, progress: bool = False) -> None:
    """Do all jobs with at most `processes` children; the first error ends the others and is raised."""
    shape = "{l_bar}{bar}| {elapsed}<{remaining}"
    total, what = (
        sum(job.weight for job in jobs),
        "writing a track" if any(job.write for job in jobs) else "reading tracks",
    )
    with tqdm(total=total, desc=what, bar_format=shape, disable=not progress, delay=2) as bar:
        readers, threads = _Readers(jobs, bar.update), max(1, min(processes, len(jobs)))
        pool = ThreadPoolExecutor(threads)
        try:
            left = {pool.submit(readers.work) for _ in range(threads)}
            while left:
                done, left = wait(left, timeout=1, return_when=FIRST_COMPLETED)
                for future in done:
                    future.result()
                readers.kill(only_stalled=True)
        finally:  # also after an error or an interrupt: no child is left running
            readers.kill()
            pool.shutdown(cancel_futures=True)
