"""data/contacts/pickles: the published pair, and pickles that would run something, which are refused."""

import collections
import io
import os
import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chromolab.data import pickles
from chromolab.data.contacts.formats import read_contacts
from chromolab.errors import ChromolabError

# ---------------------------------------------------------------- published pickles

NEIGHBOURS = {"chr1.0.10": ["chr1.50.60", "chr1.70.90"], "chr1.50.60": ["chr1.0.10"], "chr1.70.90": ["chr1.0.10"]}
SCORES = {("chr1.0.10", "chr1.50.60"): np.float64(2.5), ("chr1.0.10", "chr1.70.90"): np.float32(4)}


def write_pair(folder, neighbours, scores, protocol=4):
    for name, content in (("frag2neighbors", neighbours), ("pair2score", scores)):
        raw = content if isinstance(content, bytes) else pickle.dumps(content, protocol)
        (folder / f"H1_{name}.pickle").write_bytes(raw)
    return folder / "H1_frag2neighbors.pickle"


@pytest.mark.parametrize("protocol", range(6))
def test_the_published_pair(tmp_path, protocol):
    lists = collections.defaultdict(list, NEIGHBOURS)
    path = write_pair(tmp_path, lists, SCORES, protocol)
    df = read_contacts(path)
    assert df.to_numpy().tolist() == [["chr1", 0, 10, "chr1", 50, 60, 2.5], ["chr1", 0, 10, "chr1", 70, 90, 4.0]]
    assert df.attrs["format"] == "pickles" and "published" in df.attrs["measure"]
    pd.testing.assert_frame_equal(read_contacts(tmp_path / "H1_pair2score.pickle"), df)


def test_a_pair_that_does_not_fit(tmp_path):
    for neighbours, scores, said in (
        (NEIGHBOURS, {}, "no number for the pair chr1.0.10, chr1.50.60, which H1_frag2neighbors.pickle lists"),
        (NEIGHBOURS, [], "expected a dict: .fragment, fragment."),
        ({"a": 5}, {}, "expected a dict of lists"),
        ({"chr1.0.10": [7]}, {}, "a neighbour of 'chr1.0.10' is of type int; expected text"),
        ({7: ["chr1.0.10"]}, {}, "a key is of type int; expected text"),
        ({"chr1.0": ["chr1.5.9"]}, {("chr1.0", "chr1.5.9"): 1.0}, "row 0"),
        ({"chr1.0.5": ["chr1.5.9"]}, {("chr1.0.5", "chr1.5.9"): 10**400}, "no number"),
        ({}, {}, "no rows"),
    ):
        with pytest.raises(ChromolabError, match=said):
            read_contacts(write_pair(tmp_path, neighbours, scores))
    (tmp_path / "H1_pair2score.pickle").unlink()
    with pytest.raises(ChromolabError, match="pair2score.pickle: no such file"):
        read_contacts(tmp_path / "H1_frag2neighbors.pickle")
    (tmp_path / "other.pickle").write_bytes(pickle.dumps({}))
    with pytest.raises(ChromolabError, match="neither frag2neighbors nor pair2score"):
        read_contacts(tmp_path / "other.pickle")


class Evil:
    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


def nest(depth, opening, closing):
    return b"\x80\x04" + opening * depth + closing * depth + b"."


