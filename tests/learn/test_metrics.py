"""learn/metrics against scikit-learn's definitions and by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import chromolab as cl
from chromolab.learn import metrics
from chromolab.show.notebooks import results


def test_scores_by_hand():
    got = metrics.score([0, 0, 1, 1], np.array([0.1, 0.6, 0.4, 0.9]), "classification")
    assert got == pytest.approx({"auc": 0.75, "average_precision": (1 + 2 / 3) / 2, "accuracy": 0.5})
    got = metrics.score([1.0, 2, 3], np.array([[1.0], [2], [4]]), "regression")
    assert got == pytest.approx({"pearson_r": np.corrcoef([1, 2, 3], [1, 2, 4])[0, 1], "r2": 0.5})


def test_probability_is_the_softmax():
    logits = np.random.default_rng(0).normal(size=(50, 2)) * 10
    expected = np.exp(logits[:, 1]) / np.exp(logits).sum(1)
    np.testing.assert_allclose(metrics.probability(logits), expected, rtol=1e-9)
    assert metrics.probability(np.array([[1e4, -1e4], [-1e4, 1e4]])).tolist() == pytest.approx([0, 1])


def test_undefined_scores_are_nan():
    assert np.isnan(metrics.score([1, 1], np.array([0.2, 0.3]), "classification")["auc"])
    assert np.isnan(metrics.score([1.0, 2], np.array([3.0, 3]), "regression")["pearson_r"])


@pytest.mark.parametrize(
    ("truth", "guess", "task"),
    [([1], [0.1, 0.2], "classification"), ([], [], "regression"), ([1.0], [np.nan], "regression"), ([1], [1], "x")],
)
def test_bad_input(truth, guess, task):
    with pytest.raises(cl.ChromolabError):
        metrics.score(truth, np.array(guess), task)


def test_bootstrap_covers_a_mean_and_respects_groups():
    x = np.random.default_rng(0).normal(size=400)
    at, low, high = metrics.bootstrap(np.mean, x)
    assert low < at < high and high - low == pytest.approx(2 * 1.96 / 20, rel=0.2)
    twice, groups = np.repeat(x, 4), np.repeat(np.arange(400), 4)
    _, low4, high4 = metrics.bootstrap(np.mean, twice, groups=groups)
    assert high4 - low4 == pytest.approx(high - low, rel=0.15)
    assert metrics.bootstrap(np.mean, x, seed=1) == metrics.bootstrap(np.mean, x, seed=1) != (at, low, high)


def runs_table(noise=0.0):
    rows = [
        {"model": m, "fold": f, "seed": s, "auc": 0.8 + gain * f + noise * np.sin(97 * (f + 7 * s))}
        for m, gain in (("plain", 0.0), ("better", 0.01), ("worse", -0.01))
        for f in (1, 2, 3)
        for s in (0, 1)
    ]
    return pd.DataFrame(rows)


def test_paired_differences_by_hand():
    """The gain is 0.01 x fold: every draw lies between the smallest and the largest fold's gain."""
    got = metrics.paired(runs_table(noise=0.1), "auc", "plain").set_index("name")
    assert got["difference"].tolist() == pytest.approx([0.02, -0.02])
    drawn = got.loc["better", ["boot_low", "boot_high"]].tolist()
    assert drawn == pytest.approx([0.01, 0.03])  # 1 of 27 draws is one fold alone
    assert got[["higher", "pairs"]].to_numpy().tolist() == [[6, 6], [0, 6]]
    same = metrics.paired(runs_table().assign(auc=0.7), "auc", "plain")
    assert (same[["difference", "low", "high", "boot_low", "boot_high", "higher"]] == 0).all().all()
    assert (same[["p", "p_holm"]] == 1).all().all() and set(same["verdict"]) == {"open"}


@pytest.mark.parametrize("level", [0.95, 0.8])
def test_t_intervals_are_those_of_scipys_paired_test(level):
    """Folds have unequal numbers of seeds: the mean over a fold's seeds is one value."""
    rng = np.random.default_rng(3)
    runs = [(fold, seed) for fold in (1, 2, 3, 4, 5) for seed in range(1 + fold % 3)]
    table = pd.DataFrame([(m, f, s) for m in "xyz" for f, s in runs], columns=["model", "fold", "seed"])
    table["r2"] = rng.normal(table["model"].map({"x": 0.5, "y": 0.9, "z": 0.5}), 0.1)
    got = metrics.paired(table.sample(frac=1, random_state=0), "r2", "x", level=level).set_index("name")
    of_fold = table.groupby(["model", "fold"])["r2"].mean()
    for name in "yz":
        test = stats.ttest_rel(of_fold[name], of_fold["x"])
        ends = test.confidence_interval(level)
        expected = [np.mean(of_fold[name] - of_fold["x"]), ends.low, ends.high, test.pvalue]
        assert got.loc[name, ["difference", "low", "high", "p"]].tolist() == pytest.approx(expected, rel=1e-9)
    assert got["verdict"].to_dict() == {"y": "above", "z": "open"}
    swapped = metrics.paired(table, "r2", "y", level=level).set_index("name")
    assert swapped["verdict"].to_dict() == {"x": "below", "z": "below"}


def test_one_fold_has_no_t_interval():
    table = runs_table(noise=0.1)
    got = metrics.paired(table[table["fold"] == 2], "auc", "plain").set_index("name")
    assert got[["low", "high", "p", "p_holm"]].isna().all().all() and set(got["verdict"]) == {"open"}
    assert got.loc["better", ["difference", "boot_low", "boot_high"]].tolist() == pytest.approx([0.02] * 3)
    assert metrics.in_words(got.reset_index(), "plain").startswith("No difference shown from plain: better; worse. (")


