"""Works that are killed (SIGKILL) at random moments, and continued each time, against undisturbed ones.

    make bench BENCH=campaign_kills ARGS="[--works fit simulate sweep series export results] [--kills 34] [--each 5]"

Per work, runs of `--each` kills, until there were `--kills`; 34 of each of the six are 204. Every run must end with the
same files as the undisturbed one, a training with the same weights, bit for bit, and leave no half-written file, no
unfinished folder and no kernel's folder behind. Some minutes for each work; the kernels of notebooks take the longest.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
from helpers import killed, killed_works


def fits(kills: int, each: int, rng: np.random.Generator) -> bool:
    """Trainings: every one must end as the undisturbed one."""
    reached, runs, equal = [], 0, 0
    with tempfile.TemporaryDirectory() as folder:
        whole = killed.weights(killed.long_run(Path(folder) / "whole.pt").model)
    apart = 2 * killed.STEPS // (each + 1)  # the kills are spread over the run
    while len(reached) < kills:
        with tempfile.TemporaryDirectory() as folder:
            place, left = Path(folder) / "run.pt", min(each, kills - len(reached))
            reached += killed.killed_and_continued(place, left, apart, rng)
            clean = {p.name for p in Path(folder).iterdir()} == {"run.pt", "run.pt.done"}
            equal += clean and bool((torch.load(f"{place}.done") == whole).all())
            runs += 1
    between = sum(0 < r < killed.STEPS for r in reached)
    print(f"fit: {len(reached)} kills, {between} of them within; {equal} of {runs} runs end as the undisturbed one")
    return equal == runs


def works(name: str, kills: int, each: int, rng: np.random.Generator) -> bool:
    """Another work: every run must leave what the undisturbed one left."""
    with tempfile.TemporaryDirectory() as folder:
        seconds = killed_works.done(name, Path(folder))
        whole = killed_works.state(Path(folder))
    total = within = runs = equal = 0
    while total < kills:
        with tempfile.TemporaryDirectory() as folder:
            for _ in range(min(each, kills - total)):
                within += killed_works.killed(name, Path(folder), float(rng.uniform(0, seconds)))
                total += 1
            killed_works.done(name, Path(folder))
            left = killed_works.state(Path(folder))
            equal += left == whole
            runs += 1
            for file in sorted(set(left.items()) ^ set(whole.items())):
                print(f"{name}: differs or was left: {file[0]}")
    print(
        f"{name}: {total} kills, {within} of them within; {equal} of {runs} runs end as the undisturbed one", flush=True
    )
    return equal == runs


def main() -> None:
    """Kill and continue, and print how the runs ended."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    known = ["fit", *killed_works.WORKS]
    parser.add_argument("--works", nargs="+", default=known, choices=known)
    parser.add_argument("--kills", type=int, default=34)
    parser.add_argument("--each", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    torch.set_num_threads(1)
    rng = np.random.default_rng(args.seed)
    with tempfile.TemporaryDirectory() as own:  # all that the works, and what they start, put into folders for a while
        os.environ["TMPDIR"] = tempfile.tempdir = own
        same = [
            fits(args.kills, args.each, rng) if name == "fit" else works(name, args.kills, args.each, rng)
            for name in args.works
        ]
        left = sorted(p.name for p in Path(own).iterdir())
        tempfile.tempdir = None
    print(f"left in the folder for temporary files: {len(left)}", *left[:20])
    sys.exit(int(not all(same) or bool(left)))


if __name__ == "__main__":
    main()
