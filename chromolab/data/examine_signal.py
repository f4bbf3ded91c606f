"""The doctor's checks that read signal around a sample of genes: whose is it, on which scale, which strand?"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from chromolab.data.examine import AROUND, BIN, Finding, Patient
from chromolab.data.guess import judge
from chromolab.data.pieces import fingerprint
from chromolab.data.scales import UNKNOWN

PROMOTER = {"H3K4me3": 1.5, "H3K9ac": 1.25, "H3K27ac": 1.25}  # mark -> least enrichment at the TSS over 5 to 10 kb away
BODY = "H3K36me3"
ENOUGH = 30  # genes without which means are not compared


def content(p: Patient) -> Iterator[Finding]:
    """Tracks that are empty, of one value, negative, or the same as another."""
    first: dict[tuple, tuple[str, str]] = {}
    good = 0
    for cell in p.cells:
        for mark in p.config.tracks(cell):
            mean = p.around[cell][mark].mean
            has = mean[~np.isnan(mean)]
            where = f"{mark} of {cell} ({p.files.tracks[cell][mark].name})"
            low, high = (has.min(), has.max()) if len(has) else (np.nan, np.nan)
            contents = _contents(p.files.tracks[cell][mark])
            twin = first.get(contents) if mark in p.config.cell_types[cell].tracks else None
            first.setdefault(contents, (cell, mark))
            again = "Copy or download it again; is it the right file?"
            if not len(has):
                yield Finding(
                    "broken",
                    "content",
                    f"{where}: no data around any of {len(p.samples[cell])} TSSs",
                    "signal, or zeros",
                    again,
                )
            elif low == high:
                yield Finding(
                    "broken",
                    "content",
                    f"{where}: {low:g} in all of {len(has):,} bins around TSSs",
                    "different values",
                    again,
                )
            elif twin is not None:
                yield Finding(
                    "broken",
                    "content",
                    f"{where}: the same signal as {twin[1]} of {twin[0]}",
                    "an experiment of its own",
                    "One of the two paths is wrong: correct it.",
                )
            elif low < 0:
                state = "broken" if low <= -1 else "note"
                yield Finding(
                    state,
                    "content",
                    f"{where}: values from {low:.3g} to {high:.3g}",
                    "no value below 0",
                    "Models take ln(1 + x): add a constant, or write up and down as two tracks.",
                )
            else:
                good += 1
    if good:
        yield Finding("ok", "content", f"{good} tracks vary, and no two are the same")


def _contents(path) -> tuple[int, str]:
    """Tells files apart by size, beginning and end: two experiments never share these."""
    found = fingerprint(path)
    return found.size, found.ends


def scale(p: Patient) -> Iterator[Finding]:
    """Read depth, fold change or -log10 p: as declared, and alike."""
    tracks = [(c, m) for c in p.cells for m in p.config.tracks(c) if _varies(p, c, m) and _low(p, c, m) >= 0]
    found = {(c, m): judge(p.around[c][m], p.files.tracks[c][m]) for c, m in tracks}
    final, said = {}, False
    for (cell, mark), guess in found.items():
        declared = p.files.scales[cell, mark]
        final[cell, mark] = declared or guess.scale
        if declared not in (None, UNKNOWN, guess.scale) and guess.scale != UNKNOWN:
            said = True
            yield Finding(
                "broken",
                "scale",
                f"{mark} of {cell}: said to be {declared}, but it looks like {guess.scale} "
                f"({'; '.join(guess.reasons)})",
                "the scale that it has",
                "Correct scale:, or the path.",
            )
    for mark in dict.fromkeys(m for _, m in final):
        here = {c: s for (c, m), s in final.items() if m == mark and s != UNKNOWN}
        if len(set(here.values())) > 1:
            said = True
            yield Finding(
                "broken",
                "scale",
                f"{mark}: {', '.join(f'{c} {s}' for c, s in here.items())}",
                "one scale in all cell types",
                "Take files of one kind, or bring a finished dataset to the other's scale: cl.recalibrate.",
            )
    known = {s for s in final.values() if s != UNKNOWN}
    unknown = [f"{m} of {c}" for (c, m), s in final.items() if s == UNKNOWN]
    if unknown:
        c, m = next(key for key, s in final.items() if s == UNKNOWN)
        yield Finding(
            "note",
            "scale",
            f"cannot be told: {', '.join(unknown[:4])}{' ...' if len(unknown) > 4 else ''} "
            f"({'; '.join(found[c, m].reasons)})",
            "depth, fold_change or neg_log10_p",
            "Say it with scale:, so that a model trained on another scale warns.",
        )
    elif len(known) > 1 and not said:
        yield Finding(
            "note",
            "scale",
            f"{', '.join(f'{m} {s}' for (_, m), s in final.items())}",
            "one scale for all marks",
            "Models learn it as it is; keep it the same wherever the model is used.",
        )
    elif known and not said:
        yield Finding("ok", "scale", f"{next(iter(known))} in {len(final)} tracks")


def at_tss(p: Patient) -> Iterator[Finding]:
    """Promoter marks pile up at TSSs: else another assembly, swapped strands, or another experiment."""
    for cell in p.cells:
        present = [m for m in PROMOTER if m in p.config.tracks(cell)][:1]
        rows = p.high(cell)
        if not present or rows.sum() < ENOUGH or not _varies(p, cell, present[0]):
            continue
        mark = present[0]
        near, far, ratio = _enrichment(p.matrix(cell, mark)[rows])
        other = _other_end(p, cell, mark, rows)
        seen = f"{mark} of {cell}: {near:.3g} within 1 kb of {rows.sum()} TSSs, {far:.3g} 5 to 10 kb away"
        if other is not None and other > max(1.5 * near, PROMOTER[mark] * far):
            p.misplaced.add(cell)
            yield Finding(
                "broken",
                "strands",
                f"{seen}; {other:.3g} at the genes' other end",
                "more at the TSS",
                "The strands of the annotation are swapped: exchange + and -.",
            )
        elif ratio < PROMOTER[mark]:
            p.misplaced.add(cell)
            yield Finding(
                "broken",
                "assembly",
                seen,
                f"at least {PROMOTER[mark]:g} times as much",
                "Annotation and track are of different assemblies, or the track is not of this mark.",
            )
        else:
            yield Finding("ok", "assembly", seen)


def _low(p: Patient, cell: str, mark: str) -> float:
    return float(np.nanmin(p.around[cell][mark].mean, initial=np.inf))


def _varies(p: Patient, cell: str, mark: str) -> bool:
    return _low(p, cell, mark) < np.nanmax(p.around[cell][mark].mean, initial=-np.inf)


def _enrichment(depth: np.ndarray) -> tuple[float, float, float]:
    middle, kb = depth.shape[1] // 2, 1000 // BIN
    near = np.nanmean(depth[:, middle - kb : middle + kb])
    away = 5 * kb
    far = np.nanmean(np.concatenate([depth[:, : middle - away], depth[:, middle + away :]], 1))
    return float(near), float(far), float(near / far) if far > 0 else np.inf


def _other_end(p: Patient, cell: str, mark: str, rows: np.ndarray) -> float | None:
    """Mean within 1 kb of the other end of genes longer than 5 kb; None where there are too few."""
    genes = p.samples[cell]
    long = rows & ((genes["end"] - genes["start"]) > 5000).to_numpy()
    if long.sum() < ENOUGH:
        return None
    values = p.at_other_end(cell, [mark])[mark][long]
    return float(np.nanmean(values)) if (~np.isnan(values)).any() else None


def strands(p: Patient) -> Iterator[Finding]:
    """H3K36me3 lies downstream of the TSS; RNA lies on its gene's strand."""
    for cell in p.cells:
        rows = p.high(cell)
        if cell in p.misplaced:  # said already: what follows from it is no finding of its own
            continue
        if BODY in p.config.tracks(cell) and rows.sum() >= ENOUGH and _varies(p, cell, BODY):
            depth = p.matrix(cell, BODY)[rows]
            middle, kb = depth.shape[1] // 2, 1000 // BIN
            up, down = np.nanmean(depth[:, : middle - 2 * kb]), np.nanmean(depth[:, middle + 2 * kb :])
            place = f"2 to {AROUND // 1000} kb downstream of {rows.sum()} TSSs"
            seen = f"{BODY} of {cell}: {down:.3g} {place}, {up:.3g} upstream"
            if down < 0.85 * up:
                yield Finding(
                    "broken",
                    "strands",
                    seen,
                    "more downstream",
                    "The strands of the annotation are swapped: exchange + and -.",
                )
            elif down < 1.05 * up:
                yield Finding("note", "strands", seen, "more downstream", "Look at strands and the track.")
            else:
                yield Finding("ok", "strands", seen)
        if "forward" in p.files.rna.get(cell, {}):
            yield from _rna_strands(p, cell)


