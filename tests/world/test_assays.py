"""world/assays: reads become depth, base by base."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from chromolab.world.assays import READ, depth_runs
from chromolab.world.parameters import BIN


@given(st.lists(st.integers(0, 400), min_size=1, max_size=60))
@settings(deadline=None)
def test_runs_keep_every_bins_bases_and_are_whole_and_merged(reads):
    bases = np.array(reads) * READ
    starts, ends, depth = depth_runs(bases)
    assert starts[0] == 0
    assert ends[-1] == len(bases) * BIN
    np.testing.assert_array_equal(starts[1:], ends[:-1])
    assert (ends > starts).all()
    assert (np.diff(depth) != 0).all()
    per_base = np.repeat(depth, ends - starts)
    np.testing.assert_array_equal(per_base.reshape(-1, BIN).sum(1), bases)
    assert np.ptp(per_base.reshape(-1, BIN), axis=1).max() <= 1
