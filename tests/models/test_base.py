"""models/base: every model of the package, and the one that CONTRIBUTING shows, keeps the contract."""

import importlib
import inspect
import pkgutil

import numpy as np
import pytest
import torch
from helpers.contributing import code_blocks, own_model
from helpers.toys import SMALL, toy_dataset, two_toy_cells, with_bodies, with_scores
from helpers.training import few_epochs

import chromolab as cl
from chromolab import models
from chromolab.learn.ensemble import Ensemble
from chromolab.models.attentivechrome import AttentiveChrome
from chromolab.models.base import TASKS, Model
from chromolab.models.chromoformer import Chromoformer
from chromolab.models.deepchrome import DeepChrome
from chromolab.models.deepdiff import DeepDiff
from chromolab.models.gcmerge import GCMerge
from chromolab.models.graph import genome_graph
from chromolab.models.hmcrnn import HMCRNN
from chromolab.models.sequence.multiomics import MultiOmics
from chromolab.models.wholegene import WholeGene
from chromolab.models.window import WindowModel

QUIET = dict(progress=False, device="cpu")
MARKS = ("A", "B", "C")
KINDS = {  # class: the arguments that make it small
    Chromoformer: dict(resolutions=(500, 100), **SMALL),
    DeepChrome: dict(bins=20),
    AttentiveChrome: dict(bins=12),
    HMCRNN: dict(bins=20, resolution=100),
    DeepDiff: dict(bins=8),
    GCMerge: dict(width=16),
    WholeGene: dict(resolutions=(500, 100), **SMALL),
    MultiOmics: dict(motifs=("CTCF", "F1"), resolutions=(500, 100), **SMALL),
    own_model(): {},
}
every_model = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
every_task = pytest.mark.parametrize("task", TASKS)


@pytest.fixture(scope="module")
def datasets():
    """{class: the dataset that it reads}."""
    genes = toy_dataset(0, genes=40)
    return dict.fromkeys(KINDS, genes) | {
        DeepDiff: cl.pairs(two_toy_cells(genes=40), ("a", "b")),
        WholeGene: with_bodies(genes),
        MultiOmics: with_scores(genes),
    }


@pytest.fixture
def make(kind, datasets):
    """function(task, seed) -> a small model of this kind."""
    source = {"graph": genome_graph(datasets[kind])} if kind is GCMerge else {"marks": MARKS}
    return lambda task="classification", seed=0, **other: kind(**(source | other), task=task, seed=seed, **KINDS[kind])


@pytest.fixture
def ds(kind, datasets):
    return datasets[kind]


def test_every_model_of_the_package_is_here():
    for module in pkgutil.iter_modules(models.__path__):
        importlib.import_module(f"chromolab.models.{module.name}")
    found, bases = set(), [Model]
    while bases:
        bases = [c for base in bases for c in base.__subclasses__() if c.__module__.startswith("chromolab.models.")]
        found.update(bases)
    assert found - {WindowModel} == {kind for kind in KINDS if kind.__module__.startswith("chromolab.models.")}


@every_model
@every_task
def test_it_reads_a_batch_and_gives_its_outputs(make, ds, task):
    model = make(task).double().eval()
    batch = model.loader(ds).batch(np.arange(5))
    assert batch.target.dtype == torch.float64 and all(r in batch.promoter for r in model.resolutions)
    out = model(batch)
    assert out.shape == (5, model.outputs) and model.outputs == TASKS[task] and out.dtype == torch.float64
    np.testing.assert_array_equal(out.detach(), cl.predict(model, ds.select(np.arange(5)), **QUIET))


@every_model
@every_task
def test_its_config_and_seed_build_it_again(make, task):
    torch.manual_seed(5)
    before = torch.get_rng_state()
    a, other = make(task, seed=3), make(task, seed=4)
    b = type(a)(**a.config(), seed=3)
    assert (torch.get_rng_state() == before).all() and b.config() == a.config() and b.task == task
    pairs = list(zip(a.state_dict().values(), b.state_dict().values(), strict=True))
    assert all((x == y).all() for x, y in pairs)
    assert any((x != y).any() for x, y in zip(a.parameters(), other.parameters(), strict=True))
    torch.manual_seed(6)
    unseeded = make(task, seed=None)
    torch.manual_seed(6)
    assert all((x == y).all() for x, y in zip(unseeded.parameters(), make(task, seed=None).parameters(), strict=True))


@every_model
def test_a_regressor_starts_where_it_is_told(make, ds):
    model = make("regression").double().eval()
    batch = model.loader(ds).batch(np.arange(5))
    model.start_at(3.0)
    at_3 = model(batch)
    model.start_at(7.5)
    torch.testing.assert_close(model(batch) - at_3, torch.full((5, 1), 4.5, dtype=torch.float64))


