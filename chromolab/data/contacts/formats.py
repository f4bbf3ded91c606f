"""Contact files of every common format, read into one kind of table: two intervals and a frequency per row."""

from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from chromolab.data.contacts import text_tables as tables
from chromolab.data.contacts.columns import COMMA_PLACE, LONGRANGE, read_longrange, read_table
from chromolab.data.contacts.matrices import read_matrix
from chromolab.data.contacts.pickles import read_published_pair
from chromolab.data.intervals import CONTACT_COLUMNS, check_contacts
from chromolab.data.tables import split
from chromolab.data.text import existing_file
from chromolab.errors import ChromolabError


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
        "interact",
        "UCSC's interact: 18 columns, the span first, then source and target",
        "value (score where every value is 0)",
        "in that column's unit",
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


def contact_kinds() -> pd.DataFrame:
    """List the kinds of file that `read_contacts` reads, what their frequency is and what a threshold on it means.

    Returns
    -------
    DataFrame indexed by `format` (the values of `read_contacts(format=...)`): files, measure, threshold.
    """
    return pd.DataFrame(KINDS, columns=Kind._fields).set_index("format")


def read_contacts(
    path: str | PathLike[str],
    columns: Mapping[str, str] | Sequence[str] | None = None,
    frequency: str | float | None = None,
    *,
    where: Mapping[str, object] | None = None,
    cell_type: str | None = None,
    one_based: bool | None = None,
    format: str | None = None,
    genes: pd.DataFrame | None = None,
    progress: bool = True,
    **matrix: Any,
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
    interact          UCSC's tracks of arcs               value, else score           the value's unit
    cool              .cool, .mcool                       observed / expected         times as often as other pairs at
                                                                                      that distance
    dense, triples    text matrix of one chromosome       observed / expected         as for cool
    pickles           published frag2neighbors and        normalised frequency        1.5, as published
                      pair2score
    ================  ==================================  ==========================  ================================

    `contact_kinds` returns this table. Text files may be compressed (gz, bz2, xz, zip) and separated by tabs,
    semicolons, commas, bars or spaces, which is told from the rows.

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
    **matrix : for matrices: `bin_size`, `values` ("oe", "balanced", "raw"), `distances`, `above`, `chrom`, `unit`,
        `bins`; see `chromolab.data.contacts.matrices.read_matrix`.

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
        df, measure = read_matrix(path, kind, genes=genes, progress=progress, one_based=one_based, **matrix)
    elif kind == "pickles":
        df, measure = read_published_pair(path)
    elif kind == "longrange":
        df, measure = read_longrange(path, progress)
    else:
        df, measure = read_table(path, kind, columns, frequency, where, cell_type, progress)
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
        to = f"hictk convert {place.name} {place.stem}.mcool"
        raise ChromolabError(f"{path}: a juicer .hic file; expected .mcool. Convert it: {to}.")
    if columns is not None:
        return "table"
    lines = tables.head(place)
    row = next((line for line in lines if not tables.is_comment(line)), "")
    fields = row.split()
    _refuse_reads(place, lines, fields)
    if any(line.startswith("track") and "interact" in line for line in lines[:20]) or _is_interact(fields):
        return "interact"
    if len(fields) >= 3 and all(COMMA_PLACE.match(f) for f in fields[:2]):
        return "longrange"
    if len(fields) >= 4 and LONGRANGE.match(fields[3]) and tables.is_place(fields[1]):
        return "longrange"
    return _kind_of_table(path, lines, fields, matrix_asked)


def _refuse_reads(path: Path, lines: list[str], fields: list[str]) -> None:
    """Raise `ChromolabError` for pairs of reads, which are no contacts before they are counted in bins.

    A .pairs file begins with its name; without it, a row is read, chrom, place, chrom, place, strand, strand (or
    HiC-Pro's read, chrom, place, strand, chrom, place, strand; or juicer's strand, chrom, place, fragment, twice).
    """

    def fits(places: tuple[int, int], strands: tuple[int, int], known: set[str]) -> bool:
        inside = len(fields) > max(*places, *strands)
        return (
            inside and all(map(tables.is_place, (fields[i] for i in places))) and {fields[i] for i in strands} <= known
        )

    named = any(line.startswith(("## pairs", "#columns: readID")) for line in lines[:200])
    signs, juicer = {"+", "-"}, not all(map(tables.is_value, fields)) and fits((2, 6), (0, 4), {"0", "16"})
    if named or fits((2, 4), (5, 6), signs) or fits((2, 5), (3, 6), signs) or juicer:
        raise ChromolabError(
            f"{path}: pairs of reads, not contacts: count them in bins first, cooler cload pairs -c1 2 -p1 3 -c2 4 -p2 "
            f"5 chrom.sizes:10000 {path.name} out.cool (of a .pairs file), then cooler balance out.cool."
        )


def _is_interact(fields: list[str]) -> bool:
    """Whether a row is one of UCSC's interact, told by its places: the span of both ends, then the ends."""
    return len(fields) == 18 and all(map(tables.is_place, (fields[i] for i in (1, 2, 9, 10, 14, 15))))


def _kind_of_table(path, lines, fields: list[str], matrix_asked: bool) -> str:
    """The format of a text file, from its first lines and the fields of its first row."""
    numbers = [tables.is_value(f) for f in fields]
    with_place = len(fields) > 4 and not numbers[0] and all(numbers[1:])
    if all(numbers) or (with_place and (matrix_asked or len(fields) > 12)):
        return "triples" if len(fields) == 3 and all(numbers) else "dense"
    names = set(tables.find_header(lines).names)
    known = {
        "promoter-capture": {"frag1", "frag2"},
        "ibed": {"bait_chr", "otherEnd_chr"},
        "peak-matrix": {"baitChr", "oeChr"},
        "bedpe": {"x1", "y1"},
    }
    kind = next((kind for kind, needed in known.items() if needed <= names), "table")
    headless = kind == "table" and len(fields) >= 6 and all(tables.is_place(fields[i]) for i in (1, 2, 4, 5))
    with_header = headless and split(next(x for x in lines if not tables.is_comment(x)), "\t")[0] in names
    return "bedpe" if headless and not with_header and {"chrom1", "start1"} <= names else kind
