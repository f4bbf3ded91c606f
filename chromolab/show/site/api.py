"""The reference of all that a notebook types under `cl`: pages for Sphinx, which fills them in from the docstrings."""

import inspect
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from chromolab.data.files import write_text

SPACES = {  # namespace -> what it holds, in the order in which a reader meets them
    "": "The names that tell the story",
    "data": "Tracks, genes, contacts, datasets",
    "models": "The models",
    "edits": "Edits are data",
    "explain": "Explanations",
    "truth": "Against the truth",
    "compare": "Comparisons",
    "plot": "Figures",
}


def write_pages(package: ModuleType, folder: Path) -> None:
    """Write a page for each namespace, and `index.rst`, which lists them."""
    for space, about in SPACES.items():
        module = getattr(package, space) if space else package
        address = f"cl.{space}" if space else "cl"
        title = f"{address}: {about[0].lower() + about[1:]}"
        docstring = inspect.cleandoc(module.__doc__ or "")
        body = "\n".join(_entries(module, address))
        write_text(folder / f"{space or 'cl'}.rst", f"{title}\n{'=' * len(title)}\n\n{docstring}\n\n{body}")
    listed = "\n".join(f"   {space or 'cl'}" for space in SPACES)
    title = "Reference"
    said = "A notebook types ``import chromolab as cl``. Axes, units and what is raised stand with each name."
    write_text(
        folder / "index.rst", f"{title}\n{'=' * len(title)}\n\n{said}\n\n.. toctree::\n   :maxdepth: 1\n\n{listed}\n"
    )


def _entries(space: ModuleType, address: str) -> Iterator[str]:
    """A directive for each public name; a module among them becomes a section."""
    values = {name: getattr(space, name) for name in space.__all__}
    yield from (_entry(f"{address}.{name}", value) for name, value in values.items() if not _is_module(value))
    for name, value in values.items():
        if _is_module(value) and name not in SPACES:
            heading = f"{address}.{name}"
            yield f"\n{heading}\n{'-' * len(heading)}\n\n{inspect.cleandoc(value.__doc__ or '')}\n"
            yield from (_entry(f"{heading}.{own}", part) for own, part in _defined(value).items())


def _entry(address: str, value: object) -> str:
    if inspect.isclass(value):
        return f".. autoclass:: {address}\n   :members:\n"
    if callable(value):
        return f".. autofunction:: {address}\n"
    return f".. py:data:: {address}\n   :value: {value!r}\n"


def _is_module(value: object) -> bool:
    return inspect.ismodule(value)


def _defined(module: ModuleType) -> dict[str, object]:
    """What a module defines for others: its functions and classes, and constants with names in capitals."""
    public = {name: value for name, value in vars(module).items() if not name.startswith("_")}
    own = {name: value for name, value in public.items() if getattr(value, "__module__", None) == module.__name__}
    if own:
        return own
    return {name: value for name, value in public.items() if name.isupper()}
