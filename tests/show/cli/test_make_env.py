"""show/cli/make_env: which build of torch comes, from where, and by what; with an index of its own, no real one."""

import io
import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from helpers.faulty_server import Fault, Server
from helpers.house import ROOT

from chromolab.show.cli import make_env
from chromolab.show.cli.make_env import choose, installer, lacks_compiler, offer

TAG = f"cp{sys.version_info[0]}{sys.version_info[1]}"
DRIVER = {"NVIDIA": "proc/driver/nvidia/version", "Windows' own, under WSL": "usr/lib/wsl/lib/libcuda.so.1"}


def wheel(name: str, version: str, requires: str = "") -> tuple[bytes, bytes]:
    """A package with metadata and nothing else; and its metadata."""
    asked = f"Requires-Dist: {requires}\n" if requires else ""
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{asked}"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        folder = f"{name}-{version}.dist-info"
        packed.writestr(f"{folder}/METADATA", metadata)
        packed.writestr(
            f"{folder}/WHEEL", "Wheel-Version: 1.0\nGenerator: a test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        packed.writestr(f"{folder}/RECORD", "")
    return content.getvalue(), metadata.encode()


def page(*names: str) -> bytes:
    """An index's page of some wheels; their metadata lie beside them."""
    links = (f'<a href="/{name.replace("+", "%2B")}" data-core-metadata="true">{name}</a><br>\n' for name in names)
    return "".join(links).encode()


@pytest.fixture
def server():
    """PyPI, as /simple, whose torch needs CUDA; and PyTorch's index of builds for the CPU, as /cpu."""
    cpu = f"torch-2.9.0+cpu-{TAG}-{TAG}-manylinux_2_28_x86_64.whl"
    wheels = {
        "torch-2.9.0-py3-none-any.whl": wheel("torch", "2.9.0", "cuda"),
        "torch-3.0.0-py3-none-any.whl": wheel("torch", "3.0.0", "cuda"),
        "cuda-13-py3-none-any.whl": wheel("cuda", "13"),
        cpu.replace("+", "%2B"): wheel("torch", "2.9.0+cpu"),
    }
    files = {
        "/simple/torch/": page(*list(wheels)[:2]),
        "/simple/cuda/": page("cuda-13-py3-none-any.whl"),
        "/cpu/torch/": page(cpu, cpu.replace("+cpu", "+cu130")),
    }
    for name, (content, metadata) in wheels.items():
        files |= {f"/{name}": content, f"/{name}.metadata": metadata}
    with Server(files) as started:
        started.usual = Fault(headers={"Content-Type": "text/html"})
        yield started


def offered(server: Server, python: str = TAG, machine: str = "x86_64", patience: float = 5, version: str = "2.9.0"):
    return offer(f"{server.address}/cpu", version, python, machine, patience)


def test_the_index_offers_the_build_of_this_python_and_machine(server):
    assert offered(server) == ""
    assert "no torch 2.9.0 for cp39 and x86_64" in offered(server, python="cp39")
    assert f"no torch 2.9.0 for {TAG} and aarch64" in offered(server, machine="aarch64")
    assert "no torch 2.9.1" in offered(server, version="2.9.1")


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (Fault(status=404), "404"),
        (Fault(status=503), "503"),
        (Fault(body=b"<html>Log in to this network</html>"), "has no torch 2.9.0"),
        (Fault(body=b"\xff\xfe\xfa"), "did not answer"),
        (Fault(cut=0, stall=30), "did not answer within 0.3 s"),
        (Fault(pace=0.2, piece=1), "did not answer within 0.3 s"),  # no single read takes long
        (Fault(slow_head=0.2), "did not answer within 0.3 s"),
        (Fault(cut=7), "did not answer"),
    ],
    ids=["404", "503", "portal", "binary", "hangs", "drips", "drips-headers", "breaks-off"],
)
def test_an_index_that_fails_is_left_and_said(server, fault, says):
    server.faults["/cpu/torch/"] = [fault]
    assert says in offered(server, patience=0.3 if "within" in says else 5)


def test_an_index_that_is_not_there(server):
    assert "did not answer" in offer("http://127.0.0.1:9/cpu", "2.9.0", TAG, "x86_64", 5)


def never() -> str:
    raise AssertionError("the index is asked")


def nothing_wrong() -> str:
    return ""


def gone() -> str:
    return "the index did not answer"


def test_without_a_driver_the_build_for_the_cpu_comes_from_pytorchs_index():
    torch = choose("auto", [], False, nothing_wrong, "Linux")
    assert (torch.build, torch.index) == ("+cpu", make_env.CPU_INDEX)


