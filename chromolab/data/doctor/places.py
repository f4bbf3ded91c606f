"""The doctor's checks of coordinates: the annotation against another one, contacts against genes and chromosomes."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from chromolab.data.chromosomes import find_chromosome
from chromolab.data.contacts.formats import MATRICES
from chromolab.data.doctor.findings import Finding, skipped
from chromolab.data.doctor.patient import Patient
from chromolab.data.genes.annotation import read_annotation
from chromolab.data.intervals import overlaps

SHIFTS = (-230_000, -110_000, 110_000, 230_000)  # bp: where promoters are not, for comparison


def coordinates(p: Patient) -> Iterator[Finding]:
    """The annotation against a second one: off by one?"""
    if p.files.compare is None:
        yield skipped("coordinates", "whether TSSs are off by one: no second annotation to compare with (compare:)")
        return
    other = read_annotation(p.files.compare)
    on = "gene_id" if set(other["gene_id"]) & set(p.annotation["gene_id"]) else "gene_name"
    both = p.annotation.merge(other, on=on, suffixes=("", "_other"))
    if both.empty:
        yield Finding(
            "note",
            "coordinates",
            f"no gene in common with {p.files.compare.name}",
            "the same genes",
            "Give a second annotation of these genes, or leave out compare:.",
        )
        return
    off = both["tss"] - both["tss_other"]
    by_strand = {s: off[both["strand"] == s] for s in "+-"}
    said = ", ".join(
        f"{s} strand: {(d == 0).mean():.0%} the same, {(d.abs() == 1).mean():.0%} off by one"
        for s, d in by_strand.items()
        if len(d)
    )
    seen = f"TSSs of {len(both):,} genes against {p.files.compare.name}; {said}"
    if any(len(d) and (d.abs() == 1).mean() > 0.5 for d in by_strand.values()):
        yield Finding(
            "broken",
            "coordinates",
            seen,
            "the same base",
            "One of them counts from 1 where its format counts from 0 (BED starts count from 0, GTF from 1): "
            "correct the starts.",
        )
    elif (swapped := (both["strand"] != both["strand_other"]).mean()) > 0.5:
        yield Finding(
            "broken",
            "strands",
            f"{swapped:.0%} of the genes are on the other strand in {p.files.compare.name}",
            "the same strand",
            "Swap the strands of the wrong one.",
        )
    else:
        yield Finding("ok", "coordinates", seen)


def contacts(p: Patient) -> Iterator[Finding]:
    """Contacts that match nothing, of another assembly, counted from 1, or below every threshold."""
    if not p.contacts:
        yield skipped("contacts", "none are given")
    for cell, table in p.contacts.items():
        given, where = p.config.cell_types[cell].contacts, p.config.where("cell_types", cell, "contacts")
        least = p.config.min_frequency if given.min_frequency is None else given.min_frequency
        bins = table.attrs.get("format") in MATRICES  # of fixed size, and only those at the genes
        problems = [
            *_outside(p, cell, table, where),
            *([] if bins else _counted_from(cell, table, bool(table.attrs.get("one_based")), where)),
        ]
        high = (table["frequency"] > least).mean()
        if high == 0:
            problems.append(
                Finding(
                    "broken",
                    "contacts",
                    f"{cell}: none has a frequency above {least:g}; the highest is {table['frequency'].max():g}",
                    "some",
                    f"Choose min_frequency: to match this table's scale ({where}).",
                )
            )
        elif high > 0.999 and table["frequency"].min() < table["frequency"].max():
            problems.append(
                Finding(
                    "note",
                    "contacts",
                    f"{cell}: {high:.1%} have a frequency above {least:g}; they run from "
                    f"{table['frequency'].min():g} to {table['frequency'].max():g}",
                    "a threshold that leaves some out",
                    f"min_frequency: does nothing here; choose one for this table's scale ({where}).",
                )
            )
        yield from problems
        if bins:
            yield skipped("contacts", f"{cell}: whether they lie at promoters: bins of one size cover every place")
        elif any(f.state == "broken" for f in problems) or cell in p.misplaced:
            yield skipped("contacts", f"{cell}: whether they lie at promoters: see what is broken above")
        else:
            yield from _at_promoters(p, cell, table)


def _outside(p: Patient, cell: str, table: pd.DataFrame, where: str) -> Iterator[Finding]:
    chromosomes = pd.unique(pd.concat([table["chrom1"], table["chrom2"]]))
    lengths = next(iter(p.sizes.values()))
    if not any(find_chromosome(c, lengths) for c in chromosomes):
        yield Finding(
            "broken",
            "contacts",
            f"{cell}: they lie on {', '.join(map(str, chromosomes[:3]))}, the tracks on {', '.join(list(lengths)[:3])}",
            "the same chromosomes",
            "Are both of one species?",
        )
        return
    of = {c: p.length_of(c) for c in chromosomes}
    over = np.maximum(table["end1"] - table["chrom1"].map(of), table["end2"] - table["chrom2"].map(of))
    past = over > 0
    if past.any() and over.max() <= 1:
        yield Finding(
            "note",
            "coordinates",
            f"{cell}: {past.sum():,} contacts end one base past their chromosome's end",
            "none: ends are exclusive, from 0",
            f"The table seems to be moved by one base; starts that count from 1 are one_based: true ({where}).",
        )
    elif past.any():
        row = table[past].iloc[0]
        yield Finding(
            "broken",
            "contacts",
            f"{cell}: {past.sum():,} contacts reach past their chromosome's end, such as "
            f"{row['chrom1']}:{row['end1']:,}-{row['chrom2']}:{row['end2']:,}",
            "none",
            "The contacts are of another assembly: lift them over, or take a table of this one.",
        )


def _counted_from(cell: str, table: pd.DataFrame, one_based: bool, where: str) -> Iterator[Finding]:
    """Neighbouring fragments share an edge where coordinates are 0-based, half-open; else a gap of one base is left."""
    fragments = pd.concat(_ends(table)).drop_duplicates()
    starts = set(zip(fragments["chrom"], fragments["start"], strict=True))
    ends = list(zip(fragments["chrom"], fragments["end"], strict=True))
    touch = {d: sum((chrom, end + d) in starts for chrom, end in ends) for d in (-1, 0, 1)}
    seen = f"{cell}: of {len(fragments):,} fragments {touch[0]:,} begin where another ends, {touch[1]:,} one base later"
    if touch[1] > 20 and touch[1] > 10 * touch[0]:
        yield Finding(
            "note",
            "coordinates",
            seen,
            "0-based, half-open: edges that are shared",
            f"The table counts from 1: write one_based: true ({where}). It moves starts by one base.",
        )
    elif one_based and touch[-1] > 20 and touch[-1] > 10 * touch[0]:
        yield Finding(
            "note",
            "coordinates",
            f"{cell}: counted from 1, {touch[-1]:,} fragments overlap the next by one base",
            "edges that are shared",
            f"The table counts from 0: write one_based: false ({where}).",
        )


def _at_promoters(p: Patient, cell: str, table: pd.DataFrame) -> Iterator[Finding]:
    """Fragments of one side, the baits, cover more TSSs than places that are none (measured on three real tables)."""
    flank, genes = p.config.cell_types[cell].contacts.promoter_flank, p.annotation
    tss = pd.DataFrame({"chrom": genes["chrom"], "start": genes["tss"] - flank, "end": genes["tss"] + flank + 1})
    tss = tss.drop_duplicates(ignore_index=True)

    def covered(fragments: pd.DataFrame, shift: int) -> int:
        there = tss.assign(start=tss["start"] + shift, end=tss["end"] + shift)
        return len(np.unique(overlaps(there, fragments)[0]))

    sides = [side.drop_duplicates(ignore_index=True) for side in _ends(table)]
    both = [(covered(s, 0), float(np.mean([covered(s, shift) for shift in SHIFTS]))) for s in sides]
    here, elsewhere = max(both, key=lambda pair: pair[0] / max(pair[1], 1.0))
    seen = f"{cell}: fragments cover {here:,} of {len(tss):,} TSSs, and {elsewhere:,.0f} of places 110 or 230 kb away"
    remedy = "Of another assembly, most likely: take a table of this one. Else give a larger promoter_flank:."
    if not here:
        yield Finding("broken", "contacts", seen, "promoters", remedy)
    elif 20 < elsewhere < 0.9 * len(tss) and here < 1.35 * elsewhere:  # a matrix of fixed bins covers every place
        state = "broken" if here < 1.25 * elsewhere else "note"
        yield Finding(state, "contacts", seen, "more TSSs than other places", remedy)
    else:
        yield Finding("ok", "contacts", seen)


def _ends(table: pd.DataFrame) -> list[pd.DataFrame]:
    columns = ["chrom", "start", "end"]
    return [table[[f"{c}{side}" for c in columns]].set_axis(columns, axis=1) for side in "12"]


CHECKS = [coordinates, contacts]
