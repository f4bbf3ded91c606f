"""world/parameters: impossible ones are refused; folds share no chromosome; every setting has its own name."""

from dataclasses import replace

import numpy as np
import pytest

from chromolab.errors import ChromolabError
from chromolab.world.parameters import Parameters
from chromolab.world.simulate import simulate


def test_folds_share_no_chromosome_and_cover_all(world):
    chromosomes = [c for fold in world.folds.values() for c in fold]
    assert sorted(chromosomes) == sorted(world.parameters.chrom_sizes)
    assert Parameters().folds == {1: ("chr1", "chr2"), 2: ("chr3", "chr4"), 3: ("chr5", "chr6"), 4: ("chr7", "chr8")}
    assert Parameters(chromosomes=3, genes=60, enhancers=0, silencers=0, anchors=0).folds == {
        1: ("chr1",),
        2: ("chr2",),
        3: ("chr3",),
    }


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"distal_share": 0.9}, "distal_share is 0.9; expected a number from 0 to 0.25"),
        ({"readout": float("nan")}, "readout is nan; expected a number from 0 to 3"),
        ({"ctcf": -1}, "ctcf is -1; expected a number from 0 to 5"),
        ({"depth": 0.01}, "depth is 0.01; expected a number from 0.05 to 10"),
        ({"lineage_spread": 2.5}, "lineage_spread is 2.5; expected a number from 0 to 2"),
        ({"code_drift": -0.1}, "code_drift is -0.1; expected a number from 0 to 2"),
        ({"contacts": "weak"}, "contacts is 'weak'; expected one of lifelike, strong"),
        ({"species": "c"}, "species is 'c'; expected one of a, b"),
        ({"chromosomes": 2}, "at least 3"),
        ({"chromosome_length": 750_050}, "multiple of 100"),
        ({"lineages": 9}, "lineages"),
        ({"genes": 6_000, "chromosome_length": 2_000_000}, "at least 20 kb per gene"),
        ({"enhancers": 20_000}, "10 kb per element"),
        ({"seed": -1}, "seed is -1; expected a whole number"),
        ({"seed": 1.5}, "seed is 1.5; expected a whole number"),
        ({"seed": "x"}, "seed is x; expected a whole number"),
        ({"chromosomes": 10**9}, "chromosomes is 1000000000"),
        ({"genes": 10**15}, "genes is"),
        ({"cell_types": 2.5}, "cell_types is 2.5"),
        ({"chromosomes": 60, "chromosome_length": 300_000_000}, "too large"),
        ({"distal_share": float("nan")}, "distal_share is nan"),
    ],
)
def test_impossible_parameters_are_refused(tmp_path, wrong, told):
    with pytest.raises(ChromolabError, match=told):
        simulate(cache=tmp_path, progress=False, **wrong)
    assert list(tmp_path.iterdir()) == []


def test_every_setting_has_a_folder_of_its_own():
    settings = [
        {"seed": 1},
        {"species": "b"},
        {"contacts": "strong"},
        {"readout": 0.5},
        {"depth": 2},
        {"scrambled": True},
    ]
    names = [replace(Parameters(), **setting).name for setting in [{}, *settings]]
    assert len(set(names)) == len(names)
    assert "strong" in names[3] and "scrambled" in names[6] and names[0] == Parameters().name


def test_cell_types_are_named_by_lineage_and_species():
    assert Parameters().cell_type_names == ["simA1", "simA2", "simB1", "simB2"]
    assert Parameters(species="b").cell_type_names == ["simbA1", "simbA2", "simbB1", "simbB2"]


def test_draws_of_one_purpose_are_the_same_and_of_two_are_not():
    p, b = Parameters(), Parameters(species="b")
    draws = [rng.random(3) for rng in (p.rng("x"), p.rng("x"), p.rng("y"), b.rng("x"), b.own_rng("x"), p.own_rng("x"))]
    np.testing.assert_array_equal(draws[0], draws[1])
    np.testing.assert_array_equal(draws[0], draws[3])
    np.testing.assert_array_equal(draws[0], draws[5])
    assert draws[0][0] not in (draws[2][0], draws[4][0])


def test_dials_at_zero_leave_a_worlds_name_as_it_was_and_a_lineage_shares_their_factor():
    assert Parameters(lineage_spread=0.0, code_drift=0).name == Parameters().name
    assert len({Parameters().name, Parameters(lineage_spread=0.5).name, Parameters(code_drift=0.5).name}) == 3
    one, other = (Parameters(cell_types=4, lineages=2, seed=s).by_lineage("scale H3K4me3", 0.7) for s in (0, 1))
    assert one[0] == one[1] != one[2] == one[3] and (one != other).all()
    assert Parameters().by_lineage("scale H3K4me3", 0).tolist() == [1, 1, 1, 1]
    drawn = np.log([Parameters(seed=s).by_lineage("scale H3K4me3", 0.7)[0] for s in range(300)])
    assert abs(drawn.mean()) < 0.15 and 0.6 < drawn.std() < 0.8
