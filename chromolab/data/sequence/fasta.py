"""Read parts of a FASTA file by its index (pyfaidx), as text or one-hot; no whole genome is in memory."""

import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd

from chromolab.data.chromosomes import find_chromosome
from chromolab.data.file_kinds import refuse_foreign
from chromolab.data.files import scratch_folder
from chromolab.data.intervals import check_regions, first_bad
from chromolab.data.text import HEAD, OPENERS, existing_file
from chromolab.errors import ChromolabError

log = logging.getLogger("chromolab")

LETTERS = "ACGT"  # the rows of one-hot; a letter's complement stands as far from the other end
WHAT = "a FASTA of sequences"  # as `file_kinds` calls it
COMPLEMENT = str.maketrans("ACGTacgt", "TGCAtgca")
UNSURE = "NRYSWKMBDHVUX"  # letters of the alphabet that stand for several bases, or for none of ours
KNOWN = str.maketrans(
    {chr(i): "?" for i in range(128)} | {c: "N" for c in UNSURE + UNSURE.lower()} | {c: c.upper() for c in "ACGTacgt"}
)
ROW = np.full(256, len(LETTERS), np.uint8)  # a byte's row of one-hot; all but A, C, G and T have none
ROW[np.frombuffer(LETTERS.encode(), np.uint8)] = range(len(LETTERS))
FORWARD, BACKWARD = ("+", ".", 1, "1"), ("-", -1, "-1")  # how tables write a strand


def one_hot(fasta: str | PathLike[str], regions: pd.DataFrame) -> np.ndarray:
    """The letters of regions as numbers that a model can read.

    Parameters
    ----------
    fasta : path
        A FASTA file, not compressed. Its index (`.fai`) is made beside it if need be.
    regions : DataFrame
        `chrom`, `start`, `end` (bp, 0-based, half open), all of one length, and, if the strand matters, `strand`: "+"
        or "-" (or 1 and -1). A region on "-" is turned: it is read as the other strand, from its end to its start.

    Returns
    -------
    array (regions, 4, bp) of float32
        1 in the row of the letter, in the order A, C, G, T. Where the file has N, any other letter, or a region reaches
        beyond its chromosome, all four are 0; a logged line says how many regions reach beyond.

    Raises
    ------
    ChromolabError
        If regions differ in length, and as `sequences` does.
    """
    return encode(of_one_length(sequences(fasta, regions), regions))


def of_one_length(letters: list[str], regions: pd.DataFrame) -> list[str]:
    """The texts of regions, given back; raises `ChromolabError` where they differ in length, or there are none."""
    if len(letters) == 0:
        raise ChromolabError("regions: a table without rows; expected a region in each row.")
    lengths = np.array([len(text) for text in letters])
    odd = lengths != lengths[0]
    first_bad(regions, odd, "regions", ("chrom", "start", "end"), f"{lengths[0]:,} bp, as the first region has")
    return letters


def encode(letters: Sequence[str]) -> np.ndarray:
    """Texts of one length as one-hot, (texts, 4, letters) of float32: rows A, C, G, T; zeros for every other letter."""
    rows = ROW[np.frombuffer("".join(letters).encode("ascii", "replace"), np.uint8)].reshape(len(letters), -1)
    return (rows[:, None] == np.arange(len(LETTERS))[:, None]).astype(np.float32)


def other_strand(letters: str) -> str:
    """The same place read on the other strand: the complement, from the end to the start."""
    return letters[::-1].translate(COMPLEMENT)


def sequences(fasta: str | PathLike[str], regions: pd.DataFrame) -> list[str]:
    """The letters of regions, as text.

    Parameters
    ----------
    fasta, regions
        As in `one_hot`; here regions may differ in length.

    Returns
    -------
    list of str
        Each region's letters, A, C, G, T or N, in the order of the rows; N beyond the ends of a chromosome.

    Raises
    ------
    ChromolabError
        If pyfaidx is not installed; if the file is absent, compressed, not a FASTA, shorter than its index says, or
        names a chromosome twice; if a region names a chromosome that the file lacks (chr1 and 1 are the same), lies
        wholly outside its chromosome, or has a strand that is none.
    """
    regions = check_regions(regions, allow_outside=True)
    turned = backward(regions)
    with opened(fasta) as file:
        names = {chrom: _named(file, chrom, fasta) for chrom in regions["chrom"].unique()}
        chrom = regions["chrom"].map(names).to_numpy()
        start, end = regions["start"].to_numpy(), regions["end"].to_numpy()
        size = np.array([len(file[name]) for name in chrom], np.int64)
        outside = (end <= 0) | (start >= size)
        shown = ("chrom", "start", "end")
        first_bad(regions, outside, "regions", shown, f"a place within its chromosome in {fasta}")
        beyond = (start < 0) | (end > size)
        if beyond.any():
            log.warning(
                "%s: %d of %d region(s) reach beyond the end of a chromosome; there they have no letters (N).",
                fasta,
                beyond.sum(),
                len(regions),
            )
        places = zip(chrom, start, end, size, strict=True)
        letters = [_read(file, *place, fasta) for place in places]
    return [other_strand(text) if back else text for text, back in zip(letters, turned, strict=True)]


