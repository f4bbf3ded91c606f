"""The glass box of a model of whole genes: a step more, its bins on the gene, and both sides of an edit bin by bin."""

from dataclasses import replace

import numpy as np
import pytest
from helpers import bare
from helpers.toys import SMALL, toy_dataset, with_bodies

import chromolab as cl
from chromolab.learn.explain.stages import trace
from chromolab.show.widgets.glassbox.lanes import lanes
from chromolab.show.widgets.glassbox.texts import text_of

GLASS = "document.querySelector('.cl-glass').glass"
SUMS = f"""async () => {{
    const glass = {GLASS}, wrong = [], told = {{}};
    for (const name of glass.order.filter((n) => /^(gene|head)/.test(n))) {{
        glass.go(name);
        const output = () => glass.parts.find((p) => p.part.role === "output" && p.part.name === name);
        while (!output()) await new Promise((r) => setTimeout(r, 5));
        for (let k = 0, at = {{}}; k < 30; k++) {{  // numbers here and there, made anew from their inputs and weights
            output().part.axes.forEach((axis, i) => {{ at[axis] = (7 * k + 3 * i) % output().part.shape[i]; }});
            const sum = glass.sum(at), value = output().value(at);
            const off = sum && Math.abs(sum.value - value);
            if (sum && !(off <= 1e-4 * (1 + Math.abs(value)))) wrong.push([name, at, value, sum]);
            if (sum) told[name] = sum.text;
        }}
    }}
    return {{wrong, told: Object.keys(told)}};
}}"""


@pytest.fixture(scope="module")
def dataset():
    return with_bodies(toy_dataset(0, genes=12, window=8000), lengths=(60_000, 60_001))


@pytest.fixture(scope="module")
def model(dataset):
    model = cl.models.WholeGene(dataset.marks, "regression", (1000, 500), seed=1, **SMALL)
    for layer in model.gene.places.values():
        layer.weight.data.normal_()
    return model


def gene_with_exons(dataset, strand):
    known = dataset.genes["gene_id"].isin(dataset.exons["gene_id"]) & (dataset.genes["strand"] == strand)
    return dataset.gene(dataset.genes["gene_id"][known & ((dataset.pcre >= 0).sum(1) > 0)].iloc[0])


@pytest.mark.parametrize("strand", ["+", "-"])
def test_the_whole_gene_is_the_fourth_step_with_its_bins_on_the_chromosome(dataset, model, strand):
    gene = gene_with_exons(dataset, strand)
    box = cl.GlassBox(model, gene, device="cpu")
    reply, _ = box.reply({"kind": "map", "resolution": 1000})
    assert [s["title"] for s in reply["steps"]][3:] == ["4  Whole gene", "5  Head"]
    assert set(reply["story"]) == {s["key"] for s in reply["steps"]}
    shown = {name for lane in reply["steps"][3]["lanes"] for column in lane["columns"] for name in column}
    assert shown == {name for name in box.stages.index if name.startswith("gene.")}
    bins = box.about["bins"]
    exons = gene.exons[["start", "end"]].to_numpy()
    for (start, end), share in zip(bins["places"], bins["exon"], strict=True):
        exonic = np.clip(np.minimum(exons[:, 1], end) - np.maximum(exons[:, 0], start), 0, None).sum()
        assert share == pytest.approx(exonic / (end - start), abs=1e-6)
    assert bins["kb"][bins["tss"]][0] == 0 and sum(bins["exon"]) > 0
    box.close()


def test_every_box_of_the_step_is_explained(dataset, model):
    walk = trace(model, dataset.select([0]).compact(), "cpu")
    assert all(all(text_of(name)) for name in walk)
    named = [name for lane in lanes(walk, 500) for column in lane["columns"] for name in column]
    assert len(set(named)) == len(named) and {"gene.said", "head.both"} <= set(named)


def test_a_model_of_windows_has_no_such_step(dataset):
    plain = cl.Chromoformer(dataset.marks, "regression", (1000, 500), seed=0, **SMALL)
    box = cl.GlassBox(plain, dataset.gene("G1"), device="cpu")
    reply, _ = box.reply({"kind": "map", "resolution": 1000})
    assert [s["title"] for s in reply["steps"]][3:] == ["4  Head"] and "gene" not in reply["story"]
    assert box.about["bins"] is None
    box.close()


def test_bins_that_an_edit_gives_data_stand_beside_none(dataset, model):
    gene = gene_with_exons(dataset, "+")
    body = gene.signal.regions.iloc[gene.body[0]]
    first = int(gene.signal.offsets[gene.body[0]])
    hole = slice(first + 640, first + 720)  # 8 kb without data, 40 kb from the TSS
    depth, covered = np.array(gene.signal.depth), np.repeat(gene.signal.bases()[:, None], len(gene.marks), 1)
    depth[hole], covered[hole] = np.nan, 0
    gene = replace(gene, signal=replace(gene.signal, depth=depth, covered=covered, cache={}))
    place = f"{body['chrom']}:{body['start'] + 64_000}-{body['start'] + 72_000}"
    lab = cl.WhatIf(model, gene, edits=[cl.set_depth(m, place, 2.0) for m in gene.marks])
    box = cl.GlassBox(model, gene, lab=lab, device="cpu")
    before, after, apart = (box.values("gene.weights", side) for side in ("before", "after", "difference"))
    assert before.shape == after.shape == apart.shape
    new = np.isnan(before[0])
    starts = np.array(box.about["bins"]["places"])[:, 0]
    assert new.any() and not np.isnan(after).any()
    assert ((starts[new] >= body["start"] + 64_000) & (starts[new] < body["start"] + 72_000)).all()
    np.testing.assert_allclose(np.nansum(before, 1), 1, rtol=1e-5)
    assert "Before the edits" in box.reply({"kind": "map", "resolution": 1000})[0]["story"]["gene"]
    box.close()
    lab.close()


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("strand", ["+", "-"])
def test_the_page_makes_every_number_of_the_step_anew(dataset, model, page, strand):
    page.on("pageerror", lambda error: pytest.fail(f"in the page: {error}"))
    box = cl.GlassBox(model, gene_with_exons(dataset, strand), device="cpu")
    bare.show(page, box, "about")
    page.locator(".glass-step").nth(4).wait_for()
    page.wait_for_function(f"() => !{GLASS}.wire.busy")
    page.get_by_role("button", name="Open all").click()
    found = page.evaluate(SUMS)
    assert found["wrong"] == []
    made = {"features", "projected", "numbers", "positions", "tokens", "q", "k", "v", "bases", "scores", "weights"}
    assert {f"gene.{what}" for what in made | {"attended", "said"}} <= set(found["told"])
    page.evaluate(f"() => {GLASS}.go('gene.weights')")
    page.locator(".glass-output canvas").hover(position={"x": 300, "y": 60})
    page.locator(".glass-output .glass-read", has_text="kb from the TSS").wait_for()
    box.close()
