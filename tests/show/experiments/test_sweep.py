"""show/experiments/sweep: each setting once, nothing lost, several sweeps at once; runs by plain processes."""

import json
import math
import multiprocessing
import os
import subprocess
import sys
import threading
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pandas as pd
import psutil
import pytest
from helpers import toy_notebooks
from helpers.lab import PATIENCE, wait

import chromolab as cl
from chromolab.errors import ChromolabError
from chromolab.show.experiments.engines import Pool
from chromolab.show.experiments.sweep import plan

pytestmark = pytest.mark.slow

FIGURE = "import chromolab as cl\ncl.key_figure('double', 2.0 * x, note='toy')"
ON = "pool:2"
SWEEP = """
import sys
import chromolab as cl
cl.sweep(sys.argv[1], {"x": [1, 2, 3, 4]}, sys.argv[2], on="pool:2")
"""


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    monkeypatch.setenv("TQDM_DISABLE", "1")


def test_a_sweep_runs_each_setting_once_and_tries_failures_again(tmp_path):
    path = toy_notebooks.write(tmp_path / "toy.ipynb", FIGURE, "1 / (x - y)", parameters="x = 1\ny = 0")
    grid = {"x": [1, 2], "y": [0, 2]}
    table = cl.sweep(path, grid, tmp_path / "out", on=ON)
    assert list(table["x"]) == [1, 1, 2, 2]
    assert list(table["error"] == "") == [True, True, True, False]
    assert list(table["double"][:3]) == [2, 2, 4] and math.isnan(table["double"][3])
    assert "ZeroDivisionError" in table["error"][3]
    assert table.attrs == {"parameters": ["x", "y"], "figures": ["double"]}
    failed = Path(table["run"][3])
    assert not failed.exists() and failed.with_name(f"{failed.stem}.failed.ipynb").exists()
    times = {run: os.stat(run).st_mtime_ns for run in table["run"][:3]}

    again = cl.sweep(path, grid, tmp_path / "out", on=ON)
    assert {run: os.stat(run).st_mtime_ns for run in again["run"][:3]} == times
    pd.testing.assert_frame_equal(again, table)
    saved = pd.read_csv(tmp_path / "out" / "toy.csv", keep_default_na=False)
    assert list(saved["run"]) == list(table["run"])
    told = cl.results_of(tmp_path / "out")
    assert sorted(told["run"]) == sorted(table["run"]) and set(told["attempts"]) == {1}
    assert told.attrs["figures"] == ["double"]
    page = (tmp_path / "out" / "toy.html").read_text()
    assert "3 done, 1 failed" in page and 'http-equiv="refresh"' not in page and "ZeroDivisionError" in page
    assert 'src="plotly.min.js"' in page and (tmp_path / "out" / "plotly.min.js").exists()


def test_a_damaged_run_is_made_again_and_kept_beside(tmp_path):
    path = toy_notebooks.write(tmp_path / "toy.ipynb", FIGURE)
    table = cl.sweep(path, {"x": [1, 2]}, tmp_path / "out", on=ON)
    cut, whole = (Path(run) for run in table["run"])
    cut.write_bytes(half := cut.read_bytes()[:300])
    whole.with_suffix(".json").unlink()  # killed before it was written
    before = whole.stat().st_mtime_ns
    again = cl.sweep(path, {"x": [1, 2]}, tmp_path / "out", on=ON)
    assert list(again["double"]) == [2, 4] and not any(again["error"]) and whole.stat().st_mtime_ns == before
    assert cut.with_name(f"{cut.stem}.damaged.ipynb").read_bytes() == half
    assert json.loads(whole.with_suffix(".json").read_text())["figures"] == {"double": 4.0}


def test_a_sweep_writes_over_no_other_file_and_needs_a_notebook(tmp_path):
    path = toy_notebooks.write(tmp_path / "toy.ipynb", FIGURE)
    (tmp_path / "toy.csv").write_text("gene,value\nA,1\n")
    with pytest.raises(ChromolabError, match="toy.csv: is not the table of a sweep, and was not touched"):
        cl.sweep(path, {"x": [1]}, tmp_path, on=ON)
    (tmp_path / "page").mkdir()
    (tmp_path / "page" / "toy.html").write_text("mine")
    with pytest.raises(ChromolabError, match="toy.html: no run wrote this page"):
        cl.sweep(path, {"x": [1]}, tmp_path / "page", on=ON)
    with pytest.raises(ChromolabError, match=r"--on moon: expected local\[:N\], pool"):
        cl.sweep(path, {"x": [1]}, tmp_path / "out", on="moon")
    path.write_text("{")
    with pytest.raises(ChromolabError, match="toy.ipynb is not a notebook"):
        cl.sweep(path, {"x": [1]}, tmp_path / "out", on=ON)
    with pytest.raises(ChromolabError, match="no run of a sweep lies there"):
        cl.results_of(tmp_path)


