"""From contacts between two places in the genome to each promoter's pCREs (putative cis-regulatory elements).

A pCRE is the far end of a contact whose near end covers a gene's TSS. The published model keeps up to 8 per gene, by
falling normalised frequency: those with a frequency above 1.5 and of at most 40 kb (Lee et al. 2022, Methods).
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from chromolab.data.chromosomes import find_chromosome
from chromolab.data.intervals import PCRE_COLUMNS, check_contacts, check_pcres, overlaps, require_columns
from chromolab.data.report import Report
from chromolab.defaults import MIN_FREQUENCY, N_PCRES, WINDOW
from chromolab.errors import ChromolabError

PCRE_TYPES = dict(zip(PCRE_COLUMNS, (str, str, str, np.int64, np.int64, np.float64), strict=True))


class _Unusable(ChromolabError):
    """No contact in a table is usable for any of the genes."""


def assign_pcres(
    genes: pd.DataFrame,
    contacts: pd.DataFrame,
    k: int = N_PCRES,
    min_frequency: float = MIN_FREQUENCY,
    max_length: int = WINDOW,
    promoter_flank: int = 0,
    cis_only: bool = True,
    none_usable: str = "error",
) -> tuple[pd.DataFrame, Report]:
    """Find each promoter's strongest contacts, at most `k`.

    Parameters
    ----------
    genes : gene table; needs `gene_id`, `cell_type`, `chrom`, `tss`.
    contacts : as `read_contacts` returns it. With a column `cell_type`, a row counts for that cell type only; with a
        column `gene_id` for that gene only, whose promoter is side 1 (`contacts_by_distance`). Pairs of fixed bins
        work, too: the bin with the TSS is the promoter's, and the bins it touches are its pCREs.
    k : keep at most this many pCREs per gene, by falling frequency; ties are ordered by position.
    min_frequency : a contact's frequency must exceed it; `contact_kinds` says what that means for each kind of file.
    max_length : bp; longer pCREs are left out.
    promoter_flank : bp around the TSS that one end of the contact must touch; with 0 the end must cover the TSS.
    cis_only : leave out contacts between chromosomes.
    none_usable : what to do when no contact in the table is usable: "error", or "report" (a line with the reason, and
        genes without pCREs), which suits one cell type among several.

    Returns
    -------
    pcres : DataFrame `PCRE_COLUMNS`, by falling frequency within each gene.
    report : `Report` of the contacts left out, with reasons.

    Raises
    ------
    ChromolabError
        Invalid rows; and with `none_usable="error"`: no chromosome in common with the genes, no contact above
        `min_frequency`, or none at any promoter.

    Notes
    -----
    Either end of a contact may be the promoter; if both are, each is a pCRE of the other. An end that touches the
    gene's own promoter is not one of its pCREs. If a pCRE is listed twice, the higher frequency counts.
    """
    require_columns(genes, ("gene_id", "cell_type", "chrom", "tss"), "genes")
    if k < 1 or promoter_flank < 0 or max_length < 1:
        raise ChromolabError(
            f"k={k}, promoter_flank={promoter_flank}, max_length={max_length}: expected at least 1, 0 and 1."
        )
    if none_usable not in ("error", "report"):
        raise ChromolabError(f"none_usable: {none_usable!r}; expected 'error' or 'report'.")
    report, measure = Report(), getattr(contacts, "attrs", {}).get("measure", "as given")
    contacts = check_contacts(contacts)
    report.known(f"contacts in the table; their frequency: {measure}", count=len(contacts))
    try:
        pairs = _at_promoters(genes, _usable(contacts, genes, min_frequency, cis_only, report), promoter_flank, report)
    except _Unusable as error:
        if none_usable == "error":
            raise
        report.known(f"genes without a pCRE: {error}", genes["gene_id"])
        return check_pcres(pd.DataFrame(columns=list(PCRE_COLUMNS)).astype(PCRE_TYPES)), report

    gene_place = pairs["gene_id"] + " " + pairs["chrom"] + ":" + pairs["start"].astype(str)
    long = pairs["end"] - pairs["start"] > max_length
    report.lost(f"contacts of a promoter left out: the other end is longer than {max_length:,} bp", gene_place[long])
    pairs = pairs[~long].sort_values(
        ["gene_id", "cell_type", "frequency", "chrom", "start", "end"], ascending=[True, True, False, True, True, True]
    )
    repeated = pairs.duplicated(list(PCRE_COLUMNS[:5]))
    report.lost("contacts of a promoter left out: the same pCRE again, not stronger", gene_place[pairs.index[repeated]])
    pairs = pairs[~repeated]
    beyond = pairs.groupby(["gene_id", "cell_type"]).cumcount() >= k
    report.lost(f"contacts of a promoter left out: not among its {k} strongest", gene_place[pairs.index[beyond]])
    pcres = check_pcres(pairs[~beyond].reset_index(drop=True))
    with_pcre = pd.MultiIndex.from_frame(pcres[["gene_id", "cell_type"]])
    without = ~pd.MultiIndex.from_frame(genes[["gene_id", "cell_type"]]).isin(with_pcre)
    report.known("genes without a pCRE", genes["gene_id"][without])
    report.kept("genes with pCREs", count=(~without).sum())
    report.kept("pCREs kept", count=len(pcres))
    return pcres, report


def assign_per_cell_type(
    genes: pd.DataFrame, tables: Mapping[str, pd.DataFrame], options: Mapping[str, Mapping]
) -> tuple[list[pd.DataFrame], dict[str, Report]]:
    """Assign pCREs in each cell type that has contacts.

    Parameters
    ----------
    genes : gene table of all cell types.
    tables : {cell type: contacts}, as `read_contacts` returns them.
    options : {cell type: keyword arguments of `assign_pcres`}.

    Returns
    -------
    pcres : one DataFrame `PCRE_COLUMNS` per cell type.
    reports : {cell type: `Report` of the contacts left out}

    Raises
    ------
    ChromolabError
        As `assign_pcres` does. Among several tables, one without a usable contact is only reported, unless no cell
        type keeps any pCRE.
    """
    pcres, reports, none_usable = [], {}, "report" if len(tables) > 1 else "error"
    for cell, table in tables.items():
        genes_of_cell = genes[genes["cell_type"] == cell]
        assigned, reports[cell] = assign_pcres(genes_of_cell, table, none_usable=none_usable, **options[cell])
        pcres.append(assigned)
    if pcres and not sum(map(len, pcres)):
        reasons = "\n".join(f"contacts of {cell}: {report}" for cell, report in reports.items())
        raise ChromolabError(f"no cell type has a usable contact:\n{reasons}")
    return pcres, reports


def _usable(contacts, genes, min_frequency: float, cis_only: bool, report: Report) -> pd.DataFrame:
    """Contacts that a gene could use: strong enough, on the genes' chromosomes and in their cell types."""
    if contacts.empty:
        raise _Unusable("contacts: no contact in the table; expected one per row.")
    chromosomes = set(genes["chrom"])
    if not any(find_chromosome(c, chromosomes) for c in {*contacts["chrom1"], *contacts["chrom2"]}):
        raise _Unusable(
            f"contacts: no chromosome in common: the contacts lie on {', '.join(contacts['chrom1'].unique()[:3])}, "
            f"the genes on "
            f"{', '.join(sorted(chromosomes)[:3])}. Are both of the same species?"
        )
    weak = contacts["frequency"] <= min_frequency
    if weak.all():
        raise _Unusable(
            f"contacts: none has a frequency above min_frequency={min_frequency:g}; the highest is "
            f"{contacts['frequency'].max():g}. Choose min_frequency to match the table's scale."
        )
    report.lost(f"contacts left out: frequency not above {min_frequency:g}", count=weak.sum())
    contacts = contacts[~weak]
    if cis_only:
        trans = contacts["chrom1"] != contacts["chrom2"]
        report.lost("contacts left out: between chromosomes", count=trans.sum())
        contacts = contacts[~trans]
    if "cell_type" in contacts:
        other = ~contacts["cell_type"].isin(genes["cell_type"])
        report.lost("contacts left out: of a cell type without genes here", contacts["cell_type"][other])
        contacts = contacts[~other]
    return contacts


