"""Should children be joblib's (loky) or our own? The time to a first answer, and who is blamed when one crashes.

python tests/bench/bench_processes.py
"""

import os
import signal
import tempfile
import time
from pathlib import Path

import numpy as np
from joblib.externals.loky import ProcessPoolExecutor

from chromolab.data.processes import Child, Program

ECHO = """
import json, os, signal, sys, time
import numpy
for line in sys.stdin:
    request = json.loads(line)
    if request.get("crash"):
        os.kill(os.getpid(), signal.SIGSEGV)
    time.sleep(request.get("sleep", 0))
    print(json.dumps({"finished": True}), flush=True)
"""


def work(seconds: float = 0) -> None:
    """The same in a process of loky's: numpy is imported there, too."""
    np.zeros(1)
    time.sleep(seconds)


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def outcome(result) -> str:
    """What the caller of a job sees."""
    try:
        result()
        return "done"
    except Exception as error:
        return f"{type(error).__name__}: {str(error).splitlines()[0][:90]}"


def loky_seconds() -> float:
    start = time.perf_counter()
    with ProcessPoolExecutor(1) as pool:
        pool.submit(work).result()
        return time.perf_counter() - start


def our_seconds(program: Program) -> float:
    start = time.perf_counter()
    with Child(program) as child:
        list(child.ask("a.bw"))
        return time.perf_counter() - start


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "child.py")
        script.write_text(ECHO)
        ours = Program(str(script), "the reader", "The file may be damaged.")
        seconds = [(loky_seconds(), our_seconds(ours)) for _ in range(7)]  # in turns: load changes
        print("first answer of loky, of ours (median of 7, s): {:.2f}, {:.2f}".format(*np.median(seconds, axis=0)))
        with ProcessPoolExecutor(2) as pool:
            healthy, broken = pool.submit(work, 3), pool.submit(crash)
            print("loky, healthy job:", outcome(healthy.result))
            print("loky, crashed job:", outcome(broken.result))
            print("loky, next job:   ", outcome(lambda: pool.submit(work).result()))
        with Child(ours) as healthy, Child(ours) as broken:
            print("ours, crashed job:", outcome(lambda: list(broken.ask("b.bw", crash=True))))
            print("ours, healthy job:", outcome(lambda: list(healthy.ask("a.bw", sleep=1))))


if __name__ == "__main__":
    main()
