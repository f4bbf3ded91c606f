"""show/widgets/whatif/history: undo and redo."""

import chromolab as cl
from chromolab.show.widgets.whatif.history import History


def test_history_goes_back_and_forth_and_forgets_what_was_undone():
    a, b, c = (cl.erase(mark, "chr1:0-100") for mark in "ABC")
    history = History()
    history.push([a])
    history.push([a, b])
    history.push([a, b])  # no step
    history.undo()
    assert history.now == (a,)
    history.redo()
    assert history.now == (a, b)
    history.redo()
    assert history.now == (a, b)
    history.undo()
    history.push([c])
    assert (history.now, history.future) == ((c,), [])
    for _ in range(5):
        history.undo()
    assert history.now == ()
