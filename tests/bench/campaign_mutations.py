"""10,000 damaged inputs over every reader of the package: each is refused with a `ChromolabError` or answered sanely.

    python tests/bench/campaign_mutations.py [--inputs 10000] [--kinds ibed cool ...] [--seed 0] [--workers 2]

A sound file of each kind is written, damaged (`damage.mutate`: cut short, bytes changed, put in, taken out, repeated,
words replaced by odd ones; text also inside its compression), and read in a child process. What counts as a fault: any
other exception (warnings are errors), an answer that breaks the contract of its table or differs in a row that was not
touched, no answer in `PATIENCE` seconds, the death of the process, and a file cut short that was answered although its
format can tell. Every fault is printed with kind and seed; `--kinds KIND --seed SEED --inputs 1` does that one again.
"""

import argparse
import bz2
import contextlib
import gzip
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1])]  # damage; toys, test_reads

from damage import KINDS, Kind, mutate, rows_hold  # noqa: E402

PACKED = [("", bytes), ("gzip", lambda data: gzip.compress(data, mtime=0)), ("bzip2", bz2.compress)]
PATIENCE = 60.0  # seconds for one input, most of which a busy machine needs to start a reading process


# ---------------------------------------------------------------- one input


def damaged(kind: Kind, whole: bytes, seed: int) -> tuple[bytes, str, bool]:
    """The bytes of input `seed`, what was done to them, and whether a file that can tell was only cut short."""
    rng = np.random.default_rng([seed, 4])
    name, pack = PACKED[int(rng.choice([0, 0, 1, 2]))] if kind.text else PACKED[0]
    if name and rng.random() < 0.5:
        data, how = mutate(whole, rng)
        return pack(data), f"{how}, then {name}", False
    sound = pack(whole)
    data, how = mutate(sound, rng)
    tells = kind.tells or bool(name) or (kind.ends and not data.endswith(b"\n"))
    short = how == "cut" and len(data) < len(sound) and tells
    return data, f"{name}, then {how}" if name else how, short


def outcome(kind: Kind, path: Path, data: bytes, short: bool, check=None) -> str:
    """What became of an input; `check` may say more of an answer (by an assertion)."""
    from chromolab.errors import ChromolabError

    path.write_bytes(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            answer = kind.read(path)
        if check is not None:
            check(answer)
    except ChromolabError as error:
        return "refused" if len(str(error)) < 20_000 else f"FAULT an error of {len(str(error)):,} characters"
    except AssertionError as error:
        where = error.__traceback__
        while where.tb_next:
            where = where.tb_next
        return f"FAULT a wrong answer, {where.tb_frame.f_code.co_name} line {where.tb_lineno}"
    except BaseException as error:
        where = error.__traceback__
        while where.tb_next:
            where = where.tb_next
        place = f"{Path(where.tb_frame.f_code.co_filename).name}:{where.tb_lineno}"
        return f"FAULT {type(error).__name__} at {place}: {' '.join(str(error).split())[:160]}"
    return "FAULT a file cut short was taken for whole" if short else "answered"


def rows_of(kind: Kind, sound, whole: bytes, data: bytes, how: str):
    """The check of the rows that the damage did not touch, of kinds that have one."""
    return (lambda answer: rows_hold(sound, answer, whole, data, how)) if kind.rows else None


def child(name: str, first: int, last: int) -> None:
    """Read the inputs `first` to `last` of a kind; a line for each before and after."""
    import logging

    import torch

    logging.disable(logging.CRITICAL)
    torch.set_num_threads(1)
    kind = KINDS[name]
    with tempfile.TemporaryDirectory() as folder:
        path = kind.write(Path(folder))
        whole = path.read_bytes()
        try:
            sound = kind.read(path)
        except Exception as error:
            print(f"unread {type(error).__name__}: {' '.join(str(error).split())[:200]}", flush=True)
            return
        for seed in range(first, last):
            data, how, short = damaged(kind, whole, seed)
            print(f"begin {seed} {how}", flush=True)
            if os.environ.get("CHROMOLAB_CAMPAIGN_CRASH") == str(seed):  # to see that a crash would be noticed
                os.abort()
            print(f"end {seed} {outcome(kind, path, data, short, rows_of(kind, sound, whole, data, how))}", flush=True)


# ---------------------------------------------------------------- all of them


@dataclass
class Result:
    """What became of the inputs of one kind."""

    kind: str
    counts: Counter
    faults: list[str]
    seconds: float = 0.0


def run_kind(name: str, first: int, last: int) -> Result:
    """Do a kind's inputs, starting a new child after a crash or a hang."""
    result, start = Result(name, Counter(), []), time.monotonic()

    def fault(seed, how, what):
        result.faults.append(f"{name}, seed {seed} ({how}): {what}")
        result.counts["fault"] += 1

    while first < last:
        at, how = first, "before it was begun"
        for word, rest in _lines_of_child(name, first, last):
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


def _lines_of_child(name: str, first: int, last: int):
    """Yield (word, rest) of a child's lines, and at the end ("gone", how it ended)."""
    command = [sys.executable, str(HERE), "--child", name, str(first), str(last)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    lines: queue.Queue = queue.Queue()

    def listen(stream):
        for line in stream:
            lines.put(line)
        lines.put(None)

    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as child:
        listener = threading.Thread(target=listen, args=(child.stdout,), daemon=True)
        listener.start()
        try:
            while (line := lines.get(timeout=PATIENCE)) is not None:
                word, _, rest = line.rstrip("\n").partition(" ")
                yield word, rest
            yield "gone", f"the process ended with {child.wait()}"
        except queue.Empty:
            yield "gone", f"no answer in {PATIENCE:.0f} s"
        finally:
            child.kill()
            listener.join()


def run(names, inputs: int, seed: int, workers: int, tell=print) -> list[Result]:
    """Share `inputs` over the kinds by their weights, and do them."""
    from concurrent.futures import ThreadPoolExecutor

    weight = sum(KINDS[n].weight for n in names)
    share = {n: max(1, round(inputs * KINDS[n].weight / weight)) for n in names}
    share[names[0]] += max(0, inputs - sum(share.values()))
    with ThreadPoolExecutor(workers) as pool:
        jobs = [pool.submit(run_kind, n, seed, seed + share[n]) for n in sorted(names, key=lambda n: KINDS[n].weight)]
        results = []
        for job in jobs:
            results.append(r := job.result())
            counts = ", ".join(f"{v} {k}" for k, v in sorted(r.counts.items()))
            tell(f"{r.kind:18} {sum(r.counts.values()):5} inputs from seed {seed}: {counts}; {r.seconds:.0f} s")
            for fault in r.faults:
                tell(f"    {fault}")
    return results


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--kinds", nargs="+", default=list(KINDS), choices=list(KINDS))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        child(args.child[0], int(args.child[1]), int(args.child[2]))
        return 0
    results = run(args.kinds, args.inputs, args.seed, args.workers, lambda text: print(text, flush=True))
    counts = sum((r.counts for r in results), Counter())
    print(f"together {sum(counts.values())} inputs: " + ", ".join(f"{v} {k}" for k, v in sorted(counts.items())))
    return int(any(r.faults for r in results))


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        sys.exit(main())
