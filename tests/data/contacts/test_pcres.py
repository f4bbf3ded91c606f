"""Contacts to pCREs: against a slow join row by row, through the formats in which they come."""

import bz2
import gzip
import zipfile

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chromolab.data.contacts.formats import read_contacts
from chromolab.data.contacts.pcres import assign_pcres
from chromolab.data.dataset.published import parse_neighbours
from chromolab.data.genes.annotation import read_annotation
from chromolab.data.genes.expression import read_expression
from chromolab.data.genes.gene_table import gene_table
from chromolab.data.intervals import CONTACT_COLUMNS, PCRE_COLUMNS, read_regions
from chromolab.errors import ChromolabError

HEADER = "chrom1\tstart1\tend1\tchrom2\tstart2\tend2\tscore\tsamplenumber\n"
ROWS = "chr1\t0\t10\tchr1\t50\t60\t2.5\t1\nchr2\t5\t9\tchr1\t70\t90\t4\t2\n"
# CHiCAGO writes fragments as R does, first and last base, from 1: a row from 0 would be of another program.
FROM_ONE = (
    ROWS.replace("\t0\t10\t", "\t1\t10\t")
    .replace("\t50\t", "\t51\t")
    .replace("\t5\t", "\t6\t")
    .replace("\t70\t", "\t71\t")
)
EXPECTED = [["chr1", 0, 10, "chr1", 50, 60, 2.5], ["chr2", 5, 9, "chr1", 70, 90, 4.0]]


def genes(*rows):
    """Rows (gene_id, cell_type, chrom, tss)."""
    return pd.DataFrame(rows, columns=["gene_id", "cell_type", "chrom", "tss"])


def contacts(*rows):
    return pd.DataFrame(rows, columns=list(CONTACT_COLUMNS))


# ---------------------------------------------------------------- reading


@pytest.mark.parametrize("compress", [None, gzip.open, bz2.open])
def test_generic_table(tmp_path, compress):
    path = tmp_path / ("c.tsv" + {None: "", gzip.open: ".gz", bz2.open: ".bz2"}[compress])
    with (compress or open)(path, "wt") as f:
        f.write(HEADER + ROWS)
    df = read_contacts(path)
    assert df.to_numpy().tolist() == EXPECTED and df.columns.tolist() == list(CONTACT_COLUMNS)


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ((HEADER + ROWS).replace("\t", ","), {}),
        (ROWS, {"columns": [*CONTACT_COLUMNS, "n"]}),
        (HEADER.replace("score", "oe") + ROWS, {"frequency": "oe"}),
        (HEADER.replace("score", "oe") + ROWS, {"columns": {"frequency": "oe"}}),
        (HEADER.replace("score", "score\tn").replace("\tsamplenumber", "") + ROWS, {}),
        ("#chr1\tx1\tx2\tchr2\ty1\ty2\tscore\tstrand\n" + ROWS, {}),
        ("bait_chr\tbait_start\tbait_end\totherEnd_chr\totherEnd_start\totherEnd_end\tscore\tn\n" + FROM_ONE, {}),
        ("baitChr\tbaitStart\tbaitEnd\toeChr\toeStart\toeEnd\tcellA\tn\n" + FROM_ONE, {"frequency": "cellA"}),
        ("frag1\tfrag2\tfrequency\nchr1.0.10\tchr1.50.60\t2.5\nchr2.5.9\tchr1.70.90\t4\n", {}),
        (
            "a,b,c,d,e,f,g\nchr1,1,10,chr1,51,60,2.5\nchr2,6,9,chr1,71,90,4\n",
            {"columns": dict(zip(CONTACT_COLUMNS, "abcdefg", strict=True)), "one_based": True},
        ),
    ],
    ids=["csv", "no header", "frequency", "mapping", "column after", "bedpe", "ibed", "peaks", "frag", "1-based"],
)
def test_other_tables(tmp_path, text, options):
    path = tmp_path / "c.txt"
    path.write_text(text)
    assert read_contacts(path, **options)[list(CONTACT_COLUMNS)].to_numpy().tolist() == EXPECTED


