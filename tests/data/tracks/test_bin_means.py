"""Bin means against a slow base-by-base computation, on real and written files; and damaged files."""

import gzip
import math
import os
import subprocess
import sys
import textwrap

import numpy as np
import pandas as pd
import pyBigWig
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chromolab.data.tracks import bin_means as tracks
from chromolab.data.tracks.bin_means import bin_means, bin_means_many, open_track
from chromolab.data.tracks.depth_arrays import read_depth_folder
from chromolab.errors import ChromolabError

SIZES = {"chr1": 60_000, "chr2": 30_000}
REAL_FILES = [
    *(f"loader-fixtures/yeast/{name}.bw" for name in ("MNase", "PolII", "RNA.fwd", "RNA.rev", "Scc1")),
    "loader-fixtures/GM12878_hg38_H3K27me3.chr21.bw",
    *(
        f"roadmap-pilot/{eid}-{mark}.pval.signal.bigwig"
        for eid in ("E003", "E065", "E116")
        for mark in ("H3K4me1", "H3K4me3", "H3K9me3", "H3K27me3", "H3K36me3")
    ),
]
slow_laws = settings(deadline=None, max_examples=4, suppress_health_check=list(HealthCheck), derandomize=True)


def table(*rows):
    return pd.DataFrame(rows, columns=["chrom", "start", "end"])


def write_bigwig(path, runs, sizes=SIZES, **kwargs):
    """`runs`: chrom -> list of (start, end, value), sorted and disjoint."""
    with pyBigWig.open(str(path), "w") as f:
        f.addHeader(list(sizes.items()), **kwargs)
        for chrom, values in runs.items():
            if values:
                start, end, value = (list(column) for column in zip(*values, strict=True))
                f.addEntries([chrom] * len(start), start, ends=end, values=[float(v) for v in value])
    return path


