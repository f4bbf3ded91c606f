"""show/experiments/engines: Dask on this machine, any scheduler, a cluster's queue."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from helpers import toy_notebooks
from helpers.lab import PATIENCE, free_port

import chromolab as cl
from chromolab.errors import ChromolabError
from chromolab.show.experiments import engines

pytestmark = pytest.mark.slow

FIGURE = "import chromolab as cl\ncl.key_figure('double', 2.0 * x, note='toy')"
needs_dask = pytest.mark.skipif(not importlib.util.find_spec("dask_jobqueue"), reason="chromolab[scale]")


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    monkeypatch.setenv("TQDM_DISABLE", "1")


@needs_dask
def test_dask_on_this_machine_and_a_worker_that_is_killed(tmp_path):
    kill = "import psutil\nif x == 2 and not pathlib.Path('dead').exists():\n    " + (
        "pathlib.Path('dead').touch()\n    psutil.Process().parent().kill()"
    )
    path = toy_notebooks.write(tmp_path / "toy.ipynb", "import pathlib", kill, FIGURE)
    table = cl.sweep(path, {"x": [1, 2, 3, 4]}, tmp_path / "out", on="local:2")
    assert list(table["double"]) == [2, 4, 6, 8] and not any(table["error"])
    assert list(cl.results_of(tmp_path / "out").set_index("x")["attempts"].sort_index()) == [1, 2, 1, 1]


@needs_dask
def test_a_scheduler_with_a_worker_of_another_home(tmp_path):
    """What a second machine would be: its own home and folders, the scheduler's address, and nothing else."""
    path = toy_notebooks.write(tmp_path / "here" / "toy.ipynb", FIGURE)
    port, home = free_port(), tmp_path / "there"
    home.mkdir()
    start = "import sys; from distributed.cli.{0} import main; sys.exit(main())"
    scheduler = subprocess.Popen(
        [
            sys.executable,
            "-c",
            start.format("dask_scheduler"),
            "--port",
            str(port),
            "--no-dashboard",
            "--host",
            "127.0.0.1",
        ]
    )
    worker = subprocess.Popen(
        [
            sys.executable,
            "-c",
            start.format("dask_worker"),
            f"tcp://127.0.0.1:{port}",
            "--nthreads",
            "1",
            "--no-dashboard",
        ],
        cwd=home,
        env={**os.environ, "HOME": str(home), "DASK_DISTRIBUTED__WORKER__DAEMON": "false"},
    )
    try:
        table = cl.sweep(path, {"x": [1, 2]}, tmp_path / "out", on=f"dask:tcp://127.0.0.1:{port}")
        assert list(table["double"]) == [2, 4]
        again = cl.sweep(path, {"x": [1, 2, 3]}, tmp_path / "out", on=f"dask:tcp://127.0.0.1:{port}")
        assert list(again["double"]) == [2, 4, 6]
    finally:
        for process in (worker, scheduler):
            for child in psutil.Process(process.pid).children(recursive=True):
                child.kill()
            process.kill()
            process.wait(PATIENCE)


@needs_dask
def test_a_scheduler_that_does_not_answer_is_said(monkeypatch):
    monkeypatch.setattr(engines, "ANSWER", "1s")
    with (
        pytest.raises(ChromolabError, match="no Dask scheduler answers there"),
        engines.engine("dask:tcp://127.0.0.1:1"),
    ):
        pass


@needs_dask
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Dask's, of a cluster that it refused
def test_the_script_of_a_queue_asks_for_what_its_file_says(tmp_path):
    file = tmp_path / "cluster.yaml"
    file.write_text("queue: long\nmemory: 4GB\nwalltime: '02:00:00'\njobs: 20\n")
    place = engines.engine(f"slurm:{file}")
    script = place.job_script()
    for line in ("#SBATCH -p long", "#SBATCH --mem=4G", "#SBATCH -t 02:00:00", "#SBATCH --cpus-per-task=1"):
        assert line in script
    assert "distributed.cli.dask_worker" in script or "dask worker" in script
    file.write_text("jobs: many\n")
    with pytest.raises(ChromolabError, match="jobs is 'many'; expected how many"):
        engines.engine(f"slurm:{file}").job_script()
    file.write_text("memory: 4GB\nquue: long\n")
    with pytest.raises(ChromolabError, match="cluster.yaml: SLURMCluster does not take that"):
        engines.engine(f"slurm:{file}").job_script()


def test_without_dask_a_plain_pool_does_and_an_address_is_refused_with_the_remedy(monkeypatch):
    monkeypatch.setattr(engines, "find_spec", lambda name: None)
    assert isinstance(engines.engine("local:2"), engines.Pool)
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(
            ChromolabError, match=r"Dask is not installed: pip install 'chromolab\[scale\]', or use --on pool"
        ),
        engines.engine("dask:tcp://127.0.0.1:1"),
    ):
        pass


@pytest.mark.parametrize(
    "chosen, slots", [("0,1", ["0", "1", "0"]), ("", [None, None, None]), ("GPU-a", ["GPU-a"] * 3)]
)
def test_each_worker_has_a_gpu_where_there_are_some(monkeypatch, chosen, slots):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", chosen)
    assert [engines.gpu_of(slot) for slot in range(3)] == slots


def test_threads_are_shared_out(monkeypatch):
    monkeypatch.setattr(engines, "cpus", lambda: 8)
    assert [engines.Pool(n).threads for n in (1, 2, 3, 16)] == [8, 4, 2, 1]


@pytest.mark.parametrize("on", ["local:x", "pool:0", "slurm", "dask", "ray:1"])
def test_what_is_no_place_is_refused(on):
    with pytest.raises(ChromolabError, match=f"--on {on}: "):
        engines.engine(on)


def test_a_file_of_a_queue_that_is_not_there_is_said(tmp_path):
    with pytest.raises(ChromolabError, match="missing.yaml"):
        engines.engine(f"pbs:{Path('missing.yaml')}").job_script()
