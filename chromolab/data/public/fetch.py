"""Download public files and verify them.

A file that `fetch` returns is complete and checked: against the checksum in the manifest, or else the one recorded at
the first download, or else by what its format shows. A file exists completely or not at all; an unfinished one is
called ``x.part`` and is continued. Nothing is fetched twice, not even by two processes at once: the one that fetches
locks ``x.part``.
"""

import errno
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from os import PathLike
from pathlib import Path

from tqdm.auto import tqdm

from chromolab.data.files import locked, make_folder
from chromolab.data.public.downloads import CHECKSUMS, PART, Downloads, digest
from chromolab.data.public.integrity import ends_within_a_line, fault, tells_its_end
from chromolab.data.public.manifest import RemoteFile, is_one, read_manifest
from chromolab.data.public.patience import Patience
from chromolab.data.public.transfer import Stopped, Transfer, Unavailable, Watch
from chromolab.errors import ChromolabError

log = logging.getLogger("chromolab")

AT_ONCE = 4  # files at a time: more would burden the servers
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
MAX_SHOWN = 5  # errors listed in one message


class _Wrong(Exception):
    """What is wrong with the bytes received, in words that follow the address."""


def fetch(
    source: str,
    *,
    offline: bool | None = None,
    cache: str | PathLike[str] | None = None,
    manifest: str | PathLike[str] | None = None,
    at_once: int = AT_ONCE,
    patience: Patience = Patience(),  # noqa: B008 (a tuple of numbers)
    progress: bool = True,
    **placeholders: str | Iterable[str],
) -> Path | list[Path]:
    """Download files of a source in the manifest, verify them, and return their local paths.

    A file that is already on this machine is not downloaded again.

    Parameters
    ----------
    source : str
        A source's name: ``chromolab data list``, or `data_manifest/`.
    **placeholders : str or list of str
        Which files, such as ``cell="E003", mark=["H3K4me3", "H3K27ac"]``. An omitted placeholder takes every value
        that is known to exist.
    offline : bool, optional
        Download nothing; default: whether the environment variable CHROMOLAB_OFFLINE is set.
    cache : path, optional
        Folder for downloads; default: the environment variable CHROMOLAB_CACHE, else the user's cache folder.
    manifest : path, optional
        A folder with your own sources, in addition to the known ones.
    at_once : int
        Files downloaded at a time.
    patience : Patience
        How long to wait for a server, and how often to retry.
    progress : bool
        Show a progress bar when it takes longer than two seconds.

    Returns
    -------
    Path, or list of Path
        One path if every placeholder has one value (or the source has none), else a list in the order of the values.

    Raises
    ------
    ChromolabError
        A file does not exist at the source, cannot be downloaded, differs from its checksum, or does not fit on the
        disk. Complete files are kept, and an unfinished one is continued the next time.

    Examples
    --------
    >>> path = cl.fetch("roadmap-reads", cell="E003", mark="H3K4me3")  # doctest: +SKIP
    """
    described = read_manifest(manifest)[source]
    files = described.files(**placeholders)
    paths = fetch_files(
        files, Downloads.below(cache), offline=offline, at_once=at_once, patience=patience, progress=progress
    )
    ones = [is_one(value) for value in placeholders.values() if value is not None]
    return paths[0] if all(ones) and len(ones) == len(described.placeholders) else paths


def fetch_files(
    files: Iterable[RemoteFile],
    downloads: Downloads,
    *,
    offline: bool | None = None,
    at_once: int = AT_ONCE,
    patience: Patience = Patience(),  # noqa: B008
    progress: bool = True,
) -> list[Path]:
    """Fetch several files, of one source or more, a few at a time; arguments and errors as in `fetch`.

    Returns their paths in the order of `files`.
    """
    files = list(files)
    told = fetch_each(files, downloads, offline=offline, at_once=at_once, patience=patience, progress=progress)
    errors = [error for error in told.values() if error is not None]
    if len(errors) == 1:
        raise errors[0]
    if errors:
        shown = "\n".join(f"- {error}" for error in errors[:MAX_SHOWN])
        more = f"\n... and {len(errors) - MAX_SHOWN} more" if len(errors) > MAX_SHOWN else ""
        raise ChromolabError(f"{len(errors)} of {len(told)} files could not be fetched:\n{shown}{more}") from errors[0]
    return [downloads.path(file.place) for file in files]


