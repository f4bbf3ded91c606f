"""What a track's numbers are: read depth, fold change or -log10 p; kept with datasets and models, which warn.

A model learns from the numbers of one scale. The same chromatin reads 40 as depth, 8 as fold change and 25 as -log10 p,
so a model that is used on another scale than it was trained on answers wrongly without a sign of it. A dataset
therefore keeps each mark's scale, a trained model those it was trained on, and where both are known and differ, a
warning says so. `guess_scale` looks at a file, `recalibration` brings one scale to another.
"""

import logging
import sys
import warnings
from collections.abc import Iterable, Mapping

from chromolab.errors import ChromolabError

log = logging.getLogger("chromolab")

DEPTH, FOLD_CHANGE, NEG_LOG10_P, UNKNOWN = SCALES = ("depth", "fold_change", "neg_log10_p", "unknown")
# What the data manifest calls them, for people: aligned reads are counted, which gives depth.
OF_MANIFEST = {"reads": DEPTH, "depth": DEPTH, "fold change": FOLD_CHANGE, "-log10 p": NEG_LOG10_P}


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


def warn_of_another_scale(model, dataset) -> None:
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
            stacklevel=_level_outside(),
        )


def learn_scales(model, dataset) -> None:
    """Note on a model that is about to be trained the scales it will know; warns when it knew others before."""
    warn_of_another_scale(model, dataset)
    model.scales = {mark: dataset.scales.get(mark, UNKNOWN) for mark in model.marks}


def _level_outside() -> int:
    """The level at which a warning names the user's line, whatever of this package lies in between."""
    frame, level = sys._getframe(1), 1
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("chromolab."):
        frame, level = frame.f_back, level + 1
    return level


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
