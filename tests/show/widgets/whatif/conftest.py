"""A lab of toy models and a toy dataset."""

import pytest
from helpers import toys
from helpers.widgets import toy_models

from chromolab.show.widgets.whatif.lab import WhatIf


@pytest.fixture(scope="module")
def dataset():
    return toys.toy_dataset()


@pytest.fixture
def whatif(dataset):
    lab = WhatIf(toy_models(), dataset)
    yield lab
    lab.close()
