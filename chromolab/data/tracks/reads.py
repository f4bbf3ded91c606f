"""Signal in other formats than bigWig: aligned reads (tagAlign, BED, BAM) and bedGraph, detected by content.

`cl.data.bin_means` and `cl.build_dataset` accept such files wherever they accept a bigWig, and give the same exact
means. `Reads` and `BedGraph` say how to read a file when the defaults do not fit.

The published model was trained on read depth: the number of reads over a base, where a read covers only its own bases
(Roadmap: 36 bp reads, at most 30 million). With aligned reads every base of a chromosome has data: a depth of 0 is a
measurement. In a bedGraph a base between two intervals has none, unless `gaps="zero"` says that zeros were left out.
"""

import logging
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from chromolab.data.chromosomes import chromosome_sizes
from chromolab.data.files import atomic_write
from chromolab.data.public.integrity import BIGBED, BIGWIG, magic_numbers
from chromolab.data.report import Line, Report
from chromolab.data.text import existing_file, is_number, is_whole, opener_of
from chromolab.data.tracks import jobs
from chromolab.data.tracks.interval_lines import HEADERS, STRANDS
from chromolab.data.tracks.track_source import TrackSource
from chromolab.errors import ChromolabError

log = logging.getLogger("chromolab")

OTHER_FORMATS = {
    b"PK\x03\x04": "a zip archive: unpack it first",
    b"<": "a web page: the download went wrong, download it again",
    b"\x93NUMPY": "a numpy array: see read_depth_folder",
    b"CRAM": "a CRAM file: convert it to a BAM (samtools view -b -T genome.fa)",
    b"@HD\t": "a SAM file: convert it to a BAM (samtools view -b)",
    b"@SQ\t": "a SAM file: convert it to a BAM (samtools view -b)",
}
WIGGLE = (b"fixedStep", b"variableStep", b"track type=wiggle_0")


@dataclass(frozen=True)
class Reads:
    """Aligned reads, and how to turn them into read depth.

    Attributes
    ----------
    path : a tagAlign or BED (3 to 6 columns; compressed or not; any order), or a BAM (needs pysam).
    extend : bp that a read covers from its 5' end (say the fragment length); None: its own bases. Needs strands.
    strand : "+" or "-": only reads on this strand; None: both.
    max_reads : sample this many at random if there are more; None: all. The study's data have at most 30 million.
    seed : of that sample; the same seed and file give the same reads.
    chrom_sizes : {chromosome: bp}, a chrom.sizes file or an assembly's name ("hg19"); a BAM contains its own.

    Notes
    -----
    Unmapped, secondary, supplementary and failed reads and marked duplicates of a BAM are left out; both reads of a
    pair count. A read covers all bases from its first to its last, deleted ones included; a spliced read of a BAM only
    its pieces, not the introns between them (unless `extend` is given). Intervals in text that are peaks, summits or
    genes rather than reads are refused.
    """

    path: str | PathLike[str]
    extend: int | None = None
    strand: str | None = None
    max_reads: int | None = None
    seed: int = 0
    chrom_sizes: Mapping[str, int] | str | PathLike[str] | None = field(default=None, repr=False)

    def __post_init__(self):
        for name in ("extend", "max_reads"):
            value = getattr(self, name)
            if value is not None and not is_whole(value):
                raise ChromolabError(f"{name}: {value!r}; expected a whole number, at least 1, or None.")
        if not is_whole(self.seed, 0):
            raise ChromolabError(f"seed: {self.seed!r}; expected a whole number, at least 0.")
        if self.strand not in ("+", "-", None):
            raise ChromolabError(f"strand: {self.strand!r}; expected '+', '-' or None (both).")


@dataclass(frozen=True)
class BedGraph:
    """A bedGraph, and the meaning of the gaps between its intervals.

    Attributes
    ----------
    path : the file, compressed or not; intervals in any order, without overlap.
    gaps : "missing", no data; or "zero", for files that leave out zeros (needs `chrom_sizes`).
    chrom_sizes : as in `Reads`; with it, lines on other contigs are left out and what reaches a little past an end is
        clipped, both counted.
    """

    path: str | PathLike[str]
    gaps: str = "missing"
    chrom_sizes: Mapping[str, int] | str | PathLike[str] | None = field(default=None, repr=False)

    def __post_init__(self):
        if self.gaps not in ("missing", "zero"):
            raise ChromolabError(f"gaps: {self.gaps!r}; expected 'missing' or 'zero'.")


