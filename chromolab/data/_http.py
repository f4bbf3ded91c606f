"""One address into one open file: continued where it stopped, never spliced of two versions, tried with patience.

Beside the unfinished file ``x.part`` stands ``x.part.json``: the address, the length and the *validator* (the server's
ETag or date of change) of the version whose beginning it is. Going on asks the server for the rest of that very version
(RFC 9110, If-Range); any other answer starts again from nothing.
"""

import email.utils
import json
import os
import random
import re
import shutil
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple

import requests
import urllib3

import chromolab
from chromolab.errors import ChromolabError

CHUNK = 1 << 16
TRY_AGAIN = {408, 425, 429, 500, 502, 503, 504}
NUMBER = re.compile(r"[0-9]{1,18}")
COMPRESSED = (".gz", ".tgz", ".bgz", ".bam")  # some servers call the file's own compression their encoding


class Patience(NamedTuple):
    """How long to bear with a server; seconds.

    attempts : failures in a row, without one new byte, until an address is given up.
    connect, silence : longest wait for a connection, and for the next bytes.
    wait, longest_wait : pause after the first failure, doubled after each further one up to the longest. A server that
        asks for a longer pause (Retry-After) is given up.
    stuck : how long another process may hold a file without a new byte.
    """

    attempts: int = 6
    connect: float = 15
    silence: float = 60
    wait: float = 1
    longest_wait: float = 300
    stuck: float = 600


class Unavailable(Exception):
    """This address does not give the file, in words; `status` is the HTTP status where there was one."""

    def __init__(self, why: str, status: int | None = None):
        super().__init__(why)
        self.status = status


class Stopped(Exception):
    """The caller wants no more."""


class _Again(Exception):
    """May work the next time; `wait` is what the server asks for."""

    def __init__(self, why: str, wait: float | None = None):
        super().__init__(why)
        self.wait = wait


@dataclass
class Watch:
    """What the threads of one `fetch` share: a flag to stop at, and a progress bar in bytes (or None)."""

    bar: object = None
    stopped: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def check(self) -> None:
        if self.stopped.is_set():
            raise Stopped

    def sleep(self, seconds: float) -> None:
        if self.stopped.wait(seconds):
            raise Stopped

    def moved(self, n: int) -> None:
        """`n` more bytes are here (fewer, where negative)."""
        if self.bar is not None and n:
            with self._lock:
                self.bar.update(n)

    def expects(self, n: int) -> None:
        """`n` more bytes are to come in all."""
        if self.bar is not None and n:
            with self._lock:
                self.bar.total = (self.bar.total or 0) + n


class Version(NamedTuple):
    """Which version of the file the bytes in hand are the beginning of."""

    address: str
    validator: tuple[str, str] | None  # the header's name and value
    size: int | None


class Got(NamedTuple):
    """A body that came to its end: `fresh`, in one go and as long as announced, so that trying again gives the same."""

    address: str
    fresh: bool


