"""Turn the lines of aligned reads and bedGraphs into sorted starts, ends and values per chromosome; runs in a child."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from chromolab.data.chromosomes import check_assembly, find_chromosome
from chromolab.data.report import Line
from chromolab.data.text import coordinates, text_lines
from chromolab.data.tracks.interval_lines import Columns, interval_blocks
from chromolab.data.tracks.track_source import TrackSource
from chromolab.errors import ChromolabError

# Reads of a BAM with one of these flags are left out; SAM specification, section 1.4.
UNUSABLE = {
    0x4: "unmapped",
    0x100: "secondary",
    0x200: "failed the quality check",
    0x400: "marked as duplicates",
    0x800: "supplementary",
}
BAM_BLOCK = 200_000  # reads taken from pysam at a time
BORDERLINE = 0.01  # share of reads beyond the chromosomes' ends above which the assembly must be another


class Block:
    """Some reads: chromosomes as categories, starts, ends, and whether they are forward (None if not needed)."""

    def __init__(self, chrom: pd.Categorical, start: np.ndarray, end: np.ndarray, forward: np.ndarray | None):
        self.names, self.code = [str(name) for name in chrom.categories], chrom.codes
        self.start, self.end, self.forward = start.astype(np.int64), end.astype(np.int64), forward


class Collector:
    """Collects reads, clips them to their chromosomes, and counts what happens to them."""

    def __init__(self, source: TrackSource, sizes: dict[str, int]):
        self.path, self.sizes = source.path, sizes
        self.extend, self.strand, self.max_reads = source.extend, source.strand, source.max_reads
        self.lengths = np.array(list(sizes.values()), np.int64)
        self.counts, self.unknown = Counter(), Counter()
        self.blocks = []  # each: chromosome's number, start, end, random key
        self.kept, self.rng = 0, np.random.default_rng(source.seed)

    def add(self, block: Block) -> None:
        """Keep the usable reads of a block, extended and clipped, and count the others."""
        code, good = self._chromosomes(block)
        length, start, end = self.lengths[code], block.start, block.end
        outside = good & (start >= length)
        self.counts["outside"] += int(outside.sum())
        good &= ~outside
        if self.strand is not None:
            other_strand = good & (block.forward != (self.strand == "+"))
            self.counts["other strand"] += int(other_strand.sum())
            good &= ~other_strand
        too_long = end > length
        end = np.minimum(end, length)
        if self.extend is not None:
            start, end = (
                np.where(block.forward, start, end - self.extend),
                np.where(block.forward, start + self.extend, end),
            )
        self.counts["clipped"] += int((good & (too_long | (end > length) | (start < 0))).sum())
        start, end = start.clip(0), np.minimum(end, length)
        code, start, end = code[good].astype(np.int32), start[good].astype(np.int32), end[good].astype(np.int32)
        keys = self.rng.random(len(code)) if self.max_reads else np.empty(len(code), np.void)
        self.blocks.append((code, start, end, keys))
        self.kept += len(code)
        if self.max_reads and self.kept > 1.5 * self.max_reads:
            self._thin()

    def _chromosomes(self, block: Block) -> tuple[np.ndarray, np.ndarray]:
        """The number of each read's chromosome in `sizes`, and whether it is there."""
        numbers = {name: i for i, name in enumerate(self.sizes)}
        number = np.array([numbers.get(find_chromosome(name, numbers), -1) for name in block.names], np.int64)
        for i in np.flatnonzero(number < 0):
            self.unknown[block.names[i]] += int((block.code == i).sum())
        self.counts["reads"] += len(block.code)
        code = number[block.code]
        return code, code >= 0

    def _thin(self) -> None:
        """Keep the `max_reads` reads with the smallest random keys: a random sample, without all reads in memory."""
        if not self.max_reads or self.kept <= self.max_reads:
            return
        keys = np.concatenate([keys for *_, keys in self.blocks])
        limit = np.partition(keys, self.max_reads - 1)[self.max_reads - 1]
        self.blocks = [tuple(x[keys <= limit] for x in (*b, keys)) for *b, keys in self.blocks]
        before, self.kept = self.kept, sum(len(code) for code, *_ in self.blocks)
        self.counts["not drawn"] += before - self.kept

    def finish(self) -> tuple[dict, dict, list]:
        """Sorted starts and sorted ends per chromosome, and notes; `ChromolabError` if too few reads are usable."""
        self._thin()
        unknown = sum(self.unknown.values())
        if not self.kept:
            raise ChromolabError(f"{self.path}: no usable read ({self._summary()}). Is it the right file and assembly?")
        if 2 * unknown > self.counts["reads"] or self.counts["outside"] > BORDERLINE * self.counts["reads"]:
            raise ChromolabError(
                f"{self.path}: {self._summary()}. Is it of another species or assembly than chrom_sizes?"
            )
        starts, ends = defaultdict(list), defaultdict(list)
        while self.blocks:  # each block is freed once its reads are distributed
            code, start, end, _ = self.blocks.pop()
            order = np.argsort(code, kind="stable")
            cuts = np.searchsorted(code[order], np.arange(len(self.sizes) + 1))
            for name, a, b in zip(self.sizes, cuts[:-1], cuts[1:], strict=True):
                starts[name].append(start[order[a:b]])
                ends[name].append(end[order[a:b]])
        notes = [line for line in self._notes() if line.count]
        return self._sorted(starts), self._sorted(ends), notes

    def _sorted(self, parts: dict[str, list[np.ndarray]]) -> dict[str, np.ndarray]:
        """The parts of each chromosome as one sorted array; `parts` is emptied, to free memory."""
        return {name: np.sort(np.concatenate(parts.pop(name))) for name in self.sizes}

    def _notes(self) -> list[Line]:
        unknown = tuple(name for name, _ in self.unknown.most_common(3))
        return [
            Line(self.counts["reads"], "reads in the file", (), "known"),
            *(Line(self.counts[what], f"left out: {what}", (), "lost") for what in UNUSABLE.values()),
            Line(sum(self.unknown.values()), "left out: on chromosomes of unknown size", unknown, "lost"),
            Line(self.counts["outside"], "left out: start beyond their chromosome's end", (), "lost"),
            Line(self.counts["other strand"], "on the other strand", (), "known"),
            Line(self.counts["not drawn"], "not drawn (max_reads)", (), "known"),
            Line(self.counts["clipped"], "clipped at their chromosome's end", (), "changed"),
            Line(self.kept, "reads counted", (), "kept"),
        ]

    def _summary(self) -> str:
        lines = [f"{line.count:,} {line.what}" for line in self._notes() if line.count]
        return "; ".join(lines) or "it is empty"


