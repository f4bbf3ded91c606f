"""A training run that is killed (SIGKILL) again and again and continued; `python -m helpers.killed PLACE` runs it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import torch

import chromolab as cl
from chromolab.data.dataset.torch_files import read_torch_file
from helpers.toys import SMALL, toy_dataset

EPOCHS, IN_EPOCH = 16, 9
STEPS = EPOCHS * IN_EPOCH
TESTS = Path(__file__).resolve().parents[1]


def weights(model) -> torch.Tensor:
    """All parameters of a model as one vector."""
    return torch.cat([p.detach().flatten() for p in model.parameters()])


def long_run(checkpoint: Path):
    """Some seconds of training that keeps a checkpoint after every step."""
    ds = toy_dataset(0, genes=103)
    model = cl.Chromoformer(ds.marks, "classification", (500, 100), seed=0, **SMALL)
    recipe = {"batch_size": 8, "epochs": EPOCHS, "patience": None, "lr": 3e-3, "device": "cpu", "progress": False}
    return cl.fit(model, ds, checkpoint=checkpoint, checkpoint_seconds=0, **recipe)


def killed_and_continued(place: Path, kills: int, apart: int, rng: np.random.Generator) -> list[int]:
    """Kill the run at a random moment after 1 to `apart` of its checkpoints, `kills` times; then let it end.

    Returns how many steps its checkpoint held at each kill. The weights at the end are in `place` + ".done".
    """
    reached = []
    while True:
        command, environment = (
            [sys.executable, "-m", "helpers.killed", str(place)],
            os.environ | {"OMP_NUM_THREADS": "1"},
        )
        process = subprocess.Popen(command, cwd=TESTS, env=environment)
        if len(reached) < kills:
            _after_checkpoints(process, place, int(rng.integers(1, apart + 1)))
            time.sleep(float(rng.uniform(0, 0.02)))  # anywhere in the next step
            process.send_signal(signal.SIGKILL)
        if process.wait() != -signal.SIGKILL:
            assert process.returncode == 0
            return reached
        state = read_torch_file(place)
        reached.append(state["epoch"] * IN_EPOCH + state["step"])


def _after_checkpoints(process: subprocess.Popen, place: Path, count: int) -> None:
    """Wait until a process has renamed `count` new files to `place`, or has ended."""
    file = _file(place)
    while count and process.poll() is None:
        time.sleep(0.002)
        count, file = count - (_file(place) != file), _file(place)


def _file(place: Path) -> int | None:
    return place.stat().st_mtime_ns if place.exists() else None


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.save(weights(long_run(Path(sys.argv[1])).model), sys.argv[1] + ".done")
