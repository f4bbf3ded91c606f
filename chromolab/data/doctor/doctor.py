"""Check the files of a `my.yaml` before hours are spent on them, and say with numbers what is wrong and what to do."""

from collections.abc import Callable

from chromolab.data.doctor.findings import Finding, Findings, skipped
from chromolab.data.doctor.patient import Patient
from chromolab.data.project import inputs as located
from chromolab.data.project.config import Config, read_config
from chromolab.errors import ChromolabError


def doctor(path, fast: bool = False, look: Callable[[Finding], object] = lambda finding: None) -> Findings:
    """Check the files of a `my.yaml`.

    Parameters
    ----------
    path : the `my.yaml`, or a `Config`.
    fast : make only the checks that read no signal. Every build begins with them.
    look : called with each finding when it is made.

    Returns
    -------
    Findings
        A check that could not be made is a finding, too ("skipped", and why). If nothing is broken, no check found a
        fault; that does not prove that there is none. Errors in the files are findings; none is raised.
    """
    from chromolab.data.doctor import places as examine_contacts
    from chromolab.data.doctor import signal as examine_signal
    from chromolab.data.doctor import tables as examine_tables

    found: list[Finding] = []

    def add(finding: Finding) -> None:
        if finding not in found:
            found.append(finding)
            look(finding)

    try:
        config = path if isinstance(path, Config) else read_config(path)
        files = located.find(config, fetch=False)
    except ChromolabError as e:
        add(Finding("broken", "files", str(e), "a my.yaml and files that are there", "Correct the lines named."))
        return Findings(found)
    patient, first = Patient(config, files), examine_tables.FAST
    if config.published is not None:
        checks = examine_tables.PUBLISHED
    else:
        slow = [*examine_tables.SLOW, *examine_signal.CHECKS, *examine_contacts.CHECKS]
        checks = examine_tables.FAST if fast else [*examine_tables.FAST, *slow]
    for check in checks:
        name = check.__name__.replace("_", " ")
        if any(f.state == "broken" and f.check in ("files", "assembly", "names") for f in found) and check not in first:
            add(skipped(name, "what is broken above has to be mended first"))
            continue  # it would say the same in other words
        try:
            for finding in check(patient):
                add(finding)
        except ChromolabError as e:
            if not any(f.state == "broken" for f in found):
                add(Finding("broken", name, str(e), "files that go together", "See the sentence itself."))
            elif not any(f.state == "broken" and str(e) in f.seen for f in found):
                add(skipped(name, str(e)))
    return Findings(found)
