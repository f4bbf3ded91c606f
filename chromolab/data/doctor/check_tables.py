"""The doctor's checks that read no signal: files, assembly, names, marks, ids, genes, expression, folds."""

import re
from collections.abc import Iterator

import pandas as pd

from chromolab.data.chromosomes import find_chromosome, guess_assembly, of_one_length, shortened
from chromolab.data.doctor.findings import Finding, broken, note, ok, skipped
from chromolab.data.doctor.patient import FEW_GENES, Patient
from chromolab.data.genes.gene_table import expression_key
from chromolab.data.genes.ids import spoilt, why_no_match
from chromolab.data.genes.programs import unit_in
from chromolab.data.genes.units import doubts
from chromolab.data.tracks.bin_means import open_track
from chromolab.errors import ChromolabError

SUFFIX = re.compile(r"\.\d+$")


def files(p: Patient) -> Iterator[Finding]:
    """Every track opens and is complete. Tables are checked later."""
    good = 0
    for cell, tracks in p.files.tracks.items():
        for mark, path in tracks.items():
            try:
                open_track(path)
                good += 1
            except ChromolabError as e:
                p.reported.add(str(e))
                remedy = "Copy or download it again, or correct its path."
                yield broken("files", f"{mark} of {cell}: {e}", "a complete track", remedy)
    if good:
        yield ok("files", f"{good} tracks open")


def assembly(p: Patient) -> Iterator[Finding]:
    """One assembly: the chromosome lengths of the tracks, and those of the assembly that the yaml names."""
    sizes = p.project.stated_sizes
    try:
        p.project.check_one_assembly()
    except ChromolabError as e:
        remedy = "Take tracks of one assembly, or correct assembly: / chrom_sizes:."
        yield broken("assembly", str(e), "the same chromosome lengths everywhere", remedy)
        return
    stated = [lengths for lengths in sizes.values() if lengths]
    if without := [path.name for path, lengths in sizes.items() if not lengths]:
        why = "bedGraphs and reads as text do not say how long their chromosomes are"
        yield skipped("assembly", f"which assembly {shortened(without)} is of: {why}")
    if stated:
        yield from _agreement(p, stated)
    genes = p.project.annotation
    length = genes["chrom"].map({c: p.length_of(c) for c in genes["chrom"].unique()})
    if (outside := genes["end"] > length).any():
        row = genes[outside].iloc[0]
        place = f"{row['gene_id']} at {row['chrom']}:{row['start']}-{row['end']}"
        seen = f"{outside.sum()} of {len(genes)} genes end past their chromosome's end in the tracks, such as {place}"
        remedy = "The annotation is of another assembly than the tracks: take the annotation of their assembly."
        yield broken("assembly", seen, "none", remedy)


def _agreement(p: Patient, stated: list[dict[str, int]]) -> Iterator[Finding]:
    """What the lengths of chromosomes that the files state say about their assembly."""
    guess, expected = guess_assembly(stated[0]), p.project.expected_sizes
    seen = f"{len(stated)} tracks agree in the lengths of their chromosomes"
    seen += f" (chr1 is that of {guess})" if guess else ""
    if expected is None:
        seen += "; the yaml names no assembly"
        yield note("assembly", seen, "assembly: or chrom_sizes: to compare with", "Name the assembly.")
    else:
        yield ok("assembly", f"{seen} and with {p.config.assembly or p.files.chrom_sizes.name}")
    if not of_one_length("chrM", [*stated, *([expected[0]] if expected else [])]):
        seen = "the mitochondrion differs in length between the files, as hg19's chrM and GRCh37's MT do"
        yield note("assembly", seen, "one length", "Nothing, unless you need its genes: they are left out.")


def names(p: Patient) -> Iterator[Finding]:
    """The names of chromosomes in the annotation and in the tracks."""
    chromosomes, sizes = list(p.project.annotation["chrom"].unique()), p.project.sizes
    for path, lengths in sizes.items():
        if not any(find_chromosome(c, lengths) for c in chromosomes):
            wanted, has = ", ".join(chromosomes[:4]), ", ".join(list(lengths)[:4])
            seen = f"{path}: no chromosome of the annotation ({wanted}); it has {has}"
            yield broken("names", seen, "the same chromosomes", "If both are of one species, rename them alike.")
            return
    shared = p.project.annotation["chrom"].map(lambda c: all(find_chromosome(c, other) for other in sizes.values()))
    seen = f"{shared.mean():.0%} of {len(shared):,} genes lie on chromosomes that every track has"
    lengths = next(iter(sizes.values()))
    renamed = [(c, found) for c in chromosomes if (found := find_chromosome(c, lengths)) not in (None, c)]
    if renamed:
        seen += f"; {renamed[0][0]} is called {renamed[0][1]} in the tracks and was matched"
    if shared.mean() < 0.7:
        remedy = "Genes on other chromosomes are left out; add tracks that cover them if you need them."
        yield note("names", seen, "most of them", remedy)
    else:
        yield ok("names", seen)


