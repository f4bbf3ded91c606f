"""Read a YAML file into a pydantic model. Every error names the file, the line and the field."""

import difflib
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from chromolab.data._lined_yaml import line_of, read_yaml
from chromolab.errors import ChromolabError

Model = TypeVar("Model", bound=BaseModel)
MAX_SHOWN = 5  # errors of one file that are shown at once


def read_model(path, model: type[Model], what: str) -> Model:
    """Read the YAML file `path` as a `model`; `what` says what was expected there.

    Raises
    ------
    ChromolabError
        The file is missing, is not plain YAML, gives a key twice, or holds what `model` refuses.
    """
    content, lines = read_yaml(path, what)
    try:
        return model.model_validate(content)
    except ValidationError as error:
        messages = [f"{path}, line {line_of(e['loc'], lines)}: {_in_words(e, model)}" for e in error.errors()]
        more = [f"... and {len(messages) - MAX_SHOWN} more"] if len(messages) > MAX_SHOWN else []
        raise ChromolabError("\n".join(messages[:MAX_SHOWN] + more)) from None


def _in_words(error: dict, model: type[BaseModel]) -> str:
    field, message = ".".join(map(str, error["loc"])) or "the whole", error["msg"].removeprefix("Value error, ")
    if error["type"] == "missing":
        return f"{field}: is missing"
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(error["loc"][-1]), model.model_fields, n=1)
        hint = f"do you mean {near[0]}?" if near else f"the fields are {', '.join(model.model_fields)}"
        return f"{field}: no such field; {hint}"
    value = "" if isinstance(error["input"], dict | list) else f" (found {error['input']!r})"
    return f"{field}: {message}{value}"
