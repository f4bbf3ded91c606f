"""Check the environment: say in plain words what works, and what to do where something does not."""

import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from chromolab.errors import ChromolabError
from chromolab.show.cli.make_env import PYTHONS
from chromolab.show.cli.tested import WIDGETS, Status, install, jupyter_settings, other_programs, versions


def check_environment() -> Iterator[Status]:
    """Yield the status of one part after the other; a check that itself fails is a broken part, not an error."""
    for look in (
        _python,
        _torch,
        _bigwig,
        _science,
        versions,
        _jupyter,
        jupyter_settings,
        other_programs,
        _papermill,
        _machine,
        _cache,
        _real_data,
    ):
        try:
            yield from look()
        except Exception as error:
            yield Status("broken", f"{look.__name__.strip('_')}: {type(error).__name__}: {error}", install())


def report(statuses: Iterable[Status], write: Callable = print) -> int:
    """Write each status; return 1 where something needed is broken, else 0."""
    broken = 0
    for status in statuses:
        broken += status.state == "broken"
        write(f"{status.state:8}{status.what}")
        if status.remedy:
            write(f"{'':8}-> {status.remedy}")
    write(f"\n{broken} needed thing(s) broken: see the arrows above." if broken else "\nEverything needed works.")
    return int(broken > 0)


def _python() -> Iterator[Status]:
    name = f"Python {'.'.join(map(str, sys.version_info[:3]))} ({sys.executable})"
    if sys.version_info[:2] in PYTHONS:
        yield Status("ok", name)
    else:
        yield Status("broken", name, "install Python 3.11 to 3.14, then `make env PYTHON=/path/to/python3.13`")


def _torch() -> Iterator[Status]:
    torch = _load("torch")
    if isinstance(torch, Status):
        yield torch
    elif torch.cuda.is_available():
        memory = torch.cuda.get_device_properties(0).total_memory / 2**30
        yield Status("ok", f"torch {torch.__version__} on the GPU {torch.cuda.get_device_name(0)} ({memory:.0f} GB)")
    elif torch.backends.mps.is_available():
        yield Status("ok", f"torch {torch.__version__} on Apple's GPU (MPS)")
    else:
        yield Status("ok", f"torch {torch.__version__} on the CPU (no GPU found; every notebook runs without one)")


def _bigwig() -> Iterator[Status]:
    module = _load("pyBigWig")
    if isinstance(module, Status):
        yield module
    elif not getattr(module, "numpy", 0):
        yield Status(
            "broken",
            f"pyBigWig {version('pyBigWig')} was built without numpy: tracks would be read slowly",
            install("pyBigWig", anew=True),
        )
    else:
        yield Status("ok", f"pyBigWig {version('pyBigWig')} with numpy")


def _science() -> Iterator[Status]:
    for name in ("numpy", "pandas", "scikit-learn", "bioframe", "plotly"):
        module = _load({"scikit-learn": "sklearn"}.get(name, name), name)
        yield module if isinstance(module, Status) else Status("ok", f"{name} {version(name)}")


def _jupyter() -> Iterator[Status]:
    loaded = [_load(name) for name in ("jupyterlab", "ipywidgets", "anywidget")]
    missing = [x for x in loaded if isinstance(x, Status)]
    if missing:
        yield from missing
        return
    from jupyter_core.paths import jupyter_path

    absent = [p for p in WIDGETS if not any((Path(d) / p).is_dir() for d in jupyter_path("labextensions"))]
    for extension in absent:
        told = f"JupyterLab does not find {extension}, so widgets stay blank"
        yield Status("broken", told, install(WIDGETS[extension], anew=True))
    if not absent:
        name = ", ".join(f"{m.__name__} {version(m.__name__)}" for m in loaded)
        yield Status("ok", f"{name}: JupyterLab finds the widgets")


def _papermill() -> Iterator[Status]:
    module = _load("papermill")
    yield module if isinstance(module, Status) else Status("ok", f"papermill {version('papermill')}")


def _machine() -> Iterator[Status]:
    from chromolab.data.processes import cpus

    cores = cpus()
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    except (AttributeError, ValueError, OSError):  # not available on every system
        yield Status("ok", f"{cores} cores")
        return
    few = "" if memory >= 4 else "close other programs while a notebook trains: 4 GB are comfortable"
    yield Status("note" if few else "ok", f"{cores} cores, {memory:.0f} GB of memory", few)


def _cache() -> Iterator[Status]:
    from chromolab.data.files import cache_folder

    remedy = "set the environment variable CHROMOLAB_CACHE to a folder you can write to"
    try:
        folder = cache_folder()
    except ChromolabError as error:
        yield Status("broken", f"cannot write to the cache folder: {error}", remedy)
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        yield Status(
            "broken",
            f"cannot write to the cache folder {folder}: {error.strerror}",
            remedy,
        )
    else:
        yield Status("ok", f"cache folder {folder}")


def _real_data() -> Iterator[Status]:
    beside = Path(__file__).parents[3].parent / "shared" / "real"  # of a clone of the repository
    named = os.environ.get("CHROMOLAB_REAL_DATA")
    folder = Path(named) if named else beside
    if folder.is_dir():
        yield Status("ok", f"real data in {folder}")
        return
    what = f"CHROMOLAB_REAL_DATA names {named}, which is no folder" if named else "no real data on this machine"
    yield Status(
        "note",
        f"{what}: notebooks use the teaching genome (simulated), which is all that they need",
        "for a few real genes, cl.real('h1') in a notebook; if you have more, set the environment variable "
        "CHROMOLAB_REAL_DATA to their folder",
    )


def _load(module: str, name: str | None = None):
    """The module, or the status that says why it cannot be imported."""
    name = name or module
    try:
        version(name)
    except PackageNotFoundError:
        return Status("broken", f"{name} is not installed", install())
    try:
        return import_module(module)
    except Exception as error:  # a broken binary may raise anything
        return Status("broken", f"{name} {version(name)} cannot be imported: {error}", install(name, anew=True))
