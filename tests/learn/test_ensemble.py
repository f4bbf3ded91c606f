"""learn/ensemble and incremental: the answers of one model after another, and only what changed is computed."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from helpers import toys

import chromolab as cl
from chromolab.learn import incremental
from chromolab.learn.ensemble import Ensemble
from chromolab.learn.incremental import Remembered

SHAPE = dict(marks=("A", "B", "C"), resolutions=(2000, 500, 100), **toys.SMALL)


def models(**other):
    shape = SHAPE | other
    return [cl.Chromoformer(task=t, seed=s, **shape) for t in ("classification", "regression") for s in range(2)]


@pytest.fixture(scope="module")
def dataset():
    return toys.toy_dataset()


@pytest.fixture
def asked(monkeypatch):
    """How many pCREs each call computed."""
    counts, original = [], Remembered._asked

    def counting(self, features, seen):
        counts.append(features.shape[1])
        return original(self, features, seen)

    monkeypatch.setattr(Remembered, "_asked", counting)
    return counts


def agree(ensemble, own, dataset):
    for quick, model in zip(ensemble.predict(dataset), own, strict=True):
        np.testing.assert_allclose(quick, cl.predict(model, dataset), rtol=1e-4, atol=1e-5)


def richest(dataset):
    gene = dataset.gene(dataset.genes["gene_id"].iloc[int((dataset.pcre >= 0).sum(1).argmax())])
    assert (gene.pcre >= 0).sum() == 3
    return gene


def place(gene, row, bins=slice(None)):
    """A region of a gene, or some of its bins, as text."""
    r = gene.signal.regions.iloc[row]
    starts = range(r["start"], r["end"], gene.bin_size)[bins]
    return f"{r['chrom']}:{starts[0]}-{min(starts[-1] + gene.bin_size, r['end'])}"


@pytest.mark.parametrize("other", [{}, {"regulation_layers": 0}, {"resolutions": (500,)}], ids=str)
def test_an_ensemble_predicts_what_each_model_does(dataset, other):
    own = models(**other)
    own.append(cl.Chromoformer(("C", "A"), "regression", (500,), seed=1, **toys.SMALL))
    ensemble = Ensemble(own)
    for model, exact in zip(own, ensemble.predict_exactly(dataset), strict=True):
        np.testing.assert_array_equal(exact, cl.predict(model, dataset))
    agree(ensemble, own, dataset)
    for row in range(len(dataset)):  # one gene after another, some without pCREs
        agree(ensemble, own, dataset.select([row]))


def test_models_that_read_a_track_in_another_way_are_loaded_for_themselves(dataset):
    own = models()
    own[1].transforms, own[3].transforms = {"B": "asinh"}, {"B": "none", "C": "none"}
    agree(Ensemble(own), own, dataset)
    agree(Ensemble(own), own, dataset.select([0]))


def test_bins_without_data_differ_from_bins_without_signal(dataset):
    gene, ensemble = richest(dataset), Ensemble(models())
    signal, row = gene.signal, int(gene.pcre[0, 0])
    start, predictions = signal.offsets[row], []
    for level in (0.0, np.nan):
        depth = np.array(signal.depth)
        depth[start : start + 3] = level
        changed = replace(gene, signal=replace(signal, depth=depth, cache={}))
        agree(ensemble, ensemble.models, changed)
        predictions.append(ensemble.predict(changed)[0])
    assert (predictions[0] != predictions[1]).all()


def test_only_what_an_edit_touches_is_computed_anew(dataset, asked):
    gene, own = richest(dataset), models()
    ensemble = Ensemble(own)
    first, second = (int(row) for row in gene.pcre[0, :2])
    edited = {
        "nothing yet": (gene, [3]),
        "in one pCRE": (cl.edit(gene, [cl.erase("A", place(gene, first, slice(0, 2)))]), [1]),
        "undone": (gene, []),
        "contact cut": (cl.edit(gene, [cl.drop_pcre(place(gene, second))]), []),
        "frequency": (cl.edit(gene, [cl.set_frequency(place(gene, second), 9.0)]), []),
        "in the promoter": (cl.edit(gene, [cl.scale("B", place(gene, int(gene.promoter[0])), 0.5)]), [3]),
    }
    for what, (variant, anew) in edited.items():
        asked.clear()
        agree(ensemble, own, variant)
        assert asked == anew, what


def test_what_is_remembered_is_forgotten_when_there_is_too_much(dataset, asked, monkeypatch):
    monkeypatch.setattr(incremental, "MOST", 4)
    gene, own = richest(dataset), models()
    ensemble = Ensemble(own)
    for factor in (1.0, 0.5, 0.25, 1.0):
        agree(ensemble, own, cl.edit(gene, [cl.scale("A", place(gene, int(gene.pcre[0, 0])), factor)]))
    assert asked == [3, 1, 3, 1] and len(ensemble.groups[0][1].remembered.answers) == 4


def test_an_ensemble_is_a_copy(dataset):
    model = models()[0]
    ensemble, before = Ensemble([model]), cl.predict(model, dataset)
    for weight in model.parameters():
        weight.data.zero_()
    np.testing.assert_array_equal(ensemble.predict_exactly(dataset)[0], before)
    np.testing.assert_allclose(ensemble.predict(dataset.select([0]))[0], before[:1], rtol=1e-4, atol=1e-5)


def test_frozen_models_and_other_models_are_asked_one_by_one(dataset):
    frozen = models()[0].requires_grad_(False)
    own = [frozen, cl.models.DeepChrome(dataset.marks, bins=40, seed=0), *models()]
    agree(Ensemble(own), own, dataset.select([3]))


def test_a_model_that_reads_a_graph_gets_its_nodes(dataset):
    own = [cl.models.GCMerge(cl.models.genome_graph(dataset), seed=s) for s in range(2)]
    agree(Ensemble(own), own, dataset.select([1, 5]))


def test_few_examples_are_predicted_on_one_thread(dataset):
    model, seen = models()[0], []
    model.register_forward_pre_hook(lambda *_: seen.append(torch.get_num_threads()))
    threads = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        cl.predict(model, dataset.select([1]))
        cl.predict(model, dataset)
        Ensemble([model]).predict_exactly(dataset.select([1]))
        assert seen == [1, 2, 1] and torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(threads)
