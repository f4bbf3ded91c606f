"""learn/explain/gene_stages: every number of a whole gene's step, and that they end in the model's own prediction."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from helpers.toys import SMALL, toy_dataset, with_bodies

import chromolab as cl
from chromolab.learn.explain.stages import trace
from chromolab.models.wholegene import POSITIONS


@pytest.fixture(scope="module")
def dataset():
    return with_bodies(toy_dataset(0, genes=12, window=8000))


def model_of(dataset, task="regression", **more):
    """Random, with positions as if learnt: they start at 0."""
    model = cl.models.WholeGene(dataset.marks, task, (500, 100), seed=3, **(SMALL | more)).double()
    generator = torch.Generator().manual_seed(0)
    for layer in model.gene.places.values():
        torch.nn.init.normal_(layer.weight, generator=generator)
    return model


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_the_walk_arrives_at_the_prediction_on_both_strands(dataset, task):
    model = model_of(dataset, task)
    assert set(dataset.genes["strand"]) == {"+", "-"}
    for i in range(len(dataset)):
        gene = dataset.select([i]).compact()
        walk = trace(model, gene, device="cpu")
        expected = cl.predict(model, gene, device="cpu", progress=False)[0]
        np.testing.assert_allclose(walk["head.output"].tensor, expected, rtol=1e-11, atol=1e-12)
        maps = model(model.loader(gene, "cpu").batch([0]), return_maps=True)[1]
        torch.testing.assert_close(walk["gene.weights"].tensor, maps["gene"][0])
        read = torch.log1p(walk["gene.depth"].tensor).double()
        torch.testing.assert_close(walk["gene.features"].tensor, read, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("positions", [POSITIONS, ("part", "end"), ()])
def test_every_weight_is_named_once_as_the_model_names_it(dataset, positions):
    gene = dataset.select([0]).compact()
    model = model_of(gene, positions=positions)
    walk = trace(model, gene, device="cpu")
    named = [path for stage in walk.values() for path, _ in stage.weights.values()]
    assert len(set(named)) == len(named)
    assert {path.split("[")[0] for path in named} == {name for name, _ in model.named_parameters()}
    assert ("gene.positions" in walk) == bool(positions)
    shown = sum(weight.numel() for stage in walk.values() for _, weight in stage.weights.values())
    assert shown == sum(p.numel() for p in model.parameters())


def test_bins_beyond_the_models_reach_get_no_attention(dataset):
    gene = dataset.select([1]).compact()
    walk = trace(model_of(gene, reach=9_000), gene, device="cpu")
    seen, places = walk["gene.weights"].seen, walk["gene.places"].tensor
    assert torch.equal(seen, (places[:, 0] >= -9_000) & (places[:, 1] <= 9_000)) and not seen.all()
    assert (walk["gene.weights"].tensor[:, ~seen] == 0).all()


def test_a_changed_model_is_noticed(dataset):
    gene = dataset.select([0]).compact()
    model = model_of(gene)
    model.gene.register_forward_hook(lambda module, read, out: (out[0] + 1, out[1]))
    with pytest.raises(cl.ChromolabError, match="this model was changed"):
        trace(model, gene, device="cpu")
    with pytest.raises(cl.ChromolabError, match="expected a Chromoformer or a WholeGene, not a DeepChrome"):
        trace(cl.models.DeepChrome(gene.marks), replace(gene, body=None), device="cpu")
