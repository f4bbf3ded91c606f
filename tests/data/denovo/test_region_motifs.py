"""data/denovo/region_motifs: the best site of each motif at a promoter and where a pCRE's marks are highest."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch
from helpers.toys import toy_dataset, with_scores

import chromolab as cl
from chromolab.data.dataset.combine import concat
from chromolab.data.denovo.region_motifs import MotifLoader, motif_scores

pytest.importorskip("lightmotif")
pytest.importorskip("pyfaidx")


@pytest.fixture(scope="module")
def made(tiny_world):
    dataset = tiny_world.dataset(progress=False)
    return cl.data.with_motifs(dataset, tiny_world.fasta, tiny_world.motifs, threshold=5e-4)


def test_a_score_is_the_best_site_around_the_tss(tiny_world, made):
    motifs = cl.data.read_motifs(tiny_world.motifs)
    gene = made.genes.iloc[7]
    place = pd.DataFrame({"chrom": [gene["chrom"]], "start": [gene["tss"] - 300], "end": [gene["tss"] + 300]})
    sites = cl.data.motif_sites(tiny_world.fasta, motifs, place, threshold=5e-4)
    window = made.signal.regions.iloc[made.promoter[7]]
    at = ["cell_type", "chrom", "start", "end"]
    row = made.motifs[(made.motifs[at] == window[at]).all(axis=1)].iloc[0]
    for name, motif in motifs.items():
        found = sites["score"][sites["motif"] == name].max() / motif.scores.max(1).sum()
        assert row[name] == pytest.approx(0 if np.isnan(found) else found, abs=1e-4)
    assert (row[list(motifs)] > 0).any()


def test_the_sites_of_an_active_element_are_found_where_its_marks_are(tiny_world, made):
    elements, owned = tiny_world.key.elements, tiny_world.sites
    active = elements[(elements["activity"] > 0.7) & (elements["kind"] == "enhancer")]
    found = []
    for e in active.itertuples():
        middle = (e.start + e.end) // 2
        table = made.motifs[(made.motifs["cell_type"] == e.cell_type) & (made.motifs["chrom"] == e.chrom)]
        held = table[(table["start"] <= middle) & (middle < table["end"]) & (table["end"] - table["start"] < 40_000)]
        strong = owned[(owned["owner"] == e.element_id) & (owned["match"] >= 0.8)]["factor"].unique()
        found += [held[factor].iloc[0] for factor in strong] if len(held) else []
    assert len(found) >= 10 and np.mean(np.array(found) > 0.5) > 0.8


def test_motifs_are_saved_selected_and_joined(made, tmp_path):
    again = cl.load_dataset(made.save(tmp_path / "x.clds"))
    pd.testing.assert_frame_equal(again.motifs, made.compact().motifs)
    names = list(made.motifs.columns[4:])
    one = again.select([5]).compact()
    assert len(one.motifs) == 1 + (one.pcre >= 0).sum()
    rows = np.append(made.promoter[5], made.pcre[5][made.pcre[5] >= 0])
    own = np.append(one.promoter[0], one.pcre[0][one.pcre[0] >= 0])
    np.testing.assert_array_equal(motif_scores(one, names)[own], motif_scores(made, names)[rows])
    both = concat([again.select([5]).compact(), again.select([6]).compact()])
    assert np.isfinite(motif_scores(both, names)).all()
    assert made.cropped(20_000).motifs is None
    text = (tmp_path / "x.clds").read_bytes()
    with pytest.raises(cl.ChromolabError, match="not a complete chromolab dataset"):
        broken = replace(made, motifs=made.motifs.assign(CTCF=2.0))
        cl.load_dataset(broken.save(tmp_path / "y.clds"))
    assert (tmp_path / "x.clds").read_bytes() == text


@pytest.mark.parametrize("models", [1, 3])
def test_a_batch_has_the_scores_of_its_promoters_and_pcres(models):
    ds = with_scores(toy_dataset(0))
    loader = MotifLoader(ds, ds.marks, (500,), ("F2", "CTCF"))
    rows = np.random.default_rng(0).integers(0, len(ds), (models, 5))
    batch = loader.batch(rows if models > 1 else rows[0])
    scores = ds.motifs[["F2", "CTCF"]].to_numpy(np.float32)
    owner, slot = batch.owner.reshape(models, -1), batch.slot.reshape(models, -1)
    pcre = batch.more["pcre_motifs"].reshape(models, -1, 2)
    for m in range(models):
        promoter = batch.more["promoter_motifs"].reshape(models, 5, 2)[m]
        np.testing.assert_array_equal(promoter, scores[ds.promoter[rows[m]]])
        for p in range(owner.shape[1]):
            region = ds.pcre[rows[m][owner[m, p]], slot[m, p]]
            expected = scores[region] if region >= 0 else np.zeros(2)
            np.testing.assert_array_equal(pcre[m, p], expected)
    bare = MotifLoader(ds.without_contacts(), ds.marks, (500,), ("F2",)).batch([0, 1])
    assert bare.more["pcre_motifs"].shape == (0, 1) and torch.isfinite(bare.more["promoter_motifs"]).all()


def test_what_is_not_known_is_said():
    ds = toy_dataset(0)
    with pytest.raises(cl.ChromolabError, match="this dataset holds no motifs; read them"):
        motif_scores(ds, ["CTCF"])
    with pytest.raises(cl.ChromolabError, match="holds no motif 'F9'"):
        motif_scores(with_scores(ds), ["F9"])
    fewer = with_scores(ds)
    with pytest.raises(cl.ChromolabError, match="this region came later"):
        motif_scores(replace(fewer, motifs=fewer.motifs.iloc[1:]), ["CTCF"])
