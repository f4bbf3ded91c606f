"""show/notebooks/results: shipped tables and the lines that say what made them."""

import numpy as np
import pandas as pd
import pytest

from chromolab.errors import ChromolabError
from chromolab.show.notebooks.results import FOLDER, read_results, results, save_results

SHIPPED = sorted(path.stem for path in FOLDER.glob("*.csv"))


def test_a_table_comes_back_with_what_made_it(tmp_path):
    table = pd.DataFrame({"model": ["a"], "fold": [1], "auc": [0.123456789]})
    path = save_results(table, tmp_path / "deep" / "x.csv", "run sweep.ipynb\non simulated data")
    assert path.read_text().splitlines() == [
        "# run sweep.ipynb",
        "# on simulated data",
        "model,fold,auc",
        "a,1,0.123457",
    ]
    again = read_results(path)
    assert again.attrs["made_by"] == "run sweep.ipynb\non simulated data"
    pd.testing.assert_frame_equal(again, table, rtol=1e-5)


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_tables_say_their_command_and_hold_no_run_twice(name):
    table = results(name)
    assert "chromolab run notebooks/experiments/" in table.attrs["made_by"]
    assert len(table) and not table.duplicated().any()
    assert np.isfinite(table.select_dtypes("number").dropna().to_numpy()).all()


def test_an_unknown_table_is_refused_with_those_that_ship():
    assert SHIPPED
    with pytest.raises(ChromolabError, match=f"no table of results 'nothing'; shipped: {', '.join(SHIPPED)}"):
        results("nothing")
