"""Check that a download is complete and of the kind its name says, for files without a known checksum."""

import bz2
import gzip
import lzma
import re
import zipfile
import zlib
from pathlib import Path

BIGWIG, BIGBED = 0x888FFC26, 0x8789F2EB  # the formats' magic numbers, written in the file's byte order
WEB_PAGE = re.compile(rb"\s*(<!doctype html|<html)", re.IGNORECASE)


def fault(path: Path, name: str) -> str | None:
    """What is wrong with the file, in words that complete "it is ..."; None if nothing is.

    gzip (also BAM), bzip2, xz and zip contain checksums and are read to the end; a bigWig must end with the number it
    begins with; an array must be as long as its header says. Other files are only checked for a web page sent in their
    place: only the server knows whether they are complete (`tells_its_end`).
    """
    with open(path, "rb") as f:
        head = f.read(512)
    if not head:
        return "empty"
    if WEB_PAGE.match(head) and not name.lower().endswith((".html", ".htm")):
        return "a web page, such as one that asks for a login"
    look = _look(name)
    return look(path) if look else None


def tells_its_end(name: str) -> bool:
    """Whether `fault` notices when a file of that name is cut short."""
    return _look(name) is not None


def _look(name: str):
    return next((look for endings, look in _LOOKS.items() if name.lower().endswith(endings)), None)


def _compressed(opener, kind: str):
    def look(path: Path) -> str | None:
        try:
            with opener(path, "rb") as f:
                while f.read(1 << 20):
                    pass
        except (EOFError, OSError, zlib.error, lzma.LZMAError) as e:
            return f"not a complete {kind} file ({e})"
        return None

    return look


def _zip(path: Path) -> str | None:
    try:
        with zipfile.ZipFile(path) as archive:
            bad = archive.testzip()
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, zlib.error) as e:
        return f"not a complete zip file ({e})"
    return f"damaged in {bad}" if bad else None


def _torch(path: Path) -> str | None:
    with open(path, "rb") as f:
        old = (
            f.read(1) == b"\x80"
        )  # before torch 1.6: a pickle followed by bytes; only loading shows whether they are complete
    return None if old else _zip(path)


def magic_numbers(head: bytes) -> set[int]:
    """The first four bytes of a file as a number, in either byte order: holds `BIGWIG` or `BIGBED` for such a file."""
    return {int.from_bytes(head[:4], order) for order in ("little", "big")}


def bigwig_fault(path: Path) -> str | None:
    """What is wrong with a bigWig or bigBed, in words that complete "it is ..."; None if its two ends are right."""
    with open(path, "rb") as f:
        head = f.read(4)
        f.seek(max(4, path.stat().st_size - 4))
        tail = f.read()
    if not magic_numbers(head) & {BIGWIG, BIGBED}:
        return f"not a bigWig (it begins with {head!r})"
    return None if tail == head else "a bigWig that is cut short"


def _pickle(path: Path) -> str | None:
    with open(path, "rb") as f:
        f.seek(-1, 2)
        return None if f.read(1) == b"." else "a pickle that is cut short"


def _array(path: Path) -> str | None:
    import numpy as np

    try:
        np.load(path, mmap_mode="r", allow_pickle=False)
    except Exception as e:  # a damaged header can raise anything
        return f"not a complete numpy array ({e})"
    return None


_LOOKS = {
    (".gz", ".tgz", ".bgz", ".bam"): _compressed(gzip.open, "gzip"),
    (".bz2",): _compressed(bz2.open, "bzip2"),
    (".xz",): _compressed(lzma.open, "xz"),
    (".zip", ".npz"): _zip,
    (".pt",): _torch,
    (".bigwig", ".bw", ".bigbed", ".bb"): bigwig_fault,
    (".pickle", ".pkl"): _pickle,
    (".npy",): _array,
}
