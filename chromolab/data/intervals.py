"""Chromosome names and sizes, regions, and the checks of every table that the package passes around.

All coordinates are 0-based and half-open, in base pairs. A ``check_*`` function takes a table of one kind and returns a
clean copy (integer coordinates, float values), or raises `ChromolabError` naming the row; rows are counted from 0, as
pandas does. What each table allows:

============  ===========  =======================================  ==================================
table         order        overlapping rows                         duplicates
============  ===========  =======================================  ==================================
regions       any          legal, unless ``disjoint=True``          legal (each gets an answer)
genes         any          legal (genes overlap)                    one row per (gene_id, cell_type)
contacts      any          legal (fragments are shared)             legal (the strongest counts)
pCREs         any          legal                                    one row per gene, cell type, place
chrom sizes   any          -                                        refused
============  ===========  =======================================  ==================================
"""

import logging
import re
from collections.abc import Iterable
from os import PathLike

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from chromolab.data.chromosomes import find_chromosome
from chromolab.data.text import coordinates, text_lines
from chromolab.errors import ChromolabError
from chromolab.lazy import moved

log = logging.getLogger("chromolab")
__getattr__ = moved(__name__, {"chromosome_sizes": "cl.data.chromosomes.chromosome_sizes"})

REGION_COLUMNS = ("chrom", "start", "end")
GENE_COLUMNS = (
    "gene_id",
    "gene_name",
    "cell_type",
    "chrom",
    "tss",
    "strand",
    "start",
    "end",
    "expression",
    "log2_expression",
    "label",
    "fold",
)
CONTACT_COLUMNS = ("chrom1", "start1", "end1", "chrom2", "start2", "end2", "frequency")
PCRE_COLUMNS = ("gene_id", "cell_type", "chrom", "start", "end", "frequency")

LARGEST = 1 << 40  # bp: longer than any chromosome; `overlaps` relies on this


# ---------------------------------------------------------------- tables


def require_columns(df: pd.DataFrame, columns: Iterable[str], name: str) -> None:
    """Raise `ChromolabError` unless `df`, called `name` in the message, is a table with all of `columns`."""
    if not isinstance(df, pd.DataFrame):
        raise ChromolabError(f"{name}: expected a pandas DataFrame, got {type(df).__name__}.")
    if missing := [c for c in columns if c not in df.columns]:
        raise ChromolabError(
            f"{name}: column(s) {', '.join(missing)} missing; it has {', '.join(map(str, df.columns)) or 'none'}. "
            "Rename the columns or add them."
        )


def first_bad(df: pd.DataFrame, bad: ArrayLike, name: str, columns: Iterable[str], expected: str) -> None:
    """Raise `ChromolabError` for the first row of `df` where `bad` (n,) is true; do nothing if there is none.

    The message calls the table `name`, shows the row's `columns` and says what was `expected`.
    """
    bad = np.asarray(bad, bool)
    if not bad.any():
        return
    i = int(np.argmax(bad))
    shown = ", ".join(f"{c}={df[c].iloc[i]}" for c in columns if c in df.columns)
    more = f" ({int(bad.sum())} such rows)" if bad.sum() > 1 else ""
    raise ChromolabError(f"{name}, row {i}{more}: {shown}; expected {expected}. Correct or remove it.")


def _numbers(df: pd.DataFrame, column: str, name: str, integer: bool) -> np.ndarray:
    """Values of `column` (n,) as int64 or float64; a missing, infinite or non-numeric value raises."""
    values = pd.to_numeric(df[column], errors="coerce").to_numpy(np.float64, na_value=np.nan)
    kind = f"a whole number below {LARGEST:,} (2^40)" if integer else "a finite number"
    bad = ~np.isfinite(values)
    if integer:
        bad |= (np.abs(np.where(bad, 0, values)) >= LARGEST) | (np.where(bad, 0, values) % 1 != 0)
    first_bad(df, bad, name, (column,), kind)
    return values.astype(np.int64) if integer else values


def _chromosomes(df: pd.DataFrame, column: str, name: str) -> pd.Series:
    first_bad(df, df[column].isna() | (df[column].astype(str) == ""), name, (column,), "a chromosome name")
    return df[column].astype(str)


def check_regions(
    df: pd.DataFrame, name: str = "regions", *, allow_outside: bool = False, disjoint: bool = False
) -> pd.DataFrame:
    """Check a table of genomic regions and return a clean copy.

    Parameters
    ----------
    df : DataFrame with `chrom`, `start`, `end` (bp); other columns are kept. Any order.
    name : what to call the table in errors (a file name, say).
    allow_outside : accept negative starts: a window around a TSS may extend beyond the chromosome.
    disjoint : refuse regions that overlap one another.

    Raises
    ------
    ChromolabError
        A column is missing, a coordinate is not a whole number, or a region has length <= 0, or (unless
        that is allowed) starts before 0 or overlaps another.
    """
    return _check_intervals(df, name, [REGION_COLUMNS], allow_outside, disjoint)


