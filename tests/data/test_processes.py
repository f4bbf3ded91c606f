"""data/processes: children import nothing from the working folder, say why they end, and end with their parent."""

import os
import subprocess
import sys
import textwrap
import threading

import pandas as pd
import pyBigWig
import pytest

from chromolab.data import processes
from chromolab.data.contacts.formats import read_contacts
from chromolab.data.processes import Child, Children, Program, cpus
from chromolab.data.tracks.bin_means import bin_means
from chromolab.errors import ChromolabError
from chromolab.world.simulate import simulate


def program(folder, code: str) -> Program:
    """A child that answers each request with `code`."""
    path = folder / "child.py"
    lines = "import json, os, signal, sys, time\nfor line in sys.stdin:\n    request = json.loads(line)\n"
    path.write_text(lines + textwrap.indent(textwrap.dedent(code), "    "))
    return Program(str(path), "the reader", "Copy the file again.")


def answers(folder, code: str, **request) -> list[dict]:
    with Child(program(folder, code)) as child:
        return list(child.ask("a.bw", **request))


@pytest.mark.parametrize("said", [b"\xff\xfe of a library", b"0", b"[1]"], ids=["not text", "a number", "a list"])
def test_what_a_library_writes_to_the_output_is_an_error_at_once(tmp_path, said):
    with pytest.raises(ChromolabError, match="a.bw: the reader failed .* Copy the file again"):
        answers(tmp_path, f"sys.stdout.buffer.write({said!r} + b'\\n'); sys.stdout.flush()")


# ---------------------------------------------------------------- nothing of the working folder is imported

TRAPS = ("bioframe", "chromolab", "cooler", "h5py", "json", "numpy", "pandas", "pyBigWig", "queue", "signal", "tqdm")


def _bigwig(folder):
    with pyBigWig.open(str(folder / "a.bw"), "w") as f:
        f.addHeader([("chr1", 100)])
        f.addEntries(["chr1"], [0], ends=[100], values=[3.0])
    assert bin_means(folder / "a.bw", REGION, 100, progress=False).mean.tolist() == [3.0]


def _reads(folder):
    (folder / "a.bed").write_text("chr1\t0\t50\n")
    assert bin_means(folder / "a.bed", REGION, 100, chrom_sizes={"chr1": 100}, progress=False).mean.tolist() == [0.5]


def _matrix(folder):
    cooler = pytest.importorskip("cooler")
    bins = pd.DataFrame({"chrom": "chr1", "start": [0, 50_000], "end": [50_000, 100_000]})
    cooler.create_cooler(str(folder / "a.cool"), bins, pd.DataFrame({"bin1_id": [0], "bin2_id": [1], "count": [4]}))
    assert read_contacts(folder / "a.cool", values="raw", progress=False)["frequency"].tolist() == [4.0]


def _tracks(folder):
    small = {"chromosomes": 3, "chromosome_length": 500_000, "genes": 15, "cell_types": 2}
    world = simulate(cache=folder / "worlds", progress=False, **small)
    assert len(list(world.path.rglob("*.bigwig"))) == 18  # seven marks, CTCF and PC1 of two cells


REGION = pd.DataFrame({"chrom": ["chr1"], "start": [0], "end": [100]})


@pytest.mark.slow
@pytest.mark.parametrize("kind", [_bigwig, _reads, _matrix, _tracks])
def test_no_child_imports_what_lies_in_the_working_folder(tmp_path, monkeypatch, kind):
    here = tmp_path / "here"
    here.mkdir()
    for name in TRAPS:
        (here / f"{name}.py").write_text(
            f"open({str(here / 'imported')!r}, 'a').write({name!r})\nraise SystemExit(9)\n"
        )
    monkeypatch.chdir(here)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([".", "", str(here), os.environ.get("PYTHONPATH", "")]))
    kind(tmp_path)
    assert not (here / "imported").exists()


# ---------------------------------------------------------------- the protocol


def test_a_child_answers_one_request_after_another(tmp_path):
    code = """
        for i in range(request["n"]):
            print(json.dumps({"share": i}), flush=True)
        print(json.dumps({"finished": True, "n": request["n"]}), flush=True)
    """
    with Child(program(tmp_path, code)) as child:
        for n in (0, 2, 5):
            *shares, last = child.ask("a.bw", n=n)
            assert [message["share"] for message in shares] == list(range(n)) and last == {"finished": True, "n": n}


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("""print(json.dumps({"error": "row 3 is wrong."}), flush=True)""", "a.bw: row 3 is wrong."),
        ("""print(json.dumps({"error": "a.bw, line 3: wrong."}), flush=True)""", "a.bw, line 3: wrong."),
        ("raise ValueError('chr9 has no end')", "a.bw: the reader failed (ValueError: chr9 has no end). Copy the file"),
        ("sys.exit(3)", "a.bw: the reader failed (exit status 3). Copy the file again."),
        ("print('{\"sha', end='', flush=True); sys.exit(3)", "a.bw: the reader failed (exit status 3)."),
        ("print('no JSON', flush=True); time.sleep(600)", "a.bw: the reader failed (no JSON)."),
        ("os.kill(os.getpid(), signal.SIGSEGV)", "a.bw: the reader crashed (SIGSEGV). Copy the file again."),
        ("os.kill(os.getpid(), signal.SIGKILL)", "a.bw: the reader was killed, most likely for lack of memory."),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_last_words(tmp_path, code, said):
    with pytest.raises(ChromolabError) as caught:
        answers(tmp_path, code)
    assert str(caught.value).startswith(said)


def test_a_child_that_was_dead_before_it_was_asked_says_why(tmp_path):
    with Child(program(tmp_path, "raise MemoryError('1 TB')")) as child:
        for _ in range(2):
            with pytest.raises(ChromolabError, match="MemoryError: 1 TB"):
                list(child.ask("a.bw", padding="x" * 1_000_000))


def test_a_silent_child_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "STALLED", 0.2)
    with pytest.raises(ChromolabError, match=r"^a.bw: no message from the reader in 0 s. Copy the file again.$"):
        answers(tmp_path, "time.sleep(600)")


# ---------------------------------------------------------------- the end


def test_leaving_the_block_ends_every_child(tmp_path):
    errors, sleeper = [], program(tmp_path, "print(json.dumps({'share': 0}), flush=True); time.sleep(600)")

    def work(children, started):
        try:
            with children.start(sleeper) as child:
                for _ in child.ask("a.bw"):
                    started.set()
        except ChromolabError as e:
            errors.append(str(e))

    with pytest.raises(KeyboardInterrupt):
        with Children() as children:
            running = [threading.Event() for _ in range(2)]
            threads = [threading.Thread(target=work, args=(children, started)) for started in running]
            for thread, started in zip(threads, running, strict=True):
                thread.start()
                started.wait()
            raise KeyboardInterrupt
    for thread in threads:
        thread.join()
    work(children, threading.Event())
    *killed, refused = errors
    assert len(killed) == 2 and all("was killed" in error for error in killed) and "was not started" in refused


def test_cpus_are_those_that_this_process_may_use():
    code = (
        "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})" if hasattr(os, "sched_setaffinity") else ""
    )
    script = f"{code}\nfrom chromolab.data.processes import cpus\nprint(cpus())"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert int(done.stdout) == (1 if code else cpus())
