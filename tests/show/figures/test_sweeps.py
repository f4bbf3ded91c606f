"""show/figures/sweeps: means and intervals over repeats are those of the table."""

import numpy as np
import pandas as pd
import pytest

import chromolab as cl
from chromolab.errors import ChromolabError


@pytest.fixture
def table():
    rows = [
        {"lr": lr, "model": model, "seed": seed, "AUC": 0.7 + lr + 0.01 * seed + (model == "b") * 0.1, "word": "x"}
        for lr in (0.2, 0.1)
        for model in "ab"
        for seed in range(3)
    ]
    table = pd.DataFrame(rows)
    table.attrs |= {"parameters": ["lr", "model", "seed"], "figures": ["AUC", "word"]}
    return table


def test_a_panel_for_each_figure_and_parameter_with_means_over_repeats(table):
    figure = cl.plot.sweep(table)
    dots, mean = (trace for trace in figure.data[:2])
    assert len(figure.data) == 4  # AUC against lr and model; seeds are repeats, words are not drawn
    assert len(dots.x) == 12 and list(mean.x) == [0.1, 0.2]
    np.testing.assert_allclose(mean.y, [0.86, 0.96])  # over models and seeds
    half = 4.302653 * 0.01 / np.sqrt(3)  # t with 2 degrees of freedom; seeds differ by 0.01
    np.testing.assert_allclose(mean.error_y.array, [half, half], rtol=1e-6)
    assert list(figure.data[3].x) == ["a", "b"]
    assert "95 % t interval over seed" in figure.layout.title.text


def test_runs_without_the_figure_do_not_count(table):
    table.loc[0, "AUC"] = np.nan
    assert len(cl.plot.sweep(table, ["AUC"], ["lr"]).data[0].x) == 11
    assert "11 runs" in cl.plot.sweep(table).layout.title.text


def test_a_table_of_seeds_alone_shows_them(table):
    figure = cl.plot.sweep(table[(table["lr"] == 0.1) & (table["model"] == "a")])
    assert len(figure.data) == 2 and list(figure.data[1].x) == [0, 1, 2]


def test_seeds_of_a_fold_are_one_witness(table):
    """Four folds that differ, each with seeds that differ wildly about the fold's mean: the interval is over folds."""
    rows = [(fold, seed, 0.7 + 0.02 * fold + (-0.2, 0.2)[seed]) for fold in range(4) for seed in range(2)]
    table = pd.DataFrame(rows, columns=["fold", "seed", "AUC"]).assign(lr=0.1)
    table.attrs |= {"parameters": ["lr", "fold", "seed"], "figures": ["AUC"]}
    _, mean = cl.plot.sweep(table, against=["lr"]).data
    np.testing.assert_allclose(mean.y, [0.73])
    np.testing.assert_allclose(mean.error_y.array, [3.182446 * 0.02 * np.sqrt(5 / 3) / 2], rtol=1e-5)


def test_what_is_true_or_false_counts_as_1_or_0_when_it_is_asked_for(table):
    table["found"] = table["seed"] > 0
    table.attrs["figures"] = ["AUC", "found"]
    assert len(cl.plot.sweep(table).data) == 4  # AUC alone
    np.testing.assert_allclose(cl.plot.sweep(table, ["found"], ["lr"]).data[1].y, [2 / 3, 2 / 3])


def test_what_cannot_be_shown_is_said(table):
    with pytest.raises(ChromolabError, match="no column R2"):
        cl.plot.sweep(table, ["R2"])
    with pytest.raises(ChromolabError, match="word: no number in every run"):
        cl.plot.sweep(table, ["word"])
    table.attrs["figures"] = ["word"]
    with pytest.raises(ChromolabError, match=r"no key figure to show; name it \(figures=\[...\]\)"):
        cl.plot.sweep(table)
