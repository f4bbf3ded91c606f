"""Read YAML safely and keep the line of every key and value. Nothing is executed; duplicate keys are refused."""

from pathlib import Path

import yaml

from chromolab.data._text import existing_file
from chromolab.errors import ChromolabError

Place = tuple[str | int, ...]  # keys and list indices from the top: ("cell_types", "E003", "tracks")
MAP, SEQUENCE = "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"
UNREADABLE = (ValueError, KeyError, AttributeError, TypeError, IndexError)  # raised by 2001-13-40, !!bool maybe ...
LARGEST = 1_000_000  # bytes; a settings file is never larger


def read_yaml(path, what: str) -> tuple[dict, dict[Place, int]]:
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
                    f"{self.path}, line {line}: {key.value!r} is given again (first in line "
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
