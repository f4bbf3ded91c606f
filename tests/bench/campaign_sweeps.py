"""Sweeps whose processes are killed (SIGKILL) at random moments: client, workers, kernels, a Dask scheduler.

    make bench BENCH=campaign_sweeps ARGS="[--sweeps 10] [--kills 100] [--runs 8] [--seed 0]"

Half of the sweeps run in a plain pool, half on a Dask scheduler with two workers, which are begun anew when they are
dead. A sweep that ended for want of its client or scheduler is called again until all runs are there. Each must end
with the table of an undisturbed sweep, every run once, and leave no process and no half-written file.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import psutil
from helpers import toy_notebooks
from helpers.lab import free_port

import chromolab as cl

SWEEP = """
import sys
import chromolab as cl
table = cl.sweep(sys.argv[1], {"x": list(range(int(sys.argv[3])))}, sys.argv[2], on=sys.argv[4], retries=50)
sys.exit(int(any(table["error"])))
"""
DASK = "import sys; from distributed.cli.{0} import main; sys.exit(main())"
FIGURE = "import time\ntime.sleep(0.5)\nimport chromolab as cl\ncl.key_figure('double', 2.0 * x, note='toy')"


class Cluster:
    """A Dask scheduler and two workers, as they would be on other machines."""

    def __init__(self):
        self.port, self.processes = free_port(), {}
        self.environment = os.environ | {"DASK_DISTRIBUTED__WORKER__DAEMON": "false"}

    def keep(self) -> None:
        """Begin what is not there, or no more."""
        address = f"tcp://127.0.0.1:{self.port}"
        commands = {"scheduler": ["dask_scheduler", "--port", str(self.port), "--host", "127.0.0.1", "--no-dashboard"]}
        commands |= {f"worker {i}": ["dask_worker", address, "--nthreads", "1", "--no-dashboard"] for i in range(2)}
        for name, (program, *arguments) in commands.items():
            if name not in self.processes or self.processes[name].poll() is not None:
                self.processes[name] = subprocess.Popen(
                    [sys.executable, "-c", DASK.format(program), *arguments],
                    env=self.environment,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )

    def end(self) -> None:
        """End them all, with their children."""
        for process in self.processes.values():
            for one in [*_family(process.pid), process]:
                _kill(one)
            process.wait()


def _family(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.Error:
        return []


def _kill(process) -> bool:
    try:
        process.kill()
        return True
    except (psutil.Error, ProcessLookupError):
        return False


def _victims(client: subprocess.Popen, cluster: Cluster | None) -> dict[str, list]:
    family = _family(client.pid)
    for process in cluster.processes.values() if cluster else ():
        family += _family(process.pid)
    found: dict[str, list] = {"client": [client] if client.poll() is None else [], "kernel": [], "worker": []}
    for process in family:
        try:
            words = " ".join(process.cmdline())
        except psutil.Error:
            continue
        if "ipykernel_launcher" in words:
            found["kernel"].append(process)
        elif "spawn_main" in words:
            found["worker"].append(process)
    if cluster:
        found["scheduler"] = [cluster.processes["scheduler"]]
    return found if found["worker"] else {}  # before there are workers, only the client could be hit


def _one(path: Path, out: Path, runs: int, kills: int, dask: bool, chance: random.Random) -> tuple[Counter, int]:
    """A sweep with so many kills; returns how many of what were killed, and how often it was called."""
    cluster, killed, calls = Cluster() if dask else None, Counter(), 0
    kinds = ["client", "kernel", "worker", *(["scheduler"] if dask else [])]
    next_one = chance.choice(kinds)  # waited for: kernels and workers live for a part of the time only
    try:
        while True:
            if cluster:
                cluster.keep()
            on = f"dask:tcp://127.0.0.1:{cluster.port}" if cluster else "pool:2"
            command = [sys.executable, "-c", SWEEP, str(path), str(out), str(runs), on]
            log = open(out.with_suffix(".log"), "ab")  # noqa: SIM115  # closed with the process
            client, calls = subprocess.Popen(command, stdout=log, stderr=log), calls + 1
            while client.poll() is None:
                time.sleep(chance.uniform(0.2, 3.0))
                if cluster:
                    cluster.keep()
                if sum(killed.values()) < kills and (victims := _victims(client, cluster).get(next_one)):
                    if _kill(chance.choice(victims)):
                        killed[next_one] += 1
                        next_one = chance.choice(kinds)
            log.close()
            if client.returncode == 0 and sum(killed.values()) >= kills:
                return killed, calls
            if client.returncode == 0:  # quicker than the kills: one finished run is taken away
                chance.choice(sorted((out / path.stem).glob("*.json"))).with_suffix(".ipynb").unlink()
    finally:
        if cluster:
            cluster.end()


def main() -> None:
    """Run the sweeps, and end with an error where one is not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sweeps", type=int, default=10)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--runs", type=int, default=8)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    os.environ["TQDM_DISABLE"] = "1"
    chance, together, began, wrong = random.Random(options.seed), Counter(), time.monotonic(), 0
    with tempfile.TemporaryDirectory() as folder:
        path = toy_notebooks.write(Path(folder) / "toy.ipynb", FIGURE)
        whole = cl.sweep(path, {"x": list(range(options.runs))}, Path(folder) / "undisturbed", on="pool:2")
        for number in range(options.sweeps):
            out, dask = Path(folder) / f"{number}", bool(number % 2)
            killed, calls = _one(path, out, options.runs, -(-options.kills // options.sweeps), dask, chance)
            table = cl.results_of(out).sort_values("x")
            names = Counter(p.suffix for p in (out / "toy").iterdir() if "damaged" not in p.name)
            right = list(table["double"]) == list(whole["double"]) and not any(table["error"])
            right &= names[".ipynb"] == names[".json"] == options.runs
            right &= not any(p.name.startswith(".") for p in out.rglob("*"))
            wrong += not right
            together += killed
            verdict = "as undisturbed" if right else "NOT as undisturbed"
            print(f"{'dask' if dask else 'pool'}: {dict(killed)} killed, {calls} calls: {verdict}", flush=True)
    took = time.monotonic() - began
    print(f"{sum(together.values())} kills {dict(together)} in {options.sweeps} sweeps, {took:.0f} s; {wrong} wrong")
    sys.exit(int(wrong > 0))


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    main()
