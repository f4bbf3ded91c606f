"""Recalibration: map one dataset's signal to the scale of another, mark by mark, by quantile mapping.

A bin higher than 99 % of the bins of its dataset gets the value that is higher than 99 % of the bins of the other. This
is right only as far as both datasets have the same share of high and low bins: map promoter windows to promoter
windows, whole cell types to whole cell types, and never a single gene. Real differences in a mark's total amount
between cell types are lost.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path

import numpy as np

from chromolab.data.dataset.dataset import Dataset
from chromolab.data.files import atomic_write
from chromolab.data.text import existing_file
from chromolab.data.tracks.scales import CALLS, SCALES, UNKNOWN
from chromolab.errors import ChromolabError

FORMAT = "chromolab-quantiles-1"
# Every percent, then ever closer to 1, where the peaks are.
PROBABILITIES = np.concatenate([np.arange(0, 0.99, 0.01), 1 - np.logspace(-2, -5, 31), [1.0]])
ENOUGH = 10_000  # bins with data; with fewer, the highest quantiles rest on a handful of bins
NEGATIVE = "{}: holds {:.3g}; expected depth, fold change or -log10 p, all >= 0."


@dataclass(frozen=True, eq=False)
class Quantiles:
    """Quantiles of each mark's mean depth over the bins of a dataset.

    Attributes
    ----------
    probabilities : (n,) rising from 0 to 1.
    values : {mark: (n,)}, the mean depth that this share of the bins with data does not exceed.
    scales : {mark: scale}, one of `chromolab.data.tracks.scales.SCALES`.
    bin_size : bp per bin; quantiles of other bin sizes differ.
    """

    probabilities: np.ndarray
    values: Mapping[str, np.ndarray]
    scales: Mapping[str, str]
    bin_size: int

    def depth(self, mark: str, share: float) -> float:
        """The mean depth that this share of the bins (0 to 1) does not exceed."""
        return float(np.interp(share, self.probabilities, self.values[mark]))

    def save(self, path: str | PathLike[str]) -> Path:
        """Write a small, human-readable JSON file for `read_quantiles`; returns its path."""
        path = Path(path)
        about = {"format": FORMAT, "bin_size": self.bin_size, "scales": dict(self.scales)}
        table = {"probabilities": self.probabilities.tolist(), **{m: v.tolist() for m, v in self.values.items()}}
        lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(row)}" for name, row in table.items())
        with atomic_write(path) as beside:
            beside.write_text(f'{{"about": {json.dumps(about)},\n"quantiles": {{\n{lines}\n}}}}\n')
        return path


def track_quantiles(dataset: Dataset) -> Quantiles:
    """The quantiles of a dataset's stored mean depth, over the bins with data in the regions that its genes use.

    Raises `ChromolabError` for a mark without data or with negative values unless it is signed.
    """
    dataset, values = dataset.compact(), {}  # a selection shares the depth of what it was selected from
    for m, mark in enumerate(dataset.marks):
        depth = dataset.signal.depth[:, m]
        depth = depth[~np.isnan(depth)].astype(np.float64)
        if not len(depth):
            raise ChromolabError(f"{mark}: no bin has data; leave it out of `marks`.")
        if depth.min() < 0 and not dataset.may_fall_below_zero(mark):
            raise ChromolabError(NEGATIVE.format(mark, depth.min()))
        values[mark] = np.quantile(depth, PROBABILITIES)
    scales = {mark: dataset.scales.get(mark, UNKNOWN) for mark in dataset.marks}
    return Quantiles(PROBABILITIES, values, scales, dataset.bin_size)


def read_quantiles(path: str | PathLike[str]) -> Quantiles:
    """Read the file at `path`, which `Quantiles.save` wrote.

    Raises
    ------
    ChromolabError
        The file is missing or holds anything else.
    """
    path = existing_file(path, "a file of quantiles")
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        about, table = found["about"], found["quantiles"]
        if about["format"] != FORMAT:
            raise ValueError(f"its format is {about['format']!r}, not {FORMAT!r}")
        probabilities, *values = (np.array(row, np.float64) for row in table.values())
        marks = list(table)[1:]
        for row in (probabilities, *values):
            if row.shape != probabilities.shape or len(row) < 2 or not np.isfinite(row).all():
                raise ValueError("expected rows of finite numbers, all of one length")
            if (np.diff(row) < 0).any():
                raise ValueError("expected rows that do not fall")
        if list(table)[0] != "probabilities" or probabilities[0] != 0 or probabilities[-1] != 1 or not marks:
            raise ValueError("expected probabilities from 0 to 1, and marks")
        scales, bin_size = about["scales"], about["bin_size"]
        if set(scales) != set(marks) or not set(scales.values()) <= set(SCALES) or type(bin_size) is not int:
            raise ValueError("expected a scale for every mark, and the bin's size in bp")
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as e:
        raise ChromolabError(f"{path}: not a complete file of quantiles ({e}); write it again: Quantiles.save.") from e
    return Quantiles(probabilities, dict(zip(marks, values, strict=True)), scales, bin_size)


def recalibrate(
    dataset: Dataset,
    to: Dataset | Quantiles | str | PathLike[str],
    marks: Sequence[str] | None = None,
    source: Dataset | Quantiles | str | PathLike[str] | None = None,
) -> Dataset:
    """Map a dataset's signal to the scale of another one, mark by mark, by their quantiles.

    Parameters
    ----------
    dataset : Dataset
        Only the regions that its genes use count: a cell type selected from several is mapped by its own quantiles.
    to : Dataset, `Quantiles` or path of saved ones
        The scale to map to; `track_quantiles(dataset).save("depth.json")` keeps one for later.
    marks : sequence of str, optional
        Default all that `to` has; other marks are not changed.
    source : the same kinds, optional
        The quantiles to map from, if `dataset` is only a part (one fold, one gene). Default: those of `dataset`.

    Returns
    -------
    Dataset
        A new one with the `scales` of `to`; its `report` says so. The order of bins is kept, zeros stay zero and bins
        without data stay without. Values above the highest of `source` are scaled in proportion.

    Raises
    ------
    ChromolabError
        A mark that either dataset lacks, different bin sizes, too few bins with data, negative values, or values that
        do not fit the dtype.
    """
    to, source = _quantiles(to, "to", marks), _quantiles(dataset if source is None else source, "source", marks)
    marks = [m for m in dataset.marks if m in to.values] if marks is None else list(marks)
    lacking = [m for m in marks if m not in dataset.marks or m not in to.values or m not in source.values]
    if lacking or not marks:
        raise ChromolabError(
            f"marks: {', '.join(lacking) or 'none in common'}; the dataset has {', '.join(dataset.marks)}, the scale "
            f"to take {', '.join(to.values)}. Name those that both have: marks=[...]."
        )
    if not dataset.bin_size == to.bin_size == source.bin_size:
        raise ChromolabError(
            f"bins of {dataset.bin_size} bp in the dataset, {to.bin_size} bp in the scale to take: their quantiles are "
            "not comparable. Build one of them again with the same resolutions."
        )
    dataset = dataset.compact()
    depth = np.array(dataset.signal.depth)
    for mark in marks:
        m = dataset.marks.index(mark)
        if (lowest := min(np.nanmin(depth[:, m], initial=0), source.values[mark][0], to.values[mark][0])) < 0:
            raise ChromolabError(NEGATIVE.format(mark, lowest) + " Leave it out: name the others in marks=.")
        if (mapped := _map(depth[:, m], source.values[mark], to.values[mark])) is None:
            raise ChromolabError(f"{mark}: the highest values do not fit {depth.dtype}; use dtype='float32'.")
        depth[:, m] = mapped
    scales = {m: to.scales[m] if m in marks else dataset.scales.get(m, UNKNOWN) for m in dataset.marks}
    what = ", ".join(f"{m} {dataset.scales.get(m, UNKNOWN)} -> {scales[m]}" for m in marks)
    report = (*dataset.report, f"recalibrated by quantile mapping: {what}")
    return replace(dataset, signal=replace(dataset.signal, depth=depth, cache={}), scales=scales, report=report)


def presence(dataset: Dataset, above: float = 0.0) -> Dataset:
    """Reduce a dataset's signal to present (1) or absent (0) in each bin, so that calls and peak scores are one scale.

    Parameters
    ----------
    dataset : Dataset
    above : float
        A bin whose mean is above it counts as present.

    Returns
    -------
    Dataset
        The scale of every mark is "calls"; its `report` says so. Bins without data stay without.

    Raises
    ------
    ChromolabError
        For a mark with negative values: absence has no place on its scale.
    """
    dataset = dataset.compact()
    depth = dataset.signal.depth
    for m, mark in enumerate(dataset.marks):
        if (lowest := np.nanmin(depth[:, m], initial=0)) < 0:
            raise ChromolabError(NEGATIVE.format(mark, lowest) + " Leave it out: ds.with_marks([...]).")
    called = np.where(np.isnan(depth), depth, depth > above).astype(depth.dtype)
    return replace(
        dataset,
        signal=replace(dataset.signal, depth=called, cache={}),
        scales=dict.fromkeys(dataset.marks, CALLS),
        report=(*dataset.report, f"reduced to present (a mean above {above:g}) or absent in each bin"),
    )


def _quantiles(given, name: str, marks: Sequence[str] | None) -> Quantiles:
    """Quantiles as given, read from a file, or computed from a dataset with enough data for `marks` (None: all)."""
    if isinstance(given, Quantiles):
        return given
    if not isinstance(given, Dataset):
        return read_quantiles(given)
    given = given.compact()
    for mark in given.marks if marks is None else [m for m in given.marks if m in marks]:
        if (n := int((~np.isnan(given.signal.depth[:, given.marks.index(mark)])).sum())) < ENOUGH:
            raise ChromolabError(
                f"{name}: {mark}: {n:,} bins with data are too few for quantiles (at least {ENOUGH:,}). Take them from "
                "a whole cell type: recalibrate(part, to, source=whole)."
            )
    return track_quantiles(given)


def _map(depth: np.ndarray, source: np.ndarray, to: np.ndarray) -> np.ndarray | None:
    """Depth (bins,) mapped from one set of quantiles to the other, in its dtype; None if the result does not fit it."""
    levels, group = np.unique(source, return_inverse=True)  # equal quantiles map to the mean of their targets
    values = np.bincount(group, to) / np.bincount(group)
    x = depth.astype(np.float64)
    mapped = np.interp(x, levels, values)
    if levels[-1] > 0:
        mapped = np.where(x > levels[-1], values[-1] * (x / levels[-1]), mapped)
    mapped = np.where(np.isnan(x) | (x == 0), x, mapped)
    return None if np.nanmax(mapped, initial=0) > np.finfo(depth.dtype).max else mapped.astype(depth.dtype)