def test_t_interval_of_numbers_and_of_columns():
    values = np.random.default_rng(0).normal(1, 2, (6, 3))
    ends = stats.ttest_1samp(values, 0).confidence_interval(0.9)
    mean, low, high, p = metrics.t_interval(values, 0.9)
    np.testing.assert_allclose([mean, low, high], [values.mean(0), ends.low, ends.high])
    np.testing.assert_allclose(p, stats.ttest_1samp(values, 0).pvalue)
    assert metrics.t_interval(values[:, 1], 0.9) == pytest.approx((mean[1], low[1], high[1], p[1]))


def test_holm_rejects_what_the_stepwise_procedure_rejects():
    """Holm: the k-th smallest of n is rejected while every one up to it is at most alpha / (n - k + 1)."""
    rng = np.random.default_rng(1)
    for n in (1, 2, 7, 40):
        p = rng.beta(0.3, 3, n)
        p[n // 2] = p[0]  # equal ones
        adjusted = metrics.holm(p)
        for alpha in (0.001, 0.05, 0.3):
            rejected = np.zeros(n, bool)
            for k, i in enumerate(np.argsort(p)):
                if p[i] > alpha / (n - k):
                    break
                rejected[i] = True
            np.testing.assert_array_equal(adjusted <= alpha, rejected)
    assert metrics.holm([0.01, np.nan, 0.04]).tolist() == pytest.approx([0.02, np.nan, 0.04], nan_ok=True)
    assert metrics.holm([0.9, 0.5]).tolist() == [1, 1]


def test_verdicts_in_words():
    table = pd.DataFrame(
        {
            "name": ["deep", "wide", "old", "new"],
            "verdict": ["above", "open", "below", "above"],
            "p_holm": [0.01, 1, 0.2, 0.06],
        }
    )
    expected = (
        "Above linear: deep*; new. Below linear: old. No difference shown from linear: wide. (t intervals over folds; "
    )
    assert metrics.in_words(table, "linear") == expected + "* after Holm's correction, too: 1 of 4)"
    assert metrics.in_words(table[1:2], "linear").startswith("No difference shown from linear: wide. (")


def test_paired_draws_seeds_inside_their_fold():
    """Equal folds, seeds that differ by 1: the draws must spread like the mean of four fair coins, two per fold."""
    table = pd.DataFrame(
        {"model": ["a"] * 4 + ["b"] * 4, "fold": [1, 1, 2, 2] * 2, "seed": [0, 1] * 4, "r": [0.0] * 4 + [0.0, 1, 0, 1]}
    )
    got = metrics.paired(table, "r", "a", level=0.5).iloc[0]
    assert (got["difference"], got["boot_low"], got["boot_high"]) == pytest.approx((0.5, 0.25, 0.75))


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda t: t.drop(columns="seed"), "no column seed"),
        (lambda t: pd.concat([t, t[:1]]), "stands in two rows"),
        (lambda t: t[t["model"] != "plain"], "no model 'plain'"),
        (lambda t: t[1:], "no finite auc of plain"),
        (lambda t: t.assign(auc=np.inf), "no finite auc"),
    ],
)
def test_paired_refuses_half_a_comparison(change, word):
    with pytest.raises(cl.ChromolabError, match=word):
        metrics.paired(change(runs_table()), "auc", "plain")


def test_results_say_how_they_were_made(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    results.save_results(runs_table(), tmp_path / "toy.csv", "made by hand\nin two lines")
    got = cl.results("toy")
    pd.testing.assert_frame_equal(got, runs_table())
    assert got.attrs["made_by"] == "made by hand\nin two lines"
    with pytest.raises(cl.ChromolabError, match="no table of results 'other'; shipped: toy"):
        cl.results("other")


def test_mean_interval_draws_genes_and_models():
    rng = np.random.default_rng(0)
    genes, cells, seeds = 40, 3, 4
    values = rng.normal(1, 0.1, (seeds, genes * cells)) + np.repeat(rng.normal(0, 1, genes), cells)
    values += rng.normal(0, 0.5, (seeds, 1))
    groups = np.repeat(np.arange(genes), cells)
    mean, low, high = metrics.mean_interval(values, groups, n=4000)
    assert mean == pytest.approx(values.mean())
    slow, draws = values.reshape(seeds, genes, cells), []
    for _ in range(4000):
        chosen = slow[rng.integers(0, seeds, seeds)][:, rng.integers(0, genes, genes)]
        draws.append(chosen.mean())
    assert (low, high) == pytest.approx(np.quantile(draws, [0.025, 0.975]), abs=0.03)
    alone = metrics.mean_interval(values[0], groups)
    assert alone[2] - alone[1] < high - low, "no model is drawn where there is one"
    assert metrics.mean_interval(np.full((2, 5), 3.0)) == (3, 3, 3)
    assert np.isnan(metrics.mean_interval(np.zeros((4, 0)))).all()


def test_mean_intervals_are_those_of_each_kind():
    values, by = np.random.default_rng(0).normal(size=(3, 30)), np.repeat(["b", "a", "c"], 10)
    groups = np.arange(30) // 2
    table = metrics.mean_intervals(values, by, groups, n=50)
    assert list(table["name"]) == ["a", "b", "c"] and set(table["examples"]) == {10}
    one = metrics.mean_interval(values[:, :10], groups[:10], n=50)
    assert tuple(table.loc[1, ["value", "low", "high"]]) == one
    other = metrics.mean_intervals(values[0], by, order=["c", "none"], n=50)
    assert list(other["name"]) == ["c", "none"] and np.isnan(other["value"][1])
