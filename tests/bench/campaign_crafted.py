"""1,000 crafted checkpoints, datasets, settings and manifests: each is refused with a `ChromolabError` or answered.

    make bench BENCH=campaign_crafted ARGS="[--each 250] [--kinds checkpoint.pt ...] [--seed 0]"

`helpers.crafted` writes files whose parts are sound one by one, but lie about each other. Each is read and used in a
child process of its own, which may take 1 GB more than the interpreter and 60 s of the processor. What counts as a
fault: any other exception, the death of the process, no end. Every fault is printed with kind and seed; `--kinds KIND
--seed SEED --each 1` does that one again.
"""

import argparse
import logging
import os
import resource
import sys
import tempfile
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from helpers.crafted import KINDS

from chromolab.errors import ChromolabError

MEMORY, SECONDS = 1 << 30, 60


def read(kind: str, path: Path, told: Path) -> None:
    """In the child: read and use a file, and note how that ended."""
    resource.setrlimit(resource.RLIMIT_DATA, (_data_bytes() + MEMORY, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    try:
        KINDS[kind].use(path)
        end = "answered"
    except ChromolabError as error:
        end = "refused" if str(path.name) in str(error) else "refused in use"
        if len(str(error)) > 3000:
            end = f"FAULT an error of {len(str(error)):,} characters"
    except BaseException as error:
        end = f"FAULT {type(error).__name__}: {' '.join(str(error).split())[:200]}"
    told.write_text(end)


def _data_bytes() -> int:
    """Private writable memory of this process so far, in bytes (Linux)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmData"):
            return int(line.split()[1]) * 1024
    return 4 << 30


def outcome(kind: str, seed: int, folder: Path) -> tuple[str, float]:
    """How reading one crafted file ends, and the most memory that it took, in MB."""
    path, told = folder / kind, folder / "told"
    KINDS[kind].craft(path, np.random.default_rng([seed, list(KINDS).index(kind)]))
    told.unlink(missing_ok=True)
    if (child := os.fork()) == 0:
        read(kind, path, told)
        os._exit(0)
    _, status, usage = os.wait4(child, 0)
    end = told.read_text() if status == 0 and told.exists() else f"FAULT the process ended with {status}"
    return end, usage.ru_maxrss / 1024


def main() -> None:
    """Craft and read all kinds, and print how they ended."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=250)
    parser.add_argument("--kinds", nargs="+", default=list(KINDS), choices=list(KINDS))
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    torch.set_num_threads(1)
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    faults = 0
    for kind in args.kinds:
        ends, most = Counter(), 0.0
        with tempfile.TemporaryDirectory() as folder:
            for seed in range(args.seed, args.seed + args.each):
                end, memory = outcome(kind, seed, Path(folder))
                most = max(most, memory)
                ends[end.split()[0]] += 1
                if end.startswith("FAULT"):
                    print(f"{kind} --seed {seed}: {end}", flush=True)
        faults += ends["FAULT"]
        found = ", ".join(f"{count} {end}" for end, count in sorted(ends.items()))
        print(f"{kind:14} {args.each} files: {found}; at most {most:.0f} MB with the interpreter", flush=True)
    sys.exit(int(faults > 0))


if __name__ == "__main__":
    main()
