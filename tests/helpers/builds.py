"""What a build leaves behind, and builds that are interrupted, for tests."""

import contextlib

import pytest

from chromolab.data.project import pieces


def left_in(folder) -> set[str]:
    """Files that a build leaves beside those that were there before."""
    return {p.name for p in folder.iterdir() if p.name.startswith(".") or p.name.startswith("own.")}


class Interrupted(Exception):
    """Anything that ends a build in the middle."""


@contextlib.contextmanager
def stopped_after(monkeypatch, pieces_written: int):
    """A build that ends once this many pieces are written."""
    written, write_piece = [], pieces.Pieces.write

    def counted(self, key, **arrays):
        if len(written) == pieces_written:
            raise Interrupted
        written.append(write_piece(self, key, **arrays))

    with monkeypatch.context() as patch:
        patch.setattr(pieces.Pieces, "write", counted)
        with pytest.raises(Interrupted):
            yield