def test_without_the_index_pips_build_comes_and_its_size_is_said():
    torch = choose("auto", [], False, gone, "Linux")
    assert torch[:2] == (None, None)
    assert "the index did not answer" in torch.why and "GB to download" in torch.why


def test_with_a_driver_nothing_is_asked_and_cudas_build_comes():
    torch = choose("auto", [], True, never, "Linux")
    assert torch[:2] == (None, None) and "NVIDIA" in torch.why and "GB" in torch.why


def test_pips_own_sources_are_obeyed():
    torch = choose("auto", ["find-links"], False, never, "Linux")
    assert torch[:2] == (None, None) and "find-links" in torch.why


@pytest.mark.parametrize("system", ["Darwin", "Windows"])
@pytest.mark.parametrize("asked", ["auto", "cpu", "default"])
def test_other_systems_are_left_alone(system, asked):
    assert choose(asked, [], False, never, system) == (None, None, "")


def test_what_is_asked_for_by_name_is_never_replaced():
    assert choose("cpu", ["find-links"], True, nothing_wrong, "Linux").build == "+cpu"
    assert choose("cuda", [], False, never, "Linux").build == ""
    assert choose("default", [], False, never, "Linux") == (None, None, "")
    with pytest.raises(SystemExit, match=r"TORCH=cpu: the index did not answer\. TORCH=default"):
        choose("cpu", [], False, gone, "Linux")
    with pytest.raises(SystemExit, match=r"TORCH=cuda: .* this is Darwin"):
        choose("cuda", [], False, never, "Darwin")


@pytest.mark.parametrize("file", DRIVER.values(), ids=DRIVER)
def test_a_driver_is_found_by_what_it_leaves(tmp_path, file):
    assert not make_env.has_driver(tmp_path)
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).write_text("")
    assert make_env.has_driver(tmp_path)


def test_uv_installs_where_no_setting_of_pip_is_lost(monkeypatch):
    python = Path("env/bin/python")
    monkeypatch.setattr(make_env.shutil, "which", lambda _: "/usr/bin/uv")
    assert installer("auto", python, [])[0][0] == "/usr/bin/uv"
    command, why = installer("auto", python, ["find-links", "cert"])
    assert command[0] == python and "find-links, cert" in why
    assert installer("uv", python, ["find-links"])[0][0] == "/usr/bin/uv"
    assert installer("pip", python, [])[0][0] == python
    monkeypatch.setattr(make_env.shutil, "which", lambda _: None)
    assert installer("auto", python, []) == (installer("pip", python, [])[0], "")
    with pytest.raises(SystemExit, match="uv is not found"):
        installer("uv", python, [])