@every_model
def test_its_published_training_is_one_that_fit_takes(make):
    for task in TASKS:
        assert set(make(task).PUBLISHED) <= set(inspect.signature(cl.fit).parameters)


@every_model
def test_what_no_model_can_be_is_refused(kind, make):
    with pytest.raises(cl.ChromolabError, match="task is 'rank'; expected 'classification' or 'regression'"):
        make("rank")
    if kind is not GCMerge:  # a graph brings its marks
        for marks in ((), ("A", "A")):
            with pytest.raises(cl.ChromolabError, match="marks is .*; expected at least one, none twice"):
                make(marks=marks)


@few_epochs
@every_model
@every_task
def test_it_goes_through_training_prediction_effects_and_the_lab(make, ds, task):
    train, validation, _ = ds.split(test_fold=1)
    jobs = {f"{t} {seed}": (make(t, seed), train, validation) for t in TASKS for seed in (0, 1)}
    runs = cl.fit_many(jobs, epochs=1, batch_size=8, lr=1e-3, **QUIET)
    alone = cl.fit(make(task), train, validation=validation, epochs=1, batch_size=8, lr=1e-3, **QUIET)
    model = runs[f"{task} 0"].model
    assert set(model.scales) == set(model.marks) and np.isfinite(alone.best["validation_loss"])

    together = [run.model for run in runs.values()]
    for quick, one in zip(Ensemble(together).predict(ds), together, strict=True):
        np.testing.assert_allclose(quick, cl.predict(one, ds, **QUIET), rtol=1e-4, atol=1e-5)
    gene = ds.select([1])
    region = gene.signal.regions.iloc[gene.promoter[0]]
    edits = [cl.scale(ds.marks[0], f"{region['chrom']}:{region['start']}-{region['end']}", 0.5)]
    table = cl.effect([model], gene, edits, **QUIET).table
    assert np.isfinite(table[["before", "after"]].to_numpy()).all()

    if model.resolutions:
        scores = cl.explain.gradient_input(model, gene, device="cpu")
        assert set(scores["mark"]) == set(model.marks) and np.isfinite(scores["score"]).all()
    else:
        with pytest.raises(cl.ChromolabError, match="reads no bins of tracks"):
            cl.explain.gradient_input(model, gene, device="cpu")
    if not isinstance(model, Chromoformer | WholeGene):
        with pytest.raises(cl.ChromolabError, match=f"a {type(model).__name__} has no such maps"):
            cl.explain.attention(model, gene, device="cpu")

    lab = cl.WhatIf(model, ds, gene=gene.genes["gene_id"].iloc[0])
    lab.edits = edits
    of_gene = lab.predictions
    expected = [cl.metrics.probability_or_expression(cl.predict(model, d, **QUIET))[0] for d in (lab.gene, lab.edited)]
    assert of_gene[["before", "after"]].iloc[0].tolist() == expected
    lab.close()


class Forgetful(Model):
    """Its argument `hidden` is nowhere kept, so nobody can build it again."""

    def __init__(self, marks, hidden=3):
        super().__init__(marks, resolutions=(100,))
        self.out = torch.nn.Linear(len(marks), self.outputs)


def test_what_the_contract_asks_is_said_when_it_is_missing():
    ds = toy_dataset(0, genes=12)
    with pytest.raises(cl.ChromolabError, match="Forgetful does not keep its argument 'hidden': set self.hidden, or"):
        Forgetful(ds.marks).config()
    plain = torch.nn.Linear(3, 2)
    for ask in (cl.fit, cl.predict, lambda model, ds: cl.effect(model, ds, []), cl.WhatIf):
        with pytest.raises(
            cl.ChromolabError, match=r"expected a model, found a Linear: derive .* chromolab\.models\.base\.Model"
        ):
            ask(plain, ds)
    with pytest.raises(cl.ChromolabError, match="resolutions is .* expected none twice"):
        cl.Chromoformer(ds.marks, resolutions=(100, 100))
    with pytest.raises(cl.ChromolabError, match="'full'; a DeepChrome has one path only"):
        cl.predict(DeepChrome(ds.marks, bins=20), ds, path="full")


@few_epochs
@pytest.mark.filterwarnings("ignore:.*the training went astray")
def test_the_model_in_contributing_goes_the_way_that_is_shown_there():
    shown = code_blocks()
    assert len([line for line in shown[0].splitlines() if line.strip()]) <= 20
    names = {"ds": toy_dataset(0, genes=60, window=20_000)}
    for block in shown:
        exec(block, names)
    assert names["table"]["model"].tolist() == ["linear", "DeepChrome", "Neighbourhood"]
    assert names["table"]["auc"].notna().all() and len(names["scores"]) > 0
    assert (names["effect"].table["change"] != 0).all() and names["lab"].predictions["before"].between(0, 1).all()
    names["lab"].close()
