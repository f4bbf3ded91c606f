"""One way to read a table of text: separator, header, row names, decimal mark and empty columns, verified on its rows.

What is guessed is checked on every row and said in `Table.said`; what cannot be told is asked for by name.
"""

import csv
import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field
from os import PathLike

from chromolab.data.text import decimal_mark, is_number, maybe_number, text_lines
from chromolab.errors import ChromolabError

SEPARATORS = {"\t": "tabs", ";": "semicolons", ",": "commas", "|": "bars", " ": "spaces"}
EMPTY_LINE = ' \t,;|"'  # what an empty line of a spreadsheet is made of
SAMPLE = 1000  # rows from which separator and header are told
# First fields of headers, without capitals, spaces and marks of punctuation.
ID_WORDS = frozenset(
    "gene genes geneid geneids genename genenames genesymbol symbol symbols hgncsymbol mgisymbol id ids idref name "
    "names ensembl ensemblid ensemblgeneid ensembleid ensg genestableid stableid entrez entrezid entrezgene "
    "entrezgeneid feature featureid target targetid transcript transcriptid trackingid locus locustag accession "
    "probe probeid probesetid rowname rownames row index unnamed0 chrom chr chromosome gen refseq refseqid external "
    "externalgenename x".split()
)
EMPTY = ("", "NA", "N/A", "NaN", "nan", "null", "NULL", "-", ".", "#N/A", "#DIV/0!", "#VALUE!")


@dataclass
class Table:
    """Rows of text: column names (unique), line numbers from 1, rows as long as `names`, and what was guessed."""

    names: list[str]
    lines: list[int]
    rows: list[list[str]]
    decimal: str = "."
    said: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Given:
    """What is known of a table beforehand; None where it is to be told from the rows.

    `header`: whether the first line names the columns, or the names of all columns of a file without one. `decimal`:
    "." or ",". `unnamed(rows)`: the names of the columns of a file without a header, or None. `only_unnamed(word)`:
    whether only such files have rows that begin with a word.
    """

    header: bool | Sequence[str] | None = None
    decimal: str | None = None
    unnamed: Callable[[list[list[str]]], list[str] | None] = lambda rows: None
    only_unnamed: Callable[[str], bool] = lambda word: False


def read_rows(path: str | PathLike[str], what: str, given: Given = Given(), reads: Container[str] = ()) -> Table:
    """Read a table of text; its layout is told from its rows.

    A first line with numbers wherever all rows have numbers, and with a first field like theirs, is a row; a line that
    begins with # and has as many fields as the rows is the header. Columns at the end that are empty throughout are
    left out. Of a GCT file (where `reads` has it) the sizes are checked.

    Parameters
    ----------
    path : the file, plain or compressed.
    what : what was expected, for messages.
    given : what the caller knows of it.
    reads : formats of `file_kinds` that the caller reads (`text_lines`).

    Raises
    ------
    ChromolabError
        A row has too many or too few fields; a layout that the rows do not settle; names that are missing or repeated.
    """
    lines, texts, commented, sizes = _content(path, what, reads)
    separator = separator_of(texts[: SAMPLE + 1])
    fields = [split(text, separator) for text in texts]
    if sizes:
        return _gct(path, what, lines, fields, sizes)
    return settle(path, what, lines, fields, given, split(commented, separator) if commented else [], separator)


def settle(
    path,
    what: str,
    lines: list[int],
    fields: list[list[str]],
    given: Given = Given(),
    commented: Sequence[str] = (),
    separator: str = "\t",
) -> Table:
    """The table of lines split into fields, as in `read_rows`; `commented`: the fields of a line that begins with #."""
    said = [] if separator == "\t" else [f"separated by {SEPARATORS[separator]}"]
    while _is_title(fields):
        said.append(f"line {lines[0]} is a title")
        lines, fields = lines[1:], fields[1:]
    names, first = _header(path, lines, fields, commented, given, said)
    lines, rows = lines[first:], fields[first:]
    if not rows:
        raise ChromolabError(f"{path}: no rows under the header; expected {what}.")
    if names is None and (names := given.unnamed(rows)) is None:
        raise ChromolabError(
            f"{path}: counts without a header, in {max(map(_filled, rows[:SAMPLE]))} columns. Name them: "
            "header=['gene_id', ...] in Python, or a first line with gene_id and the cell types."
        )
    names = _fitted(path, lines, names, rows, separator)
    if names[0] in ("", "Unnamed: 0"):
        if _numbers_the_rows(names, rows):
            said.append("the first column, which numbers the rows, is left out")
            names, rows = names[1:], [row[1:] for row in rows]
        else:
            said.append("the first column has no name, and is taken for the genes")
            names = ["gene_id", *names[1:]]
    if repeated := [n for n, count in Counter(names).items() if count > 1]:
        raise ChromolabError(
            f"{path}: two columns are called {repeated[0]!r}. Give each column a name of its own in the first line."
        )
    mark = given.decimal or decimal_mark(path, names, lines, rows)
    if mark == ",":
        said.append("numbers have decimal commas")
    return Table(names, lines, rows, mark, said)


