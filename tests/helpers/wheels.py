"""chromolab's wheel, and a home in which it is installed: the packages that it needs are those of this environment."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from typing import NamedTuple

from helpers.house import ROOT

PLAIN = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}  # a locale that knows ASCII alone
BUILD = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"


class Home(NamedTuple):
    """A user's home, with an environment in it that holds the wheel."""

    folder: Path
    bin: Path
    packages: Path  # the environment's own site-packages
    env: dict[str, str]

    def run(self, *line: str | Path, **env: str) -> subprocess.CompletedProcess:
        """Run a command of the environment in the home."""
        command = [self.bin / line[0], *line[1:]]
        return subprocess.run(command, cwd=self.folder, env=self.env | env, capture_output=True, text=True)

    def installed(self) -> dict[str, int]:
        """{file of the environment: when it was written}"""
        return {str(p): p.stat().st_mtime_ns for p in self.packages.rglob("*")}


def build_wheel(folder: Path) -> Path:
    """Build the wheel, from a copy of what it is made of, so that nothing is written in the repository."""
    source = folder / "source"
    for name in ("chromolab", "data_manifest", "notebooks"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "constraints.txt"):
        shutil.copy(ROOT / name, source)
    subprocess.run([sys.executable, "-c", BUILD, folder], cwd=source, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def install(wheel: Path, folder: Path) -> Home:
    """A home with spaces in its name, in a plain locale; the packages cannot be written."""
    folder.mkdir()
    venv.create(folder / "the env", symlinks=True, with_pip=False)
    paths = sysconfig.get_paths(vars={"base": str(folder / "the env"), "platbase": str(folder / "the env")})
    home = Home(folder, Path(paths["scripts"]), Path(paths["purelib"]), _environment(folder))
    (home.packages / "those_of_the_tests.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    pip = [sys.executable, "-m", "pip", f"--python={home.bin / 'python'}", "install", "--no-deps", "--no-index", wheel]
    subprocess.run(pip, check=True, capture_output=True, env=home.env)
    return home


def _environment(folder: Path) -> dict[str, str]:
    """The variables of the home; JupyterLab's own files are those of this environment, too."""
    kept = {name: os.environ[name] for name in ("PATH", "CHROMOLAB_CACHE", "OMP_NUM_THREADS") if name in os.environ}
    jupyter = {
        "JUPYTER_PATH": f"{sys.prefix}/share/jupyter",
        "JUPYTER_CONFIG_PATH": f"{sys.prefix}/etc/jupyter",
        "JUPYTERLAB_DIR": f"{sys.prefix}/share/jupyter/lab",
    }
    return kept | jupyter | PLAIN | {"HOME": str(folder), "PIP_NO_INDEX": "1"}
