"""learn/train/job: runs that are killed or continued end as undisturbed ones, and checkpoints belong to their data."""

import os
import signal
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch
from helpers import killed
from helpers.toys import SMALL
from helpers.training import few_epochs, jobs_for, model_for, weights

import chromolab as cl
from chromolab.data.dataset.torch_files import read_torch_file
from chromolab.learn.train.stack import Stack

QUIET = dict(progress=False, device="cpu", batch_size=8, lr=3e-3)


@few_epochs
def test_a_checkpoint_belongs_to_its_data(ds, tmp_path):
    def changed(**what):
        return replace(ds, genes=ds.genes.assign(**what))

    place = tmp_path / "not" / "there" / "yet.pt"
    cl.fit(model_for(ds), ds, epochs=1, checkpoint=place, **QUIET)
    louder = replace(ds, signal=replace(ds.signal, depth=ds.signal.depth * 100, cache={}))
    turned = replace(ds, pcre=np.where(ds.pcre >= 0, np.roll(ds.pcre.max(), 1), -1))
    for other in (changed(label=1 - ds.labels), changed(strand="+"), louder, turned):
        with pytest.raises(cl.ChromolabError, match="different training, validation"):
            cl.fit(model_for(ds), other, epochs=1, checkpoint=place, **QUIET)
    with pytest.raises(cl.ChromolabError, match="different .*resolutions"):
        model = cl.Chromoformer(ds.marks, resolutions=(200, 100), seed=0, **SMALL)
        cl.fit(model, ds, epochs=1, checkpoint=place, **QUIET)


# ----- killed and continued -----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_killed_run_continues_and_ends_as_a_whole_one(tmp_path):
    whole = killed.weights(killed.long_run(tmp_path / "whole.pt").model)
    place, reached, rng, apart = tmp_path / "run.pt", [], np.random.default_rng(0), 40
    while not any(0 < steps < killed.STEPS for steps in reached):  # it was done before the first kill: kill sooner
        place.unlink(missing_ok=True)
        reached = killed.killed_and_continued(place, 4, apart, rng)
        assert (torch.load(f"{place}.done") == whole).all(), f"after kills at {reached}"
        apart = max(1, apart // 2)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["run.pt", "run.pt.done", "whole.pt"], "half-written files"


@few_epochs
def test_many_continue_from_where_each_was(ds, tmp_path, monkeypatch):
    """Stopped in between, jobs stand at different places; `fit` can also continue what `fit_many` began."""
    recipe = QUIET | {"epochs": 3, "patience": None}
    jobs = lambda: jobs_for(ds, seeds=(0,), dtype=torch.float64)  # noqa: E731
    whole, step, count = cl.fit_many(jobs(), **recipe), Stack.step, []

    def stops(self, batch):
        count.append(1)
        if len(count) == 9:
            os.kill(os.getpid(), signal.SIGINT)
        return step(self, batch)

    monkeypatch.setattr(Stack, "step", stops)
    with pytest.raises(KeyboardInterrupt):
        cl.fit_many(jobs(), checkpoint=tmp_path, **recipe)
    first = "classification-1-0"
    model, train, validation = jobs()[first]
    cl.fit(model, train, validation=validation, checkpoint=tmp_path / f"{first}.pt", **(recipe | {"epochs": 2}))
    states = {p.stem: read_torch_file(p) for p in tmp_path.iterdir()}
    assert states[first]["epoch"] == 2 and len({(s["epoch"], s["step"]) for s in states.values()}) > 2
    runs = cl.fit_many(jobs(), checkpoint=tmp_path, **recipe)
    for name, run in runs.items():
        torch.testing.assert_close(weights(run.model), weights(whole[name].model))
        drop = ["seconds"]
        pd.testing.assert_frame_equal(run.history.drop(columns=drop), whole[name].history.drop(columns=drop))
