"""show/widgets/whatif/protocol and told: reasons from all models, recipes and why not, units, notices, neighbours."""

from dataclasses import replace

import numpy as np
import pytest
from helpers.toys import toy_dataset
from helpers.widgets import act, add, erased, toy_models

import chromolab as cl
from chromolab.learn.explain.attention_maps import looked_at
from chromolab.learn.explain.change import carried_by
from chromolab.show.widgets.whatif import told
from chromolab.show.widgets.whatif.lab import WhatIf
from chromolab.show.widgets.whatif.surroundings import Surroundings


def numbers(buffer):
    return np.frombuffer(buffer, "<f4")


def test_what_carried_it_is_the_mean_of_all_models_and_says_how_far_they_agree(dataset):
    lab = WhatIf(toy_models(seeds=3), dataset)
    cut = next(f"{r['chrom']}:{r['start']}-{r['end']}" for r in lab.session.regions() if r["rank"] == 1)
    add(lab, erased(lab), {"kind": "drop_pcre", "region": cut})
    for task, models in lab.session.models.items():
        reply, (mean, agree) = lab.reply({"kind": "carried", "task": task})
        each = [carried_by(m, lab.gene, lab.edits, steps=4) for m in models]
        np.testing.assert_allclose(numbers(mean), np.mean([s for s, _ in each], 0).ravel(), rtol=1e-5, atol=1e-9)
        outputs = [
            [cl.metrics.log_odds_or_expression(cl.predict(m, d))[0] for d in (lab.gene, lab.edited)] for m in models
        ]
        change = np.array([after - before for before, after in outputs])
        told_sum = numbers(mean).sum() + sum(c for c in reply["contacts"] if c is not None)
        assert [reply["change"], told_sum] == pytest.approx([change.mean()] * 2, abs=1e-3)
        assert [reply["low"], reply["high"]] == pytest.approx([change.min(), change.max()], abs=1e-3)
        assert reply["agree"] == (np.sign(change) == np.sign(change.mean())).mean() and reply["models"] == 3
        assert sum(r["score"] for r in reply["reasons"]) == pytest.approx(reply["change"])
        contact = next(r for r in reply["reasons"] if r["mark"] is None)
        assert (
            contact["score"] == pytest.approx(reply["contacts"][1])
            and contact["low"] <= contact["score"] <= contact["high"]
        )
        assert set(np.unique(numbers(agree) * 3).round(3)) <= {0, 1, 2, 3} and numbers(agree).any()
    lab.close()


def test_attention_is_the_mean_of_all_models(whatif):
    reply, (level,) = whatif.reply({"kind": "attention", "task": "regression"})
    each = [looked_at(m, whatif.edited) for m in whatif.session.models["regression"]]
    np.testing.assert_allclose(numbers(level), np.mean([own for own, _ in each], 0), rtol=1e-5)
    assert sum(s for s in reply["shares"] if s is not None) == pytest.approx(1)
    assert all(a <= s <= b for a, s, b in zip(reply["low"], reply["shares"], reply["high"], strict=True))


def test_a_recipe_says_why_it_cannot_be_applied(whatif):
    state, _ = whatif.reply({"kind": "hello"})
    why = {r["name"]: r["why"] for r in state["recipes"]}
    assert list(why) == list(cl.edits.recipes.RECIPES) and all(r["what"] for r in state["recipes"])
    assert "this recipe changes H3K4me3" in why["silence the promoter"]
    for name, reason in why.items():
        assert act(whatif, {"do": "recipe", "name": name})[0]["error"] == reason


def test_an_enhancer_can_be_added_more_than_once():
    dataset = toy_dataset(2, marks=("H3K4me3", "H3K27ac"))
    lab = WhatIf(toy_models(dataset.marks, 1), dataset)
    for count in (1, 2, 3):
        state, _ = act(lab, {"do": "recipe", "name": "add an enhancer"})
        assert state["error"] is None and sum(r["added"] for r in state["regions"]) == count
    lab.close()


def test_a_track_has_the_unit_of_its_own_scale(dataset):
    scales = {"A": "depth", "B": "neg_log10_p"}
    lab = WhatIf(toy_models(), replace(dataset, scales=scales))
    assert [m["unit"] for m in lab.marks] == ["reads per base", "-log10 p", "signal (scale not known)"]
    lab.close()


def test_models_that_learnt_on_another_scale_are_warned_of_once_and_on_the_page(dataset):
    models = toy_models()
    for model in models:
        model.scales = {"A": "depth"}
    with pytest.warns(UserWarning, match="A: the model was trained on depth") as seen:
        lab = WhatIf(models, replace(dataset, scales={"A": "neg_log10_p"}))
    add(lab, erased(lab), {"kind": "drop_pcre", "region": "{chrom}:{start}-{end}".format(**lab.gene.pcres().iloc[0])})
    notices = lab.reply({"kind": "hello"})[0]["notices"]
    assert len(seen) == 1 and notices == [str(seen[0].message)]
    lab.reply({"kind": "carried", "task": "regression"})  # gives no further warning
    lab.close()


