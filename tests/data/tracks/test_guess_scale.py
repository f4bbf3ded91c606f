"""data/tracks/guess_scale: what a track's numbers are, told from their values, with the reason."""

import numpy as np
import pyBigWig
import pytest

from chromolab.data.tracks.bin_means import BinMeans
from chromolab.data.tracks.guess_scale import guess_scale, judge


@pytest.mark.parametrize(
    ("name", "values", "scale", "why"),
    [
        ("a.bw", np.arange(3000) / 100, "depth", "whole number"),
        ("E003-H3K4me3.fc.signal.bigwig", np.arange(3000) / 97, "fold_change", "its name"),
        ("E003-H3K4me3.pval.signal.bigwig", np.arange(3000) / 97, "neg_log10_p", "its name"),
        ("E003-H3K4me3.pval.signal.bigwig", np.arange(3000) / 100, "unknown", "but its name says neg_log10_p"),
        ("a.bw", np.arange(3000) / 97, "unknown", "scaled depth"),
        ("a.bw", np.arange(-10, 3000) / 100, "unknown", "negative"),
        ("a.bw", np.arange(300) / 100, "unknown", "fewer than"),
        ("a.bw", np.full(3000, np.nan), "unknown", "fewer than"),
    ],
)
def test_judge(name, values, scale, why):
    covered = np.where(np.isnan(values), 0, 100).astype(np.int32)
    guess = judge(BinMeans(values, covered, np.array([0, len(values)])), name)
    assert guess.scale == scale and why in " ".join(guess.reasons)


def write_values(path, values, run=10):
    """A bigWig of values, each over `run` bases, without gaps."""
    starts, values = np.arange(len(values)) * run, values.astype(float)
    with pyBigWig.open(str(path), "w") as f:
        f.addHeader([("chr1", len(values) * run)])
        f.addEntries(
            ["chr1"] * len(values), starts.tolist(), ends=(starts + run).tolist(), values=list(map(float, values))
        )
    return path


@pytest.mark.parametrize(
    ("name", "of", "scale", "why"),
    [
        ("a.bw", lambda n: n, "depth", "whole number"),
        ("a.bw", lambda n: n * 0.03217, "unknown", "whole multiples of 0.03217"),
        ("a.bw", lambda n: np.round(n**1.3, 2), "unknown", "fold change, -log10 p or scaled depth"),
        ("x-H3K4me3.fc.signal.bigwig", lambda n: np.round(n**1.3, 2), "fold_change", "its name says"),
        ("a.bw", lambda n: n * 0, "unknown", "fewer than"),
        ("a.bw", lambda n: n - 3.0, "unknown", "negative"),
    ],
)
def test_guess_scale_of_files(tmp_path, name, of, scale, why):
    counts = np.append(np.random.default_rng(0).poisson(2.0, 5_000), np.arange(60)).astype(float)
    guess = guess_scale(write_values(tmp_path / name, of(counts)))
    assert guess.scale == scale and why in " ".join(guess.reasons)


def test_reads_are_depth(tmp_path):
    (tmp_path / "a.bed").write_text("chr1\t5\t9\n")
    assert guess_scale(tmp_path / "a.bed").scale == "depth"


@pytest.mark.real
def test_real_tracks(real):
    guesses = {p.name: guess_scale(p) for p in sorted(real.glob("roadmap-pilot/*H3K4me3*.bigwig"))}
    assert len(guesses) == 3 and {g.scale for g in guesses.values()} == {"neg_log10_p"}
    assert guess_scale(real / "loader-fixtures/yeast/MNase.bw").scale == "unknown"
