"""Lists of edits, one after another, and a place among them: undo and redo; one edit taken out of a list."""

from chromolab.data.dataset import Dataset
from chromolab.learn.edit import AddPcre, DropPcre, Edit, Paint, Scale

KEPT = 500  # lists to go back through; older ones are forgotten


class History:
    """What was done to one gene. A list of edits is a tuple; the first one is empty.

    Attributes
    ----------
    past, future : list of tuple of Edit
        The lists up to the one that holds now, and those that were undone, the next one last. Never changed in place.
    """

    def __init__(self):
        self.past: list[tuple[Edit, ...]] = [()]
        self.future: list[tuple[Edit, ...]] = []

    @property
    def now(self) -> tuple[Edit, ...]:
        return self.past[-1]

    def push(self, edits) -> None:
        """Go on from here with these edits; what was undone is forgotten. The same edits again are no step."""
        if (edits := tuple(edits)) != self.now:
            self.past = [*self.past[-KEPT:], edits]
            self.future = []

    def undo(self) -> None:
        """One step back, where there is one."""
        if len(self.past) > 1:
            self.past, self.future = self.past[:-1], [*self.future, self.past[-1]]

    def redo(self) -> None:
        """One step forward again, where there is one."""
        if self.future:
            self.past, self.future = [*self.past, self.future[-1]], self.future[:-1]


def named(e: Edit) -> str:
    """What tells one edit from another: a page sends it back, to say which one it means."""
    return f"{type(e).__name__}{hash(e)}"


def position(edits: tuple[Edit, ...], index: int, name: str) -> int | None:
    """Where the edit `name` is, by a page's list that may be older than `edits`; None where it is no more."""
    at = [i for i, e in enumerate(edits) if named(e) == name]
    return index if index in at else at[-1] if at else None


def taken_out(gene: Dataset, edits: tuple[Edit, ...], index: int) -> tuple[Edit, ...]:
    """The edits without one of them, and without those that have no place then.

    Where a pCRE was added by it, that is all that was done to the contact, and to the tracks of the pCRE alone.
    """
    own = [(str(r.chrom), int(r.start), int(r.end)) for r in gene.signal.regions.itertuples()]
    touched, left = {own[row] for row in gene.pcre[0] if row >= 0}, []
    rest = edits[:index] + edits[index + 1 :]
    places = {*own, *((e.chrom, e.start, e.end) for e in rest if isinstance(e, AddPcre))}
    for e in rest:
        place = e.chrom, e.start, e.end
        if isinstance(e, Scale | Paint):
            if not any(c == e.chrom and a < e.end and b > e.start for c, a, b in places):
                continue
        elif isinstance(e, AddPcre):
            touched.add(place)
        elif place not in touched:
            continue
        elif isinstance(e, DropPcre):
            touched.remove(place)
        left.append(e)
    return tuple(left)
