"""models/window: what all models of one window share: published sizes, what they see, learning, checkpoints."""

import os
import signal

import numpy as np
import pytest
import torch
from helpers.toys import toy_dataset
from helpers.training import QUIET, TASKS, WINDOWED, few_epochs, learnt

import chromolab as cl
from chromolab.data.dataset.batches import Loader
from chromolab.models.window import middle


def count(model):
    return sum(p.numel() for p in model.parameters())


def lstm(inputs, hidden):
    """Both directions; four gates, each with weights from input and state and two biases."""
    return 2 * 4 * hidden * (inputs + hidden + 2)


# ----- sizes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("marks", [1, 5, 7])
@pytest.mark.parametrize("task", TASKS)
def test_published_sizes(marks, task):
    names, outputs = [f"m{i}" for i in range(marks)], 2 if task == "classification" else 1
    places = (100 - 10 + 1) // 5
    assert places * 50 == 900
    deepchrome = (marks * 10 + 1) * 50 + (900 + 1) * 625 + (625 + 1) * 125 + (125 + 1) * outputs
    assert count(cl.models.DeepChrome(names, task)) == deepchrome
    two_levels = lambda tracks: tracks * (lstm(1, 32) + 64) + lstm(64, 16) + 32 + 32 + 1  # noqa: E731
    assert count(cl.models.AttentiveChrome(names, task)) == two_levels(marks)
    assert count(cl.models.DeepDiff(names, task)) == two_levels(3 * marks)
    branch = (marks * 7 + 1) * 20 + 2 * 20 + lstm(20, 40) + (80 + 1) * 16 + 17 + (80 + 1) * outputs
    assert count(cl.models.HMCRNN(names, task)) == branch
    width = 256
    graph = (2 * marks + 1) * width + (2 * width + 1) * width + 2 * (width + 1) * width + (width + 1) * outputs
    assert count(cl.models.GCMerge(cl.models.genome_graph(toy_dataset(0, marks=tuple(names))), task)) == graph


def test_published_windows_and_shapes():
    assert cl.models.DeepChrome().bins == cl.models.AttentiveChrome().bins == 100 and cl.models.DeepDiff().bins == 200
    assert cl.models.HMCRNN().bins == 40
    x, seen = torch.randn(3, 40, 7), torch.ones(3, 40, dtype=torch.bool)
    model = cl.models.HMCRNN(seed=0)
    steps = []
    model.lstm.register_forward_pre_hook(lambda _, inputs: steps.append(tuple(inputs[0].shape)))
    assert model.read(x, seen).shape == (3, 2) and steps == [(3, 12, 20)]  # 12 steps of 20 filters, as published
    model = cl.models.AttentiveChrome(seed=0)
    _, over_bins, over_marks = model.levels(torch.randn(3, 100, 7), torch.ones(3, 100, dtype=torch.bool))
    assert over_bins.shape == (3, 7, 100) and over_marks.shape == (3, 7)
    assert all(p.abs().max() <= 0.1 for p in model.parameters())


# ----- what they see --------------------------------------------------------------------------------------------------


def test_the_middle_of_the_window(ds):
    batch = Loader(ds, ds.marks, (100,)).batch(np.arange(len(ds)))
    features, seen = middle(batch, 100, 10)
    depth = ds.promoter_depth()[:, 15:25]  # 40 bins, 5' to 3'
    np.testing.assert_allclose(features.numpy(), np.log1p(depth), rtol=1e-5)
    assert seen.all()
    with pytest.raises(cl.ChromolabError, match="the dataset's window has 40; build it with a window of 10,000 bp"):
        cl.predict(cl.models.DeepChrome(ds.marks), ds, device="cpu")


@pytest.mark.parametrize("name", WINDOWED)
def test_what_lies_outside_the_middle_changes_nothing(ds, name):
    model = WINDOWED[name](ds.marks, seed=0)
    model.resolutions = (100,)
    batch = Loader(ds, ds.marks, (100,)).batch(np.arange(10))
    before = model.eval()(batch)
    first = 20 - model.bins // 2
    batch.promoter[100][:, :first] = 7
    batch.promoter[100][:, first + model.bins :] = 7
    torch.testing.assert_close(model(batch), before)
    batch.promoter[100][:, 20] += 1
    assert (model(batch) != before).any(1).all()