def test_rows_of_one_sample_and_a_cell_type(tmp_path):
    path = tmp_path / "c.tsv"
    path.write_text(HEADER + ROWS)
    df = read_contacts(path, where={"samplenumber": 2}, cell_type="E116")
    assert df.to_numpy().tolist() == [[*EXPECTED[1], "E116"]]
    with pytest.raises(ChromolabError, match="no row where samplenumber is 7; it has 1, 2"):
        read_contacts(path, where={"samplenumber": 7})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEADER + ROWS + "chr1\t0\t10\tchr1\t60\t50\t1\t1\n", "row 2: .*end2 > start2"),
        (HEADER + ROWS + "chr1\t0\t10\tchr1\t60\t70\t\t1\n", "row 2: frequency=nan"),
        (HEADER + ROWS + "chr1\t0\t10\tchr1\t60\t70\tmany\t1\n", "row 2: frequency=many"),
        (HEADER + "chr1\t-5\t10\tchr1\t60\t70\t1\t1\n", "row 0: .*start1 >= 0"),
        (HEADER + "\t5\t10\tchr1\t60\t70\t1\t1\n", "row 0: .*chromosome name"),
        (HEADER + ROWS + "chr1\t0\t10\tchr1\t60\t70\t1\t1\t7\t8\n", "could not be read as a table"),
        (HEADER, "no rows"),
        ("", "could not be read as a table"),
        ("chrom1,start1\n1,2\n", "column.s. end1, chrom2, start2, end2, frequency missing"),
        ("frag1\tfrag2\tfrequency\nchr1.0\tchr1.50.60\t2.5\n", "row 0"),
    ],
)
def test_bad_table(tmp_path, text, said):
    path = tmp_path / "c.tsv"
    path.write_text(text)
    with pytest.raises(ChromolabError, match=rf"c\.tsv.*{said}"):
        read_contacts(path)


def test_broken_files(tmp_path):
    path = tmp_path / "c.tsv.gz"
    path.write_bytes(gzip.compress((HEADER + ROWS * 500).encode())[:-30])
    with pytest.raises(ChromolabError, match="incomplete"):
        read_contacts(path)
    (tmp_path / "c.zip").write_bytes(b"PK\x03\x04nothing")
    with pytest.raises(ChromolabError, match="incomplete"):
        read_contacts(tmp_path / "c.zip")
    with pytest.raises(ChromolabError, match="no such file"):
        read_contacts(tmp_path / "absent.tsv")
    (tmp_path / "c.tsv").write_text(HEADER + ROWS)
    with pytest.raises(ChromolabError, match="oe missing from the table, which has chrom1"):
        read_contacts(tmp_path / "c.tsv", frequency="oe")
    with pytest.raises(ChromolabError, match="8 columns, but 2 names"):
        read_contacts(tmp_path / "c.tsv", columns=["a", "b"])


# ---------------------------------------------------------------- published columns


def test_neighbours():
    meta = pd.DataFrame(
        {
            "gene_id": ["G1", "G2", "G3"],
            "eid": "E003",
            "neighbors": ["chr1:10-20;chr1:30-40", None, "chr2:5-9"],
            "scores": ["1.6;2.5", None, 1.75],
        }
    )
    df = parse_neighbours(meta)
    assert df.to_numpy().tolist() == [
        ["G1", "E003", "chr1", 30, 40, 2.5],
        ["G1", "E003", "chr1", 10, 20, 1.6],
        ["G3", "E003", "chr2", 5, 9, 1.75],
    ]
    empty = parse_neighbours(meta.iloc[[1]])
    assert len(empty) == 0 and empty["start"].dtype == df["start"].dtype


@pytest.mark.parametrize(
    ("neighbors", "scores", "said"),
    [
        ("chr1:10-20", "1.6;2", "row 1: gene G2 has 1 neighbors and 2 scores"),
        ("chr1:10-20", None, "has 1 neighbors and 0 scores"),
        ("chr1:10", "2", "neighbor 'chr1:10'"),
        ("chr1:10-20", "much", "score 'much'"),
        ("chr1:20-10", "2", "end > start"),
        ("chr1:10-20", "nan", "frequency=nan"),
        ("chr1:10-20", "-1", "frequency >= 0"),
        ("chr1:10-20;chr1:10-20", "2;3", "each pCRE of a gene only once"),
    ],
)
def test_bad_neighbours(neighbors, scores, said):
    meta = pd.DataFrame({"gene_id": ["G1", "G2"], "eid": "E", "neighbors": [None, neighbors], "scores": [None, scores]})
    with pytest.raises(ChromolabError, match=f"meta.csv, .*{said}"):
        parse_neighbours(meta, "meta.csv")
    with pytest.raises(ChromolabError, match="neighbors missing"):
        parse_neighbours(meta.drop(columns="neighbors"))


# ---------------------------------------------------------------- assigning


