"""Check the files of a `my.yaml` before hours are spent on them, and say with numbers what is wrong and what to do."""

from collections.abc import Callable
from os import PathLike

from chromolab.data.doctor import check_places, check_signal, check_tables
from chromolab.data.doctor.findings import Finding, Findings, broken, skipped
from chromolab.data.doctor.patient import Patient
from chromolab.data.project.project import Project
from chromolab.errors import ChromolabError

SLOW = [*check_tables.SLOW, *check_signal.CHECKS, *check_places.CHECKS]
BASIC = ("files", "assembly", "names")  # where one of these is broken, later checks would repeat it in other words


def doctor(
    path: str | PathLike[str] | Project, fast: bool = False, look: Callable[[Finding], object] = lambda finding: None
) -> Findings:
    """Check the files of a `my.yaml`.

    Parameters
    ----------
    path : the `my.yaml`, or a `Project`.
    fast : make only the checks that read no signal, and say which were not made. Every build begins with them.
    look : called with each finding when it is made.

    Returns
    -------
    Findings
        A check that could not be made is a finding, too ("skipped", and why). If nothing is broken, no check found a
        fault; that does not prove that there is none. Errors in the files are findings; none is raised.
    """
    found: list[Finding] = []

    def add(finding: Finding) -> None:
        if finding not in found:
            found.append(finding)
            look(finding)

    try:
        patient = Patient(path if isinstance(path, Project) else Project(path, fetch=False))
    except ChromolabError as e:
        add(broken("files", str(e), "a my.yaml and files that are there", "Correct the lines named."))
        return Findings(found)
    for check in _checks(patient, fast):
        name = check.__name__.replace("_", " ")
        if check in SLOW and any(f.state == "broken" and f.check in BASIC for f in found):
            add(skipped(name, "correct first what is broken above"))
            continue
        try:
            for finding in check(patient):
                add(finding)
        except ChromolabError as e:
            if str(e) in patient.reported:
                continue
            if any(f.state == "broken" for f in found):
                add(skipped(name, str(e)))
            else:
                patient.reported.add(str(e))
                remedy = "Correct the file or the line that it names, then check again."
                add(broken(name, str(e), "files that can be read and go together", remedy))
    if fast and patient.config.published is None:
        for check in SLOW:
            add(skipped(check.__name__.replace("_", " "), "it takes time; chromolab doctor makes this check"))
    return Findings(found)


def _checks(patient: Patient, fast: bool) -> list[Callable]:
    if patient.config.published is not None:
        return check_tables.PUBLISHED
    return check_tables.FAST if fast else [*check_tables.FAST, *SLOW]
