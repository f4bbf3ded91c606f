"""Aligned reads and bedGraphs against a count base by base; lines that are wrong; files that are damaged."""

import bz2
import gzip
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pyBigWig
import pysam
import pytest
from helpers.toys import reported
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import chromolab as cl
from chromolab.data import text as _text
from chromolab.data.chromosomes import check_assembly, chromosome_sizes
from chromolab.data.tracks import interval_lines as _lines
from chromolab.data.tracks.bin_means import bin_means, open_track
from chromolab.data.tracks.reads import BedGraph, Reads, reads_to_bigwig, track_kind
from chromolab.errors import ChromolabError

SIZES = {"chr1": 3_000, "chr2": 1_500, "chr10": 700}
WHOLE = pd.DataFrame([(c, 0, n) for c, n in SIZES.items()], columns=["chrom", "start", "end"])
laws = settings(deadline=None, max_examples=6, suppress_health_check=list(HealthCheck), derandomize=True)


def some_reads(seed=0, n=400, length=36, sizes=SIZES):
    """(chrom, start, end, strand) in any order; some run past their chromosome's end."""
    rng = np.random.default_rng(seed)
    chroms = rng.choice(list(sizes), n)
    starts = [int(rng.integers(0, sizes[c] - 5)) for c in chroms]
    return [(str(c), s, s + length, "+-"[rng.integers(2)]) for c, s in zip(chroms, starts, strict=True)]


def write_tagalign(path, reads, opener=open):
    with opener(path, "wt") as f:
        f.writelines(f"{c}\t{s}\t{e}\tN\t1000\t{strand}\n" for c, s, e, strand in reads)
    return path


def write_bam(path, reads, sizes=SIZES, flags=()):
    header = {"HD": {"VN": "1.6"}, "SQ": [{"SN": c, "LN": n} for c, n in sizes.items()]}
    with pysam.AlignmentFile(str(path), "wb", header=header) as f:
        for i, (chrom, start, end, strand) in enumerate(reads):
            read = pysam.AlignedSegment(f.header)
            read.query_name, read.query_sequence = f"r{i}", "A" * (end - start)
            read.flag = (16 if strand == "-" else 0) | (flags[i] if i < len(flags) else 0)
            read.reference_id, read.reference_start = list(sizes).index(chrom), start
            read.cigartuples = [(0, end - start)]
            f.write(read)
    return path


def counted(reads, sizes=SIZES, extend=None, strand=None):
    """{chrom: depth} by adding one to each base of each read."""
    depth = {c: np.zeros(n, int) for c, n in sizes.items()}
    for c, s, e, of in reads:
        if strand in (None, of):
            if extend:
                e = min(e, sizes[c])
                s, e = (s, s + extend) if of == "+" else (e - extend, e)
            for base in range(max(0, s), min(e, sizes[c])):
                depth[c][base] += 1
    return depth


def per_base(track, **kwargs):
    """{chrom: values} as the package reads them, bin by bin of one base."""
    result = bin_means(track, WHOLE, 1, progress=False, **kwargs)
    parts = zip(result.offsets[:-1], result.offsets[1:], strict=True)
    return {c: result.mean[a:b] for c, (a, b) in zip(SIZES, parts, strict=True)}


def assert_depth(track, depth, **kwargs):
    for chrom, values in per_base(track, **kwargs).items():
        np.testing.assert_array_equal(values, depth[chrom])


# ---------------------------------------------------------------- depth


