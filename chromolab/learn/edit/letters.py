"""Edits of letters, applied to what a model of sequence reads."""

from collections.abc import Iterable
from os import PathLike

import numpy as np
import pandas as pd

from chromolab.data.intervals import check_regions
from chromolab.data.sequence.fasta import backward, encode, of_one_length, other_strand, sequences
from chromolab.errors import ChromolabError
from chromolab.learn.edit.kinds import ChangeMotif


def on_sequence(fasta: str | PathLike[str], regions: pd.DataFrame, edits: Iterable[ChangeMotif]) -> np.ndarray:
    """The letters of regions after edits, one-hot: what a model of sequence reads instead of `cl.data.one_hot`.

    Parameters
    ----------
    fasta, regions
        As in `cl.data.one_hot`.
    edits : list of ChangeMotif
        From `cl.edits.motif`; applied in order. An edit changes every region that overlaps it, on either strand.

    Returns
    -------
    array (regions, 4, bp) of float32

    Raises
    ------
    ChromolabError
        If an edit is none of letters, if it touches none of the regions (it would silently change nothing), if the
        regions differ in length, and as `cl.data.one_hot` does.
    """
    return encode(of_one_length(edited_letters(fasta, regions, edits), regions))


def edited_letters(fasta: str | PathLike[str], regions: pd.DataFrame, edits: Iterable[ChangeMotif]) -> list[str]:
    """The letters of regions (chrom, start, end, perhaps strand) after edits, as text, (regions,).

    Raises ChromolabError as `on_sequence` does.
    """
    regions, edits = check_regions(regions, allow_outside=True), list(edits)
    if wrong := [e for e in edits if not isinstance(e, ChangeMotif)]:
        raise ChromolabError(f"{wrong[0]!r} changes no letters; expected edits from cl.edits.motif")
    chrom, start, end = (regions[c].to_numpy() for c in ("chrom", "start", "end"))
    low, high = start.copy(), end.copy()  # wide enough for all of an edit that reaches over an edge
    reached: list[list[ChangeMotif]] = [[] for _ in start]
    for e in edits:
        rows = np.flatnonzero((chrom == e.chrom) & (start < e.end) & (end > e.start))
        if not len(rows):
            raise ChromolabError(f"{e.kind} at {e.region} touches none of the {len(regions)} region(s)")
        low[rows], high[rows] = np.minimum(low[rows], e.start), np.maximum(high[rows], e.end)
        for row in rows:
            reached[row].append(e)
    letters = sequences(fasta, pd.DataFrame({"chrom": chrom, "start": low, "end": high}))
    for i, here in enumerate(reached):
        for e in here:
            letters[i] = e.written(letters[i], int(low[i]))
        letters[i] = letters[i][start[i] - low[i] : end[i] - low[i]]
    turned = backward(regions)
    return [other_strand(text) if back else text for text, back in zip(letters, turned, strict=True)]
