"""Mean depth in bins of many regions of different lengths, stored once per region, before any logarithm or padding."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from chromolab.data.dataset.arrays import refuse_shortened
from chromolab.errors import ChromolabError

_CHUNK_BINS = 1_000_000  # coarsened at a time: limits the float64 work space to about 100 MB for seven marks


def counts_dtype(bin_size: int) -> type[np.unsignedinteger]:
    """The smallest integers that count the bases with data in bins of `bin_size` bp (`Signal.covered`)."""
    return np.uint16 if bin_size < 65_536 else np.uint32


class Stored:
    """A field whose array may lie in a file: whoever reads it hears if the file got shorter, instead of a crash."""

    def __init__(self, *default: None):
        self.default = default

    def __set_name__(self, owner: type, name: str):
        self.name = f"_{name}"

    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:  # a dataclass asks for the field's default
            if not self.default:
                raise AttributeError(self.name)
            return self.default[0]
        array = instance.__dict__[self.name]
        refuse_shortened(array)
        return array

    def __set__(self, instance: Any, array: np.ndarray | None) -> None:
        instance.__dict__[self.name] = array


@dataclass(frozen=True, eq=False)
class Signal:
    """Mean depth of several marks in regions of any length.

    Attributes
    ----------
    regions : DataFrame
        One row per distinct region: `cell_type`, `chrom`, `start`, `end` (0-based, half open; may run past the end of
        the chromosome, where no base has data).
    depth : array (bins, marks), float
        Mean depth over the bases with data in each bin; NaN if no base has data. Region r's bins are
        `depth[offsets[r]:offsets[r + 1]]`, from its start; the last bin may be shorter.
    offsets : int64 array (regions + 1,)
    bin_size : int
        Base pairs per bin.
    covered : int array (bins, marks) or None
        Bases with data in each bin; None if every base of every region has data.
    """

    regions: pd.DataFrame
    depth: np.ndarray = Stored()  # type: ignore[assignment]
    offsets: np.ndarray
    bin_size: int
    covered: np.ndarray | None = Stored(None)  # type: ignore[assignment]
    cache: dict = field(default_factory=dict, repr=False, compare=False)  # derived tensors, keyed by their parameters

    @property
    def lengths(self) -> np.ndarray:
        """Base pairs per region, (regions,)."""
        return (self.regions["end"] - self.regions["start"]).to_numpy(np.int64)

    def bins_at(self, resolution: int) -> np.ndarray:
        """Bins per region at a resolution (bp), (regions,); the last one may be partial."""
        return -(-self.lengths // resolution)

    def bases(self) -> np.ndarray:
        """Base pairs per stored bin, (bins,): `bin_size`, except in the last bin of a region."""
        bases = np.full(len(self.depth), self.bin_size, np.int64)
        bases[self.offsets[1:] - 1] = self.lengths - (np.diff(self.offsets) - 1) * self.bin_size
        return bases

    def at(self, resolution: int) -> tuple[np.ndarray, np.ndarray]:
        """Mean depth at a coarser resolution, exact: weighted by the bases with data.

        Parameters
        ----------
        resolution : int
            Base pairs per bin, a multiple of `bin_size`.

        Returns
        -------
        (array (bins, marks), int64 array (regions + 1,))
            Depth in the stored dtype, NaN where no base has data, and the offset of each region's first bin.

        Raises
        ------
        ChromolabError
            If the resolution is not a multiple of the stored bin.
        """
        if resolution % self.bin_size or resolution <= 0:
            raise ChromolabError(
                f"resolution {resolution} is not a multiple of this dataset's bin of {self.bin_size} bp; "
                f"build the dataset again with resolutions that include {resolution}"
            )
        if resolution == self.bin_size:
            return self.depth, self.offsets
        counts = self.bins_at(resolution)
        offsets = np.concatenate([[0], np.cumsum(counts)])
        fine_per_bin = resolution // self.bin_size
        within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], counts)  # each coarse bin's number in its region
        first = np.repeat(self.offsets[:-1], counts) + within * fine_per_bin  # its first fine bin
        out = np.empty((offsets[-1], self.depth.shape[1]), self.depth.dtype)
        bases = self.bases()
        for a in range(0, len(first), _CHUNK_BINS // fine_per_bin):
            b = min(len(first), a + _CHUNK_BINS // fine_per_bin)
            fine = slice(first[a], first[b] if b < len(first) else len(self.depth))
            weight = (bases[fine, None] if self.covered is None else self.covered[fine]).astype(np.float64)
            total = np.add.reduceat(np.nan_to_num(self.depth[fine].astype(np.float64)) * weight, first[a:b] - first[a])
            weight = np.add.reduceat(weight, first[a:b] - first[a])
            out[a:b] = np.divide(total, weight, out=np.full_like(total, np.nan), where=weight > 0)
        return out, offsets

    def take(self, keep: np.ndarray) -> "Signal":
        """The regions numbered in `keep`, in that order, copied."""
        regions = self.regions.iloc[keep].reset_index(drop=True)
        return self._gathered(regions, self.offsets[:-1][keep], np.diff(self.offsets)[keep])

    def cropped(self, longest: int) -> "Signal":
        """A copy in which every region longer than `longest` bp (a multiple of the bin) is cut to its middle."""
        skip = np.maximum(self.lengths - longest, 0) // 2 // self.bin_size  # bins left out in front
        start = self.regions["start"] + skip * self.bin_size
        regions = self.regions.assign(start=start, end=np.minimum(start + longest, self.regions["end"]))
        count = np.minimum(np.diff(self.offsets), longest // self.bin_size)
        return self._gathered(regions, self.offsets[:-1] + skip, count)

    def _gathered(self, regions: pd.DataFrame, first: np.ndarray, count: np.ndarray) -> "Signal":
        """A copy of `regions`, each with `count` stored bins starting at `first`; both (regions,)."""
        offsets = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
        rows = np.repeat(first - offsets[:-1], count) + np.arange(offsets[-1])
        covered = None if self.covered is None else self.covered[rows]
        return Signal(regions, self.depth[rows], offsets, self.bin_size, covered)
