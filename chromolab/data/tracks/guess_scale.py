"""Guess the scale of a track from its kind, its name and its values; "unknown" if none of them shows it."""

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from chromolab.data.tracks import jobs
from chromolab.data.tracks.bin_means import BinMeans, bin_means, check_track
from chromolab.data.tracks.reads import BedGraph, Reads, track_kind
from chromolab.data.tracks.scales import DEPTH, FOLD_CHANGE, NEG_LOG10_P, UNKNOWN

# Roadmap's and ENCODE's names for MACS2 signals; values alone do not distinguish the two.
NAMES = {
    ".fc.signal": FOLD_CHANGE,
    "foldchange": FOLD_CHANGE,
    "fold_change": FOLD_CHANGE,
    ".pval.signal": NEG_LOG10_P,
    "_pval": NEG_LOG10_P,
    "ppois": NEG_LOG10_P,
}
ENOUGH = 1_000  # bins above zero needed to judge a track by its values
SAMPLES, SAMPLE = 1_000, 2_000  # number of samples along the genome, and bp of each


class Guess(NamedTuple):
    """A track's likely `scale`, one of `SCALES`, and the `reasons` for it."""

    scale: str
    reasons: tuple[str, ...]


def judge(means: BinMeans, track: str | PathLike[str] | Reads | BedGraph) -> Guess:
    """Guess the scale of bin means (`bin_means.BinMeans`) from the track's kind, its name and the values.

    A whole number at every base means read depth. MACS2's fold change and -log10 p are distinguished by name only: the
    medians of 15 real -log10 p tracks are 0.1 to 0.3, those of fold changes near 1, but few reads blur the difference.
    """
    path = Path(track.path if isinstance(track, Reads | BedGraph) else track)
    if path.is_file() and track_kind(path) in ("reads", "bam"):
        return Guess(DEPTH, ("counted from aligned reads",))
    name = path.name.lower()
    named = next((scale for part, scale in NAMES.items() if part in name), None)
    has_data = means.covered > 0
    mean, total = means.mean[has_data], means.mean[has_data] * means.covered[has_data]
    if (total < 0).any():
        return Guess(UNKNOWN, ("some values are negative: a difference or a log ratio, none of the known scales",))
    if (total > 0).sum() < ENOUGH:
        return Guess(named or UNKNOWN, (f"fewer than {ENOUGH:,} bins above zero: too few to judge by",))
    all_whole = bool((np.abs(total - np.rint(total)) <= 1e-9 * np.maximum(total, 1_000)).all())
    if all_whole:
        why = "every base has a whole number, as in read depth"
        return Guess(UNKNOWN if named else DEPTH, (why, f"but its name says {named}") if named else (why,))
    why = f"fractions, median {np.median(mean):.2g}, mean {mean.mean():.2g}"
    if named:
        return Guess(named, (f"its name says {named}", why))
    return Guess(UNKNOWN, (f"{why}: fold change, -log10 p or scaled depth; name it with scales=",))


def guess_scale(
    track: str | PathLike[str] | Reads | BedGraph,
    chrom_sizes: Mapping[str, int] | str | PathLike[str] | None = None,
    progress: bool = False,
) -> Guess:
    """Guess the scale of a track from a thousand samples spread over its chromosomes.

    Parameters
    ----------
    track : as `cl.data.bin_means` takes it.
    chrom_sizes : for aligned reads in text, as there.
    progress : show a progress bar when it takes longer than two seconds.

    Returns
    -------
    Guess
        `scale` is "unknown" if neither kind, name nor values show it; `reasons` say why.

    Raises
    ------
    ChromolabError
        As `cl.data.bin_means` does.
    """
    source = check_track(track, chrom_sizes, header_only=True)
    if source.kind in ("reads", "bam"):
        return Guess(DEPTH, ("counted from aligned reads",))
    jobs.run([job := jobs.ReadJob(source)], 1, progress)
    sizes = pd.Series(job.chroms, dtype=np.int64)
    ends = sizes.cumsum().to_numpy()
    at = np.linspace(0, ends[-1] - 1, SAMPLES).astype(np.int64) if len(ends) else np.empty(0, np.int64)
    chrom = np.searchsorted(ends, at, side="right")
    start = at - (ends - sizes.to_numpy())[chrom]
    end = np.minimum(start + SAMPLE, sizes.to_numpy()[chrom])
    regions = pd.DataFrame({"chrom": sizes.index[chrom], "start": start, "end": end})
    means = bin_means(track, regions, 1, progress=progress, chrom_sizes=chrom_sizes)
    guess = judge(means, track)
    if guess.scale == UNKNOWN and (unit := _unit(means.mean)):
        why = f"whole multiples of {unit:.4g}: read depth divided by a constant (CPM, RPKM), not read depth itself"
        return Guess(UNKNOWN, (why, *guess.reasons))
    return guess


def _unit(values: np.ndarray) -> float | None:
    """The smallest value, if all are whole multiples of it; None for a power of ten, which decimal rounding leaves."""
    values = np.unique(values[values > 0])
    if len(values) < 20 or values[0] < 1e-12:
        return None
    times = values / values[0]
    power_of_ten = abs(np.log10(values[0]) - np.rint(np.log10(values[0]))) < 1e-6
    whole_multiple = np.abs(times - np.rint(times)) <= 1e-6 * times + 1e-3
    return None if power_of_ten or not whole_multiple.all() else float(values[0])
