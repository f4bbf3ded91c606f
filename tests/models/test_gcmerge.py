"""models/gcmerge: messages between contacting bins, against a dense matrix."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch
from helpers.toys import toy_dataset
from helpers.training import TASKS, few_epochs, learnt

import chromolab as cl
from chromolab.data.dataset.batches import Loader
from chromolab.data.dataset.torch_files import read_torch_file
from chromolab.models.gcmerge import PUBLISHED_NAMES


def test_gcmerge_is_two_rounds_over_a_matrix(two_cells):
    """Against a dense adjacency matrix over all nodes."""
    graph = cl.models.genome_graph(two_cells)
    model = cl.models.GCMerge(graph, seed=0).eval()
    n = len(graph.nodes)
    mean = torch.zeros(n, n)
    mean[graph.edges[1], graph.edges[0]] = 1
    mean = mean / mean.sum(1, keepdim=True).clamp(min=1)
    x = torch.tensor(graph.features)
    for layer in (model.sage1, model.sage2):
        x = layer(torch.cat([x, mean @ x], 1)).relu()
    x = model.out(model.l2(model.l1(x).relu()).relu())
    at = graph.nodes_of(two_cells)
    torch.testing.assert_close(torch.tensor(cl.predict(model, two_cells, device="cpu")), x[at], rtol=1e-4, atol=1e-5)
    alone = graph.alone(two_cells)
    assert 0 < len(alone) < len(two_cells) and len(alone) == (mean[at].sum(1) == 0).sum()
    assert f"{len(alone)} a node without a neighbour" in graph.report[-1]


def test_gcmerge_hears_what_only_neighbours_know(two_cells):
    """Expression follows only the neighbour's mark: the model learns it, and cannot without edges."""
    ds = toy_dataset(0, genes=240, k=1)
    graph = cl.models.genome_graph(ds, neighbours=10, above=0.0)
    rng = np.random.default_rng(0)
    said = rng.random(len(graph.nodes))
    at = graph.nodes_of(ds)
    partner = pd.Series(graph.edges[0]).groupby(graph.edges[1]).apply(lambda s: said[s].mean())
    hears = partner.reindex(at).to_numpy()
    ds = ds.select(~np.isnan(hears))
    hears = hears[~np.isnan(hears)]
    label = (hears > np.median(hears)).astype(int)
    ds = replace(ds, genes=ds.genes.assign(label=label, log2_expression=hears * 8))
    features = np.stack([said, rng.random(len(said)), rng.random(len(said))], 1).astype(np.float32)
    deaf = replace(graph, features=features, edges=graph.edges[:, :0])
    recipe = dict(epochs=30, lr=3e-3, decay=1.0)
    assert learnt(cl.models.GCMerge(replace(graph, features=features), width=32, seed=0), ds, **recipe) > 0.85
    assert learnt(cl.models.GCMerge(deaf, width=32, seed=0), ds, **recipe) < 0.7


def published_file(path, model, order):
    """The file that the authors would have written of a model: their names, marks in their order."""
    state = model.state_dict()
    columns = [model.marks.index(mark) for mark in order]
    state["sage1.weight"] = state["sage1.weight"][:, [*columns, *(len(order) + c for c in columns)]]
    torch.save({name: state[ours] for name, ours in PUBLISHED_NAMES.items()}, path)
    return path


