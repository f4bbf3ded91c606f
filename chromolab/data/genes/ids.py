"""What gene ids are: versions and lift-over marks cut off, composite ids taken apart, names that Excel spoilt told."""

import difflib
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from chromolab.errors import ChromolabError

# Ensembl and RefSeq number versions after a dot; elsewhere (F25H2.1, a worm's gene) the dot belongs to the name.
# GENCODE's lift-over adds its mapping version (.12_4), and the copy on Y of a pseudo-autosomal gene ends in _PAR_Y.
VERSION = re.compile(r"^((?:ENS[A-Z]*|[NX][MR]_)\d{5,})(?:\.\d+)?(?:_\d+)?(_PAR_Y)?(?:_\d+)?$")
PAR_R = re.compile(r"^ENS([GT])R(\d{10})$")  # such a copy in GENCODE before release 25: ENSGR0000124334
PREFIX = re.compile(r"^gene[:-](?=.)", re.IGNORECASE)  # Ensembl's and WormBase's GFF3: gene:ENSG..., Gene:WBGene...
ENSEMBL = r"ENS[A-Z]*G\d{11}(?:\.\d+)?(?:_\d+)?(?:_PAR_Y)?"
MONTHS = "jan feb mar apr may jun jul aug sep sept oct nov dec mrz mär mai okt dez".split()
MONTH = "(?:" + "|".join(MONTHS) + ")"
DATE = re.compile(  # 1-Mar, Mar-01, 01.Mrz, 2001-03-01, 3/1/2001, 2001-03-01 00:00:00
    rf"^(?:\d{{1,4}}[-./ ]{MONTH}\.?|{MONTH}[-./ ]\d{{1,4}}|\d{{4}}-\d\d?-\d\d?(?: 0?0:00(?::00)?)?"
    r"|\d\d?[./]\d\d?[./]\d{2,4})$",
    re.IGNORECASE,
)
POWER = re.compile(r"^\d(?:[.,]\d+)?E\+\d\d$")  # RIKEN's 2310009E13 becomes 2.31E+19
DAY = re.compile(r"^[34]\d{4}$")


class Composite(NamedTuple):
    """Ids of several parts: what they look like, which part is the gene, and what that part is called."""

    pattern: re.Pattern
    what: str


COMPOSITES = (  # the first group is the gene
    Composite(re.compile(rf"^({ENSEMBL})[_|;:/ ](?!PAR_Y)\S.*$"), "the part before the gene's name"),
    Composite(re.compile(rf"^[^|;: ]+[_|;: ]({ENSEMBL})$"), "the part after the gene's name"),
    Composite(re.compile(r"^([^|]+)\|\d+$"), "the name before | and its Entrez number"),
)
TRANSCRIPT = re.compile(r"^(?:transcript:)?(?:ENS[A-Z]*T\d{11}|FBtr\d{7}|[NX][MR]_\d{5,})")
KINDS = {  # what most ids look like -> what they are called
    "Ensembl's gene ids": re.compile(r"^ENS[A-Z]*G\d{11}"),
    "transcripts": TRANSCRIPT,
    "Entrez numbers": re.compile(r"^\d+$"),
    "FlyBase's ids": re.compile(r"^FBgn\d{7}"),
    "WormBase's ids": re.compile(r"^WBGene\d{8}"),
    "probes of an array": re.compile(r"^(?:\d+_(?:[a-z]_)?at|ILMN_\d+|A_\d+_P\d+)$"),
    "gene names": re.compile(r"^[A-Za-z][\w.-]{1,20}$"),
}


def strip_version(ids: Iterable[str]) -> list[str]:
    """Gene ids without version, lift-over mark and prefix: ENSG00000000003.14 or gene:ENSG00000000003.14_2 alike.

    The copy on Y of a pseudo-autosomal gene keeps an id of its own, ENSG00000124334_PAR_Y, however a release writes it.
    """
    return [_stripped(str(gene_id)) for gene_id in ids]


