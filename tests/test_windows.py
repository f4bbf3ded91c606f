"""Windows, as far as it can be shown without one: the way of a first visit under its rules for modules and files."""

import subprocess
import sys
from pathlib import Path

import pytest
from helpers import windows

TESTS = Path(__file__).parent


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="which files are open is asked of Linux")
def test_a_first_visit_needs_nothing_that_windows_lacks(tmp_path):
    run = [sys.executable, "-W", "ignore", "-m", "helpers.windows", tmp_path]
    done = subprocess.run(run, cwd=TESTS, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    left = [p for p in tmp_path.rglob("*") if p.name.startswith((".making-", ".x.clds.", ".r.csv.0"))]
    assert not [p for p in left if p.suffix != ".lock"], left


def test_the_rules_hold(tmp_path):
    """What the test above relies on: an open file stays where it is, and our modules miss what Windows lacks."""
    code = "import os, sys\nfrom pathlib import Path\nfrom helpers import windows\nwindows.keep_what_is_open()\n"
    code += "place = Path(sys.argv[1])\nopened = open(place / 'x', 'w')\n"
    code += "for act in ((place / 'x').unlink, lambda: os.replace(place / 'x', place / 'y'), lambda: place.rename('z'),"
    code += " lambda: os.open(place, 0)):\n    try:\n        act()\n    except PermissionError:\n        continue\n"
    code += "    raise AssertionError(act)\nopened.close()\n(place / 'x').unlink()\nwindows.import_none_of_posix()\n"
    code += "import fcntl\ntry:\n    exec('import fcntl', {'__name__': 'chromolab.x'})\nexcept ModuleNotFoundError:\n"
    code += "    print('missed')"
    done = subprocess.run([sys.executable, "-c", code, tmp_path], cwd=TESTS, capture_output=True, text=True)
    assert done.stdout == "missed\n", done.stderr
    assert windows.is_open(tmp_path) is False
