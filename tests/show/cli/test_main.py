"""show/cli/main: exit codes, and words a person can act on."""

import os
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


def test_check_notebooks_counts_what_the_series_asks(tmp_path, capsys):
    asks = {"last": "### Predict (2 minutes, ★☆☆)\n\nRemember: x."}
    paths = [toy_notebooks.write(tmp_path / f"0{n}_toy.ipynb", "x", "x", **asks) for n in (1, 2)]
    assert main(["check-notebooks", "--count", *map(str, paths)]) == 0
    head, *rows = map(str.split, capsys.readouterr().out.splitlines())
    assert head == "lines drawings predict read the figure fill in build minutes".split()
    assert rows == [["01_toy", *"3010002"], ["02_toy", *"3010002"], ["all", *"6020004"]]


def test_no_command_is_a_wrong_command_line():
    with pytest.raises(SystemExit) as caught:
        main([])
    assert caught.value.code == 2


COMMAND = [sys.executable, "-P", "-m", "chromolab.show.cli.main"]


@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])
def test_a_terminal_that_lacks_letters_still_gets_the_message(tmp_path, encoding):
    env = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    done = subprocess.run([*COMMAND, "doctor", "n\u6771.yaml"], capture_output=True, cwd=tmp_path, env=env)
    assert done.returncode == 1 and b"Traceback" not in done.stderr
    assert b"\\u6771.yaml: no such file" in done.stdout


def test_a_removed_working_folder_is_said(tmp_path, capsys, monkeypatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert main(["doctor", "my.yaml"]) == 1
    said = "".join(capsys.readouterr())
    assert "was removed; go to another one" in said and "Traceback" not in said


def test_an_error_of_the_system_is_one_line(tmp_path, capsys):
    path = toy_notebooks.write(tmp_path / "toy.ipynb")
    (tmp_path / "file").write_text("")
    assert main(["run", str(path), str(tmp_path / "file" / "out.ipynb")]) == 1
    said = capsys.readouterr().err
    assert said.startswith("chromolab: ") and said.count("\n") == 1 and "a part of the path is a file" in said


def test_letters_of_another_locale_in_the_cache_are_said(tmp_path):
    code = "import chromolab as cl\ntry:\n    cl.simulate(seed=5)\nexcept cl.ChromolabError as e:\n    print('SAID', e)"
    c_locale = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    env = os.environb | {k.encode(): v.encode() for k, v in c_locale.items()}
    for cache in (f"{tmp_path}/c\u00e4che".encode(), f"{tmp_path}/a".encode() + b"\xff\xfe"):
        given = env | {b"CHROMOLAB_CACHE": cache}
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=given)
        assert b"SAID" in done.stdout and b"LC_ALL=C.UTF-8" in done.stdout, done
