"""data/text: what counts as a number, ids without their version, endless lines. (Lines: see each format's tests.)"""

import bz2
import gzip
import lzma
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from chromolab.data import text
from chromolab.data.text import LAST_BASE, coordinates, existing_file, is_number, is_whole, text_blocks, text_lines
from chromolab.errors import ChromolabError


@pytest.mark.parametrize("text", ["0", "-1", "3.5", "1e-9", " 7", "+2", "1E5"])
def test_finite_numbers_are_numbers(text):
    assert is_number(text)


@pytest.mark.parametrize("text", ["", "x", "nan", "inf", "-inf", "1_000", "1,5", "0x10", "1e999", "chr1"])
def test_other_texts_are_none(text):
    assert not is_number(text)


def test_coordinates_are_whole_and_fit_in_a_bigwig():
    assert coordinates(["0", "10", str(LAST_BASE)]) == (0, 10, 2**31 - 1) and coordinates([]) == ()
    for wrong in ("-1", "1.0", "", " 1", "1e3", "x", "٣", str(LAST_BASE + 1), "9" * 400):
        assert coordinates(["5", wrong]) is None


def test_a_whole_number_is_no_bool_and_a_float_only_where_asked():
    for value in (1, 7, np.int32(3), np.uint8(1), 10**30):
        assert is_whole(value) and is_whole(value, floats=True)
    for value in (2.0, np.float32(2), Fraction(2)):
        assert not is_whole(value) and is_whole(value, floats=True)
    for value in (True, np.True_, 0, -1, 2.5, math.nan, "1", None, [1], np.nan):
        assert not is_whole(value) and not is_whole(value, floats=True)
    assert is_whole(0, 0) and not is_whole(4, 5)


@pytest.mark.parametrize("read", [text_lines, lambda path, what: text_blocks(path, what, size=500)])
@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_a_line_without_end_is_refused_before_it_fills_the_memory(tmp_path, monkeypatch, read, pack):
    monkeypatch.setattr(text, "LONGEST_LINE", 1000)
    (tmp_path / "good").write_bytes(pack(b"a\n" + b"b" * 999 + b"\n"))
    assert len(list(read(tmp_path / "good", "a table"))) > 0
    (tmp_path / "endless").write_bytes(pack(b"a\n" + b"b" * 50_000))
    with pytest.raises(ChromolabError, match="endless, line 2: longer than 1,000 characters; expected a table"):
        list(read(tmp_path / "endless", "a table"))


@pytest.mark.parametrize("path", ["/proc/cpuinfo", "/proc/self/../cpuinfo"])
def test_files_of_the_kernel_are_not_read(path, tmp_path):
    if not Path(path).is_file():
        pytest.skip("no /proc here")
    (link := tmp_path / "genes.gtf").symlink_to(path)
    for given in (path, link):
        with pytest.raises(ChromolabError, match="kernel; expected the annotation"):
            existing_file(given, "the annotation")
