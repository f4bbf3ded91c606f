"""Turn aligned reads, of text or a BAM, into sorted starts and ends per chromosome; runs in a child."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from chromolab.data.chromosomes import check_assembly, find_chromosome
from chromolab.data.report import Line
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
SKIP, COVERING = 3, (0, 2, 7, 8)  # operations of a CIGAR: N, an intron; M, D, = and X
BAM_BLOCK = 200_000  # reads taken from pysam at a time
FEW_PLACES = 20  # intervals, fewer of which tell nothing
LONG_READS, LONGEST_READS = 600, 2_000  # bp; mean length of reads in text: single or pairs, and the longest plausible
BORDERLINE = 0.01  # share of reads beyond the chromosomes' ends above which the assembly must be another


class Block:
    """Some reads: chromosomes as categories, starts, ends, and whether they are forward (None if not needed).

    A spliced read has a row per piece, one after another; `first` is true in the first of each read.
    """

    def __init__(
        self,
        chrom: pd.Categorical,
        start: np.ndarray,
        end: np.ndarray,
        forward: np.ndarray | None,
        first: np.ndarray | None = None,
    ):
        self.names, self.code = [str(name) for name in chrom.categories], chrom.codes
        self.start, self.end, self.forward = start.astype(np.int64), end.astype(np.int64), forward
        self.first = np.ones(len(start), bool) if first is None else first


class Collector:
    """Collects reads, clips them to their chromosomes, and counts what happens to them."""

    def __init__(self, source: TrackSource, sizes: dict[str, int]):
        self.path, self.sizes, self.kind = source.path, sizes, source.kind
        self.extend, self.strand, self.max_reads = source.extend, source.strand, source.max_reads
        self.lengths = np.array(list(sizes.values()), np.int64)
        self.counts, self.unknown, self.numbers = Counter(), Counter(), {}
        self.blocks = []  # each: chromosome's number, start, end, whether a read begins, random key of the read
        self.kept, self.added, self.bases, self.rng = 0, 0, 0, np.random.default_rng(source.seed)

    def add(self, block: Block) -> None:
        """Keep the usable reads of a block, extended and clipped, and count the others."""
        code, good = self._chromosomes(block)
        length, start, end = self.lengths[code], block.start, block.end
        outside = good & (start >= length)
        self.counts["outside"] += int((outside & block.first).sum())
        good &= ~outside
        if self.strand is not None:
            other_strand = good & (block.forward != (self.strand == "+"))
            self.counts["other strand"] += int((other_strand & block.first).sum())
            good &= ~other_strand
        self.added += int(good.sum())
        self.bases += int((end - start)[good].sum())
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
        first = block.first[good]
        read = np.cumsum(first) - 1  # the number of each piece's read
        keys = self.rng.random(first.sum())[read] if self.max_reads else np.empty(len(code), np.void)
        self.blocks.append((code, start, end, first, keys))
        self.kept += int(first.sum())
        if self.max_reads and self.kept > 1.5 * self.max_reads:
            self._thin()

    def _chromosomes(self, block: Block) -> tuple[np.ndarray, np.ndarray]:
        """The number of each read's chromosome in `sizes`, and whether it is there."""
        order = {name: i for i, name in enumerate(self.sizes)}
        for name in set(block.names) - set(self.numbers):
            self.numbers[name] = order.get(find_chromosome(name, order), -1)
        number = np.array([self.numbers[name] for name in block.names], np.int64)
        for i in np.flatnonzero(number < 0):
            self.unknown[block.names[i]] += int(((block.code == i) & block.first).sum())
        self.counts["reads"] += int(block.first.sum())
        code = number[block.code]
        return code, code >= 0

    def _thin(self) -> None:
        """Keep the `max_reads` reads with the smallest random keys: a random sample, without all reads in memory."""
        if not self.max_reads or self.kept <= self.max_reads:
            return
        keys = np.concatenate([keys[first] for *_, first, keys in self.blocks])
        limit = np.partition(keys, self.max_reads - 1)[self.max_reads - 1]
        self.blocks = [tuple(x[keys <= limit] for x in (*b, keys)) for *b, keys in self.blocks]
        before, self.kept = self.kept, sum(int(first.sum()) for *_, first, _ in self.blocks)
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
            code, start, end, *_ = self.blocks.pop()
            order = np.argsort(code, kind="stable")
            cuts = np.searchsorted(code[order], np.arange(len(self.sizes) + 1))
            for name, a, b in zip(self.sizes, cuts[:-1], cuts[1:], strict=True):
                starts[name].append(start[order[a:b]])
                ends[name].append(end[order[a:b]])
        notes = [line for line in self._notes() if line.count]
        starts, ends = self._sorted(starts), self._sorted(ends)
        if self.kind == "reads" and self.extend is None:
            self._refuse_places(starts, ends)
        return starts, ends, notes

    def _refuse_places(self, starts: dict[str, np.ndarray], ends: dict[str, np.ndarray]) -> None:
        """Raise `ChromolabError` where intervals are peaks, summits or genes: reads overlap by chance and are short."""
        count = {name: len(of_chrom) for name, of_chrom in starts.items() if len(of_chrom)}
        n = sum(count.values())
        mean = self.bases / max(1, self.added)
        overlaps = sum(int((starts[name][1:] < ends[name][:-1]).sum()) for name in count)
        by_chance = sum(min(k, k * k * mean / self.sizes[name]) for name, k in count.items())
        apart = overlaps < by_chance / 10 and by_chance > 10
        apart |= not overlaps and n >= FEW_PLACES and (mean > LONG_READS or mean == 1)
        if not (apart or mean > LONGEST_READS):
            return
        how = "hardly any of which overlap" if apart else "far longer than reads"
        raise ChromolabError(
            f"{self.path}: {n:,} intervals of {mean:,.0f} bp on average, {how}: called places, such as peaks, summits "
            "or genes; they hold no signal. Give the bigWig, the bedGraph or the aligned reads of this experiment (of "
            "spliced reads the BAM, or bedtools bamtobed -split)."
        )

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
            Line(self.counts["spliced"], "spliced reads, counted without their introns", (), "known"),
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
                    pieces = _pieces(read) if source.extend is None else _whole(read)
                    counts["spliced"] += len(pieces) > 1
                    for k, (start, end) in enumerate(pieces):
                        rows.append((read.reference_id, start, end, not read.flag & 0x10, k == 0))
                if len(rows) >= BAM_BLOCK:
                    yield _bam_block(source.path, rows, names)
                    rows = []
                    tell(min(1.0, (bam.tell() >> 16) / size))  # `tell` gives the position in the file << 16
        except (OSError, ValueError, OverflowError) as e:
            raise ChromolabError(f"{source.path}: {e}: a damaged or truncated BAM. Copy it again.") from None
    yield _bam_block(source.path, rows, names)


def _whole(read) -> list[tuple[int, int]]:
    return [(read.reference_start, read.reference_end or 0)]  # None if the read is not aligned


def _pieces(read) -> list[tuple[int, int]]:
    """Start and end of what a read covers between its introns (N), deletions included; SAM specification, 1.4.6."""
    cigar = read.cigartuples
    if not cigar or not any(operation == SKIP for operation, _ in cigar):
        return _whole(read)
    pieces, start = [], read.reference_start
    end = start
    for operation, length in cigar:
        if operation == SKIP:
            pieces.append((start, end))
            start = end = end + length
        elif operation in COVERING:
            end += length
    return [(a, b) for a, b in (*pieces, (start, end)) if b > a]


def _bam_block(path: str, rows: list[tuple], names: tuple[str, ...]) -> Block:
    place, start, end, forward, first = np.array(rows, np.int64).reshape(-1, 5).T
    if ((place < 0) | (place >= len(names)) | (start < 0) | (end <= start)).any():
        raise ChromolabError(
            f"{path}: an aligned read without a valid position: a damaged BAM. Copy or download it again."
        )
    return Block(pd.Categorical.from_codes(place, list(names)), start, end, forward.astype(bool), first.astype(bool))
