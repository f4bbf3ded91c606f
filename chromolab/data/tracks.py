"""Signal tracks into exact bin means: bigWigs of any make, aligned reads, bedGraphs, the published per-region arrays.

Missing is not zero: a bin's mean is over the bases that have data, NaN where none has, and `covered` counts them.

What a file is, is told by what is in it (`reads.track_kind`). A bigWig is only ever opened in a child process
(`_bigwig.py`), because a damaged one can crash the interpreter; others are read in one, too (`_depth.py`). Regions are
sorted and near ones merged, each stretch is read once with `values`, and the results come back in the caller's order.
tests/bench/bench_bins.py measures this against pyBigWig's `stats(exact=True)` per region.
"""

import functools
import json
import logging
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from tqdm.auto import tqdm

from chromolab.data import _reader
from chromolab.data._text import existing_file
from chromolab.data.intervals import check_assembly, check_regions, find_chromosome, guess_assembly
from chromolab.data.reads import log_losses, source_of
from chromolab.defaults import MARKS
from chromolab.errors import ChromolabError

log = logging.getLogger("chromolab")

BLOCK = 1_000_000  # bp read in one go, so that a child needs some tens of MB
GAP = 2_000  # bp between two regions that are quicker read through than sought over
WORTH_A_CHILD = 20_000_000  # bp of regions for which a further process on the same track pays


class TrackInfo(NamedTuple):
    """A track that was opened: its `path`, `chrom_sizes` (name -> bp; {} where it does not say) and `kind`."""

    path: Path
    chrom_sizes: dict[str, int]
    kind: str = "bigwig"


class BinMeans(NamedTuple):
    """Bins of many regions, one region after another.

    mean : (total_bins,) float64, mean over the bases of the bin that have data; NaN where none has.
    covered : (total_bins,) int32, the number of those bases.
    offsets : (n_regions + 1,) int64; region r's bins are [offsets[r], offsets[r + 1]).
    """

    mean: np.ndarray
    covered: np.ndarray
    offsets: np.ndarray


def open_track(track) -> TrackInfo:
    """Verify a track and read its chromosomes, in a child process; of text only the first lines are looked at.

    Raises
    ------
    ChromolabError
        No such file, no kind of track (its first bytes), a bigWig that is truncated (its last bytes) or damaged.
    """
    source = check_track(track, header_only=True)
    if source["kind"] in ("reads", "bedgraph"):
        return TrackInfo(Path(source["path"]), source["sizes"] or {}, source["kind"])
    stat = Path(source["path"]).stat()
    sizes = _chrom_sizes(json.dumps(source), stat.st_size, stat.st_mtime_ns)
    return TrackInfo(Path(source["path"]), dict(sizes), source["kind"])


@functools.lru_cache(maxsize=1024)
def _chrom_sizes(source: str, size: int, changed: int) -> dict[str, int]:  # size, changed: a replaced file is read anew
    _reader.run([job := _reader.Job(json.loads(source))], processes=1)
    return job.chroms


def check_track(track, chrom_sizes=None, header_only: bool = False) -> dict:
    """What a track is (`reads.source_of`); a bigWig's first and last four bytes have to be the same."""
    source = source_of(track, chrom_sizes, header_only)
    if source["kind"] == "bigwig":
        path = Path(source["path"])
        with open(path, "rb") as f:
            head = f.read(4)
            f.seek(max(0, path.stat().st_size - 4))
            tail = f.read(4)
        if head != tail:
            raise ChromolabError(
                f"{path}: truncated: a whole bigWig ends with the four bytes it begins with, this one (of "
                f"{path.stat().st_size} bytes) does not. Copy or download it again."
            )
    return source


def bin_means(
    track, regions: pd.DataFrame, bin_size: int, processes: int | None = None, progress: bool = True, **kwargs
) -> BinMeans:
    """Exact mean signal of one track in every bin of every region; the arguments are `bin_means_many`'s."""
    return bin_means_many({"": track}, regions, bin_size, processes, progress, **kwargs)[""]


