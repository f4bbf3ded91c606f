"""Files that lie: checkpoints, datasets, settings and manifests whose parts are sound one by one, but do not fit."""

import io
import json
import pickle
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import yaml

import chromolab as cl
from chromolab.data.dataset.arrays import checksum, map_arrays, write_arrays
from chromolab.data.project.config import EXAMPLE, read_config
from chromolab.data.public.manifest import read_source
from chromolab.models.checkpoints import published_state
from helpers.toys import SMALL, toy_dataset

# What stands in place of a number, a word, a list: huge, negative, of another kind, without end.
ODD = [
    0,
    -1,
    1,
    2,
    7,
    2**31,
    2**70,
    10**400,
    0.5,
    -0.0,
    1e308,
    float("nan"),
    float("inf"),
    True,
    None,
    "",
    "x",
    "A" * 9999,
]
ODD += [
    [],
    {},
    [[]],
    [None],
    [1, 2],
    ["A", "A"],
    list(range(5000)),
    {"a": {}},
    "../x",
    "\x1b[31m",
    "\u2028",
    "9" * 5000,
]
SCALARS = [
    "0x" + "f" * 5000,
    "0b" + "1" * 9000,
    "1" * 5000,
    "1:" + "59:" * 3000 + "1",
    "2026-13-45",
    ".inf",
    "-.nan",
    "~",
]
SCALARS += [
    "!!binary x",
    "!!python/object:os.system x",
    "&a [*a]",
    "*a",
    "{a: 1, a: 2}",
    "[" * 3000,
    "? [a]",
    '"\\0"',
    "|",
    "{}",
]
SCALARS += [
    '"\\ud800"',
    "1e999",
    "yes",
    "'" + "x" * 100_000 + "'",
    "../../../etc/passwd",
    "/dev/zero",
    "http://[::1",
    "-",
    "[]",
]
SCALARS += [
    '"a\\nb"',
    '"\\e[31m"',
    "[E0001..E9999]",
    "[a..b]",
    "!!set {a}",
    "<<: {a: 1}",
    "0o" + "7" * 6000,
    "- a",
    "a: b: c",
]


@dataclass
class Kind:
    """A kind of file: `craft(path, rng)` writes a lying one, `use(path)` reads it and works with what it gives."""

    craft: Callable[[Path, np.random.Generator], None]
    use: Callable[[Path], object]


def _pick(rng, options):
    return options[int(rng.integers(len(options)))]


def _odd(rng):
    return _pick(rng, ODD)


# ---------------------------------------------------------------- checkpoints


def _contents() -> list[dict]:
    model = cl.Chromoformer("ABC", "classification", (500, 100), seed=0, **SMALL)
    own = {"format": "chromolab-checkpoint-1", "config": model.config(), "scales": {}, "net": dict(model.state_dict())}
    seven = cl.Chromoformer(task="regression", resolutions=(500, 100), seed=0, **SMALL)
    window = cl.models.DeepChrome("ABC", "classification", bins=20, seed=0)
    deep = own | {"config": window.config(), "net": dict(window.state_dict()), "model": "DeepChrome"}
    return [own, {"net": published_state(seven), "optimizer": {}, "epoch": 0}, deep]


CONTENTS = _contents()


def _lying_tensor(t: torch.Tensor, rng) -> object:
    if t.is_meta or t.layout != torch.strided:  # it lies already
        return t
    changes = [
        lambda: t[..., :1],
        lambda: t[None],
        lambda: t * float("nan"),
        lambda: t.to(_pick(rng, [torch.int8, torch.float64, torch.bool, torch.complex64, torch.bfloat16])),
        lambda: torch.zeros(1).expand(10 ** int(rng.integers(1, 12))),
        lambda: torch.zeros(0, *t.shape),
        lambda: t.to("meta"),
        lambda: t.to_sparse() if t.ndim else t,
        lambda: t.flatten().tolist()[:50],
        lambda: t.reshape(-1),
        lambda: _odd(rng),
    ]
    return _pick(rng, changes)()


