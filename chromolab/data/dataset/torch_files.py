"""Torch files of tensors and plain values, read without torch's reader: nothing in a file is run or believed.

A torch file is a zip archive: a pickle of everything but the numbers, and one member with the raw numbers of each
storage. (Before torch 1.6 it was a series of pickles, followed by the numbers.) We read the pickle as
`chromolab.data.pickles` reads plain data, and make each tensor from the bytes that are really there: what the file
says of sizes, places and nesting is checked before anything is made. torch's own reader (``weights_only=True``) runs no
code either, but 300,000 tuples within each other end the process, and members that were packed again fill the memory.
"""

import io
import math
import struct
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO

import torch
from torch import Tensor

from chromolab.data.files import atomic_write
from chromolab.data.pickles import ALLOWED, CALLED, PlainReader, Refused
from chromolab.errors import ChromolabError

LARGEST = 2**30  # bytes of a file: a model of the published size with its optimizer takes 90 MB
LARGEST_PICKLE = 2**22  # bytes of all but the numbers
LARGEST_LIST = 2**24  # bytes of the archive's list of its members
MOST_NESTED, MOST_VALUES = 100, 2_000_000  # containers within each other; values, counted wherever they are shown
MAGIC, PROTOCOL = 0x1950A86A20F9469CFC6C, 1001  # at the beginning of a file from before torch 1.6

_KINDS = {
    "Double": torch.float64,
    "Float": torch.float32,
    "Half": torch.float16,
    "BFloat16": torch.bfloat16,
    "Long": torch.int64,
    "Int": torch.int32,
    "Short": torch.int16,
    "Char": torch.int8,
    "Byte": torch.uint8,
    "Bool": torch.bool,
}


@dataclass
class _Kind:
    """Stands for a class of storages, such as torch.FloatStorage."""

    dtype: torch.dtype


@dataclass
class _Storage:
    """The numbers of one storage; `numbers` is None as long as only its size is known."""

    dtype: torch.dtype
    size: int
    numbers: Tensor | None


def _tensor(storage, offset, size, stride, *_) -> Tensor | None:
    """Stands for torch's constructor of a tensor from a part of a storage."""
    whole = [offset, *size, *stride]
    if not isinstance(storage, _Storage) or not all(type(n) is int and n >= 0 for n in whole):
        raise Refused("a tensor of no shape")
    if len(size) != len(stride) or len(size) > 16:
        raise Refused("a tensor of no shape")
    last = offset + sum((n - 1) * step for n, step in zip(size, stride, strict=True))
    if 0 in size:
        last = offset - 1
    if last >= storage.size or math.prod(size) > storage.size:
        raise Refused(f"a tensor of shape {tuple(size)} in a storage of {storage.size} numbers")
    return None if storage.numbers is None else torch.as_strided(storage.numbers, tuple(size), tuple(stride), offset)


def _parameter(tensor, *_):
    """Stands for torch's constructor of a parameter."""
    return tensor


def _ordered(items=()):
    """Stands for collections.OrderedDict; returns a plain dict."""
    if items not in ((), []):
        raise Refused("an ordered dict of items")
    return {}


def _size(numbers=()):
    """Stands for torch.Size; returns a tuple."""
    return tuple(numbers)


_MAKE = {
    ("torch._utils", "_rebuild_tensor_v2"): _tensor,
    ("torch._utils", "_rebuild_tensor"): _tensor,
    ("torch._utils", "_rebuild_parameter"): _parameter,
    ("collections", "OrderedDict"): _ordered,
    ("torch", "Size"): _size,
}


