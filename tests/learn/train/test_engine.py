"""learn/train/engine: many models at once equal each alone."""

import pandas as pd
import pytest
import torch
from helpers.toys import SMALL, toy_dataset
from helpers.training import few_epochs, jobs_for, model_for, weights

import chromolab as cl
from chromolab.data.dataset.batches import Loader
from chromolab.learn.train.engine import groups_that_fit, memory_of
from chromolab.learn.train.job import Recipe, TrainingJob
from chromolab.models.base import Model

QUIET = dict(progress=False, device="cpu", batch_size=8, lr=3e-3)


# ----- many at once -------------------------------------------------------------------------------------------------


@few_epochs
# In float32 the learning rate is ten times the published one; rounding grows with it, and with every step.
@pytest.mark.parametrize(
    ("dtype", "bound", "folds", "lr"), [(torch.float32, 1e-5, (1, 2, 3, 4), 3e-4), (torch.float64, 1e-11, (1, 2), 1e-3)]
)
def test_together_equals_alone(ds, dtype, bound, folds, lr):
    """Folds, 2 seeds, both tasks: histories and weights after more than 50 steps."""
    recipe = QUIET | {"epochs": 11, "patience": None, "lr": lr}
    seeds = {name: int(name[-1]) for name in jobs_for(ds, folds)}
    together = cl.fit_many(jobs_for(ds, folds, dtype=dtype), seed=seeds, **recipe)
    for name, (model, train, validation) in jobs_for(ds, folds, dtype=dtype).items():
        alone = cl.fit(model, train, validation=validation, seed=seeds[name], **recipe)
        assert len(train) // 8 * 11 > 50
        assert (weights(alone.model) - weights(together[name].model)).abs().max() <= bound
        columns = ["seconds"]
        pd.testing.assert_frame_equal(
            alone.history.drop(columns=columns), together[name].history.drop(columns=columns), rtol=10 * bound
        )


def test_each_stops_when_it_has_to(ds):
    """Models that have stalled leave the stack without disturbing the others."""
    recipe = QUIET | {"epochs": 30, "patience": 2, "lr": 0.03}
    together = cl.fit_many(jobs_for(ds, seeds=(0,), tasks=("classification",), dtype=torch.float64), **recipe)
    lengths = [len(run.history) for run in together.values()]
    assert len(set(lengths)) > 1 and max(lengths) < 30
    for name, (model, train, validation) in jobs_for(
        ds, seeds=(0,), tasks=("classification",), dtype=torch.float64
    ).items():
        alone = cl.fit(model, train, validation=validation, **recipe)
        assert (alone.best_epoch, len(alone.history)) == (together[name].best_epoch, len(together[name].history))
        torch.testing.assert_close(weights(alone.model), weights(together[name].model))


@few_epochs
def test_shapes_and_cell_types_that_differ_train_in_stacks_of_their_own(ds):
    other = toy_dataset(7, genes=60, k=2)
    jobs = jobs_for(ds, folds=(1,), seeds=(0,), dtype=torch.float64) | {
        "wide": (model_for(ds, width=32, dtype=torch.float64), *ds.split(test_fold=1)[:2]),
        "other cell type": (model_for(other, seed=3, dtype=torch.float64), *other.split(test_fold=2)[:2]),
    }
    recipe = QUIET | {"epochs": 2}
    groups = groups_that_fit(
        [TrainingJob(*job, Recipe(2, 8, 1e-3, 0, 1, None, "float32")) for job in jobs.values()],
        torch.device("cpu"),
        None,
    )
    assert sorted(map(len, groups)) == [1, 3]
    runs = cl.fit_many(jobs, **recipe)
    assert list(runs) == list(jobs)
    model = model_for(other, seed=3, dtype=torch.float64)
    train, validation, _ = other.split(test_fold=2)
    alone = cl.fit(model, train, validation=validation, **recipe)
    torch.testing.assert_close(weights(alone.model), weights(runs["other cell type"].model))


def test_cross_validation_together_gives_the_same_table(ds):
    apart, together = (
        cl.cross_validate(lambda: model_for(ds, dtype=torch.float64), ds, epochs=3, together=together, **QUIET)
        for together in (False, True)
    )
    pd.testing.assert_frame_equal(apart.predictions, together.predictions)
    pd.testing.assert_frame_equal(apart.metrics, together.metrics)


def test_groups_keep_to_the_memory_that_is_given(ds):
    recipe = Recipe(1, 8, 1e-3, 0.0, 1.0, None, "float32")
    jobs = [TrainingJob(*job, recipe) for job in jobs_for(ds).values()]
    one = memory_of(jobs[0], torch.device("cpu"))
    parameters = 4 * sum(p.numel() for p in jobs[0].model.parameters())
    assert one > 6 * parameters
    features = 1.3 * 4 * ds.signal.depth.size
    for fit_at_once, groups in ((1, 16), (5, 4), (16, 1), (100, 1)):
        parted = groups_that_fit(jobs, torch.device("cpu"), (features + fit_at_once * one * 1.01) / 1e9)
        assert len(parted) == groups and sorted(map(id, jobs)) == sorted(id(j) for g in parted for j in g)
        assert max(map(len, parted)) <= fit_at_once


