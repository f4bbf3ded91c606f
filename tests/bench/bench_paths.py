"""A training step and a forward pass, full path against focused, on 64 genes of real data, in one run.

    make bench BENCH=bench_paths ARGS="[--device cpu] [--repeats 2]"

Prints ratios first; the seconds beside them are of this machine and this run, each of the least disturbed call. The 60
real genes are repeated to 64.
"""

import argparse
import os
from pathlib import Path

import torch
from torch.utils.flop_counter import FlopCounterMode

import chromolab as cl
from bench.bench_engine import seconds
from chromolab.data.dataset.batches import Loader
from chromolab.learn.train.stack import Stack, loss_of

REAL = Path(os.environ.get("CHROMOLAB_REAL_DATA", Path(__file__).parents[3] / "shared" / "real"))


def measure(model, batch, repeats: int, device: str) -> dict[str, float]:
    """GFLOP per gene forward, and seconds per forward pass and per training step (as `cl.fit` takes it), by path."""
    stack = Stack([model], torch.device(device), [1e-4], weight_decay=0.01)

    def step_full():
        stack.gradient.zero_()
        loss_of(model(batch, "full"), batch, model.task).backward()
        stack.optimizer.step()

    steps, result = {"focused": lambda: stack.step(batch), "full": step_full}, {}
    for path, times in (("focused", 8 * repeats), ("full", repeats)):

        def forward(path=path):
            with torch.no_grad():
                model(batch, path)

        with FlopCounterMode(display=False) as counter:
            forward()
        result[path, "work"] = counter.get_total_flops() / len(batch) / 1e9
        result[path, "forward"], result[path, "step"] = (seconds(f, times, device) for f in (forward, steps[path]))
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--repeats", type=int, default=2)
    args = parser.parse_args()
    if not REAL.is_dir():
        print(f"real data not found at {REAL.name}; set CHROMOLAB_REAL_DATA")
        return
    ds = cl.read_published(REAL / "h1-demo" / "meta.csv", REAL / "h1-demo" / "npy", progress=False)
    model = cl.Chromoformer(ds.marks, seed=0).to(args.device)
    batch = Loader(ds, ds.marks, model.resolutions, args.device).batch(torch.arange(64, device=args.device) % len(ds))
    r = measure(model, batch, args.repeats, args.device)
    print(
        f"64 real H1 genes, {float(batch.present.sum()) / 64:.1f} pCREs each, {args.device}, "
        f"{torch.get_num_threads()} threads, torch {torch.__version__}"
    )
    for what, unit in (("step", "s"), ("forward", "s"), ("work", "GFLOP per gene")):
        full, focused = r["full", what], r["focused", what]
        print(f"{what:8} full / focused = {full / focused:6.1f}   ({full:.3f} / {focused:.4f} {unit})")


if __name__ == "__main__":
    main()
