"""What a track's numbers are: read depth, fold change or -log10 p; and from one scale to another, as a step of its own.

A model learns from the numbers of one scale. The same chromatin reads 40 as depth, 8 as fold change and 25 as -log10 p,
so a model that is used on another scale than it was trained on answers wrongly without a sign of it. A dataset
therefore keeps each mark's scale, a trained model those it was trained on, and where both are known and differ, a
warning says so.
"""

import logging
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from chromolab.data.reads import track_kind
from chromolab.errors import ChromolabError

log = logging.getLogger("chromolab")

DEPTH, FOLD_CHANGE, NEG_LOG10_P, UNKNOWN = SCALES = ("depth", "fold_change", "neg_log10_p", "unknown")
# Roadmap's and ENCODE's names for MACS2 signals; the values alone do not tell these two apart.
NAMES = {".fc.signal": FOLD_CHANGE, "foldchange": FOLD_CHANGE, "fold_change": FOLD_CHANGE,
         ".pval.signal": NEG_LOG10_P, "_pval": NEG_LOG10_P, "ppois": NEG_LOG10_P}  # fmt: skip
ENOUGH = 1_000  # bins above zero without which values are not judged


class Guess(NamedTuple):
    """A track's likely `scale`, one of `SCALES`, and the `reasons` for it."""

    scale: str
    reasons: tuple[str, ...]


def judge(means, track) -> Guess:
    """The scale of bin means (`tracks.BinMeans`), from the track, its name and the values; "unknown" where none tells.

    A whole number at every base is read depth. MACS2's fold changes and -log10 p are told apart by name only: of 15
    real -log10 p tracks the medians are 0.1 to 0.3, of fold changes near 1, but a thin experiment blurs that.
    """
    path = Path(getattr(track, "path", track))
    if path.is_file() and track_kind(path) in ("reads", "bam"):
        return Guess(DEPTH, ("counted from aligned reads",))
    name = path.name.lower()
    named = next((scale for part, scale in NAMES.items() if part in name), None)
    has = means.covered > 0
    mean, total = means.mean[has], means.mean[has] * means.covered[has]
    if (total < 0).any():
        return Guess(UNKNOWN, ("some values are negative: a difference or a log ratio, none of the known scales",))
    if (total > 0).sum() < ENOUGH:
        return Guess(named or UNKNOWN, (f"fewer than {ENOUGH:,} bins above zero to judge by",))
    whole = bool((np.abs(total - np.rint(total)) <= 1e-6 * np.maximum(total, 1)).all())
    if whole:
        why = "every base holds a whole number, as read depth does"
        return Guess(UNKNOWN if named else DEPTH, (why, f"but its name says {named}") if named else (why,))
    why = f"fractions, median {np.median(mean):.2g}, mean {mean.mean():.2g}"
    if named:
        return Guess(named, (f"its name says {named}", why))
    return Guess(UNKNOWN, (f"{why}: fold change, -log10 p or scaled depth; name it with scales=",))


def check_scales(scales, marks: Iterable[str]) -> dict[str, str]:
    """Each mark's scale, from one for all, {mark: scale} (marks not named are "unknown"), or None (all "unknown").

    Raises `ChromolabError` for a scale or a mark that there is not.
    """
    marks = list(marks)
    given = dict.fromkeys(marks, scales) if isinstance(scales, str) else dict(scales or {})
    if wrong := [s for s in given.values() if s not in SCALES]:
        raise ChromolabError(f"scales: {wrong[0]!r}; expected one of {', '.join(map(repr, SCALES))}.")
    if strange := [m for m in given if m not in marks]:
        raise ChromolabError(f"scales: no mark {', '.join(strange)}; the marks are {', '.join(marks)}.")
    return {mark: given.get(mark, UNKNOWN) for mark in marks}


def warn_of_another_scale(model, dataset, stacklevel: int = 3) -> None:
    """A `UserWarning` when a model meets a scale that it was not trained on; nothing where either is unknown.

    `model.scales`, {mark: scale}, is what `cl.fit` and `cl.load_checkpoint` leave there.
    """
    trained = getattr(model, "scales", {})
    pairs = [(m, trained.get(m, UNKNOWN), dataset.scales.get(m, UNKNOWN)) for m in model.marks]
    other = [(m, was, now) for m, was, now in pairs if UNKNOWN not in (was, now) and was != now]
    if other:
        marks = ", ".join(m for m, *_ in other)
        warnings.warn(
            f"{marks}: the model was trained on {_all(was for _, was, _ in other)}, this dataset holds "
            f"{_all(now for *_, now in other)}. Its answers mean little: give tracks of the scale it knows, or "
            "cl.recalibrate(dataset, to=a dataset of that scale), or train it on these.",
            stacklevel=stacklevel,
        )


def learn_scales(model, dataset) -> None:
    """Note on a model that is about to be trained the scales it will know; warns when it knew others before."""
    warn_of_another_scale(model, dataset, stacklevel=4)
    model.scales = {mark: dataset.scales.get(mark, UNKNOWN) for mark in model.marks}


def _all(scales: Iterable[str]) -> str:
    return " and ".join(dict.fromkeys(scales))


def common_scales(per_cell_type: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """One scale per mark over the cell types of a dataset; "unknown", and logged, where they differ."""
    first, *others = per_cell_type.values()
    scales = {}
    for mark, scale in first.items():
        found = {scale, *(other[mark] for other in others)}
        scales[mark] = scale if len(found) == 1 else UNKNOWN
        if len(found - {UNKNOWN}) > 1:
            log.warning(
                "%s: the cell types are on different scales (%s). Bring them to one.", mark, _all(sorted(found))
            )
    return scales