def _stripped(gene_id: str) -> str:
    gene_id = PREFIX.sub("", gene_id)
    if (match := VERSION.match(gene_id)) is None:
        return gene_id
    bare = PAR_R.sub(r"ENS\g<1>0\2_PAR_Y", match[1])
    return bare + (match[2] or "")


def rows_of(genes: pd.DataFrame, gene: str) -> np.ndarray:
    """Which rows of a table with gene_id and gene_name are of this gene, by id or name: (rows,) bool.

    What is written exactly so comes first; where nothing is, case and an id's version do not matter. Raises
    ChromolabError with the nearest names where there is no such gene, and with the ids where several have this name.
    """
    columns = genes["gene_id"], genes["gene_name"]
    found = (columns[0] == gene) | (columns[1] == gene)
    if not found.any():
        forms = {str(name): _stripped(str(name)).casefold() for column in columns for name in column.unique()}
        wanted = _stripped(str(gene).strip()).casefold()
        alike = [name for name, form in forms.items() if form == wanted]
        found = columns[0].isin(alike) | columns[1].isin(alike)
        if not alike:
            near = difflib.get_close_matches(wanted, forms.values(), 3)
            near = [name for name, form in forms.items() if form in near]
            hint = f"the nearest names are {', '.join(near)}" if near else f"its ids look like {next(iter(forms), '')}"
            raise ChromolabError(f"no gene {gene!r} here; {hint if len(genes) else 'it is empty'}")
    if len(ids := columns[0][found].unique()) > 1:
        raise ChromolabError(f"{len(ids)} genes are called {gene!r}; give the id of one: {', '.join(ids[:5])}")
    return found.to_numpy(bool)


def gene_of(ids: Sequence[str]) -> tuple[list[str], str]:
    """The genes of composite ids (ENSG..._SYMBOL, SYMBOL|entrez), and what was taken; the ids and "" of other tables.

    At least nineteen of twenty ids must have the same parts: what one id looks like says little.
    """
    for pattern, what in COMPOSITES:
        found = [match[1] if (match := pattern.match(gene_id)) else None for gene_id in ids]
        if sum(gene is not None for gene in found) >= 0.95 * len(found) > 0:
            return [gene_id if gene is None else gene for gene_id, gene in zip(ids, found, strict=True)], what
    return list(ids), ""


def kind_of_ids(ids: Sequence[str]) -> str:
    """What most ids look like: one of `KINDS`, or "ids of an unknown kind"."""
    sample = [str(gene_id) for gene_id in list(ids)[:2000]]
    for name, pattern in KINDS.items():
        if sum(bool(pattern.match(gene_id)) for gene_id in sample) > 0.5 * len(sample):
            return name
    return "ids of an unknown kind"


def spoilt(ids: Iterable[str]) -> list[str]:
    """The ids that a spreadsheet made of gene names: dates (MARCH1 -> 1-Mar) and powers of ten (2310009E13).

    Dates as days since 1900 (43891) are told only among names.
    """
    ids = [str(gene_id) for gene_id in ids]
    named = kind_of_ids(ids) == "gene names"
    return [g for g in ids if DATE.match(g) or POWER.match(g) or (named and DAY.match(g))]


def why_no_match(measured: Sequence[str], annotated: Sequence[str]) -> str:
    """The sentence that explains why ids of an expression table are not those of an annotation; "" if unknown."""
    ours, theirs = kind_of_ids(measured), kind_of_ids(annotated)
    if ours == "transcripts" != theirs:
        return (
            "The table's rows are transcripts: sum them by gene (tximport; salmon quant -g genes.gtf writes "
            "quant.genes.sf; RSEM writes genes.results), or take the table of genes."
        )
    if ours == "probes of an array":
        return "The table's rows are probes of an array: give the platform's gene of each probe as the first column."
    if ours != theirs:
        return f"The table lists {ours}, the annotation {theirs}: name the column of ids with id_column:."
    return ""
