"""How often 95 % intervals of `cl.metrics.paired` and `cl.metrics.mean_interval` hold the truth, in made-up scores.

    make bench BENCH=claim_coverage ARGS="[--comparisons 5000] [--folds 4] [--seeds 3] [--draws 2000] [--models 4]"

A run's difference is the true one, plus an error of its fold, plus one of its own; both are normal. Each setting says
how large the fold's standard deviation is against the run's. The second table takes the same comparisons, whose true
differences are 0, five at a time: how often at least one of five is called different.

The third table is of a mean over models and 100 genes. Each setting says how much the models' errors move that mean
against those of the genes (standard deviations); 1,000 means each.
"""

import argparse

import numpy as np
import pandas as pd

import chromolab as cl

RATIOS = (0.0, 0.5, 1.0, 2.0, 4.0)
FAMILY = 5


def simulated(ratio: float, comparisons: int, folds: int, seeds: int, draws: int, rng) -> pd.DataFrame:
    """`paired`'s table of comparisons with a reference of score 0 whose true differences are 0."""
    errors = ratio * rng.normal(size=(folds, 1, comparisons)) + rng.normal(size=(folds, seeds, comparisons))
    errors = np.concatenate([np.zeros((folds, seeds, 1)), errors], 2)
    fold, seed, model = (axis.ravel() for axis in np.indices(errors.shape))
    runs = pd.DataFrame({"model": model, "fold": fold, "seed": seed, "score": errors.ravel()})
    return cl.metrics.paired(runs, "score", 0, n=draws)


def held_by_models_and_genes(ratio: float, models: int, rng, times: int = 1000, genes: int = 100) -> float:
    """Share of intervals that hold the true mean, 0."""
    held = 0
    for _ in range(times):
        of_models = ratio * np.sqrt(models / genes) * rng.normal(size=(models, 1))
        values = of_models + rng.normal(size=genes) + 0.5 * rng.normal(size=(models, genes))
        _, low, high = cl.metrics.mean_interval(values, n=500, seed=int(rng.integers(1 << 31)))
        held += low <= 0 <= high
    return held / times


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--comparisons", type=int, default=5000)
    parser.add_argument("--folds", type=int, default=4)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--draws", type=int, default=2000)
    parser.add_argument("--models", type=int, default=4)
    args = parser.parse_args()
    rng = np.random.default_rng(0)
    held, false = [], []
    for ratio in RATIOS:
        table = simulated(ratio, args.comparisons, args.folds, args.seeds, args.draws, rng)
        ends = {"bootstrap": ("boot_low", "boot_high"), "t": ("low", "high")}
        outside = {name: ((table[low] > 0) | (table[high] < 0)).to_numpy() for name, (low, high) in ends.items()}
        held.append({"fold / run": ratio} | {name: 1 - out.mean() for name, out in outside.items()})
        families = len(table) // FAMILY * FAMILY
        p = table["p"].to_numpy()[:families].reshape(-1, FAMILY)
        outside["t and Holm"] = np.ravel([cl.metrics.holm(row) < 0.05 for row in p])
        any_of = {name: out[:families].reshape(-1, FAMILY).any(1).mean() for name, out in outside.items()}
        false.append({"fold / run": ratio} | any_of)
    print(
        f"{args.comparisons} comparisons, {args.folds} folds x {args.seeds} seeds: share of 95 % intervals that hold 0"
    )
    print(pd.DataFrame(held).round(3).to_string(index=False))
    print(f"share of families of {FAMILY} in which at least one is called different")
    print(pd.DataFrame(false).round(3).to_string(index=False))
    print(f"a mean over {args.models} models and 100 genes: share of 95 % intervals that hold it")
    held = [{"models / genes": r, "mean_interval": held_by_models_and_genes(r, args.models, rng)} for r in RATIOS]
    print(pd.DataFrame(held).round(3).to_string(index=False))


if __name__ == "__main__":
    main()
