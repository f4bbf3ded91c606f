"""Namespaces: names that load when they are first used, so that `import chromolab` is quick and needs no torch.

A namespace (`cl`, `cl.data`, `cl.explain`, ...) lists its names in the stub `__init__.pyi` beside its `__init__.py`.
Editors and type checkers read the stub, and so does `names` below: each name stands in one place.
"""

import ast
from collections.abc import Callable, Mapping
from importlib import import_module
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
        Names that an earlier version had, and the expression that now stands for each.

    Returns
    -------
    (function, function, list of str)
        To be bound to `__getattr__`, `__dir__` and `__all__`. The first raises `AttributeError` for a name that is not
        in the stub; for one that has moved, the message says where it is now.
    """
    load, listed, everything = lazy_loader.attach_stub(package, file)
    statements = ast.parse(Path(file).with_suffix(".pyi").read_text(encoding="utf-8")).body
    modules = {a.asname: a.name for s in statements if isinstance(s, ast.Import) for a in s.names}

    def load_or_tell(name: str) -> object:
        if moved and name in moved:
            raise AttributeError(f"{name} has moved: it is now {moved[name]}", name=name)
        return import_module(modules[name]) if name in modules else load(name)

    return load_or_tell, lambda: [*listed(), *modules], sorted({*everything, *modules})
