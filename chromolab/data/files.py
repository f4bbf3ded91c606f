"""Where chromolab keeps files, and files that are whole or absent."""

import errno
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from chromolab.errors import ChromolabError


def cache_folder(cache=None) -> Path:
    """Where worlds and downloads are kept: `cache`, else the variable CHROMOLAB_CACHE, else the user's cache folder."""
    if cache is None:
        cache = os.environ.get("CHROMOLAB_CACHE")
    if cache is None:
        import pooch

        cache = pooch.os_cache("chromolab")
    return Path(cache).expanduser()


@contextmanager
def whole(path) -> Iterator[Path]:
    """A place beside `path` to write to, renamed into it at the end; when writing fails, `path` stays as it was."""
    path = Path(path)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        yield beside
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def held(path, wait: Callable[[float], None] = lambda _: None) -> Iterator[BinaryIO]:
    """`path`, made where it is not there, open for reading and writing and held by nobody else.

    The operating system gives it free when this process ends, however it ends: no lock is ever left behind. While
    another process or thread holds it, `wait(seconds so far)` is called a few times a second; it may raise. Whoever
    holds the file may rename or remove it: the next one gets a new file of that name.

    Raises
    ------
    ChromolabError
        The file system has no locks.
    """
    import fcntl

    began = time.monotonic()
    while True:
        with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666), "r+b", buffering=0) as f:
            try:
                fcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                wait(time.monotonic() - began)
                time.sleep(0.1)
                continue
            except OSError as e:
                if e.errno in (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL):
                    raise ChromolabError(
                        f"{path}: this file system has no locks ({e.strerror}), so two processes could write at once. "
                        "Set CHROMOLAB_CACHE to a folder on another one."
                    ) from e
                raise
            if _is_still(path, f):
                yield f
                return


def _is_still(path, f) -> bool:
    """Whether the open file is what stands under that name now."""
    try:
        return os.path.samestat(os.stat(path), os.fstat(f.fileno()))
    except FileNotFoundError:
        return False
