"""Files of a user, from the teaching genome."""

import pytest
from helpers.own_data import healthy


@pytest.fixture
def own(tmp_path, world):
    """A folder of sound files, and the settings of a small dataset of them."""
    small = {"window": 8000, "resolutions": [1000, 200], "n_pcres": 3, "min_frequency": 1.0}
    return tmp_path, healthy(tmp_path, world) | small