@given(seed=st.integers(0, 999), n=st.integers(1, 300), length=st.integers(2, 400), bin_size=st.integers(1, 200))
@laws
def test_depth_equals_a_count_base_by_base(tmp_path_factory, seed, n, length, bin_size):
    reads, folder = some_reads(seed, n, length), tmp_path_factory.mktemp("reads")
    depth = counted(reads)
    path = write_tagalign(folder / "a.tagAlign.gz", reads, gzip.open)
    assert_depth(path, depth, chrom_sizes=SIZES)
    rng = np.random.default_rng(seed)
    start = rng.integers(-50, 2_900, 5)
    regions = pd.DataFrame({"chrom": "chr1", "start": start, "end": start + rng.integers(1, 700, 5)})
    result = bin_means(path, regions, bin_size, chrom_sizes=SIZES)
    for r, (_, low, high) in enumerate(regions.itertuples(index=False)):
        bins = [range(a, min(a + bin_size, high)) for a in range(low, high, bin_size)]
        bases = [[depth["chr1"][b] for b in bases if 0 <= b < 3_000] for bases in bins]
        mean, covered = (x[result.offsets[r] : result.offsets[r + 1]] for x in (result.mean, result.covered))
        assert covered.tolist() == [len(b) for b in bases], "every base of a chromosome has data, outside none has"
        np.testing.assert_allclose(mean, [np.sum(b) / len(b) if b else np.nan for b in bases], rtol=1e-12)


@pytest.mark.parametrize("opener", [open, gzip.open, bz2.open])
@pytest.mark.parametrize("columns", [3, 4, 5, 6])
def test_beds_of_any_width_and_compression(tmp_path, opener, columns):
    reads = some_reads(1)
    with opener(tmp_path / "a.bed", "wt") as f:
        f.write("# a comment\ntrack name=x\n\n")
        for c, s, e, strand in reads:
            f.write("\t".join([c, str(s), str(e), "name", "0", strand][:columns]) + "\n")
    assert track_kind(tmp_path / "a.bed") == "reads"
    assert_depth(tmp_path / "a.bed", counted(reads), chrom_sizes=SIZES)


@pytest.mark.parametrize(
    ("extend", "strand"), [(None, "+"), (None, "-"), (1, None), (20, "-"), (150, None), (150, "+"), (5_000, None)]
)
def test_extension_and_strand(tmp_path, extend, strand):
    reads = some_reads(2, n=80)
    expected = counted(reads, extend=extend, strand=strand)
    for path in (write_tagalign(tmp_path / "a.bed", reads), write_bam(tmp_path / "a.bam", reads)):
        assert_depth(Reads(path, extend=extend, strand=strand), expected, chrom_sizes=SIZES)


def test_small_blocks_make_no_difference(tmp_path, monkeypatch):
    """A block of lines may end anywhere; here each has a few lines, some with a comment."""
    lines = [f"{c}\t{s}\t{e}\tN\t0\t{x}\n" for c, s, e, x in some_reads(3)]
    lines[50:50] = ["# in the middle\n", "\n"]
    (tmp_path / "a.bed").write_text("".join(lines))
    layout = _lines.Columns("reads", 6, third=5)
    blocks = _text.text_blocks
    monkeypatch.setattr(_lines, "text_blocks", lambda path, what: blocks(path, what, size=97))
    read = _lines.interval_blocks(tmp_path / "a.bed", layout)
    some = pd.concat([rows.astype({"chrom": str, "third": str}) for rows, _ in read])
    assert list(some.itertuples(index=False, name=None)) == some_reads(3)


def test_a_bam_knows_its_chromosomes_and_leaves_out_what_does_not_count(tmp_path, caplog):
    reads = some_reads(4, n=120)
    path = write_bam(tmp_path / "a.bam", reads, flags=[0x4, 0x100, 0x200, 0x400, 0x800, 0x4 | 0x400])
    assert track_kind(path) == "bam" and open_track(path).chrom_sizes == SIZES
    assert_depth(path, counted(reads[6:]))
    assert "left out: unmapped: 2" in caplog.text and "left out: supplementary: 1" in caplog.text
    with pytest.raises(ChromolabError, match=r"chrom_sizes and .*a\.bam are not of one assembly"):
        bin_means(path, WHOLE, 10, chrom_sizes={"chr1": 3_001})


