"""learn/truth/recall: the share of causes that the first candidates of a ranking hold."""

import numpy as np
import pandas as pd
import pytest

import chromolab as cl
from chromolab.learn.truth.recall import EVERY

PLACES = [(30_000, 34_000), (40_000, 44_000), (50_000, 54_000), (60_000, 64_000)]


@pytest.fixture()
def table():
    """Two genes with four candidates each."""
    rows = [(g, "a", "chr1", s, e, s) for g in ("G1", "G2") for s, e in PLACES]
    return pd.DataFrame(rows, columns=["gene_id", "cell_type", "chrom", "start", "end", "distance"])


@pytest.fixture()
def effects():
    """Of G1 a cause in the second candidate, one in the fourth, one out of reach and one in the window; one of G2."""
    rows = [("G1", 42_000, 1.0, 42_000), ("G1", 63_900, -2.0, 63_900), ("G1", 90_000, 1.0, 90_000)]
    rows += [("G1", 10_000, 5.0, 10_000), ("G2", 30_500, 0.5, 30_500), ("G3", 30_500, 0.5, 30_500)]
    table = pd.DataFrame(rows, columns=["gene_id", "middle", "effect", "distance"])
    table = table.assign(cell_type="a", chrom="chr1", start=table["middle"] - 500, end=table["middle"] + 500)
    return table.drop(columns="middle")


def test_shares_are_those_that_can_be_counted_by_hand(table, effects):
    rankings = {"nearest": -table["distance"], "farthest": table["distance"]}
    found = cl.truth.recall_of_causes(table, rankings, effects, first=2).set_index("ranking")
    assert found.loc["nearest", "recall"] == pytest.approx((1 / 4 + 1) / 2)
    assert found.loc["farthest", "recall"] == pytest.approx((2 / 4 + 0) / 2)
    assert found.loc[EVERY, "recall"] == pytest.approx((3 / 4 + 1) / 2)
    assert (found["genes"] == 2).all() and (found["low"] < found["recall"]).all()
    one = cl.truth.recall_of_causes(table, {"nearest": -table["distance"]}, effects, first=1).set_index("ranking")
    assert one.loc["nearest", "recall"] == pytest.approx((0 + 1) / 2)


def test_rankings_are_compared_gene_by_gene(table, effects):
    rankings = {"nearest": -table["distance"], "farthest": table["distance"]}
    found = cl.truth.recall_of_causes(table, rankings, effects, first=2, against="nearest").set_index("ranking")
    by_gene = np.array([2 / 4 - 1 / 4, 0 - 1])
    half = 12.706 * by_gene.std(ddof=1) / np.sqrt(2)
    expected = [by_gene.mean(), by_gene.mean() - half, by_gene.mean() + half]
    np.testing.assert_allclose(found.loc["farthest", ["above", "above_low", "above_high"]], expected, rtol=1e-4)
    assert (found.loc["nearest", ["above", "above_low", "above_high"]] == 0).all()
    with pytest.raises(cl.ChromolabError, match="against is 'chance'; expected one of nearest, farthest"):
        cl.truth.recall_of_causes(table, rankings, effects, against="chance")


def test_ties_go_to_the_nearer(table, effects):
    shuffled = table.sample(frac=1, random_state=0).reset_index(drop=True)
    by = {"none": np.zeros(len(table)), "nearest": -shuffled["distance"]}
    found = cl.truth.recall_of_causes(shuffled, by, effects, first=2).set_index("ranking")
    assert found.loc["none", "recall"] == found.loc["nearest", "recall"]


def test_what_is_wrong_is_said(table, effects):
    with pytest.raises(cl.ChromolabError, match="ranking 'x': expected a finite number"):
        cl.truth.recall_of_causes(table, {"x": np.full(len(table), np.nan)}, effects)
    with pytest.raises(cl.ChromolabError, match="no gene of the candidates has a cause beyond 20,000 bp"):
        cl.truth.recall_of_causes(table, {}, effects[effects["gene_id"] == "G3"])


def test_the_measured_contacts_of_a_genome_find_more_than_distance(strong_world):
    genes, cell = strong_world.genes(), strong_world.cell_types[0]
    counts = strong_world.capture_counts(cell)[["chrom2", "start2", "end2"]]
    fragments = counts.set_axis(["chrom", "start", "end"], axis=1).drop_duplicates(ignore_index=True)
    table = cl.data.candidates(
        genes[genes["cell_type"] == cell],
        fragments,
        strong_world.tracks,
        contacts={cell: strong_world.contacts[cell]},
        progress=False,
    )
    found = cl.truth.recall_of_causes(table, cl.data.rankings(table), strong_world.key.effects)
    recall = found.set_index("ranking")["recall"]
    assert recall["distance"] < recall["activity x distance"] < recall["measured x activity"] < recall[EVERY]
