"""show/cli/data: the commands that fetch, list and verify public data."""

import re

import pytest
from helpers.downloading import OTHER, Place, sha256
from helpers.faulty_server import Fault

from chromolab.show.cli.main import main


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
