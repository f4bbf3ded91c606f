"""learn/edit/search: the smallest edit that reaches a target, against what cl.edit and cl.predict say of it."""

import numpy as np
import pytest
from helpers.toys import SMALL, toy_dataset

import chromolab as cl
from chromolab.learn.edit.effect import outside
from chromolab.learn.edit.search import HIGH, _Search

MARKS = ("H3K4me3", "H3K27ac", "H3K27me3")


@pytest.fixture(scope="module")
def ds():
    return toy_dataset(2, marks=MARKS, window=8_000)


@pytest.fixture(scope="module")
def models(ds):
    def made(task, seed):
        return cl.Chromoformer(ds.marks, task, seed=seed, resolutions=(500, 100), **SMALL)

    return {task: [made(task, seed) for seed in range(2)] for task in ("classification", "regression")}


def mean(models, gene):
    return np.mean([cl.metrics.probability_or_expression(cl.predict(m, gene, device="cpu"))[0] for m in models])


def coarse(own, gene, ds):
    """The search, and all its first candidates as tried."""
    search = _Search(own, gene, cl.data.track_quantiles(ds), {"device": "cpu"})
    return search, search.tried([[e] for e in search.coarse(MARKS, True)])


@pytest.mark.parametrize("way", [-1, 1])
def test_what_is_found_reaches_the_target_within_the_range_of_the_data(ds, models, way):
    own, gene = models["regression"], ds.gene("G2")
    before, tried = mean(own, gene), coarse(own, gene, ds)[1]
    best = max(tried, key=lambda t: way * t.after)
    target = (before + best.after) / 2
    found = cl.edits.smallest(own, gene, target, ranges=ds, device="cpu")
    assert found["reached"].all() and 1 <= len(found) <= 10
    for row in found.to_dict("records"):
        edited = cl.edit(gene, row["edits"])
        assert row["after"] == pytest.approx(mean(own, edited), abs=1e-5) and row["before"] == pytest.approx(before)
        assert row["change"] == pytest.approx(row["after"] - row["before"]) and row["strokes"] == len(row["edits"])
        assert way * (row["after"] - target) >= 0 and outside(gene, edited, ds).empty
    assert found[["strokes", "size"]].apply(tuple, axis=1).is_monotonic_increasing
    # what the best coarse edit does, one stroke that is not larger does, too
    enough = [t for t in tried if way * (t.after - target) >= 0]
    assert found["strokes"].iloc[0] == 1 and found["size"].iloc[0] <= min(t.size for t in enough)


def test_size_is_the_share_of_the_high_level_that_changes(ds, models):
    search = _Search(models["regression"], ds.gene("G2"), seen := cl.data.track_quantiles(ds), {"device": "cpu"})
    window = search.gene.signal.regions.iloc[search.gene.promoter[0]]
    place, column = f"{window['chrom']}:{window['start'] + 200}-{window['start'] + 700}", 1
    depth = search.gene.region_depth(search.gene.promoter[0])[2:7, column]
    high = seen.depth("H3K27ac", HIGH)
    assert search.size(cl.erase("H3K27ac", place)) == pytest.approx(depth.sum() * 100 / high / 1000)
    assert search.size(cl.set_depth("H3K27ac", place, high)) == pytest.approx(
        np.abs(high - depth).sum() * 100 / high / 1000
    )
    assert search.size(cl.drop_pcre("chr1:0-100")) == 1.0


def test_several_edits_are_combined_where_one_does_not_do(ds, models):
    own, gene = models["classification"], ds.gene("G1")
    before = mean(own, gene)
    target = 0.999 if before < 0.5 else 0.001  # out of reach for these small models
    one = cl.edits.smallest(own, gene, target, ranges=ds, most=1, device="cpu")
    two = cl.edits.smallest(own, gene, target, ranges=ds, most=2, device="cpu")
    assert not one["reached"].any() and (one["strokes"] == 1).all() and two["strokes"].iloc[0] == 2
    assert abs(two["after"].iloc[0] - target) < abs(one["after"].iloc[0] - target)


def test_marks_and_contacts_can_be_left_alone(ds, models):
    found = cl.edits.smallest(
        models["classification"], ds.gene("G2"), ranges=ds, marks=["H3K27ac"], contacts=False, most=2, device="cpu"
    )
    assert {e.mark for edits in found["edits"] for e in edits} == {"H3K27ac"}


def test_a_target_that_makes_no_sense_is_refused(ds, models):
    gene = ds.gene("G1")
    for given, target, said in (
        (models, 0.5, "two tasks"),
        (models["regression"], None, "name the log2"),
        (models["classification"], 1.5, "between 0 and 1"),
        (models["regression"], np.nan, "expected a number"),
        (models["regression"], mean(models["regression"], gene), "already"),
    ):
        with pytest.raises(cl.ChromolabError, match=said):
            cl.edits.smallest(given, gene, target, ranges=ds, device="cpu")
    with pytest.raises(cl.ChromolabError, match="expected one gene"):
        cl.edits.smallest(models["regression"], ds, 1.0, ranges=ds)
