"""data/dataset/signal: coarser bins are exact, whatever the lengths and holes."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chromolab.data.dataset import signal as room
from chromolab.data.dataset.signal import Signal
from chromolab.errors import ChromolabError


def binned(bases: list[np.ndarray], size: int):
    """Slow: mean over the bases that have data, bin by bin."""
    bins = [b[a : a + size] for b in bases for a in range(0, len(b), size)]
    mean = np.array([x[~np.isnan(x)].mean() if (~np.isnan(x)).any() else np.nan for x in bins])
    return mean[:, None], np.array([[(~np.isnan(x)).sum()] for x in bins])


def from_bases(bases: list[np.ndarray], size: int) -> Signal:
    depth, covered = binned(bases, size)
    regions = pd.DataFrame({"chrom": "c", "start": 0, "end": [len(b) for b in bases]})
    offsets = np.concatenate([[0], np.cumsum([-(-len(b) // size) for b in bases])])
    whole = not any(np.isnan(b).any() for b in bases)
    return Signal(regions, depth, offsets, size, None if whole else covered)


@settings(deadline=None, max_examples=150)
@given(
    lengths=st.lists(st.integers(1, 230), min_size=1, max_size=5),
    factor=st.integers(1, 9),
    size=st.integers(1, 25),
    holes=st.sampled_from([0.0, 0.3, 0.95]),
    seed=st.integers(0, 99),
    chunk=st.sampled_from([9, 1_000_000]),
)
def test_coarser_bins_equal_binning_the_bases(lengths, factor, size, holes, seed, chunk):
    rng = np.random.default_rng(seed)
    bases = [rng.poisson(3, n).astype(float) for n in lengths]
    for b in bases:
        b[rng.random(len(b)) < holes] = np.nan
    before, room._CHUNK_BINS = room._CHUNK_BINS, chunk
    try:
        depth, offsets = from_bases(bases, size).at(size * factor)
    finally:
        room._CHUNK_BINS = before
    np.testing.assert_allclose(depth, binned(bases, size * factor)[0], rtol=1e-12)
    assert offsets[-1] == len(depth)


def test_take_keeps_regions_in_the_order_asked():
    signal = from_bases([np.full(30, 1.0), np.full(55, 2.0), np.full(10, 3.0)], 20)
    taken = signal.take(np.array([2, 1]))
    assert taken.depth.ravel().tolist() == [3, 2, 2, 2] and taken.offsets.tolist() == [0, 1, 4]
    assert taken.regions["end"].tolist() == [10, 55]


def test_a_resolution_that_cannot_be_derived_is_refused():
    with pytest.raises(ChromolabError, match="not a multiple"):
        from_bases([np.ones(40)], 20).at(30)
