"""JupyterLab in Chromium for tests: a separate server, a page without network, and notebooks run in it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

TOKEN = "chromolab-test"
PATIENCE = 1800  # seconds for anything to happen: it ends a wait for what never comes, and says nothing of speed
TESTS = Path(__file__).resolve().parents[1]
PROMPT = "chromolab.show.server.PromptConnection"
FLAGS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
FLAGS += " --disable-component-update --disable-sync"
READY = """() => {
    const context = window.jupyterapp?.shell.currentWidget?.sessionContext;
    const kernel = context?.session?.kernel;
    return Boolean(context?.isReady && kernel?.connectionStatus === 'connected' && kernel?.status === 'idle');
}"""
CELLS = """() => {
    const panel = window.jupyterapp.shell.currentWidget;
    const cells = panel.content.widgets.map(w => w.model.sharedModel.toJSON());
    return {cells, status: panel.sessionContext.session.kernel.status};
}"""


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path; without a browser, skip, or fail if CHROMOLAB_NEEDS_BROWSER is set."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not found:
        missing = "Chromium not found: apt-get install chromium"
        pytest.fail(missing) if os.environ.get("CHROMOLAB_NEEDS_BROWSER") else pytest.skip(missing)
    return found


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """A JupyterLab server with fresh settings: its address and the folder that it shows."""
    with serving(tmp_path_factory.mktemp("lab")) as served:
        yield served


@contextmanager
def serving(folder: Path):
    """The server of `lab`, in a folder."""
    root, port = folder / "root", free_port()
    root.mkdir()
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    own = {name: str(folder / name) for name in names}
    own["PYTHONPATH"] = os.pathsep.join(filter(None, [str(TESTS), os.environ.get("PYTHONPATH")]))  # of the kernels
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", f"--notebook-dir={root}"]
    command += [f"--port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={TOKEN}"]
    command += [f"--ServerApp.kernel_websocket_connection_class={PROMPT}"]  # as `make lab` does
    command += [f"--MappingKernelManager.kernel_info_timeout={PATIENCE}"]
    command += ["--LabApp.expose_app_in_browser=True", *(["--allow-root"] if os.getuid() == 0 else [])]
    with open(folder / "jupyter.log", "w") as log:
        server = subprocess.Popen(command, env={**os.environ, **own}, stdout=log, stderr=subprocess.STDOUT)
        try:
            wait(lambda: get(f"http://127.0.0.1:{port}/api/status"), f"JupyterLab to start ({log.name})")
            yield f"http://127.0.0.1:{port}", root
        finally:
            server.terminate()
            try:
                server.wait(120)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


@pytest.fixture
def page(chromium):
    """A page that can reach only this machine; `page.refused` lists the other addresses it asked for."""
    with browsing(chromium) as page:
        yield page


@contextmanager
def browsing(chromium: str):
    """The page of `page`."""
    from playwright.sync_api import sync_playwright

    def route(request):
        host = urlsplit(request.request.url)
        if host.hostname == "127.0.0.1" or host.scheme in ("data", "blob"):
            request.continue_()
        else:
            page.refused.append(request.request.url)
            request.abort()

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS.split(), timeout=PATIENCE * 1000)
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.set_default_timeout(PATIENCE * 1000)
        page.refused = []
        page.route("**/*", route)
        yield page
        browser.close()


def run_all(page, address: str, name: str) -> list[dict]:
    """Open a notebook, run all its cells, and return the cells once every code cell has run."""
    workspace = Path(name).stem  # one per notebook, else JupyterLab reopens what the previous test had open
    page.goto(f"{address}/lab/workspaces/{workspace}/tree/{name}?token={TOKEN}")
    page.wait_for_function(READY)
    page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute("
        "{code: 'pass', silent: true}).done.then(() => true)"
    )
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")

    def ran():
        now = page.evaluate(CELLS)
        code = [c for c in now["cells"] if c["cell_type"] == "code" and "".join(c["source"]).strip()]
        stopped = any(o["output_type"] == "error" for c in code for o in c["outputs"])
        return (stopped or all(c["execution_count"] for c in code)) and now["status"] == "idle" and now["cells"]

    return wait(ran, f"{name} to run")


def errors(cells: list[dict]) -> list[str]:
    outputs = (o for c in cells if c["cell_type"] == "code" for o in c["outputs"])
    return [f"{o['ename']}: {o['evalue']}" for o in outputs if o["output_type"] == "error"]


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def get(url: str) -> bool:
    try:
        request = urllib.request.Request(url, headers={"Authorization": f"token {TOKEN}"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def wait(ready, what: str):
    """The first true value of `ready()`."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if value := ready():
            return value
        time.sleep(0.25)
    pytest.fail(f"waited {PATIENCE} s for {what}")
