"""data/genes/annotation: every format, and which start of a gene is taken."""

import gzip

import numpy as np
import pandas as pd
import pytest
from helpers.toys import reported

import chromolab as cl
from chromolab.data.genes.annotation import exon_lengths, read_annotation
from chromolab.data.genes.gene_table import gene_table
from chromolab.errors import ChromolabError

# Three transcripts of a gene on each strand: (start from 1, end). Plus: the longest begins at 301, two share 201.
PLUS = [(201, 600), (301, 900), (201, 500), (101, 250)]
MINUS = [(1001, 1500), (1101, 1800), (1001, 1500), (1301, 1900)]


def gtf_rows(feature="transcript"):
    genes = (("G1", "+", PLUS), ("G2", "-", MINUS))
    return [
        f'chr1\tx\t{feature}\t{a}\t{b}\t.\t{strand}\t.\tgene_id "{gene}"; transcript_id "{i}"; gene_name "N{gene}";\n'
        for gene, strand, spans in genes
        for i, (a, b) in enumerate(spans)
    ]


@pytest.fixture
def gtf(tmp_path):
    path = tmp_path / "a.gtf"
    path.write_text("".join(gtf_rows()))
    return path


@pytest.mark.parametrize(
    ("tss", "plus", "minus"),
    [
        ("outermost", 100, 1899),
        ("gene", 100, 1899),
        ("most_5prime", 100, 1899),
        ("longest", 300, 1799),
        ("common", 200, 1499),
    ],
)
def test_which_start(gtf, tss, plus, minus):
    df = read_annotation(gtf, tss=tss)
    assert df["gene_id"].tolist() == ["G1", "G2"] and df["tss"].tolist() == [plus, minus]
    assert df[["start", "end"]].to_numpy().tolist() == [[100, 900], [1000, 1900]]


def test_gene_rows_are_passed_over_for_transcripts(tmp_path, gtf):
    row = 'chr1\tx\tgene\t50\t900\t.\t+\t.\tgene_id "G1";\n'
    path = tmp_path / "b.gtf"
    path.write_text(row + gtf.read_text())
    assert read_annotation(path, tss="gene")["tss"].tolist() == [49]
    assert read_annotation(path, tss="most_5prime")["tss"].tolist() == [100, 1899]
    path.write_text(row)
    with pytest.raises(ChromolabError, match=r"b\.gtf: no transcript or mRNA or exon rows"):
        read_annotation(path, tss="longest")


def test_every_start_has_a_row_and_finds_its_expression(gtf):
    df = read_annotation(gtf, tss="all")
    assert df["gene_id"].tolist() == ["G1:1", "G1:2", "G1:3", "G2:1", "G2:2", "G2:3"]
    assert df["tss"].tolist() == [100, 200, 300, 1899, 1799, 1499]
    assert df["of_gene"].tolist() == ["G1"] * 3 + ["G2"] * 3 and df["gene_name"].tolist() == ["NG1"] * 3 + ["NG2"] * 3
    for on, ids in (("gene_id", ["G1", "G2"]), ("gene_name", ["NG1", "NG2"])):
        expression = pd.DataFrame({"x": [3.0, 1.0]}, index=pd.Index(ids, name="gene_id"))
        genes, report = gene_table(df, expression, folds={1: ["chr1"]}, window=10, on=on)
        assert genes["expression"].tolist() == [3.0] * 3 + [1.0] * 3 and genes["gene_id"].is_unique
        assert genes["label"].tolist() == [1] * 3 + [0] * 3 and reported(report, "left out") == 0


# ---------------------------------------------------------------- formats


@pytest.mark.parametrize("columns", [6, 12])
@pytest.mark.parametrize("opener", [open, gzip.open])
def test_bed(tmp_path, columns, opener):
    rows = [
        ("chr1", 100, 900, "NM_000001.3", 0, "+"),
        ("chr1", 300, 950, "NM_000001.3", 0, "+"),
        ("chr2", 5, 9, "B", 0, "-"),
    ]
    with opener(tmp_path / "a.bed", "wt") as f:
        f.write("track name=genes\n")
        for row in rows:
            more = (row[1], row[2], 0, 1, f"{row[2] - row[1]},", "0,")
            f.write("\t".join(map(str, (row + more)[:columns])) + "\n")
    df = read_annotation(tmp_path / "a.bed")
    assert df[["gene_id", "chrom", "start", "end", "tss"]].to_numpy().tolist() == [
        ["NM_000001", "chr1", 100, 950, 100],
        ["B", "chr2", 5, 9, 8],
    ]
    assert read_annotation(tmp_path / "a.bed", tss="all")["gene_id"].tolist() == ["NM_000001:1", "NM_000001:2", "B:1"]
    assert read_annotation(tmp_path / "a.bed", tss="longest")["tss"].tolist() == [100, 8]
    with pytest.raises(ChromolabError, match="this is a bed"):
        read_annotation(tmp_path / "a.bed", feature="gene")


