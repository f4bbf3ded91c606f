"""Where the runs of a sweep go: processes of this machine, or Dask, which knows clusters.

An engine is anything with `submit(function, job)`, which returns a future as `concurrent.futures` has it. A worker has
one run at a time: what a death takes along is one run, and it is known which.
"""

import contextlib
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from importlib.util import find_spec
from multiprocessing import connection
from typing import Any

from chromolab.data.processes import cpus
from chromolab.data.yaml_files import read_yaml
from chromolab.errors import ChromolabError

QUEUES = {"slurm": "SLURMCluster", "pbs": "PBSCluster", "sge": "SGECluster", "lsf": "LSFCluster", "oar": "OARCluster"}
QUEUES |= {"htcondor": "HTCondorCluster"}
ANSWER = "30s"  # of a scheduler
INSTALL = "pip install 'chromolab[scale]'"
CONFIG = {
    "distributed.scheduler.allowed-failures": 0,  # a worker's death is told, and counted by the sweep
    "distributed.worker.daemon": False,  # kernels are children of workers
}


class Engine:
    """A place for runs, open from `with` to the end of its block."""

    slots = 1  # runs at a time
    threads = 1  # of each
    local = False  # whether all runs share this machine's memory
    capture = False  # whether a worker's process does nothing else
    told = ""  # a line for whoever waits: where it runs, the address of a dashboard

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *_) -> None: ...

    def submit(self, function: Callable, job: Any) -> Future:
        """Begin a run as soon as a worker is free."""
        raise NotImplementedError


def engine(on: Any = None) -> Engine:
    """The engine that `on` names.

    Parameters
    ----------
    on : str or object
        "local" or "local:4": so many workers on this machine, by Dask where it is installed and there is no GPU, else
        "pool:4", plain processes; default: one for each CPU, or GPU, which it then has for itself.
        "dask:tcp://host:8786": a Dask scheduler that runs. "slurm:FILE" (or pbs, sge, lsf, oar, htcondor): a YAML file
        with the settings of that cluster of dask-jobqueue, and `jobs`, how many to ask for. Or any object with
        `submit`: a `Client`, an `Executor`.

    Raises
    ------
    ChromolabError
        If it names none of these, Dask is not there, or its scheduler does not answer.
    """
    if hasattr(on, "submit"):
        return Given(on)
    kind, _, rest = str(on or "local").partition(":")
    if kind in ("local", "pool"):
        if rest and not (rest.isdecimal() and int(rest)):
            raise ChromolabError(f"--on {on}: {rest!r} is no number of workers; expected one as in {kind}:2.")
        workers = int(rest) if rest else gpus() or cpus()
        dask = kind == "local" and find_spec("distributed") and not gpus()  # the pool gives each worker a GPU
        return Local(workers) if dask else Pool(workers)
    if kind == "dask" and rest:
        return Scheduler(rest)
    if kind in QUEUES and rest:
        return Queue(kind, rest)
    raise ChromolabError(
        f"--on {on}: expected local[:N], pool[:N], dask:ADDRESS, or one of {', '.join(QUEUES)} with a file, as in "
        "slurm:cluster.yaml."
    )


def gpus() -> int:
    """The number of NVIDIA GPUs that this process may use."""
    chosen = os.environ.get("CUDA_VISIBLE_DEVICES")
    if chosen is not None:
        return len([name for name in chosen.split(",") if name.strip() not in ("", "-1")])
    places = os.listdir("/proc/driver/nvidia/gpus") if os.path.isdir("/proc/driver/nvidia/gpus") else []
    return len(places)


def gpu_of(slot: int) -> str | None:
    """What CUDA_VISIBLE_DEVICES is for one worker: one GPU each where there are some, taken in turn."""
    chosen = os.environ.get("CUDA_VISIBLE_DEVICES")
    names = [n.strip() for n in chosen.split(",") if n.strip()] if chosen else list(map(str, range(gpus())))
    return names[slot % len(names)] if names else None


# ---------------------------------------------------------------- processes of this machine


