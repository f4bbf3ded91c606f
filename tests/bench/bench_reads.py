"""Aligned reads to depth, timed and checked: a simulated tagAlign, a bigWig of it, bin means of it, and a BAM.

    make bench BENCH=bench_reads  # 300,000 reads
    make bench BENCH=bench_reads ARGS="--full"  # 30 million reads of 36 bp over hg19, as the study's data have

Reads are simulated: half of them anywhere, half piled up at 50,000 places, in no order. The depth in the bigWig is
compared with a count read by read at every base of the smallest chromosomes and of sampled stretches of the others.
Memory is that of a fresh process and its children together. Exit code 1 when a base differs.
"""

import argparse
import gzip
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyBigWig

import chromolab as cl
from chromolab.data.chromosomes import chromosome_sizes

LENGTH, STRETCH = 36, 1_000_000
SIZES = {c: n for c, n in chromosome_sizes("hg19").items() if c != "chrM"}
WHOLE = ("chr21", "chr22", "chrY")


def simulate(n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Chromosome number, start and strand (True: forward) of `n` reads, all inside their chromosome."""
    rng = np.random.default_rng(seed)
    lengths = np.array(list(SIZES.values()))
    ends = np.cumsum(lengths)
    piles = rng.integers(0, ends[-1], 50_000)
    at = np.where(rng.random(n) < 0.5, rng.choice(piles, n) + rng.normal(0, 300, n).astype(np.int64), 0)
    at = np.where(at > 0, at, rng.integers(0, ends[-1], n)).clip(0, ends[-1] - 1)
    chrom = np.searchsorted(ends, at, side="right")
    start = np.minimum(at - (ends - lengths)[chrom], lengths[chrom] - LENGTH)
    return chrom, start, rng.random(n) < 0.5


def write_tagalign(path: Path, chrom, start, forward) -> None:
    names = np.array(list(SIZES))
    with gzip.open(path, "wb", compresslevel=1) as f:
        for a in range(0, len(start), 1_000_000):
            part = slice(a, a + 1_000_000)
            strand = np.where(forward[part], "+", "-")
            rows = zip(names[chrom[part]].tolist(), start[part].tolist(), strand.tolist(), strict=True)
            f.write("".join(f"{c}\t{s}\t{s + LENGTH}\tN\t1000\t{x}\n" for c, s, x in rows).encode())


def write_bam(path: Path, chrom, start, forward) -> None:
    import pysam

    header = {"HD": {"VN": "1.6"}, "SQ": [{"SN": c, "LN": n} for c, n in SIZES.items()]}
    with pysam.AlignmentFile(str(path), "wb", header=header) as f:
        for c, s, x in zip(chrom.tolist(), start.tolist(), forward.tolist(), strict=True):
            read = pysam.AlignedSegment(f.header)
            read.query_name, read.flag, read.reference_id, read.reference_start = "r", 0 if x else 16, c, s
            read.cigartuples = [(0, LENGTH)]
            f.write(read)


def stretches(seed: int = 1) -> list[tuple[str, int, int]]:
    """The smallest chromosomes whole, and a stretch of each other one with its very end."""
    rng, picked = np.random.default_rng(seed), [(c, 0, SIZES[c]) for c in WHOLE]
    for c, size in SIZES.items():
        if c not in WHOLE:
            at = int(rng.integers(0, size - STRETCH))
            picked += [(c, at, at + STRETCH), (c, size - STRETCH // 10, size)]
    return picked


def counted(chrom, start, name: str, low: int, high: int) -> np.ndarray:
    """Depth of the bases [low, high): for each of the 36 bases of a read, one more at its place."""
    s = start[chrom == list(SIZES).index(name)]
    s = s[(s > low - LENGTH) & (s < high)]
    depth = np.zeros(high - low + 2 * LENGTH, np.int64)
    for base in range(LENGTH):
        depth += np.bincount(s + base - low + LENGTH, minlength=len(depth))[: len(depth)]
    return depth[LENGTH:-LENGTH]


def differing(bigwig: Path, chrom, start) -> tuple[int, int]:
    """Bases whose depth in the bigWig is not the count, and bases compared."""
    wrong = bases = 0
    with pyBigWig.open(str(bigwig)) as f:
        assert SIZES.items() <= f.chroms().items()
        for name, low, high in stretches():
            values = f.values(name, low, high, numpy=True)
            wrong += int((values != counted(chrom, start, name, low, high)).sum())  # no data would be unequal, too
            bases += high - low
    return wrong, bases


def resident(pid: int) -> int:
    """kB in memory of a process and all its children."""
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())  # a child belongs to the thread that started it
        children = [child for thread in threads for child in (thread / "children").read_text().split()]
        held = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    except (OSError, StopIteration):  # it has ended
        return 0
    return int(held.split()[1]) + sum(resident(int(child)) for child in children)


def timed(what: str, call: str) -> None:
    """Run a line of Python in a process of its own; its seconds, and the most memory that it and its children held."""
    began, most = time.perf_counter(), 0
    child = subprocess.Popen([sys.executable, "-c", f"import chromolab as cl, numpy as np, pandas as pd; {call}"])
    while child.poll() is None:
        most = max(most, resident(child.pid)) if sys.platform == "linux" else 0
        time.sleep(0.05)
    if child.returncode:
        raise SystemExit(f"reads: {what} failed")
    print(f"reads: {what}: {time.perf_counter() - began:.1f} s, at most {most / 2**20:.2f} GB", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true", help="30 million reads, and a BAM of 3 million")
    full = parser.parse_args().full
    n, n_bam = (30_000_000, 3_000_000) if full else (300_000, 30_000)
    chrom, start, forward = simulate(n)
    regions = pd.DataFrame([s for s in stretches() if s[0] not in WHOLE], columns=["chrom", "start", "end"])
    with tempfile.TemporaryDirectory(prefix="chromolab-") as folder:
        tagalign, bigwig, bam = (Path(folder, name) for name in ("a.tagAlign.gz", "a.bw", "a.bam"))
        write_tagalign(tagalign, chrom, start, forward)
        print(f"reads: simulated tagAlign of {n:,} reads, {tagalign.stat().st_size / 1e6:.0f} MB gzipped", flush=True)
        regions.to_csv(table := Path(folder, "regions.csv"), index=False)
        options = "'hg19', progress=False"
        timed("to a bigWig", f"print(cl.data.reads_to_bigwig({str(tagalign)!r}, {str(bigwig)!r}, {options}))")
        wrong, bases = differing(bigwig, chrom, start)
        size = bigwig.stat().st_size / 1e6
        print(f"reads: bigWig {size:.0f} MB; {wrong} of {bases:,} bases differ from an independent count", flush=True)
        means = Path(folder, "means.npy")
        timed(
            f"to bin means of 100 bp in {len(regions)} regions",
            f"np.save({str(means)!r}, cl.data.bin_means({str(tagalign)!r}, pd.read_csv({str(table)!r}), 100, "
            "chrom_sizes='hg19', progress=False).mean)",
        )
        same = np.array_equal(np.load(means), cl.data.bin_means(bigwig, regions, 100, progress=False).mean)
        print(f"reads: means from the reads and from their bigWig are equal: {same}", flush=True)
        write_bam(bam, chrom[:n_bam], start[:n_bam], forward[:n_bam])
        timed(
            f"BAM of {n_bam:,} reads to a bigWig",
            f"cl.data.reads_to_bigwig({str(bam)!r}, {str(bigwig)!r}, progress=False)",
        )
        wrong_bam, bases = differing(bigwig, chrom[:n_bam], start[:n_bam])
        print(f"reads: BAM: {wrong_bam} of {bases:,} bases differ")
    return 0 if same and not wrong and not wrong_bam else 1


if __name__ == "__main__":
    sys.exit(main())
