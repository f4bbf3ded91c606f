"""The doctor's checks that need no signal: files, assemblies, names, marks, genes, expression, folds, contacts."""

import re
from collections.abc import Iterator

import pandas as pd

from chromolab.data.chromosomes import check_assembly, find_chromosome, guess_assembly
from chromolab.data.dataset.published import read_published
from chromolab.data.doctor.findings import Finding
from chromolab.data.doctor.patient import FEW_GENES, Patient
from chromolab.data.genes.gene_table import expression_key
from chromolab.data.project import tables as sources
from chromolab.data.tracks.bin_means import open_track
from chromolab.defaults import MARKS
from chromolab.errors import ChromolabError

SUFFIX = re.compile(r"\.\d+$")


def files(p: Patient) -> Iterator[Finding]:
    """Every track opens and is whole; every table can be read is for the later checks to find."""
    good = 0
    for cell, tracks in p.files.tracks.items():
        for mark, path in tracks.items():
            try:
                open_track(path)
                good += 1
            except ChromolabError as e:
                yield Finding(
                    "broken",
                    "files",
                    f"{mark} of {cell}: {e}",
                    "a whole track that can be read",
                    "Copy or download it again, or correct its path.",
                )
    if good:
        yield Finding("ok", "files", f"{good} tracks open")


def assembly(p: Patient) -> Iterator[Finding]:
    """One assembly: chromosome lengths of the tracks, and of what the file names."""
    expected = sources.expected_sizes(p.config, p.files)
    first, lengths = next(iter(p.sizes.items()))
    try:
        for path, here in p.sizes.items():
            if expected is not None:
                check_assembly(expected[0], here, expected[1], str(path))
            check_assembly(lengths, here, str(first), str(path))
    except ChromolabError as e:
        remedy = "Take tracks of one assembly, or correct assembly: / chrom_sizes:."
        yield Finding("broken", "assembly", str(e), "the same chromosome lengths everywhere", remedy)
        return
    guess = guess_assembly(lengths)
    named = p.config.assembly or (p.files.chrom_sizes.name if p.files.chrom_sizes else "not named")
    seen = f"{len(p.sizes)} tracks agree in their chromosomes' lengths" + (
        f" (chr1 is that of {guess})" if guess else ""
    )
    yield Finding(
        "ok" if expected else "note",
        "assembly",
        f"{seen}; {named} in the file",
        "" if expected else "assembly: or chrom_sizes: to compare with",
        "" if expected else "Name the assembly.",
    )
    length = p.annotation["chrom"].map({c: p.length_of(c) for c in p.annotation["chrom"].unique()})
    if (outside := p.annotation["end"] > length).any():
        row = p.annotation[outside].iloc[0]
        yield Finding(
            "broken",
            "assembly",
            f"{outside.sum()} of {len(p.annotation)} genes end past their chromosome's end in the "
            f"tracks, such as {row['gene_id']} at {row['chrom']}:{row['start']}-{row['end']}",
            "none",
            "The annotation is of another assembly than the tracks: take the one of theirs.",
        )


def names(p: Patient) -> Iterator[Finding]:
    """How chromosomes are called."""
    chromosomes = list(p.annotation["chrom"].unique())
    for path, lengths in p.sizes.items():
        found = {c: find_chromosome(c, lengths) for c in chromosomes}
        if not any(found.values()):
            yield Finding(
                "broken",
                "names",
                f"{path}: no chromosome of the annotation ({', '.join(chromosomes[:4])}); it has "
                f"{', '.join(list(lengths)[:4])}",
                "the same chromosomes",
                "Are both of one species? Rename those of the annotation.",
            )
            return
    path, lengths = next(iter(p.sizes.items()))
    renamed = [(c, f) for c in chromosomes if (f := find_chromosome(c, lengths)) not in (None, c)]
    genes = p.annotation["chrom"].map(lambda c: all(find_chromosome(c, here) for here in p.sizes.values()))
    seen = f"{genes.mean():.0%} of {len(genes):,} genes lie on chromosomes that every track has"
    if renamed:
        seen += f"; {renamed[0][0]} is called {renamed[0][1]} in the tracks and matched"
    remedy = "Genes on other chromosomes are left out. Is that meant?" if genes.mean() < 0.7 else ""
    yield Finding("note" if genes.mean() < 0.7 else "ok", "names", seen, "most of them" if remedy else "", remedy)


