"""Ends the process that loads what visitors share when the server has ended, by whatever signal.

Importing this module begins to watch; it is imported before `child_template`, which loads for up to a minute, and until
that is done nobody else in this process would notice. Then `multiprocessing` does, and the watch ends: no thread may be
there when a kernel is forked.
"""

import os
import threading

SERVER = os.getppid()
_loaded = threading.Event()


def _watch() -> None:
    while not _loaded.wait(0.2):
        if os.getppid() != SERVER:
            os._exit(1)  # what it was making is unfinished, and is removed by the next one; its own children end, too


_watcher = threading.Thread(target=_watch, daemon=True)
_watcher.start()


def end() -> None:
    """Watch no longer."""
    _loaded.set()
    _watcher.join()
