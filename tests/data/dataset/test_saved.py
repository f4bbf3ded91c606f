"""data/dataset/saved: a file whose header, shapes, indices, tables or words are not those of a dataset is refused."""

import json
import os
import struct
import subprocess
import sys

import numpy as np
import pytest
from helpers.toys import toy_dataset

import chromolab as cl
from chromolab.data.dataset import arrays as stored
from chromolab.data.dataset.arrays import checksum, map_arrays, write_arrays
from chromolab.data.dataset.dataset import load_dataset

DROP = object()


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    return toy_dataset(1, missing=True).save(tmp_path_factory.mktemp("good") / "good.clds")


def text(table: str) -> np.ndarray:
    return np.frombuffer(table.encode(), np.uint8)


def written(good, path, change=None, **about):
    """The dataset with other arrays, whose checksums fit, and other words about itself."""
    arrays, metadata = map_arrays(good)
    arrays |= change(arrays) if change else {}
    arrays = {name: array for name, array in arrays.items() if array is not DROP}
    words = json.loads(metadata["about"]) | {"checksums": {name: checksum(array) for name, array in arrays.items()}}
    words = {key: value for key, value in (words | about).items() if value is not DROP}
    write_arrays(path, arrays, metadata | {"about": json.dumps(words)})
    return path


def refused(path, said="not a complete chromolab dataset"):
    with pytest.raises(cl.ChromolabError, match=rf"{path.name}: {said}") as error:
        load_dataset(path)
    assert len(str(error.value)) < 600


# ---------------------------------------------------------------- the header

HEADERS = {
    "a list": b"[]",
    "a word": b'"abc"',
    "nothing": b"null",
    "lists without end": b"[" * 200_000,
    "dictionaries without end": b'{"a":' * 100_000,
    "a number too long": b'{"a": ' + b"9" * 5000 + b"}",
    "no number": b'{"a": NaN}',
    "another encoding": '{"a": 1}'.encode("utf-16"),
}
ENTRIES = {
    "data_offsets": [[-8, 0], [0, 1], [2**62, 2**62 + 8], ["0", "8"], [0.5, 8], [], None, [True, 8]],
    "shape": [[-1], [-1, -8], [2**40, 2**40], [2**61], [1] * 100, [0], [0, 2**62], "abc", [True], None, [], [2.0]],
    "dtype": ["O", [], "U8", "F64", None, "I64"],
}


def with_header(good, path, header) -> None:
    raw = good.read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    content = json.loads(raw[8 : 8 + length])
    header = header(content) if callable(header) else header
    header = header if isinstance(header, bytes) else json.dumps(content).encode()
    header += b" " * (-len(header) % 8)
    path.write_bytes(struct.pack("<Q", len(header)) + header + raw[8 + length :])


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_of_another_kind_is_refused(good, tmp_path, name):
    with_header(good, tmp_path / "x.clds", HEADERS[name])
    refused(tmp_path / "x.clds")


@pytest.mark.slow
@pytest.mark.parametrize("part", ["depth", "pcre", "genes"])
@pytest.mark.parametrize("key, value", [(key, value) for key, values in ENTRIES.items() for value in values])
def test_an_entry_that_lies_about_its_part_is_refused(good, tmp_path, part, key, value):
    before = json.loads(good.read_bytes()[8 : 8 + struct.unpack("<Q", good.read_bytes()[:8])[0]])
    if value == before[part][key] or (key, value, part) == ("dtype", "F64", "depth"):
        return
    with_header(good, tmp_path / "x.clds", lambda header: header[part].update({key: value}))
    refused(tmp_path / "x.clds")


@pytest.mark.parametrize("entry", [[], "x", None, {}, {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]}])
def test_an_entry_of_another_kind_is_refused(good, tmp_path, entry):
    for name in ("depth", "more", "__metadata__"):
        with_header(good, tmp_path / "x.clds", lambda header, name=name: header.update({name: entry}))
        refused(tmp_path / "x.clds")


@pytest.mark.parametrize("length", [2**63, 10**6, 0, 10])
def test_a_header_of_another_length_is_refused(good, tmp_path, length):
    (tmp_path / "x.clds").write_bytes(struct.pack("<Q", length) + good.read_bytes()[8:])
    refused(tmp_path / "x.clds")


# ---------------------------------------------------------------- arrays and tables whose checksums fit


def genes(arrays, change):
    return {"genes": text(change(bytes(arrays["genes"]).decode()))}


def regions(arrays, change):
    return {"regions": text(change(bytes(arrays["regions"]).decode()))}


