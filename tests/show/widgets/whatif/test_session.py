"""show/widgets/whatif/session: what it holds is `cl.edit` and `cl.predict` run afresh, whatever was done before."""

import random

import numpy as np
import pytest
from helpers.widgets import act, add, erased, toy_models

import chromolab as cl
from chromolab.show.widgets.whatif.lab import WhatIf
from chromolab.show.widgets.whatif.session import Session, models_by_task


def test_models_are_sorted_by_task_however_they_come():
    models = toy_models()
    expected = {"classification": models[:2], "regression": models[2:]}
    assert models_by_task(models) == expected
    assert models_by_task({"a": models[:2], "b": models[2:]}) == expected
    assert models_by_task(models[3]) == {"regression": [models[3]]}
    for wrong in ([], "x", [1]):
        with pytest.raises(cl.ChromolabError, match="expected a model"):
            models_by_task(wrong)


def test_what_the_session_holds_is_edit_and_predict_run_afresh(dataset):
    """Fifty random actions; depth to the bit, predictions by cl.predict to the bit, the quick ones but for rounding."""
    session, rng = Session(toy_models(), dataset), random.Random(3)
    for _ in range(50):
        act_at_random(session, rng)
        gene = dataset.gene(*session.gene.genes.iloc[0][["gene_id", "cell_type"]])
        afresh = cl.edit(gene, session.edits)
        np.testing.assert_array_equal(session.edited.signal.depth, afresh.signal.depth)
        np.testing.assert_array_equal(session.edited.frequency, afresh.frequency)
    for task, models in session.models.items():
        expected = [cl.metrics.probability_or_expression(cl.predict(m, afresh))[0] for m in models]
        assert session.exact["after"][task].tolist() == expected
        np.testing.assert_allclose(session.after[task], expected, atol=1e-5)


def act_at_random(session, rng):
    region = rng.choice(session.regions())
    a, b = sorted(rng.sample(range(region["bins"] + 1), 2)) if region["bins"] > 1 else (0, 1)
    place = f"{region['chrom']}:{region['start'] + 100 * a}-{min(region['start'] + 100 * b, region['end'])}"
    mark, whole = rng.choice("ABC"), f"{region['chrom']}:{region['start']}-{region['end']}"
    values = [round(rng.uniform(0, 9), 2) for _ in range(b - a)]
    paint = {"kind": "paint", "mark": mark, "region": place, "values": values, "step": 100}
    scale = {"kind": "scale", "mark": mark, "region": place, "factor": 0.5}
    choices = [
        {"do": "add", "edits": [paint]},
        {"do": "add", "edits": [paint], "draft": True},
        {"do": "put", "edits": [scale]},
        {"do": "undo"},
        {"do": "redo"},
        {"do": "reset"},
    ]
    if region["rank"]:
        choices.append({"do": "toggle", "region": whole})
    if rng.random() < 0.15:
        session.choose(f"G{rng.randrange(24)}")
    else:
        session.act([rng.choice(choices)])


def test_a_slider_takes_the_place_of_its_own_edit_and_at_one_takes_it_away(whatif):
    other = erased(whatif, "B")
    entry = {"kind": "scale", "mark": "A", "region": erased(whatif)["region"], "factor": 0.5}
    act(whatif, {"do": "put", "edits": [entry]})
    add(whatif, other)
    act(whatif, {"do": "put", "edits": [entry | {"factor": 0.2}]})
    assert [getattr(e, "factor", None) for e in whatif.edits] == [0.2, 0.0]
    act(whatif, {"do": "put", "edits": [entry | {"factor": 1}]})
    assert [e.mark for e in whatif.edits] == ["B"]


