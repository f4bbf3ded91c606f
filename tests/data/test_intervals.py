"""data/intervals: valid tables pass unchanged, invalid ones are refused with their row."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chromolab.data import intervals
from chromolab.data.intervals import check_contacts, check_genes, check_pcres, check_regions
from chromolab.errors import ChromolabError


def regions(*rows):
    return pd.DataFrame(rows, columns=["chrom", "start", "end"])


def genes(**changes):
    df = pd.DataFrame(
        {
            "gene_id": ["G1", "G2"],
            "gene_name": ["a", "b"],
            "cell_type": "E003",
            "chrom": ["chr1", "chr2"],
            "tss": [100, 250],
            "strand": ["+", "-"],
            "start": [100, 200],
            "end": [150, 251],
            "expression": [3.0, 0.0],
            "log2_expression": [2.0, 0.0],
            "label": [1, 0],
            "fold": [1, 2],
        }
    )
    return df.assign(**changes)


def contacts(**changes):
    df = pd.DataFrame(
        {
            "chrom1": ["chr1", "chr1"],
            "start1": [0, 10],
            "end1": [10, 20],
            "chrom2": ["chr1", "chr2"],
            "start2": [50, 60],
            "end2": [60, 70],
            "frequency": [2.0, 3],
        }
    )
    return df.assign(**changes)


def test_regions_keep_order_overlaps_and_extra_columns():
    df = regions(("chr2", 5.0, 9), ("chr1", 0, 3), ("chr2", 4, 6)).assign(name=list("abc"))
    df = df.set_index("name", drop=False)
    out = check_regions(df)
    assert out[["chrom", "start", "end", "name"]].to_numpy().tolist() == df.to_numpy().tolist()
    assert out["start"].dtype == np.int64 and out.index.tolist() == [0, 1, 2]
    assert df.index.name == "name", "the caller's table is left as it was"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("chr1", 9, 5), "end > start"),
        (("chr1", 5, 5), "end > start"),
        (("chr1", -1, 5), "start >= 0"),
        (("chr1", np.nan, 5), "start=nan; expected a whole number"),
        (("chr1", 1.5, 5), "whole number"),
        (("chr1", "x", 5), "start=x; expected a whole number"),
        (("chr1", 0, np.inf), "whole number"),
        ((None, 0, 5), "chromosome name"),
        (("", 0, 5), "chromosome name"),
    ],
)
def test_bad_region_is_named_by_source_and_row(row, said):
    with pytest.raises(ChromolabError, match=f"mine.bed, row 1.*{said}"):
        check_regions(regions(("chr1", 0, 10), row), "mine.bed")


def test_windows_over_the_start_are_legal_where_asked():
    assert check_regions(regions(("chr1", -50, 10)), allow_outside=True)["start"].tolist() == [-50]


def test_not_a_table_and_missing_columns():
    with pytest.raises(ChromolabError, match="expected a pandas DataFrame, got list"):
        check_regions([("chr1", 0, 1)])
    with pytest.raises(ChromolabError, match=r"end missing; it has chrom, start\."):
        check_regions(pd.DataFrame({"chrom": ["chr1"], "start": [0]}))


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 30), st.integers(1, 8)), min_size=1, max_size=8))
def test_disjoint_refuses_exactly_the_overlaps(rows):
    df = regions(*((c, s, s + n) for c, s, n in rows))
    bases = [(c, b) for c, s, e in df.itertuples(index=False) for b in range(s, e)]
    if len(set(bases)) == len(bases):
        check_regions(df, disjoint=True)
    else:
        with pytest.raises(ChromolabError, match="do not overlap"):
            check_regions(df, disjoint=True)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"gene_id": ["G1", "G1"]}, "row 1.*one row per gene_id and cell_type"),
        ({"expression": [3.0, np.nan]}, "row 1.*expression=nan"),
        ({"expression": [3.0, -1.0]}, "row 1.*expression >= 0"),
        ({"log2_expression": [np.log(4), 0.0]}, "row 0.*log2"),
        ({"strand": ["+", "."]}, "row 1.*strand '\\+' or '-'"),
        ({"label": [1, 2]}, "row 1.*label 0 or 1"),
        ({"fold": [0, 1]}, "row 0.*fold >= 1"),
        ({"tss": [-1, 1]}, "row 0.*TSS >= 0"),
        ({"end": [150, 200]}, "row 1.*end > start"),
    ],
)
def test_genes(changes, said):
    assert check_genes(genes(extra=[1, 2]))["extra"].tolist() == [1, 2]
    with pytest.raises(ChromolabError, match=said):
        check_genes(genes(**changes))


def test_a_table_without_genes_is_refused():
    with pytest.raises(ChromolabError, match="mine.csv: a table without rows"):
        check_genes(genes().iloc[:0], "mine.csv")


def test_same_gene_in_two_cell_types_is_legal():
    assert len(check_genes(genes(gene_id=["G1", "G1"], cell_type=["E003", "E004"]))) == 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"frequency": [1, np.nan]}, "row 1.*frequency=nan"),
        ({"frequency": [1, "lots"]}, "row 1.*frequency=lots"),
        ({"frequency": [-1, 1]}, "row 0.*frequency >= 0"),
        ({"end2": [40, 70]}, "row 0.*end2 > start2"),
        ({"start1": [0, -3]}, "row 1.*start1 >= 0"),
    ],
)
def test_contacts(changes, said):
    assert check_contacts(contacts())["frequency"].tolist() == [2, 3]
    with pytest.raises(ChromolabError, match=said):
        check_contacts(contacts(**changes))


def test_pcres_come_sorted_and_once():
    df = pd.DataFrame(
        [["G2", "E", "chr1", 0, 9, 1.0], ["G1", "E", "chr1", 5, 9, 1.0], ["G1", "E", "chr1", 0, 9, 2.0]],
        columns=intervals.PCRE_COLUMNS,
    )
    assert check_pcres(df)["start"].tolist() == [0, 5, 0]
    with pytest.raises(ChromolabError, match="row 3.*each pCRE of a gene only once"):
        check_pcres(pd.concat([df, df.head(1)]))


def test_bed(tmp_path):
    path = tmp_path / "regions.bed"
    path.write_text('track name="x"\n#note\nchr1\t10\t20\tENr231\t0\t+\nchr2\t5\t9\t\n')
    df = intervals.read_regions(path)
    assert df.to_numpy().tolist()[0] == ["chr1", 10, 20, "ENr231"] and df["end"].tolist() == [20, 9]
    path.write_text("chr1\t10\t20\nchr1\t15\t30\n")
    assert intervals.read_regions(path)["name"].tolist() == ["chr1:10-20", "chr1:15-30"]
    with pytest.raises(ChromolabError, match=r"regions.bed, row 1.*do not overlap"):
        intervals.read_regions(path, disjoint=True)
    bad = [
        ("#\nchr1\t10\n", "line 2"),
        ("chr1\t9\tx\n", "line 1"),
        ("c 9 9", "line 1"),
        ("\n", "no regions"),
        ("\t1\t2\n", "a chromosome name"),
    ]
    for text, said in bad:
        path.write_text(text)
        with pytest.raises(ChromolabError, match=said):
            intervals.read_regions(path)


@given(st.integers(0, 10**6), st.integers(1, 10**5), st.sampled_from("+-"))
def test_windows_hold_the_tss_in_the_middle_bin(tss, window, strand):
    df = intervals.tss_windows(genes(tss=tss, strand=strand), window)
    assert (df["end"] - df["start"] == window).all() and (df["start"] + window // 2 == tss).all()


def test_window_must_be_a_width():
    for window in (0, -5, 2.5):
        with pytest.raises(ChromolabError, match="window"):
            intervals.tss_windows(genes(), window)


def test_a_region_as_text():
    assert intervals.parse_region("chr1:1,000-2_000") == ("chr1", 1000, 2000)
    assert intervals.parse_region("HLA-A:02:5-6") == ("HLA-A:02", 5, 6)
    for bad in ("chr1", "chr1:5", "chr1:-1-5", "chr1:,-5", "chr 1:1-5", None):
        with pytest.raises(ChromolabError, match="expected 'chrom:start-end'"):
            intervals.parse_region(bad)
    with pytest.raises(ChromolabError, match="empty or reversed"):
        intervals.parse_region("chr1:5-5")