def backward(regions: pd.DataFrame) -> np.ndarray:
    """Whether each region is read on the other strand, (regions,)."""
    if "strand" not in regions:
        return np.zeros(len(regions), bool)
    strand = regions["strand"]
    unknown = ~strand.isin([*FORWARD, *BACKWARD])
    first_bad(regions, unknown, "regions", ("chrom", "start", "end", "strand"), "strand '+' or '-' (or 1, -1)")
    return strand.isin(BACKWARD).to_numpy()


def _named(file, chrom: str, fasta) -> str:
    """The name of a chromosome in the file."""
    if (name := find_chromosome(chrom, list(file.keys()))) is None:
        some = ", ".join(list(file.keys())[:8])
        raise ChromolabError(
            f"{fasta}: no chromosome {chrom!r}; it has {some}{' ...' if len(file.keys()) > 8 else ''}. Take the FASTA "
            "of the assembly that the regions are of"
        )
    return name


def _read(file, chrom: str, start: int, end: int, size: int, fasta) -> str:
    """Letters of one region, A, C, G, T or N, with N beyond the ends."""
    begin, stop = max(start, 0), min(end, size)
    try:
        text = file[chrom][begin:stop].translate(KNOWN)
    except (LookupError, ValueError) as e:
        raise ChromolabError(f"{fasta}: {chrom}:{begin}-{stop} cannot be read ({e}). Copy the file again") from e
    if len(text) != stop - begin:
        raise ChromolabError(
            f"{fasta}: {chrom} ends before {stop:,}, although the index says that it has {size:,} bp: the file is cut "
            f"short, or {fasta}.fai belongs to another file. Copy the file again, and delete the index"
        )
    if "?" in text:
        at = begin + text.index("?")
        raise ChromolabError(
            f"{fasta}: {chrom}, base {at:,}, is no letter of DNA: the file is damaged, or its index belongs to another "
            "file. Copy the file again, and delete the index"
        )
    return "N" * (begin - start) + text + "N" * (end - stop)


def blocks(fasta: str | PathLike[str], size: int, overlap: int) -> Iterator[tuple[str, int, str]]:
    """A whole genome in blocks of `size` bp that share `overlap` bp: chromosome, start, letters.

    Raises ChromolabError as `sequences` does.
    """
    with opened(fasta) as file:
        for chrom in file.keys():
            whole = len(file[chrom])
            for start in range(0, max(whole - overlap, 1), size):
                yield chrom, start, _read(file, chrom, start, min(start + size + overlap, whole), whole, fasta)


@contextmanager
def opened(fasta: str | PathLike[str]) -> Iterator:
    """A FASTA file opened by pyfaidx; `file[chrom][start:end]` is text. Its index is made if there is none that fits.

    Raises ChromolabError as `sequences` does.
    """
    try:
        import pyfaidx
    except ImportError:
        raise ChromolabError(
            "reading a FASTA needs the package pyfaidx, which is not installed: pip install 'chromolab[sequence]'"
        ) from None
    path = existing_file(fasta, WHAT)
    _refuse_other(path)
    index = _index(path, pyfaidx)
    try:
        file = pyfaidx.Fasta(str(path), indexname=str(index), as_raw=True, rebuild=False, build_index=False)
    except (pyfaidx.FastaIndexingError, LookupError, ValueError) as e:
        raise ChromolabError(f"{index}: not the index of a FASTA ({e}); delete it, and it is made again") from e
    try:
        yield file
    finally:
        file.close()


def _refuse_other(path: Path) -> None:
    """Refuse what is compressed, and what is no FASTA."""
    with open(path, "rb") as file:
        head = file.read(HEAD)
    if any(head.startswith(magic) for magic in OPENERS):
        raise ChromolabError(
            f"{path}: compressed; parts of a FASTA can be read from a plain file only. Unpack it: gunzip -k {path.name}"
        )
    refuse_foreign(path, head, WHAT, reads=(WHAT,))
    if not head.lstrip().startswith(b">"):
        raise ChromolabError(f"{path}: not a FASTA: it begins with {head[:20]!r}; expected '>' and a chromosome's name")


def _index(path: Path, pyfaidx) -> Path:
    """The file's index, made beside it, complete or not at all, unless there is one that is not older than the file."""
    index = path.with_name(path.name + ".fai")
    if index.is_file() and index.stat().st_mtime >= path.stat().st_mtime:
        return index
    changed = path.stat().st_mtime_ns
    with scratch_folder(path.parent, f".{index.name}.") as folder:
        try:
            pyfaidx.Faidx(str(path), indexname=str(folder / index.name)).close()
        except (pyfaidx.FastaIndexingError, LookupError, ValueError) as e:
            raise ChromolabError(
                f"{path}: cannot be indexed: {e}. Expected lines of one length, and each chromosome once"
            ) from e
        os.utime(folder / index.name, ns=(changed, changed))  # as old as what it is of, whatever the clock says
        (folder / index.name).replace(index)
    return index
