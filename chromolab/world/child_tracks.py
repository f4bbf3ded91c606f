"""Child processes that draw and write the tracks, one per cell type, as many at once as there are cores.

They are plain child processes, not `multiprocessing`: forking a kernel that runs torch's threads can hang, and spawning
imports the user's script again. Run as a module, this file is the child.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import numpy as np

from chromolab.errors import ChromolabError
from chromolab.world.assays import write_tracks
from chromolab.world.parameters import Parameters


def write_all(p: Parameters, patterns: Iterable[dict], folder: Path, advance: Callable[[], object]) -> None:
    """Write every cell type's bigWigs into `folder`; `advance` is called once per track.

    `patterns` gives each cell type's expected patterns in turn ({mark: (bins,)}); a cell type's child starts while the
    next one's patterns are computed.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with (
        tempfile.TemporaryDirectory(dir=folder.parent, prefix=".patterns-") as beside,
        ThreadPoolExecutor(cores) as pool,
        _Children() as children,  # left first: on an interruption the children end before the pool waits for them
    ):
        jobs = []
        for cell, arrays in enumerate(patterns):
            place = Path(beside) / f"{cell}.npz"
            np.savez(place, **{mark: values.astype(np.float32) for mark, values in arrays.items()})
            order = {"parameters": asdict(p), "cell": cell, "patterns": str(place), "folder": str(folder)}
            jobs.append(pool.submit(children.run, json.dumps(order), advance))
        for job in jobs:
            job.result()


class _Children:
    """Child processes that end when the parent is interrupted."""

    def __init__(self):
        self.running, self.lock, self.stopped = set(), threading.Lock(), False

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        with self.lock:
            self.stopped = True
            for child in self.running:
                child.kill()

    def run(self, order: str, advance: Callable[[], object]) -> None:
        command = [sys.executable, "-m", "chromolab.world.child_tracks"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        with self.lock:
            if self.stopped:
                return
            child = subprocess.Popen(command, encoding="utf-8", **pipes)
            self.running.add(child)
        with child:
            child.stdin.write(order)
            child.stdin.close()
            for _ in child.stdout:  # a line per track
                advance()
            errors = child.stderr.read()
        self.running.discard(child)
        if child.returncode and not self.stopped:
            raise ChromolabError(
                f"a child process that writes tracks of the teaching genome ended with {child.returncode}: "
                f"{errors.strip()[-500:] or 'without a message'}. Is there enough free disk space and memory?"
            )


def main() -> None:
    order = json.load(sys.stdin)
    with np.load(order["patterns"], allow_pickle=False) as arrays:
        patterns = {mark: arrays[mark] for mark in arrays.files}
    write_tracks(
        Parameters(**order["parameters"]),
        patterns,
        order["cell"],
        Path(order["folder"]),
        lambda: print("written", flush=True),
    )


if __name__ == "__main__":
    main()