def test_max_reads_are_a_seeded_choice(tmp_path):
    reads = some_reads(5, n=1_000)
    path = write_tagalign(tmp_path / "a.bed", reads)

    def total(**options):
        return sum(v.sum() for v in per_base(Reads(path, **options), chrom_sizes=SIZES).values())

    inside = [r for r in reads if r[2] <= SIZES[r[0]]]
    path = write_tagalign(tmp_path / "a.bed", inside)
    assert total(max_reads=100) == 100 * 36 and total(max_reads=len(inside)) == total() == len(inside) * 36
    one, again, other = (per_base(Reads(path, max_reads=100, seed=s), chrom_sizes=SIZES) for s in (1, 1, 2))
    assert all((one[c] == again[c]).all() for c in SIZES) and any((one[c] != other[c]).any() for c in SIZES)
    everything = counted(inside)
    assert all((one[c] <= everything[c]).all() for c in SIZES)
    report = reads_to_bigwig(path, tmp_path / "a.bw", SIZES, max_reads=100, seed=1)
    assert_depth(tmp_path / "a.bw", one)
    assert reported(report, "not drawn") == len(inside) - 100 and reported(report, "reads counted") == 100


def test_a_bigwig_of_reads_has_a_value_at_every_base(tmp_path):
    reads = some_reads(6)
    depth = counted(reads)
    report = reads_to_bigwig(write_tagalign(tmp_path / "a.bed.gz", reads, gzip.open), tmp_path / "a.bw", SIZES)
    with pyBigWig.open(str(tmp_path / "a.bw")) as f:
        assert f.chroms() == SIZES
        for chrom, size in SIZES.items():
            np.testing.assert_array_equal(f.values(chrom, 0, size), depth[chrom])
            runs = f.intervals(chrom)
            assert all(a[2] != b[2] for a, b in zip(runs[:-1], runs[1:], strict=True)), "runs of one depth are one run"
    past = sum(e > SIZES[c] for c, _, e, _ in reads)
    assert reported(report, "clipped") == past > 0 and reported(report, "reads in the file") == 400
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.bed.gz", "a.bw"]


def test_one_read_and_none_on_a_chromosome(tmp_path):
    path = write_tagalign(tmp_path / "a.bed", [("chr2", 0, 1_500, "+"), ("chr10", 699, 700, "-")])
    reads_to_bigwig(path, tmp_path / "a.bw", SIZES)
    assert_depth(tmp_path / "a.bw", counted([("chr2", 0, 1_500, "+"), ("chr10", 699, 700, "-")]))


def test_names_of_the_other_convention_and_strangers(tmp_path, caplog):
    reads = some_reads(7)
    renamed = [(c.removeprefix("chr"), *rest) for c, *rest in reads] + [("GL000191.1", 5, 41, "+")] * 3
    path = write_tagalign(tmp_path / "a.bed", renamed)
    assert_depth(path, counted(reads), chrom_sizes=SIZES)
    assert "left out: on chromosomes of unknown size: 3 (GL000191.1)" in caplog.text


def test_reads_on_the_last_of_40_000_scaffolds_count(tmp_path):
    sizes = {f"scaffold_{i}": 100 for i in range(40_000)}
    at = [0, 32_767, 32_768, 39_999]
    path = write_tagalign(tmp_path / "a.bed", [(f"scaffold_{i}", 10, 20, "+") for i in at])
    regions = pd.DataFrame({"chrom": [f"scaffold_{i}" for i in at], "start": 0, "end": 100})
    assert bin_means(path, regions, 100, progress=False, chrom_sizes=sizes).mean.tolist() == [0.1] * 4


def test_sizes_by_name_by_file_and_none(tmp_path):
    path = write_tagalign(tmp_path / "a.bed", [("chr21", 48_129_890, 48_129_926, "+")] + [("chr21", 5, 41, "+")] * 200)
    region = pd.DataFrame({"chrom": ["chr21"], "start": [48_129_885], "end": [48_129_905]})
    (tmp_path / "sizes").write_text("chr21\t48129895\n")
    for sizes in ("hg19", tmp_path / "sizes", {"chr21": 48_129_895}):
        assert bin_means(path, region, 10, chrom_sizes=sizes).mean.tolist() == [0.5, pytest.approx(np.nan, nan_ok=True)]
    assert bin_means(Reads(path, chrom_sizes="hg19"), region, 20).covered.tolist() == [10]
    with pytest.raises(ChromolabError, match=r"a\.bed: .*give chrom_sizes="):
        bin_means(path, region, 10)
    with pytest.raises(ChromolabError, match="'hg17' is neither a file nor an assembly of .*hg19"):
        bin_means(path, region, 10, chrom_sizes="hg17")
    with pytest.raises(ChromolabError, match="no such file"):
        bin_means(path, region, 10, chrom_sizes=tmp_path / "absent.sizes")
    for bad in ({"chr21": 0}, {"chr21": "long"}, {"chr21": 2**31}, 5):
        with pytest.raises(ChromolabError, match="chrom_sizes"):
            bin_means(path, region, 10, chrom_sizes=bad)


