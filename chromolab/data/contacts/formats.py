"""Contact files of every common format, read into one kind of table: two intervals and a frequency per row."""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from chromolab.data.contacts import text_tables as tables
from chromolab.data.contacts.pickles import read_pickle
from chromolab.data.intervals import CONTACT_COLUMNS, check_contacts
from chromolab.data.text import existing_file
from chromolab.errors import ChromolabError

log = logging.getLogger("chromolab")


class Kind(NamedTuple):
    """A kind of file: `measure` says what its frequency is, `threshold` what `min_frequency` means for it."""

    format: str
    files: str
    measure: str
    threshold: str


OE = "times as often as other pairs at that distance: 1.5 means half as often again"
KINDS = (
    Kind(
        "table",
        "two intervals and a value per row, any column names",
        "the column you name",
        "in that column's unit: look at its distribution before choosing",
    ),
    Kind(
        "promoter-capture",
        "Jung et al. 2019, `po` and `pp`: frag1, frag2 as chr1.1000.2000",
        "the column you name; the published model reads the normalised frequency",
        "on the normalised frequency, 1.5 is the published threshold",
    ),
    Kind(
        "ibed",
        "CHiCAGO: bait, other end, N_reads, score; starts count from 1",
        "CHiCAGO score, or read pairs (frequency='N_reads')",
        "CHiCAGO calls a score of 5 or more a contact; read pairs grow with proximity and sequencing depth",
    ),
    Kind(
        "peak-matrix",
        "CHiCAGO: a row per contact, a column of scores per cell type, chosen by name; from 1",
        "CHiCAGO score",
        "as for ibed; a row is also listed if only another cell type passes",
    ),
    Kind(
        "longrange",
        "washU: chr1,10,20 <tab> chr1,50,60 <tab> 7.5, or chr1 <tab> 10 <tab> 20 <tab> chr1:50-60,7.5",
        "the file's score",
        "in the score's unit: that of the program that wrote the file",
    ),
    Kind(
        "bedpe",
        "loops: six columns of places, then name and score; HiCCUPS and juicer tables",
        "score; without one, but with counts (HiCCUPS), observed / expected (donut)",
        f"for a score, its own unit; for observed / expected, {OE}; with frequency=2.0 all loops count equally",
    ),
    Kind(
        "cool",
        ".cool and .mcool matrices of fixed bins",
        "observed / expected by distance (or balanced, or raw)",
        f"{OE}; on balanced or raw values a threshold keeps mainly near pairs",
    ),
    Kind(
        "dense",
        "one chromosome's matrix as text, a row per bin (with or without chrom, start, end before it)",
        "observed / expected by distance (or the values as they are)",
        OE,
    ),
    Kind("triples", "one chromosome's matrix as text: bin, bin, value", "as for 'dense'", OE),
    Kind(
        "pickles",
        "the published {tissue}_frag2neighbors.pickle with {tissue}_pair2score.pickle beside it",
        "normalised frequency of the published study",
        "1.5 is the published threshold",
    ),
)
FORMATS = tuple(kind.format for kind in KINDS)
MATRICES = ("cool", "dense", "triples")
FROM_ONE = ("ibed", "peak-matrix")  # formats whose starts count from 1
PEAK_COLUMNS = (
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
HICCUPS = (("observed", "expectedDonut"), ("o", "e_donut"))
PICKLES = ("frag2neighbors", "pair2score")


def contact_kinds() -> pd.DataFrame:
    """List the kinds of file that `read_contacts` reads, what their frequency is and what a threshold on it means.

    Returns
    -------
    DataFrame indexed by `format` (the values of `read_contacts(format=...)`): files, measure, threshold.
    """
    return pd.DataFrame(KINDS, columns=Kind._fields).set_index("format")


def read_contacts(
    path,
    columns: Mapping[str, str] | Sequence[str] | None = None,
    frequency: str | float | None = None,
    *,
    where: Mapping[str, object] | None = None,
    cell_type: str | None = None,
    one_based: bool | None = None,
    format: str | None = None,
    genes: pd.DataFrame | None = None,
    progress: bool = True,
    **matrix,
) -> pd.DataFrame:
    """Read contacts of any kind; the format is detected from the file's content unless `format` is given.

    ================  ==================================  ==========================  ================================
    format            file                                frequency                   what `min_frequency` then means
    ================  ==================================  ==========================  ================================
    table             two intervals and a value per row   the column you name         its unit: look before choosing
    promoter-capture  Jung et al. 2019: frag1, frag2      the column you name         1.5, as published, on the
                                                                                      normalised frequency
    ibed              CHiCAGO                             score (or N_reads)          5 is CHiCAGO's own
    peak-matrix       CHiCAGO, a column per cell type     score (name the column)     5 is CHiCAGO's own
    longrange         washU, both text forms              the file's score            the score's unit
    bedpe             loops; HiCCUPS                      score, else observed /      the score's unit, or as for cool
                                                          expected
    cool              .cool, .mcool                       observed / expected         times as often as other pairs at
                                                                                      that distance
    dense, triples    text matrix of one chromosome       observed / expected         as for cool
    pickles           published frag2neighbors and        normalised frequency        1.5, as published
                      pair2score
    ================  ==================================  ==========================  ================================

    `kinds` returns this table. Text files may be compressed (gz, bz2, xz, zip) and separated by tabs or commas.

    Parameters
    ----------
    path : the file; for the published pickles either of the two, with the other beside it; for matrices as text also a
        dict chromosome -> file.
    columns : dict our name -> the file's name, for tables with other column names; or a list of names, for a file
        without a header.
    frequency : the column of interaction frequency (default: ``frequency``, or else ``score``; in a peak matrix the
        cell type's). Any measure that grows with contact will do; reads, scores and observed / expected differ in
        scale, so choose `min_frequency` to match. A number gives every row that frequency, for loops without a score.
    where : dict column -> value: read only these rows, such as ``{"samplenumber": 3}``.
    cell_type : added as a column of that name, for tables that combine several cell types.
    one_based : whether starts (or bin numbers, in triples) count from 1. Default: true for ibed and peak matrix, as
        CHiCAGO writes them, false for all others. A .cool and a matrix without coordinates have no starts.
    format : one of `FORMATS`; by default detected from the content.
    genes : the gene table that the contacts are for. Of a matrix, only pairs with a TSS in one of the bins are kept,
        so that the table stays small; other formats keep every row.
    progress : show a progress bar when reading takes longer than two seconds.
    **matrix : for matrices: `bin_size`, `values` ("oe", "balanced", "raw"), `distances`, `above`, `chrom`, `unit`; see
        `chromolab.data.contacts.matrices.read_matrix`.

    Returns
    -------
    DataFrame `CONTACT_COLUMNS`, with `cell_type` if given, in the file's order; rows may repeat and overlap.
    ``df.attrs["measure"]`` says what the frequency is, ``df.attrs["format"]`` the format, ``df.attrs["one_based"]``
    whether starts were counted from 1 in the file.

    Raises
    ------
    ChromolabError
        An unreadable, incomplete or empty file, a missing column, or a row with an invalid coordinate or frequency.
    """
    if format is not None and format not in FORMATS:
        raise ChromolabError(f"format: {format!r}; expected one of {', '.join(FORMATS)}.")
    kind = format or _kind(path, columns, bool(matrix))
    one_based = kind in FROM_ONE if one_based is None else bool(one_based)
    if matrix and kind not in MATRICES:
        raise ChromolabError(f"{path}: {', '.join(matrix)} only apply to matrices; this is a {kind} file.")
    if kind in MATRICES:
        from chromolab.data.contacts.matrices import read_matrix

        df, measure = read_matrix(path, kind, genes=genes, progress=progress, one_based=one_based, **matrix)
    elif kind == "pickles":
        df, measure = _published_pair(path)
    else:
        df, measure = _text_table(path, kind, columns, frequency, where, cell_type, progress)
    if df.empty and kind not in MATRICES:
        raise ChromolabError(f"{path}: no rows; expected one contact per row under the header.")
    if one_based and kind not in MATRICES:
        df = df.assign(**{c: pd.to_numeric(df[c], errors="coerce") - 1 for c in ("start1", "start2")})
    df = check_contacts(df, str(path))[list(CONTACT_COLUMNS)]
    if cell_type is not None:
        df = df.assign(cell_type=cell_type)
    df.attrs = {"format": kind, "measure": measure, "one_based": one_based}
    return df


def _kind(path, columns, matrix_asked: bool) -> str:
    """The format of a file, from its first bytes or lines."""
    if isinstance(path, Mapping):
        if not path:
            raise ChromolabError("contacts: an empty dict; expected chromosome -> matrix file.")
        path = next(iter(path.values()))
    place = Path(str(path).split("::")[0])
    with open(existing_file(place, "a file of contacts"), "rb") as file:
        start = file.read(16)
    if start.startswith(b"\x89HDF\r\n\x1a\n"):
        return "cool"
    if start[:1] == b"\x80" or place.suffix in (".pickle", ".pkl"):
        return "pickles"
    if start.startswith(b"HIC\0"):
        raise ChromolabError(f"{path}: a juicer .hic file; expected .mcool. Convert it: hictk convert a.hic a.mcool.")
    if columns is not None:
        return "table"
    lines = tables.head(place)
    row = next((line for line in lines if not tables.is_comment(line)), "")
    fields = row.split()
    if len(fields) >= 3 and all(tables.COMMA_PLACE.match(f) for f in fields[:2]):
        return "longrange"
    if len(fields) >= 4 and tables.LONGRANGE.match(fields[3]) and fields[1].isdecimal():
        return "longrange"
    return _kind_of_table(path, lines, fields, matrix_asked)


def _kind_of_table(path, lines, fields: list[str], matrix_asked: bool) -> str:
    numbers = [tables._is_number(f) or f.lower() == "nan" for f in fields]
    with_place = len(fields) > 4 and not numbers[0] and all(numbers[1:])
    if all(numbers) or (with_place and (matrix_asked or len(fields) > 12)):
        return "triples" if len(fields) == 3 and all(numbers) else "dense"
    names = set(tables.layout(lines).names)
    known = {
        "promoter-capture": {"frag1", "frag2"},
        "ibed": {"bait_chr", "otherEnd_chr"},
        "peak-matrix": {"baitChr", "oeChr"},
        "bedpe": {"x1", "y1"},
    }
    kind = next((kind for kind, needed in known.items() if needed <= names), "table")
    headless = kind == "table" and len(fields) >= 6 and all(fields[i].isdecimal() for i in (1, 2, 4, 5))
    with_header = headless and tables.split(next(x for x in lines if not tables.is_comment(x)), "\t")[0] in names
    return "bedpe" if headless and not with_header and {"chrom1", "start1"} <= names else kind


# ---------------------------------------------------------------- tables


def _text_table(path, kind, columns, frequency, where, cell_type, progress) -> tuple[pd.DataFrame, str]:
    names = columns if isinstance(columns, Sequence) and not isinstance(columns, str) else None
    found = tables.layout(tables.head(path), names)
    if names is not None and len(found.first) != len(names):
        raise ChromolabError(f"{path}: {len(found.first)} columns, but {len(names)} names were given in columns.")
    columns = columns if isinstance(columns, Mapping) else {}
    if kind == "longrange":
        return _longrange(path, found, progress), "score of the washU longrange file"
    if kind == "peak-matrix" and frequency is None and "frequency" not in columns:
        frequency = _peak_column(path, found.names, cell_type)
    fragments = {"frag1", "frag2"} <= {*found.names, *columns} and "chrom1" not in {*found.names, *columns}
    needed = ["frag1", "frag2"] if fragments else list(tables.PLACES)
    ratio = _hiccups(kind, found, frequency, columns)
    needed += list(ratio) if ratio else [] if _is_value(frequency) else ["frequency"]
    needed += [c for c in (where or {}) if c not in needed]
    places = tables.named_columns(path, found, columns, frequency, needed)
    parts = []
    for block in tables.read_columns(path, found, list(places.values()), progress):
        part = {ours: block[f"c{i}"] for ours, i in places.items()}
        for side in ("1", "2") if fragments else ():
            part |= tables.taken_apart(part.pop(f"frag{side}"), tables.FRAGMENT, side)
        parts.append(pd.DataFrame(part))
    df = _chosen_rows(path, pd.concat(parts, ignore_index=True), where)
    for column in df.columns.difference(["chrom1", "chrom2", *(where or ())]):
        df[column] = tables.numeric(df[column])
    return _with_frequency(path, df, kind, found, places, frequency, ratio)


def _is_value(frequency) -> bool:
    return isinstance(frequency, int | float) and not isinstance(frequency, bool)


def _hiccups(kind, found: tables.Layout, frequency, columns) -> tuple[str, str] | None:
    """The two columns whose ratio is the frequency, for a table of loops with counts but no score; else None."""
    if kind != "bedpe" or frequency is not None or "frequency" in columns:
        return None
    scored = [i for i, name in enumerate(found.names) if name in tables.ALIASES["frequency"]]
    if scored and len(found.first) > scored[0] and tables._is_number(found.first[scored[0]]):
        return None
    return next((pair for pair in HICCUPS if set(pair) <= set(found.names)), None)


def _peak_column(path, names: Sequence[str], cell_type: str | None) -> str:
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
    for column, value in (where or {}).items():
        as_number = pd.to_numeric(df[column], errors="coerce") if _is_value(value) else None
        kept = (df[column] == str(value)) | (False if as_number is None else as_number == value)
        if not kept.any():
            examples = ", ".join(map(str, df[column].unique()[:5]))
            raise ChromolabError(f"{path}: no row where {column} is {value!r}; it has {examples}.")
        df = df[kept].reset_index(drop=True)
    return df


def _with_frequency(path, df, kind, found, places, frequency, ratio) -> tuple[pd.DataFrame, str]:
    """The table with its column `frequency`, and what that measures."""
    if _is_value(frequency):
        return df.assign(frequency=float(frequency)), f"the same for every contact ({frequency:g})"
    if ratio:
        observed, expected = (pd.to_numeric(df[c], errors="coerce") for c in ratio)
        df["frequency"] = observed / expected.where(expected > 0)
        return df, "observed / expected around the loop (HiCCUPS, donut)"
    column = found.names[places["frequency"]]
    if kind == "peak-matrix":
        lacking = df["frequency"].isna() | (df["frequency"].astype(str).str.upper() == "NA")
        if lacking.any():
            log.warning("%s: %d rows have no score for %s and are left out.", path, lacking.sum(), column)
            df = df[~lacking].reset_index(drop=True)
            df["frequency"] = tables.numeric(df["frequency"].astype(str))
        return df, f"CHiCAGO score ({column})"
    known = {("ibed", "score"): "CHiCAGO score", ("ibed", "N_reads"): "read pairs"}
    return df, known.get((kind, column), f"column {column!r} of the table")


def _longrange(path, found: tables.Layout, progress: bool) -> pd.DataFrame:
    """Both text forms of washU: chr1,10,20 chr1,50,60 7.5, and chr1 10 20 chr1:50-60,7.5 (more columns may follow)."""
    skip, line = next((i, line) for i, line in enumerate(tables.head(path)) if not tables.is_comment(line))
    separator = "\t" if "\t" in line else " "
    fields = tables.split(line, separator)
    pairs = bool(tables.COMMA_PLACE.match(fields[0]))
    if not pairs and len(fields) < 4:
        raise ChromolabError(
            f"{path}: {line[:80]!r}; expected chr1,10,20<tab>chr1,50,60<tab>7.5 or "
            "chr1<tab>10<tab>20<tab>chr1:50-60,7.5."
        )
    plain = tables.Layout(separator, [str(i) for i in range(len(fields))], skip)
    parts = []
    for block in tables.read_columns(path, plain, range(3 if pairs else 4), progress):
        if pairs:
            part = tables.taken_apart(block["c0"], tables.COMMA_PLACE, "1")
            part |= tables.taken_apart(block["c1"], tables.COMMA_PLACE, "2") | {"frequency": block["c2"]}
        else:
            other = (
                block["c3"].str.extract(tables.LONGRANGE).set_axis(["chrom2", "start2", "end2", "frequency"], axis=1)
            )
            part = {"chrom1": block["c0"], "start1": block["c1"], "end1": block["c2"]} | dict(other.items())
        parts.append(pd.DataFrame(part))
    df = pd.concat(parts, ignore_index=True)
    for column in df.columns.difference(["chrom1", "chrom2"]):
        df[column] = df[column] if pd.api.types.is_numeric_dtype(df[column]) else tables.numeric(df[column].fillna(""))
    return df


# ---------------------------------------------------------------- published pickles


def _published_pair(path) -> tuple[pd.DataFrame, str]:
    """The published pair of pickles: fragment -> its neighbours, and (fragment, fragment) -> frequency."""
    path = Path(path)
    given = next((name for name in PICKLES if name in path.name), None)
    if given is None:
        raise ChromolabError(
            f"{path}: a pickle whose name has neither frag2neighbors nor pair2score; only the "
            "published pair of pickles can be read."
        )
    both = [existing_file(path.with_name(path.name.replace(given, name)), f"the {name} pickle") for name in PICKLES]
    neighbours, scores = (read_pickle(p) for p in both)
    if not isinstance(neighbours, dict) or not all(isinstance(v, list | tuple) for v in neighbours.values()):
        raise ChromolabError(f"{both[0]}: expected a dict of lists: fragment -> the fragments it touches.")
    if not isinstance(scores, dict):
        raise ChromolabError(f"{both[1]}: expected a dict: (fragment, fragment) -> frequency.")
    if sum(map(len, neighbours.values())) > both[0].stat().st_size:  # a list named a thousand times over
        raise ChromolabError(f"{both[0]}: more neighbours than a file of its size can hold; it is damaged.")
    rows, seen = [], set()
    for fragment, others in neighbours.items():
        for other in others:
            if not isinstance(fragment, str) or not isinstance(other, str):
                # Only the type is shown: printing lists that share lists would fill the memory.
                kind = type(fragment if not isinstance(fragment, str) else other).__name__
                where = "a key" if not isinstance(fragment, str) else f"a neighbour of {fragment[:60]!r}"
                raise ChromolabError(f"{both[0]}: {where} is of type {kind}; expected text such as chr1.1000.2000.")
            value = scores.get((fragment, other), scores.get((other, fragment)))
            if not _is_value(value) or not abs(value) < 1e300:
                raise ChromolabError(f"{both[1]}: no number for the pair {fragment}, {other}. Are both of one tissue?")
            if (other, fragment) not in seen:  # a pair is listed from both sides
                seen.add((fragment, other))
                rows.append((fragment, other, value))
    table = pd.DataFrame(rows, columns=["frag1", "frag2", "frequency"]).astype({"frag1": str, "frag2": str})
    part = tables.taken_apart(table["frag1"], tables.FRAGMENT, "1")
    part |= tables.taken_apart(table["frag2"], tables.FRAGMENT, "2")
    df = pd.DataFrame(part | {"frequency": table["frequency"]})
    return df, "normalised frequency of the published study"