def fetch_each(
    files: Iterable[RemoteFile],
    downloads: Downloads,
    *,
    offline: bool | None = None,
    at_once: int = AT_ONCE,
    patience: Patience = Patience(),  # noqa: B008
    progress: bool = True,
) -> dict[str, ChromolabError | None]:
    """Fetch several files as `fetch_files` does; what went wrong is returned, not raised.

    Returns {place of a file ("source/name"): its error, or None where it is here}.
    """
    offline, wanted = is_offline() if offline is None else offline, {file.place: file for file in files}
    with tqdm(unit="B", unit_scale=True, desc="downloading", delay=2, disable=not progress) as bar:
        watch = Watch(bar)
        jobs = {place: _FileFetch(file, downloads, offline, patience, watch) for place, file in wanted.items()}
        _run(list(jobs.values()), at_once, watch)
    return {place: job.error for place, job in jobs.items()}


def is_offline() -> bool:
    """Whether the environment variable CHROMOLAB_OFFLINE forbids downloads."""
    return os.environ.get("CHROMOLAB_OFFLINE", "").strip().lower() not in ("", "0", "no", "false")


def _run(jobs: list["_FileFetch"], at_once: int, watch: Watch) -> None:
    """Run the jobs in daemon threads: the process may end at any time, as an unfinished file is continued later."""
    todo, bugs = deque(jobs), []

    def work() -> None:
        while todo and not watch.stopped.is_set():
            try:
                job = todo.popleft()
            except IndexError:  # another thread took the last one
                return
            try:
                job.run()
            except Stopped:
                return
            except BaseException as e:  # a bug in this module: raise it in the main thread
                bugs.append(e)
                watch.stopped.set()

    threads = [threading.Thread(target=work, daemon=True) for _ in range(min(max(1, at_once), len(jobs)))]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():  # with a time limit, so that an interrupt is noticed
                thread.join(0.2)
    finally:
        watch.stopped.set()
    if bugs:
        raise bugs[0]


