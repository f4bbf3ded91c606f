"""The README's path in a bare Debian: clone, `make lab` up to a served page, the doctor, `make test` (`make fresh`).

debootstrap fills a folder with the least Debian; there, Python, make, git and certificates are installed, and nothing
else. A clone of what is committed here is used as root or as a plain user. Every step is printed with its seconds.
"""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NEEDED = "python3 python3-venv make git ca-certificates"
COMPILER = "gcc python3-dev zlib1g-dev"  # where pyBigWig has no wheel
HOST = ("/etc/resolv.conf", "/etc/hosts", "/etc/ssl/certs/ca-certificates.crt")  # how this machine reaches the others
PASSED = re.compile(r"(?i)(https?|no)_proxy|SSL_CERT_FILE|PIP_CERT|PIP_DEFAULT_TIMEOUT")
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
PATIENCE = 60  # s for a page whose address is printed


class Debian:
    """A Debian in a folder, and one of its users."""

    def __init__(self, folder: Path, user: str):
        self.folder, self.user = folder, user
        self.home = Path("/root") if user == "root" else Path("/home") / user
        passed = {name: value for name, value in os.environ.items() if PASSED.fullmatch(name)}
        self.env = passed | {"HOME": str(self.home), "USER": user, "PATH": PATH, "LANG": "C.UTF-8"}

    def inside(self, command: str, user: str, folder: str | Path = "/") -> list[str]:
        """The line that runs a shell command in there."""
        return ["chroot", f"--userspec={user}:{user}", self.folder, "sh", "-ec", f"cd {folder}\n{command}"]

    def run(self, command: str, user: str | None = None, folder: str | Path = "/") -> None:
        """Run a command, and say how long it took.

        Raises
        ------
        SystemExit
            If it fails.
        """
        said(f"{user or self.user}:{folder}$ {command}")
        began = time.monotonic()
        done = subprocess.run(self.inside(command, user or self.user, folder), env=self.env)
        said(f"  {time.monotonic() - began:.0f} s, exit status {done.returncode}")
        if done.returncode:
            raise SystemExit(done.returncode)

    @contextmanager
    def mounted(self) -> Iterator[None]:
        """Processes and devices of this machine, while something runs in there."""
        places = [self.folder / name for name in ("proc", "dev")]
        for place in places:
            subprocess.run(["mount", "--rbind", f"/{place.name}", place], check=True)
        try:
            yield
        finally:
            for place in places:
                subprocess.run(["umount", "--lazy", place], check=True)


def said(line: str) -> None:
    """Print a line at once: it stands between the lines of the commands."""
    print(line, flush=True)


def prepare(debian: Debian, suite: str, packages: str) -> None:
    """The least Debian, the packages, and the user."""
    if not (debian.folder / "etc/debian_version").exists():
        began = time.monotonic()
        subprocess.run(
            ["debootstrap", "--variant=minbase", suite, debian.folder, "http://deb.debian.org/debian"], check=True
        )
        said(f"debootstrap {suite}: {time.monotonic() - began:.0f} s")
    with debian.mounted():
        shutil.copy(HOST[0], debian.folder / "etc")
        shutil.copy(HOST[1], debian.folder / "etc")
        apt = "apt-get -qq -o Acquire::Check-Valid-Until=false"
        debian.run(
            f"{apt} update; DEBIAN_FRONTEND=noninteractive {apt} install --no-install-recommends {packages} >/dev/null",
            "root",
        )
        shutil.copy(HOST[2], debian.folder / "etc/ssl/certs")
        if debian.user != "root":
            debian.run(f"id {debian.user} >/dev/null 2>&1 || useradd --create-home {debian.user}", "root")
        debian.run("! command -v cc gcc" if "gcc" not in packages else "command -v cc", "root")
        debian.run("cat /etc/debian_version; python3 --version; id -un")


def serve(debian: Debian, clone: Path, arguments: str) -> None:
    """`make lab`, until JupyterLab's page with the first notebook is served; then it is interrupted."""
    command = f"make lab {arguments} ARGS='--no-browser --port=8899' 2>&1"
    said(f"{debian.user}:{clone}$ {command}")
    began = time.monotonic()
    line = debian.inside(command, debian.user, clone)
    lab = subprocess.Popen(line, env=debian.env, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        for printed in lab.stdout:
            print(f"  {time.monotonic() - began:6.1f} s  {printed}", end="", flush=True)
            found = re.search(r"http://127\.0\.0\.1:8899/lab\S*token=\S+", printed)
            if found:
                title = title_of(found[0])
                said(f"  {time.monotonic() - began:.0f} s: served, {title}")
                return
        raise SystemExit("no page was served")
    finally:
        os.killpg(lab.pid, signal.SIGTERM)
        lab.wait()


def title_of(address: str) -> str:
    """The title of a page, which may not be there at once: JupyterLab prints its address a little before it listens."""
    for attempt in range(PATIENCE):
        try:
            with urllib.request.urlopen(address, timeout=60) as page:
                return re.search(r"<title>.*?</title>", page.read().decode())[0]
        except OSError:
            if attempt == PATIENCE - 1:
                raise
            time.sleep(1)


def main() -> None:
    """Go the path."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--suite", default="trixie")
    parser.add_argument("--folder", type=Path, help="of the Debian; kept, and used again (/var/tmp/chromolab-SUITE)")
    parser.add_argument("--user", default="reader", help="who goes the path; root, or one that is made")
    parser.add_argument(
        "--compiler", action="store_true", help="with a C compiler, for a Python that has no wheel of pyBigWig"
    )
    parser.add_argument("--make", default="", help="variables for make lab, such as TORCH=cpu")
    parser.add_argument("--tests", default="JOBS=1", help="variables for make test; 'none' leaves it out")
    asked = parser.parse_args()
    if os.geteuid():
        raise SystemExit("needed: root, for chroot and mount")
    folder = (asked.folder or Path("/var/tmp") / f"chromolab-{asked.suite}").resolve()
    debian = Debian(folder, asked.user)
    prepare(debian, asked.suite, f"{NEEDED} {COMPILER}" if asked.compiler else NEEDED)
    subprocess.run(["git", "-C", ROOT, "bundle", "create", "-q", folder / "chromolab.bundle", "HEAD"], check=True)
    clone = debian.home / "chromolab"
    with debian.mounted():
        debian.run(f"rm -rf {clone}; git clone -q /chromolab.bundle {clone}")
        serve(debian, clone, asked.make)
        debian.run("du -sh .venv; .venv/bin/chromolab doctor", folder=clone)
        if asked.tests != "none":
            debian.run(f"make test {asked.tests}", folder=clone)


if __name__ == "__main__":
    sys.exit(main())
