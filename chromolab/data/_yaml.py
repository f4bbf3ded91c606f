"""YAML files that people write, checked by a pydantic model: every error names the file and the line."""

import difflib
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from chromolab.data._text import existing_file
from chromolab.errors import ChromolabError

Model = TypeVar("Model", bound=BaseModel)
MAX_SHOWN = 5  # errors of one file that are told at once
# What PyYAML raises for scalars that are not what they are tagged as (a 13th month, `!!bool maybe`).
_BAD_SCALAR = (ValueError, KeyError, IndexError, AttributeError, TypeError, OverflowError)


def read_yaml(path, model: type[Model], what: str, context: dict | None = None) -> Model:
    """The YAML file `path` as a `model`; `what` says what was expected there, `context` is the validators'.

    Raises
    ------
    ChromolabError
        No such file, not YAML, a key twice, or what `model` refuses: with the file, the line and the field.
    """
    path = existing_file(path, what)
    try:
        loader = yaml.SafeLoader(path.read_bytes().decode("utf-8-sig"))
        root = loader.get_single_node()
        _refuse_repetition(root, path)
        found = loader.construct_document(root) if root is not None else None
    except UnicodeDecodeError as e:
        raise ChromolabError(f"{path}: not text; expected {what}.") from e
    except yaml.YAMLError as e:
        mark, problem = getattr(e, "problem_mark", None), getattr(e, "problem", None) or e
        line = f", line {mark.line + 1}" if mark else ""
        raise ChromolabError(f"{path}{line}: not YAML ({problem}). Look at the indent and the quotes there.") from e
    except RecursionError as e:
        raise ChromolabError(f"{path}: brackets within brackets without end; expected {what}.") from e
    except _BAD_SCALAR as e:
        raise ChromolabError(f"{path}: a value cannot be read ({type(e).__name__}: {e}). Put it in quotes.") from e
    if not isinstance(found, dict):
        raise ChromolabError(f"{path}: holds no `field: value` lines; expected {what}.")
    try:
        return model.model_validate(found, context=context)
    except ValidationError as e:
        raise ChromolabError(_told(e, root, path, model)) from e


def _refuse_repetition(root, path: Path) -> None:
    """No key twice in one mapping (YAML lets the last win, which hides a slip); no aliases (which can be endless)."""
    nodes, met = [root], set()
    while nodes:
        node = nodes.pop()
        if id(node) in met:
            raise ChromolabError(f"{path}, line {_line(node)}: used again by an alias (*name). Write it out there.")
        met.add(id(node))
        if isinstance(node, yaml.MappingNode):
            lines = {}
            for key, value in node.value:
                name, line = _name(key), _line(key)
                if name in lines:
                    raise ChromolabError(f"{path}, line {line}: {name} stands in line {lines[name]} already. Keep one.")
                lines[name] = line
                nodes += key, value
        elif isinstance(node, yaml.SequenceNode):
            nodes += node.value


def _told(error: ValidationError, root, path: Path, model: type[BaseModel]) -> str:
    lines = []
    for e in error.errors()[:MAX_SHOWN]:
        field = ".".join(str(part) for part in e["loc"]) or "the whole"
        message = e["msg"].removeprefix("Value error, ")
        if e["type"] == "extra_forbidden":
            message = f"no such field{_nearest(str(e['loc'][-1]), model)}"
        elif e["type"] == "missing":
            message = "is missing"
        elif not isinstance(e["input"], dict | list):
            message += f" (found {e['input']!r})"
        lines.append(f"{path}, line {_line_of(e['loc'], root)}: {field}: {message}")
    more = error.error_count() - len(lines)
    return "\n".join(lines) + (f"\n... and {more} more" if more > 0 else "")


def _nearest(word: str, model: type[BaseModel]) -> str:
    near = difflib.get_close_matches(word, model.model_fields, n=1)
    return f"; do you mean {near[0]}?" if near else f"; the fields are {', '.join(model.model_fields)}"


def _line_of(loc: tuple, node) -> int:
    """The line of a pydantic location: of its key where the file has it, else of what should hold it."""
    line = _line(node)
    for part in loc:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if _name(key) == str(part)), None)
            if found is not None:
                line, node = _line(found[0]), found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = _line(node)
    return line


def _line(node) -> int:
    return node.start_mark.line + 1


def _name(key) -> str:
    return str(key.value)
