"""Settings and fixtures that all tests share."""

import os
import signal
import sys
from pathlib import Path

import pytest
from helpers.lab import chromium, lab, page  # noqa: F401 (fixtures)
from helpers.worlds import strong_world, tiny_world, world, worlds  # noqa: F401 (fixtures)
from hypothesis import settings

# The same examples in every run, however busy the machine. Others: pytest --hypothesis-profile default
settings.register_profile("chromolab", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("chromolab")

# A shell lets background processes ignore Ctrl-C, and the processes that tests start and interrupt inherit that.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def real() -> Path:
    """The folder of real data, or a skip where it is absent (environment variable CHROMOLAB_REAL_DATA)."""
    default = Path(__file__).parents[1].parent / "shared" / "real"
    path = Path(os.environ.get("CHROMOLAB_REAL_DATA", default))
    if not path.is_dir():
        pytest.skip("real data not found")
    return path


def use_one_thread():
    """Use one thread in this process: small models gain nothing from more, and on a busy machine they would wait."""
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)


def pytest_runtest_setup():
    """Before the fixtures of a test are made."""
    use_one_thread()


def pytest_runtest_call():
    """Before a test, whose fixtures may have loaded torch."""
    use_one_thread()
