"""Solutions of notebook 12: the AUC of a copy, the AUC among genes that changed, one scale for another."""

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from chromolab.show.notebooks.exercises import exercise


def _cells(seed: int) -> tuple[pd.Series, pd.Series]:
    """Expression in one cell type and labels in another, of genes that are not all the same nor in the same order."""
    rng = np.random.default_rng(seed)
    genes = [f"G{i}" for i in range(40)]
    level = rng.normal(3, 2, 40)
    own = pd.Series(level + rng.normal(0, 1, 40), genes).iloc[:36]
    label = pd.Series((level + rng.normal(0, 1, 40) > 3).astype(int), genes).iloc[4:]
    return own, label.sample(frac=1, random_state=seed)


@exercise(
    cases=[
        (pd.Series([5.0, 1.0, 3.0], ["a", "b", "c"]), pd.Series([0, 1, 1], ["b", "a", "c"])),
        _cells(0),
        _cells(1),
    ],
    hints=[
        "Which genes do both have? own.index.intersection(label.index).",
        "Take both in that order, own[shared] and label[shared]; then roc_auc_score(labels, scores).",
    ],
    mistakes={
        "The two lists are not in the same order: bring them together by the genes' names.": lambda own, label: (
            roc_auc_score(label.to_numpy()[: min(len(own), len(label))], own.to_numpy()[: min(len(own), len(label))])
        ),
        "Genes that the other cell type lacks were given 0; leave them out.": lambda own, label: roc_auc_score(
            label, own.reindex(label.index).fillna(0)
        ),
        "A label made of the copied expression throws its order away: let the expression itself rank the genes.": (
            lambda own, label: _copied(own > own.median(), label)
        ),
        "This is 1 - AUC: a high expression there speaks for a high one here.": lambda own, label: (
            1 - _copied(own, label)
        ),
    },
)
def copied(own, label):
    """AUC of expression elsewhere (Series by gene) for the labels here (Series by gene), over the genes of both."""
    shared = own.index.intersection(label.index)
    return float(roc_auc_score(label[shared], own[shared]))


def _copied(own, label) -> float:
    shared = own.index.intersection(label.index)
    return float(roc_auc_score(label[shared], own[shared].astype(float)))


def _guesses(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A model's guesses, the labels here, and those where it was taught."""
    rng = np.random.default_rng(seed)
    here = rng.integers(0, 2, 60)
    there = np.where(rng.random(60) < 0.3, 1 - here, here)
    return rng.normal(0.6 * here, 1), here, there


@exercise(
    cases=[
        (np.array([0.9, 0.2, 0.4, 0.8, 0.1, 0.6]), np.array([1, 0, 1, 1, 0, 0]), np.array([0, 1, 0, 1, 0, 1])),
        _guesses(0),
        _guesses(1),
    ],
    hints=[
        "Which genes changed? here != there.",
        "Take guess and here of these genes only: roc_auc_score(here[changed], guess[changed]).",
    ],
    mistakes={
        "This is the AUC of all genes; most of them are the same in both cell types.": lambda g, here, there: (
            roc_auc_score(here, g)
        ),
        "These are the genes that did not change.": lambda g, here, there: roc_auc_score(
            here[here == there], g[here == there]
        ),
        "The truth that counts is that of the asked cell type, `here`.": lambda g, here, there: roc_auc_score(
            there[here != there], g[here != there]
        ),
        "These are only the genes that are on here; those that are off here and on there changed, too.": (
            lambda g, here, there: roc_auc_score(here[(here != there) | (here == 0)], g[(here != there) | (here == 0)])
        ),
    },
)
def auc_of_changed(guess, here, there):
    """AUC of the guesses among the genes whose label here is another than there."""
    changed = here != there
    return float(roc_auc_score(here[changed], guess[changed]))


def _scales(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    shares = np.linspace(0, 1, 21)
    here, there = rng.gamma(0.7, 4, 500), rng.gamma(0.7, 4, 500) ** 1.3
    return here[:50], np.quantile(here, shares), np.quantile(there, shares)


@exercise(
    cases=[
        (np.array([0.0, 1.0, 3.0]), np.array([0.0, 2.0, 4.0]), np.array([0.0, 10.0, 30.0])),
        _scales(0),
        _scales(1),
    ],
    hints=[
        "A value that stands at some share of the first list of quantiles gets what stands there in the second.",
        "np.interp(x, xp, fp) draws straight lines through the points (xp, fp).",
    ],
    mistakes={
        "This maps the other way round: from the scale `there` to the scale `here`.": lambda x, here, there: np.interp(
            x, there, here
        ),
        "One factor for all values keeps the shape of the scale; take the quantiles one by one.": (
            lambda x, here, there: x * there.mean() / here.mean()
        ),
        "One factor, from the medians, does not move the peaks as far as the background.": lambda x, here, there: (
            x * there[len(there) // 2] / here[len(here) // 2]
        ),
        "These are shares of the bins; read the value that has this share on the other scale.": lambda x, here, there: (
            np.interp(x, here, np.linspace(0, 1, len(here)))
        ),
    },
)
def rescaled(values, here, there):
    """Values moved from the scale whose quantiles are `here` to the one whose quantiles are `there`."""
    return np.interp(values, here, there)
