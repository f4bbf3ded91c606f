"""world/folding: contact is structure first, and the counts are those behind the table."""

import numpy as np
import pytest
from helpers.worlds import ON_PAPER
from scipy.stats import poisson

from chromolab.world import folding as rule
from chromolab.world.folding import Affinity, contact_table, count_table, distances, drawn_as, fall, listed, structure
from chromolab.world.regulation import regulate
from chromolab.world.species import genome_of


@pytest.fixture(scope="module")
def folding():
    return regulate(genome_of(ON_PAPER))[0]


@pytest.fixture(scope="module")
def bare(folding):
    """Nothing but compartments: no hub, no active element; and no anchor that is bound."""
    none = np.zeros((len(folding.genome.fragments), 2))
    return Affinity(none, none, none), np.zeros_like(folding.bound)


def test_like_compartments_touch_more(folding, bare):
    alone = structure(folding.genome, folding.pairs, bare[1], bare[0])
    assert set(np.unique(alone)) == {rule.UNLIKE, rule.ALIKE}


def test_an_anchor_insulates_and_two_that_face_each_other_make_a_loop(folding, bare):
    genome, (affinity, free) = folding.genome, bare
    elements, pairs = genome.elements, folding.pairs
    centre = ((genome.fragments["start"] + genome.fragments["end"]) // 2).to_numpy()
    chrom = genome.fragments["chrom"].to_numpy()[pairs["bait"]]
    left, right = (np.sort(centre[pairs.to_numpy()], 1)[:, side] for side in (0, 1))
    anchors = elements[elements["kind"] == "anchor"]
    alone = structure(genome, pairs, free, affinity)
    on = anchors[(anchors["chrom"] == "chr2") & (anchors["strand"] > 0)]
    facing = anchors[(anchors["chrom"] == "chr2") & (anchors["strand"] < 0)]
    first = on.iloc[len(on) // 2]
    second = facing[facing["position"] > first["position"] + 100_000].iloc[0]
    one, two = free.copy(), free.copy()
    one[first.name] = two[first.name] = two[second.name] = 1
    with_one = structure(genome, pairs, one, affinity) / alone
    spans = (chrom == "chr2") & (left < first["position"]) & (right > first["position"])
    np.testing.assert_allclose(with_one[spans], 1 - rule.INSULATION)
    np.testing.assert_allclose(with_one[~spans], 1)
    with_two = structure(genome, pairs, two, affinity)[:, 0] / structure(genome, pairs, one, affinity)[:, 0]
    near = (np.abs(left - first["position"]) < 14_000) & (np.abs(right - second["position"]) < 14_000)
    looped = near & (chrom == "chr2")
    if looped.any():
        inside = looped & (right < second["position"])
        loop = 1 + rule.LOOP * np.exp(-distances(genome, pairs) / rule.LOOP_REACH)
        np.testing.assert_allclose(with_two[inside], loop[inside])
        assert (with_two[looped] > 1.2).all()
    crossing = (chrom == "chr2") & (left < second["position"]) & (right > second["position"]) & ~near
    np.testing.assert_allclose(with_two[crossing & ~spans & (right > second["position"] + 20_000)], 1 - rule.INSULATION)


def test_rates_with_other_anchors_start_from_those_that_are(folding):
    np.testing.assert_allclose(folding.rebound(folding.genome, folding.bound).contact, folding.contact)
    rows = np.arange(0, len(folding.pairs), 97)
    np.testing.assert_allclose(folding.rate_with(rows), folding.rate[rows])
    loose = folding.rebound(folding.genome, np.zeros_like(folding.bound)).contact
    assert np.abs(loose / folding.contact - 1).max() > 0.2
    distance = folding.links["distance"].to_numpy()
    np.testing.assert_allclose(folding.contact / fall(distance)[:, None], folding.rate[folding.links["pair"]])


def test_rates_are_about_one_at_every_distance(folding):
    distance = distances(folding.genome, folding.pairs)
    for low, high in ((20_000, 60_000), (60_000, 200_000), (200_000, 800_000)):
        assert 0.85 < folding.rate[(distance >= low) & (distance < high)].mean() < 1.15


def test_that_an_enhancer_is_active_adds_little(folding):
    quiet = Affinity(folding.affinity.open, folding.affinity.polycomb, 0 * folding.affinity.active)
    without = structure(folding.genome, folding.pairs, folding.bound, quiet)
    gain = structure(folding.genome, folding.pairs, folding.bound, folding.affinity) / without
    active = folding.affinity.active[folding.pairs["fragment"]] > 0.5
    assert (gain >= 1).all() and gain[active].max() <= 1 + 2 * rule.ACTIVE_TOUCH


def test_counts_are_poisson_around_the_rate_and_shared_by_both_baits(folding):
    expected = rule.expected_reads(distances(folding.genome, folding.pairs))[:, None]
    count = folding.frequency * expected
    np.testing.assert_allclose(count, np.round(count), atol=1e-6)
    off = (count - folding.rate * expected) / np.sqrt(folding.rate * expected)
    assert abs(off.mean()) < 0.05 and 0.9 < off.std() < 1.1
    as_drawn = drawn_as(folding.pairs)
    assert (as_drawn < np.arange(len(as_drawn))).sum() > 10, "pairs of two baits"
    np.testing.assert_array_equal(folding.rate[as_drawn], folding.rate)
    np.testing.assert_array_equal(folding.frequency[as_drawn], folding.frequency)


def test_listed_pairs_are_far_enough_frequent_and_significant(folding):
    far = listed(folding.genome, folding.pairs)
    count = np.round(folding.frequency * rule.expected_reads(distances(folding.genome, folding.pairs))[:, None])
    expected = rule.expected_reads(distances(folding.genome, folding.pairs))[:, None]
    significant = (poisson.sf(count - 1, expected) < rule.REPORTED[1]) & (count > expected)
    np.testing.assert_array_equal(folding.reported, far[:, None] & significant)


def test_the_table_lists_each_pair_once_and_its_counts_stand_behind_it(folding):
    for cell in range(2):
        table, counts = contact_table(folding, cell), count_table(folding, cell)
        places = ["chrom1", "start1", "end1", "chrom2", "start2", "end2"]
        assert not table.duplicated(places).any() and not counts.duplicated(places).any()
        both = table.merge(counts, on=places)
        assert len(both) == len(table) > 300
        expected = rule.expected_reads(both["distance"].to_numpy())
        np.testing.assert_allclose(both["frequency"], both["count"] / expected, atol=1e-4)
        apart = np.maximum(table["start1"], table["start2"]) - np.minimum(table["end1"], table["end2"])
        assert (apart >= rule.LISTED).all() and (table["chrom1"] == table["chrom2"]).all()


def test_links_are_all_elements_in_reach(folding):
    genome, links = folding.genome, folding.links
    for gene in (0, 57, 200):
        row = genome.genes.iloc[gene]
        away = (genome.elements["position"] - row["promoter"]).abs()
        near = set(np.flatnonzero((genome.elements["chrom"] == row["chrom"]) & (away < 770_000)))
        mine = links[links["gene"] == gene]
        assert near <= set(mine["element"]) and mine["element"].is_unique
        np.testing.assert_array_equal(mine["distance"], away.iloc[mine["element"]])
    assert links["gene"].is_monotonic_increasing
