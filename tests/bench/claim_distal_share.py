"""What contacts bring to a trained Chromoformer on the teaching genome (simulated), by its dial `distal_share`.

    make bench BENCH=claim_distal_share ARGS="[--shares 0 0.15] [--seeds 0] [--epochs 5]"

For each share and seed: R2 of log2(RPKM + 1) on the held-out fold 4, with contacts and in the promoter-only form; early
stopping on fold 3. The model has the published size. About two minutes a model on two cores.
"""

import argparse

import chromolab as cl


def r2(dataset, seed: int, epochs: int) -> float:
    """R2 on fold 4 of a regressor trained on the other folds."""
    train, validation, test = dataset.split(test_fold=4, validation_fold=3)
    model = cl.Chromoformer(dataset.marks, "regression", seed=seed)
    cl.fit(model, train, validation=validation, epochs=epochs, lr=3e-4, decay=0.8, seed=seed)
    return cl.metrics.score(test.log2_expression, cl.predict(model, test), "regression")["r2"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shares", type=float, nargs="+", default=[0, 0.15])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--epochs", type=int, default=5)
    args = parser.parse_args()
    for share in args.shares:
        dataset = cl.simulate(seed=0, distal_share=share).dataset()
        for seed in args.seeds:
            whole, alone = (r2(d, seed, args.epochs) for d in (dataset, dataset.without_contacts()))
            print(
                f"distal_share {share:g}, seed {seed}: R2 {whole:.3f} with contacts, {alone:.3f} promoter only, "
                f"gain {whole - alone:+.3f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
