"""world/genome: genes, elements and motifs lie where they should, whatever the dials say."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from helpers.worlds import ON_PAPER

from chromolab.world.genome import CLASSES, MARGIN, MATCHES, locate, make_genome


@pytest.fixture(scope="module")
def genome():
    return make_genome(ON_PAPER)


def test_pieces_cover_chromosomes_without_gaps(genome):
    for pieces in (genome.domains, genome.fragments):
        for chrom, rows in pieces.groupby("chrom"):
            assert rows["start"].iloc[0] == 0 and rows["end"].iloc[-1] == ON_PAPER.chrom_sizes[chrom]
            assert (rows["start"].to_numpy()[1:] == rows["end"].to_numpy()[:-1]).all()
            assert (rows["end"] > rows["start"]).all()
        at = pieces["start"].to_numpy() + (pieces["end"] - pieces["start"]).to_numpy() // 3
        assert (locate(pieces, pieces["chrom"].to_numpy(), at) == np.arange(len(pieces))).all()


def test_genes_lie_on_their_chromosomes_and_start_at_the_tss(genome):
    genes = genome.genes
    assert len(genes) == ON_PAPER.genes and genes["gene_id"].is_unique
    assert (genes["tss"] == np.where(genes["strand"] > 0, genes["start"], genes["end"] - 1)).all()
    size = genes["chrom"].map(ON_PAPER.chrom_sizes)
    assert (genes["tss"].between(MARGIN, size - MARGIN)).all() and (genes["start"] >= 0).all()
    assert (genes["end"] <= size).all()
    down = (genes["promoter"] - genes["tss"]) * genes["strand"]
    assert (down >= 0).all() and 0 < (down > 0).mean() < 0.12, "a few genes start downstream of the annotated TSS"
    length = genes["end"] - genes["start"]
    assert 12_000 < length.median() < 45_000 and length.max() > 4 * length.median() and length.min() >= 1_000


def test_some_genes_start_back_to_back(genome):
    genes = genome.genes.sort_values(["chrom", "tss"])
    left, right = genes.iloc[:-1].reset_index(drop=True), genes.iloc[1:].reset_index(drop=True)
    close = (left["chrom"] == right["chrom"]) & (right["tss"] - left["tss"]).between(0, 1_000)
    back = close & (left["strand"] < 0) & (right["strand"] > 0)
    assert 0.01 < 2 * back.mean() < 0.15
    assert back.sum() > close.sum() / 2


def test_exons_of_a_gene_lie_in_it_apart_from_each_other(genome):
    exons = genome.exons.sort_values(["gene", "start"])
    for gene, rows in exons.groupby("gene"):
        of = genome.genes.iloc[gene]
        assert rows["start"].iloc[0] == of["start"] and rows["end"].iloc[-1] == of["end"]
        assert (rows["start"].to_numpy()[1:] >= rows["end"].to_numpy()[:-1]).all()
    assert (exons["end"] > exons["start"]).all() and exons["gene"].nunique() == len(genome.genes)


def test_a_fragment_holds_one_element_and_a_promoter_only_an_anchor(genome):
    elements, fragments = genome.elements, genome.fragments
    made, asked = elements["kind"].value_counts(), {"enhancer": 648, "anchor": 192, "silencer": 120}
    assert all(0.7 * n <= made[kind] <= n for kind, n in asked.items()), "fewer where no fragment is free"
    assert elements["fragment"].is_unique and elements["element_id"].is_unique
    place = fragments.iloc[elements["fragment"]].reset_index(drop=True)
    assert (place["chrom"] == elements["chrom"]).all()
    assert ((elements["position"] >= place["start"]) & (elements["position"] < place["end"])).all()
    other = elements["kind"] != "anchor"
    inside = (elements["position"] - place["start"] >= 600) & (place["end"] - elements["position"] >= 600)
    assert inside[other].all()
    with_tss = locate(fragments, genome.genes["chrom"].to_numpy(), genome.genes["tss"].to_numpy())
    assert not set(elements["fragment"][other]) & set(with_tss)


def test_anchors_stand_at_promoters_and_at_domain_ends_facing_inwards(genome):
    anchors = genome.elements[genome.elements["kind"] == "anchor"]
    genes = genome.genes
    at = [(anchors["position"][anchors["chrom"] == g.chrom] - g.tss).abs().min() for g in genes.itertuples()]
    assert 0.1 < (np.array(at) <= 200).mean() < 0.45
    for side, offset, strand in (("start", 8_000, 1), ("end", -8_000, -1)):
        ends = set(zip(genome.domains["chrom"], genome.domains[side] + offset, strict=True))
        here = [pair in ends for pair in zip(anchors["chrom"], anchors["position"], strict=True)]
        assert sum(here) >= 5 and (anchors["strand"][here] == strand).all()


def test_genes_are_denser_in_the_active_compartment(genome):
    in_a = genome.compartment.mean(1) > 0
    length = (genome.domains["end"] - genome.domains["start"]).to_numpy()
    genes = np.bincount(genome.genes["domain"], minlength=len(length))
    assert genes[in_a].sum() / length[in_a].sum() > 1.3 * genes[~in_a].sum() / length[~in_a].sum()
    assert set(np.unique(genome.compartment)) == {-1, 1}


def test_motifs_are_those_of_their_kind(genome):
    factors, kind = genome.factors, genome.elements["kind"].to_numpy()
    allowed = {"enhancer": factors.activators, "silencer": factors.of("repressor"), "anchor": factors.of("insulator")}
    for name, numbers in allowed.items():
        motif = genome.element_motif[kind == name]
        assert (motif[:, numbers].max(1) > 0).all()
        assert not np.delete(motif, numbers, 1).any()
    assert set(np.unique(genome.element_motif)) == {0, *MATCHES}
    opener = genome.gene_motif[np.arange(len(genome.genes)), genome.genes["opener"]]
    assert set(opener) <= set(MATCHES[:2])
    assert factors.heard.shape == (len(factors.name), len(CLASSES)) and (factors.heard.max(1) == 1).all()


def test_factors_are_where_their_group_says(genome):
    factors, lineage = genome.factors, np.array(ON_PAPER.lineage_of)
    there = factors.level > 0.5
    assert there[:, factors.of("ubiquitous")].all() and not there[:, factors.of("elsewhere")].any()
    assert (there[:, factors.of("cell type")].sum(0) == 1).all()
    for number in factors.of("lineage"):
        assert np.ptp(np.bincount(lineage, there[:, number])[np.bincount(lineage) > 0]) >= 1


def test_dials_leave_the_genome_in_place(genome):
    other = make_genome(replace(ON_PAPER, contacts="strong", depth=3, readout=0.2, scrambled=True, distal_share=0.1))
    for table in ("genes", "elements", "domains", "fragments", "exons"):
        pd.testing.assert_frame_equal(getattr(genome, table), getattr(other, table))
    np.testing.assert_array_equal(genome.element_motif, other.element_motif)
    assert not make_genome(replace(ON_PAPER, seed=4)).genes["tss"].equals(genome.genes["tss"])
