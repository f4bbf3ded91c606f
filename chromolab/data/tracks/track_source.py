"""A track and how to read it, in values that can be compared, hashed and sent to a child process."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TrackSource:
    """One track, as `reads.source_of` describes it to the child process that reads it.

    Attributes
    ----------
    path : absolute path of the file.
    kind : "bigwig", "bam", "reads" (tagAlign, BED) or "bedgraph".
    columns, tabs : of a text file: the number of columns, and whether tabs separate them (else any white space).
    chrom_sizes : pairs of chromosome and length in bp, where the caller gave them.
    header_only : only the chromosomes will be read.
    extend, strand, max_reads, seed : see `reads.Reads`.
    gaps : see `reads.BedGraph`.
    """

    path: str
    kind: str
    columns: int = 0
    tabs: bool = True
    chrom_sizes: tuple[tuple[str, int], ...] | None = None
    header_only: bool = False
    extend: int | None = None
    strand: str | None = None
    max_reads: int | None = None
    seed: int = 0
    gaps: str = "missing"

    @property
    def sizes(self) -> dict[str, int] | None:
        """`chrom_sizes` as {chromosome: bp}; None where they were not given."""
        return None if self.chrom_sizes is None else dict(self.chrom_sizes)