def _gct(path, what: str, lines, fields, sizes: list[int]) -> Table:
    """A GCT's rows; its first line says how many rows and columns it has, and how many of them are annotations."""
    n_rows, n_columns, n_notes, n_heads = sizes if len(sizes) == 4 else [*sizes, 1, 0]
    table = settle(
        path, what, [lines[0], *lines[1 + n_heads :]], [fields[0], *fields[1 + n_heads :]], Given(header=True)
    )
    if len(table.rows) != n_rows or len(table.names) != 1 + n_notes + n_columns:
        raise ChromolabError(
            f"{path}: {len(table.rows)} rows and {len(table.names) - 1 - n_notes} samples; its second line says "
            f"{n_rows} and {n_columns}. The file is cut off: copy or download it again."
        )
    keep = [0, *range(1 + n_notes, len(table.names))]
    table.names = [table.names[i] for i in keep]
    table.rows = [[row[i] for i in keep] for row in table.rows]
    table.said.append("a GCT file")
    return table


def split(text: str, separator: str) -> list[str]:
    """The fields of a line, stripped; quoted ones may hold the separator; " " stands for any white space."""
    if '"' not in text:
        fields = text.split(None if separator == " " else separator)
    elif separator == " ":
        fields = [quoted or word for quoted, word in re.findall(r'"([^"]*)"|(\S+)', text)]
    else:
        try:
            fields = next(csv.reader([text], delimiter=separator))
        except csv.Error:  # a field of more than 128 kB
            fields = text.split(separator)
    return [f.strip() for f in fields]


# ---------------------------------------------------------------- lines


def _content(path, what: str, reads) -> tuple[list[int], list[str], str, list[int]]:
    """Numbers and texts of the lines that are no comments, the last comment before them, and a GCT's sizes."""
    lines, texts, commented, sizes = [], [], "", []
    of_gct = False
    for number, line in text_lines(path, what, reads):
        if not line.strip(EMPTY_LINE) or line[0] in "#!":  # GEO's series matrix has its comments behind a !
            of_gct = of_gct or (number == 1 and re.match(r"#1\.[23]\s*$", line) is not None)
            if line.startswith("#") and not texts:
                commented = line.lstrip("# ")
        elif of_gct and not sizes:
            sizes = [int(cell) for cell in line.split() if cell.isdecimal()][:4]
            if len(sizes) not in (2, 4):
                raise ChromolabError(
                    f"{path}, line {number}: {line[:60]!r}; expected a GCT's numbers of rows and columns."
                )
        else:
            lines.append(number)
            texts.append(line)
    if not texts:
        raise ChromolabError(f"{path}: no rows under the header; expected {what}.")
    return lines, texts, commented, sizes


def separator_of(texts: Sequence[str]) -> str:
    """The separator of a table's first lines: it splits rows and header alike, and leaves most columns of numbers.

    Of equals the first of `SEPARATORS`. Names never hold tabs. Semicolons go before commas, which may be decimal marks
    beside them.
    """
    for with_header in (True, False):  # the first line may be a title
        best, most = "", 0
        for separator in SEPARATORS:
            header, *rows = [split(text, separator) for text in texts]
            widths = Counter(map(_filled, rows or [header]))
            width, alike = widths.most_common(1)[0]
            fits = 0 <= width - _filled(header) <= 1 or not with_header
            found = len(numeric_columns(rows if with_header else rows[1:]))
            if width > 1 and fits and alike >= 0.8 * len(rows) and found > most:
                best, most = separator, found
            if best == "\t":
                break
        if best:
            return best
    return next((s for s in SEPARATORS if all(len(split(text, s)) > 1 for text in texts)), "\t")


def _is_title(fields: Sequence[Sequence[str]]) -> bool:
    """Whether the first line is one text above a header of several names."""
    if len(fields) < 3 or _filled(fields[0]) != 1:
        return False
    width = Counter(_filled(row) for row in fields[1 : SAMPLE + 1]).most_common(1)[0][0]
    return width > 1 and not looks_like_a_row(fields[1], fields[2 : SAMPLE + 2])


def _filled(row: Sequence[str]) -> int:
    """The number of fields up to the last that is not empty."""
    return max((i + 1 for i, cell in enumerate(row) if cell), default=0)


