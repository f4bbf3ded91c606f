"""Pickles of plain data, read without running any code: the only pickles that this package opens.

A pickle is a program for a small virtual machine that can import and call whatever the pickle names. We use the one
written in Python (`pickle._Unpickler`; the one in C reserves a table as large as the file dictates), without the
instructions that plain data does not need. The few names a pickle may import get stand-ins of ours. Dict keys must be
flat, because hashing deeply nested tuples crashes the process.
"""

import io
import pickle
import struct
from pathlib import Path

from chromolab.errors import ChromolabError

LARGEST = 2**29  # bytes of a file; a pair of fragments takes about 100
NUMBERS = {
    "f2": "e",
    "f4": "f",
    "f8": "d",
    "i1": "b",
    "i2": "h",
    "i4": "i",
    "i8": "q",
    "u1": "B",
    "u2": "H",
    "u4": "I",
    "u8": "Q",
    "b1": "?",
}
KEY = (str, int, float, bool, type(None))


class Refused(Exception):
    """The pickle holds something other than plain data; the argument says what."""


class _NumberType:
    """Stands for numpy's dtype of one number, such as "f8"."""

    def __init__(self, name, *_):
        self.name = name.lstrip("<>=|") if isinstance(name, str) else ""
        if self.name not in NUMBERS:
            raise Refused(f"numpy numbers of type {str(name)[:20]!r}" if isinstance(name, str) else "an odd dtype")
        self.order = ">" if name.startswith(">") else "<"

    def __setstate__(self, state):
        if isinstance(state, tuple) and len(state) > 1 and state[1] == ">":
            self.order = ">"


def _number(kind, raw):
    """Stands for numpy's constructor of a scalar; returns a plain Python number."""
    if isinstance(raw, str):  # protocol 2 and older spell bytes as latin-1 text
        raw = raw.encode("latin1")
    if not isinstance(kind, _NumberType) or not isinstance(raw, bytes):
        raise Refused("a malformed numpy number")
    return struct.unpack(kind.order + NUMBERS[kind.name], raw)[0]


def _default_dict(factory=None, *more):
    """Stands for collections.defaultdict(list); returns a plain dict."""
    if factory is not _LIST or more:
        raise Refused("a defaultdict of something other than lists")
    return {}


def _encoded(text, encoding):
    """Stands for _codecs.encode, by which protocol 2 spells bytes."""
    if encoding != "latin1" or not isinstance(text, str) or len(text) > 16:  # the bytes of one number
        raise Refused("encoded text that is not a number")
    return text.encode("latin1")


_LIST = object()  # stands for the type `list`; not a function, so it cannot be called
ALLOWED = {
    ("collections", "defaultdict"): _default_dict,
    ("numpy", "dtype"): _NumberType,
    ("_codecs", "encode"): _encoded,
}
ALLOWED |= {(module, "list"): _LIST for module in ("builtins", "__builtin__")}
ALLOWED |= {(f"numpy.{core}.multiarray", "scalar"): _number for core in ("core", "_core")}
# Instructions that plain data does not need: they call, build or fetch objects in other ways than REDUCE, or reserve
# memory for a length that the file states.
LEFT_OUT = (
    pickle.INST,
    pickle.OBJ,
    pickle.NEWOBJ,
    pickle.NEWOBJ_EX,
    pickle.EXT1,
    pickle.EXT2,
    pickle.EXT4,
    pickle.PERSID,
    pickle.BINPERSID,
    pickle.BYTEARRAY8,
    pickle.NEXT_BUFFER,
    pickle.READONLY_BUFFER,
    pickle.EMPTY_SET,
    pickle.ADDITEMS,
    pickle.FROZENSET,
)


CALLED = (_default_dict, _NumberType, _number, _encoded)  # the stand-ins that a pickle may call


class PlainReader(pickle._Unpickler):
    """Python's unpickler, restricted to plain data.

    A subclass may allow more names, and more of its stand-ins to be called.
    """

    dispatch = {code: act for code, act in pickle._Unpickler.dispatch.items() if bytes([code]) not in LEFT_OUT}
    allowed: dict[tuple[str, str], object] = ALLOWED
    called: tuple = CALLED

    def find_class(self, module, name):
        """The stand-in of an allowed name."""
        try:
            return self.allowed[module, name]
        except KeyError:
            raise Refused(f"{module}.{name}"[:80]) from None

    def persistent_load(self, pid):
        """Refuse data that lie elsewhere."""
        raise Refused("a persistent id")

    def load_reduce(self):
        """Call a stand-in."""
        function, arguments = self.stack[-2], self.stack[-1]
        if not any(function is one for one in self.called) or not isinstance(arguments, tuple):
            raise Refused("a call of something that does not make plain data")
        self.stack[-2:] = [function(*arguments)]

    def load_build(self):
        """Set the state of a dtype."""
        state = self.stack.pop()
        self.set_state(self.stack[-1], state)

    def set_state(self, of, state):
        """Give an object on the stack its state."""
        if not isinstance(of, _NumberType):
            raise Refused(f"the state of a {type(of).__name__}")
        of.__setstate__(state)

    def load_setitem(self):
        """Put one item into a dict."""
        value, key = self.stack.pop(), self.stack.pop()
        self._set([key, value])

    def load_setitems(self):
        """Put several items into a dict."""
        self._set(self.pop_mark())

    def load_dict(self):
        """Make a dict of several items."""
        items = self.pop_mark()
        self.append({})
        self._set(items)

    def _set(self, items):
        """Put key, value, key, value, ... into the dict on the stack."""
        into = self.stack[-1]
        if type(into) is not dict:
            raise Refused(f"items of a {type(into).__name__}")
        for key in items[::2]:
            if not isinstance(key, KEY) and not (isinstance(key, tuple) and all(isinstance(k, KEY) for k in key)):
                raise Refused(f"a key that is a nested {type(key).__name__}")
        into.update(zip(items[::2], items[1::2], strict=True))

    for _code, _act in (
        (pickle.REDUCE, load_reduce),
        (pickle.BUILD, load_build),
        (pickle.SETITEM, load_setitem),
        (pickle.SETITEMS, load_setitems),
        (pickle.DICT, load_dict),
    ):
        dispatch[_code[0]] = _act


def read_pickle(path) -> object:
    """Read the pickle of plain data (dicts, lists, tuples, text and numbers) at `path` without running any of it.

    A ``defaultdict(list)`` becomes a dict, a numpy number a Python number.

    Raises
    ------
    ChromolabError
        The pickle holds anything else (the message says what), is damaged or truncated, or has bytes after its end.
    """
    path = Path(path)
    if path.stat().st_size > LARGEST:
        raise ChromolabError(f"{path}: {path.stat().st_size:,} bytes; expected a pickle of at most {LARGEST:,}.")
    file = io.BytesIO(path.read_bytes())
    try:
        content = PlainReader(file).load()
    except Refused as error:
        raise ChromolabError(
            f"{path}: refused, because it holds {error}; expected a pickle of plain dicts, lists, tuples, text and "
            "numbers, which can be read without running code. Nothing in it was run. Ask its author for a table."
        ) from None
    except Exception as error:  # a damaged pickle can fail in any way; the remedy is the same
        reason = f"{type(error).__name__}: {error}"[:200]
        raise ChromolabError(
            f"{path}: not a complete pickle of plain data ({reason}). Copy or download it again."
        ) from error
    if file.read(1):
        raise ChromolabError(f"{path}: bytes after the pickle's end: it is damaged. Copy or download it again.")
    return content
