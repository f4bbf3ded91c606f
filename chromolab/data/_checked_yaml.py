"""A YAML file as a pydantic model: every error names the file, the line and the field."""

import difflib
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from chromolab.data._lined_yaml import line_of, read_yaml
from chromolab.errors import ChromolabError

Model = TypeVar("Model", bound=BaseModel)
MAX_SHOWN = 5  # errors of one file that are told at once


def read_model(path, model: type[Model], what: str) -> Model:
    """The YAML file `path` as a `model`; `what` says what was expected there.

    Raises
    ------
    ChromolabError
        No such file, not plain YAML, a key twice, or what `model` refuses.
    """
    found, lines = read_yaml(path, what)
    try:
        return model.model_validate(found)
    except ValidationError as error:
        told = [f"{path}, line {line_of(e['loc'], lines)}: {_in_words(e, model)}" for e in error.errors()]
        more = [f"... and {len(told) - MAX_SHOWN} more"] if len(told) > MAX_SHOWN else []
        raise ChromolabError("\n".join(told[:MAX_SHOWN] + more)) from None


def _in_words(error: dict, model: type[BaseModel]) -> str:
    field, message = ".".join(map(str, error["loc"])) or "the whole", error["msg"].removeprefix("Value error, ")
    if error["type"] == "missing":
        return f"{field}: is missing"
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(error["loc"][-1]), model.model_fields, n=1)
        hint = f"do you mean {near[0]}?" if near else f"the fields are {', '.join(model.model_fields)}"
        return f"{field}: no such field; {hint}"
    found = "" if isinstance(error["input"], dict | list) else f" (found {error['input']!r})"
    return f"{field}: {message}{found}"
