"""The article from end to end, rehearsed at 1/20 size against a local server, killed ten times on the way.

    make bench BENCH=rehearse_paper [ARGS="--share 0.05 --kills 10 --place DIR --model published"]

Simulated files of two cell types under the real names and formats; two folds, both tasks. It is done once undisturbed
and once with kills (SIGKILL at a random moment of fetch, build and train); both must end with the same datasets, byte
by byte, and the same scores. The plan, which is made first, is held against what the undisturbed rehearsal took. Exit
code 1 where the two differ, or the plan is off by more than a factor of two.
"""

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from helpers import public_files
from helpers.faulty_server import Fault, Server
from helpers.rehearsal import CELLS, Rehearsal, alike, world_of

from chromolab.show.paper.article import GENES, READS
from chromolab.show.paper.plan import plan
from chromolab.show.paper.settings import open_paper

BASES = 104_000  # of the genome to a gene, as in the teaching genome
STEPS = ("fetch", "build", "train")
SLOW = Fault(pace=0.01, piece=1 << 14)  # 1.6 MB a second and file, so that downloads take some time
STARTS = 2.0  # seconds, at least, until a step has read the package and begins


def undisturbed(made: Rehearsal, more: dict[str, list[str]]) -> dict[str, float]:
    """Do every step once; the seconds of each."""
    took = {}
    for step in (*STEPS, "report"):
        began = time.monotonic()
        made.step(step, *more.get(step, []))
        took[step] = time.monotonic() - began
    return took


def with_kills(made: Rehearsal, more: dict, took: dict[str, float], kills: int, seed: int) -> dict[str, int]:
    """Do every step, killed at random moments; how often each was."""
    chance, hit = random.Random(seed), dict.fromkeys(STEPS, 0)
    for i, step in enumerate(STEPS):
        wanted = kills // len(STEPS) + (i >= len(STEPS) - kills % len(STEPS))
        for _ in range(wanted * 5):
            if hit[step] == wanted:
                break
            after = STARTS + chance.uniform(0.1, 1.5) * (took[step] - STARTS) / (wanted + 1)
            hit[step] += made.killed(step, after, *more.get(step, []))
        made.step(step, *more.get(step, []))
    made.step("report")
    return hit


def main() -> int:
    """Rehearse; see the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--share", type=float, default=0.05, help="of the genes and reads of the article")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--model", default="published", choices=["published", "small"])
    parser.add_argument("--epochs", type=int, help="default: the recipe's")
    parser.add_argument("--place", type=Path, help="a folder to keep it in")
    asked = parser.parse_args()
    genes, reads = round(asked.share * GENES), round(asked.share * READS)
    options = ["--cell", *CELLS, "--fold", "1", "2", "--model", asked.model]
    options += ["--epochs", str(asked.epochs)] if asked.epochs else []
    more = {"train": ["--on", "pool:2"]}
    with tempfile.TemporaryDirectory(prefix="chromolab-") as temporary, Server() as server:
        place = asked.place or Path(temporary)
        world = world_of(genes, max(500_000, genes * BASES // 12 // 100_000 * 100_000), place / "worlds")
        files = public_files.public_files(world, CELLS, reads)
        size = sum(map(len, files.values())) / 1e6
        print(
            f"rehearse: {len(files)} simulated files, {size:.0f} MB, {genes} genes, {reads:,} reads a track", flush=True
        )
        server.usual = SLOW
        calm, killed = (Rehearsal(server, place / name, files, options) for name in ("calm", "killed"))
        print(calm.step("plan", "--genes", str(genes)), flush=True)
        with calm.inside():
            estimate = plan(open_paper(calm.out), genes)
        took = undisturbed(calm, more)
        print("rehearse: undisturbed", {step: f"{seconds:.0f} s" for step, seconds in took.items()}, flush=True)
        expected = {"build": estimate.build_wall, "train": estimate.train_seconds / 2}
        ratios = {step: took[step] / expected[step] for step in expected}
        ratios["both"] = sum(took[step] for step in expected) / sum(expected.values())
        print("rehearse: took / planned", {step: f"{ratio:.2f}" for step, ratio in ratios.items()}, flush=True)
        hit = with_kills(killed, more, took, asked.kills, asked.seed)
        same = alike(calm.results(), killed.results())
        print(f"rehearse: killed {sum(hit.values())} times ({hit}); ends alike: {same}", flush=True)
    return 0 if same and sum(hit.values()) == asked.kills and 0.5 <= ratios["both"] <= 2 else 1


if __name__ == "__main__":
    sys.exit(main())
