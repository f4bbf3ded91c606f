"""data/genes/plain_rows: BED, genePred and gene_info, with and without a header; other tables get a command."""

import subprocess

import pytest
from helpers.gene_files import write

from chromolab.data.genes.annotation import read_annotation
from chromolab.errors import ChromolabError

EXONS = "100\t900\t150\t800\t2\t100,600,\t200,900,"
GENE_PREDS = {  # UCSC's tables -> (row, gene)
    "genePred": (f"NM_1\tchr1\t+\t{EXONS}", "NM_1"),
    "genePredExt": (f"NM_1\tchr1\t+\t{EXONS}\t0\tSYM\tcmpl\tcmpl\t0,0,", "SYM"),
    "refGene": (f"585\tNM_1\tchr1\t+\t{EXONS}\t0\tSYM\tcmpl\tcmpl\t0,0,", "SYM"),
    "refFlat": (f"SYM\tNM_1\tchr1\t+\t{EXONS}", "SYM"),
    "knownGene": (f"uc001aaa.3\tchr1\t+\t{EXONS}\t\tuc001aaa.3", "uc001aaa.3"),
    "ensGene": (f"585\tENST00000000001.2\tchr1\t+\t{EXONS}\t0\tENSG00000000001.5\tcmpl\tcmpl\t0,0,", "ENSG00000000001"),
}
NAMES = "chrom\tstrand\ttxStart\ttxEnd\tcdsStart\tcdsEnd\texonCount\texonStarts\texonEnds"


@pytest.mark.parametrize("name", GENE_PREDS)
@pytest.mark.parametrize("header", ["", f"#name\t{NAMES}\n", f"name\t{NAMES}\n"])
def test_tables_of_ucsc(tmp_path, name, header):
    row, gene = GENE_PREDS[name]
    minus = row.replace("\t+\t", "\t-\t").replace("NM_1", "NM_2").replace("SYM", "SIM").replace("001", "002")
    df = read_annotation(write(tmp_path / "a.txt", header, row + "\n", minus + "\n"))
    assert df[["chrom", "start", "end", "strand", "tss"]].to_numpy().tolist() == [
        ["chr1", 100, 900, "+", 100],
        ["chr1", 100, 900, "-", 899],
    ]
    assert df["gene_id"].tolist()[0] == gene


@pytest.mark.parametrize("separator", ["\t", " "])
@pytest.mark.parametrize(
    "first", ["", "chrom chromStart chromEnd name score strand\n", "#chrom start\n", "track a=b\n"]
)
def test_a_bed_with_a_line_of_names(tmp_path, separator, first):
    rows = ["chr1 100 200 A 0 +", "chr1 300 400 B 0 ."]
    text = (first + "\n".join(rows) + "\n").replace(" ", separator)
    df = read_annotation(write(tmp_path / "a.bed", text))
    assert df[["gene_id", "start", "end"]].to_numpy().tolist() == [["A", 100, 200]]
    assert [line.examples for line in df.attrs["report"] if line.kind == "lost"] == [(f"line {2 + bool(first)}",)]


TABLES = {  # a table with a header -> its BED
    "a.csv": (
        "Gene stable ID,Chromosome/scaffold name,Gene start (bp),Gene end (bp),Strand,Gene name\n"
        "ENSG00000000001,1,101,900,1,A\nENSG00000000002,X,5,90,-1,B\n",
        "1 100 900 ENSG00000000001 0 +\nX 4 90 ENSG00000000002 0 -\n",
        "a table of BioMart",
    ),
    "mart export.txt": (
        "Gene name\tGene stable ID\tStrand\tChromosome/scaffold name\tGene start (bp)\tGene end (bp)\n"
        "A\tG1\t-1\t1\t101\t900\n",
        "1 100 900 G1 0 -\n",
        "a table of BioMart",
    ),
    "a.saf": (
        "GeneID\tChr\tStart\tEnd\tStrand\nG1\tchr1\t101\t900\t-\nG2\tchr2\t5\t9\t+\n",
        "chr1 100 900 G1 0 -\nchr2 4 9 G2 0 +\n",
        "featureCounts' SAF",
    ),
    "genes.csv": (
        "symbol,seqnames,start,end,width,strand\nG1,chr1,101,900,800,-\n",
        "chr1 101 900 G1 0 -\n",
        "if they count from 1",
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_the_command_in_the_message_makes_the_bed(tmp_path, name):
    """The command is run as it is written."""
    text, bed, called = TABLES[name]
    path = write(tmp_path / name, text)
    with pytest.raises(ChromolabError) as error:
        read_annotation(path)
    assert called in str(error.value)
    command = str(error.value).partition("Make a BED of it: ")[2].partition(" (starts from 0")[0]
    subprocess.run(command, shell=True, check=True, cwd=tmp_path)
    made = next(tmp_path.glob("*.bed"))
    assert made.read_text() == bed.replace(" ", "\t")
    assert len(read_annotation(made)) == bed.count("\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Gene stable ID,Chromosome/scaffold name,Gene start (bp),Gene end (bp)\nG,1,1,9\n", "no column of the strand"),
        ("chrom\tstart\tend\tstrand\nchr1\t1\t9\t+\n", "a gene without a strand has no start"),
        ("gene_id\tA\nG1\t5\n", "line 1: 2 columns separated by tabs; expected a GTF's 9"),
        ("chr1\t5\t9\n", "expected a BED's chromosome"),
    ],
)
def test_other_tables_are_refused_with_what_they_lack(tmp_path, text, said):
    with pytest.raises(ChromolabError, match=said):
        read_annotation(write(tmp_path / "a.txt", text))
