"""data/genes/loci: copies of one gene are distinguished; the primary one is kept, or the gene left out and counted."""

import re

import pandas as pd
import pytest
from helpers.gene_files import write

from chromolab.data.genes.annotation import exon_lengths, read_annotation
from chromolab.data.genes.gene_table import gene_table
from chromolab.data.genes.loci import is_primary
from chromolab.errors import ChromolabError

PLACE = re.compile(r"(.+):(\d+)-(\d+)([+-]) (\S+) (\S+)")  # chrom:start from 1-end, strand, gene, transcript
OTHER = "chr1:50001-60000+ OTHER T9"


def parsed(row):
    chrom, start, end, strand, gene, transcript = PLACE.fullmatch(row).groups()
    return chrom, int(start), int(end), strand, gene, transcript


def gtf(folder, *rows, feature="transcript"):
    """A GTF of rows, with an exon for each transcript."""
    lines = []
    for chrom, start, end, strand, gene, transcript in map(parsed, (*rows, OTHER)):
        attributes = f'gene_id "{gene}"; transcript_id "{transcript}";'
        features = [feature, *(["exon"] if feature == "transcript" else [])]
        lines += [f"{chrom}\tx\t{name}\t{start}\t{end}\t.\t{strand}\t.\t{attributes}\n" for name in features]
    return write(folder / "a.gtf", *lines)


COPIES = {  # rows of gene G -> its place (chrom, start from 0, end), or None where it is left out
    "UCSC's mark": (["chr1:1001-3000+ G A", "chr1:120001001-120003000+ G A_dup1"], ("chr1", 1000, 3000)),
    "the marked one first": (["chr2:1001-3000- G A_dup1", "chr2:9001-9900- G A"], ("chr2", 9000, 9900)),
    "far apart, no mark": (["chr1:1001-3000- G A", "chr1:9001001-9003000- G B"], None),
    "one transcript twice, near": (["chr4:1001-3000+ G A", "chr4:4301-6300+ G A"], None),
    "X and Y": (["chrY:1001-3000+ G A", "chrX:501-2500+ G A"], ("chrX", 500, 2500)),
    "alternative contig": (["chr6_cox_hap2:11-90+ G A", "chr6:501-2500+ G A"], ("chr6", 500, 2500)),
    "patch of Ensembl": (["CHR_HSCHR6_MHC_COX_CTG1:11-90+ G A", "6:501-2500+ G A"], ("6", 500, 2500)),
    "two chromosomes": (["chr1:11-90+ G A", "chr2:11-90+ G A"], None),
    "both strands": (["3R:11-90+ G A", "3R:31-80- G B"], None),
    "only alternative": (["chr6_cox_hap2:11-90+ G A", "chr6_qbl_hap6:11-90+ G A"], None),
    "one locus, no overlap": (["chr1:1001-3000+ G A", "chr1:90001-93000+ G B"], ("chr1", 1000, 93_000)),
    "one locus, overlapping": (["chr1:1001-3000+ G A", "chr1:2001-3500+ G A"], ("chr1", 1000, 3500)),
}


@pytest.mark.parametrize("feature", ["transcript", "exon"])
@pytest.mark.parametrize("case", COPIES)
def test_copies(tmp_path, case, feature):
    rows, place = COPIES[case]
    if feature == "exon" and case in ("one transcript twice, near", "one locus, overlapping"):
        pytest.skip("exons of one transcript: nothing tells a copy from an intron")
    df = read_annotation(gtf(tmp_path, *rows, feature=feature)).set_index("gene_id")
    assert list(df.index) == (["G", "OTHER"] if place else ["OTHER"])
    if place:
        assert tuple(df.loc["G", ["chrom", "start", "end"]]) == place
        assert df.loc["G", "tss"] == (place[1] if df.loc["G", "strand"] == "+" else place[2] - 1)
    told = [line for line in df.attrs.get("report", ()) if "G" in line.examples]
    assert len(told) == (not case.startswith("one locus")) and all(line.kind == "lost" for line in told)
    if case == "one transcript twice, near":
        return  # to exons these are one transcript
    at = [(a, e) for chrom, a, e, *_ in map(parsed, rows) if place and chrom == place[0]]
    covered = {b for a, e in at for b in range(a, e + 1) if place[1] < b <= place[2]}
    expected = {"OTHER": 10_000, **({"G": len(covered)} if place else {})}
    assert exon_lengths(tmp_path / "a.gtf").to_dict() == expected


