"""The two intervals and the frequency in the columns of a text table: with a header, or in washU's longrange."""

import itertools
import logging
import re
from collections.abc import Mapping, Sequence
from os import PathLike

import pandas as pd

from chromolab.data.contacts import text_tables as tables
from chromolab.data.contacts.text_tables import ALIASES, PLACES
from chromolab.data.tables import split
from chromolab.data.text import is_number
from chromolab.errors import ChromolabError

log = logging.getLogger("chromolab")

FRAGMENT = re.compile(r"^(.+)[.:](\d+)[.-](\d+)$")  # chr1.1000.2000, chr1:1000-2000
COMMA_PLACE = re.compile(r"^(.+)[,:](\d+)[,-](\d+)$")  # chr1,1000,2000, chr1:1000-2000
LONGRANGE = re.compile(r"^(.+):(\d+)-(\d+),([^,]+)$")  # chr1:1000-2000,7.5
PEAK_COLUMNS = (  # of CHiCAGO's peak matrix; the others are cell types
    "baitChr",
    "baitStart",
    "baitEnd",
    "baitID",
    "baitName",
    "oeChr",
    "oeStart",
    "oeEnd",
    "oeID",
    "oeName",
    "dist",
    "clusterID",
    "clusterPostProb",
)
INTERACT = (  # UCSC's interact: the span of both ends, then the ends
    *("chrom", "chromStart", "chromEnd", "name", "score", "value", "exp", "color"),
    *("sourceChrom", "sourceStart", "sourceEnd", "sourceName", "sourceStrand"),
    *("targetChrom", "targetStart", "targetEnd", "targetName", "targetStrand"),
)
MIDPOINTS = (
    "midpoints, as Fit-Hi-C writes, are no intervals: make starts and ends of them, mid - bin / 2 and mid + bin / 2"
)
HICCUPS = (("observed", "expectedDonut"), ("o", "e_donut"))  # columns of counts and expected counts


def read_table(
    path: str | PathLike[str], kind, columns, frequency, where, cell_type, progress
) -> tuple[pd.DataFrame, str]:
    """Read a table of contacts with a header, and what its frequency measures.

    `kind` is its format: "table", "promoter-capture", "ibed", "peak-matrix", "bedpe" or "interact"; for the other
    arguments see `read_contacts`. Values that are no numbers stay text, so that the check of contacts can show them.

    Raises
    ------
    ChromolabError
        A damaged file, a missing or ambiguous column, no row that `where` asks for.
    """
    names = columns if isinstance(columns, Sequence) and not isinstance(columns, str) else None
    optional = kind == "interact" and frequency is None and "frequency" not in (columns or {})
    if kind == "interact":
        names, frequency = names or INTERACT, "value" if optional else frequency
    header = tables.find_header(tables.head(path), names)
    if names is not None and len(header.first) != len(names):
        raise ChromolabError(f"{path}: {len(header.first)} columns, but {len(names)} names were given in columns.")
    columns = columns if isinstance(columns, Mapping) else {}
    if kind == "peak-matrix" and frequency is None and "frequency" not in columns:
        frequency = _peak_column(path, header.names, cell_type)
    fragments = {"frag1", "frag2"} <= {*header.names, *columns} and "chrom1" not in {*header.names, *columns}
    needed = ["frag1", "frag2"] if fragments else list(PLACES)
    ratio = _hiccups(kind, header, frequency, columns)
    needed += list(ratio) if ratio else [] if is_value(frequency) else ["frequency"]
    needed += [c for c in (where or {}) if c not in needed]
    places = named_columns(path, header, columns, frequency, needed)
    parts = []
    for block in tables.read_columns(path, header, list(places.values()), progress):
        part = {ours: block[f"c{i}"] for ours, i in places.items()}
        for side in ("1", "2") if fragments else ():
            part |= split_places(part.pop(f"frag{side}"), FRAGMENT, side)
        parts.append(pd.DataFrame(part))
    df = _chosen_rows(path, pd.concat(parts, ignore_index=True), where)
    if optional and _without_values(path, df["frequency"]):
        return read_table(path, kind, columns, "score", where, cell_type, progress)
    for column in df.columns.difference(["chrom1", "chrom2", *(where or ())]):
        df[column] = numeric(df[column])
    return _with_frequency(path, df, kind, header, places, frequency, ratio)


