"""The names under `cl`: found lazily, seen by editors and type checkers; an old name says where it is now."""

import ast
import inspect
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import chromolab as cl
from chromolab.data import intervals
from chromolab.data.chromosomes import chromosome_sizes

ROOT = Path(__file__).parents[1]

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
def test_a_name_that_moved_still_works_and_says_where_it_is(old, new):
    told = f"{old.rpartition('.')[2]} has moved: it is now {new}"
    if " or " in new:
        assert all(namespace(address).__doc__ for address in new.split(" or "))
        with pytest.raises(AttributeError, match=told):
            namespace(old)
    else:
        with pytest.warns(FutureWarning, match=told):
            assert namespace(old) is namespace(new)


def test_a_name_that_a_module_had_still_works():
    told = "chromosome_sizes has moved: it is now cl.data.chromosomes.chromosome_sizes"
    with pytest.warns(FutureWarning, match=told):
        assert intervals.chromosome_sizes is chromosome_sizes
    assert not hasattr(intervals, "chromosome_lengths")


def test_an_unknown_name_is_an_attribute_error():
    assert not hasattr(cl, "fitt") and not hasattr(cl.data, "read_anotation")


def test_importing_chromolab_loads_nothing_heavy():
    code = f"import sys, chromolab as cl; [dir(getattr(cl, n)) for n in {NAMESPACES}]; print(*sys.modules)"
    assert not HEAVY & set(python(code).split())


def test_all_names_can_be_loaded_at_once():
    """EAGER_IMPORT=1 (of lazy_loader) finds a broken name at import."""
    assert python("import sys, chromolab; print('torch' in sys.modules)", EAGER_IMPORT="1") == "True"


# ----- types ---------------------------------------------------------------------------------------------------------


def public_functions():
    """Every function under `cl`, and the public methods of every class there, by address."""
    for name in NAMES:
        value = namespace(name)
        if inspect.isclass(value):
            for method, f in vars(value).items():
                if inspect.isfunction(f) and (not method.startswith("_") or method == "__init__"):
                    yield f"{name}.{method}", f
        elif inspect.isfunction(value):
            yield name, value


@pytest.mark.parametrize("function", [pytest.param(f, id=name) for name, f in public_functions()])
def test_every_public_function_says_its_types(function):
    signature = inspect.signature(function)
    untyped = [p.name for p in signature.parameters.values() if p.annotation is p.empty and p.name != "self"]
    assert not untyped
    assert function.__name__ == "__init__" or signature.return_annotation is not signature.empty


def test_make_check_reads_every_module_that_defines_a_public_name():
    checked = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]
    wings = tuple(f"{wing}." for wing in checked["packages"])
    defining = {inspect.getmodule(f).__name__ for _, f in public_functions()}
    assert defining <= {m for m in defining if m.startswith(wings)} | set(checked["modules"])


TYPES = {  # what an editor is told of these expressions
    "cl.simulate(seed=0)": "chromolab.world.on_disk.World",
    "cl.simulate(seed=0).dataset()": "chromolab.data.dataset.dataset.Dataset",
    "cl.load_dataset('x.clds').split()[0]": "chromolab.data.dataset.dataset.Dataset",
    "cl.predict(model, ds)": "numpy.ndarray",
    "cl.fit(model, ds)": "chromolab.learn.train.job.Run",
    "cl.edit(ds, [cl.scale('H3K27ac', 'chr1:1000-3000', 0.1)])": "chromolab.data.dataset.dataset.Dataset",
    "cl.effect(model, ds, [])": "chromolab.learn.edit.effect.Effect",
    "cl.data.read_annotation('genes.gtf')": "pandas.DataFrame",
    "cl.explain.attention(model, ds)": "pandas.DataFrame",
    "cl.metrics.score([0, 1], [0.1, 0.9], 'classification')": "dict[str, float]",
    "cl.load_checkpoint('a.pt')": "chromolab.models.base.Model",
}


@pytest.mark.slow
def test_a_type_checker_reads_a_users_script(tmp_path):
    """mypy sees through the stubs: the types of common expressions, and a misspelt name."""
    lines = ["import chromolab as cl", "model, ds = cl.Chromoformer(seed=0), cl.load_dataset('x.clds')"]
    lines += [f"reveal_type({expression})" for expression in TYPES] + ["cl.fitt"]
    (tmp_path / "script.py").write_text("\n".join(lines) + "\n")
    mypy = [sys.executable, "-m", "mypy", "--follow-imports=silent", "--config-file=pyproject.toml"]
    done = subprocess.run([*mypy, str(tmp_path / "script.py")], capture_output=True, text=True, cwd=ROOT)
    revealed = [re.sub(r"\[tuple.*", "", m) for m in re.findall(r'Revealed type is "(.*)"', done.stdout)]
    told = [
        re.sub(r"\bbuiltins\.|pandas\.core\.frame", lambda m: "pandas" if m[0] != "builtins." else "", r)
        for r in revealed
    ]
    assert told == list(TYPES.values()), done.stdout + done.stderr
    assert re.search(r'script.py:\d+: error: Module has no attribute "fitt"', done.stdout), done.stdout
    assert done.stdout.count("error:") == 1, done.stdout
