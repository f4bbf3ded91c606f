"""world/patterns: marks lie where their causes are, and as high as they should be."""

import numpy as np
import pytest
from helpers.worlds import ON_PAPER
from hypothesis import given
from hypothesis import strategies as st

from chromolab.world.levels import level_maker
from chromolab.world.parameters import BIN
from chromolab.world.patterns import (
    CEILING,
    PRIMED,
    SHOWN_BY,
    GenomeBins,
    Shapes,
    expected_patterns,
    limited,
    unlimited,
)
from chromolab.world.regulation import at_beta, regulate
from chromolab.world.species import genome_of


@pytest.fixture(scope="module")
def drawn():
    folding, regulation = regulate(genome_of(ON_PAPER))
    regulation = at_beta(regulation, regulation.setting.beta)
    shapes = Shapes(folding.genome)
    tracks = expected_patterns(regulation, level_maker(ON_PAPER)(regulation), folding.bound, 0, shapes)
    return folding, regulation, shapes, tracks


@given(st.floats(0, 0.95 * CEILING))
def test_what_a_ceiling_limits_is_found_again(pattern):
    assert unlimited(limited(pattern)) == pytest.approx(pattern, abs=1e-6)
    assert limited(pattern) <= pattern + 1e-12 and limited(1e3 * pattern) <= CEILING


def test_signals_are_added_in_their_direction_and_stay_on_their_chromosome():
    bins, kernel = GenomeBins(ON_PAPER), np.arange(1.0, 6.0)[None]
    track = np.zeros(bins.total)
    at = bins.at(["chr2"], np.array([1_000]))
    bins.add(track, at, np.array([1]), kernel)
    assert track[at[0] - 2 : at[0] + 3].tolist() == [1, 2, 3, 4, 5]
    bins.add(track, at, np.array([-1]), kernel)
    assert track[at[0] - 2 : at[0] + 3].tolist() == [6] * 5
    edge = np.zeros(bins.total)
    bins.add(edge, bins.at(["chr2"], np.array([0])), np.array([1]), kernel)
    assert edge.sum() == 3 + 4 + 5 and edge[bins.first["chr2"]] == 3


def test_an_elements_marks_are_its_activity_in_its_shape(drawn):
    folding, regulation, shapes, tracks = drawn
    genome, bins = folding.genome, GenomeBins(ON_PAPER)
    elements = genome.elements
    other = np.concatenate([elements["position"], genome.genes["promoter"], genome.genes["tss"]])
    chrom = np.concatenate([elements["chrom"], genome.genes["chrom"], genome.genes["chrom"]])
    for kind in ("enhancer", "silencer"):
        x, times = np.arange(-8, 9), []
        for row in np.flatnonzero((elements["kind"] == kind) & (regulation.activity[:, 0] > 0.3)):
            at, on = elements["position"].iloc[row], chrom == elements["chrom"].iloc[row]
            if np.sort(np.abs(other[on] - at))[1] < 5_000:
                continue
            shape = shapes.of_elements(kind, np.array([row]), x)[0]
            where = bins.at([elements["chrom"].iloc[row]], np.array([at]))[0] + x
            mark = next(iter(SHOWN_BY[kind]))
            expected = SHOWN_BY[kind][mark] * regulation.activity[row, 0] * shape
            found = unlimited(tracks[mark][where])
            assert (found >= 0.8 * expected - 0.01).all()
            times.append(found.sum() / expected.sum())
        assert len(times) >= 3 and np.median(times) == pytest.approx(1, abs=0.15)


def test_bound_anchors_show_ctcf_and_others_do_not(drawn):
    folding, _, _, tracks = drawn
    bins, anchors = GenomeBins(ON_PAPER), folding.genome.elements.query("kind == 'anchor'")
    there = tracks["CTCF"][bins.at(anchors["chrom"], anchors["position"])]
    bound = folding.bound[anchors.index, 0]
    assert np.corrcoef(there, bound)[0, 1] > 0.8 and np.median(there[bound == 0]) < 0.05


def test_primed_enhancers_have_h3k4me1_without_activity(drawn):
    folding, regulation, shapes, tracks = drawn
    bins, elements = GenomeBins(ON_PAPER), folding.genome.elements
    rows = np.flatnonzero(
        (elements["kind"] == "enhancer") & (regulation.activity[:, 0] < 0.05) & (shapes.primed[:, 0] > 0.4)
    )
    kind, mark = PRIMED
    assert kind == "enhancer" and len(rows) > 3
    x = bins.at(elements["chrom"].iloc[rows], elements["position"].iloc[rows])
    assert np.median(tracks[mark][x]) > 0.15 > np.median(tracks["H3K27ac"][x])


def test_transcribed_bodies_carry_h3k36me3_denser_on_exons(drawn):
    folding, regulation, _, tracks = drawn
    genes, bins = folding.genome.genes, GenomeBins(ON_PAPER)
    high = np.flatnonzero((regulation.transcription[:, 0] > 5) & ((genes["end"] - genes["start"]) > 30_000))
    low = np.flatnonzero(regulation.transcription[:, 0] < -2)

    def along(gene):
        row = genes.iloc[gene]
        first = bins.first[row["chrom"]]
        return tracks["H3K36me3"][first + row["start"] // BIN : first + row["end"] // BIN]

    assert np.mean([along(g).mean() for g in high]) > 2 * np.mean([along(g).mean() for g in low])
    exon = np.zeros(bins.total, bool)
    for e in folding.genome.exons[folding.genome.exons["gene"].isin(high)].itertuples():
        first = bins.first[genes["chrom"].iloc[e.gene]]
        exon[first + e.start // BIN : first + e.end // BIN + 1] = True
    inside = np.zeros(bins.total, bool)
    for g in high:
        first = bins.first[genes["chrom"].iloc[g]]
        inside[first + (genes["start"].iloc[g] + 8_000) // BIN : first + (genes["end"].iloc[g] - 3_000) // BIN] = True
    track = tracks["H3K36me3"]
    assert track[inside & exon].mean() > 1.1 * track[inside & ~exon].mean()
