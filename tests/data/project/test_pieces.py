"""data/project/pieces: a piece is complete or not used, and nothing of a killed build stays behind."""

import os
import shutil

import filelock
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chromolab.data.project import pieces
from chromolab.data.project.pieces import Kept, Pieces, digest_of, fingerprint, refuse_changed
from chromolab.errors import ChromolabError


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


def test_a_fingerprint_changes_with_the_content_whatever_the_clock_says(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"x" * 200_000)
    before, stat = fingerprint(path), path.stat()
    assert fingerprint(path) == before and before.size == 200_000
    for at in (0, 199_999):
        changed = bytearray(path.read_bytes())
        changed[at] ^= 1
        path.write_bytes(changed)
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        after = fingerprint(path)
        assert after.ends != before.ends and (after.size, after.written) == (before.size, before.written)
        with pytest.raises(ChromolabError, match=f"{path}: changed while the dataset was being built"):
            refuse_changed({path: before})
    refuse_changed({path: fingerprint(path)})
    path.unlink()
    with pytest.raises(ChromolabError, match="cannot be read"):
        fingerprint(path)


def test_a_digest_tells_apart_parts_of_the_same_bytes():
    assert digest_of("ab", "c") != digest_of("a", "bc")
    assert digest_of({"a": 1, "b": [2]}) == digest_of({"b": [2], "a": 1})
    assert digest_of(np.arange(3)) != digest_of(np.arange(3) + 1)
    with pytest.raises(TypeError):
        digest_of(object())


def test_only_pieces_of_the_plan_are_kept(tmp_path):
    keys = ["a" * 64, "b" * 64]
    with Pieces(tmp_path / "p") as pieces:
        for key in keys:
            pieces.write(key, x=np.arange(3))
        (tmp_path / "p" / "notes.txt").write_text("the user's own")
        pieces.keep_only(keys[1:])
        assert [pieces.has(key) for key in keys] == [False, True] and pieces.read(keys[0]) is None
    assert (tmp_path / "p" / "notes.txt").exists()
    with Pieces(tmp_path / "p") as pieces:
        np.testing.assert_array_equal(pieces.read(keys[1])["x"], np.arange(3))
        pieces.remove()
        assert not pieces.has(keys[1])
    assert not (tmp_path / "p").exists()


def test_one_build_at_a_time_holds_the_folder(tmp_path):
    with Pieces(tmp_path / "p"):
        with pytest.raises(ChromolabError, match="another build of this dataset is running"):
            Pieces(tmp_path / "p").__enter__()
    with Pieces(tmp_path / "p"):
        pass


def test_a_look_keeps_nothing(tmp_path):
    (tmp_path / "p").mkdir()
    Kept(tmp_path / "p").write("a" * 64, x=np.ones(1))
    assert list((tmp_path / "p").iterdir()) == []