class _FileFetch:
    """Fetches one file unless it is here; `error` is the `ChromolabError` if that failed."""

    def __init__(self, file: RemoteFile, downloads: Downloads, offline: bool, patience: Patience, watch: Watch):
        self.file, self.downloads, self.offline, self.patience, self.watch = file, downloads, offline, patience, watch
        self.target = downloads.path(file.place)
        self.part = self.target.with_name(self.target.name + PART)
        self.error: ChromolabError | None = None

    def run(self) -> None:
        try:
            if not self._is_here():
                self._download()
        except OSError as e:  # also `NotWritten`: here the remedy is known
            if e.errno in NO_ROOM:
                what = f"no room ({e.strerror}). Make room, or set CHROMOLAB_CACHE to a folder on another disk"
            else:
                what = f"cannot be written ({e.strerror or e}). Set CHROMOLAB_CACHE to a folder you can write to"
            self.error = ChromolabError(f"{self.target}: {what}, and fetch again: what came is kept and continued.")
        except ChromolabError as e:
            self.error = e

    def _is_here(self) -> bool:
        """Whether the file is here and as expected; one that somebody put here is checked and recorded."""
        if not self.target.is_file():
            return False
        size, record = self.target.stat().st_size, self.downloads.record_of(self.file.place)
        expected = self.file.size
        if expected is None and record is not None and self.file.sha256 in (None, record.sha256):
            expected = record.size
        if expected not in (None, size):
            log.warning("%s: %d bytes, expected %d: damaged; fetching it again.", self.target, size, expected)
            return False
        if record is None:
            try:
                self._check(self.target, "put here by hand")
            except _Wrong as e:
                raise ChromolabError(f"{self.target}: {e}. Remove it and fetch it again.") from e
        return True

    def _download(self) -> None:
        if self.offline:
            arguments = [f"{name}={value!r}" for name, value in self.file.combination.items()]
            raise ChromolabError(
                f"{self.target}: not here, and downloads are off (CHROMOLAB_OFFLINE or offline=True). With a network: "
                f"cl.fetch({', '.join([repr(self.file.source.name), *arguments])})"
            )
        if not self.file.addresses:
            raise ChromolabError(
                f"{self.file.name}: no address is known that gives it directly. Download it from "
                f"{self.file.source.page} and put it at {self.target}"
            )
        make_folder(self.target.parent)
        with locked(self.part, self._wait()) as part:
            transfer = Transfer(part, self.part, self.file.size, self.patience, self.watch)
            try:
                if self._is_here():  # another process was faster
                    transfer.forget()
                else:
                    self._from_any(transfer)
            finally:
                if transfer.have == 0:
                    transfer.forget()
                    self.part.unlink()

    def _from_any(self, transfer: Transfer) -> None:
        """Download from the first address that gives the right file."""
        failures: list[tuple[str, Exception]] = []
        for address in self.file.addresses:
            try:
                self._from(address, transfer)
                transfer.note.unlink(
                    missing_ok=True
                )  # first: a kill in between must not leave it beside a complete file
                os.replace(self.part, self.target)
                return
            except (Unavailable, _Wrong) as e:
                failures.append((address, e))
        raise ChromolabError(self._in_words(failures)) from failures[-1][1]

    def _from(self, address: str, transfer: Transfer) -> None:
        """Download from this address; a wrong file that came in several pieces is fetched once more in one."""
        for last in (False, True):
            got = transfer.get(address)
            os.fsync(transfer.part.fileno())
            try:
                if self._unchecked() and transfer.goes_on(address):
                    raise _Wrong("continues beyond the bytes that the server announced")
                if self._unchecked() and not got.fresh and ends_within_a_line(self.part, self.file.name):
                    raise _Wrong("ends within a line, and the server did not say how long it is")
                self._check(self.part, address)
                return
            except _Wrong:
                transfer.forget()
                if got.fresh or last:
                    raise

    def _unchecked(self) -> bool:
        """Whether nothing but the server's word shows that the file is complete."""
        known = self.file.sha256 or self.file.size is not None or self.downloads.record_of(self.file.place) is not None
        return not known and not tells_its_end(self.file.name)

    def _check(self, path: Path, address: str) -> None:
        """Compare the file with its known size and checksum; record the checksum if there was none."""
        size, sha256 = path.stat().st_size, digest(path)
        if self.file.size not in (None, size):
            raise _Wrong(f"is {size} bytes, the manifest says {self.file.size}")
        if self.file.sha256 not in (None, sha256):
            raise _Wrong(f"has the sha256 {sha256[:12]}..., the manifest says {self.file.sha256[:12]}...")
        known = self.downloads.record_of(self.file.place)
        if self.file.sha256 is None and known is None and (why := fault(path, self.file.name)):
            raise _Wrong(f"is {why}")
        record = self.downloads.record(self.file.place, size, sha256, address, vouched=self.file.sha256 is not None)
        if record.sha256 != sha256:
            raise _Wrong(
                f"is not the file (sha256 {sha256[:12]}...) that came first, on {record.day} "
                f"({record.sha256[:12]}...). To accept it, delete its line in {self.downloads.folder / CHECKSUMS}"
            )

    def _wait(self) -> Callable[[float], None]:
        """The `wait` of `locked`: gives up when the process that has the lock no longer writes."""
        last_size, since, warned = -1, time.monotonic(), False

        def wait(seconds: float) -> None:
            nonlocal last_size, since, warned
            self.watch.check()
            size = self.part.stat().st_size if self.part.exists() else -1
            if size != last_size:
                last_size, since = size, time.monotonic()
            if seconds > 2 and not warned:
                warned = True
                log.warning("%s: another process is fetching it; waiting.", self.target)
            if time.monotonic() - since > self.patience.stuck:
                raise ChromolabError(
                    f"{self.part}: another process has locked it and has written nothing for {self.patience.stuck:g} s "
                    f"({self.part.name}.json has its process id). End that process, and fetch again."
                )

        return wait

    def _in_words(self, failures: list[tuple[str, Exception]]) -> str:
        reasons = "; ".join(f"{address} {e}" for address, e in failures)
        if any(isinstance(e, _Wrong) for _, e in failures):
            return f"{self.file.name}: refused and removed: {reasons}."
        source, combination = self.file.source, self.file.combination
        if not all(getattr(e, "status", None) in (404, 410) for _, e in failures):
            return f"{self.file.name}: {reasons}. Fetch again to continue; if it fails again, see {source.page}."
        if source.known(combination) and all(placeholder.values for placeholder in source.placeholders.values()):
            return f"{self.file.name}: {reasons}. The manifest says that it exists: has it moved? See {source.page}."
        return f"{source.absence(combination)} ({reasons}.)"
