"""learn/train/fit and learn/prediction: it learns, it repeats, it stops, and it continues bit for bit."""

import os
import signal
import threading
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch
from helpers.toys import SMALL, toy_dataset

import chromolab as cl
from chromolab.data.files import locked
from chromolab.learn.train.stack import Stack

QUIET = dict(progress=False, device="cpu", batch_size=8, lr=3e-3)


def model_for(ds, task="classification", seed=0):
    return cl.Chromoformer(ds.marks, task, resolutions=(500, 100), seed=seed, **SMALL)


def weights(model):
    return torch.cat([p.detach().flatten() for p in model.parameters()])


@pytest.fixture(scope="module")
def ds():
    return toy_dataset(0, genes=120)


@pytest.fixture(scope="module")
def trained(ds, tmp_path_factory):
    """What a checkpoint holds after an epoch."""
    path = tmp_path_factory.mktemp("trained") / "x.pt"
    cl.fit(model_for(ds), ds, epochs=1, checkpoint=path, **QUIET)
    return torch.load(path, weights_only=True)


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_it_learns_what_the_marks_tell(ds, task):
    runs = cl.cross_validate(lambda: model_for(ds, task), ds, epochs=12, patience=None, decay=0.97, **QUIET)
    truth = ds.labels if task == "classification" else ds.log2_expression
    pooled = runs.predictions.merge(ds.genes[["gene_id"]].assign(truth=truth))
    scores = cl.metrics.score(pooled["truth"], pooled["prediction"], task)
    assert scores["auc" if task == "classification" else "pearson_r"] > 0.8
    assert sorted(runs.predictions["gene_id"]) == sorted(ds.genes["gene_id"])
    assert runs.metrics["fold"].tolist() == ds.folds


def test_the_reported_fold_is_never_seen(ds):
    """Changing the test fold's labels changes no weight; changing the validation fold's may."""
    runs = cl.cross_validate(lambda: model_for(ds), ds, folds=[2], epochs=2, **QUIET)
    flipped = ds.select(np.arange(len(ds)))
    genes = flipped.genes.assign(label=np.where(flipped.genes["fold"] == 2, 1 - flipped.labels, flipped.labels))
    object.__setattr__(flipped, "genes", genes)
    again = cl.cross_validate(lambda: model_for(ds), flipped, folds=[2], epochs=2, **QUIET)
    assert (weights(runs.runs[2].model) == weights(again.runs[2].model)).all()


def test_the_same_seed_gives_the_same_weights_and_another_does_not(ds):
    a, b, c = (cl.fit(model_for(ds), ds, epochs=2, seed=s, **QUIET) for s in (0, 0, 1))
    assert (weights(a.model) == weights(b.model)).all() and (weights(a.model) != weights(c.model)).any()
    pd.testing.assert_frame_equal(a.history.drop(columns="seconds"), b.history.drop(columns="seconds"))


def test_the_best_weights_stay(ds):
    run = cl.fit(model_for(ds), ds, epochs=12, patience=None, **(QUIET | {"lr": 0.03}))
    assert run.best_epoch == run.history.set_index("epoch")["validation_loss"].idxmin()
    validation = ds.in_fold(4)
    scores = cl.metrics.score(validation.labels, cl.predict(run.model, validation, device="cpu"), "classification")
    assert scores["auc"] == pytest.approx(run.best["auc"])


def test_the_last_weights_stay_where_they_are_asked_for_and_validation_chooses_nothing(ds, tmp_path):
    train, validation, test = ds.split(test_fold=1)
    given = dict(epochs=16, decay=1.0, patience=None, keep="last", **(QUIET | {"lr": 2e-2}))
    place = tmp_path / "x.pt"
    one = cl.fit(model_for(ds), train, validation=validation, checkpoint=place, **given)
    other = cl.fit(model_for(ds), train, validation=test, **given)
    assert one.best_epoch == 16 and torch.equal(weights(one.model), weights(other.model))
    best = cl.fit(model_for(ds), train, validation=validation, **(given | {"keep": "best"}))
    assert best.best_epoch < 16 and not torch.equal(weights(best.model), weights(one.model))
    with pytest.raises(cl.ChromolabError, match="different keep"):
        cl.fit(model_for(ds), train, validation=validation, checkpoint=place, **(given | {"keep": "best"}))
    with pytest.raises(cl.ChromolabError, match="keep is first; expected 'best' or 'last'"):
        cl.fit(model_for(ds), train, validation=validation, **(given | {"keep": "first"}))


def test_it_stops_when_nothing_improves(ds):
    run = cl.fit(model_for(ds), ds, epochs=200, patience=2, **(QUIET | {"lr": 0.03}))
    assert len(run.history) == run.best_epoch + 2 < 200


