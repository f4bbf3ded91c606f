"""Controls to compare any model with: linear models on a few window means, and a rule by hand.

Sources: the article's linear control (its scores are measured in the notebooks that use it); the hand rule is what a
biologist would say.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import torch
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from chromolab.data.dataset.batches import features_of
from chromolab.data.dataset.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.learn.metrics import truth_of
from chromolab.models.base import check_task

PARTS = ("tss", "upstream", "body")


def window_means(dataset: Dataset, parts: Sequence[str] = PARTS, flank: int = 2000) -> pd.DataFrame:
    """ln(1 + mean depth) of every mark in parts of the promoter window; of other tracks, what models read.

    Parameters
    ----------
    dataset : Dataset
    parts : of "tss" (within `flank` bp of the TSS), "upstream" and "body" (from there to the window's 5' and 3' end)
    flank : int
        Base pairs, a multiple of the dataset's bin.

    Returns
    -------
    DataFrame (examples, parts x marks)
        Columns "mark part". A mean leaves out bins without data; a part without any data gets the mean over genes.

    Raises
    ------
    ChromolabError
        For an unknown part, or a flank that does not fit the bins and the window.
    """
    if flank % dataset.bin_size or not 0 < flank < dataset.window // 2:
        raise ChromolabError(f"flank {flank}: expected a multiple of {dataset.bin_size} below {dataset.window // 2} bp")
    depth = dataset.promoter_depth()  # (examples, T, marks), 5' to 3'
    middle, near = depth.shape[1] // 2, flank // dataset.bin_size
    place = {"tss": slice(middle - near, middle + near), "upstream": slice(0, middle - near)}
    place["body"] = slice(middle + near, None)
    if unknown := set(parts) - set(place):
        raise ChromolabError(f"unknown part {sorted(unknown)}; expected some of {', '.join(PARTS)}")
    columns = []
    for part in parts:
        bins = depth[:, place[part]].astype(np.float64)
        seen = (~np.isnan(bins)).sum(1)
        mean = np.divide(np.nansum(bins, axis=1), seen, out=np.full(seen.shape, np.nan), where=seen > 0)
        read = features_of(torch.from_numpy(mean), dataset.marks, dataset.transforms).numpy()
        table = pd.DataFrame(read, columns=[f"{m} {part}" for m in dataset.marks])
        columns.append(table.fillna(table.mean()))
    return pd.concat(columns, axis=1)


class Linear:
    """Standardised logistic or ridge regression on `window_means`.

    Parameters
    ----------
    task : {"classification", "regression"}
    parts, flank : see `window_means`
    strength : float
        Strength of the L2 penalty: 1 / C of scikit-learn's logistic regression, alpha of its ridge regression.
    """

    def __init__(self, task: str, parts: Sequence[str] = PARTS, flank: int = 2000, strength: float = 10.0):
        self.task, self.parts, self.flank = check_task(task), tuple(parts), flank
        if task == "classification":
            model = LogisticRegression(C=1 / strength, max_iter=5000)
        else:
            model = Ridge(alpha=strength)
        self.model = make_pipeline(StandardScaler(), model)

    def fit(self, dataset: Dataset) -> "Linear":
        """Learn from every example of a dataset."""
        truth = truth_of(dataset, self.task)
        self.model.fit(self.features(dataset), truth)
        return self

    def features(self, dataset: Dataset) -> pd.DataFrame:
        """Its input for each example: (examples, parts x marks)."""
        return window_means(dataset, self.parts, self.flank)

    def predict(self, dataset: Dataset) -> np.ndarray:
        """(examples,): probability of label 1, or log2(expression + 1)."""
        features = self.features(dataset)
        return (
            self.model.predict_proba(features)[:, 1] if self.task == "classification" else self.model.predict(features)
        )

    def additive(self, dataset: Dataset) -> np.ndarray:
        """(examples,): predictions on a scale where changes add: log-odds of label 1, or log2(expression + 1)."""
        features = self.features(dataset)
        return self.model.decision_function(features) if self.task == "classification" else self.model.predict(features)

    def out_of_fold(self, dataset: Dataset) -> np.ndarray:
        """(examples,): predictions for each fold by a model fitted to all the others."""
        fold, out = dataset.genes["fold"].to_numpy(), np.empty(len(dataset))
        for k in dataset.folds:
            out[fold == k] = self.fit(dataset.select(fold != k)).predict(dataset.select(fold == k))
        return out


class LinearChange(Linear):
    """`Linear` for `cl.pairs`: its input is the window means of b minus those of a."""

    def features(self, dataset: Dataset) -> pd.DataFrame:
        """Its input for each pair: window means of b minus those of a, (examples, parts x marks)."""
        means = super().features(dataset)
        a, b = (means.filter(regex=f" in {cell} ") for cell in "ab")
        return pd.DataFrame(b.to_numpy() - a.to_numpy(), columns=[str(c).replace(" in a ", " ") for c in a])


def hand_rule(dataset: Dataset, flank: int = 2000) -> np.ndarray:
    """A biologist's rule: active marks at the TSS and H3K36me3 in the body speak for expression, H3K27me3 against.

    Returns
    -------
    float array (examples,)
        Sum of z-scores over the dataset's genes: TSS H3K4me3 + H3K27ac + H3K9ac - H3K27me3, plus body H3K36me3; marks
        that the dataset lacks are left out. It ranks genes; it is not a probability, and nothing is learnt.

    Raises
    ------
    ChromolabError
        If the dataset has none of these marks.
    """
    means = window_means(dataset, ("tss", "body"), flank)
    z = (means - means.mean()) / means.std().replace(0, 1)
    signs = {"H3K4me3 tss": 1, "H3K27ac tss": 1, "H3K9ac tss": 1, "H3K27me3 tss": -1, "H3K36me3 body": 1}
    if not any(name in z for name in signs):
        names = ", ".join(signs)
        raise ChromolabError(f"the hand rule needs one of {names}; this dataset has {', '.join(dataset.marks)}")
    return np.sum([sign * z[name].to_numpy() for name, sign in signs.items() if name in z], axis=0)


def shuffled_labels(dataset: Dataset, seed: int = 0) -> Dataset:
    """Give each gene the expression of a random gene of its cell type, so that a model can learn nothing from it.

    Parameters
    ----------
    dataset : Dataset
    seed : int

    Returns
    -------
    Dataset
        `expression`, `log2_expression` and `label` move together; all else is shared with the original.
    """
    other = _others(dataset, ["cell_type"], seed)
    columns = [c for c in ("expression", "log2_expression", "label") if c in dataset.genes]
    moved = {c: dataset.genes[c].to_numpy()[other] for c in columns}
    return replace(dataset, genes=dataset.genes.assign(**moved))


def scrambled_genes(dataset: Dataset, seed: int = 0) -> Dataset:
    """Give each gene the signal and contacts of a random gene of its cell type and fold: a code that says nothing.

    Parameters
    ----------
    dataset : Dataset
    seed : int

    Returns
    -------
    Dataset
        `promoter`, `pcre` and `frequency` move together; the genes, their expression and their folds stay, and whole
        genes are left out.
    """
    other = _others(dataset, ["cell_type", "fold"], seed)
    moved = {name: getattr(dataset, name)[other] for name in ("promoter", "pcre", "frequency")}
    return replace(dataset, body=None, **moved)


def _others(dataset: Dataset, alike: list[str], seed: int) -> np.ndarray:
    """For each example a random one, (examples,), that has the same in these columns of the genes; each serves once."""
    rng, other = np.random.default_rng(seed), np.arange(len(dataset))
    for rows in dataset.genes.groupby(alike, sort=False).indices.values():
        other[rows] = rng.permutation(rows)
    return other
