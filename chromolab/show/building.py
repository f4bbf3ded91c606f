"""`cl.build`: the dataset of a `my.yaml` and its report, made once and then found again."""

import hashlib
import re
from pathlib import Path

from chromolab.data import examine, located, project
from chromolab.data.config import Config, read_config
from chromolab.data.dataset import Dataset, load_dataset
from chromolab.data.outputs import pieces_of, report_of
from chromolab.data.pieces import Kept
from chromolab.errors import ChromolabError
from chromolab.show.build_report import write_report

MADE = re.compile(r'name="chromolab-build" content="([0-9a-f]{64}) ([0-9a-f]{64})"')


def build(path, processes: int | None = None, progress: bool = True, again: bool = False) -> Dataset:
    """Build the dataset that a `my.yaml` describes, with a report (HTML) beside it; continue where it was interrupted.

    Parameters
    ----------
    path : the `my.yaml`; ``chromolab data init`` writes an annotated one.
    processes : tracks read at once; default one per CPU.
    progress : show what is done and the time left.
    again : build even when the dataset is there, of the same settings and files.

    Returns
    -------
    Dataset

    Raises
    ------
    ChromolabError
        Naming file and line. What was finished until then is kept for the next try.
    """
    config = read_config(path)
    located.find(config)  # fetches, so that the doctor finds everything here
    if not again and (found := up_to_date(config)):
        return load_dataset(found)
    findings = examine.doctor(config, fast=True)
    if broken := [f for f in findings if f.state == "broken"]:
        told = "\n".join(f"{f.check}: {f.seen} {f.remedy}" for f in broken)
        raise ChromolabError(f"{path}: not built.\n{told}")
    return project.build(config, processes, progress, lambda plan, ds: write_report(plan, ds, findings))


def plan(path, processes: int | None = None, again: bool = False) -> str:
    """What `build` would do with the same arguments, in words; nothing is written or fetched."""
    config = read_config(path)
    if missing := located.to_fetch(config):
        size = sum(file.size or 0 for file in missing)
        known = f"at least {size / 1e6:,.1f} MB" if size else "of sizes that the manifest does not know"
        names = "\n".join(f"  {file.place}  {file.addresses[0] if file.addresses else ''}" for file in missing)
        return f"{path}: {len(missing)} file(s) to fetch first, {known}:\n{names}\nThe rest follows when they are here."
    if not again and (found := up_to_date(config)):
        return f"{path} -> {found}\n  nothing to do: it is there, of these settings and files"
    made = project.make_plan(config, Kept(pieces_of(config.place(config.out))), fetch=False)
    return "\n".join(made.lines(processes))


def up_to_date(config: Config) -> Path | None:
    """The dataset, where it was built of these settings and files as they are now and is as it was left."""
    out = config.place(config.out)
    page = report_of(out)
    if config.published is not None or not (out.is_file() and page.is_file()):
        return None
    made = MADE.search(page.read_text(encoding="utf-8", errors="replace"))
    if made is None:
        return None
    key = project.key_of(config)
    return out if made.groups() == (key, file_digest(out)) else None


def file_digest(path: Path) -> str:
    """sha256 of a file's bytes."""
    with open(path, "rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()
