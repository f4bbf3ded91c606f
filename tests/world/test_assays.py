"""world/assays: reads become depth, base by base, without a pattern of the bins' own; depth is read back as signal."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chromolab.defaults import MARKS
from chromolab.world.assays import READ, depth_of, depth_runs, expected_depth, pattern_of, read_starts, shown_by
from chromolab.world.parameters import BIN, Parameters
from chromolab.world.patterns import SCRAMBLED


@given(st.lists(st.integers(0, 499), max_size=80), st.integers(500, 540))
@settings(deadline=None)
def test_runs_are_the_depth_that_counting_base_by_base_gives(starts, size):
    slow = np.zeros(size, int)
    for start in starts:
        slow[start : start + READ] += 1
    begin, end, depth = depth_runs(np.sort(np.array(starts, np.int64)), size)
    assert begin[0] == 0 and end[-1] == size
    np.testing.assert_array_equal(begin[1:], end[:-1])
    assert (end > begin).all() and (np.diff(depth) != 0).all()
    np.testing.assert_array_equal(np.repeat(depth, end - begin), slow)


def test_reads_are_as_many_as_the_depth_asks_and_start_anywhere():
    rng, depth = np.random.default_rng(0), np.repeat([0.0, 0.5, 4.0], 40_000)
    starts = read_starts(rng, depth)
    assert (np.diff(starts) >= 0).all() and starts.min() >= 40_000 * BIN
    per_bin = np.bincount(starts // BIN, minlength=len(depth)).reshape(3, -1)
    np.testing.assert_allclose(per_bin.mean(1) * READ / BIN, [0, 0.5, 4.0], rtol=0.05)
    assert (per_bin[1:].var(1) > 1.05 * per_bin[1:].mean(1)).all(), "more than Poisson"
    within = np.bincount(starts % BIN, minlength=BIN)
    assert within.min() > 0.9 * within.mean() and within.max() < 1.1 * within.mean()


@pytest.mark.parametrize("offset", [0, 37])
def test_no_period_of_two_bins(offset):
    size = 40_000 * BIN
    begin, end, depth = depth_runs(read_starts(np.random.default_rng(1), np.full(size // BIN, 1.5)), size)
    mean = np.repeat(depth, end - begin)[offset : offset + 38_000 * BIN].reshape(-1, BIN).mean(1)
    power = (np.abs(np.fft.rfft((mean - mean.mean()).reshape(-1, 50), axis=1)) ** 2).mean(0)
    of_two, beside = power[25], power[19:25].mean()
    assert 0.8 < of_two / beside < 1.3


@pytest.mark.parametrize("species", ["a", "b"])
@given(pattern=st.floats(0, 2), cell=st.integers(0, 3), mark=st.sampled_from([*MARKS, "CTCF"]))
@settings(max_examples=30)
def test_depth_is_read_back_as_the_pattern_that_shows_it(species, pattern, cell, mark):
    p = Parameters(species=species, depth=0.3)
    depth = depth_of(p, mark, cell, np.array([pattern]))
    np.testing.assert_allclose(pattern_of(p, mark, cell, depth), [pattern], atol=1e-9)
    assert pattern_of(p, mark, cell, np.zeros(1)) == 0


def test_expected_depth_is_background_and_pattern_at_the_experiments_scale():
    p = Parameters()
    pattern = np.repeat([0.0, 1.0], 30_000)
    mean = expected_depth(p, {"H3K27ac": pattern}, "H3K27ac", 0).reshape(2, -1).mean(1)
    np.testing.assert_allclose(mean, depth_of(p, "H3K27ac", 0, np.array([0.0, 1.0])), rtol=0.15)
    deep = expected_depth(replace(p, depth=5.0), {"H3K27ac": pattern}, "H3K27ac", 0).reshape(2, -1).mean(1)
    np.testing.assert_allclose(deep / mean, 5)


def test_a_lineages_tracks_share_their_scale():
    plain, spread = Parameters(), Parameters(lineage_spread=0.7)
    one = np.ones(1)
    ratio = [depth_of(spread, "H3K4me1", c, one) / depth_of(plain, "H3K4me1", c, one) for c in range(4)]
    np.testing.assert_allclose(np.ravel(ratio), spread.by_lineage("scale H3K4me1", 0.7))
    assert ratio[0] == pytest.approx(ratio[1]) and abs(ratio[0] - ratio[2]) > 0.01


def test_a_scrambled_track_shows_another_marks_pattern():
    p = Parameters(scrambled=True)
    assert sorted(SCRAMBLED) == sorted(SCRAMBLED.values()) == sorted(MARKS)
    assert all(shown_by(p, mark) == source != mark for mark, source in SCRAMBLED.items())
    assert [shown_by(Parameters(), mark) for mark in MARKS] == list(MARKS) and shown_by(p, "CTCF") == "CTCF"
