"""Check notebooks before they are committed: without outputs, and built like the others (see CONTRIBUTING.md)."""

import ast
import re
import statistics
from os import PathLike
from pathlib import Path
from urllib.parse import unquote

import nbformat

from chromolab.data.files import write_text
from chromolab.errors import ChromolabError
from chromolab.show.notebooks.series import NUMBERED, PRIMER
from chromolab.show.notebooks.tasks import KINDS, faults_of, tasks_of

LONGEST_CELL, MEDIAN_CELL = 25, 6  # lines of a code cell: at most, and the largest median
MOST_IN_SIGHT = 140  # lines of code of a numbered notebook that are not folded
CELLS = 15, 53  # the fewest and the most cells of a numbered notebook
PASSED = {".ipynb_checkpoints", "runs"}  # folders of copies: nobody's own notebook lies there
FOLDED = {"source_hidden": True}  # JupyterLab shows three dots in the place of the code
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
OPENING = {  # what the first cell must say: the pattern that finds it
    "a title (# ...)": r"^# \S",
    "what the reader will be able to do ('you will be able to')": r"(?i)you will be able to",
    "the minutes it takes": r"(?i)\bminutes?\b",
    "what comes before ('before')": r"(?i)\bbefore\b",
}


def check_notebook(path: str | PathLike[str]) -> list[str]:
    """The faults of one notebook, a sentence each; raises `ChromolabError` if there is no such file."""
    path = Path(path)
    try:
        nb = nbformat.read(path, as_version=4)
        nbformat.validate(nb)
    except FileNotFoundError:
        raise ChromolabError(f"no notebook {path}: give the path of an .ipynb file") from None
    except Exception as error:  # nbformat passes on any error of the JSON or the schema
        return [f"not a valid notebook: {str(error).splitlines()[0]}"]
    if not nb.cells:
        return ["has no cells"]
    numbered = bool(NUMBERED.fullmatch(path.name))
    in_series = numbered or bool(PRIMER.fullmatch(path.name))
    return [
        *_left_behind(nb),
        *_opening(nb),
        *_sizes(nb, numbered),
        *_exercises(nb),
        *(faults_of(nb) if in_series else []),
        *_links(nb, path.parent),
    ]


def check_folder(folder: str | PathLike[str] = "notebooks") -> dict[Path, list[str]]:
    """`check_notebook` of every notebook in a folder and its subfolders, but for the copies of runs: {path: faults}."""
    found = sorted(Path(folder).rglob("*.ipynb"))
    paths = [p for p in found if not PASSED.intersection(p.relative_to(folder).parts)]
    return {path: check_notebook(path) for path in paths}


def count_notebook(path: str | PathLike[str]) -> dict[str, int]:
    """Lines of code in sight, drawings, exercises of each kind, and the minutes that they take; of a valid notebook."""
    nb = nbformat.read(path, as_version=4)
    text = "\n".join(c.source for c in nb.cells if c.cell_type == "markdown")
    tasks = tasks_of(nb)
    counts = {"lines": _in_sight(nb), "drawings": len(re.findall(r"!\[[^\]]*\]\([^)]+\)", text))}
    counts |= {kind: sum(task.kind == kind for task in tasks) for kind in KINDS}
    return counts | {"minutes": sum(task.minutes for task in tasks)}


def strip_notebook(path: str | PathLike[str]) -> bool:
    """Remove what a run left in a notebook; returns whether the file changed."""
    path = Path(path)
    nb = nbformat.read(path, as_version=4)
    if not _left_behind(nb):
        return False
    nb.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": {"name": "python"}})
    for cell in nb.cells:
        cell.metadata = nbformat.from_dict(_kept(cell))
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    write_text(path, nbformat.writes(nb) + "\n")
    return True


def _kept(cell) -> dict:
    """What of a cell's metadata is its author's: tags, and that a code cell of plumbing is folded in JupyterLab."""
    kept = {"tags": cell.metadata["tags"]} if cell.metadata.get("tags") else {}
    folded = cell.cell_type == "code" and cell.metadata.get("jupyter") == FOLDED
    return kept | ({"jupyter": FOLDED} if folded else {})