def test_gene_info(tmp_path):
    rows = [
        "ENSG00000000003\tX\t99883667\t99894988\t-1\tprotein_coding\tTSPAN6\ttetraspanin 6 [Source:HGNC]",
        "ENSG00000000005\tX\t99839799\t99854882\t1\tprotein_coding\tTNMD\ttenomodulin",
    ]
    path = tmp_path / "Ensembl_v65.Gencode_v10.ENSG.gene_info"
    path.write_text("\n".join(rows) + "\n")
    df = read_annotation(path)
    assert df.to_dict("records")[0] == {
        "gene_id": "ENSG00000000003",
        "gene_name": "TSPAN6",
        "chrom": "X",
        "start": 99_883_666,
        "end": 99_894_988,
        "strand": "-",
        "tss": 99_894_987,
        "gene_type": "protein_coding",
    }
    assert df["tss"].tolist()[1] == 99_839_798
    path.write_text("\n".join(row.replace("\tX\t", "\t2\t") for row in rows) + "\n")
    assert read_annotation(path)["chrom"].tolist() == ["2", "2"], "a chromosome without 'chr' makes no BED of it"
    with pytest.raises(ChromolabError, match="no transcripts"):
        read_annotation(path, tss="longest")
    path.write_text("\n".join([*rows, rows[0]]) + "\n")
    assert read_annotation(path)["gene_id"].tolist() == ["ENSG00000000003", "ENSG00000000005"], (
        "a row twice is one gene"
    )
    path.write_text("\n".join([*rows, rows[0].replace("99894988", "99894999")]) + "\n")
    with pytest.raises(ChromolabError, match="lines 1 and 3: ENSG00000000003 has two gene rows that overlap"):
        read_annotation(path)


def test_gff3_by_parents(tmp_path):
    path = tmp_path / "a.gff3"
    path.write_text(
        "##gff-version 3\n"
        "1\tensembl\tgene\t101\t900\t.\t+\t.\tID=gene:ENSG00000000001;Name=ABC;biotype=protein_coding\n"
        "1\tensembl\tmRNA\t101\t900\t.\t+\t.\tID=transcript:T1;Parent=gene:ENSG00000000001\n"
        "1\tensembl\tmRNA\t151\t950\t.\t+\t.\tID=transcript:T2;Parent=gene:ENSG00000000001\n"
        "##FASTA\n>1\nACGT\n"
    )
    df = read_annotation(path)
    assert df[["gene_id", "gene_name", "tss"]].to_numpy().tolist() == [["ENSG00000000001", "ABC", 100]]
    assert read_annotation(path, tss="all")["tss"].tolist() == [100, 150]


GFF3 = """##gff-version 3
1	e	gene	101	900	.	+	.	ID=gene:G1;Name=ABC
1	e	mRNA	151	900	.	+	.	ID=transcript:T1;Parent=gene:G1
1	e	exon	151	300	.	+	.	ID=e1;Parent=transcript:T1
1	e	exon	601	900	.	+	.	Parent=transcript:T1
1	e	transcript	101	400	.	+	.	ID=transcript:T2;Parent=gene:G1
1	e	exon	101	200	.	+	.	ID=e3;Parent=transcript:T2
1	e	ncRNA_gene	2001	2900	.	-	.	ID=gene:G2;Name=DEF
1	e	lnc_RNA	2001	2800	.	-	.	ID=transcript:T3;Parent=gene:G2
1	e	exon	2001	2100	.	-	.	Parent=transcript:T3
1	e	exon	2701	2800	.	-	.	Parent=transcript:T3
1	e	gene	5001	5900	.	+	.	ID=gene:G3;Name=GHI
"""


