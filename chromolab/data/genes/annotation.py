"""Where genes begin: read GTF, GFF3, BED and Roadmap's gene_info into one row per gene, or one per TSS.

A gene gets one TSS unless all are requested. The published Chromoformer table took its TSSs from another annotation
(see `read_annotation`), so its windows differ slightly from these.
"""

import logging
from os import PathLike

import numpy as np
import pandas as pd

from chromolab.data.genes.gtf import ATTRIBUTES, GENES, TRANSCRIPTS, gtf_rows
from chromolab.data.text import coordinates, strip_version, text_lines
from chromolab.errors import ChromolabError

log = logging.getLogger("chromolab")

ANNOTATION_COLUMNS = ("gene_id", "gene_name", "chrom", "start", "end", "strand", "tss")
OF_TRANSCRIPTS = ("common", "longest", "most_5prime", "all")  # choices of TSS that need a row per transcript
CHOICES = ("outermost", "gene", *OF_TRANSCRIPTS)
STRANDS = {"+": "+", "-": "-", "1": "+", "-1": "-"}


def read_annotation(gtf: str | PathLike[str], feature: str = "auto", tss: str = "outermost") -> pd.DataFrame:
    """Read genes from a GTF, GFF3, BED (6 to 12 columns) or Roadmap's gene_info table, compressed or not.

    Parameters
    ----------
    gtf : path; the format is detected from the first line.
    feature : which rows (column 3 of a GTF or GFF3) to read: "gene", "transcript", "exon" or any other. "auto" tries
        genes (gene, ncRNA_gene, pseudogene), then transcripts (transcript and mRNA; in a GFF3 every child of a gene),
        then exons, and takes the first that the file has. Rows other than genes are grouped by gene_id, or in a GFF3
        by Parent.
    tss : which TSS a gene gets. "outermost" or "gene": the 5' end of the gene row, or of the most upstream transcript.
        The others read transcripts, or join the exons of each: "most_5prime", the 5' end of the most upstream
        transcript; "longest", of the transcript that spans most bases; "common", the 5' end that most transcripts
        share (ties go to the most upstream); "all", a row for every distinct 5' end.

    Returns
    -------
    DataFrame, one row per gene in the file's order: `gene_id` (without version), `gene_name`, `chrom`, `start`, `end`
    (0-based, half-open), `strand`, `tss` (the first transcribed base, 0-based: `start` on the plus strand, `end` - 1 on
    the minus strand), `gene_type` ("" where the file has none). With tss="all", gene_ids are numbered from upstream
    to downstream, "ENSG00000000003:1", ":2", ..., and `of_gene` is the gene's own id, by which `gene_table` finds its
    expression.

    Raises
    ------
    ChromolabError
        A malformed row or one without a gene (named by line); no row of that feature; a gene_id in two gene rows.

    Notes
    -----
    Rows of a BED are transcripts, and the fourth column names the gene; a name that occurs on several chromosomes or
    strands is left out and logged. A gene_info table has no header and tab-separated columns: id, chromosome, start,
    end (1-based, inclusive), strand (1 or -1), type, name. We had no real gene_info file to test with.

    The published Chromoformer genes use TSSs from another annotation. Of 60 real genes, 1 has exactly the TSS of its
    GENCODE v10 gene row, 4 lie one base upstream of it, 55 differ by 4 bp to 139 kb, on both strands (our measurement).
    """
    if tss not in CHOICES:
        raise ChromolabError(f"tss: {tss!r}; expected 'outermost' or 'common', or {', '.join(map(repr, CHOICES))}.")
    kind = _kind(gtf)
    if kind != "gtf" and feature != "auto":
        raise ChromolabError(f"{gtf}: feature={feature!r} is for a GTF or GFF3; this is a {kind}. Leave it out.")
    if kind == "bed":
        return _choose(_bed_rows(gtf), tss, str(gtf), unique=False)
    if kind == "gene_info":
        if tss in OF_TRANSCRIPTS:
            raise ChromolabError(f"{gtf}: a gene_info table has no transcripts; give a GTF, or tss='gene'.")
        return _choose(_gene_info_rows(gtf), tss, str(gtf), unique=True)
    levels = [GENES, TRANSCRIPTS, ("exon",)] if feature == "auto" else [(feature,)]
    if tss in OF_TRANSCRIPTS:
        if feature in GENES:
            raise ChromolabError(f"tss={tss!r} needs transcripts: pass feature='transcript' or leave it out.")
        levels = [level for level in levels if level != GENES]
    for level in levels:
        if len(rows := gtf_rows(gtf, level, tss in OF_TRANSCRIPTS)):
            return _choose(rows, tss, str(gtf), unique=set(level) <= set(GENES))
    wanted = " or ".join(name for level in levels for name in level)
    raise ChromolabError(f"{gtf}: no {wanted} rows (column 3); pass feature=... with one that the file has.")


