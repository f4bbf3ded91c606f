"""A dataset that the tests of training and running models share."""

import numpy as np
import pytest
from helpers.toys import toy_dataset


@pytest.fixture(scope="session")
def ds():
    """Folds of unequal size, so that epochs end at different steps."""
    whole = toy_dataset(0, genes=124)
    part = whole.select((whole.genes["fold"] != 1).to_numpy() | (np.arange(len(whole)) < 50))
    steps = {len(part.split(test_fold=f)[0]) // 8 for f in part.folds}
    assert len(steps) > 1 and min(steps) >= 5
    return part
