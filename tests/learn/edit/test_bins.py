"""learn/edit/bins: the arithmetic of strokes on one mark in one region, against bases one by one."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from chromolab.learn.edit.bins import Stroke, change_bins


def even_bases(strokes, mean, covered, length, size):
    """What the bins hold after an edit, base by base, with even depth in each bin."""
    bases = np.full(length, np.nan)
    for b, start in enumerate(range(0, length, size)):
        n = min(size, length - start)
        bases[start + np.arange(covered[b]) * n // max(covered[b], 1)] = mean[b]
    for begin, end, change in strokes:
        here = bases[begin:end]
        bases[begin:end] = here * change if isinstance(change, float) else np.where(np.isnan(change), here, change)
    bins = [bases[i : i + size] for i in range(0, length, size)]
    seen = [(~np.isnan(b)).sum() for b in bins]
    return [np.nan if n == 0 else np.nansum(b) / n for b, n in zip(bins, seen, strict=True)], seen


@st.composite
def strokes(draw, length):
    begin = draw(st.integers(0, length - 1))
    end = draw(st.integers(begin + 1, length))
    if draw(st.booleans()):
        return Stroke(begin, end, draw(st.floats(0, 3)))
    values = draw(st.lists(st.sampled_from([0.0, 1.5, 2.25, np.nan]), min_size=1, max_size=8))
    return Stroke(begin, end, np.resize(np.repeat(values, draw(st.integers(1, 12))), end - begin))


@given(data=st.data(), length=st.integers(1, 75), size=st.integers(1, 20))
@settings(deadline=None, max_examples=300)
def test_without_a_source_edits_compose_as_if_bins_were_even(data, length, size):
    """An erased half of a bin that is erased again stays a half."""
    n = np.minimum(size, length - np.arange(0, length, size))
    covered = np.array([data.draw(st.integers(0, int(k))) for k in n])
    mean = np.where(covered > 0, np.arange(len(n)) + 0.5, np.nan)
    own = data.draw(st.lists(strokes(length), max_size=5))
    got, seen, cut = change_bins(mean, covered, length, size, own, lambda: None)
    expected, expected_seen = even_bases(own, mean, covered, length, size)
    assert seen.tolist() == expected_seen
    np.testing.assert_allclose(got, expected, rtol=1e-12)
    touched = np.zeros(length, bool)
    for begin, end, _ in own:
        touched[begin:end] = True
    apart = ~np.logical_or.reduceat(touched, np.arange(0, length, size))
    np.testing.assert_array_equal(got[apart], mean[apart])  # to the last bit
    assert (cut > 0) <= bool(own)
