"""The article from end to end, rehearsed: `chromolab paper` against a local server with simulated files, and kills."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import psutil

import chromolab as cl
from chromolab.world.on_disk import World
from helpers import public_files
from helpers.faulty_server import Server

CELLS = ("E003", "E116")


class Rehearsal:
    """The files of two cell types on a server; `place` is a folder with an `out` and a cache for the downloads."""

    def __init__(self, server: Server, place: Path, files: dict[str, bytes], options: Sequence[str]):
        self.out, self.options = place / "out", list(options)
        manifest = public_files.serve(server, files, place / "manifest")
        self.environment = os.environ | {
            "CHROMOLAB_MANIFEST": str(manifest),
            "CHROMOLAB_CACHE": str(place / "cache"),
            "NO_PROXY": "127.0.0.1",
            "TQDM_DISABLE": "1",
        }

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Inside, this process sees the same manifest and downloads as the steps do."""
        before = dict(os.environ)
        os.environ.update(self.environment)
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)

    def start(self, step: str, *more: str) -> subprocess.Popen:
        """Begin a step in a process of its own."""
        line = [sys.executable, "-W", "ignore", "-m", "chromolab.show.cli.main", "paper", step, "--out", str(self.out)]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        return subprocess.Popen([*line, *self.options, *more], env=self.environment, **pipes)

    def step(self, step: str, *more: str, code: int = 0) -> str:
        """Do a step to its end; what it printed."""
        process = self.start(step, *more)
        said, _ = process.communicate()
        assert process.returncode == code, said
        return said

    def killed(self, step: str, after: float, *more: str) -> bool:
        """Begin a step and kill it after some seconds; whether it was still at it."""
        process = self.start(step, *more)
        try:
            process.communicate(timeout=after)
        except subprocess.TimeoutExpired:
            self.kill(process)
        return process.returncode == -signal.SIGKILL

    def kill(self, process: subprocess.Popen) -> None:
        """Kill a step (SIGKILL), and wait until what it started has ended by itself: nothing may go on writing."""
        family = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        _, alive = psutil.wait_procs(family, timeout=600)
        assert not alive, "a killed step left processes behind"

    def results(self) -> dict[str, pd.DataFrame | bytes]:
        """What must not depend on kills: every dataset, byte by byte, and every score."""
        found: dict[str, pd.DataFrame | bytes] = {p.name: p.read_bytes() for p in sorted(self.out.glob("data/*.clds"))}
        for name in ("scores", "summary", "across"):
            found[name] = pd.read_csv(self.out / "report" / f"{name}.csv").drop(columns=["of"], errors="ignore")
        return found


def world_of(genes: int, length: int, cache: Path | None = None) -> World:
    """Two cell types on twelve chromosomes, so that each of the human folds has some."""
    size = {"chromosomes": 12, "chromosome_length": length, "genes": genes, "cell_types": 2, "lineages": 2}
    return cl.simulate(**size, cache=cache, progress=False)


def alike(one: dict, other: dict) -> bool:
    """Whether two rehearsals ended alike."""
    assert set(one) == set(other)
    for name, value in one.items():
        if isinstance(value, bytes):
            assert value == other[name], name
        else:
            pd.testing.assert_frame_equal(value, other[name])
    return True
