"""Where chromolab keeps its files, files that are complete or absent, and locks between processes."""

import errno
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import BinaryIO

from chromolab.errors import ChromolabError


def cache_folder(cache: str | PathLike[str] | None = None) -> Path:
    """The folder of teaching genomes and downloads: `cache`, else $CHROMOLAB_CACHE, else the user's cache folder."""
    if cache is None:
        cache = os.environ.get("CHROMOLAB_CACHE")
    if cache is None:
        from platformdirs import user_cache_path

        cache = user_cache_path("chromolab")
    return Path(cache).expanduser()


@contextmanager
def atomic_write(path: str | PathLike[str]) -> Iterator[Path]:
    """A path beside `path` to write to, renamed to `path` at the end; when writing fails, `path` stays as it was."""
    path = Path(path)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        yield beside
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def locked(path: str | PathLike[str], wait: Callable[[float], None] = lambda _: None) -> Iterator[BinaryIO]:
    """Open `path` for reading and writing, and lock it; the file is created if it does not exist.

    The lock is released when the process ends, even after a crash. While another process or thread has the lock,
    `wait(seconds so far)` is called several times a second; it may raise to give up. The owner of the lock may rename
    or remove the file: the next caller then creates a new one.

    Raises
    ------
    ChromolabError
        The file system does not support locks.
    """
    from filelock import lock_descriptor

    began = time.monotonic()
    while True:
        with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o666), "r+b", buffering=0) as f:
            try:
                free = lock_descriptor(f.fileno(), blocking=False)
            except OSError as e:
                if e.errno in (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL):
                    raise ChromolabError(
                        f"{path}: this file system has no locks ({e.strerror}), so two processes could write at once. "
                        "Use a folder on another file system (CHROMOLAB_CACHE names the one for downloads)."
                    ) from e
                raise
            if free and _is_still(path, f):
                yield f
                return
        if not free:
            wait(time.monotonic() - began)
            time.sleep(0.1)


def _is_still(path, f) -> bool:
    """Whether `path` still names the file that is open as `f`: its last owner may have renamed or removed it."""
    try:
        return os.path.samestat(os.stat(path), os.fstat(f.fileno()))
    except FileNotFoundError:
        return False


def write_text(path: str | PathLike[str], text: str) -> None:
    """Write a text file; it appears complete or not at all. Makes its folder if need be."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(path) as place:
        place.write_text(text, encoding="utf-8")