@pytest.mark.real
def test_hg19_by_name_is_roadmaps(real):
    from chromolab.data.chromosomes import read_chrom_sizes

    known = read_chrom_sizes(real / "roadmap-pilot/hg19.chrom.sizes")
    assert {c: n for c, n in chromosome_sizes("hg19").items() if c in known and c != "chrM"}.items() <= known.items()


def test_a_bam_of_hs37d5_is_of_hg19(tmp_path, caplog):
    """GRCh37's mitochondrion is two bases shorter than UCSC's; hs37d5 has a contig of decoys, too."""
    sizes = {c.removeprefix("chr"): n for c, n in chromosome_sizes("hg19").items() if c != "chrM"}
    starts = [10_000 + 7 * k for k in range(100)]
    reads = [("1", start, start + 36, "+") for start in starts]
    path = write_bam(tmp_path / "a.bam", reads, sizes | {"MT": 16_569, "hs37d5": 35_477_943})
    where = pd.DataFrame({"chrom": ["chr1"], "start": [10_000], "end": [11_000]})
    found = bin_means(path, where, 1, chrom_sizes="hg19", progress=False)
    assert found.mean.tolist() == [sum(s <= base < s + 36 for s in starts) for base in range(10_000, 11_000)]
    check_assembly(chromosome_sizes("hg19"), open_track(path).chrom_sizes, "hg19", "a.bam")  # as a build does
    assert "hg19 and a.bam differ only in the mitochondrion" in caplog.text


# ---------------------------------------------------------------- bedGraph


def write_bedgraph(path, rows, opener=open):
    with opener(path, "wt") as f:
        f.write("track type=bedGraph\n")
        f.writelines(f"{c}\t{s}\t{e}\t{v}\n" for c, s, e, v in rows)
    return path


def some_rows(seed):
    rng, rows = np.random.default_rng(seed), []
    for chrom, size in SIZES.items():
        edges = np.unique(rng.integers(0, size + 1, 60)).tolist()
        spans = [span for span in zip(edges[:-1], edges[1:], strict=True) if rng.random() < 0.6]
        rows += [(chrom, a, b, round(rng.normal(), 3)) for a, b in spans]
    return [rows[i] for i in rng.permutation(len(rows))]


@given(seed=st.integers(0, 999))
@laws
def test_bedgraphs_in_any_order(tmp_path_factory, seed):
    rows, folder = some_rows(seed), tmp_path_factory.mktemp("bedgraph")
    path = write_bedgraph(folder / "a.bedGraph.gz", rows, gzip.open)
    expected = {c: np.full(n, np.nan) for c, n in SIZES.items()}
    for c, s, e, v in rows:
        expected[c][s:e] = v
    assert track_kind(path) == "bedgraph"
    assert_depth(path, expected)
    assert_depth(path, expected, chrom_sizes=SIZES)
    zeros = {c: np.nan_to_num(v) for c, v in expected.items()}
    assert_depth(BedGraph(path, gaps="zero"), zeros, chrom_sizes=SIZES)
    for track, values in ((path, expected), (BedGraph(path, "zero"), zeros)):
        reads_to_bigwig(track, folder / "a.bw", SIZES)
        assert_depth(folder / "a.bw", {c: v.astype(np.float32) for c, v in values.items()})


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("chr1\t0\t10\t1\nchr1\t9\t12\t2\n", "lines 1 and 2: chr1:0-10 and chr1:9-12 overlap"),
        ("chr1\t5\t10\t1\nchr2\t1\t2\t3\nchr1\t5\t10\t1\n", "lines 1 and 3: .*overlap"),
        ("chr1\t0\t10\t1\nchr1\t2990\t5001\t2\n", r"line 2: chr1:2990-5001 extends beyond the chromosome's end"),
        ("chr1\t0\t10\t1\nchr1\t20\t30\tnan\n", "line 2: .*expected a finite number in column 4"),
        ("chr1\t0\t10\t1\nchr1\t20\t30\tx\n", "line 2: .*expected a finite number"),
        ("chr1\t0\t10\t1\nchr9\t20\t30\t1\nchr9\t40\t50\t1\n", "2 of 3 lines lie on chromosomes of unknown size"),
        ("chr1\t136\t136\t50\n", "line 1: .*one base is 136 to 137"),  # Bismark counts from 1
    ],
)
def test_bad_bedgraph_lines(tmp_path, rows, said):
    (tmp_path / "a.bedGraph").write_text(rows)
    with pytest.raises(ChromolabError, match=rf"a\.bedGraph(:|,) {said}"):
        bin_means(tmp_path / "a.bedGraph", WHOLE.head(1), 10, chrom_sizes=SIZES)


