"""Numbers as texts: a decimal point or a decimal comma, thousands grouped by the other, told from a whole table."""

import math
import re

from chromolab.data.text import is_number
from chromolab.errors import ChromolabError

COMMA = re.compile(r"^[+-]?\d*,\d+(?:[eE][+-]?\d+)?$")  # 1,5: a decimal comma, or a thousand
GROUPED = {  # thousands are grouped by the other mark
    ".": re.compile(r"^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$"),
    ",": re.compile(r"^[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?$"),
}


def maybe_number(cell: str) -> bool:
    """Whether a cell is a number under either decimal mark."""
    return is_number(cell) or bool(COMMA.match(cell) or any(p.match(cell) for p in GROUPED.values()))


def number_of(text: str, decimal: str = ".") -> float:
    """The number that a text writes with this decimal mark, thousands grouped by the other; NaN if it is none."""
    other = "," if decimal == "." else "."
    if other in text:
        if not GROUPED[decimal].match(text):
            return math.nan
        text = text.replace(other, "")
    if decimal == ",":
        text = text.replace(",", ".")
    return float(text) if is_number(text) else math.nan


def decimal_mark(path, names, lines, rows) -> str:
    """The decimal mark of rows of texts: "." unless they say otherwise; `ChromolabError` where 1,234 may be either."""
    unsure = None
    for line, row in zip(lines, rows, strict=True):
        for i, cell in enumerate(row[1:], 1):
            if "," in cell:
                thousands = GROUPED["."].match(cell) is not None
                if thousands and ("." in cell or cell.count(",") > 1):
                    return "."
                if not thousands and (COMMA.match(cell) or GROUPED[","].match(cell)):
                    return ","
                if thousands and unsure is None:
                    unsure = line, names[i], cell
            elif unsure and "." in cell and is_number(cell):
                return "."
    if unsure:
        raise ChromolabError(
            f"{path}, line {unsure[0]}, column {unsure[1]}: {unsure[2]!r} may be a thousand or a decimal comma. Say: "
            "decimal='.' or decimal=',' (my.yaml: decimal: under expression:)."
        )
    return "."
