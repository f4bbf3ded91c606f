"""Which columns of a table are expression: what RSEM, Salmon, kallisto, StringTie, featureCounts, STAR, ... write."""

import re
from collections.abc import Callable, Sequence
from os import PathLike
from pathlib import Path

from chromolab.data.genes.units import COUNTS, RPKM, TPM
from chromolab.data.tables import numeric_columns
from chromolab.errors import ChromolabError

FEATURE_COUNTS = ["Geneid", "Chr", "Start", "End", "Strand", "Length"]  # the first columns of featureCounts' tables
STAR_TALLIES = ("N_unmapped", "N_multimapping", "N_noFeature", "N_ambiguous")  # the first rows of ReadsPerGene.out.tab
STAR_COLUMNS = ["unstranded", "forward", "reverse"]
# Columns are compared without capitals, spaces and marks of punctuation.
LENGTHS = ("effectivelength", "efflength", "length", "genelength", "exonlength")  # the first that is there
UNITS = {  # columns that one sample's table has -> what they hold; the first is preferred
    "tpm": TPM,
    "fpkm": RPKM,
    "rpkm": RPKM,
    "expectedcount": COUNTS,
    "numreads": COUNTS,
    "estcounts": COUNTS,
    "readcount": COUNTS,
    "readscount": COUNTS,
    "rawcount": COUNTS,
    "rawcounts": COUNTS,
    "reads": COUNTS,
    "count": COUNTS,
    "counts": COUNTS,
}
SIDE = frozenset(  # numbers that describe a gene or a fit, never expression
    "length effectivelength efflength genelength exonlength intronlength uniquelength transcriptlength width start "
    "end txstart txend cdsstart cdsend genestart geneend genestartbp geneendbp chr chrom chromosome "
    "chromosomescaffoldname chromosomename seqname seqnames reference strand coverage cov tss tssid position pos "
    "exoncount numexons nexons ntranscripts transcriptcount gc gccontent genegccontent entrez entrezid entrezgene "
    "entrezgeneid ncbigeneid ncbi ncbiid geneversion version rank index unnamed0 row fpkmconflo fpkmconfhi isopct "
    "posteriormeancount posteriorstandarddeviationofcount pmetpm pmefpkm tpmcilowerbound tpmciupperbound "
    "fpkmcilowerbound fpkmciupperbound tpmcoefficientofquartilevariation fpkmcoefficientofquartilevariation "
    "uniquereads exonreads intronreads exontpm introntpm".split()
)
RATIOS = {"log2foldchange", "logfc", "log2fc", "foldchange"}
TESTS = {"padj", "pvalue", "pval", "fdr", "adjpval", "qvalue", "pvalueadj"}


def word(name: str) -> str:
    """A column's name for comparison: without capitals, spaces and marks of punctuation."""
    return re.sub(r"[\W_]", "", name).lower()


def is_tally(gene: str) -> bool:
    """Whether a row counts reads outside genes: __no_feature, ... of htseq-count, N_unmapped, ... of STAR."""
    return gene.startswith("__") or gene in STAR_TALLIES


def names_of_counts(path: str | PathLike[str]) -> Callable[[list[list[str]]], list[str] | None]:
    """Names the columns of a file without a header: STAR's, or one column of numbers, called after the file."""

    def names(rows: list[list[str]]) -> list[str] | None:
        width = len(rows[0])
        if any(row[0] in STAR_TALLIES for row in rows[:8]) and width == 1 + len(STAR_COLUMNS):
            return ["gene_id", *STAR_COLUMNS]
        numeric = numeric_columns(row for row in rows[:1000] if not is_tally(row[0]))
        if len(numeric) != 1:
            return None
        name = Path(path).name.split(".")[0]
        return ["gene_id", *(name if i in numeric else f"column {i + 1}" for i in range(1, width))]

    return names


def expression_columns(path, names: Sequence[str], skip: set[int], unit: str | None) -> tuple[list[int], str | None]:
    """The columns that may be expression, and the unit that their names tell, None if they do not.

    Of a table in several units (TPM, FPKM, expected_count; liver_TPM, liver_count), the columns in `unit`, by default
    TPM, then RPKM; one column where they are called after the unit alone. Positions, lengths and what else describes a
    gene are left out.

    Raises
    ------
    ChromolabError
        The table has no column in `unit`, or holds the ratios of a test between samples.
    """
    words = {i: word(name) for i, name in enumerate(names) if i not in skip}
    if RATIOS & set(words.values()) and TESTS & set(words.values()):
        raise ChromolabError(
            f"{path}: the result of a test between samples ({', '.join(names[:6])}): ratios, not expression. Give the "
            "table of RPKM, TPM or counts that it was made of."
        )
    in_units = {i: u for i in words if (u := unit_in(names[i]))}
    alone = [i for i in in_units if words[i] in UNITS]
    if not alone and len(set(in_units.values())) < 2:
        return [i for i, w in words.items() if w not in SIDE], next(iter(in_units.values()), None)
    order = list(UNITS)
    chosen = unit or min(in_units.values(), key=(TPM, RPKM, COUNTS).index)
    if chosen not in in_units.values():
        has = ", ".join(f"{names[i]} (unit: {u})" for i, u in in_units.items())
        raise ChromolabError(f"{path}: no column in {chosen}; it has {has}. Write that unit, or name the column.")
    places = [i for i, u in in_units.items() if u == chosen]
    of_one = sorted((i for i in places if i in alone), key=lambda i: order.index(words[i]))
    return of_one[:1] or places, chosen


def unit_in(name: str) -> str | None:
    """The unit that a column's name tells (TPM, liver_FPKM, expected_count), or None."""
    found = {UNITS[part] for part in [word(name), *re.split(r"[\W_]+", name.lower())] if part in UNITS}
    return found.pop() if len(found) == 1 else None


def lengths_at(names: Sequence[str]) -> int | None:
    """The column of the genes' lengths (bp), or None."""
    words = [word(name) for name in names]
    return next((words.index(length) for length in LENGTHS if length in words), None)
