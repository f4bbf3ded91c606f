"""The doctor's checks that read signal around a sample of genes: which experiment is it, on which scale and strand?"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from chromolab.data.chromosomes import shortened
from chromolab.data.doctor.findings import Finding, broken, note, ok, skipped
from chromolab.data.doctor.patient import AROUND, BIN, Patient
from chromolab.data.tracks.bin_means import bin_means_many
from chromolab.data.tracks.evidence import MATTERS
from chromolab.data.tracks.guess_scale import counts_as_zero, judge
from chromolab.data.tracks.scales import CALLS, COUNTS, SIGNED, UNKNOWN
from chromolab.errors import ChromolabError

PROMOTER = {"H3K4me3": 1.5, "H3K9ac": 1.25, "H3K27ac": 1.25}  # mark -> least enrichment at the TSS over 5 to 10 kb away
BODY = "H3K36me3"
AWAY = 5_000  # bp from the TSS from which on signal counts as away from it
ENOUGH = 30  # genes; the means of fewer are not compared
# Least share of genes with more of the mark at the TSS than 5 to 10 kb away. Measured: 0.81 to 0.98 of highly expressed
# genes (Roadmap, simulated), 0.4 where all genes are misplaced, 0.5 where 87 % are; 0.55 to 0.6 of all annotated genes.
SHARE, SHARE_OF_ALL = 0.7, 0.5
ELSEWHERE = 0.45  # share of highly expressed genes below which all lie elsewhere, though a few met another promoter
# Scales that no published model was trained on, and what to do about each.
STRANGE = {
    CALLS: "They hold no signal: give the experiment's bigWig. Wanted as they are: write scale: calls.",
    COUNTS: "Reads per bin are not depth: write scale: counts, and train on such tracks only; or give depth.",
}
SWAPPED = "The strands of the annotation are swapped: exchange + and -."


# ---------------------------------------------------------------- what a track holds


def content(p: Patient) -> Iterator[Finding]:
    """Tracks that are empty, constant, negative, or the same as another."""
    good, first = 0, {}
    for cell in p.cells:
        for mark in p.config.tracks(cell):
            twin = first.setdefault(_contents(p, cell, mark), (cell, mark))
            shared = twin == (cell, mark) or (twin[1] == mark and mark in p.config.extra_tracks)
            fault = _fault(p, cell, mark, None if shared else twin)
            good += fault is None
            if fault is not None:
                yield fault
    if good:
        yield ok("content", f"{good} tracks vary, and no two are the same")


def _contents(p: Patient, cell: str, mark: str) -> tuple[int, str]:
    """A file's size and the digest of its ends: two experiments never share both."""
    print_ = p.project.before[p.files.tracks[cell][mark]]
    return print_.size, print_.ends


def _fault(p: Patient, cell: str, mark: str, twin: tuple[str, str] | None) -> Finding | None:
    """What is wrong with a track's values; None where nothing is. `twin` is a track with the same contents."""
    where = f"{mark} of {cell} ({p.files.tracks[cell][mark].name})"
    if mark not in p.around[cell]:
        remedy = "Do what the message says, then check again. A bigWig without any value cannot be read either."
        return broken("content", f"{where}: {p.unreadable[cell, mark]}", "signal", remedy)
    mean, again = p.around[cell][mark].mean, "Copy or download it again, and check that it is the right file."
    values = mean[~np.isnan(mean)]
    if not len(values):
        seen = f"{where}: no data around any of {len(p.samples[cell])} TSSs"
        return broken("content", seen, "signal, or zeros", again)
    low, high = values.min(), values.max()
    if low == high and not p.around[cell][mark].evidence.without:
        seen = f"{where}: {low:g} in all of {len(values):,} bins around TSSs"
        return broken("content", seen, "different values", again)
    if twin is not None:
        seen = f"{where}: the same signal as {twin[1]} of {twin[0]}"
        return broken("content", seen, "a different experiment", "One of the two paths is wrong: correct it.")
    return None


def _low(p: Patient, cell: str, mark: str) -> float:
    return float(np.nanmin(p.around[cell][mark].mean, initial=np.inf))


