"""YAML files: read safely with the line of every key, checked against a pydantic model, every mistake in plain words.

`read_model` is the one way in. Nothing in a file is executed; aliases, tags and duplicate keys are refused.
"""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, PrivateAttr, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from chromolab.data.text import existing_file
from chromolab.errors import ChromolabError

Place = tuple[str | int, ...]  # keys and list indices from the top: ("cell_types", "E003", "tracks")
MAP, SEQUENCE = "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"
NUMBERS, LONGEST_NUMBER = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float"), 60
UNREADABLE = (ValueError, KeyError, AttributeError, TypeError, IndexError)  # raised by 2001-13-40, !!bool maybe ...
LARGEST = 1_000_000  # bytes; a settings file is never larger
LONGEST_MESSAGE = 500  # characters
MOST_MISTAKES = 12  # shown at once
WORDS = {
    "Input should be": "expected",
    "String should match pattern": "expected text that matches",
    "a valid integer": "a whole number",
    "a valid string": "text (in quotes, if need be)",
    "a valid dictionary": "keys and values (key: value)",
    "a valid boolean": "true or false",
    "a valid ": "a ",
    "greater than or equal to": "at least",
    "less than or equal to": "at most",
}
TAG = re.compile(r"int|float|str|bool|[a-z-]+\[.*\]|constrained-\w+")  # pydantic's names for the members of a union


# ---------------------------------------------------------------- models


