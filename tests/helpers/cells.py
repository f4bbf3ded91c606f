"""The statements of a notebook that depend on one of its parameters: many values are tried, the rest is run once."""

import ast
import builtins
import json
import re
from pathlib import Path
from typing import Any


def code(notebook: Path) -> list[str]:
    """The source of the code cells, in order."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def parameters(notebook: Path) -> str:
    """The source of the first code cell, which holds the parameters."""
    return code(notebook)[0]


def statements(notebook: Path) -> list[ast.stmt]:
    """Those of all code cells, in order."""
    return [statement for cell in code(notebook) for statement in ast.parse(cell).body]


def touched(statement: ast.stmt) -> tuple[set[str], set[str]]:
    """Names that a statement reads, and names that it sets or changes (`x[0] = 1` and `x += 1` do both)."""
    reads, sets, changes, own = set(), set(), set(), set()
    for node in ast.walk(statement):
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                reads.add(name)
            case ast.Name(id=name):
                sets.add(name)
            case ast.Constant(value=str(text)):  # a query of pandas
                reads |= set(re.findall(r"@(\w+)", text))
            case ast.AugAssign(target=ast.Name(id=name)):
                changes.add(name)
            case ast.Subscript(ctx=ast.Store()) | ast.Attribute(ctx=ast.Store()):
                changes.add(ast.unparse(node).partition(".")[0].partition("[")[0])
            case ast.comprehension(target=target):
                own |= {n.id for n in ast.walk(target) if isinstance(n, ast.Name)}
            case ast.arg(arg=name):
                own.add(name)
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                sets |= {(alias.asname or alias.name).split(".")[0] for alias in names}
    if isinstance(statement, ast.FunctionDef):
        reads, sets = reads - sets, {statement.name}
    elif isinstance(statement, ast.For | ast.With | ast.Try):  # what they set, they read after that
        reads -= sets
    return (reads | changes) - own - set(dir(builtins)), (sets | changes) - own


def split(body: list[ast.stmt], parameter: str) -> tuple[list[ast.stmt], list[ast.stmt]]:
    """What is needed before, once, and what depends on the parameter; all that neither needs is left out."""
    names = [touched(statement) for statement in body]
    tainted, depends = set(), []
    for reads, sets in names:
        depends.append(bool(reads & tainted))
        tainted = tainted | sets if depends[-1] else tainted - (sets - reads) | sets & {parameter}
    before, depending, wanted = [], [], set()
    for statement, (reads, sets), late in reversed([*zip(body, names, depends, strict=True)]):
        if late or sets & wanted:
            (depending if late else before).insert(0, statement)
            wanted = (wanted if isinstance(statement, ast.If) else wanted - sets) | reads
    return before, depending


def run(body: list[ast.stmt], names: dict[str, Any]) -> dict[str, Any]:
    """The names after these statements, as if they stood in a notebook."""
    exec(compile(ast.Module(body, type_ignores=[]), "notebook", "exec"), names)
    return names
