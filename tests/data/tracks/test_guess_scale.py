"""data/tracks/guess_scale: what a track's numbers are, told from their values, with the reason."""

import numpy as np
import pyBigWig
import pytest

from chromolab.data.tracks.guess_scale import guess_scale


def write_values(path, values, run=10, gaps=False, step=0):
    """A bigWig of values, each over `run` bases (and one more in every third, unless `step`), one after another.

    With `gaps`, zeros are left out.
    """
    values = np.asarray(values, float)
    width = np.full(len(values), run) if step else run + (np.arange(len(values)) % 3 == 0)
    ends = np.cumsum(width)
    keep = values != 0 if gaps else np.ones(len(values), bool)
    with pyBigWig.open(str(path), "w") as f:
        f.addHeader([("chr1", int(ends[-1]))])
        f.addEntries(
            ["chr1"] * int(keep.sum()),
            (ends - width)[keep].tolist(),
            ends=ends[keep].tolist(),
            values=values[keep].tolist(),
        )
    return path


RNG = np.random.default_rng(0)
DEPTH = np.append(RNG.poisson(2.0, 5_000), np.arange(60))
PLACES = np.where(np.arange(5_000) % 10 == 0, RNG.integers(1, 90, 5_000), 0)  # stretches with a score, far apart


@pytest.mark.parametrize(
    ("name", "values", "how", "scale", "why"),
    [
        ("a.bw", DEPTH, {}, "depth", "whole number"),
        ("a.bw", DEPTH, {"gaps": True}, "depth", "whole number"),
        ("a.bw", DEPTH, {"run": 50, "step": 50}, "counts", "one per 50 bp"),
        ("a.bw", DEPTH, {"run": 100, "step": 100, "gaps": True}, "counts", "one per 100 bp"),
        ("a.bw", DEPTH * 0.03217, {}, "unknown", "whole multiples of 0.03217"),
        ("a.bw", np.round(DEPTH**1.3, 2), {}, "unknown", "fold change, -log10 p or scaled depth"),
        ("x-H3K4me3.fc.signal.bigwig", np.round(DEPTH**1.3, 2), {}, "fold_change", "its name says"),
        ("x-H3K4me3.pval.signal.bigwig", np.round(DEPTH**1.3, 2), {}, "neg_log10_p", "its name says"),
        ("x-H3K4me3.pval.signal.bigwig", DEPTH, {}, "unknown", "but its name says neg_log10_p"),
        ("a.bw", DEPTH * 0, {}, "unknown", "fewer than"),
        ("a.bw", DEPTH[:90], {}, "unknown", "fewer than"),
        ("a.bw", DEPTH - 3.0, {}, "signed", "from -3 to 56: below 0"),
        ("foldchange.bw", np.log2((DEPTH + 1) / 3), {}, "signed", "below 0"),
        ("a.bw", PLACES > 0, {}, "calls", "no value but 1"),
        ("a.bw", PLACES > 0, {"gaps": True}, "calls", "no value but 1"),
        ("a.bw", (PLACES > 0) * 1000.0, {}, "calls", "no value but 1000"),
        ("a.bw", PLACES, {}, "calls", "hardly ever touch"),
        ("a.bw", PLACES / 7, {"gaps": True}, "calls", "hardly ever touch"),
        ("a.bw", RNG.integers(1, 16, 5_000), {"run": 200, "step": 200}, "counts", "one per 200 bp"),  # chromatin states
    ],
)
def test_guess_scale_of_files(tmp_path, name, values, how, scale, why):
    guess = guess_scale(write_values(tmp_path / name, values, **how))
    assert guess.scale == scale and why in " ".join(guess.reasons)


def test_reads_are_depth(tmp_path):
    (tmp_path / "a.bed").write_text("chr1\t5\t9\n")
    assert guess_scale(tmp_path / "a.bed").scale == "depth"


@pytest.mark.real
def test_real_tracks(real):
    guesses = {p.name: guess_scale(p) for p in sorted(real.glob("roadmap-pilot/*H3K4me3*.bigwig"))}
    assert len(guesses) == 3 and {g.scale for g in guesses.values()} == {"neg_log10_p"}
    assert guess_scale(real / "loader-fixtures/yeast/MNase.bw").scale == "unknown"
