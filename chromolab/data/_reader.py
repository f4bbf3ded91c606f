"""The parent's side of reading bigWigs: starts `_bigwig.py` once per job, talks to it, and survives its death.

Plain child processes rather than `multiprocessing`: forking a kernel that runs torch's threads can hang, and spawning
runs the user's ``__main__`` again.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
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
    """A reader process that one thread listens to and any thread may kill."""

    def __init__(self, path: Path):
        self.log = tempfile.TemporaryFile()
        # -P: the script's folder stays off the import path, where our modules could hide others.
        self.process = subprocess.Popen(
            [sys.executable, "-P", str(SCRIPT), str(path)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, encoding="utf-8",
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )  # fmt: skip
        self.heard = time.monotonic()
        self.stalled = False

    def hear(self, path: Path) -> dict:
        """The child's next message; `ChromolabError` naming `path` when it reports an error or is dead."""
        line = self.process.stdout.readline()
        self.heard = time.monotonic()
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
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()
        self.log.close()


class _Readers:
    """The children at work, so that an interrupt or an error can end them all."""

    def __init__(self):
        self.lock, self.children, self.stopped = threading.Lock(), [], False

    def start(self, path: Path) -> _Child:
        with self.lock:
            if self.stopped:
                raise ChromolabError(f"{path}: not read, another file failed first.")
            self.children.append(child := _Child(path))
            return child

    def stop(self, only_stalled: bool = False) -> None:
        with self.lock:
            self.stopped |= not only_stalled
            for child in self.children:
                stalled = time.monotonic() - child.heard > STALLED
                if child.process.poll() is None and (stalled or not only_stalled):
                    child.stalled = stalled
                    child.process.kill()


def _converse(readers: _Readers, job: Job, advance: Callable[[int], object]) -> None:
    child = readers.start(job.path)
    try:
        job.chroms = child.hear(job.path)["chroms"]
        if not job.plan:
            return
        names = reconcile_names(job.names, job.chroms, str(job.path), missing=job.missing)
        asked = {"plan": job.plan, "names": names, "first": job.first, "last": job.last, "out": job.out}
        child.process.stdin.write(json.dumps(asked) + "\n")
        child.process.stdin.flush()
        while "finished" not in (message := child.hear(job.path)):
            advance(message["done"])
    except BrokenPipeError:
        child.hear(job.path)  # it died before it was asked: say why
        raise
    finally:
        child.close()


def run(jobs: Sequence[Job], processes: int, progress: bool = False) -> None:
    """Do all jobs, at most `processes` at once; the first error ends the others and is raised."""
    readers, lock = _Readers(), threading.Lock()
    total = sum(job.last - job.first for job in jobs)
    with tqdm(total=total, unit=" regions", desc="reading tracks", disable=not progress, delay=2) as bar:

        def advance(n: int) -> None:
            with lock:
                bar.update(n)

        pool = ThreadPoolExecutor(max(1, min(processes, len(jobs))))
        try:
            left = {pool.submit(_converse, readers, job, advance) for job in jobs}
            while left:
                done, left = wait(left, timeout=1, return_when=FIRST_EXCEPTION)
                for future in done:
                    future.result()
                readers.stop(only_stalled=True)
        finally:  # an error or an interrupt: nothing is left running
            readers.stop()
            pool.shutdown(cancel_futures=True)
