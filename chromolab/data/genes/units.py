"""RPKM, TPM and counts: the way from one to another, and what speaks against the unit that a table is said to have."""

import logging
from collections.abc import Mapping

import numpy as np
import pandas as pd

from chromolab.data.genes.ids import strip_version
from chromolab.errors import ChromolabError

log = logging.getLogger("chromolab")

RPKM, TPM, COUNTS = UNITS = ("RPKM", "TPM", "counts")
ENOUGH = 100  # genes; fewer are not judged
MILLION, CLOSE = 1e6, 0.002  # TPM of all genes add up to a million, but for rounding
MOST = 5e6  # RPKM of all genes: a million if reads lie on genes of 1 kb, more only if on shorter ones
HALF_ABOVE = 100  # RPKM or TPM that half of the genes cannot exceed: measured medians are 1 to 10


def check_unit(unit: str | None, known: tuple, name: str = "unit") -> None:
    """Raise `ChromolabError` unless `unit`, given as the argument `name`, is one of `known`."""
    if unit not in known:
        raise ChromolabError(f"{name}: {unit!r}; expected one of {', '.join(repr(u) for u in known if u)}.")


def doubts(values: pd.Series, unit: str | None) -> str:
    """What speaks against values of one cell type being in `unit`, as half a sentence; "" where nothing does.

    A whole table is expected: sums of a part are smaller, and say less.
    """
    x = values.to_numpy(np.float64)
    if len(x) < ENOUGH or not np.isfinite(x).all() or not x.any():
        return ""
    total, whole = x.sum(), bool((x % 1 == 0).all())
    if unit == COUNTS:
        if not whole and abs(total - MILLION) < CLOSE * MILLION:
            return "the genes add up to a million, as TPM do"
        broken = (x[x > 0] % 1 != 0).mean()
        if broken > 0.9 and total < MILLION and len(x) >= 1000:
            return f"{broken:.0%} of the values are no whole numbers, as RPKM and TPM are"
        return ""
    if whole and x.max() > HALF_ABOVE:
        return f"whole numbers only, up to {x.max():,.0f}, as counts are"
    if (median := float(np.median(x))) > HALF_ABOVE:
        return f"median {median:,.0f}, and {total:,.0f} in all, as counts are"
    if total > MOST:
        return f"{total:,.0f} in all, as counts are"
    if unit == TPM and total > (1 + CLOSE) * MILLION:
        return f"{total:,.0f} in all; TPM add up to 1,000,000 at most"
    if unit == RPKM and len(x) >= 5000 and abs(total - MILLION) < CLOSE * MILLION:
        return "the genes add up to a million, as TPM do"
    return ""


def normalise_expression(
    expression: pd.DataFrame,
    to: str = RPKM,
    lengths: Mapping[str, float] | pd.Series | None = None,
    unit: str | None = None,
) -> pd.DataFrame:
    """Convert counts to RPKM or TPM, or RPKM to TPM.

    Parameters
    ----------
    expression : as `read_expression` returns it, with all genes that were counted, because each column's sum is taken
        as the sequencing depth.
    to : "RPKM": counts per 1,000 bases of the gene and million counts of the column. "TPM": counts per base, scaled so
        that each column sums to a million.
    lengths : {gene id: bp} or a Series (`chromolab.data.exon_lengths`); needed for counts. Default: those that came
        with the table (featureCounts, RSEM, Salmon).
    unit : the unit of `expression`, if its `attrs` do not say.

    Returns
    -------
    DataFrame like `expression`, without genes of unknown length (logged); `attrs["unit"]` is `to`.

    Raises
    ------
    ChromolabError
        An unknown unit, counts without lengths, lengths for none of the genes, TPM to RPKM, a column of zeros.
    """
    unit = unit or expression.attrs.get("unit")
    check_unit(to, (RPKM, TPM), "to")
    check_unit(unit, UNITS)
    lengths = expression.attrs.get("lengths") if lengths is None else lengths
    table = expression.astype(np.float64)
    table.attrs = {name: value for name, value in table.attrs.items() if name == "report"}
    if unit == COUNTS:
        total = table.sum()
        length = _lengths_of(table, lengths)
        table = table.loc[length.index].div(length, axis=0) * (1e9 / total if to == RPKM else 1)
    elif unit == TPM and to == RPKM:
        raise ChromolabError("TPM to RPKM needs the counts. Train on TPM, or start from the counts.")
    empty = [str(c) for c, total in table.sum().items() if not total > 0]
    if empty:
        raise ChromolabError(f"expression: column {empty[0]} holds only zeros. Leave it out.")
    if to == TPM:
        table = table * (1e6 / table.sum())
    table.attrs["unit"] = to
    return table


def _lengths_of(table: pd.DataFrame, lengths) -> pd.Series:
    """Length (bp) of each gene in the table; genes without one are left out."""
    if not isinstance(lengths, pd.Series | Mapping):
        raise ChromolabError(
            "lengths: counts need the genes' lengths in bp: cl.data.exon_lengths('genes.gtf'), or a dict."
        )
    known = pd.Series(lengths, dtype=np.float64)
    known.index = strip_version(known.index)
    known = known[~known.index.duplicated()].reindex(strip_version(table.index)).set_axis(table.index)
    if ((known <= 0) | np.isinf(known)).any():
        raise ChromolabError(f"lengths: {known[(known <= 0) | np.isinf(known)].index[0]} has no length > 0 bp.")
    if known.isna().all():
        raise ChromolabError(f"lengths: none for the table's genes, such as {table.index[0]}. Do the ids match?")
    if known.isna().any():
        log.warning("lengths: %d of %d genes have none and are left out.", known.isna().sum(), len(known))
    return known.dropna()
