"""A training step and a forward pass, full path against focused, on 64 genes of real data, in one run.

    python tests/bench/bench_paths.py [--device cpu] [--repeats 5]

Prints ratios first; the seconds beside them are of this machine and this run. The 60 real genes are repeated to 64.
"""

import argparse
import os
import statistics
import time
from pathlib import Path

import torch
from torch.utils.flop_counter import FlopCounterMode

import chromolab as cl
from chromolab.data.batches import Loader
from chromolab.learn.stack import loss_of

REAL = Path(os.environ.get("CHROMOLAB_REAL_DATA", Path(__file__).parents[3] / "shared" / "real"))


def seconds(function, repeats: int, device: str) -> float:
    """Median seconds of a call, after one that is not counted."""
    times = []
    for _ in range(repeats + 1):
        begin = time.perf_counter()
        function()
        if device == "cuda":
            torch.cuda.synchronize()
        times.append(time.perf_counter() - begin)
    return statistics.median(times[1:])


def measure(model, batch, repeats: int, device: str) -> dict[str, float]:
    """GFLOP per gene forward, and seconds per forward pass and per training step, on each path."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
    result = {}
    for path, times in (("focused", 4 * repeats), ("full", repeats)):

        def forward(path=path):
            with torch.no_grad():
                model(batch, path)

        def step(path=path):
            loss = loss_of(model(batch, path), batch, model.task)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

        with FlopCounterMode(display=False) as counter:
            forward()
        result[path, "work"] = counter.get_total_flops() / len(batch) / 1e9
        result[path, "forward"], result[path, "step"] = (seconds(f, times, device) for f in (forward, step))
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--repeats", type=int, default=3)
    args = parser.parse_args()
    if not REAL.is_dir():
        print(f"real data not found at {REAL.name}; set CHROMOLAB_REAL_DATA")
        return
    ds = cl.read_published(REAL / "h1-demo" / "meta.csv", REAL / "h1-demo" / "npy", progress=False)
    model = cl.Chromoformer(ds.marks, seed=0).to(args.device)
    batch = Loader(ds, ds.marks, model.resolutions, args.device).batch(torch.arange(64, device=args.device) % len(ds))
    r = measure(model, batch, args.repeats, args.device)
    print(f"64 real H1 genes, {float(batch.present.sum()) / 64:.1f} pCREs each, {args.device}, "
          f"{torch.get_num_threads()} threads, torch {torch.__version__}")  # fmt: skip
    for what, unit in (("step", "s"), ("forward", "s"), ("work", "GFLOP per gene")):
        full, focused = r["full", what], r["focused", what]
        print(f"{what:8} full / focused = {full / focused:6.1f}   ({full:.3f} / {focused:.4f} {unit})")


if __name__ == "__main__":
    main()
