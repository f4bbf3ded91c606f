"""Where chromolab keeps its files, files that are complete or absent, and locks between processes."""

import errno
import os
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from os import PathLike
from pathlib import Path
from typing import BinaryIO

from chromolab.errors import ChromolabError

# What stands in the way of writing, in words; other errors are not of the place.
REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your quota of this disk is used up",
    errno.EFBIG: "files may not be that large here",
    errno.EROFS: "this disk is read-only",
    errno.EACCES: "you may not write there",
    errno.EPERM: "you may not write there",
    errno.ENAMETOOLONG: "the path is longer than the system takes",
    errno.ENOTDIR: "a part of the path is a file, not a folder",
    errno.EEXIST: "a part of the path is a file, not a folder",
    errno.EIO: "the disk does not answer as it should",
    errno.ESTALE: "the share was taken away",
}
# Windows opens no folder, moves and removes nothing that is open, and keeps others from what is locked.
WINDOWS = os.name == "nt"
OLD = 86_400.0  # seconds after which what is half written is a leftover, where nothing half written is locked
NO_LOCKS = {errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL, errno.EBADF}


class NotWritten(ChromolabError, OSError):
    """A file or folder could not be written: a full or read-only disk, say. It keeps the `errno` of the cause."""

    def __str__(self) -> str:
        return str(self.args[0])


class NoLocks(ChromolabError):
    """The file system does not support locks."""


def cache_folder(cache: str | PathLike[str] | None = None) -> Path:
    """The folder of teaching genomes and downloads: `cache`, else $CHROMOLAB_CACHE, else the user's cache folder.

    Raises
    ------
    ChromolabError
        If it cannot be a folder: no such user, or letters that cannot be written in this locale, or too long.
    """
    if cache is None:
        cache = os.environ.get("CHROMOLAB_CACHE") or None
    if cache is None:
        from platformdirs import user_cache_path

        cache = user_cache_path("chromolab")
    remedy = "Choose another: cache=..., or the environment variable CHROMOLAB_CACHE."
    try:
        place = Path(cache).expanduser()
        os.path.lexists(place)
        os.stat(place)
    except FileNotFoundError:
        pass
    except (RuntimeError, ValueError, OSError) as e:  # ~nobody; a NUL; too long, or not to be looked into
        raise ChromolabError(
            f"{cache}: cannot be the cache folder ({getattr(e, 'strerror', None) or e}). {remedy}"
        ) from e
    return plain_path(place, remedy)


def plain_path(path: Path, remedy: str = "Rename it, or its folder.") -> Path:
    """`path` itself; a ChromolabError if it is not UTF-8, as the libraries in C that read and write files want it."""
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError as e:
        raise ChromolabError(
            f"{str(path).encode('utf-8', 'backslashreplace').decode()}: has letters that are not UTF-8, or that this "
            f"terminal's locale does not know (then set LC_ALL=C.UTF-8). {remedy}"
        ) from e
    return path


@contextmanager
def writing(path: str | PathLike[str]) -> Iterator[None]:
    """Inside the block a file or folder is written: what the disk says against it becomes words.

    Raises
    ------
    NotWritten
        The disk is full or read-only, the place is another user's, or the path is too long.
    """
    try:
        yield
    except NotWritten:
        raise
    except OSError as e:
        elsewhere = e.filename is not None and not str(e.filename).startswith(str(Path(path).parent))
        if e.errno not in REASONS or elsewhere:
            raise
        error = NotWritten(
            f"{path}: could not be written: {REASONS[e.errno]}. What was there before is as it was. Make room, or "
            "choose another place."
        )
        error.errno, error.strerror = e.errno, e.strerror
        raise error from e


def make_folder(path: str | PathLike[str]) -> Path:
    """Make a folder and those above it, unless they are there; raises `NotWritten`."""
    try:
        with writing(path):
            Path(path).mkdir(parents=True, exist_ok=True)
    except FileNotFoundError as e:  # in /proc, say
        raise NotWritten(f"{path}: no folder can be made there. Choose another place.") from e
    return Path(path)


@contextmanager
def atomic_write(path: str | PathLike[str], ending: str = "") -> Iterator[Path]:
    """A path beside `path` to write to, renamed to `path` at the end; when writing fails, `path` stays as it was.

    The path has the form ``.name.01234567``, then `ending`, and is locked as long as it is written. What a killed
    process left beside `path` is removed; what another process writes there at the moment stays.

    Raises
    ------
    NotWritten
        The disk is full or read-only, say.
    """
    path = Path(path)
    _remove_leftovers(path.parent, f".{path.name}.", ending)
    with (
        writing(path),
        _held(lambda: path.with_name(f".{path.name}.{secrets.token_hex(4)}{ending}"), _new_file) as beside,
    ):
        try:
            yield beside
            os.replace(beside, path)
        finally:
            beside.unlink(missing_ok=True)


