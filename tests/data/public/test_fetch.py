"""data/public/fetch: files of the manifest, each fetched once, checked, and the same bytes whatever happens."""

import re
import subprocess
import sys
import threading

import numpy as np
import pytest
from bench import campaign_fetch
from helpers.downloading import DATA, GZ, HASTE, OTHER, Place, sha256
from helpers.faulty_server import Fault

import chromolab as cl
from chromolab.data.files import locked
from chromolab.data.public.downloads import Downloads
from chromolab.data.public.fetch import fetch_files
from chromolab.data.public.manifest import read_manifest
from chromolab.errors import ChromolabError


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


@pytest.mark.slow
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
