"""The smallest edits that a search finds, held against what the teaching genome says they truly do. All is simulated.

    make bench BENCH=bench_smallest ARGS="[--genes 24] [--contacts strong]"

Of genes of the held-out fold, half of those expressed and half of those that are not, the search looks for the smallest
edit that moves the predicted log2(RPKM + 1) by 1 to the other side; its first rows are simulated.
"""

import argparse
import time

import numpy as np
import pandas as pd

import chromolab as cl

FOLD = 4  # held out from the models that ship


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--genes", type=int, default=24)
    parser.add_argument("--contacts", default="lifelike")
    parser.add_argument("--rows", type=int, default=5)
    given = parser.parse_args()
    world = cl.simulate(seed=0, contacts=given.contacts)
    dataset, causes = world.dataset(), world.causes()
    models = [cl.pretrained("regression", seed, given.contacts) for seed in range(4)]
    seen, held_out = cl.data.track_quantiles(dataset), dataset.in_fold(FOLD)
    rng, rows = np.random.default_rng(0), []
    half = [rng.choice(np.flatnonzero(held_out.labels == label), given.genes // 2, replace=False) for label in (1, 0)]
    for example in np.concatenate(half):
        row = held_out.genes.iloc[example]
        gene = held_out.gene(row["gene_id"], row["cell_type"])
        now = float(np.mean([cl.predict(m, gene, progress=False)[0, 0] for m in models]))
        way = -1 if row["label"] else 1
        start = time.perf_counter()
        found = cl.edits.smallest(models, gene, now + way, ranges=seen, rows=given.rows)
        took = time.perf_counter() - start
        for rank, solution in enumerate(found.to_dict("records")):
            true = cl.truth.true_effects(causes, gene, solution["edits"])
            rows.append(
                {
                    "way": "down" if way < 0 else "up",
                    "first": rank == 0,
                    "reached": solution["reached"],
                    "strokes": solution["strokes"],
                    "kb": solution["size"],
                    "answered": true.change is not None,
                    "same way": np.nan if true.change is None else float(way * true.change > 0.05),
                    "true reaches": np.nan if true.change is None else float(way * true.change >= 1),
                    "seconds": took,
                }
            )
    table = pd.DataFrame(rows)
    for name, part in (("first row", table[table["first"]]), ("all rows", table)):
        print(f"{name} of {given.genes} genes, {given.contacts} contacts:")
        print(part.groupby("way").mean(numeric_only=True).round(2).assign(rows=part.groupby("way").size()).to_string())


if __name__ == "__main__":
    main()
