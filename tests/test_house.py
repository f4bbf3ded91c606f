"""The rules of the house: imports run down the layers, no circle, short files, everything public documented."""

import ast
import inspect
import re
from collections import Counter, defaultdict
from graphlib import CycleError, TopologicalSorter

import pytest
from helpers.house import MODULES, ORDER, ROOT, imported, place_of, tree
from helpers.windows import WITHOUT

import chromolab as cl

LONGEST = 350  # lines of a module
LONGER = {}  # name -> why it is one room all the same
FULLEST = 12  # modules in a folder


def public_definitions():
    """(module or class, node) of every function, class and method with a public name; children's scripts left out."""
    for name in MODULES:
        if name.rpartition(".")[2].startswith("child_"):
            continue
        for node in tree(name).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                yield name, node
                if isinstance(node, ast.ClassDef):
                    yield from (
                        (f"{name}.{node.name}", n)
                        for n in node.body
                        if isinstance(n, ast.FunctionDef) and n.name[0] != "_"
                    )


def test_every_module_lies_in_a_place_of_the_list():
    assert {place_of(name) for name in MODULES if name != "chromolab"} == set(ORDER)


def test_imports_run_down_the_layers_and_wings():
    upward = [
        f"{name} imports {module}"
        for name in MODULES
        for module, _ in imported(name)
        if "chromolab" not in (name, module) and ORDER.index(place_of(module)) > ORDER.index(place_of(name))
    ]
    assert not upward, "\n".join(sorted(upward))


def test_nothing_below_asks_the_package_itself():
    """`import chromolab` inside the package would be a way around every rule here."""
    asking = [name for name in MODULES if any(module == "chromolab" for module, _ in imported(name))]
    assert not asking


def test_no_import_circle():
    graph = {name: {module for module, _ in imported(name)} - {name} for name in MODULES if name != "chromolab"}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(" -> ".join(circle.args[1]))


def test_modules_are_short():
    long = {n: len(p.read_text(encoding="utf-8").splitlines()) for n, p in MODULES.items()}
    long = {name: lines for name, lines in long.items() if lines > LONGEST}
    assert set(long) == set(LONGER), f"more than {LONGEST} lines, or named as such without need: {long}"


def test_no_folder_is_crowded():
    folders = Counter(p.parent for p in MODULES.values() if p.name != "__init__.py")
    assert not {str(folder.relative_to(ROOT)): n for folder, n in folders.items() if n > FULLEST}


def test_a_wing_says_what_it_is_and_hides_nothing():
    """A wing's `__init__.py` is a docstring; the wing itself is the privacy, so no file begins with an underscore."""
    for name, path in MODULES.items():
        if path.name == "__init__.py" and name != "chromolab":
            docstring, *rest = tree(name).body
            assert isinstance(docstring, ast.Expr) and isinstance(docstring.value.value, str), path
            assert not [n for n in rest if not isinstance(n, ast.Import | ast.ImportFrom | ast.Assign)], path
        assert not path.name.startswith("_") or path.name == "__init__.py", path


def test_no_private_name_is_imported_from_another_wing():
    private = [
        f"{name}: {taken} of {module}"
        for name in MODULES
        for module, taken in imported(name)
        if taken.startswith("_") and not taken.startswith("__") and place_of(module) != place_of(name)
    ]
    assert not private


