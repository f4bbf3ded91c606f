"""data/genes/folds: by chromosome, by region, by group; no chromosome in two folds."""

import pandas as pd
import pytest
from helpers.toys import reported
from hypothesis import given, settings
from hypothesis import strategies as st

from chromolab.data.genes.folds import assign_folds, region_of
from chromolab.data.intervals import tss_windows
from chromolab.defaults import FOLDS_HUMAN
from chromolab.errors import ChromolabError


def some_genes(places):
    return pd.DataFrame(
        [(f"G{i}", chrom, tss) for i, (chrom, tss) in enumerate(places)], columns=["gene_id", "chrom", "tss"]
    )


def test_folds_by_chromosome():
    genes = some_genes([("chr1", 5), ("2", 5), ("chrM", 5), ("chrX", 5)])
    folded, report = assign_folds(genes, FOLDS_HUMAN)
    assert folded["fold"].tolist() == [1, 3, 4] and folded["chrom"].tolist() == ["chr1", "2", "chrX"]
    assert reported(report, "chromosome is in no fold") == 1 and "G2 chrM" in str(report)


@given(st.lists(st.sampled_from([f"chr{i}" for i in range(9)]), min_size=1, max_size=60), st.integers(1, 9))
def test_chromosomes_are_dealt_whole_and_evenly(chromosomes, n):
    genes = some_genes([(c, 5) for c in chromosomes])
    if n > len(set(chromosomes)):
        with pytest.raises(ChromolabError, match=f"expected 1 to {len(set(chromosomes))}"):
            assign_folds(genes, n)
        return
    folded, report = assign_folds(genes, n)
    assert len(report) == 0 and set(folded["fold"]) == set(range(1, n + 1))
    assert len(folded[["chrom", "fold"]].drop_duplicates()) == len(set(chromosomes))
    load = folded["fold"].value_counts()
    assert load.max() - load.min() <= folded["chrom"].value_counts().max()


def test_folds_by_region():
    genes = some_genes([("chr1", 50), ("chr1", 120), ("chr2", 50), ("chr1", 160), ("chr1", 95)])
    regions = pd.DataFrame(
        {"chrom": ["chr1", "chr2", "chr1"], "start": [0, 0, 100], "end": [100, 100, 200], "name": list("abc")}
    )
    folded, report = assign_folds(genes, regions, n_folds=2, window=20)
    assert folded[["gene_id", "fold"]].to_numpy().tolist() == [["G0", 1], ["G1", 1], ["G2", 2], ["G3", 1]]
    assert reported(report, "window is not inside one region") == 1
    named = assign_folds(genes, regions.assign(fold=[7, 5, 6]), window=20)[0]
    assert named["fold"].tolist() == [7, 6, 5, 6]
    with pytest.raises(ChromolabError, match="do not overlap"):
        assign_folds(genes, regions.assign(start=[0, 0, 99]), window=20)
    with pytest.raises(ChromolabError, match="column fold"):
        assign_folds(genes, regions.assign(fold=[0, 1, 2]), window=20)


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 60)), min_size=1, max_size=8),
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 60), st.integers(1, 30)), max_size=6),
    st.integers(1, 20),
)
@settings(deadline=None)
def test_region_of_is_the_first_that_holds_the_window(places, rows, window):
    genes = some_genes(places)
    regions = pd.DataFrame([(c, s, s + n) for c, s, n in rows], columns=["chrom", "start", "end"])
    expected = []
    for chrom, start, end in tss_windows(genes, window).itertuples(index=False):
        holding = [c == chrom and s <= start and end <= e for c, s, e in regions.itertuples(index=False)]
        expected.append(holding.index(True) if True in holding else -1)
    assert region_of(genes, regions, window).tolist() == expected


def test_folds_by_group():
    genes = some_genes([("chr1", 5)] * 4).assign(batch=["x", "y", None, "x"])
    folded, report = assign_folds(genes, "batch")
    assert folded["fold"].tolist() == [1, 2, 1] and reported(report, "group is missing") == 1
    by_id = pd.Series({"G3": 9, "G0": 3, "G1": 3})
    assert assign_folds(genes, by_id)[0][["gene_id", "fold"]].to_numpy().tolist() == [["G0", 3], ["G1", 3], ["G3", 9]]
    assert assign_folds(genes, pd.Series([1, 2, 3, 4]))[0]["fold"].tolist() == [1, 2, 3, 4]
    with pytest.raises(ChromolabError, match="colour missing"):
        assign_folds(genes, "colour")
    with pytest.raises(ChromolabError, match="indexed neither"):
        assign_folds(genes, pd.Series([1, 2], index=["G0", "G0"]))


@pytest.mark.parametrize(
    ("folds", "said"),
    [
        ({1: ["chr1"], 2: ["chr1"]}, "chr1 is in fold 1 and in fold 2"),
        ({0: ["chr1"]}, "fold >= 1"),
        ({1: "chr1"}, "a list of chromosomes"),
        ({1: ["chr9"]}, "no gene is left.*on chr1"),
        (True, "expected a dict"),
        (None, "expected a dict"),
        (0, "expected 1 to 1"),
    ],
)
def test_bad_folds(folds, said):
    with pytest.raises(ChromolabError, match=said):
        assign_folds(some_genes([("chr1", 5)]), folds)
