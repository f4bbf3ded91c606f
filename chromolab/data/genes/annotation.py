"""Where genes begin: read GTF, GFF3, BED, genePred and Roadmap's gene_info into one row per gene, or one per TSS.

A gene gets one TSS unless all are requested. The published Chromoformer table took its TSSs from another annotation
(see `read_annotation`), so its windows differ slightly from these.
"""

import logging
from os import PathLike

import numpy as np
import pandas as pd

from chromolab.data.genes.gtf import GENES, PARTS, TRANSCRIPTS, gtf_rows
from chromolab.data.genes.loci import one_locus
from chromolab.data.genes.plain_rows import kind_of_annotation, plain_rows
from chromolab.data.report import Report
from chromolab.errors import ChromolabError

log = logging.getLogger("chromolab")

ANNOTATION_COLUMNS = ("gene_id", "gene_name", "chrom", "start", "end", "strand", "tss")
OF_TRANSCRIPTS = ("common", "longest", "most_5prime", "all")  # choices of TSS that need a row per transcript
CHOICES = ("outermost", "gene", *OF_TRANSCRIPTS)


def read_annotation(gtf: str | PathLike[str], feature: str = "auto", tss: str = "outermost") -> pd.DataFrame:
    """Read genes from a GTF, GFF3, BED (6 to 12 columns), UCSC's genePred or Roadmap's gene_info, compressed or not.

    Rows that cannot be used (without a strand, of no gene) and copies of a gene at other places than its primary one
    are left out, counted in `attrs["report"]` and logged.

    Parameters
    ----------
    gtf : path; the format is detected from the first lines.
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
        A malformed row (named by line); no row of that feature, or none that can be used; a gene with two overlapping
        gene rows that differ; a table of another format, with the command that makes a BED of it.

    Notes
    -----
    Rows of a BED are transcripts, and the fourth column names the gene; so are rows of a genePred (UCSC's refGene,
    refFlat, ...), whose gene is name2 where there is one. Of several places of one gene, the primary is on an assembled
    chromosome, not marked by UCSC as placed again, and on X rather than Y; where that leaves more than one, the gene is
    left out. A gene_info table has no header and tab-separated columns: id, chromosome, start, end (1-based,
    inclusive), strand (1 or -1), type, name. We had no real gene_info file to test with.

    The published Chromoformer genes use TSSs from another annotation. Of 60 real genes, 1 has exactly the TSS of its
    GENCODE v10 gene row, 4 lie one base upstream of it, 55 differ by 4 bp to 139 kb, on both strands (our measurement).
    """
    if tss not in CHOICES:
        raise ChromolabError(f"tss: {tss!r}; expected 'outermost' or 'common', or {', '.join(map(repr, CHOICES))}.")
    kind = kind_of_annotation(gtf)
    if kind != "gtf" and feature != "auto":
        raise ChromolabError(f"{gtf}: feature={feature!r} is for a GTF or GFF3; this is a {kind}. Leave it out.")
    if kind == "gene_info" and tss in OF_TRANSCRIPTS:
        raise ChromolabError(f"{gtf}: a gene_info table has no transcripts; give a GTF, or tss='gene'.")
    if kind != "gtf":
        return _choose(*plain_rows(gtf, kind), tss, str(gtf), "gene" if kind == "gene_info" else "transcript")
    levels = [GENES, TRANSCRIPTS, ("exon",)] if feature == "auto" else [(feature,)]
    if tss in OF_TRANSCRIPTS:
        if feature in GENES:
            raise ChromolabError(f"tss={tss!r} needs transcripts: pass feature='transcript' or leave it out.")
        levels = [level for level in levels if level != GENES]
    for level in levels:
        rows, report = gtf_rows(gtf, level, tss in OF_TRANSCRIPTS)
        if len(rows):
            parts = set(level) <= set(PARTS) and tss not in OF_TRANSCRIPTS
            of = "gene" if set(level) <= set(GENES) else "part" if parts else "transcript"
            return _choose(rows, report, tss, str(gtf), of)
    wanted = " or ".join(name for level in levels for name in level)
    raise ChromolabError(f"{gtf}: no {wanted} rows (column 3); pass feature=... with one that the file has.")


