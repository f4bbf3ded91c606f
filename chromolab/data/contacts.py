"""Contacts between places of the genome into each promoter's pCREs (putative cis-regulatory elements).

What is a pCRE: the other end of a contact whose first end covers a gene's TSS. The published model keeps at most 8 of a
gene, by falling normalised frequency, above 1.5 and no longer than 40 kb (Lee et al. 2022, Methods).
"""

import lzma
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from chromolab.data._text import existing_file
from chromolab.data.intervals import (
    CONTACT_COLUMNS,
    PCRE_COLUMNS,
    check_contacts,
    check_pcres,
    find_chromosome,
    overlaps,
    require_columns,
)
from chromolab.data.report import Report
from chromolab.defaults import MIN_FREQUENCY, N_PCRES, WINDOW
from chromolab.errors import ChromolabError

# How other programs call these columns: bedpe and juicer, CHiCAGO's ibed, CHiCAGO's peak matrix.
ALIASES = {
    "chrom1": ("chr1", "bait_chr", "baitChr"),
    "start1": ("x1", "bait_start", "baitStart"),
    "end1": ("x2", "bait_end", "baitEnd"),
    "chrom2": ("chr2", "otherEnd_chr", "oeChr"),
    "start2": ("y1", "otherEnd_start", "oeStart"),
    "end2": ("y2", "otherEnd_end", "oeEnd"),
    "frequency": ("score",),
}
REGION = re.compile(r"\s*([^:\s]+):(\d+)-(\d+)\s*")


def read_contacts(
    path,
    columns: Mapping[str, str] | Sequence[str] | None = None,
    frequency: str | None = None,
    *,
    where: Mapping[str, object] | None = None,
    cell_type: str | None = None,
    one_based: bool = False,
) -> pd.DataFrame:
    """Read a table of contacts: two intervals and a value per row; tabs or commas; plain, gz, bz2, xz or zip.

    Parameters
    ----------
    path : the file. Known as they are: columns called as in `CONTACT_COLUMNS`, bedpe and juicer loops, CHiCAGO's ibed
        and peak matrix, and ``frag1``, ``frag2`` written chr1.1000.2000 (Jung et al. 2019).
    columns : dict our name -> the file's name, for others; or a list of names, for a file without a header.
    frequency : the column of interaction frequency (default: ``frequency`` or else ``score``). Any measure that grows
        with contact; reads, scores and observed / expected differ in scale, so choose `min_frequency` to match.
    where : dict column -> value: only these rows, such as ``{"samplenumber": 3}``.
    cell_type : written into a column of that name, for tables of several cell types in one.
    one_based : the starts count from 1.

    Returns
    -------
    DataFrame `CONTACT_COLUMNS` and, where there is one, `cell_type`. Rows in the file's order, which is free; repeated
    and overlapping rows are legal.

    Raises
    ------
    ChromolabError
        An unreadable or empty file, a missing column, or a row with a bad coordinate or frequency.
    """
    names = columns if isinstance(columns, Sequence) and not isinstance(columns, str) else None
    df = _read_table(path, names)
    df = _own_names(df, columns if isinstance(columns, Mapping) else {}, frequency)
    if one_based:
        df = df.assign(**{c: pd.to_numeric(df[c], errors="coerce") - 1 for c in ("start1", "start2")})
    if df.empty:
        raise ChromolabError(f"{path}: no rows in it; expected one contact per row under the header.")
    df = check_contacts(df, str(path))
    for column, value in (where or {}).items():
        require_columns(df, (column,), str(path))
        kept = df[column] == value
        if not kept.any():
            some = ", ".join(map(str, df[column].unique()[:5]))
            raise ChromolabError(f"{path}: no row where {column} is {value!r}; it has {some}.")
        df = df[kept]
    if cell_type is not None:
        df = df.assign(cell_type=cell_type)
    return df[[*CONTACT_COLUMNS, *(c for c in df.columns if c == "cell_type")]].reset_index(drop=True)


def _read_table(path, names: Sequence[str] | None) -> pd.DataFrame:
    path = existing_file(path, "a table of contacts")
    options = {"low_memory": False, "header": None if names else "infer", "compression": "infer"}
    try:
        first = pd.read_csv(path, sep="\0", header=None, nrows=1, quoting=3, dtype=str, compression="infer").iloc[0, 0]
        df = pd.read_csv(path, sep="\t" if "\t" in first else ",", index_col=False, **options)
    except (ValueError, OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile) as e:
        raise ChromolabError(
            f"{path}: could not be read as a table ({str(e).strip() or type(e).__name__}); expected columns separated "
            "by tabs or commas. Is it whole? Copy or download it again."
        ) from e
    if names:
        if len(names) != df.shape[1]:
            raise ChromolabError(f"{path}: {df.shape[1]} columns, but {len(names)} names were given in columns.")
        df.columns = list(names)
    return df.rename(columns={c: str(c).lstrip("# ") for c in df.columns})


