"""world/regulation: elements do what the key says, and contacts carry the share that was asked."""

import numpy as np
import pytest

from chromolab.world.folding import fold
from chromolab.world.genome import make_genome
from chromolab.world.levels import level_maker
from chromolab.world.parameters import Parameters
from chromolab.world.regulation import calibrate, regulate


def test_effect_is_what_simulating_without_the_element_gives():
    p = Parameters(
        seed=3, genes=120, chromosomes=4, chromosome_length=2_000_000, enhancers=240, silencers=40, anchors=60
    )
    genome = make_genome(p)
    folding = fold(genome)
    made, _ = calibrate(regulate(genome, folding), folding, level_maker(p), 0.15)
    pairs = folding.by_gene()
    row = int(np.abs(made.weight).sum(1).argmax())
    gene = int(pairs["gene"].iloc[row])
    total = made.total.copy()
    total[gene] -= made.weight[row]
    edited = type(made)(made.state, made.strength, made.activity, total, made.weight, made.decay, made.beta)
    shift = made.beta * (edited.centre - made.centre)  # the key edits one gene; here the mean of all moved with it
    expected = edited.transcription()[gene] + shift * (made.state[gene] <= 1)
    found = made.transcription_without(np.array([gene]), made.weight[[row]])[0]
    is_open = made.state[gene] <= 1
    assert is_open.any()
    np.testing.assert_allclose(found[is_open], expected[is_open], atol=0.02)


# ---------------------------------------------------------------- the dial


@pytest.mark.parametrize("share", [0.0, 0.1, 0.15])
def test_oracle_gains_what_was_asked(share):
    p = Parameters(seed=5, distal_share=share)
    genome = make_genome(p)
    folding = fold(genome)
    regulation, oracle = calibrate(regulate(genome, folding), folding, level_maker(p), share)
    assert oracle["window + contacts"] - oracle["window"] == pytest.approx(share, abs=0.005)
    assert oracle["window"] < oracle["everything"] <= 1
    assert oracle["window + contacts"] <= oracle["everything"] + 0.005
    assert (regulation.beta == 0) == (share == 0)
