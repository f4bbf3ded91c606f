"""Whether data are simulated is a fact of the dataset: every figure and widget says it, and no name can change it."""

from dataclasses import replace

import numpy as np
import pytest
from helpers import every_figure
from helpers.every_figure import figures
from helpers.toys import SMALL, toy_dataset

import chromolab as cl
from chromolab.show.figures.style import origin_of
from chromolab.show.widgets.browser.browser import TrackBrowser

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
    return {"A": every_figure.one_track(tmp_path_factory.mktemp("track") / "a.bw")}


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
        assert cl.GlassBox(model, dataset.gene("G1"), device="cpu").about["origin"] == origin
    assert TrackBrowser(one_track, origin=SAID)._about["origin"] == SAID


def test_a_note_is_added_and_never_replaces_the_origin(named_sim):
    simulated = replace(named_sim, origin="simulated")
    title = cl.plot.tracks(simulated.gene("G1"), note="of ours").layout.title.text
    assert "simulated · of ours" in title
    assert origin_of(simulated, note="simulated, mean of four models") == "simulated, mean of four models"
    assert origin_of(simulated, named_sim, note="") == "partly simulated"
    assert origin_of(named_sim, np.zeros(3), None, note="made up") == "made up"
