"""Download one address into one open file: continued where it stopped, never mixed from two versions, retried.

``x.part.json`` stands beside the unfinished file ``x.part`` and says which version of the file has been started: its
address, length and *validator* (the server's ETag or date of change). To continue, we ask the server for the rest of
that version (RFC 9110, If-Range); after any other answer the download starts from the beginning.
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
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import BinaryIO, NamedTuple

import requests
import urllib3
from urllib3.util import Retry

from chromolab.data.public.addresses import plain
from chromolab.data.public.patience import InTime, Patience, pieces
from chromolab.errors import ChromolabError

RETRY = Retry(status_forcelist={408, 425, 429, 500, 502, 503, 504})  # answers worth another attempt
NUMBER = re.compile(r"[0-9]{1,18}")
COMPRESSED = (".gz", ".tgz", ".bgz", ".bam")  # some servers announce the file's own compression as their encoding


def user_agent() -> str:
    """How downloads introduce themselves to a server; without the version where chromolab is not installed."""
    try:
        return f"chromolab/{version('chromolab')}"
    except PackageNotFoundError:
        return "chromolab"


class Unavailable(Exception):
    """Why this address does not give the file; `status` is the HTTP status, if there was one."""

    def __init__(self, why: str, status: int | None = None):
        super().__init__(why)
        self.status = status


class Stopped(Exception):
    """The caller has stopped the downloads."""


class _Again(Exception):
    """A failure worth another attempt; `wait` is the pause that the server asks for, in seconds."""

    def __init__(self, why: str, wait: float | None = None):
        super().__init__(why)
        self.wait = wait


@dataclass
class Watch:
    """Shared by the threads of one `fetch`: a flag that stops them, and a progress bar in bytes (or None)."""

    bar: object = None
    stopped: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def check(self) -> None:
        """Raise `Stopped` if the downloads were stopped."""
        if self.stopped.is_set():
            raise Stopped

    def sleep(self, seconds: float) -> None:
        """Wait; raises `Stopped` as soon as the downloads are stopped."""
        if self.stopped.wait(seconds):
            raise Stopped

    def moved(self, n: int) -> None:
        """Move the bar by `n` bytes (backwards if negative)."""
        if self.bar is not None and n:
            with self._lock:
                self.bar.update(n)

    def expects(self, n: int) -> None:
        """Raise the bar's total by `n` bytes."""
        if self.bar is not None and n:
            with self._lock:
                self.bar.total = (self.bar.total or 0) + n


class Version(NamedTuple):
    """The version of the file that the bytes in `part` are the beginning of."""

    address: str
    validator: tuple[str, str] | None  # name and value of the header
    size: int | None


class Got(NamedTuple):
    """A completed download; `fresh` if it came in one piece of the announced length, so that a retry gives the same."""

    address: str
    fresh: bool


