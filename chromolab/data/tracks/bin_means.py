"""Turn signal tracks into exact bin means: any bigWig, aligned reads, bedGraphs, the published per-region arrays.

Missing is not zero: a bin's mean is over the bases that have data, NaN if none has, and `covered` counts these bases.

The file type is detected from its content, never its name (`reads.track_kind`). A bigWig is only ever opened in a child
process (`child_bigwig.py`), because a damaged one can crash the interpreter; the other kinds are read in one too
(`child_reads.py`). Regions are sorted and nearby ones merged into blocks, each block is read once with `values`, and
the results come back in the caller's order.
tests/bench/bench_bins.py measures this against pyBigWig's `stats(exact=True)` per region.
"""

import functools
import logging
import tempfile
from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from chromolab.data.chromosomes import check_assembly, find_chromosome, guess_assembly
from chromolab.data.intervals import check_regions
from chromolab.data.processes import cpus
from chromolab.data.public.integrity import bigwig_fault
from chromolab.data.text import is_whole
from chromolab.data.tracks import jobs
from chromolab.data.tracks.evidence import Evidence, merged
from chromolab.data.tracks.reads import BedGraph, Reads, log_losses, report_of, source_of
from chromolab.data.tracks.track_source import TrackSource
from chromolab.errors import ChromolabError

log = logging.getLogger("chromolab")

BLOCK = 1_000_000  # bp read at once: a child then needs some tens of MB
GAP = 20_000  # bp between two regions up to which reading the gap is faster than a block of its own
WORTH_A_CHILD = 20_000_000  # bp of regions that make one more process on the same track pay off


class TrackInfo(NamedTuple):
    """An opened track: its `path`, `chrom_sizes` (name -> bp; {} if the file does not give them) and `kind`."""

    path: Path
    chrom_sizes: dict[str, int]
    kind: str = "bigwig"


class BinMeans(NamedTuple):
    """Bins of many regions, one region after another.

    mean : (total_bins,) float64, mean over the bases of the bin that have data; NaN if none has.
    covered : (total_bins,) int32, the number of those bases.
    offsets : (n_regions + 1,) int64; region r's bins are [offsets[r], offsets[r + 1]).
    evidence : what the values look like base by base; empty for what was not read from a track.
    """

    mean: np.ndarray
    covered: np.ndarray
    offsets: np.ndarray
    evidence: Evidence = Evidence()


def open_track(track: str | PathLike[str] | Reads | BedGraph) -> TrackInfo:
    """Check a track and read its chromosome sizes, in a child process; of a text file only the first lines are read.

    Raises
    ------
    ChromolabError
        The file does not exist, is not a track (judged by its first bytes), or is a truncated or damaged bigWig.
    """
    source = check_track(track, header_only=True)
    path = Path(source.path)
    if source.kind in ("reads", "bedgraph"):
        return TrackInfo(path, source.sizes or {}, source.kind)
    stat = path.stat()
    return TrackInfo(path, dict(_chrom_sizes(source, stat.st_size, stat.st_mtime_ns)), source.kind)


@functools.lru_cache(maxsize=1024)
def _chrom_sizes(source: TrackSource, size: int, changed: int) -> dict[str, int]:
    """The chromosomes in a file's header; `size` and `changed` make sure that a replaced file is read again."""
    jobs.run([job := jobs.ReadJob(source)], processes=1)
    return job.chroms


def check_track(
    track: str | PathLike[str] | Reads | BedGraph,
    chrom_sizes: Mapping[str, int] | str | PathLike[str] | None = None,
    header_only: bool = False,
) -> TrackSource:
    """Identify a track (see `reads.source_of`), and refuse a truncated bigWig."""
    source = source_of(track, chrom_sizes, header_only)
    if source.kind == "bigwig" and bigwig_fault(Path(source.path)):
        raise ChromolabError(
            f"{source.path}: truncated: a complete bigWig ends with the four bytes it begins with, this one (of "
            f"{Path(source.path).stat().st_size} bytes) does not: it is damaged. Copy or download it again."
        )
    return source


def bin_means(
    track: str | PathLike[str] | Reads | BedGraph,
    regions: pd.DataFrame,
    bin_size: int,
    processes: int | None = None,
    progress: bool = True,
    **kwargs: Any,
) -> BinMeans:
    """Exact mean signal of one track in every bin of every region.

    Parameters
    ----------
    track : one value of the `tracks` of `bin_means_many`, which explains `regions`, `bin_size`, `processes`,
        `progress` and `kwargs`, its other arguments.

    Returns
    -------
    BinMeans
        Bins in the order of `regions`.

    Raises
    ------
    ChromolabError
        As in `bin_means_many`.
    """
    return bin_means_many({"": track}, regions, bin_size, processes, progress, **kwargs)[""]


