"""show/cli/start, from a wheel that is installed elsewhere: its course, JupyterLab on it, the page, and the doctor."""

import os
import re
import shlex
import signal
import stat
import subprocess
import time
import urllib.request
import zipfile
from pathlib import Path

import nbformat
import pytest
from helpers import wheels
from helpers.house import ROOT
from helpers.lab import PATIENCE, free_port

import chromolab
from chromolab.show.cli import start
from chromolab.show.cli.main import main
from chromolab.show.course import course_files


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel."""
    return wheels.build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def home(wheel, tmp_path_factory) -> wheels.Home:
    """A home in which the wheel is installed, and nothing can be written where it lies."""
    made = wheels.install(wheel, tmp_path_factory.mktemp("homes") / "a home with spaces")
    for path in [made.packages, *made.packages.rglob("*")]:
        path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    before = made.installed()
    yield made
    assert made.installed() == before  # root may write all the same
    for path in [made.packages, *made.packages.rglob("*")]:
        path.chmod(path.stat().st_mode | stat.S_IWUSR)


def answer(home: wheels.Home, *line: str, address: str, enough: str) -> str:
    """What a server that this command starts answers at an address, as far as to this text."""
    command = [home.bin / "chromolab", *line]
    with subprocess.Popen(command, cwd=home.folder, env=home.env, start_new_session=True) as server:
        try:
            began = time.monotonic()
            while server.poll() is None and time.monotonic() - began < PATIENCE:
                try:
                    with urllib.request.urlopen(address) as page:
                        text = ""
                        while enough not in text and (more := page.read1().decode()):
                            text += more
                        return text
                except OSError:  # not there yet
                    time.sleep(0.2)
            raise AssertionError(f"no answer from {line}: it ended with {server.poll()}")
        finally:
            os.killpg(server.pid, signal.SIGTERM)  # what it forked makes a teaching genome, which nobody waits for


def test_version(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"chromolab {chromolab.__version__}\n"


def test_what_was_kept_is_named(tmp_path, capsys):
    assert main(["start", str(tmp_path / "mine"), "--copy-only"]) == 0
    assert re.search(r"mine: \d+ files written, 0 kept", capsys.readouterr().out)
    (tmp_path / "mine" / start.FIRST).write_text("mine")
    assert main(["start", str(tmp_path / "mine"), "--copy-only"]) == 0
    told = capsys.readouterr().out
    assert "0 files written, 1 kept as you changed them" in told and told.endswith(f"  kept {start.FIRST}\n")


def test_a_folder_that_cannot_be_made_is_said(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert main(["start", str(tmp_path / "file" / "mine"), "--copy-only"]) == 1
    assert "a part of the path is a file" in capsys.readouterr().err


def test_the_page_is_of_the_notebook_here_or_of_the_course(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert start.own_app() == ROOT / "notebooks" / "app.ipynb"
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "app.ipynb").write_text("{}")
    assert start.own_app() == Path("notebooks") / "app.ipynb"


@pytest.mark.slow
def test_the_wheel_carries_the_course_and_its_metadata(wheel):
    with zipfile.ZipFile(wheel) as files:
        names = set(files.namelist())
        course = {f"chromolab/course/notebooks/{name}" for name in course_files()}
        assert {name for name in names if "/course/" in name} == course | {"chromolab/course/constraints.txt"}
        (metadata,) = [files.read(name).decode() for name in names if name.endswith("dist-info/METADATA")]
    assert f"\nVersion: {chromolab.__version__}\n" in metadata and "Classifier: Intended Audience" in metadata
    assert not [name for name in names if name.startswith(("tests/", "chromolab/course/chromolab"))]


@pytest.mark.slow
def test_an_installed_wheel_copies_the_course_and_runs_its_first_notebook(home, world):
    assert home.run("chromolab", "--version").stdout == f"chromolab {chromolab.__version__}\n"
    copied = home.run("chromolab", "start", "my course", "--copy-only")
    assert copied.returncode == 0 and f"my course: {len(course_files())} files written" in copied.stdout, copied.stderr
    ran = home.run("chromolab", "run", f"my course/{start.FIRST}", "runs/00.ipynb")
    assert ran.returncode == 0, ran.stderr
    outputs = [o for cell in nbformat.read(home.folder / "runs/00.ipynb", 4).cells for o in cell.get("outputs", ())]
    assert [o for o in outputs if "application/vnd.plotly.v1+json" in o.get("data", {})]


@pytest.mark.slow
def test_an_installed_wheel_opens_jupyterlab_and_the_page(home):
    port = free_port()
    line = ["start", "in lab", "--no-browser", f"--port={port}", "--IdentityProvider.token=t"]
    address = f"http://127.0.0.1:{port}/lab/tree/{start.FIRST}?token=t"
    page = answer(home, *line, address=address, enough="</html>")
    assert '"news": {"disabled": true}' in page and "jupyterlab-manager" in page
    port = free_port()
    line = ["app", "--no-browser", f"--port={port}", "--IdentityProvider.token=t"]
    page = answer(home, *line, address=f"http://127.0.0.1:{port}/?token=t", enough="</title>")
    assert "lab" in re.search("<title>(.*)</title>", page)[1]


@pytest.mark.slow
def test_the_doctor_names_an_old_and_another_version_and_its_advice_works(wheel, tmp_path):
    home, shelf = wheels.install(wheel, tmp_path / "a home"), tmp_path / "shelf"
    pins = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text().split() if "==" in line)
    shelf.mkdir()
    for name, here in (("bioframe", "0.1"), ("tqdm", "99.0")):
        toy(home.packages, name, here)
        toy(tmp_path / name, name, pins[name])
        with zipfile.ZipFile(shelf / f"{name}-{pins[name]}-py3-none-any.whl", "w") as file:
            for path in (tmp_path / name).glob("*/*"):
                file.write(path, path.relative_to(tmp_path / name))
    told = home.run("chromolab", "doctor").stdout
    old = re.search(r"broken  bioframe 0\.1 is too old: chromolab needs 0\.8 or later\n +-> (.*)", told)
    other = re.search(rf"note    other versions than the tested ones: tqdm 99\.0 \(tested: {pins['tqdm']}\)", told)
    assert old and other, told
    advised = shlex.split(old[1])
    assert advised[0] == str(home.bin / "python"), advised
    done = home.run(*advised, PIP_FIND_LINKS=str(shelf))
    assert done.returncode == 0, done.stderr
    told = home.run("chromolab", "doctor").stdout
    assert "none of another version than is tested" in told and "too old" not in told, told


def toy(folder: Path, name: str, version: str) -> None:
    """A package as pip leaves it in a folder: a name and a version."""
    place = folder / f"{name}-{version}.dist-info"
    place.mkdir(parents=True)
    (place / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (place / "WHEEL").write_text("Wheel-Version: 1.0\nGenerator: toy\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    (place / "INSTALLER").write_text("pip\n")
    listed = ("INSTALLER", "METADATA", "RECORD", "WHEEL")
    (place / "RECORD").write_text("".join(f"{place.name}/{file},,\n" for file in listed))


@pytest.mark.slow
def test_the_doctor_names_what_is_damaged_and_its_advice_works(wheel, tmp_path):
    """A module that cannot be imported, and extensions of JupyterLab that are not there: each is installed anew."""
    home, shelf = wheels.install(wheel, tmp_path / "a home"), tmp_path / "shelf"
    pins = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text().split() if "==" in line)
    shelf.mkdir()
    for name, extension in (("bioframe", None), ("jupyterlab_widgets", "@jupyter-widgets/jupyterlab-manager")):
        toy(tmp_path / name, name, pins[name])
        part = f"{name}-{pins[name]}.data/data/share/jupyter/labextensions/{extension}/package.json"
        with zipfile.ZipFile(shelf / f"{name}-{pins[name]}-py3-none-any.whl", "w") as file:
            file.writestr(part if extension else f"{name}/__init__.py", "{}")
            for path in (tmp_path / name).glob("*/*"):
                file.write(path, path.relative_to(tmp_path / name))
    toy(home.packages, "bioframe", pins["bioframe"])
    (home.packages / "bioframe").mkdir()
    (home.packages / "bioframe" / "__init__.py").write_text("raise ImportError('half of it is gone')")
    bare = {"JUPYTER_PATH": str(tmp_path / "nothing")}  # no extensions but the home's own
    told = home.run("chromolab", "doctor", **bare).stdout
    advice = re.findall(r"broken  (?:bioframe \S+ cannot be imported|JupyterLab does not find @jup).*\n +-> (.*)", told)
    assert len(advice) == 2, told
    for line in advice:
        done = home.run(*shlex.split(line), PIP_FIND_LINKS=str(shelf))
        assert done.returncode == 0, done.stderr
    told = home.run("chromolab", "doctor", **bare).stdout
    assert f"ok      bioframe {pins['bioframe']}" in told and "does not find @jupyter-widgets" not in told, told


@pytest.mark.slow
def test_the_doctor_names_settings_that_leave_widgets_blank_and_its_advice_works(home, tmp_path):
    kernels = tmp_path / "data" / "kernels" / "python3"
    kernels.mkdir(parents=True)
    (kernels / "kernel.json").write_text(
        '{"argv": ["/gone/bin/python", "-m", "ipykernel_launcher", "-f", "{connection_file}"], "display_name": "x"}'
    )
    settings = tmp_path / "config" / "labconfig" / "page_config.json"
    settings.parent.mkdir(parents=True)
    settings.write_text('{"disabledExtensions": {"anywidget": true}}')
    own = {"JUPYTER_CONFIG_DIR": str(tmp_path / "config"), "JUPYTER_DATA_DIR": str(tmp_path / "data")}
    own["JUPYTER_PATH"] = f"{tmp_path / 'data'}{os.pathsep}{home.env['JUPYTER_PATH']}"  # the user's before all others
    told = home.run("chromolab", "doctor", **own).stdout
    advice = re.findall(r"(?:switch anywidget off|start in another Python).*\n +-> (.*)", told)
    assert len(advice) == 2, told
    for line in advice:
        done = home.run(*shlex.split(line), **own)
        assert done.returncode == 0, done.stderr
    told = home.run("chromolab", "doctor", **own).stdout
    assert "widgets are on, and notebooks start in this Python" in told, told
