"""data/sequence/fasta: letters of regions as text and one-hot, both strands, and errors that say what to do."""

import gzip
import os

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import chromolab as cl
from chromolab.data.sequence.fasta import blocks, encode, other_strand
from chromolab.errors import ChromolabError


def places(*texts, strand=None):
    rows = [(chrom, int(a), int(b)) for chrom, a, b in (text.split(":") for text in texts)]
    table = pd.DataFrame(rows, columns=["chrom", "start", "end"])
    return table if strand is None else table.assign(strand=list(strand))


def test_letters_are_large_and_what_is_unsure_is_n(fasta):
    assert cl.data.sequences(fasta, places("chr1:0:20", "chr2:3:6")) == ["ACGTTTGACANNACGTNNGA", "GCC"]
    assert fasta.with_name("a.fa.fai").is_file()
    assert not [p for p in fasta.parent.iterdir() if p.name[0] == "."]


@pytest.mark.parametrize("strands", ["+-", ["1", "-1"], [1, -1]])
def test_a_region_on_the_other_strand_is_read_from_its_end(fasta, strands):
    regions = places("chr1:4:9", "chr1:4:9", strand=strands)
    assert cl.data.sequences(fasta, regions) == ["TTGAC", "GTCAA"]
    plus, minus = cl.data.one_hot(fasta, regions)
    np.testing.assert_array_equal(minus, plus[::-1, ::-1])


def test_one_hot_has_a_one_in_the_row_of_the_letter_and_zeros_for_n(fasta):
    x = cl.data.one_hot(fasta, places("chr1:8:14"))  # CANNAC
    assert x.shape == (1, 4, 6) and x.dtype == np.float32
    np.testing.assert_array_equal(x[0], [[0, 1, 0, 0, 1, 0], [1, 0, 0, 0, 0, 1], [0] * 6, [0] * 6])


@given(st.lists(st.text("ACGTN", min_size=7, max_size=7), min_size=1, max_size=5))
def test_one_hot_tells_the_letters_and_turns_with_the_strand(texts):
    x = encode(texts)
    back = ["".join("ACGTN"[i] for i in np.where(row.any(0), row.argmax(0), 4)) for row in x]
    assert back == texts
    np.testing.assert_array_equal(encode([other_strand(t) for t in texts]), x[:, ::-1, ::-1])


def test_beyond_an_end_there_are_no_letters_and_a_line_says_so(fasta, caplog):
    assert cl.data.sequences(fasta, places("chr2:-3:2", "chr2:8:12", "chr2:0:5")) == ["NNNGG", "AANN", "GGGGC"]
    assert "2 of 3 region(s) reach beyond the end" in caplog.text
    assert cl.data.sequences(fasta, places("chr2:-3:2", strand="-")) == ["CCNNN"]
    assert cl.data.one_hot(fasta, places("chr2:8:12")).sum() == 2


def test_chr1_and_1_are_the_same_chromosome(fasta):
    assert cl.data.sequences(fasta, places("2:0:4", "MT:0:1")) == ["GGGG", "T"]


@pytest.mark.parametrize(
    ("regions", "told"),
    [
        (places("chr7:0:4"), "no chromosome 'chr7'; it has chr1, chr2, chrM"),
        (places("chr2:0:4", "chr2:10:14"), r"row 1: .*chrom=chr2.*a place within its chromosome"),
        (places("chr2:-4:0"), "a place within its chromosome"),
        (places("chr2:0:4", strand="?"), r"strand=\?; expected strand"),
    ],
)
def test_regions_that_are_not_there_are_refused(fasta, regions, told):
    with pytest.raises(ChromolabError, match=told):
        cl.data.one_hot(fasta, regions)


def test_one_hot_wants_one_length(fasta):
    with pytest.raises(ChromolabError, match="row 1: .*expected 4 bp, as the first region has"):
        cl.data.one_hot(fasta, places("chr2:0:4", "chr2:0:5"))
    with pytest.raises(ChromolabError, match="without rows"):
        cl.data.one_hot(fasta, places())


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (gzip.compress(b">chr1\nACGT\n", mtime=0), "compressed; .*Unpack it: gunzip -k a.fa"),
        (b"chr1\t100\n", "not a FASTA: it begins with"),
        (b"\x26\xfc\x8f\x88....", "a bigWig; expected a FASTA"),
        (b">chr1\nACGT\nACGTAC\nAC\n", "cannot be indexed.*lines of one length"),
        (b">chr1\nACGT\n>chr1\nACGT\n", "cannot be indexed.*each chromosome once"),
        (b">chr1\nAC\x01T\n", "base 2, is no letter of DNA"),
    ],
)
def test_files_that_are_no_plain_fasta_are_refused(tmp_path, content, told):
    path = tmp_path / "a.fa"
    path.write_bytes(content)
    with pytest.raises(ChromolabError, match=told):
        cl.data.sequences(path, places("chr1:0:4"))


def test_a_file_shorter_than_its_index_is_named(fasta):
    cl.data.sequences(fasta, places("chr2:0:4"))
    fasta.write_bytes(fasta.read_bytes()[:60])
    index = fasta.with_name("a.fa.fai")
    later = fasta.stat().st_mtime + 10
    os.utime(index, (later, later))
    with pytest.raises(ChromolabError, match="chr2 ends before 10.*cut short"):
        cl.data.sequences(fasta, places("chr2:0:10"))


def test_a_changed_file_is_indexed_again(fasta):
    cl.data.sequences(fasta, places("chr2:0:4"))
    fasta.write_text(">chr9\nTTTT\n")
    later = fasta.with_name("a.fa.fai").stat().st_mtime + 10
    os.utime(fasta, (later, later))
    assert cl.data.sequences(fasta, places("chr9:0:4")) == ["TTTT"]


def test_blocks_cover_the_genome_and_overlap(fasta):
    found = list(blocks(fasta, 8, 3))
    assert [(chrom, start, len(text)) for chrom, start, text in found] == [
        ("chr1", 0, 11),
        ("chr1", 8, 11),
        ("chr1", 16, 4),
        ("chr2", 0, 10),
        ("chrM", 0, 1),
    ]


def test_the_package_that_reads_is_an_extra(fasta, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyfaidx", None)
    with pytest.raises(ChromolabError, match=r"pip install 'chromolab\[sequence\]'"):
        cl.data.one_hot(fasta, places("chr2:0:4"))


def test_the_teaching_genome_is_read_where_its_sites_are(tiny_world):
    sites = tiny_world.sites
    table = sites[["chrom", "start", "end"]]
    assert cl.data.sequences(tiny_world.fasta, table) == sites["sequence"].tolist()
