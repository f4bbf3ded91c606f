"""JupyterLab in Chromium: a notebook opens and runs as a student would see it, and asks nobody else for anything."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import toy_notebooks

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
FIRST = "00_start_here.ipynb"
TOKEN = "chromolab-test"
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


@pytest.fixture(scope="module")
def chromium() -> str:
    """The browser's path; where there is none: a skip, or a failure where CHROMOLAB_NEEDS_BROWSER is set."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not found:
        missing = "Chromium not found: apt-get install chromium"
        pytest.fail(missing) if os.environ.get("CHROMOLAB_NEEDS_BROWSER") else pytest.skip(missing)
    return found


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab server with settings of its own; gives its address and the folder that it shows."""
    folder, port = tmp_path_factory.mktemp("lab"), _free_port()
    root = folder / "root"
    root.mkdir()
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    own = {name: str(folder / name) for name in names}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", f"--notebook-dir={root}"]
    command += [f"--port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={TOKEN}"]
    command += ["--LabApp.expose_app_in_browser=True", *(["--allow-root"] if os.getuid() == 0 else [])]
    with open(folder / "jupyter.log", "w") as log:
        server = subprocess.Popen(command, env={**os.environ, **own}, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait(lambda: _get(f"http://127.0.0.1:{port}/api/status"), 120, f"JupyterLab to start ({log.name})")
            yield f"http://127.0.0.1:{port}", root
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


@pytest.fixture
def page(chromium):
    """A page that can reach nothing but this machine; `page.refused` lists what else it asked for."""
    from playwright.sync_api import sync_playwright

    def route(request):
        host = urlsplit(request.request.url)
        if host.hostname == "127.0.0.1" or host.scheme in ("data", "blob"):
            request.continue_()
        else:
            page.refused.append(request.request.url)
            request.abort()

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS.split())
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.refused = []
        page.route("**/*", route)
        yield page
        browser.close()


def run_all(page, address: str, name: str, seconds: float) -> list[dict]:
    """Open a notebook, run all its cells, and give back the cells once every code cell has run."""
    workspace = Path(name).stem  # one of its own, else JupyterLab reopens what the test before had open
    page.goto(f"{address}/lab/workspaces/{workspace}/tree/{name}?token={TOKEN}")
    page.wait_for_function(READY, timeout=120_000)
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute("
                  "{code: 'pass', silent: true}).done.then(() => true)")  # fmt: skip
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")

    def ran():
        now = page.evaluate(CELLS)
        code = [c for c in now["cells"] if c["cell_type"] == "code" and "".join(c["source"]).strip()]
        stopped = any(o["output_type"] == "error" for c in code for o in c["outputs"])
        return (stopped or all(c["execution_count"] for c in code)) and now["status"] == "idle" and now["cells"]

    return _wait(ran, seconds, f"{name} to run")


def errors(cells: list[dict]) -> list[str]:
    outputs = (o for c in cells if c["cell_type"] == "code" for o in c["outputs"])
    return [f"{o['ename']}: {o['evalue']}" for o in outputs if o["output_type"] == "error"]


def test_the_first_notebook_runs_without_error_or_outside_request(lab, page):
    if not (NOTEBOOKS / FIRST).exists():
        pytest.fail(f"{FIRST} is missing: it is what `make lab` opens")
    address, root = lab
    shutil.copytree(NOTEBOOKS, root, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    cells = run_all(page, address, FIRST, 300)
    assert errors(cells) == []
    assert page.refused == []
    shown = {kind for c in cells if c["cell_type"] == "code" for o in c["outputs"] for kind in o.get("data", {})}
    assert "application/vnd.chromolab.figure+json" in shown
    assert page.locator(".js-plotly-plot").count() > 0, "no figure is drawn"


def test_a_widget_a_figure_and_a_key_figure_are_shown(lab, page):
    address, root = lab
    code = (
        "import chromolab as cl, ipywidgets\ncl.key_figure('double', 2 * x)",
        "import plotly.graph_objects as go\ngo.Figure(go.Scatter(y=[1, 3, 2]))",
        "slider = ipywidgets.IntSlider(description='depth')\nslider",
    )
    toy_notebooks.write(root / "widget.ipynb", *code)
    assert errors(run_all(page, address, "widget.ipynb", 120)) == []
    page.get_by_text("double = 2").wait_for(timeout=30_000)
    page.locator(".js-plotly-plot .scatterlayer path.js-line").first.wait_for(state="attached", timeout=30_000)
    page.get_by_text("depth", exact=True).wait_for(timeout=30_000)
    assert page.refused == []


def test_an_error_and_an_outside_request_are_noticed(lab, page):
    """What the first test relies on: that it would see both."""
    address, root = lab
    image = "from IPython.display import HTML\nHTML('<img src=\"http://example.org/x.png\">')"
    toy_notebooks.write(root / "noticed.ipynb", image, "1 / 0")
    assert errors(run_all(page, address, "noticed.ipynb", 120)) == ["ZeroDivisionError: division by zero"]
    _wait(lambda: page.refused or page.wait_for_timeout(100), 30, "the request to be refused")
    assert page.refused == ["http://example.org/x.png"]


def test_a_wrong_answer_is_shown_without_a_traceback(lab, page):
    address, root = lab
    define = (
        "from chromolab.show import exercises\n"
        "@exercises.exercise(cases=[(1,)], hints=[], mistakes={})\ndef plus(a):\n    return a + 1"
    )
    toy_notebooks.write(root / "answer.ipynb", define, "exercises.check('plus', lambda a: a - 1)")
    cells = run_all(page, address, "answer.ipynb", 120)
    (output,) = [o for c in cells if c["cell_type"] == "code" for o in c["outputs"]]
    assert output["traceback"][0] == "Not yet right."
    assert "Traceback" not in json.dumps(output)
    page.get_by_text("Not yet right.").wait_for(timeout=30_000)


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def _get(url: str) -> bool:
    try:
        request = urllib.request.Request(url, headers={"Authorization": f"token {TOKEN}"})
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def _wait(ready, seconds: float, what: str):
    """The first true value of `ready()`; fails after so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := ready():
            return value
        time.sleep(0.25)
    pytest.fail(f"waited {seconds:g} s for {what}")