def test_published_weights_are_read_on_any_graph_of_their_marks(tmp_path):
    marks = ("H3K4me3", "H3K9me3", "H3K27ac", "H3K27me3", "H3K36me3", "H3K4me1")
    ds = toy_dataset(0, marks=marks)
    graph = cl.models.genome_graph(ds)
    model = cl.models.GCMerge(graph, "regression", seed=0, width=8).eval()
    path = published_file(tmp_path / "weights.pt", model, sorted(marks))
    again = cl.load_checkpoint(path, graph=graph)
    assert again.task == "regression" and again.marks == marks and again.origin == "measured"
    torch.testing.assert_close(*(torch.tensor(cl.predict(m, ds, device="cpu")) for m in (again, model)))
    other = published_file(tmp_path / "other.pt", model, marks)
    named = cl.load_checkpoint(other, marks=marks, graph=graph)
    torch.testing.assert_close(named.sage1.weight, model.sage1.weight)
    for arguments, expected in (
        ({}, "reads a graph of the genome"),
        ({"graph": cl.models.genome_graph(ds.with_marks(marks[:3]))}, "the graph has H3K4me3, H3K9me3, H3K27ac"),
        ({"graph": graph, "marks": marks[:5]}, "the weights read 6 marks"),
    ):
        with pytest.raises(cl.ChromolabError, match=expected):
            cl.load_checkpoint(path, **arguments)
    state = torch.load(path, weights_only=True)
    torch.save(state | {"lin2.weight": torch.zeros(3, 3)}, path)
    with pytest.raises(cl.ChromolabError, match="l2.weight of shape .3, 3. does not fit"):
        cl.load_checkpoint(path, graph=graph)


@pytest.mark.real
def test_the_authors_weights_of_gm12878(real):
    """Read on a graph of made-up numbers (their inputs are not at hand): the same answer as their layers by hand."""
    path = real / "gcmerge-published" / "E116-classification-model.pt"
    ds = toy_dataset(0, marks=sorted(("H3K4me3", "H3K9me3", "H3K27ac", "H3K27me3", "H3K36me3", "H3K4me1")))
    graph = cl.models.genome_graph(ds)
    model, w = cl.load_checkpoint(path, graph=graph), read_torch_file(path)
    x, n = torch.tensor(graph.features), len(graph.nodes)
    mean = torch.zeros(n, n)
    mean[graph.edges[1], graph.edges[0]] = 1
    mean = mean / mean.sum(1, keepdim=True).clamp(min=1)
    for layer in ("conv1.lin_l", "conv2.lin_l"):
        x = (torch.cat([x, mean @ x], 1) @ w[f"{layer}.weight"].T + w[f"{layer}.bias"]).relu()
    for layer in ("lin1", "lin2"):
        x = (x @ w[f"{layer}.weight"].T + w[f"{layer}.bias"]).relu()
    x = x @ w["lin3.weight"].T + w["lin3.bias"]
    got = torch.tensor(cl.predict(model, ds, device="cpu"))
    torch.testing.assert_close(got, x[graph.nodes_of(ds)], rtol=1e-4, atol=1e-5)


def test_gcmerge_says_whom_it_cannot_serve(two_cells):
    a = two_cells.select((two_cells.genes["cell_type"] == "a").to_numpy())
    model = cl.models.GCMerge(cl.models.genome_graph(a), seed=0)
    with pytest.raises(cl.ChromolabError, match="no node for 120 of 240 genes, such as G0 in b"):
        cl.predict(model, two_cells, device="cpu")
    with pytest.raises(cl.ChromolabError, match="needs a dataset with contacts"):
        cl.models.genome_graph(two_cells.without_contacts())
    with pytest.raises(cl.ChromolabError, match="nodes; make it with model.loader"):
        model(Loader(a, a.marks, ()).batch([0, 1]))
    with pytest.raises(cl.ChromolabError, match="the graph has A, B"):
        model.see(cl.models.genome_graph(a.with_marks(("A", "B"))))
    before = cl.predict(model, a, device="cpu")
    louder = replace(a, signal=replace(a.signal, depth=a.signal.depth * [1, 0, 1], cache={}))
    assert (cl.predict(model, louder, device="cpu") == before).all()  # it reads its graph until `see` gives it another
    model.see(cl.models.genome_graph(louder))
    assert (cl.predict(model, a, device="cpu") != before).any()


@few_epochs
@pytest.mark.parametrize("task", TASKS)
def test_gcmerge_trains_on_the_whole_fold_at_once(ds, task):
    model = cl.models.GCMerge(cl.models.genome_graph(ds), task, width=16, seed=0)
    run = cl.fit(model, ds, progress=False, device="cpu", **(model.PUBLISHED | {"epochs": 3, "lr": 1e-2}))
    assert run.history["train_loss"].iloc[-1] < run.history["train_loss"].iloc[0]
    assert all("features" not in key for key in model.state_dict())