class Transfer:
    """Downloads one file, from one address at a time, into the open and locked `part`."""

    def __init__(self, part: BinaryIO, path: Path, size: int | None, patience: Patience, watch: Watch):
        self.part, self.path, self.size, self.patience, self.watch = part, path, size, patience, watch
        self.note = path.with_name(path.name + ".json")
        self.session = requests.Session()
        for scheme in ("http://", "https://"):
            self.session.mount(scheme, InTime(patience.silence))
        self.session.headers.update({"User-Agent": user_agent(), "Accept-Encoding": "identity"})
        self._counted = self._expected = 0
        self._show()

    @property
    def have(self) -> int:
        """The number of bytes received so far."""
        return os.fstat(self.part.fileno()).st_size

    def get(self, address: str) -> Got:
        """Complete `part` from `address`.

        Raises
        ------
        Unavailable
            The address does not have the file, or all attempts failed. The bytes received are kept.
        ChromolabError
            The disk is full. The bytes received are kept.
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
        """Delete the bytes received so far."""
        self.note.unlink(missing_ok=True)  # first: bytes without a note are never continued
        self.part.truncate(0)
        self._show()

    def goes_on(self, address: str) -> bool:
        """Whether the server has more bytes than `part`; asked when nothing else shows that the file is complete."""
        try:
            with self._request(address, {"Range": f"bytes={self.have}-"}) as answer:
                if answer.status_code == 206:
                    return bool(answer.raw.read(1))
                length = answer.headers.get("Content-Range", "").removeprefix("bytes */")
                return answer.status_code == 416 and bool(NUMBER.fullmatch(length)) and int(length) > self.have
        except (_Again, Unavailable, urllib3.exceptions.HTTPError, ValueError):
            return False

    # ------------------------------------------------------------ one request

    def _attempt(self, address: str) -> Got:
        version = self._resumable(address)
        if version is not None and version.size == self.have:
            return Got(address, fresh=False)
        headers = {}
        if version is not None:
            headers = {"Range": f"bytes={self.have}-", "If-Range": version.validator[1]}
        with self._request(address, headers) as answer:
            if answer.status_code == 206 and version is not None:
                self._check_continuation(answer, version)
                self._copy(answer, version)
                return self._finished(version, fresh=False)
            if answer.status_code == 416:  # `part` is longer than the file is now
                self.forget()
                raise _Again("says that the file is shorter than the bytes received before", wait=0)
            if answer.status_code != 200:
                raise Unavailable(_status(answer), answer.status_code)
            version = self._start(answer, address)
            self._copy(answer, version)
            return self._finished(version, fresh=version.size is not None)

    def _request(self, address: str, headers: dict[str, str]) -> requests.Response:
        timeout = (self.patience.connect, self.patience.silence)
        try:
            answer = self.session.get(address, headers=headers, stream=True, timeout=timeout)
        except requests.Timeout as e:
            raise _Again("does not answer in time") from e
        except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError) as e:
            raise _Again(f"cannot be reached ({_cause(e)})") from e
        except (requests.RequestException, ValueError) as e:  # also an address to go on to that is none
            raise Unavailable(f"cannot be asked ({_cause(e)})") from e
        if address.startswith("https:") and answer.url.startswith("http:"):
            answer.close()
            raise Unavailable("sends us on to an address without encryption")
        if RETRY.is_retry("GET", answer.status_code):
            answer.close()
            raise _Again(_status(answer), _pause_asked(answer))
        return answer

    def _check_continuation(self, answer, version: Version) -> None:
        """Raise unless the answer is the rest of the version that `part` is the beginning of."""
        name, value = version.validator
        sent = re.fullmatch(r"bytes (\d{1,18})-\d{1,18}/(\d{1,18})", answer.headers.get("Content-Range", ""))
        fits = sent is not None and (int(sent[1]), int(sent[2])) == (self.have, version.size)
        if not fits or answer.headers.get(name) != value:
            self.forget()
            raise _Again("has another version than before, or cannot continue", wait=0)

    def _start(self, answer, address: str) -> Version:
        """Start from the beginning, and note which version it is."""
        encoding = answer.headers.get("Content-Encoding", "identity").lower()
        if encoding != "identity" and not self.path.name.removesuffix(".part").lower().endswith(COMPRESSED):
            raise Unavailable(f"compresses the file ({plain(encoding)}), although asked not to")
        length = answer.headers.get("Content-Length", "")
        version = Version(address, _validator(answer.headers), int(length) if NUMBER.fullmatch(length) else None)
        if self.size is not None and version.size not in (None, self.size):
            raise Unavailable(f"announces {version.size} bytes; {self.size} were expected")
        self.forget()
        self.note.write_text(json.dumps({**version._asdict(), "process": os.getpid()}))
        return version

    def _resumable(self, address: str) -> Version | None:
        """The version that `part` is the beginning of, if it can be continued from this address."""
        try:
            noted = json.loads(self.note.read_bytes())
            version = Version(noted["address"], tuple(noted["validator"]), int(noted["size"]))
        except (OSError, ValueError, TypeError, KeyError):
            return None
        fits = version.address == address and len(version.validator) == 2 and 0 < self.have <= version.size
        return version if fits and self.size in (None, version.size) else None

    def _copy(self, answer, version: Version) -> None:
        """Append the body of the answer to `part`."""
        self._show(version.size)
        self._check_room(version)
        self.part.seek(0, os.SEEK_END)
        begun, received = time.monotonic(), 0
        try:
            for piece in pieces(answer.raw, self.patience.silence):
                self.watch.check()
                self._write(piece)
                received += len(piece)
                if (waited := time.monotonic() - begun) > self.patience.silence:
                    if received < self.patience.slowest * waited:
                        raise Unavailable(f"sends less than {self.patience.slowest:g} bytes a second")
                    begun, received = time.monotonic(), 0
        except (urllib3.exceptions.HTTPError, ValueError, TimeoutError) as e:  # also a piece of a length that is none
            raise _Again(f"broke off after {self.have} of {version.size or 'unknown'} bytes") from e

    def _write(self, chunk: bytes) -> None:
        view = memoryview(chunk)
        while view:  # a disk that fills up may write only a part
            n = self.part.write(view)
            view = view[n:]
            self._counted += n
            self.watch.moved(n)

    def _finished(self, version: Version, fresh: bool) -> Got:
        """Raise unless `part` has the announced length."""
        if version.size is not None and self.have < version.size:
            raise _Again(f"broke off after {self.have} of {version.size} bytes")
        if version.size is not None and self.have > version.size:
            self.forget()
            raise _Again(f"sent more than the {version.size} bytes it announced")
        return Got(version.address, fresh)

    def _check_room(self, version: Version) -> None:
        """Raise if the disk cannot hold the rest of the file."""
        missing = (version.size or 0) - self.have
        if missing > (free := shutil.disk_usage(self.path.parent).free):
            raise ChromolabError(
                f"{self.path.parent}: no room: {missing:,} more bytes are needed, {free:,} are free. Make room, or "
                "set CHROMOLAB_CACHE to a folder on another disk, and fetch again: the download continues."
            )

    def _pause(self, again: _Again, failures: int) -> None:
        if again.wait is not None and again.wait > self.patience.longest_wait:
            raise Unavailable(f"{again}, and asks to wait {again.wait:.0f} s: try again then") from again
        backoff = min(self.patience.wait * 2 ** max(0, failures - 1), self.patience.longest_wait)
        self.watch.sleep(backoff * random.uniform(0.5, 1) if again.wait is None else again.wait)

    def _show(self, size: int | None = None) -> None:
        """Set the progress bar to the bytes in `part`, out of `size`."""
        self.watch.moved(self.have - self._counted)
        self._counted = self.have
        if size is not None:
            self.watch.expects(size - self._expected)
            self._expected = size


def _validator(headers) -> tuple[str, str] | None:
    """A header that identifies this version uniquely (RFC 9110, 8.8: a strong validator), or None."""
    etag = headers.get("ETag", "")
    if etag and not etag.startswith("W/"):
        return "ETag", etag
    changed, now = _date(headers.get("Last-Modified", "")), _date(headers.get("Date", ""))
    if changed is not None and now is not None and (now - changed).total_seconds() >= 2:
        return "Last-Modified", headers["Last-Modified"]  # a younger file could change again within the same second
    return None


def _date(text: str) -> datetime | None:
    """The date in a header; None if it has none."""
    try:
        date = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _status(answer: requests.Response) -> str:
    return f"answers {answer.status_code} {plain(answer.reason or '')}".strip()


def _pause_asked(answer: requests.Response) -> float | None:
    """The pause that the server asks for (Retry-After), in seconds; None if it asks for none that makes sense."""
    try:
        return RETRY.get_retry_after(answer.raw)
    except (urllib3.exceptions.InvalidHeader, ValueError, OverflowError):
        return None


def _cause(error: BaseException) -> str:
    """The message of the innermost exception, without the addresses of objects."""
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    return plain(re.sub(r"<[^>]*>:? ?", "", str(error)) or type(error).__name__)
