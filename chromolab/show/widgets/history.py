"""Lists of edits, one after another, and a place among them: undo and redo."""

from chromolab.learn.edit import Edit

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
