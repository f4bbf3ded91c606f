"""world/parameters: impossible ones are refused; folds share no chromosome."""

import pytest

from chromolab.errors import ChromolabError
from chromolab.world.parameters import Parameters
from chromolab.world.simulate import simulate


def test_folds_share_no_chromosome_and_cover_all(world):
    chromosomes = [c for fold in world.folds.values() for c in fold]
    assert sorted(chromosomes) == sorted(world.parameters.chrom_sizes)
    assert Parameters().folds == {1: ("chr1", "chr2"), 2: ("chr3", "chr4"), 3: ("chr5", "chr6"), 4: ("chr7", "chr8")}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"distal_share": 0.9}, "distal_share is 0.9"),
        ({"chromosomes": 2}, "at least 3"),
        ({"chromosome_length": 750_050}, "multiple of 100"),
        ({"lineages": 9}, "lineages"),
        ({"genes": 5_000, "chromosome_length": 2_000_000}, "too dense"),
        ({"seed": -1}, "seed"),
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
