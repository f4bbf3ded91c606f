"""Downloads from a local server that cuts, lies, fails and changes its mind: the right bytes or a clear word."""

import bz2
import email.utils
import gzip
import hashlib
import io
import json
import lzma
import os
import pickle
import re
import signal
import subprocess
import sys
import threading
import time
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from bench import campaign_fetch
from helpers.faulty_server import Fault, Server
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import chromolab as cl
from chromolab.data.files import locked
from chromolab.data.public import integrity as _integrity
from chromolab.data.public.downloads import Downloads
from chromolab.data.public.fetch import fetch_files
from chromolab.data.public.manifest import read_manifest
from chromolab.data.public.transfer import Patience
from chromolab.errors import ChromolabError
from chromolab.show.cli.main import main

HASTE = Patience(attempts=3, connect=600, silence=600, wait=0.01, longest_wait=2, stuck=600)
RNG = np.random.default_rng(0)
DATA = RNG.integers(0, 256, 300_000, dtype=np.uint8).tobytes()
OTHER = RNG.integers(0, 256, 300_000, dtype=np.uint8).tobytes()
GZ = gzip.compress(DATA, 1)

SOURCE = """\
title: a test
provider: The test server
placeholders:
  mark:
    meaning: a mark
    values: [A, B, C, D]
address: {address}/first/{{mark}}.{ending}
mirrors: [{mirrors}]
absent:
  - {{mark: [D]}}
assembly: hg19
format: any
scale: null
licence: none
citation: none
page: http://127.0.0.1/page
checksums: {checksums}
"""


