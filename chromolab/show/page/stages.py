"""What is made ready before the page is shown: the process that loads it says how far it is, the server reads it."""

import contextlib
import os
from pathlib import Path

from jupyter_core.paths import jupyter_runtime_dir

from chromolab.data.files import write_text

PREPARED = ("Python's libraries", "the teaching genome", "the models")  # once, for all visitors
OWN = ("a Python of your own", "the lab")  # for each visitor


def servers() -> Path:
    """The folder in which each server of a page has a folder of its own, named by the number of its process."""
    return Path(jupyter_runtime_dir()) / "chromolab-page"


def done(count: int, server: int | None = None) -> None:
    """Say that so many of `PREPARED` are ready, in the server with this number; by default the parent process is it."""
    with contextlib.suppress(OSError):  # the page waits for the kernel in any case
        write_text(servers() / str(server or os.getppid()) / "stage", str(count))


def now(server: int) -> int:
    """How many of `PREPARED` are ready in the server with this number."""
    try:
        return int((servers() / str(server) / "stage").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return 0
