"""First contact: from a fresh clone, once its environment stands, to the lab and the first figure of notebook 00.

    make bench BENCH=bench_first_contact

The repository is cloned, `chromolab start` opens JupyterLab on the clone's notebooks, Chromium opens 00, and its cells
are run one after another, as somebody would with Shift and Enter: the teaching genome is made in an empty cache. Each
step with its seconds and its processor seconds, of the server with its kernel and all that they start, and of the
browser: on a machine that does other things, too, the seconds are more than they would be, the others hardly.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
from helpers.house import ROOT
from helpers.lab import CELLS, PATIENCE, READY, TOKEN, browsing, errors, free_port, get, wait

AIM = 45  # seconds on two idle cores
NOTEBOOK = "00_start_here.ipynb"
SHOWN = {
    "cl.WhatIf(": ("the lab drawn", ".cl-whatif canvas"),
    "cl.plot.tracks(": ("figure drawn", ".js-plotly-plot svg"),
}
SELECT = """() => {
    const {content} = window.jupyterapp.shell.currentWidget;
    content.activeCellIndex = 0;
    return content.widgets.map(w => w.model.type === 'code' ? w.model.sharedModel.getSource() : '');
}"""
RUN = "() => window.jupyterapp.commands.execute('notebook:run-cell-and-select-next').then(() => true)"


def processor(*roots: psutil.Process, less: psutil.Process | None = None) -> float:
    """Seconds of user and system of these processes, what they started included, ended or not; but for `less`."""
    total = 0.0
    for root in roots:
        for process in (root, *root.children(recursive=True)):
            try:
                times = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            total += times.user + times.system
            total += 0 if process.pid == os.getpid() else times.children_user + times.children_system
    return total - (processor(less) if less else 0)


class Steps:
    """Prints each step as it is done, and the sums at the end."""

    def __init__(self) -> None:
        self.server: psutil.Process | None = None
        self.begun = self.last = time.monotonic()
        self.spent = self.spent_at_first = self._spent()
        self.rows: list[tuple[str, float, float, float]] = []

    def _spent(self) -> tuple[float, float]:
        if self.server is None:
            return 0.0, processor(psutil.Process())
        return processor(self.server), processor(psutil.Process(), less=self.server)

    def done(self, what: str) -> None:
        """A step is done."""
        now, spent = time.monotonic(), self._spent()
        self.rows.append((what, now - self.last, *(b - a for a, b in zip(self.spent, spent, strict=True))))
        self.last, self.spent = now, spent
        print("{:44} {:6.1f} s  {:6.1f}  {:6.1f}".format(*self.rows[-1]), flush=True)


def main() -> None:
    """Clone, start, open, run; a table of steps."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    print(f"load before: {os.getloadavg()[0]:.1f}; {psutil.cpu_count()} cores")
    print(f"{'step':44} {'':8}  processor s: server and kernel, browser")
    with tempfile.TemporaryDirectory() as folder:
        clone, port = Path(folder) / "clone", free_port()
        steps = Steps()
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
        steps.done("clone")
        own = {name: f"{folder}/{name}" for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")}
        own |= {"IPYTHONDIR": f"{folder}/ipython", "CHROMOLAB_CACHE": f"{folder}/cache", "PYTHONPATH": str(clone)}
        command = [sys.executable, "-m", "chromolab.show.cli.main", "start", "notebooks", "--no-browser"]
        command += [f"--port={port}", f"--IdentityProvider.token={TOKEN}", "--LabApp.expose_app_in_browser=True"]
        with open(f"{folder}/log", "w") as log:
            server = subprocess.Popen(command, cwd=clone, env=os.environ | own, stdout=log, stderr=log)
        steps.server = psutil.Process(server.pid)
        try:
            wait(
                lambda: get(f"http://127.0.0.1:{port}/api/status"), f"JupyterLab to start: {Path(log.name).read_text()}"
            )
            steps.done("JupyterLab answers")
            with browsing(browser) as page:
                page.goto(f"http://127.0.0.1:{port}/lab/tree/{NOTEBOOK}?token={TOKEN}")
                page.wait_for_function(READY, timeout=PATIENCE * 1000)
                steps.done("the notebook is open, its kernel ready")
                cells(page, steps)
        finally:
            server.terminate()
            server.wait()
    _, first, *rest = steps.rows
    seconds, kernel, drawn = (sum(row[i] for row in (first, *rest)) for i in (1, 2, 3))
    print(
        f"after the clone: {seconds:.0f} s (aim: {AIM} s on two idle cores), {kernel:.0f} and {drawn:.0f} processor s"
    )
    for what, _, *spent in (first, *rest):
        print(f"  {sum(spent) / (kernel + drawn):4.0%} {what}")


def cells(page, steps: Steps) -> None:
    """Run the notebook's cells one after another, as far as its first figure."""
    for source in page.evaluate(SELECT):
        page.evaluate(RUN)
        if not source:
            continue
        if failed := errors(page.evaluate(CELLS)["cells"]):
            raise AssertionError(failed)
        line = next(line for line in source.splitlines() if not line.startswith(("#", "import", "from")) and line)
        shown = next((SHOWN[name] for name in SHOWN if source.startswith(name)), None)
        if shown:
            page.locator(shown[1]).first.wait_for()
        steps.done(f"{line[:30]}{': ' + shown[0] if shown else ''}")
        if shown and "figure" in shown[0]:
            return
    raise AssertionError("no figure came")


if __name__ == "__main__":
    main()
