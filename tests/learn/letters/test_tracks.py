"""learn/letters/tracks: which regions are learnt from, and motifs found again in tracks that follow them."""

import numpy as np
import pandas as pd
import pytest
import torch

import chromolab as cl
from chromolab.data.sequence.fasta import encode, other_strand
from chromolab.errors import ChromolabError
from chromolab.learn.letters.tracks import fit_sequence, predict_tracks, strongest_filter, track_r, track_regions
from chromolab.models.sequence.letters import SequenceModel

WORD = "TGGCCACTAGGC"


@pytest.fixture(scope="module")
def planted():
    """Letters in half of which a word stands, on either strand; a track that follows it, and one of noise."""
    rng = np.random.default_rng(0)
    texts = ["".join(rng.choice(list("ACGT"), 120)) for _ in range(600)]
    has = rng.random(600) < 0.5
    for i in np.flatnonzero(has):
        at, word = rng.integers(0, 108), WORD if rng.random() < 0.5 else other_strand(WORD)
        texts[i] = texts[i][:at] + word + texts[i][at + 12 :]
    values = np.stack([2.0 * has + rng.normal(0, 0.3, 600), rng.normal(5, 2, 600)], 1)
    return encode(texts), values.astype(np.float32)


@pytest.mark.parametrize("motifs", [None, "known"])
def test_a_track_that_follows_a_motif_is_learnt(planted, motifs):
    letters, values = planted
    known = None if motifs is None else [cl.data.Motif("M", np.where(encode([WORD])[0].T > 0, 0.97, 0.01), 100.0)]
    model = SequenceModel(["follows", "noise"], known, filters=8, width=14, seed=0)
    told = fit_sequence(
        model, letters[:400], values[:400], validation=(letters[400:], values[400:]), epochs=12, lr=1e-2
    )
    guess = predict_tracks(model, letters[400:])
    assert track_r(guess, values[400:])[0] > 0.85
    assert told["follows"].iloc[-1] > 0.85 and told["loss"].iloc[-1] < told["loss"].iloc[0]
    assert abs(guess[:, 1].mean() - 5) < 1  # in the track's own unit
    number = strongest_filter(model, letters[:400], "follows")
    found = model.motif(number, torch.from_numpy(letters[:400])).consensus
    assert any(WORD[2:-2] in text for text in (found, other_strand(found)))


def test_what_does_not_fit_is_refused(planted):
    letters, values = planted
    model = SequenceModel(["follows", "noise"], filters=2, width=5)
    for wrong in ((letters, values[:-1]), (letters, values[:, :1]), (letters[:9], values[:9])):
        with pytest.raises(ChromolabError, match="expected 32 or more regions"):
            fit_sequence(model, *wrong)
    with pytest.raises(ChromolabError, match="no track 'other'"):
        strongest_filter(model, letters[:40], "other")


def test_regions_hold_the_peaks_and_as_many_quiet_places(tiny_world):
    cell = tiny_world.cell_types[0]
    regions = track_regions({"CTCF": tiny_world.ctcf[cell]}, tiny_world.parameters.chrom_sizes, share=0.02)
    assert {"chrom", "start", "end", "CTCF"} == set(regions)
    assert (regions["end"] - regions["start"] == 1_000).all()
    high = regions["CTCF"] > regions["CTCF"].median()
    sites = tiny_world.sites[tiny_world.sites["factor"] == "CTCF"]
    held = [
        ((sites["chrom"] == r.chrom) & (sites["start"] >= r.start - 500) & (sites["end"] <= r.end + 500)).any()
        for r in regions.itertuples()
    ]
    held = pd.Series(held)
    assert held[high.to_numpy()].mean() > 3 * held[~high.to_numpy()].mean()
    assert len(
        track_regions({"CTCF": tiny_world.ctcf[cell]}, tiny_world.parameters.chrom_sizes, share=0.02, quiet=0)
    ) < len(regions)
    with pytest.raises(ChromolabError, match="0 tracks"):
        track_regions({}, tiny_world.parameters.chrom_sizes)