def marks(p: Patient) -> Iterator[Finding]:
    """The same marks in every cell type."""
    lacking = {cell: [m for m in p.marks if m not in p.config.tracks(cell)] for cell in p.cells}
    for cell, missing in lacking.items():
        if missing:
            yield Finding(
                "broken",
                "marks",
                f"{cell} lacks {', '.join(missing)}",
                f"the marks of the others: {', '.join(p.marks)}",
                f"Add the track ({p.config.where('cell_types', cell)}), or leave the mark out of every cell type.",
            )
    if not any(lacking.values()):
        yield Finding("ok", "marks", f"{', '.join(p.marks)} in each of {len(p.cells)} cell type(s)")


# ---------------------------------------------------------------- genes, expression, folds


def ids(p: Patient) -> Iterator[Finding]:
    """Do the gene ids of annotation and expression meet?"""
    if p.files.expression is None:
        if not p.files.rna:
            yield Finding(
                "note",
                "ids",
                "no expression is given",
                "expression: for training",
                "The dataset can be asked about, not learnt from: every label is -1.",
            )
        return
    on = p.config.expression.match
    with p.config.placed("expression", "id_column"):
        table = sources.read_expression(p.files.expression, p.config.expression.id_column)
    theirs, mine = set(map(str, table.index)), set(expression_key(p.annotation, on).astype(str))
    shared = len(theirs & mine) / max(1, min(len(theirs), len(mine)))
    seen = (
        f"{len(theirs & mine):,} of {len(mine):,} {on}s of the annotation are in the expression table ({len(theirs):,})"
    )
    if shared >= 0.5:
        yield Finding("ok", "ids", seen)
        return
    other = "gene_name" if on == "gene_id" else "gene_id"
    bare = len({SUFFIX.sub("", x) for x in theirs} & {SUFFIX.sub("", x) for x in mine})
    by_other = len(theirs & set(p.annotation[other].astype(str)))
    best, remedy = max(
        (bare, "They differ by version suffixes such as .1: cut them off in one of the two files."),
        (by_other, f"Write match: {other} under expression:."),
        (len({x.upper() for x in theirs} & {x.upper() for x in mine}), "They differ in capitals: write both alike."),
    )
    if best <= len(theirs & mine):
        remedy = "Are both of one species and source? Name the column of ids: id_column:."
    seen += f"; for instance {', '.join(sorted(mine)[:2])} and {', '.join(sorted(theirs)[:2])}"
    yield Finding("broken" if shared < 0.1 else "note", "ids", seen, "at least half of the smaller", remedy)


def genes(p: Patient) -> Iterator[Finding]:
    """Genes that are kept, and windows that leave their chromosome."""
    table, reports, _ = _gene_table(p)
    n = table["gene_id"].nunique()
    lost = "; ".join(f"{line.count:,} {line.what}" for line in next(iter(reports.values())) if "left out" in line.what)
    few = n < FEW_GENES
    yield Finding(
        "note" if few else "ok",
        "genes",
        f"{n:,} genes are kept" + (f"; {lost}" if lost else ""),
        f"at least {FEW_GENES} to learn from" if few else "",
        "Look at what was left out." if few else "",
    )
    start, end = table["tss"] - p.config.window // 2, table["tss"] + p.config.window // 2
    length = table["chrom"].map({c: p.length_of(c) for c in table["chrom"].unique()})
    if (past := ((start < 0) | (end > length)).mean()) > 0.05:
        yield Finding(
            "note",
            "genes",
            f"the window of {past:.0%} of the genes runs past the chromosome's end",
            "a few percent",
            f"{p.config.window:,} bp are much for chromosomes of {length.min():,.0f} bp: give a smaller window:.",
        )
    plus = (table["strand"] == "+").mean()
    if len(table) >= 50 and not 0.1 < plus < 0.9:
        yield Finding(
            "broken",
            "strands",
            f"{plus:.0%} of the genes are on the + strand",
            "about half",
            "The strand column got lost: take an annotation that has it.",
        )


