"""The scale of a track: read depth, fold change, -log10 p, ... Datasets and models keep it, and warn of a mismatch.

A model learns from numbers on one scale. The same chromatin may read 40 as depth, 8 as fold change and 25 as -log10 p,
so a model used on another scale than the one it was trained on gives wrong answers silently. A dataset therefore keeps
the scale of each mark, a trained model those it was trained on, and a warning says when the two are known and differ.
`guess_scale` guesses the scale of a file, `recalibration` converts one scale to another.

Beside its scale stands a track's transform: what models read in place of the mean of a bin.
"""

import logging
import sys
import warnings
from collections.abc import Iterable, Mapping
from typing import Any, Literal, get_args

from chromolab.errors import ChromolabError

log = logging.getLogger("chromolab")

# counts: reads per bin of fixed width; calls: peaks, summits or states, present or not or with a score; signed: log
# ratios, differences, principal components, which also fall below 0.
Scale = Literal["depth", "fold_change", "neg_log10_p", "counts", "calls", "signed", "unknown"]
DEPTH, FOLD_CHANGE, NEG_LOG10_P, COUNTS, CALLS, SIGNED, UNKNOWN = SCALES = get_args(Scale)
# log1p: ln(1 + x), as published for depth (below 0, where only files from before transforms have values, -ln(1 - x));
# none: x as it is; asinh: ln(x + sqrt(x * x + 1)), a logarithm on both sides of 0. All three give 0 for 0.
Transform = Literal["log1p", "none", "asinh"]
LOG1P, NONE, ASINH = TRANSFORMS = get_args(Transform)
# What a number of each scale counts, as a hover or an axis says it.
UNITS = {
    DEPTH: "reads per base",
    FOLD_CHANGE: "fold over control",
    NEG_LOG10_P: "-log10 p",
    COUNTS: "reads per bin",
    CALLS: "call or score",
    SIGNED: "signed signal",
    UNKNOWN: "signal (scale not known)",
}
# The names of the scales in the data manifest. Aligned reads are counted, which gives depth.
OF_MANIFEST = {"reads": DEPTH, "depth": DEPTH, "fold change": FOLD_CHANGE, "-log10 p": NEG_LOG10_P}


def check_scales(scales: str | Mapping[str, str] | None, marks: Iterable[str]) -> dict[str, str]:
    """The scale of each mark, given one scale for all, {mark: scale} (others are "unknown") or None (all "unknown").

    Raises `ChromolabError` for an unknown scale or mark.
    """
    marks = list(marks)
    given = dict.fromkeys(marks, scales) if isinstance(scales, str) else dict(scales or {})
    if wrong := [s for s in given.values() if s not in SCALES]:
        raise ChromolabError(f"scales: {wrong[0]!r}; expected one of {', '.join(map(repr, SCALES))}.")
    if unknown := [m for m in given if m not in marks]:
        raise ChromolabError(f"scales: no mark {', '.join(unknown)}; the marks are {', '.join(marks)}.")
    return {mark: given.get(mark, UNKNOWN) for mark in marks}


def check_transforms(transforms: str | Mapping[str, str] | None, marks: Iterable[str]) -> dict[str, str]:
    """The transforms that are given, {mark: transform}: one for all marks, for some, or None.

    Marks that are not named have none; models then read ln(1 + x). Raises `ChromolabError` for an unknown transform or
    mark.
    """
    marks = list(marks)
    given = dict.fromkeys(marks, transforms) if isinstance(transforms, str) else dict(transforms or {})
    if wrong := [t for t in given.values() if t not in TRANSFORMS]:
        raise ChromolabError(f"transforms: {wrong[0]!r}; expected one of {', '.join(map(repr, TRANSFORMS))}.")
    if unknown := [m for m in given if m not in marks]:
        raise ChromolabError(f"transforms: no mark {', '.join(unknown)}; the marks are {', '.join(marks)}.")
    return {mark: given[mark] for mark in marks if mark in given}


def other_transforms(transforms: Mapping[str, str]) -> dict[str, str]:
    """Those that are not log1p, which needs no mention: what a dataset and a model keep."""
    return {mark: transform for mark, transform in transforms.items() if transform != LOG1P}


def refuse_signed(mark: str, low: float, high: float) -> None:
    """Raise the `ChromolabError` for a track with values below 0 whose transform nobody has chosen."""
    raise ChromolabError(
        f"{mark}: values from {low:.3g} to {high:.3g}. Below 0 there is no depth, and the logarithm that models read "
        "has no meaning. Choose what they read instead, in my.yaml under the track or in Python: transform: none "
        f"(the values as they are: PC1, a log ratio), or transform: asinh (a logarithm on both sides of 0: a "
        f'difference); cl.build_dataset(transforms={{"{mark}": "none"}}). In place of a histone mark give its depth.'
    )


def warn_of_another_scale(model: Any, dataset: Any) -> None:
    """Give a `UserWarning` if a model meets a scale that it was not trained on (`another_scale`)."""
    if said := another_scale(model, dataset):
        warnings.warn(said, stacklevel=_level_outside())


def another_scale(model: Any, dataset: Any) -> str | None:
    """What to say if a model meets a scale that it was not trained on; None for the same or unknown scales.

    `cl.fit` and `cl.load_checkpoint` set `model.scales`, {mark: scale}.
    """
    pairs = [(m, model.scales.get(m, UNKNOWN), dataset.scales.get(m, UNKNOWN)) for m in model.marks]
    other = [(m, was, now) for m, was, now in pairs if UNKNOWN not in (was, now) and was != now]
    if not other:
        return None
    marks = ", ".join(m for m, *_ in other)
    return (
        f"{marks}: the model was trained on {_all(was for _, was, _ in other)}, this dataset holds "
        f"{_all(now for *_, now in other)}. Its predictions mean little: use tracks on the model's scale, "
        "cl.data.recalibrate(dataset, to=a dataset on that scale), or train the model on this dataset."
    )


def learn_scales(model: Any, dataset: Any) -> None:
    """Store the dataset's scales, transforms and origin on a model that is about to be trained.

    Warns if it knew other scales.
    """
    warn_of_another_scale(model, dataset)
    model.origin, model.made_by = dataset.origin, ""
    model.scales = {mark: dataset.scales.get(mark, UNKNOWN) for mark in model.marks}
    model.transforms = {mark: t for mark, t in dataset.transforms.items() if mark in model.marks}


def _level_outside() -> int:
    """The `stacklevel` at which a warning points to the first caller outside this package."""
    frame, level = sys._getframe(1), 1
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("chromolab."):
        frame, level = frame.f_back, level + 1
    return level


def _all(scales: Iterable[str]) -> str:
    return " and ".join(dict.fromkeys(scales))


def common_scales(per_cell_type: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """One scale per mark for all cell types of a dataset; "unknown" where they differ, which is logged."""
    first, *others = per_cell_type.values()
    scales = {}
    for mark, scale in first.items():
        distinct = {scale, *(other[mark] for other in others)}
        scales[mark] = scale if len(distinct) == 1 else UNKNOWN
        if len(distinct - {UNKNOWN}) > 1:
            log.warning(
                "%s: the cell types are on different scales (%s). Convert them to one.", mark, _all(sorted(distinct))
            )
    return scales
