"""Bin means of a cell type of real size, timed and checked against pyBigWig's `stats(exact=True)` per region.

    make bench BENCH=bench_realsize  # a hundredth of it
    make bench BENCH=bench_realsize ARGS="--full"  # all of it: 3 GB of temporary files, some minutes
    make bench BENCH=bench_realsize ARGS="--full --keep DIR"  # the simulated tracks stay in DIR and are used again

Simulated: 18,955 promoter windows of 40 kb and 60,000 pCREs (median 5 kb, at most 40 kb), and seven bigWigs over hg19's
chromosomes with a run every 50 bp, as 30 million reads of 36 bp leave. Two of the seven are drawn, the others copied:
the work is the same. `build_dataset` makes the dataset, which is saved. The slow side is timed on a sample of the
regions, in this process, one track, and scaled up. Exit code 1 when a mean differs or the ratio is under 100.
"""

import argparse
import shutil
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
from chromolab.defaults import MARKS, WINDOW

GENES, PCRES, BIN, RUN, SAMPLE, AT_LEAST = 18_955, 60_000, 100, 50, 60, 100


def write_track(path: Path, sizes: dict[str, int], seed: int) -> None:
    """Runs of about `RUN` bp without gaps: low depth everywhere, high in one stretch of twenty."""
    rng = np.random.default_rng(seed)
    beside = path.with_suffix(".part")
    with pyBigWig.open(str(beside), "w") as f:
        f.addHeader(list(sizes.items()))
        for chrom, size in sizes.items():
            for low in range(0, size, 20_000_000):
                high = min(size, low + 20_000_000)
                edges = np.unique(rng.integers(low, high, (high - low) // RUN))
                edges = np.concatenate([[low], edges[edges > low], [high]])
                peaks = (rng.random(20_000) < 0.05).astype(float) * rng.gamma(2, 5, 20_000)
                values = rng.poisson(0.4 + peaks[(edges[:-1] - low) // 1_000]).astype(float)
                f.addEntries(np.full(len(values), chrom), edges[:-1], ends=edges[1:], values=values)
    beside.replace(path)


def simulate_tracks(folder: Path, sizes: dict[str, int], share: float) -> dict[str, Path]:
    paths = {mark: folder / f"{mark}.bw" for mark in MARKS}
    first, second, *others = paths.values()
    script = [sys.executable, __file__, "--share", str(share), "--track"]
    drawn = [
        subprocess.Popen([*script, str(path), str(i)]) for i, path in enumerate((first, second)) if not path.exists()
    ]
    if any([child.wait() for child in drawn]):
        raise SystemExit("realsize: a track could not be written")
    for i, path in enumerate(others):
        if not path.exists():
            shutil.copyfile((first, second)[i % 2], path)
    return paths


def places(sizes: dict[str, int], n: int, rng) -> tuple[np.ndarray, np.ndarray]:
    """Chromosomes and places of `n` regions that leave `WINDOW` to the ends."""
    lengths = np.array(list(sizes.values()), float)
    chrom = rng.choice(len(sizes), n, p=lengths / lengths.sum())
    return np.array(list(sizes))[chrom], (WINDOW + rng.random(n) * (lengths[chrom] - 3 * WINDOW)).astype(np.int64)


def simulate_tables(sizes: dict[str, int], share: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A gene table, and contacts of its promoters with as many distinct pCREs as asked for."""
    rng, n, n_pcres = np.random.default_rng(5), int(GENES * share), int(PCRES * share)
    chrom, tss = places(sizes, n, rng)
    x = rng.gamma(0.4, 20, n)
    genes = pd.DataFrame(
        {
            "gene_id": [f"G{i}" for i in range(n)],
            "gene_name": [f"G{i}" for i in range(n)],
            "cell_type": "simulated",
            "chrom": chrom,
            "tss": tss,
            "strand": rng.choice(["+", "-"], n),
            "start": tss,
            "end": tss + 1,
            "expression": x,
            "log2_expression": np.log2(x + 1),
            "label": (x >= np.median(x)).astype(int),
            "fold": 1,
        }
    )
    _, at = places(sizes, n_pcres, rng)
    length = np.exp(rng.normal(np.log(5_000), 0.9, n_pcres)).clip(200, WINDOW).astype(np.int64)
    gene = rng.permutation(np.arange(n_pcres) % n)
    at = np.minimum(at, np.array([sizes[c] for c in chrom[gene]]) - 2 * WINDOW)
    contacts = pd.DataFrame(
        {
            "chrom1": chrom[gene],
            "start1": tss[gene],
            "end1": tss[gene] + 1,
            "chrom2": chrom[gene],
            "start2": at,
            "end2": at + length,
            "frequency": rng.uniform(2, 9, n_pcres),
        }
    )
    return genes, contacts


def compare(ds, path: Path, mark: int) -> tuple[float, int]:
    """Seconds that `stats(exact=True)` takes for all regions of one track, from a sample; and means that differ."""
    rng = np.random.default_rng(7)
    picked = np.sort(rng.choice(np.flatnonzero(ds.signal.lengths >= BIN), SAMPLE, replace=False))
    bins, wrong = 0, 0
    began = time.perf_counter()
    with pyBigWig.open(str(path)) as f:
        rows = {}
        for r in picked:
            chrom, start, end = ds.signal.regions.loc[r, ["chrom", "start", "end"]]
            whole = (end - start) // BIN  # `stats` cannot have a shorter last bin
            rows[r] = f.stats(chrom, int(start), int(start + whole * BIN), nBins=int(whole), exact=True)
            bins += whole
    seconds = time.perf_counter() - began
    for r, row in rows.items():
        mine = ds.region_depth(r)[: len(row), mark]
        wrong += int((~np.isclose(mine, np.array(row, np.float64), rtol=1e-6)).sum())
    return seconds * len(ds.signal.depth) / bins, wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--keep", type=Path, help="folder for the simulated tracks")
    parser.add_argument("--share", type=float, default=0.01, help=argparse.SUPPRESS)
    parser.add_argument("--track", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    share = 1.0 if asked.full else asked.share
    sizes = {c: max(2_000_000, int(n * share)) for c, n in chromosome_sizes("hg19").items() if c != "chrM"}
    if asked.track:
        write_track(Path(asked.track[0]), sizes, int(asked.track[1]))
        return 0
    with tempfile.TemporaryDirectory(prefix="chromolab-") as temporary:
        folder = asked.keep or Path(temporary)
        began = time.perf_counter()
        tracks = simulate_tracks(folder, sizes, share)
        size = sum(path.stat().st_size for path in tracks.values()) / 1e9
        print(f"realsize: seven simulated tracks, {size:.2f} GB, {time.perf_counter() - began:.0f} s", flush=True)
        genes, contacts = simulate_tables(sizes, share)
        began = time.perf_counter()
        ds = cl.build_dataset(genes, tracks, contacts, dtype="float16", progress=False)
        bulk = time.perf_counter() - began
        place = ds.save(Path(temporary, "x.clds"))
        bases = ds.signal.lengths.sum() / 1e9
        print(
            f"realsize: {len(ds):,} genes, {len(ds.signal.regions):,} regions of {bases:.2f} Gb, {len(ds.marks)} "
            f"tracks: build_dataset {bulk:.0f} s, {place.stat().st_size / 1e9:.2f} GB on disk",
            flush=True,
        )
        began = time.perf_counter()
        regions = ds.signal.regions
        means = cl.data.bin_means(tracks[MARKS[0]], regions, BIN, progress=False)
        one = time.perf_counter() - began
        ds = cl.Dataset(
            ds.genes,
            (MARKS[0],),
            type(ds.signal)(regions, means.mean[:, None], means.offsets, BIN),
            ds.promoter,
            ds.pcre,
            ds.frequency,
            ds.window,
        )
        slow, wrong = compare(ds, tracks[MARKS[0]], 0)
    ratio = slow * len(MARKS) / bulk
    print(
        f"realsize: stats(exact=True) {slow:.0f} s per track (from {SAMPLE} regions), ours {one:.1f} s: ratio "
        f"{slow / one:.0f}; seven tracks against build_dataset: {ratio:.0f} (at least {AT_LEAST}); {wrong} means differ"
    )
    return 0 if not wrong and (ratio >= AT_LEAST or not asked.full) else 1


if __name__ == "__main__":
    sys.exit(main())
