"""The parameters of a notebook: the names that its cell tagged `parameters` sets, their defaults and types."""

import ast
import math
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from chromolab.errors import ChromolabError

IN_WORDS = {bool: "True or False", int: "a whole number", float: "a number", str: "a word", list: "a list"}
IN_WORDS |= {dict: "a table {name: value}", type(None): "None"}
UNKNOWN = object()


@dataclass(frozen=True)
class Parameter:
    """A name of the cell of parameters."""

    name: str
    default: Any = UNKNOWN  # where the cell gives a plain value
    kinds: tuple[type, ...] | None = None  # of its values; None: any

    def accepted(self, value: Any, where: str) -> Any:
        """`value`, as the parameter's type has it (1e-3, which YAML takes for a word, becomes a number).

        Raises
        ------
        ChromolabError
            Beginning with `where`: the value is of another type.
        """
        kinds = self.kinds
        if kinds is None:
            return value
        if isinstance(value, tuple) and list in kinds:
            return list(value)
        right = isinstance(value, kinds) and (not isinstance(value, bool) or bool in kinds)
        if right or (float in kinds and isinstance(value, int) and not isinstance(value, bool)):
            return value
        if float in kinds and isinstance(value, str) and str not in kinds and (number := _number(value)) is not None:
            return number
        expected = " or ".join(IN_WORDS[kind] for kind in kinds if kind in IN_WORDS)
        default = "" if self.default is UNKNOWN else f", {self.default!r} by default"
        raise ChromolabError(f"{where}: {self.name} is {value!r}; the notebook has {expected} there{default}.")


def parameters_of(path: str | PathLike[str]) -> dict[str, Parameter]:
    """{name: Parameter} of the notebook's cell tagged `parameters`, in its order.

    Read as Python: papermill's own reading misses `where = "run=3"` and `dataset: str | None = None`. A type comes from
    the annotation where there is one, else from the default; a default of None says nothing.

    Raises
    ------
    ChromolabError
        If `path` is not a notebook, or that cell is not Python.
    """
    import nbformat
    from IPython.core.inputtransformer2 import TransformerManager

    if not Path(path).is_file():
        raise ChromolabError(f"no notebook {path}: give the path of an .ipynb file")
    try:
        nb = nbformat.read(path, as_version=4)
    except Exception as error:  # nbformat passes on any error of the file, its JSON or the format
        raise ChromolabError(f"{path} is not a notebook ({error}); open and save it in JupyterLab") from error
    cells = [cell for cell in nb.cells if cell.cell_type == "code" and "parameters" in cell.metadata.get("tags", [])]
    try:
        lines = ast.parse(TransformerManager().transform_cell(cells[0].source)).body if cells else []
    except SyntaxError as error:
        raise ChromolabError(f"{path}: its cell of parameters is not Python ({error}). Correct it.") from error
    found: dict[str, Parameter] = {}
    for line in lines:
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
            name = line.target.id
            found[name] = Parameter(name, _value(line.value), _annotated(line.annotation))
        elif isinstance(line, ast.Assign | ast.AnnAssign):
            plain = [target.id for target in getattr(line, "targets", []) if isinstance(target, ast.Name)]
            names = [n.id for n in ast.walk(line) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
            for name in names:
                default = _value(line.value) if name in plain else UNKNOWN
                found[name] = Parameter(name, default, _kinds(default))
    return found


def _value(node: ast.expr | None) -> Any:
    try:
        return UNKNOWN if node is None else ast.literal_eval(node)
    except ValueError:
        return UNKNOWN


def _kinds(default: Any) -> tuple[type, ...] | None:
    if default is UNKNOWN or default is None:
        return None
    if isinstance(default, list | tuple):
        return (list, tuple)
    kind = type(default)
    return (kind,) if kind in IN_WORDS else None


def _annotated(node: ast.expr) -> tuple[type, ...] | None:
    """The types of an annotation: `str | None`, `list[int]`, `Optional[float]`; None where it says something else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):  # "str | None"
        try:
            node = ast.parse(node.value, mode="eval").body
        except SyntaxError:
            return None
    if isinstance(node, ast.Constant) and node.value is None:
        return (type(None),)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        left, right = _annotated(node.left), _annotated(node.right)
        return None if left is None or right is None else left + right
    if isinstance(node, ast.Subscript):
        if isinstance(node.value, ast.Name) and node.value.id == "Optional":
            inner = _annotated(node.slice)
            return None if inner is None else (*inner, type(None))
        return _annotated(node.value)
    if isinstance(node, ast.Name):
        kinds = {kind.__name__: (kind,) for kind in (bool, int, float, str, dict)}
        return {**kinds, "list": (list, tuple), "tuple": (list, tuple)}.get(node.id)
    return None


def _number(text: str) -> float | None:
    try:
        return number if math.isfinite(number := float(text)) else None
    except ValueError:
        return None
