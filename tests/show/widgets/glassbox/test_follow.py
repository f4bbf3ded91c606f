"""The glass box follows a what-if lab: before, after and difference of every number, element by element."""

import numpy as np
import pytest
from helpers.toys import SMALL, toy_dataset
from helpers.widgets import BOX_RESOLUTIONS, add, erased, gene_with

import chromolab as cl


@pytest.fixture
def ds():
    return toy_dataset(6)


@pytest.fixture
def model(ds):
    return cl.Chromoformer(ds.marks, "regression", BOX_RESOLUTIONS, seed=3, **SMALL)


@pytest.fixture
def followed(ds, model):
    lab = cl.WhatIf(model, ds, gene="G1")
    box = cl.GlassBox(model, ds, lab=lab, device="cpu")
    yield lab, box
    box.close()
    lab.close()


def about(box):
    """What the page is told, when it asks."""
    return box.reply({"kind": "map", "resolution": 500})[0]["about"]


def contacts(lab):
    return [f"{r['chrom']}:{r['start']}-{r['end']}" for r in lab.session.regions()[1:]]


def test_the_numbers_before_and_after_are_those_of_both_genes(followed, ds, model):
    lab, box = followed
    assert not box.about["edited"] and box.about["gene_id"] == "G1"
    lab.edits = [cl.erase("A", "chr1:199000-201000")]
    for side, gene in (("before", lab.gene), ("after", lab.edited)):
        alone = cl.GlassBox(model, gene, device="cpu")
        for name in box.stages.index:
            np.testing.assert_array_equal(box.values(name, side), alone[name], err_msg=name)
        alone.close()
    for name in ("input.500.depth", "regulation.500.1.weights", "head.output"):
        expected = box[name] - box.values(name, "before")
        np.testing.assert_array_equal(box.values(name, "difference"), expected)
    assert np.abs(box.values("head.output", "difference")).max() > 0
    assert about(box)["edited"] and about(box)["edits"] == 1
    with pytest.raises(cl.ChromolabError, match="no side 'now'; a glass box shows before, after, difference"):
        box.values("head.output", "now")


def test_elements_keep_their_places_when_contacts_change(followed):
    lab, box = followed
    first, second, third = contacts(lab)
    answers = box["pairwise.500.1.out"]
    lab.edits = [cl.drop_pcre(second), cl.set_frequency(third, 9.0)]  # the third is now the most frequent
    assert [p["slot"] for p in about(box)["pcres"]] == [0, 1, 2]
    assert [p["frequency"] is None for p in about(box)["pcres"]] == [False, True, False]
    now = box["pairwise.500.1.out"]
    np.testing.assert_allclose(now[[0, 2]], answers[[0, 2]], rtol=1e-5)  # the same elements say the same
    assert np.isnan(now[1]).all() and np.isnan(box.values("pairwise.500.1.out", "difference")[1]).all()
    assert box["regulation.500.frequency"][3] == 9.0
    weights = box["regulation.500.0.weights"]
    assert np.isnan(weights[:, 0, 2]).all()
    np.testing.assert_allclose(np.nansum(weights[:, 0], -1), 1, rtol=1e-5)
    for request in ({"kind": "map", "resolution": 500, "pcre": 1, "side": "difference"}, {"kind": "stage", "pcre": 1}):
        box.reply({"name": "pairwise.500.0.weights"} | request)
    told = box.reply({"kind": "map", "resolution": 500, "pcre": 1})[0]["story"]
    assert told["pairwise"] == "pCRE 2 is cut: the promoter no longer asks it."
    assert "gives" in told["regulation"] and "the most of 2 elements" in told["regulation"]


def test_an_added_element_stands_after_the_others(followed):
    lab, box = followed
    place = "chr1:500-2500"
    lab.edits = [cl.add_pcre(place, 2.0), *(cl.set_depth(m, place, 1.0) for m in "ABC")]
    added = about(box)["pcres"][-1]
    assert added["slot"] == 3 and added["was"] is None and added["start"] == 500
    assert not np.isnan(box["pairwise.500.1.out"][3]).any()
    assert np.isnan(box.values("pairwise.500.1.out", "before")[3]).all()
    assert box["regulation.500.tokens"].shape[0] == 5


def test_the_sentences_say_what_it_was_before(followed):
    lab, box = followed
    before = box.reply({"kind": "map", "resolution": 1000})[0]["story"]
    assert not any("Before the edits" in sentence for sentence in before.values())
    lab.edits = [cl.scale("A", "chr1:198000-202000", 5.0)]
    after = box.reply({"kind": "map", "resolution": 1000})[0]["story"]
    old = cl.predict(box._model, lab.gene)[0, 0]
    assert f"Before the edits: {old:.3g}".replace("-", "−") in after["head"]
    assert "Before the edits it got" in after["regulation"]


def test_it_hears_of_finished_edits_and_other_genes_only(followed, monkeypatch):
    lab, box = followed
    heard = []
    monkeypatch.setattr(box, "send", lambda message, *_: heard.append(message))
    add(lab, erased(lab), draft=True)  # the pen is still down
    assert heard == []
    add(lab, erased(lab))
    assert heard == [{"changed": True}] and box.about["edits"] == 0  # traced when somebody asks
    assert about(box)["edits"] == 1
    lab.reply({"seq": 2, "kind": "gene", "gene_id": "G3", "cell_type": "toy"})
    assert len(heard) == 2 and repr(box).startswith("GlassBox: name3 (G3)")
    assert not about(box)["edited"]


def test_it_lets_go_and_a_closed_lab_stays_as_it_was_seen(followed):
    lab, box = followed
    with pytest.raises(cl.ChromolabError, match=r"follows a lab, which chooses the gene; box.follow\(None\)"):
        box.choose("G2")
    box.follow(None)
    lab.edits = [cl.erase("A", "chr1:199000-201000")]
    assert not about(box)["edited"] and about(box)["many"]
    box.choose("G2")
    assert box.about["gene_id"] == "G2"
    box.follow(lab)
    assert box.about["gene_id"] == "G1" and box.about["edited"]
    lab.close()
    assert box["head.output"].shape == (1,)


def test_another_gene_is_found_and_chosen(ds, model):
    box = cl.GlassBox(model, ds, gene="name2", device="cpu")
    assert box.about["gene_id"] == "G2" and box.about["many"] and box.about["cells"] == ["toy"]
    found = box.reply({"kind": "search", "text": "name4"})[0]["found"]
    assert [g["gene_id"] for g in found] == ["G4"]
    box.reply({"kind": "choose", "gene": "name4", "cell_type": ""})
    np.testing.assert_array_equal(box["head.output"], cl.GlassBox(model, ds.gene("G4"), device="cpu")["head.output"])
    with pytest.raises(cl.ChromolabError, match="no gene 'G99'"):
        box.reply({"kind": "choose", "gene": "G99", "cell_type": ""})
    assert box.about["gene_id"] == "G4"
    box.close()
    one = cl.GlassBox(model, gene_with(2), device="cpu")
    assert not one.about["many"]
    one.close()
