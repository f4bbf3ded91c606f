"""Datasets that the tests of models share."""

import pytest
from helpers.toys import toy_dataset, two_toy_cells


@pytest.fixture(scope="session")
def ds():
    return toy_dataset(0, genes=120)


@pytest.fixture(scope="session")
def two_cells():
    return two_toy_cells(genes=120)