def test_transcripts_of_every_kind_are_read_together(tmp_path, caplog):
    (tmp_path / "a.gff3").write_text(GFF3)
    df = read_annotation(tmp_path / "a.gff3", tss="all")
    assert df[["of_gene", "gene_name", "tss"]].to_numpy().tolist() == [
        ["G1", "ABC", 100],
        ["G1", "ABC", 150],
        ["G2", "DEF", 2799],
    ]
    assert "1 gene(s) left out that have no transcript (G3)" in caplog.text
    assert read_annotation(tmp_path / "a.gff3", tss="longest")["tss"].tolist() == [150, 2799]
    assert read_annotation(tmp_path / "a.gff3")["tss"].tolist() == [100, 2899, 5000], "genes of every kind, too"


def test_exons_of_a_gff3_belong_to_genes(tmp_path):
    path = tmp_path / "a.gff3"
    path.write_text(GFF3)
    assert exon_lengths(path).to_dict() == {"G1": 200 + 300, "G2": 200}
    df = read_annotation(path, feature="exon")
    assert df[["gene_id", "gene_name", "tss"]].to_numpy().tolist() == [["G1", "ABC", 100], ["G2", "DEF", 2799]]
    shared = GFF3.replace(
        "Parent=transcript:T1\n1\te\ttranscript", "Parent=transcript:T1,transcript:T2\n1\te\ttranscript"
    )
    path.write_text(shared)
    assert exon_lengths(path).to_dict() == {"G1": 200 + 300, "G2": 200}, "an exon of two transcripts counts once"
    path.write_text("\n".join(line for line in GFF3.splitlines() if "ID=transcript:T3" not in line) + "\n")
    assert exon_lengths(path).to_dict() == {"G1": 200 + 300}
    df = read_annotation(path, feature="exon")
    (line,) = df.attrs["report"]
    assert df["gene_id"].tolist() == ["G1"] and (line.count, line.examples) == (2, ("line 9", "line 10"))
    assert "nor a Parent that leads to a gene" in line.what
    path.write_text("".join(line for line in GFF3.splitlines(keepends=True) if "\texon\t" in line))
    with pytest.raises(ChromolabError, match=r"a\.gff3, line 1: none of 5 rows can be used"):
        exon_lengths(path)


def test_exons_are_joined_to_transcripts_before_a_start_is_chosen(tmp_path):
    path = tmp_path / "a.gff3"
    path.write_text(GFF3)
    assert read_annotation(path, feature="exon", tss="all")["tss"].tolist() == [100, 150, 2799]
    assert read_annotation(path, feature="exon", tss="longest")["tss"].tolist() == [150, 2799]
    exons = [(101, 200, "A"), (301, 400, "A"), (151, 160, "B"), (301, 900, "B"), (151, 170, "C"), (301, 500, "C")]
    path = tmp_path / "a.gtf"  # 301 begins most exons and the longest one, and no transcript
    row = 'chr1\tx\texon\t{}\t{}\t.\t+\t.\tgene_id "G"; transcript_id "{}";\n'
    path.write_text("".join(row.format(*exon) for exon in exons))
    for feature in ("exon", "auto"):
        starts = {tss: read_annotation(path, feature, tss)["tss"].tolist() for tss in ("all", "longest", "common")}
        assert starts == {"all": [100, 150], "longest": [150], "common": [150]}
    path.write_text(row.format(*exons[0]).replace("transcript_id", "note"))
    with pytest.raises(ChromolabError, match=r"a\.gtf, line 1: no transcript_id"):
        read_annotation(path, feature="exon", tss="all")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("chr1\t5\t9\tA\t0\t.\n", "line 1: .*a gene without a strand has no start"),
        ("chr1\t5\t9\tA\n", "line 1: .*strand"),
        ("chr1\t5\t9\tA\t0\t+\nchr1\t9\t5\tA\t0\t+\n", "line 2: .*start < end"),
        ("chr1\t5\t9\tA\t0\t+\nchr1\t9\t99999999999999999999\tA\t0\t+\n", "line 2"),
        ("A\tX\t5\t9\t1\tx\tN\nA\tX\t5\t9\t2\tx\tN\n", "line 2: .*strand 1 or -1"),
        ("A\tX\t5\t9\t1\tx\tN\nA\tX\t0\t9\t1\tx\tN\n", "line 2: .*1 <= start"),
    ],
)
def test_malformed_rows_are_named_by_line(tmp_path, text, said):
    (tmp_path / "a.txt").write_text(text)
    with pytest.raises(ChromolabError, match=rf"a\.txt, {said}"):
        read_annotation(tmp_path / "a.txt")


