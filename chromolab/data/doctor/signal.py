"""The doctor's checks that read signal around a sample of genes: whose is it, on which scale, which strand?"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from chromolab.data.doctor.findings import Finding, skipped
from chromolab.data.doctor.patient import AROUND, BIN, Patient
from chromolab.data.project.pieces import fingerprint
from chromolab.data.tracks.guess_scale import judge
from chromolab.data.tracks.scales import UNKNOWN

PROMOTER = {"H3K4me3": 1.5, "H3K9ac": 1.25, "H3K27ac": 1.25}  # mark -> least enrichment at the TSS over 5 to 10 kb away
BODY = "H3K36me3"
ENOUGH = 30  # genes without which means are not compared
# Least share of genes with more of the mark at the TSS than 5 to 10 kb away. Measured: 0.81 to 0.98 of highly expressed
# genes (Roadmap, simulated), 0.4 where all lie elsewhere, 0.5 where 87 % do; 0.55 to 0.6 of all annotated genes.
SHARE, SHARE_OF_ALL = 0.7, 0.5


def content(p: Patient) -> Iterator[Finding]:
    """Tracks that are empty, of one value, negative, or the same as another."""
    first: dict[tuple, tuple[str, str]] = {}
    good = 0
    for cell in p.cells:
        for mark in p.config.tracks(cell):
            where = f"{mark} of {cell} ({p.files.tracks[cell][mark].name})"
            if mark not in p.around[cell]:
                remedy = "Copy or download it again. A bigWig that holds no value at all is read so, too."
                yield Finding("broken", "content", f"{where}: {p.unreadable[cell, mark]}", "signal", remedy)
                continue
            mean = p.around[cell][mark].mean
            has = mean[~np.isnan(mean)]
            low, high = (has.min(), has.max()) if len(has) else (np.nan, np.nan)
            contents = _contents(p.files.tracks[cell][mark])
            twin = first.setdefault(contents, (cell, mark))
            if twin == (cell, mark) or (twin[1] == mark and mark in p.config.extra_tracks):  # shared on purpose
                twin = None
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
    tracks = [(c, m) for c in p.cells for m in p.around[c] if _varies(p, c, m) and _low(p, c, m) >= 0]
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
    looked = {}
    for cell in p.cells:
        mark = next((m for m in PROMOTER if m in p.around[cell]), None)
        if why := _why_not(p, cell, mark, " or ".join(PROMOTER)):
            yield skipped("assembly", f"whether promoter marks of {cell} lie at TSSs: {why}")
        else:
            looked[cell] = (mark, *_promoters(p, cell, mark))
    sound = [cell for cell, (*_, finding) in looked.items() if finding.state == "ok"]
    for cell, (mark, misplaced, finding) in looked.items():
        if misplaced and sound:
            finding = _another_mark(p, cell, mark, finding, sound[0])
        elif misplaced:
            p.misplaced.add(cell)
        yield finding


def _promoters(p: Patient, cell: str, mark: str) -> tuple[bool, Finding]:
    """Whether the genes of a cell type seem to lie elsewhere, and the finding."""
    rows = p.high(cell)
    near, far, ratio, share = _enrichment(p.matrix(cell, mark)[rows])
    other = _other_end(p, cell, mark, rows)
    seen = (
        f"{mark} of {cell}: {near:.3g} within 1 kb of {rows.sum()} TSSs, {far:.3g} 5 to 10 kb away; "
        f"more at the TSS in {share:.0%} of them"
    )
    if other is not None and other > max(1.5 * near, PROMOTER[mark] * far):
        seen = f"{seen}; {other:.3g} at the genes' other end"
        swapped = "The strands of the annotation are swapped: exchange + and -."
        return True, Finding("broken", "strands", seen, "more at the TSS", swapped)
    if ratio < PROMOTER[mark]:
        remedy = "Annotation and track are of different assemblies, or the track is not of this mark."
        return True, Finding("broken", "assembly", seen, f"at least {PROMOTER[mark]:g} times as much", remedy)
    least = SHARE if p.samples[cell]["x"].notna().any() else SHARE_OF_ALL
    if share < least:
        remedy = "Some of the genes lie elsewhere: is part of the annotation of another assembly?"
        return False, Finding("note", "assembly", seen, f"at least {least:.0%}", remedy)
    return False, Finding("ok", "assembly", seen)


def _another_mark(p: Patient, cell: str, mark: str, finding: Finding, sound: str) -> Finding:
    """The same finding, where the annotation is not to blame: another cell type fits it."""
    remedy = (
        f"It does not look like {mark}, and the annotation is not to blame: {mark} of {sound} fits it. Is it the file "
        f"of another mark ({p.config.where('cell_types', cell, 'tracks', mark)})?"
    )
    return finding._replace(check="content", remedy=remedy)


def _why_not(p: Patient, cell: str, mark: str | None, wanted: str) -> str:
    """Why signal around a cell type's genes cannot be judged; "" where it can."""
    if mark is None or not _varies(p, cell, mark):
        return f"it has no track of {wanted} that can be read and varies"
    n = p.high(cell).sum()
    return "" if n >= ENOUGH else f"{n} genes to look at are too few (at least {ENOUGH})"