class _Reader(PlainReader):
    """Reads the pickle of a torch file; `find` returns the storage that a persistent id names."""

    dispatch = {**PlainReader.dispatch, ord("Q"): PlainReader.load_binpersid}  # the latter: where numbers lie
    allowed = {**ALLOWED, **_MAKE, **{("torch", f"{name}Storage"): _Kind(dtype) for name, dtype in _KINDS.items()}}
    called = (*CALLED, *_MAKE.values())

    def __init__(self, file: BinaryIO, find: Callable[[str, torch.dtype, int], _Storage]):
        super().__init__(file, encoding="utf-8")
        self.find = find

    def persistent_load(self, pid):
        """The storage that a persistent id names: ("storage", its class, its key, a device, how many numbers)."""
        if not (isinstance(pid, tuple) and len(pid) in (5, 6) and pid[0] == "storage" and isinstance(pid[1], _Kind)):
            raise Refused("a persistent id that names no storage")
        key, size = pid[2], pid[4]
        if not isinstance(key, str) or type(size) is not int or size < 0 or (len(pid) == 6 and pid[5] is not None):
            raise Refused("a persistent id that names no storage")
        return self.find(key, pid[1].dtype, size)

    def set_state(self, of, state):
        """Leave out the state of an ordered dict: the versions of a model's parts."""
        if type(of) is not dict:
            super().set_state(of, state)


def read_torch_file(path: str | PathLike[str]) -> dict:
    """The dictionary in a torch file: tensors on the CPU and plain values. Nothing in the file is run.

    Raises
    ------
    ChromolabError
        If there is no such file, it is damaged, packed again or larger than `LARGEST` bytes, it holds anything but
        tensors and plain values, or these do not fit into the bytes that are there.
    """
    path = Path(path)
    if not path.is_file():
        raise ChromolabError(f"{path}: {'is a folder; expected a torch file' if path.is_dir() else 'no such file'}.")
    if path.stat().st_size > LARGEST:
        raise ChromolabError(f"{path}: {path.stat().st_size:,} bytes; expected a checkpoint of at most {LARGEST:,}.")
    try:
        with open(path, "rb") as file:
            content = _zipped(file) if file.read(2) == b"PK" else _old(file)
        _refuse_nested(content)
    except Refused as error:
        raise ChromolabError(
            f"{path}: refused, because it holds {error}; expected tensors and plain values, which can be read without "
            "running code. Nothing in it was run. Ask its author for tensors only (torch.save of a state dict)."
        ) from None
    except Exception as error:  # a damaged file can fail in any way
        reason = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        raise ChromolabError(f"{path}: not a complete torch file ({reason}); copy or download it again.") from error
    if not isinstance(content, dict):
        raise ChromolabError(f"{path}: expected a dictionary, found {type(content).__name__}")
    return content


def write_torch_file(content: dict, path: Path) -> None:
    """torch.save beside the place, then renamed into it."""
    payload = io.BytesIO()  # torch tells a full disk as an error of its own
    torch.save(content, payload)
    with atomic_write(path) as beside:
        beside.write_bytes(payload.getbuffer())


# ---------------------------------------------------------------- the two kinds of files


def _zipped(file: BinaryIO) -> Any:
    size = file.seek(0, io.SEEK_END)
    _refuse_crowded(file)
    with zipfile.ZipFile(file) as archive:
        members = {member.filename: member for member in archive.infolist()}
        if len(members) < len(archive.infolist()):
            raise Refused("two members of one name")
        if any(m.compress_type != zipfile.ZIP_STORED or m.flag_bits & 1 for m in members.values()):
            raise Refused("packed members; torch.save writes them as they are")
        if sum(max(m.file_size, m.compress_size) for m in members.values()) > size:
            raise Refused("members that are larger than the file")
        names = [name for name in members if name.endswith("/data.pkl") and name.count("/") == 1]
        if len(names) != 1:
            raise ValueError(f"{len(names)} members data.pkl where one was expected")
        top = names[0].removesuffix("data.pkl")
        if members[names[0]].file_size > LARGEST_PICKLE:
            raise Refused(f"{members[names[0]].file_size:,} bytes of plain values")
        if (order := f"{top}byteorder") in members and archive.read(order) != b"little":
            raise Refused("numbers in another order of bytes")
        known: dict[str, _Storage] = {}

        def find(key: str, dtype: torch.dtype, size: int) -> _Storage:
            if key not in known:
                known[key] = _Storage(dtype, size, _numbers(archive.read(f"{top}data/{key}"), dtype, size))
            return _same(known[key], dtype, size)

        return _Reader(io.BytesIO(archive.read(names[0])), find).load()


