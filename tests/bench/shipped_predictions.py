"""A digest of what the shipped checkpoints predict on a small teaching genome, and of what is saved of them again.

    python tests/bench/shipped_predictions.py

Two versions of the package that print the same lines predict the same to the last bit and write the same checkpoints.
To compare with another commit, check it out beside this one and run this script there, too:

    git worktree add ../before COMMIT
    PYTHONPATH=../before python tests/bench/shipped_predictions.py

Bits depend on the processor and the version of torch, so compare on one machine. One thread, about a minute.
"""

import tempfile
from hashlib import sha256
from itertools import product
from pathlib import Path

import numpy as np
import torch

import chromolab as cl

SMALLEST = dict(chromosomes=3, chromosome_length=500_000, genes=15, cell_types=1, lineages=1)


def digest(*parts: bytes) -> str:
    """The first 16 hexadecimal digits of sha256."""
    return sha256(b"".join(parts)).hexdigest()[:16]


def saved(model, folder: Path, names: str) -> str:
    """A digest of a checkpoint's content: its plain values in order, and every tensor's name, type and bytes."""
    content = torch.load(cl.save_checkpoint(model, folder / "again.pt", names=names), weights_only=True)
    tensors = content.pop("net")
    parts = [f"{name} {t.dtype} {tuple(t.shape)}".encode() + t.numpy().tobytes() for name, t in tensors.items()]
    return digest(repr(content).encode(), *parts)


def main() -> None:
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        dataset = cl.simulate(seed=0, cache=folder, progress=False, **SMALLEST).dataset(progress=False)
        print(f"dataset  {len(dataset)} examples, {digest(dataset.signal.depth.tobytes(), dataset.pcre.tobytes())}")
        for contacts, task, seed in product(("lifelike", "strong"), ("classification", "regression"), range(4)):
            model = cl.pretrained(task, seed, contacts)
            paths = [cl.predict(model, dataset, path, device="cpu", progress=False) for path in ("focused", "full")]
            found = [digest(np.ascontiguousarray(out).tobytes()) for out in paths]
            kept = [saved(model, Path(folder), names) for names in ("own", "published")]
            print(f"{contacts:8} {task:14} seed {seed}  focused {found[0]}  full {found[1]}  saved {' '.join(kept)}")


if __name__ == "__main__":
    main()
