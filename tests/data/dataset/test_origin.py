"""Dataset.origin: kept by everything that makes a dataset from a dataset, joined by what joins, saved and loaded."""

import json
from dataclasses import replace
from functools import cache
from itertools import permutations

import numpy as np
import pytest
from helpers.toys import toy_dataset, two_toy_cells
from hypothesis import given
from hypothesis import strategies as st

import chromolab as cl
from chromolab.data.dataset.arrays import map_arrays, write_arrays
from chromolab.data.dataset.combine import joined_origin
from chromolab.data.dataset.saved import UNKNOWN


@cache
def quantiles():
    many = toy_dataset(genes=200)
    return cl.data.track_quantiles(replace(many, scales=dict.fromkeys(many.marks, "depth")))


KEPT = {
    "select": lambda ds: ds.select([3, 1]),
    "gene": lambda ds: ds.gene("G1"),
    "in_fold": lambda ds: ds.in_fold(1),
    "split": lambda ds: ds.split()[1],
    "with_marks": lambda ds: ds.with_marks(["C"]),
    "compact": lambda ds: ds.compact(),
    "cropped": lambda ds: ds.cropped(2_000),
    "without_contacts": lambda ds: ds.without_contacts(),
    "without_frequencies": lambda ds: ds.without_frequencies(),
    "shuffled_contacts": lambda ds: ds.shuffled_contacts(),
    "edit": lambda ds: cl.edit(ds, [cl.erase("A", "chr1:100000-100100")]),
    "edit_each": lambda ds: cl.edit_each(ds.gene("G1"), [[], [cl.erase("A", "chr1:200000-200100")]]),
    "recalibrate": lambda ds: cl.data.recalibrate(ds, quantiles(), source=quantiles()),
    "concat": lambda ds: cl.concat([ds.select([0]), ds]),
}


@pytest.mark.parametrize("make", KEPT.values(), ids=KEPT)
@pytest.mark.parametrize("origin", ["", "simulated", "measured"])
def test_what_is_made_from_a_dataset_keeps_its_origin(make, origin):
    ds = toy_dataset()
    assert make(replace(ds, origin=origin, scales=dict.fromkeys(ds.marks, "depth"))).origin == origin


def test_pairs_keep_it():
    both = replace(two_toy_cells(), origin="simulated")
    assert cl.pairs(both, ("a", "b"), ("b", "a")).origin == "simulated"
    assert cl.pairs(two_toy_cells(), ("a", "b")).origin == ""


def test_it_is_saved_and_an_older_file_says_that_it_does_not_know(tmp_path):
    ds = toy_dataset()
    for origin in ("", "simulated", "measured in 1998"):
        path = replace(ds, origin=origin).save(tmp_path / "x.clds")
        assert cl.load_dataset(path).origin == origin
    arrays, metadata = map_arrays(path)
    about = json.loads(metadata["about"])
    del about["origin"]
    write_arrays(tmp_path / "older.clds", arrays, metadata | {"about": json.dumps(about)})
    older = cl.load_dataset(tmp_path / "older.clds")
    assert older.origin == UNKNOWN == "origin unknown"
    np.testing.assert_array_equal(older.signal.depth, ds.compact().signal.depth)
    assert "(origin unknown)" in repr(older) and "(" + UNKNOWN not in repr(ds)


def test_joined_data_name_all_their_origins():
    made, own, measured = (replace(toy_dataset(seed), origin=o) for seed, o in enumerate(("simulated", "", "measured")))
    assert cl.concat([made, own]).origin == cl.concat([own, made]).origin == "partly simulated"
    assert cl.concat([made, measured]).origin == "simulated and measured"
    assert cl.concat([cl.concat([made, own]), measured]).origin == "partly simulated and measured"
    assert cl.concat([own, own]).origin == ""


@given(st.lists(st.sampled_from(["", "simulated", "measured", "ENCODE", UNKNOWN]), min_size=1, max_size=4))
def test_the_order_of_joining_changes_no_word(origins):
    words = {frozenset(joined_origin(order).removeprefix("partly ").split(" and ")) for order in permutations(origins)}
    assert len(words) == 1
    one_by_one = origins[0]
    for origin in origins[1:]:
        one_by_one = joined_origin([one_by_one, origin])
    assert one_by_one == joined_origin(origins)
    assert joined_origin(origins).startswith("partly ") == ("" in origins and any(origins))
