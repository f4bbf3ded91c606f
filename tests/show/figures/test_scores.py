"""show/figures/scores: curves, predictions and ROC show the numbers of the runs."""

import numpy as np
import pandas as pd
import pytest

import chromolab as cl
from chromolab.learn.train.fit import Runs


def test_curves_of_one_and_of_several(ds, run_of):
    assert "AUC" in cl.plot.curves(run_of()).layout.yaxis2.title.text
    several = cl.plot.curves(Runs({1: run_of("regression"), 2: run_of("regression")}, None, None))
    listed = [t for t in several.data if t.showlegend]
    assert [t.name for t in sorted(listed, key=lambda t: t.legendrank or 1000)] == ["fold 1", "fold 2", "kept"]
    ring = next(t for t in several.data if t.name == "kept")
    assert ring.x[0] == 2 and ring.y[0] == 0.5


def test_predicted_shows_its_score_and_thins_to_density(ds):
    guess = 0.5 * ds.log2_expression + 0.1
    figure = cl.plot.predicted(ds, guess[:, None])
    assert "r = 1.00" in figure.layout.title.text and figure.data[0].type == "scatter"
    many = pd.concat([ds.genes.assign(prediction=guess)] * 100)
    assert cl.plot.predicted(many).data[0].type == "histogram2d"


def test_scatter_takes_any_pair_of_values():
    figure = cl.plot.scatter([0.0, 1, 2], [0.0, 2, 4], "true", "predicted", "simulated")
    assert figure.layout.xaxis.title.text == "true" and "r = 1.00" in figure.layout.title.text
    assert list(figure.layout.xaxis.range) == list(figure.layout.yaxis.range)
    sorts = cl.plot.scatter(
        [0.0, 1, 2], [0.0, 2, 4], "true", "predicted", "", list("xyz"), ["b", "a", "b"], "Own title"
    )
    assert sorts.layout.title.text.startswith("Own title")
    of_b, of_a, equal = sorts.data
    assert [of_b.name, of_a.name] == ["b", "a"] and list(of_b.text) == ["x", "z"] and list(of_a.x) == [1]
    assert of_b.marker.symbol != of_a.marker.symbol and sorts.layout.showlegend and equal.showlegend is False


def test_roc_tells_each_models_area(ds):
    figure = cl.plot.roc(ds, {"right": ds.log2_expression, "wrong": -ds.log2_expression})
    assert [t.name for t in figure.data][:2] == ["right: AUC 1.000", "wrong: AUC 0.000"]
    with pytest.raises(cl.ChromolabError, match="both classes"):
        cl.plot.roc(np.ones(3), np.arange(3.0))