def exon_lengths(gtf: str | PathLike[str]) -> pd.Series:
    """Exonic bases of each gene, for RPKM and TPM from counts; bases that several transcripts share count once.

    Parameters
    ----------
    gtf : path of a GTF or GFF3 with exon rows.

    Returns
    -------
    Series of int (bp), index `gene_id` (without version).

    Raises
    ------
    ChromolabError
        No exon rows, or a malformed row, named by line.
    """
    if _kind(gtf) != "gtf" or not len(rows := gtf_rows(gtf, ("exon",))):
        raise ChromolabError(f"{gtf}: no exon rows (column 3); expected a GTF or GFF3 with exons.")
    rows = rows.sort_values(["gene_id", "chrom", "start"], kind="stable")
    place = rows["gene_id"] + "\t" + rows["chrom"]  # a gene on X and Y counts on both
    before = rows.groupby(place, sort=False)["end"].cummax().groupby(place, sort=False).shift().fillna(0)
    new = (rows["end"] - np.maximum(rows["start"], before)).clip(lower=0).astype(np.int64)
    return new.groupby(rows["gene_id"], sort=False).sum().rename("length")


# ---------------------------------------------------------------- rows


def _kind(path) -> str:
    """ "bed", "gene_info" or "gtf" (also when in doubt), from the first line with content."""
    for _, line in text_lines(path, "an annotation"):
        if line.strip() and not line.startswith(("#", "track", "browser")):
            fields = line.split("\t") if "\t" in line else line.split()
            stranded = len(fields) >= 7 and fields[4] in STRANDS and fields[5] not in ("+", "-")
            if stranded and coordinates(fields[2:4]) is not None:  # tested before BED: chromosome 2 is a number, too
                return "gene_info"
            if len(fields) >= 3 and coordinates(fields[1:3]) is not None:
                return "bed"
            break
    return "gtf"


def _bed_rows(path) -> pd.DataFrame:
    """A BED's rows as transcripts of the gene in its fourth column."""
    rows = []
    for number, line in text_lines(path, "a BED file"):
        if not line.strip() or line.startswith(("#", "track", "browser")):
            continue
        fields = line.split("\t") if "\t" in line else line.split()
        place = coordinates(fields[1:3]) if len(fields) >= 6 else None
        if place is None or place[0] >= place[1] or fields[5] not in ("+", "-") or not fields[3] or not fields[0]:
            raise ChromolabError(
                f"{path}, line {number}: {line[:80]!r}; expected a BED's chromosome, start < end, name, score, "
                "strand + or -: a gene without a strand has no start."
            )
        rows.append((number, fields[0], *place, fields[5], fields[3]))
    return _plain_rows(rows)


def _gene_info_rows(path) -> pd.DataFrame:
    """The rows of Roadmap's table of genes, coordinates 0-based."""
    rows = []
    for number, line in text_lines(path, "a gene_info table"):
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.split("\t")
        place = coordinates(fields[2:4]) if len(fields) >= 7 else None
        if place is None or not 1 <= place[0] <= place[1] or fields[4] not in STRANDS or not (fields[0] and fields[1]):
            raise ChromolabError(
                f"{path}, line {number}: {line[:80]!r}; expected id, chromosome, 1 <= start <= end, strand 1 or -1, "
                "type, name, separated by tabs."
            )
        rows.append((number, fields[1], place[0] - 1, place[1], STRANDS[fields[4]], fields[0], fields[6], fields[5]))
    return _plain_rows(rows)