def gappy_runs(seed, sizes=SIZES):
    """Runs of whole numbers, zero among them, with gaps without data between them."""
    rng, runs = np.random.default_rng(seed), {}
    for chrom, size in sizes.items():
        edges = np.unique(rng.integers(0, size, size // 30))
        spans = [(int(a), int(b)) for a, b in zip(edges[:-1], edges[1:], strict=True) if rng.random() < 0.6]
        runs[chrom] = [(a, b, int(rng.poisson(2))) for a, b in spans]
    return runs


@pytest.fixture(scope="module")
def track(tmp_path_factory):
    return write_bigwig(tmp_path_factory.mktemp("tracks") / "a.bw", gappy_runs(0))


def slowly(path, regions, bin_size):
    """Mean and bases with data of every bin, one base at a time, with exact sums."""
    mean, covered = [], []
    with pyBigWig.open(str(path)) as f:
        for chrom, start, end in regions[["chrom", "start", "end"]].itertuples(index=False):
            size = f.chroms(chrom)
            low, high = max(0, start), min(end, size)
            bases = dict(zip(range(low, high), f.values(chrom, low, high) if low < high else [], strict=True))
            for left in range(start, end, bin_size):
                values = [bases.get(b, math.nan) for b in range(left, min(left + bin_size, end))]
                values = [v for v in values if not math.isnan(v)]
                mean.append(math.fsum(values) / len(values) if values else math.nan)
                covered.append(len(values))
    return np.array(mean), np.array(covered)


def assert_same(result, path, regions, bin_size):
    mean, covered = slowly(path, regions, bin_size)
    np.testing.assert_array_equal(result.covered, covered)
    np.testing.assert_allclose(result.mean, mean, rtol=1e-12, atol=0)
    bins = -(-(regions["end"] - regions["start"]) // bin_size)
    assert np.diff(result.offsets).tolist() == bins.tolist() and len(result.mean) == result.offsets[-1]


def regions_in(sizes, longest=45_000):
    """Strategy: tables of regions of any place, order and length, some of them over a chromosome's end."""

    def region(chrom):
        start = st.integers(-500, sizes[chrom] + 200)
        return st.tuples(st.just(chrom), start, st.integers(1, longest)).map(lambda r: (r[0], r[1], r[1] + r[2]))

    return st.lists(st.sampled_from(sorted(sizes)).flatmap(region), min_size=1, max_size=6).map(lambda r: table(*r))


# ---------------------------------------------------------------- laws


@pytest.mark.real
@pytest.mark.parametrize("name", REAL_FILES)
@given(data=st.data())
@slow_laws
def test_real_files_equal_the_slow_computation(real, name, data):
    sizes = open_track(real / name).chrom_sizes
    if name.startswith("roadmap"):  # inside and around the stretches that have data
        bed = pd.read_csv(real / "roadmap-pilot/encodePilotRegions.hg19.bed", sep="\t", header=None)
        starts = bed[bed[0] != "chrX"].drop_duplicates(0).set_index(0)[1]
        place = st.sampled_from(starts.index.tolist()).flatmap(
            lambda c: st.tuples(st.just(c), st.integers(starts[c] - 9_000, starts[c] + 400_000), st.integers(1, 45_000))
        )
        rows = st.lists(place, min_size=1, max_size=6)
        regions = table(*((c, s, s + n) for c, s, n in data.draw(rows)))
    else:
        regions = data.draw(regions_in(sizes))
    bin_size = data.draw(st.one_of(st.sampled_from([25, 100, 500, 2000]), st.integers(25, 2000)))
    result = bin_means(real / name, regions, bin_size, progress=False)
    assert_same(result, real / name, regions, bin_size)


@given(regions=regions_in(SIZES), bin_size=st.one_of(st.integers(1, 40), st.integers(25, 2000)), seed=st.integers(0, 5))
@settings(slow_laws, max_examples=25)
def test_written_files_equal_the_slow_computation(tmp_path_factory, regions, bin_size, seed):
    path = write_bigwig(tmp_path_factory.mktemp("law") / "a.bw", gappy_runs(seed))
    assert_same(bin_means(path, regions, bin_size, progress=False), path, regions, bin_size)


@given(regions=regions_in(SIZES), seed=st.integers(0, 99))
@settings(slow_laws, max_examples=8)
def test_each_region_is_answered_alone(track, regions, seed):
    """Order, neighbours and repeats make no difference."""
    order = np.random.default_rng(seed).integers(0, len(regions), len(regions) + 3)
    straight = bin_means(track, regions, 77, progress=False)
    mixed = bin_means(track, regions.iloc[order], 77, progress=False)
    for to, r in enumerate(order):
        a = slice(straight.offsets[r], straight.offsets[r + 1])
        b = slice(mixed.offsets[to], mixed.offsets[to + 1])
        np.testing.assert_array_equal(straight.mean[a], mixed.mean[b])
        np.testing.assert_array_equal(straight.covered[a], mixed.covered[b])


def test_missing_is_not_zero(tmp_path):
    runs = {"chr1": [(0, 10, 0), (10, 15, 4), (29_995, 30_000, 2)], "chr2": [(0, 5, 1)]}
    path = write_bigwig(tmp_path / "a.bw", runs)
    result = bin_means(path, table(("chr1", 0, 35), ("chr2", -10, 12), ("chr2", 29_990, 30_010)), 10)
    nan = math.nan
    np.testing.assert_array_equal(result.mean, [0, 4, nan, nan, nan, 1, nan, nan, nan])
    assert result.covered.tolist() == [10, 5, 0, 0, 0, 5, 0, 0, 0]
    assert result.offsets.tolist() == [0, 4, 7, 9]
    assert (result.mean.dtype, result.covered.dtype, result.offsets.dtype) == (np.float64, np.int32, np.int64)


def test_small_values_after_large_ones_keep_their_digits(tmp_path):
    path = write_bigwig(tmp_path / "a.bw", {"chr1": [(0, 50, 2.0**80), (50, 100, 2.0**-40)]})
    assert bin_means(path, table(("chr1", 0, 100)), 50).mean.tolist() == [2.0**80, 2.0**-40]


def test_long_regions_are_cut_without_a_seam(tmp_path):
    sizes = {"chr1": 3_500_000}
    runs = [(i * 700, i * 700 + 650, i % 97) for i in range(4_999)]
    path = write_bigwig(tmp_path / "a.bw", {"chr1": runs}, sizes)
    regions = table(("chr1", 100, 3_499_999), ("chr1", 2_000_001, 2_000_777), ("chr1", -5, 3_500_500))
    assert_same(bin_means(path, regions, 333), path, regions, 333)
    whole = bin_means(path, table(("chr1", 0, 3_500_000)), 3_500_000)
    assert whole.mean.tolist() == [sum((e - s) * v for s, e, v in runs) / (650 * 4_999)]


def test_many_tracks_and_several_processes_per_track(tmp_path, monkeypatch):
    paths = {f"t{i}": write_bigwig(tmp_path / f"{i}.bw", gappy_runs(i)) for i in range(3)}
    rng = np.random.default_rng(1)
    regions = table(*(("chr1", int(s), int(s) + 999) for s in rng.integers(0, 59_000, 80)), ("chr2", 5, 29_000))
    alone = {name: bin_means(path, regions, 100) for name, path in paths.items()}
    for processes in (1, 2, 8):
        monkeypatch.setattr(tracks, "WORTH_A_CHILD", 1_000)  # so that 8 processes share out each of the 3 tracks
        monkeypatch.setattr(tracks, "BLOCK", 5_000)
        together = bin_means_many(paths, regions, 100, processes=processes, progress=False)
        assert list(together) == list(paths)
        for name in paths:
            np.testing.assert_array_equal(together[name].mean, alone[name].mean)
            np.testing.assert_array_equal(together[name].covered, alone[name].covered)
    assert len(tracks._parts(tracks._plan(regions, 100)[0], 4)) == 4


def test_nothing_asked_nothing_answered(track):
    empty = bin_means(track, table().astype({"start": int, "end": int}), 100)
    assert len(empty.mean) == 0 and empty.offsets.tolist() == [0]
    assert bin_means_many({}, table(("chr1", 0, 10)), 5) == {}


# ---------------------------------------------------------------- chromosomes


def test_names_of_the_other_convention_are_read(tmp_path, caplog):
    path = write_bigwig(tmp_path / "ensembl.bw", {"1": [(0, 100, 3)], "MT": [(0, 50, 1)]}, {"1": 1000, "MT": 100})
    result = bin_means(path, table(("chr1", 0, 10), ("chrM", 0, 10)), 10)
    assert result.mean.tolist() == [3, 1]
    assert "ensembl.bw" in caplog.text and "chr1 is 1" in caplog.text


def test_missing_chromosome(track, caplog):
    regions = table(("chrY", 0, 10), ("chr1", -5, 5))
    with pytest.raises(ChromolabError, match=r"a\.bw: chromosome\(s\) chrY missing; it has chr1, chr2"):
        bin_means(track, regions, 5)
    result = bin_means(track, regions, 5, missing_chromosomes="nan")
    assert np.isnan(result.mean[:2]).all() and result.covered[:2].tolist() == [0, 0]
    assert "no chromosome chrY" in caplog.text
    with pytest.raises(ChromolabError, match="expected 'error' or 'nan'"):
        bin_means(track, regions, 5, missing_chromosomes="zero")


def test_regions_of_another_assembly_are_reported(track, caplog):
    assert np.isnan(bin_means(track, table(("chr1", 60_000, 60_100)), 10).mean).all()
    assert "outside the chromosome" in caplog.text and "chr1:60000-60100" in caplog.text


# ---------------------------------------------------------------- files that are not what they should be


@pytest.mark.parametrize("value", [math.inf, -math.inf])
def test_infinite_values_are_refused_by_place(tmp_path, value):
    path = write_bigwig(tmp_path / "a.bw", {"chr1": [(100, 110, 1), (200, 210, value)]}, maxZooms=0)
    with pytest.raises(ChromolabError, match=r"a\.bw: the value at chr1:200 is infinite"):
        bin_means(path, table(("chr1", 0, 1000)), 100)


def test_nan_in_a_file_is_no_data(tmp_path):
    path = write_bigwig(tmp_path / "a.bw", {"chr1": [(0, 5, 2), (5, 9, math.nan)]}, maxZooms=0)
    result = bin_means(path, table(("chr1", 0, 10)), 10)
    assert (result.mean.tolist(), result.covered.tolist()) == ([2], [5])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\x1f\x8b\x08\x00rest", "could not be decompressed"),
        (gzip.compress((0x888FFC26).to_bytes(4, "little") * 9, mtime=0), "a compressed bigWig"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"PK\x03\x04zip", "a zip archive"),
        (b"chr1\tten\n", "neither a bigWig, a bedGraph"),
        (b"CRAM\x03", "a CRAM file"),
        (b"fixedStep chrom=chr1 start=1 step=1\n3\n", "a wiggle file"),
        (b"chr1\t0\t10\tpeak\t5\t.\t1\t2\t3\t4\n", "intervals in 10 columns"),
        ((0x8789F2EB).to_bytes(4, "little") * 2, "a bigBed"),
        ((0x8789F2EB).to_bytes(4, "big") * 2, "a bigBed"),
        ((0x888FFC26).to_bytes(4, "little") + b"abcdef", "truncated"),
        ((0x888FFC26).to_bytes(4, "big") + b"abcdef", "truncated"),
        ((0x888FFC26).to_bytes(4, "little"), "damaged"),
    ],
)
def test_not_a_whole_bigwig(tmp_path, content, said):
    path = tmp_path / "x.bw"
    path.write_bytes(content)
    for read in (open_track, lambda p: bin_means(p, table(("chr1", 0, 10)), 5)):
        with pytest.raises(ChromolabError, match=rf"x\.bw: .*{said}"):
            read(path)


def test_no_file(tmp_path):
    bad = [(tmp_path / "no.bw", "no such file"), (tmp_path, "is a folder"), ("https://x.org/a.bw", "is a web address")]
    for path, said in bad:
        with pytest.raises(ChromolabError, match=said):
            open_track(path)


@pytest.mark.parametrize("share", [0.01, 0.2, 0.5, 0.9, 0.9999])
def test_truncated(tmp_path, track, share):
    content = track.read_bytes()
    path = tmp_path / "cut.bw"
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(ChromolabError, match=r"cut\.bw: truncated: .*(Copy|download) .*again"):
        bin_means(path, table(("chr1", 0, 10)), 5)


def test_damaged_files_end_in_an_error_or_the_right_result(tmp_path, track):
    """Up to eight changed bytes in the head of the file. Some of these crash pyBigWig: this process must live."""
    content, said = track.read_bytes(), []
    regions = table(("chr1", 1_000, 41_000), ("chr2", 500, 29_000), ("chr1", -50, 9_000))
    right = bin_means(track, regions, 100)
    for seed in range(60):
        rng, damaged = np.random.default_rng(seed), bytearray(content)
        for at in rng.integers(0, 700 if seed % 2 else 4096, rng.integers(1, 9)):
            damaged[at] = rng.integers(256)
        path = tmp_path / f"{seed}.bw"
        path.write_bytes(damaged)
        try:
            result = bin_means(path, regions, 100, progress=False)
        except ChromolabError as e:
            assert str(path) in str(e)
            said.append(str(e))
        else:
            np.testing.assert_array_equal(result.mean, right.mean)
    assert any("the file is damaged" in message for message in said)


def test_a_crash_of_the_reader_is_an_error_here(tmp_path, track):
    """The tree of chromosomes is said to lie elsewhere (bytes 8-15), far beyond or inside the data."""
    content = track.read_bytes()
    for i, offset in enumerate([2**63, 2**40, len(content) // 2, 64, 0]):
        damaged = bytearray(content)
        damaged[8:16] = offset.to_bytes(8, "little")
        path = tmp_path / f"{i}.bw"
        path.write_bytes(damaged)
        with pytest.raises(ChromolabError, match="damaged"):
            open_track(path)


def test_one_bad_file_among_many_stops_the_rest(tmp_path, track):
    damaged = bytearray(track.read_bytes())
    damaged[8:16] = (2**62).to_bytes(8, "little")
    (tmp_path / "bad.bw").write_bytes(damaged)
    paths = {"a": track, "b": tmp_path / "bad.bw", "c": track}
    with pytest.raises(ChromolabError, match=r"bad\.bw"):
        bin_means_many(paths, table(("chr1", 0, 40_000)), 100, processes=2)


def test_a_replaced_file_is_opened_anew(tmp_path):
    path = write_bigwig(tmp_path / "a.bw", {"chr1": [(0, 5, 1)]})
    assert open_track(path).chrom_sizes == SIZES
    write_bigwig(path, {"chr9": [(0, 5, 1), (7, 9, 1)]}, {"chr9": 77})
    os.utime(path, ns=(1, 1))
    assert open_track(path).chrom_sizes == {"chr9": 77}


@pytest.mark.parametrize("bin_size", [0, -5, 2.5, True, "100", None])
def test_bin_size(track, tmp_path, bin_size):
    for read in (lambda r, b: bin_means(track, r, b), lambda r, b: read_depth_folder(tmp_path, r, b)):
        with pytest.raises(ChromolabError, match="bin_size"):
            read(table(("chr1", 0, 10)), bin_size)


def test_bad_regions(track):
    for row, said in [(("chr1", 10, 5), "end > start"), (("chr1", math.nan, 5), "whole number")]:
        with pytest.raises(ChromolabError, match=f"regions, row 1.*{said}"):
            bin_means(track, table(("chr1", 0, 10), row), 5)


# ---------------------------------------------------------------- the machinery


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_an_interrupt_leaves_no_child_behind(tmp_path, track):
    script = textwrap.dedent(f"""
        import os, signal, threading
        import pandas as pd
        from chromolab.data.tracks.bin_means import bin_means_many
        regions = pd.DataFrame({{"chrom": "chr1", "start": range(60_000), "end": 59_999}}).iloc[:30_000]
        threading.Timer(2, os.kill, (os.getpid(), signal.SIGINT)).start()
        try:
            bin_means_many(dict.fromkeys(range(500), {str(track)!r}), regions, 400, processes=2, progress=False)
        except KeyboardInterrupt:
            try:
                os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                print("interrupted, no child left")
    """)
    env = os.environ | {"TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=env)
    assert done.stdout == "interrupted, no child left\n", done.stderr
    assert not list(tmp_path.glob("chromolab-*")), "the job's files are removed"


def test_this_process_never_opens_a_bigwig(track, monkeypatch):
    def crash(*_):
        raise AssertionError("a damaged file would take the kernel with it")

    monkeypatch.setattr(pyBigWig, "open", crash)
    assert open_track(track).chrom_sizes == SIZES
    assert len(bin_means(track, table(("chr1", 0, 1000)), 100).mean) == 10


def test_torch_is_not_needed():
    code = "import sys, chromolab.data.tracks.bin_means, chromolab.data.contacts.pcres; print('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"


# ---------------------------------------------------------------- published arrays


def save_depth(folder, region, depth):
    np.save(folder / "{}:{}-{}.npy".format(*region), depth)


@given(st.lists(st.integers(1, 300), min_size=1, max_size=4), st.integers(1, 120), st.integers(1, 8))
@settings(slow_laws, max_examples=20)
def test_published_arrays_are_averaged_exactly(tmp_path_factory, lengths, bin_size, marks):
    folder, rng = tmp_path_factory.mktemp("npy"), np.random.default_rng(sum(lengths))
    regions = table(*(("chr1", 10 * i, 10 * i + n) for i, n in enumerate(lengths)))
    names, expected = [f"m{i}" for i in range(marks)], [[] for _ in range(marks)]
    for region in regions.itertuples(index=False):
        depth = rng.poisson(3, (marks, region[2] - region[1])).astype(np.float16)
        save_depth(folder, region, depth)
        for m in range(marks):
            parts = [depth[m, a : a + bin_size].tolist() for a in range(0, depth.shape[1], bin_size)]
            expected[m] += [math.fsum(p) / len(p) for p in parts]
    result = read_depth_folder(folder, regions, bin_size, names)
    assert list(result) == names
    for m, name in enumerate(names):
        assert result[name].mean.tolist() == expected[m]
    assert result["m0"].covered.sum() == sum(lengths)


@pytest.mark.parametrize(
    ("depth", "said"),
    [
        (np.ones((3, 10)), r"shape \(3, 10\); expected numbers of shape \(2 marks, 10 bases\)"),
        (np.ones((2, 9)), r"shape \(2, 9\)"),
        (np.ones(20), r"shape \(20,\)"),
        (np.array([[0.0] * 10, [0] * 4 + [np.nan] + [0] * 5]), "depth nan in row 1, base 4"),
        (np.array([[-1.0] + [0] * 9] * 2), r"depth -1\.0 in row 0, base 0"),
        (np.full((2, 10), np.inf, np.float16), "depth inf"),
        (np.full((2, 10), "x"), "<U1"),
        (np.full((2, 10), None), "not a readable numpy array"),
    ],
)
def test_bad_published_array(tmp_path, depth, said):
    save_depth(tmp_path, ("chr1", 0, 10), depth)
    with pytest.raises(ChromolabError, match=rf"chr1:0-10\.npy: .*{said}"):
        read_depth_folder(tmp_path, table(("chr1", 0, 10)), 5, ["a", "b"])


def test_absent_or_cut_published_array(tmp_path):
    with pytest.raises(ChromolabError, match=r"chr1:0-10\.npy: no such file"):
        read_depth_folder(tmp_path, table(("chr1", 0, 10)), 5)
    save_depth(tmp_path, ("chr1", 0, 10), np.ones((7, 10)))
    path = tmp_path / "chr1:0-10.npy"
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(ChromolabError, match="not a readable numpy array"):
        read_depth_folder(tmp_path, table(("chr1", 0, 10)), 5)


@pytest.mark.real
def test_published_arrays_of_real_genes(real):
    meta = pd.read_csv(real / "h1-demo/meta.csv").head(5)
    regions = table(*((c, t - 20_000, t + 20_000) for c, t in zip(meta["chrom"], meta["start"], strict=True)))
    result = read_depth_folder(real / "h1-demo/npy", regions, 500)
    for r, region in enumerate(regions.itertuples(index=False)):
        depth = np.load(real / "h1-demo/npy" / "{}:{}-{}.npy".format(*region)).astype(np.float64)
        for m, mark in enumerate(result):
            expected = depth[m].reshape(80, 500).mean(axis=1)
            np.testing.assert_allclose(result[mark].mean[r * 80 : r * 80 + 80], expected, rtol=1e-14)
