"""data/project/tables: RNA over exons, counted base by base; genes on chromosomes that every file agrees on."""

import numpy as np
import pandas as pd
import pyBigWig
import pysam
import pytest

from chromolab.data.genes.annotation import read_annotation
from chromolab.data.project.tables import genes_on_tracks, rna_regions, rna_signal

SIZE = 6_000
GENES = {  # gene: (chromosome, strand, exons of its transcripts)
    "G1": ("chr1", "+", [[(100, 300), (900, 1_000)], [(250, 400), (900, 1_000)]]),
    "G2": ("chr1", "-", [[(2_000, 2_500)]]),
    "G3": ("chr1", "+", [[(3_000, 3_100), (4_000, 4_100)]]),  # nothing is sequenced here
    "G4": ("chr2", "+", [[(100, 900)]]),  # no signal on all of chr2
}


@pytest.fixture
def gtf(tmp_path):
    rows = []
    for gene, (chrom, strand, transcripts) in GENES.items():
        for t, exons in enumerate(transcripts):
            names = f'gene_id "{gene}"; transcript_id "{gene}.{t}";'
            rows += [f"{chrom}\tx\texon\t{a + 1}\t{b}\t.\t{strand}\t.\t{names}" for a, b in exons]
    (tmp_path / "a.gtf").write_text("\n".join(rows) + "\n")
    return tmp_path / "a.gtf"


def exonic(gene):
    return sorted({base for exons in GENES[gene][2] for a, b in exons for base in range(a, b)})


def write_track(path, values, zeros):
    """A bigWig of chr1's values, with chr2 in its header only; with or without its zeros."""
    keep = np.flatnonzero(values) if not zeros else np.arange(len(values))
    with pyBigWig.open(str(path), "w") as f:
        f.addHeader([("chr1", SIZE), ("chr2", SIZE)])
        f.addEntries(["chr1"] * len(keep), keep.tolist(), ends=(keep + 1).tolist(), values=values[keep].tolist())
    return path


def rna(seed=0):
    values = np.random.default_rng(seed).poisson(0.4, SIZE).astype(float)
    values[2_900:4_500] = 0
    return values


@pytest.mark.parametrize("zeros", [True, False], ids=["zeros written", "zeros left out"])
@pytest.mark.parametrize("over", ["exons", "gene", 150])
def test_rna_is_what_was_sequenced_over_all_bases_of_the_gene(tmp_path, gtf, zeros, over):
    annotation, values = read_annotation(gtf), rna()
    regions = rna_regions(annotation, over, gtf)
    found = rna_signal({"track": write_track(tmp_path / "a.bw", values, zeros)}, regions, None)
    for row, x in zip(annotation.itertuples(), found, strict=True):
        bases = {
            "exons": exonic(row.gene_id),
            "gene": range(row.start, row.end),
            150: range(row.tss, row.tss + 150) if row.strand == "+" else range(row.tss - 149, row.tss + 1),
        }[over]
        expected = np.nan if row.chrom == "chr2" else values[list(bases)].mean()
        np.testing.assert_allclose(x, expected)
    assert found[annotation["gene_id"].tolist().index("G3")] == 0, "nothing sequenced is 0, not missing"


def test_rna_of_each_strand_and_genes_without_exons(tmp_path, gtf):
    annotation, forward, reverse = read_annotation(gtf), rna(1), rna(2)
    tracks = {
        "forward": write_track(tmp_path / "f.bw", forward, False),
        "reverse": write_track(tmp_path / "r.bw", reverse, False),
    }
    some = tmp_path / "some.gtf"  # without the exons of G1
    some.write_text("".join(line for line in gtf.read_text().splitlines(True) if "G1" not in line))
    found = rna_signal(tracks, rna_regions(annotation, "exons", some), None)
    by_gene = dict(zip(annotation["gene_id"], found, strict=True))
    np.testing.assert_allclose(by_gene["G1"], forward[100:1_000].mean(), err_msg="without exons: the whole gene")
    np.testing.assert_allclose(by_gene["G2"], reverse[2_000:2_500].mean())


def test_introns_of_spliced_reads_do_not_count(tmp_path, gtf):
    header = {"HD": {"VN": "1.6"}, "SQ": [{"SN": c, "LN": SIZE} for c in ("chr1", "chr2")]}
    with pysam.AlignmentFile(str(tmp_path / "rna.bam"), "wb", header=header) as f:
        for k in range(20):
            read = pysam.AlignedSegment(f.header)
            read.query_name, read.query_sequence, read.cigarstring = f"r{k}", "A" * 50, "25M600N25M"
            read.reference_id, read.reference_start = 0, 275 + k
            f.write(read)
    annotation = read_annotation(gtf)
    gene, exonic_only = (
        rna_signal({"track": tmp_path / "rna.bam"}, rna_regions(annotation, over, gtf), None)
        for over in ("gene", "exons")
    )
    assert gene[0] == pytest.approx(20 * 50 / 900)
    starts = [start + k for k in range(20) for start in (275, 900)]
    inside = sum(base in exonic("G1") for start in starts for base in range(start, start + 25))
    assert exonic_only[0] == pytest.approx(inside / len(exonic("G1")))


def test_genes_on_a_mitochondrion_of_two_lengths_are_left_out_and_counted(tmp_path):
    annotation = pd.DataFrame({"gene_id": ["A", "B", "C"], "chrom": ["1", "MT", "7"]})
    sizes = {tmp_path / "a.bw": {"chr1": 9, "chrM": 16_571}, tmp_path / "b.bw": {"1": 9, "MT": 16_569, "7": 5}}
    genes, report = genes_on_tracks(annotation, sizes)
    assert genes["gene_id"].tolist() == ["A"]
    assert [(line.count, line.examples) for line in report] == [(1, ("C 7",)), (1, ("B MT",))]
    same, _ = genes_on_tracks(annotation.head(2), {tmp_path / "a.bw": {"chr1": 9, "chrM": 5}}, {"1": 9, "MT": 5})
    assert same["gene_id"].tolist() == ["A", "B"]
    other, _ = genes_on_tracks(annotation.head(2), {tmp_path / "a.bw": {"chr1": 9, "chrM": 5}}, {"1": 9, "MT": 6})
    assert other["gene_id"].tolist() == ["A"]
