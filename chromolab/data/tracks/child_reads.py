"""The child process that reads aligned reads and bedGraphs: run as a module by `jobs`, never in a notebook's kernel.

It answers the same requests as `child_bigwig.py`. Its tracks have the two functions of pyBigWig that are needed there,
`chroms` and `values`, so that the same code makes bin means of all tracks. Reading in a child frees the memory of
millions of reads at the end, lets two files be read at once, and keeps a crash inside pysam away from the kernel.

Only the sorted starts and ends of the reads are kept, 8 bytes per read: the depth at a base is the number of starts up
to it minus the number of ends up to it. These are whole numbers, so nothing is rounded.
"""

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyBigWig

from chromolab.data.chromosomes import find_chromosome
from chromolab.data.processes import read_requests, say
from chromolab.data.report import Line
from chromolab.data.text import coordinates, text_lines
from chromolab.data.tracks import child_bigwig
from chromolab.data.tracks.child_collect import chromosomes_of, load_reads
from chromolab.data.tracks.interval_lines import Columns, interval_blocks
from chromolab.data.tracks.track_source import TrackSource
from chromolab.errors import ChromolabError

OVERHANG = 2_000  # bp past a chromosome's end that extended reads explain; more is another assembly
ENTRIES = 500_000  # runs passed to pyBigWig at a time


