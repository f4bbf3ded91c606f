"""A few damaged inputs for every reader; tests/bench/campaign_mutations.py does ten thousand."""

import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))

from campaign_mutations import damaged, outcome, rows_of, run_kind  # noqa: E402
from damage import KINDS, mutate, rows_hold  # noqa: E402

SLOW = ("cool", "bigWig", "BAM", "tagAlign", "bedGraph")  # read by a process of their own, a second or so each


@pytest.mark.parametrize("name", [k for k in KINDS if k not in SLOW])
@pytest.mark.filterwarnings("error")
def test_damaged_inputs_are_refused_or_answered_sanely(tmp_path, name):
    kind = KINDS[name]
    path = kind.write(tmp_path)
    whole = path.read_bytes()
    sound = kind.read(path)
    said = Counter()
    for seed in range(50_000, 50_025):
        data, how, short = damaged(kind, whole, seed)
        said[what := outcome(kind, path, data, short, rows_of(kind, sound, whole, data, how))] += 1
        assert not what.startswith("FAULT"), f"seed {seed} ({how}): {what}"
    assert said["refused"] > 0


@pytest.mark.parametrize("name", SLOW)
def test_damaged_inputs_of_readers_with_a_process_of_their_own(name):
    result = run_kind(name, 50_000, 50_003)
    assert result.faults == [] and sum(result.counts.values()) == 3


def test_the_campaign_notices_what_it_looks_for(tmp_path, monkeypatch):
    """It notices an exception, a wrong answer, a file cut short that passes as complete, and a crash in a child."""
    kind = KINDS["chrom.sizes"]
    path = kind.write(tmp_path)

    def reader(act):
        return kind.__class__(kind.write, act)

    def wrong(path):
        assert path.read_bytes() == b"what it was"

    assert outcome(reader(lambda path: 1 / 0), path, b"x", False).startswith("FAULT ZeroDivisionError at")
    assert outcome(reader(wrong), path, b"x", False).startswith("FAULT a wrong answer, wrong line")
    assert outcome(reader(lambda path: None), path, b"x", True) == "FAULT a file cut short was taken for whole"
    assert outcome(reader(lambda path: None), path, b"x", False) == "answered"
    monkeypatch.setenv("CHROMOLAB_CAMPAIGN_CRASH", "50001")
    result = run_kind("chrom.sizes", 50_000, 50_003)
    assert [f.partition(" (")[0] for f in result.faults] == ["chrom.sizes, seed 50001"]
    assert "the process ended with -6" in result.faults[0] and sum(result.counts.values()) == 3


def test_rows_that_were_not_touched_are_watched(tmp_path):
    kind = KINDS["bedpe"]
    path = kind.write(tmp_path)
    whole, sound = path.read_bytes(), kind.read(path)
    lines = whole.split(b"\n")
    data = b"\n".join([lines[0].replace(b"1.5", b"7"), *lines[1:]])
    rows_hold(sound, sound.assign(frequency=[7.0, *sound["frequency"][1:]]), whole, data, "word")
    for how, wrong, damaged_ in (
        ("word", sound.assign(start1=sound["start1"] + 1), data),
        ("lines", sound[::-1], data),
        ("cut", sound[1:], b"\n".join(lines[:-2]) + b"\n"),
    ):
        with pytest.raises(AssertionError, match="differ"):
            rows_hold(sound, wrong, whole, damaged_, how)


def test_damage_is_the_same_for_the_same_seed():
    import numpy as np

    whole = bytes(range(256)) * 8
    assert [mutate(whole, np.random.default_rng(s)) for s in range(60)] == [
        mutate(whole, np.random.default_rng(s)) for s in range(60)
    ]
    assert sum(mutate(whole, np.random.default_rng(s))[0] != whole for s in range(60)) > 50
    for name in ("ibed", "bigWig"):
        data = [damaged(KINDS[name], whole, s) for s in range(200)]
        assert data == [damaged(KINDS[name], whole, s) for s in range(200)] and any(short for *_, short in data)
