"""Files that lie about themselves end in words (helpers/crafted); `bench.campaign_crafted` crafts 1,000 of them."""

import warnings

import numpy as np
import pytest
from helpers.crafted import KINDS

from chromolab.errors import ChromolabError


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_crafted_files_are_refused_in_words_or_answered(tmp_path, kind):
    refused = 0
    for seed in range(25):
        path = tmp_path / kind
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of zipfile and torch about odd files, and of scales
                KINDS[kind].craft(path, np.random.default_rng([seed, list(KINDS).index(kind)]))
                KINDS[kind].use(path)
        except ChromolabError as error:
            refused += 1
            assert len(str(error)) < 3000
    assert refused > 12
