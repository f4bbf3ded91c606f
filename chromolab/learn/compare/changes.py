"""Models of a gene's change of expression between two cell types, log2((b + 1) / (a + 1)), on equal terms.

Most read both cell types side by side (`cl.pairs`) and learn the change. Chromoformer learns the expression of the same
genes in both cell types instead; its predicted change is its prediction for b minus its prediction for a. It sees 40 kb
and the contacts; the others see only the promoter window.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from chromolab.data.dataset.combine import pairs
from chromolab.data.dataset.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.learn.compare.controls import LinearChange
from chromolab.learn.compare.models import LINEAR, compare_models, entrants, guess_of
from chromolab.learn.metrics import probability_or_expression
from chromolab.models.base import Model
from chromolab.models.deepchrome import DeepChrome
from chromolab.models.deepdiff import DeepDiff

TWICE = "Chromoformer, b minus a"
COARSE = (40, 500)  # number of bins for DeepDiff and their width in bp: its published 20 kb in a fifth of the time
MODELS = (LINEAR, "DeepDiff", "DeepChrome", TWICE)


def compare_changes(
    dataset: Dataset, a: str, b: str, models: Sequence[str] = MODELS, small: bool = True, **arguments: Any
) -> Iterator[dict]:
    """Run `compare_models` on the change from cell type a to b; the rows have task "difference".

    Parameters
    ----------
    dataset : Dataset
        With expression of both cell types.
    a, b : str
        Cell types.
    models : of `changes.MODELS`
        "linear" is `LinearChange`; DeepDiff reads its published 20 kb, in bins of 500 bp; DeepChrome reads
        the marks of both cell types as separate tracks.
    small : bool
        Give Chromoformer the sizes of `SMALL`.
    **arguments
        folds, seeds, epochs, patience, batch_size, lrs, done of `compare_models`.

    Yields
    ------
    dict
        As `compare_models`, with Pearson r and R2 of the change over the test fold's genes (n_genes).

    Raises
    ------
    ChromolabError
        For an unknown model, or cell types that cannot be paired.
    """
    if unknown := [m for m in models if m not in MODELS]:
        raise ChromolabError(f"no model {unknown[0]!r} of changes to compare; there are {', '.join(MODELS)}")
    beside = pairs(dataset, (a, b))
    both = dataset.select(dataset.genes["cell_type"].isin([a, b]).to_numpy())
    of_pairs: dict[str, Callable] = {
        LINEAR: lambda task, seed: LinearChange(task),
        "DeepDiff": lambda task, seed: DeepDiff(dataset.marks, task, *COARSE, seed=seed),
        "DeepChrome": lambda task, seed: DeepChrome(beside.marks, task, seed=seed),
    }
    of_each = {TWICE: entrants(both, ["Chromoformer"], small)["Chromoformer"]}
    for examples, make, scored in ((beside, of_pairs, None), (both, of_each, partial(true_and_predicted, a=a, b=b))):
        make = {name: make[name] for name in models if name in make}
        for row in compare_models(examples, make, "regression", truth_and_guess=scored, **arguments):
            yield row | {"task": "difference"}


def true_and_predicted(model: Model, test: Dataset, a: str, b: str) -> tuple[np.ndarray, np.ndarray]:
    """The true and the predicted change, b minus a, of each gene that both cell types have: two arrays (genes,)."""
    table = pd.DataFrame(
        {
            "gene": test.genes["gene_id"].to_numpy(),
            "cell": test.genes["cell_type"].to_numpy(),
            "truth": test.log2_expression,
            "guess": probability_or_expression(guess_of(model, test)),
        }
    )
    wide = table.pivot(index="gene", columns="cell", values=["truth", "guess"]).dropna()  # noqa: PD010
    return tuple((wide[what][b] - wide[what][a]).to_numpy(float) for what in ("truth", "guess"))