def bin_means_many(
    tracks: Mapping[str, str | PathLike[str] | Reads | BedGraph],
    regions: pd.DataFrame,
    bin_size: int,
    processes: int | None = None,
    progress: bool = True,
    *,
    missing_chromosomes: str = "error",
    scratch: str | PathLike[str] | None = None,
    chrom_sizes: Mapping[str, int] | str | PathLike[str] | None = None,
) -> dict[str, BinMeans]:
    """Exact mean signal of several tracks in every bin of every region.

    Parameters
    ----------
    tracks : dict name -> path of a bigWig, aligned reads (tagAlign, BED, BAM) or a bedGraph, detected by content; or a
        `cl.data.Reads` or `cl.data.BedGraph`, which say how to read one. Each call reads aligned reads from the
        start: for many calls, use `cl.data.reads_to_bigwig` first.
    regions : DataFrame `chrom`, `start`, `end` (bp, 0-based half-open); any order, overlaps and repeats are fine. A
        region may extend beyond either end of its chromosome: bases outside have no data.
    bin_size : bp per bin. Region r has ceil(length / bin_size) bins from its own start; the last covers the rest.
    processes : child processes at once (default: one per CPU).
    progress : show a progress bar when reading takes longer than two seconds.
    missing_chromosomes : "error", or "nan": regions on a chromosome that the track lacks have no data (logged).
    scratch : folder for intermediate files, which are removed afterwards (default: the system's temporary folder).
    chrom_sizes : {chromosome: bp}, path of a chrom.sizes file, or name of an assembly ("hg19"). Aligned reads in text
        need it; without it, a chromosome of a bedGraph ends with its last interval.

    Returns
    -------
    dict name -> `BinMeans`, bins in the order of `regions`. The chromosome names ``1`` and ``chr1`` are matched
    (logged).

    Raises
    ------
    ChromolabError
        A bad region or bin size; a file that is damaged, truncated or not a track; a chromosome that the track lacks;
        infinite values; tracks of different assemblies; no `chrom_sizes` where they are needed.
    """
    bin_size = _checked_bin_size(bin_size)
    if missing_chromosomes not in ("error", "nan"):
        raise ChromolabError(f"missing_chromosomes: {missing_chromosomes!r}; expected 'error' or 'nan'.")
    regions = check_regions(regions, allow_outside=True)
    sources = [check_track(track, chrom_sizes) for track in tracks.values()]  # all of them before reading the first
    processes = max(1, processes or cpus())
    plan, place = _plan(regions, bin_size)
    shared = _parts(plan, processes // max(1, len(sources)))
    # Several children may share a bigWig; other kinds are read from start to end, by one.
    parts = [shared if source.kind == "bigwig" else _parts(plan, 1) for source in sources]
    with tempfile.TemporaryDirectory(prefix="chromolab-", dir=scratch) as folder:
        np.savez(Path(folder, "plan.npz"), allow_pickle=False, **plan)
        common = {
            "plan": str(Path(folder, "plan.npz")),
            "names": plan["names"].tolist(),
            "missing": "error" if missing_chromosomes == "error" else "drop",
        }
        per_track = [
            [
                jobs.ReadJob(source, first=first, last=last, out=str(Path(folder, f"{t}-{first}.npz")), **common)
                for first, last in parts[t]
            ]
            for t, source in enumerate(sources)
        ]
        jobs.run([job for of_track in per_track for job in of_track], processes, progress)
        _compare(regions, [of_track[0] for of_track in per_track if of_track])
        offsets = _offsets(regions, bin_size)
        return {name: _gather(done, place, offsets) for name, done in zip(tracks, per_track, strict=True)}


def _checked_bin_size(bin_size) -> int:
    if not is_whole(bin_size):
        raise ChromolabError(f"bin_size: {bin_size!r}; expected a whole number of bp, at least 1.")
    return int(bin_size)


def _offsets(regions: pd.DataFrame, bin_size: int) -> np.ndarray:
    length = (regions["end"] - regions["start"]).to_numpy(np.int64)
    return np.concatenate([[0], np.cumsum(-(-length // bin_size))]).astype(np.int64)


def _plan(regions: pd.DataFrame, bin_size: int) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """What the children read, in reading order, and where each bin belongs in the caller's order.

    A region longer than a block is cut into pieces at bin edges, so that memory stays bounded. Returns the plan
    (`names`; `chrom`, `start`, `end` (pieces,); `offsets` (pieces + 1,) into the bins read; `blocks`: the first piece
    of each block, and the number of pieces) and `place` (total_bins,): the position of each bin read in the result.
    """
    start, end = regions["start"].to_numpy(np.int64), regions["end"].to_numpy(np.int64)
    step = max(1, BLOCK // bin_size) * bin_size
    pieces = -(-(end - start) // step)
    region = np.repeat(np.arange(len(regions)), pieces)
    nth = np.arange(len(region)) - np.repeat(np.cumsum(pieces) - pieces, pieces)  # of its region, for every piece
    names, chrom = np.unique(regions["chrom"].to_numpy(str), return_inverse=True)
    chrom, start = chrom[region], start[region] + nth * step
    end = np.minimum(start + step, end[region])
    bins = -(-(end - start) // bin_size)
    first_bin = _offsets(regions, bin_size)[region] + nth * (step // bin_size)

    order = np.lexsort((end, start, chrom))
    chrom, start, end, bins, first_bin = (a[order] for a in (chrom, start, end, bins, first_bin))
    offsets = np.concatenate([[0], np.cumsum(bins)]).astype(np.int64)
    place = np.repeat(first_bin - offsets[:-1], bins) + np.arange(offsets[-1])
    blocks = _blocks(chrom, start, end)
    plan = {"names": names, "chrom": chrom, "start": start, "end": end, "offsets": offsets, "blocks": blocks}
    return plan | {"bin_size": np.int64(bin_size)}, place


def _blocks(chrom: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """The index of the first piece of each block to read, and at the end the number of pieces; pieces are sorted."""
    edges, current, low, high = [], -1, 0, 0  # the current block: its chromosome, start and end
    for i, (c, s, e) in enumerate(zip(chrom.tolist(), start.tolist(), end.tolist(), strict=True)):
        if c != current or s > high + GAP or max(e, high) - low > BLOCK:
            edges.append(i)
            current, low, high = c, s, e
        high = max(high, e)
    return np.array([*edges, len(chrom)], np.int64)


def _parts(plan: dict[str, np.ndarray], at_most: int) -> list[tuple[int, int]]:
    """Cut a track's plan between blocks into at most `at_most` even parts, if there is enough to read for several."""
    cost = np.concatenate([[0], np.cumsum(plan["end"] - plan["start"])])[plan["blocks"]]
    n = max(1, min(at_most, int(cost[-1] // WORTH_A_CHILD)))
    cuts = np.unique(np.searchsorted(cost, np.linspace(0, cost[-1], n + 1)[1:-1]))
    edges = np.unique([0, *plan["blocks"][cuts], plan["blocks"][-1]]).tolist()
    return list(zip(edges[:-1], edges[1:], strict=True))


def _gather(read: Sequence[jobs.ReadJob], place: np.ndarray, offsets: np.ndarray) -> BinMeans:
    mean, covered = np.empty(offsets[-1], np.float64), np.empty(offsets[-1], np.int32)
    done = 0
    for job in read:
        with np.load(job.out, allow_pickle=False) as part:
            to = place[done : done + len(part["mean"])]
            mean[to], covered[to] = part["mean"], part["covered"]
            done += len(to)
    lost = [f"{line.count:,} {line.what}" for job in read[:1] for line in report_of(job).of("lost", "changed")]
    return BinMeans(mean, covered, offsets, merged((job.looks for job in read), lost))


def _compare(regions: pd.DataFrame, read: Sequence[jobs.ReadJob]) -> None:
    """Check that tracks and regions are of one assembly; log which reads of a track were left out."""
    # Without sizes, a bedGraph does not know how long its chromosomes are.
    sized = [job for job in read if job.source.kind != "bedgraph" or job.source.chrom_sizes]
    for job in sized[1:]:
        check_assembly(sized[0].chroms, job.chroms, str(sized[0].path), str(job.path))
    _report_outside(regions, {str(job.path): job.chroms for job in sized})
    for job in read:
        log_losses(job)


def _report_outside(regions: pd.DataFrame, sizes: Mapping[str, Mapping[str, int]]) -> None:
    """Log regions that lie entirely outside a track's chromosome; the usual cause is another assembly."""
    for path, lengths in sizes.items():
        known = {c: lengths.get(find_chromosome(c, lengths) or "", np.inf) for c in regions["chrom"].unique()}
        length = regions["chrom"].map(known)
        outside = (regions["start"] >= length) | (regions["end"] <= 0)
        if outside.any():
            r = regions[outside].iloc[0]
            looks = f" (its chr1 is as long as in {g})" if (g := guess_assembly(lengths)) else ""
            log.warning(
                "%s%s: %d region(s) lie outside the chromosome, the first is %s:%d-%d; they have no data. "
                "Are the regions of another assembly?",
                path,
                looks,
                outside.sum(),
                r["chrom"],
                r["start"],
                r["end"],
            )
