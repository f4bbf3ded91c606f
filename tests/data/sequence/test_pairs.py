"""data/sequence/pairs and composition: sites about and between places, and what distance lets expect."""

import numpy as np
import pandas as pd
import pytest

from chromolab.data.sequence.composition import share_of_gc
from chromolab.data.sequence.pairs import expected_at, fall_with_distance, pairs_of
from chromolab.errors import ChromolabError

SITES = pd.DataFrame(
    [
        ("chr1", 9_990, 10_010, "+", "CTCF", 30.0, 1e-9),
        ("chr1", 29_990, 30_010, "-", "CTCF", 20.0, 1e-9),
        ("chr1", 59_990, 60_010, "-", "CTCF", 25.0, 1e-9),
        ("chr2", 9_990, 10_010, "+", "CTCF", 15.0, 1e-9),
    ],
    columns=["chrom", "start", "end", "strand", "motif", "score", "p"],
)


def table(*rows):
    return pd.DataFrame(rows, columns=["chrom1", "start1", "end1", "chrom2", "start2", "end2"])


def test_sites_about_and_between_places():
    pairs = pairs_of(table(("chr1", 55_000, 65_000, "chr1", 8_000, 12_000)), SITES, reach=6_000)
    left, right = int(pairs.left[0]), int(pairs.right[0])
    assert pairs.places["start"].tolist()[left] == 8_000 and pairs.places["start"].tolist()[right] == 55_000
    assert pairs.distance.tolist() == [50_000]
    assert pairs.near[left, 0].tolist() == [0] and pairs.near[left, 1].tolist() == [-1]
    assert pairs.near[right, 1].tolist() == [2] and pairs.near[right, 0].tolist() == [-1]
    assert int(pairs.before[right] - pairs.before[left]) == 2  # its own site and the one between; its middle is past it


def test_sites_of_other_chromosomes_do_not_count():
    pairs = pairs_of(table(("chr2", 5_000, 15_000, "chr2", 40_000, 50_000)), SITES)
    assert pairs.near[pairs.left[0], 0].tolist() == [3] and (pairs.near[pairs.left[0], 1] == -1).all()
    assert (pairs.before[pairs.right] - pairs.before[pairs.left]).tolist() == [1]
    none = pairs_of(table(("chr3", 5_000, 15_000, "chr3", 40_000, 50_000)), SITES)
    assert (none.near == -1).all() and (none.before == 0).all()


def test_a_place_stands_once_and_rows_are_chosen():
    rows = [("chr1", 8_000, 12_000, "chr1", a, a + 4_000) for a in (40_000, 80_000, 90_000)]
    pairs = pairs_of(table(*rows), SITES)
    assert len(pairs.places) == 4 and len(pairs) == 3
    assert pairs.rows([2, 0]).distance.tolist() == [82_000, 32_000]


def test_features_stand_beside_their_place():
    rows = table(("chr1", 0, 10, "chr1", 100, 110))
    features = pd.DataFrame({"chrom": "chr1", "start": [100, 0], "end": [110, 10], "a": [2.0, 1.0]})
    pairs = pairs_of(rows, SITES, features)
    assert pairs.features[pairs.left, 0].tolist() == [1.0] and pairs.features[pairs.right, 0].tolist() == [2.0]
    with pytest.raises(ChromolabError, match="features: none, or not finite, for chr1:0-10"):
        pairs_of(rows, SITES, features[:1])


def test_a_pair_of_two_chromosomes_is_refused():
    with pytest.raises(ChromolabError, match="row 1 joins two chromosomes"):
        pairs_of(table(("chr1", 0, 9, "chr1", 20, 29), ("chr1", 0, 9, "chr2", 20, 29)), SITES)


def test_the_fall_with_distance_is_measured_and_read():
    distance = np.random.default_rng(0).uniform(2e4, 8e5, 20_000)
    fall = fall_with_distance(distance, 3e7 / distance)
    found = expected_at([3e4, 1e5, 5e5], fall)
    np.testing.assert_allclose(found, 3e7 / np.array([3e4, 1e5, 5e5]), rtol=0.02)


def test_the_share_of_g_and_c_about_places(tmp_path):
    rng = np.random.default_rng(0)
    rich = "".join(rng.choice(list("GC"), 40_000))
    poor = "".join(rng.choice(list("AT"), 40_000))
    (tmp_path / "g.fa").write_text(f">chr1\n{rich}{poor}\n>chr2\n{'N' * 20_000}\n")
    places = pd.DataFrame(
        {"chrom": ["chr1", "1", "chr1"], "start": [10_000, 39_000, 70_000], "end": [12_000, 41_000, 72_000]}
    )
    assert share_of_gc(tmp_path / "g.fa", places, 40_000).tolist() == [1.0, 0.5, 0.0]
    with pytest.raises(ChromolabError, match="no known letter about chr2:5000-6000"):
        share_of_gc(tmp_path / "g.fa", pd.DataFrame({"chrom": ["chr2"], "start": [5_000], "end": [6_000]}), 20_000)
