"""world/answers/oracle: the share that is asked for is the share that is got, or it is refused."""

from dataclasses import replace

import pytest

from chromolab.errors import ChromolabError
from chromolab.world.answers.oracle import INPUTS, calibrate, visible, visible_pairs
from chromolab.world.levels import level_maker
from chromolab.world.parameters import Parameters
from chromolab.world.regulation import regulate
from chromolab.world.species import genome_of

LIFELIKE = Parameters()  # of the usual size: from a small genome the oracle's fits learn little
STRONG = replace(LIFELIKE, contacts="strong")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def drawn():
    """(folding, regulation) before calibration, by setting."""
    return {p.contacts: regulate(genome_of(p)) for p in (LIFELIKE, STRONG)}


@pytest.mark.parametrize("share", [0.0, 0.01, 0.03])
def test_contacts_explain_what_was_asked(drawn, share):
    folding, regulation = drawn["strong"]
    found, oracle = calibrate(regulation, folding, level_maker(STRONG), share)
    assert (found.beta == 0) == (share == 0)
    if share:
        assert oracle["window + contacts"] - oracle["window"] == pytest.approx(share, abs=0.003)
    assert list(oracle) == list(INPUTS)


def test_what_is_out_of_reach_is_refused_with_the_largest_share(drawn):
    folding, regulation = drawn["lifelike"]
    with pytest.raises(
        ChromolabError,
        match=r"distal_share 0.25 is out of reach.*at most 0\.\d+\. Ask for less, lower readout, or use contacts",
    ):
        calibrate(regulation, folding, level_maker(LIFELIKE), 0.25)


def test_without_a_share_the_setting_decides(drawn):
    for p in (LIFELIKE, STRONG):
        folding, regulation = drawn[p.contacts]
        found, oracle = calibrate(regulation, folding, level_maker(p), None)
        assert found.beta == regulation.setting.beta
        assert max(oracle.values()) == oracle["everything"] <= 1
        assert min(oracle.values()) > 0.3
    assert oracle["window + contacts"] > oracle["window"], "strong contacts are worth knowing"


def test_ctcf_at_promoters_is_worth_knowing_where_it_acts(drawn):
    told = {}
    for ctcf in (0.0, 2.0):
        p = replace(STRONG, ctcf=ctcf)
        folding, regulation = drawn["strong"] if not ctcf else regulate(genome_of(p))
        _, oracle = calibrate(regulation, folding, level_maker(p), None)
        told[ctcf] = oracle["+ CTCF"] - oracle["window + contacts"]
    assert told[0.0] < 0.004 and told[2.0] > 0.01


def test_what_is_visible_is_what_the_loaders_keep(drawn):
    folding, _ = drawn["lifelike"]  # in its first cell type two pCREs tie in the table, and one is 1.5000 there
    shown = visible_pairs(folding, 0)
    places = folding.genome.fragments.iloc[folding.pairs["fragment"]].reset_index(drop=True)
    table = folding.pairs.assign(frequency=folding.frequency[:, 0].round(4), start=places["start"])
    table = table[folding.reported[:, 0] & (table["frequency"] > 1.5)]
    listed = {
        bait: rows.sort_values(["frequency", "start"], ascending=[False, True]) for bait, rows in table.groupby("bait")
    }
    for gene, rows in shown.groupby("gene"):
        expected = listed[folding.bait_of_gene[gene]].iloc[:8]
        assert rows["pair"].tolist() == expected.index.tolist()
        assert rows["frequency"].tolist() == expected["frequency"].tolist()
    seen = visible(folding)[:, 0]
    assert ((seen > 0) == folding.links["pair"].isin(shown["pair"]).to_numpy()).mean() > 0.999