def _plain_rows(rows: list[tuple]) -> pd.DataFrame:
    """A table from rows of (line, chrom, start, end, strand, gene_id), plus gene_name and gene_type if present."""
    rows = [row if len(row) == 8 else (*row, row[5], "") for row in rows]
    df = pd.DataFrame(rows, columns=["line", "chrom", "start", "end", "strand", *ATTRIBUTES])
    df["gene_id"] = strip_version(df["gene_id"])
    df["gene_name"] = df["gene_name"].where(df["gene_name"] != "", df["gene_id"])
    return df


# ---------------------------------------------------------------- which start


def _choose(rows: pd.DataFrame, tss: str, path: str, unique: bool) -> pd.DataFrame:
    """Reduce rows of genes or transcripts to one row per gene, or one per TSS; `path` is named in errors."""
    if unique and (repeated := rows["gene_id"].duplicated()).any():
        name = rows["gene_id"][repeated].iloc[0]
        lines = rows["line"][rows["gene_id"] == name].tolist()
        raise ChromolabError(
            f"{path}, lines {lines[0]} and {lines[1]}: {name} has two gene rows (versions are ignored); "
            f"{repeated.sum()} such row(s). Keep one row per gene."
        )
    places = rows.groupby("gene_id")[["chrom", "strand"]].transform("nunique").max(axis=1)
    if (places > 1).any():
        log.warning(
            "%s: %d gene(s) left out that lie on several chromosomes or both strands, such as %s.",
            path,
            rows["gene_id"][places > 1].nunique(),
            rows["gene_id"][places > 1].iloc[0],
        )
        rows = rows[places == 1]
    tss_of = np.where(rows["strand"] == "+", rows["start"], rows["end"] - 1)
    rows = rows.assign(tss=tss_of, upstream=np.where(rows["strand"] == "+", tss_of, -tss_of))  # smallest: most upstream
    genes = rows.groupby("gene_id", sort=False).agg(
        gene_name=("gene_name", "first"),
        chrom=("chrom", "first"),
        start=("start", "min"),
        end=("end", "max"),
        strand=("strand", "first"),
        gene_type=("gene_type", "first"),
    )
    genes["gene_name"] = genes["gene_name"].fillna(genes.index.to_series())
    genes["gene_type"] = genes["gene_type"].fillna("")
    if tss == "all":
        genes = _every_start(rows, genes)
    else:
        genes["tss"] = _one_start(rows, genes, tss)
    genes = genes.reset_index()
    return genes[[*ANNOTATION_COLUMNS, "gene_type", *(["of_gene"] if tss == "all" else [])]]


def _one_start(rows: pd.DataFrame, genes: pd.DataFrame, tss: str):
    if tss == "common":
        votes = rows.groupby(["gene_id", "upstream"], as_index=False).agg(n=("tss", "size"))
        best = votes.sort_values(["n", "upstream"], ascending=[False, True])
    elif tss == "longest":
        best = rows.assign(n=rows["end"] - rows["start"]).sort_values(["n", "upstream"], ascending=[False, True])
    else:
        return np.where(genes["strand"] == "+", genes["start"], genes["end"] - 1)
    return best.drop_duplicates("gene_id").set_index("gene_id")["upstream"].abs().reindex(genes.index)


def _every_start(rows: pd.DataFrame, genes: pd.DataFrame) -> pd.DataFrame:
    """A row per gene and distinct TSS, from upstream to downstream, each with its own id."""
    order = pd.Series(np.arange(len(genes)), genes.index)
    starts = rows[["gene_id", "tss", "upstream"]].drop_duplicates(["gene_id", "tss"])
    starts = starts.assign(order=starts["gene_id"].map(order)).sort_values(["order", "upstream"])
    nth = starts.groupby("gene_id").cumcount() + 1
    out = genes.loc[starts["gene_id"]].assign(tss=starts["tss"].to_numpy(), of_gene=starts["gene_id"].to_numpy())
    out.index = pd.Index(starts["gene_id"] + ":" + nth.astype(str), name="gene_id")
    return out
