"""world/realism/structure: genes, expression, contacts and causes, on tables small enough to count by hand."""

import numpy as np
import pandas as pd
import pytest

from chromolab.world.realism.evidence import Evidence
from chromolab.world.realism.structure import structure_figures


def test_genes():
    genes = pd.DataFrame(
        [
            ("chr1", 0, 20_000, "-"),  # TSS 19,999: head to head with the next
            ("chr1", 20_500, 90_500, "+"),
            ("chr1", 59_000, 60_000, "+"),  # 38.5 kb from the last TSS, same strand
            ("chr1", 900_000, 1_000_000, "+"),  # alone
            ("chr2", 0, 500_000, "+"),  # on another chromosome
        ],
        columns=["chrom", "start", "end", "strand"],
    )
    genes["tss"] = np.where(genes["strand"] == "+", genes["start"], genes["end"] - 1)
    table = structure_figures(Evidence(genes=genes.assign(part=genes["chrom"], place=0)))
    assert {detail: value for (_, detail), value in table.items()} == pytest.approx(
        {
            "per Mb": 5 / 1.5,
            "another TSS within 40 kb": 3 / 5,
            "another TSS within 1 kb": 2 / 5,
            "in a divergent pair within 1 kb": 2 / 5,
            "length, median, kb": 70,
            "length, 90 %, kb": 340,
        }
    )


def test_expression():
    table = pd.DataFrame(
        {
            "chrom": ["chr1"] * 4 + ["chr2"] * 4,
            "tss": [0, 1000, 2000, 900_000] * 2,
            "in a": [0.0, 1, 2, 3, 4, 5, 6, 7],
            "in b": [0.0, 1, 2, 7, 4, 5, 6, 3],
            "place": 0,
        }
    )
    found = structure_figures(Evidence(expression=table))
    assert found["log2(RPKM + 1)", "exact zeros"] == 1 / 8
    assert [found["log2(RPKM + 1)", q] for q in ("25 %", "50 %", "75 %")] == pytest.approx([1.75, 3.5, 5.25])
    near = np.corrcoef([0, 1, 4, 5], [1, 2, 5, 6])[0, 1]  # 0 and 1, 1 and 2, 4 and 5, 5 and 6 are neighbours
    assert found["neighbours within 200 kb", "r of their expression"] == pytest.approx(near)
    assert found["label agreement of cell types", "lowest"] == 6 / 8  # 3 and 7 have changed places
    assert found["r of cell types", "highest"] == pytest.approx(np.corrcoef(table["in a"], table["in b"])[0, 1])


def test_contacts():
    contacts = pd.DataFrame(
        {
            "cell_type": ["a"] * 4 + ["b"] * 4,
            "pcres": [0, 1, 2, 3, 3, 2, 1, 0],
            "log2_expression": [0.0, 1, 2, 3, 0, 1, 2, 4],
            "open": [0, 1, 1, 1, 0, 0, 1, 1],
            "place": 0,
        }
    )
    found = structure_figures(Evidence(contacts=contacts))
    name = "number of pCREs against expression, r"
    assert found[name, "all genes"] == pytest.approx((1 + np.corrcoef([3, 2, 1, 0], [0, 1, 2, 4])[0, 1]) / 2)
    assert np.isnan(found[name, "open promoters"]), "two genes of cell type b tell nothing"
    assert found["pCREs of a gene", "genes without"] == 2 / 8
    pcres = pd.DataFrame({"distance": np.arange(0, 101) * 1000, "frequency": np.linspace(1.5, 2.5, 101), "place": 0})
    found = structure_figures(Evidence(pcres=pcres))
    assert found["distance of pCREs, kb", "90 %"] == pytest.approx(90)
    assert found["frequency of pCREs", "median"] == pytest.approx(2)


@pytest.fixture
def pairs():
    """Six tested pairs of four elements; near ones are causes, and the brightest element drives nothing."""
    return pd.DataFrame(
        [
            ("G1", "e1", 5_000, 4.0, True, True, True, 0.1, 1),
            ("G1", "e2", 40_000, 9.0, True, False, False, 0.0, 1),
            ("G1", "e3", 100_000, 1.0, False, False, False, 0.0, 0),
            ("G2", "e1", 50_000, 4.0, True, False, False, 0.0, 0),
            ("G2", "e4", 30_000, 6.0, True, True, False, 0.3, 0),
            ("G2", "e3", 400_000, 1.0, False, False, True, 0.0, 0),
        ],
        columns=["gene", "element", "distance", "h3k27ac", "bright", "cause", "nearest", "lost", "listed"],
    ).assign(h3k4me1=1.0, contact=lambda d: 3e4 / d["distance"], place=[0, 0, 0, 1, 1, 1])


def test_causes(pairs):
    contacts = pd.DataFrame(
        {"cell_type": "a", "pcres": [4, 4], "log2_expression": [1.0, 2], "open": np.nan, "place": 0}
    )
    found = structure_figures(Evidence(pairs=pairs, contacts=contacts))
    causes = {detail: value for (figure, detail), value in found.items() if figure == "causes"}
    assert causes == pytest.approx(
        {
            "share of bright elements that drive a gene": 2 / 3,
            "share of tested pairs": 2 / 6,
            "share of listed contacts": 1 / 8,
            "within 20 kb of the TSS": 1 / 2,
            "median distance, kb": 17.5,
            "its gene is the nearest": 1 / 2,
            "median share of expression lost": 0.2,
        }
    )
    assert found["decay of contact with distance", "slope of logarithms"] == pytest.approx(-1)


def test_simple_rules_are_scored_by_average_precision(pairs):
    found = structure_figures(Evidence(pairs=pairs))
    name = "average precision for causes"
    assert found[name, "distance"] == 1  # the two nearest are the two causes
    assert found[name, "H3K27ac"] == pytest.approx((1 / 2 + 2 / 4) / 2)  # 9, 6, then 4 twice, of which one is a cause
    assert found[name, "H3K27ac / distance"] == pytest.approx((1 + 2 / 3) / 2)  # the brightest comes between them
    assert found[name, "distance minus H3K27ac"] == pytest.approx(1 / 2)
    assert found[name, "H3K27ac / distance minus the better of both"] == pytest.approx(5 / 6 - 1)
    nothing = structure_figures(Evidence(pairs=pairs.assign(cause=False)))
    assert np.isnan(nothing[name, "distance"])


def test_pc1_and_ctcf():
    at_tss = pd.DataFrame({"log2_expression": [0.0, 1, 2], "pc1": [-1.0, 0, 1], "ctcf": [1.0, 0, 0], "place": 0})
    found = structure_figures(Evidence(at_tss=at_tss))
    assert found == {("PC1 against expression", "r"): pytest.approx(1), ("CTCF at promoters", "share"): 1 / 3}