def _checkpoint(path: Path, rng) -> None:
    content = dict(_pick(rng, CONTENTS))
    for _ in range(int(rng.integers(1, 4))):
        where = rng.random()
        if where < 0.3 and "config" in content:
            config = dict(content["config"]) if isinstance(content["config"], dict) else {}
            content["config"] = config | {_pick(rng, [*config, "seed", "evil"]): _odd(rng)}
        elif where < 0.7 and isinstance(content.get("net"), dict) and content["net"]:
            net, name = dict(content["net"]), _pick(rng, list(content["net"]))
            tensor = net.pop(name)
            others = [str(name).replace("500", size) for size in ("9" * 6000, "-5")]
            renamed = _pick(rng, [name, name, "x", 5, None, ("a",), *others])
            net[renamed] = _lying_tensor(tensor, rng) if isinstance(tensor, torch.Tensor) else _odd(rng)
            content["net"] = net
        else:
            content[_pick(rng, [*content, "more"])] = _odd(rng)
    buffer = io.BytesIO()
    torch.save(content, buffer, _use_new_zipfile_serialization=bool(rng.random() < 0.85))
    raw = buffer.getvalue()
    if rng.random() < 0.3 and raw[:2] == b"PK":
        raw = _rezipped(raw, rng)
    path.write_bytes(_scratched(raw, rng) if rng.random() < 0.2 else raw)


