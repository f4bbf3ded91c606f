"""learn/engine, stack and job, data/pool: many models at once equal each alone; killed runs end as whole ones."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from toys import SMALL, toy_dataset

import chromolab as cl
from chromolab.data.batches import Loader
from chromolab.learn.engine import groups_that_fit, memory_of
from chromolab.learn.job import Job, Recipe
from chromolab.learn.stack import Stack, loss_of

QUIET = dict(progress=False, device="cpu", batch_size=8, lr=3e-3)
RESOLUTIONS = (500, 100)
few_epochs = pytest.mark.filterwarnings("ignore:the predictions spread")


def model_for(ds, task="classification", seed=0, dtype=torch.float32, **sizes):
    return cl.Chromoformer(ds.marks, task, RESOLUTIONS, seed=seed, **(SMALL | sizes)).to(dtype)


def weights(model):
    return torch.cat([p.detach().flatten() for p in model.parameters()])


def jobs_for(ds, folds=(1, 2, 3, 4), seeds=(0, 1), tasks=("classification", "regression"), **kwargs):
    jobs = {}
    for fold in folds:
        train, validation, _ = ds.split(test_fold=fold)
        for seed in seeds:
            for task in tasks:
                jobs[f"{task}-{fold}-{seed}"] = model_for(ds, task, seed, **kwargs), train, validation
    return jobs


@pytest.fixture(scope="module")
def ds():
    return toy_dataset(0, genes=103)  # folds of unequal size: epochs end at different steps


# ----- many at once -------------------------------------------------------------------------------------------------


@few_epochs
@pytest.mark.parametrize(
    ("dtype", "bound", "folds"), [(torch.float32, 1e-5, (1, 2, 3, 4)), (torch.float64, 1e-11, (1, 2))]
)
def test_together_equals_alone(ds, dtype, bound, folds):
    """Folds, 2 seeds, both tasks: histories and weights after more than 50 steps."""
    recipe = QUIET | {"epochs": 9, "patience": None, "lr": 1e-3}
    seeds = {name: int(name[-1]) for name in jobs_for(ds, folds)}
    together = cl.fit_many(jobs_for(ds, folds, dtype=dtype), seed=seeds, **recipe)
    for name, (model, train, validation) in jobs_for(ds, folds, dtype=dtype).items():
        alone = cl.fit(model, train, validation=validation, seed=seeds[name], **recipe)
        assert len(train) // 8 * 9 > 50
        assert (weights(alone.model) - weights(together[name].model)).abs().max() <= bound
        columns = ["seconds"]
        pd.testing.assert_frame_equal(
            alone.history.drop(columns=columns), together[name].history.drop(columns=columns), rtol=10 * bound
        )


def test_each_stops_when_it_has_to(ds):
    """Models that have stalled leave the stack; the others are not disturbed by that."""
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
    groups = groups_that_fit([Job(*job, Recipe(2, 8, 1e-3, 0, 1, None, "float32")) for job in jobs.values()],
                             torch.device("cpu"), None)  # fmt: skip
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


def test_models_leave_with_weights_of_their_own(ds):
    """Not with a view of the whole stack, which would make every file as large as all models together."""
    for run in cl.fit_many(jobs_for(ds, folds=(1, 2), seeds=(0,)), epochs=1, **QUIET).values():
        for p in run.model.parameters():
            assert p.grad is None and p.untyped_storage().nbytes() == p.numel() * p.element_size()


def test_groups_keep_to_the_memory_that_is_given(ds):
    recipe = Recipe(1, 8, 1e-3, 0.0, 1.0, None, "float32")
    jobs = [Job(*job, recipe) for job in jobs_for(ds).values()]
    one = memory_of(jobs[0], torch.device("cpu"))
    parameters = 4 * sum(p.numel() for p in jobs[0].model.parameters())
    assert one > 6 * parameters
    for fit_at_once, groups in ((1, 16), (5, 4), (16, 1), (100, 1)):
        parted = groups_that_fit(jobs, torch.device("cpu"), fit_at_once * one * 1.01 / 1e9)
        assert len(parted) == groups and sorted(map(id, jobs)) == sorted(id(j) for g in parted for j in g)
        assert max(map(len, parted)) <= fit_at_once


def test_a_model_with_buffers_trains_alone(ds):
    model = model_for(ds)
    model.register_buffer("running_mean", torch.zeros(3))
    jobs = {"a": (model, *ds.split(test_fold=1)[:2]), "b": (model_for(ds), *ds.split(test_fold=1)[:2])}
    recipe = Recipe(1, 8, 1e-3, 0.0, 1.0, None, "float32")
    assert [len(g) for g in groups_that_fit([Job(*j, recipe) for j in jobs.values()], torch.device("cpu"), None)] == [
        1,
        1,
    ]


def test_a_batch_of_batches_equals_each(ds):
    loader = Loader(ds, ds.marks, RESOLUTIONS)
    rows = np.random.default_rng(0).integers(0, len(ds), (3, 10))
    model, stacked = model_for(ds), loader.batch(rows)
    for i, own in enumerate(rows):
        part = stacked.rebuilt([t[i] for t in stacked.tensors()])
        torch.testing.assert_close(model(part), model(loader.batch(own)))


@few_epochs
@pytest.mark.parametrize("task", ["classification", "regression"])
def test_bfloat16_is_close_and_says_so_in_its_checkpoint(ds, task, tmp_path):
    exact = cl.predict(model_for(ds, task), ds, device="cpu")
    rough = cl.predict(model_for(ds, task), ds, device="cpu", precision="bfloat16")
    assert rough.dtype == np.float32 and 0 < np.abs(exact - rough).max() < 0.05
    run = cl.fit(model_for(ds, task), ds, epochs=2, precision="bfloat16", checkpoint=tmp_path / "x.pt", **QUIET)
    assert next(run.model.parameters()).dtype == torch.float32
    with pytest.raises(cl.ChromolabError, match="other precision"):
        cl.fit(model_for(ds, task), ds, epochs=2, checkpoint=tmp_path / "x.pt", **QUIET)
    with pytest.raises(cl.ChromolabError, match="float32, tf32, bfloat16"):
        cl.predict(model_for(ds, task), ds, device="cpu", precision="half")


# ----- killed and continued -----------------------------------------------------------------------------------------

TRAIN = """
import sys; sys.path.insert(0, {tests!r})
from pathlib import Path
import test_engine, chromolab as cl, torch
torch.set_num_threads(1)
run = test_engine.long_run(Path({place!r}))
torch.save(test_engine.weights(run.model), {place!r} + ".done")
"""


def long_run(checkpoint=None):
    """Some seconds of training that keeps a checkpoint after every step."""
    ds = toy_dataset(0, genes=103)
    return cl.fit(model_for(ds), ds, epochs=8, patience=None, checkpoint=checkpoint, checkpoint_seconds=0, **QUIET)


def killed_and_continued(place: Path, kills: int, rng) -> int:
    """Start the run, SIGKILL it at a random moment, again and again; then let it end. Returns how many kills hit."""
    code, hit = TRAIN.format(tests=str(Path(__file__).parent), place=str(place)), 0
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    while True:
        process = subprocess.Popen([sys.executable, "-c", code], env=environment)
        try:
            process.wait(timeout=None if hit == kills else rng.uniform(2.0, 4.5))
            assert process.returncode == 0
            return hit
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            hit += 1


@pytest.mark.slow
def test_a_killed_run_continues_and_ends_as_a_whole_one(tmp_path):
    torch.set_num_threads(1)
    whole = weights(long_run().model)
    kills = killed_and_continued(tmp_path / "run.pt", 4, np.random.default_rng(int(time.time())))
    assert (torch.load(str(tmp_path / "run.pt") + ".done") == whole).all(), f"after {kills} kills"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["run.pt", "run.pt.done"], "nothing half-written is left"


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
    cl.fit(model, train, validation=validation, checkpoint=tmp_path / f"{first}.pt", **(recipe | {"epochs": 1}))
    runs = cl.fit_many(jobs(), checkpoint=tmp_path, **recipe)
    for name, run in runs.items():
        torch.testing.assert_close(weights(run.model), weights(whole[name].model))
        drop = ["seconds"]
        pd.testing.assert_frame_equal(run.history.drop(columns=drop), whole[name].history.drop(columns=drop))


# ----- datasets put together ----------------------------------------------------------------------------------------


@given(parts=st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4), st.booleans()), min_size=1, max_size=4))
@settings(deadline=None, max_examples=20)
def test_concat_keeps_every_example(parts):
    made = [toy_dataset(seed, genes=10, k=k, missing=missing) for seed, k, missing in parts]
    pool = cl.concat(made)
    batches = [Loader(d, d.marks, RESOLUTIONS).batch(np.arange(10)) for d in made]
    a = 0
    for d, own in zip(made, batches, strict=True):
        batch = Loader(pool, d.marks, RESOLUTIONS).batch(np.arange(a, a + 10))
        for r in RESOLUTIONS:
            assert (batch.promoter[r] == own.promoter[r]).all() and (
                batch.promoter_seen[r] == own.promoter_seen[r]
            ).all()
            assert (batch.pcre[r] == own.pcre[r]).all() and (batch.pcre_seen[r] == own.pcre_seen[r]).all()
        assert (batch.frequency == own.frequency).all() and (batch.target == own.target).all()
        a += 10


def test_parts_of_a_dataset_are_put_together_without_copying_depth(ds):
    parts = ds.split(test_fold=1)
    assert cl.concat(parts).signal is ds.signal
    assert cl.concat(parts).genes["gene_id"].tolist() == [g for p in parts for g in p.genes["gene_id"]]


def test_datasets_that_differ_are_not_put_together(ds):
    for other, word in ((toy_dataset(1, marks=("A", "B")), "marks"), (toy_dataset(1, window=2000), "window")):
        with pytest.raises(cl.ChromolabError, match=word):
            cl.concat([ds, other])
    with pytest.raises(cl.ChromolabError, match="at least one"):
        cl.concat([])


def test_a_stack_of_one_is_plain_training(ds):
    """Against torch's own AdamW on the module, step by step."""
    a, b = model_for(ds, dtype=torch.float64), model_for(ds, dtype=torch.float64)
    stack = Stack([a], torch.device("cpu"), [1e-2], 0.1)
    optimizer = torch.optim.AdamW(b.parameters(), lr=1e-2, weight_decay=0.1)
    loader = Loader(ds, ds.marks, RESOLUTIONS, dtype=torch.float64)
    for batch in loader.batches(16):
        loss = loss_of(b(batch), batch, b.task)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        torch.testing.assert_close(stack.step(batch)[0], loss.detach())
    torch.testing.assert_close(weights(a), weights(b))