def bin_means_many(
    tracks: Mapping[str, object],
    regions: pd.DataFrame,
    bin_size: int,
    processes: int | None = None,
    progress: bool = True,
    *,
    missing_chromosomes: str = "error",
    scratch=None,
    chrom_sizes=None,
) -> dict[str, BinMeans]:
    """Exact mean signal of several tracks in every bin of every region.

    Parameters
    ----------
    tracks : dict name -> path of a bigWig, of aligned reads (tagAlign, BED, BAM) or of a bedGraph, told apart by what
        is in the file; or `chromolab.Reads` and `chromolab.BedGraph`, which say how to read one. Reads are gone
        through anew in each call: for many calls, `chromolab.reads_to_bigwig` first.
    regions : DataFrame `chrom`, `start`, `end` (bp, 0-based half-open); any order, overlaps and repeats are fine. A
        region may run past either end of its chromosome: bases outside have no data.
    bin_size : bp per bin. Region r has ceil(length / bin_size) bins from its own start; the last covers what is left.
    processes : child processes at once (default: one per CPU).
    progress : show a progress bar when reading takes longer than two seconds.
    missing_chromosomes : "error", or "nan": regions on a chromosome that the track lacks have no data (logged).
    scratch : folder for what is read until it is gathered (default: the system's temporary folder); removed afterwards.
    chrom_sizes : {chromosome: bp}, path of a table of both, or name of an assembly ("hg19"): the chromosomes of text
        files of reads, which name none themselves, and of bedGraphs, which else end with their last line.

    Returns
    -------
    dict name -> `BinMeans`, bins in the order of `regions`. Chromosomes named ``1`` in one and ``chr1`` in the other
    are matched (logged).

    Raises
    ------
    ChromolabError
        A bad region or bin size; a file that is not a whole, sound track; a chromosome it lacks; infinite values;
        tracks of different assemblies; no `chrom_sizes` where they are needed.
    """
    bin_size = _checked_bin_size(bin_size)
    if missing_chromosomes not in ("error", "nan"):
        raise ChromolabError(f"missing_chromosomes: {missing_chromosomes!r}; expected 'error' or 'nan'.")
    regions = check_regions(regions, allow_outside=True)
    sources = [check_track(track, chrom_sizes) for track in tracks.values()]  # all of them before the first is read
    processes = max(1, processes or _cpus())
    plan, place = _plan(regions, bin_size)
    shared = _parts(plan, processes // max(1, len(sources)))
    parts = [shared if s["kind"] == "bigwig" else _parts(plan, 1) for s in sources]  # others are gone through whole
    with tempfile.TemporaryDirectory(prefix="chromolab-", dir=scratch) as folder:
        np.savez(Path(folder, "plan.npz"), **plan)
        common = {
            "plan": str(Path(folder, "plan.npz")),
            "names": plan["names"].tolist(),
            "missing": "error" if missing_chromosomes == "error" else "drop",
        }
        per_track = [
            [
                _reader.Job(source, first=first, last=last, out=str(Path(folder, f"{t}-{first}.npz")), **common)
                for first, last in parts[t]
            ]
            for t, source in enumerate(sources)
        ]
        _reader.run([job for jobs in per_track for job in jobs], processes, progress)
        _compare(regions, [jobs[0] for jobs in per_track if jobs])
        offsets = _offsets(regions, bin_size)
        return {name: _gather(done, place, offsets) for name, done in zip(tracks, per_track, strict=True)}


def _cpus() -> int:
    """CPUs that this process may use, which on a cluster are fewer than the machine's."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _checked_bin_size(bin_size) -> int:
    if isinstance(bin_size, bool) or not isinstance(bin_size, int | np.integer) or bin_size < 1:
        raise ChromolabError(f"bin_size: {bin_size!r}; expected a whole number of bp, at least 1.")
    return int(bin_size)


def _offsets(regions: pd.DataFrame, bin_size: int) -> np.ndarray:
    length = (regions["end"] - regions["start"]).to_numpy(np.int64)
    return np.concatenate([[0], np.cumsum(-(-length // bin_size))]).astype(np.int64)


def _plan(regions: pd.DataFrame, bin_size: int) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """What the children read, in reading order, and where each bin belongs in the caller's order.

    A region longer than a block is cut where bins end, so that memory stays bounded. Returns the plan (`names`;
    `chrom`, `start`, `end` (pieces,); `offsets` (pieces + 1,) into the bins read; `blocks`: the pieces at which a new
    stretch begins, and the end) and `place` (total_bins,): position of each bin read in the result.
    """
    start, end = regions["start"].to_numpy(np.int64), regions["end"].to_numpy(np.int64)
    step = max(1, BLOCK // bin_size) * bin_size
    pieces = -(-(end - start) // step)
    of = np.repeat(np.arange(len(regions)), pieces)
    nth = np.arange(len(of)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    names, chrom = np.unique(regions["chrom"].to_numpy(str), return_inverse=True)
    chrom, start = chrom[of], start[of] + nth * step
    end = np.minimum(start + step, end[of])
    bins = -(-(end - start) // bin_size)
    first_bin = _offsets(regions, bin_size)[of] + nth * (step // bin_size)

    order = np.lexsort((end, start, chrom))
    chrom, start, end, bins, first_bin = (a[order] for a in (chrom, start, end, bins, first_bin))
    offsets = np.concatenate([[0], np.cumsum(bins)]).astype(np.int64)
    place = np.repeat(first_bin - offsets[:-1], bins) + np.arange(offsets[-1])
    blocks = _blocks(chrom, start, end)
    plan = {"names": names, "chrom": chrom, "start": start, "end": end, "offsets": offsets, "blocks": blocks}
    return plan | {"bin_size": np.int64(bin_size)}, place


def _blocks(chrom: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Indices of the sorted pieces at which a new stretch to read begins, and their number at the end."""
    edges, high, low, where = [], 0, 0, -1
    for i, (c, s, e) in enumerate(zip(chrom.tolist(), start.tolist(), end.tolist(), strict=True)):
        if c != where or s > high + GAP or max(e, high) - low > BLOCK:
            edges.append(i)
            where, low, high = c, s, e
        high = max(high, e)
    return np.array([*edges, len(chrom)], np.int64)


def _parts(plan: dict[str, np.ndarray], at_most: int) -> list[tuple[int, int]]:
    """Cut a track's plan between blocks into up to `at_most` even parts, when there is enough to read for several."""
    cost = np.concatenate([[0], np.cumsum(plan["end"] - plan["start"])])[plan["blocks"]]
    n = max(1, min(at_most, int(cost[-1] // WORTH_A_CHILD)))
    cuts = np.unique(np.searchsorted(cost, np.linspace(0, cost[-1], n + 1)[1:-1]))
    edges = np.unique([0, *plan["blocks"][cuts], plan["blocks"][-1]]).tolist()
    return list(zip(edges[:-1], edges[1:], strict=True))


def _gather(jobs: Sequence[_reader.Job], place: np.ndarray, offsets: np.ndarray) -> BinMeans:
    mean, covered = np.empty(offsets[-1], np.float64), np.empty(offsets[-1], np.int32)
    done = 0
    for job in jobs:
        with np.load(job.out, allow_pickle=False) as part:
            to = place[done : done + len(part["mean"])]
            mean[to], covered[to] = part["mean"], part["covered"]
            done += len(to)
    return BinMeans(mean, covered, offsets)


def _compare(regions: pd.DataFrame, jobs: Sequence[_reader.Job]) -> None:
    """Hold the tracks against each other and against the regions; log what was left out of them."""
    sized = [job for job in jobs if job.source["kind"] != "bedgraph" or job.source["sizes"]]  # others know no lengths
    for job in sized[1:]:
        check_assembly(sized[0].chroms, job.chroms, str(sized[0].path), str(job.path))
    _report_outside(regions, {str(job.path): job.chroms for job in sized})
    for job in jobs:
        log_losses(job)


def _report_outside(regions: pd.DataFrame, sizes: Mapping[str, Mapping[str, int]]) -> None:
    """Log regions that lie wholly outside a track's chromosome: another assembly is the usual cause."""
    for path, lengths in sizes.items():
        known = {c: lengths.get(find_chromosome(c, lengths), np.inf) for c in regions["chrom"].unique()}
        length = regions["chrom"].map(known)
        outside = (regions["start"] >= length) | (regions["end"] <= 0)
        if outside.any():
            r = regions[outside].iloc[0]
            looks = f" (its chr1 is that of {g})" if (g := guess_assembly(lengths)) else ""
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


def read_depth_folder(
    folder, regions: pd.DataFrame, bin_size: int, marks: Sequence[str] = MARKS, progress: bool = True
) -> dict[str, BinMeans]:
    """Bin means from the published format: one file ``{chrom}:{start}-{end}.npy`` per region, (marks, bases) of depth.

    Parameters
    ----------
    folder : where the files are.
    regions : DataFrame `chrom`, `start`, `end` (bp); a file of exactly that name must exist for each.
    bin_size : bp per bin; the last bin of a region covers what is left.
    marks : names of the files' rows, in order. Published: `chromolab.defaults.MARKS`.

    Returns
    -------
    dict mark -> `BinMeans`. Every base has data in this format. Means of whole-numbered depth are exact (float64 sums).

    Raises
    ------
    ChromolabError
        A file is missing, is no numeric array of (len(marks), end - start), or holds NaN, infinite or negative depth.
    """
    bin_size, folder, marks = _checked_bin_size(bin_size), Path(folder), list(marks)
    regions = check_regions(regions, allow_outside=True)
    offsets = _offsets(regions, bin_size)
    mean, covered = np.empty((len(marks), offsets[-1]), np.float64), np.empty(offsets[-1], np.int32)
    rows = regions[["chrom", "start", "end"]].itertuples(index=False)
    for r, (chrom, start, end) in enumerate(tqdm(rows, "reading arrays", len(regions), disable=not progress, delay=2)):
        depth = _read_depth(folder / f"{chrom}:{start}-{end}.npy", len(marks), end - start)
        edges = np.arange(0, end - start, bin_size)
        to = slice(offsets[r], offsets[r + 1])
        covered[to] = np.diff(edges, append=end - start)
        total = np.add.reduceat(depth, edges, axis=1, dtype=np.float64)  # (marks, bases) -> (marks, bins)
        mean[:, to] = total / covered[to]
    return {mark: BinMeans(mean[m], covered, offsets) for m, mark in enumerate(marks)}


def _read_depth(path: Path, n_marks: int, length: int) -> np.ndarray:
    existing_file(path, "the published array of one region")
    try:
        depth = np.load(path, allow_pickle=False)
    except Exception as e:  # numpy parses the header as Python text, and a damaged one can fail in any way
        raise ChromolabError(f"{path}: not a readable numpy array ({e}). Copy or download it again.") from e
    if depth.shape != (n_marks, length) or depth.dtype.kind not in "fiu":
        raise ChromolabError(
            f"{path}: {depth.dtype} of shape {depth.shape}; expected numbers of shape ({n_marks} marks, {length} "
            "bases). Check the list of marks; an array cut at a chromosome's end has to be padded to its region."
        )
    if not (np.isfinite(depth) & (depth >= 0)).all():
        mark, base = np.argwhere(~(np.isfinite(depth) & (depth >= 0)))[0]
        said = f"depth {depth[mark, base]} in row {mark}, base {base}"
        raise ChromolabError(f"{path}: {said}; expected a finite number >= 0. Make the file anew.")
    return depth