def _left_behind(nb) -> list[str]:
    code, faults = [c for c in nb.cells if c.cell_type == "code"], []
    if any(c.outputs for c in code):
        faults.append("has outputs: run `chromolab check-notebooks --strip`")
    if any(c.execution_count is not None for c in code):
        faults.append("has execution counts: run `chromolab check-notebooks --strip`")
    extra = sorted({key for c in nb.cells for key in c.metadata if key not in _kept(c)} - {"tags"})
    extra += sorted(set(nb.metadata) - {"kernelspec", "language_info"})
    extra += sorted(set(nb.metadata.get("language_info", {})) - {"name"})
    if extra:
        faults.append(f"has metadata of a run or editor ({', '.join(extra)}): run `chromolab check-notebooks --strip`")
    if nb.metadata.get("kernelspec", {}).get("name") != "python3":
        faults.append("its kernel is not python3: run `chromolab check-notebooks --strip`")
    return faults


def _opening(nb) -> list[str]:
    first, last, faults = nb.cells[0], nb.cells[-1], []
    if first.cell_type != "markdown":
        faults.append("the first cell is not markdown: it should hold title, aims, minutes and what comes before")
    else:
        faults += [
            f"the first cell does not say {what}"
            for what, pattern in OPENING.items()
            if not re.search(pattern, first.source, re.MULTILINE)
        ]
    if last.cell_type != "markdown":
        faults.append("the last cell is not markdown: it should say what to remember")
    tagged = [i for i, c in enumerate(nb.cells) if "parameters" in c.metadata.get("tags", [])]
    if tagged != [1] or nb.cells[1].cell_type != "code":
        return [*faults, "the second cell, and no other, must be code with the tag `parameters`"]
    return faults + _literals(nb.cells[1].source)


def _literals(source: str) -> list[str]:
    """The fault of a parameters cell that holds anything but `name = literal`: papermill could not replace it."""
    try:
        statements = ast.parse(source).body
    except SyntaxError as error:
        return [f"the parameters cell is not Python: {error}"]
    for statement in statements:
        try:
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            if not all(isinstance(t, ast.Name) for t in targets):
                raise ValueError
            ast.literal_eval(statement.value)
        except (AttributeError, ValueError):
            line = ast.unparse(statement).splitlines()[0]
            return [f"the parameters cell may hold only `name = literal`, not `{line}`: move it to the next cell"]
    return []


def _sizes(nb, numbered: bool) -> list[str]:
    lines, faults = [len(c.source.splitlines()) for c in nb.cells if c.cell_type == "code"], []
    if lines and max(lines) > LONGEST_CELL:
        faults.append(f"code cell {lines.index(max(lines)) + 1} has {max(lines)} lines: at most {LONGEST_CELL}")
    if lines and statistics.median(lines) > MEDIAN_CELL:
        faults.append(f"code cells have a median of {statistics.median(lines):g} lines: at most {MEDIAN_CELL}")
    if numbered and (count := _in_sight(nb)) > MOST_IN_SIGHT:
        faults.append(f"shows {count} lines of code: at most {MOST_IN_SIGHT}; fold what is plumbing, or import it")
    if numbered and not CELLS[0] <= len(nb.cells) <= CELLS[1]:
        faults.append(f"has {len(nb.cells)} cells: {CELLS[0]} to {CELLS[1]} in the numbered series")
    return faults


def _in_sight(nb) -> int:
    """Lines of code that are neither empty nor folded."""
    cells = [c for c in nb.cells if c.cell_type == "code" and c.metadata.get("jupyter") != FOLDED]
    return sum(bool(line.strip()) for c in cells for line in c.source.splitlines())


def _exercises(nb) -> list[str]:
    """Faults of exercises: each stub needs its check in the next cell, and the notebook the parameter `solved`."""
    code, faults = [c.source for c in nb.cells if c.cell_type == "code"], []
    stubs = [i for i, source in enumerate(code) if "raise NotImplementedError" in source]
    for i in stubs:
        following = code[i + 1] if i + 1 < len(code) else ""
        if "exercises.check(" not in following or "solved=solved" not in following:
            faults.append(f"the exercise in code cell {i + 1} is not followed by exercises.check(..., solved=solved)")
    if stubs and not re.search(r"^solved = False\b", code[0], re.MULTILINE):
        faults.append("has exercises, but no parameter `solved = False`")
    return faults


def _links(nb, folder: Path) -> list[str]:
    text = "\n".join(c.source for c in nb.cells if c.cell_type == "markdown")
    targets = re.findall(r"\]\((?![a-z]+:|#)([^)\s#]+)", text)
    return [f"links to {t}, which does not exist" for t in dict.fromkeys(targets) if not (folder / unquote(t)).exists()]
