"""data/files: files that are complete or absent, and locks that end with their process."""

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import filelock
import platformdirs
import pytest

from chromolab.data import files
from chromolab.data.files import (
    REASONS,
    NotWritten,
    atomic_write,
    cache_folder,
    locked,
    make_folder,
    scratch_folder,
    write_text,
)
from chromolab.errors import ChromolabError

OWNER = """
import sys, time
from chromolab.data.files import locked
with locked(sys.argv[1]) as f:
    f.write(b"mine")
    print("locked", flush=True)
    time.sleep(600)
"""


WRITERS = """
import sys, time
from pathlib import Path
from chromolab.data.files import atomic_write, scratch_folder
with atomic_write(sys.argv[1] + "/x") as beside, scratch_folder(sys.argv[1], ".making-") as folder:
    beside.write_text("half")
    (folder / "part").write_text("half")
    print("writing", flush=True)
    sys.stdin.readline()
    (folder / "part").write_text("all")
    folder.rename(sys.argv[1] + "/world")
    beside.write_text("all")
"""


class GivenUp(Exception):
    pass


def give_up(seconds):
    raise GivenUp


def test_downloads_are_kept_in_the_users_cache_folder_unless_told_otherwise(tmp_path, monkeypatch):
    monkeypatch.delenv("CHROMOLAB_CACHE", raising=False)
    assert str(cache_folder()) == platformdirs.user_cache_dir("chromolab")
    monkeypatch.setenv("CHROMOLAB_CACHE", str(tmp_path / "a"))
    assert cache_folder() == tmp_path / "a" and cache_folder(tmp_path / "b") == tmp_path / "b"


def test_a_write_that_fails_leaves_the_file_as_it_was(tmp_path):
    (tmp_path / "x").write_text("before")
    with pytest.raises(ZeroDivisionError), atomic_write(tmp_path / "x") as beside:
        beside.write_text("half")
        raise ZeroDivisionError
    assert [p.name for p in tmp_path.iterdir()] == ["x"] and (tmp_path / "x").read_text() == "before"


def _write_both(folder):
    with atomic_write(folder / "x") as beside, scratch_folder(folder, ".making-") as making:
        beside.write_text("mine")
        (making / "part").touch()


def test_what_a_killed_process_left_goes_with_the_next_write_and_what_is_being_written_stays(tmp_path):
    command = [sys.executable, "-c", WRITERS, tmp_path]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as killed, subprocess.Popen(command, **pipes) as living:
        assert [p.stdout.readline() for p in (killed, living)] == ["writing\n"] * 2
        (tmp_path / ".x.backup").write_text("somebody else's")
        killed.kill()
        killed.wait()
        assert len(list(tmp_path.iterdir())) == 5
        _write_both(tmp_path)
        assert len(list(tmp_path.iterdir())) == 4 and (tmp_path / "x").read_text() == "mine"
        living.communicate("go on\n")
    assert living.returncode == 0 and (tmp_path / "x").read_text() == (tmp_path / "world/part").read_text() == "all"
    assert sorted(p.name for p in tmp_path.iterdir()) == [".x.backup", "world", "x"]


def test_a_scratch_folder_is_gone_after_an_error(tmp_path):
    with pytest.raises(ZeroDivisionError), scratch_folder(tmp_path, "a-") as folder:
        (folder / "deep").mkdir()
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("end", ["terminate", "kill"])
def test_a_lock_ends_with_its_process_however_that_ends(tmp_path, end):
    path = tmp_path / "x"
    owner = subprocess.Popen([sys.executable, "-c", OWNER, path], stdout=subprocess.PIPE, text=True)
    with owner:
        assert owner.stdout.readline() == "locked\n"
        with pytest.raises(GivenUp), locked(path, give_up):
            pass
        getattr(owner, end)()
        owner.wait()
        with locked(path, give_up) as f:
            assert f.read() == b"mine"
    assert owner.returncode in (-signal.SIGTERM, -signal.SIGKILL)


def test_a_lock_is_on_the_file_that_has_the_name_now(tmp_path):
    """Its owner renames the file, as a finished download is: who waited gets a new one, not the finished."""
    path, waits = tmp_path / "x.part", []

    def wait(seconds):
        waits.append(seconds)
        path.rename(tmp_path / "x")
        owner.__exit__(None, None, None)

    owner = locked(path)
    owner.__enter__().write(b"all")
    with locked(path, wait) as f:
        assert f.read() == b"" and len(waits) == 1
    assert (tmp_path / "x").read_bytes() == b"all"


