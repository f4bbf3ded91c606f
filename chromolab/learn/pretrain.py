"""Train the small models that ship with the package on the teaching genome (simulated data).

    python -m chromolab.learn.pretrain [--out FOLDER]

Takes about a minute a model, beside other work. Four models per task and setting of contacts differ only in their seed
(initial weights, order of examples), which shows how much predictions vary. Their size and learning rate were chosen by
the validation fold of one seed: of widths 32, 48 and 64 with one or two layers of regulation, the smallest did as well.
Fold 4 is held out for the reported score and fold 1 for early stopping; each file keeps its score, seed and this
command beside its weights, which are stored as float16.
"""

import argparse
from itertools import product
from pathlib import Path
from typing import Any

from chromolab.learn import metrics
from chromolab.learn.compare.models import SMALL
from chromolab.learn.prediction import predict
from chromolab.learn.train.fit import fit
from chromolab.models.checkpoints import SEEDS, pretrained_path, save_checkpoint
from chromolab.models.chromoformer import Chromoformer
from chromolab.world.parameters import CONTACTS
from chromolab.world.simulate import simulate

COMMAND = "python -m chromolab.learn.pretrain"


def main(arguments: list[str] | None = None) -> None:
    """Read the command line, and train."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=pretrained_path("classification", 0).parent, help="%(default)s")
    pretrain(parser.parse_args(arguments).out)


def pretrain(out: Path, seeds: range = SEEDS, epochs: int = 10, lr: float = 3e-3) -> None:
    """Train and store each setting's and task's models in the folder `out`, one per seed, and print their scores."""
    out.mkdir(parents=True, exist_ok=True)
    for contacts in CONTACTS:
        dataset = simulate(seed=0, contacts=contacts).dataset()
        train, validation, test = dataset.split(test_fold=4)
        for seed, task in product(seeds, ("classification", "regression")):
            model = Chromoformer(dataset.marks, task, seed=seed, **SMALL)
            run = fit(model, train, validation=validation, epochs=epochs, lr=lr, decay=0.8, seed=seed)
            score = metrics.score(metrics.truth_of(test, task), predict(model, test), task)
            about: dict[str, Any] = {
                "data": f"teaching genome (simulated), {contacts} contacts, seed 0",
                "seed": seed,
                "command": COMMAND,
                "test_fold": 4,
                "validation_fold": 1,
                "epoch": run.best_epoch,
                "score": score,
            }
            path = out / pretrained_path(task, seed, contacts).name
            save_checkpoint(model, path, half=True, **about)
            print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB, fold 4: {score}", flush=True)


if __name__ == "__main__":
    main()
