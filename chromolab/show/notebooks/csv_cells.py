"""Tables as CSV for people: a spreadsheet shows every text cell, and runs none as a formula."""

import csv
import re
from typing import Any

import pandas as pd

# What spreadsheets take for a formula, and what `as_csv` has put an apostrophe before: also behind white space.
FORMULA = re.compile(r"'*\s*([=+\-@].|[\t\r])", re.DOTALL)
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def as_csv(table: pd.DataFrame, **options: Any) -> str:
    """A table as CSV without its index; a text that a spreadsheet would run gets an apostrophe before it.

    Parameters
    ----------
    table : DataFrame
        Numbers stay as they are, also negative ones that are text.
    **options
        Of `DataFrame.to_csv`.

    Returns
    -------
    str
        `from_csv` takes the apostrophes off again.
    """
    shown = table.map(lambda cell: _shown(cell) if isinstance(cell, str) else cell)
    shown.columns = [_shown(name) if isinstance(name, str) else name for name in table.columns]
    texts = [*shown.columns, *(cell for i in range(shown.shape[1]) for cell in shown.iloc[:, i].tolist())]
    broken = any(isinstance(text, str) and "\r" in text for text in texts)  # unquoted, it would begin a row
    return shown.to_csv(index=False, quoting=csv.QUOTE_NONNUMERIC if broken else csv.QUOTE_MINIMAL, **options)


def from_csv(table: pd.DataFrame) -> pd.DataFrame:
    """A table that was read from `as_csv`'s text, as it was written; its texts without our apostrophes."""
    read = table.map(lambda cell: _read(cell) if isinstance(cell, str) else cell)
    read.columns = [_read(name) if isinstance(name, str) else name for name in table.columns]
    return read


def _shown(text: str) -> str:
    return f"'{text}" if FORMULA.match(text) and not NUMBER.fullmatch(text) else text


def _read(text: str) -> str:
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text
