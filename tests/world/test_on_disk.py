"""world/on_disk: a world's files come back through the loaders that serve one's own data."""

import json
from dataclasses import asdict

import numpy as np
import pandas as pd
import pytest
from helpers.worlds import SMALL, arrays
from scipy.stats import poisson

import chromolab as cl
from chromolab.data.contacts.formats import read_contacts
from chromolab.data.tracks.bin_means import bin_means
from chromolab.defaults import MARKS
from chromolab.errors import ChromolabError
from chromolab.world.folding import expected_reads
from chromolab.world.on_disk import World
from chromolab.world.parameters import DIALS


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
    expected = expected_reads(table["distance"].to_numpy())
    np.testing.assert_allclose(table["frequency"], table["count"] / expected, atol=1e-4)
    assert (poisson.sf(table["count"] - 1, expected) < 0.001).all() and (table["frequency"] > 1).all()
    unlisted = counts[~pd.MultiIndex.from_frame(counts[places]).isin(pd.MultiIndex.from_frame(table[places]))]
    by_chance = poisson.sf(unlisted["count"] - 1, expected_reads(unlisted["distance"].to_numpy()))
    assert (by_chance >= 0.001).all()
    with pytest.raises(ChromolabError, match="no cell type 'E003' in this world; it has simA1"):
        world.capture_counts("E003")


def test_cached_dataset_is_the_same_and_another_request_another(world):
    first = world.dataset("simA1", progress=False)
    again = world.dataset("simA1", progress=False)
    for a, b in zip(arrays(first), arrays(again), strict=True):
        np.testing.assert_array_equal(a, b)
    narrow = world.dataset("simA1", window=20_000, resolutions=(500,), progress=False)
    assert narrow.window == 20_000


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


@pytest.mark.parametrize("cells", [["simA1"], ["simB1"], ["simA1", "simB1"]], ids="+".join)
def test_a_part_of_the_kept_dataset_is_what_would_be_built(tiny_world, monkeypatch, cells):
    tiny_world.dataset(progress=False)
    built = tiny_world.dataset(cells, cached=False, progress=False)
    monkeypatch.setattr(World, "_built", lambda *_: pytest.fail("the tracks were read again"))
    part = tiny_world._part(cells, {"progress": False}, False)
    for a, b in zip(arrays(part), arrays(built), strict=True):
        np.testing.assert_array_equal(a, b)
        assert a.dtype == b.dtype
    pd.testing.assert_frame_equal(part.genes, built.genes)
    pd.testing.assert_frame_equal(part.signal.regions, built.signal.regions)
    assert part.report == built.report and part.origin == built.origin and part.scales == built.scales
    assert tiny_world._part(cells[::-1] if len(cells) > 1 else None, {}, False) is None
    assert tiny_world._part(cells, {"n_pcres": 2}, False) is None


def test_a_world_from_before_a_dial_has_it_at_rest(tiny_world, tmp_path):
    (tmp_path / "parameters.json").write_text(
        json.dumps({k: v for k, v in asdict(tiny_world.parameters).items() if k not in DIALS})
    )
    assert World(tmp_path).parameters == tiny_world.parameters


def test_whole_genes_are_kept_beside_the_windows(world):
    cell = world.cell_types[:1]
    windows, whole = world.dataset(cell, progress=False), world.dataset(cell, whole_genes=True, progress=False)
    assert windows.body is None and len(whole.body) == len(windows)
    np.testing.assert_array_equal(windows.promoter_depth(500), whole.promoter_depth(500))
    for a, b in zip(arrays(world.dataset(cell, whole_genes=True, progress=False)), arrays(whole), strict=True):
        np.testing.assert_array_equal(a, b)
    bodies = cl.data.gene_bodies(whole)
    assert (bodies["exons"] > 0).all() and (bodies["length"] >= 1).all()