def _varies(p: Patient, cell: str, mark: str) -> bool:
    low, high = _low(p, cell, mark), np.nanmax(p.around[cell][mark].mean, initial=-np.inf)
    return low < high or (low == high and p.around[cell][mark].evidence.without > 0)


def missing(p: Patient) -> Iterator[Finding]:
    """What bases without a value are: zeros that were left out, or not measured; as the build will take them."""
    counted = []
    for cell, mark in _readable(p):
        evidence, path = p.around[cell][mark].evidence, p.files.tracks[cell][mark]
        try:
            zeros, asked = counts_as_zero(evidence, path), ""
        except ChromolabError as e:
            zeros, asked = None, str(e)
        where, share = (
            f"{mark} of {cell} ({path.name})",
            f"{evidence.without:.0%} of the bases around TSSs have no value",
        )
        if asked and p.config.missing == "auto":
            yield broken("missing", f"{mark} of {cell}: {asked}", "a value at every base", "Say missing: (my.yaml).")
        elif zeros and p.config.missing == "auto":
            counted.append(f"{mark} of {cell} ({evidence.without:.0%})")
        elif zeros and p.config.missing == "mask" and evidence.without > MATTERS:
            seen = f"{where}: {share}, and none has 0: zeros seem left out; masked, they hide unexpressed genes"
            yield note("missing", seen, "zeros", "Write missing: zero, or leave missing: out.")
    if counted:
        seen = f"zeros were left out, and bases without a value count as 0, in {shortened(counted)}"
        yield note("missing", seen, "a value at every base", "Write missing: mask if they were not measured.")


def _readable(p: Patient) -> list[tuple[str, str]]:
    """(cell type, mark) of the tracks that could be read and vary."""
    return [(c, m) for c in p.cells for m in p.around[c] if _varies(p, c, m)]


# ---------------------------------------------------------------- scales


def scale(p: Patient) -> Iterator[Finding]:
    """Read depth, fold change or -log10 p: as declared, and the same in all cell types."""
    guesses = {(c, m): judge(p.around[c][m].evidence, p.files.tracks[c][m]) for c, m in _readable(p)}
    scales = {track: p.files.scales[track] or guess.scale for track, guess in guesses.items()}
    faults = [*_not_as_declared(p, guesses), *_not_alike(scales)]
    yield from faults
    yield from _without_transform(p)
    scales = {track: s for track, s in scales.items() if guesses[track].scale != SIGNED}
    for kind, what in STRANGE.items():
        undeclared = [track for track in guesses if p.files.scales[track] in (None, UNKNOWN)]
        if found := [track for track in undeclared if guesses[track].scale == kind]:
            seen = f"{kind}: {_named(found)} ({'; '.join(guesses[found[0]].reasons)})"
            yield note("scale", seen, "depth, fold_change or neg_log10_p", what)
            scales = {track: s for track, s in scales.items() if track not in found}
    known = {s for s in scales.values() if s != UNKNOWN}
    unknown = [track for track, s in scales.items() if s == UNKNOWN]
    if unknown:
        seen = f"unknown for {_named(unknown)} ({'; '.join(guesses[unknown[0]].reasons)})"
        remedy = "Say it with scale:, so that a model that was trained on another scale warns."
        yield note("scale", seen, "depth, fold_change or neg_log10_p", remedy)
    elif len(known) > 1 and not faults:
        remedy = "A model learns the scales as they are; keep them the same wherever it is used."
        yield note("scale", ", ".join(f"{m} {s}" for (_, m), s in scales.items()), "one scale for all marks", remedy)
    elif known and not faults:
        yield ok("scale", f"{next(iter(known))} in {len(scales)} tracks")


def _named(tracks: list[tuple[str, str]]) -> str:
    return shortened((f"{m} of {c}" for c, m in tracks), 4)