def _refuse_crowded(file: BinaryIO) -> None:
    """Refuse an archive whose list of members alone would fill the memory: zipfile reads all of it."""
    file.seek(-min(98, file.seek(0, io.SEEK_END)), io.SEEK_END)
    tail = file.read().rjust(98)
    if tail[76:80] != b"PK\x05\x06" or tail[-2:] != b"\0\0":
        raise ValueError("the end of the archive is missing")
    length = struct.unpack_from("<L", tail, 88)[0]
    if tail[56:60] == b"PK\x06\x07" and tail[:4] == b"PK\x06\x06":
        length = struct.unpack_from("<Q", tail, 40)[0]
    if length > LARGEST_LIST:
        raise Refused("more members than a model has tensors")


def _old(file: BinaryIO) -> Any:
    """A file from before torch 1.6: magic number, protocol, machine, content, keys; then the numbers by key."""
    file.seek(0)
    begin = io.BytesIO(file.read(LARGEST_PICKLE))

    def nothing(*_) -> _Storage:
        raise Refused("numbers before its beginning")

    for expected in (MAGIC, PROTOCOL):
        if type(found := _Reader(begin, nothing).load()) is not int or found != expected:
            raise Refused("something else than a model")
    _Reader(begin, nothing).load()
    known: dict[str, _Storage] = {}
    at = begin.tell()

    def find(key: str, dtype: torch.dtype, size: int) -> _Storage:
        return _same(known.setdefault(key, _Storage(dtype, size, None)), dtype, size)

    _Reader(begin, find).load()  # first the sizes: the numbers come after the content
    keys = _Reader(begin, nothing).load()
    if not isinstance(keys, list) or sorted(keys) != sorted(known):
        raise ValueError("the list of its storages does not fit")
    file.seek(begin.tell())
    for storage in map(known.__getitem__, keys):
        if struct.unpack("<q", file.read(8)) != (storage.size,):
            raise ValueError(f"another number of values than {storage.size}")
        length = storage.size * storage.dtype.itemsize
        storage.numbers = _numbers(file.read(min(length, LARGEST)), storage.dtype, storage.size)
    begin.seek(at)
    return _Reader(begin, find).load()


def _same(storage: _Storage, dtype: torch.dtype, size: int) -> _Storage:
    if (storage.dtype, storage.size) != (dtype, size):
        raise Refused("a storage of two kinds")
    return storage


def _numbers(raw: bytes, dtype: torch.dtype, size: int) -> Tensor:
    """The raw bytes of a storage as a tensor (size,)."""
    if len(raw) != size * dtype.itemsize:
        raise ValueError(f"{len(raw)} bytes where {size} numbers of {dtype.itemsize} bytes were expected")
    if not raw:
        return torch.empty(0, dtype=dtype)
    if dtype == torch.bool:
        return torch.frombuffer(bytearray(raw), dtype=torch.uint8) > 0
    return torch.frombuffer(bytearray(raw), dtype=dtype)


# ---------------------------------------------------------------- plain values


def _refuse_nested(content: Any) -> None:
    """Refuse values that cannot be printed, compared or copied: too deep within each other, or in themselves.

    Goes down level by level, and counts how often each container would be shown.
    """
    level: Mapping[int, tuple[Any, int]] = {0: (content, 1)}
    values = 0
    for _ in range(MOST_NESTED):
        below: Counter[int] = Counter()
        objects = {}
        for container, times in level.values():
            for value in _inside(container):
                values += times
                if isinstance(value, dict | list | tuple):
                    below[id(value)] += times
                    objects[id(value)] = value
        if values > MOST_VALUES:
            raise Refused("lists that hold each other again and again")
        if not objects:
            return
        level = {key: (value, below[key]) for key, value in objects.items()}
    raise Refused(f"more than {MOST_NESTED} dictionaries, lists or tuples within each other")


def _inside(container: Any) -> Iterable[Any]:
    if isinstance(container, dict):
        return [*container.keys(), *container.values()]
    return container if isinstance(container, list | tuple) else ()
