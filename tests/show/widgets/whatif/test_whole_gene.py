"""The lab with a model of whole genes: what is painted anywhere on a gene is predicted, explained and shown."""

import numpy as np
import pytest
from helpers.toys import SMALL, toy_dataset, with_bodies
from helpers.widgets import act, add, toy_models

import chromolab as cl
from chromolab.show.widgets.whatif.lab import WhatIf


@pytest.fixture(scope="module")
def dataset():
    return with_bodies(toy_dataset(0, genes=24, window=8000), lengths=(60_000, 60_001))


@pytest.fixture
def lab(dataset):
    models = [cl.models.WholeGene(dataset.marks, "regression", (500, 100), seed=s, **SMALL) for s in range(2)]
    lab = WhatIf(models, dataset, gene=dataset.exons["gene_id"].iloc[1])
    yield lab
    lab.close()


def gene_region(lab):
    """The whole gene among the lab's regions, and a place near its end that no other region holds."""
    region = next(r for r in lab.session.regions() if r["rank"] is None)
    minus = lab.gene.genes["strand"].iloc[0] == "-"
    start = region["start"] + 20_000 if minus else region["end"] - 20_000
    return region, f"{region['chrom']}:{start}-{start + 8_000}"


def test_the_whole_gene_is_a_region_after_the_pcres_with_its_exons_and_bins(lab, dataset):
    state, buffers = lab.reply({"kind": "hello"})
    pcres = int((lab.gene.pcre[0] >= 0).sum())
    assert [r["rank"] for r in state["regions"]] == [*range(1 + pcres), None]
    region = state["regions"][-1]
    places = lab.gene.signal.regions.iloc[lab.gene.body[0]]
    assert (region["start"], region["end"]) == (places["start"], places["end"])
    assert (region["frequency"], region["now"], region["added"]) == (None, None, False)
    own = next(g for g in state["neighbours"][-1]["genes"] if g["own"])
    exons = dataset.exons[dataset.exons["gene_id"] == own["gene_id"]]
    assert own["exons"] == exons[["start", "end"]].to_numpy().tolist() and own["exons"]
    bins = np.array(state["gene"]["bins"])
    bins = bins[np.argsort(bins[:, 0])]
    assert bins[0, 0] == region["start"] and bins[-1, 1] == region["end"]
    np.testing.assert_array_equal(bins[1:, 0], bins[:-1, 1])


def test_a_pcre_that_is_added_keeps_its_number_beside_the_whole_gene(lab):
    pcres, far = int((lab.gene.pcre[0] >= 0).sum()), "chr1:30000000-30002000"
    depth = [{"kind": "set_depth", "mark": m, "region": far, "depth": 1.0} for m in lab.gene.marks]
    add(lab, {"kind": "add_pcre", "region": far, "frequency": 2.0}, *depth)
    regions = lab.session.regions()
    assert [r["rank"] for r in regions] == [*range(1 + pcres), None, 1 + pcres]
    assert regions[-1]["added"] and not regions[-2]["added"]
    depth = lab.edited.signal.depth
    for r in regions:
        np.testing.assert_array_equal(depth[r["offset"] :][: r["bins"]], lab.edited.region_depth(r["row"]))


def test_an_edit_far_beyond_the_window_is_predicted_and_explained(lab):
    region, place = gene_region(lab)
    state, _ = add(lab, {"kind": "scale", "mark": "A", "region": place, "factor": 8.0})
    assert state["error"] is None
    afresh = cl.edit(lab.gene, lab.edits)
    expected = [float(cl.predict(m, afresh, progress=False)[0, 0]) for m in lab.session.all_models]
    assert lab.predictions["after"].tolist() == expected
    np.testing.assert_allclose(state["predicted"]["regression"]["after"], expected, atol=1e-5)
    change = (lab.predictions["after"] - lab.predictions["before"]).mean()
    assert change != 0
    reply, buffers = lab.reply({"kind": "carried", "task": "regression"})
    scores = np.frombuffer(buffers[0], "<f4").reshape(-1, 3)
    assert scores.sum() == pytest.approx(change, rel=1e-2)
    assert [(r["row"], r["mark"]) for r in reply["reasons"]] == [(region["row"], "A")]
    inside = slice(region["offset"], region["offset"] + region["bins"])
    assert scores[inside].sum() == pytest.approx(scores.sum())


