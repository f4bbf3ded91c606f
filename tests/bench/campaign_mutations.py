"""20,000 damaged inputs over every reader of the package: each is refused with a `ChromolabError` or answered sanely.

    make bench BENCH=campaign_mutations ARGS="[--inputs 20000] [--readers ibed cool ...] [--seed 0] [--workers 2]"

A sound file of each reader's format is written, damaged (`helpers.damage.mutate`: cut short, bytes changed, put in,
taken out, repeated, words replaced by odd ones, lines moved; text also inside its compression), and read in a child
process. What counts as a fault: any other exception (warnings are errors), an error that does not name the file, an
answer that breaks the contract of its table or differs in a row that was not touched, no answer in `--patience`
seconds, the death of the process, and a file cut short that was answered although its format can tell. Every fault is
printed with reader and seed; `--readers READER --seed SEED --inputs 1` does that one again.
"""

import argparse
import contextlib
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from helpers.damage import damaged, outcome, rows_of
from helpers.readers import READERS

TESTS = Path(__file__).resolve().parents[1]


# ---------------------------------------------------------------- in a child process


def child(name: str, first: int, last: int) -> None:
    """Read the inputs `first` to `last` of a reader; print a line before and after each."""
    import logging

    import torch

    logging.disable(logging.CRITICAL)
    torch.set_num_threads(1)
    reader = READERS[name]
    with tempfile.TemporaryDirectory() as folder:
        path = reader.write(Path(folder))
        whole = path.read_bytes()
        try:
            sound = reader.read(path)
        except Exception as error:
            print(f"unread {type(error).__name__}: {' '.join(str(error).split())[:200]}", flush=True)
            return
        for seed in range(first, last):
            data, how, short = damaged(reader, whole, seed)
            print(f"begin {seed} {how}", flush=True)
            if os.environ.get("CHROMOLAB_CAMPAIGN_CRASH") == str(seed):  # to see that a crash would be noticed
                os.abort()
            check = rows_of(reader, sound, whole, data, how)
            end = outcome(reader.read, path, data, short, check, reader.names)
            print(f"end {seed} {end}", flush=True)


# ---------------------------------------------------------------- all of them


@dataclass
class Result:
    """How the inputs of one reader ended."""

    reader: str
    counts: Counter
    faults: list[str]
    seconds: float = 0.0


def run_reader(name: str, first: int, last: int, patience: float | None = None) -> Result:
    """Read inputs `first` to `last`; start a new child after a crash, or `patience` seconds (if any) without a word."""
    result, start = Result(name, Counter(), []), time.monotonic()

    def fault(seed, how, what):
        result.faults.append(f"{name}, seed {seed} ({how}): {what}")
        result.counts["fault"] += 1

    while first < last:
        at, how = first, "before it was begun"
        for word, rest in _lines_of_child(name, first, last, patience):
            seed, _, said = rest.partition(" ")
            if word == "unread":
                result.faults.append(f"{name}: the sound file is not read here: {rest}")
                result.counts["not read here"] += last - first
                first = last
            elif word == "begin":
                at, how = int(seed), said
            elif word == "end":
                first = int(seed) + 1
                if said.startswith("FAULT"):
                    fault(seed, how, said[6:])
                else:
                    result.counts[said] += 1
            elif first < last:  # the child is gone before its last input was answered
                fault(at, how, rest)
                first = at + 1
    result.seconds = time.monotonic() - start
    return result


def _lines_of_child(name: str, first: int, last: int, patience: float | None):
    """Yield (word, rest) of a child's lines, and at the end ("gone", how it ended)."""
    command = [sys.executable, "-m", "bench.campaign_mutations", "--child", name, str(first), str(last)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    lines: queue.Queue = queue.Queue()

    def listen(stream):
        for line in stream:
            lines.put(line)
        lines.put(None)

    with subprocess.Popen(
        command, cwd=TESTS, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as child:
        listener = threading.Thread(target=listen, args=(child.stdout,), daemon=True)
        listener.start()
        try:
            while (line := lines.get(timeout=patience)) is not None:
                word, _, rest = line.rstrip("\n").partition(" ")
                yield word, rest
            yield "gone", f"the process ended with {child.wait()}"
        except queue.Empty:
            yield "gone", f"no answer in {patience:.0f} s"
        finally:
            child.kill()
            listener.join()


def run(names, inputs: int, seed: int, workers: int, patience: float, tell=print) -> list[Result]:
    """Share `inputs` over the readers by their weights, and read them."""
    from concurrent.futures import ThreadPoolExecutor

    weight = sum(READERS[n].weight for n in names)
    share = {n: max(1, round(inputs * READERS[n].weight / weight)) for n in names}
    share[names[0]] += max(0, inputs - sum(share.values()))
    with ThreadPoolExecutor(workers) as pool:
        slow_first = sorted(names, key=lambda n: READERS[n].weight)
        jobs = [pool.submit(run_reader, n, seed, seed + share[n], patience) for n in slow_first]
        results = []
        for job in jobs:
            results.append(r := job.result())
            counts = ", ".join(f"{v} {k}" for k, v in sorted(r.counts.items()))
            tell(f"{r.reader:22} {sum(r.counts.values()):5} inputs from seed {seed}: {counts}; {r.seconds:.0f} s")
            for fault in r.faults:
                tell(f"    {fault}")
    return results


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=20_000)
    parser.add_argument("--readers", nargs="+", default=list(READERS), choices=list(READERS))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--patience", type=float, default=60.0, help="seconds for one input")
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        child(args.child[0], int(args.child[1]), int(args.child[2]))
        return 0
    results = run(args.readers, args.inputs, args.seed, args.workers, args.patience, lambda s: print(s, flush=True))
    counts = sum((r.counts for r in results), Counter())
    print(f"together {sum(counts.values())} inputs: " + ", ".join(f"{v} {k}" for k, v in sorted(counts.items())))
    return int(any(r.faults for r in results))


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        sys.exit(main())