def load_reads(source: TrackSource, tell: Callable[[float], None]) -> tuple[dict, dict, dict, list]:
    """Chromosome sizes, sorted starts and sorted ends per chromosome, and notes, of a tagAlign, BED or BAM file."""
    sizes = chromosomes_of(source)
    reads = Collector(source, sizes)
    for block in _bam_blocks(source, reads.counts, tell) if source.kind == "bam" else _text_blocks(source, tell):
        reads.add(block)
    return sizes, *reads.finish()


def _text_blocks(source: TrackSource, tell: Callable[[float], None]) -> Iterator[Block]:
    stranded = source.extend is not None or source.strand is not None
    form = Columns("aligned reads", source.columns, 5 if stranded else None, tabs=source.tabs)
    size = Path(source.path).stat().st_size
    for rows, place in interval_blocks(source.path, form):
        if stranded and (rows["third"] == ".").any():
            raise ChromolabError(f"{source.path}: a read without a strand ('.'); extend= and strand= need + or -.")
        forward = (rows["third"] == "+").to_numpy() if stranded else None
        yield Block(rows["chrom"].array, rows["start"].to_numpy(), rows["end"].to_numpy(), forward)
        tell(min(1.0, place / size))


# ---------------------------------------------------------------- BAM


def _open_bam(path: str):
    try:
        import pysam
    except ImportError:
        raise ChromolabError(
            f"{path}: reading a BAM needs pysam: pip install 'chromolab[formats]' (or make a BED: bedtools bamtobed)."
        ) from None
    try:
        return pysam.AlignmentFile(path, "rb", check_sq=False)
    except (OSError, ValueError) as e:
        raise ChromolabError(f"{path}: {e}: a damaged or truncated BAM. Copy or download it again.") from None