def marks(p: Patient) -> Iterator[Finding]:
    """The same marks in every cell type."""
    lacking = {cell: [m for m in p.marks if m not in p.config.tracks(cell)] for cell in p.cells}
    for cell, missing in lacking.items():
        if missing:
            where = p.config.where("cell_types", cell)
            remedy = f"Add the track ({where}), or leave the mark out of every cell type."
            yield broken("marks", f"{cell} lacks {', '.join(missing)}", f"all of {', '.join(p.marks)}", remedy)
    if not any(lacking.values()):
        yield ok("marks", f"{', '.join(p.marks)} in each of {len(p.cells)} cell type(s)")


# ---------------------------------------------------------------- genes, expression, folds


def ids(p: Patient) -> Iterator[Finding]:
    """Whether annotation and expression table name the same genes."""
    if p.files.expression is None:
        if not p.files.rna:
            remedy = "Models can predict these genes, but not be trained on them: every label is -1."
            yield note("ids", "no expression is given", "expression: for training", remedy)
        return
    on = p.config.expression.match
    measured = set(map(str, p.project.expression_rows.genes))
    if odd := spoilt(sorted(measured)):
        shown = ", ".join(odd[:4]) + (", ..." if len(odd) > 4 else "")
        seen = f"{len(odd)} names of the expression table look like dates or powers of ten ({shown})"
        remedy = "A spreadsheet made them of genes' names (MARCH1, SEPT2): export the table again, with gene ids."
        yield note("ids", seen, "names of genes", remedy)
    annotated = set(expression_key(p.project.annotation, on).astype(str))
    shared = len(measured & annotated)
    seen = f"{shared:,} of {len(annotated):,} {on}s of the annotation are in the expression table ({len(measured):,})"
    share = shared / max(1, min(len(measured), len(annotated)))
    if share >= 0.5:
        yield ok("ids", seen)
        return
    seen += f"; for instance {', '.join(sorted(annotated)[:2])} and {', '.join(sorted(measured)[:2])}"
    state = broken if share < 0.1 else note
    yield state("ids", seen, "at least half of the smaller", _remedy_for_ids(p, on, measured, annotated))


def _remedy_for_ids(p: Patient, on: str, measured: set[str], annotated: set[str]) -> str:
    """The change that would match most ids."""
    other = "gene_name" if on == "gene_id" else "gene_id"
    bare = {SUFFIX.sub("", x) for x in measured} & {SUFFIX.sub("", x) for x in annotated}
    capitals = {x.upper() for x in measured} & {x.upper() for x in annotated}
    by_other = measured & set(p.project.annotation[other].astype(str))
    matched, remedy = max(
        (len(bare), "They differ by version suffixes such as .1: cut them off in one of the two files."),
        (len(by_other), f"Write match: {other} under expression:."),
        (len(capitals), "They differ in capitals: write both alike."),
    )
    if matched > len(measured & annotated):
        return remedy
    why = why_no_match(sorted(measured), sorted(annotated))
    return why or "Take files of one species and source, or name the column of ids: id_column:."


def genes(p: Patient) -> Iterator[Finding]:
    """The genes that are kept, and windows that leave their chromosome."""
    table, reports = p.project.genes
    n = table["gene_id"].nunique()
    lost = [f"{line.count:,} {line.what}" for line in next(iter(reports.values())).of("lost")]
    seen = "; ".join([f"{n:,} genes are kept", *lost])
    if n < FEW_GENES:
        yield note("genes", seen, f"at least {FEW_GENES} to learn from", "Look at the genes that were left out.")
    else:
        yield ok("genes", seen)
    start, end = table["tss"] - p.config.window // 2, table["tss"] + p.config.window // 2
    length = table["chrom"].map({c: p.length_of(c) for c in table["chrom"].unique()})
    if (past := ((start < 0) | (end > length)).mean()) > 0.05:
        seen = f"the windows of {past:.0%} of the genes run past the end of their chromosome"
        remedy = f"{p.config.window:,} bp are long for chromosomes of {length.min():,.0f} bp: give a smaller window:."
        yield note("genes", seen, "a few percent", remedy)
    plus = (table["strand"] == "+").mean()
    if len(table) >= 50 and not 0.1 < plus < 0.9:
        remedy = "The annotation has lost its strands: take one that has them."
        yield broken("strands", f"{plus:.0%} of the genes are on the + strand", "about half", remedy)


