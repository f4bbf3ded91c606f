"""Annotation, expression and folds: real formats in, a checked gene table out, and counts of what was left out."""

import gzip
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chromolab.data.genes.annotation import read_annotation
from chromolab.data.genes.expression import read_expression
from chromolab.data.genes.folds import assign_folds, region_of
from chromolab.data.genes.gene_table import gene_table
from chromolab.data.intervals import read_regions, tss_windows
from chromolab.data.report import Report
from chromolab.data.text import strip_version
from chromolab.defaults import FOLDS_HUMAN
from chromolab.errors import ChromolabError

ATTRIBUTES = 'gene_id "{}"; transcript_id "{}"; gene_type "protein_coding"; gene_name "{}"; level 2; note "a; b";'


def gtf_row(gene, chrom="chr1", start=101, end=200, strand="+", feature="gene", transcript="T", name=None):
    attributes = ATTRIBUTES.format(gene, transcript, name or gene)
    return f"{chrom}\tHAVANA\t{feature}\t{start}\t{end}\t.\t{strand}\t.\t{attributes}\n"


def write(path, *rows, opener=open):
    with opener(path, "wt") as f:
        f.writelines(rows)
    return path


@pytest.fixture
def gtf(tmp_path):
    return write(
        tmp_path / "a.gtf.gz",
        "##description: a #comment\n",
        gtf_row("ENSG00000000001.4", start=50_101, end=60_000, name="PLUS"),
        gtf_row("ENSG00000000001.4", start=50_101, end=60_000, feature="transcript", transcript="T1"),
        gtf_row("ENSG00000000002.1", "chr2", 70_001, 90_000, "-", name="MINUS"),
        gtf_row("ENSG00000000003.1", "chrM", 30_001, 40_000, "-"),
        gtf_row("ENSG00000000004.1", "chr7", 30_001, 40_000, "-"),
        opener=gzip.open,
    )


@pytest.fixture
def expression():
    ids = pd.Index([f"ENSG0000000000{i}" for i in (1, 2, 3, 9, 8)], name="gene_id")
    return pd.DataFrame({"E003": [3.0, 1, 7, 9, 15], "E004": [0.0, 0, 0, 5, 1]}, index=ids)


# ---------------------------------------------------------------- annotation


def test_gene_rows(gtf):
    df = read_annotation(gtf)
    assert df["gene_id"].tolist() == [f"ENSG0000000000{i}" for i in (1, 2, 3, 4)]
    assert df.loc[0, ["gene_name", "chrom", "start", "end", "tss", "gene_type"]].tolist() == [
        "PLUS",
        "chr1",
        50_100,
        60_000,
        50_100,
        "protein_coding",
    ]
    assert df.loc[1, ["start", "end", "strand", "tss"]].tolist() == [70_000, 90_000, "-", 89_999]


@pytest.mark.parametrize(
    ("tss", "plus", "minus"), [("outermost", 100, 899), ("common", 150, 849)], ids=["outermost", "common"]
)
def test_transcript_rows(tmp_path, tss, plus, minus):
    rows = [gtf_row("P", start=s, end=900, feature="transcript") for s in (101, 151, 151, 301, 301)]
    rows += [gtf_row("M", start=101, end=e, strand="-", feature="transcript") for e in (850, 900, 850)]
    df = read_annotation(write(tmp_path / "t.gtf", *rows), tss=tss).set_index("gene_id")
    assert df["tss"].to_dict() == {"P": plus, "M": minus}
    assert df.loc["P", ["start", "end"]].tolist() == [100, 900] == df.loc["M", ["start", "end"]].tolist()


def test_features(tmp_path, gtf):
    exons = write(tmp_path / "e.gtf", *(gtf_row("G", start=s, end=s + 9, feature="exon") for s in (301, 101)))
    assert read_annotation(exons)[["start", "end", "tss"]].to_numpy().tolist() == [[100, 310, 100]]
    assert read_annotation(gtf, feature="transcript")["gene_id"].tolist() == ["ENSG00000000001"]
    with pytest.raises(ChromolabError, match=r"e\.gtf: no CDS rows"):
        read_annotation(exons, feature="CDS")
    with pytest.raises(ChromolabError, match="needs transcripts"):
        read_annotation(gtf, feature="gene", tss="common")
    with pytest.raises(ChromolabError, match="'outermost' or 'common'"):
        read_annotation(gtf, tss="best")


def test_gff3_and_missing_names(tmp_path):
    row = "chr1\tx\tgene\t11\t20\t.\t+\t.\tID=gene:G1;gene_id=G1;biotype=x\n"
    df = read_annotation(write(tmp_path / "a.gff3", row))
    assert df.loc[0, ["gene_id", "gene_name", "gene_type"]].tolist() == ["G1", "G1", ""]