class Transfer:
    """The bytes of one file, from one address at a time into the held and open `part`."""

    def __init__(self, part: BinaryIO, path: Path, size: int | None, patience: Patience, watch: Watch):
        self.part, self.path, self.size, self.patience, self.watch = part, path, size, patience, watch
        self.note = path.with_name(path.name + ".json")
        self.session = requests.Session()
        agent = f"chromolab/{chromolab.__version__}"
        self.session.headers.update({"User-Agent": agent, "Accept-Encoding": "identity"})
        self._counted = self._expected = 0
        self._show()

    @property
    def have(self) -> int:
        return os.fstat(self.part.fileno()).st_size

    def get(self, address: str) -> Got:
        """Bring `part` to its end from `address`.

        Raises
        ------
        Unavailable
            The address does not have it, or patience ran out. What came is kept.
        ChromolabError
            No room on the disk. What came is kept.
        """
        failures, furthest = 0, self.have
        while True:
            self.watch.check()
            try:
                return self._attempt(address)
            except _Again as e:
                failures = 0 if self.have > furthest else failures + 1
                furthest = max(furthest, self.have)
                if failures >= self.patience.attempts:
                    raise Unavailable(f"{e}, {failures} times in a row") from e
                self._pause(e, failures)

    def forget(self) -> None:
        """Drop what is here."""
        self.note.unlink(missing_ok=True)  # first: bytes without a note are never continued
        self.part.truncate(0)
        self._show()

    def goes_on(self, address: str) -> bool:
        """Whether the server has bytes beyond those here. Asked where nothing else tells that the file is whole."""
        try:
            with self._request(address, {"Range": f"bytes={self.have}-"}) as answer:
                if answer.status_code == 206:
                    return bool(answer.raw.read(1))
                length = answer.headers.get("Content-Range", "").removeprefix("bytes */")
                return answer.status_code == 416 and bool(NUMBER.fullmatch(length)) and int(length) > self.have
        except (_Again, Unavailable, urllib3.exceptions.HTTPError):
            return False

    # ------------------------------------------------------------ one request

    def _attempt(self, address: str) -> Got:
        version = self._begun(address)
        if version is not None and version.size == self.have:
            return Got(address, fresh=False)
        headers = {}
        if version is not None:
            headers = {"Range": f"bytes={self.have}-", "If-Range": version.validator[1]}
        with self._request(address, headers) as answer:
            if answer.status_code == 206 and version is not None:
                self._must_go_on(answer, version)
                self._copy(answer, version)
                return self._ended(version, fresh=False)
            if answer.status_code == 416:  # what is here is longer than the file is now
                self.forget()
                raise _Again("says that the file is shorter than what came before", wait=0)
            if answer.status_code != 200:
                raise Unavailable(f"answers {answer.status_code} {answer.reason or ''}".strip(), answer.status_code)
            version = self._begin(answer, address)
            self._copy(answer, version)
            return self._ended(version, fresh=version.size is not None)

    def _request(self, address: str, headers: dict[str, str]) -> requests.Response:
        timeout = (self.patience.connect, self.patience.silence)
        try:
            answer = self.session.get(address, headers=headers, stream=True, timeout=timeout)
        except requests.Timeout as e:
            raise _Again("does not answer in time") from e
        except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError) as e:
            raise _Again(f"cannot be reached ({_cause(e)})") from e
        except requests.RequestException as e:
            raise Unavailable(f"cannot be asked ({_cause(e)})") from e
        if answer.status_code in TRY_AGAIN:
            answer.close()
            wait = _retry_after(answer.headers.get("Retry-After", ""))
            raise _Again(f"answers {answer.status_code} {answer.reason or ''}".strip(), wait)
        return answer

    def _must_go_on(self, answer, version: Version) -> None:
        """The answer must be the rest of the very version whose beginning is here."""
        name, value = version.validator
        place = re.fullmatch(r"bytes (\d{1,18})-\d{1,18}/(\d{1,18})", answer.headers.get("Content-Range", ""))
        here = place is not None and (int(place[1]), int(place[2])) == (self.have, version.size)
        if not here or answer.headers.get(name) != value:
            self.forget()
            raise _Again("has another version than before, or does not know how to go on", wait=0)

    def _begin(self, answer, address: str) -> Version:
        """Start from nothing."""
        encoding = answer.headers.get("Content-Encoding", "identity").lower()
        if encoding != "identity" and not self.path.name.removesuffix(".part").lower().endswith(COMPRESSED):
            raise Unavailable(f"compresses the file ({encoding}), although asked not to")
        length = answer.headers.get("Content-Length", "")
        version = Version(address, _validator(answer.headers), int(length) if NUMBER.fullmatch(length) else None)
        if self.size is not None and version.size not in (None, self.size):
            raise Unavailable(f"announces {version.size} bytes; {self.size} were expected")
        self.forget()
        self.note.write_text(json.dumps({**version._asdict(), "process": os.getpid()}))
        return version

    def _begun(self, address: str) -> Version | None:
        """The version whose beginning is here, if it can be continued from this address."""
        try:
            found = json.loads(self.note.read_bytes())
            version = Version(found["address"], tuple(found["validator"]), int(found["size"]))
        except (OSError, ValueError, TypeError, KeyError):
            return None
        fits = version.address == address and len(version.validator) == 2 and 0 < self.have <= version.size
        return version if fits and self.size in (None, version.size) else None

    def _copy(self, answer, version: Version) -> None:
        """The body, to the end of `part`."""
        self._show(version.size)
        self._must_have_room(version)
        self.part.seek(0, os.SEEK_END)
        try:
            for chunk in answer.raw.stream(CHUNK, decode_content=False):
                self.watch.check()
                self._write(chunk)
        except urllib3.exceptions.HTTPError as e:
            raise _Again(f"broke off after {self.have} of {version.size or 'unknown'} bytes") from e

    def _write(self, chunk: bytes) -> None:
        view = memoryview(chunk)
        while view:  # a disk that fills up takes a part
            n = self.part.write(view)
            view = view[n:]
            self._counted += n
            self.watch.moved(n)

    def _ended(self, version: Version, fresh: bool) -> Got:
        if version.size is not None and self.have < version.size:
            raise _Again(f"broke off after {self.have} of {version.size} bytes")
        if version.size is not None and self.have > version.size:
            self.forget()
            raise _Again(f"sent more than the {version.size} bytes it announced")
        return Got(version.address, fresh)

    def _must_have_room(self, version: Version) -> None:
        missing = (version.size or 0) - self.have
        if missing > (free := shutil.disk_usage(self.path.parent).free):
            raise ChromolabError(
                f"{self.path.parent}: no room: {missing:,} more bytes are to come, {free:,} are free. Make room, or "
                "set CHROMOLAB_CACHE to a folder on another disk, and fetch again: what came is kept and continued."
            )

    def _pause(self, again: _Again, failures: int) -> None:
        if again.wait is not None and again.wait > self.patience.longest_wait:
            raise Unavailable(f"{again}, and asks to come back in {again.wait:.0f} s: try again then") from again
        backoff = min(self.patience.wait * 2 ** max(0, failures - 1), self.patience.longest_wait)
        self.watch.sleep(backoff * random.uniform(0.5, 1) if again.wait is None else again.wait)

    def _show(self, size: int | None = None) -> None:
        """Make the progress bar count what is here, and expect `size` bytes."""
        self.watch.moved(self.have - self._counted)
        self._counted = self.have
        if size is not None:
            self.watch.expects(size - self._expected)
            self._expected = size


def _validator(headers) -> tuple[str, str] | None:
    """A header that names this version and no other (RFC 9110, 8.8: strong validators), or None."""
    etag = headers.get("ETag", "")
    if etag and not etag.startswith("W/"):
        return "ETag", etag
    changed, now = _date(headers.get("Last-Modified", "")), _date(headers.get("Date", ""))
    if changed is not None and now is not None and (now - changed).total_seconds() >= 2:
        return "Last-Modified", headers["Last-Modified"]  # younger: it could change again within the same second
    return None


def _date(text: str) -> datetime | None:
    try:
        found = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _retry_after(text: str) -> float | None:
    """Seconds, from a number of them or a date."""
    if NUMBER.fullmatch(text.strip()):
        return float(text)
    date = _date(text)
    return None if date is None else max(0.0, date.timestamp() - time.time())


def _cause(error: BaseException) -> str:
    """The innermost reason, without addresses of objects."""
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    return re.sub(r"<[^>]*>:? ?", "", str(error)) or type(error).__name__
