"""world/simulate: real files, made once, the same for the same seed."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyBigWig
import pytest
from helpers.worlds import SMALL, TINY, arrays

from chromolab.data.contacts.formats import read_contacts
from chromolab.data.genes.annotation import read_annotation
from chromolab.data.genes.expression import read_expression
from chromolab.data.whole import is_whole
from chromolab.defaults import MARKS
from chromolab.errors import ChromolabError
from chromolab.world import assays
from chromolab.world import simulate as making
from chromolab.world.patterns import SCRAMBLED
from chromolab.world.simulate import simulate


def contents(folder: Path) -> dict[str, bytes]:
    files = (f for f in folder.rglob("*") if f.is_file() and f.parent.name != "datasets")
    return {f.relative_to(folder).as_posix(): f.read_bytes() for f in files}


# ---------------------------------------------------------------- files


def test_same_seed_same_bytes_and_another_seed_other_bytes(tiny_world, tmp_path):
    again = simulate(cache=tmp_path, **TINY)
    first = contents(again.path)
    made = contents(tiny_world.path)
    assert {name: made[name] for name in first} == first  # beside these, others may have kept datasets in it
    other = simulate(cache=tmp_path, **TINY | {"seed": 2})
    assert other.path != again.path
    second = contents(other.path)
    assert first.keys() == second.keys()
    same = [name for name in first if first[name] == second[name]]
    assert sorted(same) == ["chrom.sizes", "folds.json"]


def test_files_are_what_a_laboratory_would_have(world):
    sizes = world.parameters.chrom_sizes
    for cell in world.cell_types:
        assert tuple(world.tracks[cell]) == MARKS
        for path in world.tracks[cell].values():
            with pyBigWig.open(str(path)) as track:
                assert track.chroms() == sizes
                values = track.values("chr2", 0, sizes["chr2"], numpy=True)
            assert (values == np.round(values)).all(), "depth is counted in whole reads"
            assert values.min() == 0
        with pyBigWig.open(str(world.ctcf[cell])) as track:
            assert track.chroms() == sizes
        with pyBigWig.open(str(world.pc1[cell])) as track:
            runs = track.intervals("chr2")
        assert {end - start for start, end, _ in runs[:-1]} == {25_000} and runs[-1][1] == sizes["chr2"]
        values = np.array([v for *_, v in runs])
        assert values.min() < -1 and values.max() > 1 and 1 < values.std() < 2
        contacts = read_contacts(world.contacts[cell])
        assert len(contacts) > 500
        assert (contacts["frequency"] >= 1).all()
    genes = read_annotation(world.gtf)
    assert len(genes) == SMALL["genes"]
    assert (genes["end"] <= genes["chrom"].map(sizes)).all()
    assert set(genes["strand"]) == {"+", "-"}
    exons = read_annotation(world.gtf, feature="exon").set_index("gene_id")  # a gene's outer ends
    assert (exons[["start", "end"]] == genes.set_index("gene_id")[["start", "end"]]).all(axis=None)
    table = read_expression(world.expression)
    assert list(table) == world.cell_types
    assert set(table.index) == set(genes["gene_id"])


# ---------------------------------------------------------------- cache


def test_a_world_is_made_once(world, worlds, monkeypatch):
    monkeypatch.setattr(making, "generate", lambda *_: pytest.fail("made again"))
    assert simulate(cache=worlds, **SMALL).path == world.path
    monkeypatch.setenv("CHROMOLAB_CACHE", str(worlds))
    assert simulate(**SMALL).path == world.path


def test_a_damaged_world_is_made_again_and_a_damaged_dataset_too(tiny_world, tmp_path):
    cached = type(tiny_world)(shutil.copytree(tiny_world.path, tmp_path / tiny_world.path.name))
    made = contents(tiny_world.path / "tracks")
    track = cached.tracks["simA1"]["H3K27ac"]
    track.write_bytes(track.read_bytes()[:-1] + b"x")  # same size, another byte
    assert contents(simulate(cache=tmp_path, **TINY).path / "tracks") == made
    cached.gtf.unlink()
    shutil.rmtree(cached.path / "key")  # the data do not need it
    assert simulate(cache=tmp_path, **TINY).gtf.is_file()
    shutil.rmtree(cached.path / "key")
    assert simulate(cache=tmp_path, **TINY).path == cached.path and not (cached.path / "key").exists()
    whole = cached.dataset("simA1", progress=False)
    (file,) = (cached.path / "datasets").iterdir()
    file.write_bytes(file.read_bytes()[:1000])
    for a, b in zip(arrays(whole), arrays(cached.dataset("simA1", progress=False)), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_dataset_that_cannot_be_kept_is_built_all_the_same(tiny_world, tmp_path, caplog):
    cached = type(tiny_world)(shutil.copytree(tiny_world.path, tmp_path / tiny_world.path.name))
    shutil.rmtree(cached.path / "datasets", ignore_errors=True)
    (cached.path / "datasets").write_text("a file where the folder would be")
    kept = tiny_world.dataset("simA1", cached=False, progress=False)
    for a, b in zip(arrays(kept), arrays(cached.dataset("simA1", progress=False)), strict=True):
        np.testing.assert_array_equal(a, b)
    assert "is not kept there" in caplog.text


def test_two_processes_make_it_once_and_what_a_killed_one_left_goes(tmp_path):
    code = "from chromolab.world import simulate as s; made = s.generate; "
    code += "s.generate = lambda *a: (print('made', flush=True), made(*a)); "
    code += f"s.simulate(cache={str(tmp_path)!r}, **{TINY})"
    run = [sys.executable, "-c", code]
    with subprocess.Popen(run, stdout=subprocess.PIPE) as killed:
        assert killed.stdout.readline() == b"made\n"
        killed.kill()
    assert any(f.name.startswith(".making-") for f in tmp_path.iterdir())
    both = [subprocess.Popen(run, stdout=subprocess.PIPE) for _ in range(2)]
    assert sorted(p.communicate()[0] for p in both) == [b"", b"made\n"]
    (world,) = tmp_path.iterdir()  # and nothing beside it
    assert world.name.startswith("world-")


def one_of_two(tmp_path: Path, first: str, second: str, ready: str) -> tuple[subprocess.Popen, subprocess.Popen]:
    """A process that stops where it has said `ready`, until its input closes; and one that waits for it and says so."""
    pipes = dict(stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    maker = subprocess.Popen([sys.executable, "-c", first, tmp_path, json.dumps(TINY)], **pipes)
    assert maker.stdout.readline() == f"{ready}\n"
    other = subprocess.Popen([sys.executable, "-c", second, tmp_path, json.dumps(TINY)], **pipes)
    assert other.stdout.readline().startswith("Another notebook or program is ")
    return maker, other


MAKE = """
import json, sys
from chromolab.world import simulate as s
make = s.generate
def generate(*about):
    print("made", flush=True)
    sys.stdin.read()
    make(*about)
