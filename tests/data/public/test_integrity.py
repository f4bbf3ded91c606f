"""data/public/integrity: whether a file is complete, told by its format."""

import bz2
import gzip
import io
import lzma
import pickle
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
