"""A visitor's kernel, in a process forked from `child_template`."""

import os
import threading
from collections.abc import Mapping, Sequence
from multiprocessing import parent_process


def run(arguments: Sequence[str], environment: Mapping[str, str], folder: str) -> None:
    """Be an IPython kernel until it is shut down.

    Parameters
    ----------
    arguments : list of str
        Of `python -m ipykernel_launcher`: `-f` and the connection file.
    environment : dict
        All environment variables of the kernel.
    folder : str
        Its working folder.
    """
    from ipykernel.kernelapp import IPKernelApp

    os.setsid()
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    parent = f"--IPKernelApp.parent_handle={os.getppid()}"  # without it the kernel says how to end it by hand
    IPKernelApp.launch_instance(argv=[*arguments, parent, "--log-level=ERROR", "--HistoryManager.enabled=False"])


def _end_with_the_server() -> None:
    server = parent_process()
    if server is not None:
        server.join()
        os._exit(1)
