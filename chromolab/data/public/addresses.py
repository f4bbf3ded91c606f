"""Addresses and what servers answer, as text: what is an address, what becomes a file name, what is shown."""

import re
from collections.abc import Iterable

# No spaces and no control characters: they would break the list of checksums, or reach the terminal.
ADDRESS = re.compile(r"https?://[^/\s\x00-\x20\x7f-\x9f]+/[^\s\x00-\x20\x7f-\x9f]+")
WORD = re.compile(r"[A-Za-z0-9_+][A-Za-z0-9_.:+-]*")  # becomes part of an address and of a file name
FILE_NAME = re.compile(r"[A-Za-z0-9_+][A-Za-z0-9_.:+,=%&?~@-]{0,199}")
LONGEST = 200  # characters of a server's words that are shown


def is_address(text: str) -> bool:
    """Whether a text is an address that begins with https:// or http://, without spaces and control characters."""
    return ADDRESS.fullmatch(text) is not None


def file_fault(name: str | None, address: str | None, placeholder: re.Pattern) -> str | None:
    """What is wrong with the `file` of a source, in words; None if nothing is. Else its address names it."""
    if name is not None:
        if WORD.fullmatch(placeholder.sub("x", name)) and len(name) <= 200:
            return None
        return "expected a file name of letters, digits and _ . : + -, with placeholders and no folders"
    if address is None:
        return "is needed if there is no address"
    last = address.rpartition("/")[2]
    if FILE_NAME.fullmatch(placeholder.sub("x", last)):
        return None
    return f"is needed, because the address ends in {last[:40]!r}, which is no file name"


def plain(text: object) -> str:
    """What a server said, without characters that a terminal obeys."""
    return "".join(c if c.isprintable() else "?" for c in str(text)[:LONGEST])


def few(values: Iterable[str], most: int = 12) -> str:
    """The values as text; of more than `most`, the first ones and the last."""
    values = list(values)
    if len(values) <= most:
        return ", ".join(values)
    return f"{', '.join(values[: most - 1])}, ..., {values[-1]} ({len(values)} in all)"
