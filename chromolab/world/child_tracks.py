"""Child processes that draw and write the tracks, one per cell type, as many at once as there are CPUs.

Run as a module, this file is the child.
"""

import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import numpy as np

from chromolab.data.processes import Children, Program, cpus, read_requests, say
from chromolab.world.assays import write_tracks
from chromolab.world.parameters import Parameters

WRITER = Program(
    "chromolab.world.child_tracks",
    "the child process that writes its tracks",
    "Is there enough free disk space and memory?",
)


def write_all(p: Parameters, patterns: Iterable[dict], folder: Path, advance: Callable[[], object]) -> None:
    """Write every cell type's bigWigs into `folder`; `advance` is called once per track.

    `patterns` gives each cell type's expected patterns in turn ({mark: (bins,)}); a cell type's child starts while the
    next one's patterns are computed.
    """

    def write(order: dict) -> None:
        name = p.cell_type_names[order["cell"]]
        with children.start(WRITER) as child:
            for message in child.ask(f"teaching genome, {name}", **order):
                if "written" in message:
                    advance()

    with (
        tempfile.TemporaryDirectory(dir=folder.parent, prefix=".patterns-") as beside,
        ThreadPoolExecutor(cpus()) as pool,
        Children() as children,  # exits first: after an error or an interrupt the pool does not wait for a child
    ):
        jobs = []
        for cell, arrays in enumerate(patterns):
            place = Path(beside) / f"{cell}.npz"
            np.savez(place, **{mark: values.astype(np.float32) for mark, values in arrays.items()})
            order = {"parameters": asdict(p), "cell": cell, "patterns": str(place), "folder": str(folder)}
            jobs.append(pool.submit(write, order))
        for job in jobs:
            job.result()


def main() -> None:
    """Write the tracks of one cell type per request."""
    for order in read_requests():
        with np.load(order["patterns"], allow_pickle=False) as arrays:
            patterns = {mark: arrays[mark] for mark in arrays.files}
        parameters, folder = Parameters(**order["parameters"]), Path(order["folder"])
        write_tracks(parameters, patterns, order["cell"], folder, lambda: say(written=True))
        say(finished=True)


if __name__ == "__main__":
    main()
