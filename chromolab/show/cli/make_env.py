"""Make the environment: the tested versions, and the build of torch that suits this machine.

`make env` runs this file by its path, with the Python that the environment is to have and before anything is installed:
it needs the standard library alone.
"""

import argparse
import platform
import shutil
import subprocess
import sys
import sysconfig
import threading
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.parse import unquote

PYTHONS = ((3, 11), (3, 12), (3, 13), (3, 14))
COMPILED = ((3, 14),)  # pyBigWig has no wheel for these yet
ROOT = Path(__file__).resolve().parents[3]
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
PATIENCE = 5  # s in which that index has to answer
CUDA = "2.7 GB to download, and an environment of 5.8 GB; with the build for the CPU, 0.2 and 2.1 GB"
SOURCES = ("index-url", "extra-index-url", "find-links", "no-index")  # settings of pip: where packages come from
OBEYED = (*SOURCES, "constraint", "cert", "client-cert", "proxy", "trusted-host", "only-binary", "no-binary", "pre")


class Torch(NamedTuple):
    """Which build of torch comes, from where, and why."""

    build: str | None  # "+cpu"; "" for the one that has no suffix, CUDA's; None for what the installer finds
    index: str | None  # None: where everything else comes from
    why: str = ""


def choose(asked: str, sources: list[str], driver: bool, offered: Callable[[], str], system: str) -> Torch:
    """The build of torch for this machine.

    `asked`: "auto", "cpu", "cuda" or "default"; `sources`: pip's own settings of where packages come from; `driver`:
    whether there is one of NVIDIA; `offered`: asks PyTorch's index, and says what is wrong with its answer, or "".

    Raises
    ------
    SystemExit
        If the build that is asked for by name cannot be had: another one is never taken in its place.
    """
    if asked == "cuda":
        if system != "Linux":
            raise SystemExit(f"TORCH=cuda: pip has a build for CUDA on Linux alone, and this is {system}.")
        return Torch("", None, f"torch for CUDA: {CUDA}.")
    if asked == "default" or system != "Linux":  # elsewhere pip's build is small
        return Torch(None, None)
    if asked == "auto" and sources:
        return Torch(None, None, f"pip is set to sources of its own ({', '.join(sources)}): torch comes from there.")
    if asked == "auto" and driver:
        return Torch(None, None, f"There is an NVIDIA driver: torch for CUDA; {CUDA}.")
    wrong = offered()
    if not wrong:
        return Torch("+cpu", CPU_INDEX, f"torch for the CPU, 0.2 GB, from {CPU_INDEX}.")
    if asked == "cpu":
        raise SystemExit(f"TORCH=cpu: {wrong}. TORCH=default takes the build that pip finds.")
    return Torch(None, None, f"{wrong}: torch as pip finds it. On Linux that is the build for CUDA: {CUDA}.")


def offer(index: str, version: str, python: str, machine: str, patience: float = PATIENCE) -> str:
    """What keeps `index` from giving torch `version` for the CPU; "" if nothing.

    The whole answer is waited for, and no longer than `patience` seconds: neither a name server nor an index that
    sends a byte now and then holds up the environment.
    """
    answer = [f"{index} did not answer within {patience:g} s"]

    def ask():
        try:
            with urllib.request.urlopen(f"{index}/torch/", timeout=2 * patience) as page:
                names = unquote(page.read().decode())
        except (OSError, ValueError, HTTPException) as error:
            answer[0] = f"{index} did not answer ({error})"
            if isinstance(error, HTTPError):
                error.close()  # it holds the answer's file
        else:
            wheel = f"torch-{version}+cpu-{python}-{python}-"
            there = any(wheel in line and f"_{machine}.whl" in line for line in names.splitlines())
            answer[0] = "" if there else f"{index} has no torch {version} for {python} and {machine}"

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(patience)
    return answer[0]


def has_driver(root: Path = Path("/")) -> bool:
    """Whether Linux runs NVIDIA's driver; Windows' own, under WSL, shows itself by the device dxg and this library."""
    return (root / "proc/driver/nvidia/version").exists() or (root / "usr/lib/wsl/lib/libcuda.so.1").exists()


def lacks_compiler(version: tuple[int, int], system: str, machine: str, cc: str = "cc") -> bool:
    """Whether pyBigWig has to be compiled, because it has no wheel, and cannot be."""
    if (system, machine) == ("Linux", "x86_64") and version not in COMPILED:
        return False
    headers = "#include <Python.h>\n#include <zlib.h>\n"
    line = [cc, f"-I{sysconfig.get_path('include')}", "-fsyntax-only", "-xc", "-"]
    try:
        return subprocess.run(line, input=headers, text=True, capture_output=True).returncode != 0
    except FileNotFoundError:
        return True


