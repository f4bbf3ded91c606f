"""data/text: points and commas in numbers are told from a whole table, or asked."""

import math

import pytest

from chromolab.data.text import decimal_mark, maybe_number, number_of
from chromolab.errors import ChromolabError


@pytest.mark.parametrize(
    ("cells", "mark", "numbers"),
    [
        (["1,5", "2"], ",", [1.5, 2]),
        (["1.234,5", "1.234"], ",", [1234.5, 1234]),
        (["1,234.5", "1,234"], ".", [1234.5, 1234]),
        (["1,234,567", "1,234"], ".", [1234567, 1234]),
        (["1,234", "2.5"], ".", [1234, 2.5]),
        (["0,001", "1,234"], ".", None),  # 0,001 groups no thousands, though it looks like it
        (["1,5E-3", "2"], ",", [0.0015, 2]),
        (["1e-3", "2"], ".", [0.001, 2]),
        (["1,5", "2.5"], ",", [1.5, math.nan]),
    ],
)
def test_the_decimal_mark_is_told_from_the_numbers(cells, mark, numbers):
    rows = [[f"G{i}", cell] for i, cell in enumerate(cells)]
    lines = range(2, 2 + len(rows))
    if numbers is None:
        with pytest.raises(ChromolabError, match="may be a thousand or a decimal comma"):
            decimal_mark("t.tsv", ["gene", "A"], lines, rows)
        return
    assert decimal_mark("t.tsv", ["gene", "A"], lines, rows) == mark
    assert [number_of(cell, mark) for cell in cells] == pytest.approx(numbers, nan_ok=True)


def test_cells_that_are_numbers_under_some_mark():
    assert all(map(maybe_number, "1 1.5 1,5 1e-3 1,5E-3 1.234,5 1,234,567.8 -2 .5".split()))
    assert not any(map(maybe_number, ["", "NA", "x", "1;2", "1,2,3", "G1", "1.2.3", "nan", "1_000", "1,,5"]))
