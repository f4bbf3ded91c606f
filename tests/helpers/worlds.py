"""Small teaching genomes (simulated), each made once per run in a folder that all workers share."""

import os

import numpy as np
import pytest

from chromolab.world.parameters import Parameters
from chromolab.world.simulate import simulate

SMALL = dict(seed=3, chromosomes=4, chromosome_length=3_000_000, genes=240, cell_types=2, lineages=2, progress=False)
TINY = SMALL | dict(chromosomes=3, chromosome_length=800_000, genes=30)

# The genome of `world`, for what needs no files.
ON_PAPER = Parameters(**{k: v for k, v in SMALL.items() if k != "progress"}, enhancers=648, silencers=120, anchors=192)


@pytest.fixture(scope="session")
def worlds(tmp_path_factory):
    """The folder of worlds. A world appears in it whole or not at all, so that workers need no lock."""
    folder = tmp_path_factory.getbasetemp()
    return (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "worlds"


@pytest.fixture(scope="session")
def world(worlds):
    """The small teaching genome of all tests; nobody may change its files."""
    return simulate(cache=worlds, **SMALL)


@pytest.fixture(scope="session")
def strong_world(worlds):
    """The same genome with contacts that can be seen to work; nobody may change its files."""
    return simulate(cache=worlds, **SMALL, contacts="strong")


@pytest.fixture(scope="session", name="ds")
def strong_genes(strong_world):
    """The dataset of `strong_world`."""
    return strong_world.dataset(progress=False)


@pytest.fixture(scope="session", name="causes")
def strong_causes(strong_world):
    """The causes of `strong_world`; nobody may change them."""
    return strong_world.causes()


@pytest.fixture(scope="session")
def tiny_world(worlds):
    """A teaching genome that is read quickly; nobody may change its files."""
    return simulate(cache=worlds, **TINY)


def arrays(dataset) -> list[np.ndarray]:
    """The arrays of a dataset."""
    return [dataset.signal.depth, dataset.signal.offsets, dataset.promoter, dataset.pcre, dataset.frequency]
