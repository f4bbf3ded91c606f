"""The folder of downloads: its files, and the checksums recorded when each first arrived.

Below the cache folder, `downloads/<source>/<file>`, and beside the sources one text file, `downloads/checksums.tsv`.
The file at an address may change over the years: if the manifest has no checksum for it, the first download records
one, and every later download is compared with it. Copy the text file to another machine to compare downloads there too.
"""

import hashlib
import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import NamedTuple

from chromolab.data.files import atomic_write, cache_folder, locked, make_folder
from chromolab.data.public.addresses import plain
from chromolab.data.public.manifest import Manifest
from chromolab.errors import ChromolabError

log = logging.getLogger("chromolab")

PART = ".part"  # suffix of an unfinished file
CHECKSUMS = "checksums.tsv"
SHA256 = "[0-9a-f]{64}"
HEADER = (
    "# What each downloaded file was when it first came; compared with from then on.\n"
    "# To accept that a file has changed at its source, delete its line and fetch it again.\n"
    "#file\tsize\tsha256\tday\taddress\n"
)


class Record(NamedTuple):
    """One line of checksums.tsv: `size` in bytes, the `day` it first came and from which `address`."""

    size: int
    sha256: str
    day: str
    address: str


class Verdict(NamedTuple):
    """What `Downloads.verify` found of one file: `state` is "ok", "changed", "unknown" or "missing"."""

    file: str
    state: str
    what: str


@dataclass(frozen=True)
class Downloads:
    """The downloads below a cache folder (default: see `chromolab.data.files.cache_folder`)."""

    folder: Path

    @classmethod
    def below(cls, cache: str | PathLike[str] | None = None) -> "Downloads":
        """The downloads below `cache`, or below the default cache folder."""
        return cls(cache_folder(cache) / "downloads")

    def path(self, place: str) -> Path:
        """The path of the file "source/name", whether it exists or not."""
        return self.folder / place

    def files(self, source: str = "*") -> dict[str, int]:
        """The complete files as "source/name" -> bytes."""
        return {place: size for place, size in self._all(source) if not _unfinished(place)}

    def unfinished(self, source: str = "*") -> dict[str, int]:
        """The unfinished downloads as "source/name" -> bytes so far."""
        return {place.removesuffix(PART): size for place, size in self._all(source) if place.endswith(PART)}

    def _all(self, source: str) -> Iterator[tuple[str, int]]:
        for path in sorted(self.folder.glob(f"{source}/*")):
            if path.is_file() and not path.name.startswith("."):
                yield path.relative_to(self.folder).as_posix(), path.stat().st_size

    # ------------------------------------------------------------ recorded checksums

    def records(self) -> dict[str, Record]:
        """Every recorded checksum, by "source/name"; malformed lines are left out, with a warning.

        Raises
        ------
        ChromolabError
            The list is not text.
        """
        records, broken = self._lines()
        for told in broken.values():
            log.warning("%s", told[1])
        return records

    def record_of(self, place: str) -> Record | None:
        """The recorded checksum of "source/name"; None if there is none.

        Raises
        ------
        ChromolabError
            The line of this file is malformed; the message gives its number.
        """
        records, broken = self._lines()
        if place in broken:
            raise ChromolabError(broken[place][1])
        return records.get(place)

    def _lines(self) -> tuple[dict[str, Record], dict[str, tuple[str, str]]]:
        """{place: record}, and {place, as far as it can be told: (malformed line, what is wrong with it)}."""
        path = self.folder / CHECKSUMS
        try:
            lines = path.read_text(encoding="utf-8").split("\n")
        except FileNotFoundError:
            return {}, {}
        except UnicodeDecodeError as e:
            raise ChromolabError(f"{path}: not text. Remove it; checksums are then recorded again.") from e
        records, broken = {}, {}
        for number, line in enumerate(lines, 1):
            if not line or line.startswith("#"):
                continue
            fields = line.split("\t")
            if len(fields) == 5 and re.fullmatch(r"[0-9]{1,18}", fields[1]) and re.fullmatch(SHA256, fields[2]):
                records[fields[0]] = Record(int(fields[1]), *fields[2:])
                continue
            told = f"{path}, line {number}: {plain(line[:60])!r}; expected file, size, sha256, day and address,"
            broken[fields[0]] = line, f"{told} separated by tabs. Remove the line."
        return records, broken

    def record(self, place: str, size: int, sha256: str, address: str, vouched: bool = False) -> Record:
        """Record a file's checksum, unless there is one and the manifest does not vouch for this; returns the record.

        Several processes may call this at once.
        """
        with self._locked():
            records, broken = self._lines()
            if place not in records or (vouched and records[place].sha256 != sha256):
                records[place] = Record(size, sha256, time.strftime("%Y-%m-%d"), plain(address))
                lines = ["\t".join(map(str, (name, *record))) for name, record in sorted(records.items())]
                lines += [line for line, _ in broken.values()]  # as they are: somebody may mend them
                with atomic_write(self.folder / CHECKSUMS) as path:
                    path.write_text(HEADER + "".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
            return records[place]

    @contextmanager
    def _locked(self):
        """The lock on `checksums.tsv`, so that only one process writes it."""
        make_folder(self.folder)
        with locked(self.folder / f".{CHECKSUMS}.lock") as lock:
            yield lock

    # ------------------------------------------------------------ are they still what they were?

    def verify(self, manifest: Manifest, moved: Callable[[int], object] = lambda n: None) -> Iterator[Verdict]:
        """Read every file again and compare it with the checksum in the manifest or on record.

        Yields a `Verdict` for each file that is here or on record: "ok"; "changed", the bytes differ; "unknown", no
        checksum is known; "missing", on record but not here. `moved(n)` is called with the number of bytes read.
        """
        records, files = self.records(), self.files()
        for place in sorted({*files, *records}):
            size, sha256, authority = self._known(place, records.get(place), manifest)
            if place not in files:
                yield Verdict(place, "missing", f"not here: fetch it again, or delete its line in {CHECKSUMS}")
            elif sha256 is None:
                yield Verdict(place, "unknown", "no checksum is known: fetch it, which checks and records it")
            elif (actual := digest(self.path(place), moved)) == sha256:
                yield Verdict(place, "ok", f"{files[place]} bytes, sha256 as {authority}")
            else:
                sizes = "" if size in (None, files[place]) else f"{files[place]} bytes instead of {size}; "
                what = f"{sizes}sha256 {actual[:12]}..., {authority} {sha256[:12]}...: remove it and fetch it again"
                yield Verdict(place, "changed", what)

    def _known(self, place: str, record: Record | None, manifest: Manifest) -> tuple[int | None, str | None, str]:
        """The known size and sha256 of a file (None if not known), and who says so, in words."""
        source, _, name = place.partition("/")
        checksums = manifest.sources[source].checksums if source in manifest.sources else None
        if checksums and name in checksums and checksums[name].sha256:
            return checksums[name].size, checksums[name].sha256, "the manifest says"
        if record is None:
            return None, None, ""
        return record.size, record.sha256, f"recorded on {record.day}"


def _unfinished(place: str) -> bool:
    return place.endswith((PART, f"{PART}.json"))


def digest(path: Path, moved: Callable[[int], object] = lambda n: None) -> str:
    """sha256 of a file, as 64 hexadecimal digits; `moved(n)` is called with the number of bytes read."""
    sha256 = hashlib.sha256()
    with open(path, "rb") as f:
        while chunk := f.read(1 << 20):
            sha256.update(chunk)
            moved(len(chunk))
    return sha256.hexdigest()