def test_genes_in_two_places_are_left_out(tmp_path, caplog):
    rows = [gtf_row("PAR", c, feature="transcript") for c in ("chrX", "chrY")] + [gtf_row("G", feature="transcript")]
    assert read_annotation(write(tmp_path / "a.gtf", *rows))["gene_id"].tolist() == ["G"]
    assert "1 gene(s) left out" in caplog.text and "PAR" in caplog.text


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("chr1 x gene 1 2 . + . gene_id\n", "line 2: 1 columns separated by tabs; expected a GTF's 9"),
        (gtf_row("G", start=0), "line 2: chr1:0-200"),
        (gtf_row("G", start=300), "line 2: chr1:300-200"),
        (gtf_row("G", start="x"), "line 2: chr1:x-200"),
        (gtf_row("G", strand="."), r"line 2: .*strand '\.'"),
        (gtf_row("G", strand=""), "line 2: .*strand ''"),
        (gtf_row("G").replace("gene_id", "geneid"), "line 2: no gene_id"),
        (gtf_row("A.2"), None),
        (gtf_row("ENSG00000000001.3", "chr2"), "lines 1 and 2: ENSG00000000001 has two gene rows"),
    ],
)
def test_malformed_gtf_is_named_by_line(tmp_path, row, said):
    path = write(tmp_path / "bad.gtf", gtf_row("ENSG00000000001.2"), row)
    if said is None:
        assert read_annotation(path)["gene_id"].tolist() == ["ENSG00000000001", "A.2"]
    else:
        with pytest.raises(ChromolabError, match=rf"bad\.gtf, {said}"):
            read_annotation(path)


def test_unreadable_text(tmp_path, gtf):
    cut = tmp_path / "cut.gtf.gz"
    cut.write_bytes(gtf.read_bytes()[:-20])
    binary = tmp_path / "x.gtf"
    binary.write_bytes(b"\xff\xfe\x00\x81" * 9)
    for path, said in [(cut, "the rest cannot be read"), (binary, "not text"), (write(tmp_path / "e", ""), "empty")]:
        with pytest.raises(ChromolabError, match=said):
            read_annotation(path)


def test_versions():
    assert strip_version(["ENSG00000000003.14", "ENSMUSG00000000001.4", "NM_000014.6", "ENSG00000000003"]) == [
        "ENSG00000000003",
        "ENSMUSG00000000001",
        "NM_000014",
        "ENSG00000000003",
    ]
    assert strip_version(["F25H2.1", "YAL001C", "ENSG00000182378.15_PAR_Y"]) == [
        "F25H2.1",
        "YAL001C",
        "ENSG00000182378_PAR_Y",
    ]


# ---------------------------------------------------------------- expression


def test_roadmap_table_with_trailing_tabs(tmp_path):
    text = "gene_id\tE000\tE003\nENSG00000000003\t23.265\t43.985\t\nENSG00000000005\t0.872\t1.642\t\n"
    df = read_expression(write(tmp_path / "57.RPKM.pc.gz", text, opener=gzip.open))
    assert df.to_dict("index") == {
        "ENSG00000000003": {"E000": 23.265, "E003": 43.985},
        "ENSG00000000005": {"E000": 0.872, "E003": 1.642},
    }


@pytest.mark.parametrize(
    "text",
    [
        "gene_id\tname\tA\tB\nENSG00000000001.2\tx\t1\t2\nG2\ty\t3\t4e0\n",
        "# made by\ngene_id,A,B\nENSG00000000001,1,2\nG2,3,4\n",
        '"A"\t"B"\n"ENSG00000000001"\t1\t2\n"G2"\t3\t4\n',
        "\ufeffgene_id\tA\tB\r\nENSG00000000001\t1\t2\t\r\nG2\t3\t4\t\r\n",
    ],
    ids=["versions and a text column", "commas", "R", "Excel"],
)
def test_other_tables(tmp_path, text):
    path = tmp_path / "t.txt"
    path.write_bytes(text.encode())
    df = read_expression(path)
    assert df.columns.tolist() == ["A", "B"] and df.index.tolist() == ["ENSG00000000001", "G2"]
    assert df.to_numpy().tolist() == [[1, 2], [3, 4]]


