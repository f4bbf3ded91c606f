"""data/genes/gtf: rows of GTF and GFF3 become genes, and mistakes are named by line."""

from urllib.parse import quote

import numpy as np
import pandas as pd
import pytest
from helpers.gene_files import gtf_row, write
from hypothesis import given, settings
from hypothesis import strategies as st

from chromolab.data.genes.annotation import exon_lengths, read_annotation
from chromolab.data.genes.gene_table import gene_table
from chromolab.data.genes.gtf import attributes_of
from chromolab.errors import ChromolabError

# ruff: noqa: E501 (rows as the releases write them)


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
    assert df.loc[0, ["gene_id", "gene_name", "gene_type"]].tolist() == ["G1", "G1", "x"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("chr1 x gene 1 2 . + . gene_id\n", "line 2: 1 columns separated by tabs; expected a GTF's 9"),
        (gtf_row("G", start=0), "line 2: chr1:0-200"),
        (gtf_row("G", start=300), "line 2: chr1:300-200"),
        (gtf_row("G", start="x"), "line 2: chr1:x-200"),
        (gtf_row("G", strand=""), "line 2: .*strand ''"),
        (gtf_row("A.2"), None),
        (gtf_row("ENSG00000000001.3", end=250), "lines 1 and 2: ENSG00000000001 has two gene rows that overlap"),
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


# ---------------------------------------------------------------- attributes


@settings(deadline=None)
@given(
    st.dictionaries(
        st.text("abcdefgh_", min_size=1, max_size=8),
        st.text(
            st.characters(codec="utf-8", exclude_characters="\t\r\n\0", exclude_categories=["Cc"]), max_size=12
        ).map(str.strip),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from(["; ", ";", " ; "]),
)
def test_attributes_come_back_as_they_were_written(values, between):
    escaped = {k: v.replace("\\", "\\\\").replace('"', '\\"') for k, v in values.items()}
    kept = {k: v for k, v in values.items() if v}
    assert attributes_of(between.join(f'{k} "{v}"' for k, v in escaped.items()) + ";") == kept
    assert attributes_of(";".join(f"{k}={quote(v)}" for k, v in values.items())) == kept


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('gene_id "A"; note "x; gene_name B"; gene_name "C";', {"gene_id": "A", "gene_name": "C"}),
        ('note "gene_id B"; gene_id "A";', {"gene_id": "A"}),
        (r'gene_id "A"; gene_name "5\"; gene_type \"x";', {"gene_id": "A", "gene_name": '5"; gene_type "x'}),
        ("gene_id A; gene_version 3; gene_name B C", {"gene_id": "A", "gene_version": "3", "gene_name": "B C"}),
        ('gene_id "A";gene_name "B"', {"gene_id": "A", "gene_name": "B"}),
        ('gene_id "A"; transcript_id ""; gene_name "B";', {"gene_id": "A", "gene_name": "B"}),
        ('gene_id "A"; tag "first"; tag "second";', {"gene_id": "A", "tag": "first"}),
        ('gene_id "a=b"; gene_name "c%2Cd";', {"gene_id": "a=b", "gene_name": "c%2Cd"}),
        ("ID=gene:A;Name=MT%2DATP6%3B x;Note=gene_id=B", {"ID": "gene:A", "Name": "MT-ATP6; x", "Note": "gene_id=B"}),
        ('ID="A"; Name = B ;', {"ID": "A", "Name": "B"}),
        ("ID=A;Parent=x%2Cy,z", {"ID": "A", "Parent": "x%2Cy,z"}),
    ],
)
def test_attributes_by_the_grammar_of_their_format(text, found):
    got = attributes_of(text)
    assert {key: got.get(key) for key in found} == found
    assert set(got) - set(found) <= {"note", "gene_type"} - ({"gene_type"} if "5" in str(found) else set())


def gff(*rows):
    return "##gff-version   3.1.26\n" + "".join(f"{c}\tx\t{f}\t{a}\t{b}\t.\t{s}\t.\t{t}\n" for c, f, a, b, s, t in rows)