class StopAfter(cl.Chromoformer):
    """Sends itself the notebook's stop signal in the middle of a step."""

    steps = None

    def forward(self, batch, **kwargs):
        if self.training and self.steps is not None:
            self.steps -= 1
            if self.steps == 0:
                os.kill(os.getpid(), signal.SIGINT)
        return super().forward(batch, **kwargs)


@pytest.mark.parametrize("task", ["classification", "regression"])
@pytest.mark.parametrize("stops", [(3,), (11, 1, 9), (22, 14)])
@pytest.mark.filterwarnings("ignore:the predictions vary too little")  # four epochs are few
def test_interrupted_and_continued_equals_undisturbed(ds, tmp_path, task, stops):
    def make():
        return StopAfter(ds.marks, task, (500, 100), seed=0, **SMALL)

    whole = cl.fit(make(), ds, epochs=4, patience=None, **QUIET)
    for stop in stops:
        model = make()
        model.steps = stop
        part = cl.fit(model, ds, epochs=4, patience=None, checkpoint=tmp_path / "run.pt", **QUIET)
        assert part.interrupted
    run = cl.fit(make(), ds, epochs=4, patience=None, checkpoint=tmp_path / "run.pt", **QUIET)
    assert not run.interrupted and (weights(run.model) == weights(whole.model)).all()
    pd.testing.assert_frame_equal(run.history.drop(columns="seconds"), whole.history.drop(columns="seconds"))


def test_more_epochs_continue_a_finished_run(ds, tmp_path):
    whole = cl.fit(model_for(ds), ds, epochs=4, patience=None, **QUIET)
    cl.fit(model_for(ds), ds, epochs=2, patience=None, checkpoint=tmp_path / "run.pt", **QUIET)
    run = cl.fit(model_for(ds), ds, epochs=4, patience=None, checkpoint=tmp_path / "run.pt", **QUIET)
    assert (weights(run.model) == weights(whole.model)).all()


def test_a_checkpoint_of_another_run_is_refused(ds, tmp_path):
    cl.fit(model_for(ds), ds, epochs=1, checkpoint=tmp_path / "run.pt", **QUIET)
    with pytest.raises(cl.ChromolabError, match="different seed"):
        cl.fit(model_for(ds), ds, epochs=1, seed=5, checkpoint=tmp_path / "run.pt", **QUIET)
    with pytest.raises(cl.ChromolabError, match="different training"):
        cl.fit(
            model_for(ds),
            ds.select(ds.labels >= 0).without_contacts(),
            epochs=1,
            checkpoint=tmp_path / "run.pt",
            **QUIET,
        )


def test_cross_validation_continues(ds, tmp_path, monkeypatch):
    whole = cl.cross_validate(lambda: model_for(ds), ds, epochs=2, **QUIET)
    cl.cross_validate(lambda: model_for(ds), ds, folds=[1, 2], epochs=2, checkpoint=tmp_path / "cv", **QUIET)
    steps = []
    original = Stack.step
    monkeypatch.setattr(Stack, "step", lambda *a: steps.append(1) or original(*a))
    runs = cl.cross_validate(lambda: model_for(ds), ds, epochs=2, checkpoint=tmp_path / "cv", **QUIET)
    assert len(steps) == 2 * 2 * (60 // 8)  # two folds are already done
    pd.testing.assert_frame_equal(runs.predictions, whole.predictions)


@pytest.mark.filterwarnings("ignore:the predictions vary too little")  # one epoch at this rate teaches nothing
def test_regression_starts_from_the_mean(ds):
    model = model_for(ds, "regression")
    run = cl.fit(model, ds, epochs=1, **(QUIET | {"lr": 1e-9}))
    mean = ds.in_fold(1, 2, 3).log2_expression.mean()
    assert cl.predict(model, ds, device="cpu").mean() == pytest.approx(mean, abs=1)
    assert run.history["train_loss"][0] < 3 * ds.log2_expression.var()


def test_collapse_to_the_mean_is_said(ds):
    model = model_for(ds, "regression")
    torch.nn.init.zeros_(model.fc_head[-1].weight)
    with pytest.warns(UserWarning, match="little more than the mean"):
        cl.fit(model, ds, epochs=1, **(QUIET | {"lr": 1e-12}))


def test_a_loss_that_is_not_finite_is_an_error(ds):
    with pytest.raises(cl.ChromolabError, match="lower lr"):
        cl.fit(model_for(ds, "regression"), ds, epochs=1, **(QUIET | {"lr": 1e30}))
    model = model_for(ds)
    torch.nn.init.constant_(model.fc_head[-1].weight, float("inf"))
    with pytest.raises(cl.ChromolabError, match="weights that are not finite; make it or load it again"):
        cl.fit(model, ds, epochs=1, **QUIET)


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_a_loss_that_goes_astray_is_said_while_it_is_finite(ds, task):
    with pytest.warns(UserWarning, match=r"epoch \d: the loss is .*e\+.*: the training went astray. Lower lr"):
        run = cl.fit(model_for(ds, task), ds, epochs=2, **(QUIET | {"lr": 100.0}))
    assert np.isfinite(run.history["train_loss"]).all()


@pytest.mark.parametrize(
    "name, values",
    {
        "epochs": [0, -1, 2.5, True],
        "batch_size": [0, -1, 2.5, "8", None],
        "lr": [-1, float("nan"), float("inf"), "fast", [1e-3]],
        "weight_decay": [-1, float("inf")],
        "decay": [-0.5, float("nan")],
        "patience": [0, -1, 1.5],
        "clip": [0, -1, float("nan")],
        "focal": [-1, float("nan")],
        "seed": [-1, 1.5, "x", None],
        "device": ["xyz", 7.5],
    }.items(),
)
def test_senseless_numbers_are_named_before_any_work(ds, tmp_path, name, values):
    for value in values:
        with pytest.raises(cl.ChromolabError, match=f"^{name} is .*; expected "):
            cl.fit(model_for(ds), ds, **(QUIET | {name: value}), checkpoint=tmp_path / "x.pt")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "task, column, value, said",
    [
        ("classification", "label", 7, "a label is 7; expected 0 and 1"),
        ("regression", "log2_expression", 1e300, "log2_expression reaches 1e\\+300"),
        ("regression", "log2_expression", np.nan, "log2_expression reaches nan"),
    ],
)
def test_senseless_expression_is_named(ds, task, column, value, said):
    with pytest.raises(cl.ChromolabError, match=said):
        cl.fit(model_for(ds, task), replace(ds, genes=ds.genes.assign(**{column: value})), **QUIET)