def test_another_id_column(tmp_path):
    path = write(tmp_path / "t.csv", "n,symbol,A\n1,G1,5\n2,G2,6\n")
    assert read_expression(path, id_column="symbol").loc["G2"].to_dict() == {"n": 2, "A": 6}
    with pytest.raises(ChromolabError, match="no column 'id'; it has n, symbol, A"):
        read_expression(path, id_column="id")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("G1\t1\t2\nG2\t\t4\n", "line 3, column A: '' for gene G2"),
        ("G1\t1\t2\nG2\t3\tNA\n", "line 3, column B: 'NA' for gene G2"),
        ("G1\t-1\t2\nG2\t3\t4\n", "line 2, column A: '-1'"),
        ("G1\t1\tinf\n", "line 2, column B: 'inf'"),
        ("G1\t1\t2\nG2\t3\n", "line 3: 2 values; expected 3"),
        ("G1\t1\t2\nG2\t3\t4\t5\n", "line 3: 4 values; expected 3"),
        ("G1\t1\t2\nG2\t3\t4\nG1\t5\t6\n", "lines 2 and 4: gene G1 twice"),
        ("ENSG00000000001.1\t1\t2\nENSG00000000001.2\t3\t4\n", "lines 2 and 3: gene ENSG00000000001 twice"),
        ("G1\tx\ty\n", "no column of numbers"),
        ("", "no rows under the header"),
    ],
)
def test_bad_expression_is_named_by_line_and_column(tmp_path, rows, said):
    with pytest.raises(ChromolabError, match=rf"t\.tsv(, |: ){said}"):
        read_expression(write(tmp_path / "t.tsv", "gene_id\tA\tB\n", rows))


def test_two_columns_of_one_name(tmp_path):
    with pytest.raises(ChromolabError, match="two columns are called 'A'"):
        read_expression(write(tmp_path / "t.tsv", "gene_id\tA\tA\nG\t1\t2\n"))


# ---------------------------------------------------------------- the join


def test_gene_table(gtf, expression):
    genes, report = gene_table(read_annotation(gtf), expression, "E003")
    assert genes["gene_id"].tolist() == ["ENSG00000000001", "ENSG00000000002"]
    assert genes["fold"].tolist() == [1, 3] and genes["cell_type"].tolist() == ["E003"] * 2
    assert genes["log2_expression"].tolist() == [2, 1]
    assert genes["label"].tolist() == [0, 0], "the median (7) is that of all five genes of the table, not of the two"
    fewer, _ = gene_table(read_annotation(gtf), expression.head(3), "E003")
    assert fewer["label"].tolist() == [1, 0]
    assert report.count("no expression") == 1 and report.count("not in the annotation") == 2
    assert report.count("chromosome is in no fold") == 1, "chrM"
    assert "ENSG00000000004" in str(report) and "ENSG00000000009" in str(report)


def test_one_row_per_gene_and_cell_type(gtf, expression):
    genes, report = gene_table(read_annotation(gtf), expression)
    assert genes[["gene_id", "cell_type"]].to_numpy().tolist() == [
        [g, c] for c in ("E003", "E004") for g in ("ENSG00000000001", "ENSG00000000002")
    ]
    assert genes[genes["cell_type"] == "E004"]["label"].tolist() == [0, 0], "median 0: label 1 means expressed at all"
    assert report.count("E004 have expression 0") == 3


def test_versions_and_names_meet(gtf, expression):
    annotation = read_annotation(gtf)
    versioned = expression.set_axis(expression.index + ".7")
    assert len(gene_table(annotation, versioned, "E003")[0]) == 2
    named = pd.DataFrame({"A": [1.0, 2]}, index=["MINUS", "nothing"])
    assert gene_table(annotation, named, on="gene_name")[0]["gene_id"].tolist() == ["ENSG00000000002"]


def test_names_of_several_genes_are_left_out(gtf):
    annotation = read_annotation(gtf).assign(gene_name=["A", "A", "C", "D"])
    genes, report = gene_table(annotation, pd.DataFrame({"E": [1.0, 2]}, index=["A", "D"]), on="gene_name")
    assert genes["gene_name"].tolist() == ["D"] and report.count("stands for several genes") == 2


def test_empty_join_shows_both_sides(gtf, expression):
    annotation = read_annotation(gtf)
    strange = expression.set_axis([f"YAL{i}" for i in range(5)])
    with pytest.raises(ChromolabError, match=r"ENSG00000000001, .* the expression table YAL0, YAL1, YAL2"):
        gene_table(annotation, strange)
    named = expression.set_axis(["PLUS", "MINUS", "x", "y", "z"])
    with pytest.raises(ChromolabError, match=r"2 genes match by gene_name: pass on='gene_name'"):
        gene_table(annotation, named)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda e: e.replace(15.0, np.nan), "E003=nan"),
        (lambda e: e.replace(15.0, -2.0), "E003=-2.0"),
        (
            lambda e: e.set_axis(["ENSG00000000001.1", "ENSG00000000001.2", "a", "b", "c"]),
            "ENSG00000000001 has two rows",
        ),
    ],
)
def test_bad_expression_tables(gtf, expression, change, said):
    with pytest.raises(ChromolabError, match=said):
        gene_table(read_annotation(gtf), change(expression))