# ---------------------------------------------------------------- what a file is


def track_kind(path: str | PathLike[str]) -> str:
    """Detect the kind of a track from its content: "bigwig", "bam", "reads" (tagAlign, BED) or "bedgraph".

    Raises `ChromolabError` for any other file.
    """
    return _look(existing_file(path, "a track"))[0]


def _look(path: Path) -> tuple[str, dict]:
    """The kind of a file, and for text the `columns` and `tabs` of a `TrackSource`."""
    head = _head(path, open)
    opener = opener_of(head)
    if opener is not open:
        head = _head(path, opener)
    if BIGWIG in (magic := magic_numbers(head)):
        if opener is open:
            return "bigwig", {}
        raise ChromolabError(f"{path}: a compressed bigWig: decompress it first.")
    if head.startswith(b"BAM\x01"):
        return "bam", {}
    if BIGBED in magic:
        raise ChromolabError(
            f"{path}: a bigBed, which holds intervals, not signal: give the bigWig of the same experiment."
        )
    if not head:
        raise ChromolabError(f"{path}: empty: copy or download it again.")
    for start, what in OTHER_FORMATS.items():
        if head.startswith(start):
            raise ChromolabError(f"{path}: {what}.")
    return _look_at_text(path, head)


def _head(path: Path, opener) -> bytes:
    try:
        with opener(path, "rb") as f:
            return f.read(65_536)
    except (EOFError, OSError, zlib.error, ValueError) as e:
        raise ChromolabError(f"{path}: could not be decompressed ({e}). Copy or download it again.") from e


def _look_at_text(path: Path, head: bytes) -> tuple[str, dict]:
    """As `_look`, for a text file that begins with `head`."""
    lines = [line for line in head.splitlines() if line.strip()]
    if any(line.startswith(WIGGLE) for line in lines[:20]):
        raise ChromolabError(f"{path}: a wiggle file: convert it to a bigWig (UCSC's wigToBigWig).")
    line = next((line for line in lines if not line.startswith(HEADERS)), b"").decode(errors="replace")
    fields = line.split("\t") if (tabs := "\t" in line) else line.split()
    form = {"columns": len(fields), "tabs": tabs}
    if len(fields) >= 3 and all(is_number(f) and float(f) % 1 == 0 for f in fields[1:3]):
        if len(fields) == 4 and is_number(fields[3]):
            return "bedgraph", form
        if 3 <= len(fields) <= 5 or (len(fields) == 6 and fields[5] in STRANDS):
            return "reads", form
        raise ChromolabError(f"{path}: {_other_intervals(fields)}")
    raise ChromolabError(
        f"{path}: neither a bigWig, a bedGraph, aligned reads (tagAlign, BED) nor a BAM (its first line begins with "
        f"{line[:40]!r}). Give one of these."
    )


def _other_intervals(fields: list[str]) -> str:
    """What intervals in other columns than those of reads and bedGraphs are, and what to do."""
    if all(map(is_number, fields[3:])):
        return (
            f"intervals with {len(fields) - 3} columns of numbers, such as Bismark's coverage; expected one, as in a "
            "bedGraph. Keep that of the signal, such as the fourth: cut -f 1-4."
        )
    known = {9: "a broadPeak or BED9", 10: "a narrowPeak", 12: "a BED12", 15: "a gappedPeak"}
    what = known.get(len(fields), "peaks or genes")
    return (
        f"intervals in {len(fields)} columns, such as {what}: they hold no signal. Give the bigWig, the bedGraph or "
        "the aligned reads of the same experiment."
    )


# ---------------------------------------------------------------- instructions for the reading process


