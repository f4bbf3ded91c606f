"""A dataset, a gene and a training run that the tests of figures share."""

import pandas as pd
import pytest
from helpers.toys import toy_dataset

from chromolab.learn.train.job import Run

SCORES = {"classification": "auc", "regression": "pearson_r"}


@pytest.fixture(scope="session")
def ds():
    return toy_dataset()


@pytest.fixture(scope="session")
def gene(ds):
    """A gene with as many pCREs as there are slots."""
    return ds.gene(ds.genes["gene_id"][(ds.pcre >= 0).all(1)].iloc[0])


@pytest.fixture(scope="session")
def run_of():
    """Three epochs of a training run, by task; the second was the best."""

    def make(task="classification"):
        losses = {"train_loss": [0.7, 0.6, 0.5], "validation_loss": [0.7, 0.5, 0.6]}
        return Run(None, pd.DataFrame({"epoch": [1, 2, 3], **losses, SCORES[task]: [0.5, 0.8, 0.7]}), 2)

    return make
