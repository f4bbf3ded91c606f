"""data/dataset/torch_files: what torch writes comes back, and what lies about itself is refused beforehand."""

import io
import pickle
import subprocess
import sys
import zipfile

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from chromolab.data.dataset import torch_files
from chromolab.data.dataset.torch_files import read_torch_file, write_torch_file
from chromolab.errors import ChromolabError


def tensors():
    whole = torch.arange(12.0).reshape(3, 4)
    kinds = ("float64", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool")
    parts = {"whole": whole, "turned": whole.T, "part": whole[1:, ::2]}
    ends = {"none": torch.zeros(0, 3), "one": torch.tensor(2.0)}
    return parts | ends | {kind: torch.tensor([0, 1, 1, 0]).to(getattr(torch, kind)) for kind in kinds}


@pytest.mark.parametrize("zipped", [True, False], ids=["zip", "before torch 1.6"])
def test_what_torch_wrote_comes_back(tmp_path, zipped):
    model = torch.nn.Linear(3, 2)
    plain = {"epoch": 3, "score": {"auc": 0.5}, "marks": ("a", "b"), "nothing": None, "long": 2**70, "raw": b"\x00\xff"}
    content = plain | {"net": model.state_dict(), "same": [torch.nn.Parameter(torch.ones(2))]} | tensors()
    torch.save(content, tmp_path / "x.pt", _use_new_zipfile_serialization=zipped)
    found = read_torch_file(tmp_path / "x.pt")
    assert {k: found[k] for k in plain} == plain and found["same"][0].tolist() == [1, 1]
    for name, tensor in [*tensors().items(), ("weight", model.weight), ("bias", model.bias)]:
        again = found[name] if name in found else found["net"][name]
        assert again.dtype == tensor.dtype and again.shape == tensor.shape and torch.equal(again, tensor)


def test_shared_numbers_stay_shared(tmp_path):
    base = torch.zeros(4)
    write_torch_file({"a": base, "b": base[2:]}, tmp_path / "x.pt")
    found = read_torch_file(tmp_path / "x.pt")
    found["a"][3] = 1
    assert found["b"].tolist() == [0, 1]


@pytest.mark.parametrize("zipped", [True, False], ids=["zip", "before torch 1.6"])
def test_a_file_cut_or_changed_anywhere_is_refused_or_the_same(tmp_path, zipped):
    content, path = {"net": {"w": torch.arange(6.0)}, "epoch": 3}, tmp_path / "x.pt"
    torch.save(content, path, _use_new_zipfile_serialization=zipped)
    whole = path.read_bytes()
    for end in range(0, len(whole), 11):
        path.write_bytes(whole[:end])
        with pytest.raises(ChromolabError, match="x.pt: "):
            read_torch_file(path)
    rng = np.random.default_rng(0)
    for at in rng.integers(0, len(whole), 300):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << rng.integers(8))]) + whole[at + 1 :])
        try:
            found = read_torch_file(path)
        except ChromolabError:
            continue
        if zipped and "net" in found and "w" in found["net"]:  # the archive keeps a checksum of all members
            assert found["net"]["w"].tolist() == content["net"]["w"].tolist()


def rezipped(path, change, method=zipfile.ZIP_STORED):
    """A small checkpoint whose members `change(name, bytes)` renames or changes: it returns a list of them."""
    buffer = io.BytesIO()
    torch.save({"net": {"w": torch.zeros(64)}, "epoch": 1}, buffer)
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(path, "w", method) as new:
        for name in old.namelist():
            for member in change(name, old.read(name)):
                new.writestr(*member)
    return path


def pickled(raw):
    return lambda name, content: [(name, raw if name.endswith("data.pkl") else content)]


def tensor(key="0", numbers=64, offset=0, size=(64,), stride=(1,)):
    """A pickle of one tensor that says of its storage, place and shape what it likes."""
    made = io.BytesIO()
    writer = pickle._Pickler(made, 2)
    writer.persistent_id = lambda x: x[1:] if isinstance(x, tuple) and x[:1] == ("pid",) else None
    pid = ("pid", "storage", torch.FloatStorage, key, "cpu", numbers)

    class Made:
        def __reduce__(self):
            return torch._utils._rebuild_tensor_v2, (pid, offset, size, stride, False, {})

    writer.dump({"net": {"w": Made()}})
    return made.getvalue()


LIES = {
    "more numbers than there are": tensor(numbers=10**12),
    "numbers of less than nothing": tensor(numbers=-1),
    "a shape beyond its storage": tensor(size=(65,)),
    "a shape repeated for ever": tensor(size=(10**10,), stride=(0,)),
    "a stride backwards": tensor(offset=63, stride=(-1,)),
    "a place beyond": tensor(offset=10**18, size=(1,)),
    "a shape of another length": tensor(size=(8, 8), stride=(1,)),
    "a shape of text": tensor(size=("8",)),
    "a storage that is not there": tensor(key="7"),
    "a storage outside": tensor(key="../../../etc/passwd"),
    "a list in itself": b"\x80\x02]q\x00h\x00a.",
    "lists doubled forty times": b"\x80\x02]q\x00" + b"](h\x00h\x00eq\x00" * 40 + b".",
    "an ordered dict of items": b"\x80\x02ccollections\nOrderedDict\n]K\x01K\x02\x86a\x85R.",
}


