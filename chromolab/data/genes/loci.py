"""Copies of one gene: ids that stand at several places of a genome are distinguished, and the primary place is kept."""

import re

import numpy as np
import pandas as pd

from chromolab.data.report import Report

# Names of assembled chromosomes: numbers, arms (2L), Roman numbers, sex chromosomes, mitochondria, NCBI's NC_.
PRIMARY = re.compile(r"^(?:chr)?(?:\d{1,3}[LRAB]?|[IVX]+|[XYZW]|M|MT|Mito|mitochondrion)$|^NC_", re.IGNORECASE)
ON_Y = re.compile(r"^(?:chr)?Y$|^NC_000024\.|^NC_000087\.", re.IGNORECASE)
DUPLICATE = r"_dup(\d+)$"  # UCSC's mark on the id of a transcript that was placed again
APART = 500_000  # bp without a transcript of the gene: its transcripts on either side are two loci
LONGEST_INTRON = 1_500_000  # bp: longer than any that is known in vertebrates


def is_primary(chrom: str) -> bool:
    """Whether a chromosome is assembled, not an alternative, unplaced or decoy sequence, by its name."""
    return PRIMARY.match(chrom) is not None


def one_locus(rows: pd.DataFrame, report: Report, level: str) -> pd.DataFrame:
    """The rows of each gene's primary locus, in the order of `rows`.

    Parameters
    ----------
    rows : `gene_id`, `chrom`, `start`, `end`, `strand`, `transcript` (None where unknown), and `copy`: UCSC's mark of a
        transcript that was placed again, or "".
    report : what is left out is added to it.
    level : what a row is: "gene", "transcript" or "part" (of a transcript, such as an exon).

    Notes
    -----
    Rows of a gene on different chromosomes or strands are different loci. So are gene rows that do not overlap, and
    transcripts that have UCSC's mark, that have one id and do not overlap, or that lie more than `APART` from all the
    others of the gene. Of several loci, those on assembled chromosomes come first, then those without such a mark, then
    X before Y. If more than one is first, the gene is left out.
    """
    rows = rows.assign(locus=_loci(rows, level))
    several = rows.groupby("gene_id")["locus"].transform("nunique") > 1
    if not several.any():
        return rows.drop(columns="locus")
    loci = rows[several].drop_duplicates("locus")
    away = ~loci["chrom"].map(is_primary).astype(bool)
    rank = 4 * away + 2 * loci["copy"].ne("") + loci["chrom"].map(lambda c: ON_Y.match(c) is not None)
    first = loci[rank == rank.groupby(loci["gene_id"]).transform("min")]
    alone = first.groupby("gene_id")["locus"].transform("size") == 1
    kept, unsure = set(first["locus"][alone]), rows["gene_id"].isin(first["gene_id"][~alone])
    lost = several & ~rows["locus"].isin(kept)
    report.lost("gene(s) with a copy at another place, which is left out", rows["gene_id"][lost & ~unsure].unique())
    report.lost("gene(s) left out that lie at several places, none the primary one", rows["gene_id"][unsure].unique())
    return rows[~lost].drop(columns="locus")


def _loci(rows: pd.DataFrame, level: str) -> pd.Series:
    """The number of each row's locus, (rows,)."""
    by = ["gene_id", "chrom", "strand", "copy"]
    if level == "gene":
        return _pieces(rows, by, 0)
    named = rows["transcript"].notna().all()
    if level == "part" and not named:
        return _pieces(rows, by, LONGEST_INTRON)
    if level == "part":  # from parts to transcripts, from these to loci
        pieces = _pieces(rows, [*by, "transcript"], LONGEST_INTRON)
        spans = rows.assign(piece=pieces).groupby("piece", sort=False)
        first = spans[[*by, "transcript"]].first()
        return pieces.map(_loci(first.assign(start=spans["start"].min(), end=spans["end"].max()), "transcript"))
    again = rows["gene_id"].isin(rows["gene_id"][named & rows.duplicated([*by, "transcript"])])
    return _pieces(rows, by, np.where(again, 0, APART))


def _pieces(rows: pd.DataFrame, by: list[str], apart) -> pd.Series:
    """Numbers the pieces of each group of rows, (rows,): within a piece no gap is longer than `apart` (bp)."""
    order = rows.assign(apart=apart).sort_values([*by, "start"], kind="stable")
    group = order.groupby(by, sort=False, dropna=False)
    before = group["end"].cummax().groupby(group.ngroup(), sort=False).shift()
    new = before.isna() | (order["start"] - before > order["apart"])
    return new.cumsum().reindex(rows.index)


def one_gene_of_each_name(genes: pd.DataFrame, names: pd.Series, ids: pd.Series, report: Report) -> pd.Series:
    """Which rows belong to the only gene of their name, or to the only primary one, (rows,) of bool.

    Names occur again on alternative sequences and, in the pseudo-autosomal regions, on Y. `ids` are the genes' own ids.
    """
    rank = 2 * ~genes["chrom"].map(is_primary).astype(bool) + genes["chrom"].map(lambda c: ON_Y.match(c) is not None)
    first = rank == rank.groupby(names).transform("min")
    alone = ids.where(first).groupby(names).transform("nunique") == 1
    report.lost("left out: another copy of a gene that is kept, by its name", names[alone & ~first])
    report.lost(f"left out: the {names.name} stands for several genes of the annotation", names[~alone])
    return first & alone
