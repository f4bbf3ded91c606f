"""Guess the scale of a track from its kind, its name and its values; "unknown" if none of them shows it."""

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from chromolab.data.tracks import jobs
from chromolab.data.tracks.bin_means import bin_means, check_track
from chromolab.data.tracks.evidence import MATTERS, Evidence
from chromolab.data.tracks.reads import BedGraph, Reads, track_kind
from chromolab.data.tracks.scales import CALLS, COUNTS, DEPTH, FOLD_CHANGE, NEG_LOG10_P, SIGNED, UNKNOWN
from chromolab.errors import ChromolabError

# Roadmap's and ENCODE's names for MACS2 signals; values alone do not distinguish the two.
NAMES = {
    ".fc.signal": FOLD_CHANGE,
    "foldchange": FOLD_CHANGE,
    "fold_change": FOLD_CHANGE,
    ".pval.signal": NEG_LOG10_P,
    "_pval": NEG_LOG10_P,
    "ppois": NEG_LOG10_P,
}
ENOUGH_CALLS = 10  # stretches of one and the same value
ENOUGH = 100  # stretches of one value above zero needed to judge a track by its values
WHOLE = "every base has a whole number, as in read depth"
COARSE = 10  # bp; values that change only at multiples of this or more were made bin by bin
SAMPLES, SAMPLE = 1_000, 2_000  # number of samples along the genome, and bp of each


class Guess(NamedTuple):
    """A track's likely `scale`, one of `SCALES`, and the `reasons` for it."""

    scale: str
    reasons: tuple[str, ...]


def judge(evidence: Evidence, track: str | PathLike[str] | Reads | BedGraph) -> Guess:
    """Guess the scale of a track from its kind, its name and what its values look like (`BinMeans.evidence`).

    A whole number at every base means read depth, unless the values change at fixed steps or hardly ever touch.
    MACS2's fold change and -log10 p are distinguished by name only: the medians of 15 real -log10 p tracks are 0.1 to
    0.3, those of fold changes near 1, but few reads blur the difference.
    """
    path = Path(track.path if isinstance(track, Reads | BedGraph) else track)
    if path.is_file() and track_kind(path) in ("reads", "bam"):
        return Guess(DEPTH, ("counted from aligned reads",))
    named = next((scale for part, scale in NAMES.items() if part in path.name.lower()), None)
    if evidence.low < 0:
        why = f"values from {evidence.low:.3g} to {evidence.high:.3g}: below 0, as a log ratio or PC1"
        return Guess(SIGNED, (why,))
    if evidence.distinct is not None and len(evidence.distinct) == 1 and evidence.runs >= ENOUGH_CALLS:
        return Guess(CALLS, (f"no value but {evidence.distinct[0]:g} (and 0): called places, present or not",))
    if evidence.isolated:
        return Guess(CALLS, ("stretches with a value hardly ever touch: called places with a score, such as peaks",))
    if evidence.runs < ENOUGH:
        why = f"fewer than {ENOUGH:,} stretches of one value above zero: too few to judge by"
        return Guess(named or UNKNOWN, (why,))
    return _of_whole_numbers(evidence.step, named) if evidence.whole else _of_fractions(evidence, named)


def _of_whole_numbers(step: int, named: str | None) -> Guess:
    coarse = step >= COARSE
    why = f"whole numbers, one per {step:,} bp: counted bin by bin" if coarse else WHOLE
    if named:
        return Guess(UNKNOWN, (why, f"but its name says {named}"))
    return Guess(COUNTS if coarse else DEPTH, (why,))


def _of_fractions(evidence: Evidence, named: str | None) -> Guess:
    why = f"fractions, {evidence.low:.2g} to {evidence.high:.3g}"
    if named:
        return Guess(named, (f"its name says {named}", why))
    if unit := evidence.unit:
        why = f"{why}, whole multiples of {unit:.4g}: depth divided by a constant (CPM, RPKM), not depth itself"
        return Guess(UNKNOWN, (why,))
    return Guess(UNKNOWN, (f"{why}: fold change, -log10 p or scaled depth; name it with scales=",))


def counts_as_zero(evidence: Evidence, track: str | PathLike[str] | Reads | BedGraph) -> bool:
    """Whether bases of a track without a value count as zero, by its values (`Evidence.zeros_left_out`).

    Raises `ChromolabError`, which asks, where the values cannot tell and more than a few bases have none.
    """
    left_out, name = evidence.zeros_left_out(), track.path if isinstance(track, Reads | BedGraph) else track
    if left_out is None and evidence.without > MATTERS:
        if evidence.isolated:
            raise ChromolabError(
                f"{name}: its stretches with a value never touch: called places with a number each, such as peaks; "
                "they hold no signal. Give the bigWig, the bedGraph or the reads of this experiment; to use "
                "the places as they are, say missing: zero (missing= in Python)."
            )
        raise ChromolabError(
            f"{name}: {evidence.without:.0%} of the bases have no value, and no value is 0: were zeros left out, or "
            "was nothing measured there? Say which: missing: zero or missing: mask (missing= in Python)."
        )
    return bool(left_out)


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
    return judge(bin_means(track, regions, SAMPLE, progress=progress, chrom_sizes=chrom_sizes).evidence, track)
