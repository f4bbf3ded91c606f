"""Folders that are as they were written: sizes and sha256 of their files are kept in them and checked."""

import hashlib
import json
from pathlib import Path

CONTENTS = "contents.json"  # {file: [size, sha256]}, written last


def seal(folder: Path) -> None:
    """Note the size and sha256 of every file of a finished folder in it."""
    files = sorted(f for f in folder.rglob("*") if f.is_file())
    known = {f.relative_to(folder).as_posix(): [f.stat().st_size, _sha256(f)] for f in files}
    (folder / CONTENTS).write_text(json.dumps(known, indent=1), encoding="utf-8")


def is_whole(folder: Path, may_lack: str = "\0") -> bool:
    """Whether all sealed files are as they were written; files that came later do not matter.

    A file of another size is damaged; one that was touched after the seal is read and its sha256 compared. Files whose
    names begin with `may_lack` may be missing.
    """
    try:
        sealed = (folder / CONTENTS).stat().st_mtime_ns
        known = json.loads((folder / CONTENTS).read_text(encoding="utf-8"))
        for name, (size, sha256) in known.items():
            file = folder / name
            if name.startswith(may_lack) and not file.exists():
                continue
            now = file.stat()
            if now.st_size != size or (now.st_mtime_ns > sealed and _sha256(file) != sha256):
                return False
    except (OSError, ValueError, TypeError, AttributeError):
        return False
    return True


def _sha256(file: Path) -> str:
    with open(file, "rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()
