"""data/bodies/growing_bins: bins that are fine at features, touch, and count every base once."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from chromolab.data.bodies.growing_bins import PARTS, growing_bins

UP, AHEAD = 24_000, 8_000


@st.composite
def genes(draw):
    """Upstream, ahead, length and exons of a gene that its region holds."""
    length = draw(st.integers(1, 300_000))
    ahead = -(-(length + 4_000) // AHEAD) * AHEAD
    cuts = sorted(draw(st.lists(st.integers(0, length), unique=True, max_size=20)))
    cuts = cuts[: len(cuts) // 2 * 2]
    return UP, ahead, length, np.array(cuts, np.int64).reshape(-1, 2)


@given(genes())
def test_bins_touch_and_cover_the_region_in_sizes_of_the_grid(gene):
    up, ahead, length, exons = gene
    cut = growing_bins(up, ahead, length, exons)
    assert cut.start[0] == -up and cut.end[-1] == ahead and (cut.start[1:] == cut.end[:-1]).all()
    size = cut.end - cut.start
    assert set(size) <= {8_000, 2_000, 500} and ((cut.start + up) % size == 0).all()


@given(genes())
def test_every_base_lies_in_one_part(gene):
    up, ahead, length, exons = gene
    cut = growing_bins(up, ahead, length, exons)
    bases = ((cut.end - cut.start)[:, None] * cut.parts).sum(0)
    exonic = (exons[:, 1] - exons[:, 0]).sum()
    expected = dict(upstream=up, exon=exonic, intron=length - exonic, inside=0, downstream=ahead - length)
    np.testing.assert_allclose(bases, [expected[part] for part in PARTS], atol=1e-6)
    unknown = growing_bins(up, ahead, length, None)
    bases = ((unknown.end - unknown.start)[:, None] * unknown.parts).sum(0)
    np.testing.assert_allclose(bases, [up, 0, 0, length, ahead - length], atol=1e-6)


@given(genes())
def test_a_bin_is_no_wider_than_its_distance_from_the_ends_and_finest_at_exons(gene):
    up, ahead, length, exons = gene
    cut = growing_bins(up, ahead, length, exons)
    size = cut.end - cut.start
    for place in (0, length):
        away = np.maximum(np.maximum(place - cut.end, cut.start - place), 0)
        assert ((size <= away) | (size == 500)).all()
    for first, last in exons:
        assert (size[(cut.start < last) & (cut.end > first)] == 500).all()


def test_bins_grow_with_the_logarithm_of_the_gene():
    """500 kb without exons take 8 times as many bins as a gene that needs 8 kb bins only at its ends would not."""
    counts = {kb: len(growing_bins(UP, -(-(kb * 1000 + 4_000) // AHEAD) * AHEAD, kb * 1000).start) for kb in (12, 500)}
    assert counts[12] < 70 and counts[500] < 160
