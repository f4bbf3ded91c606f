"""The doctor's checks of coordinates: the annotation against another one, contacts against genes and chromosomes."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from chromolab.data.chromosomes import find_chromosome
from chromolab.data.contacts.formats import MATRICES
from chromolab.data.contacts.matrices import NOT_BALANCED
from chromolab.data.doctor.findings import Finding, broken, note, ok, skipped
from chromolab.data.doctor.patient import Patient
from chromolab.data.genes.annotation import read_annotation
from chromolab.data.intervals import overlaps

SHIFTS = (-230_000, -110_000, 110_000, 230_000)  # bp from promoters to places for comparison


def coordinates(p: Patient) -> Iterator[Finding]:
    """The TSSs of the annotation against those of a second one: are they off by one?"""
    if p.files.compare is None:
        yield skipped("coordinates", "whether TSSs are off by one: no second annotation to compare with (compare:)")
        return
    genes, other, name = p.project.annotation, read_annotation(p.files.compare), p.files.compare.name
    on = "gene_id" if set(other["gene_id"]) & set(genes["gene_id"]) else "gene_name"
    both = genes.merge(other, on=on, suffixes=("", "_other"))
    if both.empty:
        remedy = "Give a second annotation of these genes, or leave out compare:."
        yield note("coordinates", f"no gene in common with {name}", "the same genes", remedy)
        return
    off = (both["tss"] - both["tss_other"]).abs()
    by_strand = {s: off[both["strand"] == s] for s in "+-" if (both["strand"] == s).any()}
    shares = [
        f"{s} strand: {(d == 0).mean():.0%} the same, {(d == 1).mean():.0%} off by one" for s, d in by_strand.items()
    ]
    seen = f"TSSs of {len(both):,} genes against {name}; {', '.join(shares)}"
    swapped = (both["strand"] != both["strand_other"]).mean()
    if any((d == 1).mean() > 0.5 for d in by_strand.values()):
        remedy = "One of them counts from 1 where its format counts from 0 (BED starts count from 0, GTF from 1): "
        yield broken("coordinates", seen, "the same base", remedy + "correct the starts.")
    elif swapped > 0.5:
        seen = f"{swapped:.0%} of the genes are on the other strand in {name}"
        yield broken("strands", seen, "the same strand", "Swap the strands in the annotation that is wrong.")
    else:
        yield ok("coordinates", seen)


def contacts(p: Patient) -> Iterator[Finding]:
    """Contacts that match no promoter, are of another assembly, count from 1, or lie below every threshold."""
    if not p.contacts:
        yield skipped("contacts", "none are given")
    for cell, table in p.contacts.items():
        where = p.config.where("cell_types", cell, "contacts")
        if p.config.cell_types[cell].contacts.elements is not None:
            yield from _by_distance(p, cell, table, where)
            continue
        bins = table.attrs.get("format") in MATRICES  # bins of one size, and only those at the genes
        if NOT_BALANCED in str(table.attrs.get("measure")):
            seen = f"{cell}: observed / expected of raw counts: the matrix is not balanced, so coverage shows in it"
            remedy = "Balance it (cooler balance), so that bins with more reads do not seem to have more contacts."
            yield note("contacts", seen, "a balanced matrix", remedy)
        faults = [*_outside(p, cell, table, where), *_frequencies(p, cell, table, where)]
        if not bins:
            faults += _counted_from(cell, table, bool(table.attrs.get("one_based")), where)
        yield from faults
        if bins:
            yield skipped("contacts", f"{cell}: whether they lie at promoters: bins of one size cover every place")
        elif any(f.state == "broken" for f in faults) or cell in p.misplaced:
            yield skipped("contacts", f"{cell}: whether they lie at promoters: correct first what is broken above")
        else:
            yield _at_promoters(p, cell, table)


def _by_distance(p: Patient, cell: str, table: pd.DataFrame, where: str) -> Iterator[Finding]:
    """Contacts without an assay: of a list of elements, on chromosomes that the tracks have, and for enough genes."""
    faults = [*_outside(p, cell, table, where), *_frequencies(p, cell, table, where)]
    faults = [f for f in faults if f.state == "broken"]  # that every element counts is what is meant
    yield from faults
    elements = len(table.drop_duplicates(["chrom2", "start2", "end2"]))
    seen = f"{cell}: by distance alone: {elements:,} elements around {table['gene_id'].nunique():,} genes"
    if not faults:
        yield ok("contacts", seen)


def _outside(p: Patient, cell: str, table: pd.DataFrame, where: str) -> Iterator[Finding]:
    """Contacts on chromosomes that the tracks lack, or past the end of a chromosome."""
    chromosomes = pd.unique(pd.concat([table["chrom1"], table["chrom2"]]))
    lengths = next(iter(p.project.sizes.values()))
    if not any(find_chromosome(c, lengths) for c in chromosomes):
        of_contacts, of_tracks = ", ".join(map(str, chromosomes[:3])), ", ".join(list(lengths)[:3])
        seen = f"{cell}: the contacts lie on {of_contacts}, the tracks on {of_tracks}"
        yield broken("contacts", seen, "the same chromosomes", "Check that contacts and tracks are of one species.")
        return
    length = {c: p.length_of(c) for c in chromosomes}
    past = np.maximum(table["end1"] - table["chrom1"].map(length), table["end2"] - table["chrom2"].map(length))
    n = (past > 0).sum()
    beyond = np.maximum(table["start1"] - table["chrom1"].map(length), table["start2"] - table["chrom2"].map(length))
    if n and past.max() <= 1:
        seen = f"{cell}: {n:,} contacts end one base past their chromosome's end"
        remedy = f"The table seems moved by one base; if its starts count from 1, write one_based: true ({where})."
        yield note("coordinates", seen, "none: ends are exclusive, from 0", remedy)
    elif n and (beyond < 0).all():
        seen = f"{cell}: {n:,} contacts end past their chromosome's end, as a last bin or fragment of full width does"
        yield note("contacts", seen, "none", "Nothing: what lies past the end has no data.")
    elif n:
        row = table[beyond >= 0].iloc[0]
        example = f"{row['chrom1']}:{row['end1']:,}-{row['chrom2']}:{row['end2']:,}"
        seen = f"{cell}: {n:,} contacts reach past their chromosome's end, such as {example}"
        remedy = "The contacts are of another assembly: lift them over, or take a table of this one."
        yield broken("contacts", seen, "none", remedy)


def _frequencies(p: Patient, cell: str, table: pd.DataFrame, where: str) -> Iterator[Finding]:
    """A threshold that no contact exceeds, or that all exceed."""
    least, low, high = p.project.min_frequency(cell), table["frequency"].min(), table["frequency"].max()
    share = (table["frequency"] > least).mean()
    if share == 0:
        seen = f"{cell}: none has a frequency above {least:g}; the highest is {high:g}"
        remedy = f"Choose min_frequency: to match this table's scale ({where})."
        yield broken("contacts", seen, "some", remedy)
    elif share > 0.999 and low < high:
        seen = f"{cell}: {share:.1%} have a frequency above {least:g}; the frequencies run from {low:g} to {high:g}"
        remedy = f"min_frequency: does nothing here; choose one for this table's scale ({where})."
        yield note("contacts", seen, "a threshold that leaves some out", remedy)


def _counted_from(cell: str, table: pd.DataFrame, one_based: bool, where: str) -> Iterator[Finding]:
    """Neighbouring fragments share an edge if coordinates are 0-based, half-open; else one base lies between them."""
    fragments = pd.concat(_ends(table)).drop_duplicates()
    starts = set(zip(fragments["chrom"], fragments["start"], strict=True))
    ends = list(zip(fragments["chrom"], fragments["end"], strict=True))
    touch = {d: sum((chrom, end + d) in starts for chrom, end in ends) for d in (-1, 0, 1)}
    if touch[1] > 20 and touch[1] > 10 * touch[0]:
        seen = f"{cell}: of {len(fragments):,} fragments {touch[0]:,} begin where another ends, {touch[1]:,} one later"
        remedy = f"The table counts from 1: write one_based: true ({where}). It moves starts by one base."
        yield note("coordinates", seen, "0-based, half-open: shared edges", remedy)
    elif one_based and touch[-1] > 20 and touch[-1] > 10 * touch[0]:
        seen = f"{cell}: counted from 1, {touch[-1]:,} fragments overlap the next by one base"
        yield note("coordinates", seen, "shared edges", f"The table counts from 0: write one_based: false ({where}).")


def _at_promoters(p: Patient, cell: str, table: pd.DataFrame) -> Finding:
    """Fragments of one side, the baits, cover more TSSs than other places (measured on three real tables)."""
    flank, genes = p.config.cell_types[cell].contacts.promoter_flank, p.project.annotation
    tss = pd.DataFrame({"chrom": genes["chrom"], "start": genes["tss"] - flank, "end": genes["tss"] + flank + 1})
    tss = tss.drop_duplicates(ignore_index=True)

    def covered(fragments: pd.DataFrame, shift: int) -> int:
        moved = tss.assign(start=tss["start"] + shift, end=tss["end"] + shift)
        return len(np.unique(overlaps(moved, fragments)[0]))

    sides = [side.drop_duplicates(ignore_index=True) for side in _ends(table)]
    both = [(covered(s, 0), float(np.mean([covered(s, shift) for shift in SHIFTS]))) for s in sides]
    at_tss, elsewhere = max(both, key=lambda pair: pair[0] / max(pair[1], 1.0))
    seen = f"{cell}: fragments cover {at_tss:,} of {len(tss):,} TSSs, and {elsewhere:,.0f} of places 110 or 230 kb away"
    remedy = (
        "Most likely of another assembly: take a table of this one. If it is of this one, try a larger promoter_flank."
    )
    if not at_tss:
        return broken("contacts", seen, "promoters", remedy)
    if 20 < elsewhere < 0.9 * len(tss) and at_tss < 1.35 * elsewhere:  # a matrix of fixed bins covers every place
        state = broken if at_tss < 1.25 * elsewhere else note
        return state("contacts", seen, "more TSSs than other places", remedy)
    return ok("contacts", seen)


def _ends(table: pd.DataFrame) -> list[pd.DataFrame]:
    columns = ["chrom", "start", "end"]
    return [table[[f"{c}{side}" for c in columns]].set_axis(columns, axis=1) for side in "12"]


CHECKS = [coordinates, contacts]
