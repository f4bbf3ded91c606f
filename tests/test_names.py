"""The names under `cl`: found lazily, seen by editors and type checkers; an old name says where it is now."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import chromolab as cl

NAMESPACES = ("data", "models", "edits", "explain", "truth", "compare", "plot")
HEAVY = {"IPython", "bioframe", "numpy", "pandas", "papermill", "plotly", "pydantic", "requests", "sklearn", "torch"}


def namespace(address: str):
    """`cl` itself, or one of its namespaces: "cl.data"."""
    return eval(address, {"cl": cl})


def python(code: str, **env: str) -> str:
    """Run this code in a Python of its own; returns what it prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, **env})
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


SPACES = ["cl", *(f"cl.{name}" for name in NAMESPACES)]
NAMES = [f"{space}.{name}" for space in SPACES for name in namespace(space).__all__]
MOVED = {f"{space}.{old}": new for space in SPACES for old, new in vars(namespace(space)).get("_MOVED", {}).items()}


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_found_and_documented(name):
    value = namespace(name)
    assert value.__doc__
    space, _, last = name.rpartition(".")
    assert last in dir(namespace(space))


@pytest.mark.parametrize("space", SPACES)
def test_the_stub_lists_what_is_there(space):
    stub = ast.parse(Path(namespace(space).__file__).with_suffix(".pyi").read_text())
    (listed,) = [ast.literal_eval(s.value) for s in stub.body if isinstance(s, ast.Assign)]
    assert listed == namespace(space).__all__


@pytest.mark.parametrize("old, new", MOVED.items(), ids=MOVED)
def test_a_name_that_moved_says_where_it_is(old, new):
    for address in new.split(" or "):
        assert namespace(address).__doc__
        with pytest.raises(AttributeError, match=f"{old.rpartition('.')[2]} has moved: it is now .*{address}"):
            namespace(old)


def test_an_unknown_name_is_an_attribute_error():
    assert not hasattr(cl, "fitt") and not hasattr(cl.data, "read_anotation")


def test_importing_chromolab_loads_nothing_heavy():
    code = f"import sys, chromolab as cl; [dir(getattr(cl, n)) for n in {NAMESPACES}]; print(*sys.modules)"
    assert not HEAVY & set(python(code).split())


def test_all_names_can_be_loaded_at_once():
    """EAGER_IMPORT=1 (of lazy_loader) finds a broken name at import."""
    assert python("import sys, chromolab; print('torch' in sys.modules)", EAGER_IMPORT="1") == "True"
