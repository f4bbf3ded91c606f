"""Depth base by base, read from the tracks that a dataset was built from, for bins that an edit cuts through."""

from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from chromolab.data.dataset.signal import Signal
from chromolab.data.tracks.bin_means import BinMeans, bin_means
from chromolab.data.tracks.depth_arrays import read_depth_folder
from chromolab.errors import ChromolabError

TOLERANCE = {2: 2e-3, 4: 1e-5, 8: 1e-9}  # relative, by bytes of the stored dtype


class Bases:
    """Depth at every base of a dataset's regions, read on first use and kept; nothing without a source.

    Parameters
    ----------
    source : {mark: track}, {cell type: {mark: track}}, folder of published arrays, or None
        Passed with each call rather than stored in the dataset, because files move and a saved dataset is copied to
        other machines.
    """

    def __init__(self, source: Mapping[str, Any] | str | PathLike[str] | None = None):
        if not (source is None or isinstance(source, Mapping | str | Path)):
            raise ChromolabError(
                f"source is {type(source).__name__}; expected {{mark: track}}, {{cell type: {{mark: track}}}} or the "
                "folder of published arrays that the dataset was built from"
            )
        self.source = source
        self._kept: dict[Any, Any] = {}

    def of(self, signal: Signal, marks: Sequence[str], row: int, column: int, mean: np.ndarray) -> np.ndarray | None:
        """Depth at the bases of region `row`, (length,) float64, NaN without data; None without a source.

        Raises `ChromolabError` if their bin means differ from the dataset's own, `mean` (bins,).
        """
        if self.source is None:
            return None
        bases = self._read(signal.regions.iloc[row], marks, column)
        if signal.covered is None:  # bases without data count as zero
            bases = np.nan_to_num(bases)
        found = _means(bases, signal.bin_size)[0]
        if not np.allclose(found, mean, rtol=TOLERANCE[signal.depth.itemsize], atol=1e-6, equal_nan=True):
            r = signal.regions.iloc[row]
            raise ChromolabError(
                f"source: {marks[column]} at {r['chrom']}:{r['start']}-{r['end']} is not what this dataset holds "
                f"(bin means differ by up to {np.nanmax(np.abs(found - mean)):.3g}). Give the files that it was "
                "built from, and the dataset before any edit"
            )
        return bases

    def fill(self, signal: Signal, marks: Sequence[str], row: int) -> tuple[np.ndarray, np.ndarray]:
        """Depth (float64) and number of bases with data of a region that the dataset lacks, both (bins, marks)."""
        bins = int(np.diff(signal.offsets)[row])
        if self.source is None:
            return np.full((bins, len(marks)), np.nan), np.zeros((bins, len(marks)), np.int64)
        region = signal.regions.iloc[row]
        both = [_means(self._read(region, marks, c), signal.bin_size) for c in range(len(marks))]
        return np.stack([m for m, _ in both], 1), np.stack([c for _, c in both], 1)

    def _read(self, region: pd.Series, marks: Sequence[str], column: int) -> np.ndarray:
        key = (*region[["cell_type", "chrom", "start", "end"]], marks[column])
        if key not in self._kept:
            self._kept[key] = self._fetch(region, marks, column).mean
        return self._kept[key]

    def _fetch(self, region: pd.Series, marks: Sequence[str], column: int) -> BinMeans:
        place, mark = region[["chrom", "start", "end"]].to_frame().T.reset_index(drop=True), marks[column]
        if isinstance(self.source, str | Path):
            return read_depth_folder(self.source, place, 1, marks, progress=False)[mark]
        tracks = self.source or {}
        if any(isinstance(t, Mapping) for t in tracks.values()):
            tracks = tracks.get(region["cell_type"], {})
        if mark not in tracks:
            raise ChromolabError(f"source has no track of {mark} for cell type {region['cell_type']}")
        return bin_means(tracks[mark], place, 1, processes=1, progress=False)


def _means(bases: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean over the bases with data, and how many there are, in each bin (bins,)."""
    edges, seen = np.arange(0, len(bases), size), ~np.isnan(bases)
    count = np.add.reduceat(seen.astype(np.int64), edges)
    total = np.add.reduceat(np.where(seen, bases, 0), edges)
    return np.divide(total, count, out=np.full(len(edges), np.nan), where=count > 0), count