@pytest.mark.real
def test_refseq_transcripts(real):
    path = real / "loader-fixtures/refseq.hg19.chr21.bed"
    df, bed = read_annotation(path), pd.read_csv(path, sep="\t", header=None)
    one = bed.groupby(3).filter(lambda rows: len(rows) == 1).iloc[7]
    mine = df[df["gene_id"] == one[3].split(".")[0]].iloc[0]
    assert mine["tss"] == (one[1] if one[5] == "+" else one[2] - 1) and (mine["start"], mine["end"]) == (one[1], one[2])


# ---------------------------------------------------------------- lengths and units


def test_exon_lengths_count_shared_bases_once(tmp_path):
    path = tmp_path / "a.gtf"
    path.write_text("".join(gtf_rows("exon")))
    covered = {g: len({b for a, e in spans for b in range(a, e + 1)}) for g, spans in (("G1", PLUS), ("G2", MINUS))}
    assert exon_lengths(path).to_dict() == covered
    path.write_text("".join(gtf_rows()))
    with pytest.raises(ChromolabError, match="no exon rows"):
        exon_lengths(path)


def counts(tmp_path, unit="counts"):
    (tmp_path / "c.tsv").write_text("gene_id\tA\tB\nG1\t10\t0\nG2\t30\t5\nG3\t60\t15\n")
    return cl.data.read_expression(tmp_path / "c.tsv", unit=unit)


LENGTHS = {"G1": 1_000, "G2": 2_000, "G3": 500}


def test_counts_to_rpkm_and_tpm(tmp_path):
    table = counts(tmp_path)
    rpkm, tpm = (cl.data.normalise_expression(table, to, LENGTHS) for to in ("RPKM", "TPM"))
    assert rpkm["A"].tolist() == [10 / 1 / 100e-6, 30 / 2 / 100e-6, 60 / 0.5 / 100e-6]
    np.testing.assert_allclose(tpm["A"], np.array([10, 15, 120]) / 145 * 1e6)
    np.testing.assert_allclose(tpm.sum(), 1e6)
    pd.testing.assert_frame_equal(cl.data.normalise_expression(rpkm, "TPM"), tpm)
    assert (table.attrs, rpkm.attrs, tpm.attrs) == tuple({"unit": u} for u in ("counts", "RPKM", "TPM"))


HTSEQ = "G1\t10\nG2\t30\nG3\t60\n__no_feature\t5000\n__ambiguous\t7\n__not_aligned\t0\n"
STAR = (
    "N_unmapped\t900\t900\t900\nN_multimapping\t5\t5\t5\nN_noFeature\t7\t8\t9\nN_ambiguous\t0\t0\t0\n"
    "G1\t10\t0\t10\nG2\t30\t1\t29\nG3\t60\t0\t60\n"
)
RPKM_BY_HAND = [100_000, 150_000, 1_200_000]  # 10, 30 and 60 of 100 reads on 1,000, 2,000 and 500 bp


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (HTSEQ, ["liver"]),
        ("gene_id\tA\n" + HTSEQ, ["A"]),
        (STAR, ["unstranded", "forward", "reverse"]),
        ("gene_id\tA\tB\tC\n" + STAR, ["A", "B", "C"]),
    ],
)
def test_reads_outside_genes_are_no_genes(tmp_path, caplog, text, names):
    (tmp_path / "liver.counts.txt").write_text(text)
    table = cl.data.read_expression(tmp_path / "liver.counts.txt", unit="counts")
    assert table.index.tolist() == ["G1", "G2", "G3"] and table.columns.tolist() == names
    assert "rows left out that are not genes (" in caplog.text
    rpkm = cl.data.normalise_expression(table, "RPKM", LENGTHS)
    np.testing.assert_allclose(rpkm[names[0]], RPKM_BY_HAND)


def test_counts_of_several_files_without_a_header_are_refused(tmp_path):
    (tmp_path / "c.txt").write_text("G1\t10\t4\nG2\t30\t5\n__no_feature\t5000\t3\n")
    with pytest.raises(ChromolabError, match=r"c\.txt: counts without a header, in 3 columns"):
        cl.data.read_expression(tmp_path / "c.txt", unit="counts")


