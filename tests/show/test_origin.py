"""Whether data are simulated is a fact of the dataset: every figure and widget says it, and no name can change it."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from helpers.toys import SMALL, toy_dataset

import chromolab as cl
from chromolab.show.figures.style import origin_of
from chromolab.show.widgets.browser.browser import TrackBrowser
from chromolab.show.widgets.chooser.chooser import GeneChooser

SAID = "from nowhere in particular"
BY_NOTE = {"scatter"}  # arrays have no origin


@pytest.fixture(scope="module")
def named_sim():
    """Real cells that their owner calls as the teaching genome calls its own."""
    ds = toy_dataset(genes=12, window=2_000)
    regions = ds.signal.regions.assign(cell_type="simA1")
    return replace(ds, genes=ds.genes.assign(cell_type="simA1"), signal=replace(ds.signal, regions=regions))


@pytest.fixture(scope="module")
def one_track(tmp_path_factory):
    pyBigWig = pytest.importorskip("pyBigWig")
    path = tmp_path_factory.mktemp("track") / "a.bw"
    with pyBigWig.open(str(path), "w") as file:
        file.addHeader([("chr1", 30_000_000)])
        file.addEntries(["chr1"], [0], ends=[30_000_000], values=[1.0])
    return {"A": path}


def figures(ds, track):
    """A figure of each kind, made as the notebooks make it, and what it is made from."""
    gene = ds.gene("G1")
    model = cl.Chromoformer(marks=ds.marks, task="regression", resolutions=(200, 100), seed=0, **SMALL)
    scores = cl.explain.attention(model, gene, device="cpu")
    points = cl.explain.project(cl.explain.embeddings(model, ds, device="cpu", progress=False))
    points = pd.concat([points.assign(kind="a"), points.assign(kind="b")])
    points = points[points["layer"] >= 0].assign(level=1.0)
    quick = {"epochs": 1, "progress": False, "device": "cpu"}
    runs = cl.cross_validate(
        lambda: cl.Chromoformer(ds.marks, resolutions=(200,), seed=0, **SMALL), ds, folds=[1], **quick
    )
    table = pd.DataFrame(
        {"name": ["a", "b"], "value": [0.8, 0.9], "low": [0.7, 0.8], "high": [0.9, 1.0], "step": [0, 0]}
    )
    doses = table.assign(dose=[1, 2], kind="enhancers", predicted=1.0, true=1.0)
    scored = pd.DataFrame({"model": [*"aabb"], "fold": [1, 2] * 2, "seed": 0, "auc": [0.7, 0.8, 0.6, 0.9]})
    for made in (table, doses, scored):
        made.attrs["origin"] = ds.origin
    return {
        "tracks": cl.plot.tracks(gene, edited=cl.edit(gene, [cl.erase("A", "chr1:200000-200100")])),
        "attention": cl.plot.attention(scores, gene),
        "heads": cl.plot.heads(scores, gene, resolution=200),
        "arcs": cl.plot.arcs(gene, track, weight=[0.2, 0.3, 0.5]),
        "profiles": cl.plot.profiles(ds),
        "roc": cl.plot.roc(ds, ds.log2_expression),
        "predicted": cl.plot.predicted(runs.predictions),
        "predicted of a dataset": cl.plot.predicted(ds, ds.log2_expression),
        "curves": cl.plot.curves(runs),
        "curves of one run": cl.plot.curves(runs.runs[1]),
        "trajectory": cl.plot.trajectory(points, "level", "kind", "kind"),
        "compare": cl.plot.compare(table, "AUC"),
        "wins": cl.plot.wins(scored, "auc", "a", n=10),
        "lines": cl.plot.lines(table, "low", "high", by="name"),
        "slider": cl.plot.slider(table, "name", "value", "step"),
        "doses": cl.plot.doses(doses, "name", x_title="dose", y_title="change", title="doses"),
        "heatmap": cl.plot.heatmap(table[["value"]].T, "model"),
    }


def test_every_figure_says_the_origin_and_none_is_guessed(named_sim, one_track):
    said = figures(replace(named_sim, origin=SAID), one_track)
    assert {name.split()[0] for name in said} | BY_NOTE == set(cl.plot.__all__)
    for name, figure in said.items():
        assert SAID in figure.layout.title.text, name
        assert "simulated" not in figure.layout.title.text, name
    for name, figure in figures(named_sim, one_track).items():
        assert "simulated" not in figure.layout.title.text and "unknown" not in figure.layout.title.text, name


def test_every_widget_says_the_origin(named_sim, one_track):
    ds = replace(named_sim, origin=SAID)
    model = cl.Chromoformer(ds.marks, "regression", resolutions=(200, 100), seed=0, **SMALL)
    for dataset, origin in ((ds, SAID), (named_sim, "")):
        state, _ = cl.WhatIf(model, dataset).reply({"kind": "hello"})
        assert state["gene"]["origin"] == origin
        assert cl.GlassBox(model, dataset.gene("G1"), "cpu").about["origin"] == origin
        assert GeneChooser(dataset).origin == origin
    assert TrackBrowser(one_track, origin=SAID)._about["origin"] == SAID


def test_a_note_is_added_and_never_replaces_the_origin(named_sim):
    simulated = replace(named_sim, origin="simulated")
    title = cl.plot.tracks(simulated.gene("G1"), note="of ours").layout.title.text
    assert "simulated · of ours" in title
    assert origin_of(simulated, note="simulated, mean of four models") == "simulated, mean of four models"
    assert origin_of(simulated, named_sim, note="") == "partly simulated"
    assert origin_of(named_sim, np.zeros(3), None, note="made up") == "made up"
