"""`cl.build`: the dataset of a `my.yaml` and its report, built once and then loaded again."""

import hashlib
import re
from pathlib import Path

from chromolab.data.dataset.dataset import Dataset, load_dataset
from chromolab.data.doctor import doctor as examine
from chromolab.data.project import build as project
from chromolab.data.project import inputs as located
from chromolab.data.project.config import Config, read_config
from chromolab.data.project.outputs import pieces_of, report_of
from chromolab.data.project.pieces import Kept
from chromolab.data.project.plan import key_of, make_plan
from chromolab.errors import ChromolabError
from chromolab.show.report.page import write_report

MADE = re.compile(r'name="chromolab-build" content="([0-9a-f]{64}) ([0-9a-f]{64})"')


def build(path, processes: int | None = None, progress: bool = True, again: bool = False) -> Dataset:
    """Build the dataset that a `my.yaml` describes, with a report (HTML) beside it; continue where it was interrupted.

    Parameters
    ----------
    path : the `my.yaml`; ``chromolab data init`` writes an annotated one.
    processes : how many tracks are read at once; default one per CPU.
    progress : show what is read and the time left.
    again : build even where the dataset of the same settings and files is there already.

    Returns
    -------
    Dataset

    Raises
    ------
    ChromolabError
        The settings or a file are wrong; file and line are named. Finished pieces are kept for the next build.
    """
    config = read_config(path)
    located.find(config)  # fetches, so that the doctor finds everything here
    if not again and (found := up_to_date(config)):
        return load_dataset(found)
    findings = examine.doctor(config, fast=True)
    if broken := [f for f in findings if f.state == "broken"]:
        reasons = "\n".join(f"{f.check}: {f.seen} {f.remedy}" for f in broken)
        raise ChromolabError(f"{path}: not built.\n{reasons}")
    return project.build(config, processes, progress, lambda plan, ds: write_report(plan, ds, findings))


def plan(path, processes: int | None = None, again: bool = False) -> str:
    """Describe what `build` would do with the same arguments; nothing is written or fetched."""
    config = read_config(path)
    if missing := located.to_fetch(config):
        size = sum(file.size or 0 for file in missing)
        known = f"at least {size / 1e6:,.1f} MB" if size else "sizes not given in the data manifest"
        names = "\n".join(f"  {file.place}  {file.addresses[0] if file.addresses else ''}" for file in missing)
        head = f"{path}: {len(missing)} file(s) to fetch first, {known}:"
        return f"{head}\n{names}\nThe rest of the plan follows when these files are here."
    if not again and (found := up_to_date(config)):
        return f"{path} -> {found}\n  nothing to do: this dataset was built from the same settings and files"
    made = make_plan(config, Kept(pieces_of(config.place(config.out))), fetch=False)
    return "\n".join(made.lines(processes))


def up_to_date(config: Config) -> Path | None:
    """The dataset's path, if it was built from the settings and files as they are now and is unchanged; else None."""
    out = config.place(config.out)
    page = report_of(out)
    if config.published is not None or not (out.is_file() and page.is_file()):
        return None
    made = MADE.search(page.read_text(encoding="utf-8", errors="replace"))
    if made is None:
        return None
    key = key_of(config)
    return out if made.groups() == (key, file_digest(out)) else None


def file_digest(path: Path) -> str:
    """sha256 of a file's bytes."""
    with open(path, "rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()
