"""learn/compare/models: equal tries, settings chosen without the test fold, no row computed twice."""

from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from helpers.toys import SMALL, toy_dataset, two_toy_cells

import chromolab as cl
from chromolab.data.dataset.combine import paired_marks
from chromolab.learn.compare import changes
from chromolab.learn.compare import models as comparison
from chromolab.learn.compare.controls import Linear, window_means

RECIPE = dict(epochs=3, patience=3, batch_size=16, lrs=(1e-7, 1e-2))


@pytest.fixture(scope="module")
def ds():
    return toy_dataset(0, genes=80)


@pytest.fixture
def tried(monkeypatch):
    """(model's class, seed, learning rate, test fold, validation loss) of every training."""
    seen, fit = [], comparison.fit

    def noted(model, train, **arguments):
        run = fit(model, train, **arguments)
        test_fold = {1, 2, 3, 4} - set(train.genes["fold"]) - set(arguments["validation"].genes["fold"])
        seen.append((type(model).__name__, arguments["seed"], arguments["lr"], *test_fold, run.best["validation_loss"]))
        return run

    monkeypatch.setattr(comparison, "fit", noted)
    return seen


def makers(ds):
    return {
        "linear": lambda task, seed: Linear(task, flank=500),
        "CNN": lambda task, seed: cl.models.DeepChrome(ds.marks, task, bins=20, seed=seed),
        "small": lambda task, seed: cl.Chromoformer(ds.marks, task, (500, 100), seed=seed, **SMALL),
    }


def table_of(ds, task="classification", **arguments):
    return pd.DataFrame(comparison.compare_models(ds, makers(ds), task, **(RECIPE | arguments)))


@pytest.mark.filterwarnings("ignore:the predictions vary too little")
@pytest.mark.filterwarnings("ignore:.*the training went astray")
@pytest.mark.parametrize(("task", "score"), [("classification", "auc"), ("regression", "pearson_r")])
def test_every_model_gets_the_same_tries_and_the_test_fold_is_unseen(ds, tried, task, score):
    table = table_of(ds, task, folds=[1, 2], seeds=(0, 1))
    assert len(table) == 3 * 2 * 2 and not table.duplicated(["model", "fold", "seed"]).any()
    chosen = table[table["seed"] == 0].set_index(["model", "fold"])["setting"]
    for name, kind in (("CNN", "DeepChrome"), ("small", "Chromoformer")):
        tries = [t[1:4] for t in tried if t[0] == kind]
        assert tries == [(0, lr, f) for f in (1, 2) for lr in RECIPE["lrs"]] + [(1, chosen[name, f], f) for f in (1, 2)]
        for fold in (1, 2):
            losses = {lr: loss for k, seed, lr, f, loss in tried if (k, seed, f) == (kind, 0, fold)}
            assert chosen[name, fold] == min(losses, key=losses.get)
    assert (table["n_genes"] == 20).all() and table[score].notna().all()
    linear = table[table["model"] == "linear"]
    assert set(linear["setting"]) <= set(comparison.TRIES["linear"]) and (linear["parameters"] == 10).all()
    assert linear.groupby("fold")[score].nunique().eq(1).all()  # it uses no random numbers

    flipped = ds.select(range(len(ds)))
    there = flipped.genes["fold"] == 1
    flipped.genes["label"] = flipped.genes["label"].where(~there, 1 - flipped.genes["label"])
    flipped.genes["log2_expression"] = flipped.genes["log2_expression"].where(~there, 9.0 - ds.log2_expression)
    again = table_of(flipped, task, folds=[1], seeds=(0,))
    before = table[(table["fold"] == 1) & (table["seed"] == 0)].reset_index(drop=True)
    same = ["model", "setting", "epochs", "parameters"]
    pd.testing.assert_frame_equal(again[same], before[same])
    assert (again[score] + before[score]).to_numpy() == pytest.approx(1 if task == "classification" else 0, abs=1e-6)


def test_finished_rows_are_not_made_again(ds, tried):
    whole = table_of(ds, folds=[1, 2], seeds=(0, 1))
    tried.clear()
    rest = table_of(ds, folds=[1, 2], seeds=(0, 1), done=whole[:9])
    pd.testing.assert_frame_equal(
        rest.drop(columns="seconds"), whole[9:].reset_index(drop=True).drop(columns="seconds")
    )
    assert len(tried) == 3  # one setting each: the first seed's choice is known from its rows


