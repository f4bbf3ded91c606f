"""Damage to files, and how reading them may end: refused in words or answered sanely. `readers` has the files."""

import bz2
import gzip
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from chromolab.errors import ChromolabError
from helpers.readers import Reader

ODD = b'|nan|NA|inf|-1|0|1e999|9999999999999999999999999|1.5|"|\t|\n|\r|,|;|#|\x00|\xff\xfe|-|chr1|True|0x10|1_000|'
ODD = [*(ODD + "é".encode()).split(b"|"), b"{", b"[", b"&a", b"*a", b"!!python/x"]
PACKED = [("", bytes), ("gzip", lambda data: gzip.compress(data, mtime=0)), ("bzip2", bz2.compress)]


# ---------------------------------------------------------------- damaging


def mutate(data: bytes, rng: np.random.Generator) -> tuple[bytes, str]:
    """One to three kinds of damage; the name of the first tells whether the file was only cut short."""
    names = []
    for _ in range(rng.choice([1, 1, 2, 3])):
        name, act = DAMAGES[rng.integers(len(DAMAGES))]
        data = act(data, rng)
        names.append(name)
    return data, "+".join(names)


def _place(data: bytes, rng, most: int = 64) -> tuple[int, int]:
    a = int(rng.integers(0, len(data) + 1))
    return a, min(len(data), a + int(rng.integers(1, most)))


def _cut(data, rng):
    return data[: int(rng.integers(0, max(1, len(data))))]


def _flip(data, rng):
    out = bytearray(data)
    for _ in range(int(rng.integers(1, 9)) if out else 0):
        out[int(rng.integers(len(out)))] = int(rng.integers(256))
    return bytes(out)


def _flip_head(data, rng):
    return _flip(data[:512], rng) + data[512:]


def _insert(data, rng):
    a, _ = _place(data, rng)
    return data[:a] + rng.bytes(int(rng.integers(1, 40))) + data[a:]


def _delete(data, rng):
    a, b = _place(data, rng)
    return data[:a] + data[b:]


def _repeat(data, rng):
    a, b = _place(data, rng, 400)
    return data[:b] + data[a:b] + data[b:]


def _fill(data, rng):
    a, b = _place(data, rng)
    return data[:a] + bytes([int(rng.choice([0, 255]))]) * (b - a) + data[b:]


def _replace_word(data, rng):
    """One word of a text by an odd one."""
    starts = [i + 1 for i, c in enumerate(data) if c in b"\t ,\n;:="] or [0]
    a = starts[int(rng.integers(len(starts)))]
    b = next((i for i in range(a, len(data)) if data[i] in b"\t ,\n;:="), len(data))
    return data[:a] + ODD[int(rng.integers(len(ODD)))] + data[b:]


def _swap_lines(data, rng):
    lines = data.split(b"\n")
    i, j = rng.integers(len(lines), size=2)
    lines[i], lines[j] = lines[j], lines[i]
    return b"\n".join(lines)


def _shuffle_lines(data, rng):
    lines = data.splitlines(keepends=True)
    return b"".join(lines[i] for i in rng.permutation(len(lines)))


def _double_line(data, rng):
    lines = data.split(b"\n")
    i = int(rng.integers(len(lines)))
    return b"\n".join([*lines[: i + 1], *lines[i:]])


def _drop_line(data, rng):
    lines = data.split(b"\n")
    del lines[int(rng.integers(len(lines)))]
    return b"\n".join(lines)


DAMAGES = [
    ("cut", _cut),
    ("flip", _flip),
    ("head", _flip_head),
    ("insert", _insert),
    ("delete", _delete),
    ("repeat", _repeat),
    ("fill", _fill),
    ("word", _replace_word),
    ("word", _replace_word),
    ("lines", _swap_lines),
    ("shuffle", _shuffle_lines),
    ("double", _double_line),
    ("drop", _drop_line),
]


def damaged(reader: Reader, whole: bytes, seed: int) -> tuple[bytes, str, bool]:
    """The bytes of input `seed`, what was done to them, and whether a file that can tell was only cut short."""
    rng = np.random.default_rng([seed, 4])
    name, pack = PACKED[int(rng.choice([0, 0, 1, 2]))] if reader.text else PACKED[0]
    if name and rng.random() < 0.5:
        data, how = mutate(whole, rng)
        return pack(data), f"{how}, then {name}", False
    sound = pack(whole)
    data, how = mutate(sound, rng)
    tells = reader.tells or bool(name) or (reader.ends and not data.endswith(b"\n"))
    short = how == "cut" and len(data) < len(sound) and tells
    return data, f"{name}, then {how}" if name else how, short


# ---------------------------------------------------------------- judging


def outcome(read: Callable, path: Path, data: bytes, short: bool, check=None, named: str = "") -> str:
    """Write `data` to `path` and read it: "refused", "answered" or "FAULT ...".

    `short` says that a file which can tell was cut, so that any answer is wrong; `check(answer)` may assert more. An
    error must hold `named`, by default the file's name.
    """
    path.write_bytes(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            answer = read(path)
        if check is not None:
            check(answer)
    except ChromolabError as error:
        if (named or path.name) not in str(error):
            return f"FAULT an error that does not name the file: {' '.join(str(error).split())[:160]}"
        return "refused" if len(str(error)) < 20_000 else f"FAULT an error of {len(str(error)):,} characters"
    except AssertionError as error:
        where = _innermost(error)
        return f"FAULT a wrong answer, {where.tb_frame.f_code.co_name} line {where.tb_lineno}"
    except BaseException as error:
        where = _innermost(error)
        place = f"{Path(where.tb_frame.f_code.co_filename).name}:{where.tb_lineno}"
        return f"FAULT {type(error).__name__} at {place}: {' '.join(str(error).split())[:160]}"
    return "FAULT a file cut short was taken for whole" if short else "answered"


def _innermost(error: BaseException):
    """The part of the traceback where the error was raised."""
    where = error.__traceback__
    while where.tb_next:
        where = where.tb_next
    return where


def rows_of(reader: Reader, sound, whole: bytes, data: bytes, how: str) -> Callable | None:
    """The check of the rows that the damage did not touch, for readers that have one."""
    return (lambda answer: rows_hold(sound, answer, whole, data, how)) if reader.rows else None


def rows_hold(sound, answer, whole: bytes, data: bytes, how: str) -> None:
    """Assert that damage in one place leaves all other rows as they are.

    A cut leaves the first rows, of which only the last may differ (a number that lost digits), and only where its line
    does not end. A changed word or two exchanged lines leave the rows of every other line, where there are as many.
    """
    a, b = sound.to_numpy(), answer.to_numpy()
    if how == "cut":
        n = len(b) - (not data.endswith(b"\n"))
        assert len(b) <= len(a) and (b[:n] == a[:n]).all(), "the rows before a cut differ"
    before, after = ([line for line in text.split(b"\n") if line] for text in (whole, data))
    header = len(before) - len(a)
    if how in ("word", "lines") and (len(after), len(b)) == (len(before), len(a)) and before[:header] == after[:header]:
        untouched = [i for i in range(len(a)) if before[header + i] == after[header + i]]
        assert (b[untouched] == a[untouched]).all(), "rows of lines that were not touched differ"


def same(a, b) -> bool:
    """Whether two answers of one reader are equal."""
    if isinstance(a, pd.DataFrame | pd.Series):
        return a.equals(b)
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, np.ndarray):
        return np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
    return a == b
