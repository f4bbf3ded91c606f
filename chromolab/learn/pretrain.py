"""Train the small models that ship with the package, on the teaching genome (simulated data).

    python -m chromolab.learn.pretrain

A few minutes on two cores. Fold 4 is held out for the reported score and fold 1 for early stopping; both files keep
these scores, the seed and this command beside their weights. Stored as float16.
"""

from pathlib import Path

import chromolab as cl
from chromolab import models

COMMAND = "python -m chromolab.learn.pretrain"
# Narrower and shallower than published, so that a file is about a megabyte and a prediction takes milliseconds.
SHAPE = dict(width=64, embed_hidden=64, pairwise_hidden=128, regulation_layers=2, regulation_heads=4,
             regulation_width=128, regulation_hidden=128, head_hidden=64)  # fmt: skip


def main(seed: int = 0, epochs: int = 10, lr: float = 1e-3) -> None:
    dataset = cl.simulate(seed=seed).dataset()
    train, validation, test = dataset.split(test_fold=4)
    folder = Path(models.__file__).parent / "pretrained"
    folder.mkdir(exist_ok=True)
    for task in ("classification", "regression"):
        model = cl.Chromoformer(dataset.marks, task, seed=seed, **SHAPE)
        run = cl.fit(model, train, validation=validation, epochs=epochs, lr=lr, decay=0.8, seed=seed)
        truth = test.labels if task == "classification" else test.log2_expression
        score = cl.metrics.score(truth, cl.predict(model, test), task)
        about = {
            "data": f"teaching genome (simulated), seed {seed}", "command": COMMAND, "test_fold": 4,
            "validation_fold": 1, "epoch": run.best_epoch, "score": score,
        }  # fmt: skip
        path = cl.save_checkpoint(model, folder / f"teaching-{task}.pt", half=True, **about)
        print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB, fold 4: {score}")


if __name__ == "__main__":
    main()