def _rna_strands(p: Patient, cell: str) -> Iterator[Finding]:
    from chromolab.data.tracks import bin_means_many

    genes = p.samples[cell]
    plus = (genes["strand"] == "+").to_numpy()
    start = np.where(plus, genes["tss"], genes["tss"] - 499)
    regions = pd.DataFrame({"chrom": genes["chrom"], "start": start, "end": start + 500})
    options = {"missing_chromosomes": "nan", "chrom_sizes": p.given_sizes}
    found = bin_means_many(p.files.rna[cell], regions, 500, progress=False, **options)
    forward, reverse = (np.nan_to_num(found[s].mean) for s in ("forward", "reverse"))
    own, other = np.where(plus, forward, reverse).mean(), np.where(plus, reverse, forward).mean()
    seen = f"RNA of {cell}: {own:.3g} on the genes' own strand (500 bp from the TSS on), {other:.3g} on the other"
    if own < 0.8 * other:
        where = p.config.where("cell_types", cell, "expression")
        yield Finding("broken", "strands", seen, "more on their own", f"Exchange forward: and reverse: ({where}).")
    else:
        yield Finding(
            "ok" if own > 1.5 * other else "note",
            "strands",
            seen,
            "" if own > 1.5 * other else "much more on their own",
        )  # noqa: E501


CHECKS = [content, scale, at_tss, strands]
