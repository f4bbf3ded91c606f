"""world/levels: marks at promoters and bodies follow what the promoter is and does."""

from dataclasses import replace

import numpy as np
import pytest
from helpers.worlds import ON_PAPER

from chromolab.world.levels import level_maker
from chromolab.world.regulation import ACTIVE, BIVALENT, at_beta, regulate
from chromolab.world.species import genome_of


@pytest.fixture(scope="module")
def regulation():
    drawn = regulate(genome_of(ON_PAPER))[1]
    return at_beta(drawn, drawn.setting.beta)


def correlation(regulation, readout):
    levels = level_maker(replace(ON_PAPER, readout=readout))(regulation)
    return np.corrcoef(np.log2(levels.H3K36me3 + 0.01).ravel(), regulation.transcription.ravel())[0, 1]


def test_the_dial_of_the_readout_turns_what_h3k36me3_says(regulation):
    r = [correlation(regulation, readout) for readout in (0, 0.5, 1, 3)]
    assert abs(r[0]) < 0.15 and (np.diff(r) > 0).all() and r[2] > 0.6 and r[3] > 0.8


def test_states_show_in_their_marks(regulation):
    levels = level_maker(ON_PAPER)(regulation)
    state, shut = regulation.state, regulation.opened < 0.5
    for mark in ("H3K9ac", "H3K27ac"):
        assert getattr(levels, mark)[shut].max() < 1e-6 < getattr(levels, mark)[state == ACTIVE].min()
    assert np.median(levels.H3K4me3[state == ACTIVE]) > 0.4
    assert 0.02 < (levels.H3K4me3[shut] > 0.01).mean() < 0.35, "some shut promoters keep H3K4me3"
    held, active = levels.H3K27me3[state == BIVALENT], levels.H3K27me3[state == ACTIVE]
    assert np.median(held) > 5 * np.median(active)


def test_the_noise_is_drawn_once(regulation):
    make = level_maker(ON_PAPER)
    first, again, other = make(regulation), make(regulation), level_maker(replace(ON_PAPER, seed=9))(regulation)
    for (mark, a), (_, b) in zip(first.items(), again.items(), strict=True):
        np.testing.assert_array_equal(a, b, err_msg=mark)
    assert not np.array_equal(first.H3K4me3, other.H3K4me3)


def test_the_code_drifts_between_lineages_and_not_within(regulation):
    """Cell types of one lineage read transcription alike from H3K36me3; those of two do not, where the code drifts."""

    def slopes(drift):
        levels = level_maker(replace(ON_PAPER, code_drift=drift))(regulation)
        of_open = regulation.opened > 0.5
        found = []
        for cell in range(ON_PAPER.cell_types):
            rows = of_open[:, cell]
            body, above = np.log2(levels.H3K36me3[rows, cell]), regulation.transcription[rows, cell]
            found.append(np.polyfit(above, body, 1)[0])
        return np.array(found)

    lineage, still, drifted = np.array(ON_PAPER.lineage_of), slopes(0), slopes(1.0)
    assert len(set(lineage)) > 1
    between = [abs(of[lineage == 0].mean() - of[lineage == 1].mean()) for of in (still, drifted)]
    within = [np.ptp(of[lineage == 0]) for of in (still, drifted)]
    assert between[1] > 2 * between[0] and within[1] < between[1] / 2