def slowly(gene_rows, contact_rows, k, min_frequency, max_length, flank, cis_only):
    """{(gene, cell type): [(chrom, start, end, frequency), ...]} by falling frequency, one pair at a time."""
    out = {}
    for gene, cell, chrom, tss in gene_rows:
        best = {}
        for c1, s1, e1, c2, s2, e2, f in contact_rows:
            if f <= min_frequency or (cis_only and c1 != c2):
                continue
            for near, far in (((c1, s1, e1), (c2, s2, e2)), ((c2, s2, e2), (c1, s1, e1))):
                bases = {(chrom, b) for b in range(tss - flank, tss + flank + 1)}
                touches = [any((p[0], b) in bases for b in range(p[1], p[2])) for p in (near, far)]
                if touches == [True, False] and far[2] - far[1] <= max_length:
                    best[far] = max(f, best.get(far, 0))
        ranked = sorted(((*place, f) for place, f in best.items()), key=lambda p: (-p[3], p[:3]))[:k]
        if ranked:
            out[gene, cell] = ranked
    return out


place = st.tuples(st.sampled_from(["chr1", "chr2"]), st.integers(0, 60), st.integers(1, 15))
contact = st.tuples(place, place, st.sampled_from([0.5, 1.5, 1.6, 2.0, 3.0])).map(
    lambda r: (r[0][0], r[0][1], r[0][1] + r[0][2], r[1][0], r[1][1], r[1][1] + r[1][2], r[2])
)


@given(
    st.lists(st.tuples(st.sampled_from(["chr1", "chr2"]), st.integers(0, 70)), min_size=1, max_size=6),
    st.lists(contact, min_size=1, max_size=25),
    st.integers(1, 4),
    st.sampled_from([0, 1.5, 2]),
    st.sampled_from([5, 10, 40]),
    st.sampled_from([0, 3]),
    st.booleans(),
)
@settings(deadline=None, max_examples=150)
def test_equals_the_slow_join(places, rows, k, min_frequency, max_length, flank, cis_only):
    gene_rows = [(f"G{i}", f"E{i % 2}", chrom, tss) for i, (chrom, tss) in enumerate(places)]
    expected = slowly(gene_rows, rows, k, min_frequency, max_length, flank, cis_only)
    try:
        pcres, report = assign_pcres(
            genes(*gene_rows), contacts(*rows), k, min_frequency, max_length, flank, cis_only=cis_only
        )
    except ChromolabError:
        assert not expected
        return
    found = {
        key: list(df[["chrom", "start", "end", "frequency"]].itertuples(index=False, name=None))
        for key, df in pcres.groupby(["gene_id", "cell_type"])
    }
    assert found == expected
    assert report.count("pCREs kept") == sum(map(len, expected.values()))
    assert report.count("genes with pCREs") + report.count("genes without") == len(gene_rows)


def test_everything_left_out_is_counted():
    table = contacts(
        ("chr1", 0, 10, "chr1", 100, 110, 5.0),  # kept
        ("chr1", 200, 210, "chr1", 2, 8, 4.0),  # kept: the promoter is the second end
        ("chr1", 0, 10, "chr1", 100, 110, 3.0),  # the first again, weaker
        ("chr1", 0, 10, "chr1", 3, 30, 9.0),  # both ends at the promoter
        ("chr1", 0, 10, "chr1", 300, 400, 9.0),  # too long
        ("chr1", 0, 10, "chr1", 500, 510, 2.0),  # beyond k
        ("chr1", 0, 10, "chr2", 100, 110, 9.0),  # another chromosome
        ("chr1", 0, 10, "chr1", 100, 110, 1.5),  # not above the threshold
        ("chr1", 600, 610, "chr1", 700, 710, 9.0),  # no promoter
    )
    pcres, report = assign_pcres(genes(("G", "E", "chr1", 5), ("H", "E", "chr3", 5)), table, k=2, max_length=50)
    assert pcres[["start", "frequency"]].to_numpy().tolist() == [[100, 5], [200, 4]]
    for what, count in {
        "in the table": 9,
        "not above 1.5": 1,
        "between chromosomes": 1,
        "no end at a promoter": 1,
        "is the promoter, too": 2,
        "longer than 50 bp": 1,
        "the same pCRE again": 1,
        "not among its 2": 1,
        "genes without a pCRE": 1,
        "genes with pCREs": 1,
        "pCREs kept": 2,
    }.items():
        assert report.count(what) == count, what


def test_cell_types_keep_to_their_own_contacts():
    table = contacts(("chr1", 0, 10, "chr1", 100, 110, 5.0), ("chr1", 0, 10, "chr1", 200, 210, 4.0))
    both = genes(("G", "A", "chr1", 5), ("G", "B", "chr1", 5))
    assert assign_pcres(both, table)[0]["start"].tolist() == [100, 200, 100, 200], "a table of no cell type is for all"
    pcres, report = assign_pcres(both, table.assign(cell_type=["A", "C"]))
    assert pcres[["cell_type", "start"]].to_numpy().tolist() == [["A", 100]]
    assert report.count("cell type without genes") == 1 and report.count("genes without a pCRE") == 1


