"""The page's kernels: one for each visitor, forked from one process, as many as the memory holds, ended when left."""

import asyncio
import multiprocessing
import os
from datetime import UTC, datetime
from typing import Any

import psutil
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.web import HTTPError
from traitlets import Integer

from chromolab.show.page import child_visitor, stages

SHARED_MB = 700  # of the process that kernels are forked from
VISITOR_MB = 130  # that a visitor's kernel adds (measured: tests/bench/RESULTS.md)
MOST = 64  # visitors at a time, however much memory there is
FORKS = "forkserver" in multiprocessing.get_all_start_methods()  # not on Windows: there each kernel loads all itself


def visitors_that_fit() -> int:
    """How many visitors half of the memory that is free now holds: from 2 to `MOST`."""
    free = psutil.virtual_memory().available / 2**20
    fit = (free / 2 - SHARED_MB) / VISITOR_MB if FORKS else free / 2 / (SHARED_MB + VISITOR_MB)
    return int(min(MOST, max(2, fit)))


def memory_in_words() -> str:
    """What visitors take."""
    if FORKS:
        return f"{SHARED_MB} MB, and about {VISITOR_MB} MB for each"
    return f"about {SHARED_MB + VISITOR_MB} MB for each"


class _Process:
    """A forked process, with the methods of `subprocess.Popen` that Jupyter uses."""

    stdin = stdout = stderr = None

    def __init__(self, process: Any):
        self.process, self.pid = process, process.pid
        self.kill, self.terminate = process.kill, process.terminate

    def poll(self) -> int | None:
        return self.process.exitcode

    def wait(self) -> int:
        self.process.join()
        return self.process.exitcode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            psutil.Process(self.pid).send_signal(number)


class Forked(LocalProvisioner):
    """Starts a kernel as a fork of a process that has already loaded what every visitor needs."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict[str, Any]:
        """Fork a kernel; `cmd` is `python -m ipykernel_launcher -f connection-file`."""
        # Voila's names of variables are an enumeration: sent as such, each kernel would load Voila and its server.
        environment = {str.__str__(name): str.__str__(value) for name, value in kwargs["env"].items()}
        given = (cmd[cmd.index("-f") :], environment, str(kwargs["cwd"]))
        process = fork_server().Process(target=child_visitor.run, args=given, daemon=True)
        await asyncio.to_thread(process.start)  # the first one waits until the template is loaded
        self.process, self.pid, self.pgid = _Process(process), process.pid, None
        self.cwd = kwargs["cwd"]
        return self.connection_info


class Forks(KernelProvisionerFactory):
    """Makes every kernel a `Forked` one."""

    def create_provisioner_instance(self, kernel_id: str, kernel_spec: Any, parent: Any) -> Forked:
        """The provisioner of a kernel; whatever the kernel's specification asks for."""
        return Forked(kernel_id=kernel_id, kernel_spec=kernel_spec, parent=parent)


def prepare_forks(page: Any) -> None:
    """Let kernels be forked, and load what they share while the browser opens; without forks there is nothing to load.

    `page` is the server, whose folder must be there.
    """
    if not FORKS:
        stages.done(len(stages.PREPARED), server=os.getpid())
        return
    from multiprocessing import forkserver

    Forks.instance(parent=page)
    fork_server()
    forkserver.ensure_running()


def fork_server() -> Any:
    """The context whose processes are forked from `child_template`."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([f"chromolab.show.page.{name}" for name in ("child_watch", "child_template")])
    return context


class Visitors(AsyncMappingKernelManager):
    """A kernel for each visitor, at most `limit`; that of a page that was left ends soon, or at once to make room.

    Connected pages that rest are ended after `cull_idle_timeout`, as Jupyter does.
    """

    limit = Integer(MOST, config=True, help="Visitors at a time.")
    patience = Integer(120, config=True, help="Seconds that a kernel is kept whose page is not connected.")
    grace = Integer(30, config=True, help="The same when all places are taken: time for a new page to connect.")

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        self.door = asyncio.Lock()

    async def start_kernel(self, **kwargs: Any) -> str:
        """Start a kernel for a visitor.

        Raises
        ------
        tornado.web.HTTPError
            503: all places are taken.
        """
        async with self.door:
            if len(self) >= self.limit and not await self._make_room():
                raise HTTPError(503, reason="full")
            return await super().start_kernel(**kwargs)

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """End a kernel whose page was left, or has rested too long."""
        if await self._left(kernel_id) > self.patience:
            await self.shutdown_kernel(kernel_id, now=True)
        else:
            await super().cull_kernel_if_idle(kernel_id)

    async def _make_room(self) -> bool:
        """End the kernel that was left first; False if every page is in use."""
        left = {kernel_id: await self._left(kernel_id) for kernel_id in self.list_kernel_ids()}
        longest = max(left, key=lambda kernel_id: left[kernel_id], default=None)
        if longest is None or left[longest] <= self.grace:
            return False
        await self.shutdown_kernel(longest, now=True)
        return True

    async def _left(self, kernel_id: str) -> float:
        """Seconds since a kernel without a connected page last did anything; 0 while it is in use, inf if it died."""
        kernel = self._kernels[kernel_id]
        if not await kernel.is_alive():
            return float("inf")
        if self._kernel_connections.get(kernel_id) or getattr(kernel, "execution_state", "busy") in (
            "busy",
            "starting",
        ):
            return 0.0
        return (datetime.now(UTC) - kernel.last_activity).total_seconds()