@pytest.mark.parametrize(
    "learnt, now, said",
    [
        ("simulated", "simulated", ""),
        ("simulated", "measured", "learnt from simulated genes"),
        ("simulated", "", "learnt from simulated genes"),
        ("measured", "simulated", "These genes are simulated"),
        ("", "measured", ""),
    ],
)
def test_models_of_simulated_genes_say_so_on_other_data(learnt, now, said, dataset):
    model = toy_models()[0]
    model.origin = learnt
    notices = told.notices([model], replace(dataset, origin=now))
    assert notices == [] if not said else said in notices[0]


def test_a_model_knows_what_it_learnt_from(tmp_path):
    dataset = replace(toy_dataset(0), origin="simulated")
    model = cl.Chromoformer(
        dataset.marks, resolutions=(500,), width=8, embed_hidden=8, pairwise_hidden=8, head_hidden=8
    )
    model.made_by = "cl.pretrained('regression', 0)"
    cl.fit(model, dataset, epochs=1, seed=0)
    assert (model.origin, model.made_by) == ("simulated", "")  # it is not that model any more
    loaded = cl.load_checkpoint(cl.save_checkpoint(model, tmp_path / "a.pt"))
    assert loaded.origin == "simulated" and eval(loaded.made_by, {"cl": cl}).origin == "simulated"
    assert cl.pretrained("regression").origin == "simulated"


# ----- what else lies there -------------------------------------------------------------------------------------------


