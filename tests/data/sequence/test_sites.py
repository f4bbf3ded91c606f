"""data/sequence/sites: scanning held against a slow scan, the p of a score, and the planted sites of the genome."""

import itertools
import sys

import numpy as np
import pandas as pd
import pytest

import chromolab as cl
from chromolab.data.sequence import sites as module
from chromolab.data.sequence.motifs import Motif
from chromolab.errors import ChromolabError

pytest.importorskip("lightmotif")

SHARP = np.array(
    [[0.91, 0.03, 0.03, 0.03], [0.1, 0.2, 0.6, 0.1], [0.03, 0.03, 0.03, 0.91], [0.4, 0.1, 0.1, 0.4], [0.0, 1.0, 0, 0]]
)
MOTIF = Motif("m", SHARP, 30.0, np.array([0.3125, 0.1875, 0.1875, 0.3125]))
LONG = Motif("long", np.tile([[0.7, 0.1, 0.1, 0.1], [0.1, 0.1, 0.1, 0.7]], (4, 1)))


@pytest.fixture
def fasta(tmp_path):
    rng = np.random.default_rng(0)
    text = {
        c: "".join(rng.choice(list("ACGTN"), n, p=[0.3, 0.2, 0.2, 0.29, 0.01]))
        for c, n in (("chr2", 3000), ("chr10", 900))
    }
    (tmp_path / "a.fa").write_text("".join(f">{c}\n{t}\n" for c, t in text.items()))
    return tmp_path / "a.fa", text


def slow(text, motif, threshold):
    """Every site by comparing each place, one at a time: {(chrom, start, strand): score}."""
    best = {
        "".join(k): sum(motif.scores[i, "ACGT".index(c)] for i, c in enumerate(k))
        for k in itertools.product("ACGT", repeat=5)
    }
    chance = {k: np.prod([motif.background["ACGT".index(c)] for c in k]) for k in best}
    words, score, share = [*best], np.array([*best.values()]), np.array([*chance.values()])
    p = {word: share[score >= best[word] - 1e-6].sum() for word in words}
    turned = str.maketrans("ACGTN", "TGCAN")
    found = {}
    for chrom, letters in text.items():
        for start in range(len(letters) - 4):
            word = letters[start : start + 5]
            for strand, read in (("+", word), ("-", word[::-1].translate(turned))):
                if p.get(read, 1) <= threshold:
                    found[chrom, start, strand] = best[read], p[read]
    return found


@pytest.mark.parametrize("block", [5_000_000, 700])
def test_a_scan_finds_what_a_slow_one_finds(fasta, monkeypatch, block):
    monkeypatch.setattr(module, "BLOCK", block)
    path, text = fasta
    table = cl.data.motif_sites(path, MOTIF, threshold=0.005)
    expected = slow(text, MOTIF, 0.005)
    got = {(r.chrom, r.start, r.strand): (r.score, r.p) for r in table.itertuples()}
    assert got.keys() == expected.keys() and len(got) > 10
    np.testing.assert_allclose([got[k][0] for k in expected], [v[0] for v in expected.values()], atol=1e-4)
    np.testing.assert_allclose([got[k][1] for k in expected], [v[1] for v in expected.values()], rtol=0.03)
    assert (table["end"] - table["start"] == 5).all() and (table["motif"] == "m").all()
    assert table["chrom"].drop_duplicates().tolist() == ["chr2", "chr10"]  # as the file has them
    assert all(g["start"].is_monotonic_increasing for _, g in table.groupby("chrom"))


def test_regions_hold_whole_sites_and_each_site_once(fasta):
    path, _ = fasta
    whole = cl.data.motif_sites(path, MOTIF, threshold=0.01)
    inside = whole[(whole["chrom"] == "chr2") & (whole["start"] >= 100) & (whole["end"] <= 900)].reset_index(drop=True)
    halves = pd.DataFrame({"chrom": "chr2", "start": [100, 300], "end": [700, 900], "strand": ["-", "+"]})
    pd.testing.assert_frame_equal(cl.data.motif_sites(path, MOTIF, halves, threshold=0.01), inside)
    site = inside.iloc[0]
    cut = pd.DataFrame({"chrom": ["chr2"] * 2, "start": [100, site["end"] - 1], "end": [site["end"] - 1, 900]})
    assert len(cl.data.motif_sites(path, MOTIF, cut, threshold=0.01)) < len(inside)
    plain = cl.data.motif_sites(path, MOTIF, halves.assign(chrom="2"), threshold=0.01)
    assert (plain["chrom"] == "2").all() and plain["start"].tolist() == inside["start"].tolist()


def test_a_site_across_the_edge_of_two_regions_is_none(tmp_path):
    path = tmp_path / "a.fa"
    path.write_text(">chr1\n" + "C" * 20 + LONG.consensus + "C" * 20 + "\n")
    assert len(cl.data.motif_sites(path, LONG, threshold=1e-4)) == 2  # it is its own reverse complement
    edge = pd.DataFrame({"chrom": "chr1", "start": [0, 24], "end": [24, 48]})
    assert len(cl.data.motif_sites(path, LONG, edge, threshold=1e-4)) == 0


def test_a_motif_too_short_for_the_threshold_says_so(fasta, caplog):
    table = cl.data.motif_sites(fasta[0], MOTIF, threshold=1e-6)
    assert table.empty and list(table) == ["chrom", "start", "end", "strand", "motif", "score", "p"]
    assert "motif m: even its best site has p = " in caplog.text


@pytest.mark.parametrize("threshold", [0, 1, -1, "small", float("nan")])
def test_a_threshold_is_a_chance(fasta, threshold):
    with pytest.raises(ChromolabError, match="above 0 and below 1"):
        cl.data.motif_sites(fasta[0], MOTIF, threshold=threshold)


def test_the_package_that_scans_is_an_extra(fasta, monkeypatch):
    monkeypatch.setitem(sys.modules, "lightmotif", None)
    with pytest.raises(ChromolabError, match=r"pip install 'chromolab\[sequence\]'"):
        cl.data.motif_sites(fasta[0], MOTIF)


def test_the_planted_sites_of_the_teaching_genome_are_found(tiny_world):
    """Sites with up to one mismatch all, at their place and on their strand; what else scores as high is rare."""
    planted = tiny_world.sites.assign(strand=lambda d: np.where(d["strand"] > 0, "+", "-"))
    at = (
        planted.groupby("owner").agg(chrom=("chrom", "first"), start=("start", "min"), end=("end", "max")).reset_index()
    )
    found = cl.data.motif_sites(tiny_world.fasta, tiny_world.motifs, at, threshold=1e-5)
    keys = ["chrom", "start", "end", "strand", "motif"]
    both = planted.rename(columns={"factor": "motif"}).merge(found, on=keys, how="left")
    assert both.loc[both["match"] >= 0.8, "p"].notna().all()
    weak = both.loc[(both["match"] == 0.4) & (both["motif"] != "CTCF"), "p"]
    assert weak.isna().all()
    assert both["p"].notna().sum() > 0.9 * len(found)
    ctcf = cl.data.motif_sites(tiny_world.fasta, cl.data.read_motifs(tiny_world.motifs)["CTCF"], threshold=3e-6)
    known = planted[planted["factor"] == "CTCF"].merge(ctcf, on=keys[:4], how="left")
    assert known.loc[known["match"] >= 0.6, "p"].notna().all()