def test_a_contact_is_cut_restored_and_changed(dataset):
    lab = WhatIf(toy_models(), dataset)  # it begins with a gene of most pCREs
    place = next(f"{r['chrom']}:{r['start']}-{r['end']}" for r in lab.session.regions() if r["rank"] == 1)
    toggle = {"do": "toggle", "region": place}
    assert act(lab, toggle)[0]["regions"][1]["now"] is None
    state = act(lab, toggle)[0]
    assert state["edits"] == 0 and state["regions"][1]["now"] == state["regions"][1]["frequency"]
    put = {"kind": "set_frequency", "region": place, "frequency": 9.0}
    assert act(lab, {"do": "put", "edits": [put]})[0]["regions"][1]["now"] == 9.0
    own = put | {"frequency": state["regions"][1]["frequency"]}
    assert act(lab, {"do": "put", "edits": [own]})[0]["edits"] == 0
    lab.close()


def test_a_frequency_restores_a_contact_that_was_cut(dataset):
    lab = WhatIf(toy_models(), dataset)
    region = lab.session.regions()[1]
    place = f"{region['chrom']}:{region['start']}-{region['end']}"
    act(lab, {"do": "toggle", "region": place})
    put = {"kind": "set_frequency", "region": place, "frequency": 2.5}
    state = act(lab, {"do": "put", "edits": [put]})[0]
    assert state["error"] is None and state["regions"][1]["now"] == 2.5 and state["edits"] == 1
    lab.close()


def test_an_added_element_is_taken_out_with_what_lies_in_it(whatif):
    whole = [{"kind": "set_depth", "mark": m, "region": "chr1:500-2500", "depth": 1} for m in "ABC"]
    part = {"kind": "erase", "mark": "A", "region": "chr1:700-900"}
    add(whatif, {"kind": "add_pcre", "region": "chr1:500-2500", "frequency": 2}, *whole, part, erased(whatif))
    assert act(whatif, {"do": "toggle", "region": "chr1:500-2500"})[0]["error"] is None
    assert whatif.edits == [cl.erase("A", erased(whatif)["region"])]


def remove(lab, index, listed=None):
    """Click the cross of an entry, in the list that a page shows."""
    settled = listed or lab.reply({"kind": "settle"})[0]
    return act(lab, {"do": "remove", "index": settled["first"] + index, "name": settled["list"][index][1]})[0]


def test_an_edit_is_taken_out_with_what_has_no_place_without_it(whatif):
    place, gene = "chr1:500-2500", whatif.gene
    whole = [{"kind": "set_depth", "mark": m, "region": place, "depth": 1} for m in "ABC"]
    over = {"kind": "erase", "mark": "A", "region": "chr1:400-600"}  # partly outside the element
    wide = {"kind": "scale", "mark": "B", "region": "chr1:0-99000000", "factor": 0.5}  # reaches other regions, too
    often = {"kind": "set_frequency", "region": place, "frequency": 7}
    add(whatif, {"kind": "add_pcre", "region": place, "frequency": 2}, *whole, over, wide, often, erased(whatif))
    edits = whatif.edits
    assert "other edits need this one" in remove(whatif, 1)["error"] and whatif.edits == edits  # A would not be known
    assert remove(whatif, 6)["error"] is None and whatif.edits == edits[:6] + edits[7:]
    act(whatif, {"do": "undo"})
    state = remove(whatif, 0)
    assert state["error"] is None and not any(r["added"] for r in state["regions"])
    assert whatif.edits == [edits[5], edits[7]]
    act(whatif, {"do": "undo"})
    assert whatif.edits == edits
    own = next(f"{r.chrom}:{r.start}-{r.end}" for r in gene.pcres().itertuples())
    act(whatif, {"do": "load", "text": cl.edits.to_json([cl.set_frequency(own, 3), cl.drop_pcre(own)])})
    assert remove(whatif, 0)["error"] is None and whatif.edits == [cl.drop_pcre(own)]