def test_featurecounts_tables_bring_their_lengths(tmp_path):
    path = tmp_path / "c.txt"
    path.write_text(
        '# Program:featureCounts v2.0.1; Command:"featureCounts" "-a" "a.gtf"\n'
        "Geneid\tChr\tStart\tEnd\tStrand\tLength\tliver.bam\n"
        "G1\t1\t101\t1100\t+\t1000\t10\n"
        "G2\t1;1\t2001;5001\t3000;6000\t-;-\t2000\t30\n"
        "G3\t2\t101\t600\t+\t500\t60\n"
    )
    table = cl.data.read_expression(path, unit="counts")
    assert table.columns.tolist() == ["liver.bam"] and table.attrs == {"unit": "counts", "lengths": LENGTHS}
    rpkm = cl.data.normalise_expression(table, "RPKM")
    np.testing.assert_allclose(rpkm["liver.bam"], RPKM_BY_HAND)
    assert rpkm.attrs == {"unit": "RPKM"}
    given = cl.data.normalise_expression(table, "RPKM", LENGTHS | {"G1": 500})
    assert given["liver.bam"].iloc[0] == pytest.approx(200_000), "lengths that are given go before"
    path.write_text(path.read_text().replace("\t500\t60", "\t\t60"))
    with pytest.raises(ChromolabError, match=r"c\.txt, line 5, column Length: ''"):
        cl.data.read_expression(path)


def test_a_file_cut_within_its_last_line_is_told(tmp_path, caplog):
    rows = "".join(gtf_rows())
    for text, read in ((rows, read_annotation), ("gene_id\tE003\nG1\t1.5\nG2\t12.75\n", cl.data.read_expression)):
        (tmp_path / "whole").write_text(text)
        (tmp_path / "packed").write_bytes(gzip.compress(text[:-1].encode()))
        read(tmp_path / "whole"), read(tmp_path / "packed")  # gzip would tell of a cut
        assert "no line end" not in caplog.text
        (tmp_path / "cut").write_text(text[:-1])
        read(tmp_path / "cut")
        assert f"line {text.count(chr(10))}: the last line has no line end" in caplog.text
        caplog.clear()
    (tmp_path / "cut").write_text(rows[: rows.rindex("NG2") + 2])
    with pytest.raises(ChromolabError, match=f"line {rows.count(chr(10))}: a quote is not closed.*Is the file whole"):
        read_annotation(tmp_path / "cut")


def test_genes_without_a_length_are_left_out_of_the_table_and_not_of_the_depth(tmp_path, caplog):
    rpkm = cl.data.normalise_expression(counts(tmp_path), "RPKM", {"G1": 1_000, "G2": 2_000})
    assert rpkm["A"].tolist() == [100_000, 150_000] and "1 of 3 genes have none" in caplog.text


def test_counts_are_refused_where_expression_is_wanted(tmp_path, gtf):
    with pytest.raises(ChromolabError, match="raw counts.*cl.data.normalise_expression"):
        gene_table(read_annotation(gtf), counts(tmp_path), "A", folds={1: ["chr1"]}, window=10)
    tpm = cl.data.normalise_expression(counts(tmp_path), "TPM", LENGTHS)
    genes, report = gene_table(read_annotation(gtf), tpm, "A", folds={1: ["chr1"]}, window=10)
    assert reported(report, "expression in TPM") == 3 and genes["log2_expression"].iloc[0] == np.log2(
        tpm.loc["G1", "A"] + 1
    )


def test_bad_units(tmp_path):
    table = counts(tmp_path, unit=None)
    for call, said in [
        (lambda: counts(tmp_path, "FPKM"), "unit: 'FPKM'; expected one of 'RPKM', 'TPM', 'counts'"),
        (lambda: cl.data.normalise_expression(table, "RPKM", LENGTHS), "unit: None"),
        (lambda: cl.data.normalise_expression(table, "counts", LENGTHS, "counts"), "to: 'counts'"),
        (lambda: cl.data.normalise_expression(table, "RPKM", None, "counts"), "counts need the genes' lengths"),
        (
            lambda: cl.data.normalise_expression(table, "RPKM", {"X": 5}, "counts"),
            "none for the table's genes, such as G1",
        ),
        (lambda: cl.data.normalise_expression(table, "RPKM", LENGTHS | {"G1": 0}, "counts"), "G1 has no length > 0"),
        (lambda: cl.data.normalise_expression(table, "RPKM", None, "TPM"), "TPM to RPKM needs the counts"),
        (lambda: cl.data.normalise_expression(table * 0, "TPM", LENGTHS, "counts"), "only zeros"),
    ]:
        with pytest.raises(ChromolabError, match=said):
            call()
