"""Namespaces: names that load when they are first used, so that `import chromolab` is quick and needs no torch.

A namespace (`cl`, `cl.data`, `cl.explain`, ...) lists its names in the stub `__init__.pyi` beside its `__init__.py`.
Editors and type checkers read the stub, and so does `names` below: each name stands in one place.
"""

import ast
import warnings
from collections.abc import Callable, Mapping
from importlib import import_module
from operator import attrgetter
from pathlib import Path

import lazy_loader

Names = tuple[Callable[[str], object], Callable[[], list[str]], list[str]]


def names(package: str, file: str, moved: Mapping[str, str] | None = None) -> Names:
    """Let a package load the names in its stub on first use.

    In the stub, `from .module import name` is a name of that module, `from . import module` a module beside it, and
    `import chromolab.learn.edit as edits` a module under another name.

    Parameters
    ----------
    package, file : str
        The package's `__name__` and `__file__`.
    moved : dict of str to str
        Names that an earlier version had, and where each is now: "cl.data.read_annotation", or "one or another".

    Returns
    -------
    (function, function, list of str)
        To be bound to `__getattr__`, `__dir__` and `__all__`. The first raises `AttributeError` for a name that is not
        in the stub; one that has moved still works, and a `FutureWarning` says where it is now.
    """
    load, listed, everything = lazy_loader.attach_stub(package, file)
    statements = ast.parse(Path(file).with_suffix(".pyi").read_text(encoding="utf-8")).body
    modules = {a.asname: a.name for s in statements if isinstance(s, ast.Import) for a in s.names}

    def load_or_tell(name: str) -> object:
        if moved and name in moved:
            return _moved(name, moved[name])
        return import_module(modules[name]) if name in modules else load(name)

    return load_or_tell, lambda: [*listed(), *modules], sorted({*everything, *modules})


def moved(module: str, places: Mapping[str, str]) -> Callable[[str], object]:
    """The `__getattr__` of a module that an earlier version had names in: `places` says where each is now, as above."""

    def load_or_tell(name: str) -> object:
        if name not in places:
            raise AttributeError(f"module {module!r} has no attribute {name!r}", name=name)
        return _moved(name, places[name])

    return load_or_tell


def _moved(name: str, place: str) -> object:
    """The object at its new place, with a warning; `AttributeError` where there are two to choose from."""
    told = f"{name} has moved: it is now {place}"
    if " or " in place:
        raise AttributeError(told, name=name)
    warnings.warn(told, FutureWarning, stacklevel=3)
    return attrgetter(place.removeprefix("cl."))(import_module("chromolab"))