def _own_names(df: pd.DataFrame, columns: Mapping[str, str], frequency: str | None) -> pd.DataFrame:
    """`df` with its columns called as ours; those of a fragment chr1.1000.2000 taken apart."""
    for side in ("1", "2"):
        if f"frag{side}" in df and f"chrom{side}" not in df:
            parts = df[f"frag{side}"].astype(str).str.rsplit(".", n=2, expand=True).reindex(columns=range(3))
            df = df.assign(**{f"{name}{side}": parts[i] for i, name in enumerate(("chrom", "start", "end"))})
    chosen = dict(columns) | ({"frequency": frequency} if frequency else {})
    if missing := [theirs for theirs in chosen.values() if theirs not in df.columns]:
        raise ChromolabError(f"columns: {', '.join(missing)} not in the table, which has {', '.join(df.columns)}.")
    for ours, others in ALIASES.items():
        theirs = chosen.get(ours) or next((c for c in (ours, *others) if c in df.columns), None)
        if theirs is not None and theirs != ours:
            df = df.drop(columns=ours, errors="ignore").rename(columns={theirs: ours})
    return df


def parse_neighbours(meta: pd.DataFrame, source: str = "meta") -> pd.DataFrame:
    """The pCREs that a published gene table names in its columns `neighbors` and `scores`.

    Parameters
    ----------
    meta : table with `gene_id`, `cell_type` (or `eid`), `neighbors` ("chr1:10-20;chr1:30-40", empty where there is
        none) and `scores` ("2.5;1.6", the frequencies in the same order).
    source : its name, for errors.

    Returns
    -------
    DataFrame `PCRE_COLUMNS`, per gene by falling frequency.
    """
    cell_type = "cell_type" if "cell_type" in meta.columns else "eid"
    require_columns(meta, ("gene_id", cell_type, "neighbors", "scores"), source)
    rows = []
    fields = meta[["gene_id", cell_type, "neighbors", "scores"]].itertuples(index=False, name=None)
    for i, (gene_id, cell, neighbors, scores) in enumerate(fields):
        regions, values = (([] if pd.isna(x) or x == "" else str(x).split(";")) for x in (neighbors, scores))
        if len(regions) != len(values):
            raise ChromolabError(f"{source}, row {i}: gene {gene_id} has {len(regions)} neighbors and {len(values)} "
                                 "scores; expected as many of each. Correct the row.")  # fmt: skip
        for region, value in zip(regions, values, strict=True):
            match = REGION.fullmatch(region)
            try:
                rows.append((gene_id, cell, match[1], int(match[2]), int(match[3]), float(value)))
            except (TypeError, ValueError):
                said = f"gene {gene_id}, neighbor {region!r}, score {value!r}"
                raise ChromolabError(
                    f"{source}, row {i}: {said}; expected chrom:start-end and a number. Correct the row."
                ) from None
    types = dict(zip(PCRE_COLUMNS, (str, str, str, np.int64, np.int64, np.float64), strict=True))
    return check_pcres(pd.DataFrame(rows, columns=list(PCRE_COLUMNS)).astype(types), f"{source}, neighbors")