def test_genes_that_hold_an_edit_beyond_their_windows_are_among_those_it_reaches(lab):
    _, place = gene_region(lab)
    add(lab, {"kind": "erase", "mark": "A", "region": place})
    name = lab.reply({"kind": "settle"})[0]["list"][0][1]
    rows = lab.reply({"kind": "others", "index": 0, "name": name})[0]["rows"]
    (own,) = [r for r in rows if r["shown"]]
    assert own["via"] == "gene" and own["frequency"] is None
    expected = lab.predictions[["before", "after"]].mean()
    assert own["predicted"]["regression"]["after"] == pytest.approx(expected["after"], abs=1e-5)


def test_what_lies_in_window_and_gene_changes_in_both(lab):
    window, gene = (next(r for r in lab.session.regions() if r["rank"] == rank) for rank in (0, None))
    place = f"{window['chrom']}:{window['start'] + 1000}-{window['start'] + 2000}"
    add(lab, {"kind": "set_depth", "mark": "B", "region": place, "depth": 7.0})
    for r in (window, gene):
        first = r["offset"] + (window["start"] + 1000 - r["start"]) // 100
        assert (lab.edited.signal.depth[first : first + 10, 1] == 7).all()


def test_attention_over_the_gene_is_relative_to_even_attention_over_its_bases(lab):
    region, _ = gene_region(lab)
    _, buffers = lab.reply({"kind": "attention", "task": "regression"})
    level = np.frombuffer(buffers[0], "<f4")
    assert len(level) == len(lab.edited.signal.depth)
    own = level[region["offset"] : region["offset"] + region["bins"]]
    assert own.mean() == pytest.approx(1, abs=1e-4) and own.std() > 0


def test_models_that_read_no_whole_genes_show_none_and_refuse_to_edit_one(dataset):
    lab = WhatIf(toy_models(), dataset, gene=dataset.exons["gene_id"].iloc[1])
    state, _ = lab.reply({"kind": "hello"})
    assert None not in [r["rank"] for r in state["regions"]] and state["gene"]["bins"] is None
    assert any(g["exons"] for g in state["neighbours"][0]["genes"] if g["own"])  # those of the dataset, on the window
    start = int(dataset.gene(state["gene"]["gene_id"]).genes["tss"].iloc[0]) + 12_000
    erase = {"kind": "erase", "mark": "A", "region": f"chr1:{start}-{start + 500}"}
    assert "overlaps no region" in act(lab, {"do": "add", "edits": [erase]})[0]["error"]


def test_a_plain_model_is_explained_on_a_dataset_of_whole_genes(dataset):
    model, gene = toy_models()[2], dataset.gene("G3")
    edits = [cl.scale("A", region_of(gene), 3.0)]
    rows = cl.explain.carried(model, gene, edits)
    change = cl.effect(model, gene, edits).table["change"].iloc[0]
    assert rows["score"].sum() == pytest.approx(change, rel=1e-2)


def region_of(gene):
    r = gene.signal.regions.iloc[gene.promoter[0]]
    return f"{r['chrom']}:{r['start']}-{r['end']}"


def test_a_model_of_whole_genes_needs_them():
    windows = toy_dataset()
    model = cl.models.WholeGene(windows.marks, "regression", (500, 100), seed=0, **SMALL)
    with pytest.raises(cl.ChromolabError, match="holds windows, not whole genes; read them"):
        WhatIf(model, windows)


def test_a_copied_script_reads_whole_genes_only_where_a_model_reads_them(tiny_world):
    ds = tiny_world.dataset(whole_genes=True)
    for model, read in ((cl.models.WholeGene, "whole_genes=True"), (cl.Chromoformer, "")):
        lab = WhatIf(model(ds.marks, "regression", (2000, 500), seed=0, **SMALL), ds, world=tiny_world)
        assert f").dataset({read})\n" in lab.reply({"kind": "text"})[0]["python"]
        lab.close()