def _without_transform(p: Patient) -> Iterator[Finding]:
    """Tracks with values below 0 for which nobody has said what models are to read."""
    try:
        chosen = p.config.transforms()
    except ChromolabError as e:
        yield broken("scale", str(e), "one transform for a mark", "Say the same in every cell type.")
        return
    for cell, mark in _readable(p):
        evidence = p.around[cell][mark].evidence
        if evidence.low < 0 and mark not in chosen:
            seen = f"{mark} of {cell}: values from {evidence.low:.3g} to {evidence.high:.3g}, below 0"
            remedy = (
                "A track of its own (PC1, a log ratio) is fine: write transform: none, or transform: asinh where it "
                "spans powers of ten. In place of a histone mark give its depth."
            )
            yield broken("scale", seen, "what models read in place of ln(1 + x)", remedy)


def _not_as_declared(p: Patient, guesses: dict) -> Iterator[Finding]:
    for (cell, mark), guess in guesses.items():
        declared = p.files.scales[cell, mark]
        if declared not in (None, UNKNOWN, guess.scale) and guess.scale != UNKNOWN:
            reasons = "; ".join(guess.reasons)
            seen = f"{mark} of {cell}: declared as {declared}, but it looks like {guess.scale} ({reasons})"
            yield broken("scale", seen, "the scale of the file", "Correct scale:, or the path.")


def _not_alike(scales: dict) -> Iterator[Finding]:
    for mark in dict.fromkeys(mark for _, mark in scales):
        by_cell = {c: s for (c, m), s in scales.items() if m == mark and s != UNKNOWN}
        if len(set(by_cell.values())) > 1:
            seen = f"{mark}: {', '.join(f'{c} {s}' for c, s in by_cell.items())}"
            remedy = "Take files of one kind, or bring a finished dataset to the other's scale: cl.data.recalibrate."
            yield broken("scale", seen, "one scale in all cell types", remedy)


# ---------------------------------------------------------------- promoters


def at_tss(p: Patient) -> Iterator[Finding]:
    """Promoter marks lie at TSSs; if not, assembly, strands or experiment are wrong."""
    findings = {}
    for cell in p.cells:
        mark = next((m for m in PROMOTER if m in p.around[cell]), None)
        if why := _why_not(p, cell, mark, " or ".join(PROMOTER)):
            yield skipped("assembly", f"whether promoter marks of {cell} lie at TSSs: {why}")
        else:
            findings[cell] = (mark, *_promoters(p, cell, mark))
    sound = [cell for cell, (*_, finding) in findings.items() if finding.state == "ok"]
    for cell, (mark, misplaced, finding) in findings.items():
        if misplaced and sound:
            finding = _another_mark(p, cell, mark, finding, sound[0])
        elif misplaced:
            p.misplaced.add(cell)
        yield finding


def _promoters(p: Patient, cell: str, mark: str) -> tuple[bool, Finding]:
    """Whether the genes of a cell type seem to be misplaced, and the finding."""
    rows = p.high(cell)
    near, far, ratio, share = _enrichment(p.matrix(cell, mark)[rows])
    other = _other_end(p, cell, mark, rows)
    seen = f"{mark} of {cell}: {near:.3g} within 1 kb of {rows.sum()} TSSs, {far:.3g} 5 to 10 kb away; "
    seen += f"more at the TSS in {share:.0%} of the genes"
    if other is not None and other > max(1.5 * near, PROMOTER[mark] * far):
        seen += f"; {other:.3g} at the other end of the genes"
        return True, broken("strands", seen, "more at the TSS", SWAPPED)
    measured = p.samples[cell]["x"].notna().any()
    if ratio < PROMOTER[mark] or (measured and share < ELSEWHERE):
        remedy = "Annotation and track are of different assemblies, or the track is not of this mark."
        expected = f"at least {PROMOTER[mark]:g} times as much at the TSS"
        expected += f", and more there in {SHARE:.0%} of the genes" if measured else ""
        return True, broken("assembly", seen, expected, remedy)
    least = SHARE if measured else SHARE_OF_ALL
    if share < least:
        remedy = "Some of the genes lie elsewhere: check whether part of the annotation is of another assembly."
        return False, note("assembly", seen, f"at least {least:.0%}", remedy)
    return False, ok("assembly", seen)