def pip_settings(python: Path) -> list[str]:
    """The settings that pip obeys here, from its files and from variables, and uv would not."""
    listed = subprocess.run([python, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True).stdout
    names = {line.partition("=")[0].rpartition(".")[2] for line in listed.splitlines()}
    return [name for name in OBEYED if name in names]


def installer(asked: str, python: Path, settings: list[str]) -> tuple[list[str | Path], str]:
    """The command that installs, and why it is uv or pip."""
    pip: list[str | Path] = [python, "-m", "pip", "install", "--disable-pip-version-check"]
    uv = shutil.which("uv")
    if asked == "pip" or (asked == "auto" and not uv):
        return pip, ""
    if not uv:
        raise SystemExit("INSTALLER=uv: uv is not found (https://docs.astral.sh/uv).")
    if asked == "auto" and settings:
        return pip, f"pip installs, as uv would not obey pip's settings ({', '.join(settings)})."
    # uv leaves out by itself what pip does: modules are compiled once, now
    return [uv, "pip", "install", "--compile-bytecode", f"--python={python}"], "uv installs."


def torch_line(torch: Torch, version: str, installed: str) -> list[str]:
    """What is asked of the installer for torch by itself; nothing where all else brings it, or it is there."""
    if torch.build is None or (installed.split("+")[0] == version and installed.endswith("+cpu") == bool(torch.build)):
        return []
    index = ["--index-url", torch.index] if torch.index else []
    return ["--no-deps", *index, f"torch==={version}{torch.build}"]  # ===: "+cpu" is no other name of ""


def main(arguments: list[str] | None = None) -> None:
    """Make the environment, or bring it up to date."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--torch", default="auto", choices=["auto", "cpu", "cuda", "default"])
    parser.add_argument("--installer", default="auto", choices=["auto", "pip", "uv"])
    parser.add_argument(
        "--fits", choices=["wheels", "compiler"], help="say by the exit status whether this Python fits"
    )
    asked = parser.parse_args(arguments)
    version = sys.version_info[:2]
    if asked.fits:
        raise SystemExit(version not in PYTHONS or (version in COMPILED and asked.fits == "wheels"))
    system, machine = platform.system(), platform.machine()
    if lacks_compiler(version, system, machine):
        raise SystemExit(
            f"pyBigWig has no wheel for Python {version[0]}.{version[1]} on {system} ({machine}) and is compiled: a C "
            "compiler is needed, and the headers of Python and zlib.\nOn Debian and Ubuntu: apt-get install gcc "
            "python3-dev zlib1g-dev; on Fedora: dnf install gcc python3-devel zlib-devel; on macOS: xcode-select "
            "--install."
        )
    python = asked.folder / "bin" / "python"
    if not python.exists() and subprocess.run([sys.executable, "-m", "venv", asked.folder]).returncode:
        shutil.rmtree(asked.folder, ignore_errors=True)
        raise SystemExit(f"'{sys.executable} -m venv' failed: on Debian and Ubuntu, apt-get install python3-venv")
    _install(asked, python, system, machine)


def _install(asked: argparse.Namespace, python: Path, system: str, machine: str) -> None:
    settings = pip_settings(python)
    command, who = installer(asked.installer, python, settings)
    pins = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line)
    pin, here = pins["torch"], _installed_torch(python)
    if asked.torch == "auto" and here.partition("+")[0] == pin:
        torch = Torch(None, None)  # whichever build it is, it was chosen
    else:
        tag = f"cp{sys.version_info[0]}{sys.version_info[1]}"
        sources = [name for name in settings if name in SOURCES]
        torch = choose(asked.torch, sources, has_driver(), lambda: offer(CPU_INDEX, pin, tag, machine), system)
    for sentence in filter(None, (torch.why, who)):
        print(sentence, flush=True)
    alone = torch_line(torch, pin, here)
    all_else = ["-c", str(ROOT / "constraints.txt"), "-e", f"{ROOT}[notebooks,dev]"]
    for line in filter(None, (alone, all_else)):
        done = subprocess.run([*command, *line])
        if done.returncode:
            raise SystemExit(done.returncode)


def _installed_torch(python: Path) -> str:
    """The version of torch in an environment, with its build; "" if there is none."""
    code = "from importlib.metadata import version; print(version('torch'))"
    return subprocess.run([python, "-c", code], capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    main()
