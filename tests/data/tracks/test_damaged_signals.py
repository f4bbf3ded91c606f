"""Damaged files of every format of signals, annotation and expression: an error that names the file, or a result."""

import zlib

import numpy as np
import pytest
from helpers.readers_signals import READERS, mutate, same

from chromolab.errors import ChromolabError

CUT_IS_SEEN = ("tagAlign.gz", "bedGraph.bz2", "bigWig", "BAM", "expression.gz", "dataset", "quantiles")


@pytest.mark.parametrize("name", READERS)
def test_the_good_file_is_read_twice_alike(tmp_path, name):
    reader = READERS[name]
    path = reader.make(tmp_path / "good")
    assert same(reader.read(path), reader.read(path)) or name == "quantiles"


@pytest.mark.parametrize("name", READERS)
def test_damaged_files_end_in_an_error_or_a_result(tmp_path, name, caplog):
    reader = READERS[name]
    content = reader.make(tmp_path / "good").read_bytes()
    refused, n = 0, 12 if reader.in_child else 150
    for seed in range(n):
        damaged, _ = mutate(content, np.random.default_rng([zlib.crc32(name.encode()), seed]))
        path = tmp_path / f"damaged-{seed}"
        path.write_bytes(damaged)
        try:
            reader.read(path)
        except ChromolabError as e:  # any other exception fails the test
            assert path.name in str(e)
            refused += 1
        path.unlink()
    assert refused > n / 10


@pytest.mark.parametrize("name", CUT_IS_SEEN)
def test_no_cut_file_is_taken_for_whole(tmp_path, name):
    reader = READERS[name]
    content = reader.make(tmp_path / "good").read_bytes()
    for share in (0, 0.2, 0.7, 1):
        path = tmp_path / "part"
        path.write_bytes(content[: max(1, int(len(content) * share) - 3)])
        with pytest.raises(ChromolabError, match="cut"):
            reader.read(path)


@pytest.mark.parametrize("name", ["tagAlign", "bedGraph"])
def test_text_cut_within_a_line_is_seen(tmp_path, name):
    reader = READERS[name]
    content = reader.make(tmp_path / "good").read_bytes()
    for cut in range(1, 60):
        path = tmp_path / "cut"
        path.write_bytes(content[:-cut])
        if not content[:-cut].endswith(b"\n"):
            with pytest.raises(ChromolabError, match="the last line has no line end"):
                reader.read(path)