def _rezipped(raw: bytes, rng) -> bytes:
    """The archive written again: packed, with members left out, twice, longer, or another pickle."""
    buffer, method = io.BytesIO(), _pick(rng, [zipfile.ZIP_STORED, zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
    how = _pick(rng, ["out", "twice", "zeros", "pickle", "same"])
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(buffer, "w", method) as new:
        for name in old.namelist():
            content, here = old.read(name), rng.random() < 0.1
            if how == "pickle" and name.endswith("data.pkl"):
                content = _pickle(content, rng)
            if how == "zeros" and here:
                content += bytes(int(rng.integers(1, 2 * 10**7)))
            if not (how == "out" and here):
                new.writestr(name, content)
            if how == "twice" and here:
                new.writestr(name, content[:-1])
    return buffer.getvalue()


def _pickle(content: bytes, rng) -> bytes:
    depth = int(10 ** rng.uniform(1, 6))
    made = [
        b"\x80\x02}" + b")" + b"\x85" * depth + b"Ns.",
        b"\x80\x02}K\x01" + b"(" * depth + b"l" * depth + b"s.",
        b"\x80\x02" + b"]" * depth + b"a" * (depth - 1) + b".",
        b"\x80\x02]q\x00" + b"](h\x00h\x00eq\x00" * min(depth, 5000) + b".",
        b"\x80\x04\x8e" + struct.pack("<Q", 2 ** int(rng.integers(20, 62))) + b"abc.",
        b"\x80\x02L" + b"9" * depth + b"L\n.",
        b"cos\nsystem\n(S'true'\ntR.",
        pickle.dumps({"net": {"w": np.arange(3)}}, 2),
        b"\x80\x02](" + b"2" * depth + b"e.",
        _scratched(content, rng),
    ]
    return _pick(rng, made)


def _scratched(raw: bytes, rng) -> bytes:
    """Some bytes changed, or the end cut off."""
    if rng.random() < 0.3:
        return raw[: int(rng.integers(len(raw)))]
    data = bytearray(raw)
    for at in rng.integers(0, len(data), int(rng.integers(1, 5))):
        data[at] = rng.integers(256)
    return bytes(data)


def _use_checkpoint(path: Path) -> None:
    model = cl.load_checkpoint(path, marks="ABC" if path.stat().st_size % 2 else None)
    repr(model.checkpoint)
    if set(model.marks) <= set("ABC"):
        assert np.isfinite(cl.predict(model, toy_dataset(0), device="cpu")).all()


# ---------------------------------------------------------------- datasets


def _dataset(path: Path, rng) -> None:
    toy_dataset(1, missing=bool(rng.random() < 0.5)).save(path)
    arrays, metadata = map_arrays(path)
    about = json.loads(metadata["about"])
    for _ in range(int(rng.integers(1, 3))):
        _lie(arrays, about, rng)
    if rng.random() < 0.8:  # checksums that fit, so that the lie itself must be noticed
        about["checksums"] = {name: checksum(array) for name, array in arrays.items()}
    write_arrays(path, arrays, metadata | {"about": json.dumps(about)})
    if rng.random() < 0.3:
        _lie_in_header(path, rng)
    if rng.random() < 0.1:
        path.write_bytes(_scratched(path.read_bytes(), rng))


def _lie(arrays: dict, about: dict, rng) -> None:
    where = rng.random()
    if where < 0.35:
        about[_pick(rng, [*about, "more"])] = _odd(rng)
    elif where < 0.6:
        name = _pick(rng, ["genes", "regions"])
        rows = [row.split(",") for row in bytes(arrays[name]).decode("utf-8", "replace").splitlines()]
        row = _pick(rng, rows) if rows else []
        if row:
            row[int(rng.integers(len(row)))] = str(_odd(rng))
        text = "\n".join(map(",".join, rows[: int(rng.integers(len(rows) + 1))] if rng.random() < 0.2 else rows)) + "\n"
        arrays[name] = np.frombuffer(text.encode(), np.uint8)
    else:
        name = _pick(rng, [name for name in arrays if name not in ("genes", "regions")])
        array = np.array(arrays[name])
        changes = [
            lambda: array[: len(array) // 2],
            lambda: array[..., None],
            lambda: array.astype(_pick(rng, [np.float32, np.int64, np.int32, np.uint8])),
            lambda: np.full(array.shape, _pick(rng, [-7, 0, 10**4, 127])).astype(array.dtype),
            lambda: array[::-1].copy(),
            lambda: array * 0 + _pick(rng, [-1, 1, 100]),
        ]
        if array.dtype.kind == "f":
            changes += [lambda: array * np.nan, lambda: array + np.inf, lambda: -1 - array]
        with np.errstate(all="ignore"):
            arrays[name] = _pick(rng, changes)()


def _lie_in_header(path: Path, rng) -> None:
    raw = path.read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + length])
    entry = _pick(rng, list(header))
    if isinstance(header[entry], dict) and rng.random() < 0.8:
        header[entry][_pick(rng, list(header[entry]))] = _pick(rng, [*ODD, [0, 8], [-8, 0], [2**62, 2**62], "F64", "O"])
    else:
        header[entry] = _odd(rng)
    text = (
        json.dumps(header).encode()
        if rng.random() < 0.9
        else _pick(rng, [b"[" * 10**5, b"[]", b"null", b'{"a":' * 10**5])
    )
    length = len(text) if rng.random() < 0.9 else _pick(rng, [0, 10, 2**40, 2**63])
    path.write_bytes(struct.pack("<Q", length) + text + raw[8 + struct.unpack("<Q", raw[:8])[0] :])


def _use_dataset(path: Path) -> None:
    ds = cl.load_dataset(path)
    repr(ds)
    ds.promoter_depth()
    ds.split()
    ds.gene(ds.genes["gene_id"].iloc[0], ds.genes["cell_type"].iloc[0])
    model = cl.Chromoformer(ds.marks, resolutions=(500,), seed=0, **SMALL)
    cl.predict(model, ds.select([0, 1]), device="cpu")
    ds.save(path.with_suffix(".again"))


# ---------------------------------------------------------------- settings and manifests

MANIFEST = """\
title: a test
provider: Testers
placeholders:
  cell: {meaning: a cell type, values: [E001..E003]}
  mark: {meaning: a mark, values: [A, B]}
address: https://example.org/{cell}/{cell}-{mark}.txt.gz
mirrors: ["http://mirror.example.org/{cell}-{mark}.txt.gz"]
exists:
  - {mark: [A]}
absent:
  - {cell: [E002], mark: [B]}
assembly: hg19
format: bigWig
scale: depth
licence: unknown
citation: nobody
page: https://example.org
checksums: null
"""


def _lying_yaml(text: str) -> Callable[[Path, np.random.Generator], None]:
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]

    def craft(path: Path, rng) -> None:
        made = list(lines)
        for _ in range(int(rng.integers(1, 4))):
            at = int(rng.integers(len(made)))
            key, colon, _ = made[at].partition(": ")
            odd = (
                _pick(rng, SCALARS)
                if rng.random() < 0.7
                else yaml.safe_dump(_odd(rng), default_flow_style=True)[:20_000]
            )
            what = rng.random()
            if what < 0.6:
                made[at] = f"{key}{colon or ': '}{odd.splitlines()[0]}"
            elif what < 0.75:
                made.insert(at, made[at])
            elif what < 0.9:
                del made[at]
            else:
                made[at] = " " * int(rng.integers(5)) + odd.splitlines()[0]
            made = made or ["a"]
        raw = ("\n".join(made) + "\n").encode("utf-8", "surrogatepass")
        path.write_bytes(_scratched(raw, rng) if rng.random() < 0.1 else raw)

    return craft


def _use_manifest(path: Path) -> None:
    source = read_source(path)
    for file in source.files():
        assert "/" not in file.name and file.name not in ("", ".", "..") and file.name.isprintable(), file.name
        assert all(address.isprintable() for address in file.addresses), file.addresses


KINDS = {
    "checkpoint.pt": Kind(_checkpoint, _use_checkpoint),
    "dataset.clds": Kind(_dataset, _use_dataset),
    "my.yaml": Kind(_lying_yaml(EXAMPLE.read_text(encoding="utf-8")), read_config),
    "manifest.yaml": Kind(_lying_yaml(MANIFEST), _use_manifest),
}