def test_a_file_system_without_locks_is_named(tmp_path, monkeypatch):
    def refuse(descriptor, blocking):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(filelock, "lock_descriptor", refuse)
    with pytest.raises(ChromolabError, match=r"x: this file system has no locks"):
        with locked(tmp_path / "x"):
            pass
    (tmp_path / ".y.01234567").write_text("of a process that may be living")
    with atomic_write(tmp_path / "y") as beside:
        beside.write_text("whole")
    assert sorted(p.name for p in tmp_path.iterdir()) == [".y.01234567", "x", "y"]


def test_whoever_holds_a_file_may_rename_or_remove_it(tmp_path):
    path, met = tmp_path / "x", []

    def other():
        with locked(path) as f:
            met.append(os.path.samestat(os.stat(path), os.fstat(f.fileno())))

    for how in (lambda: path.rename(tmp_path / "y"), path.unlink, lambda: None):
        with locked(path):
            thread = threading.Thread(target=other)
            thread.start()
            time.sleep(0.2)
            how()
        thread.join()
    assert met == [True] * 3


@pytest.mark.parametrize("number", sorted(REASONS))
def test_what_a_disk_says_against_writing_is_told_in_words(tmp_path, number):
    path = tmp_path / "table.csv"
    write_text(path, "old")
    with pytest.raises(NotWritten, match="table.csv: could not be written: .*choose another place") as caught:
        with atomic_write(path) as beside:
            beside.write_text("half")
            raise OSError(number, os.strerror(number))
    assert REASONS[number] in str(caught.value) and "Errno" not in str(caught.value)
    assert caught.value.errno == number and isinstance(caught.value, ChromolabError)
    assert path.read_text() == "old" and os.listdir(tmp_path) == ["table.csv"]


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="no /proc here")
def test_a_place_that_takes_no_folders_is_named():
    with pytest.raises(NotWritten, match="/proc/runs: no folder can be made there"):
        make_folder("/proc/runs")


def test_an_error_of_another_file_or_kind_is_not_put_down_to_the_place(tmp_path):
    for error in (OSError(errno.EACCES, "no", "/elsewhere/a.bam"), OSError(errno.ECONNRESET, "no"), ValueError("x")):
        with pytest.raises(type(error)) as caught, atomic_write(tmp_path / "a"):
            raise error
        assert caught.value is error


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(NotWritten, match="a part of the path is a file"):
        make_folder(tmp_path / "file" / "a" / "b")
    with pytest.raises(NotWritten, match="longer than the system takes"):
        make_folder(tmp_path / ("x" * 300))


@pytest.mark.parametrize("cache", ["~no-such-user/x", "/x" * 3000, "a\0b", "/tmp/\udcff", __file__ + "/x"])
def test_what_cannot_be_a_cache_folder_is_said(cache, monkeypatch):
    with pytest.raises(ChromolabError, match="Choose another: cache=..., or the environment variable CHROMOLAB_CACHE"):
        cache_folder(cache)
    if "\0" not in cache:
        monkeypatch.setenv("CHROMOLAB_CACHE", cache)
        with pytest.raises(ChromolabError, match="Choose another"):
            cache_folder()


def test_an_empty_cache_variable_is_none(monkeypatch):
    monkeypatch.setenv("CHROMOLAB_CACHE", "")
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda name: f"/caches/{name}")
    assert str(cache_folder()) == "/caches/chromolab"


def test_a_folder_that_another_process_takes_for_a_leftover_is_left_to_it(tmp_path, monkeypatch):
    opened, plainly = [], files._open

    def after_another(path):
        if not opened:  # another process has just found the new folder, and is about to remove it
            opened.append(plainly(path))
            assert files._try_lock(opened[0])
        return plainly(path)

    monkeypatch.setattr(files, "_open", after_another)
    with scratch_folder(tmp_path, "a-") as folder:
        (left,) = (place for place in tmp_path.iterdir() if place != folder)
        left.rmdir()  # what the other process does
        assert folder.is_dir()
    os.close(opened[0])