@pytest.mark.parametrize(
    ("rows", "gene"),
    [
        ([("1", "gene", 11, 90, "+", "ID=gene:ENSG00000000001;Name=N;biotype=lncRNA;version=3")], ("ENSG00000000001", "N", "lncRNA")),
        ([("1", "gene", 11, 90, "+", "ID=ENSG00000000001.5;gene_id=ENSG00000000001.5;gene_type=x;gene_name=N")], ("ENSG00000000001", "N", "x")),
        ([("1", "gene", 11, 90, "+", "ID=gene-N;Dbxref=GeneID:1,HGNC:HGNC:5;Name=N;gene=N;gene_biotype=x")], ("N", "N", "x")),
        ([("1", "gene", 11, 90, "+", "ID=Gene:WBGene00000001;Name=aap-1;biotype=x")], ("WBGene00000001", "aap-1", "x")),
        ([("1", "pseudogene", 11, 90, "+", "ID=gene:G;biotype=y")], ("G", "G", "y")),
        ([("1", "gene", 11, 90, "+", "ID=gene:G;biotype=y"), ("1", "mRNA", 11, 90, "+", "ID=t;Parent=gene:G;biotype=retained_intron")], ("G", "G", "y")),
    ],
)  # fmt: skip
def test_genes_of_public_gff3(tmp_path, rows, gene):
    path = write(tmp_path / "a.gff3", gff(*rows))
    for tss in ("outermost", "all") if len(rows) > 1 else ("outermost",):
        df = read_annotation(path, tss=tss)
        assert tuple(df.loc[0, ["of_gene" if tss == "all" else "gene_id", "gene_name", "gene_type"]]) == gene
    lines = [line for line in write(tmp_path / "b.gff3", gff(*rows)).read_text().splitlines() if line[0] != "#"]
    bare = write(tmp_path / "bare.gff3", "\n".join(lines) + "\n")
    assert read_annotation(bare).equals(read_annotation(path)), "the first line is not needed to tell a GFF3"


def test_ids_with_coded_commas_are_one_parent(tmp_path):
    rows = [("1", "gene", 11, 90, "+", "ID=g%2C1;Name=N"), ("1", "mRNA", 11, 90, "+", "ID=t1;Parent=g%2C1")]
    rows += [("1", "exon", 11, 30, "+", "Parent=t1")]
    path = write(tmp_path / "a.gff3", gff(*rows))
    assert read_annotation(path, tss="all")["of_gene"].tolist() == ["g,1"] and exon_lengths(path).to_dict() == {
        "g,1": 20
    }


def test_accessions_are_named_by_the_region_rows(tmp_path):
    region = "ID={c}:1..99;Dbxref=taxon:9606;Name={n};chromosome={n};genome={g}"
    named = [
        ("NC_000001.11", "1", "chromosome"),
        ("NC_000023.11", "X", "chromosome"),
        ("NC_012920.1", "MT", "mitochondrion"),
    ]
    others = [("NT_187361.1", "1", "genomic"), ("NW_9.1", "Unknown", "genomic")]
    rows = [(c, "region", 1, 99, "+", region.format(c=c, n=n, g=g)) for c, n, g in [*named, *others]]
    rows.append(("NC_5.1", "region", 1, 99, "+", "ID=NC_5.1:1..99;note=chromosome=5;genome=chromosome"))
    rows += [(c, "gene", 11, 90, "+", f"ID=gene-{c};Name=N") for c, *_ in [*named, *others, ("NC_5.1",)]]
    df = read_annotation(write(tmp_path / "a.gff", gff(*rows)))
    assert df["chrom"].tolist() == ["1", "X", "MT", "NT_187361.1", "NW_9.1", "NC_5.1"]
    assert [line.count for line in df.attrs["report"] if "region rows" in line.what] == [3]


# ---------------------------------------------------------------- rows that cannot be used


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (gtf_row("G", strand="."), "without a strand"),
        (gtf_row("G", strand="?"), "without a strand"),
        (gtf_row("G").replace("gene_id", "geneid"), "without a gene_id"),
        (gtf_row("").replace("PLUS", ""), "without a gene_id"),
    ],
)
@pytest.mark.parametrize("feature", ["gene", "transcript"])
def test_rows_that_cannot_be_used_are_left_out_and_counted(tmp_path, caplog, row, why, feature):
    rows = [gtf_row("A"), *[row] * 3, gtf_row("B", start=901, end=990)]
    path = write(tmp_path / "a.gtf", *(r.replace("\tgene\t", f"\t{feature}\t") for r in rows))
    df = read_annotation(path)
    assert df["gene_id"].tolist() == ["A", "B"]
    (line,) = df.attrs["report"]
    assert (line.count, line.kind, line.examples) == (3, "lost", ("line 2", "line 3", "line 4")) and why in line.what
    assert f"a.gtf: 3 row(s) left out {why}" in caplog.text
    expression = pd.DataFrame({"x": [1.0, 2.0]}, index=["A", "B"])
    _, report = gene_table(df, expression, folds={1: ["chr1"]}, window=10)
    assert line in list(report), "what was left out at reading is in the report of the table"
    with pytest.raises(ChromolabError, match=r"a\.gtf, line 1: none of 3 rows can be used"):
        read_annotation(write(tmp_path / "a.gtf", *[row] * 3))
