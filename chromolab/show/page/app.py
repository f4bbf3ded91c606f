"""The server of the page: Voila, closed to everyone without the token, and to any site but its own."""

import asyncio
import os
import re
import shutil
from html import escape
from pathlib import Path
from typing import Any

import nbformat
import psutil
from tornado.iostream import StreamClosedError
from tornado.web import HTTPError, authenticated
from traitlets import Integer, List, Unicode, default
from traitlets.config import Config
from voila.app import Voila
from voila.static_file_handler import AllowListFileHandler
from voila.tornado.handler import TornadoVoilaHandler

from chromolab.errors import ChromolabError
from chromolab.show.page import stages
from chromolab.show.page.visitors import Visitors, memory_in_words, prepare_forks, visitors_that_fit

CONNECTION = "--Voila.kernel_websocket_connection_class=chromolab.show.server.PromptConnection"
TEMPLATE = Path(__file__).parent / "template"  # goes before Voila's own
LINK = re.compile(r"(?<!!)\[([^\]]*)\]\((?![a-z]+:|#)[^)]*\)")  # to a file, which no visitor can open
HEADING = re.compile(r"^# (.+)$", re.MULTILINE)
STEPS = {"prepared": stages.PREPARED, "own": stages.OWN}
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "worker-src 'self' blob:",
        "frame-ancestors 'none'",
    )
)
MESSAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>
<body style="font: 1.1em/1.5 sans-serif; max-width: 32em; margin: 4em auto; padding: 0 1em">
<h1>{title}</h1><p>{text}</p></body></html>"""


class PageHandler(TornadoVoilaHandler):
    """A GET of the page: only this starts a kernel."""

    @property
    def content_security_policy(self) -> str:
        """The page loads nothing from elsewhere, and stands in no other page."""
        return POLICY

    @authenticated
    async def get(self, path: str | None = None) -> None:
        """Answer with the page, run in a kernel of its own.

        Raises
        ------
        tornado.web.HTTPError
            403: asked for by a picture, a frame or a script, or by another site; 404: another path; 503: full.
        """
        if path:
            raise HTTPError(404)
        if self.request.headers.get("Sec-Fetch-Dest", "document") != "document" or self._from_elsewhere():
            raise HTTPError(403, reason="This page is opened in a tab of its own, by its address with the token.")
        try:
            if stages.now(os.getpid()) < len(stages.PREPARED):
                await self._prepare()
                return
            async for html in self.get_generator():
                self.write(html)
                await self.flush()
        except StreamClosedError:  # the visitor left
            return

    async def _prepare(self) -> None:
        """Say what is made ready for all visitors while it is, and then let the browser ask again."""
        done = stages.now(os.getpid())
        title = self.settings["page_title"]
        self.write(self.render_template("preparing.html.j2", title=title, at=done, **STEPS))
        await self.flush()
        while done < len(stages.PREPARED):
            await asyncio.sleep(0.2)
            if done != (done := stages.now(os.getpid())):
                self.write(f"<script>window.at({done})</script>\n")
                await self.flush()
        self.write("<script>location.reload()</script></body></html>\n")

    def _from_elsewhere(self) -> bool:
        site = self.request.headers.get("Sec-Fetch-Site", "none")
        return site in ("cross-site", "same-site") and not self.identity_provider.get_token(self)

    def write_error(self, status_code: int, **details: Any) -> None:
        """Say why there is no page, in words."""
        title, text = f"{status_code} {self._reason}", "The page is at this address without anything behind the slash."
        if status_code == 503:
            title = "All places are taken"
            text = f"This page has {self.kernel_manager.limit} visitors at the moment, as many as it takes. "
            text += "A place is free as soon as somebody closes the page; please try again in a minute."
            self.set_header("Retry-After", "60")
        elif status_code == 403:
            title, text = "Not like this", self._reason
        elif status_code >= 500:
            title, text = "Something went wrong", "The terminal that started the page says what."
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(MESSAGE.format(title=escape(title), text=escape(text)))


class Page(Voila):
    """Voila for one notebook, with a token as JupyterLab has one, and places for as many visitors as fit in memory."""

    visitors = Integer(config=True, help="Visitors at a time; default: as many as half of the free memory holds.")
    hosts = List(Unicode(), config=True, help="Names under which the page may be asked for, beside this machine's own.")

    def setup_template_dirs(self) -> None:
        """Voila's templates, and ours before them."""
        super().setup_template_dirs()
        self.template_paths.insert(0, str(TEMPLATE))

    @default("ip")
    def _loopback(self) -> str:
        return "127.0.0.1"

    @default("visitors")
    def _as_many_as_fit(self) -> int:
        return visitors_that_fit()

    @default("auto_token")
    def _token(self) -> bool:
        return True

    @default("connection_dir_root")
    def _private(self) -> str:
        return str(own_folder())

    def init_settings(self) -> dict:
        """Voila's settings, with the token, the checks and the limits."""
        ours = Config()
        ours.VoilaConfiguration.multi_kernel_manager_class = Visitors
        ours.VoilaConfiguration.file_allowlist = []  # no file is read for a visitor
        ours.VoilaConfiguration.allow_template_override = "NO"
        ours.VoilaConfiguration.allow_theme_override = "NO"
        ours.VoilaConfiguration.prelaunch_hook = for_visitors
        ours.VoilaConfiguration.resources = {"steps": STEPS}
        ours.VoilaConfiguration.http_keep_alive_timeout = 1  # the page says how long it has waited
        ours.Visitors = Config(
            limit=self.visitors, cull_idle_timeout=1200, cull_interval=30, cull_connected=True, cull_busy=True
        )
        ours.KernelManager.autorestart = False  # nothing of the page would be in the new one
        ours.IdentityProvider.cookie_options = {"samesite": "Strict", "httponly": True}
        ours.merge(self.config)  # what the command line says goes first
        self.update_config(ours)
        self.voila_configuration.update_config(ours)
        prepare_forks(self)
        settings = super().init_settings()
        settings["allow_remote_access"] = False  # with it any Host would be answered
        settings["local_hostnames"] = ["localhost", *self.hosts]
        settings["page_title"] = title_of(nbformat.read(self.notebook_path, as_version=4))
        self.log.info("up to %d visitors at a time: %s (--Page.visitors=N)", self.visitors, memory_in_words())
        return settings

    def init_handlers(self) -> list:
        """Voila's handlers, without the one for files, and with ours for the page."""
        handlers = [h for h in super().init_handlers() if h[1] is not AllowListFileHandler]
        return [(h[0], PageHandler, *h[2:]) if h[1] is TornadoVoilaHandler else h for h in handlers]