def test_names_of_the_other_convention():
    pcres, _ = assign_pcres(genes(("G", "E", "chr1", 5)), contacts(("1", 0, 10, "1", 100, 110, 5.0)))
    assert pcres["chrom"].tolist() == ["chr1"]


def test_requests_that_cannot_be_met():
    gene, table = genes(("G", "E", "chr1", 5)), contacts(("chr1", 0, 10, "chr1", 100, 110, 5.0))
    with pytest.raises(ChromolabError, match="none has a frequency above min_frequency=9; the highest is 5"):
        assign_pcres(gene, table, min_frequency=9)
    with pytest.raises(ChromolabError, match="no chromosome in common: the contacts lie on chr1, the genes on II"):
        assign_pcres(gene.assign(chrom="II"), table)
    with pytest.raises(ChromolabError, match="no contact has an end at a promoter"):
        assign_pcres(gene.assign(tss=50), table)
    with pytest.raises(ChromolabError, match="expected at least 1, 0 and 1"):
        assign_pcres(gene, table, k=0)
    with pytest.raises(ChromolabError, match="row 0.*frequency=nan"):
        assign_pcres(gene, table.assign(frequency=float("nan")))


def test_a_table_that_serves_no_gene_can_be_a_line_of_the_report():
    gene, table = genes(("G", "E", "chr1", 5)), contacts(("chr1", 0, 10, "chr1", 100, 110, 5.0))
    for arguments, said in (
        ({"min_frequency": 9}, "none has a frequency above min_frequency=9; the highest is 5"),
        ({"genes": gene.assign(chrom="II")}, "no chromosome in common"),
        ({"genes": gene.assign(tss=50)}, "no contact has an end at a promoter"),
        ({"contacts": table.iloc[:0]}, "no contact in the table"),
        ({"contacts": table.assign(chrom2="chr2")}, "no contact has an end at a promoter"),
    ):
        pcres, report = assign_pcres(**({"genes": gene, "contacts": table} | arguments), none_usable="report")
        assert len(pcres) == 0 and pcres.columns.tolist() == list(PCRE_COLUMNS)
        assert report.count("genes without a pCRE") == 1 and said in str(report)
        with pytest.raises(ChromolabError, match=said):
            assign_pcres(**({"genes": gene, "contacts": table} | arguments))
    with pytest.raises(ChromolabError, match="none_usable: 'warn'"):
        assign_pcres(gene, table, none_usable="warn")


# ---------------------------------------------------------------- real files


@pytest.mark.real
def test_published_contacts(real):
    meta = pd.read_csv(real / "h1-demo/meta.csv")
    pcres = parse_neighbours(meta)
    assert pcres["gene_id"].nunique() == 51 and pcres.groupby("gene_id").size().max() == 8
    assert (pcres["frequency"] > 1.5).all() and (pcres["end"] - pcres["start"] <= 40_000).all()


@pytest.mark.real
def test_promoter_capture_of_the_pilot_genes(real):
    regions = read_regions(real / "roadmap-pilot/encodePilotRegions.hg19.bed").query("chrom != 'chrX'")
    annotation = read_annotation(real / "roadmap-pilot/gencode_10_genes.gtf.gz")
    expression = read_expression(real / "roadmap-pilot/57epigenomes.RPKM.pc.gz")
    table, _ = gene_table(annotation, expression, "E116", folds=regions, within=regions)
    captured = read_contacts(real / "contacts/GM12878.promoter-capture-hic.hg19.tsv.gz")
    assert len(captured) == 445_024
    pcres, report = assign_pcres(table, captured)
    assert report.count("genes with pCREs") == 43
    assert pcres.groupby("gene_id").size().max() == 8
    loops = read_contacts(real / "contacts/K562_NHEK_GM12878.hic-loops.hg19.tsv.gz", where={"samplenumber": 3})
    assert len(loops) == 7_484 and assign_pcres(table, loops)[1].count("genes with pCREs") == 31


@pytest.mark.real
@pytest.mark.parametrize(("name", "frequency"), [("ibed1", None), ("ibed2", "N_reads"), ("peakmatrix", "cellB")])
def test_chicago_formats(real, name, frequency):
    path = real / f"contacts/{name}_example.zip"
    with zipfile.ZipFile(path) as z:
        n = len(z.read(z.namelist()[0]).splitlines()) - 1
    df = read_contacts(path, frequency=frequency)
    assert len(df) == n and set(df["chrom1"]) == {"19"} and df.loc[0, "start1"] in (290_158, 370_986)