def _low(p: Patient, cell: str, mark: str) -> float:
    return float(np.nanmin(p.around[cell][mark].mean, initial=np.inf))


def _varies(p: Patient, cell: str, mark: str) -> bool:
    return _low(p, cell, mark) < np.nanmax(p.around[cell][mark].mean, initial=-np.inf)


def _enrichment(depth: np.ndarray) -> tuple[float, float, float, float]:
    """Of depth (genes, bins): mean near the TSS, mean far away, their ratio, and the share of genes with more near.

    A few strong genes carry a ratio of means; the share tells whether the others lie where they should, too.
    """
    middle, kb = depth.shape[1] // 2, 1000 // BIN
    away = 5 * kb
    close = depth[:, middle - kb : middle + kb]
    distant = np.concatenate([depth[:, : middle - away], depth[:, middle + away :]], 1)
    near, far = float(np.nanmean(close)), float(np.nanmean(distant))
    both = ~np.isnan(close).all(1) & ~np.isnan(distant).all(1)
    more = np.nanmean(close[both], 1) > np.nanmean(distant[both], 1)
    return near, far, near / far if far > 0 else np.inf, float(more.mean()) if both.any() else 0.0


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
    looked = {}
    for cell in p.cells:
        stranded = "forward" in p.files.rna.get(cell, {})
        if cell in p.misplaced:  # said already: what follows from it is no finding of its own
            yield skipped("strands", f"{cell}: its genes do not lie where its promoter marks are")
            continue
        why = _why_not(p, cell, BODY if BODY in p.around[cell] else None, BODY)
        if not why:
            looked[cell] = _body(p, cell)
        elif not stranded:
            yield skipped("strands", f"whether genes of {cell} run downstream of their TSS: {why}, nor stranded RNA")
        if stranded:
            yield from _rna_strands(p, cell)
    sound = [cell for cell, finding in looked.items() if finding.state == "ok"]
    for cell, finding in looked.items():
        blamed = finding.state != "ok" and sound
        yield _another_mark(p, cell, BODY, finding, sound[0]) if blamed else finding


def _body(p: Patient, cell: str) -> Finding:
    rows = p.high(cell)
    depth = p.matrix(cell, BODY)[rows]
    middle, kb = depth.shape[1] // 2, 1000 // BIN
    up, down = np.nanmean(depth[:, : middle - 2 * kb]), np.nanmean(depth[:, middle + 2 * kb :])
    place = f"2 to {AROUND // 1000} kb downstream of {rows.sum()} TSSs"
    seen = f"{BODY} of {cell}: {down:.3g} {place}, {up:.3g} upstream"
    if down < 0.85 * up:
        remedy = "The strands of the annotation are swapped: exchange + and -."
        return Finding("broken", "strands", seen, "more downstream", remedy)
    if down < 1.05 * up:
        return Finding("note", "strands", seen, "more downstream", "Look at strands and the track.")
    return Finding("ok", "strands", seen)


def _rna_strands(p: Patient, cell: str) -> Iterator[Finding]:
    from chromolab.data.tracks.bin_means import bin_means_many

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