def test_a_bedgraph_without_other_contigs_and_what_reaches_past_an_end(tmp_path, caplog):
    rows = [("1", 100, 200, 2), ("chr1", 2_990, 3_100, 5), ("chr2", 0, 50, 1), ("chr2", 1_600, 1_700, 9)]
    rows += [("chrUn_KI270302v1", 0, 200, 2), ("ERCC-00002", 0, 9, 3)]
    path = write_bedgraph(tmp_path / "a.bdg", rows)
    found = bin_means(path, WHOLE, 100, chrom_sizes=SIZES, progress=False)
    expected = np.concatenate([np.full(n // 100, np.nan) for n in SIZES.values()])
    expected[[1, 29, 30]] = 2, 5, 1
    np.testing.assert_array_equal(found.mean, expected)
    assert found.covered.sum() == 100 + 10 + 50
    assert "left out: on chromosomes of unknown size: 2 (chrUn_KI270302v1, ERCC-00002)" in caplog.text
    notes = ("2 lines left out: on chromosomes of unknown size", "2 lines clipped at their chromosome's end")
    assert found.evidence.notes == notes


@pytest.mark.parametrize("how", ["whole", "extended", "sampled"])
def test_a_spliced_read_covers_its_pieces_and_not_its_introns(tmp_path, how):
    """Pieces of random CIGARs with introns, deletions, insertions and clips, against a count base by base."""
    rng, reads = np.random.default_rng(4), []
    for _ in range(60):
        parts = [(0, int(rng.integers(5, 30)))]
        for operation in rng.choice([3, 2, 1, 3], rng.integers(0, 4)):
            parts += [
                (int(operation), int(rng.integers(3, 200 if operation == 3 else 6))),
                (0, int(rng.integers(5, 30))),
            ]
        reads.append((int(rng.integers(0, 1_500)), "+-"[rng.integers(2)], [(4, 3), *parts]))
    header = {"HD": {"VN": "1.6"}, "SQ": [{"SN": c, "LN": n} for c, n in SIZES.items()]}
    with pysam.AlignmentFile(str(tmp_path / "a.bam"), "wb", header=header) as f:
        for k, (start, strand, cigar) in enumerate(reads):
            read = pysam.AlignedSegment(f.header)
            length = sum(n for operation, n in cigar if operation in (0, 1, 4))
            read.query_name, read.query_sequence, read.flag = f"r{k}", "A" * length, 16 * (strand == "-")
            read.reference_id, read.reference_start, read.cigartuples = 0, start, cigar
            f.write(read)
    depth, covering = np.zeros(3_000, int), {0, 2}
    for start, strand, cigar in reads:
        at, first = start, start
        for operation, n in cigar:
            if operation in covering and how != "extended":
                depth[at : at + n] += 1
            at += n * (operation in (0, 2, 3))
        if how == "extended":
            a, b = (first, first + 40) if strand == "+" else (at - 40, at)
            depth[max(0, a) : b] += 1
    options = {"extended": {"extend": 40}, "sampled": {"max_reads": 60}}.get(how, {})
    found = bin_means(Reads(tmp_path / "a.bam", **options), WHOLE.head(1), 1, progress=False)
    np.testing.assert_array_equal(found.mean, depth)


def test_a_sample_of_spliced_reads_keeps_reads_whole(tmp_path):
    header = {"HD": {"VN": "1.6"}, "SQ": [{"SN": "chr1", "LN": 90_000}]}
    with pysam.AlignmentFile(str(tmp_path / "a.bam"), "wb", header=header) as f:
        for k in range(100):
            read = pysam.AlignedSegment(f.header)
            read.query_name, read.query_sequence, read.cigarstring = f"r{k}", "A" * 20, "10M500N10M"
            read.reference_id, read.reference_start = 0, 800 * k
            f.write(read)
    depth = bin_means(
        Reads(tmp_path / "a.bam", max_reads=30), pd.DataFrame({"chrom": ["chr1"], "start": [0], "end": [80_000]}), 10
    )
    first, second = depth.mean[0::80], depth.mean[51::80]
    assert first.sum() == 30 and (first == second).all()
    assert reported(reads_to_bigwig(Reads(tmp_path / "a.bam"), tmp_path / "a.bw"), "spliced reads") == 100


PLACES = [(f"chr{1 + k % 2}", 20_000 * (k // 2) + 37 * k, k) for k in range(120)]  # far apart


@pytest.mark.parametrize(
    ("length", "columns"),
    [
        (1_500, lambda k: ()),  # BED3
        (1_500, lambda k: (f"peak_{k}",)),
        (1, lambda k: (f"MACS_peak_{k}", "5.5")),  # summits
        (800, lambda k: (f"peak_{k}", "127", ".")),
        (15_000, lambda k: (f"ENSG{k}", "0", "+")),  # genes
    ],
)
def test_intervals_that_are_no_reads_are_refused(tmp_path, length, columns):
    path = tmp_path / "a.bed"
    path.write_text(
        "".join(
            "\t".join([c, str(s), str(s + length + k % 9 * (length > 1)), *columns(k)]) + "\n" for c, s, k in PLACES
        )
    )
    sizes = {"chr1": 1_500_000, "chr2": 1_500_000}
    region = pd.DataFrame({"chrom": ["chr1"], "start": [0], "end": [5_000]})
    with pytest.raises(ChromolabError, match="120 intervals of .*hold no signal. Give the bigWig"):
        bin_means(path, region, 100, chrom_sizes=sizes, progress=False)


def test_segments_that_tile_a_chromosome_are_no_reads_and_few_reads_far_apart_are(tmp_path):
    sizes = {"chr1": 100_000}
    region = pd.DataFrame({"chrom": ["chr1"], "start": [0], "end": [100_000]})
    (tmp_path / "states.bed").write_text("".join(f"chr1\t{k * 200}\t{k * 200 + 200}\tE{k % 15}\n" for k in range(500)))
    with pytest.raises(ChromolabError, match="hardly any of which overlap"):
        bin_means(tmp_path / "states.bed", region, 100, chrom_sizes=sizes, progress=False)
    (tmp_path / "few.bed").write_text("".join(f"chr1\t{k * 3_000}\t{k * 3_000 + 36}\n" for k in range(30)))
    assert bin_means(tmp_path / "few.bed", region, 100_000, chrom_sizes=sizes).mean[0] == 30 * 36 / 100_000


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("chr1\t0\t50\t1\t1\t0", "3 columns of numbers, such as Bismark's coverage.*cut -f 1-4"),
        ("chr1\t100\t900\tp\t500\t.\t5.2\t8.1\t6.0\t300", "a narrowPeak: they hold no signal"),
        ("chr1\t100\t900\tp\t500\t.\t5.2\t8.1\t6.0", "a broadPeak or BED9: they hold no signal"),
        ("chr1\t1\t9\tp\t5\t+\t1\t9\t0\t1\t8,\t0,", "a BED12: they hold no signal"),
    ],
)
def test_other_intervals_are_named(tmp_path, row, said):
    (tmp_path / "a.bed").write_text(row + "\n")
    with pytest.raises(ChromolabError, match=said):
        track_kind(tmp_path / "a.bed")


@pytest.mark.parametrize("row", ["chr1\t1e+05\t100050\t2", "chr1\t1e+05\t100050\tN\t0\t+"])
def test_a_number_as_r_writes_it_is_seen_for_what_it_is(tmp_path, row):
    (tmp_path / "a.txt").write_text(row + "\n")
    assert track_kind(tmp_path / "a.txt") == ("bedgraph" if row.endswith("2") else "reads")


def test_a_bedgraph_without_the_chromosome(tmp_path):
    path = write_bedgraph(tmp_path / "a.bg", [("chr1", 0, 10, 1)])
    with pytest.raises(ChromolabError, match="chr2"):
        bin_means(path, WHOLE, 10)
    assert np.isnan(bin_means(path, WHOLE, 10, chrom_sizes=SIZES).mean[1:]).all()


# ---------------------------------------------------------------- lines and files that are wrong


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("chr1\t10\t10\tN\t0\t+", "line 3: .*expected start < end"),
        ("chr1\t20\t10\tN\t0\t+", "line 3: .*expected start < end"),
        ("chr1\t-5\t10\tN\t0\t+", "line 3: .*expected start and end as whole numbers"),
        ("chr1\tx\t10\tN\t0\t+", "line 3: .*whole numbers"),
        ("chr1\t1\t10.5\tN\t0\t+", "line 3: .*whole numbers"),
        ("chr1\t1\t99999999999\tN\t0\t+", "line 3: .*whole numbers"),
        ("chr1\t1\t10\tN\t0", r"line 3: .*6 columns, as in the first line \(it has 5\)"),
        ("chr1\t1\t10\tN\t0\t+\tmore", "line 3: .*6 columns"),
        ("\t1\t10\tN\t0\t+", "line 3: .*a chromosome's name"),
        ("some text", "line 3: .*6 columns"),
        ("chr\udcff1\t1\t10\tN\t0\t+", "line 3: not text"),
    ],
)
def test_malformed_reads_are_named_by_line(tmp_path, row, said):
    content = "".join(f"{r}\n" for r in ("chr1\t5\t9\tN\t0\t+", "chr1\t1\t9\tN\t0\t-", row, "chr1\t5\t9\tN\t0\t+"))
    (tmp_path / "a.tagAlign").write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(ChromolabError, match=rf"a\.tagAlign, {said}"):
        bin_means(tmp_path / "a.tagAlign", WHOLE, 10, chrom_sizes=SIZES)


def test_a_strand_is_asked_for_only_where_it_matters(tmp_path):
    path = write_tagalign(tmp_path / "a.bed", [("chr1", 5, 9, "+"), ("chr1", 5, 9, ".")])
    assert bin_means(path, WHOLE.head(1), 3_000, chrom_sizes=SIZES).mean[0] * 3_000 == 8
    with pytest.raises(ChromolabError, match=r"a read without a strand"):
        bin_means(Reads(path, extend=9), WHOLE, 10, chrom_sizes=SIZES)
    (tmp_path / "b.bed").write_text("chr1\t5\t9\n")
    with pytest.raises(ChromolabError, match=r"b\.bed: 3 columns; extend= needs strands"):
        bin_means(Reads(tmp_path / "b.bed", extend=9), WHOLE, 10, chrom_sizes=SIZES)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.99])