class ReadDepth:
    """The number of reads over each base of each chromosome, from their sorted starts and ends."""

    def __init__(self, sizes: dict[str, int], starts: dict[str, np.ndarray], ends: dict[str, np.ndarray]):
        self.sizes, self.starts, self.ends = sizes, starts, ends

    def chroms(self) -> dict[str, int]:
        """Chromosome lengths in bp."""
        return self.sizes

    def values(self, chrom: str, low: int, high: int, numpy: bool = True) -> np.ndarray:
        """Depth (high - low,) float32 of the bases [low, high)."""
        starts, ends = self.starts[chrom], self.ends[chrom]
        first, last = np.searchsorted(starts, [low, high - 1], "right")
        past, beyond = np.searchsorted(ends, [low, high - 1], "right")
        change = np.bincount(starts[first:last] - low, minlength=high - low)
        change -= np.bincount(ends[past:beyond] - low, minlength=high - low)
        change[0] += first - past  # the reads that start at or before `low` and end after it
        return np.cumsum(change, out=change).astype(np.float32)

    def runs(self, chrom: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Starts, ends and depth of the runs of equal depth, which together cover the whole chromosome."""
        size = self.sizes[chrom]
        edges = np.concatenate([self.starts[chrom], self.ends[chrom], [0, size]]).astype(np.int32)
        step = np.ones(len(edges), np.int8)
        step[len(self.starts[chrom]) :] = -1
        step[-2:] = 0
        order = np.argsort(edges, kind="stable")
        edges, depth = edges[order], np.cumsum(step[order], dtype=np.int32)
        last = np.flatnonzero(
            np.append(edges[1:] != edges[:-1], True)
        )  # the depth after all starts and ends at one position
        edges, depth = edges[last], depth[last]
        keep = np.append(
            True, depth[1:-1] != depth[:-2]
        )  # where one read ends and another starts, the depth may not change
        return edges[:-1][keep], np.append(edges[:-1][keep][1:], size), depth[:-1][keep].astype(np.float64)


class Runs:
    """The values of a bedGraph; the intervals of each chromosome are sorted and disjoint."""

    def __init__(self, sizes: dict[str, int], runs: dict[str, tuple[np.ndarray, ...]], gaps: float):
        self.sizes, self.parts, self.gaps = sizes, runs, gaps

    def chroms(self) -> dict[str, int]:
        """Chromosome lengths in bp."""
        return self.sizes

    def values(self, chrom: str, low: int, high: int, numpy: bool = True) -> np.ndarray:
        """Values (high - low,) float64 of the bases [low, high); `gaps` (NaN or 0) where no line gives one."""
        starts, ends, values = self.parts[chrom]
        inside = slice(np.searchsorted(ends, low, "right"), np.searchsorted(starts, high, "left"))
        edges = np.stack([starts[inside], ends[inside]], 1).ravel().clip(low, high) - low
        filled = np.full(2 * len(values[inside]) + 1, self.gaps)  # gap, value, gap, value, ..., gap
        filled[1::2] = values[inside]
        return np.repeat(filled, np.diff(edges, prepend=0, append=high - low))

    def runs(self, chrom: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Starts, ends and values of the intervals, and of the gaps where these are 0."""
        starts, ends, values = self.parts[chrom]
        if np.isnan(self.gaps):
            return starts, ends, values
        edges = np.concatenate([[0], np.stack([starts, ends], 1).ravel(), [self.sizes[chrom]]])
        filled = np.full(len(edges) - 1, self.gaps)
        filled[1::2] = values
        nonempty = np.diff(edges) > 0
        return edges[:-1][nonempty], edges[1:][nonempty], filled[nonempty]


# ---------------------------------------------------------------- bedGraph


def load_bedgraph(source: TrackSource, tell: Callable[[float], None]) -> tuple[dict, dict, list[Line]]:
    """Chromosome sizes; per chromosome, sorted starts, ends and values; and notes. Raises if intervals overlap.

    Without `chrom_sizes`, a chromosome ends where its last interval in the file does.
    """
    path, sizes = source.path, source.sizes
    form = Columns("a bedGraph", source.columns, 3, numeric=True, tabs=source.tabs)
    size, parts = Path(path).stat().st_size, defaultdict(list)
    for rows, place in interval_blocks(path, form):
        for name, of_chrom in rows.groupby("chrom", observed=True, sort=False):
            parts[str(name)].append([of_chrom[c].to_numpy() for c in ("start", "end", "third")])
        tell(min(1.0, place / size))
    if not parts:
        raise ChromolabError(f"{path}: no lines with values; expected a bedGraph.")
    names = {name: name if sizes is None else find_chromosome(name, sizes) for name in parts}
    lines = {name: sum(len(starts) for starts, *_ in pieces) for name, pieces in parts.items()}
    unknown = [name for name, known in names.items() if known is None]
    lost = sum(lines[name] for name in unknown)
    if 2 * lost > sum(lines.values()):
        raise ChromolabError(
            f"{path}: {lost:,} of {sum(lines.values()):,} lines lie on chromosomes of unknown size ({unknown[0]} ...). "
            "Is it of another species or assembly than chrom_sizes?"
        )
    runs, clipped = {name: [] for name in sizes or parts}, 0
    for name, known in names.items():
        if known is not None:
            runs[known] += parts.pop(name)
    for name, pieces in runs.items():
        runs[name], past = _clipped(path, name, _sorted(path, name, pieces), (sizes or {}).get(name))
        clipped += past
    notes = [
        Line(lost, "lines left out: on chromosomes of unknown size", tuple(unknown[:3]), "lost"),
        Line(clipped, "lines clipped at their chromosome's end", (), "changed"),
    ]
    lengths = sizes or {name: int(end[-1]) for name, (_, end, _) in runs.items()}
    return lengths, runs, [line for line in notes if line.count]


def _sorted(path: str, chrom: str, parts: list) -> tuple[np.ndarray, ...]:
    """Starts, ends and values of one chromosome as sorted arrays; raises if intervals overlap."""
    if not parts:
        return np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0)
    columns = tuple(np.concatenate(column) for column in zip(*parts, strict=True))
    if (columns[0][1:] < columns[0][:-1]).any():
        order = np.argsort(columns[0], kind="stable")
        columns = tuple(column[order] for column in columns)
    start, end, _ = columns
    if (overlap := start[1:] < end[:-1]).any():
        i = int(np.argmax(overlap))
        lines = " and ".join(_lines_of(path, chrom, {(start[i], end[i]), (start[i + 1], end[i + 1])}))
        raise ChromolabError(
            f"{path}, lines {lines}: {chrom}:{start[i]}-{end[i]} and {chrom}:{start[i + 1]}-{end[i + 1]} overlap; "
            "expected one value per base. Are two tracks in one file?"
        )
    return columns


