"""data/public/transfer: a server that cuts, lies, fails and changes its mind: the right bytes or a clear word."""

import email.utils
import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest
import requests
from helpers.downloading import DATA, GZ, HASTE, OTHER, Place, sha256
from helpers.faulty_server import Fault
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


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


def in_chunks(data, *lengths):
    """An answer whose body comes in chunks of these lengths, and one with the rest."""
    body, at = b"", 0
    for n in [*lengths, len(data) - sum(lengths), 0]:
        body += f"{n:x}\r\n".encode() + data[at : at + n] + b"\r\n"
        at += n
    return Fault(length=False, headers={"Transfer-Encoding": "chunked"}, body=body)


def test_an_answer_in_chunks(server, place):
    server.faults["/first/A.bin"] = [in_chunks(DATA, 1, 70_000, 15, 2)]
    assert place.fetch().read_bytes() == DATA


@pytest.mark.parametrize("cut", [3, 40_000, 70_009, -5])
def test_an_answer_in_chunks_that_breaks_off_is_not_taken_for_whole(server, place, cut):
    whole = in_chunks(DATA, 70_000)
    server.faults["/first/A.bin"] = [replace(whole, body=whole.body[:cut])]
    assert place.fetch().read_bytes() == DATA and server.asked("/first/A.bin")[:2] == ["", ""]


@pytest.mark.parametrize("in_one_chunk", [False, True])
def test_a_server_that_drips_is_given_up(server, place, in_one_chunk):
    server.faults["/first/A.bin"] = [replace(in_chunks(DATA) if in_one_chunk else Fault(), piece=1, pace=0.05)]
    told = place.refused(patience=HASTE._replace(silence=1, slowest=10_000))
    assert "first/A.bin sends less than 10000 bytes a second" in told
    assert len(server.asked("/first/A.bin")) == 1
    assert place.fetch().read_bytes() == DATA, "what came is kept, and the next fetch goes on"


def test_headers_that_drip_are_given_up(server, place):
    server.faults["/first/A.bin"] = [Fault(slow_head=0.02)] * 2
    told = place.refused(patience=HASTE._replace(silence=0.5, attempts=2))
    assert "first/A.bin does not answer in time, 2 times in a row" in told
    assert place.left() == []


def test_a_chunk_whose_length_drips_is_given_up(server, place):
    drips = Fault(length=False, headers={"Transfer-Encoding": "chunked"}, body=b"0" * 500, piece=1, pace=0.02)
    server.faults["/first/A.bin"] = [drips] * 2
    told = place.refused(patience=HASTE._replace(silence=0.5, attempts=2))
    assert "first/A.bin broke off after 0 of unknown bytes, 2 times in a row" in told


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


def test_gzip_as_the_encoding_of_a_gz_file_is_kept_as_it_is(server, tmp_path):
    place = Place(server, tmp_path, "txt.gz")
    server.files["/first/A.txt.gz"] = GZ
    server.usual = Fault(headers={"Content-Encoding": "x-gzip"})
    assert place.fetch().read_bytes() == GZ


def test_a_server_that_compresses_unasked_is_refused(server, place):
    server.usual = Fault(headers={"Content-Encoding": "gzip"})
    assert "compresses the file (gzip), although asked not to" in place.refused()


# ---------------------------------------------------------------- no room, locks, kills


def fetcher(place, *, limit=None, code="") -> subprocess.Popen:
    """Fetch A in a new process, which cannot write files larger than `limit` bytes."""
    program = f"""
import resource, sys
import chromolab as cl
from chromolab.data.public.patience import Patience
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


def test_an_interruption_is_heard_at_once(server, place):
    server.usual = Fault(cut=1000, stall=3600)
    process = fetcher(place, code="print('ready', file=sys.stderr, flush=True)")
    process.stderr.readline()
    while not place.downloads.unfinished():
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    assert "KeyboardInterrupt" in process.communicate()[1]  # long before the server has been silent for an hour
    assert "A.bin" not in place.left()


@pytest.mark.parametrize(
    "to",
    ["http://[::1", "file:///etc/passwd", "ftp://127.0.0.1/x", "data:,x", "gopher://127.0.0.1/_x", "http://h:99999/x"],
)
def test_an_address_to_go_on_to_that_is_none_is_told(server, place, to):
    server.usual = Fault(status=302, headers={"Location": to})
    assert re.search("cannot be (asked|reached)", place.refused())


def test_what_is_encrypted_does_not_lead_on_to_what_is_not(server, place, monkeypatch):
    """An answer over plain http:// could be anyone's."""
    ask = requests.Session.get
    monkeypatch.setattr(requests.Session, "get", lambda s, to, **m: ask(s, to.replace("https:", "http:", 1), **m))
    manifest = place.folder / "toy.yaml"
    manifest.write_text(manifest.read_text().replace("address: http:", "address: https:"))
    assert "sends us on to an address without encryption" in place.refused()


def test_a_piece_of_a_length_that_is_none_is_told(server, place):
    server.usual = Fault(length=False, headers={"Transfer-Encoding": "chunked"}, body=b"-5\r\nabc\r\n0\r\n\r\n")
    assert re.search(r"broke off after \d+ of unknown bytes", place.refused())


def test_a_servers_words_do_not_reach_the_terminal_as_they_are(server, place):
    server.usual = Fault(status=418, reason="\x1b[31mred\x07")
    told = place.refused()
    assert "answers 418 ?[31mred?" in told and told.isprintable()


def test_text_that_may_be_cut_within_a_line_is_refused_where_its_length_is_not_known(server, tmp_path):
    place = Place(server, tmp_path, ending="tsv")
    server.files["/first/A.tsv"] = b"gene\tvalue\nA\t1"
    server.usual = Fault(length=False)
    assert "ends within a line, and the server did not say how long it is" in place.refused()
    server.usual = Fault()
    assert place.fetch().read_bytes() == b"gene\tvalue\nA\t1"