class Pool(Engine):
    """Processes of the standard library, one to a slot: a worker that dies takes along its own run alone."""

    local = capture = True

    def __init__(self, workers: int):
        self.slots, self.threads = workers, max(1, cpus() // workers)
        self.told = f"{workers} processes on this machine"
        self._free, self._lock = list(range(workers))[::-1], threading.Lock()
        self._pools: dict[int, ProcessPoolExecutor] = {}
        self._ends, self._end = multiprocessing.Pipe(duplex=False)  # closed: every worker ends

    def __exit__(self, *_) -> None:
        self._end.close()
        self._ends.close()
        for pool in self._pools.values():
            pool.shutdown(wait=False, cancel_futures=True)

    def submit(self, function: Callable, job: Any) -> Future:
        with self._lock:
            slot = self._free.pop()
        try:
            future = self._begun(slot, function, job)
        except BrokenProcessPool:  # it died while it had no work
            self._pools.pop(slot).shutdown(wait=False)
            future = self._begun(slot, function, job)
        future.add_done_callback(lambda done: self._back(slot, done))
        return future

    def _begun(self, slot: int, function: Callable, job: Any) -> Future:
        if slot not in self._pools:
            begin = (slot, self._ends)
            spawn = multiprocessing.get_context("spawn")  # a fork of a kernel that runs torch's threads can hang
            self._pools[slot] = ProcessPoolExecutor(1, spawn, initializer=_begin, initargs=begin)
        with _main_left_alone():
            return self._pools[slot].submit(function, job)

    def _back(self, slot: int, done: Future) -> None:
        if not done.cancelled() and done.exception() is not None:  # the process died: the next run gets a new one
            self._pools.pop(slot).shutdown(wait=False)
        with self._lock:
            self._free.append(slot)


def _begin(slot: int, ends: connection.Connection) -> None:
    """In a worker: take one GPU, and end with the process that asked, whatever happens to it."""
    if (name := gpu_of(slot)) is not None:
        os.environ["CUDA_VISIBLE_DEVICES"] = name
    parent = multiprocessing.parent_process()

    def watch() -> None:
        connection.wait([ends, parent.sentinel] if parent else [ends])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@contextlib.contextmanager
def _main_left_alone() -> Iterator[None]:
    """A process that starts inside does not run the user's script again: it needs nothing of it."""
    main = sys.modules["__main__"]
    before = {name: main.__dict__[name] for name in ("__file__", "__spec__") if name in main.__dict__}
    main.__dict__.pop("__file__", None)
    main.__spec__ = None
    try:
        yield
    finally:
        main.__dict__.update(before)


# ---------------------------------------------------------------- Dask


class Scheduler(Engine):
    """A Dask scheduler: one that runs already, or one that a subclass starts."""

    def __init__(self, address: str):
        self.told, self._address = address, address

    def __enter__(self) -> "Scheduler":
        try:
            import dask
            from distributed import Client
        except ImportError as error:
            raise ChromolabError(f"Dask is not installed: {INSTALL}, or use --on pool") from error
        self._opened = contextlib.ExitStack()
        with contextlib.ExitStack() as opened:
            opened.enter_context(dask.config.set(CONFIG))
            try:
                self._client = opened.enter_context(Client(self._place(opened), timeout=ANSWER))
            except (OSError, TimeoutError, ValueError, RuntimeError) as error:
                raise ChromolabError(f"{self._address}: no Dask scheduler answers there ({error}).") from error
            self.told = f"{self._address}, dashboard {self._client.dashboard_link}"
            self._opened = opened.pop_all()
        return self

    def __exit__(self, *_) -> None:
        self._opened.close()

    def _place(self, opened: contextlib.ExitStack) -> Any:
        return self._address

    @property
    def slots(self) -> int:  # type: ignore[override]  # workers come and go
        """The threads of the workers that are there now; none waits at a worker, so a dead one takes along its own."""
        return max(1, sum(self._client.nthreads().values()))

    def submit(self, function: Callable, job: Any) -> Future:
        return self._client.submit(function, job, pure=False)


class Local(Scheduler):
    """Dask workers on this machine, a thread each."""

    local = capture = True

    def __init__(self, workers: int):
        super().__init__(f"{workers} Dask workers on this machine")
        self.workers, self.threads = workers, max(1, cpus() // workers)

    def _place(self, opened: contextlib.ExitStack) -> Any:
        from distributed import LocalCluster

        with _main_left_alone():
            return opened.enter_context(
                LocalCluster(n_workers=self.workers, threads_per_worker=1, memory_limit=0, silence_logs=50)
            )


class Queue(Scheduler):
    """A cluster's queue by dask-jobqueue: each job is a worker."""

    def __init__(self, kind: str, file: str):
        super().__init__(f"{kind} by {file}")
        self.kind, self.file = kind, file

    def _place(self, opened: contextlib.ExitStack) -> Any:
        cluster, jobs = self.cluster()
        opened.enter_context(cluster)
        cluster.scale(jobs=jobs)
        return cluster

    def job_script(self) -> str:
        """What is given to the queue for each job; asks for none."""
        with self.cluster()[0] as cluster:
            return cluster.job_script()

    def cluster(self) -> tuple[Any, int]:
        """The cluster, with no job asked for yet, and how many jobs are wanted."""
        given = dict(read_yaml(self.file, f"the settings of a {self.kind} cluster")[0])
        jobs = given.pop("jobs", 1)
        if isinstance(jobs, bool) or not isinstance(jobs, int) or jobs < 1:
            raise ChromolabError(f"{self.file}: jobs is {jobs!r}; expected how many to ask for, as in `jobs: 20`.")
        try:
            import dask_jobqueue
        except ImportError as error:
            raise ChromolabError(f"dask-jobqueue is not installed: {INSTALL}") from error
        try:
            return getattr(dask_jobqueue, QUEUES[self.kind])(**{"cores": 1, "processes": 1} | given), jobs
        except (TypeError, ValueError) as error:
            raise ChromolabError(f"{self.file}: {QUEUES[self.kind]} does not take that ({error}).") from error


# ---------------------------------------------------------------- anything else


class Given(Engine):
    """An object with `submit`: a Dask client, an executor."""

    def __init__(self, given: Executor | Any):
        self._given = given
        self.told = type(given).__name__
        known = getattr(given, "_max_workers", None) or getattr(given, "max_workers", None)
        workers = getattr(given, "nthreads", None)
        self.slots = known or (sum(workers().values()) if callable(workers) else cpus()) or 1
        self._options: Mapping[str, Any] = {"pure": False} if hasattr(given, "scheduler_info") else {}

    def submit(self, function: Callable, job: Any) -> Future:
        return self._given.submit(function, job, **self._options)
