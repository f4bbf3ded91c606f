"""What an answer of the what-if lab costs in the kernel: the edit, and eight models asked about it.

    make bench BENCH=bench_answers ARGS="[--repeats 60]"

On the teaching genome (simulated) with the eight models that ship, one thread. Each line is the median of many calls,
in ms and as a share of an answer for which all eight models at once compute everything anew.
"""

import argparse
import statistics
import time

import numpy as np
import torch

import chromolab as cl
from chromolab.show.widgets.whatif.session import Session


def ms(call, repeats: int) -> float:
    """Median time of a call, in ms; twice before, for what is slow the first time."""
    times = []
    for _ in range(repeats + 2):
        begin = time.perf_counter()
        call()
        times.append(time.perf_counter() - begin)
    return 1e3 * statistics.median(times[2:])


def painter(session, rng):
    """A function that paints five random bins of a mark in a region (an entry of `session.regions()`)."""

    def paint(region):
        first = int(rng.integers(0, max(1, region["bins"] - 5)))
        start, end = region["start"] + 100 * first, min(region["start"] + 100 * (first + 5), region["end"])
        values = rng.uniform(0, 5, -(-(end - start) // 100)).round(2).tolist()
        mark = session.dataset.marks[int(rng.integers(len(session.dataset.marks)))]
        place = f"{region['chrom']}:{start}-{end}"
        return {"kind": "paint", "mark": mark, "region": place, "values": values, "step": 100}

    return paint


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=60)
    repeats = parser.parse_args().repeats
    torch.set_num_threads(1)
    world = cl.simulate(seed=0)
    session = Session(None, world.dataset(), world)
    regions, paint = session.regions(), painter(session, np.random.default_rng(0))
    window, *pcres = regions

    def stroke(region, exactly=False):
        session.act([{"do": "add", "edits": [paint(region)], "draft": True}])
        return session.predicted(session.edited, exactly)

    def anew():
        for _, together in session.ensemble.groups:
            together.remembered.key = b""
        return stroke(pcres[0])

    def cut():
        session.act([{"do": "toggle", "region": f"{pcres[1]['chrom']}:{pcres[1]['start']}-{pcres[1]['end']}"}])
        return session.after

    print(f"{session.gene.genes['gene_id'].iloc[0]}, {len(pcres)} pCREs, 8 models")
    whole = ms(anew, repeats)
    calls = {
        "a stroke, one model after another": lambda: stroke(pcres[0], exactly=True),
        "a stroke, all models at once, all anew": anew,
        "a stroke in the promoter's window": lambda: stroke(window),
        "a stroke in a pCRE": lambda: stroke(pcres[0]),
        "a contact cut or restored": cut,
    }
    for what, call in calls.items():
        taken = ms(call, repeats)
        print(f"{what:42} {taken:6.1f} ms  {taken / whole:5.2f}")
    for count in (1, 200, 2_000):
        several = [paint(regions[i]) for i in np.random.default_rng(1).integers(0, len(regions), count)]
        session.act([{"do": "reset"}, {"do": "add", "edits": several}])
        edits = session.edits
        afresh = ms(lambda e=edits: cl.edit(session.gene, e), repeats // 4)
        more = ms(lambda: session.act([{"do": "add", "edits": [paint(window)], "draft": True}]), repeats // 4)
        print(f"{count:5,} edits applied afresh {afresh:6.1f} ms; one more after them {more:5.1f} ms")


if __name__ == "__main__":
    main()