def test_a_model_with_buffers_trains_alone(ds):
    model = model_for(ds)
    model.register_buffer("running_mean", torch.zeros(3))
    jobs = {"a": (model, *ds.split(test_fold=1)[:2]), "b": (model_for(ds), *ds.split(test_fold=1)[:2])}
    recipe = Recipe(1, 8, 1e-3, 0.0, 1.0, None, "float32")
    groups = groups_that_fit([TrainingJob(*job, recipe) for job in jobs.values()], torch.device("cpu"), None)
    assert [len(group) for group in groups] == [1, 1]


class Plain(Model):
    """A model other than Chromoformer: a linear map of the TSS bin, with dropout."""

    def __init__(self, marks, dropout=0.0):
        super().__init__(marks, resolutions=(100,))
        self.dropout, self.modes = dropout, []
        self.drop, self.out = torch.nn.Dropout(dropout), torch.nn.Linear(len(marks), self.outputs)
        for p in self.out.parameters():
            torch.nn.init.zeros_(p)

    def forward(self, batch):
        self.modes.append(self.training)
        return self.out(self.drop(batch.promoter[100][:, batch.promoter[100].shape[1] // 2]))


def test_other_models_train_each_on_its_own_marks(ds):
    train, validation, _ = ds.split(test_fold=2)
    models = {mark: Plain((mark,)) for mark in ds.marks}
    runs = cl.fit_many({m: (model, train, validation) for m, model in models.items()}, epochs=2, **QUIET)
    for mark, run in runs.items():
        alone = cl.fit(Plain((mark,)), train, validation=validation, epochs=2, **QUIET)
        torch.testing.assert_close(weights(run.model), weights(alone.model))


def test_training_is_in_training_mode_and_scoring_is_not(ds):
    model = Plain(ds.marks, 0.5).eval()
    cl.fit(model, ds, epochs=2, patience=None, **QUIET)
    steps = len(ds.split()[0]) // 8
    assert model.modes == ([True] * steps + [False]) * 2 and not model.training


def test_frozen_weights_stay_as_they_are(ds):
    def half_frozen(seed):
        model = model_for(ds, seed=seed)
        model.embed.requires_grad_(False)
        return model

    train, validation, _ = ds.split(test_fold=2)
    recipe = QUIET | {"epochs": 2, "weight_decay": 0.5}
    runs = cl.fit_many({str(s): (half_frozen(s), train, validation) for s in (0, 1)}, **recipe)
    for seed, run in enumerate(runs.values()):
        fresh = half_frozen(seed)
        assert (weights(run.model.embed) == weights(fresh.embed)).all()
        assert (weights(run.model.regulation) != weights(fresh.regulation)).any()


def test_validation_may_hold_its_marks_in_another_order(ds):
    train, validation, _ = ds.split(test_fold=2)
    runs = [
        cl.fit(model_for(ds), train, validation=v, epochs=2, **QUIET)
        for v in (validation, validation.with_marks(ds.marks[::-1]))
    ]
    pd.testing.assert_frame_equal(*(r.history.drop(columns="seconds") for r in runs))


@few_epochs
def test_one_that_diverges_is_named_and_the_others_are_kept(ds, tmp_path):
    jobs = jobs_for(ds, folds=(2,), seeds=(0,))
    lr = dict.fromkeys(jobs, 1e-3) | {"regression-2-0": 1e30}
    with pytest.raises(cl.ChromolabError, match="regression-2-0, epoch 1: the loss is"):
        cl.fit_many(jobs, epochs=2, checkpoint=tmp_path, **(QUIET | {"lr": lr}))
    assert [p.name for p in tmp_path.iterdir()] == ["classification-2-0.pt"]
    run = cl.fit_many(
        {"classification-2-0": jobs_for(ds, (2,), (0,), ("classification",))["classification-2-0"]},
        epochs=1,
        checkpoint=tmp_path,
        **(QUIET | {"lr": 1e-3}),
    )
    assert len(run["classification-2-0"].history) == 1


def test_impossible_jobs_are_refused_before_any_work(ds, tmp_path):
    train, validation, _ = ds.split(test_fold=2)
    model = model_for(ds)
    with pytest.raises(cl.ChromolabError, match="a separate model for each"):
        cl.fit_many({"a": (model, train, validation), "b": (model, train, validation)}, **QUIET)
    with pytest.raises(cl.ChromolabError, match="slashes"):
        cl.fit_many({"a/b": (model, train, validation)}, checkpoint=tmp_path, **QUIET)
    with pytest.raises(cl.ChromolabError, match="0 training"):
        cl.fit_many({"a": (model, train.select([]), validation)}, **QUIET)


def test_predicting_in_inference_mode_leaves_training_possible(ds):
    model = cl.Chromoformer(ds.marks, resolutions=(800, 200), seed=0, **(SMALL | {"width": 24}))  # a table of its own
    batch = Loader(ds, ds.marks, model.resolutions).batch([0, 1, 2])
    with torch.inference_mode():
        model(batch)
    model(batch).sum().backward()
