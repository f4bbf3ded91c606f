"""learn/edit/kinds: what makes an edit checks its arguments."""

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
        (lambda: cl.edit(toy_dataset(0), [cl.erase("Z", "chr1:0-100")]), "Z"),
    ],
)
def test_bad_edits(make, word):
    with pytest.raises(cl.ChromolabError, match=word):
        make()


@pytest.mark.parametrize("number", [10**25, 10**400, -(10**400)])
def test_whole_numbers_of_any_length_are_read_or_refused(number):
    if number == 10**25:
        assert cl.scale("A", "chr1:0-100", number).factor == 1e25
    else:
        with pytest.raises(cl.ChromolabError, match="negative or infinite"):
            cl.scale("A", "chr1:0-100", number)
