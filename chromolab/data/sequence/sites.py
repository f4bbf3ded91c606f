"""Where motifs stand in a genome: a scan of both strands by lightmotif, with the p of each score."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from os import PathLike
from typing import NamedTuple

import numpy as np
import pandas as pd

from chromolab.data.chromosomes import find_chromosome
from chromolab.data.intervals import check_regions
from chromolab.data.sequence.fasta import LETTERS, blocks, opened, sequences
from chromolab.data.sequence.motifs import Motif, motif_list
from chromolab.errors import ChromolabError

log = logging.getLogger("chromolab")

BLOCK = 5_000_000  # letters scanned at once
FINE = 4096  # a background is rounded to so many parts: lightmotif wants shares whose sum is exactly 1
COLUMNS = ["chrom", "start", "end", "strand", "motif", "score", "p"]


def motif_sites(
    fasta: str | PathLike[str],
    motifs: str | PathLike[str] | Motif | Iterable[Motif] | dict[str, Motif],
    regions: pd.DataFrame | None = None,
    threshold: float = 1e-4,
    letters: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Find the sites of motifs, on both strands.

    Parameters
    ----------
    fasta : path
        See `cl.data.one_hot`.
    motifs : path, Motif, list of Motif, or {name: Motif}
        A file in MEME's or JASPAR's format, or what `cl.data.read_motifs` read of one.
    regions : DataFrame, optional
        `chrom`, `start`, `end` (bp): where to look; a site lies wholly inside a region. Default the whole genome.
    threshold : float
        The largest p of a site: how often random letters, drawn from the motif's background, score as high or higher
        at one place on one strand.
    letters : list of str, optional
        The letters of each region on the + strand, where they are not those of the file, such as edited ones.

    Returns
    -------
    DataFrame
        A row per site, along the genome: chrom (as `regions`, or else the file, call it), start, end (bp, 0-based, half
        open), strand ("+" or "-"), motif (its name), score (log2 of probability over background, summed over the
        places; `Motif.scores`) and p. A place that is a site on both strands has two rows, a site in two regions one.

    Raises
    ------
    ChromolabError
        If lightmotif is not installed, for a threshold that is not above 0 and below 1, for letters that are not as
        many as their regions are long, and as `cl.data.one_hot` and
        `cl.data.read_motifs` do.

    Notes
    -----
    Scores are those of FIMO (https://meme-suite.org/meme/doc/fimo.html): a tenth of a site of background letters is
    added to the motif. A place with a letter other than A, C, G and T is no site.
    """
    if not isinstance(threshold, float | int) or not 0 < threshold < 1:
        raise ChromolabError(f"threshold is {threshold!r}; expected the largest p of a site, above 0 and below 1")
    scanners = [_scanner(motif, threshold) for motif in motif_list(motifs)]
    widest = max(len(s.motif) for s in scanners)
    if regions is None:
        if letters is not None:
            raise ChromolabError("letters: given without regions; expected the regions that they are of, too")
        pieces = _genome(fasta, widest)
    else:
        pieces = _regions(fasta, regions, widest, letters)
    parts = [part for piece in pieces for part in _scan(scanners, piece)]
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)
    found = found.drop_duplicates(["chrom", "start", "strand", "motif"])
    order = {chrom: i for i, chrom in enumerate(_order(fasta))}
    rank = found["chrom"].map({c: order[find_chromosome(c, order) or c] for c in found["chrom"].unique()})
    by = [found[c].to_numpy() for c in ("strand", "motif", "start")]
    return found.iloc[np.lexsort((*by, rank.to_numpy(float)))].reset_index(drop=True)


class _Scanner(NamedTuple):
    """A motif made ready for both strands, and the least score of a site."""

    motif: Motif
    strands: tuple
    least: float


class _Piece(NamedTuple):
    """Letters to scan, with N between what does not touch: where each part begins in them, and in the genome."""

    letters: str
    offset: np.ndarray
    chrom: np.ndarray
    start: np.ndarray


