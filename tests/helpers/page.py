"""The what-if lab's page for tests: a server of its own, and visitors without a browser."""

import json
import queue
import re
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import requests
import websocket

from chromolab.show.page import stages
from helpers.lab import free_port, wait

TOKEN = "chromolab-page-test"
COMMAND = "import sys; from chromolab.show.cli.main import main; sys.exit(main())"


class Served:
    """A running page: its address, its process, and its visitors' kernels."""

    def __init__(self, port: int, process: subprocess.Popen, log: Path):
        self.address, self.process, self.log = f"http://127.0.0.1:{port}", psutil.Process(process.pid), log
        self.opened: list[str] = []  # ids of kernels
        self.sockets: list[websocket.WebSocket] = []

    def get(self, path: str = "/", token: str | None = TOKEN, **headers: str) -> requests.Response:
        """A GET as a browser's address bar would send it; the headers' names with _ for -."""
        parameters = {"token": token} if token else {}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = requests.get(self.address + path, parameters, headers=named, timeout=600, allow_redirects=False)
        self.kernel_of(answer)
        return answer

    def kernel_of(self, answer: requests.Response) -> str | None:
        """The id of the kernel that a page was made with."""
        found = re.search(r'"kernelId":\s*"([0-9a-f-]{36})"', answer.text)
        self.opened += [found[1]] if found else []
        return found and found[1]

    def close(self, *kernels: str) -> None:
        """Close pages, as a browser does that leaves; by default all, and their connections."""
        while not kernels and self.sockets:
            self.sockets.pop().close()
        for kernel in kernels or self.opened:
            requests.post(f"{self.address}/voila/api/shutdown/{kernel}", params={"token": TOKEN}, timeout=600)
        self.opened = [kernel for kernel in self.opened if kernels and kernel not in kernels]

    def kernels(self) -> list[psutil.Process]:
        """The processes of the visitors' kernels."""
        return [p for p in self.process.children(recursive=True) if p.ppid() != self.process.pid]


class Visitor:
    """Somebody who opens the page; with `stays`, their browser stays connected."""

    def __init__(self, page: Served, stays: bool = False):
        self.page, self.session, self.socket = page, requests.Session(), None
        self.answer = self.session.get(page.address, params={"token": TOKEN}, timeout=600)
        self.kernel = page.kernel_of(self.answer)
        self.kinds: queue.SimpleQueue[str] = queue.SimpleQueue()
        if stays and self.kernel:
            self.socket = self.connect()
            threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        """Take what comes, as a browser does all the time: it also answers the server's pings, or is dropped."""
        with suppress(OSError, websocket.WebSocketException):  # closed, by either side
            while message := self.socket.recv():
                self.kinds.put(json.loads(message)["msg_type"])

    def connect(self, origin: str | None = None) -> websocket.WebSocket:
        """Open the channels of the own kernel."""
        address = self.page.address.replace("http", "ws") + f"/api/kernels/{self.kernel}/channels"
        cookies = "; ".join(f"{c.name}={c.value}" for c in self.session.cookies)
        self.page.sockets.append(websocket.create_connection(address, origin=origin, cookie=cookies, timeout=600))
        return self.page.sockets[-1]

    def ask(self, kind: str, content: dict, channel: str = "shell") -> None:
        """Send the kernel a message."""
        header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "username": "", "session": "x", "date": ""}
        message = {"header": header | {"version": "5.3"}, "parent_header": {}, "metadata": {}, "buffers": []}
        self.socket.send(json.dumps(message | {"content": content, "channel": channel}))

    def heard(self, last: str) -> list[str]:
        """The kinds of the messages that come, until one of the kind `last`."""
        kinds = []
        while last not in kinds:
            kinds.append(self.kinds.get(timeout=600))
        return kinds


@contextmanager
def serving(notebook: Path, folder: Path, *arguments: str, prepared: bool = True, first: str = "") -> Iterator[Served]:
    """`chromolab app` on a notebook, in a process of its own.

    `prepared`: what visitors share is loaded; `first`: code that the process runs before all else.
    """
    port = free_port()
    command = [sys.executable, "-P", "-c", first + COMMAND, "app", str(notebook), f"--port={port}", "--no-browser"]
    command += [f"--token={TOKEN}", "--Voila.port_retries=0", *arguments]
    with open(folder / "page.log", "w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        try:
            wait(lambda: server.poll() is not None or _up(port), f"the page to start ({log.name})")
            if prepared:
                ready = len(stages.PREPARED)
                wait(lambda: server.poll() is not None or stages.now(server.pid) == ready, "what visitors share")
            served = Served(port, server, folder / "page.log")
            yield served
            for socket in served.sockets:
                socket.close()
        finally:
            server.terminate()
            server.wait(600)


def _up(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/login", timeout=60).ok
    except requests.ConnectionError:
        return False
