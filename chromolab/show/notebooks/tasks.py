"""What a notebook of the series asks of its reader: headings of one form say the kind, the minutes and the stars.

`### Exercise 2: the softmax (fill in, 5 minutes, ★★☆)`, or (build, ...), has a stub; `### Predict (1 minute, ★☆☆)`,
`### Read the figure (...)` and `### Build (...)` ask for no code. A title may follow the first word of each.
"""

import re
from typing import NamedTuple

KINDS = ("predict", "read the figure", "fill in", "build")
FORM = "### Exercise 2 (fill in, 5 minutes, ★★☆)` or `### Predict (1 minute, ★☆☆)"
HEADING = re.compile(
    r"### (?:Exercise (?P<number>[1-9])(?:: [^()]+)? \((?P<stub>fill in|build), "
    r"|(?P<free>Predict|Read the figure|Build)(?:: [^()]+)? \()"
    r"(?P<minutes>1(?= minute,)|(?:[2-9]|[1-9]\d)(?= minutes)) minutes?, (?:★☆☆|★★☆|★★★)\)"
)
MEANT = re.compile(r"(?im)^(?:#+ (?:exercise|predict|read the figure|fill in|question)|### build)\b.*$")


class Task(NamedTuple):
    """One exercise: its kind, one of `KINDS`, the minutes it takes, and its number if a stub follows, else 0."""

    kind: str
    minutes: int
    number: int


def _headings(nb) -> list[str]:
    return [h for c in nb.cells if c.cell_type == "markdown" for h in MEANT.findall(c.source)]


def tasks_of(nb) -> list[Task]:
    """The exercises of a notebook, in order; headings that are not of the form are left out."""
    found = [match for match in map(HEADING.fullmatch, _headings(nb)) if match]
    return [Task((m["stub"] or m["free"]).lower(), int(m["minutes"]), int(m["number"] or 0)) for m in found]


def faults_of(nb) -> list[str]:
    """What is wrong with the exercises of a notebook of the series, a sentence each."""
    tasks = tasks_of(nb)
    faults = [f"the heading `{h}` is not like `{FORM}`" for h in _headings(nb) if not HEADING.fullmatch(h)]
    if any(c.cell_type == "markdown" and "**Predict" in c.source for c in nb.cells):
        faults.append("asks for a prediction in bold: give it a heading, `### Predict (1 minute, ★☆☆)`")
    stubs = sum(c.cell_type == "code" and "raise NotImplementedError" in c.source for c in nb.cells)
    numbers = [task.number for task in tasks if task.number]
    if numbers != [*range(1, stubs + 1)]:
        faults.append(f"has {stubs} stubs, and the exercises {numbers}: expected one for each stub, counted from 1")
    if not {"predict", "read the figure"} & {task.kind for task in tasks}:
        faults.append("has nothing to predict and no figure to read: readers without Python have nothing to do")
    said = f"{sum(task.minutes for task in tasks)} minutes for {len(tasks)} exercises"
    if said not in " ".join(nb.cells[0].source.split()):
        faults.append(f"the first cell does not say `{said}`")
    return faults