@pytest.fixture(autouse=True)
def _no_proxy_and_no_settings(monkeypatch, tmp_path):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("CHROMOLAB_CACHE", str(tmp_path / "cache"))
    for name in ("CHROMOLAB_OFFLINE", "CHROMOLAB_MANIFEST"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def server():
    with Server({f"/first/{mark}.bin": DATA for mark in "ABC"}) as server:
        yield server


class Place:
    """A manifest with one source `toy` on the server, and the cache of the test."""

    def __init__(self, server, tmp_path, ending="bin", sha256=None, size=None, mirrors=""):
        self.folder, self.cache, self.ending = tmp_path / "manifest", tmp_path / "cache", ending
        self.folder.mkdir(exist_ok=True)
        known = {k: v for k, v in (("size", size), ("sha256", sha256)) if v is not None}
        checksums = json.dumps({f"A.{ending}": known}) if known else "null"
        text = SOURCE.format(address=server.address, ending=ending, mirrors=mirrors, checksums=checksums)
        (self.folder / "toy.yaml").write_text(text)
        self.downloads = Downloads.below(self.cache)

    def fetch(self, mark="A", patience=HASTE, **arguments):
        return cl.fetch("toy", mark=mark, manifest=self.folder, patience=patience, progress=False, **arguments)

    @property
    def target(self):
        return self.downloads.path(f"toy/A.{self.ending}")

    def refused(self, **arguments) -> str:
        """The message of the error that fetching must end with."""
        with pytest.raises(ChromolabError) as caught:
            self.fetch(**arguments)
        return str(caught.value)

    def left(self) -> list[str]:
        """Every file below the source."""
        return sorted(path.name for path in self.target.parent.glob("*"))


@pytest.fixture
def place(server, tmp_path):
    return Place(server, tmp_path)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# ---------------------------------------------------------------- what it returns


def test_one_value_gives_a_path_several_a_list(server, place):
    path = place.fetch("B")
    assert path.read_bytes() == DATA and path == place.downloads.path("toy/B.bin")
    assert place.fetch(["C", "B"]) == [place.downloads.path("toy/C.bin"), path]
    every = cl.fetch("toy", manifest=place.folder, patience=HASTE, progress=False)
    assert [p.name for p in every] == ["A.bin", "B.bin", "C.bin"]
    assert place.fetch(None) == every and place.fetch(np.array(["A"])) == every[:1]
    assert place.left() == ["A.bin", "B.bin", "C.bin"]


def test_nothing_is_fetched_twice(server, place):
    place.fetch(["A", "B"])
    place.fetch(["A", "B"])
    files = read_manifest(place.folder)["toy"].files(mark="C")
    paths = fetch_files(files * 3, place.downloads, patience=HASTE, progress=False)
    assert paths == [place.downloads.path("toy/C.bin")] * 3
    for mark in "ABC":
        # once whole; the second asks whether there is more behind the end, as nothing else tells for this format
        assert server.asked(f"/first/{mark}.bin") == ["", f"bytes={len(DATA)}-"]


def test_two_threads_and_two_processes_fetch_it_once(server, place):
    server.faults["/first/A.bin"] = [Fault(cut=100_000, stall=0.3)]
    program = "import sys, chromolab as cl; print(cl.fetch('toy', mark='A', manifest=sys.argv[1], progress=False))"
    others = [
        subprocess.Popen([sys.executable, "-c", program, place.folder], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    threads = [threading.Thread(target=place.fetch) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [other.communicate()[0].strip() for other in others] == [str(place.target)] * 2
    assert place.target.read_bytes() == DATA and place.left() == ["A.bin"]
    assert server.asked("/first/A.bin") == ["", "bytes=100000-", f"bytes={len(DATA)}-"]


# ---------------------------------------------------------------- broken off


@given(st.lists(st.integers(0, len(DATA)), max_size=8))
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_cut_anywhere_it_goes_on_from_there(server, place, cuts):
    place.target.unlink(missing_ok=True)
    server.log.clear()
    server.faults["/first/A.bin"] = [Fault(cut=cut) for cut in cuts]
    patience = HASTE._replace(attempts=len(cuts) + 1, wait=0)
    assert place.fetch(patience=patience).read_bytes() == DATA
    server.faults.clear()
    asked = [int(r.removeprefix("bytes=").rstrip("-") or 0) for r in server.asked("/first/A.bin")]
    arrived = 0
    for start, cut in zip(asked, cuts, strict=False):
        assert start == arrived  # no byte is asked for twice
        arrived = min(len(DATA), arrived + cut)
    assert place.left() == ["A.bin"]


def test_what_was_broken_off_in_another_call_is_continued(server, place):
    server.faults["/first/A.bin"] = [Fault(cut=120_000), *[Fault(status=503)] * 3]
    told = place.refused()
    assert "answers 503 Service Unavailable, 3 times in a row" in told and "Fetch again to continue" in told
    assert place.left() == ["A.bin.part", "A.bin.part.json"]
    assert place.downloads.files() == {} and place.downloads.unfinished() == {"toy/A.bin": 120_000}
    assert place.fetch().read_bytes() == DATA
    assert server.asked("/first/A.bin")[4] == "bytes=120000-"


@pytest.mark.parametrize("etag", [True, False])
@pytest.mark.parametrize("if_range", [True, False])
def test_a_file_that_changed_in_between_is_never_spliced(server, place, etag, if_range):
    server.usual = Fault(etag=etag, if_range=if_range)
    server.faults["/first/A.bin"] = [Fault(cut=200_000, etag=etag, then=OTHER), *[Fault(status=500)] * 3]
    place.refused()
    server.changed += 100
    assert place.fetch().read_bytes() == OTHER


@pytest.mark.parametrize("headers", [{"Last-Modified": None}, {"Last-Modified": "yesterday"}, {"Date": None}])
def test_without_a_sure_sign_of_the_version_it_starts_again(server, place, headers):
    server.usual = Fault(etag=False, headers=headers)
    server.faults["/first/A.bin"] = [Fault(cut=200_000, etag=False, headers=headers)]
    assert place.fetch().read_bytes() == DATA
    assert server.asked("/first/A.bin")[:2] == ["", ""]


def test_a_date_of_this_very_second_is_no_sign(server, place):
    now = email.utils.formatdate(time.time(), usegmt=True)
    server.usual = Fault(etag=False, headers={"Date": now, "Last-Modified": now})
    server.faults["/first/A.bin"] = [replace(server.usual, cut=200_000, then=OTHER)]
    assert place.fetch().read_bytes() == OTHER
    assert server.asked("/first/A.bin")[:2] == ["", ""]


def test_a_weak_etag_is_no_sign(server, place):
    server.usual = Fault(headers={"ETag": 'W/"1"', "Last-Modified": None})
    server.faults["/first/A.bin"] = [Fault(cut=9, headers=server.usual.headers, then=OTHER)]
    assert place.fetch().read_bytes() == OTHER


def test_a_server_that_ignores_range_is_put_up_with(server, place):
    server.faults["/first/A.bin"] = [Fault(cut=200_000), Fault(cut=250_000, ranges=False), Fault(ranges=False)]
    assert place.fetch().read_bytes() == DATA


def test_a_server_that_goes_on_at_another_place_is_not_believed(server, place):
    server.faults["/first/A.bin"] = [Fault(cut=200_000), Fault(headers={"Content-Range": "bytes 199999-299999/300000"})]
    assert place.fetch().read_bytes() == DATA


def test_a_file_that_became_shorter_than_what_is_here(server, place):
    server.faults["/first/A.bin"] = [Fault(cut=200_000, then=DATA[:1000])]
    server.usual = Fault(if_range=False)
    assert place.fetch().read_bytes() == DATA[:1000]


def test_a_whole_file_that_was_not_renamed_yet_is_not_fetched_again(server, place):
    place.fetch()
    os.rename(place.target, f"{place.target}.part")
    note = {"address": f"{server.address}/first/A.bin", "validator": ["ETag", '"x"'], "size": len(DATA)}
    (place.target.parent / "A.bin.part.json").write_text(json.dumps(note))
    server.log.clear()
    assert place.fetch().read_bytes() == DATA and server.log == []


@pytest.mark.parametrize("note", ["", "{", "[]", '{"address": 1, "validator": null, "size": "x"}', "\xff"])
def test_an_unreadable_note_means_starting_again(server, place, note):
    place.target.parent.mkdir(parents=True)
    (place.target.parent / "A.bin.part").write_bytes(OTHER[:5000])
    (place.target.parent / "A.bin.part.json").write_text(note)
    assert place.fetch().read_bytes() == DATA


def test_silence_ends_in_another_try(server, place):
    server.faults["/first/A.bin"] = [Fault(cut=200_000, stall=3600)]
    assert place.fetch(patience=HASTE._replace(silence=2, attempts=100)).read_bytes() == DATA
    again = server.asked("/first/A.bin")[1]
    assert 100_000 < int(again.removeprefix("bytes=").removesuffix("-")) <= 200_000


# ---------------------------------------------------------------- lies about the length


def test_announced_too_long(server, place):
    server.usual = Fault(announce=len(DATA) + 500)
    told = place.refused()
    assert re.search(r"broke off after 300000 of 300500 bytes|says that the file is shorter", told)
    assert "A.bin" not in place.left()


def test_announced_too_long_once(server, place):
    server.faults["/first/A.bin"] = [Fault(announce=len(DATA) + 500)]
    assert place.fetch().read_bytes() == DATA


@pytest.mark.parametrize("known", [{"size": len(DATA)}, {"sha256": sha256(DATA)}, {}])
def test_announced_too_short(server, tmp_path, known):
    place = Place(server, tmp_path, **known)
    server.faults["/first/A.bin"] = [Fault(announce=len(DATA) - 700)]
    told = place.refused()
    wanted = {"size": "announces 299300 bytes; 300000 were expected", "sha256": "refused and removed.*sha256"}
    assert re.search(wanted.get(next(iter(known), ""), "refused and removed.*continues beyond the bytes"), told)
    assert place.left() == [] and place.downloads.records() == {}
    assert place.fetch().read_bytes() == DATA


def test_announced_too_short_a_compressed_file_shows_it(server, tmp_path):
    place = Place(server, tmp_path, "txt.gz")
    server.files["/first/A.txt.gz"] = GZ
    server.faults["/first/A.txt.gz"] = [Fault(announce=len(GZ) - 1)]
    assert "is not a complete gzip file" in place.refused()
    assert place.fetch().read_bytes() == GZ
    assert server.asked("/first/A.txt.gz") == ["", ""]


@pytest.mark.parametrize("length", ["x", "-5", "9" * 5000, "12 34"])
def test_a_length_that_is_none(server, tmp_path, length):
    place = Place(server, tmp_path, sha256=sha256(DATA))
    server.usual = Fault(headers={"Content-Length": length}, length=False)
    assert place.fetch().read_bytes() == DATA


def test_no_length_and_cut(server, tmp_path):
    place = Place(server, tmp_path, "txt.gz")
    server.files["/first/A.txt.gz"] = GZ
    server.faults["/first/A.txt.gz"] = [Fault(length=False, cut=1000)]
    assert place.fetch().read_bytes() == GZ


# ---------------------------------------------------------------- wrong bytes


def test_wrong_bytes_are_refused_and_removed(server, tmp_path):
    place = Place(server, tmp_path, sha256=sha256(DATA), size=len(DATA))
    server.faults["/first/A.bin"] = [Fault(body=OTHER)]
    told = place.refused()
    assert (
        "refused and removed" in told
        and f"sha256 {sha256(OTHER)[:12]}..., the manifest says {sha256(DATA)[:12]}" in told
    )
    assert place.left() == [] and place.downloads.records() == {}
    assert place.fetch().read_bytes() == DATA


def test_pieces_that_do_not_fit_are_fetched_once_more(server, tmp_path):
    """The server swears it is the same version, and it is not."""
    place = Place(server, tmp_path, sha256=sha256(DATA))
    lie = {"ETag": '"same"'}
    server.usual = Fault(headers=lie)
    server.faults["/first/A.bin"] = [Fault(cut=200_000, headers=lie, body=OTHER), Fault(headers=lie)]
    server.usual = Fault(headers=lie, if_range=False)
    server.faults["/first/A.bin"][1].if_range = False
    assert place.fetch().read_bytes() == DATA
    assert server.asked("/first/A.bin") == ["", "bytes=200000-", ""]


def test_the_first_download_is_trusted_and_later_ones_compared(server, place):
    place.fetch()
    (record,) = place.downloads.records().values()
    assert record[:2] == (len(DATA), sha256(DATA)) and record.address == f"{server.address}/first/A.bin"
    place.target.unlink()
    server.files["/first/A.bin"] = OTHER
    told = place.refused()
    assert re.search(r"is not the file \(sha256 .*\) that came first, on 20.*delete its line in .*checksums.tsv", told)
    assert place.left() == []
    place.downloads.folder.joinpath("checksums.tsv").unlink()
    assert place.fetch().read_bytes() == OTHER


def test_checksums_of_another_machine_are_compared_with(server, place, tmp_path):
    place.fetch()
    mine = Downloads.below(tmp_path / "elsewhere")
    mine.folder.mkdir(parents=True)
    mine.folder.joinpath("checksums.tsv").write_bytes(place.downloads.folder.joinpath("checksums.tsv").read_bytes())
    server.files["/first/A.bin"] = OTHER
    assert "is not the file" in place.refused(cache=tmp_path / "elsewhere")


def test_a_file_damaged_here_is_fetched_again(server, place, caplog):
    place.fetch()
    place.target.write_bytes(DATA[:-1])
    assert place.fetch().read_bytes() == DATA
    assert "299999 bytes, expected 300000: damaged; fetching it again" in caplog.text


def test_the_manifest_counts_more_than_the_record(server, tmp_path):
    Place(server, tmp_path).fetch()
    server.files["/first/A.bin"] = OTHER[:-1]
    place = Place(server, tmp_path, sha256=sha256(OTHER[:-1]))
    place.target.unlink()
    assert place.fetch().read_bytes() == OTHER[:-1]
    assert place.downloads.records()["toy/A.bin"].sha256 == sha256(OTHER[:-1])
    server.log.clear()
    assert place.fetch().read_bytes() == OTHER[:-1] and server.log == []


def test_a_file_put_there_by_hand_is_checked_and_recorded(server, tmp_path):
    place = Place(server, tmp_path, "txt.gz")
    place.target.parent.mkdir(parents=True)
    place.target.write_bytes(GZ[:-1])
    assert re.search(r"A.txt.gz: is not a complete gzip file.*Remove it and fetch", place.refused(offline=True))
    place.target.write_bytes(GZ)
    assert place.fetch(offline=True).read_bytes() == GZ
    assert place.downloads.records()["toy/A.txt.gz"].address == "put here by hand" and server.log == []


# ---------------------------------------------------------------- answers that are no file


def test_not_found_says_what_there_is(server, place, tmp_path):
    assert "The test server has no D; it has A, B, C." in place.refused(mark="D")
    assert server.log == []  # the manifest knows
    del server.files["/first/C.bin"]
    told = place.refused(mark="C")
    assert "/first/C.bin answers 404 Not Found" in told and "The manifest says that it exists: has it moved?" in told
    text = (place.folder / "toy.yaml").read_text().replace("absent:", "exists:\n  - {mark: [A, B]}\nabsent:")
    (place.folder / "toy.yaml").write_text(text)
    told = place.refused(mark="C")
    assert told.startswith("The test server has no C; it has A, B. See http://127.0.0.1/page.") and "404" in told
    assert place.left() == []


def test_one_missing_file_does_not_keep_back_the_others(server, place):
    del server.files["/first/B.bin"]
    assert "404" in place.refused(mark=["A", "B", "C"])
    assert place.left() == ["A.bin", "C.bin"]
    del server.files["/first/C.bin"]
    place.downloads.path("toy/C.bin").unlink()
    assert "2 of 3 files could not be fetched:\n- B.bin: " in place.refused(mark=["A", "B", "C"])


def test_an_encode_file_that_is_not_there(server, place):
    text = (place.folder / "toy.yaml").read_text().replace("[A, B, C, D]", "null")
    (place.folder / "toy.yaml").write_text(text[: text.index("absent:")] + text[text.index("assembly:") :])
    assert place.refused(mark="ENCFF1").startswith("The test server has no ENCFF1. See http")


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_passing_failures_pass(server, place, status):
    server.faults["/first/A.bin"] = [Fault(status=status)] * 2
    assert place.fetch().read_bytes() == DATA


def test_forbidden_is_final_and_told(server, place):
    server.usual = Fault(status=403)
    assert "answers 403 Forbidden" in place.refused() and len(server.log) == 1


def test_retry_after_is_waited_for(server, place, monkeypatch):
    """The server stays busy for nearly as long as it announces; a client that asks again earlier uses up its tries."""
    came = []

    def next_fault(path, range_):
        came.append(time.monotonic())
        return Fault() if came[-1] >= came[0] + 0.9 else Fault(status=429, headers={"Retry-After": "1"})

    monkeypatch.setattr(server, "next_fault", next_fault)
    assert place.fetch(patience=HASTE._replace(attempts=2)).read_bytes() == DATA
    assert len(came) == 3  # told to wait, the file, nothing behind its end


def test_retry_after_too_long_is_told_and_not_waited_for(server, place):
    server.usual = Fault(status=503, headers={"Retry-After": "7200"})
    assert "asks to wait 7200 s" in place.refused()
    date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 9000))
    server.usual = Fault(status=503, headers={"Retry-After": date})
    (seconds,) = re.findall(r"asks to wait (\d+) s", place.refused())
    assert 8700 < int(seconds) <= 9000
    server.usual = Fault(status=503, headers={"Retry-After": "soon"})
    assert "3 times in a row" in place.refused()


@pytest.mark.parametrize("ending", ["txt.gz", "bin", "bigwig"])
def test_a_login_page_is_no_data(server, tmp_path, ending):
    place = Place(server, tmp_path, ending)
    server.files[f"/first/A.{ending}"] = b"<!DOCTYPE html><title>Wi-Fi login</title>"
    assert "is a web page, such as one that asks for a login" in place.refused()
    assert place.left() == []


def test_a_server_that_is_not_there(server, tmp_path):
    place = Place(server, tmp_path)
    server.http.server_close()
    server.http.shutdown()
    assert re.search(r"cannot be reached \(.*refused\), 3 times in a row", place.refused())


def test_mirrors_are_tried_in_order(server, tmp_path):
    urls = ", ".join(f"'{server.address}/{name}/{{mark}}.bin'" for name in ("second", "third"))
    place = Place(server, tmp_path, mirrors=urls, sha256=sha256(DATA))
    server.files |= {"/second/A.bin": OTHER, "/third/A.bin": DATA}
    server.faults["/first/A.bin"] = [Fault(cut=1000), *[Fault(status=503)] * 3]
    assert place.fetch().read_bytes() == DATA
    assert place.downloads.records()["toy/A.bin"].address == f"{server.address}/third/A.bin"
    assert server.asked("/second/A.bin") == [""] and server.asked("/third/A.bin") == [""]
    place.target.unlink()
    server.files = {"/second/A.bin": OTHER}
    told = place.refused()
    assert told.index("/first/A.bin answers 404") < told.index("/second/A.bin has the sha256") < told.index("/third/")


def test_a_mirror_that_is_down_does_not_cost_what_came(server, tmp_path):
    place = Place(server, tmp_path, mirrors=f"'{server.address}/second/{{mark}}.bin'")
    server.faults["/first/A.bin"] = [Fault(cut=200_000), *[Fault(status=503)] * 3]
    place.refused()
    assert place.fetch().read_bytes() == DATA
    assert server.asked("/first/A.bin")[4] == "bytes=200000-"


def test_gzip_as_the_encoding_of_a_gz_file_is_kept_as_it_is(server, tmp_path):
    place = Place(server, tmp_path, "txt.gz")
    server.files["/first/A.txt.gz"] = GZ
    server.usual = Fault(headers={"Content-Encoding": "x-gzip"})
    assert place.fetch().read_bytes() == GZ


def test_a_server_that_compresses_unasked_is_refused(server, place):
    server.usual = Fault(headers={"Content-Encoding": "gzip"})
    assert "compresses the file (gzip), although asked not to" in place.refused()


# ---------------------------------------------------------------- offline, by hand


def test_offline_uses_what_is_here_and_nothing_else(server, place, monkeypatch):
    place.fetch()
    server.log.clear()
    monkeypatch.setenv("CHROMOLAB_OFFLINE", "1")
    assert place.fetch().read_bytes() == DATA
    told = place.refused(mark="B")
    assert "not here, and downloads are off" in told and "cl.fetch('toy', mark='B')" in told
    assert server.log == []
    assert place.fetch("B", offline=False).read_bytes() == DATA
    monkeypatch.setenv("CHROMOLAB_OFFLINE", "0")
    assert place.fetch("C").read_bytes() == DATA


def test_no_address_says_where_to_put_the_file(tmp_path):
    with pytest.raises(ChromolabError) as caught:
        cl.fetch("chromoformer-weights", task="reg", cell="E003", fold=1, cache=tmp_path)
    path = tmp_path / "downloads" / "chromoformer-weights" / "chromoformer-reg-E003-conf1-fold1.pt"
    assert f"from https://doi.org/10.6084/m9.figshare.19424807.v4 and put it at {path}" in str(caught.value)


# ---------------------------------------------------------------- no room, locks, kills


def fetcher(place, *, limit=None, code="") -> subprocess.Popen:
    """Fetch A in a new process, which cannot write files larger than `limit` bytes."""
    program = f"""
import resource, sys
import chromolab as cl
from chromolab.data.public.transfer import Patience
{code}
if {limit!r}:
    resource.setrlimit(resource.RLIMIT_FSIZE, ({limit!r}, resource.RLIM_INFINITY))
try:
    patience = Patience(silence=3600)
    cl.fetch("toy", mark="A", manifest=sys.argv[1], cache=sys.argv[2], patience=patience, progress=False)
except cl.ChromolabError as e:
    sys.exit(str(e))
"""
    arguments = [sys.executable, "-c", program, place.folder, place.cache]
    return subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True)


def test_a_full_disk_is_told_and_continued(server, place):
    full = fetcher(place, limit=150_000)
    told = full.communicate()[1]
    assert full.returncode == 1 and "no room (File too large)" in told and "what came is kept and continued" in told
    assert place.downloads.unfinished() == {"toy/A.bin": 150_000} and place.downloads.files() == {}
    assert place.fetch().read_bytes() == DATA
    assert server.asked("/first/A.bin")[1] == "bytes=150000-"


def test_a_disk_that_cannot_hold_it_is_told_before(server, place):
    server.usual = Fault(announce=10**17)
    assert re.search(r"no room: 100,000,000,000,000,000 more bytes are needed, [\d,]+ are free", place.refused())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(server, place):
    place.cache.mkdir()
    place.cache.chmod(0o500)
    assert "cannot be written (Permission denied). Set CHROMOLAB_CACHE" in place.refused()


def test_a_cache_that_is_a_file(server, place):
    place.cache.write_text("")
    assert "cannot be written" in place.refused() and "CHROMOLAB_CACHE" in place.refused()


def test_killed_or_disturbed_anywhere_it_ends_with_the_same_bytes():
    """A small version of the campaign; the figures of the whole are in tests/bench/RESULTS.md."""
    counts = campaign_fetch.run(kills=3, faults=8, seed=1)
    assert counts["kills"] == 3 and counts["faults"] == 8
    for kind in ("cut", "wrong bytes", "changed in between", "disk full"):
        assert counts[f"same as undisturbed: {kind}"] == 2


def test_a_process_that_hangs_with_the_file_is_named_after_a_while(server, place):
    place.target.parent.mkdir(parents=True)
    with locked(place.target.parent / "A.bin.part"):
        told = place.refused(patience=HASTE._replace(stuck=1))
    assert "another process has locked it and has written nothing for 1 s" in told
    assert place.fetch().read_bytes() == DATA  # the lock is gone with its holder


def test_whoever_holds_a_file_may_rename_or_remove_it(tmp_path):
    path, met = tmp_path / "x", []

    def other():
        with locked(path) as f:
            met.append(os.path.samestat(os.stat(path), os.fstat(f.fileno())))

    for how in (lambda: path.rename(tmp_path / "y"), path.unlink, lambda: None):
        with locked(path):
            thread = threading.Thread(target=other)
            thread.start()
            time.sleep(0.2)
            how()
        thread.join()
    assert met == [True] * 3


def test_many_processes_record_checksums_at_once(tmp_path):
    program = (
        "import sys\nfrom pathlib import Path\nfrom chromolab.data.public.downloads import Downloads\n"
        "for i in range(25): Downloads(Path(sys.argv[1])).record(f's/{sys.argv[2]}-{i}', i, 'a' * 64, 'x')"
    )
    processes = [subprocess.Popen([sys.executable, "-c", program, tmp_path, str(p)]) for p in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]
    assert len(Downloads(tmp_path).records()) == 75
    assert sorted(path.name for path in tmp_path.iterdir()) == [".checksums.tsv.lock", "checksums.tsv"]


def test_a_damaged_list_of_checksums_is_told_with_its_line(server, place):
    place.fetch()
    with open(place.downloads.folder / "checksums.tsv", "a") as f:
        f.write("half a line")
    told = place.refused(mark="B")
    assert re.search(r"checksums.tsv, line 5: 'half a line'; expected file, size, sha256, day and address", told)


def test_an_interruption_is_heard_at_once(server, place):
    server.usual = Fault(cut=1000, stall=3600)
    process = fetcher(place, code="print('ready', file=sys.stderr, flush=True)")
    process.stderr.readline()
    while not place.downloads.unfinished():
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    assert "KeyboardInterrupt" in process.communicate()[1]  # long before the server has been silent for an hour
    assert "A.bin" not in place.left()


# ---------------------------------------------------------------- whole by its format


def examples() -> dict[str, bytes]:
    zipped, array = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("a", DATA[:5000])
    np.save(array, np.arange(1000.0))
    magic = (0x888FFC26).to_bytes(4, "little")
    return {
        "x.gz": gzip.compress(DATA[:5000]),
        "x.BAM": gzip.compress(b"") + gzip.compress(DATA[:5000]),
        "x.bz2": bz2.compress(DATA[:5000]),
        "x.xz": lzma.compress(DATA[:5000]),
        "x.zip": zipped.getvalue(),
        "x.pt": zipped.getvalue(),
        "x.npy": array.getvalue(),
        "x.bigWig": magic + DATA[:5000] + magic,
        "x.bw": magic[::-1] + DATA[:5000] + magic[::-1],
        "x.pickle": pickle.dumps(list(range(1000))),
    }


@pytest.mark.parametrize("name", examples())
def test_cut_short_or_empty_is_seen(tmp_path, name):
    content, path = examples()[name], tmp_path / name
    path.write_bytes(content)
    assert _integrity.fault(path, name) is None and _integrity.tells_its_end(name)
    ends = {len(content) - 1, len(content) - 4, len(content) // 2, 9, 3, 1, 0}
    for end in ends - {i + 1 for i, byte in enumerate(content) if name == "x.pickle" and byte == ord(".")}:
        path.write_bytes(content[:end])
        assert _integrity.fault(path, name), end


@given(st.sampled_from(sorted(examples())), st.data())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damaged_files_raise_nothing(tmp_path, name, data):
    content = bytearray(examples()[name])
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, min(200, len(content) - 1)))] = data.draw(st.integers(0, 255))
    (tmp_path / name).write_bytes(content)
    assert isinstance(_integrity.fault(tmp_path / name, name), str | None)


