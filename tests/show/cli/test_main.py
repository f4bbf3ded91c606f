"""show/cli/main: exit codes, and words a person can act on."""

import subprocess
import sys

import pytest
from helpers import toy_notebooks

from chromolab.show.cli.main import main


def test_help_loads_no_library_that_is_slow_to_import():
    code = "import sys; from chromolab.show.cli.main import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
    code += "print('loaded', sorted({'numpy', 'pandas', 'pydantic', 'torch', 'plotly', 'joblib'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "doctor" in done.stdout and done.stdout.endswith("loaded []\n"), done


def test_a_closed_pipe_gives_no_traceback():
    line = [sys.executable, "-m", "chromolab.show.cli.main", "data", "list"]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        process.stdout.close()
        assert process.stderr.read() == "" and process.wait() == 0


def test_run_gives_parameters_and_says_what_came_out(tmp_path, capsys):
    show = "import chromolab as cl\ncl.key_figure('got', f'{x} {y}')"
    path = toy_notebooks.write(tmp_path / "toy.ipynb", show, parameters="x = 1\ny = 'a'")
    assert main(["run", str(path), str(tmp_path / "out.ipynb"), "-p", "x=[1, 2]", "-p", "y=E003"]) == 0
    assert "got = [1, 2] E003" in capsys.readouterr().out


def test_run_refuses_an_unknown_parameter(tmp_path, capsys):
    path = toy_notebooks.write(tmp_path / "toy.ipynb")
    assert main(["run", str(path), str(tmp_path / "out.ipynb"), "-p", "z=1"]) == 1
    assert "chromolab: toy.ipynb has no parameter z; it has: x" in capsys.readouterr().err


@pytest.mark.parametrize("word", ["x", "1x=2", "=2"])
def test_a_parameter_without_name_or_value_is_a_wrong_command_line(word, capsys):
    with pytest.raises(SystemExit) as caught:
        main(["run", "a.ipynb", "b.ipynb", "-p", word])
    assert caught.value.code == 2
    assert "expected name=value" in capsys.readouterr().err


def test_run_series_fails_when_one_notebook_fails(tmp_path, capsys):
    toy_notebooks.write(tmp_path / "nb" / "00_good.ipynb", "x")
    arguments = ["run-series", "--folder", str(tmp_path / "nb"), "--out", str(tmp_path / "out")]
    assert main(arguments) == 0
    toy_notebooks.write(tmp_path / "nb" / "01_bad.ipynb", "x / 0")
    assert main(arguments) == 1
    assert "1 of 2 notebooks ran" in capsys.readouterr().out
    assert main([*arguments, "00"]) == 0


def test_check_notebooks_names_file_and_problem_and_strips(tmp_path, capsys, monkeypatch):
    path = toy_notebooks.write(tmp_path / "notebooks" / "toy.ipynb", "x")
    path.write_text(path.read_text().replace('"execution_count": null', '"execution_count": 3'))
    monkeypatch.chdir(tmp_path)
    assert main(["check-notebooks"]) == 1
    assert "toy.ipynb: has execution counts" in capsys.readouterr().out
    assert main(["check-notebooks", "--strip"]) == 0
    assert "stripped notebooks/toy.ipynb" in capsys.readouterr().out
    assert main(["check-notebooks", str(path)]) == 0


def test_no_command_is_a_wrong_command_line():
    with pytest.raises(SystemExit) as caught:
        main([])
    assert caught.value.code == 2
