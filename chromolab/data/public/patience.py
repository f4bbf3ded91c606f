"""How long to wait for a server, and its answer piece by piece, so that waiting can end.

A limit of silence alone does not end it: a server may send a byte of a header, or of the length of a chunk, each time
before the limit is over. So an `Alarm` ends what is not whole in time.
"""

import math
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from requests.adapters import HTTPAdapter

CHUNK = 1 << 16  # bytes read at once


class Patience(NamedTuple):
    """How long to wait for a server, and how often to retry; in seconds.

    attempts : give up an address after this many failures in a row without a new byte.
    connect, silence : longest wait for a connection, and for the next bytes, or for all headers of an answer.
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


class Alarm:
    """Calls `act`, in a thread of its own, once something `set` has not ended within `seconds`."""

    def __init__(self, seconds: float, act: Callable[[], Any]):
        self.seconds, self.act, self.rang = seconds, act, False
        self._until, self._over = math.inf, threading.Event()

    def __enter__(self) -> "Alarm":
        threading.Thread(target=self._watch, daemon=True).start()
        return self

    def __exit__(self, *_) -> None:
        self._over.set()

    def set(self) -> None:
        """Begin to wait."""
        self._until = time.monotonic() + self.seconds

    def off(self) -> None:
        """What was waited for is there; raises `TimeoutError` if it came too late."""
        self._until = math.inf
        if self.rang:
            raise TimeoutError("timed out")

    def _watch(self) -> None:
        while (left := self._until - time.monotonic()) > 0:
            if self._over.wait(min(left, self.seconds)):
                return
        self.rang = True
        self.act()


class InTime(HTTPAdapter):
    """Asks as requests does, and ends an answer whose headers are not whole after `seconds`."""

    def __init__(self, seconds: float):
        self.seconds = seconds
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """As requests makes its pools, of connections that wait no longer."""
        super().init_poolmanager(*args, **kwargs)
        pools = self.poolmanager.pool_classes_by_scheme
        self.poolmanager.pool_classes_by_scheme = {s: _in_time(pool, self.seconds) for s, pool in pools.items()}


def _in_time(pool: type, seconds: float) -> type:
    """A pool whose connections wait `seconds` for the headers of an answer."""

    class Connection(pool.ConnectionCls):  # type: ignore[name-defined]
        def getresponse(self):
            with Alarm(seconds, lambda: self.sock.shutdown(socket.SHUT_RDWR)) as alarm:
                alarm.set()
                try:
                    return super().getresponse()
                finally:
                    alarm.off()

    return type(pool.__name__, (pool,), {"ConnectionCls": Connection})


def pieces(raw: Any, silence: float) -> Iterator[bytes]:
    """The body of an answer as it arrives, in chunks or not, so that a server that drips does not keep us waiting.

    Raises `TimeoutError` when `silence` seconds bring no whole piece.
    """
    with Alarm(silence, raw.shutdown) as alarm:
        while True:
            alarm.set()
            try:
                piece = raw.read1(CHUNK, decode_content=False)
            finally:
                alarm.off()
            if not piece:
                return
            yield piece
