"""Expression tables that are no text: Excel workbooks (with openpyxl) and AnnData of a few samples (with h5py)."""

import datetime
import importlib.util
import warnings
import zipfile
from pathlib import Path

from chromolab.data.file_kinds import BY_SUFFIX, HDF5, WORKBOOK, described, kind_of
from chromolab.data.processes import Child, Program
from chromolab.data.tables import Given, Table, settle
from chromolab.errors import ChromolabError

LARGEST = 1 << 29  # bytes of a workbook, unpacked; the shared texts of all sheets are kept in memory
READER = Program(
    "chromolab.data.genes.child_h5ad", "the process that reads AnnData", "The file may be damaged: copy it again."
)


def read_workbook(path: Path, what: str, given: Given) -> Table | None:
    """The first sheet of an Excel workbook, or an AnnData, as a table; None for a file of another kind.

    Raises
    ------
    ChromolabError
        The library that reads it is not installed, the file is damaged or too large, or it holds single cells.
    """
    with open(path, "rb") as f:
        head = f.read(512)
    kind = kind_of(path, head)
    if kind is None or not (kind.name == WORKBOOK or kind.name.startswith(HDF5)):
        return None
    library = "openpyxl" if kind.name == WORKBOOK else "h5py"
    if kind is not BY_SUFFIX[".h5ad"] and kind.name != WORKBOOK:
        raise ChromolabError(described(path, kind, what))
    if importlib.util.find_spec(library) is None:
        raise ChromolabError(f"{described(path, kind, what)} Or install what reads it: pip install {library}")
    if kind.name != WORKBOOK:
        return _anndata(path)
    fields, said = _sheet(path, what)
    lines = [i for i, row in enumerate(fields, 1) if any(row)]
    if not lines:
        raise ChromolabError(f"{path}: no rows in its first sheet; expected {what}.")
    table = settle(path, what, lines, [row for row in fields if any(row)], given)
    table.said += said
    return table


def _sheet(path: Path, what: str) -> tuple[list[list[str]], list[str]]:
    """The cells of the first sheet as text, and what to say of it."""
    import openpyxl

    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(part.file_size for part in archive.infolist())
        if size > LARGEST:
            raise ValueError(f"{size:,} bytes unpacked")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that do not concern us
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            sheet = book.worksheets[0]
            fields = [[_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
            names = book.sheetnames
            book.close()
    except Exception as e:  # whatever a damaged XML or archive makes the library raise
        raise ChromolabError(f"{path}: an Excel workbook that cannot be read ({e!s:.200}). Save it again.") from e
    return fields, ["an Excel workbook" if len(names) == 1 else f"the sheet {names[0]!r}, the first of {len(names)}"]


def _text(cell) -> str:
    """A cell as text; a date as Excel counts it is one, whatever it looks like there."""
    if cell is None:
        return ""
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return " ".join(str(cell).split())


def _anndata(path: Path) -> Table:
    """The samples of an AnnData as columns, with the text columns that describe its genes."""
    names, columns = [], []
    with Child(READER) as child:
        for message in child.ask(path, path=str(path)):
            if "name" in message:
                names.append(message["name"])
                columns.append([cell if isinstance(cell, str) else repr(cell) for cell in message["cells"]])
    rows = [list(row) for row in zip(*columns, strict=True)]
    return Table(names, list(range(1, len(rows) + 1)), rows, ".", ["an AnnData"])
