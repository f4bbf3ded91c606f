"""A report of what happened to the rows of a table: how many were kept or left out, why, and a few examples."""

import html
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pandas as pd

KINDS = ("kept", "lost", "changed", "known")
N_EXAMPLES = 3


class Line(NamedTuple):
    """`count` rows for which `what` is true, the first few of them, and one of `KINDS`.

    Rows are "kept" (in the result), "lost" (left out because of what they are) or "changed" (used, but not as they
    were); "known" is any other fact, such as the size of the input or rows left out on request.
    """

    count: int
    what: str
    examples: tuple[str, ...]
    kind: str


class Report:
    """Counted lines in the order of events; prints as text, shows as a table in a notebook."""

    def __init__(self, lines: Iterable[Line] = ()):
        self._lines = list(lines)

    def kept(self, what: str, rows: Iterable = (), count: int | None = None) -> None:
        """Add a line on rows that are in the result; for the arguments see `known`."""
        self._add("kept", what, rows, count)

    def lost(self, what: str, rows: Iterable = (), count: int | None = None) -> None:
        """Add a line on rows that were left out because of what they are; for the arguments see `known`."""
        self._add("lost", what, rows, count)

    def changed(self, what: str, rows: Iterable = (), count: int | None = None) -> None:
        """Add a line on rows that were used, but not as they were; for the arguments see `known`."""
        self._add("changed", what, rows, count)

    def known(self, what: str, rows: Iterable = (), count: int | None = None) -> None:
        """Add a line on any other fact: `what` is true of `rows` (names to show).

        `count` replaces the number of rows; 0 adds no line.
        """
        self._add("known", what, rows, count)

    def _add(self, kind: str, what: str, rows: Iterable, count: int | None) -> None:
        rows = list(rows)
        count = len(rows) if count is None else int(count)
        if count:
            examples = dict.fromkeys(str(row) for row in rows)
            self._lines.append(Line(count, what, tuple(examples)[:N_EXAMPLES], kind))

    def of(self, *kinds: str) -> "Report":
        """The lines of these kinds."""
        return Report(line for line in self if line.kind in kinds)

    def __len__(self) -> int:
        return len(self._lines)

    def __getitem__(self, i: int) -> Line:
        return self._lines[i]

    def __iter__(self) -> Iterator[Line]:
        return iter(self._lines)

    @property
    def table(self) -> pd.DataFrame:
        """The lines as a DataFrame: count, what, examples, kind."""
        return pd.DataFrame(self._lines, columns=Line._fields)

    def __str__(self) -> str:
        width = max((len(f"{line.count:,}") for line in self), default=0)
        return "\n".join(f"{line.count:>{width},} {line.what}{_in_brackets(line)}" for line in self)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        cells = ((f"{line.count:,}", line.what, ", ".join(line.examples)) for line in self)
        rows = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in cells)
        head = "<th>rows</th><th>what</th><th>for instance</th>"
        return f"<table><tr>{'</tr><tr>'.join([head, *rows])}</tr></table>"


def _in_brackets(line: Line) -> str:
    more = ", ..." if line.count > len(line.examples) else ""
    return f" ({', '.join(line.examples)}{more})" if line.examples else ""
