"""Put pydantic's errors about a `my.yaml` into plain words, each with its line and without names of Python types."""

import re
from collections.abc import Iterable

from pydantic_core import PydanticCustomError

from chromolab.data._lined_yaml import Place, line_of

WORDS = {
    "Input should be": "expected",
    "a valid integer": "a whole number",
    "a valid string": "text (in quotes, if need be)",
    "a valid dictionary": "keys and values (key: value)",
    "a valid boolean": "true or false",
    "a valid ": "a ",
    "greater than or equal to": "at least",
    "less than or equal to": "at most",
}
TAG = re.compile(r"int|float|str|bool|[a-z-]+\[.*\]|constrained-\w+")  # pydantic's names for the members of a union


def wrong(text: str, *place: str) -> PydanticCustomError:
    """An error in our own words; `place` leads from the part being checked to the mistake in it."""
    return PydanticCustomError("chromolab", "{text}", {"text": text, "place": place})


def told(errors: Iterable[dict], lines: dict[Place, int]) -> list[tuple[int, str]]:
    """(line, text) of each error, by line; a value that fits no member of a union gives one error, not several."""
    mistakes: dict[tuple[int, str], list[str]] = {}
    for error in errors:
        line, about, expected = _mistake(error, lines)
        mistakes.setdefault((line, about), []).append(expected)
    return sorted((line, about + _or(expected)) for (line, about), expected in mistakes.items())


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


def shown(value) -> str:
    """A value as a message shows it."""
    text = repr(value) if value is not None else "nothing"
    return text if len(text) < 60 else f"{text[:57]}..."