def title_of(notebook: Any) -> str:
    """The first heading of a notebook: the name of the page's tab."""
    texts = (cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return next((found[1].strip() for text in texts if (found := HEADING.search(text))), "chromolab")


def for_visitors(handler: Any, notebook: Any, cwd: str) -> Any:
    """The notebook as a visitor gets it: with a title, and without links to files, which are not served."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = LINK.sub(r"\1", cell.source)
    notebook.metadata["title"] = title_of(notebook)
    return notebook


def own_folder() -> Path:
    """A folder for this server's connection files, in Jupyter's; those of servers that were killed are removed."""
    root = stages.servers()
    for old in root.glob("*"):
        if not (old.name.isdecimal() and psutil.pid_exists(int(old.name))):
            shutil.rmtree(old, ignore_errors=True)
    folder = root / str(os.getpid())
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def serve(notebook: str, arguments: list[str]) -> None:
    """Serve a notebook as a page until interrupted.

    Parameters
    ----------
    notebook : path
        The notebook.
    arguments : list of str
        Passed on to Voila: `--port=8867`, `--no-browser`, `--Voila.ip=0.0.0.0`, `--Page.hosts=NAME`, ...

    Raises
    ------
    ChromolabError
        If there is no such notebook.
    """
    if not Path(notebook).is_file():
        raise ChromolabError(f"no notebook {notebook}: name the notebook to show")
    Page.launch_instance([notebook, CONNECTION, *arguments])
