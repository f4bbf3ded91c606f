"""world/regulation: the formula against a slow one, and elements that do what their activity and contact say."""

from dataclasses import replace

import numpy as np
import pytest
from helpers.worlds import ON_PAPER

from chromolab.world import regulation as rule
from chromolab.world.genome import CLASSES
from chromolab.world.regulation import activities, at_beta, gathering, regulate
from chromolab.world.species import genome_of


@pytest.fixture(scope="module", params=[("lifelike", 0.0), ("strong", 0.0), ("strong", 1.0)])
def made(request):
    contacts, ctcf = request.param
    _, drawn = regulate(genome_of(replace(ON_PAPER, contacts=contacts, ctcf=ctcf)))
    return at_beta(drawn, drawn.setting.beta)


def slowly(r, gene, cell):
    """log2 RPKM of one gene, one link after another."""
    of_class, setting = r.genome.gene_class[gene], r.setting
    enhancers, silencers = rule.IN_FACTORY * r.factory[gene, cell], 0.0
    for row in np.flatnonzero(r.links["gene"] == gene):
        link = r.links.iloc[row]
        heard = r.heard[link["element"], of_class, cell] if setting.selective else 1.0
        contact, fall = r.contact[row, cell], 100_000 / max(link["distance"], 8_000)
        if link["kind"] == "enhancer":
            felt = max(contact / fall - setting.above, 0) * fall**setting.fall
            enhancers += r.activity[link["element"], cell] * felt * heard
        elif link["kind"] == "silencer":
            silencers += r.activity[link["element"], cell] * contact * heard * rule.POLYCOMB_HEARD[of_class]
    response = rule.RESPONSE[of_class] if setting.selective else 1.0
    enhancers *= 1 + r.gathered[gene, cell]
    driven = r.beta * response * (setting.capacity * np.tanh(enhancers / setting.capacity) - r.centre)
    pull = rule.PULL * (1 - np.exp(-silencers / rule.HALF_PULL))
    strength = r.draws.strength[gene, cell]
    level = rule.OPEN_LEVEL + rule.WEAK_LEVEL * r.draws.weak[gene, cell] + r.spread * strength + driven - pull
    level += rule.IN_A * r.compartment[gene, cell]
    shut = rule.SHUT_LEVEL + rule.SHUT_SPREAD * strength
    return shut + r.opened[gene, cell] * max(level - shut, 0)


def test_transcription_is_the_formula(made):
    for gene in range(0, len(made.genome.genes), 13):
        assert made.transcription[gene, 1] == pytest.approx(slowly(made, gene, 1), abs=1e-9)


def test_ctcf_at_a_promoter_raises_what_contacts_bring_and_nowhere_else():
    genome = genome_of(replace(ON_PAPER, ctcf=0.5))
    folding, with_ctcf = regulate(genome)
    elements, genes = genome.elements, genome.genes
    for gene in range(0, len(genes), 7):
        near = (elements["chrom"] == genes["chrom"].iloc[gene]) & (elements["kind"] == "anchor")
        near &= (elements["position"] - genes["tss"].iloc[gene]).abs() <= rule.AT_PROMOTER
        told = 0.5 * folding.bound[near.to_numpy()].max(0, initial=0)
        np.testing.assert_allclose(with_ctcf.gathered[gene], told)
    assert 0.1 < (with_ctcf.gathered > 0).mean() < 0.35
    assert (gathering(genome, np.zeros_like(folding.bound)) == 0).all()
    _, without = regulate(genome_of(ON_PAPER))
    assert (without.gathered == 0).all()
    np.testing.assert_array_equal(with_ctcf.contact, without.contact)


def test_taking_an_element_away_is_simulating_without_it(made):
    order = np.argsort(np.abs(made.without() - made.transcription[made.links["gene"]]).max(1))
    for row in [*order[-6:], *order[:: len(order) // 6]]:
        link = made.links.iloc[row]
        contact = made.contact.copy()
        contact[row] = 0
        again = replace(made, contact=contact).transcription[link["gene"]]
        np.testing.assert_allclose(made.without()[row], again, atol=1e-9)


def test_more_enhancers_bring_less_and_less(made):
    steps = np.linspace(0, 4 * made.setting.capacity, 9)
    gain = np.diff([made.saturated(s) for s in steps])
    assert (gain > 0).all() and (np.diff(gain) < 0).all() and made.saturated(1e9) == made.setting.capacity


def test_polycomb_holds_developmental_genes(made):
    developmental = made.genome.gene_class == CLASSES.index("developmental")
    assert made.pulled[developmental].mean() > 10 * made.pulled[~developmental].mean()
    freed = replace(made, freed=np.ones_like(made.freed))
    assert (freed.transcription >= made.transcription - 1e-9).all()


def test_mrna_is_counted_so_that_silent_genes_are_exactly_zero(made):
    rpkm = made.rpkm()
    np.testing.assert_allclose(rpkm * rule.COUNTS, np.round(rpkm * rule.COUNTS), atol=1e-6)
    chance = np.exp(-rule.COUNTS * made.expressed)  # of no read at all
    silent = chance > 0.5
    assert (rpkm[silent] == 0).sum() == pytest.approx(chance[silent].sum(), rel=0.2) and silent.sum() > 20
    high = made.expressed > 20
    np.testing.assert_allclose(rpkm[high] / made.expressed[high], 1, atol=0.15)


def test_activity_follows_the_motifs(made):
    genome = made.genome
    activity, heard = activities(genome)
    np.testing.assert_array_equal(activity, made.activity)
    weaker, _ = activities(genome, 0.5 * genome.element_motif)
    moved = genome.elements["kind"].to_numpy() != "anchor"
    assert (weaker[moved] < activity[moved]).all() and not activity[~moved].any()
    assert not activities(genome, 0 * genome.element_motif)[0].any()
    assert (heard >= 0).all() and (heard <= 1 + 1e-9).all()


def test_strength_leaves_room_for_contacts(made):
    none, much = at_beta(made, 0.0), at_beta(made, 2 * made.beta)
    assert none.spread == rule.SPREAD >= made.spread >= much.spread >= rule.LEAST_STRENGTH
