"""learn/compare/frequencies: what is taken from a dataset's frequencies, and what models lose by it."""

import numpy as np
import pandas as pd
import pytest

import chromolab as cl
from chromolab.learn.compare.frequencies import changed_frequencies, frequencies_lost


@pytest.fixture(scope="module")
def some(world):
    return world.dataset("simA1", progress=False).select(np.arange(40))


def test_each_change_takes_what_it_says_and_leaves_empty_places(some):
    before, there = some.frequency.copy(), some.pcre >= 0
    changed = {name: ds.frequency for name, ds in changed_frequencies(some, seed=1).items()}
    np.testing.assert_array_equal(some.frequency, before)
    for frequency in changed.values():
        np.testing.assert_array_equal(frequency[~there], before[~there])
    shuffled, equal, zero = changed.values()
    assert (zero[there] == 0).all() and (shuffled != before).any()
    for gene in range(len(some)):
        own = there[gene]
        np.testing.assert_array_equal(np.sort(shuffled[gene, own]), np.sort(before[gene, own]))
        if own.any():
            np.testing.assert_allclose(equal[gene, own], before[gene, own].mean(), rtol=1e-5)


def test_a_model_that_reads_no_contacts_loses_nothing_and_one_that_does_loses_something(some):
    runs = [("whole model", fold, 0, 0.5) for fold in (1, 2, 3, 4)]
    runs += [
        ("no frequencies", fold, 0, 0.5 - lost) for fold, lost in zip((1, 2, 3, 4), (0.1, 0.2, 0.3, 0.4), strict=True)
    ]
    ablate = pd.DataFrame(runs, columns=["variant", "fold", "seed", "r2"])
    blind = cl.models.DeepChrome(some.marks, "regression", seed=0)
    reader = cl.pretrained("regression", contacts="strong")
    for models, loses in (([blind], False), ([reader, reader], True)):
        table = frequencies_lost(models, some, ablate).set_index("name")
        taken = table[table["group"] == "taken from trained models"]
        assert bool((taken["value"] != 0).any()) is loses
        np.testing.assert_allclose(taken["low"], taken["high"])  # one model, or the same one twice
        without = table.loc["none in training"]
        assert without["value"] == pytest.approx(0.25) and without["low"] < 0.25 < without["high"]
