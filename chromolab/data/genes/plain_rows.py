"""Genes in plain tables: BED, UCSC's genePred and Roadmap's gene_info, and the way to BED from other tables."""

import re
import shlex
from os import PathLike
from pathlib import Path

import pandas as pd

from chromolab.data.genes.ids import strip_version
from chromolab.data.genes.loci import DUPLICATE
from chromolab.data.report import Report
from chromolab.data.tables import split
from chromolab.data.text import coordinates, text_lines
from chromolab.errors import ChromolabError

STRANDS = {"+": "+", "-": "-", "1": "+", "-1": "-"}
LIST = re.compile(r"^(\d+,)+\d*$")  # the starts of exons
PLAIN = ("bed", "genePred", "gene_info")
COLUMNS = ["line", "chrom", "start", "end", "strand", "gene_id", "gene_name", "gene_type", "transcript"]
# Columns of tables with a header, without capitals, spaces and marks of punctuation.
NAMED = {
    "id": ("genestableid", "ensemblgeneid", "geneid", "name2", "genename", "gene", "symbol", "name", "id"),
    "chrom": ("chromosomescaffoldname", "chromosomename", "chrom", "chr", "chromosome", "seqnames", "seqname"),
    "start": ("genestartbp", "genestart", "txstart", "chromstart", "start", "transcriptstartbp"),
    "end": ("geneendbp", "geneend", "txend", "chromend", "end", "stop", "transcriptendbp"),
    "strand": ("strand",),
}
FROM_ONE = ("genestartbp", "transcriptstartbp")  # these count from 1 (BioMart)


def content_lines(path: str | PathLike[str], what: str):
    """Yield (line number, fields) of the lines of a table that are not empty, comments or for a genome browser."""
    for number, line in text_lines(path, what):
        if line.strip() and not line.startswith(("#", "track", "browser")):
            yield number, line.split("\t") if "\t" in line else line.split()


def kind_of_annotation(path: str | PathLike[str]) -> str:
    """ "bed", "genePred", "gene_info" or "gtf" (also when in doubt), from the first two lines with content.

    Raises `ChromolabError`, with a command that makes a BED, for a table with a header that names places of genes.
    """
    lines = []
    for _, fields in content_lines(path, "an annotation"):
        if (kind := _kind(fields)) != "gtf":
            return kind
        lines.append(fields)
        if len(lines) == 2 or (len(fields) == 9 and coordinates(fields[3:5]) is not None):
            break
    if len(lines) == 2:
        _refuse_named(path)
    return "gtf"


def _kind(fields: list[str]) -> str:
    stranded = len(fields) >= 7 and fields[4] in STRANDS and fields[5] not in ("+", "-")
    if stranded and coordinates(fields[2:4]) is not None:  # tested before BED: chromosome 2 is a number, too
        return "gene_info"
    if _strand_of_gene_pred(fields) is not None:
        return "genePred"
    if len(fields) >= 3 and coordinates(fields[1:3]) is not None:
        return "bed"
    return "gtf"


def _strand_of_gene_pred(fields: list[str]) -> int | None:
    """The column of the strand in a row of UCSC's genePred, refFlat or their tables with a bin; None elsewhere."""
    for i, field in enumerate(fields[:5]):
        if field in ("+", "-") and i >= 2 and len(fields) >= i + 8:
            if coordinates(fields[i + 1 : i + 6]) is not None and LIST.match(fields[i + 6]):
                return i
    return None


def plain_rows(path: str | PathLike[str], kind: str) -> tuple[pd.DataFrame, Report]:
    """The rows of a table of `kind`, one of `PLAIN`, with 0-based coordinates, and a report of those left out.

    Rows of a BED or a genePred are transcripts; those of a gene_info are genes. A first line that names the columns is
    passed over.

    Raises
    ------
    ChromolabError
        A malformed row, named by line, or no row with a strand.
    """
    read = {"bed": _bed, "genePred": _gene_pred, "gene_info": _gene_info}[kind]
    rows, report, bare, first = [], Report(), [], True
    for number, fields in content_lines(path, f"a {kind} table"):
        if first and (first := False) is False and _kind(fields) != kind:
            report.known("line of names passed over", [f"line {number}"])
            continue
        row = read(fields)
        if row is None:
            raise ChromolabError(f"{path}, line {number}: {' '.join(fields)[:80]!r}; expected {EXPECTED[kind]}.")
        if row[3] in ("+", "-"):
            rows.append((number, *row))
        else:
            bare.append(number)
    if not rows:
        raise ChromolabError(
            f"{path}, line {bare[0] if bare else 1}: no row with strand + or -; expected {EXPECTED[kind]}: a gene "
            "without a strand has no start."
        )
    report.lost("row(s) left out without a strand: nothing says where they begin", [f"line {n}" for n in bare])
    df = pd.DataFrame(rows, columns=COLUMNS)
    copy = df["transcript"].fillna("").str.extract(DUPLICATE, expand=False).fillna("")
    df["gene_id"] = strip_version(df["gene_id"].str.replace(DUPLICATE, "", regex=True))
    df["gene_name"] = df["gene_name"].where(df["gene_name"] != "", df["gene_id"])
    return df.assign(copy=copy), report