def _another_mark(p: Patient, cell: str, mark: str, finding: Finding, sound: str) -> Finding:
    """The same finding with the track to blame, since another cell type fits the annotation."""
    remedy = f"It does not look like {mark}. The annotation is not to blame: {mark} of {sound} fits it. Check that the "
    remedy += f"file is of this mark ({p.config.where('cell_types', cell, 'tracks', mark)})."
    return finding._replace(check="content", remedy=remedy)


def _why_not(p: Patient, cell: str, mark: str | None, wanted: str) -> str:
    """Why signal around a cell type's genes cannot be judged; "" where it can."""
    if mark is None or not _varies(p, cell, mark):
        return f"it has no track of {wanted} that can be read and varies"
    n = p.high(cell).sum()
    if n < ENOUGH:
        return f"the sample has {n} genes, which is too few (at least {ENOUGH})"
    measured = ~np.isnan(p.matrix(cell, mark)[p.high(cell)])
    middle, away = measured.shape[1] // 2, AWAY // BIN
    parts = measured[:, : middle - away], measured[:, middle - away : middle + away], measured[:, middle + away :]
    return "" if all(part.any() for part in parts) else f"{mark} has values only near their TSSs, or only far from them"


def _enrichment(depth: np.ndarray) -> tuple[float, float, float, float]:
    """Of depth (genes, bins): mean near the TSS, mean far away, their ratio, and the share of genes with more near.

    A few strong genes can carry the ratio of means; the share shows whether the others lie where they should, too.
    """
    middle, kb, away = depth.shape[1] // 2, 1000 // BIN, AWAY // BIN
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


# ---------------------------------------------------------------- strands


def strands(p: Patient) -> Iterator[Finding]:
    """H3K36me3 lies downstream of the TSS; RNA lies on its gene's strand."""
    findings = {}
    for cell in p.cells:
        stranded = "forward" in p.files.rna.get(cell, {})
        if cell in p.misplaced:  # reported already; other faults would follow from it
            yield skipped("strands", f"{cell}: its genes do not lie where its promoter marks are")
            continue
        why = _why_not(p, cell, BODY if BODY in p.around[cell] else None, BODY)
        if not why:
            findings[cell] = _body(p, cell)
        elif not stranded:
            yield skipped("strands", f"whether genes of {cell} run downstream of their TSS: {why}, nor stranded RNA")
        if stranded:
            yield _rna_strands(p, cell)
    sound = [cell for cell, finding in findings.items() if finding.state == "ok"]
    for cell, finding in findings.items():
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
        return broken("strands", seen, "more downstream", SWAPPED)
    if down < 1.05 * up:
        return note("strands", seen, "more downstream", "Check the strands of the annotation, and the track.")
    return ok("strands", seen)


def _rna_strands(p: Patient, cell: str) -> Finding:
    genes = p.samples[cell]
    plus = (genes["strand"] == "+").to_numpy()
    start = np.where(plus, genes["tss"], genes["tss"] - 499)
    regions = pd.DataFrame({"chrom": genes["chrom"], "start": start, "end": start + 500})
    options = {"progress": False, "missing_chromosomes": "nan", "chrom_sizes": p.project.given_sizes}
    rna = bin_means_many(p.files.rna[cell], regions, 500, **options)
    forward, reverse = (np.nan_to_num(rna[s].mean) for s in ("forward", "reverse"))
    own, other = np.where(plus, forward, reverse).mean(), np.where(plus, reverse, forward).mean()
    seen = f"RNA of {cell}: {own:.3g} on the genes' own strand (500 bp from the TSS on), {other:.3g} on the other"
    where = p.config.where("cell_types", cell, "expression")
    if own < 0.8 * other:
        return broken("strands", seen, "more on their own", f"Exchange forward: and reverse: ({where}).")
    if own <= 1.5 * other:
        return note("strands", seen, "much more on their own", f"Check that this RNA is stranded ({where}).")
    return ok("strands", seen)


CHECKS = [content, missing, scale, at_tss, strands]