def exon_lengths(gtf: str | PathLike[str]) -> pd.Series:
    """Exonic bases of each gene, for RPKM and TPM from counts; bases that several transcripts share count once.

    Parameters
    ----------
    gtf : path of a GTF or GFF3 with exon rows.

    Returns
    -------
    Series of int (bp), index `gene_id` (without version). Of a gene with copies, the exons of the primary one.

    Raises
    ------
    ChromolabError
        No exon rows, or a malformed row, named by line.
    """
    exons = read_exons(gtf)
    if exons.empty:
        raise ChromolabError(f"{gtf}: no exon rows (column 3); expected a GTF or GFF3 with exons.")
    return (exons["end"] - exons["start"]).groupby(exons["gene_id"], sort=False).sum().rename("length")


def read_exons(annotation: str | PathLike[str]) -> pd.DataFrame:
    """The exonic bases of each gene as disjoint pieces, `gene_id`, `chrom`, `start`, `end`; empty without exon rows.

    Of a gene with copies, those of the primary one. Raises `ChromolabError` for a malformed row, named by line.
    """
    rows = gtf_rows(annotation, ("exon",))[0] if kind_of_annotation(annotation) == "gtf" else None
    if rows is None or rows.empty:
        return pd.DataFrame({"gene_id": [], "chrom": [], "start": [], "end": []})
    rows = one_locus(rows, Report(), "part").sort_values(["gene_id", "chrom", "start"], kind="stable")
    gene = rows["gene_id"]
    before = rows.groupby(gene, sort=False)["end"].cummax().groupby(gene, sort=False).shift().fillna(0)
    rows = rows.assign(start=np.maximum(rows["start"], before).astype(np.int64))
    return rows.loc[rows["end"] > rows["start"], ["gene_id", "chrom", "start", "end"]].reset_index(drop=True)


# ---------------------------------------------------------------- which start


def _choose(rows: pd.DataFrame, report: Report, tss: str, path: str, level: str) -> pd.DataFrame:
    """Reduce rows ("gene", "transcript" or "part") to one row per gene, or one per TSS; `path` is named in errors."""
    if level == "gene":
        rows = _once(rows, report, path)
    rows = one_locus(rows, report, level)
    if rows.empty:
        raise ChromolabError(f"{path}: no gene is left. {report}".replace("\n", "; "))
    if lost := str(report.of("lost")):
        log.warning("%s: %s.", path, lost.replace("\n", "; "))
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
    columns = [*ANNOTATION_COLUMNS, "gene_type", *(["of_gene"] if tss == "all" else [])]
    genes = genes.reset_index()[columns]
    genes = genes.astype({c: str for c in columns if c not in ("start", "end", "tss")})
    if len(report):
        genes.attrs["report"] = list(report)
    return genes


def _once(rows: pd.DataFrame, report: Report, path: str) -> pd.DataFrame:
    """Gene rows without those that are written twice; `ChromolabError` where two differ and overlap."""
    again = rows.duplicated(["gene_id", "chrom", "start", "end", "strand"])
    report.known("gene row(s) that are there twice: one is kept", rows["gene_id"][again])
    rows = rows[~again]
    several = rows[rows["gene_id"].duplicated(keep=False)].sort_values(["gene_id", "chrom", "strand", "start"])
    same = (several[["gene_id", "chrom", "strand"]] == several[["gene_id", "chrom", "strand"]].shift()).all(axis=1)
    overlap = same & (several["start"] < several["end"].shift())
    if overlap.any():
        name = several["gene_id"][overlap].iloc[0]
        lines = several["line"][several["gene_id"] == name].tolist()
        raise ChromolabError(
            f"{path}, lines {min(lines)} and {max(lines)}: {name} has two gene rows that overlap and differ (versions "
            f"are ignored); {overlap.sum()} such row(s). Keep one row per gene."
        )
    return rows


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