EXPECTED = {
    "bed": "a BED's chromosome, start < end, name, score, strand + or -: a gene without a strand has no start",
    "genePred": "UCSC's genePred: name, chromosome, strand, txStart < txEnd, cdsStart, cdsEnd, exons",
    "gene_info": "id, chromosome, 1 <= start <= end, strand 1 or -1, type, name, separated by tabs",
}


def _bed(fields: list[str]):
    place = coordinates(fields[1:3]) if len(fields) >= 6 else None
    if place is None or place[0] >= place[1] or fields[5] not in ("+", "-", ".") or not fields[3] or not fields[0]:
        return None
    return fields[0], *place, fields[5], fields[3], "", "", fields[3]


def _gene_pred(fields: list[str]):
    i = _strand_of_gene_pred(fields)
    if i is None:
        return None
    start, end = coordinates(fields[i + 1 : i + 3]) or (0, 0)
    name = fields[i - 2]
    gene = fields[0] if i == 3 and not fields[0].isdecimal() else name  # refFlat begins with the gene
    if len(fields) > i + 9 and coordinates([fields[i + 8]]) is not None:  # score, name2
        gene = fields[i + 9]
    if start >= end or not (gene and name and fields[i - 1]):
        return None
    return fields[i - 1], start, end, fields[i], gene, "", "", name


def _gene_info(fields: list[str]):
    place = coordinates(fields[2:4]) if len(fields) >= 7 else None
    if place is None or not 1 <= place[0] <= place[1] or fields[4] not in STRANDS or not (fields[0] and fields[1]):
        return None
    return fields[1], place[0] - 1, place[1], STRANDS[fields[4]], fields[0], fields[6], fields[5], None


def _refuse_named(path) -> None:
    """Raise `ChromolabError` for a table whose header names places of genes, with a command that makes a BED of it."""
    number, line = next((n, text) for n, text in text_lines(path, "an annotation") if text.strip() and text[0] != "#")
    separator = next((s for s in ("\t", ",", ";") if s in line), " ")
    words = [re.sub(r"[\W_]", "", name).lower() for name in split(line, separator)]
    at = {part: next((words.index(n) + 1 for n in names if n in words), 0) for part, names in NAMED.items()}
    if not (at["chrom"] and at["start"] and at["end"]):
        return
    what = "a table of genes with a header"
    if words[at["start"] - 1] in FROM_ONE:
        what = "a table of BioMart"
    elif words[:5] == ["geneid", "chr", "start", "end", "strand"]:
        what = "featureCounts' SAF"
    expected = f"{path}, line {number}: {what} ({line[:60]!r}); expected a GTF, GFF3 or BED."
    if lacking := [part for part in ("strand", "id") if not at[part]]:
        raise ChromolabError(f"{expected} It has no column of the {lacking[0]}: write it again with one.")
    from_one = what != "a table of genes with a header"
    place = f"${at['chrom']}, ${at['start']}{'-1' if from_one else ''}, ${at['end']}, ${at['id']}, 0"
    strand = f'(${at["strand"]} ~ /^-/ ? "-" : "+")'
    split_at = {"\t": "\\t"}.get(separator, separator)
    name, bed = shlex.quote(Path(path).name), shlex.quote(Path(path).name.split(".")[0] + ".bed")
    raise ChromolabError(
        f"{expected} Make a BED of it: tail -n +2 {name} | awk -F'{split_at}' -v OFS='\\t' "
        f"'{{print {place}, {strand}}}' > {bed}" + ("" if from_one else " (starts from 0; if they count from 1, $-1)")
    )
