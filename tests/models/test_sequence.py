"""models/sequence: filters read both strands alike and are motifs again; which directions make loops is learnt."""

import numpy as np
import pandas as pd
import pytest
import torch

from chromolab.data.sequence.fasta import encode, other_strand
from chromolab.data.sequence.motifs import Motif
from chromolab.data.sequence.pairs import pairs_of
from chromolab.errors import ChromolabError
from chromolab.models.sequence.contacts import ContactHead
from chromolab.models.sequence.letters import SequenceModel

WORD = "TGGCCACTAG"


def motif(word: str, name: str = "M") -> Motif:
    return Motif(name, np.where(encode([word])[0].T > 0, 0.97, 0.01), 100.0)


def letters(n: int, size: int, seed: int = 0) -> list[str]:
    rng = np.random.default_rng(seed)
    return ["".join(rng.choice(list("ACGT"), size)) for _ in range(n)]


def planted(texts: list[str], word: str, at: int) -> list[str]:
    return [t[:at] + word + t[at + len(word) :] for t in texts]


def test_known_motifs_are_found_on_their_strand():
    model = SequenceModel(["CTCF"], [motif(WORD), motif("AAT", "short")])
    plus = torch.from_numpy(encode(planted(letters(5, 60), WORD, 20)))
    minus = torch.from_numpy(encode(planted(letters(5, 60), other_strand(WORD), 20)))
    best = motif(WORD).scores.max(1).sum()
    torch.testing.assert_close(model.scan(plus)[:, 0, 0], torch.full((5,), best, dtype=torch.float32))
    torch.testing.assert_close(model.scan(minus)[:, 0, 1], torch.full((5,), best, dtype=torch.float32))
    assert (model.scan(plus)[:, 0, 1] < best).all()


@pytest.mark.parametrize("motifs", [None, [motif(WORD)]])
def test_a_region_and_its_other_strand_predict_alike(motifs):
    model = SequenceModel(["a", "b"], motifs, filters=6, width=9, seed=0).eval()
    texts = letters(4, 50)
    both = [torch.from_numpy(encode(t)) for t in (texts, [other_strand(t) for t in texts])]
    torch.testing.assert_close(model(both[0]), model(both[1]))


def test_a_filter_is_a_motif_again():
    model = SequenceModel(["a"], [motif(WORD)])
    texts = planted(letters(40, 60), WORD, 25) + planted(letters(40, 60, 1), other_strand(WORD), 11)
    found = model.motif(0, torch.from_numpy(encode(texts)), "again")
    assert found.consensus == WORD and found.sites == 80 and found.name == "again"


def test_a_filter_without_sites_is_no_motif():
    with pytest.raises(ChromolabError, match="matches 3 of 3 regions"):
        SequenceModel(["a"], [motif(WORD)]).motif(0, torch.from_numpy(encode(planted(letters(3, 40), WORD, 9))))


@pytest.mark.parametrize("wrong", [{"tracks": []}, {"tracks": ["a"], "filters": 0}, {"tracks": ["a"], "width": 0}])
def test_sizes_are_checked(wrong):
    with pytest.raises(ChromolabError, match="expected 1 or more of each"):
        SequenceModel(**wrong)


def test_the_same_seed_makes_the_same_weights_and_leaves_the_global_generator():
    state = torch.random.get_rng_state()
    a, b, c = (SequenceModel(["a"], filters=4, seed=s) for s in (1, 1, 2))
    assert torch.equal(a.filters, b.filters) and not torch.equal(a.filters, c.filters)
    a, b, c = (ContactHead(2, seed=s).hold.weight for s in (1, 1, 2))
    assert torch.equal(a, b) and not torch.equal(a, c)
    assert torch.equal(torch.random.get_rng_state(), state)


def pair(strands: str, score: float = 60.0, features=None):
    """Two places 100 kb apart with a site at each; none for a blank."""
    rows = [
        ("chr1", at, at + 20, s, "CTCF", score, 1e-9)
        for at, s in zip((10_000, 110_000), strands, strict=True)
        if s != " "
    ]
    sites = pd.DataFrame(rows, columns=["chrom", "start", "end", "strand", "motif", "score", "p"])
    table = pd.DataFrame(
        [("chr1", 9_000, 11_000, "chr1", 109_000, 111_000)],
        columns=["chrom1", "start1", "end1", "chrom2", "start2", "end2"],
    )
    return pairs_of(table, sites, features)


def test_only_the_directions_that_the_head_holds_for_a_loop_make_one():
    head = ContactHead()
    with torch.no_grad():
        head.loops[:] = -20
        head.loops[0, 1] = 2
        head.stopped[...] = -20
        touch = {strands: head(pair(strands)).item() for strands in ("+-", "-+", "++", "--", "+ ", "  ")}
    assert touch["+-"] > 0.5 and all(abs(touch[s]) < 1e-3 for s in touch if s != "+-")
    assert head.orientation["> <"] == pytest.approx(2.127, abs=1e-3) and head.orientation["< >"] < 1e-6


def test_a_site_between_is_a_wall_and_walls_have_an_end():
    head = ContactHead()
    table = pd.DataFrame(
        [("chr1", 9_000, 11_000, "chr1", 509_000, 511_000)],
        columns=["chrom1", "start1", "end1", "chrom2", "start2", "end2"],
    )
    said = []
    for n in (0, 1, 2, 400):
        rows = [("chr1", 100_000 + 700 * i, 100_020 + 700 * i, "+", "CTCF", 60.0, 1e-9) for i in range(n)]
        sites = pd.DataFrame(rows, columns=["chrom", "start", "end", "strand", "motif", "score", "p"]).astype(
            {"start": int, "end": int}
        )
        with torch.no_grad():
            said.append(head(pairs_of(table, sites)).item())
    assert said[0] > said[1] > said[2] > said[3]
    assert said[0] - said[3] == pytest.approx(np.log1p(np.exp(-1.0)), abs=1e-3)


def test_features_do_not_mind_which_place_is_the_promoter():
    features = pd.DataFrame({"chrom": "chr1", "start": [9_000, 109_000], "end": [11_000, 111_000], "a": [1.0, -2.0]})
    turned = features.assign(a=[-2.0, 1.0])
    head = ContactHead(1, seed=0)
    with torch.no_grad():
        head.alone.weight[:] = 0
        one, two = head(pair("  ", features=features)), head(pair("  ", features=turned))
    torch.testing.assert_close(one, two)