# ---------------------------------------------------------------- the command


def test_the_command_fetches_lists_and_verifies(server, place, capsys):
    where = ["--manifest", str(place.folder)]
    assert main(["data", "fetch", "toy", "--mark", "A", "B", "--mark", "C", "--dry-run", *where]) == 0
    printed = capsys.readouterr().out
    assert "A.bin  to fetch, size not known" in printed and f"{server.address}/first/C.bin" in printed
    assert "3 file(s), 3 to fetch" in printed and server.log == []
    assert main(["data", "fetch", "toy", "-p", "mark=A", "-p", "mark=B", *where]) == 0
    assert capsys.readouterr().out.split() == [str(place.downloads.path(f"toy/{mark}.bin")) for mark in "AB"]
    assert main(["data", "fetch", "toy", "--mark", "A", "--dry-run", *where]) == 0
    assert "A.bin  here, 300.0 kB" in capsys.readouterr().out
    assert main(["data", "list", *where]) == 0
    assert re.search(r"^toy +hg19 +- +mark +2, 600.0 kB  a test$", capsys.readouterr().out, re.MULTILINE)
    assert main(["data", "verify", *where]) == 0
    assert "2 ok, 0 changed, 0 unknown, 0 missing" in capsys.readouterr().out


def test_the_command_lists_one_source(server, place, capsys):
    server.faults["/first/A.bin"] = [Fault(cut=1000), *[Fault(status=500)] * 3]
    place.refused()
    place.fetch("B")
    assert main(["data", "list", "toy", "--manifest", str(place.folder)]) == 0
    printed = capsys.readouterr().out
    assert (
        "{mark}: a mark" in printed and "B.bin  300.0 kB" in printed and "A.bin  unfinished, 1.0 kB so far" in printed
    )
    assert main(["data", "list", "roadmap-pval"]) == 0
    printed = capsys.readouterr().out
    assert "E003  H1 embryonic stem cells" in printed and "E106  (no H3K9ac)" in printed