def test_neighbours_are_all_genes_and_fragments_that_overlap(world):
    dataset = world.dataset(progress=False)
    surroundings, genes = Surroundings(dataset, world.gtf), dataset.genes
    gene = dataset.gene(*genes.iloc[len(genes) // 2][["gene_id", "cell_type"]])
    own, cell = gene.genes.iloc[0][["gene_id", "cell_type"]]
    found = surroundings.of(gene)
    rows = [gene.promoter[0], *gene.pcre[0][gene.pcre[0] >= 0]]
    assert len(found) == len(rows)
    for here, place in zip(found, gene.signal.regions.iloc[rows].itertuples(), strict=True):
        over = (genes["chrom"] == place.chrom) & (genes["start"] < place.end) & (genes["end"] > place.start)
        assert {g["gene_id"] for g in here["genes"]} == set(genes["gene_id"][over])
        touched = set()
        for example in range(len(dataset)):
            other = genes["gene_id"].iloc[example]
            if genes["cell_type"].iloc[example] == cell and other != own:
                pcres = dataset.pcres(example)
                inside = (pcres["chrom"] == place.chrom) & (pcres["start"] < place.end) & (pcres["end"] > place.start)
                inside &= (pcres["start"] != place.start) | (pcres["end"] != place.end)
                name = genes["gene_name"].iloc[example]
                touched |= {(p.start, p.end, name) for p in pcres[inside].itertuples()}
        assert {(f["start"], f["end"], n) for f in here["fragments"] for n in f["genes"]} == touched
    (mine,) = [g for g in found[0]["genes"] if g["own"]]
    assert mine["gene_id"] == own and mine["exons"] and mine["start"] == mine["exons"][0][0]
    assert all(a < b for a, b in mine["exons"])
    assert all(g["exons"] is None for here in Surroundings(dataset).of(gene) for g in here["genes"])


def test_the_gene_in_another_cell_type_can_be_compared(strong_world):
    dataset = strong_world.dataset(progress=False)
    lab = WhatIf(toy_models(dataset.marks, 1), dataset)
    row = lab.gene.genes.iloc[0]
    other = next(c for c in strong_world.cell_types if c != row["cell_type"])
    reply, (depth,) = lab.reply({"kind": "compare", "gene_id": row["gene_id"], "cell_type": other})
    there = dataset.gene(row["gene_id"], other)
    assert reply["cell_type"] == other and reply["cell_types"] == strong_world.cell_types
    assert reply["measured"]["regression"] == there.log2_expression[0]
    assert [c["frequency"] for c in reply["contacts"]] == there.pcres()["frequency"].tolist()
    assert len(numbers(depth)) == there.window // there.bin_size * len(dataset.marks)
    lab.close()


# ----- true values ----------------------------------------------------------------------------------------------------


def test_truth_has_the_unit_of_the_prediction(strong_world):
    dataset = strong_world.dataset(progress=False)
    lab = WhatIf(toy_models(dataset.marks, 1), dataset, world=strong_world)
    act(lab, {"do": "recipe", "name": "silence the promoter"})
    row, true = lab.gene.genes.iloc[0], lab.reply({"kind": "settle"})[0]["true"]
    level, side = true["tasks"]["regression"], true["tasks"]["classification"]
    causes = strong_world.causes()
    expected = [c.log2_expression(lab.gene.genes)[0] for c in (causes, causes.closed(row["gene_id"]))]
    assert [level["before"], level["after"]] == pytest.approx(expected)
    assert level["change"] == pytest.approx(expected[1] - expected[0]) and level["unit"] == "log2(RPKM + 1)"
    own = (dataset.genes["cell_type"] == row["cell_type"]).to_numpy()
    labels = np.where(dataset.log2_expression[own] >= side["median"], 1, 0)
    np.testing.assert_array_equal(labels, dataset.labels[own])
    assert [side["before"], side["after"]] == ["above" if v >= side["median"] else "below" for v in expected]
    lab.close()


# ----- searches -------------------------------------------------------------------------------------------------------


def test_the_smallest_edit_is_found_for_the_gene_as_it_is_and_applied_by_a_click(whatif):
    add(whatif, erased(whatif))
    for task in whatif.session.models:
        now = float(whatif.session.after[task].mean())
        request = {"kind": "smallest", "task": task, "target": now + 1e-4}
        reply, _ = whatif.reply(request)
        best = reply["rows"][0]
        assert (
            best["reached"] and best["before"] == pytest.approx(now, abs=1e-5) and best["strokes"] == len(best["edits"])
        )
        state, _ = act(whatif, {"do": "add", "edits": best["edits"]})
        assert np.mean(state["predicted"][task]["after"]) == pytest.approx(best["after"], abs=1e-4)
        act(whatif, {"do": "undo"})
    for wrong in (True, "1", [], float("nan")):
        with pytest.raises(cl.ChromolabError, match="target is"):
            whatif.reply(request | {"target": wrong})
    assert whatif.reply({"kind": "smallest", "task": "classification", "contacts": False})[0]["target"] == 0.5


def listed(lab):
    """index and name of each edit, as the page knows them."""
    settled = lab.reply({"kind": "settle"})[0]
    return [{"index": settled["first"] + i, "name": name} for i, (_, name) in enumerate(settled["list"])]


def test_an_edit_in_doses(whatif):
    add(whatif, erased(whatif), erased(whatif, "B"))
    first, _ = listed(whatif)
    for task, models in whatif.session.models.items():
        reply, _ = whatif.reply({"kind": "dose", "task": task} | first)
        values = dict(zip(reply["doses"], reply["values"], strict=True))
        rest = cl.edit(whatif.gene, whatif.edits[1:])
        without = [cl.metrics.probability_or_expression(cl.predict(m, rest))[0] for m in models]
        assert values[0.0] == pytest.approx(without, abs=1e-5)
        assert values[1.0] == pytest.approx(whatif.session.after[task].tolist(), abs=1e-5)
    act(whatif, {"do": "reset"})
    with pytest.raises(cl.ChromolabError, match="not in the list any more"):
        whatif.reply({"kind": "dose", "task": "regression"} | first)


def test_a_replay_ends_where_the_gene_is(whatif, monkeypatch):
    for mark in "ABC":
        add(whatif, erased(whatif, mark))
    for task in whatif.session.models:
        for kept in (60, 2):
            monkeypatch.setattr("chromolab.show.widgets.whatif.questions.REPLAYED", kept)
            steps = whatif.reply({"kind": "replay", "task": task})[0]["steps"]
            assert [s["step"] for s in steps] == list(range(max(0, 3 - kept), 4))
            assert steps[-1]["values"] == pytest.approx(whatif.session.after[task].tolist(), abs=1e-5)
            assert steps[0]["words"] == ("as it was" if kept == 60 else "after 1 edits")


def test_one_edit_on_the_other_genes_that_it_reaches(dataset):
    lab = WhatIf(toy_models(), dataset)
    place = "{chrom}:{start}-{end}".format(**lab.gene.pcres().iloc[0])
    add(lab, {"kind": "erase", "mark": "A", "region": place})
    (entry,) = listed(lab)
    rows = lab.reply({"kind": "others"} | entry)[0]["rows"]
    (shown,) = [r for r in rows if r["shown"]]
    assert shown["gene_id"] == lab.gene.genes["gene_id"].iloc[0] and shown["frequency"] > 0
    for task, own in shown["predicted"].items():
        after = lab.session.exact["after"][task].mean()
        assert own["after"] == pytest.approx(after, abs=1e-5) and 0 <= own["agree"] <= 1
    lab.close()


def test_the_page_is_told_which_slow_questions_are_answered(whatif):
    state, _ = whatif.reply({"kind": "hello"})
    add(whatif, erased(whatif))
    (entry,) = listed(whatif)
    asked = {"smallest": {}, "dose": entry, "replay": {}, "others": entry}
    assert state["can"] == list(asked)
    for kind, more in asked.items():
        assert whatif.reply({"kind": kind, "task": "regression"} | more)[0]
