"""data/project/plan: what a build would do, and whether the disk has room for it."""

import shutil

import pytest
from helpers.builds import left_in, stopped_after
from helpers.own_data import write

import chromolab as cl
from chromolab.errors import ChromolabError
from chromolab.show.cli.main import main


def test_a_dry_run_plans_and_writes_nothing(own, capsys):
    folder, chosen = own
    assert main(["data", "build", str(write(folder, chosen)), "--dry-run"]) == 0
    printed = capsys.readouterr().out
    for word in ("files     11", "480", "tracks    6", "0 of them kept", "at most", "about"):
        assert word in printed
    assert left_in(folder) == set()


def test_a_dry_run_knows_what_is_done(own, monkeypatch, capsys):
    folder, chosen = own
    command = ["data", "build", str(write(folder, chosen)), "--dry-run", "--processes", "3"]
    with stopped_after(monkeypatch, 4):
        cl.build(folder / "my.yaml", 1, progress=False)
    before = {p.name: p.stat().st_mtime_ns for p in (folder / ".own.clds.pieces").iterdir()}
    assert main(command) == 0
    printed = capsys.readouterr().out
    assert "tracks    6: H3K4me3, H3K27ac, H3K36me3; 4 of them kept" in printed and "3 process(es)" in printed
    assert {p.name: p.stat().st_mtime_ns for p in (folder / ".own.clds.pieces").iterdir()} == before
    cl.build(folder / "my.yaml", progress=False)
    assert main(command) == 0 and "nothing to do" in capsys.readouterr().out
    assert main([*command, "--again"]) == 0 and "0 of them kept" in capsys.readouterr().out


def test_too_small_a_disk_is_said_before_the_work(own, monkeypatch):
    folder, chosen = own
    monkeypatch.setattr(shutil, "disk_usage", lambda place: shutil._ntuple_diskusage(10, 9, 1))
    with pytest.raises(ChromolabError, match="are free; building needs"):
        cl.build(write(folder, chosen), progress=False)
    assert left_in(folder) == set()