# ----- they learn -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("name", WINDOWED)
def test_it_learns_what_the_marks_tell(ds, name, task):
    model = WINDOWED[name](ds.marks, task, seed=0, resolution=100)
    assert learnt(model, ds, lr={"AttentiveChrome": 2e-2}.get(name, 3e-3)) > 0.8


@pytest.mark.parametrize("name", WINDOWED)
def test_it_serves_data_with_holes(name):
    missing = toy_dataset(0, genes=60, missing=True)
    model = WINDOWED[name](missing.marks, seed=0, resolution=100)
    cl.fit(model, missing, epochs=1, **QUIET)
    assert np.isfinite(cl.predict(model, missing, device="cpu")).all()


@pytest.mark.parametrize("name", WINDOWED)
def test_a_killed_run_continues_and_ends_as_a_whole_one(ds, tmp_path, name):
    def make():
        return WINDOWED[name](ds.marks, seed=0, resolution=100)

    recipe = QUIET | dict(epochs=2, patience=None, clip=1.0, focal=2.0)
    whole, stopped = cl.fit(make(), ds, **recipe), make()
    calls = []

    def stops(*_):
        calls.append(1)
        if len(calls) == 8:
            os.kill(os.getpid(), signal.SIGINT)

    stopped.register_forward_hook(stops)
    assert cl.fit(stopped, ds, checkpoint=tmp_path / "run.pt", **recipe).interrupted
    random_state = torch.get_rng_state()
    run = cl.fit(make(), ds, checkpoint=tmp_path / "run.pt", **recipe)
    for key, tensor in run.model.state_dict().items():
        assert (tensor == whole.model.state_dict()[key]).all(), key
    assert (torch.get_rng_state() == random_state).all()  # dropout has its own seed
    with pytest.raises(cl.ChromolabError, match="different clip"):
        cl.fit(make(), ds, checkpoint=tmp_path / "run.pt", **(recipe | {"clip": None}))


def test_too_few_bins_are_refused():
    with pytest.raises(cl.ChromolabError, match="5 bins; expected at least"):
        cl.models.DeepChrome(["A"], bins=5)


@pytest.mark.parametrize("name", [*WINDOWED, "DeepDiff"])
def test_checkpoints_give_the_model_back(two_cells, tmp_path, name):
    make = WINDOWED.get(name, lambda marks, **k: cl.models.DeepDiff(marks, bins=12, **k))
    model, data = make(two_cells.marks, seed=0), two_cells if name in WINDOWED else cl.pairs(two_cells, ("a", "b"))
    model.scales = dict.fromkeys(model.marks, "depth")
    again = cl.load_checkpoint(cl.save_checkpoint(model, tmp_path / "x.pt", epoch=3))
    assert type(again) is type(model) and again.scales == model.scales and again.checkpoint == {"epoch": 3}
    model.resolutions = again.resolutions = (100,)
    assert (cl.predict(again, data, device="cpu") == cl.predict(model, data, device="cpu")).all()
    with pytest.raises(cl.ChromolabError, match="cannot save a"):
        cl.save_checkpoint(model, tmp_path / "y.pt", names="published")
    torch.save(torch.load(tmp_path / "x.pt") | {"model": "os.system"}, tmp_path / "z.pt")
    with pytest.raises(cl.ChromolabError, match="holds a os.system, which"):
        cl.load_checkpoint(tmp_path / "z.pt")
    with pytest.raises(cl.ChromolabError, match="cannot save a GCMerge"):
        cl.save_checkpoint(cl.models.GCMerge(cl.models.genome_graph(two_cells)), tmp_path / "y.pt")


# ----- the recipe -----------------------------------------------------------------------------------------------------


@few_epochs
@pytest.mark.parametrize("name", ["DeepChrome", "AttentiveChrome", "HMCRNN", "DeepDiff"])
def test_the_published_recipe_is_one_that_fit_takes(two_cells, name):
    model = (
        cl.models.DeepDiff(two_cells.marks, bins=8) if name == "DeepDiff" else WINDOWED[name](two_cells.marks, seed=0)
    )
    if name != "DeepDiff":
        model = type(model)(**(model.config() | {"resolution": 100}))
    data = cl.pairs(two_cells, ("a", "b")) if name == "DeepDiff" else two_cells.select(np.arange(60))
    run = cl.fit(model, data, progress=False, device="cpu", **(model.PUBLISHED | {"epochs": 1, "lr": 1e-4}))
    assert len(run.history) == 1
