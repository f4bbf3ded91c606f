"""Arrays and tables in one safetensors file; arrays are memory-mapped, tables are stored as CSV text."""

import io
import json
import struct
import zlib
from pathlib import Path

import numpy as np
import pandas as pd


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


def map_arrays(path: Path) -> tuple[dict, dict]:
    """The arrays of the safetensors file at `path` as read-only memory maps (the library's copies), and its metadata.

    Raises ValueError, KeyError, TypeError or struct.error if the file is damaged or not of this format.
    """
    size = path.stat().st_size
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        if length > size:
            raise ValueError("the header runs past the end of the file")
        header = json.loads(file.read(length))
    metadata = header.pop("__metadata__", {})
    ends = [8 + length + entry["data_offsets"][1] for entry in header.values()]
    if size != max(ends, default=8 + length):
        raise ValueError(f"{size} bytes long where {max(ends, default=8 + length)} were expected")
    arrays = {}
    for name, entry in header.items():
        shape, begin = tuple(entry["shape"]), 8 + length + entry["data_offsets"][0]
        empty = 0 in shape  # the operating system refuses an empty map
        dtype = np.dtype(_DTYPES[entry["dtype"]])
        arrays[name] = np.zeros(shape, dtype) if empty else np.memmap(path, dtype, "r", begin, shape)
    return arrays, metadata


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
