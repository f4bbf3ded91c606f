"""compare/sequence: which way the sites of loops look, in a table by hand and in real mouse loops."""

import numpy as np
import pandas as pd
import pytest

from chromolab.errors import ChromolabError
from chromolab.learn.compare.sequence import facing

ENDS = ["chrom1", "start1", "end1", "chrom2", "start2", "end2"]


def test_directions_are_read_from_left_to_right():
    sites = pd.DataFrame(
        [
            ("chr1", 1_000, 1_020, "+"),
            ("chr1", 101_000, 101_020, "-"),
            ("chr1", 201_000, 201_020, "+"),
            ("chr1", 202_000, 202_020, "-"),
        ],
        columns=["chrom", "start", "end", "strand"],
    )
    places = [("chr1", at, at + 2_000) for at in (0, 100_000, 200_000)]
    table = pd.DataFrame([places[1] + places[0], places[0] + places[1], places[0] + places[2]], columns=ENDS)
    found = facing(table, sites).set_index("directions")
    assert found["pairs"].to_dict() == {"> <": 2, "> >": 0, "< <": 0, "< >": 0}  # the third place has both directions
    assert found.loc["> <", "share"] == 1
    with pytest.raises(ChromolabError, match="none of 1 pairs has sites of one direction"):
        facing(table[2:], sites)


def test_real_loops_join_sites_that_face_each_other(real):
    folder, names = real / "mouse-ctcf", ["chrom", "start", "end"]
    sites = pd.concat(
        [pd.read_csv(folder / f"Bonev_CTCF{s}.bed", sep="\t", names=names).assign(strand=s) for s in "+-"]
    )
    loops = pd.read_csv(folder / "CH12_loops_Rao.bed", sep="\t", names=ENDS)
    found = facing(loops, sites).set_index("directions")["share"]
    moved = loops.copy()
    moved[["start1", "end1", "start2", "end2"]] += 500_000
    by_chance = facing(moved, sites).set_index("directions")["share"]
    assert found["> <"] > 0.7 > 0.4 > by_chance["> <"]
    np.testing.assert_allclose(found.sum(), 1)