def test_a_key_figure_named_like_a_parameter_keeps_both(tmp_path):
    path = toy_notebooks.write(tmp_path / "toy.ipynb", FIGURE.replace("double", "x"))
    table = cl.sweep(path, {"x": [5, 6]}, tmp_path / "out", on=ON)
    for found in (table, cl.results_of(tmp_path / "out").sort_values(list(table)[0])):
        assert list(found["x"]) == [5, 6] and list(found["x (key figure)"]) == [10, 12]
        assert found.attrs["parameters"] == ["x"] and found.attrs["figures"] == ["x (key figure)"]
    page = (tmp_path / "out" / "toy.html").read_text()
    assert "2 done" in page and "<th>x (key figure)</th>" in page


def test_parameters_and_key_figures_named_like_the_tables_own_columns_keep_both(tmp_path):
    code = "import chromolab as cl\ncl.key_figure('error', 0.5 * seconds)\ncl.key_figure('host', 7)"
    path = toy_notebooks.write(tmp_path / "toy.ipynb", code, parameters="seconds = 1")
    table = cl.sweep(path, {"seconds": [5, 6]}, tmp_path / "out", on=ON)
    for found in (table, cl.results_of(tmp_path / "out").sort_values(list(table)[0])):
        assert list(found["seconds (parameter)"]) == [5, 6] and list(found["error (key figure)"]) == [2.5, 3]
        assert list(found["error"]) == ["", ""] and list(found["host (key figure)"]) == [7, 7]
        assert found.attrs["parameters"] == ["seconds (parameter)"]


def test_figures_that_are_words_or_truths_have_no_picture(tmp_path):
    words = "import chromolab as cl\ncl.key_figure('best', 'a')\ncl.key_figure('found', x > 1)"
    path = toy_notebooks.write(tmp_path / "toy.ipynb", words)
    table = cl.sweep(path, {"x": [1, 2]}, tmp_path / "out", on=ON)
    assert list(table["best"]) == ["a", "a"] and list(table["found"]) == [False, True]
    assert "2 done" in (tmp_path / "out" / "toy.html").read_text()


def test_a_worker_that_dies_without_work_is_replaced():
    with Pool(1) as pool:
        worker = psutil.Process(pool.submit(_number_of_process, None).result(PATIENCE))
        worker.kill()
        executor = pool._pools[0]
        wait(lambda: executor._broken, "the pool to see it")
        assert pool.submit(_number_of_process, None).result(PATIENCE) != worker.pid


def _number_of_process(_: None) -> int:
    return os.getpid()


def test_a_setting_that_kills_its_kernel_costs_its_own_row(tmp_path):
    die = "import os, signal\nif x == 2: os.kill(os.getpid(), signal.SIGKILL)"
    path = toy_notebooks.write(tmp_path / "toy.ipynb", FIGURE, die)
    table = cl.sweep(path, {"x": [1, 2, 3]}, tmp_path / "out", on=ON, retries=1)
    assert list(table["double"].fillna(0)) == [2, 0, 6]
    assert "the kernel died at this setting" in table["error"][1]
    assert list(cl.results_of(tmp_path / "out").set_index("x")["attempts"].sort_index()) == [1, 2, 1]


def test_a_worker_that_is_killed_costs_nothing(tmp_path):
    path = toy_notebooks.write(tmp_path / "toy.ipynb", "import pathlib, time", WAITS, FIGURE)
    sweep = subprocess.Popen([sys.executable, "-c", SWEEP, str(path), str(tmp_path / "out")])
    try:
        wait(lambda: (tmp_path / "begun").exists(), "a run to begin")
        kernel = next(p for p in psutil.Process(sweep.pid).children(recursive=True) if _is_kernel(p))
        kernel.parent().kill()
        (tmp_path / "go").touch()
        assert sweep.wait(PATIENCE) == 0
    finally:
        sweep.kill()
    table = cl.results_of(tmp_path / "out")
    assert sorted(table["double"]) == [2, 4, 6, 8] and sorted(table["attempts"])[-1] == 2


WAITS = "pathlib.Path('begun').touch()\nwhile not pathlib.Path('go').exists(): time.sleep(0.1)"


def _is_kernel(process: psutil.Process) -> bool:
    try:
        return "ipykernel_launcher" in " ".join(process.cmdline())
    except psutil.Error:
        return False