def test_a_name_has_one_address():
    """Nothing hands on a name "as itself", and no file bears the name of a function that its package exports."""
    for name in MODULES:
        for node in ast.walk(tree(name)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("chromolab"):
                assert not [a.name for a in node.names if a.asname == a.name], name
    defined = defaultdict(set)
    for name, node in public_definitions():
        defined[name].add(node.name)
    for name, path in MODULES.items():
        if path.name == "__init__.py" and name != "chromolab":
            exported = {taken for _, taken in imported(name) if taken} | defined[name]
            if (stub := path.with_suffix(".pyi")).is_file():
                body = ast.parse(stub.read_text(encoding="utf-8")).body
                exported |= {
                    a.name for node in body if isinstance(node, ast.ImportFrom) and node.module for a in node.names
                }
            assert not exported & {p.stem for p in path.parent.glob("*.py")}, name


def test_what_runs_in_a_child_process_says_so():
    run = re.compile(r'Program\(\s*(?:"(chromolab(?:\.\w+)+)"|str\(Path\(__file__\)\.with_name\("(\w+)\.py"\)\))')
    started = set()
    for name, path in MODULES.items():
        for module, script in run.findall(path.read_text(encoding="utf-8")):
            target = module or script
            assert target.rpartition(".")[2].startswith("child_"), f"{name} starts {target}"
            started.add(target.rpartition(".")[2])
        assert "Popen(" not in path.read_text(encoding="utf-8") or name == "chromolab.data.processes", name
    assert started == {"child_bigwig", "child_cool", "child_h5ad", "child_reads", "child_tracks"}


def test_every_public_name_is_documented():
    missing = [(owner, node.name) for owner, node in public_definitions() if not ast.get_docstring(node)]
    inherited = {
        "forward",
        "build",
        "read",
        "reply",
        "release",
        "submit",
    }  # in `Model`, `WindowModel`, `Widget`, `Engine`
    setters = {"edits"}  # of a documented property
    assert not [(owner, name) for owner, name in missing if owner in MODULES or name not in inherited | setters]


def exported_functions():
    for space in (cl, cl.data, cl.models, cl.edits, cl.explain, cl.truth, cl.compare, cl.plot):
        for name in space.__all__:
            value = inspect.unwrap(getattr(space, name))
            if inspect.isfunction(value) and value.__module__.startswith("chromolab"):
                yield pytest.param(value, id=f"{space.__name__}.{name}")


@pytest.mark.parametrize("function", list(exported_functions()))
def test_what_a_notebook_types_is_documented_argument_by_argument(function):
    """Every argument by name, what comes back, and what is raised where the function itself raises."""
    text = function.__doc__ or ""
    code = function.__code__
    arguments = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    missing = [a for a in arguments if not re.search(rf"\b{a}\b", text)]
    assert not missing, missing
    (node,) = [
        n for n in tree(function.__module__).body if isinstance(n, ast.FunctionDef) and n.name == function.__name__
    ]
    if any(isinstance(n, ast.Raise) for n in ast.walk(node)):
        assert re.search(r"Raises|raises|ChromolabError", text), "it raises, and does not say so"


def test_tests_mirror_the_package():
    """A test file lies where the room that it tests lies; `series/` holds what runs notebooks."""
    for path in (ROOT / "tests").rglob("test_*.py"):
        folder = path.parent.relative_to(ROOT / "tests")
        if folder.parts and folder.parts[0] not in ("series", "bench", "helpers"):
            assert (ROOT / "chromolab" / folder).is_dir(), path


LACKED = {"chown", "fork", "forkpty", "getloadavg", "getpgid", "getuid", "geteuid", "killpg", "mkfifo", "nice"}
LACKED |= {"sched_getaffinity", "setpgid", "setsid", "statvfs", "sync", "uname"}  # functions of os
# Of signal:
UNKNOWN = {"SIGALRM", "SIGHUP", "SIGKILL", "SIGPIPE", "SIGQUIT", "SIGUSR1", "SIGUSR2", "alarm", "setitimer"}


def test_nothing_on_the_main_path_is_of_posix_alone():
    """Such modules are imported where their lack is expected, and such calls made by forked children alone."""
    wrong = []
    for name in MODULES:
        for node in ast.walk(tree(name)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                lacked = {"os": LACKED, "signal": UNKNOWN}.get(node.value.id, ())
                wrong += [f"{name}: {node.value.id}.{node.attr}"] if node.attr in lacked else []
        for node in tree(name).body:  # at import
            if isinstance(node, ast.Import | ast.ImportFrom):
                taken = {a.name for a in node.names} if isinstance(node, ast.Import) else {node.module}
                wrong += [f"{name}: {module}" for module in taken & WITHOUT]
    assert wrong == ["chromolab.show.page.child_visitor: os.setsid"]
