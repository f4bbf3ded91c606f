"""Run one notebook without a browser (papermill).

A notebook reports what it found with `key_figure`; a run collects these figures. The executed copy appears when the
last cell has run. A failed run is kept as `<name>.failed.ipynb`, for you to look at, and is tried again next time.
"""

import logging
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from os import PathLike
from pathlib import Path

from chromolab.data.files import atomic_write, make_folder, scratch_folder
from chromolab.errors import ChromolabError
from chromolab.show.notebooks.executed import Finished, read_run, refuse_overwriting, seal
from chromolab.show.notebooks.parameters import parameters_of
from chromolab.show.notebooks.settled import settle_widgets

CELL_SECONDS = 600  # default time limit of one cell
START_SECONDS = 600  # for a kernel to start, on a machine that may be busy


def run_notebook(
    path: str | PathLike[str],
    out: str | PathLike[str],
    parameters: Mapping | None = None,
    timeout: float = CELL_SECONDS,
    replace: bool = False,
) -> Finished:
    """Run one notebook with the kernel `python3` in the notebook's folder, and keep the executed copy.

    Parameters
    ----------
    path, out : path
        The notebook, and the file to write its executed copy to once the last cell has run.
    parameters : dict
        New values of names in the cell tagged `parameters`.
    timeout : float
        Time limit of one cell, in seconds.
    replace : bool
        Write over whatever file `out` is, except the notebook itself. Otherwise only an earlier run of this notebook
        that nobody changed is replaced.

    Returns
    -------
    Finished

    Raises
    ------
    ChromolabError
        If `out` is another file, a name in `parameters` is not in that cell, or a cell fails or takes too long; names
        the notebook and the cell.
    """
    import papermill
    from traitlets.config import Config

    path, out, parameters = Path(path).resolve(), Path(out).resolve(), dict(parameters or {})
    known = parameters_of(path)
    if unknown := sorted(set(parameters) - set(known)):
        raise ChromolabError(f"{path.name} has no parameter {', '.join(unknown)}; it has: {', '.join(known) or 'none'}")
    failed = out.with_name(f"{out.stem}.failed.ipynb")
    for place in (out, failed):
        if not replace or place == path or place.is_dir():
            refuse_overwriting(place, path)
    make_folder(out.parent)
    # Without this renderer each copy would carry plotly's 4 MB of JavaScript.
    with atomic_write(out, ".ipynb") as part, _environment(PLOTLY_RENDERER="plotly_mimetype"), _told_by_us():
        try:
            with _own_sockets() as connection:
                papermill.execute_notebook(
                    path,
                    part,
                    parameters,
                    kernel_name="python3",
                    execution_timeout=timeout,
                    start_timeout=START_SECONDS,
                    progress_bar=False,
                    cwd=path.parent,
                    store_widget_state=True,  # for `settle_widgets`
                    config=Config(KernelManager=connection),
                    extra_arguments=["--log-level=ERROR"],  # otherwise each kernel warns that loopback is not encrypted
                )
        except Exception as error:
            where = _keep_failed(part, failed)
            raise ChromolabError(f"{path.name}: {where} failed: {_reason(error, timeout)}; see {failed}") from error
        try:
            seal(part)
        except ChromolabError as error:
            os.replace(part, failed)
            raise ChromolabError(str(error).replace(str(part), str(failed))) from error
    failed.unlink(missing_ok=True)
    return read_run(path, out)


def _keep_failed(part: Path, failed: Path) -> str:
    """Keep the copy of a failed run; returns the last cell that was started, in words."""
    import nbformat

    if not part.stat().st_size:
        return "starting the kernel"
    nb = nbformat.read(part, as_version=4)
    code = [c for c in nb.cells if c.cell_type == "code" and "injected-parameters" not in c.metadata.get("tags", [])]
    started = [i for i, c in enumerate(code, 1) if c.metadata.get("papermill", {}).get("start_time")]
    settle_widgets(nb)
    part.write_text(nbformat.writes(nb), encoding="utf-8")
    os.replace(part, failed)
    if not started:
        return "starting the kernel"
    first_line = next((line for line in code[started[-1] - 1].source.splitlines() if line.strip()), "")
    return f"code cell {started[-1]} of {len(code)} ({first_line.strip()[:60]!r})"


def _reason(error: Exception, timeout: float) -> str:
    if type(error).__name__ == "CellTimeoutError":
        return f"it took more than {timeout:g} s (raise the time limit, or lower the notebook's parameters)"
    if hasattr(error, "ename"):
        return f"{error.ename}: {error.evalue}".strip()
    return f"{type(error).__name__}: {error}".splitlines()[0]


@contextmanager
def _own_sockets() -> Iterator[dict]:
    """Settings of a kernel that listens on socket files of its own; another run could take a port before it starts."""
    with scratch_folder(tempfile.gettempdir(), "chromolab-kernel-") as folder:
        fits = os.name == "posix" and len(str(folder)) < 90  # a socket's path has some hundred characters at most
        yield {"transport": "ipc", "ip": f"{folder}/kernel"} if fits else {}


@contextmanager
def _told_by_us() -> Iterator[None]:
    """Papermill warns of parameters that it cannot read; unknown ones were refused before it starts."""
    logger = logging.getLogger("papermill")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


@contextmanager
def _environment(**names):
    """Set environment variables for kernels that start inside; a value that the user has set stays."""
    new = [name for name in names if name not in os.environ]
    os.environ.update({name: names[name] for name in new})
    try:
        yield
    finally:
        for name in new:
            os.environ.pop(name, None)
