"""data/project/pieces: a piece is complete or not used, and nothing of a killed build stays behind."""

import shutil

import filelock
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from chromolab.data.project import pieces


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_a_piece_is_whole_or_not_used(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("pieces") / "p"
    key, values = "a" * 64, np.arange(50.0)
    with pieces.Pieces(folder) as kept:
        kept.write(key, values=values, scale="depth")
        whole = (folder / f"{key}.piece").read_bytes()
        at = data.draw(st.integers(0, len(whole) - 1))
        spoilt = bytearray(whole)
        if data.draw(st.booleans()):
            spoilt[at] ^= data.draw(st.integers(1, 255))
        else:
            del spoilt[at:]
        (folder / f"{key}.piece").write_bytes(spoilt)
        assert kept.read(key) is None and not kept.has(key)
        kept.write(key, values=values, scale="depth")
        assert (kept.read(key)["values"] == values).all() and str(kept.read(key)["scale"]) == "depth"


def test_a_folder_that_is_taken_away_meanwhile_is_made_anew(tmp_path, monkeypatch):
    lock, folder = filelock.lock_descriptor, tmp_path / "p"

    def late(descriptor, blocking):
        monkeypatch.setattr(filelock, "lock_descriptor", lock)
        shutil.rmtree(folder)  # another build ends now
        return lock(descriptor, blocking=blocking)

    monkeypatch.setattr(filelock, "lock_descriptor", late)
    with pieces.Pieces(folder) as kept:
        kept.write("a" * 64, x=np.ones(1))
        assert kept.has("a" * 64)


def test_half_written_files_of_a_killed_build_are_removed(tmp_path):
    folder, out = tmp_path / "p", tmp_path / "own.clds"
    folder.mkdir()
    for name in (f".{'a' * 64}.piece.0123abcd", "chromolab-x"):
        (folder / name).mkdir() if name[0] == "c" else (folder / name).write_text("half")
    (tmp_path / ".own.clds.0123abcd").write_text("half")
    (tmp_path / ".own.clds.mine").write_text("the user's own")
    with pieces.Pieces(folder, [out]) as kept:
        kept.write("b" * 64, x=np.zeros(1))
        kept.keep_only([])
    assert {p.name for p in tmp_path.iterdir()} == {".own.clds.mine"}
