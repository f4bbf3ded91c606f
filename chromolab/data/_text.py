"""Opening what a user names: plain or compressed text, line by line, with the file and the line in every error."""

import bz2
import gzip
import lzma
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from chromolab.errors import ChromolabError

OPENERS = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ": lzma.open}
# Ensembl and RefSeq number versions after a dot; elsewhere (F25H2.1, a worm's gene) the dot belongs to the name.
VERSION = re.compile(r"^((?:ENS[A-Z]*|[NX][MR]_)\d{5,})\.\d+")


def existing_file(path, what: str) -> Path:
    """`path` as a `Path`, or `ChromolabError` when it is no file; `what` says what was expected there."""
    if "://" in str(path):
        raise ChromolabError(f"{path}: an address; expected {what} on this machine. Download it and give its path.")
    path = Path(path)
    if path.is_dir():
        raise ChromolabError(f"{path}: is a folder; expected {what}.")
    if not path.is_file():
        raise ChromolabError(f"{path}: no such file; expected {what}. Check the path (now in {Path.cwd()}).")
    return path


def text_lines(path, what: str) -> Iterator[tuple[int, str]]:
    """Yield (line number from 1, line without its end) of a text file; gzip, bzip2 and xz by content, not by name.

    Raises `ChromolabError` when the file is absent, empty, not text, or its compression breaks off.
    """
    path, number = existing_file(path, what), 0
    with open(path, "rb") as f:
        head = f.read(6)
    opener = next((known for start, known in OPENERS.items() if head.startswith(start)), open)
    try:
        with opener(path, "rt", encoding="utf-8-sig") as f:
            for number, line in enumerate(f, 1):  # noqa: B007 (the number is wanted after the loop, too)
                yield number, line.rstrip("\r\n")
    except (EOFError, OSError, zlib.error, lzma.LZMAError) as e:
        raise ChromolabError(f"{path}, after line {number}: could not be read on ({e}). Download it again.") from e
    except UnicodeDecodeError as e:
        raise ChromolabError(f"{path}, after line {number}: not text; expected {what}. Is it another file?") from e
    if number == 0:
        raise ChromolabError(f"{path}: empty; expected {what}.")


def strip_version(ids: Iterable[str]) -> list[str]:
    """Gene ids without Ensembl's or RefSeq's version: ENSG00000000003.14 -> ENSG00000000003."""
    return [VERSION.sub(r"\1", str(gene_id)) for gene_id in ids]