@contextmanager
def scratch_folder(parent: str | PathLike[str], prefix: str) -> Iterator[Path]:
    """A new folder in `parent`, called `prefix` and eight digits, and removed at the end unless it was renamed.

    It is locked as long as it is used: what a killed process left is removed by the next call with this prefix.
    """
    parent = Path(parent)
    _remove_leftovers(parent, prefix, "")
    with writing(parent / prefix), _held(lambda: parent / f"{prefix}{secrets.token_hex(4)}", os.mkdir) as folder:
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _new_file(path: Path) -> None:
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666))


@contextmanager
def _held(name: Callable[[], Path], make: Callable[[Path], None]) -> Iterator[Path]:
    """Make a file or folder under a new name, and keep it locked; without locks where the file system has none."""
    while True:
        make(path := name())
        if WINDOWS:
            yield path
            return
        try:
            descriptor = _open(path)
        except FileNotFoundError:  # another process took it for a leftover before it was locked
            continue
        try:
            lock = _try_lock(descriptor)
            if lock is None or (lock and _is_still(path, descriptor)):
                yield path
                return  # else another process took it for a leftover, and removes it
        finally:
            os.close(descriptor)


def _remove_leftovers(folder: Path, prefix: str, ending: str) -> None:
    """Remove what `_held` made under such names in `folder`, unless a living process has it."""
    leftover = re.compile(re.escape(prefix) + "[0-9a-f]{8}" + re.escape(ending))
    try:
        places = [folder / entry.name for entry in os.scandir(folder) if leftover.fullmatch(entry.name)]
    except OSError:  # no such folder, or not to be listed: making the file will say so
        return
    for place in places:
        with suppress(OSError):  # removed meanwhile, or another user's
            if WINDOWS:
                if time.time() - place.stat().st_mtime > OLD:
                    _remove(place)
                continue
            descriptor = _open(place)
            try:
                if _try_lock(descriptor):
                    _remove(place)
            finally:
                os.close(descriptor)


def _remove(place: Path) -> None:
    shutil.rmtree(place) if place.is_dir() else place.unlink()


def _open(path: Path) -> int:
    return os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)  # a share locks only what may be written


def _try_lock(descriptor: int) -> bool | None:
    """Lock an open file or folder: whether nobody else has it locked; None where the file system has no locks."""
    from filelock import lock_descriptor

    try:
        return lock_descriptor(descriptor, blocking=False)
    except OSError as e:
        if e.errno in NO_LOCKS:
            return None
        raise


@contextmanager
def locked(path: str | PathLike[str], wait: Callable[[float], None] = lambda _: None) -> Iterator[BinaryIO]:
    """Open `path` for reading and writing, and lock it; the file is created if it does not exist.

    The lock is released when the process ends, even after a crash. While another process or thread has the lock,
    `wait(seconds so far)` is called several times a second; it may raise to give up. The owner of the lock may rename
    or remove the file: the next caller then creates a new one.

    Raises
    ------
    NoLocks
        The file system does not support locks.
    NotWritten
        The file cannot be made or written.
    """
    began = time.monotonic()
    while True:
        with writing(path):
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        with os.fdopen(descriptor, "r+b", buffering=0) as f:
            free = _try_lock(f.fileno())
            if free is None:
                raise NoLocks(
                    f"{path}: this file system has no locks, so two processes could write at once. Use a folder on "
                    "another file system (CHROMOLAB_CACHE names the one for downloads)."
                )
            if free and _is_still(path, f.fileno()):
                yield f
                return
        if not free:
            wait(time.monotonic() - began)
            time.sleep(0.1)


@contextmanager
def alone(path: str | PathLike[str], wait: Callable[[float], None] = lambda _: None) -> Iterator[None]:
    """Inside the block no other process is in one with the same `path`, a file that is there meanwhile; see `locked`.

    Where the file system has no locks, nobody waits: what is written inside must be whole in any case.
    """
    with ExitStack() as stack:
        with suppress(NoLocks):
            stack.enter_context(locked(path, wait))
            stack.callback(_removed, Path(path))  # before the lock is given back
        yield


def saying(text: str) -> Callable[[float], None]:
    """A `wait` that prints a sentence, once, where it takes more than a moment; nothing if `text` is empty."""
    left = [text] if text else []

    def wait(seconds: float) -> None:
        if left and seconds > 0.5:
            print(left.pop(), flush=True)

    return wait


def _removed(path: Path) -> None:
    with suppress(PermissionError):  # Windows removes no file that is open: it stays, and is used again
        path.unlink(missing_ok=True)


def _is_still(path: str | PathLike[str], descriptor: int) -> bool:
    """Whether `path` still names the file that is open: its last owner may have renamed or removed it."""
    try:
        return os.path.samestat(os.stat(path), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def write_text(path: str | PathLike[str], text: str) -> None:
    """Write a text file; it appears complete or not at all. Makes its folder if need be."""
    make_folder(Path(path).parent)
    with atomic_write(path) as place:
        place.write_text(text, encoding="utf-8", newline="\n")
