"""learn/edit/kinds: what makes an edit checks its arguments."""

from dataclasses import replace

import pytest
from helpers.toys import toy_dataset

import chromolab as cl


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda: cl.scale("A", "chr1", 1), "chrom:start-end"),
        (lambda: cl.erase("A", "chr1:20-10"), "reversed"),
        (lambda: cl.scale("A", "chr1:0-10", -1), "negative"),
        (lambda: cl.set_depth("A", "chr1:0-10", float("inf")), "infinite"),
        (lambda: cl.edit(toy_dataset(0), [cl.erase("A", "chr9:0-100")]), "overlaps no region"),
        (lambda: cl.edit(toy_dataset(0), [cl.set_depth("A", "chr1:100000-100100", -1)]), "-1 is below 0, which this"),
        (lambda: cl.edit(toy_dataset(0), [cl.erase("Z", "chr1:0-100")]), "Z"),
    ],
)
def test_bad_edits(make, word):
    with pytest.raises(cl.ChromolabError, match=word):
        make()


def test_a_signed_track_takes_values_below_zero_and_keeps_its_sign_when_scaled():
    """Set, paint, scale and erase, and what JSON and Python code make of them."""
    ds = replace(toy_dataset(0), transforms={"B": "none"})
    place = "chr1:99900-100200"
    edits = [
        cl.set_depth("B", place, -2.0),
        cl.paint("B", "chr1:100000-100200", [None, -8.5]),
        cl.scale("B", "chr1:99900-100000", 0.25),
        cl.erase("B", "chr1:100000-100100"),
    ]
    gene = cl.edit(ds.gene("G0"), cl.edits.from_json(cl.edits.to_json(edits)))
    at = (99_900 - int(gene.signal.regions["start"].iloc[0])) // 100
    assert gene.region_depth(0)[at : at + 3, 1].tolist() == [-0.5, 0.0, -8.5]
    namespace = {}
    exec(cl.edits.to_python(edits), namespace)
    assert namespace["edits"] == edits


@pytest.mark.parametrize("number", [10**25, 10**400, -(10**400)])
def test_whole_numbers_of_any_length_are_read_or_refused(number):
    if number == 10**25:
        assert cl.scale("A", "chr1:0-100", number).factor == 1e25
    else:
        with pytest.raises(cl.ChromolabError, match="negative or infinite"):
            cl.scale("A", "chr1:0-100", number)
