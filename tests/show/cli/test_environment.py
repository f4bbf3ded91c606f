"""show/cli/environment: what `chromolab doctor` says of this machine, and what to do."""

import os
import re
import shlex
import subprocess
import sys
from importlib.metadata import version

import pytest

import chromolab as cl
from chromolab.show.cli import environment, tested
from chromolab.show.cli.main import main


def command(*arguments, **env):
    """Run `chromolab` in a new process, with these environment variables."""
    line = [sys.executable, "-m", "chromolab.show.cli.main", *arguments]
    return subprocess.run(line, capture_output=True, text=True, env={**os.environ, **env})


def test_doctor_finds_this_environment_sound(capsys):
    code = main(["doctor"])
    printed = capsys.readouterr().out
    assert code == 0, printed
    for what in ("Python 3", "torch", "pyBigWig", "with numpy", "jupyterlab", "finds the widgets", "cores", "cache"):
        assert what in printed
    assert "Everything needed works." in printed


def test_doctor_survives_a_torch_that_cannot_be_imported(tmp_path):
    (tmp_path / "torch.py").write_text("raise OSError('libtorch.so: cannot open shared object file')")
    done = command("doctor", PYTHONPATH=str(tmp_path))
    assert done.returncode == 1
    assert re.search(
        r"broken  torch \S+ cannot be imported: libtorch.so.*\n +-> \S+ -m pip install --force-reinstall", done.stdout
    )
    assert "ok      pyBigWig" in done.stdout
    assert "1 needed thing(s) broken" in done.stdout


def states(check, monkeypatch, **env) -> list[tuple[str, str]]:
    """(state, what and remedy) of a check, with these environment variables; None takes one away."""
    for name, value in env.items():
        monkeypatch.delenv(name, raising=False) if value is None else monkeypatch.setenv(name, str(value))
    return [(status.state, f"{status.what} -> {status.remedy}") for status in check()]


@pytest.mark.parametrize(
    "check, variable, before",
    [(environment._cache, "CHROMOLAB_CACHE", "broken"), (environment._real_data, "CHROMOLAB_REAL_DATA", "note")],
    ids=["cache", "real data"],
)
def test_a_folder_that_will_not_do_is_named_and_the_variable_advised_does(
    tmp_path, monkeypatch, check, variable, before
):
    (tmp_path / "file").write_text("")
    (tmp_path / "good").mkdir()
    ((state, told),) = states(check, monkeypatch, **{variable: tmp_path / "file" / "no folder"})
    assert state == before and str(tmp_path / "file") in told.partition(" -> ")[0]
    assert f"set the environment variable {variable} to" in told.partition(" -> ")[2]
    ((state, told),) = states(check, monkeypatch, **{variable: tmp_path / "good"})
    assert state == "ok" and str(tmp_path / "good") in told


def test_an_installed_package_does_not_look_for_real_data_beside_itself(tmp_path, monkeypatch):
    installed = tmp_path / "env" / "lib" / "site-packages" / "chromolab" / "show" / "cli" / "environment.py"
    monkeypatch.setattr(environment, "__file__", str(installed))
    ((state, told),) = states(environment._real_data, monkeypatch, CHROMOLAB_REAL_DATA=None)
    assert state == "note" and "no real data on this machine" in told and str(tmp_path) not in told
    assert "cl.real('h1')" in told and callable(cl.real)


@pytest.mark.parametrize("has", [[], ["anywidget"], [*tested.WIDGETS]], ids=["none", "one", "both"])
def test_another_jupyterlab_on_the_path_is_named_with_the_widgets_that_it_lacks(tmp_path, monkeypatch, has):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "jupyter-lab").write_text("#!/bin/sh\n")
    (tmp_path / "bin" / "jupyter-lab").chmod(0o755)
    for extension in has:
        (tmp_path / "share" / "jupyter" / "labextensions" / extension).mkdir(parents=True)
    ((state, told),) = states(tested.other_programs, monkeypatch, PATH=tmp_path / "bin", TERM_PROGRAM=None)
    what, _, advice = told.partition(" -> ")
    assert state == "note" and str(tmp_path / "bin" / "jupyter-lab") in what
    assert [name for name in tested.WIDGETS if name in what] == [n for n in tested.WIDGETS if n not in has]
    done = subprocess.run([*shlex.split(advice), "--version"], capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.strip() == version("jupyterlab"), done.stderr


def test_vs_code_is_named_in_its_terminal_alone(tmp_path, monkeypatch):
    ((state, told),) = states(tested.other_programs, monkeypatch, PATH=tmp_path, TERM_PROGRAM="vscode")
    assert state == "note" and "VS Code" in told and f"choose the kernel {sys.executable}" in told
    assert states(tested.other_programs, monkeypatch, PATH=tmp_path, TERM_PROGRAM="xterm") == []


def test_an_absent_package_is_broken_and_named():
    status = environment._load("no_such_module", "no-such-package")
    assert status.state == "broken" and status.what == "no-such-package is not installed"
