"""world/realism/table: the whole table from files, its intervals, and what is left for the end."""

import numpy as np
import pandas as pd
import pytest
from helpers.paper_world import GENES, paper_world
from helpers.toys import toy_dataset
from scipy import stats

from chromolab.errors import ChromolabError
from chromolab.world.realism.bands import BANDS, CORRELATION, bands, differences
from chromolab.world.realism.evidence import Evidence, of_world
from chromolab.world.realism.table import figures, measured, real_figures, realism
from chromolab.world.realism.windows import CALLS


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return paper_world(tmp_path_factory.mktemp("paper"))


@pytest.fixture(scope="module")
def evidence(world):
    return of_world(world)


@pytest.mark.slow
def test_a_world_is_measured_through_its_files(evidence):
    table = figures(evidence)
    assert table["PC1 against expression", "r"] == pytest.approx(1, abs=0.01)
    assert table["CTCF at promoters", "share"] == pytest.approx(1 / 4)
    assert table["causes", "share of tested pairs"] == pytest.approx(1 / 2), "silencers are left out"
    assert table["causes", "median distance, kb"] == pytest.approx(15)
    assert table["causes", "median share of expression lost"] == pytest.approx(1 - 2**-0.2)
    assert table["average precision for causes", "distance"] == 1
    assert table["decay of contact with distance", "slope of logarithms"] == pytest.approx(-1)
    assert table["causes", "share of listed contacts"] == pytest.approx(1 / 2)
    assert table["log2(RPKM + 1)", "exact zeros"] == pytest.approx(1 / 8)
    assert table["coding genes", "another TSS within 40 kb"] == 0
    assert table["AUC of one mark at the TSS", "H3K4me3"] > 0.95
    assert len(evidence.pairs) == 2 * 2 * GENES and evidence.places() == [0, 1]


@pytest.mark.slow
def test_every_band_belongs_to_a_figure_that_is_measured(evidence):
    """A band whose figure bears another name would stand empty for ever; marks without a track here are left out."""
    table = figures(evidence) | {("linear model, r", "40 kb minus 2 kb"): 0.0}  # 48 examples are too few for it
    absent = {"H3K9me3", "H3K27me3", "H3K9ac"}
    known = bands()
    assert not [row for row in known.index if row not in table and row[1] not in absent]
    assert known.index.is_unique and (known["low"] < known["high"]).all()
    assert set(known["constants from"]) >= {"pilot", "chr11", "crispri", "contacts", "article"}


@pytest.mark.slow
def test_table_of_a_world_and_a_table_of_real_figures(evidence, world, monkeypatch):
    monkeypatch.delenv("CHROMOLAB_REAL_DATA", raising=False)
    row = ("causes", "median distance, kb")
    real = pd.DataFrame({"crispri": {row: 26.0}, "crispri ±": {row: 5.0}})
    table = realism(world, real)
    assert list(table) == [
        "simulated",
        "simulated ±",
        "low",
        "high",
        "inside",
        "constants from",
        "crispri",
        "crispri ±",
    ]
    assert table.loc[row, "crispri"] == 26 and not table.loc[row, "inside"]
    assert table.loc[("average precision for causes", "distance minus H3K27ac"), "inside"]
    assert pd.isna(table.loc[("average precision for causes", "distance"), "inside"]), "it has no band"
    assert pd.isna(table.loc[("linear model, r", "40 kb minus 2 kb"), "inside"]), "it is not known"
    assert table.index.is_unique and table.index[0] == BANDS[0][:2]
    figure = table.index.get_level_values("figure")
    assert (figure[1:] != figure[:-1]).sum() + 1 == figure.nunique(), "the rows of a figure stand together"


def test_intervals_are_those_of_a_jackknife():
    """For a mean over parts of equal size, leaving each out once gives the t interval of the parts' means."""
    zeros = np.array([[1, 0, 0, 0], [1, 1, 0, 0], [0, 0, 0, 0], [1, 1, 1, 0]])
    level = pd.DataFrame({"chrom": "chr1", "tss": np.arange(16) * 10**6, "in a": 1.0 - zeros.ravel()})
    table = measured(Evidence(expression=level.assign(place=np.repeat(np.arange(4), 4))))
    low, high = stats.t.interval(0.95, 3, zeros.mean(), stats.sem(zeros.mean(1)))
    row = ("log2(RPKM + 1)", "exact zeros")
    assert table.loc[row, "value"] == zeros.mean()
    assert table.loc[row, "half"] == pytest.approx((high - low) / 2)
    alone = measured(Evidence(expression=level.assign(place=0)))
    assert alone["half"].isna().all(), "one part says nothing of the others"


def test_several_worlds_give_their_mean_and_its_interval(monkeypatch):
    monkeypatch.delenv("CHROMOLAB_REAL_DATA", raising=False)
    seeds = [toy_dataset(seed, marks=("H3K4me1", "H3K4me3"), window=40_000) for seed in range(3)]
    row = ("mean depth", "H3K4me3")
    values = [realism(ds)["simulated"][row] for ds in seeds]
    together = realism(seeds).loc[row]
    assert together["simulated"] == pytest.approx(np.mean(values))
    assert together["simulated ±"] == pytest.approx(stats.t.ppf(0.975, 2) * stats.sem(values))


def test_difference_from_real_correlations():
    real = {(f"correlation of marks, {CALLS}", f"{a}, {b}"): r for (a, b), r in CORRELATION[CALLS].items()}
    row = (f"correlation of marks, {CALLS}", "mean difference")
    assert differences(real) == {row: 0}
    moved = {pair: r + shift for (pair, r), shift in zip(real.items(), [0.3] + [-0.1] * 14, strict=True)}
    assert differences(moved)[row] == pytest.approx((0.3 + 14 * 0.1) / 15)


def test_a_folder_without_real_sets_is_said(tmp_path):
    (tmp_path / "h1-demo").mkdir()  # a test set alone is not looked at unasked
    with pytest.raises(ChromolabError, match="none of the real sets; expected .* roadmap-pilot") as error:
        real_figures(tmp_path)
    assert "h1-demo" not in str(error.value).replace(str(tmp_path), "")
    with pytest.raises(ChromolabError, match=r"h1-demo.meta\.csv"):
        real_figures(tmp_path, blind=True)
