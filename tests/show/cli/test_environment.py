"""show/cli/environment: what `chromolab doctor` says of this machine, and what to do."""

import os
import re
import subprocess
import sys

from chromolab.show.cli import environment
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


def test_doctor_names_a_cache_that_cannot_be_written(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CHROMOLAB_CACHE", str(tmp_path / "file" / "cache"))
    assert main(["doctor"]) == 1
    printed = capsys.readouterr().out
    assert "cannot write to the cache folder" in printed and "CHROMOLAB_CACHE" in printed


def test_doctor_does_not_mind_that_real_data_is_absent(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CHROMOLAB_REAL_DATA", str(tmp_path / "gone"))
    assert main(["doctor"]) == 0
    assert "note    real data not found" in capsys.readouterr().out


def test_an_absent_package_is_broken_and_named():
    status = environment._load("no_such_module", "no-such-package")
    assert status.state == "broken" and status.what == "no-such-package is not installed"
