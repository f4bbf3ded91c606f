"""The files that make the environment: they parse, and agree with one another."""

import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.version import Version
from rattler import MatchSpec

ROOT = Path(__file__).parents[2]
CONDA_NAMES = {"torch": "pytorch"}  # PyPI's name -> conda's, where they differ in more than case

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text())
CONDA = [MatchSpec(line) for line in ENVIRONMENT["dependencies"] if isinstance(line, str)]
(PIP,) = [entry["pip"] for entry in ENVIRONMENT["dependencies"] if isinstance(entry, dict)]
WANTED = [Requirement(r) for r in PROJECT["dependencies"] + PROJECT["optional-dependencies"]["notebooks"]]
PINS = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text().split("\n") if "==" in line)


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_channels_and_name():
    assert ENVIRONMENT["name"] == "chromolab"
    assert ENVIRONMENT["channels"] == ["conda-forge", "bioconda", "nodefaults"]


@pytest.mark.parametrize("wanted", WANTED, ids=lambda r: r.name)
def test_conda_brings_what_pyproject_asks_for(wanted):
    name = CONDA_NAMES.get(wanted.name, canonical(wanted.name))
    (spec,) = [s for s in CONDA if s.name.normalized == name]
    assert str(spec.version) == str(wanted.specifier)


def test_conda_brings_nothing_else():
    names = {CONDA_NAMES.get(r.name, canonical(r.name)) for r in WANTED}
    assert {s.name.normalized for s in CONDA} - names == {"python", "pip"}
    (python,) = [s for s in CONDA if s.name.normalized == "python"]
    assert str(python.version) == PROJECT["requires-python"]


def test_the_pip_section_installs_chromolab_and_nothing_more(tmp_path):
    (tmp_path / "requirements.txt").write_text("\n".join(PIP).replace("-e .", f"-e {ROOT}") + "\n")
    offline = ["install", "--dry-run", "--no-index", "--no-build-isolation"]  # all else must be installed already
    done = subprocess.run(
        [sys.executable, "-m", "pip", *offline, "-r", tmp_path / "requirements.txt"],
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "PIP_CONFIG_FILE": os.devnull},
    )
    assert done.returncode == 0, done.stderr
    assert re.search(r"^Would install chromolab-\S+$", done.stdout, re.MULTILINE), done.stdout


def test_every_requirement_is_pinned_within_its_range():
    extras = PROJECT["optional-dependencies"]
    for wanted in [*WANTED, *map(Requirement, extras["formats"] + extras["site"] + extras["dev"])]:
        if wanted.name not in ("setuptools", "chromolab"):  # each machine has its own; an extra may name another extra
            pin = {canonical(k): v for k, v in PINS.items()}[canonical(wanted.name)]
            assert wanted.specifier.contains(Version(pin)), f"{wanted} is pinned to {pin}"


def test_pins_are_exact_and_without_local_builds():
    assert all(re.fullmatch(r"[0-9][0-9a-z.]*", pin) for pin in PINS.values())
    assert len(PINS) > 100


def test_the_pins_are_what_is_tested():
    """Torch apart: which of its builds fits depends on the machine."""
    differing = {
        name: version(name) for name, pin in PINS.items() if name != "torch" and _installed(name) not in (None, pin)
    }
    assert not differing, "run `make env` (or, after an upgrade, `make constraints`)"


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except ModuleNotFoundError:
        return None


@pytest.mark.parametrize("path", [".github/workflows/ci.yml", ".pre-commit-config.yaml"])
def test_other_configuration_parses(path):
    assert yaml.safe_load((ROOT / path).read_text())


def test_the_workflow_runs_what_ci_runs_on_the_supported_pythons():
    job = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())["jobs"]["test"]
    assert job["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13"]
    assert any(step.get("run") == "bash .ci/run" for step in job["steps"])
    assert all(re.fullmatch(r"\S+@v\d+", step["uses"]) for step in job["steps"] if "uses" in step)


def test_the_workflow_of_the_site_publishes_what_make_site_makes():
    workflow = yaml.safe_load((ROOT / ".github/workflows/pages.yml").read_text())
    steps = workflow["jobs"]["publish"]["steps"]
    assert [step["run"] for step in steps if "run" in step] == ["make site"]
    (upload,) = [step for step in steps if "upload-pages-artifact" in step.get("uses", "")]
    assert upload["with"]["path"] == "site"
    assert all(re.fullmatch(r"\S+@v\d+", step["uses"]) for step in steps if "uses" in step)
    assert workflow["permissions"] == {"contents": "read", "pages": "write", "id-token": "write"}


def test_make_names_every_command_of_the_contributing_guide():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z]+)", (ROOT / "CONTRIBUTING.md").read_text()))
    assert named <= targets
    assert {"env", "lab", "run", "test", "check", "bench"} <= named
