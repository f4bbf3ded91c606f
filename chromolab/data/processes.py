"""Child processes: how they start, what they say, and how they end.

Files that can crash the interpreter are read in a child process, and slow work on many files runs in several at once.
These are plain processes rather than `multiprocessing`: forking a kernel that runs torch's threads can hang, and
spawning runs the user's ``__main__`` again. (joblib's pool takes twice as long to start, and after a crash in
one job it ends all of them alike, without saying whose file caused it: tests/bench/RESULTS.md.)

Parent and child exchange lines of JSON. To each request the child answers with any number of messages, of which the
last has the key "finished"; instead of any of them it may send {"error": "..."}. A child ends when its input closes.
"""

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chromolab.errors import ChromolabError

PACKAGE = Path(__file__).parents[1]
STALLED = 300.0  # seconds without a message after which a child is killed


def cpus() -> int:
    """The number of CPUs that this process may use: fewer than the machine has on a cluster or in a container."""
    from joblib import cpu_count  # slow to import, and rarely needed

    return cpu_count()


# ---------------------------------------------------------------- the child's side


def read_requests() -> Iterator[dict]:
    """Yield the parent's requests until it closes the child's input."""
    for line in sys.stdin:
        yield json.loads(line)


def say(**message) -> None:
    """Send the parent a message."""
    print(json.dumps(message), flush=True)


# ---------------------------------------------------------------- the parent's side


@dataclass(frozen=True)
class Program:
    """What a child process runs, and the words for its failures.

    `run` is a module's name, or the path of a script that imports less and so starts faster; `name` is what messages
    call the child, and `remedy` is a sentence that says what to do when it fails.
    """

    run: str
    name: str
    remedy: str

    def command(self) -> list[str]:
        """The command line. -P: neither the working folder nor the script's own is searched for modules."""
        return [sys.executable, "-P", *([self.run] if self.run.endswith(".py") else ["-m", self.run])]


def environment() -> dict[str, str]:
    """The environment of a child: our package, the user's PYTHONPATH without the working folder, one thread."""
    given = [folder for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep) if folder]
    with contextlib.suppress(FileNotFoundError):  # the working folder may have been removed
        given = [folder for folder in given if os.path.realpath(folder) != os.path.realpath(".")]
    paths = os.pathsep.join([str(PACKAGE.parent), *given])
    return {**os.environ, "PYTHONPATH": paths, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


class Child:
    """A child process; one thread talks to it, any thread may kill it. Leaving its ``with`` block ends it."""

    def __init__(self, program: Program):
        self.program, self._errors = program, tempfile.TemporaryFile()
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._process = subprocess.Popen(
            program.command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            encoding="utf-8",
            errors="replace",  # a library of the child may write anything
            env=environment(),
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *_) -> None:
        self.kill()
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait()
        self._listener.join()
        self._process.stdout.close()
        self._errors.close()

    def kill(self) -> None:
        """End the process at once; its `ask` then raises."""
        self._process.kill()

    def ask(self, about: Any, **request) -> Iterator[dict]:
        """Send a request, and yield the messages that answer it.

        Raises
        ------
        ChromolabError
            Beginning with `about`, the file in question: the child reports an error, ended, or sent nothing for
            `STALLED` seconds.
        """
        with contextlib.suppress(BrokenPipeError):  # it has ended: `_hear` says why
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
        finished = False
        while not finished:
            message = self._hear()
            if "error" in message:
                error = message["error"]
                raise ChromolabError(error if error.startswith(str(about)) else f"{about}: {error}")
            yield message
            finished = "finished" in message

    def _listen(self) -> None:
        """Pass on the child's lines, so that waiting for one can have a time limit; an empty one when it has ended."""
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put("")

    def _hear(self) -> dict:
        try:
            line = self._lines.get(timeout=STALLED)
        except queue.Empty:
            self.kill()
            return {"error": f"no message from {self.program.name} in {STALLED:.0f} s. {self.program.remedy}"}
        if not line.endswith("\n"):
            self._lines.put("")  # for whoever asks again
            return {"error": self._last_words()}
        with contextlib.suppress(ValueError):
            if isinstance(message := json.loads(line), dict):
                return message
        # a library of the child wrote to its output
        return {"error": f"{self.program.name} failed ({line.strip()[:500]}). {self.program.remedy}"}

    def _last_words(self) -> str:
        """Why the child ended."""
        code, name, remedy = self._process.wait(), self.program.name, self.program.remedy
        if code == -getattr(signal, "SIGKILL", 9):
            return (
                f"{name} was killed, most likely for lack of memory. Use fewer processes or a larger bin, or close "
                "other programs."
            )
        if code < 0:
            return f"{name} crashed ({signal.Signals(-code).name}). {remedy}"
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").strip().splitlines() or [f"exit status {code}"]
        return f"{name} failed ({lines[-1][:500]}). {remedy} If that does not help, run `chromolab doctor`."


class Children:
    """Child processes of several threads. Leaving the ``with`` block, also by an error or an interrupt, kills them."""

    def __init__(self):
        self._lock, self._running, self._ended = threading.Lock(), [], False

    def __enter__(self) -> "Children":
        return self

    def __exit__(self, *_) -> None:
        with self._lock:
            self._ended = True
            for child in self._running:
                child.kill()

    def start(self, program: Program) -> Child:
        """A new child.

        Raises
        ------
        ChromolabError
            The ``with`` block has been left: nothing may start any more.
        """
        with self._lock:
            if self._ended:
                raise ChromolabError(f"{program.name} was not started: the work was stopped.")
            self._running.append(child := Child(program))
        return child