def test_the_published_models_enter_by_name():
    ds = toy_dataset(0, genes=40, window=10_000, marks=("A", "B"))
    made = comparison.entrants(ds, ("linear", "DeepChrome", "AttentiveChrome", "HM-CRNN", "GC-MERGE"))
    kinds = [type(make("regression", 0)).__name__ for make in made.values()]
    assert kinds == ["Linear", "DeepChrome", "AttentiveChrome", "HMCRNN", "GCMerge"]
    with pytest.raises(cl.ChromolabError, match="no model 'oracle' to compare"):
        comparison.entrants(ds, ("oracle",))
    with pytest.raises(cl.ChromolabError, match="needs a dataset with contacts"):
        comparison.entrants(ds.without_contacts(), ("GC-MERGE",))


def test_clip_and_focal_loss_come_along(ds, monkeypatch):
    given = []
    monkeypatch.setattr(comparison, "fit", lambda *_, **a: given.append(a) or 1 / 0)
    for model in (cl.models.HMCRNN, cl.models.AttentiveChrome, cl.models.DeepChrome):
        with pytest.raises(ZeroDivisionError):
            list(comparison.compare_models(ds, {"x": lambda task, seed, m=model: m(ds.marks, task)}, lrs=[1]))
    own = [{k: a[k] for k in ("clip", "focal", "optimizer") if k in a} for a in given]
    assert own == [{"focal": 2.0}, {"clip": 1.0}, {}]


@pytest.mark.filterwarnings("ignore:the predictions vary too little")
def test_changes_between_two_cell_types_are_compared_on_the_same_genes():
    ds = two_toy_cells(genes=40, window=20_000)
    recipe = dict(folds=[1], seeds=[0], epochs=1, batch_size=16, lrs=[1e-3])
    table = pd.DataFrame(changes.compare_changes(ds, "a", "b", **recipe)).set_index("model")
    assert tuple(table.index) == changes.MODELS and set(table["task"]) == {"difference"}
    assert set(table["n_genes"]) == {10} and np.isfinite(table[["pearson_r", "r2"]].to_numpy()).all()

    means = [window_means(ds.select((ds.genes["cell_type"] == cell).to_numpy())).to_numpy() for cell in "ab"]
    x, fold = means[1] - means[0], ds.genes["fold"].to_numpy()[:40]
    y = ds.log2_expression[40:] - ds.log2_expression[:40]
    train, test = np.isin(fold, [3, 4]), fold == 1
    z = (x - x[train].mean(0)) / x[train].std(0)
    penalty = table["setting"]["linear"] * np.eye(x.shape[1])
    beta = np.linalg.solve(z[train].T @ z[train] + penalty, z[train].T @ (y[train] - y[train].mean()))
    guess = z[test] @ beta + y[train].mean()
    assert table["pearson_r"]["linear"] == pytest.approx(np.corrcoef(guess, y[test])[0, 1], abs=1e-4)
    assert table["r2"]["linear"] == pytest.approx(1 - ((guess - y[test]) ** 2).sum() / y[test].var() / 10, abs=1e-3)
    with pytest.raises(cl.ChromolabError, match="no model 'GC-MERGE' of changes"):
        list(changes.compare_changes(ds, "a", "b", ["GC-MERGE"]))


@pytest.mark.filterwarnings("ignore:the predictions vary too little")
def test_what_each_model_of_changes_is_taught(monkeypatch):
    two, given = two_toy_cells(genes=16, window=20_000), []
    third = toy_dataset(2, genes=16, window=20_000)
    ds = cl.concat([two, replace(third, genes=third.genes.assign(cell_type="c"))])

    def untrained(model, train, **_):
        given.append((deepcopy(model), train))
        return SimpleNamespace(best={"validation_loss": 0.0}, best_epoch=0)

    monkeypatch.setattr(comparison, "fit", untrained)
    models = ["DeepChrome", "DeepDiff", changes.TWICE]
    rows = list(changes.compare_changes(ds, "a", "b", models, folds=[1], seeds=[0, 1], lrs=[1e-3]))
    assert [row["model"] for row in rows] == [*models[:2], *models[:2], *models[2:], *models[2:]]
    for (model, train), row in zip(given, rows, strict=True):
        twice = row["model"] == changes.TWICE
        assert set(train.genes["cell_type"]) == ({"a", "b"} if twice else {"a to b"})
        if not twice:
            at = two.genes.set_index(["cell_type", "gene_id"])["log2_expression"]
            truth = at["b"][train.genes["gene_id"]].to_numpy() - at["a"][train.genes["gene_id"]].to_numpy()
            np.testing.assert_allclose(train.log2_expression, truth)
        assert model.marks == (ds.marks if twice else paired_marks(ds.marks))
    (chrome, diff), (chrome1, diff1), former, former1 = given[:2], given[2:4], given[4], given[5]
    assert diff[0].bins * diff[0].resolutions[0] == cl.models.DeepDiff(ds.marks).bins * 100 == 20_000
    assert diff[0].resolutions == (500,) and former[0].config()["width"] == comparison.SMALL["width"] == 32
    next(changes.compare_changes(ds, "a", "b", models[2:], small=False, folds=[1], seeds=[0], lrs=[1e-3]))
    assert given[-1][0].config()["width"] == 128
    for one, other in ((chrome, chrome1), (diff, diff1), (former, former1)):  # each seed has its own weights
        pairs = zip(one[0].parameters(), other[0].parameters(), strict=True)
        assert any((p != q).any() for p, q in pairs)