def cell(column, value):
    """Replace the value of one column in the first row of a CSV table."""

    def change(table):
        names, first, *rest = table.splitlines()
        fields = first.split(",")
        fields[names.split(",").index(column)] = value
        return "\n".join([names, ",".join(fields), *rest]) + "\n"

    return change


def lines(count):
    return lambda table: "\n".join(table.splitlines()[:count]) + "\n"


PARTS = {
    "pCREs beyond": lambda a: {"pcre": np.full_like(a["pcre"], 10**9)},
    "pCREs below": lambda a: {"pcre": np.full_like(a["pcre"], -7)},
    "pCREs of others": lambda a: {"pcre": a["pcre"][:5]},
    "promoters beyond": lambda a: {"promoter": np.full_like(a["promoter"], 10**9)},
    "promoters below": lambda a: {"promoter": np.full_like(a["promoter"], -1)},
    "promoters in a pCRE": lambda a: {"promoter": np.full_like(a["promoter"], a["pcre"].max())},
    "promoters in columns": lambda a: {"promoter": a["promoter"][:, None]},
    "promoters of others": lambda a: {"promoter": a["promoter"][:3]},
    "promoters with a fraction": lambda a: {"promoter": a["promoter"].astype(float)},
    "offsets backwards": lambda a: {"offsets": a["offsets"][::-1].copy()},
    "offsets beyond": lambda a: {"offsets": a["offsets"] * 10**12},
    "offsets of others": lambda a: {"offsets": a["offsets"][:2]},
    "frequency nan": lambda a: {"frequency": a["frequency"] * np.nan},
    "frequency inf": lambda a: {"frequency": a["frequency"] + np.inf},
    "frequency below 0": lambda a: {"frequency": -1 - a["frequency"]},
    "frequency of fewer": lambda a: {"frequency": a["frequency"][:, :1].copy()},
    "signal of fewer marks": lambda a: {"depth": a["depth"][:, :2].copy()},
    "signal of one": lambda a: {"depth": a["depth"][:, 0].copy()},
    "signal of fewer bins": lambda a: {"depth": a["depth"][:10].copy()},
    "signal of counts": lambda a: {"depth": np.zeros(a["depth"].shape, np.uint8)},
    "covered of others": lambda a: {"covered": a["covered"][:5].copy()},
    "no genes": lambda a: {"genes": text("")},
    "genes without rows": lambda a: genes(a, lines(1)),
    "fewer genes": lambda a: genes(a, lines(4)),
    "genes of other columns": lambda a: {"genes": text("a,b\n1,2\n")},
    "genes of bytes": lambda a: {"genes": np.frombuffer(b"\xff\xfe\x00\x01" * 50, np.uint8)},
    "genes of quotes": lambda a: {"genes": text('"' * 99)},
    "a TSS of letters": lambda a: genes(a, cell("tss", "x")),
    "a TSS of 400 digits": lambda a: genes(a, cell("tss", "9" * 400)),
    "a TSS of 6,000 digits": lambda a: genes(a, cell("tss", "9" * 6000)),
    "a strand of letters": lambda a: genes(a, cell("strand", "x")),
    "a label of 7": lambda a: genes(a, cell("label", "7")),
    "an infinite expression": lambda a: genes(a, cell("log2_expression", "inf")),
    "a column twice": lambda a: genes(a, lambda t: t.replace("gene_name", "gene_id")),
    "fewer regions": lambda a: regions(a, lines(3)),
    "regions backwards": lambda a: regions(
        a, lambda t: t.replace("start", "x").replace("end", "start").replace("x", "end")
    ),
    "regions beyond": lambda a: regions(a, cell("end", str(2**62))),
} | {f"without {name}": lambda a, name=name: {name: DROP} for name in ("depth", "offsets", "pcre", "genes", "regions")}
WORDS = {
    "marks": [5, None, "abc", [1, 2], [], ["a"] * 99, [["a"]], [None] * 3, DROP],
    "window": [0, -1, "x", None, 2**70, 1.5, 40001, 5000, True, DROP],
    "bin_size": [0, -1, "x", None, 2**70, 0.1, 7, 200, DROP],
    "report": [5, None, "x", {}, [1], [None], DROP],
    "scales": [5, [], "x", None, {"a": "depth"}, {"A": []}, {"A": "metres"}],
    "dtypes": [[], {}, {"genes": []}, None, DROP],
    "checksums": [[], 5, None, {"nope": 1}, {"pcre": "x"}, {"pcre": None}],
    "origin": [5, None, []],
}
TYPES = ["O", "S999999999", "x", "object", "M8[ns]", "V100000000", None, [], "float64", "complex128"]


@pytest.mark.parametrize("name", PARTS)
def test_parts_that_do_not_fit_each_other_are_refused(good, tmp_path, name):
    refused(written(good, tmp_path / "x.clds", PARTS[name]))


