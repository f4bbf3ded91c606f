"""show/widgets/letters: the letters of a place and the motifs that fit, scanned once a region."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from helpers.toys import toy_dataset
from helpers.widgets import toy_models

import chromolab as cl
from chromolab.data.sequence.fasta import other_strand
from chromolab.data.sequence.motifs import Motif
from chromolab.models.sequence.letters import SequenceModel
from chromolab.show.widgets import letters
from chromolab.show.widgets.letters import SHOWN, Letters, letters_of
from chromolab.show.widgets.whatif.lab import WhatIf

pytest.importorskip("lightmotif")

WORD = "TTGGCTCGCACA"
SIZE = 110_000
AT = {"+": 98_050, "-": 98_260}  # in the window of gene G0, 98,000 to 102,000


@pytest.fixture(scope="module")
def motif():
    p = np.where(np.array(list(WORD))[:, None] == np.array(list("ACGT")), 0.97, 0.01)
    return Motif("FAC", p)


@pytest.fixture(scope="module")
def fasta(tmp_path_factory):
    text = np.random.default_rng(0).choice(list("ACGT"), SIZE)
    for strand, start in AT.items():
        text[start : start + len(WORD)] = list(WORD if strand == "+" else other_strand(WORD))
    path = tmp_path_factory.mktemp("genome") / "genome.fa"
    path.write_text(">chr1\n" + "\n".join("".join(text[i : i + 60]) for i in range(0, SIZE, 60)) + "\n")
    return path


@pytest.mark.parametrize("strand", ["+", "-"])
def test_a_planted_site_is_told_with_its_letters_and_its_logo(fasta, motif, strand):
    start, region = AT[strand] // 100 * 100, ("chr1", 98_000, 102_000)
    told = Letters(fasta, [motif]).at(region, start, start + 100)
    (site,) = told["sites"]
    assert (site["motif"], site["start"], site["strand"], told["more"]) == ("FAC", AT[strand], strand, 0)
    stands = told["letters"][site["start"] - told["start"] : site["end"] - told["start"]]
    assert stands == motif.site(strand) and told["start"] == start - len(WORD)
    assert len(told["letters"]) == 100 + 2 * len(WORD)
    heights = np.array(site["heights"])  # as it stands on the + strand: the highest letter is the one that is there
    assert "".join("ACGT"[i] for i in heights.argmax(1)) == stands
    np.testing.assert_allclose(heights.sum(1), motif.information[:: 1 if strand == "+" else -1], atol=2e-3)


def test_a_region_is_scanned_once_and_the_best_sites_are_told(fasta, motif, monkeypatch):
    asked, scan = [], letters.motif_sites
    known = Letters(fasta, [Motif(f"F{i}", motif.probabilities) for i in range(SHOWN + 2)])
    monkeypatch.setattr(letters, "motif_sites", lambda *a: asked.append(a) or scan(*a))
    for _ in range(2):
        told = known.at(("chr1", 98_000, 102_000), 98_000, 98_100)
        assert len(told["sites"]) == SHOWN and told["more"] == 2
        assert known.at(("chr1", 98_000, 102_000), 101_000, 101_100)["sites"] == []
    assert len(asked) == 1


def test_letters_are_shown_where_both_are_given_or_a_world_has_made_them(fasta, motif, tmp_path):
    assert letters_of(None, None, None) is None
    assert letters_of(SimpleNamespace(has_fasta=False), None, None) is None  # nobody waits for a genome to be written
    for given in ({"fasta": fasta, "motifs": None}, {"fasta": None, "motifs": [motif]}):
        with pytest.raises(cl.ChromolabError, match="both are given"):
            letters_of(None, **given)
    with pytest.raises(cl.ChromolabError, match=r"none\.fa"):
        WhatIf(toy_models(), toy_dataset(), fasta=tmp_path / "none.fa", motifs=[motif])


def test_the_lab_answers_where_it_has_letters_and_offers_them_nowhere_else(fasta, motif):
    lab = WhatIf(toy_models(), toy_dataset(), gene="G0", fasta=fasta, motifs=[motif])
    assert "letters" in lab.reply({"kind": "hello"})[0]["can"]
    row = lab.session.regions()[0]["row"]
    told, _ = lab.reply({"kind": "letters", "row": row, "bin": 2})
    assert [s["start"] for s in told["sites"]] == [AT["-"]]
    for wrong in ({"row": row, "bin": 40}, {"row": row, "bin": -1}, {"row": 999, "bin": 0}):
        with pytest.raises(cl.ChromolabError, match="no bin"):
            lab.reply({"kind": "letters", **wrong})
    far = next((r["row"] for r in lab.session.regions() if r["rank"]), None)
    if far is not None:  # an element that this FASTA does not reach
        with pytest.raises(cl.ChromolabError, match="within its chromosome"):
            lab.reply({"kind": "letters", "row": far, "bin": 0})
    lab.close()
    plain = WhatIf(toy_models(), toy_dataset(), gene="G0")
    assert "letters" not in plain.reply({"kind": "hello"})[0]["can"]
    with pytest.raises(cl.ChromolabError, match="does not know the request"):
        plain.reply({"kind": "letters", "row": 0, "bin": 0})
    plain.close()


def test_a_model_of_letters_says_what_each_letter_brings(fasta, motif):
    model = SequenceModel(["made up"], [motif], hidden=4, seed=0)
    with torch.no_grad():  # the better the site, the more
        for layer in (model.hidden, model.out):
            layer.weight.fill_(1.0)
            layer.bias.zero_()
        model.calm.running_mean.fill_(-50.0)
    start = AT["-"] // 100 * 100
    told = Letters(fasta, [motif], model).at(("chr1", 98_000, 102_000), start, start + 100)["brings"]
    values, site = np.array(told["values"]), slice(AT["-"] - start, AT["-"] - start + len(WORD))
    assert told["track"] == "made up" and len(values) == 100
    assert (values[site] > 0).all() and np.abs(np.delete(values, np.r_[site])).max() < values[site].min()


def test_a_model_of_letters_needs_letters(motif):
    model = SequenceModel(["made up"], [motif])
    with pytest.raises(cl.ChromolabError, match="a model of letters, and no letters"):
        letters_of(None, None, None, model)
