"""learn/edit/letters: edits of letters on what a model of sequence reads, as text, and where they are refused."""

import numpy as np
import pandas as pd
import pytest

import chromolab as cl
from chromolab.errors import ChromolabError
from chromolab.learn.edit.kinds import ChangeMotif
from chromolab.learn.edit.letters import edited_letters
from chromolab.learn.edit.text import in_words

TEXT = "ACGTTTGACAGGATCCATGC"
EDITS = [
    cl.edits.motif("break", "chr1:2-6"),
    cl.edits.motif("flip", "chr1:9-14"),
    cl.edits.motif("insert", "chr1:15-18", "gga"),
]


@pytest.fixture
def fasta(tmp_path):
    (tmp_path / "a.fa").write_text(f">chr1\n{TEXT}\n")
    return tmp_path / "a.fa"


def places(*rows, **more):
    return pd.DataFrame(rows, columns=["chrom", "start", "end"]).assign(**more)


@pytest.mark.parametrize(
    ("edit", "after"),
    [
        (EDITS[0], "ACTGGGGACAGGATCCATGC"),
        (EDITS[1], "ACGTTTGACATCCTCCATGC"),
        (EDITS[2], "ACGTTTGACAGGATCGGAGC"),
    ],
)
def test_each_kind_changes_its_place_and_nothing_else(fasta, edit, after):
    (text,) = edited_letters(fasta, places(("chr1", 0, 20)), [edit])
    assert text == after and text != TEXT
    (inside,) = edited_letters(fasta, places(("chr1", edit.start, edit.end)), [edit])
    assert inside == after[edit.start : edit.end]


def test_an_edit_that_reaches_over_the_edge_of_a_region_changes_what_lies_inside(fasta):
    (whole,) = edited_letters(fasta, places(("chr1", 0, 20)), EDITS)
    parts = edited_letters(fasta, places(("chr1", 0, 11), ("chr1", 11, 20)), EDITS)
    assert "".join(parts) == whole


def test_the_model_reads_the_changed_letters_on_either_strand(fasta):
    plus = cl.edits.on_sequence(fasta, places(("chr1", 0, 20)), EDITS)
    minus = cl.edits.on_sequence(fasta, places(("chr1", 0, 20), strand="-"), EDITS)
    assert plus.shape == (1, 4, 20) and plus.dtype == np.float32
    np.testing.assert_array_equal(minus, plus[:, ::-1, ::-1])
    np.testing.assert_array_equal(
        cl.edits.on_sequence(fasta, places(("chr1", 0, 20)), []), cl.data.one_hot(fasta, places(("chr1", 0, 20)))
    )
    twice = cl.edits.on_sequence(fasta, places(("chr1", 0, 20)), [EDITS[1], EDITS[1], EDITS[0], EDITS[0]])
    np.testing.assert_array_equal(twice, cl.data.one_hot(fasta, places(("chr1", 0, 20))))


def test_edits_of_letters_as_json_and_python():
    assert cl.edits.from_json(cl.edits.to_json(EDITS)) == EDITS
    assert '{"kind": "flip", "region": "chr1:9-14"}' in cl.edits.to_json(EDITS)
    names = {}
    exec(cl.edits.to_python(EDITS), names)
    assert names["edits"] == EDITS and 'cl.edits.motif("break", "chr1:2-6")' in cl.edits.to_python(EDITS)
    assert [in_words(e) for e in EDITS] == [
        "motif broken, chr1:2-6",
        "motif flipped, chr1:9-14",
        "GGA inserted, chr1:15-18",
    ]
    assert EDITS[2] == ChangeMotif("chr1", 15, 18, "insert", "GGA")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("mend", "chr1:2-6"), "kind is 'mend'; expected one of break, flip, insert"),
        (("flip", "chr1"), "region 'chr1'"),
        (("flip", "chr1:2-6", "ACGT"), "4 letters; expected none for 'flip'"),
        (("insert", "chr1:2-6", "ACG"), "3 letters; expected 4 for chr1:2-6"),
        (("insert", "chr1:2-6", "ACGN"), "expected A, C, G and T"),
        (("insert", "chr1:2-6", None), "expected A, C, G and T"),
    ],
)
def test_what_is_no_edit_of_letters_is_refused(arguments, told):
    with pytest.raises(ChromolabError, match=told):
        cl.edits.motif(*arguments)


def test_json_is_checked():
    bad = '{"format": "chromolab-edits-1", "edits": [{"kind": "insert", "region": "chr1:2-6", "letters": "AC"}]}'
    with pytest.raises(ChromolabError, match=r"edit 1 \(insert\): 2 letters; expected 4"):
        cl.edits.from_json(bad)


def test_an_edit_must_touch_a_region_and_change_letters(fasta):
    with pytest.raises(ChromolabError, match="flip at chr1:9-14 touches none of the 1 region"):
        cl.edits.on_sequence(fasta, places(("chr1", 0, 9)), [EDITS[1]])
    with pytest.raises(ChromolabError, match="changes no letters"):
        cl.edits.on_sequence(fasta, places(("chr1", 0, 9)), [cl.erase("H3K4me3", "chr1:0-9")])
    with pytest.raises(ChromolabError, match="as the first region has"):
        cl.edits.on_sequence(fasta, places(("chr1", 0, 9), ("chr1", 0, 8)), [])


def test_a_dataset_of_tracks_has_no_letters(ds):
    with pytest.raises(ChromolabError, match="flip at chr1:9-14 changes letters.*cl.truth.motif_effects"):
        cl.edit(ds, [EDITS[1]])