@pytest.mark.parametrize("name", LIES)
def test_what_a_file_says_of_itself_is_not_believed(tmp_path, name):
    path = rezipped(tmp_path / "x.pt", pickled(LIES[name]))
    with pytest.raises(ChromolabError, match="x.pt: (refused, because it holds|not a complete torch file)"):
        read_torch_file(path)
    assert read_torch_file(rezipped(path, pickled(tensor())))["net"]["w"].shape == (64,)


@pytest.mark.parametrize(
    "change, method, said",
    [
        (lambda n, b: [(n, b)], zipfile.ZIP_DEFLATED, "packed members"),
        (lambda n, b: [(n, b), (n, b)], zipfile.ZIP_STORED, "two members of one name"),
        (lambda n, b: [(n, b), (f"x/{n.split('/')[1]}", b)], zipfile.ZIP_STORED, "2 members data.pkl"),
        (lambda n, b: [(n, b"big" if n.endswith("byteorder") else b)], zipfile.ZIP_STORED, "another order of bytes"),
        (lambda n, b: [(n, b[: len(b) // 2] if "/data/" in n else b)], zipfile.ZIP_STORED, "not a complete torch file"),
        (lambda n, b: [] if "/data/" in n else [(n, b)], zipfile.ZIP_STORED, "not a complete torch file"),
        (pickled(b"N" * 2**22 + b"0" * 9), zipfile.ZIP_STORED, "bytes of plain values"),
    ],
    ids=["packed", "twice", "two", "order", "short", "no numbers", "large"],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_archive_that_torch_does_not_write_is_refused(tmp_path, change, method, said):
    with pytest.raises(ChromolabError, match=f"x.pt: .*{said}"):
        read_torch_file(rezipped(tmp_path / "x.pt", change, method))


def test_a_list_of_members_that_would_fill_the_memory_is_not_read(tmp_path):
    path = rezipped(tmp_path / "x.pt", lambda n, b: [(n, b)])
    raw = bytearray(path.read_bytes())
    raw[-10:-6] = (2**31).to_bytes(4, "little")
    path.write_bytes(raw)
    with pytest.raises(ChromolabError, match="more members than a model has tensors"):
        read_torch_file(path)


@pytest.mark.parametrize("depth", [101, 300_000])
@pytest.mark.parametrize("where", ["key", "value"])
@pytest.mark.parametrize("zipped", [True, False], ids=["zip", "plain"])
def test_what_is_nested_deep_ends_in_words_and_not_the_process(tmp_path, depth, where, zipped):
    nested = b")" + b"\x85" * depth
    raw = b"\x80\x02}" + (nested + b"N" if where == "key" else b"K\x01" + nested) + b"s."
    path = tmp_path / "x.pt"
    rezipped(path, pickled(raw)) if zipped else path.write_bytes(raw)
    code = (
        "import sys\nfrom chromolab.data.dataset.torch_files import read_torch_file\n"
        "from chromolab.errors import ChromolabError\n"
        "try:\n    read_torch_file(sys.argv[1])\nexcept ChromolabError as error:\n    print(error)"
    )
    run = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)
    assert "x.pt: refused, because it holds" in run.stdout and len(run.stdout) < 1000


class Runs:
    def __reduce__(self):
        return print, ("this would have run",)


@pytest.mark.parametrize("protocol", range(6))
def test_nothing_in_a_file_is_run(tmp_path, capsys, protocol):
    raw = pickle.dumps({"net": {}, "epoch": Runs()}, protocol)
    (tmp_path / "old.pt").write_bytes(raw)
    rezipped(tmp_path / "new.pt", pickled(raw))
    for name in ("old.pt", "new.pt"):
        with pytest.raises(ChromolabError, match="refused, because it holds .*print.*Nothing in it was run"):
            read_torch_file(tmp_path / name)
    assert "would have run" not in capsys.readouterr().out


def test_other_objects_are_named(tmp_path):
    for value in ({1, 2}, np.arange(3), torch.device("cpu"), torch.zeros(3).to_sparse(), torch.float32):
        torch.save({"a": value}, tmp_path / "x.pt")
        with pytest.raises(ChromolabError, match="x.pt: refused, because it holds "):
            read_torch_file(tmp_path / "x.pt")


@given(st.binary(max_size=60))
@settings(deadline=None, max_examples=200)
def test_bytes_of_any_kind_are_refused_or_plain(tmp_path_factory, raw):
    path = tmp_path_factory.mktemp("any") / "x.pt"
    for data in (raw, b"\x80\x02}" + raw):
        path.write_bytes(data)
        with pytest.raises(ChromolabError, match="x.pt: "):
            read_torch_file(path)


def test_what_is_no_file_or_too_large_is_said(tmp_path, monkeypatch):
    for place, said in ((tmp_path / "x", "no such file"), (tmp_path, "is a folder")):
        with pytest.raises(ChromolabError, match=said):
            read_torch_file(place)
    torch.save([1], tmp_path / "list.pt")
    with pytest.raises(ChromolabError, match="expected a dictionary, found list"):
        read_torch_file(tmp_path / "list.pt")
    monkeypatch.setattr(torch_files, "LARGEST", 100)
    with pytest.raises(ChromolabError, match="expected a checkpoint of at most 100"):
        read_torch_file(tmp_path / "list.pt")
