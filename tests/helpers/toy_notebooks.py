"""Small notebooks for tests: whole ones, and broken ones made from them."""

from pathlib import Path

from nbformat import v4

OPENING = "# Toy\n\nYou will be able to: add.\n\n**Minutes** on two cores: 1. **Before this**: nothing."


def write(path: Path, *code: str, parameters: str = "x = 1", first: str = OPENING, last: str = "Remember: x.") -> Path:
    """A notebook with an opening, a parameters cell, the given code cells and an end."""
    cells = [v4.new_markdown_cell(first), v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})]
    cells += [*map(v4.new_code_cell, code), v4.new_markdown_cell(last)]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    nb = v4.new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})
    return save(nb, path)


def save(nb, path: Path) -> Path:
    import nbformat

    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nb, path)
    return path