def test_truncated_files(tmp_path, share):
    reads = some_reads(8, n=3_000)
    write_tagalign(tmp_path / "a.bed", reads)
    write_tagalign(tmp_path / "b.bed.gz", reads, gzip.open)
    write_bam(tmp_path / "c.bam", reads)
    pysam.tabix_compress(str(tmp_path / "a.bed"), str(tmp_path / "d.bed.gz"))
    for name in ("a.bed", "b.bed.gz", "c.bam", "d.bed.gz"):
        content = (tmp_path / name).read_bytes()
        cut = int(len(content) * share)
        (tmp_path / name).write_bytes(content[: cut - (content[cut - 1 : cut] == b"\n")])
        with pytest.raises(ChromolabError, match=rf"{name}.*([Cc]opy|[Dd]ownload)"):
            bin_means(tmp_path / name, WHOLE, 10, chrom_sizes=SIZES)


def test_reads_of_another_assembly(tmp_path):
    strays = [("chr1", 3_000 + i, 3_036 + i, "+") for i in range(50)]
    path = write_tagalign(tmp_path / "a.bed", some_reads(9) + strays)
    said = "50 left out: start beyond their chromosome's end.*another species or assembly"
    with pytest.raises(ChromolabError, match=said):
        bin_means(path, WHOLE, 10, chrom_sizes=SIZES)
    with pytest.raises(ChromolabError, match="no usable read"):
        bin_means(path, WHOLE.head(1), 10, chrom_sizes={"chrA": 500})


