"""data/denovo/candidates: elements around each TSS, their activity and measured contacts, by a slow computation."""

import numpy as np
import pandas as pd
import pytest

import chromolab as cl
from chromolab.data.denovo.candidates import ACTIVITY, PEAK


@pytest.fixture(scope="module")
def genes(tiny_world):
    return tiny_world.genes()


@pytest.fixture(scope="module")
def fragments(tiny_world):
    counts = tiny_world.capture_counts(tiny_world.cell_types[0])
    places = counts[["chrom2", "start2", "end2"]].set_axis(["chrom", "start", "end"], axis=1)
    return places.drop_duplicates(ignore_index=True)


@pytest.fixture(scope="module")
def table(tiny_world, genes, fragments):
    return cl.data.candidates(genes, fragments, tiny_world.tracks, contacts=tiny_world.contacts, farthest=200_000)


def test_every_element_within_reach_is_there_once_for_each_cell_type(tiny_world, genes, fragments, table):
    expected = set()
    for g in genes.itertuples():
        for f in fragments[fragments["chrom"] == g.chrom].itertuples():
            distance = abs((f.start + f.end) // 2 - g.tss)
            if 20_000 <= distance <= 200_000:
                expected.add((g.gene_id, g.cell_type, f.chrom, f.start, f.end, distance))
    columns = ["gene_id", "cell_type", "chrom", "start", "end", "distance"]
    found = list(table[columns].itertuples(index=False, name=None))
    assert set(found) == expected and len(found) == len(expected)
    one = fragments.assign(cell_type=tiny_world.cell_types[1])
    only = cl.data.candidates(genes, one, tiny_world.tracks, farthest=200_000)
    assert set(only["cell_type"]) == {tiny_world.cell_types[1]} and 2 * len(only) == len(table)
    assert "measured" not in only


def test_activity_is_the_geometric_mean_of_marks_at_the_best_place_beyond_the_median(tiny_world, table):
    cell = tiny_world.cell_types[0]
    places = table[table["cell_type"] == cell].drop_duplicates(["chrom", "start"]).reset_index(drop=True)
    marks = sorted({mark for one in ACTIVITY for mark in one})
    read = {m: cl.data.bin_means(tiny_world.tracks[cell][m], places, PEAK, progress=False) for m in marks}
    first = next(iter(read.values())).offsets
    best = np.zeros(len(places))
    for a, b in ACTIVITY:
        mean = [
            max(np.sqrt(read[a].mean[i] * read[b].mean[i]) for i in range(*first[r : r + 2]))
            for r in range(len(places))
        ]
        best = np.maximum(best, np.array(mean) - np.median(mean))
    np.testing.assert_allclose(places["activity"], best, atol=1e-9)
    assert (best > 0).mean() > 0.5


def test_measured_is_the_contact_whose_far_end_holds_the_middle(tiny_world, genes, table):
    cell = tiny_world.cell_types[0]
    contacts = cl.data.read_contacts(tiny_world.contacts[cell], genes=genes)
    own = table[table["cell_type"] == cell]
    tss = genes.drop_duplicates("gene_id").set_index("gene_id")["tss"]
    listed = 0
    for row in own.iloc[::17].itertuples():
        middle, best = (row.start + row.end) // 2, []
        for near, far in (("1", "2"), ("2", "1")):
            here = contacts[(contacts[f"chrom{near}"] == row.chrom) & (contacts[f"chrom{far}"] == row.chrom)]
            here = here[(here[f"start{near}"] <= tss[row.gene_id]) & (tss[row.gene_id] < here[f"end{near}"])]
            best += here[(here[f"start{far}"] <= middle) & (middle < here[f"end{far}"])]["frequency"].tolist()
        assert row.measured == (max(best) if best else 1)
        listed += bool(best)
    assert listed > 5


def test_pairs_are_a_tss_and_an_element(genes, table):
    pairs = cl.data.candidate_pairs(table, genes)
    assert ((pairs["start2"] + pairs["end2"]) // 2 - pairs["start1"]).abs().equals(pairs["distance"])
    assert (pairs["end1"] - pairs["start1"] == 1).all() and (pairs["chrom1"] == pairs["chrom2"]).all()
    assert pairs["start2"].tolist() == table["start"].tolist()
    with pytest.raises(cl.ChromolabError, match="is not in the gene table"):
        cl.data.candidate_pairs(table, genes.iloc[1:].query(f"gene_id != '{table['gene_id'][0]}'"))


def test_rankings_and_the_first_candidates(table):
    contact = np.linspace(0.5, 2, len(table))
    ranked = cl.data.rankings(table, contact)
    fall = cl.data.contact_at(table["distance"])
    np.testing.assert_allclose(ranked["activity x distance"], table["activity"] * fall)
    np.testing.assert_allclose(ranked["sequence x activity x distance"], contact * table["activity"] * fall)
    np.testing.assert_allclose(ranked["sequence x distance"], contact * fall)
    np.testing.assert_allclose(ranked["measured x activity"], table["measured"] * table["activity"])
    assert "sequence" not in cl.data.rankings(table.drop(columns="measured"))
    first = cl.data.best_candidates(table, ranked["distance"], contact, k=3)
    for (gene, cell), own in table.groupby(["gene_id", "cell_type"]):
        kept = first[(first["gene_id"] == gene) & (first["cell_type"] == cell)]
        nearest = own.nsmallest(3, "distance")
        assert set(kept["start"]) == set(nearest["start"])
        assert kept["frequency"].is_monotonic_decreasing
    tied = cl.data.best_candidates(table, np.zeros(len(table)), k=1)
    assert (tied["frequency"] == 0).all()
    pd.testing.assert_frame_equal(tied, cl.data.best_candidates(table, ranked["distance"], k=1))


def test_what_is_wrong_is_said(tiny_world, genes, fragments, table):
    with pytest.raises(cl.ChromolabError, match="activity is read from H3K27ac, ATAC"):
        cl.data.candidates(genes, fragments, tiny_world.tracks, marks=[("H3K27ac", "ATAC")])
    with pytest.raises(cl.ChromolabError, match="sequence: expected a frequency of 0 or more for each"):
        cl.data.rankings(table, np.full(len(table), -1))
    with pytest.raises(cl.ChromolabError, match="sequence: expected"):
        cl.data.rankings(table, [1.0])
