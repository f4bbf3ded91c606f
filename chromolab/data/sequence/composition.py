"""The share of G and C far about places: isochores follow compartments, so letters tell which one a place lies in."""

from os import PathLike

import numpy as np
import pandas as pd

from chromolab.data.chromosomes import find_chromosome
from chromolab.data.intervals import require_columns
from chromolab.data.sequence.fasta import blocks
from chromolab.errors import ChromolabError

TILE = 10_000  # bp; the ends of what is looked at are rounded to tiles
AROUND = 200_000


def share_of_gc(fasta: str | PathLike[str], places: pd.DataFrame, around: int = AROUND) -> np.ndarray:
    """The share of G and C among the known letters about each place, (places,), 0 to 1.

    Parameters
    ----------
    fasta : path
        See `cl.data.one_hot`; it is read whole, a block at a time.
    places : DataFrame
        chrom, start, end (bp).
    around : int
        bp about a place's middle, half to each side, in whole tiles of 10 kb; cut at the ends of a chromosome.

    Raises
    ------
    ChromolabError
        If a place's chromosome is not in the file, or no letter about it is known; and as `cl.data.one_hot` does.
    """
    require_columns(places, ("chrom", "start", "end"), "places")
    tiles: dict[str, list[tuple[int, int]]] = {}
    for chrom, _, letters in blocks(fasta, TILE, 0):
        strong = letters.count("G") + letters.count("C")
        tiles.setdefault(chrom, []).append((strong, len(letters) - letters.count("N")))
    sums = {chrom: np.cumsum([(0, 0), *rows], 0) for chrom, rows in tiles.items()}
    names = {c: find_chromosome(c, list(sums)) for c in places["chrom"].unique()}
    middle = ((places["start"] + places["end"]) // 2).to_numpy()
    share = np.full(len(places), np.nan)
    for chrom, name in names.items():
        if name is not None:
            on = np.flatnonzero(places["chrom"] == chrom)
            low, high = (np.round((middle[on] + side) / TILE).astype(int) for side in (-around // 2, around // 2))
            low, high = (np.clip(at, 0, len(sums[name]) - 1) for at in (low, high))
            strong, known = (sums[name][high] - sums[name][low]).T
            share[on] = np.divide(strong, known, out=np.full(len(on), np.nan), where=known > 0)
    if (lost := np.isnan(share)).any():
        p = places.iloc[int(lost.argmax())]
        raise ChromolabError(f"{fasta}: no known letter about {p['chrom']}:{p['start']}-{p['end']}")
    return share