def test_bad_options(tmp_path):
    path = write_tagalign(tmp_path / "a.bed", some_reads(1))
    for options in ({"extend": 0}, {"extend": "x"}, {"max_reads": True}, {"strand": "."}, {"seed": -1}):
        with pytest.raises(ChromolabError, match=next(iter(options))):
            Reads(path, **options)
    with pytest.raises(ChromolabError, match="gaps"):
        BedGraph(path, gaps="nothing")
    with pytest.raises(ChromolabError, match=r"expected Reads\(\.\.\.\) for it, not BedGraph"):
        bin_means(BedGraph(path), WHOLE, 10, chrom_sizes=SIZES)
    with pytest.raises(ChromolabError, match="its folder does not exist"):
        reads_to_bigwig(path, tmp_path / "no" / "a.bw", SIZES)
    reads_to_bigwig(path, tmp_path / "a.bw", SIZES)
    with pytest.raises(ChromolabError, match="is a bigWig already"):
        reads_to_bigwig(tmp_path / "a.bw", tmp_path / "b.bw", SIZES)


def test_without_pysam_the_remedy_is_named(tmp_path):
    path = write_bam(tmp_path / "a.bam", some_reads(1))
    (tmp_path / "absent").mkdir()
    (tmp_path / "absent/pysam.py").write_text("raise ImportError\n")
    code = f"import chromolab.data.tracks.bin_means as t; t.open_track({str(path)!r})"
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path / "absent"), *sys.path])}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env)
    assert "pip install 'chromolab[formats]'" in done.stderr.splitlines()[-1]


