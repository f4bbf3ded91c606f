"""show/experiments/letters: the parts of the experiment on a tiny genome, its table, and one's own files."""

import numpy as np
import pandas as pd
import pytest

from chromolab.errors import ChromolabError
from chromolab.learn.compare.sequence import compare_contacts
from chromolab.show.experiments import letters as part_of
from chromolab.show.notebooks.results import read_results


@pytest.fixture(scope="module")
def about(strong_world):
    patch = pytest.MonkeyPatch()
    patch.setattr("chromolab.show.experiments.letters.simulate", lambda **_: strong_world)
    yield part_of.letters_of("teaching, strong contacts")
    patch.undo()


def test_a_world_brings_all_that_the_parts_ask(about, strong_world):
    assert about.world is strong_world and len(about.counts) == len(next(iter(about.known.values())))
    fold = list(about.folds)[0]
    edits = pd.DataFrame(part_of.edit_rows(about, [fold], edits=3))
    assert edits["model"].tolist() == ["all kinds", "break", "flip", "insert"] and (edits["fold"] == fold).all()
    expression = pd.DataFrame(part_of.expression_rows(about, "strong", [fold], edits=3))
    assert expression["examples"].tolist() == [expression["examples"].iloc[0]] and len(expression) == 1


def test_candidates_are_ranked_and_read_by_networks(about):
    table, foretold = part_of.candidates_of(about)
    assert foretold.shape == (len(table),) and (foretold > 0).all() and foretold.std() > 0
    fold = list(about.folds)[0]
    recall = pd.DataFrame(part_of.recall_rows(about, table, foretold, [fold])).set_index("model")["recall"]
    assert recall["all candidates"] >= recall["measured x activity x distance"] > recall["distance"] * 0.5
    ways = ["none", "sequence x activity x distance", "measured, and motifs"]
    recipe = dict(folds=[fold], seeds=[0], epochs=1, patience=1)
    cell = [about.world.cell_types[0]]
    rows = pd.DataFrame(part_of.pcre_rows(about, table, foretold, ways, cell, **recipe))
    assert rows["model"].tolist() == ways and rows["r2"].notna().all()


def test_what_is_in_the_file_is_not_asked_again(tmp_path):
    out = str(tmp_path / "x.csv")
    kept = part_of.Kept(out, "a", "the first command")
    kept.add(
        "edits",
        iter([{"model": "flip", "fold": 1, "seed": 0, "r": 0.5}, {"model": "flip", "fold": 2, "seed": 0, "r": 0.7}]),
    )
    other = part_of.Kept(out, "b", "the second command")
    other.add("recall", [{"model": "distance", "fold": 1, "seed": 0, "recall": 0.1}])
    again = part_of.Kept(out, "a", "the first command")
    assert again.missing("edits", [1, 2, 3]) == [3] and again.missing("recall", [1]) == [1]
    table = read_results(out)
    assert table.attrs["made_by"].splitlines() == ["the first command", "the second command"]
    assert table["data"].tolist() == ["a", "a", "b"]
    found = part_of.over_folds(again.table, "edits", "r").iloc[0]
    assert found["name"] == "flip" and found["value"] == pytest.approx(0.6) and found["low"] < 0.5 < 0.7 < found["high"]
    assert part_of.over_folds(again.table, "none", "r", ["track", "model"]).empty  # such a column may not be there


def test_ones_own_files_are_asked_for_contacts(about, tmp_path):
    few = about.counts[about.counts["chrom1"].isin(about.counts["chrom1"].unique()[:2])]
    few.drop(columns="distance").to_csv(tmp_path / "counts.tsv", sep="\t", index=False)
    files = str(about.world.fasta), str(about.world.motifs)
    own = part_of.letters_of("mine", *files, str(tmp_path / "counts.tsv"))
    assert own.world is None and own.motif.name == "CTCF" and len(own.folds) == 2
    np.testing.assert_array_equal(own.counts["distance"], few["distance"])
    rows = list(compare_contacts(own.counts, own.fasta, own.motif, own.folds, ["CTCF"], seeds=[0], steps=10))
    assert [row["fold"] for row in rows] == [1, 2]


@pytest.mark.parametrize(
    "given, told",
    [
        ({}, "expected one of teaching"),
        ({"motif": "SOX2"}, "no motif 'SOX2'"),
        ({"counts": "none.tsv"}, "cannot be read"),
    ],
)
def test_files_that_do_not_do_are_named(about, tmp_path, given, told):
    about.counts.head(50).to_csv(tmp_path / "counts.tsv", sep="\t", index=False)
    files = {"fasta": str(about.world.fasta), "motifs": str(about.world.motifs), "counts": str(tmp_path / "counts.tsv")}
    with pytest.raises(ChromolabError, match=told):
        part_of.letters_of("mine", **(files | given if given else {}))