def test_a_cross_in_an_old_list_takes_out_what_it_stands_beside_or_nothing(whatif):
    add(whatif, erased(whatif, "A"))
    add(whatif, erased(whatif, "B"))
    add(whatif, erased(whatif, "C"))
    listed = whatif.reply({"kind": "settle"})[0]
    assert remove(whatif, 0, listed)["error"] is None  # two clicks before the list is drawn again
    assert remove(whatif, 1, listed)["error"] is None
    assert [e.mark for e in whatif.edits] == ["C"]
    act(whatif, {"do": "undo"}, {"do": "undo"}, {"do": "undo"})
    assert [e.mark for e in whatif.edits] == ["A", "B"]
    assert remove(whatif, 2, listed)["error"] is None and [e.mark for e in whatif.edits] == ["A", "B"]
    add(whatif, erased(whatif, "C", (0, 5)))  # as many edits as in the list, but others
    assert remove(whatif, 2, listed)["error"] is None and len(whatif.edits) == 3


def test_what_is_painted_over_an_erased_place_is_seen(whatif):
    place = erased(whatif)["region"]
    paint = {"kind": "paint", "mark": "A", "region": place, "values": [3.0] * 10, "step": 100}
    act(whatif, {"do": "put", "edits": [paint]})
    add(whatif, erased(whatif))
    act(whatif, {"do": "put", "edits": [paint | {"values": [4.0] * 10}]})
    signal, row = whatif.edited.signal, whatif.gene.promoter[0]
    assert (signal.depth[signal.offsets[row] + 10 : signal.offsets[row] + 20, 0] == 4).all()
    assert len(whatif.edits) == 2  # one painting, however often it is changed


def test_edits_belong_to_a_gene_and_are_there_when_it_comes_back(whatif):
    add(whatif, erased(whatif))
    gene, edits = whatif.gene.genes["gene_id"].iloc[0], whatif.edits
    other = next(g for g in whatif.session.dataset.genes["gene_id"] if g != gene)
    assert whatif.reply({"kind": "gene", "gene_id": other, "cell_type": "toy"})[0]["edits"] == 0
    assert whatif.reply({"kind": "gene", "gene_id": gene, "cell_type": "toy"})[0]["edits"] == 1
    assert whatif.edits == edits


def test_true_effects_are_those_of_the_key(strong_world):
    dataset, key = strong_world.dataset(progress=False), strong_world.key
    pcre = key.pcres.query("kind == 'enhancer' and not decoy").iloc[0]
    session = Session(toy_models(dataset.marks, 1), dataset, strong_world)
    session.choose(pcre["gene_id"], pcre["cell_type"])
    true = session.true_effects()
    assert true.parts == true.refused == [] and true.change == 0
    region = f"{pcre['chrom']}:{pcre['start']}-{pcre['end']}"
    erased = {"kind": "erase", "mark": "H3K27ac", "region": region}
    for action in ({"do": "toggle", "region": region}, {"do": "add", "edits": [erased]}):
        session.act([{"do": "reset"}, action])
        true = session.true_effects()
        (one,) = true.parts
        assert [true.effect, true.change] == [one["effect"], one["change"]]
        assert [one["effect"], one["change"]] == pytest.approx([pcre["effect"], pcre["change"]], rel=1e-4)
    session.act([{"do": "add", "edits": [erased | {"mark": "H3K36me3"}]}])
    true = session.true_effects()
    assert [p["effect"] for p in true.parts] == [one["effect"], 0]
    assert [true.effect, true.change] == [one["effect"], one["change"]]
    at = key.genes.set_index("gene_id")["promoter"][pcre["gene_id"]].iloc[0]
    raised = {"kind": "scale", "mark": "H3K27ac", "region": f"{pcre['chrom']}:{at - 900}-{at + 900}", "factor": 3.0}
    session.act([{"do": "reset"}, {"do": "add", "edits": [raised]}])
    true = session.true_effects()
    (refused,) = true.refused
    assert true.effect is true.change is None and "H3K27ac raised at the promoter" in refused