@pytest.fixture
def plain_pip(monkeypatch):
    """pip without settings, and no other installer's."""
    for name in [name for name in os.environ if name.startswith(("PIP_", "UV_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)


def test_pips_settings_are_read_from_its_files_and_from_variables(tmp_path, monkeypatch, plain_pip):
    python = Path(sys.executable)
    assert make_env.pip_settings(python) == []
    (tmp_path / "pip.conf").write_text("[global]\nindex-url = http://a/simple\n[install]\nno-binary = :none:\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    monkeypatch.setenv("PIP_FIND_LINKS", "wheels=here")
    monkeypatch.setenv("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    assert {"index-url", "find-links", "no-binary"} <= set(make_env.pip_settings(python))  # the machine may have more


def test_a_compiler_is_asked_for_only_where_there_is_no_wheel():
    assert not lacks_compiler((3, 13), "Linux", "x86_64", cc="no-such-compiler")
    for version, system, machine in [
        ((3, 14), "Linux", "x86_64"),
        ((3, 12), "Darwin", "arm64"),
        ((3, 11), "Linux", "aarch64"),
    ]:
        assert lacks_compiler(version, system, machine, cc="no-such-compiler")
        assert lacks_compiler(version, system, machine, cc="false")
        assert not lacks_compiler(version, system, machine, cc="true")


def test_this_python_fits_and_each_that_is_supported_is_named():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    least, most = make_env.PYTHONS[0], make_env.PYTHONS[-1]
    assert project["requires-python"] == f">={least[0]}.{least[1]},<{most[0]}.{most[1] + 1}"
    named = [f"{a}.{b}" for a, b in make_env.PYTHONS]
    whole = [f"{a}.{b}" for a, b in make_env.PYTHONS if (a, b) not in make_env.COMPILED]  # with every package
    assert [c.rpartition(" ")[2] for c in project["classifiers"] if "Python :: 3." in c] == whole
    matrix = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())["jobs"]["test"]["strategy"]["matrix"]
    assert matrix["python"] == whole
    makefile = (ROOT / "Makefile").read_text().partition("PYTHONS := ")[2].splitlines()[0].split()
    assert sorted(makefile) == ["python3", *(f"python{n}" for n in named)]


@pytest.mark.parametrize(
    ("version", "wheels", "compiler"),
    [((3, 10), 1, 1), ((3, 11), 0, 0), ((3, 13), 0, 0), ((3, 14), 1, 0), ((3, 15), 1, 1)],
)
def test_which_pythons_fit(monkeypatch, version, wheels, compiler):
    monkeypatch.setattr(make_env.sys, "version_info", (*version, 0))
    for rule, status in (("wheels", wheels), ("compiler", compiler)):
        with pytest.raises(SystemExit) as ended:
            make_env.main(["--fits", rule])
        assert ended.value.code == status


# A project whose backend needs nothing, so that nothing but torch comes from an index.
BACKEND = """
import base64, os, zipfile
def build_editable(folder, *_):
    with zipfile.ZipFile(os.path.join(folder, "chromolab-0.1-py3-none-any.whl"), "w") as packed:
        packed.writestr("chromolab-0.1.dist-info/METADATA",
            "Metadata-Version: 2.1\\nName: chromolab\\nVersion: 0.1\\nProvides-Extra: dev\\n"
            "Provides-Extra: notebooks\\nRequires-Dist: torch\\n")
        packed.writestr("chromolab-0.1.dist-info/WHEEL",
            "Wheel-Version: 1.0\\nGenerator: a test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        packed.writestr("chromolab-0.1.dist-info/RECORD", "")
    return "chromolab-0.1-py3-none-any.whl"
build_wheel = build_editable
"""


@pytest.fixture
def machine(tmp_path, monkeypatch, server, plain_pip):
    """Linux on x86_64 without a driver, the toy project, both indexes, and an environment that is used again."""
    project = tmp_path / "project"
    project.mkdir()
    (project / "backend.py").write_text(BACKEND)
    (project / "constraints.txt").write_text("# exact\ntorch==2.9.0\n")
    (project / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n[project]\n'
        'name = "chromolab"\ndynamic = ["version", "dependencies", "optional-dependencies"]\n'
    )
    for name, value in {
        "ROOT": project,
        "CPU_INDEX": f"{server.address}/cpu",
        "PATIENCE": 5,
        "has_driver": lambda: False,
        "pip_settings": lambda _: [],
    }.items():
        monkeypatch.setattr(make_env, name, value)
    monkeypatch.setattr(make_env.platform, "system", lambda: "Linux")
    monkeypatch.setattr(make_env.platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(make_env, "lacks_compiler", lambda *_: False)
    for tool in ("PIP", "UV"):
        monkeypatch.setenv(f"{tool}_INDEX_URL", f"{server.address}/simple")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    monkeypatch.setenv("UV_OFFLINE", "0")
    return tmp_path / "env"


def made(folder: Path, *arguments: str) -> dict[str, str]:
    """{package: version} of the environment that is made."""
    make_env.main([str(folder), *arguments])
    code = "from importlib.metadata import distributions; [print(d.name, d.version) for d in distributions()]"
    listed = subprocess.run([folder / "bin" / "python", "-c", code], capture_output=True, text=True, check=True).stdout
    return {name: version for name, version in map(str.split, listed.splitlines()) if name not in ("pip", "setuptools")}


@pytest.mark.slow
@pytest.mark.parametrize("by", ["pip", "uv"])
def test_the_environment_has_the_build_that_was_chosen(machine, server, capfd, by):
    """One environment, made four times: pip takes a while to be brought into one."""
    if by == "uv" and not make_env.shutil.which("uv"):
        pytest.skip("uv is not installed")
    cuda = {"chromolab": "0.1", "torch": "2.9.0", "cuda": "13"}
    server.faults["/cpu/torch/"] = [Fault(status=403)]
    assert made(machine, "--installer", by) == cuda
    assert "403" in capfd.readouterr().out
    assert made(machine, "--installer", by) == cuda
    assert server.asked("/cpu/torch/") == [""], "asked once: what was chosen stands"
    assert made(machine, "--installer", by, "--torch", "cpu") == cuda | {"torch": "2.9.0+cpu"}
    assert "torch for the CPU" in capfd.readouterr().out
    assert made(machine, "--installer", by, "--torch", "cuda") == cuda


def test_a_python_without_venv_leaves_no_folder_and_says_what_to_install(machine, monkeypatch):
    monkeypatch.setattr(make_env.sys, "executable", "false")
    with pytest.raises(SystemExit, match="apt-get install python3-venv"):
        make_env.main([str(machine)])
    assert not machine.exists()
