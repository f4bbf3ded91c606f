"""world/species: the second species has the same code and other places."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from helpers.worlds import ON_PAPER, TINY

from chromolab.errors import ChromolabError
from chromolab.world.genome import make_genome
from chromolab.world.regulation import activities
from chromolab.world.simulate import simulate
from chromolab.world.species import ancestor_of, genome_of, orthologues

B = replace(ON_PAPER, species="b")


@pytest.fixture(scope="module")
def both():
    return make_genome(ON_PAPER), genome_of(B)


def test_most_genes_are_kept_with_what_opens_them(both):
    a, b = both
    kept = b.genes["ancestor"].to_numpy()
    rows = kept >= 0
    assert 0.6 < rows.mean() < 0.8 and len(b.genes) == len(a.genes)
    assert len(set(kept[rows])) == rows.sum()
    was = a.genes.iloc[kept[rows]].reset_index(drop=True)
    now = b.genes[rows].reset_index(drop=True)
    assert (was["gene_class"] == now["gene_class"]).all() and (was["opener"] == now["opener"]).all()
    assert 0.6 < np.corrcoef(was["strength"], now["strength"])[0, 1] < 0.95
    length = [(t["end"] - t["start"]).to_numpy() for t in (was, now)]
    assert (length[0] != length[1]).mean() > 0.9
    np.testing.assert_array_equal(a.gene_motif[kept[rows]], b.gene_motif[rows])


def test_chromosomes_are_rearranged(both):
    a, b = both
    rows = np.flatnonzero(b.genes["ancestor"] >= 0)
    was = a.genes.iloc[b.genes["ancestor"].to_numpy()[rows]]
    moved = (was["chrom"].to_numpy() != b.genes["chrom"].to_numpy()[rows]).mean()
    turned = (was["strand"].to_numpy() != b.genes["strand"].to_numpy()[rows]).mean()
    assert moved > 0.2 and 0 < turned < 1
    order = np.diff(b.genes["ancestor"].to_numpy()[rows])
    assert (np.abs(order) <= 3).mean() > 0.5, "within blocks, neighbours stay neighbours"
    size = b.genes["chrom"].map(B.chrom_sizes)
    assert (b.genes["end"] <= size).all() and (b.genes["start"] >= 0).all()


def test_half_of_the_enhancers_stay_with_their_motifs(both):
    a, b = both
    kept = b.elements["ancestor"].to_numpy()
    enhancer = (b.elements["kind"] == "enhancer").to_numpy()
    assert 0.3 < (kept[enhancer] >= 0).mean() < 0.6
    rows = np.flatnonzero(kept >= 0)
    assert (a.elements["kind"].to_numpy()[kept[rows]] == b.elements["kind"].to_numpy()[rows]).all()
    np.testing.assert_array_equal(a.element_motif[kept[rows]], b.element_motif[rows])
    assert b.elements["fragment"].is_unique


def test_the_code_is_the_same(both):
    a, b = both
    for name in ("name", "level", "group", "heard"):
        np.testing.assert_array_equal(getattr(a.factors, name), getattr(b.factors, name))
    kept = b.elements["ancestor"].to_numpy()
    rows = np.flatnonzero(kept >= 0)
    heard = activities(a)[1][kept[rows]], activities(b)[1][rows]
    np.testing.assert_allclose(*heard)


def test_names_tell_the_species_and_nothing_else(both):
    a, b = both
    assert b.genes["gene_id"].str.fullmatch(r"SIMBG\d+").all() and b.genes["gene_name"].str.fullmatch(r"BGene\d+").all()
    assert not set(a.genes["gene_id"]) & set(b.genes["gene_id"])
    assert not set(a.elements["element_id"]) & set(b.elements["element_id"])


def test_the_table_of_orthologues(tmp_path, tiny_world):
    world = simulate(species="b", cache=tmp_path, **TINY)
    table, genome = world.orthologues, genome_of(world.parameters)
    pd.testing.assert_frame_equal(table, orthologues(genome, ancestor_of(world.parameters)))
    assert set(table["gene_id"]) <= set(world.genes()["gene_id"])
    assert set(table["gene_id_a"]) <= set(tiny_world.genes()["gene_id"]) and table["gene_id_a"].is_unique
    assert world.cell_types == ["simbA1", "simbB1"] and "species b" in repr(world)
    with pytest.raises(ChromolabError, match="species a has no table of orthologues"):
        _ = tiny_world.orthologues
