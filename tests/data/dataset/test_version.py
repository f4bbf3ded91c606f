"""DATASET_VERSION: a kept dataset is served only to the request, the defaults and the loaders that made it."""

import hashlib

import numpy as np
import pytest

from chromolab.data.dataset import build
from chromolab.world.simulate import simulate

SMALLEST = {
    "chromosomes": 3,
    "chromosome_length": 500_000,
    "genes": 15,
    "enhancers": 10,
    "silencers": 4,
    "anchors": 6,
    "cell_types": 1,
    "lineages": 1,
}
KNOWN = {
    3: "08dc314d6eb65d2271560e492499b7b1116e1a6dc1ba2bc9836f27fc9debc56d"
}  # DATASET_VERSION -> digest of the smallest world's dataset (of GENERATOR_VERSION 6)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return simulate(cache=tmp_path_factory.mktemp("worlds"), progress=False, **SMALLEST)


def digest(dataset) -> str:
    """sha256 of everything in a dataset, floats to six significant digits: the last ones vary between processors."""
    parts = [dataset.genes.to_csv(index=False, float_format="%.6g"), dataset.signal.regions.to_csv(index=False)]
    parts += [repr((dataset.marks, dataset.window, dataset.bin_size, dataset.report, dataset.scales, dataset.origin))]
    floats = (dataset.signal.depth, dataset.frequency)
    parts += [" ".join(f"{x:.6g}" for x in values.ravel().astype(np.float64)) for values in floats]
    covered = np.zeros(0) if dataset.signal.covered is None else dataset.signal.covered
    counted = (dataset.signal.offsets, dataset.promoter, dataset.pcre, covered)
    parts += [" ".join(str(int(x)) for x in values.ravel()) for values in counted]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def test_the_version_names_what_the_loaders_make(world):
    made = digest(world.dataset(cached=False, progress=False))
    assert made == KNOWN.get(build.DATASET_VERSION), (
        f"the smallest world's dataset is another one now. If that is meant, raise DATASET_VERSION (or, where the "
        f"world's files changed, GENERATOR_VERSION) and note {made!r} here"
    )


def test_a_request_is_kept_under_its_arguments_with_the_defaults_filled_in(world, monkeypatch):
    place = world._dataset_place(None, {})
    assert place == world._dataset_place(world.cell_types, {"n_pcres": 8, "window": 40_000, "progress": True})
    assert place != world._dataset_place(None, {"n_pcres": 7})
    assert place != world._dataset_place(None, {"contacts": None})
    monkeypatch.setitem(build.build_dataset.__kwdefaults__, "n_pcres", 4)
    assert place != world._dataset_place(None, {})
    assert world._dataset_place(None, {"n_pcres": 8}) == place


def test_a_new_version_makes_the_dataset_anew_and_removes_the_older_file(world, monkeypatch):
    world.dataset(progress=False)
    world.dataset(n_pcres=3, progress=False)
    monkeypatch.setattr(build, "DATASET_VERSION", build.DATASET_VERSION + 1)
    before = set((world.path / "datasets").iterdir())
    world.dataset(progress=False)
    after = set((world.path / "datasets").iterdir())
    assert len(before) == len(after) == 2 and len(before & after) == 1, "the other request's file stays"


def test_a_request_that_is_no_plain_text_is_not_kept(world):
    table = world.contacts["simA1"]
    assert world._dataset_place(None, {"contacts": {"simA1": table}}) is None
