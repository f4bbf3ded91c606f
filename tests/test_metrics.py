"""learn/metrics against scikit-learn's definitions and by hand."""

import numpy as np
import pytest

import chromolab as cl
from chromolab.learn import metrics


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
