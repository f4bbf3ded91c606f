"""The training engine on a data set with the real sizes (made up): ratios first, the arithmetic floor beside them.

    make bench BENCH=bench_engine ARGS="[--device cpu] [--genes 18955] [--models 4] [--steps 12] [--batch 64]"

The floor is the counted matrix arithmetic over this machine's own matrix rate, measured in the same run. Extrapolated
minutes are seconds per step times the steps of a fold; they are called so. `--device cuda` is `make bench-gpu`.
"""

import argparse
import os
import resource
import time

import numpy as np
import torch
from torch.utils.flop_counter import FlopCounterMode

import chromolab as cl
from bench.realsize import realsize
from chromolab.data.dataset.batches import Loader
from chromolab.learn.runtime import PRECISIONS
from chromolab.learn.train.engine import memory_of, saved_bytes
from chromolab.learn.train.job import Recipe, TrainingJob
from chromolab.learn.train.stack import Stack

FOLD = 14_216  # training genes of the published study's folds, nine passes over them
PUBLISHED = cl.Chromoformer.PUBLISHED


def seconds(function, repeats: int, device: str) -> float:
    """Seconds of the least disturbed of some calls, after two that are not counted."""
    times = []
    for _ in range(repeats + 2):
        begin = time.perf_counter()
        function()
        if device == "cuda":
            torch.cuda.synchronize()
        times.append(time.perf_counter() - begin)
    return min(times[2:])


def matrix_rate(device: str, dtype=torch.float32) -> float:
    """Floating-point operations per second of a large matrix product."""
    size = 1024 if device == "cpu" else 8192
    a, b = (torch.randn(size, size, device=device, dtype=dtype) for _ in range(2))
    return 2 * size**3 / seconds(lambda: a @ b, 8, device)


def bandwidth(device: str) -> float:
    """Bytes per second that a copy reads and writes."""
    a = torch.zeros(2**25 if device == "cpu" else 2**29, device=device)
    b = torch.empty_like(a)
    return 2 * 4 * len(a) / seconds(lambda: b.copy_(a), 8, device)


def memory_gb(device: str) -> float:
    """The most this process has held: device memory on CUDA, else resident memory."""
    if device == "cuda":
        return torch.cuda.max_memory_allocated() / 1e9
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e9 if os.uname().sysname == "Darwin" else 1e6)


def work_of(model, batch) -> float:
    """Counted floating-point operations of a training step."""
    with FlopCounterMode(display=False) as counter:
        model(batch).sum().backward()
    return counter.get_total_flops()


def one_fold(dataset, device: str, steps: int, batch_size: int, rng) -> float:
    """Seconds per step of one model, every batch cut anew; prints genes per second against the floor."""
    model = cl.Chromoformer(dataset.marks, seed=0).to(device)
    loader = Loader(dataset, dataset.marks, model.resolutions, device)
    draw = lambda: loader.batch(rng.integers(0, len(dataset), batch_size))  # noqa: E731
    floor = np.mean([work_of(model, draw()) for _ in range(5)]) / matrix_rate(device)
    weights = sum(4 * p.numel() for p in model.parameters())
    kept = saved_bytes(model, dataset.select(rng.integers(0, len(dataset), batch_size)).compact())
    moved = (2 * kept + 10 * weights) / bandwidth(device)  # written and read; AdamW reads 4 arrays and writes 3
    stack = Stack([model], torch.device(device), [PUBLISHED["lr"]], PUBLISHED["weight_decay"])
    step = seconds(lambda: stack.step(draw()), steps, device)
    cut = seconds(draw, steps, device)
    minutes = step * 9 * FOLD / batch_size / 60
    print(
        f"training step / arithmetic floor = {step / floor:.2f}   ({1000 * step:.1f} / {1000 * floor:.1f} ms, "
        f"{1000 * cut:.1f} ms of it to cut the batch; {batch_size} genes)"
    )
    print(f"  bytes that have to move, over the measured bandwidth: {1000 * moved:.1f} ms more")
    print(f"  {batch_size / step:,.0f} genes a second; nine passes over {FOLD:,}: {minutes:.1f} minutes (extrapolated)")
    return step