def test_this_process_never_opens_a_bam(tmp_path, monkeypatch):
    path = write_bam(tmp_path / "a.bam", some_reads(1))
    monkeypatch.setattr(pysam, "AlignmentFile", None)
    assert open_track(path).kind == "bam" and len(bin_means(path, WHOLE, 100).mean) == 52


# ---------------------------------------------------------------- through the dataset


def test_tracks_of_every_kind_make_one_dataset(tmp_path, caplog):
    sizes = {"chr1": 9_000}
    reads = some_reads(10, n=3_000, sizes=sizes)
    reads_to_bigwig(write_tagalign(tmp_path / "a.tagAlign.gz", reads, gzip.open), tmp_path / "a.bw", sizes)
    write_bam(tmp_path / "a.bam", reads, sizes)
    depth = counted(reads, sizes)["chr1"]
    write_bedgraph(tmp_path / "a.bg", [("chr1", i, i + 1, v) for i, v in enumerate(depth.tolist())])
    tracks = {"bigwig": "a.bw", "bedgraph": "a.bg", "reads": "a.tagAlign.gz", "bam": "a.bam"}
    genes = pd.DataFrame(
        {
            "gene_id": ["A", "B"],
            "gene_name": ["A", "B"],
            "cell_type": "x",
            "chrom": "chr1",
            "tss": [3_000, 6_000],
            "strand": ["+", "-"],
            "start": [3_000, 5_000],
            "end": [4_000, 6_001],
            "expression": [1.0, 3.0],
            "log2_expression": [1.0, 2.0],
            "label": [0, 1],
            "fold": [1, 2],
        }
    )
    ds = cl.build_dataset(
        genes, {m: tmp_path / name for m, name in tracks.items()}, window=2_000, resolutions=(100,), chrom_sizes=sizes
    )
    promoter = ds.promoter_depth(100)
    expected = depth[2_000:4_000].reshape(20, 100).mean(1).astype(np.float32)
    for m in range(4):
        np.testing.assert_array_equal(promoter[0, :, m], expected)
    assert ds.scales["reads"] == ds.scales["bam"] == "depth"
