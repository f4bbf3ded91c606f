"""The course: notebooks, cards, glossary and pictures, and the versions that are tested with them.

All of it lies beside the package in the repository, and inside the package when installed (pyproject.toml).
"""

import hashlib
import json
from os import PathLike
from pathlib import Path
from typing import NamedTuple

from chromolab.data.files import atomic_write, make_folder, write_text
from chromolab.data.processes import PACKAGE
from chromolab.errors import ChromolabError

FOLDERS = ("", "cards", "experiments", "images")  # below notebooks/
KINDS = (".ipynb", ".md", ".png", ".svg")
RECORD = ".chromolab-course.json"  # in a copy: what each file was when it was copied


class Copy(NamedTuple):
    """What `copy_course` did, as lists of names such as "cards/01_histone_code.md".

    `written`: new, or brought up to date; `kept`: changed by their owner, and left as they are; `older`: those of
    `kept` that the course has changed, too.
    """

    written: list[str]
    kept: list[str]
    older: list[str]


def course_folder() -> Path:
    """The folder that holds `notebooks/` and `constraints.txt`.

    Raises
    ------
    ChromolabError
        If the package was installed without them.
    """
    for place in (PACKAGE / "course", PACKAGE.parent):
        if (place / "notebooks").is_dir():
            return place
    raise ChromolabError(
        f"{PACKAGE}: the notebooks are not there; expected them in {PACKAGE / 'course'}. Install chromolab again from "
        "its wheel or its repository."
    )


def course_files() -> dict[str, Path]:
    """{name below `notebooks/`: file} of all that the course consists of."""
    notebooks = course_folder() / "notebooks"
    files = (path for folder in FOLDERS for path in sorted((notebooks / folder).glob("*")) if path.suffix in KINDS)
    return {path.relative_to(notebooks).as_posix(): path for path in files}


def copy_course(folder: str | PathLike[str]) -> Copy:
    """Copy the course into a folder, which is made if need be. No file that its owner has changed is written over.

    A file that is as it was copied is brought up to date; one that was removed is copied anew. A folder that is the
    course itself, as `notebooks/` in the repository, is left alone.

    Raises
    ------
    ChromolabError
        The folder cannot be written, or its record of what was copied is damaged.
    """
    files, folder = course_files(), make_folder(folder)
    done = Copy([], [], [])
    if folder.samefile(course_folder() / "notebooks"):
        return done
    copied = _record(folder)
    try:
        for name, path in files.items():
            content = path.read_bytes()
            here, now = _digest(folder / name), hashlib.sha256(content).hexdigest()
            if here not in (None, now, copied.get(name)):
                done.kept.append(name)
                done.older.extend([name] * (copied.get(name) != now))
                continue
            if here != now:
                make_folder((folder / name).parent)
                with atomic_write(folder / name) as place:
                    place.write_bytes(content)
                done.written.append(name)
            copied[name] = now
    finally:  # what was copied before a disk was full must not pass for changed next time
        write_text(folder / RECORD, json.dumps(copied, indent=1) + "\n")
    return done


def _digest(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def _record(folder: Path) -> dict[str, str]:
    path = folder / RECORD
    if not path.is_file():
        return {}
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (TypeError, ValueError) as e:
        raise ChromolabError(
            f"{path}: is damaged ({e}); expected what `chromolab start` wrote. Remove it: then every notebook that "
            "differs from the course's counts as changed, and is kept."
        ) from e
