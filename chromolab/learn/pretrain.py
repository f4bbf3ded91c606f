"""Train the small models that ship with the package on the teaching genome (simulated data).

    python -m chromolab.learn.pretrain

Takes about ten minutes on two cores. Four models per task differ only in their seed (initial weights, order of
examples), which shows how much predictions vary. Fold 4 is held out for the reported score and fold 1 for early
stopping; each file keeps its score, seed and this command beside its weights, which are stored as float16.
"""

from itertools import product

import chromolab as cl
from chromolab.learn.compare.models import SMALL as SHAPE
from chromolab.models.checkpoints import SEEDS, pretrained_path

COMMAND = "python -m chromolab.learn.pretrain"


def main(seeds: range = SEEDS, epochs: int = 10, lr: float = 1e-3) -> None:
    dataset = cl.simulate(seed=0).dataset()
    train, validation, test = dataset.split(test_fold=4)
    for seed, task in product(seeds, ("classification", "regression")):
        model = cl.Chromoformer(dataset.marks, task, seed=seed, **SHAPE)
        run = cl.fit(model, train, validation=validation, epochs=epochs, lr=lr, decay=0.8, seed=seed)
        score = cl.metrics.score(cl.metrics.truth_of(test, task), cl.predict(model, test), task)
        about = {
            "data": "teaching genome (simulated), seed 0",
            "seed": seed,
            "command": COMMAND,
            "test_fold": 4,
            "validation_fold": 1,
            "epoch": run.best_epoch,
            "score": score,
        }
        path = pretrained_path(task, seed)
        path.parent.mkdir(exist_ok=True)
        cl.save_checkpoint(model, path, half=True, **about)
        print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB, fold 4: {score}", flush=True)


if __name__ == "__main__":
    main()
