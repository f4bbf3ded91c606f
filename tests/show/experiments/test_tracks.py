"""show/experiments/tracks: datasets with one more track, by the words of a cell of parameters."""

import pytest

import chromolab as cl
from chromolab.show.experiments import tracks
from chromolab.show.experiments.tracks import with_track


@pytest.fixture
def teaching(monkeypatch, world):
    """The small genome of the tests in the place of the teaching genome."""
    monkeypatch.setattr(tracks, "simulate", lambda **_: world)
    return world


def test_the_teaching_genomes_tracks_stand_last(teaching):
    ds, name = with_track("teaching", "PC1", cell_types=["simA1"])
    assert name == "PC1" and ds.marks == (*teaching.marks, "PC1") and ds.transforms == {"PC1": "none"}
    ds, name = with_track("teaching", "H3K4me3", cell_types=["simA1"])
    assert name == ds.marks[-1] == "H3K4me3" and len(ds.marks) == 7


def test_a_file_is_a_track_named_after_it(teaching):
    path = str(teaching.path / "tracks" / "{cell}-CTCF.bigwig")
    ds, name = with_track("teaching", path)
    assert name == "CTCF" and ds.marks[-1] == "CTCF"
    with pytest.raises(cl.ChromolabError, match="track is 'CTFC', and there is no file CTFC; expected a path, or one"):
        with_track("teaching", "CTFC")


@pytest.mark.real
def test_real_genes_with_ctcf(real):
    ds, _ = with_track("h1-demo", "CTCF", real_data=str(real))
    assert len(ds) == 60 and ds.folds == [1, 2, 3, 4] and ds.scales["CTCF"] == "calls" and ds.origin == "measured"
    at_tss = ds.promoter_depth()[:, 199:201, -1].mean()
    assert at_tss > 2 * ds.promoter_depth()[..., -1].mean(), "CTCF binds promoters more often than their surroundings"
    ds, _ = with_track("chr11", "CTCF", real_data=str(real), cell_types=["K562"])
    assert ds.marks[-1] == "CTCF" and len(ds.marks) == 9 and len(ds) > 1000
