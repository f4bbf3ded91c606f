"""The published study's arrays of depth, one per region."""

from collections.abc import Sequence
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd
from tqdm.auto import tqdm

from chromolab.data.intervals import check_regions
from chromolab.data.text import existing_file
from chromolab.data.tracks.bin_means import BinMeans, _checked_bin_size, _offsets
from chromolab.defaults import MARKS
from chromolab.errors import ChromolabError


def read_depth_folder(
    folder: str | PathLike[str],
    regions: pd.DataFrame,
    bin_size: int,
    marks: Sequence[str] = MARKS,
    progress: bool = True,
) -> dict[str, BinMeans]:
    """Bin means from the published format: one file ``{chrom}:{start}-{end}.npy`` per region, (marks, bases) of depth.

    Parameters
    ----------
    folder : the folder of these files.
    regions : DataFrame `chrom`, `start`, `end` (bp); each needs a file of exactly that name.
    bin_size : bp per bin; the last bin of a region covers the rest.
    marks : names of the rows of each file, in order. As published: `chromolab.defaults.MARKS`.

    Returns
    -------
    dict mark -> `BinMeans`. Every base has data in this format. Means of whole numbers are exact (float64 sums).

    Raises
    ------
    ChromolabError
        A file is missing, is not a numeric array of (len(marks), end - start), or has NaN, infinite or negative depth.
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
    except Exception as e:  # numpy parses the header as Python text: a damaged one can raise anything
        raise ChromolabError(f"{path}: not a readable numpy array ({e}). Copy or download it again.") from e
    if depth.shape != (n_marks, length) or depth.dtype.kind not in "fiu":
        raise ChromolabError(
            f"{path}: {depth.dtype} of shape {depth.shape}; expected numbers of shape ({n_marks} marks, {length} "
            "bases). Check the list of marks; an array cut at a chromosome's end has to be padded to its region."
        )
    if not (np.isfinite(depth) & (depth >= 0)).all():
        mark, base = np.argwhere(~(np.isfinite(depth) & (depth >= 0)))[0]
        wrong = f"depth {depth[mark, base]} in row {mark}, base {base}"
        raise ChromolabError(f"{path}: {wrong}; expected a finite number >= 0. Make the file again.")
    return depth
