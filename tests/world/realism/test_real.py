"""world/realism/real: what the real sets tell, and the constants that were taken from them."""

import numpy as np
import pytest

from chromolab.world.realism.bands import AUTOCORRELATION, CORRELATION, bands
from chromolab.world.realism.table import real_figures
from chromolab.world.realism.windows import CALLS, LAGS, P_VALUE

pytestmark = [pytest.mark.real, pytest.mark.slow]


@pytest.fixture(scope="module")
def table(real):
    """Every set; of the two tests, nothing but the names of rows and columns may be looked at here."""
    return real_figures(real, blind=True)


def test_each_set_has_its_column_and_the_rows_that_it_can_tell(table):
    sets = ["pilot", "chr11", "reads", "contacts", "crispri", "h1-demo", "mouse-chr5"]
    assert list(table) == [c for name in sets for c in (name, f"{name} ±")]
    told = {name: {row[0] for row in table.index[table[name].notna()]} for name in sets}
    assert {"coding genes", "CTCF at promoters", "linear model, r"} <= told["pilot"] & told["chr11"]
    assert "causes" in told["crispri"] and "distance of pCREs, kb" in told["contacts"]
    assert "autocorrelation at 100 bp, depth" in told["reads"] & told["h1-demo"]
    assert "number of pCREs against expression, r" in told["h1-demo"] & told["contacts"]
    assert {"linear model, r", "autocorrelation at 200 bp, scores"} <= told["mouse-chr5"]


def test_constants_of_texture_are_those_of_the_real_sets(table):
    for scale, name in ((P_VALUE, "pilot"), (CALLS, "chr11")):
        for mark, values in AUTOCORRELATION[scale].items():
            for lag, value in zip(LAGS, values, strict=True):
                found = table.loc[(f"autocorrelation at {lag} bp, {scale}", mark), name]
                assert np.isnan(value) or found == pytest.approx(value, abs=0.001), (scale, mark, lag)
        pairs = {f"{a}, {b}": r for (a, b), r in CORRELATION[scale].items()}
        rows = table.loc[f"correlation of marks, {scale}", name].drop("mean difference").dropna()
        assert rows.to_dict() == pytest.approx(pairs, abs=0.001)


def test_crispri_tells_what_its_authors_file_says(table):
    crispri = table["crispri"]
    assert crispri["causes", "share of tested pairs"] == pytest.approx(471 / 10_356)
    assert crispri["average precision for causes", "distance"] == pytest.approx(0.44, abs=0.01)
    assert crispri["average precision for causes", "H3K27ac"] == pytest.approx(0.11, abs=0.01)
    assert crispri["average precision for causes", "H3K27ac / distance"] == pytest.approx(0.50, abs=0.01)
    assert crispri["causes", "within 20 kb of the TSS"] == pytest.approx(0.42, abs=0.01)
    assert crispri["causes", "its gene is the nearest"] == pytest.approx(0.55, abs=0.05)


def test_real_cells_lie_in_the_bands_that_they_gave(table):
    """Where the set itself is outside, the band would ask the teaching genome for what no cell shows."""
    known = bands()
    for row, band in known[known["constants from"] == "crispri"].iterrows():
        value = table.loc[row, "crispri"] if row in table.index else np.nan
        assert np.isnan(value) or band["low"] <= value + 0.005 and value <= band["high"], row