def test_bad_requests(gtf, expression):
    annotation = read_annotation(gtf)
    with pytest.raises(ChromolabError, match="E999 missing from the expression table, which has E003, E004"):
        gene_table(annotation, expression, ["E003", "E999"])
    with pytest.raises(ChromolabError, match="each gene once"):
        gene_table(pd.concat([annotation, annotation.head(1)]), expression)
    with pytest.raises(ChromolabError, match="'gene_id' or 'gene_name'"):
        gene_table(annotation, expression, on="symbol")
    with pytest.raises(ChromolabError, match=r"tss missing"):
        gene_table(annotation.drop(columns="tss"), expression)


def test_within_keeps_whole_windows_only(gtf, expression):
    region = pd.DataFrame({"chrom": ["1"], "start": [30_100], "end": [70_100]})
    genes, report = gene_table(read_annotation(gtf), expression, "E003", within=region)
    assert genes["gene_id"].tolist() == ["ENSG00000000001"], "[30100, 70100) is just the window, named 1 for chr1"
    assert report.count("window is not inside") == 2
    with pytest.raises(ChromolabError, match="no gene is left"):
        gene_table(read_annotation(gtf), expression, within=region.assign(end=70_099))


# ---------------------------------------------------------------- folds


def some_genes(places):
    return pd.DataFrame(
        [(f"G{i}", chrom, tss) for i, (chrom, tss) in enumerate(places)], columns=["gene_id", "chrom", "tss"]
    )


def test_folds_by_chromosome():
    genes = some_genes([("chr1", 5), ("2", 5), ("chrM", 5), ("chrX", 5)])
    folded, report = assign_folds(genes, FOLDS_HUMAN)
    assert folded["fold"].tolist() == [1, 3, 4] and folded["chrom"].tolist() == ["chr1", "2", "chrX"]
    assert report.count("chromosome is in no fold") == 1 and "G2 chrM" in str(report)


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
    assert report.count("window is not inside one region") == 1
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
    assert folded["fold"].tolist() == [1, 2, 1] and report.count("group is missing") == 1
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


# ---------------------------------------------------------------- report


def test_report():
    report = Report()
    report.add("never", [])
    report.add("left out", ["a", "a", "b", "c", "d"])
    report.add("kept", count=12_345)
    assert str(report) == "     5 left out (a, b, c, ...)\n12,345 kept"
    assert report.table["count"].tolist() == [5, 12_345] and report.count("left") == 5 and report.count("no") == 0
    assert "<tr><td>5</td><td>left out</td><td>a, b, c</td></tr>" in report._repr_html_()


# ---------------------------------------------------------------- real files


@pytest.mark.real
def test_roadmap_and_gencode(real):
    annotation = read_annotation(real / "roadmap-pilot/gencode_10_genes.gtf.gz")
    expression = read_expression(real / "roadmap-pilot/57epigenomes.RPKM.pc.gz")
    assert expression.shape == (19_795, 57) and expression.loc["ENSG00000000003", "E003"] == 43.985
    regions = read_regions(real / "roadmap-pilot/encodePilotRegions.hg19.bed", disjoint=True)
    regions = regions[regions["chrom"] != "chrX"]
    cells = ["E003", "E065", "E116"]
    genes, report = gene_table(annotation, expression, cells, folds=regions, within=regions)
    assert genes["cell_type"].value_counts().to_dict() == dict.fromkeys(cells, 351)
    assert set(genes["fold"]) == {1, 2, 3, 4}
    everything, _ = gene_table(annotation, expression, "E003")
    assert math.isclose(everything["label"].mean(), 0.5, abs_tol=0.01)


@pytest.mark.real
def test_published_tss_are_of_another_annotation(real):
    """What `read_annotation` says of them; `start` is the middle of the published window on both strands."""
    meta = pd.read_csv(real / "h1-demo/meta.csv")
    v10 = read_annotation(real / "roadmap-pilot/gencode_10_genes.gtf.gz").set_index("gene_id").loc[meta["gene_id"]]
    assert (v10["strand"].to_numpy() == meta["strand"].to_numpy()).all()
    away = (meta["start"].to_numpy() - v10["tss"].to_numpy()) * np.where(meta["strand"] == "+", 1, -1)
    assert ((away == 0).sum(), (away == -1).sum(), (abs(away) >= 4).sum()) == (1, 4, 55)
    for chrom, tss in zip(meta["chrom"], meta["start"], strict=True):
        assert (real / f"h1-demo/npy/{chrom}:{tss - 20_000}-{tss + 20_000}.npy").is_file()
