"""learn/edit/text: edits as JSON and as Python give equal edits, and anything else is refused by name."""

import pytest
from helpers.edits import every_kind
from helpers.toys import toy_dataset

import chromolab as cl


@pytest.fixture
def ds():
    return toy_dataset(2)


def test_json_and_python_give_equal_edits(ds, tmp_path):
    edits = every_kind(ds.gene("G1"))
    assert cl.edits.from_json(cl.edits.to_json(edits)) == edits
    text = cl.edits.to_json(edits, tmp_path / "edits.json")
    assert cl.edits.from_json(tmp_path / "edits.json") == edits == cl.edits.from_json(str(tmp_path / "edits.json"))
    assert cl.edits.from_json(cl.edits.to_json([])) == [] and text.count("\n") == len(edits) + 2
    names = {}
    exec(cl.edits.to_python(edits), names)
    assert names["edits"] == edits
    strange = [cl.erase("<img src=x onerror='alert(1)'>\"\\\n", "chr\"1'\\:0-5")]
    exec(cl.edits.to_python(strange), names)
    assert names["edits"] == strange == cl.edits.from_json(cl.edits.to_json(strange))


@pytest.mark.parametrize(
    ("edits", "word"),
    [
        ('{"kind": "erase", "mark": "A"}', "edit 1 .erase.: has .'mark'.; expected mark, region"),
        ('{"kind": "erase", "mark": "A", "region": "chr1:0-5", "factor": 0}', "expected mark, region"),
        ('{"kind": "__import__", "mark": "A"}', "kind is '__import__'"),
        ('{"kind": ["erase"]}', "expected one of"),
        ("7", "kind is None"),
        ('{"kind": "erase", "mark": 1, "region": "chr1:0-5"}', "mark as a string"),
        ('{"kind": "erase", "mark": "A", "region": 5}', "expected 'chrom:start-end'"),
        ('{"kind": "scale", "mark": "A", "region": "chr1:0-5", "factor": true}', "factor is True"),
        ('{"kind": "scale", "mark": "A", "region": "chr1:0-5", "factor": "0.1"}', "factor is '0.1'"),
        ('{"kind": "scale", "mark": "A", "region": "chr1:0-5", "factor": NaN}', "NaN is not a number"),
        ('{"kind": "scale", "mark": "A", "region": "chr1:0-5", "factor": 1e999}', "infinite"),
        ('{"kind": "erase", "mark": "A", "mark": "B", "region": "chr1:0-5"}', "a key occurs twice"),
        ('{"kind": "paint", "mark": "A", "region": "chr1:0-150", "values": [1], "step": 100}', "2 steps"),
        ('{"kind": "paint", "mark": "A", "region": "chr1:0-150", "values": "12", "step": 100}', "values as a list"),
        ('{"kind": "paint", "mark": "A", "region": "chr1:0-150", "values": [1, []], "step": 100}', "value is"),
        ('{"kind": "paint", "mark": "A", "region": "chr1:0-150", "values": [1, 2], "step": 0.5}', "step is 0.5"),
    ],
)
def test_json_that_is_no_edit_is_refused(edits, word):
    with pytest.raises(cl.ChromolabError, match=word):
        cl.edits.from_json(f'{{"format": "chromolab-edits-1", "edits": [{edits}]}}')


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("{", "not JSON"),
        ('{"edits": []}', "nothing else"),
        ('{"format": "chromolab-edits-9", "edits": []}', "this version of chromolab reads"),
        ("no/such/file.json", "no/such/file.json"),
    ],
)
def test_text_that_holds_no_edits_is_refused(text, word):
    with pytest.raises(cl.ChromolabError, match=word):
        cl.edits.from_json(text)


@pytest.mark.parametrize("wrong", [None, b"{}", 3])
def test_edits_are_read_from_text_or_a_file(wrong):
    with pytest.raises(cl.ChromolabError, match="JSON text or a file"):
        cl.edits.from_json(wrong)
