"""What to read from tracks, and the children that do it: `child_bigwig.py` and `child_reads.py`."""

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tqdm.auto import tqdm

from chromolab.data.chromosomes import reconcile_names
from chromolab.data.processes import Child, Children, Program
from chromolab.data.tracks.track_source import TrackSource

REMEDY = "The file may be damaged: copy or download it again."
BIGWIG_READER = Program(str(Path(__file__).with_name("child_bigwig.py")), "the reader", REMEDY)  # a script starts fast
READER = Program("chromolab.data.tracks.child_reads", "the reader", REMEDY)


@dataclass
class ReadJob:
    """One track to read a part of a plan from, or to write as a bigWig; with neither, it is only opened."""

    source: TrackSource
    plan: str = ""
    names: Sequence[str] = ()  # chromosomes of the plan
    missing: str = "error"
    first: int = 0
    last: int = 0
    out: str = ""
    write: bool = False
    chroms: dict[str, int] = field(default_factory=dict)  # answer: the track's chromosomes
    notes: list = field(default_factory=list)  # answer: lines for a `Report`
    looks: dict = field(default_factory=dict)  # answer: what the values look like, for an `Evidence`

    @property
    def path(self) -> Path:
        """The file to read."""
        return Path(self.source.path)

    @property
    def program(self) -> Program:
        """What a child must run to read this kind of track."""
        return BIGWIG_READER if self.source.kind == "bigwig" else READER

    @property
    def weight(self) -> int:
        """How far the job moves the progress bar."""
        return max(1, self.last - self.first)


class _Readers:
    """The open jobs, and the threads that do them, each with a child of its own."""

    def __init__(self, jobs: Iterable[ReadJob], children: Children, advance: Callable[[float], object]):
        self.jobs, self.children, self.advance, self.lock = deque(jobs), children, advance, threading.Lock()

    def work(self) -> None:
        """One thread: its child does one job after another, and is replaced when the next track is of another kind."""
        with contextlib.ExitStack() as stack:
            child = None
            while job := self._next():
                if child is None or child.program is not job.program:
                    stack.close()
                    child = stack.enter_context(self.children.start(job.program))
                self._do(child, job)

    def _next(self) -> ReadJob | None:
        with self.lock:
            return self.jobs.popleft() if self.jobs else None

    def _do(self, child: Child, job: ReadJob) -> None:
        """Open the track and read it; loading a text file is the first half of the work, a bigWig opens at once."""
        opening = 0.0 if job.source.kind == "bigwig" else job.weight / 2
        opened = self._last(child.ask(job.path, open=asdict(job.source)), opening)
        job.chroms, job.notes = opened["chroms"], opened["notes"]
        if job.write:
            request = {"write": job.out}
        elif job.plan:
            names = reconcile_names(job.names, job.chroms, str(job.path), missing=job.missing)
            request = {"plan": job.plan, "names": names, "first": job.first, "last": job.last, "out": job.out}
        else:
            return
        job.looks = self._last(child.ask(job.path, **request), job.weight - opening).get("looks", {})

    def _last(self, messages: Iterator[dict], weight: float) -> dict:
        """The last of the messages; the shares reported before it move the progress bar, by `weight` in all."""
        done = 0.0
        for message in messages:
            share = message.get("share", 1.0)
            with self.lock:
                self.advance((share - done) * weight)
            done = share
        return message


def run(jobs: Sequence[ReadJob], processes: int, progress: bool = False) -> None:
    """Do all jobs with at most `processes` children; the first error ends the others and is raised."""
    total = sum(job.weight for job in jobs)
    what = "writing a track" if any(job.write for job in jobs) else "reading tracks"
    shape = "{l_bar}{bar}| {elapsed}<{remaining}"
    threads = max(1, min(processes, len(jobs)))
    with (
        tqdm(total=total, desc=what, bar_format=shape, disable=not progress, delay=2) as bar,
        ThreadPoolExecutor(threads) as pool,
        Children() as children,  # exits first: after an error or an interrupt no thread waits for a child
    ):
        readers = _Readers(jobs, children, bar.update)
        left = {pool.submit(readers.work) for _ in range(threads)}
        while left:
            done, left = wait(left, timeout=1, return_when=FIRST_COMPLETED)  # the time limit lets an interrupt through
            for future in done:
                future.result()