def test_a_sweep_that_is_killed_leaves_no_process_and_continues(tmp_path):
    path = toy_notebooks.write(
        tmp_path / "toy.ipynb", "import pathlib, time", f"if x > 2:\n    exec({WAITS!r})", FIGURE
    )
    command = [sys.executable, "-c", SWEEP, str(path), str(tmp_path / "out")]
    sweep = subprocess.Popen(command)
    try:
        wait(lambda: (tmp_path / "begun").exists(), "the third run to begin")
        family = psutil.Process(sweep.pid).children(recursive=True)
    finally:
        sweep.kill()
        sweep.wait()
    wait(lambda: not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in family), "workers to end")
    done = {p: p.stat().st_mtime_ns for p in (tmp_path / "out" / "toy").glob("x=[12]*.ipynb")}
    assert len(done) == 2 and not list((tmp_path / "out" / "toy").glob("x=[34]*.ipynb"))
    (tmp_path / "go").touch()
    assert subprocess.run(command, timeout=PATIENCE).returncode == 0
    table = cl.results_of(tmp_path / "out")
    assert sorted(table["double"]) == [2, 4, 6, 8]
    assert {p: p.stat().st_mtime_ns for p in done} == done


def test_two_sweeps_in_one_folder_share_the_work(tmp_path):
    note = "open('runs.txt', 'a').write(f'{x}\\n')"
    path = toy_notebooks.write(tmp_path / "toy.ipynb", note, "import time\ntime.sleep(1)", FIGURE)
    tables, grid = [], {"x": list(range(6))}
    threads = [
        threading.Thread(target=lambda: tables.append(cl.sweep(path, grid, tmp_path / "out", on="pool:1")))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert sorted((tmp_path / "runs.txt").read_text().split()) == list("012345")
    assert [list(table["double"]) for table in tables] == [[0, 2, 4, 6, 8, 10]] * 2
    assert not list((tmp_path / "out" / "toy").glob("*.lock"))


def test_a_script_without_a_guard_is_not_run_again_by_its_workers(tmp_path):
    path = toy_notebooks.write(tmp_path / "toy.ipynb", FIGURE)
    script = tmp_path / "script.py"
    script.write_text(f"print('begun')\n{SWEEP}")
    ran = subprocess.run(
        [sys.executable, str(script), str(path), str(tmp_path / "out")],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.count("begun") == 1


def test_an_executor_of_ones_own_does(tmp_path):
    path = toy_notebooks.write(tmp_path / "toy.ipynb", FIGURE)
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as mine:
        table = cl.sweep(path, {"x": [1, 2]}, tmp_path / "out", on=mine)
    assert list(table["double"]) == [2, 4]


def test_a_plan_runs_nothing_and_tells_what_is_left(tmp_path):
    path = toy_notebooks.write(tmp_path / "toy.ipynb", FIGURE)
    cl.sweep(path, {"x": [1]}, tmp_path / "out", on=ON)
    before = sorted(tmp_path.rglob("*"))
    table, told = plan(path, {"x": [1, 2, 3]}, tmp_path / "out")
    assert told.startswith("3 settings, 1 of them finished; the others take about ")
    assert list(table["error"]) == ["", "not run yet", "not run yet"] and sorted(tmp_path.rglob("*")) == before


def test_a_full_disk_is_a_row_that_says_so(tmp_path):
    path = toy_notebooks.write(tmp_path / "toy.ipynb", FIGURE)
    table = cl.sweep(path, {"x": [1]}, tmp_path / "out", on=ON)
    run = Path(table["run"][0])
    run.with_suffix(".json").unlink()
    run.unlink()
    run.mkdir()  # something else lies there
    table = cl.sweep(path, {"x": [1, 2]}, tmp_path / "out", on=ON)
    assert "Move it away" in table["error"][0] and table["double"][1] == 4


def test_what_is_printed_by_libraries_is_the_log_of_a_failed_run(tmp_path):
    path = toy_notebooks.write(tmp_path / "toy.ipynb", "import os", "os.write(2, b'from the depth')", "1 / 0")
    table = cl.sweep(path, {"x": [1]}, tmp_path / "out", on=ON)
    log = Path(table["run"][0]).with_suffix(".log").read_text()
    assert "from the depth" in log


def test_the_table_is_also_parquet_where_pyarrow_is_installed(tmp_path):
    pytest.importorskip("pyarrow")
    path = toy_notebooks.write(tmp_path / "toy.ipynb", FIGURE, parameters="x = 1\nlist_of = [1]\nword = 'a'")
    grid = {"x": [1, 2], "list_of": [[1], [2, 3]], "word": ["a"]}
    table = cl.sweep(path, grid, tmp_path / "out", on=ON)
    kept = pd.read_parquet(tmp_path / "out" / "toy.parquet")
    assert list(kept) == list(table) and list(kept["double"]) == list(table["double"])
    assert [json.loads(cell) for cell in kept["list_of"]] == list(table["list_of"])
    assert kept["x"].dtype == table["x"].dtype and list(kept["word"]) == ["a"] * 4