def many_models(
    dataset, device: str, count: int, steps: int, batch_size: int, rng, alone: float, precision: str
) -> None:
    """Throughput of a stack of models against one after another."""
    tasks = ("classification", "regression") if count > 44 else ("classification",)  # 44 of each in the article
    models = [cl.Chromoformer(dataset.marks, tasks[s % len(tasks)], seed=s).to(device) for s in range(count)]
    loader = Loader(dataset, dataset.marks, models[0].resolutions, device)
    stack = Stack(
        models,
        torch.device(device),
        [PUBLISHED["lr"]] * count,
        PUBLISHED["weight_decay"],
        precision,
    )
    size = (count, batch_size) if count > 1 else batch_size
    step = seconds(lambda: stack.step(loader.batch(rng.integers(0, len(dataset), size))), steps, device)
    minutes = step * 9 * FOLD / batch_size * 88 / count / 60
    print(
        f"{count} models together, {precision}: {count * alone / step:.2f} times the throughput of one in float32 "
        f"({1000 * step:.0f} ms a step of all); 88 models: {minutes:,.1f} minutes (extrapolated)"
    )


def three_in_one(device: str, tokens: int) -> None:
    """The largest product of the regulation step: the three resolutions apart, and as one batched product."""
    x, w = torch.randn(3, tokens, 128, device=device), torch.randn(3, 1024, 128, device=device)
    apart = seconds(lambda: [a @ b.T for a, b in zip(x, w, strict=True)], 50, device)
    print(
        f"three resolutions in one product: {apart / seconds(lambda: x @ w.mT, 50, device):.2f} times as fast as apart"
    )


def precisions(dataset, device: str, genes: int) -> None:
    """What a lower precision changes in the predictions, and in the time."""
    model = cl.Chromoformer(dataset.marks, seed=0)
    part, exact, base = dataset.select(np.arange(genes)), None, None
    for precision in PRECISIONS:
        if precision == "tf32" and device != "cuda":
            continue
        predict = lambda p=precision: cl.predict(model, part, device=device, precision=p, progress=False)  # noqa: E731
        took, out = seconds(predict, 2, device), predict()
        exact, base = (out, took) if exact is None else (exact, base)
        difference = np.abs(out - exact)
        print(
            f"  {precision:9} {base / took:5.2f} times as fast as float32; logits differ by {difference.mean():.1e} "
            f"on average, {difference.max():.1e} at most (they spread {exact.std():.2f})"
        )


def at_scale(dataset, device: str) -> None:
    """Genome-wide prediction, and every bin of every mark of one gene erased."""
    model = cl.Chromoformer(dataset.marks, seed=0)
    begin = time.perf_counter()
    cl.predict(model, dataset, device=device, progress=False)
    print(f"genome-wide prediction, {len(dataset):,} genes: {time.perf_counter() - begin:.1f} s")
    gene = dataset.select([int(np.argmax((dataset.pcre >= 0).sum(1)))]).compact()
    begin = time.perf_counter()
    table = cl.explain.occlusion(model, gene, pcres=False, device=device, progress=False)
    print(f"{len(table):,} edits of a gene with {(gene.pcre >= 0).sum()} pCREs: {time.perf_counter() - begin:.2f} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--genes", type=int, default=18_955)
    parser.add_argument("--models", type=int, nargs="+", default=[4], help="sizes of the stacks that are timed")
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--batch", type=int, default=64)
    args = parser.parse_args()
    if args.device == "cuda" and not torch.cuda.is_available():
        print("no CUDA device here; the same script runs on the CPU: --device cpu")
        return
    where = torch.cuda.get_device_name() if args.device == "cuda" else f"CPU, {torch.get_num_threads()} threads"
    rng, dataset = np.random.default_rng(0), realsize(args.genes)
    print(f"{where}, torch {torch.__version__}; {dataset!r} (made up)")
    print(f"matrix rate {matrix_rate(args.device) / 1e9:,.0f} GFLOP/s in float32")
    alone = one_fold(dataset, args.device, args.steps, args.batch, rng)
    job = TrainingJob(
        cl.Chromoformer(dataset.marks, seed=0),
        *dataset.split(test_fold=1)[:2],
        Recipe(9, args.batch, 3e-5, 0.01, 0.87, None, "float32"),
    )
    print(
        f"  memory: {memory_gb(args.device):.2f} GB at most; one more model in a stack is estimated to take "
        f"{memory_of(job, torch.device(args.device)) / 1e9:.2f} GB"
    )
    for precision in PRECISIONS if args.device == "cuda" else ("float32",):
        for count in args.models:
            many_models(dataset, args.device, count, max(3, args.steps // 3), args.batch, rng, alone, precision)
    three_in_one(args.device, round(6.6 * args.batch))
    at_scale(dataset, args.device)
    precisions(dataset, args.device, min(1024, args.genes))
    print(f"memory: {memory_gb(args.device):.2f} GB at most")


if __name__ == "__main__":
    main()
