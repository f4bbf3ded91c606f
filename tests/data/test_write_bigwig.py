"""data/write_bigwig: pyBigWig reads the same runs as from a file of its own."""

import numpy as np
import pyBigWig
import pytest

from chromolab.data import write_bigwig as writing
from chromolab.data.write_bigwig import write_bigwig

SIZES = {"chr1": 40_000, "chr2": 9_000, "chrWithoutData": 500, "chrX": 100}


def random_runs(rng, size: int, with_gaps: bool):
    edges = np.unique(np.append(rng.integers(1, size, size // 8), [0, size]))
    starts, ends = edges[:-1], edges[1:]
    values = rng.integers(-3, 12, len(starts)).astype(np.float32) / 4
    kept = rng.random(len(starts)) < (0.7 if with_gaps else 2)
    return starts[kept], ends[kept], values[kept]


@pytest.mark.parametrize("with_gaps", [False, True])
@pytest.mark.parametrize("section, fanout", [(2_000, 256), (7, 256), (7, 4), (1, 3)])  # one to six levels of index
def test_another_reader_finds_what_its_own_writer_would_have_written(tmp_path, monkeypatch, with_gaps, section, fanout):
    monkeypatch.setattr(writing, "SECTION", section)
    monkeypatch.setattr(writing, "FANOUT", fanout)
    rng = np.random.default_rng(section + fanout)
    runs = {chrom: random_runs(rng, SIZES[chrom], with_gaps) for chrom in ("chr1", "chr2", "chrX")}
    write_bigwig(tmp_path / "ours.bigwig", SIZES, ((chrom, *columns) for chrom, columns in runs.items()))
    with pyBigWig.open(str(tmp_path / "its.bigwig"), "w") as file:
        file.addHeader(list(SIZES.items()), maxZooms=0)
        for chrom, (starts, ends, values) in runs.items():
            file.addEntries([chrom] * len(starts), starts, ends=ends, values=values.astype(np.float64))
    with pyBigWig.open(str(tmp_path / "ours.bigwig")) as ours, pyBigWig.open(str(tmp_path / "its.bigwig")) as its:
        assert ours.chroms() == its.chroms() == SIZES
        assert ours.header() == its.header()
        for chrom, size in SIZES.items():
            assert ours.intervals(chrom) == its.intervals(chrom)
            for start in rng.integers(0, size - 50, 60).tolist():
                assert ours.intervals(chrom, start, start + 40) == its.intervals(chrom, start, start + 40)


def test_a_whole_file_ends_as_it_begins(tmp_path):
    write_bigwig(tmp_path / "a.bigwig", {"chr1": 9}, [("chr1", np.array([0]), np.array([9]), np.array([2.5]))])
    content = (tmp_path / "a.bigwig").read_bytes()
    assert content[:4] == content[-4:]