def expression(p: Patient) -> Iterator[Finding]:
    """Values that are no RPKM or TPM."""
    seen: dict[str, pd.Series] = {}
    for cell, values in p.expression.items():
        if values is None:
            continue
        where = p.config.where("cell_types", cell)
        same = next((other for other, theirs in seen.items() if theirs.equals(values)), None)
        seen[cell] = values
        if values.min() == values.max():
            yield Finding(
                "broken",
                "expression",
                f"{cell}: every gene has {values.iloc[0]:g}",
                "different values",
                f"Name the right column ({where}).",
            )
        elif same is not None:
            yield Finding(
                "broken",
                "expression",
                f"{cell} and {same} have the same values in every gene",
                "a column for each",
                f"Name the right column ({where}).",
            )
        elif values.max() < 30 and cell not in p.files.rna:
            unit = p.config.expression.unit
            yield Finding(
                "note",
                "expression",
                f"{cell}: the highest value is {values.max():.3g}",
                f"some genes above 100, if this is {unit}",
                f"It looks like a logarithm: give {unit} itself.",
            )
        elif (values == 0).mean() > 0.6:
            yield Finding(
                "note",
                "expression",
                f"{cell}: {(values == 0).mean():.0%} of the genes are 0",
                "under 60 %",
                "The label will be 1 for all that are above 0. Is the table of this cell type?",
            )
        else:
            yield Finding("ok", "expression", f"{cell}: median {values.median():.3g}, highest {values.max():,.0f}")


def folds(p: Patient) -> Iterator[Finding]:
    """Enough folds, and of a size."""
    yield from _folds(_gene_table(p)[0])


def _folds(genes: pd.DataFrame) -> Iterator[Finding]:
    counts = genes.groupby("fold")["gene_id"].nunique()
    seen = f"{len(counts)} folds of {', '.join(map(str, counts))} genes"
    if len(counts) < 3:
        yield Finding(
            "broken" if len(counts) < 2 else "note",
            "folds",
            seen,
            "3 or more: to train, to stop, to test",
            "Give folds: 4 to deal whole chromosomes, or regions.",
        )
    elif counts.min() < 0.05 * counts.sum():
        yield Finding("note", "folds", seen, "none under 5 % of the genes", "Deal the chromosomes otherwise.")
    else:
        yield Finding("ok", "folds", seen)


def _gene_table(p: Patient):
    if not hasattr(p, "gene_table"):
        from chromolab.data.project.pieces import fingerprint

        p.gene_table = sources.read_genes(p.config, p.files, {f: fingerprint(f) for f in p.files.every()})
    return p.gene_table


def published(p: Patient) -> Iterator[Finding]:
    """Genes in the published format, read as the build will."""
    try:
        ds = read_published(
            p.files.meta,
            p.files.arrays,
            marks=p.config.published.marks or MARKS,
            resolutions=p.config.resolutions,
            window=p.config.window,
            progress=False,
        )
    except ChromolabError as e:
        yield Finding("broken", "published", str(e), "a row and an array for each region", "See the sentence itself.")
        return
    seen = f"{len(ds)} genes, {len(ds.signal.regions)} arrays, {ds.labels.mean():.0%} expressed"
    yield Finding("ok", "published", seen)
    for finding in _folds(ds.genes):  # a part of the published genes may be of one fold, for predictions
        yield finding._replace(state="note" if finding.state == "broken" else finding.state)


FAST = [files, assembly, names, marks]
SLOW = [ids, genes, expression, folds]
PUBLISHED = [published]