def source_of(
    track: str | PathLike[str] | Reads | BedGraph,
    chrom_sizes: Mapping[str, int] | str | PathLike[str] | None = None,
    header_only: bool = False,
) -> TrackSource:
    """The kind of a track and how to read it, for the child process that does.

    Parameters
    ----------
    track : path, `Reads` or `BedGraph`.
    chrom_sizes : for tracks without chromosome sizes of their own, as in `Reads`.
    header_only : only the chromosomes will be read, so `chrom_sizes` may be absent.

    Raises
    ------
    ChromolabError
        Not a track, a wrapper (`Reads`, `BedGraph`) of another kind, no strands or no `chrom_sizes` where needed.
    """
    path = existing_file(track.path if isinstance(track, Reads | BedGraph) else track, "a track").absolute()
    kind, form = _look(path)
    if kind == "bigwig":
        return TrackSource(str(path), kind)
    wanted = BedGraph if kind == "bedgraph" else Reads
    if not isinstance(track, Reads | BedGraph):
        track = wanted(path)
    if not isinstance(track, wanted):
        raise ChromolabError(
            f"{path}: {kind}; expected {wanted.__name__}(...) for it, not {type(track).__name__}(...)."
        )
    stranded = [option for option in ("extend", "strand") if getattr(track, option, None)]
    if stranded and kind == "reads" and form["columns"] < 6:
        raise ChromolabError(
            f"{path}: {form['columns']} columns; {stranded[0]}= needs strands, which stand in the sixth."
        )
    given = track.chrom_sizes if track.chrom_sizes is not None else chrom_sizes
    sizes = None if given is None else tuple(chromosome_sizes(given).items())
    needed = kind == "reads" or getattr(track, "gaps", "") == "zero"
    if needed and sizes is None and not header_only:
        raise ChromolabError(
            f"{path}: such a file does not contain the lengths of its chromosomes; give chrom_sizes= the assembly's "
            "name ('hg19'), a chrom.sizes file or {chromosome: bp}."
        )
    options: dict[str, Any] = {
        n: int(v) if isinstance(v, np.integer) else v for n, v in asdict(track).items()
    }  # for JSON
    options |= {"path": str(path), "chrom_sizes": sizes}
    return TrackSource(kind=kind, header_only=header_only, **form, **options)


def reads_to_bigwig(
    reads: str | PathLike[str] | Reads,
    out: str | PathLike[str],
    chrom_sizes: Mapping[str, int] | str | PathLike[str] | None = None,
    *,
    extend: int | None = None,
    strand: str | None = None,
    max_reads: int | None = None,
    seed: int = 0,
    progress: bool = True,
) -> Report:
    """Write the read depth of aligned reads as a bigWig: a value for every base, equal neighbours as one run.

    Parameters
    ----------
    reads : path of a tagAlign, BED, BAM or bedGraph; or `Reads` or `BedGraph`, whose options replace those below.
    out : path of the bigWig; it is written completely or not at all.
    chrom_sizes, extend, strand, max_reads, seed : see `Reads`.
    progress : show a progress bar when it takes longer than two seconds.

    Returns
    -------
    Report
        Reads counted, clipped at a chromosome's end, and left out.

    Raises
    ------
    ChromolabError
        A file or line that is not as expected, no `chrom_sizes`, or no folder for `out`.
    """
    if not isinstance(reads, Reads | BedGraph) and track_kind(reads) in ("reads", "bam"):
        reads = Reads(reads, extend, strand, max_reads, seed)
    source = source_of(reads, chrom_sizes)
    if source.kind == "bigwig":
        raise ChromolabError(f"{source.path}: is a bigWig already; expected aligned reads or a bedGraph.")
    out = Path(out)
    if not out.absolute().parent.is_dir():
        raise ChromolabError(f"{out}: its folder does not exist; make it first.")
    with atomic_write(out) as beside:
        job = jobs.ReadJob(source=source, out=str(beside), write=True)
        jobs.run([job], 1, progress)
    return report_of(job)


def report_of(job: jobs.ReadJob) -> Report:
    """What the child reported about a track's lines."""
    return Report(Line(count, what, tuple(examples), kind) for count, what, examples, kind in job.notes)


def log_losses(job: jobs.ReadJob) -> None:
    """Log which reads of a track were left out or clipped, if any."""
    for line in report_of(job).of("lost", "changed"):
        shown = f" ({', '.join(line.examples)})" if line.examples else ""
        log.warning("%s: %s: %s%s", job.path, line.what, f"{line.count:,}", shown)
