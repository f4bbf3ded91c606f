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


def test_a_damaged_list_of_checksums_is_told_with_its_line(server, place):
    place.fetch()
    with open(place.downloads.folder / "checksums.tsv", "a") as f:
        f.write("half a line")
    told = place.refused(mark="B")
    assert re.search(r"checksums.tsv, line 5: 'half a line'; expected file, size, sha256, day and address", told)