def chromosomes_of(source: TrackSource) -> dict[str, int]:
    """Names and lengths (bp) of the chromosomes, from the file itself or from `chrom_sizes`; {} if neither has them."""
    given = source.sizes
    if source.kind != "bam":
        return given or {}
    with _open_bam(source.path) as bam:
        in_header = dict(zip(bam.references, bam.lengths, strict=True))
    if given:
        check_assembly(given, in_header, "chrom_sizes", source.path)
    if not in_header and not given:
        raise ChromolabError(f"{source.path}: no chromosomes in its header: it holds no aligned reads.")
    return in_header


def _bam_blocks(source: TrackSource, counts: Counter, tell: Callable[[float], None]) -> Iterator[Block]:
    unusable = sum(UNUSABLE)
    size = Path(source.path).stat().st_size
    with _open_bam(source.path) as bam:
        names, rows = bam.references, []
        try:
            for read in bam.fetch(until_eof=True):
                if reasons := read.flag & unusable:
                    counts[UNUSABLE[reasons & -reasons]] += 1  # only the lowest bit: one reason is enough
                    counts["reads"] += 1
                else:
                    end = read.reference_end or 0  # None if the read is not aligned
                    rows.append((read.reference_id, read.reference_start, end, not read.flag & 0x10))
                if len(rows) == BAM_BLOCK:
                    yield _bam_block(source.path, rows, names)
                    rows = []
                    tell(min(1.0, (bam.tell() >> 16) / size))  # `tell` gives the position in the file << 16
        except (OSError, ValueError, OverflowError) as e:
            raise ChromolabError(f"{source.path}: {e}: a damaged or truncated BAM. Copy it again.") from None
    yield _bam_block(source.path, rows, names)


def _bam_block(path: str, rows: list[tuple], names: tuple[str, ...]) -> Block:
    place, start, end, forward = np.array(rows, np.int64).reshape(-1, 4).T
    if ((place < 0) | (place >= len(names)) | (start < 0) | (end <= start)).any():
        raise ChromolabError(
            f"{path}: an aligned read without a valid position: a damaged BAM. Copy or download it again."
        )
    return Block(pd.Categorical.from_codes(place, list(names)), start, end, forward.astype(bool))


# ---------------------------------------------------------------- bedGraph


def load_bedgraph(source: TrackSource, tell: Callable[[float], None]) -> tuple[dict, dict]:
    """Chromosome sizes and, per chromosome, sorted starts, ends and values; raises if intervals overlap.

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
    if unknown := [name for name, known in names.items() if known is None]:
        raise ChromolabError(
            f"{path}: chromosome {unknown[0]} is not in chrom_sizes, nor are {len(unknown) - 1} others. Give the sizes "
            "of its assembly, or leave these lines out."
        )
    runs = {name: [] for name in sizes or parts}
    for name, known in names.items():
        runs[known] += parts.pop(name)
    runs = {name: _sorted(path, name, pieces, (sizes or {}).get(name)) for name, pieces in runs.items()}
    return sizes or {name: int(end[-1]) for name, (_, end, _) in runs.items()}, runs


def _sorted(path: str, chrom: str, parts: list, length: int | None) -> tuple[np.ndarray, ...]:
    """Starts, ends and values of one chromosome as sorted arrays; raises if intervals overlap or exceed `length`."""
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
    if length is not None and end[-1] > length:
        where = _lines_of(path, chrom, {(start[-1], end[-1])})[0]
        raise ChromolabError(
            f"{path}, line {where}: {chrom}:{start[-1]}-{end[-1]} extends beyond the chromosome's end at {length}. "
            "Is it of the same assembly as chrom_sizes?"
        )
    return columns


def _lines_of(path: str, chrom: str, places: set[tuple[int, int]]) -> list[str]:
    """The numbers of the first two lines with these coordinates; called only for an error message."""
    numbers = []
    for number, line in text_lines(path, "a bedGraph"):
        fields = line.split()
        if len(fields) > 2 and find_chromosome(fields[0], {chrom}):
            if (place := coordinates(fields[1:3])) is not None and tuple(place) in places:
                numbers.append(str(number))
    return numbers[:2] or ["?"]
