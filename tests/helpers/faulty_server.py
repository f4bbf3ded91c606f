"""A web server on 127.0.0.1 that follows the rules of HTTP, except for the faults that a test asks for."""

import email.utils
import hashlib
import re
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Fault:
    """How one answer differs from a correct one; all else stays correct."""

    status: int | None = None  # answer with this status, without the file
    reason: str | None = None  # the words after the status
    headers: dict = field(default_factory=dict)  # add these; None leaves one out
    body: bytes | None = None  # send these bytes in place of the file
    cut: int | None = None  # send this many bytes of the answer, then close
    announce: int | None = None  # announce this length
    ranges: bool = True  # False: always the whole file
    if_range: bool = True  # False: continue with the file as it is now, even if it changed
    etag: bool = True
    pace: float = 0  # seconds for each piece
    piece: int = 1 << 16  # bytes sent at once
    slow_head: float = 0  # seconds for each byte of the headers
    stall: float = 0  # after `cut` bytes, wait this many seconds before closing
    length: bool = True  # False: do not announce the length; close the connection at the end
    then: bytes | None = None  # the file becomes this once the answer is sent


class Server:
    """`files`: path -> bytes. `faults`: path -> list, one used up per request. `log`: (path, Range asked or "")."""

    def __init__(self, files=()):
        self.files, self.faults, self.log = dict(files), defaultdict(list), []
        self.usual = Fault()  # the answer where no fault is waiting
        self.changed = time.time() - 1000
        self.lock = threading.Lock()
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"server_of_files": self}))
        self.http.handle_error = lambda *_: None  # the client was killed
        self.http.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.http.server_port}"

    def __enter__(self):
        threading.Thread(target=self.http.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.http.shutdown()
        self.http.server_close()

    def asked(self, path: str) -> list[str]:
        """The Range of each request for this path, "" where it had none."""
        return [range_ for asked, range_ in self.log if asked == path]

    def next_fault(self, path: str, range_: str) -> Fault:
        with self.lock:
            self.log.append((path, range_))
            return self.faults[path].pop(0) if self.faults[path] else self.usual


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_of_files: Server

    def do_GET(self):
        server, range_ = self.server_of_files, self.headers.get("Range", "")
        fault = server.next_fault(self.path, range_)
        content = server.files.get(self.path) if fault.body is None else fault.body
        status = fault.status or (404 if content is None else None)
        if status is not None:
            self._send(status, {}, b"no file in this answer", fault)
        else:
            etag = f'"{hashlib.md5(content).hexdigest()}"'
            headers = {"Last-Modified": email.utils.formatdate(server.changed, usegmt=True)}
            headers |= {"ETag": etag} if fault.etag else {}
            wanted = re.fullmatch(r"bytes=(\d+)-", range_)
            known = self.headers.get("If-Range")
            same = not fault.if_range or known in (None, etag if fault.etag else headers["Last-Modified"])
            if wanted is None or not fault.ranges or not same:
                self._send(200, headers, content, fault)
            elif int(wanted[1]) >= len(content):
                self._send(416, {"Content-Range": f"bytes */{len(content)}"}, b"", fault)
            else:
                first = int(wanted[1])
                place = f"bytes {first}-{len(content) - 1}/{len(content)}"
                self._send(206, headers | {"Content-Range": place}, content[first:], fault)
        if fault.then is not None:
            server.files[self.path] = fault.then

    def _send(self, status: int, headers: dict, body: bytes, fault: Fault):
        if fault.length:
            headers = {**headers, "Content-Length": str(len(body) if fault.announce is None else fault.announce)}
        headers = {"Date": self.date_time_string(), **headers, **fault.headers}
        self.send_response_only(status, fault.reason)
        for name, value in headers.items():
            if value is not None:
                self.send_header(name, value)
        if fault.slow_head:
            for byte in b"".join(self._headers_buffer):
                time.sleep(fault.slow_head)
                self.wfile.write(bytes([byte]))
            self._headers_buffer = []
        self.end_headers()
        self.close_connection = fault.cut is not None or fault.announce is not None or not fault.length
        try:
            body = body if fault.cut is None else body[: fault.cut]
            for start in range(0, len(body), fault.piece):
                time.sleep(fault.pace)
                self.wfile.write(body[start : start + fault.piece])
        except OSError:  # the other side had enough
            self.close_connection = True
        time.sleep(fault.stall)

    def log_message(self, *_):
        pass