@pytest.mark.parametrize("key, value", [(key, value) for key, values in WORDS.items() for value in values])
def test_words_that_no_dataset_says_of_itself_are_refused(good, tmp_path, key, value):
    refused(written(good, tmp_path / "x.clds", **{key: value}))


@pytest.mark.parametrize("kind", TYPES)
def test_columns_of_another_type_are_refused(good, tmp_path, kind):
    dtypes = json.loads(map_arrays(good)[1]["about"])["dtypes"]
    for change in ({"tss": kind}, {"nothing": "int64"}):
        changed = {**dtypes, "genes": dtypes["genes"] | change}
        refused(written(good, tmp_path / "x.clds", dtypes=changed))


def test_words_of_another_kind_are_refused(good, tmp_path):
    arrays, metadata = map_arrays(good)
    for about in ("[]", "3", "null", "[" * 100_000, "x"):
        write_arrays(tmp_path / "x.clds", arrays, metadata | {"about": about})
        refused(tmp_path / "x.clds")


def test_an_older_file_without_scales_and_checksums_is_read(good, tmp_path):
    older = load_dataset(written(good, tmp_path / "x.clds", scales=DROP, checksums=DROP, origin=DROP))
    assert older.scales == {} and len(older) == len(load_dataset(good))


@pytest.mark.slow
def test_one_changed_bit_anywhere_is_noticed(good, tmp_path):
    whole, rng = good.read_bytes(), np.random.default_rng(0)
    (length,) = struct.unpack("<Q", whole[:8])
    for at in rng.integers(8 + length, len(whole), 200):
        (tmp_path / "x.clds").write_bytes(whole[:at] + bytes([whole[at] ^ (1 << rng.integers(8))]) + whole[at + 1 :])
        refused(tmp_path / "x.clds", "not a complete chromolab dataset .its part '.*' was changed")


# ---------------------------------------------------------------- a signal that stays on disk

IN_USE = """
import os, shutil, sys
import numpy as np
import chromolab as cl
from chromolab.data.dataset import arrays
arrays.MAPPED = 10_000
changes = {
    "nothing": lambda path: None,
    "remove": os.unlink,
    "rename over": lambda path: os.replace(shutil.copy(__file__, path + "2"), path),
    "truncate": lambda path: os.truncate(path, 4096),
    "write over": lambda path: open(path, "wb").write(b"x" * 5000),
    "empty": lambda path: open(path, "wb").close(),
}
for how, change in changes.items():
    path = shutil.copy(sys.argv[1], sys.argv[1] + how)
    ds = cl.load_dataset(path)
    assert isinstance(ds.signal.depth, np.memmap) and ds.signal.depth.offset > 0
    part = ds.select([0, 1])
    model = cl.Chromoformer(ds.marks, resolutions=(500,), width=16, regulation_layers=1, seed=0)
    change(path)
    for use in (lambda: cl.predict(model, part, device="cpu"), part.compact, lambda: part.promoter_depth(500),
                lambda: part.region_depth(0), lambda: part.save(path + ".again")):
        try:
            use()
            print(how, "answered", sep=",")
        except cl.ChromolabError as error:
            assert "got shorter while it was in use" in str(error), error
            print(how, "refused", sep=",")
"""


@pytest.mark.slow
def test_a_file_that_gets_shorter_in_use_ends_in_words(tmp_path):
    path, script = toy_dataset(2, genes=60).save(tmp_path / "x.clds"), tmp_path / "use.py"
    script.write_text(IN_USE)
    run = subprocess.run([sys.executable, script, path], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    found = dict.fromkeys(tuple(line.split(",")) for line in run.stdout.split("\n")[:-1])
    expected = [(how, "answered") for how in ("nothing", "remove", "rename over")]
    assert list(found) == expected + [(how, "refused") for how in ("truncate", "write over", "empty")]


def test_a_small_dataset_lives_on_when_its_file_goes(tmp_path):
    path = toy_dataset(2).save(tmp_path / "x.clds")
    ds = load_dataset(path)
    os.truncate(path, 100)
    np.testing.assert_array_equal(ds.promoter_depth(), toy_dataset(2).promoter_depth())


def test_a_large_signal_stays_on_disk(tmp_path, monkeypatch):
    path = toy_dataset(2).save(tmp_path / "x.clds")
    monkeypatch.setattr(stored, "MAPPED", 10_000)
    ds = load_dataset(path)
    assert isinstance(ds.signal.depth, np.memmap) and not isinstance(ds.promoter, np.memmap)
    np.testing.assert_array_equal(ds.promoter_depth(), toy_dataset(2).promoter_depth())
