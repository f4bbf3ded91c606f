"""show/notebooks/csv_cells: a spreadsheet runs no cell of our tables, and they come back as they were."""

import csv
import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chromolab.errors import ChromolabError
from chromolab.show.notebooks.csv_cells import as_csv, from_csv
from chromolab.show.notebooks.results import read_results, save_results

FORMULAS = [
    '=HYPERLINK("http://evil")',
    "+1+cmd|' /C calc'!A0",
    "@SUM(1)",
    "-2+3",
    " =1+1",
    "\t=1",
    "\r=1",
    "'=1",
    "''=1",
]
PLAIN = ["-5", "+3.5", "-1e-3", "-", "gene", "a=b", "-.5", "2-1"]


def read_back(text):
    return from_csv(pd.read_csv(io.StringIO(text, newline=""), dtype=str, keep_default_na=False, lineterminator="\n"))


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_and_no_name_begins_as_a_formula_and_all_come_back(text):
    table = pd.DataFrame({"gene": [text, "b"], text: [1, -2]})
    written = as_csv(table, lineterminator="\n")
    names, *rows = csv.reader(io.StringIO(written, newline=""))
    assert names[1][0] == rows[0][0][0] == "'"
    back = read_back(written)
    assert back.columns.tolist() == ["gene", text] and back["gene"].tolist() == [text, "b"]
    assert back[text].tolist() == ["1", "-2"]


def test_numbers_and_plain_text_stay_as_they_are():
    table = pd.DataFrame({"text": PLAIN, "number": [-1.5] * len(PLAIN)})
    assert as_csv(table) == table.to_csv(index=False)


@given(st.lists(st.text(st.sampled_from("='+-@ \t\r a1\"\n,"), min_size=1), min_size=1))
def test_every_text_comes_back(texts):
    table = pd.DataFrame({"a": texts, "b": 1})
    assert read_back(as_csv(table, lineterminator="\n"))["a"].tolist() == texts


def test_a_table_of_results_carries_no_formula(tmp_path):
    table = pd.DataFrame({"gene": FORMULAS, "auc": 0.5})
    path = save_results(table, tmp_path / "r.csv", "made by a test")
    assert read_results(path)["gene"].tolist() == FORMULAS
    path.write_text(path.read_text().replace("0.5", "0.6"))
    with pytest.raises(ChromolabError, match="cut or changed"):
        read_results(path)
