"""What the doctor compares with a tested set-up: versions of packages, Jupyter's settings, and programs beside it."""

import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import NamedTuple

from chromolab.errors import ChromolabError
from chromolab.show.course import course_folder

WIDGETS = {  # of JupyterLab's extensions, those that show widgets, and the packages that bring them
    "@jupyter-widgets/jupyterlab-manager": "jupyterlab_widgets",
    "anywidget": "anywidget",
}
NEEDED = re.compile(r"""(?P<name>[\w.-]+)[^;]*?>=(?P<least>[\d.]+)[^;]*(?:;.*extra == ["'](?P<extra>\w+))?""")


class Status(NamedTuple):
    """The state of one part of the environment: "ok", "note" (works, but worth knowing) or "broken" (but needed)."""

    state: str
    what: str
    remedy: str = ""


def install(package: str = "chromolab[notebooks]", anew: bool = False) -> str:
    """The command that installs the tested version of a package, and of all that it needs, into this Python.

    `anew`: this package alone, even if it is there already, because it is damaged.
    """
    try:
        pins = ["-c", str(course_folder() / "constraints.txt")]
    except ChromolabError:  # what names them is damaged, too
        pins = []
    how = ["--force-reinstall", "--no-deps"] if anew else []
    return shlex.join([sys.executable, "-m", "pip", "install", *how, *pins, package])


def python(*arguments: str) -> str:
    """The command that runs a module with this Python."""
    return shlex.join([sys.executable, "-m", *arguments])


def versions() -> Iterator[Status]:
    """Packages that chromolab asks for: those too old, then in one line those that differ from the tested versions."""
    tested = _pins()
    found, differing = 0, []
    for name, least in _asked_for():
        try:
            here = version(name).partition("+")[0]  # which build it is, torch's "+cpu", does not matter
        except PackageNotFoundError:  # an extra's; what is needed always is loaded by another check
            continue
        found += 1
        pin = tested.get(_plain(name))
        if _numbers(here) < _numbers(least):
            yield Status("broken", f"{name} {here} is too old: chromolab needs {least} or later", install())
        elif pin and here != pin:
            differing.append(f"{name} {here} (tested: {pin})")
    if differing:
        yield Status("note", f"other versions than the tested ones: {', '.join(differing)}", install())
    else:
        yield Status("ok", f"{found} packages that chromolab asks for, none of another version than is tested")


def jupyter_settings() -> Iterator[Status]:
    """Settings that leave widgets blank, or start the notebooks in another Python."""
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyterlab_server.config import get_static_page_config

    off = [
        (level, name)
        for level in ("user", "sys_prefix", "system")
        for name, is_off in get_static_page_config(level=level).get("disabledExtensions", {}).items()
        if is_off and name.partition(":")[0] in WIDGETS
    ]
    for level, name in off:
        remedy = python("jupyterlab.labextensions", "enable", f"--level={level}", name)
        yield Status("broken", f"JupyterLab's settings ({level}) switch {name} off, so widgets stay blank", remedy)
    kernel = KernelSpecManager().get_kernel_spec("python3")
    runs = kernel.argv[0]
    if not re.fullmatch(r"python[\d.]*", runs) and runs != sys.executable:
        where = "--sys-prefix" if kernel.resource_dir.startswith(sys.prefix) else "--user"
        remedy = python("ipykernel", "install", where)
        yield Status("broken", f"notebooks start in another Python ({runs}: {kernel.resource_dir})", remedy)
    elif not off:
        yield Status("ok", "Jupyter's settings: widgets are on, and notebooks start in this Python")


def other_programs() -> Iterator[Status]:
    """Programs that open notebooks and may not show widgets: another JupyterLab on the PATH, and VS Code."""
    found = shutil.which("jupyter-lab")
    prefix = Path(found).resolve().parent.parent if found else Path(sys.prefix)
    if prefix != Path(sys.prefix).resolve():
        extensions = prefix / "share" / "jupyter" / "labextensions"
        lacks = [name for name in WIDGETS if not (extensions / name).is_dir()]
        why = f"without {' and '.join(lacks)}, so widgets stay blank there" if lacks else "with its own settings"
        yield Status(
            "note", f"`jupyter lab` typed here starts another JupyterLab ({found}), {why}", python("jupyterlab")
        )
    if os.environ.get("TERM_PROGRAM") == "vscode":
        yield Status(
            "note",
            "in VS Code (not tried) notebooks and widgets work where its Jupyter extension runs this Python",
            f"choose the kernel {sys.executable}; where a widget stays blank: {python('jupyterlab')}",
        )


def _pins() -> dict[str, str]:
    """{package: the version that is tested}"""
    lines = (course_folder() / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return {_plain(line.partition("==")[0]): line.partition("==")[2].strip() for line in lines if "==" in line}


def _asked_for() -> Iterator[tuple[str, str]]:
    """(package, the least version), as chromolab asks for it: itself or by an extra other than a developer's."""
    for line in requires("chromolab") or ():
        asked = NEEDED.match(line)
        if asked and asked["extra"] != "dev":
            yield asked["name"], asked["least"]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", text)))