class Part(BaseModel):
    """A mapping in a file. An unknown key is refused, and the message suggests the key that was probably meant."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, given):
        if not isinstance(given, Mapping):
            raise mistake(f"{shown(given)}; expected the keys {', '.join(cls.model_fields)}")
        for key in given:
            if key not in cls.model_fields:
                close = difflib.get_close_matches(str(key), cls.model_fields, 1, 0.6)
                hint = f"did you mean {close[0]!r}?" if close else f"expected one of {', '.join(cls.model_fields)}"
                raise mistake(f"unknown key {shown(key)}; {hint}", key)
        return given


class YamlFile(Part):
    """A whole file, which knows its path and its lines; `read_model` reads one."""

    _path: Path = PrivateAttr(Path())
    _lines: dict[Place, int] = PrivateAttr({})

    @property
    def path(self) -> Path:
        """The file that was read."""
        return self._path

    def where(self, *place) -> str:
        """`my.yaml, line 12`, for messages."""
        return f"{self._path}, line {line_of(place, self._lines)}"

    @contextmanager
    def placed(self, *place) -> Iterator[None]:
        """Prefix an error with the line of the file that caused it."""
        try:
            yield
        except ChromolabError as e:
            raise ChromolabError(f"{self.where(*place)}: {e}") from None


Model = TypeVar("Model", bound=YamlFile)


def read_model(path: str | PathLike[str], model: type[Model], what: str) -> Model:
    """Read the YAML file `path` as a `model`; `what` says what was expected there, for messages.

    Raises
    ------
    ChromolabError
        With file and line of each mistake: the file is missing, is not plain YAML, gives a key twice, has an unknown
        key (the message suggests the one that was probably meant), or holds a value that `model` refuses.
    """
    content, lines = read_yaml(path, what)
    try:
        read = model.model_validate(content)
    except ValidationError as e:
        messages = [f"{path}, line {line}: {text}" for line, text in _in_words(e.errors(), lines)]
        more = [f"... and {len(messages) - MOST_MISTAKES} more"] if len(messages) > MOST_MISTAKES else []
        raise ChromolabError("\n".join([*messages[:MOST_MISTAKES], *more])) from None
    read._path, read._lines = Path(path), lines
    return read


# ---------------------------------------------------------------- mistakes in words


def mistake(text: str, *place: str) -> PydanticCustomError:
    """An error for a validator to raise; `place` leads from the part being checked to the mistake in it."""
    return PydanticCustomError("chromolab", "{text}", {"text": text, "place": place})


def shown(value: object) -> str:
    """A value as a message shows it."""
    text = repr(value) if value is not None else "nothing"
    return text if len(text) < 60 else f"{text[:57]}..."


def _in_words(errors: Iterable[dict], lines: dict[Place, int]) -> list[tuple[int, str]]:
    """(line, text) of each error, by line; a value that fits no member of a union gives one error, not several."""
    mistakes: dict[tuple[int, str], list[str]] = {}
    for error in errors:
        line, about, expected = _mistake(error, lines)
        mistakes.setdefault((line, about), []).append(expected)
    return sorted((line, _short(about + _or(expected))) for (line, about), expected in mistakes.items())


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_MESSAGE else f"{text[:LONGEST_MESSAGE]}..."


def _mistake(error: dict, lines: dict[Place, int]) -> tuple[int, str, str]:
    """The line, what the mistake is about, and what was expected."""
    place: Place = ()
    for part in error["loc"]:
        tag = isinstance(part, str) and TAG.fullmatch(part) and (*place, part) not in lines
        place = place if tag or part == "[key]" else (*place, part)
    if error["type"] == "missing":
        return line_of(place[:-1], lines), _named(place), "is missing"
    if error["type"] == "chromolab":
        return line_of((*place, *error["ctx"]["place"]), lines), _named(place), error["msg"]
    about = f"{_named(place)}{shown(error['input'])}; "
    if error["type"] == "too_short":
        return line_of(place, lines), about, "expected at least one"
    expected = error["msg"]
    for pydantics, plain in WORDS.items():
        expected = expected.replace(pydantics, plain)
    return line_of(place, lines), about, expected


def _named(place: Place) -> str:
    return f"{'.'.join(map(str, place))}: " if place else ""


def _or(expected: list[str]) -> str:
    first, *others = dict.fromkeys(expected)
    return " or ".join([first, *(text.removeprefix("expected ") for text in others)])


# ---------------------------------------------------------------- lines


def read_yaml(path: str | PathLike[str], what: str) -> tuple[dict, dict[Place, int]]:
    """Read the mapping in a YAML file, and the line (counted from 1) of everything in it.

    Parameters
    ----------
    path : the file.
    what : what was expected there, for messages.

    Returns
    -------
    content : dict
        Keys stay text as written (``003`` stays "003").
    lines : {place: line}
        An entry of a mapping has the line of its key; an item of a list has the line on which it begins.

    Raises
    ------
    ChromolabError
        With file and line, for anything that is not plain YAML: broken syntax, a key given twice, aliases, tags such
        as ``!!python/object``.
    """
    path = existing_file(path, what)
    if path.stat().st_size > LARGEST:
        raise ChromolabError(f"{path}: {path.stat().st_size:,} bytes; expected {what}, a short file. Check the path.")
    try:
        text = path.read_text(encoding="utf-8-sig")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        reader = _Reader(path)
        content = reader.value(node, ()) if node is not None else None
    except UnicodeDecodeError:
        raise ChromolabError(f"{path}: not text (UTF-8); expected {what}.") from None
    except (yaml.YAMLError, RecursionError, *UNREADABLE) as e:
        raise ChromolabError(f"{path}{_line_of(e)}: not readable as YAML ({_problem(e)}). Correct it.") from None
    if not isinstance(content, dict):
        kind = "is empty" if content is None else f"holds a {type(content).__name__} at the top"
        raise ChromolabError(f"{path}: {kind}; expected {what}, with lines such as `name: value`.")
    return content, reader.lines


class _Reader:
    """Turn YAML nodes into plain values and note their lines."""

    def __init__(self, path: Path):
        self.path, self.lines, self.seen = path, {}, set()
        self.scalars = yaml.SafeLoader("")  # turns a scalar into text, a number, a date or a truth value, nothing else

    def value(self, node: yaml.Node, place: Place):
        line = node.start_mark.line + 1
        self.lines.setdefault(place, line)
        if id(node) in self.seen:  # a few lines of nested aliases can expand to gigabytes
            raise ChromolabError(f"{self.path}, line {line}: used again through an alias (*); write it out instead.")
        self.seen.add(id(node))
        if not isinstance(node, yaml.ScalarNode) and node.tag not in (MAP, SEQUENCE):
            raise ChromolabError(f"{self.path}, line {line}: the tag {node.tag!r}; expected plain YAML without tags.")
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*place, i)) for i, item in enumerate(node.value)]
        if node.tag in NUMBERS and len(node.value) > LONGEST_NUMBER:  # Python reads such a one slowly, or not at all
            raise ChromolabError(
                f"{self.path}, line {line}: {node.value[:40]}...; expected a number of at most {LONGEST_NUMBER} signs."
            )
        return self.scalars.construct_object(self._refuse_unwritable(node))

    def _refuse_unwritable(self, node: yaml.ScalarNode) -> yaml.ScalarNode:
        """Return the scalar; refuse what no file name can hold: half of a surrogate pair, a zero byte."""
        if "\0" in node.value or any("\ud800" <= c <= "\udfff" for c in node.value):
            line = node.start_mark.line + 1
            raise ChromolabError(
                f"{self.path}, line {line}: {ascii(node.value[:40])}; expected text that can be written."
            )
        return node

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict:
        content = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise ChromolabError(f"{self.path}, line {line}: a list or mapping as a key; expected a word.")
            if self._refuse_unwritable(key).value in content:
                raise ChromolabError(
                    f"{self.path}, line {line}: {shown(key.value)} is given again (first in line "
                    f"{self.lines[*place, key.value]}). Keep one of the two."
                )
            self.lines[*place, key.value] = line
            content[key.value] = self.value(value, (*place, key.value))
        return content


def line_of(place: Place, lines: dict[Place, int]) -> int:
    """The line of `place`; where the file does not give it, the line of the innermost part around it."""
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)


def _line_of(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    return f", line {mark.line + 1}" if mark is not None else ""


def _problem(error: Exception) -> str:
    return getattr(error, "problem", None) or str(error).splitlines()[0][:200]