DEEP = 300_000
MALICIOUS = {
    "os.system": pickle.dumps({"a": Evil(os.system, "touch PLACE")}),
    "eval through builtins": pickle.dumps({"a": Evil(eval, "open('PLACE', 'w')")}),
    "eval through getattr": pickle.dumps([Evil(getattr, __builtins__ if isinstance(__builtins__, dict) else 1, "x")]),
    "protocol 0": b"cposix\nsystem\n(S'touch PLACE'\ntR.",
    "INST": b"(S'touch PLACE'\niposix\nsystem\n.",
    "OBJ": b"(cposix\nsystem\nS'touch PLACE'\no.",
    "NEWOBJ": b"\x80\x02cbuiltins\nobject\n)\x81.",
    "stack global": b"\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x0btouch PLACE\x85R.",
    "dotted name": b"\x80\x04\x8c\x08builtins\x8c\x0dlist.__init__\x93.",
    "a list called": b"\x80\x02cbuiltins\nlist\n]\x85R.",
    "a type as data": pickle.dumps({"a": int}),
    "defaultdict of a function": pickle.dumps(collections.defaultdict(os.getcwd)),
    "defaultdict of dicts": pickle.dumps(collections.defaultdict(dict, {"a": {}})),
    "numpy array": pickle.dumps({"a": np.arange(3)}),
    "numpy object": b"\x80\x02cnumpy\ndtype\nX\x02\x00\x00\x00O8\x85R.",
    "numpy loader": b"\x80\x02cnumpy\nload\nX\x01\x00\x00\x00x\x85R.",
    "pandas": pickle.dumps(pd.DataFrame({"a": [1]})),
    "state of a dict": b"\x80\x04}}b.",
    "persistent id": b"\x80\x02X\x01\x00\x00\x00aQ.",
    "extension": b"\x80\x02\x82\x01.",
    "deep lists": nest(DEEP, b"(", b"l"),
    "deep tuples": nest(DEEP, b"(", b"t"),
    "deep tuple as key": b"\x80\x04}" + b")" + b"\x85" * DEEP + b"K\x01s.",
    "deep key of DICT": b"\x80\x04(" + b")" + b"\x85" * DEEP + b"K\x01d.",
    "deep frozenset": b"\x80\x04(" + b")" + b"\x85" * DEEP + b"\x91.",
    "memo bomb": b"\x80\x04]r\xff\xff\xff\x7f0]r\xff\xff\xff\x7e.",
    "memo by number": b"\x80\x02]p99999999999999999999\n" + b"p" + b"9" * 10_000 + b"\n.",
    "huge text": b"\x80\x04\x8d" + b"\xff" * 7 + b"\x7fabc.",
    "huge bytes": b"\x80\x04\x8e" + b"\xff" * 5 + b"\x00\x00\x00abc.",
    "huge bytearray": b"\x80\x05\x96" + b"\xff" * 5 + b"\x00\x00\x00abc.",
    "huge frame": b"\x80\x04\x95" + b"\xff" * 5 + b"\x00\x00\x00abc.",
    "huge number": b"\x80\x02L" + b"9" * 100_000 + b"L\n.",
    "negative length": b"\x80\x02\x8b\xff\xff\xff\xff.",
    "encoded again": b"\x80\x02c_codecs\nencode\nq\x00X\x00\x10\x00\x00"
    + b"a" * 4096
    + b"q\x01X\x06\x00\x00\x00latin1q\x02"
    + b"h\x00h\x01h\x02\x86R" * 1000
    + b".",
    "nothing": b"",
    "no end": pickle.dumps(NEIGHBOURS)[:-1],
    "cut": pickle.dumps(NEIGHBOURS)[:-20],
    "more after the end": pickle.dumps(NEIGHBOURS) + b"x",
    "a stop at once": b"\x80\x04.",
    "text": b"chr1\t1\t2\n",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", MALICIOUS)
def test_pickles_that_are_not_plain_data_are_refused_and_nothing_is_run(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    raw = MALICIOUS[name].replace(b"PLACE", b"ran__")  # as long, so that lengths in the pickle stay right
    path = write_pair(tmp_path, raw, {})
    before = set(os.listdir(tmp_path))
    with pytest.raises(ChromolabError) as error:
        read_contacts(path, format="pickles")
    assert "H1_frag2neighbors.pickle" in str(error.value) and len(str(error.value)) < 1000
    assert set(os.listdir(tmp_path)) == before, "it ran"


def test_what_is_refused_is_named(tmp_path):
    for raw, said in (
        (MALICIOUS["os.system"], r"posix\.system"),
        (MALICIOUS["eval through builtins"], r"builtins\.eval"),
        (MALICIOUS["numpy array"], r"numpy\S*\._(reconstruct|frombuffer)"),  # the latter from Python 3.14 on
        (MALICIOUS["pandas"], r"pandas\."),
        (MALICIOUS["deep tuple as key"], "a key that is a nested tuple"),
    ):
        with pytest.raises(ChromolabError, match=f"refused, because it holds {said}.*Nothing in it was run"):
            read_contacts(write_pair(tmp_path, raw, {}))


def test_a_list_named_a_thousand_times_is_not_unrolled(tmp_path):
    shared = ["chr1.0.10"] * 3000
    path = write_pair(tmp_path, {f"chr1.{i}.{i + 5}": shared for i in range(3000)}, {})
    assert path.stat().st_size < 200_000
    with pytest.raises(ChromolabError, match="more neighbours than a file of its size can hold"):
        read_contacts(path)


def test_lists_that_share_lists_are_not_written_out(tmp_path):
    shared = ["x"]
    for _ in range(40):  # 2 ** 40 times "x", if it were text
        shared = [shared, shared]
    with pytest.raises(ChromolabError, match="a neighbour of 'chr1.0.10' is of type list"):
        read_contacts(write_pair(tmp_path, {"chr1.0.10": [shared]}, {}))


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(
            st.text(max_size=4) | st.integers() | st.tuples(st.text(max_size=3), st.text(max_size=3)), inner, max_size=4
        )
    ),
    max_leaves=20,
)


def kinds_of(content) -> set:
    inner = [*content, *content.values()] if isinstance(content, dict) else content
    return {type(content)}.union(*map(kinds_of, inner if isinstance(content, dict | list | tuple) else ()))


@pytest.mark.slow
@given(plain, st.integers(0, 5))
@settings(deadline=None, max_examples=150)
def test_plain_data_comes_back_as_it_was(tmp_path_factory, content, protocol):
    path = tmp_path_factory.mktemp("plain") / "x.pickle"
    path.write_bytes(pickle.dumps(content, protocol))
    assert pickles.read_pickle(path) == content


@given(st.binary(max_size=60), st.integers(0, 400), st.integers(0, 255))
@settings(deadline=None, max_examples=300)
def test_damaged_pickles_are_refused_or_plain(tmp_path_factory, raw, at, byte):
    path = tmp_path_factory.mktemp("damaged") / "x.pickle"
    whole = pickle.dumps(SCORES, 4)
    for data in (raw, whole[: at % len(whole)] + bytes([byte]) + whole[at % len(whole) + 1 :]):
        path.write_bytes(data)
        try:
            content = pickles.read_pickle(path)
        except ChromolabError:
            continue
        assert kinds_of(content) <= {dict, list, tuple, str, int, float, bool, bytes, type(None), pickles._NumberType}


def test_numbers_of_numpy(tmp_path):
    numbers = [np.float64(1.5), np.float32(2.5), np.int64(-7), np.uint8(200), np.bool_(True), np.float16(0.5)]
    for protocol in range(6):
        buffer = io.BytesIO()
        pickle.Pickler(buffer, protocol).dump(numbers)
        (tmp_path / "n.pickle").write_bytes(buffer.getvalue())
        assert pickles.read_pickle(tmp_path / "n.pickle") == [1.5, 2.5, -7, 200, True, 0.5]
