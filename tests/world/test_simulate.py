"""world/simulate: real files, made once, the same for the same seed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyBigWig
import pytest
from helpers.worlds import SMALL, TINY, arrays

import chromolab as cl
from chromolab.data.contacts.formats import read_contacts
from chromolab.data.genes.annotation import read_annotation
from chromolab.data.genes.expression import read_expression
from chromolab.data.tracks.bin_means import bin_means
from chromolab.defaults import MARKS
from chromolab.errors import ChromolabError
from chromolab.world import assays
from chromolab.world import simulate as making
from chromolab.world.patterns import SCRAMBLED
from chromolab.world.simulate import simulate


def contents(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


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
        contacts = read_contacts(world.contacts[cell])
        assert len(contacts) > 1000
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


def test_dataset_comes_through_the_loaders(world):
    dataset = world.dataset(cached=False, progress=False)
    assert len(dataset) == SMALL["genes"] * SMALL["cell_types"]
    assert dataset.marks == MARKS
    assert dataset.folds == [1, 2, 3, 4]
    assert dataset.labels.mean() == pytest.approx(0.5, abs=0.02)
    row = dataset.genes.iloc[7]
    window = pd.DataFrame({"chrom": [row["chrom"]], "start": [row["tss"] - 20_000], "end": [row["tss"] + 20_000]})
    mean = bin_means(world.tracks[row["cell_type"]]["H3K27ac"], window, 100, progress=False).mean
    mean = mean[::-1] if row["strand"] == "-" else mean
    np.testing.assert_allclose(dataset.promoter_depth(100)[7, :, MARKS.index("H3K27ac")], mean, rtol=1e-6)


def test_contacts_are_counted_like_the_keys_list(world):
    dataset = world.dataset(cached=False, progress=False)
    expected = world.key.pcres.groupby(["gene_id", "cell_type"]).size()
    index = pd.MultiIndex.from_frame(dataset.genes[["gene_id", "cell_type"]])
    assert (dataset.pcre >= 0).sum(1).tolist() == expected.reindex(index, fill_value=0).tolist()
    of_one = world.key.pcres.query("gene_id == @index[3][0] and cell_type == @index[3][1]")
    np.testing.assert_allclose(dataset.pcres(3)["frequency"], of_one["frequency"], atol=1e-3)
    assert dataset.pcres(3)[["start", "end"]].to_numpy().tolist() == of_one[["start", "end"]].to_numpy().tolist()


def test_captured_counts_are_those_behind_the_contacts_table(world):
    cell = world.cell_types[1]
    counts, places = world.capture_counts(cell), ["chrom1", "start1", "end1", "chrom2", "start2", "end2"]
    assert counts["count"].dtype == np.int64 and (counts["count"] >= 0).all()
    middle = (counts["start1"] + counts["end1"]) // 2, (counts["start2"] + counts["end2"]) // 2
    assert (counts["distance"] == (middle[0] - middle[1]).abs()).all() and not counts.duplicated(places).any()
    table = read_contacts(world.contacts[cell]).merge(counts, on=places, validate="one_to_one")
    assert len(table) == len(read_contacts(world.contacts[cell]))
    np.testing.assert_allclose(
        table["frequency"], table["count"] / (70 * (table["distance"] / 1e5) ** -0.85), atol=1e-4
    )
    with pytest.raises(ChromolabError, match="no cell type 'E003' in this world; it has simA1"):
        world.capture_counts("E003")


def test_cached_dataset_is_the_same_and_another_request_another(world):
    first = world.dataset("simA1", progress=False)
    again = world.dataset("simA1", progress=False)
    for a, b in zip(arrays(first), arrays(again), strict=True):
        np.testing.assert_array_equal(a, b)
    narrow = world.dataset("simA1", window=20_000, resolutions=(500,), progress=False)
    assert narrow.window == 20_000


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


def test_what_is_interrupted_leaves_nothing(tmp_path, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(making, "write_annotation", stop)  # after the tracks
    with pytest.raises(KeyboardInterrupt):
        simulate(cache=tmp_path, **TINY)
    assert list(tmp_path.iterdir()) == []


def test_a_child_that_fails_is_reported(tmp_path, monkeypatch):
    monkeypatch.setattr(assays, "asdict", lambda p: {"seed": -1})
    with pytest.raises(ChromolabError, match=r"(?s)child process.*seed -1"):
        simulate(cache=tmp_path, **TINY)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="a folder below a file")
def test_a_cache_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ChromolabError, match="CHROMOLAB_CACHE"):
        simulate(cache=tmp_path / "file", **TINY)


def test_at_zero_no_element_does_anything(tmp_path):
    world = simulate(distal_share=0, cache=tmp_path, **TINY)
    assert world.key.effects.empty
    assert world.key.pcres["decoy"].all()
    assert "distal_share 0" in repr(world)


def test_dials_leave_the_genome_in_place(tiny_world, tmp_path):
    other = simulate(distal_share=0.05, cache=tmp_path, **TINY)
    assert other.gtf.read_bytes() == tiny_world.gtf.read_bytes()
    for cell in tiny_world.cell_types:
        assert other.contacts[cell].read_bytes() == tiny_world.contacts[cell].read_bytes()


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


def test_its_datasets_are_simulated_and_so_is_what_is_made_of_them(world):
    dataset = world.dataset()
    assert dataset.origin == world.dataset(["simA1"], cached=False, progress=False).origin == "simulated"
    assert world.dataset().origin == "simulated", "from the cache"
    paired = cl.pairs(dataset, ("simA1", "simB1"))
    assert paired.origin == "simulated"
    assert "simulated" in cl.plot.profiles(paired, marks=paired.marks[:2]).layout.title.text
    own = cl.build_dataset(world.genes("simA1"), world.tracks["simA1"], progress=False)
    assert own.origin == "" and "simulated" not in cl.plot.profiles(own).layout.title.text, "nobody said so"
    named = cl.build_dataset(world.genes("simA1"), world.tracks["simA1"], origin="simulated", progress=False)
    assert named.origin == "simulated"
