"""Works that are killed (SIGKILL) at any moment and done again; `python -m helpers.killed_works NAME FOLDER` does one.

Each ends with files that depend on nothing but the work, whatever was killed before it.
"""

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

TESTS = Path(__file__).resolve().parents[1]
SMALLEST = {"chromosomes": 3, "chromosome_length": 500_000, "genes": 15, "cell_types": 2, "lineages": 1}
FIGURE = "import chromolab as cl\ncl.key_figure('double', 2 * x)"


def simulate(folder: Path) -> None:
    """The smallest teaching genome and its dataset, in a cache of its own."""
    import chromolab as cl

    cl.simulate(cache=folder / "cache", progress=False, **SMALLEST).dataset(progress=False)


def _notebooks(folder: Path, *names: str) -> None:
    from helpers import toy_notebooks

    for name in names:
        if not (folder / name).exists():
            toy_notebooks.write(folder / name, FIGURE)


def sweep(folder: Path) -> None:
    """A notebook over three settings."""
    from chromolab.show.experiments.sweep import sweep as run

    _notebooks(folder, "nb/toy.ipynb")
    table = run(folder / "nb" / "toy.ipynb", {"x": [1, 2, 3]}, folder / "out", on="pool:1")
    assert list(table["double"]) == [2, 4, 6], table


def series(folder: Path) -> None:
    """Two numbered notebooks, their pages and the index."""
    from chromolab.show.notebooks.series import run_series

    _notebooks(folder, "nb/00_a.ipynb", "nb/01_b.ipynb")
    table = run_series(folder / "nb", folder / "out")
    assert not any(table["error"]), table


def export(folder: Path) -> None:
    """A dataset, a model, edits and a page of a notebook, again and again under the same names."""
    import chromolab as cl
    from chromolab.show.notebooks.pages import write_page
    from helpers.toys import SMALL, toy_dataset

    _notebooks(folder, "nb/toy.ipynb")
    ds = toy_dataset(0, genes=200)
    model = cl.Chromoformer(ds.marks, "classification", (500, 100), seed=0, **SMALL)
    for _ in range(5):
        ds.save(folder / "x.clds")
        cl.save_checkpoint(model, folder / "x.pt")
        cl.edits.to_json([cl.scale("A", "chr1:0-1000", 0.1)] * 1000, folder / "edits.json")
        write_page(folder / "nb" / "toy.ipynb", folder / "page.html")


def results(folder: Path) -> None:
    """A large table of results, several times."""
    from chromolab.show.notebooks.results import read_results, save_results

    table = pd.DataFrame(np.arange(300_000).reshape(-1, 6), columns=list("abcdef"))
    for _ in range(4):
        save_results(table, folder / "r.csv", "made by a test")
    assert len(read_results(folder / "r.csv")) == len(table)


WORKS: dict[str, Callable[[Path], None]] = {f.__name__: f for f in (simulate, sweep, series, export, results)}


def state(folder: Path) -> dict[str, str]:
    """{file: sha256} of all that a work left; of notebooks and what shows times only the names."""
    found = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        timed = path.suffix in (".ipynb", ".html", ".json") or name == "out/toy.csv"
        found[name] = "" if timed else hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def start(name: str, folder: Path) -> subprocess.Popen:
    """Begin a work in a process of its own."""
    command = [sys.executable, "-W", "ignore", "-m", "helpers.killed_works", name, str(folder)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, cwd=TESTS, env=os.environ | {"OMP_NUM_THREADS": "1"}, **quiet)


def done(name: str, folder: Path) -> float:
    """Do a work to its end; the seconds that it took."""
    began = time.monotonic()
    process = start(name, folder)
    _, said = process.communicate()
    assert process.returncode == 0, said.decode()[-2000:]
    return time.monotonic() - began


def killed(name: str, folder: Path, after: float) -> bool:
    """Begin a work and kill it after some seconds; whether it was still at it."""
    process = start(name, folder)
    try:
        process.communicate(timeout=after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    return process.returncode == -signal.SIGKILL


if __name__ == "__main__":
    WORKS[sys.argv[1]](Path(sys.argv[2]))
