"""What the doctor finds: `ok`, `note`, `broken` and `skipped` findings, in order, as text or as a table."""

import html
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import pandas as pd

LEFT = 'style="text-align:left"'  # a notebook would set the cells of a table to the right


class Finding(NamedTuple):
    """The result of one check.

    `state` is "ok", "note" (works, but worth knowing), "broken", or "skipped" (not checked; `seen` says why). `check`
    is the check's name. `seen` and `expected` give numbers; `remedy` says what to do.
    """

    state: str
    check: str
    seen: str
    expected: str = ""
    remedy: str = ""


def ok(check: str, seen: str) -> Finding:
    """A check that found no fault."""
    return Finding("ok", check, seen)


def note(check: str, seen: str, expected: str, remedy: str) -> Finding:
    """Something that works, but is worth knowing."""
    return Finding("note", check, seen, expected, remedy)


def broken(check: str, seen: str, expected: str, remedy: str) -> Finding:
    """Something that has to be corrected before the dataset is built."""
    return Finding("broken", check, seen, expected, remedy)


def skipped(check: str, why: str) -> Finding:
    """A check that was not made; `why` says why."""
    return Finding("skipped", check, f"not checked: {why}")


class Findings(Sequence):
    """Findings in the order of the checks; prints as text and shows as a table in a notebook."""

    def __init__(self, findings: Iterable[Finding] = ()):
        self._all = list(dict.fromkeys(findings))

    def __len__(self) -> int:
        return len(self._all)

    def __getitem__(self, i):
        return self._all[i]

    @property
    def broken(self) -> "Findings":
        """Findings that have to be corrected before the dataset is built."""
        return Findings(f for f in self if f.state == "broken")

    @property
    def notes(self) -> "Findings":
        """Findings that work, but are worth knowing."""
        return Findings(f for f in self if f.state == "note")

    @property
    def problems(self) -> "Findings":
        """Findings that are broken or worth knowing."""
        return Findings(f for f in self if f.state in ("broken", "note"))

    @property
    def skipped(self) -> "Findings":
        """Checks that could not be made, and why."""
        return Findings(f for f in self if f.state == "skipped")

    @property
    def table(self) -> pd.DataFrame:
        """A row per finding: state, check, seen, expected, remedy."""
        return pd.DataFrame(self._all, columns=Finding._fields)

    def __str__(self) -> str:
        return "\n".join(line for f in self for line in lines_of(f))

    __repr__ = __str__

    def _repr_html_(self) -> str:
        said = [i for i in range(len(Finding._fields)) if any(f[i] for f in self)]  # no column that is empty throughout
        rows = [[f"<th {LEFT}>{Finding._fields[i]}</th>" for i in said]]
        rows += [[f"<td {LEFT}>{html.escape(f[i])}</td>" for i in said] for f in self]
        body = "".join(f"<tr>{''.join(row)}</tr>" for row in rows)
        return f"<table>{body}</table>"


def lines_of(finding: Finding) -> Iterator[str]:
    """Yield a finding line by line."""
    yield f"{finding.state:8}{finding.check}: {finding.seen}"
    if finding.expected:
        yield f"{'':8}   expected: {finding.expected}"
    if finding.remedy:
        yield f"{'':8}-> {finding.remedy}"
