"""Damaged files of every format: an error that names the file, or a sane answer. A campaign in bench does 20,000."""

import bz2
import gzip
from collections import Counter

import numpy as np
import pytest
from bench.campaign_mutations import run_reader
from helpers.damage import damaged, mutate, outcome, rows_hold, rows_of, same
from helpers.readers import READERS

from chromolab.errors import ChromolabError

INSIDE = [name for name, reader in READERS.items() if reader.inside or not reader.child]
CHILD = [name for name, reader in READERS.items() if reader.child]
PACKED = [(name, packer) for name, reader in READERS.items() if reader.text for packer in ("gzip", "bz2")]


@pytest.mark.slow
@pytest.mark.parametrize("name", READERS)
def test_a_sound_file_is_read_twice_alike(tmp_path, name):
    path = READERS[name].write(tmp_path)
    first = READERS[name].read(path)
    assert same(first, READERS[name].read(path))
    if READERS[name].inside:
        READERS[name].inside(path)


def check_damage(name: str, read, folder, inputs: int) -> Counter:
    """How inputs of one reader ended; fails at the first that is neither refused in words nor answered sanely."""
    reader, counts = READERS[name], Counter()
    path = reader.write(folder)
    whole, sound = path.read_bytes(), read(path)
    for seed in range(50_000, 50_000 + inputs):
        data, how, short = damaged(reader, whole, seed)
        check = rows_of(reader, sound, whole, data, how)
        end = outcome(read, path, data, short, check, reader.names)
        assert not end.startswith("FAULT"), f"seed {seed} ({how}): {end}"
        counts[end] += 1
    return counts


@pytest.mark.slow
@pytest.mark.parametrize("name", INSIDE)
def test_damaged_inputs_are_refused_or_answered_sanely(tmp_path, name):
    reader = READERS[name]
    inputs = 150 if reader.inside else round(150 * reader.weight)
    counts = check_damage(name, reader.inside or reader.read, tmp_path, inputs)
    assert counts["refused"] > inputs / 10


@pytest.mark.slow
@pytest.mark.parametrize("name", CHILD)
def test_damaged_inputs_are_refused_by_the_process_that_reads(tmp_path, name):
    counts = check_damage(name, READERS[name].read, tmp_path, 12)
    assert counts["refused"] > 1


def refused_when_cut(reader, path, content):
    for share in (0, 0.2, 0.7, 1):
        path.write_bytes(content[: max(1, int(len(content) * share) - 3)])
        with pytest.raises(ChromolabError, match="cut"):
            (reader.inside or reader.read)(path)


@pytest.mark.parametrize("name", [name for name, reader in READERS.items() if reader.tells])
def test_a_cut_file_is_called_cut(tmp_path, name):
    path = READERS[name].write(tmp_path)
    refused_when_cut(READERS[name], path, path.read_bytes())


@pytest.mark.parametrize(("name", "packer"), PACKED)
def test_a_cut_compressed_file_is_called_cut(tmp_path, name, packer):
    path = READERS[name].write(tmp_path)
    refused_when_cut(READERS[name], path, {"gzip": gzip, "bz2": bz2}[packer].compress(path.read_bytes()))


@pytest.mark.parametrize("name", [name for name, reader in READERS.items() if reader.ends])
def test_text_cut_within_a_line_is_seen(tmp_path, name):
    path = READERS[name].write(tmp_path)
    content = path.read_bytes()
    for cut in range(1, 60):
        path.write_bytes(content[:-cut])
        if not content[:-cut].endswith(b"\n"):
            with pytest.raises(ChromolabError, match="the last line has no line end"):
                READERS[name].inside(path)


# ---------------------------------------------------------------- the campaign itself


@pytest.mark.slow
def test_the_campaign_reads_in_a_child_process():
    result = run_reader("bigWig", 50_000, 50_003)
    assert result.faults == [] and sum(result.counts.values()) == 3


@pytest.mark.slow
def test_the_campaign_notices_what_it_looks_for(tmp_path, monkeypatch):
    """An exception, a wrong answer, an error without the file's name, a cut file taken for whole, and a crash."""
    path = READERS["chrom.sizes"].write(tmp_path)

    def wrong(path):
        assert path.read_bytes() == b"what it was"

    def nameless(path):
        raise ChromolabError("something is wrong")

    assert outcome(lambda path: 1 / 0, path, b"x", False).startswith("FAULT ZeroDivisionError at")
    assert outcome(wrong, path, b"x", False).startswith("FAULT a wrong answer, wrong line")
    assert outcome(nameless, path, b"x", False).startswith("FAULT an error that does not name the file")
    assert outcome(lambda path: None, path, b"x", True) == "FAULT a file cut short was taken for whole"
    assert outcome(lambda path: None, path, b"x", False) == "answered"
    monkeypatch.setenv("CHROMOLAB_CAMPAIGN_CRASH", "50001")
    result = run_reader("chrom.sizes", 50_000, 50_003)
    assert [f.partition(" (")[0] for f in result.faults] == ["chrom.sizes, seed 50001"]
    assert "the process ended with -6" in result.faults[0] and sum(result.counts.values()) == 3


def test_rows_that_were_not_touched_are_watched(tmp_path):
    path = READERS["bedpe"].write(tmp_path)
    whole, sound = path.read_bytes(), READERS["bedpe"].read(path)
    lines = whole.split(b"\n")
    data = b"\n".join([lines[0].replace(b"1.5", b"7"), *lines[1:]])
    rows_hold(sound, sound.assign(frequency=[7.0, *sound["frequency"][1:]]), whole, data, "word")
    for how, wrong, changed in (
        ("word", sound.assign(start1=sound["start1"] + 1), data),
        ("lines", sound[::-1], data),
        ("cut", sound[1:], b"\n".join(lines[:-2]) + b"\n"),
    ):
        with pytest.raises(AssertionError, match="differ"):
            rows_hold(sound, wrong, whole, changed, how)


def test_damage_is_the_same_for_the_same_seed():
    whole = bytes(range(256)) * 8
    changed = [mutate(whole, np.random.default_rng(seed)) for seed in range(60)]
    assert changed == [mutate(whole, np.random.default_rng(seed)) for seed in range(60)]
    assert sum(data != whole for data, _ in changed) > 50
    for name in ("ibed", "bigWig"):
        data = [damaged(READERS[name], whole, s) for s in range(200)]
        assert data == [damaged(READERS[name], whole, s) for s in range(200)] and any(short for *_, short in data)
