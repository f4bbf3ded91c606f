"""The teaching genome: real files, one cause after another, and a key that no dataset reads."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyBigWig
import pytest
from helpers.worlds import SMALL, TINY
from hypothesis import given, settings
from hypothesis import strategies as st

import chromolab as cl
from chromolab.data.contacts.formats import read_contacts
from chromolab.data.genes.annotation import read_annotation
from chromolab.data.genes.expression import read_expression
from chromolab.data.tracks.bin_means import bin_means
from chromolab.defaults import MARKS
from chromolab.errors import ChromolabError
from chromolab.world import assays
from chromolab.world import simulate as making
from chromolab.world.assays import READ, depth_runs
from chromolab.world.folding import fold
from chromolab.world.genome import CLASSES, make_genome
from chromolab.world.levels import level_maker
from chromolab.world.parameters import BIN, Parameters
from chromolab.world.patterns import SCRAMBLED
from chromolab.world.realism import realism
from chromolab.world.regulation import calibrate, regulate
from chromolab.world.simulate import simulate


def contents(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


def arrays(dataset) -> list[np.ndarray]:
    return [dataset.signal.depth, dataset.signal.offsets, dataset.promoter, dataset.pcre, dataset.frequency]


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


def test_folds_share_no_chromosome_and_cover_all(world):
    chromosomes = [c for fold in world.folds.values() for c in fold]
    assert sorted(chromosomes) == sorted(world.parameters.chrom_sizes)
    assert Parameters().folds == {1: ("chr1", "chr2"), 2: ("chr3", "chr4"), 3: ("chr5", "chr6"), 4: ("chr7", "chr8")}


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


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"distal_share": 0.9}, "distal_share is 0.9"),
        ({"chromosomes": 2}, "at least 3"),
        ({"chromosome_length": 750_050}, "multiple of 100"),
        ({"lineages": 9}, "lineages"),
        ({"genes": 5_000, "chromosome_length": 2_000_000}, "too dense"),
        ({"seed": -1}, "seed"),
    ],
)
def test_impossible_parameters_are_refused(tmp_path, wrong, told):
    with pytest.raises(ChromolabError, match=told):
        simulate(cache=tmp_path, progress=False, **wrong)


# ---------------------------------------------------------------- the key


def test_deleting_the_key_changes_no_tensor(world, tmp_path):
    copy = type(world)(shutil.copytree(world.path, tmp_path / world.path.name))
    shutil.rmtree(copy.path / "key")
    with pytest.raises(ChromolabError, match="the answer key is missing"):
        _ = copy.key
    kept, gone = (w.dataset(cached=False, progress=False) for w in (world, copy))
    for a, b in zip(arrays(kept), arrays(gone), strict=True):
        np.testing.assert_array_equal(a, b)
    pd.testing.assert_frame_equal(kept.genes, gone.genes)


def test_no_name_in_the_files_tells_the_class(world):
    genes = read_annotation(world.gtf).merge(world.key.genes.drop_duplicates("gene_id"), on="gene_id")
    assert genes["gene_name"].str.fullmatch(r"Gene\d+").all()
    assert genes["gene_id"].str.fullmatch(r"SIMG\d+").all()


def test_h3k36me3_is_read_out_and_promoter_marks_are_not(world):
    key = world.key
    effect = key.marks.pivot_table("effect", ["gene_id", "cell_type"], "mark")
    assert (effect["H3K36me3"] == 0).all()
    state = key.genes.set_index(["gene_id", "cell_type"])["state"].reindex(effect.index)
    assert (effect["H3K27ac"][state == "active"] < -0.5).all()
    assert (effect["H3K27me3"][state == "bivalent"] > 0.5).all()
    assert (effect["H3K27ac"][state == "closed"] == 0).all()


def test_effects_have_the_sign_of_their_cause(world):
    effects = world.key.effects
    assert (effects.loc[effects["kind"] == "enhancer", "effect"] < 0).all()
    assert (effects.loc[effects["kind"] == "silencer", "effect"] > 0).all()
    assert set(effects["kind"]) == {"enhancer", "silencer"}


def test_every_class_and_decoy_is_there(world):
    key = world.key
    assert set(key.genes["gene_class"]) == set(CLASSES)
    assert {"active", "bivalent", "closed"} <= set(key.genes["state"])
    assert key.elements["decoy"].any(), "bright elements that touch no promoter"
    empty = key.pcres[key.pcres["kind"] == ""]
    assert len(empty)
    assert empty["decoy"].all(), "contacted fragments that do nothing"
    driven = key.pcres[~key.pcres["decoy"]]
    assert driven["kind"].isin(["enhancer", "silencer"]).all()
    seen = key.effects[key.effects["seen"]]
    assert len(seen.merge(driven, on=["gene_id", "cell_type", "element_id"])) == len(seen)


def test_effect_is_what_simulating_without_the_element_gives():
    p = Parameters(
        seed=3, genes=120, chromosomes=4, chromosome_length=2_000_000, enhancers=240, silencers=40, anchors=60
    )
    genome = make_genome(p)
    folding = fold(genome)
    made, _ = calibrate(regulate(genome, folding), folding, level_maker(p), 0.15)
    pairs = folding.by_gene()
    row = int(np.abs(made.weight).sum(1).argmax())
    gene = int(pairs["gene"].iloc[row])
    total = made.total.copy()
    total[gene] -= made.weight[row]
    edited = type(made)(made.state, made.strength, made.activity, total, made.weight, made.decay, made.beta)
    shift = made.beta * (edited.centre - made.centre)  # the key edits one gene; here the mean of all moved with it
    expected = edited.transcription()[gene] + shift * (made.state[gene] <= 1)
    found = made.transcription_without(np.array([gene]), made.weight[[row]])[0]
    is_open = made.state[gene] <= 1
    assert is_open.any()
    np.testing.assert_allclose(found[is_open], expected[is_open], atol=0.02)


# ---------------------------------------------------------------- the dial


@pytest.mark.parametrize("share", [0.0, 0.1, 0.15])
def test_oracle_gains_what_was_asked(share):
    p = Parameters(seed=5, distal_share=share)
    genome = make_genome(p)
    folding = fold(genome)
    regulation, oracle = calibrate(regulate(genome, folding), folding, level_maker(p), share)
    assert oracle["window + contacts"] - oracle["window"] == pytest.approx(share, abs=0.005)
    assert oracle["window"] < oracle["everything"] <= 1
    assert oracle["window + contacts"] <= oracle["everything"] + 0.005
    assert (regulation.beta == 0) == (share == 0)


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


# ---------------------------------------------------------------- reads


@given(st.lists(st.integers(0, 400), min_size=1, max_size=60))
@settings(deadline=None)
def test_runs_keep_every_bins_bases_and_are_whole_and_merged(reads):
    bases = np.array(reads) * READ
    starts, ends, depth = depth_runs(bases)
    assert starts[0] == 0
    assert ends[-1] == len(bases) * BIN
    np.testing.assert_array_equal(starts[1:], ends[:-1])
    assert (ends > starts).all()
    assert (np.diff(depth) != 0).all()
    per_base = np.repeat(depth, ends - starts)
    np.testing.assert_array_equal(per_base.reshape(-1, BIN).sum(1), bases)
    assert np.ptp(per_base.reshape(-1, BIN), axis=1).max() <= 1


# ---------------------------------------------------------------- size, realism, import


@pytest.mark.slow
def test_default_world_resembles_real_h1(real, worlds):
    world = simulate(cache=worlds, progress=False)
    table = realism(world, real)
    sim = table["simulated"]
    of_real = table["real, half 2"]
    assert sim["zero bins"].between(0.22, 0.52).all(), "real: 0.30 to 0.47"
    assert sim["mean depth"].between(0.25, 1.9).all(), "real: 0.36 to 1.14"
    ratio = sim["variance / mean"] / of_real["variance / mean"]
    assert ratio.between(0.4, 2.5).all()
    assert sim["correlation", "H3K4me3, H3K9ac"] == pytest.approx(0.69, abs=0.1)
    assert sim["correlation", "H3K4me3, H3K36me3"] == pytest.approx(0.04, abs=0.08)
    assert 0.74 < sim["label agreement", "lowest pair of cell types"]
    assert sim["label agreement", "highest pair of cell types"] < 0.93
    assert 4 <= sim["pCREs", "mean per gene"] <= 6
    assert 0.05 <= sim["pCREs", "genes without"] <= 0.25
    assert json.loads((world.path / "key" / "oracle.json").read_text())["asked"] == 0.15


def test_realism_of_a_dataset_without_real_data(world, monkeypatch):
    monkeypatch.delenv("CHROMOLAB_REAL_DATA", raising=False)
    table = realism(world.dataset("simA1", progress=False))
    assert list(table) == ["simulated"]
    assert np.isfinite(table["simulated"]).all()
    with pytest.raises(ChromolabError, match="h1-demo"):
        realism(world.dataset("simA1", progress=False), world.path)


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
