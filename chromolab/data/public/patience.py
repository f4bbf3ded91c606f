"""How long to wait for a server, and its answer piece by piece, so that waiting can end."""

from collections.abc import Iterator
from typing import NamedTuple

CHUNK = 1 << 16  # bytes read at once


class Patience(NamedTuple):
    """How long to wait for a server, and how often to retry; in seconds.

    attempts : give up an address after this many failures in a row without a new byte.
    connect, silence : longest wait for a connection, and for the next bytes.
    wait, longest_wait : pause after the first failure; it doubles after each further one, up to the longest. A server
        that asks for a longer pause (Retry-After) is given up.
    stuck : how long another process may keep the lock on a file without writing a byte.
    slowest : bytes a second, on average over `silence`, below which an address is given up.
    """

    attempts: int = 6
    connect: float = 15
    silence: float = 60
    wait: float = 1
    longest_wait: float = 300
    stuck: float = 600
    slowest: float = 100


def pieces(raw) -> Iterator[bytes]:
    """The body of an answer as it arrives, in chunks or not, so that a server that drips does not keep us waiting."""
    while piece := raw.read1(CHUNK, decode_content=False):
        yield piece