def _without_values(path, values: pd.Series) -> bool:
    """Whether an interact file leaves its values 0, as it may; `ChromolabError` where most rows do and some do not."""
    zeros = pd.to_numeric(values, errors="coerce") == 0
    if 0.5 < zeros.mean() < 1:
        raise ChromolabError(
            f"{path}: the value is 0 in {zeros.sum():,} of {len(zeros):,} rows, so the score may be meant. Name it: "
            "frequency='value' or frequency='score'."
        )
    return bool(zeros.all())


def is_value(frequency) -> bool:
    """Whether `frequency` is a number rather than the name of a column."""
    return isinstance(frequency, int | float) and not isinstance(frequency, bool)


def _hiccups(kind, header: tables.Header, frequency, columns) -> tuple[str, str] | None:
    """The two columns whose ratio is the frequency, for a table of loops with counts but no score; else None."""
    if kind != "bedpe" or frequency is not None or "frequency" in columns:
        return None
    scored = [i for i, name in enumerate(header.names) if name in ALIASES["frequency"]]
    if scored and len(header.first) > scored[0] and is_number(header.first[scored[0]]):
        return None
    return next((pair for pair in HICCUPS if set(pair) <= set(header.names)), None)


def _peak_column(path, names: Sequence[str], cell_type: str | None) -> str:
    """The column of scores of a peak matrix: the cell type's, or the only one."""
    cells = [n for n in names if n not in PEAK_COLUMNS]
    if cell_type in cells:
        return cell_type
    if len(cells) != 1:
        raise ChromolabError(
            f"{path}: a peak matrix of {len(cells)} cell types ({', '.join(cells[:12])}); choose one by name: "
            f"frequency={cells[0] if cells else '...'!r}."
        )
    return cells[0]


def _chosen_rows(path, df: pd.DataFrame, where: Mapping[str, object] | None) -> pd.DataFrame:
    """The rows in which every column of `where` has its value."""
    for column, value in (where or {}).items():
        as_number = pd.to_numeric(df[column], errors="coerce") if is_value(value) else None
        kept = (df[column] == str(value)) | (False if as_number is None else as_number == value)
        if not kept.any():
            examples = ", ".join(map(str, df[column].unique()[:5]))
            raise ChromolabError(f"{path}: no row where {column} is {value!r}; it has {examples}.")
        df = df[kept].reset_index(drop=True)
    return df


def _with_frequency(path, df, kind, header, places, frequency, ratio) -> tuple[pd.DataFrame, str]:
    """The table with its column `frequency`, and what that measures."""
    if is_value(frequency):
        return df.assign(frequency=float(frequency)), f"the same for every contact ({frequency:g})"
    if ratio:
        observed, expected = (pd.to_numeric(df[c], errors="coerce") for c in ratio)
        df["frequency"] = observed / expected.where(expected > 0)
        return df, "observed / expected around the loop (HiCCUPS, donut)"
    column = header.names[places["frequency"]]
    if kind == "peak-matrix":
        lacking = df["frequency"].isna() | (df["frequency"].astype(str).str.upper() == "NA")
        if lacking.any():
            log.warning("%s: %d rows have no score for %s and are left out.", path, lacking.sum(), column)
            df = df[~lacking].reset_index(drop=True)
            df["frequency"] = numeric(df["frequency"].astype(str))
        return df, f"CHiCAGO score ({column})"
    known = {("ibed", "score"): "CHiCAGO score", ("ibed", "N_reads"): "read pairs"}
    return df, known.get((kind, column), f"column {column!r} of the table")