s.generate = generate
s.simulate(cache=sys.argv[1], **json.loads(sys.argv[2]) | {"progress": PROGRESS})
"""


def test_a_second_notebook_says_that_it_waits_and_takes_what_the_first_one_made(tmp_path):
    quiet, telling = MAKE.replace("PROGRESS", "False"), MAKE.replace("PROGRESS", "True")
    maker, other = one_of_two(tmp_path, quiet, telling, "made")
    assert maker.communicate()[0] == "" and other.communicate()[0] == ""
    assert maker.returncode == other.returncode == 0
    (world,) = tmp_path.iterdir()
    assert is_whole(world)


def test_a_maker_that_is_killed_leaves_no_lock_and_the_one_that_waits_makes_it(tmp_path):
    quiet, telling = MAKE.replace("PROGRESS", "False"), MAKE.replace("PROGRESS", "True")
    maker, other = one_of_two(tmp_path, quiet, telling, "made")
    maker.kill()
    maker.communicate()
    assert other.communicate()[0] == "made\n" and other.returncode == 0
    (world,) = tmp_path.iterdir()  # no lock and no half genome beside it
    assert is_whole(world)


BUILD = """
import functools, json, sys
from chromolab.world import on_disk, simulate as s
build = on_disk.build.build_dataset
@functools.wraps(build)
def built(*about, **more):
    print("built", flush=True)
    sys.stdin.read()
    return build(*about, **more)
