"""data/whole: a sealed folder tells whether its files are as they were written."""

import os
import shutil

import pytest

from chromolab.data.whole import CONTENTS, is_whole, seal


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "made" / "key").mkdir(parents=True)
    for name in ("a.txt", "key/b.txt"):
        (tmp_path / "made" / name).write_text("abc")
    seal(tmp_path / "made")
    return tmp_path / "made"


def later(file, text):
    file.write_text(text)
    os.utime(file, ns=(file.stat().st_atime_ns, (file.parents[1] / "made" / CONTENTS).stat().st_mtime_ns + 10**9))


def test_what_was_written_is_whole_also_beside_later_files_and_after_a_copy(folder, tmp_path):
    (folder / "later.txt").write_text("x")
    assert is_whole(folder)
    assert is_whole(shutil.copytree(folder, tmp_path / "copy"))
    later(folder / "a.txt", "abc")
    assert is_whole(folder), "touched, the same bytes"


@pytest.mark.parametrize("damage", ["cut", "changed", "gone", "no seal", "seal cut", "seal of another kind"])
def test_what_was_damaged_is_not(folder, damage):
    match damage:
        case "cut":
            (folder / "a.txt").write_text("ab")
        case "changed":
            later(folder / "a.txt", "abd")
        case "gone":
            (folder / "a.txt").unlink()
        case "no seal":
            (folder / CONTENTS).unlink()
        case "seal cut":
            (folder / CONTENTS).write_text((folder / CONTENTS).read_text()[:-5])
        case _:
            (folder / CONTENTS).write_text("[1, 2]")
    assert not is_whole(folder)


def test_some_files_may_be_missing_but_not_be_damaged(folder):
    (folder / "key" / "b.txt").write_text("abcd")
    assert not is_whole(folder, may_lack="key/")
    (folder / "key" / "b.txt").unlink()
    assert is_whole(folder, may_lack="key/") and not is_whole(folder)
