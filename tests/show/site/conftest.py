"""A site of a part of the series, made once per run and shared by all workers."""

import functools
import http.server
import os
import threading
from pathlib import Path

import pytest
from filelock import FileLock

ROOT = Path(__file__).parents[3]
RUN = ("00", "06")  # what runs: the lab, the glass box, figures, quizzes


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Path:
    """The folder of a site in which only the notebooks of `RUN` have results."""
    pytest.importorskip("myst_nb", reason="Sphinx and MyST-NB not found: pip install 'chromolab[site]'")
    from chromolab.show.site.build import build

    folder = tmp_path_factory.getbasetemp()
    folder = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "site"
    folder.mkdir(exist_ok=True)
    with FileLock(folder / "lock"):
        if not (folder / "html").exists():
            build(ROOT, folder / "html", RUN, work=folder / "work")
    return folder / "html"


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files, and says nothing."""

    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def address(site):
    """The site on a server of this machine."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=site)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
