"""What a training step costs as pCREs, marks and models grow, and prediction as genes do: a table and a picture.

    make bench BENCH=bench_cost ARGS="[--device cpu] [--out tests/bench/cost.png]"

On made-up data. Every figure is relative to the published setting: 7 marks, one model, 5.8 pCREs a gene before the
limit of eight.
"""

import argparse

import matplotlib
import numpy as np
import pandas as pd
import torch

import chromolab as cl
from bench.bench_engine import seconds
from bench.realsize import realsize
from chromolab.data.dataset.batches import Loader
from chromolab.learn.train.stack import Stack

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

BATCH = 64
BASE = {"pCREs per gene": 5.8, "marks": 7, "models at once": 1}
PANELS = {"pCREs per gene": (0, 1, 2, 4, 8), "marks": (1, 3, 7, 14, 28), "models at once": (1, 2, 4, 8)}


def step_ms(device: str, setting: dict, steps: int = 5) -> float:
    """Milliseconds of a training step of every model, batch and all."""
    dataset = realsize(600, setting["marks"], setting["pCREs per gene"])
    models = [cl.Chromoformer(dataset.marks, seed=s).to(device) for s in range(setting["models at once"])]
    loader = Loader(dataset, dataset.marks, models[0].resolutions, device)
    stack, rng = Stack(models, torch.device(device), [3e-5] * len(models), 0.01), np.random.default_rng(0)
    rows = lambda: rng.integers(0, 600, (len(models), BATCH) if len(models) > 1 else BATCH)  # noqa: E731
    return 1000 * seconds(lambda: stack.step(loader.batch(rows())), steps, device)


def predict_s(device: str, genes: int) -> float:
    """Seconds to predict so many genes."""
    dataset = realsize(genes)
    model = cl.Chromoformer(dataset.marks, seed=0)
    return seconds(lambda: cl.predict(model, dataset, device=device, progress=False), 1, device)


def measure(device: str) -> pd.DataFrame:
    """A row per setting: panel, value, seconds relative to the published setting's (prediction: to 2,000 genes)."""
    rows, base = [], step_ms(device, BASE)
    for panel, values in PANELS.items():
        for value in values:
            rows.append((panel, value, step_ms(device, BASE | {panel: value}) / base))
    took = {genes: predict_s(device, genes) for genes in (250, 500, 1000, 2000)}
    rows += [("genes predicted", genes, t / took[2000]) for genes, t in took.items()]
    return pd.DataFrame(rows, columns=["panel", "value", "relative cost"])


def draw(table: pd.DataFrame, out: str, where: str) -> None:
    """One panel each; a straight line through the origin would be cost in proportion."""
    figure, axes = plt.subplots(1, 4, figsize=(13, 3.4), constrained_layout=True)
    for axis, (panel, rows) in zip(axes, table.groupby("panel", sort=False), strict=True):
        axis.plot(rows["value"], rows["relative cost"], "o-", color="#0072B2")
        last = rows.iloc[-1]
        axis.plot([0, last["value"]], [0, last["relative cost"]], ":", color="#56606B", label="in proportion")
        axis.set(xlabel=panel, ylim=(0, None), xlim=(0, None))
        axis.set_ylabel("prediction, relative to 2,000 genes" if "predicted" in panel else "training step, relative")
        axis.spines[["top", "right"]].set_visible(False)
    axes[0].legend(frameon=False, loc="upper left")
    figure.suptitle(f"What it costs ({where}; made-up data of real sizes, {BATCH} genes a step)")
    figure.savefig(out, dpi=110)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--out", help="also draw it into this file")
    args = parser.parse_args()
    where = torch.cuda.get_device_name() if args.device == "cuda" else f"CPU, {torch.get_num_threads()} threads"
    table = measure(args.device)
    print(table.to_string(index=False, float_format="{:.2f}".format))
    if args.out:
        draw(table, args.out, where)


if __name__ == "__main__":
    main()