def _at_promoters(genes: pd.DataFrame, contacts: pd.DataFrame, flank: int, report: Report) -> pd.DataFrame:
    """A row per gene and contact at its promoter, with the position and frequency of the far end."""
    columns = ["chrom", "start", "end"]
    ends = [contacts[[f"{c}{side}" for c in columns]].set_axis(columns, axis=1) for side in (1, 2)]
    near, far = pd.concat(ends, ignore_index=True), pd.concat(ends[::-1], ignore_index=True)
    promoters = pd.DataFrame({"chrom": genes["chrom"], "start": genes["tss"] - flank, "end": genes["tss"] + flank + 1})
    promoters = promoters.reset_index(drop=True)
    gene, contact = overlaps(promoters, near)
    if "cell_type" in contacts:
        cell = np.tile(contacts["cell_type"].to_numpy(), 2)
        same = cell[contact] == genes["cell_type"].to_numpy()[gene]
        gene, contact = gene[same], contact[same]
    if "gene_id" in contacts:
        own = np.append(contacts["gene_id"].to_numpy(object), np.full(len(contacts), None, object))  # side 2: no gene's
        same = own[contact] == genes["gene_id"].to_numpy(object)[gene]
        gene, contact = gene[same], contact[same]
    matched = len(np.unique(contact % max(1, len(contacts))))
    report.lost("contacts left out: no end at a promoter of the genes", count=len(contacts) - matched)
    if not matched:
        raise _Unusable(
            "contacts: no contact has an end at a promoter of these genes. Are both of the same assembly? "
            "Otherwise try a larger promoter_flank, or leave the contacts out."
        )
    names = {chrom: find_chromosome(chrom, set(genes["chrom"])) or chrom for chrom in far["chrom"].unique()}
    pairs = genes[["gene_id", "cell_type"]].iloc[gene].reset_index(drop=True)
    pairs = pairs.assign(**far.iloc[contact].reset_index(drop=True)).assign(chrom=lambda d: d["chrom"].map(names))
    pairs["frequency"] = np.tile(contacts["frequency"], 2)[contact]
    home = promoters.iloc[gene].reset_index(drop=True)  # (pairs,): the promoter itself
    self_contact = (pairs["chrom"] == home["chrom"]) & (pairs["start"] < home["end"]) & (home["start"] < pairs["end"])
    report.lost("contacts of a promoter left out: the other end is the promoter, too", pairs["gene_id"][self_contact])
    return pairs[~self_contact].reset_index(drop=True)
