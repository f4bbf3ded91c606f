"""Arrays and tables in one safetensors file; large arrays are memory-mapped, tables are stored as CSV text."""

import io
import json
import math
import mmap
import struct
import zlib
from pathlib import Path

import numpy as np
import pandas as pd

from chromolab.errors import ChromolabError

MAPPED = 256_000_000  # bytes: a larger array stays on disk until it is used
LONGEST_HEADER = 64_000_000  # bytes


def checksum(array: np.ndarray) -> int:
    """CRC-32 of an array's bytes."""
    return zlib.crc32(np.ascontiguousarray(array).reshape(-1).view(np.uint8))


_DTYPES = {"F64": np.float64, "F32": np.float32, "F16": np.float16, "I64": np.int64, "I32": np.int32, "U8": np.uint8}
_DTYPES |= {"U16": np.uint16, "U32": np.uint32}
_NAMES = {np.dtype(dtype): name for name, dtype in _DTYPES.items()}


def write_arrays(path: Path, arrays: dict[str, np.ndarray], metadata: dict[str, str]) -> None:
    """Write `arrays` and `metadata` to `path` as a safetensors file.

    Equal arrays give equal bytes, which the library's own writer does not promise.
    """
    header, start = {"__metadata__": metadata}, 0
    order = sorted(arrays, key=lambda name: (-arrays[name].itemsize, name))  # wide types first: all stay aligned
    for name in order:
        array = arrays[name]
        end = start + array.nbytes
        header[name] = {"dtype": _NAMES[array.dtype], "shape": list(array.shape), "data_offsets": [start, end]}
        start = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for name in order:
            file.write(np.ascontiguousarray(arrays[name]).reshape(-1).view(np.uint8))


def map_arrays(path: Path) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """The arrays of the safetensors file at `path`, and its metadata.

    Arrays of more than `MAPPED` bytes are read-only memory maps (the library would copy them), the others are read.
    Raises ValueError, KeyError, TypeError, RecursionError or struct.error if the file is damaged or not of this format.
    """
    size = path.stat().st_size
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        if length > min(size - 8, LONGEST_HEADER):
            raise ValueError("the header runs past the end of the file")
        header = json.loads(file.read(length))
    metadata = header.pop("__metadata__", {})
    if not all(isinstance(text, str) for pair in metadata.items() for text in pair):
        raise ValueError("its metadata are no texts")
    arrays, first = {}, 8 + length
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        dtype, shape, (begin, end) = np.dtype(_DTYPES[entry["dtype"]]), entry["shape"], entry["data_offsets"]
        if not isinstance(shape, list) or not all(type(n) is int and n >= 0 for n in (*shape, begin, end)):
            raise ValueError(f"its part {name[:40]!r} has no shape or no place")
        if (begin, end - begin) != (first - 8 - length, math.prod(shape) * dtype.itemsize) or end > size:
            raise ValueError(f"its part {name[:40]!r} is not where or not as long as its header says")
        if end - begin > MAPPED:
            arrays[name] = np.memmap(path, dtype, "r", first, tuple(shape))
        else:
            arrays[name] = np.fromfile(path, dtype, math.prod(shape), offset=first).reshape(shape)
        first = 8 + length + end
    if size != first:
        raise ValueError(f"{size} bytes long where {first} were expected")
    return arrays, metadata


def refuse_shortened(array: np.ndarray | None) -> None:
    """Raise `ChromolabError` where the file that an array is mapped from got shorter: reading it would be a crash."""
    mapped = getattr(array, "_mmap", None)  # also of views of the map; None of copies
    if mapped is None:
        return
    begin = array.offset - array.offset % mmap.ALLOCATIONGRANULARITY
    if mapped.size() < begin + len(mapped):
        raise ChromolabError(
            f"{array.filename}: the file got shorter while it was in use: something wrote over it. Copy or save it "
            "again, and load it again."
        )


def table_bytes(table: pd.DataFrame) -> np.ndarray:
    """A table as the bytes of its CSV text, uint8 (bytes,)."""
    return np.frombuffer(table.to_csv(index=False).encode(), np.uint8)


def dtypes_of(table: pd.DataFrame) -> dict[str, str]:
    """{column: name of its dtype}; every column that is not a number is "str"."""
    return {c: "str" if not pd.api.types.is_numeric_dtype(t) else str(t) for c, t in table.dtypes.items()}


def read_table(raw: np.ndarray, dtypes: dict) -> pd.DataFrame:
    """The table that `table_bytes` wrote, with the `dtypes_of` it had; ValueError if its text does not fit them."""
    # Read everything as text first: a gene may be called NA or nan, and Python's float() restores the exact number.
    table = pd.read_csv(io.BytesIO(raw.tobytes()), dtype=str, keep_default_na=False)
    for column, dtype in dtypes.items():
        if dtype != "str":
            table[column] = np.array([_number(x) for x in table[column]], dtype)
    return table


def _number(text: str) -> int | float | bool:
    if text in ("True", "False", ""):
        return {"True": True, "False": False, "": float("nan")}[text]
    return int(text) if text.lstrip("-").isdigit() else float(text)
