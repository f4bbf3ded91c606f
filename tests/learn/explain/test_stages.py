"""learn/explain/stages: every number on the way of one gene, and that together they are the model's own prediction."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from helpers.toys import SMALL, toy_dataset

import chromolab as cl
from chromolab.data.dataset.batches import Loader
from chromolab.learn.explain.stages import trace

RESOLUTIONS = (1000, 500, 100)


def toy_model(dataset, task="classification", **sizes):
    """Random, with layer norms and frequency weights that are not at their start, which would hide a mistake."""
    model = cl.Chromoformer(dataset.marks, task, RESOLUTIONS, seed=3, **{**SMALL, **sizes}).double()
    torch.manual_seed(0)
    with torch.no_grad():
        for name, p in model.named_parameters():
            if ".ln." in name or "gamma" in name:
                p.add_(torch.rand_like(p) - 0.5)
    return model


def examples(missing):
    """Genes of a toy dataset, one for each strand and number of pCREs."""
    ds = toy_dataset(6, missing=missing)
    found = {}
    for i in range(len(ds)):
        found.setdefault((ds.genes["strand"][i], int((ds.pcre[i] >= 0).sum())), ds.select([i]).compact())
    return found


@pytest.mark.parametrize("task", ["classification", "regression"])
@pytest.mark.parametrize("missing", [False, True])
def test_the_walk_arrives_at_the_prediction_of_both_paths(task, missing):
    genes = examples(missing)
    assert {strand for strand, _ in genes} == {"+", "-"} and {count for _, count in genes} == {0, 1, 2, 3}
    for gene in genes.values():
        model = toy_model(gene, task)
        walk = trace(model, gene, device="cpu")
        for path in ("full", "focused"):
            expected = cl.predict(model, gene, path, device="cpu", progress=False)[0]
            np.testing.assert_allclose(walk["head.output"].tensor, expected, rtol=1e-11, atol=1e-12)
    if task == "classification":
        assert walk["head.probability"].tensor[1] == pytest.approx(cl.metrics.probability(expected[None])[0])


@pytest.mark.parametrize("missing", [False, True])
def test_every_attention_is_a_row_of_the_models_own_map(missing):
    ds = examples(missing)["-", 3]
    model = toy_model(ds)
    walk = trace(model, ds, device="cpu")
    batch = Loader(ds, ds.marks, RESOLUTIONS, dtype=torch.float64).batch([0])
    for path in ("full", "focused"):
        maps = model(batch, path, return_maps=True)[1]
        for r in RESOLUTIONS:
            tss = () if path == "focused" else (ds.window // r // 2,)
            expected = maps[r]["embedding"][(0, slice(None), *tss)]
            torch.testing.assert_close(walk[f"embedding.{r}.weights"].tensor, expected)
            for layer, rows in enumerate(maps[r]["pairwise"]):
                rows = rows[(batch.slot.argsort(), slice(None), *tss)]
                torch.testing.assert_close(walk[f"pairwise.{r}.{layer}.weights"].tensor, rows)
            for layer, whole in enumerate(maps[r]["regulation"]):
                torch.testing.assert_close(walk[f"regulation.{r}.{layer}.weights"].tensor[:, :1], whole[0, :, :1])


def test_what_goes_in_is_what_the_loader_cuts():
    for gene in examples(True).values():
        walk, batch = trace(toy_model(gene), gene, "cpu"), Loader(gene, gene.marks, RESOLUTIONS).batch([0])
        for r in RESOLUTIONS:
            depth, log, features = (walk[f"input.{r}.{what}"] for what in ("depth", "log", "features"))
            flipped = log.tensor.nan_to_num().flip(0) if gene.genes["strand"][0] == "-" else log.tensor.nan_to_num()
            hidden = depth.tensor.isnan().any(1)
            torch.testing.assert_close(features.tensor.float()[features.seen], flipped[features.seen])
            assert torch.equal(features.seen, batch.promoter_seen[r][0]) and torch.equal(~depth.seen, hidden)
            assert not features.tensor[~features.seen].any()
            np.testing.assert_array_equal(depth.tensor, gene.signal.at(r)[0][: gene.window // r].astype(np.float32))
            padded, ready = walk[f"input.{r}.pcre_depth"], walk[f"input.{r}.pcre_features"]
            for place, region in enumerate(gene.pcre[0][gene.pcre[0] >= 0]):
                own = padded.tensor[place][padded.seen[place]]
                bins = gene.signal.take([region]).at(r)[0]
                np.testing.assert_array_equal(own, bins[~np.isnan(bins).any(1)].astype(np.float32))
                torch.testing.assert_close(ready.tensor[place][ready.seen[place]], torch.log(1 + own).double())


def test_scores_of_the_regulation_step_by_hand():
    gene = examples(False)["+", 2]
    model = toy_model(gene)
    walk, r = trace(model, gene, "cpu"), 500
    layer = model.regulation[str(r)].transformer["layers"][1]
    x = walk[f"regulation.{r}.0.out"].tensor.numpy()
    weight, gamma = layer.self_att.att.weight.detach().numpy(), layer.self_att.gamma_f.detach().numpy()
    wide, heads, tokens = layer.width // layer.heads, layer.heads, 1 + gene.n_pcres
    expected = np.zeros((heads, tokens, tokens))
    for head in range(heads):
        for asking in range(tokens):
            for token in range(tokens):
                q = weight[head * wide : (head + 1) * wide] @ x[asking]
                k = weight[layer.width + head * wide : layer.width + (head + 1) * wide] @ x[token]
                expected[head, asking, token] = q @ k / np.sqrt(wide)
                if asking == 0 and token > 0:
                    expected[head, asking, token] += gamma[head] * np.float32(gene.frequency[0, token - 1])
    scores, weights = (walk[f"regulation.{r}.1.{what}"] for what in ("scores", "weights"))
    np.testing.assert_allclose(scores.tensor, expected, rtol=1e-10)
    assert scores.seen.tolist() == [True, True, True, False]
    assert not weights.tensor[:, :, 3].any()  # the empty slot is hidden
    np.testing.assert_allclose(weights.tensor.sum(-1), 1)


def test_an_empty_slot_between_two_pcres_stays_empty():
    gene = examples(False)["+", 3]
    pcre, frequency = gene.pcre.copy(), gene.frequency.copy()
    pcre[0, 1], frequency[0, 1] = -1, 0
    gene = replace(gene, pcre=pcre, frequency=frequency)
    model = toy_model(gene)
    walk = trace(model, gene, "cpu")
    assert walk.slots == (0, 2)
    assert walk["regulation.500.tokens"].seen.tolist() == [True, True, False, True]
    expected = cl.predict(model, gene, "full", device="cpu", progress=False)[0]
    np.testing.assert_allclose(walk["head.output"].tensor, expected, rtol=1e-11)


def test_each_stage_names_its_inputs_and_the_weights_it_was_made_with():
    gene = examples(False)["-", 3]
    model = toy_model(gene)
    walk, parameters, named = trace(model, gene, "cpu"), dict(model.named_parameters()), set()
    for stage in walk.values():
        assert len(stage.axes) == stage.tensor.dim()
        assert all(name in walk for name in stage.inputs)
        for name, values in stage.weights.values():
            name, _, rows = name.partition("[")
            whole = parameters[name]
            if rows:
                a, b = (int(x) for x in rows.rstrip("]").split(":"))
                whole = whole[a:b]
            assert torch.equal(values, whole)
            named.add(name)
    assert named == set(parameters), "a parameter that no stage shows"


def test_more_than_one_gene_and_a_changed_model_are_refused():
    ds = toy_dataset(1)
    with pytest.raises(cl.ChromolabError, match="one gene in one cell type"):
        trace(toy_model(ds), ds)
    gene = ds.select([1]).compact()
    model = toy_model(gene)
    model.fc_head[1] = torch.nn.Tanh()
    with pytest.raises(cl.ChromolabError, match="this model was changed"):
        trace(model, gene)
    for step in ("pairwise_layers", "regulation_layers"):
        with pytest.raises(cl.ChromolabError, match="no pairwise or no regulation layers"):
            trace(cl.Chromoformer(ds.marks, resolutions=RESOLUTIONS, seed=0, **(SMALL | {step: 0})), ds.select([0]))
    with pytest.raises(cl.ChromolabError, match="not a Linear"):
        trace(torch.nn.Linear(1, 1), gene)