def test_two_predictions_make_a_change_whatever_the_order_of_the_genes():
    ds = two_toy_cells(genes=12)
    mixed = ds.select(np.random.default_rng(0).permutation(len(ds))[:20])
    model = cl.models.DeepChrome(ds.marks, "regression", bins=20, seed=0)
    truth, guess = changes.true_and_predicted(model, mixed, "a", "b")
    said = dict(
        zip(
            zip(mixed.genes["gene_id"], mixed.genes["cell_type"], strict=True),
            zip(mixed.log2_expression, cl.predict(model, mixed, device="cpu")[:, 0], strict=True),
            strict=True,
        )
    )
    shared = sorted({g for g, _ in said if (g, "a") in said and (g, "b") in said})
    expected = np.array([np.subtract(said[g, "b"], said[g, "a"]) for g in shared])
    assert 1 < len(shared) < 12
    np.testing.assert_allclose(np.column_stack([truth, guess]), expected, atol=1e-5)


RESULTS = " ".join((Path(__file__).parents[3] / "docs" / "results.md").read_text(encoding="utf-8").split())


def test_the_results_show_the_shipped_table():
    scores = {"classification": "auc", "regression": "r2", "difference": "pearson_r"}
    for (_, task), runs in cl.results("compare").groupby(["data", "task"]):
        mean = runs.groupby("model")[scores[task]].mean()
        assert f"| {mean['linear']:.3f} | | |" in RESULTS
        differences = cl.metrics.paired(runs, scores[task], "linear")
        assert cl.metrics.in_words(differences, "the linear control") in RESULTS
        for row in differences.itertuples():
            lead = f"{row.difference:+.3f} ({row.low:+.3f} to {row.high:+.3f}), {row.higher} of {row.pairs}"
            p = f"{row.p:.2g}; {row.p_holm:.2g}"
            assert f"| {row.name}" in RESULTS and f"| {mean[row.name]:.3f} | {lead} | {p} |" in RESULTS
            if (runs["data"].iloc[0], row.name) == ("pilot", "Chromoformer"):  # beside the tuned recipe's headline
                assert f"{row.difference:+.3f} ({row.low:+.3f} to {row.high:+.3f}, t over four folds)" in RESULTS


def test_the_results_show_what_the_shipped_tables_say_of_parts_and_of_luck():
    every = [
        cl.metrics.paired(
            runs, {"classification": "auc", "regression": "r2", "difference": "pearson_r"}[task], "linear"
        )
        for (_, task), runs in cl.results("compare").groupby(["data", "task"])
    ]
    contacts = ["no contacts", "shuffled contacts", "no frequencies"]
    quoted = {("teaching", "contacts"): contacts, ("teaching, strong contacts", "contacts"): contacts}
    quoted |= {("pilot", "windows"): ["2 kb window"], ("pilot", "resolutions"): ["100 bp bins only"]}
    quoted |= {("pilot", "marks"): ["without H3K27me3"]}
    table, said = cl.results("ablate"), {}
    for data, kind in table[["data", "kind"]].drop_duplicates().itertuples(index=False):
        runs = table[(table["data"] == data) & ((table["kind"] == kind) | (table["variant"] == "whole model"))]
        every_variant = runs.groupby(["fold", "seed"])["variant"].transform("nunique") == runs["variant"].nunique()
        score = "auc" if data == "pilot" else "r2"
        every.append(cl.metrics.paired(runs[every_variant], score, "whole model", name="variant"))
        rows = every[-1].set_index("name").loc[quoted.get((data, kind), [])].itertuples()
        said.setdefault(data, []).extend(f"{r.difference:+.3f} ({r.low:+.3f} to {r.high:+.3f})" for r in rows)
    assert set(said) == {"teaching", "teaching, strong contacts", "pilot"}
    assert not [data for data, texts in said.items() if " / ".join(texts) not in RESULTS.replace(")*", ")")]
    every = pd.concat(every)
    drawn = ((every["boot_low"] > 0) | (every["boot_high"] < 0)).sum()
    told, held = (every["verdict"] != "open").sum(), (cl.metrics.holm(every["p"]) < 0.05).sum()
    assert f"makes {len(every)} with these two shipped tables: {drawn} bootstrap intervals leave out 0" in RESULTS
    standing = f"{held} differences stand after Holm's correction for all {len(every)}"
    assert f"{told} t intervals do, and {standing}" in RESULTS