def _scanner(motif: Motif, threshold: float) -> _Scanner:
    matrix = _lightmotif().ScoringMatrix(
        {letter: motif.scores[:, i].tolist() for i, letter in enumerate(LETTERS)}, _rounded(motif.background)
    )
    least = matrix.score(threshold)
    if least > matrix.max_score():
        log.warning(
            "motif %s: even its best site has p = %.2g, above the threshold of %.2g; raise threshold.",
            motif.name,
            matrix.pvalue(matrix.max_score()),
            threshold,
        )
    return _Scanner(motif, (("+", matrix), ("-", matrix.reverse_complement())), least)


def _rounded(background: np.ndarray) -> dict[str, float]:
    """Shares that lightmotif takes: whole parts of `FINE`, alike on both strands."""
    strong = round(float(background[1]) * FINE)
    return dict(
        zip(LETTERS, (np.array([FINE // 2 - strong, strong, strong, FINE // 2 - strong]) / FINE).tolist(), strict=True)
    )


def _lightmotif():
    try:
        import lightmotif
    except ImportError:
        raise ChromolabError(
            "scanning for motifs needs the package lightmotif, which is not installed: "
            "pip install 'chromolab[sequence]' (it has no wheel for Python 3.14)"
        ) from None
    return lightmotif


def _order(fasta) -> list[str]:
    with opened(fasta) as file:
        return list(file.keys())


def _genome(fasta, widest: int) -> Iterator[_Piece]:
    for chrom, start, letters in blocks(fasta, BLOCK, widest - 1):
        yield _Piece(letters, np.zeros(1, np.int64), np.array([chrom], object), np.array([start]))


def _regions(fasta, regions: pd.DataFrame, widest: int, given: Sequence[str] | None) -> Iterator[_Piece]:
    """Regions one after another, with as many N between as keep sites of two of them apart."""
    regions = check_regions(regions, allow_outside=True)[["chrom", "start", "end"]]  # a strand does not matter here
    length = (regions["end"] - regions["start"]).to_numpy()
    if given is not None and [len(text) for text in given] != length.tolist():
        raise ChromolabError(
            f"letters: {len(given)} texts for {len(regions)} regions, or of another length than theirs"
        )
    room = length + widest
    for rows in np.split(np.arange(len(regions)), np.flatnonzero(np.diff(np.cumsum(room) // BLOCK)) + 1):
        part = regions.iloc[rows].reset_index(drop=True)
        if len(part):
            texts = sequences(fasta, part) if given is None else [given[row] for row in rows]
            letters = ("N" * widest).join(texts)
            offset = np.cumsum(room[rows]) - room[rows]
            yield _Piece(letters, offset, part["chrom"].to_numpy(object), part["start"].to_numpy())


def _scan(scanners: list[_Scanner], piece: _Piece) -> Iterator[pd.DataFrame]:
    """The sites of each motif on each strand in a piece; windows that hold an N are left out."""
    lightmotif = _lightmotif()
    sequence = lightmotif.stripe(piece.letters)
    unknown = np.cumsum(np.frombuffer(b"." + piece.letters.encode(), np.uint8) == ord("N"))  # N before each place
    for scanner in scanners:
        width = len(scanner.motif)
        for strand, matrix in scanner.strands:
            hits = [(h.position, h.score) for h in lightmotif.scan(matrix, sequence, threshold=scanner.least)]
            at, score = np.array([h[0] for h in hits], np.int64), np.array([h[1] for h in hits])
            known = unknown[at + width] == unknown[at]
            at, score = at[known], score[known]
            values, which = np.unique(score, return_inverse=True)
            p = np.array([scanner.strands[0][1].pvalue(v) for v in values])[which]
            region = np.searchsorted(piece.offset, at, "right") - 1
            start = piece.start[region] + at - piece.offset[region]
            columns = (piece.chrom[region], start, start + width, strand, scanner.motif.name, score, p)
            yield pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))