def assign_pcres(
    genes: pd.DataFrame,
    contacts: pd.DataFrame,
    k: int = N_PCRES,
    min_frequency: float = MIN_FREQUENCY,
    max_length: int = WINDOW,
    promoter_flank: int = 0,
    cis_only: bool = True,
) -> tuple[pd.DataFrame, Report]:
    """Each promoter's strongest contacts, at most `k`.

    Parameters
    ----------
    genes : gene table; needs `gene_id`, `cell_type`, `chrom`, `tss`.
    contacts : as `read_contacts` returns it. With a column `cell_type` each row counts for that cell type only.
    k : the most pCREs of a gene to keep, by falling frequency; places break ties, so that the result is stable.
    min_frequency : a contact's frequency must be above it.
    max_length : bp; a pCRE must not be longer.
    promoter_flank : bp around the TSS that one end of the contact must touch; with 0 the end covers the TSS itself.
    cis_only : leave out contacts between chromosomes.

    Either end of a row may be the promoter; where both are, each is a pCRE of the other. An end that touches the gene's
    own promoter is no pCRE of it. Of the same pCRE given twice the higher frequency counts.

    Returns
    -------
    pcres : DataFrame `PCRE_COLUMNS`, per gene by falling frequency.
    report : `Report` of what was left out.

    Raises
    ------
    ChromolabError
        Bad rows; no chromosome in common with the genes; no contact above `min_frequency`, or none at any promoter.
    """
    require_columns(genes, ("gene_id", "cell_type", "chrom", "tss"), "genes")
    if k < 1 or promoter_flank < 0 or max_length < 1:
        raise ChromolabError(f"k={k}, promoter_flank={promoter_flank}, max_length={max_length}: expected >= 1, 0, 1.")
    report = Report()
    contacts = _usable(check_contacts(contacts), genes, min_frequency, cis_only, report)
    pairs = _at_promoters(genes, contacts, promoter_flank, report)

    gene_place = pairs["gene_id"] + " " + pairs["chrom"] + ":" + pairs["start"].astype(str)
    long = pairs["end"] - pairs["start"] > max_length
    report.add(f"contacts of a promoter left out: the other end is longer than {max_length:,} bp", gene_place[long])
    pairs = pairs[~long].sort_values(
        ["gene_id", "cell_type", "frequency", "chrom", "start", "end"], ascending=[True, True, False, True, True, True]
    )
    again = pairs.duplicated(list(PCRE_COLUMNS[:5]))
    report.add("contacts of a promoter left out: the same pCRE again, not stronger", gene_place[pairs.index[again]])
    pairs = pairs[~again]
    beyond = pairs.groupby(["gene_id", "cell_type"]).cumcount() >= k
    report.add(f"contacts of a promoter left out: not among its {k} strongest", gene_place[pairs.index[beyond]])
    pcres = check_pcres(pairs[~beyond].reset_index(drop=True))
    having = pd.MultiIndex.from_frame(pcres[["gene_id", "cell_type"]])
    without = ~pd.MultiIndex.from_frame(genes[["gene_id", "cell_type"]]).isin(having)
    report.add("genes without a pCRE", genes["gene_id"][without])
    report.add("genes with pCREs", count=(~without).sum())
    report.add("pCREs kept", count=len(pcres))
    return pcres, report


def _usable(contacts, genes, min_frequency: float, cis_only: bool, report: Report) -> pd.DataFrame:
    """The contacts that could matter to some gene: strong enough, on the genes' chromosomes and in their cell types."""
    report.add("contacts in the table", count=len(contacts))
    chromosomes = set(genes["chrom"])
    if not any(find_chromosome(c, chromosomes) for c in {*contacts["chrom1"], *contacts["chrom2"]}):
        theirs = ", ".join(contacts["chrom1"].unique()[:3]) or "none"
        raise ChromolabError(
            f"contacts: no chromosome in common: the contacts lie on {theirs}, the genes on "
            f"{', '.join(sorted(chromosomes)[:3])}. Are both of the same species?"
        )
    weak = contacts["frequency"] <= min_frequency
    if weak.all():
        raise ChromolabError(
            f"contacts: none has a frequency above min_frequency={min_frequency:g}; the highest is "
            f"{contacts['frequency'].max():g}. Choose min_frequency to match the table's scale."
        )
    report.add(f"contacts left out: frequency not above {min_frequency:g}", count=weak.sum())
    contacts = contacts[~weak]
    if cis_only:
        trans = contacts["chrom1"] != contacts["chrom2"]
        report.add("contacts left out: between chromosomes", count=trans.sum())
        contacts = contacts[~trans]
    if "cell_type" in contacts:
        other = ~contacts["cell_type"].isin(genes["cell_type"])
        report.add("contacts left out: of a cell type without genes here", contacts["cell_type"][other])
        contacts = contacts[~other]
    return contacts


def _at_promoters(genes: pd.DataFrame, contacts: pd.DataFrame, flank: int, report: Report) -> pd.DataFrame:
    """A row per gene and contact that has one end at its promoter, with the place of the other end."""
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
    matched = len(np.unique(contact % max(1, len(contacts))))
    report.add("contacts left out: no end at a promoter of the genes", count=len(contacts) - matched)
    if not matched:
        raise ChromolabError(
            "contacts: no contact has an end at a promoter of these genes. Are both of the same assembly? "
            "Otherwise try a larger promoter_flank, or leave the contacts out."
        )
    names = {chrom: find_chromosome(chrom, set(genes["chrom"])) or chrom for chrom in far["chrom"].unique()}
    pairs = genes[["gene_id", "cell_type"]].iloc[gene].reset_index(drop=True)
    pairs = pairs.assign(**far.iloc[contact].reset_index(drop=True)).assign(chrom=lambda d: d["chrom"].map(names))
    pairs["frequency"] = np.tile(contacts["frequency"], 2)[contact]
    own = promoters.iloc[gene].reset_index(drop=True)
    self_contact = (pairs["chrom"] == own["chrom"]) & (pairs["start"] < own["end"]) & (own["start"] < pairs["end"])
    report.add("contacts of a promoter left out: the other end is the promoter, too", pairs["gene_id"][self_contact])
    return pairs[~self_contact].reset_index(drop=True)
