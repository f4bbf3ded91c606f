"""Sweeps against papermill alone: throughput on this machine, and what a run costs beside its notebook.

    TQDM_DISABLE=1 make bench BENCH=bench_sweep ARGS="[--runs 60] [--seconds 2] [--on pool:2 local:2] [--many 2000]"

A notebook that computes for `--seconds` is run `--runs` times: by papermill alone, one after another, and by `cl.sweep`
on each place. `--many` no-op runs, which need no notebook, go through the sweep's driver, to say what it and a Dask
scheduler keep for each run. Ratios are of one run; nothing else should be running.
"""

import argparse
import tempfile
import time
from pathlib import Path

import psutil
from helpers import toy_notebooks

import chromolab as cl
from bench import bench_sweep
from chromolab.show.experiments import sweep as module
from chromolab.show.experiments.worker import Job, Outcome
from chromolab.show.notebooks.run import run_notebook

BUSY = "import time\nend = time.process_time() + {seconds}\nwhile time.process_time() < end: sum(range(1000))"


def no_op(job: Job) -> Outcome:
    """In place of `run_one`: a notebook of one kB that has run."""
    return Outcome(b"{}" * 500, None, {"x": job.setting["x"]}, 0.0)


def main() -> None:
    """Print the two tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--on", nargs="+", default=["pool:2", "local:2"])
    parser.add_argument("--many", type=int, default=2000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = toy_notebooks.write(Path(folder) / "toy.ipynb", BUSY.format(seconds=options.seconds))
        grid = {"x": list(range(options.runs))}
        began = time.monotonic()
        for x in grid["x"]:
            run_notebook(path, Path(folder) / "alone" / f"{x}.ipynb", {"x": x})
        alone = time.monotonic() - began
        print(f"papermill alone: {options.runs} runs of {options.seconds:g} s in {alone:.1f} s")
        for on in options.on:
            began = time.monotonic()
            table = cl.sweep(path, grid, Path(folder) / on.replace(":", "-"), on=on)
            took = time.monotonic() - began
            assert not any(table["error"])
            print(f"{on}: {took:.1f} s, {alone / took:.2f} times the throughput")
        module.run_one = bench_sweep.no_op  # by its module's name: workers do not have this script as __main__
        for on in options.on:
            _many(path, options.many, Path(folder) / f"many-{on.replace(':', '-')}", on)


def _many(path: Path, runs: int, out: Path, on: str) -> None:
    process = psutil.Process()
    sizes, half = [], runs // 2
    before, began = process.memory_info().rss, time.monotonic()
    for count in (half, runs):
        table = cl.sweep(path, {"x": list(range(count))}, out, on=on)
        assert not any(table["error"])
        sizes.append(process.memory_info().rss)
    took = time.monotonic() - began
    began = time.monotonic()
    cl.sweep(path, {"x": list(range(runs))}, out, on=on)
    again = time.monotonic() - began
    print(
        f"{on}: {runs} no-op runs in {took:.1f} s ({1000 * took / runs:.1f} ms a run), driver and scheduler "
        f"{(sizes[0] - before) / 1e6:+.0f} MB for the first half, {(sizes[1] - sizes[0]) / 1e6:+.0f} MB for the other; "
        f"{again:.1f} s to see that they are there"
    )


if __name__ == "__main__":
    main()
