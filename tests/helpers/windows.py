"""A first visit where Windows' rules hold: `python -m helpers.windows FOLDER`.

What Linux can stand in for: our package imports no module that Windows lacks, no folder is opened, and nothing is moved
or removed while this process has it open. (Locks that keep others from writing are not among it.)
"""

import builtins
import os
import sys
import tempfile
from pathlib import Path

WITHOUT = {"fcntl", "grp", "pwd", "pty", "resource", "syslog", "termios", "tty"}  # modules that Windows lacks


def import_none_of_posix() -> None:
    """From here on our modules find no such module; those of others, which look where they run, do."""
    usual = builtins.__import__

    def without(name, globals=None, *more, **named):
        if name in WITHOUT and str((globals or {}).get("__name__")).startswith("chromolab"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return usual(name, globals, *more, **named)

    builtins.__import__ = without


def is_open(path: str | os.PathLike) -> bool:
    """Whether this process has a file open, or one below a folder."""
    path, own = os.path.realpath(path), Path("/proc/self/fd")
    names = []
    for descriptor in own.iterdir():
        try:
            names.append(os.readlink(descriptor))
        except FileNotFoundError:  # the one that lists them
            continue
    return any(name == path or name.startswith(path + os.sep) for name in names)


def keep_what_is_open() -> None:
    """From here on files behave as on Windows."""

    def closed(usual):
        def careful(*places, **more):
            for place in places if not more else ():
                if is_open(place):
                    raise PermissionError(13, f"{name} of what is open", str(place))
            return usual(*places, **more)

        return careful

    for name in ("rename", "replace", "remove", "unlink"):
        setattr(os, name, closed(getattr(os, name)))
    tempfile.TemporaryFile = tempfile.NamedTemporaryFile  # as tempfile itself does there
    usual = os.open

    def no_folder(path, flags, *more, **named):
        if os.path.isdir(path) and not named:  # shutil.rmtree names a folder's descriptor
            raise PermissionError(13, "Permission denied", str(path))
        return usual(path, flags, *more, **named)

    os.open = no_folder


def visit(folder: Path) -> None:
    """A genome, its dataset, a model, a table, a course: what somebody does first."""
    import pandas as pd

    import chromolab as cl
    from chromolab.data import files
    from chromolab.show.course import copy_course
    from chromolab.show.notebooks.results import add_results, read_results
    from helpers.toys import SMALL
    from helpers.worlds import TINY

    files.WINDOWS = True
    for _ in range(2):  # made, and found
        dataset = cl.simulate(cache=folder / "cache", **TINY).dataset(progress=False)
    model = cl.Chromoformer(dataset.marks, "regression", (500, 100), seed=0, **SMALL)
    cl.fit(model, dataset, validation=dataset, epochs=1, checkpoint=folder / "run.pt", device="cpu", progress=False)
    for _ in range(2):  # the second takes the place of the first
        cl.save_checkpoint(model, folder / "model.pt")
        dataset.save(folder / "x.clds")
        add_results(pd.DataFrame({"fold": [1], "r": [0.5]}), folder / "r.csv", "a test", ["fold"])
        copy_course(folder / "course")
    again, table = cl.load_checkpoint(folder / "model.pt"), read_results(folder / "r.csv")
    before, after = (cl.predict(m, cl.load_dataset(folder / "x.clds"), progress=False) for m in (model, again))
    assert (before == after).all() and len(table) == 1
    cl.WhatIf(again, dataset)


if __name__ == "__main__":
    import_none_of_posix()
    keep_what_is_open()
    visit(Path(sys.argv[1]))
