"""A training run that is killed (SIGKILL) at 50 random moments, and continued each time, against an undisturbed one.

    make bench BENCH=campaign_kills ARGS="[--kills 50] [--each 5]"

Runs of `--each` kills, until there were `--kills`; every one must end with the same weights, bit for bit, and leave no
half-written file behind. Some minutes.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
from helpers import killed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--each", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    torch.set_num_threads(1)
    rng, reached, runs, equal = np.random.default_rng(args.seed), [], 0, 0
    with tempfile.TemporaryDirectory() as folder:
        whole = killed.weights(killed.long_run(Path(folder) / "whole.pt").model)
    apart = 2 * killed.STEPS // (args.each + 1)  # the kills are spread over the run
    while len(reached) < args.kills:
        with tempfile.TemporaryDirectory() as folder:
            place, left = Path(folder) / "run.pt", min(args.each, args.kills - len(reached))
            reached += killed.killed_and_continued(place, left, apart, rng)
            clean = {p.name for p in Path(folder).iterdir()} == {"run.pt", "run.pt.done"}
            equal += clean and bool((torch.load(f"{place}.done") == whole).all())
            runs += 1
        print(f"{len(reached)} kills, {equal} of {runs} runs end as the undisturbed one", flush=True)
    total = killed.STEPS
    print(f"steps kept at the kills (of {total}): {sorted(reached)}; {sum(0 < r < total for r in reached)} in between")
    sys.exit(int(equal < runs))


if __name__ == "__main__":
    main()
