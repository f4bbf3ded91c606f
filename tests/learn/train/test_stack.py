"""learn/train/stack: steps, losses and clipping by hand; models that share a stack train as alone."""

import copy

import numpy as np
import pytest
import torch
from helpers.toys import SMALL, toy_dataset
from helpers.training import RESOLUTIONS, few_epochs, jobs_for, model_for, weights

import chromolab as cl
from chromolab.data.dataset.batches import Loader
from chromolab.learn.runtime import matrix_precision, stackable
from chromolab.learn.train.stack import Stack, each_loss, loss_of


def test_focal_loss_by_hand(ds):
    batch = Loader(ds, ds.marks, ()).batch(np.arange(5))
    out = torch.randn(5, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    batch.target = batch.target.double()
    p = out.softmax(1)[torch.arange(5), batch.label]
    torch.testing.assert_close(each_loss(out, batch, "classification", focal=2.0), -((1 - p) ** 2) * p.log())
    assert (each_loss(out, batch, "regression", focal=2.0) == each_loss(out, batch, "regression")).all()


@pytest.mark.parametrize(("clip", "too_long"), [(0.01, True), (1e6, False)])
def test_gradient_descent_and_clipping_by_hand(ds, clip, too_long):
    """Against torch's own, step by step; with every gradient longer than the clip, and with none."""

    def make():
        return cl.models.HMCRNN(ds.marks, bins=20, resolution=100, seed=0).double()

    a, b = make(), make()
    stack = Stack([a], torch.device("cpu"), [0.1], 0.0, optimizer="sgd", clip=clip)
    rule = torch.optim.SGD(b.parameters(), lr=0.1)
    for batch in Loader(ds, ds.marks, (100,), dtype=torch.float64).batches(40):
        loss_of(b(batch), batch, b.task).backward()
        assert bool(torch.nn.utils.clip_grad_norm_(b.parameters(), clip) > clip) is too_long
        rule.step()
        rule.zero_grad()
        stack.step(batch)
    for p, q in zip(a.parameters(), b.parameters(), strict=True):
        torch.testing.assert_close(p, q)
    with pytest.raises(cl.ChromolabError, match="adamw, sgd"):
        Stack([make()], torch.device("cpu"), [0.1], 0.0, optimizer="lion")


QUIET = dict(progress=False, device="cpu", batch_size=8, lr=3e-3)


@few_epochs
def test_models_leave_with_weights_of_their_own(ds):
    """Not with a view of the whole stack, which would make every file as large as all models together."""
    for run in cl.fit_many(jobs_for(ds, folds=(1, 2), seeds=(0,)), epochs=1, **QUIET).values():
        for p in run.model.parameters():
            assert p.grad is None and p.untyped_storage().nbytes() == p.numel() * p.element_size()


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


# ----- several models ------------------------------------------------------------------------------------------------


def small(task="classification", seed=0, **sizes):
    return cl.Chromoformer(("A", "B", "C"), task, (500,), seed=seed, **(SMALL | sizes)).double()


def stack_of(models, lr=1e-3, **options):
    return Stack(models, torch.device("cpu"), [lr] * len(models), weight_decay=0.01, **options)


@pytest.fixture(scope="module")
def loader():
    return Loader(toy_dataset(0), ("A", "B", "C"), (500,), dtype=torch.float64)


ROWS = np.array([[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11], [12, 13, 14, 15, 16, 17]])


def test_models_are_views_of_their_rows():
    """A regressor has one output fewer; what is left of its row stays 0."""
    models = [small("classification", 1), small("regression", 2)]
    before = [weights(m).clone() for m in models]
    stack = stack_of(models)
    assert all((weights(m) == w).all() for m, w in zip(models, before, strict=True))
    with torch.no_grad():
        stack.rows[1].mul_(2)
    assert (weights(models[0]) == before[0]).all() and (weights(models[1]) == 2 * before[1]).all()
    assert stack.matrix.shape == (2, len(before[0])) and len(before[1]) < len(before[0])
    assert (stack.matrix[1] != 0).sum() == (before[1] != 0).sum()


@pytest.mark.parametrize("optimizer", ["adamw", "sgd"])
def test_models_of_both_tasks_step_together_as_alone(loader, optimizer):
    tasks = ["classification", "regression", "classification"]
    together = stack_of([small(task, seed) for seed, task in enumerate(tasks)], optimizer=optimizer, clip=0.5)
    losses = [together.step(loader.batch(ROWS)) for _ in range(3)]
    for i, task in enumerate(tasks):
        alone = stack_of([small(task, i)], optimizer=optimizer, clip=0.5)
        for step in range(3):
            torch.testing.assert_close(alone.step(loader.batch(ROWS[i])), losses[step][i : i + 1])
        torch.testing.assert_close(weights(alone.models[0]), weights(together.models[i]))


def test_a_model_that_leaves_is_not_moved_by_the_others(loader):
    models = [small(seed=seed) for seed in range(3)]
    stack = stack_of(models)
    stack.step(loader.batch(ROWS))
    left, stays = weights(models[1]).clone(), weights(models[2]).clone()
    stack.keep([0, 2])
    stack.step(loader.batch(ROWS[[0, 2]]))
    assert stack.models == [models[0], models[2]]
    assert (weights(models[1]) == left).all() and (weights(models[2]) != stays).any()


def test_moments_go_on_in_another_stack(loader):
    first = stack_of([small(seed=0), small(seed=1)])
    for _ in range(2):
        first.step(loader.batch(ROWS[:2]))
    second = stack_of([copy.deepcopy(model) for model in first.models])
    for i in range(2):
        second.set_moments(i, first.moments(i))
    for stack in (first, second):
        stack.set_lr(0, 1e-2)
        stack.step(loader.batch(ROWS[:2]))
    for a, b in zip(first.models, second.models, strict=True):
        assert (weights(a) == weights(b)).all()


def test_some_models_predict_each_on_its_own_batch_without_dropout(loader):
    models = [small(seed=seed) for seed in range(3)]
    for model in models:
        model.dropout = torch.nn.Dropout(0.5)
    stack = stack_of(models)
    out = stack.outputs(loader.batch(ROWS[[2, 0]]), [2, 0])
    assert out.shape == (2, 6, 2) and all(model.training for model in models)
    for got, i in zip(out, (2, 0), strict=True):
        with torch.no_grad():
            torch.testing.assert_close(got, models[i].eval()(loader.batch(ROWS[i])))


def test_models_of_one_shape_share_a_stack_and_others_do_not():
    plain = small(seed=0)
    assert stackable(plain) == stackable(small("regression", seed=1))
    frozen, buffered = small(), small()
    next(frozen.parameters()).requires_grad_(False)
    buffered.register_buffer("mean", torch.zeros(1))
    others = [small(width=32), small().float(), frozen, buffered, torch.nn.LSTM(2, 2)]
    assert len({stackable(model) for model in (plain, *others)}) == 6


def test_an_unknown_precision_is_refused():
    with pytest.raises(cl.ChromolabError, match="precision is 'half'"):
        with matrix_precision("half", torch.device("cpu")):
            pass
