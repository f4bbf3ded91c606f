"""Hosts that run the notebooks for a reader: the files that Binder reads, and the cell that Colab needs.

Neither host is reached from here: the files are parsed, and what they install is installed from a local clone.
"""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
BINDER = ROOT / ".binder"
OFFLINE = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
ISOLATED = {"PIP_NO_BUILD_ISOLATION": "0"}  # pip's way to say that there is none


def test_binder_finds_nothing_but_what_it_knows():
    assert {p.name for p in BINDER.iterdir()} == {"postBuild", "requirements.txt", "runtime.txt", "start"}
    python = re.fullmatch(r"python-(3\.\d+)\n", (BINDER / "runtime.txt").read_text())[1]
    assert SpecifierSet(PROJECT["requires-python"]).contains(f"{python}.0")


def test_binder_installs_this_package_with_the_tested_versions_and_the_small_torch():
    lines = [x for x in (BINDER / "requirements.txt").read_text().splitlines() if not x.startswith("#")]
    index, pins, package = lines
    assert index == "--extra-index-url https://download.pytorch.org/whl/cpu"
    assert pins.startswith("-c ") and (BINDER / pins[3:]).resolve() == ROOT / "constraints.txt"
    assert package.startswith("-e .[")
    wanted = Requirement("chromolab" + package.removeprefix("-e ."))
    assert {"notebooks"} <= wanted.extras <= set(PROJECT["optional-dependencies"])
    pip = [sys.executable, "-m", "pip", "install", "--dry-run", "-r", str(BINDER / "requirements.txt")]
    done = subprocess.run(pip, cwd=ROOT, capture_output=True, text=True, env=os.environ | OFFLINE | ISOLATED)
    assert done.returncode == 0, done.stderr  # from the top of the repository, as Binder does
    assert re.search(r"^Would install chromolab-\S+$", done.stdout, re.MULTILINE), done.stdout


def test_binder_scripts_are_run_and_hand_over(tmp_path):
    for name in ("postBuild", "start"):
        assert os.access(BINDER / name, os.X_OK)
        subprocess.run(["bash", "-n", BINDER / name], check=True)
    told = subprocess.run(
        [BINDER / "start", "sh", "-c", "echo $OMP_NUM_THREADS $0", "x"], capture_output=True, text=True
    )
    assert told.stdout == "2 x\n"
    for name in ("jupyter", "python"):  # what is called stands in for itself
        (tmp_path / name).write_text(f'#!/bin/sh\necho {name} "$@"\n')
        (tmp_path / name).chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    told = subprocess.run([BINDER / "postBuild"], capture_output=True, text=True, env=os.environ | {"PATH": path})
    assert told.returncode == 0, told.stderr
    code = told.stdout.splitlines()[-1].removeprefix("python -c ")
    assert "cl.simulate(" in code and compile(code, "postBuild", "exec")


def colab_cell() -> str:
    """The cell of docs/install.md."""
    (cell,) = re.findall(r"```python\n(ADDRESS = .*?)```", (ROOT / "docs" / "install.md").read_text(), re.DOTALL)
    return cell


@pytest.mark.slow
def test_the_cell_for_colab_installs_the_repository(tmp_path):
    cell, clone = colab_cell(), tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
    # From the clone's folder: pip's own clone is a partial one, for which git would ask a shallow clone without end.
    for told, here in (("https://github.com/OWNER/chromolab", f"file://{clone}"), ("git+{ADDRESS}", "{ADDRESS}")):
        assert cell.count(told) == 1
        cell = cell.replace(told, here)
    stub = tmp_path / "stubs" / "google" / "colab"
    stub.mkdir(parents=True)
    (stub / "output.py").write_text("def enable_custom_widget_manager():\n    print('widgets are on')\n")
    (tmp_path / "shelf").mkdir()
    for name in ("anywidget", "lightmotif", "pyfaidx"):  # what Colab lacks and PyPI has
        info = f"{name}-99.dist-info"
        with zipfile.ZipFile(tmp_path / "shelf" / f"{name}-99-py3-none-any.whl", "w") as wheel:
            wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 99\n")
            wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{info}/RECORD", "")
    here = {"PIP_NO_DEPS": "1", "PIP_TARGET": str(tmp_path / "colab"), "PIP_FIND_LINKS": str(tmp_path / "shelf")}
    here |= {"PYTHONPATH": str(tmp_path / "stubs"), "IPYTHONDIR": str(tmp_path / "ipython")}
    code = "import sys\nfrom IPython.core.interactiveshell import InteractiveShell\n"
    code += "InteractiveShell().run_cell(sys.argv[1]).raise_error()"
    done = subprocess.run(
        [sys.executable, "-c", code, cell],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=os.environ | OFFLINE | ISOLATED | here,
    )
    assert done.returncode == 0 and "widgets are on" in done.stdout, done.stdout + done.stderr
    assert (tmp_path / "colab" / "anywidget-99.dist-info").is_dir(), done.stdout
    package = tmp_path / "colab" / "chromolab"
    assert (package / "course" / "notebooks" / "00_start_here.ipynb").is_file()
    look = "import chromolab; from chromolab.show.course import course_folder; print(course_folder())"
    found = subprocess.run(
        [sys.executable, "-c", look],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(package.parent)},
    )
    assert Path(found.stdout.strip()) == package / "course", found.stderr