def test_every_start_is_of_one_locus(tmp_path):
    path = gtf(tmp_path, "chr1:1001-3000+ G A", "chr1:1501-3000+ G B", "chr1:90000001-90000500+ G A_dup1")
    assert read_annotation(path, tss="all")["tss"].tolist() == [1000, 1500, 50_000]
    for tss in ("most_5prime", "longest", "common", "outermost"):
        assert read_annotation(path, tss=tss)["tss"].tolist()[0] == 1000


def test_gene_rows_of_one_id(tmp_path):
    rows = ["chrY:11-90+ ENSG00000168939.6 T", "chrX:501-990+ ENSG00000168939.12_4 T"]  # as in GENCODE's lift-over
    df = read_annotation(gtf(tmp_path, *rows, feature="gene"))
    assert df[["gene_id", "chrom"]].to_numpy().tolist() == [["ENSG00000168939", "chrX"], ["OTHER", "chr1"]]
    twice = ["chr1:11-90+ G T"] * 2
    df = read_annotation(gtf(tmp_path, *twice, feature="gene"))
    assert df["gene_id"].tolist() == ["G", "OTHER"] and df.attrs["report"][0].kind == "known"
    with pytest.raises(ChromolabError, match="lines 1 and 2: G has two gene rows that overlap and differ"):
        read_annotation(gtf(tmp_path, twice[0], "chr1:11-95+ G T", feature="gene"))
    with pytest.raises(ChromolabError, match="no gene is left. 1 gene.s. left out that lie at several places"):
        rows = [f'chr{c}\tx\tgene\t1\t9\t.\t+\t.\tgene_id "G";\n' for c in (1, 2)]
        read_annotation(write(tmp_path / "b.gtf", *rows))


def test_marked_names_of_a_bed(tmp_path):
    rows = ["chr1\t10\t90\tNM_000001.3\t0\t+\n", "chr1\t900\t990\tNM_000001.3_dup1\t0\t+\n", "chr2\t5\t9\tB\t0\t-\n"]
    df = read_annotation(write(tmp_path / "a.bed", *rows))
    assert df[["gene_id", "start"]].to_numpy().tolist() == [["NM_000001", 10], ["B", 5]]


def test_assembled_chromosomes_and_other_sequences():
    for chrom in "chr1 22 X chrMT MT M 2L 3R IV chrXVI Chr1 NC_000001.11 Mito".split():
        assert is_primary(chrom), chrom
    others = "chr6_cox_hap2 chrUn_KI270302v1 chr1_random GL000192.1 KI270728.1 CHR_HG1_PATCH chr4_GL000256v2_alt"
    for chrom in [*others.split(), "NT_187361.1", "NW_003315905.1", "scaffold_12", "EBV", "hs37d5"]:
        assert not is_primary(chrom), chrom


def test_of_a_name_the_primary_gene_is_kept(tmp_path):
    """On alternative contigs and on Y stand genes of other ids and the same name."""
    places = ["chr6", "chr6_x_alt", "chrX", "chrY", "chr1", "chr2"]
    annotation = read_annotation(gtf(tmp_path, *(f"{c}:11-90+ {c} T" for c in places), feature="gene"))
    annotation["gene_name"] = ["HLA", "HLA", "SHOX", "SHOX", "Y_RNA", "Y_RNA", "OTHER"]
    expression = pd.DataFrame({"A": [1.0, 2, 3, 4]}, index=["HLA", "SHOX", "Y_RNA", "OTHER"])
    genes, report = gene_table(annotation, expression, folds={1: places}, window=10, on="gene_name")
    assert genes["gene_id"].tolist() == ["chr6", "chrX", "OTHER"]
    assert [line.count for line in report if "another copy" in line.what] == [2]
    assert [line.count for line in report if "stands for several genes" in line.what] == [2]