def _clipped(path: str, chrom: str, columns: tuple[np.ndarray, ...], length: int | None) -> tuple[tuple, int]:
    """The columns of `_sorted` within `length` (bp), and how many lines reach past it; far past, it raises."""
    start, end, value = columns
    if length is None or not len(end) or end[-1] <= length:
        return columns, 0
    if end[-1] - length > OVERHANG:
        where = _lines_of(path, chrom, {(start[-1], end[-1])})[0]
        raise ChromolabError(
            f"{path}, line {where}: {chrom}:{start[-1]}-{end[-1]} extends beyond the chromosome's end at {length}. "
            "Is it of the same assembly as chrom_sizes?"
        )
    inside = start < length
    return (start[inside], np.minimum(end, length)[inside], value[inside]), int((end > length).sum())


def _lines_of(path: str, chrom: str, places: set[tuple[int, int]]) -> list[str]:
    """The numbers of the first two lines with these coordinates; called only for an error message."""
    numbers = []
    for number, line in text_lines(path, "a bedGraph"):
        fields = line.split()
        if len(fields) > 2 and find_chromosome(fields[0], {chrom}):
            if (place := coordinates(fields[1:3])) is not None and tuple(place) in places:
                numbers.append(str(number))
    return numbers[:2] or ["?"]


# ---------------------------------------------------------------- the child


def load(source: TrackSource) -> tuple[ReadDepth | Runs, list]:
    """Load the track that `source` describes; also returns the lines of its report."""
    last_share = 0.0

    def tell(share: float) -> None:
        nonlocal last_share
        if share - last_share >= 0.01:  # also tells the parent that this child is alive
            last_share = share
            say(share=share)

    if source.kind == "bedgraph":
        sizes, runs, notes = load_bedgraph(source, tell)
        return Runs(sizes, runs, 0.0 if source.gaps == "zero" else np.nan), notes
    sizes, starts, ends, notes = load_reads(source, tell)
    return ReadDepth(sizes, starts, ends), notes


def write(track: ReadDepth | Runs, out: str) -> None:
    """Write a track as a bigWig, chromosome by chromosome."""
    sizes = track.chroms()
    total, done = sum(sizes.values()), 0
    with pyBigWig.open(out, "w") as f:
        f.addHeader(list(sizes.items()))
        for chrom, size in sizes.items():
            starts, ends, values = track.runs(chrom)
            for a in range(0, len(starts), ENTRIES):
                part = slice(a, a + ENTRIES)
                begin, end = (x[part].astype(np.int64) for x in (starts, ends))
                f.addEntries(np.full(len(begin), chrom), begin, ends=end, values=values[part])
                say(share=(done + size * min(1, (a + ENTRIES) / len(starts))) / total)
            done += size
    say(finished=True)


def main() -> None:
    """Answer requests until there are no more."""
    track = None
    for request in read_requests():
        try:
            if "open" in request:
                source, track = TrackSource(**request["open"]), None  # None: the memory of the one before is freed
                if source.header_only:
                    say(finished=True, chroms=chromosomes_of(source), notes=[])
                else:
                    track, notes = load(source)
                    say(finished=True, chroms=track.chroms(), notes=notes)
            elif "write" in request:
                write(track, request["write"])
            else:
                child_bigwig.read(track, request)
        except ChromolabError as e:
            say(error=str(e))
        except OSError as e:
            say(error=f"the values read from it could not be written ({e.strerror}). Make room on the disk.")
        except MemoryError:
            say(error="not enough memory to hold it. Close other programs, or give max_reads.")


if __name__ == "__main__":
    main()