def _check_intervals(df, name, triples, allow_outside=False, disjoint=False) -> pd.DataFrame:
    require_columns(df, (c for t in triples for c in t), name)
    out = df.reset_index(drop=True).copy()
    for chrom, start, end in triples:
        out[chrom] = _chromosomes(out, chrom, name)
        out[start], out[end] = (_numbers(out, c, name, integer=True) for c in (start, end))
        first_bad(out, out[end] <= out[start], name, (chrom, start, end), f"{end} > {start} (0-based, half-open)")
        if not allow_outside:
            first_bad(out, out[start] < 0, name, (chrom, start, end), f"{start} >= 0")
        if disjoint:
            _refuse_overlap(out, name, chrom, start, end)
    return out


def _refuse_overlap(df, name, chrom, start, end) -> None:
    order = df.sort_values([chrom, start, end], kind="stable")
    same = (order[chrom] == order[chrom].shift()) & (order[start] < order.groupby(chrom)[end].cummax().shift())
    bad = np.zeros(len(df), bool)
    bad[order.index[same.to_numpy()]] = True
    first_bad(df, bad, name, (chrom, start, end), "regions that do not overlap one another")


def check_genes(df: pd.DataFrame, name: str = "genes") -> pd.DataFrame:
    """Check a gene table `df` (one row per gene and cell type; columns `GENE_COLUMNS`) and return a clean copy.

    `tss` is a 0-based base; `expression` is RPKM or TPM and `log2_expression` its log2(x + 1); `label` is 0 or 1;
    `fold` counts from 1. A gene whose expression was not measured has label -1 and NaN in both expression columns: a
    model can predict it but never trains on it. Extra columns are kept. Raises `ChromolabError` with `name` and the
    first row that breaks these rules.
    """
    require_columns(df, GENE_COLUMNS, name)
    if df.empty:
        raise ChromolabError(f"{name}: a table without rows; expected a gene in each row.")
    out = _check_intervals(df, name, [REGION_COLUMNS])
    for column in ("gene_id", "gene_name", "cell_type"):
        first_bad(out, out[column].isna(), name, (column,), "a text")
        out[column] = out[column].astype(str)
    for column in ("tss", "label", "fold"):
        out[column] = _numbers(out, column, name, integer=True)
    unknown = out["label"] == -1
    for column in ("expression", "log2_expression"):
        first_bad(out, unknown & out[column].notna(), name, ("gene_id", column, "label"), "no value with label -1")
        out[column] = _numbers(out.assign(**{column: out[column].mask(unknown, 0)}), column, name, integer=False)
    shown = ("gene_id", "cell_type", "chrom", "tss", "strand", "expression", "label", "fold")
    first_bad(out, ~out["strand"].isin(["+", "-"]), name, shown, "strand '+' or '-'")
    first_bad(out, out["tss"] < 0, name, shown, "a TSS >= 0")
    first_bad(out, out["expression"] < 0, name, shown, "expression >= 0")
    inconsistent = (out["log2_expression"] - np.log2(out["expression"] + 1)).abs() > 1e-6
    shown_log2 = ("gene_id", "expression", "log2_expression")
    first_bad(out, inconsistent, name, shown_log2, "log2_expression = log2(expression + 1)")
    first_bad(out, ~out["label"].isin([0, 1, -1]), name, shown, "label 0 or 1 (-1: not measured)")
    out[["expression", "log2_expression"]] = out[["expression", "log2_expression"]].mask(unknown)
    first_bad(out, out["fold"] < 1, name, shown, "a fold >= 1")
    first_bad(out, out.duplicated(["gene_id", "cell_type"]), name, shown, "one row per gene_id and cell_type")
    return out


def check_contacts(df: pd.DataFrame, name: str = "contacts") -> pd.DataFrame:
    """Check a contact table `df` (columns `CONTACT_COLUMNS`, either side may be the promoter) and return a clean copy.

    `frequency` is any measure >= 0 that grows with contact (normalised frequency, observed / expected, reads). Raises
    `ChromolabError` with `name` and the first bad row.
    """
    require_columns(df, CONTACT_COLUMNS, name)
    out = _check_intervals(df, name, [CONTACT_COLUMNS[:3], CONTACT_COLUMNS[3:6]])
    out["frequency"] = _numbers(out, "frequency", name, integer=False)
    first_bad(out, out["frequency"] < 0, name, CONTACT_COLUMNS, "frequency >= 0")
    return out