def expression(p: Patient) -> Iterator[Finding]:
    """Values that cannot be RPKM or TPM, or that belong to another cell type."""
    earlier: dict[str, pd.Series] = {}
    for cell, values in p.expression.items():
        if values is not None:
            yield _expression_of(p, cell, values, earlier)
            earlier[cell] = values


def _expression_of(p: Patient, cell: str, values: pd.Series, earlier: dict[str, pd.Series]) -> Finding:
    right_column = f"Name the right column ({p.config.where('cell_types', cell)})."
    if values.min() == values.max():
        return broken("expression", f"{cell}: every gene has {values.iloc[0]:g}", "different values", right_column)
    if same := [other for other, others in earlier.items() if others.equals(values)]:
        seen = f"{cell} and {same[0]} have the same values in every gene"
        return broken("expression", seen, "a column for each", right_column)
    if values.max() < 30 and cell not in p.files.rna:
        unit, seen = p.config.expression.unit, f"{cell}: the highest value is {values.max():.3g}"
        remedy = f"It looks like a logarithm: give {unit} itself."
        return note("expression", seen, f"some genes above 100, if this is {unit}", remedy)
    if cell in p.project.columns and (finding := _unit_of(p, cell)):
        return finding
    if (zero := (values == 0).mean()) > 0.6:
        remedy = "Check that the column is of this cell type: every gene above 0 would get label 1."
        return note("expression", f"{cell}: {zero:.0%} of the genes are 0", "under 60 %", remedy)
    return ok("expression", f"{cell}: median {values.median():.3g}, highest {values.max():,.0f}")


def _unit_of(p: Patient, cell: str) -> Finding | None:
    """A note where the values, or the column's name, speak against the unit that the yaml gives."""
    unit, column = p.config.expression.unit, p.project.columns[cell]
    known = "RPKM" if unit == "FPKM" else unit
    expected, remedy = f"values in {unit}", f"Write the right unit: under expression: ({p.config.where('expression')})."
    if doubt := doubts(p.project.expression_as_given[column], known):
        return note("expression", f"{cell}: {doubt}", expected, remedy)
    if unit_in(column) not in (None, known):
        return note("expression", f"{cell}: its column is called {column!r}, the unit is {unit}", expected, remedy)
    return None


def folds(p: Patient) -> Iterator[Finding]:
    """Enough folds, and none too small."""
    yield _folds(p.project.genes[0])


def _folds(table: pd.DataFrame) -> Finding:
    counts = table.groupby("fold")["gene_id"].nunique()
    seen = f"{len(counts)} folds of {', '.join(map(str, counts))} genes"
    if len(counts) < 3:
        state, remedy = broken if len(counts) < 2 else note, "Give folds: 4 to assign whole chromosomes, or regions."
        return state("folds", seen, "3 or more: to train, to stop, to test", remedy)
    if counts.min() < 0.05 * counts.sum():
        return note("folds", seen, "at least 5 % of the genes in each", "Assign the chromosomes differently.")
    return ok("folds", seen)


def published(p: Patient) -> Iterator[Finding]:
    """Genes in the published format, read as the build reads them."""
    try:
        dataset = p.project.published
    except ChromolabError as e:
        remedy = "Correct the table or the folder under published:, or leave that gene out of the table."
        yield broken("published", str(e), "a row and an array for each region", remedy)
        return
    regions, expressed = len(dataset.signal.regions), dataset.labels.mean()
    yield ok("published", f"{len(dataset)} genes, {regions} arrays, {expressed:.0%} expressed")
    finding = _folds(dataset.genes)  # part of the published genes may be of one fold, which is enough for predictions
    yield finding._replace(state="note") if finding.state == "broken" else finding


FAST = [files, assembly, names, marks]
SLOW = [ids, genes, expression, folds]
PUBLISHED = [published]