# ---------------------------------------------------------------- header


def _header(path, lines, fields, commented, given: Given, said) -> tuple[list[str] | None, int]:
    """The names of the columns (None: the file has none) and the number of the first row."""
    if given.header is not None and not isinstance(given.header, bool):
        return list(given.header), 0
    if given.header is not None:
        return (fields[0], 1) if given.header else (None, 0)
    first, followers = fields[0], fields[1 : SAMPLE + 1]
    if not looks_like_a_row(first, followers) and not (given.only_unnamed(first[0])):
        return first, 1
    if _filled(commented) == _filled(first) > 1 and not any(map(is_number, commented[1:])):
        said.append("the names of the columns stand in a line that begins with #")
        return list(commented), 0
    if _word(first[0]) in ID_WORDS or not first[0]:
        return first, 1  # cell types may be called 1, 2, 3
    if any(given.only_unnamed(row[0]) for row in fields) or _shape(first[0]) in {_shape(row[0]) for row in followers}:
        said.append("the first line is a row: the file has no header")
        return None, 0
    raise ChromolabError(
        f"{path}, line {lines[0]}: {' '.join(first)[:60]!r} may be a header or a row. Say it: header=True or "
        "header=False (my.yaml: header: under expression:)."
    )


def looks_like_a_row(first: Sequence[str], followers: Sequence[Sequence[str]]) -> bool:
    """Whether a first line has numbers (or NA, or nothing) wherever all rows that follow have numbers, and has some."""
    cells = [first[i] for i in numeric_columns(followers) if i < len(first)]
    return any(cells) and all(maybe_number(cell) or cell in EMPTY for cell in cells)


def numeric_columns(rows: Iterable[Sequence[str]]) -> set[int]:
    """The columns after the first in which every cell that is not empty is a number, and some are."""
    numbers: set[int] = set()
    others: set[int] = set()
    for row in rows:
        for i, cell in enumerate(row[1:], 1):
            if maybe_number(cell):
                numbers.add(i)
            elif cell not in EMPTY:
                others.add(i)
    return numbers - others


def _fitted(path, lines, names: list[str], rows: list[list[str]], separator: str) -> list[str]:
    """The names, as many as the rows have fields, to which rows are cut; row names get one, empty last columns go."""
    while len(names) > 1 and not names[-1] and all(len(row) < len(names) or not row[len(names) - 1] for row in rows):
        names = names[:-1]
    filled = Counter(_filled(row) for row in rows)
    if max(filled) == len(names) + 1 and filled[max(filled)] > 0.5 * len(rows):
        _check_row_names(path, lines, names, rows, separator)
        names = ["", *names]
    width = len(names)
    for line, row in zip(lines, rows, strict=True):
        if len(row) < width or _filled(row) > width:
            raise ChromolabError(
                f"{path}, line {line}: {len(row)} values; expected {width}, as in the header. "
                "Is it a complete table, with one separator throughout?"
            )
        if len(row) > width:
            del row[width:]
    if any(not name for name in names[1:]):
        at = names.index("", 1) + 1
        raise ChromolabError(f"{path}: column {at} has values and no name. Name it in the first line.")
    return names


def _numbers_the_rows(names: list[str], rows: list[list[str]]) -> bool:
    """Whether the first column counts the rows from 0 or 1, and the second is called like a column of genes."""
    if len(names) < 3 or _word(names[1]) not in ID_WORDS:
        return False
    return any(all(row[0] == str(i) for i, row in enumerate(rows, first)) for first in (0, 1))


def _check_row_names(path, lines, names, rows, separator: str) -> None:
    """Raise `ChromolabError` where rows with one field more than the header may have it for another reason.

    R writes row names without a name above them. A decimal comma in a table with commas adds a field, too.
    """
    named = names and _word(names[0]) in ID_WORDS and not _numbers_the_rows(["", *names], rows)
    whole = separator == "," and not any("." in cell for row in rows for cell in row[1:])
    if named or whole:
        raise ChromolabError(
            f"{path}, line {lines[0]}: {_filled(rows[0])} values; expected {len(names)}, as in the header, which "
            f"begins with {names[0]!r}. If commas are both separators and decimal marks, write it again with tabs; if "
            "not, write the missing name into the header."
        )


def _word(text: str) -> str:
    return re.sub(r"[\W_]", "", text).lower()


def _shape(text: str) -> str:
    """A word as its runs of capitals, letters and digits: ENSG00000000003 is A0, Mar-01 Aa-0."""
    return re.sub(r"\d+", "0", re.sub(r"[a-z]+", "a", re.sub(r"[A-Z]+", "A", text)))
