"""data/genes/gtf: rows of GTF and GFF3 become genes, and mistakes are named by line."""

import numpy as np
import pandas as pd
import pytest
from helpers.gene_files import gtf_row, write

from chromolab.data.genes.annotation import read_annotation
from chromolab.errors import ChromolabError


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