def read_longrange(path: str | PathLike[str], progress: bool) -> tuple[pd.DataFrame, str]:
    """Read either text form of washU, and what its frequency measures.

    A line is chr1,10,20<tab>chr1,50,60<tab>7.5, or chr1<tab>10<tab>20<tab>chr1:50-60,7.5 (more columns may follow).

    Raises
    ------
    ChromolabError
        A damaged file, or one of another format.
    """
    skip, line = next((i, line) for i, line in enumerate(tables.head(path)) if not tables.is_comment(line))
    separator = "\t" if "\t" in line else " "
    fields = split(line, separator)
    pairs = bool(COMMA_PLACE.match(fields[0]))
    if not pairs and len(fields) < 4:
        raise ChromolabError(
            f"{path}: {line[:80]!r}; expected chr1,10,20<tab>chr1,50,60<tab>7.5 or "
            "chr1<tab>10<tab>20<tab>chr1:50-60,7.5."
        )
    header = tables.Header(separator, [str(i) for i in range(len(fields))], skip)
    parts = []
    for block in tables.read_columns(path, header, range(3 if pairs else 4), progress):
        if pairs:
            part = split_places(block["c0"], COMMA_PLACE, "1")
            part |= split_places(block["c1"], COMMA_PLACE, "2") | {"frequency": block["c2"]}
        else:
            other = block["c3"].str.extract(LONGRANGE).set_axis(["chrom2", "start2", "end2", "frequency"], axis=1)
            part = {"chrom1": block["c0"], "start1": block["c1"], "end1": block["c2"]} | dict(other.items())
        parts.append(pd.DataFrame(part))
    df = pd.concat(parts, ignore_index=True)
    for column in df.columns.difference(["chrom1", "chrom2"]):
        df[column] = df[column] if pd.api.types.is_numeric_dtype(df[column]) else numeric(df[column].fillna(""))
    return df, "score of the washU longrange file"


# ---------------------------------------------------------------- columns into intervals


def numeric(column: pd.Series) -> pd.Series:
    """A column of text as numbers; if any is not a number, the text unchanged, so that an error can show it."""
    numbers = pd.to_numeric(column, errors="coerce")
    return column.astype(object).where(column != "", float("nan")) if numbers.isna().any() else numbers


def split_places(column: pd.Series, pattern: re.Pattern, side: str) -> dict[str, pd.Series]:
    """Split a column of fragments into `chrom`, `start` and `end` of a side, by the groups of `pattern`; else NaN."""
    codes, fragments = pd.factorize(column)
    parts = pd.Series(fragments, dtype=str).str.extract(pattern)
    parts = parts.assign(**{str(i): pd.to_numeric(parts[i], errors="coerce") for i in (1, 2)})
    rows = parts.iloc[codes].reset_index(drop=True)
    return {f"chrom{side}": rows[0], f"start{side}": rows["1"], f"end{side}": rows["2"]}


def named_columns(
    path: str | PathLike[str],
    header: tables.Header,
    columns: Mapping[str, str],
    frequency: str | None,
    needed: Sequence[str],
) -> dict[str, int]:
    """The column number of each of `needed` (our names) in the table at `path`.

    `columns` maps our names to the table's, `frequency` names its column of frequencies; other columns are found by
    `ALIASES`. Raises ChromolabError if a column is missing or ambiguous.
    """
    chosen = dict(columns) | ({"frequency": frequency} if isinstance(frequency, str) else {})
    if missing := [theirs for theirs in chosen.values() if theirs not in header.names]:
        raise ChromolabError(
            f"{path}: columns: {', '.join(missing)} missing from the table, which has {', '.join(header.names)[:400]}."
        )
    places, absent = {}, []
    for ours in needed:
        theirs = chosen.get(ours) or next((n for n in ALIASES.get(ours, (ours,)) if n in header.names), None)
        if theirs is None:
            absent.append(ours)
        elif header.names.count(theirs) > 1:
            remedy = _remedy_for_columns(header) if any(map(is_number, header.names)) else "Give each its own name."
            raise ChromolabError(f"{path}: two columns are called {theirs!r}. {remedy}")
        else:
            places[ours] = header.names.index(theirs)
    if absent:
        raise ChromolabError(
            f"{path}: column(s) {', '.join(absent)} missing; it has {', '.join(header.names)[:400] or 'none'}. "
            f"{_remedy_for_columns(header)}"
        )
    for one, other in itertools.combinations(places, 2):
        if places[one] == places[other]:
            raise ChromolabError(
                f"{path}: {one} and {other} are the same column, {header.names[places[one]]!r}; expected one for each "
                f"({MIDPOINTS})."
            )
    return places


def _remedy_for_columns(header: tables.Header) -> str:
    """What to do about a table whose columns are not found."""
    if any(map(is_number, header.names)):
        return (
            "These are values, so it has no line of names: give them, columns=['chrom1', 'start1', 'end1', 'chrom2', "
            "'start2', 'end2', 'frequency', ...]."
        )
    if any("mid" in name.lower() for name in header.names):
        return f"Note: {MIDPOINTS}."
    return "Name them: columns={'chrom1': ..., 'frequency': ...}, or frequency='...' for the column of frequencies."