def test_verify_says_of_each_file_what_it_is(server, place, capsys):
    place.fetch(["A", "B", "C"])
    changed = place.downloads.path("toy/B.bin")
    changed.write_bytes(OTHER)
    place.downloads.path("toy/C.bin").unlink()
    (place.target.parent / "mine.txt").write_text("x")
    (place.target.parent / "D.bin.part").write_text("x")
    assert main(["data", "verify", "--manifest", str(place.folder)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines[:5]] == [
        ["ok", "toy/A.bin"],
        ["changed", "toy/B.bin"],
        ["missing", "toy/C.bin"],
        ["unknown", "toy/mine.txt"],
        ["part", "toy/D.bin"],
    ]
    assert "remove it and fetch it again" in lines[1]
    assert lines[-1].endswith("1 ok, 1 changed, 1 unknown, 1 missing")


def test_verify_holds_files_against_the_manifest_first(server, tmp_path, capsys):
    Place(server, tmp_path).fetch()
    place = Place(server, tmp_path, sha256=sha256(OTHER))
    assert main(["data", "verify", "--manifest", str(place.folder)]) == 1
    assert "the manifest says" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["fetch", "toy", "--mark", "Z"], "toy: The test server has no mark Z; it has A, B, C, D"),
        (["fetch", "toy", "--cell", "E003"], "toy: no placeholder cell; it has mark"),
        (["fetch", "nothing"], "no source 'nothing'"),
        (["list", "nothing"], "no source 'nothing'"),
    ],
)
def test_what_the_command_cannot_do_it_says(server, place, capsys, arguments, message):
    assert main(["data", *arguments, "--manifest", str(place.folder)]) == 1
    assert f"chromolab: {message}" in capsys.readouterr().err


def test_a_wrong_placeholder_is_a_wrong_command_line(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["data", "fetch", "toy", "-p", "mark"])
    assert caught.value.code == 2 and "expected NAME=VALUE" in capsys.readouterr().err