def test_two_trainings_with_one_checkpoint_do_not_undo_each_other(ds, tmp_path):
    path = tmp_path / "x.pt"
    cl.fit(model_for(ds), ds, epochs=1, checkpoint=path, **QUIET)
    (tmp_path / ".x.pt.0123abcd").write_text("what the other one writes at the moment")
    before = path.read_bytes()
    with locked(tmp_path / ".x.pt.lock"):
        with pytest.raises(cl.ChromolabError, match="x.pt: another training is using it"):
            cl.fit(model_for(ds), ds, epochs=2, checkpoint=path, **QUIET)
        assert path.read_bytes() == before
        assert (tmp_path / ".x.pt.0123abcd").exists()
    assert len(cl.fit(model_for(ds), ds, epochs=2, checkpoint=path, **QUIET).history) == 2
    assert [p.name for p in tmp_path.iterdir()] == ["x.pt"]


@pytest.mark.parametrize(
    "damage",
    [
        {"history": []},
        {"history": [{"epoch": 5}]},
        {"history": [1]},
        {"step": 10**9},
        {"step": "x"},
        {"epoch": -1},
        {"total": float("nan")},
        {"best_epoch": 7},
        {"net": {}},
        {"net": None},
        {"best": {"a": torch.ones(2)}},
        {"moments": [1]},
        {"moments": {"exp_avg": torch.ones(3)}},
        {"random": torch.ones(3)},
        {"random": None},
        {"identity": None},
        {"format": "other"},
    ],
)
def test_a_checkpoint_whose_parts_do_not_fit_is_refused(ds, tmp_path, trained, damage):
    torch.save(trained | damage, tmp_path / "x.pt")
    with pytest.raises(cl.ChromolabError, match="x.pt: (its parts do not fit|no checkpoint of a training)"):
        cl.fit(model_for(ds), ds, epochs=2, checkpoint=tmp_path / "x.pt", **QUIET)


def test_the_interrupt_handler_is_put_back_and_threads_may_fit(ds):
    before = signal.getsignal(signal.SIGINT)
    runs = []
    thread = threading.Thread(target=lambda: runs.append(cl.fit(model_for(ds), ds, epochs=1, **QUIET)))
    thread.start()
    thread.join()
    assert runs and signal.getsignal(signal.SIGINT) is before


def test_predictions_do_not_depend_on_the_batch_size_or_change_the_mode(ds):
    model = model_for(ds).train()
    a, b = (cl.predict(model, ds, batch_size=n, device="cpu") for n in (7, 256))
    np.testing.assert_allclose(a, b, atol=1e-5)
    assert model.training and a.shape == (120, 2)
    assert cl.predict(model, ds.select([]), device="cpu").shape == (0, 2)
