"""How much faster bulk bin means are than pyBigWig's `stats(exact=True)` per region: a ratio within one run.

    make bench BENCH=bench_bins

Both sides answer the same: 100 bp bins of 40 kb windows spread over the ENCODE pilot regions, in the five tracks of one
Roadmap cell type. The slow side is timed on every nth window, in this process, and scaled up; the fast side pays
for starting its child processes. Exit code 1 when a result differs or the ratio is under 50.
"""

import os
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyBigWig

from chromolab.data.intervals import read_regions
from chromolab.data.tracks.bin_means import bin_means_many

WINDOW, BIN, EVERY, AT_LEAST = 40_000, 100, 9, 50
MARKS = ("H3K4me1", "H3K4me3", "H3K9me3", "H3K27me3", "H3K36me3")


def real_data() -> Path:
    return Path(os.environ.get("CHROMOLAB_REAL_DATA", Path(__file__).parents[2].parent / "shared" / "real"))


def windows(folder: Path, n: int = 351) -> pd.DataFrame:
    """`n` windows spread evenly over the pilot regions that the tracks cover."""
    bed = read_regions(folder / "encodePilotRegions.hg19.bed")
    bed = bed[bed["chrom"] != "chrX"]
    room = (bed["end"] - bed["start"] - WINDOW).to_numpy()
    at = np.linspace(0, room.sum() - 1, n).astype(int)
    of = np.searchsorted(np.cumsum(room), at, side="right")
    start = bed["start"].to_numpy()[of] + at - (np.cumsum(room) - room)[of]
    return pd.DataFrame({"chrom": bed["chrom"].to_numpy()[of], "start": start, "end": start + WINDOW})


def per_region(path: Path, regions: pd.DataFrame) -> np.ndarray:
    """(regions, bins) through `stats`, as one would write it first."""
    with pyBigWig.open(str(path)) as f:
        rows = [f.stats(*r, nBins=WINDOW // BIN, exact=True) for r in regions.itertuples(index=False)]
    return np.array(rows, np.float64)


def main() -> int:
    folder = real_data() / "roadmap-pilot"
    if not folder.is_dir():
        print("bins: skipped, real data not found")
        return 0
    tracks = {mark: folder / f"E003-{mark}.pval.signal.bigwig" for mark in MARKS}
    regions = windows(folder)

    bulk_seconds, stats_seconds, slow = [], [], {}
    for mark, path in tracks.items():  # by turns, so that other work on the machine meets both alike
        began = time.perf_counter()
        bulk = bin_means_many(tracks, regions, BIN, progress=False)
        bulk_seconds.append(time.perf_counter() - began)
        began = time.perf_counter()
        slow[mark] = per_region(path, regions.iloc[::EVERY])
        stats_seconds.append((time.perf_counter() - began) * len(regions) / len(regions.iloc[::EVERY]))
    bulk_seconds, stats_seconds = np.median(bulk_seconds), np.sum(stats_seconds)

    same = all(
        np.allclose(bulk[mark].mean.reshape(len(regions), -1)[::EVERY], slow[mark], rtol=1e-9, equal_nan=True)
        for mark in MARKS
    )
    ratio = stats_seconds / bulk_seconds
    print(f"bins: {len(regions)} windows x {len(MARKS)} tracks, bulk {bulk_seconds:.2f} s, ", end="")
    print(f"stats(exact=True) {stats_seconds:.1f} s: ratio {ratio:.0f} (at least {AT_LEAST}), equal: {same}")
    return 0 if same and ratio >= AT_LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
