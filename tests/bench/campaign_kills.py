"""A training run that is killed (SIGKILL) at 50 random moments, and continued each time, against an undisturbed one.

    python tests/bench/campaign_kills.py [--kills 50] [--each 5]

Runs of `--each` kills, until there were `--kills`; every one must end with the same weights, bit for bit, and leave no
half-written file behind. Some minutes.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parents[1]))
import test_engine


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--each", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    torch.set_num_threads(1)
    rng, hit, runs, equal = np.random.default_rng(args.seed), 0, 0, 0
    whole = test_engine.weights(test_engine.long_run().model)
    while hit < args.kills:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / "run.pt"
            hit += test_engine.killed_and_continued(place, min(args.each, args.kills - hit), rng)
            clean = {p.name for p in Path(folder).iterdir()} == {"run.pt", "run.pt.done"}
            equal += clean and bool((torch.load(f"{place}.done") == whole).all())
            runs += 1
        print(f"{hit} kills, {equal} of {runs} runs end as the undisturbed one", flush=True)
    sys.exit(int(equal < runs))


if __name__ == "__main__":
    main()
