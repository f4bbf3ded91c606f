"""data/public/downloads: the folder of downloads and its list of checksums."""

import os
import re
import subprocess
import sys

import pytest

from chromolab.data.public.downloads import Downloads


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(server, place):
    place.cache.mkdir()
    place.cache.chmod(0o500)
    assert "cannot be written (Permission denied). Set CHROMOLAB_CACHE" in place.refused()


def test_a_cache_that_is_a_file(server, place):
    place.cache.write_text("")
    assert "cannot be written" in place.refused() and "CHROMOLAB_CACHE" in place.refused()


def test_many_processes_record_checksums_at_once(tmp_path):
    program = (
        "import sys\nfrom pathlib import Path\nfrom chromolab.data.public.downloads import Downloads\n"
        "for i in range(25): Downloads(Path(sys.argv[1])).record(f's/{sys.argv[2]}-{i}', i, 'a' * 64, 'x')"
    )
    processes = [subprocess.Popen([sys.executable, "-c", program, tmp_path, str(p)]) for p in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]
    assert len(Downloads(tmp_path).records()) == 75
    assert sorted(path.name for path in tmp_path.iterdir()) == [".checksums.tsv.lock", "checksums.tsv"]


def test_a_damaged_line_of_the_list_of_checksums_refuses_one_file(server, place, caplog):
    place.fetch()
    ledger = place.downloads.folder / "checksums.tsv"
    whole = ledger.read_text()
    ledger.write_text(whole.replace("toy/A.bin\t", "toy/A.bin\t-") + "half a line\n\tno name\t\t\t\n")
    told = place.refused()
    assert re.search(r"checksums.tsv, line 4: 'toy/A.bin.*'; expected file, size, sha256, day and address", told)
    assert place.fetch(mark="B").exists()
    assert {"toy/B.bin"} == set(place.downloads.records()) and "line 6: 'half a line'" in caplog.text
    assert "half a line\n" in ledger.read_text() and "toy/A.bin\t-" in ledger.read_text()  # kept, to be mended
    ledger.write_text(whole)
    assert place.fetch().exists()


def test_a_name_or_address_cannot_break_the_list(tmp_path):
    downloads = Downloads(tmp_path)
    downloads.record("s/a", 1, "a" * 64, "http://x/a\nb\tc\x1b[31m\x85\u2028")
    downloads.record("s/b", 2, "b" * 64, "http://x/b")
    assert {place: record.size for place, record in downloads.records().items()} == {"s/a": 1, "s/b": 2}
    assert downloads.record_of("s/a").address == "http://x/a?b?c?[31m??"
