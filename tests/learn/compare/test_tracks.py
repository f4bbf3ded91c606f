"""learn/compare/tracks: a shuffle that keeps all but the gene, fair pairs, and numbers of pairs by simulation."""

import numpy as np
import pandas as pd
import pytest

import chromolab as cl
from chromolab.learn.compare.tracks import NONE, added_track, gains, pairs_needed, shuffled_track


@pytest.fixture(scope="module")
def eight(world):
    return cl.data.add_track(world.dataset(progress=False), "CTCF", world.ctcf, progress=False)


def test_a_shuffled_track_keeps_its_values_and_profile_and_every_other_mark(eight):
    moved = shuffled_track(eight, "CTCF", 1)
    np.testing.assert_array_equal(moved.signal.depth[:, :-1], eight.signal.depth[:, :-1])
    cells = eight.signal.regions["cell_type"].to_numpy()
    is_window = np.zeros(len(cells), bool)
    is_window[eight.promoter] = True
    for cell in np.unique(cells):
        for of_windows in (True, False):
            regions = np.flatnonzero((cells == cell) & (is_window == of_windows))
            before, after = (
                np.sort(np.concatenate([d.region_depth(r)[:, -1] for r in regions])) for d in (eight, moved)
            )
            np.testing.assert_array_equal(before, after)
    whole, other = (d.promoter_depth()[..., -1] for d in (eight, moved))
    at_home = {tuple(row) for row in whole}
    assert all(tuple(row) in at_home for row in other), "windows are exchanged whole, 5' to 5'"
    assert (whole != other).any(1).mean() > 0.9
    again, third = shuffled_track(eight, "CTCF", 1), shuffled_track(eight, "CTCF", 2)
    np.testing.assert_array_equal(moved.signal.depth, again.signal.depth)
    assert (moved.signal.depth != third.signal.depth).any()
    with pytest.raises(cl.ChromolabError, match="lacks"):
        shuffled_track(eight, "DNase")


def test_bases_without_data_move_along(world):
    ds = world.dataset("simA1", progress=False)
    start = pd.DataFrame({"chrom": ["chr1"], "start": [0], "end": [3_000_000], "value": [1.0]})
    path = world.path.parent / "half.bedGraph"
    start.to_csv(path, sep="\t", header=False, index=False)
    sizes = dict(world.parameters.chrom_sizes)
    tracks = {"simA1": cl.data.BedGraph(path, chrom_sizes=sizes)}
    more = cl.data.add_track(ds, "half", tracks, missing="mask", progress=False)
    assert set(more.genes["chrom"]) == {"chr1"}, "genes without data at the TSS are left out"
    moved = shuffled_track(more, "half")
    missing = np.isnan(moved.signal.depth[:, -1])
    np.testing.assert_array_equal(missing, moved.signal.covered[:, -1] == 0)
    assert (moved.signal.covered[:, -1] <= moved.signal.bases()).all()


def test_a_track_that_is_the_answer_is_found_and_its_shuffle_is_not(eight):
    ds = eight.with_marks(["H3K9me3", "CTCF"])
    signal = ds.signal
    told = signal.depth.copy()
    for row, level in zip(ds.promoter, ds.log2_expression, strict=True):
        told[signal.offsets[row] : signal.offsets[row + 1], 1] = level
    planted = type(ds)(**{**vars(ds), "signal": type(signal)(signal.regions, told, signal.offsets, signal.bin_size)})
    rows = pd.DataFrame(added_track(planted, "CTCF", ["linear"], folds=[1, 2], seeds=[0, 1]))
    assert list(rows["track"].unique()) == [NONE, "shuffled CTCF", "CTCF"] and len(rows) == 12
    assert len(rows[["fold", "seed", "setting"]].drop_duplicates()) == 4, "one setting serves all three"
    found = gains(rows, "CTCF").set_index("group")
    assert (found["value"] > 0.5).all() and (found["higher"] == 4).all() and (found["pairs"] == 4).all()
    shuffled = rows[rows["track"] != "CTCF"].groupby("track")["r2"].mean()
    assert abs(shuffled["shuffled CTCF"] - shuffled[NONE]) < 0.1


def test_what_is_done_is_not_done_again_and_networks_read_what_they_say(eight):
    recipe = dict(folds=[1], seeds=[0], epochs=1, lrs=[1e-3])
    first = pd.DataFrame(added_track(eight, "CTCF", ["embedding only", "whole model"], **recipe))
    assert set(first["model"]) == {"embedding only", "whole model"} and np.isfinite(first["r2"]).all()
    parameters = first.set_index(["model", "track"])["parameters"]
    assert parameters["embedding only", "CTCF"] == parameters["embedding only", "shuffled CTCF"]
    assert parameters["embedding only", NONE] < parameters["embedding only", "CTCF"] < parameters["whole model", "CTCF"]
    kept = first[first["track"] != "CTCF"]
    again = list(added_track(eight, "CTCF", ["embedding only"], done=kept, **recipe | {"lrs": [1e-2, 1e-4]}))
    assert [(r["track"], r["setting"]) for r in again] == [("CTCF", 1e-3)], "by what was chosen without the track"
    with pytest.raises(cl.ChromolabError, match="nothing reads tracks as 'forest'"):
        next(added_track(eight, "CTCF", ["forest"]))


@pytest.mark.parametrize(("spread", "gain"), [(0.01, 0.01), (0.008, 0.004)])
def test_as_many_pairs_as_are_said_show_the_gain_four_times_in_five(spread, gain):
    pairs, rng = pairs_needed(spread, gain), np.random.default_rng(0)
    seen = {n: (cl.metrics.t_interval(rng.normal(gain, spread, (n, 20_000)))[1] > 0).mean() for n in (pairs, pairs - 1)}
    assert seen[pairs] == pytest.approx(0.8, abs=0.05) and seen[pairs] > seen[pairs - 1]


def test_pairs_of_nonsense_are_refused():
    with pytest.raises(cl.ChromolabError, match="spread 0.01, gain 0"):
        pairs_needed(0.01, 0)
    with pytest.raises(cl.ChromolabError, match="takes more than 100,000 pairs"):
        pairs_needed(1, 1e-6)
