"""`cl.build`: the dataset of a `my.yaml` and its report, built once and then loaded again."""

from os import PathLike

from chromolab.data.dataset.dataset import Dataset, load_dataset
from chromolab.data.doctor.doctor import doctor
from chromolab.data.project.build import build_project
from chromolab.data.project.config import read_config
from chromolab.data.project.inputs import to_fetch
from chromolab.data.project.outputs import is_built, pieces_of
from chromolab.data.project.pieces import Kept
from chromolab.data.project.plan import make_plan
from chromolab.data.project.project import Project
from chromolab.errors import ChromolabError
from chromolab.show.report.page import write_report


def build(
    path: str | PathLike[str], processes: int | None = None, progress: bool = True, again: bool = False
) -> Dataset:
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
    project = Project(path, progress=progress)
    if not again and _is_done(project):
        return load_dataset(project.out)
    findings = doctor(project, fast=True)
    if findings.broken:
        reasons = "\n".join(f"{f.check}: {f.seen} {f.remedy}" for f in findings.broken)
        raise ChromolabError(f"{path}: not built.\n{reasons}")
    return build_project(project, processes, progress, lambda plan, ds: write_report(plan, ds, findings))


def plan(path: str | PathLike[str], processes: int | None = None, again: bool = False) -> str:
    """Describe what `build` would do with the same arguments; nothing is written or fetched.

    Raises `ChromolabError` as `build` does.
    """
    config = read_config(path)
    if missing := to_fetch(config):
        size = sum(file.size or 0 for file in missing)
        known = f"at least {size / 1e6:,.1f} MB" if size else "sizes not given in the data manifest"
        names = "\n".join(f"  {file.place}  {file.addresses[0] if file.addresses else ''}" for file in missing)
        head = f"{path}: {len(missing)} file(s) to fetch first, {known}:"
        return f"{head}\n{names}\nThe rest of the plan follows when these files are here."
    project = Project(config, fetch=False)
    if not again and _is_done(project):
        return f"{path} -> {project.out}\n  nothing to do: this dataset was built from the same settings and files"
    project.pieces = Kept(pieces_of(project.out))
    return "\n".join(make_plan(project).lines(processes))


def _is_done(project: Project) -> bool:
    """Whether the dataset was built from the settings and files as they are now, and is unchanged."""
    return project.config.published is None and is_built(project.key, project.out)
