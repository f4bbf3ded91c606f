"""data/public/integrity: whether a file is complete, told by its format."""

import bz2
import gzip
import io
import lzma
import pickle
import re
import zipfile

import numpy as np
import pytest
from helpers.downloading import DATA
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chromolab.data.public import integrity


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
    assert integrity.fault(path, name) is None and integrity.tells_its_end(name)
    ends = {len(content) - 1, len(content) - 4, len(content) // 2, 9, 3, 1, 0}
    for end in ends - {i + 1 for i, byte in enumerate(content) if name == "x.pickle" and byte == ord(".")}:
        path.write_bytes(content[:end])
        assert integrity.fault(path, name), end


@given(st.sampled_from(sorted(examples())), st.data())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damaged_files_raise_nothing(tmp_path, name, data):
    content = bytearray(examples()[name])
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, min(200, len(content) - 1)))] = data.draw(st.integers(0, 255))
    (tmp_path / name).write_bytes(content)
    assert isinstance(integrity.fault(tmp_path / name, name), str | None)


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><html>login</html>",
        b"\xef\xbb\xbf<!DOCTYPE html><html>login</html>",
        b"<!-- proxy --><html>login</html>",
        b"<?xml version='1.0'?><!DOCTYPE html PUBLIC><html>login</html>",
        b"<?xml version='1.0'?>\n<!-- a -->\n<Error><Code>AccessDenied</Code></Error>",
        b"<head><title>Login</title></head>",
        b" " * 600 + b"<html>login</html>",
        b"\n\n<body onload=x>",
        b'{"error": "quota exceeded"}',
        b' {"message": "Not Found", "status": 404}\n',
        b"Access denied\n",
        b"\xef\xbb\xbf403 Forbidden",
        b"Error: too many requests\nTry again later.\n",
    ],
)
@pytest.mark.parametrize("name", ["x.txt", "x.tsv", "x.gtf", "x.bin", "x"])
def test_a_page_or_an_answer_in_place_of_a_file_is_seen(tmp_path, content, name):
    (tmp_path / name).write_bytes(content)
    assert re.match("(a web page|an answer that tells of trouble)", integrity.fault(tmp_path / name, name))


@pytest.mark.parametrize(
    "name, content",
    [
        ("x.tsv", b"gene\tvalue\nerror\t1\n"),
        ("x.txt", b"hello\n"),
        ("x.bed", b"# not found elsewhere\n#\n#\nchr1 1 2\n"),
        ("x.gtf", b"##description: denied\nchr1\ta\tgene\n"),
        ("x.html", b"<html></html>"),
        ("x.json", b'{"error": 0.1}'),
        ("x.txt", b"denied\n" * 5000),
        ("x.txt", b"<headline>\n"),
    ],
)
def test_data_are_no_answer(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    assert integrity.fault(tmp_path / name, name) is None


def test_a_text_that_ends_within_a_line(tmp_path):
    for name, content, cut in (("x.tsv", b"a\tb", True), ("x.BED", b"a\n", False), ("x.bin", b"a", False)):
        (tmp_path / name).write_bytes(content)
        assert integrity.ends_within_a_line(tmp_path / name, name) == cut