def check_pcres(df: pd.DataFrame, name: str = "pCREs") -> pd.DataFrame:
    """Check a table `df` of pCREs (columns `PCRE_COLUMNS`) and return a clean copy, each gene's by falling frequency.

    Raises `ChromolabError` with `name` and the first bad row.
    """
    require_columns(df, PCRE_COLUMNS, name)
    out = _check_intervals(df, name, [REGION_COLUMNS])
    out["frequency"] = _numbers(out, "frequency", name, integer=False)
    first_bad(out, out["frequency"] < 0, name, PCRE_COLUMNS, "frequency >= 0")
    first_bad(out, out.duplicated(list(PCRE_COLUMNS[:5])), name, PCRE_COLUMNS, "each pCRE of a gene only once")
    by = ["gene_id", "cell_type", "frequency", "chrom", "start", "end"]  # coordinates break ties: always the same order
    return out.sort_values(by, ascending=[True, True, False, True, True, True], kind="stable", ignore_index=True)


# ---------------------------------------------------------------- chromosomes


def read_regions(path: str | PathLike[str], *, disjoint: bool = False) -> pd.DataFrame:
    """Read a BED file (compressed or not) as `chrom`, `start`, `end`, `name` (column 4, or chrom:start-end).

    Rows stay in the order of the file. Raises `ChromolabError` if the file at `path` is missing or empty or a line is
    malformed, and with `disjoint` also if regions overlap.
    """
    rows = []
    for number, line in text_lines(path, "a BED file"):
        fields = line.split("\t") if "\t" in line else line.split()
        if not line.strip() or line.startswith("#") or line.split()[0] in ("track", "browser"):
            continue
        place = coordinates(fields[1:3])
        if place is None or len(place) < 2 or place[0] >= place[1]:
            raise ChromolabError(f"{path}, line {number}: {line[:80]!r}; expected chrom, start < end (from 0).")
        chrom, (start, end) = fields[0], place
        rows.append((chrom, start, end, (fields[3] if len(fields) > 3 else "") or f"{chrom}:{start}-{end}"))
    if not rows:
        raise ChromolabError(f"{path}: it has no regions; expected lines such as 'chr1<tab>1000<tab>2000'.")
    return check_regions(pd.DataFrame(rows, columns=[*REGION_COLUMNS, "name"]), str(path), disjoint=disjoint)


def parse_region(text: str) -> tuple[str, int, int]:
    """Parse "chrom:start-end" into chromosome, start and end (bp, 0-based, half open).

    Raises
    ------
    ChromolabError
        The text has another form, or start >= end. Commas and underscores within the numbers are allowed.
    """
    match = re.fullmatch(r"(\S+):([\d,_]+)-([\d,_]+)", text) if isinstance(text, str) else None
    try:
        start, end = coordinates([re.sub("[,_]", "", digits) for digits in match.groups()[1:]])
    except (AttributeError, TypeError):
        raise ChromolabError(f"region {text!r}; expected 'chrom:start-end', 0-based and half open") from None
    if start >= end:
        raise ChromolabError(f"region {text!r} is empty or reversed; expected start < end")
    return match[1], start, end


def tss_windows(genes: pd.DataFrame, window: int) -> pd.DataFrame:
    """A window around each gene's TSS, [tss - window // 2, tss - window // 2 + window), in the order of the rows.

    Parameters
    ----------
    genes : table with `chrom` and `tss` (0-based base). Both strands get the same window, as published.
    window : width in bp. A window may extend beyond either end of its chromosome.

    Raises
    ------
    ChromolabError
        `window` is not a whole number >= 1.
    """
    if int(window) != window or window < 1:
        raise ChromolabError(f"window: {window}; expected a whole number of bp, at least 1.")
    start = genes["tss"].to_numpy(np.int64) - int(window) // 2
    return pd.DataFrame({"chrom": genes["chrom"].to_numpy(), "start": start, "end": start + int(window)})


def overlaps(a: pd.DataFrame, b: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Row numbers (i, j), each (pairs,), of the regions of `a` and `b` that share a base; sorted by i, then j.

    Chromosome names of different conventions are matched. Regions may start before 0.
    """
    # bioframe.overlap warns under pandas 3. Imported here: bioframe loads pyBigWig, which only children may need.
    from bioframe.core.arrops import overlap_intervals

    names = list(dict.fromkeys(a["chrom"]))
    code = {name: i for i, name in enumerate(names)}
    code_b = {name: code.get(find_chromosome(name, code), -1) for name in b["chrom"].unique()}
    # Put all chromosomes on one axis, `LARGEST` bp apart. Code -1, a chromosome without a match, overlaps nothing.
    shifts = (df["chrom"].map(codes).to_numpy(np.int64) * LARGEST for df, codes in ((a, code), (b, code_b)))
    edges = [df[c].to_numpy(np.int64) + s for df, s in zip((a, b), shifts, strict=True) for c in ("start", "end")]
    i, j = overlap_intervals(*edges) if len(a) and len(b) else (np.empty(0, np.int64), np.empty(0, np.int64))
    order = np.lexsort((j, i))
    return i[order], j[order]
