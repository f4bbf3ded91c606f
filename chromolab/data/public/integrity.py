"""Check that a download is complete and of the kind its name says, for files without a known checksum."""

import bz2
import contextlib
import gzip
import json
import lzma
import re
import zipfile
import zlib
from pathlib import Path

BIGWIG, BIGBED = 0x888FFC26, 0x8789F2EB  # the formats' magic numbers, written in the file's byte order
LOOK = 8192  # bytes at a file's beginning that show a page or an answer in its place
# A page may begin with a byte-order mark, a declaration, and comments.
WEB_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml.*?\?>\s*|<!--.*?-->\s*)*<(?:!doctype|html|head|body|title|script|meta|error)\b",
    re.IGNORECASE | re.DOTALL,
)
TROUBLE = re.compile(
    rb"denied|forbidden|unauthori[sz]ed|not found|no such|quota|too many requests|unavailable|internal (server )?error|"
    rb"bad gateway|timed? ?out|maintenance|log ?in|sign in|expired|\berror\b|exception",
    re.IGNORECASE,
)
LINES = (".txt", ".tsv", ".csv", ".tab", ".bed", ".bedgraph", ".bdg", ".gtf", ".gff", ".gff3", ".sizes", ".po.txt")


def fault(path: Path, name: str) -> str | None:
    """What is wrong with the file, in words that complete "it is ..."; None if nothing is.

    gzip (also BAM), bzip2, xz and zip contain checksums and are read to the end; a bigWig must end with the number it
    begins with; an array must be as long as its header says. Other files are only checked for a web page, an answer in
    JSON or a short text of trouble sent in their place: only the server knows whether they are complete
    (`tells_its_end`).
    """
    with open(path, "rb") as f:
        head = f.read(LOOK)
    if not head:
        return "empty"
    if WEB_PAGE.match(head) and not name.lower().endswith((".html", ".htm", ".xml")):
        return "a web page, such as one that asks for a login"
    if len(head) < LOOK and (said := _trouble(head, name)):
        return f"an answer that tells of trouble ({said})"
    look = _look(name)
    return look(path) if look else None


def _trouble(content: bytes, name: str) -> str:
    """What a short text says that came in place of a file; empty for anything else."""
    text = content.removeprefix(b"\xef\xbb\xbf").strip()
    shown = "".join(c if c.isprintable() else " " for c in text[:80].decode("utf-8", "replace"))
    with contextlib.suppress(ValueError, RecursionError):
        answer = json.loads(text)
        if name.lower().endswith(".json"):
            return ""
        return shown if isinstance(answer, dict) else ""
    few = len(text.splitlines()) <= 3 and b"\t" not in text and b"\0" not in text
    return shown if few and TROUBLE.search(text) else ""


def ends_within_a_line(path: Path, name: str) -> bool:
    """Whether a file of text lines, by its name, has no line end at its end: it may be cut short."""
    if not name.lower().endswith(LINES):
        return False
    with open(path, "rb") as f:
        f.seek(-1, 2)
        return f.read(1) != b"\n"


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
