"""Keep finished pieces of a long build until it ends. A piece is used only if it is complete and its inputs agree."""

import contextlib
import hashlib
import io
import json
import logging
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from chromolab.data.files import atomic_write, locked, writing
from chromolab.errors import ChromolabError

log = logging.getLogger("chromolab")

LOOK = 65_536  # bytes at a file's beginning and end that are hashed
PIECE = re.compile(r"[0-9a-f]{64}\.piece")


class Fingerprint(NamedTuple):
    """A file's fingerprint; differs when the content does, even if its modification time was reset."""

    size: int
    written: int  # st_mtime_ns
    changed: int  # st_ctime_ns, which no program can reset
    inode: int
    ends: str  # sha256 of the first and last 64 kB


def fingerprint(path: Path) -> Fingerprint:
    """The `Fingerprint` of a file; `ChromolabError` where it cannot be read."""
    try:
        with open(path, "rb") as f:
            digest = hashlib.sha256(f.read(LOOK))
            stat = os.fstat(f.fileno())
            f.seek(max(0, stat.st_size - LOOK))
            digest.update(f.read(LOOK))
    except OSError as e:
        raise ChromolabError(f"{path}: cannot be read ({e.strerror}). Put it back, or correct its path.") from None
    return Fingerprint(stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino, digest.hexdigest())


def refuse_changed(before: Mapping[Path, Fingerprint]) -> None:
    """Raise `ChromolabError` where a file has changed since its fingerprint in `before` was taken."""
    if changed := [str(path) for path, earlier in before.items() if fingerprint(path) != earlier]:
        raise ChromolabError(
            f"{', '.join(changed)}: changed while the dataset was being built; nothing of it was used. Run the build "
            "again: pieces that do not depend on it are kept."
        )


def digest_of(*parts: object) -> str:
    """sha256 of JSON values and arrays, in order."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.tobytes() if isinstance(part, np.ndarray) else json.dumps(part, sort_keys=True).encode()
        digest.update(len(data).to_bytes(8, "little") + data)
    return digest.hexdigest()


class Pieces:
    """A folder of arrays by key, locked (``with``) by one build at a time.

    A piece is a checksum followed by arrays, written beside its place and renamed into it: after a kill it is complete
    or absent. A damaged piece is made again.
    """

    def __init__(self, folder: Path, leftovers: Iterable[Path] = ()):
        self.folder, self.leftovers = Path(folder), list(leftovers)

    def __enter__(self):
        self._lock()
        for place in [self.folder / "any.piece", *self.leftovers]:
            _remove_half_written(place.parent, None if place.name == "any.piece" else place.name)
        for scratch in self.folder.glob("chromolab-*"):
            shutil.rmtree(scratch, ignore_errors=True)
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):  # still locked: a build that waits must not lose the folder it makes
            if not any(self.folder.glob("*.piece")):
                shutil.rmtree(self.folder)
        self._locks.close()

    def _lock(self) -> None:
        """Make the folder and lock it; start over where another build ends meanwhile and removes it."""

        def refuse(_) -> None:
            raise ChromolabError(f"{self.folder}: another build of this dataset is running. Wait until it ends.")

        self._locks = contextlib.ExitStack()
        while True:
            with contextlib.suppress(FileNotFoundError):
                with writing(self.folder):
                    self.folder.mkdir(exist_ok=True)
                self._locks.enter_context(locked(self.folder / "lock", refuse))
                return

    def keep_only(self, keys: Iterable[str]) -> None:
        """Remove every piece whose key is not in `keys`: it was made from other inputs or settings."""
        keys = set(keys)
        for path in self.folder.iterdir():
            if PIECE.fullmatch(path.name) and path.stem not in keys:
                path.unlink()

    def write(self, key: str, **arrays: np.ndarray) -> None:
        """Store arrays under a key."""
        payload = io.BytesIO()
        np.savez(payload, **arrays)
        with atomic_write(self.folder / f"{key}.piece") as beside:
            with open(beside, "wb") as f:
                f.write(hashlib.sha256(payload.getbuffer()).digest())
                f.write(payload.getbuffer())

    def has(self, key: str) -> bool:
        """Whether a piece is kept under a key; `read` finds out whether it is sound."""
        return (self.folder / f"{key}.piece").is_file()

    def read(self, key: str) -> dict[str, np.ndarray] | None:
        """The arrays under a key; None where there are none, or where they are damaged (they are then removed)."""
        path = self.folder / f"{key}.piece"
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return None
        if hashlib.sha256(memoryview(data)[32:]).digest() != data[:32]:
            log.warning("%s: damaged; this piece is made again.", path)
            path.unlink()
            return None
        with np.load(io.BytesIO(memoryview(data)[32:]), allow_pickle=False) as arrays:
            return dict(arrays)

    def remove(self) -> None:
        """Remove all pieces: the build is done."""
        for path in self.folder.glob("*.piece"):
            path.unlink()


class Kept(Pieces):
    """The pieces that an earlier build left, for a plan that writes nothing."""

    def write(self, key: str, **arrays: np.ndarray) -> None:
        """Write nothing."""


def _remove_half_written(folder: Path, name: str | None) -> None:
    """Remove the unfinished files that a killed process left beside the places it wrote to (`files.atomic_write`)."""
    unfinished = re.compile(rf"\.{re.escape(name) if name else r'[0-9a-f]{64}[.]piece'}\.[0-9a-f]{{8}}")
    for path in folder.iterdir():
        if unfinished.fullmatch(path.name):
            path.unlink()
