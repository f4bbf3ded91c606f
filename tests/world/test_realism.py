"""world/realism: the teaching genome beside real H1."""

import json

import numpy as np
import pytest

from chromolab.errors import ChromolabError
from chromolab.world.realism import realism
from chromolab.world.simulate import simulate


@pytest.mark.slow
def test_default_world_resembles_real_h1(real, worlds):
    world = simulate(cache=worlds, progress=False)
    table = realism(world, real)
    sim = table["simulated"]
    of_real = table["real, half 2"]
    assert sim["zero bins"].between(0.22, 0.52).all(), "real: 0.30 to 0.47"
    assert sim["mean depth"].between(0.25, 1.9).all(), "real: 0.36 to 1.14"
    ratio = sim["variance / mean"] / of_real["variance / mean"]
    assert ratio.between(0.4, 2.5).all()
    assert sim["correlation", "H3K4me3, H3K9ac"] == pytest.approx(0.69, abs=0.1)
    assert sim["correlation", "H3K4me3, H3K36me3"] == pytest.approx(0.04, abs=0.08)
    assert 0.74 < sim["label agreement", "lowest pair of cell types"]
    assert sim["label agreement", "highest pair of cell types"] < 0.93
    assert 4 <= sim["pCREs", "mean per gene"] <= 6
    assert 0.05 <= sim["pCREs", "genes without"] <= 0.25
    assert json.loads((world.path / "key" / "oracle.json").read_text())["asked"] == 0.15


def test_realism_of_a_dataset_without_real_data(world, monkeypatch):
    monkeypatch.delenv("CHROMOLAB_REAL_DATA", raising=False)
    table = realism(world.dataset("simA1", progress=False))
    assert list(table) == ["simulated"]
    assert np.isfinite(table["simulated"]).all()
    with pytest.raises(ChromolabError, match="h1-demo"):
        realism(world.dataset("simA1", progress=False), world.path)