on_disk.build.build_dataset = built
s.simulate(cache=sys.argv[1], **json.loads(sys.argv[2])).dataset(progress=PROGRESS)
"""


def test_two_notebooks_build_a_dataset_once(tiny_world, tmp_path):
    shutil.copytree(tiny_world.path, tmp_path / tiny_world.path.name, ignore=shutil.ignore_patterns("datasets"))
    first, second = BUILD.replace("PROGRESS", "False"), BUILD.replace("PROGRESS", "True")
    maker, other = one_of_two(tmp_path, first, second, "built")
    assert maker.communicate()[0] == "" and other.communicate()[0] == ""
    assert maker.returncode == other.returncode == 0
    (dataset,) = (tmp_path / tiny_world.path.name / "datasets").iterdir()
    assert dataset.suffix == ".clds"


def test_what_is_interrupted_leaves_nothing(tmp_path, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(making, "write_annotation", stop)  # after the tracks
    with pytest.raises(KeyboardInterrupt):
        simulate(cache=tmp_path, **TINY)
    assert list(tmp_path.iterdir()) == []


def test_a_child_that_fails_is_reported(tmp_path, monkeypatch):
    monkeypatch.setattr(assays, "asdict", lambda p: {"seed": -1})
    with pytest.raises(ChromolabError, match=r"(?s)child process.*seed is -1"):
        simulate(cache=tmp_path, **TINY)
    assert not list(tmp_path.glob("world-*")) + list(tmp_path.glob(".making-*"))


@pytest.mark.skipif(os.name != "posix", reason="a folder below a file")
def test_a_cache_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ChromolabError, match="CHROMOLAB_CACHE"):
        simulate(cache=tmp_path / "file", **TINY)


def test_scrambled_world_flips_what_marks_say(tiny_world, tmp_path):
    scrambled = simulate(scrambled=True, cache=tmp_path, **TINY)
    assert "scrambled" in repr(scrambled)
    assert sorted(SCRAMBLED) == sorted(SCRAMBLED.values()) == sorted(MARKS)
    assert all(mark != source for mark, source in SCRAMBLED.items())
    pd.testing.assert_frame_equal(read_expression(tiny_world.expression), read_expression(scrambled.expression))

    def says(w, mark):  # correlation of the mark at the TSS with expression
        dataset = w.dataset(cached=False, progress=False)
        near = dataset.promoter_depth(100)[:, 190:210, MARKS.index(mark)].mean(1)
        return np.corrcoef(np.log1p(near), dataset.log2_expression)[0, 1]

    assert says(tiny_world, "H3K4me3") > 0.4
    assert says(scrambled, "H3K4me3") < 0
    assert says(tiny_world, "H3K27me3") < 0
    assert says(scrambled, "H3K27me3") > 0.4


def test_importing_is_light():
    heavy = "print([m for m in ('torch', 'pyBigWig', 'plotly') if m in sys.modules])"
    code = f"import chromolab.world.simulate, sys; {heavy}"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def run(code: str, cache: Path) -> subprocess.Popen:
    """A process that makes the tiny world in `cache` and prints "made" if it was this one that did."""
    text = f"""
import json, sys
from chromolab.world import simulate as making
generate = making.generate
def told(*arguments):
    print("made", flush=True)
    return generate(*arguments)
making.generate = told
{code}
making.simulate(cache={str(cache)!r}, **json.loads({json.dumps(TINY)!r}))
"""
    return subprocess.Popen([sys.executable, "-c", text], stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_a_killed_run_leaves_nothing_that_the_next_does_not_remove(tmp_path):
    process = run("", tmp_path)
    while not list(tmp_path.glob(".making-*/tracks/*")):
        assert process.poll() is None, "it ended before it was killed"
        time.sleep(0.02)
    process.kill()
    process.communicate()
    left = list(tmp_path.glob(".making-*"))
    assert left and not list(tmp_path.glob("world-*"))
    other = simulate(cache=tmp_path, **TINY | {"seed": 8})
    assert is_whole(other.path) and not list(tmp_path.glob(".making-*"))


def test_the_setting_of_contacts_changes_only_what_follows_from_it(tiny_world, tmp_path):
    strong = simulate(cache=tmp_path, contacts="strong", **TINY)
    assert strong.gtf.read_bytes() == tiny_world.gtf.read_bytes()
    for cell in tiny_world.cell_types:
        assert strong.contacts[cell].read_bytes() == tiny_world.contacts[cell].read_bytes()
        assert strong.pc1[cell].read_bytes() == tiny_world.pc1[cell].read_bytes()
        assert strong.ctcf[cell].read_bytes() == tiny_world.ctcf[cell].read_bytes()
    assert strong.expression.read_bytes() != tiny_world.expression.read_bytes()
    assert "strong contacts" in repr(strong) and "lifelike contacts" in repr(tiny_world)


def test_at_zero_no_enhancer_does_anything(tmp_path):
    world = simulate(distal_share=0, cache=tmp_path, **TINY)
    assert not (world.key.effects["kind"] == "enhancer").any()
    assert world.key.pcres["decoy"][world.key.pcres["kind"] == "enhancer"].all()
