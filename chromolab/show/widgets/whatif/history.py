"""Undo and redo for lists of edits, and how one edit is taken out of a list."""

from chromolab.data.dataset.dataset import Dataset
from chromolab.learn.edit.kinds import AddPcre, DropPcre, Edit, Paint, Scale

KEPT = 500  # steps that can be undone; older ones are forgotten


class History:
    """The edits of one gene, step by step: each step is a tuple with all edits, and the first is empty.

    Attributes
    ----------
    past, future : list of tuple of Edit
        The steps up to the current one, and those that were undone, the next to redo last. Never changed in place.
    """

    def __init__(self):
        self.past: list[tuple[Edit, ...]] = [()]
        self.future: list[tuple[Edit, ...]] = []

    @property
    def now(self) -> tuple[Edit, ...]:
        """The edits of the current step."""
        return self.past[-1]

    def push(self, edits) -> None:
        """Add a step and forget what was undone. The same edits again add no step."""
        if (edits := tuple(edits)) != self.now:
            self.past = [*self.past[-KEPT:], edits]
            self.future = []

    def undo(self) -> None:
        """Go one step back, if there is one."""
        if len(self.past) > 1:
            self.past, self.future = self.past[:-1], [*self.future, self.past[-1]]

    def redo(self) -> None:
        """Go one step forward again, if there is one."""
        if self.future:
            self.past, self.future = [*self.past, self.future[-1]], self.future[:-1]


def named(e: Edit) -> str:
    """A stable id for an edit; the page sends it back to name the edit."""
    return f"{type(e).__name__}{hash(e)}"


def position(edits: tuple[Edit, ...], index: int, name: str) -> int | None:
    """Place of the edit `name` in `edits`, None when it is gone; `index` is its place in the page's list."""
    at = [i for i, e in enumerate(edits) if named(e) == name]
    return index if index in at else at[-1] if at else None


def taken_out(gene: Dataset, edits: tuple[Edit, ...], index: int) -> tuple[Edit, ...]:
    """The edits without the one at `index`, and without those that no longer apply to any region.

    With an edit that added a pCRE go all edits of its contact, and those of tracks within this pCRE alone.
    """
    regions = [(str(r.chrom), int(r.start), int(r.end)) for r in gene.signal.regions.itertuples()]
    contacts, kept = {regions[row] for row in gene.pcre[0] if row >= 0}, []
    rest = edits[:index] + edits[index + 1 :]
    places = {*regions, *((e.chrom, e.start, e.end) for e in rest if isinstance(e, AddPcre))}
    for e in rest:
        place = e.chrom, e.start, e.end
        if isinstance(e, Scale | Paint):
            if not any(c == e.chrom and a < e.end and b > e.start for c, a, b in places):
                continue
        elif isinstance(e, AddPcre):
            contacts.add(place)
        elif place not in contacts:
            continue
        elif isinstance(e, DropPcre):
            contacts.remove(place)
        kept.append(e)
    return tuple(kept)
