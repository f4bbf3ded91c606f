"""models/: the published models beside Chromoformer. Counts by hand, sums by loops, and each learns what is planted."""

import os
import signal
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch
from helpers.toys import toy_dataset, two_toy_cells

import chromolab as cl
from chromolab.data.dataset.batches import Loader
from chromolab.data.dataset.combine import paired_marks
from chromolab.learn.train.stack import each_loss
from chromolab.models.window import middle

QUIET = dict(progress=False, device="cpu", batch_size=16)
TASKS = ("classification", "regression")
few_epochs = pytest.mark.filterwarnings("ignore:the predictions vary too little")
WINDOWED = {  # small enough for a window of 4 kb
    "DeepChrome": lambda marks, task="classification", **k: cl.models.DeepChrome(marks, task, bins=20, **k),
    "AttentiveChrome": lambda marks, task="classification", **k: cl.models.AttentiveChrome(marks, task, bins=12, **k),
    "HMCRNN": lambda marks, task="classification", **k: cl.models.HMCRNN(marks, task, bins=20, **k),
}


@pytest.fixture(scope="module")
def ds():
    return toy_dataset(0, genes=120)


@pytest.fixture(scope="module")
def two_cells():
    return two_toy_cells(genes=120)


def count(model):
    return sum(p.numel() for p in model.parameters())


def lstm(inputs, hidden):
    """Both directions; four gates, each with weights from input and state and two biases."""
    return 2 * 4 * hidden * (inputs + hidden + 2)


# ----- sizes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("marks", [1, 5, 7])
@pytest.mark.parametrize("task", TASKS)
def test_published_sizes(marks, task):
    names, outputs = [f"m{i}" for i in range(marks)], 2 if task == "classification" else 1
    places = (100 - 10 + 1) // 5
    assert places * 50 == 900
    deepchrome = (marks * 10 + 1) * 50 + (900 + 1) * 625 + (625 + 1) * 125 + (125 + 1) * outputs
    assert count(cl.models.DeepChrome(names, task)) == deepchrome
    two_levels = lambda tracks: tracks * (lstm(1, 32) + 64) + lstm(64, 16) + 32 + 32 + 1  # noqa: E731
    assert count(cl.models.AttentiveChrome(names, task)) == two_levels(marks)
    assert count(cl.models.DeepDiff(names, task)) == two_levels(3 * marks)
    branch = (marks * 7 + 1) * 20 + 2 * 20 + lstm(20, 40) + (80 + 1) * 16 + 17 + (80 + 1) * outputs
    assert count(cl.models.HMCRNN(names, task)) == branch
    width = 256
    graph = (2 * marks + 1) * width + (2 * width + 1) * width + 2 * (width + 1) * width + (width + 1) * outputs
    assert count(cl.models.GCMerge(cl.models.genome_graph(toy_dataset(0, marks=tuple(names))), task)) == graph


def test_published_windows_and_shapes():
    assert cl.models.DeepChrome().bins == cl.models.AttentiveChrome().bins == 100 and cl.models.DeepDiff().bins == 200
    assert cl.models.HMCRNN().bins == 40
    x, seen = torch.randn(3, 40, 7), torch.ones(3, 40, dtype=torch.bool)
    model = cl.models.HMCRNN(seed=0)
    steps = []
    model.lstm.register_forward_pre_hook(lambda _, inputs: steps.append(tuple(inputs[0].shape)))
    assert model.read(x, seen).shape == (3, 2) and steps == [(3, 12, 20)]  # 12 steps of 20 filters, as published
    model = cl.models.AttentiveChrome(seed=0)
    _, over_bins, over_marks = model.levels(torch.randn(3, 100, 7), torch.ones(3, 100, dtype=torch.bool))
    assert over_bins.shape == (3, 7, 100) and over_marks.shape == (3, 7)
    assert all(p.abs().max() <= 0.1 for p in model.parameters())


# ----- what they see --------------------------------------------------------------------------------------------------


def test_the_middle_of_the_window(ds):
    batch = Loader(ds, ds.marks, (100,)).batch(np.arange(len(ds)))
    features, seen = middle(batch, 100, 10)
    depth = ds.promoter_depth()[:, 15:25]  # 40 bins, 5' to 3'
    np.testing.assert_allclose(features.numpy(), np.log1p(depth), rtol=1e-5)
    assert seen.all()
    with pytest.raises(cl.ChromolabError, match="the dataset's window has 40; build it with a window of 10,000 bp"):
        cl.predict(cl.models.DeepChrome(ds.marks), ds, device="cpu")


@pytest.mark.parametrize("name", WINDOWED)
def test_what_lies_outside_the_middle_changes_nothing(ds, name):
    model = WINDOWED[name](ds.marks, seed=0)
    model.resolutions = (100,)
    batch = Loader(ds, ds.marks, (100,)).batch(np.arange(10))
    before = model.eval()(batch)
    first = 20 - model.bins // 2
    batch.promoter[100][:, :first] = 7
    batch.promoter[100][:, first + model.bins :] = 7
    torch.testing.assert_close(model(batch), before)
    batch.promoter[100][:, 20] += 1
    assert (model(batch) != before).any(1).all()


@pytest.mark.parametrize("name", ["AttentiveChrome", "HMCRNN"])
def test_bins_without_data_get_no_attention(name):
    model = WINDOWED[name](("A", "B"), seed=0).eval()
    x, seen = torch.randn(4, model.bins, 2), torch.ones(4, model.bins, dtype=torch.bool)
    seen[:, -(hide := model.bins * 6 // 10) :] = False
    x = x * seen[..., None]
    hidden, open_ = model.read(x, seen), model.read(x, torch.ones_like(seen))
    assert (hidden[:, 1] != open_[:, 1]).any() and torch.isfinite(model.read(x * 0, seen & False)).all()
    if name == "AttentiveChrome":
        _, over_bins, over_marks = model.levels(x, seen)
        assert (over_bins[..., -hide:] == 0).all()
        torch.testing.assert_close(over_bins.sum(-1), torch.ones(4, 2))
        torch.testing.assert_close(over_marks.sum(-1), torch.ones(4))


def test_one_logit_is_the_published_loss():
    """Cross-entropy of (0, z) is the binary cross-entropy of z."""
    model = cl.models.AttentiveChrome(("A",), bins=12, seed=0)
    out = model.read(3 * torch.randn(6, 12, 1), torch.ones(6, 12, dtype=torch.bool))
    label = torch.tensor([0, 1, 1, 0, 1, 0])
    batch = Loader(toy_dataset(0, genes=6), ("A",), (100,)).batch(np.arange(6))
    batch.label = label
    binary = torch.nn.functional.binary_cross_entropy_with_logits(out[:, 1], label.float(), reduction="none")
    torch.testing.assert_close(each_loss(out, batch, "classification"), binary)


# ----- they learn -----------------------------------------------------------------------------------------------------


def learnt(model, ds, **recipe):
    train, validation, test = ds.split(test_fold=2)
    recipe = QUIET | dict(epochs=20, patience=None, decay=0.95, lr=3e-3, weight_decay=0.0) | recipe
    cl.fit(model, train, validation=validation, **recipe)
    name = "auc" if model.task == "classification" else "pearson_r"
    truth = cl.metrics.truth_of(test, model.task)
    return cl.metrics.score(truth, cl.predict(model, test, device="cpu"), model.task)[name]


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("name", WINDOWED)
def test_it_learns_what_the_marks_tell(ds, name, task):
    model = WINDOWED[name](ds.marks, task, seed=0, resolution=100)
    assert learnt(model, ds, lr={"AttentiveChrome": 2e-2}.get(name, 3e-3)) > 0.8


@pytest.mark.parametrize("name", WINDOWED)
def test_it_serves_data_with_holes(name):
    missing = toy_dataset(0, genes=60, missing=True)
    model = WINDOWED[name](missing.marks, seed=0, resolution=100)
    cl.fit(model, missing, epochs=1, **QUIET)
    assert np.isfinite(cl.predict(model, missing, device="cpu")).all()


@pytest.mark.parametrize("name", WINDOWED)
def test_a_killed_run_continues_and_ends_as_a_whole_one(ds, tmp_path, name):
    def make():
        return WINDOWED[name](ds.marks, seed=0, resolution=100)

    recipe = QUIET | dict(epochs=2, patience=None, clip=1.0, focal=2.0)
    whole, stopped = cl.fit(make(), ds, **recipe), make()
    calls = []

    def stops(*_):
        calls.append(1)
        if len(calls) == 8:
            os.kill(os.getpid(), signal.SIGINT)

    stopped.register_forward_hook(stops)
    assert cl.fit(stopped, ds, checkpoint=tmp_path / "run.pt", **recipe).interrupted
    random_state = torch.get_rng_state()
    run = cl.fit(make(), ds, checkpoint=tmp_path / "run.pt", **recipe)
    for key, tensor in run.model.state_dict().items():
        assert (tensor == whole.model.state_dict()[key]).all(), key
    assert (torch.get_rng_state() == random_state).all()  # dropout has its own seed
    with pytest.raises(cl.ChromolabError, match="different clip"):
        cl.fit(make(), ds, checkpoint=tmp_path / "run.pt", **(recipe | {"clip": None}))


def test_folds_of_a_convolution_train_together(ds):
    plain = [
        cl.cross_validate(
            lambda: cl.models.DeepChrome(ds.marks, bins=20, seed=0),
            ds,
            folds=[1, 2],
            epochs=1,
            together=together,
            **QUIET,
        )
        for together in (False, True)
    ]
    assert plain[0].metrics["auc"].notna().all()  # dropout draws other masks: the same models, not the same numbers
    assert (plain[0].predictions["gene_id"] == plain[1].predictions["gene_id"]).all()


@pytest.mark.parametrize("name", [*WINDOWED, "DeepDiff"])
def test_bad_input_is_refused(name):
    make = WINDOWED.get(name, cl.models.DeepDiff)
    for arguments, word in (((["A"], "rank"), "task"), (([],), "at least one"), ((["A", "A"],), "none twice")):
        with pytest.raises(cl.ChromolabError, match=word):
            make(*arguments)
    with pytest.raises(cl.ChromolabError, match="5 bins; expected at least"):
        cl.models.DeepChrome(["A"], bins=5)


@pytest.mark.parametrize("name", WINDOWED)
def test_config_builds_the_same_model_and_seeds_repeat(ds, name):
    a = WINDOWED[name](ds.marks, "regression", seed=3)
    b = type(a)(**a.config(), seed=3)
    for p, q in zip(a.parameters(), b.parameters(), strict=True):
        assert (p == q).all()


@pytest.mark.parametrize("name", [*WINDOWED, "DeepDiff"])
def test_checkpoints_give_the_model_back(two_cells, tmp_path, name):
    make = WINDOWED.get(name, lambda marks, **k: cl.models.DeepDiff(marks, bins=12, **k))
    model, data = make(two_cells.marks, seed=0), two_cells if name in WINDOWED else cl.pairs(two_cells, ("a", "b"))
    model.scales = dict.fromkeys(model.marks, "depth")
    again = cl.load_checkpoint(cl.save_checkpoint(model, tmp_path / "x.pt", epoch=3))
    assert type(again) is type(model) and again.scales == model.scales and again.checkpoint == {"epoch": 3}
    model.resolutions = again.resolutions = (100,)
    assert (cl.predict(again, data, device="cpu") == cl.predict(model, data, device="cpu")).all()
    with pytest.raises(cl.ChromolabError, match="cannot save a"):
        cl.save_checkpoint(model, tmp_path / "y.pt", names="published")
    torch.save(torch.load(tmp_path / "x.pt") | {"model": "os.system"}, tmp_path / "z.pt")
    with pytest.raises(cl.ChromolabError, match="holds a os.system, which"):
        cl.load_checkpoint(tmp_path / "z.pt")
    with pytest.raises(cl.ChromolabError, match="cannot save a GCMerge"):
        cl.save_checkpoint(cl.models.GCMerge(cl.models.genome_graph(two_cells)), tmp_path / "y.pt")


# ----- the recipe -----------------------------------------------------------------------------------------------------


@few_epochs
@pytest.mark.parametrize("name", ["DeepChrome", "AttentiveChrome", "HMCRNN", "DeepDiff"])
def test_the_published_recipe_is_one_that_fit_takes(two_cells, name):
    model = (
        cl.models.DeepDiff(two_cells.marks, bins=8) if name == "DeepDiff" else WINDOWED[name](two_cells.marks, seed=0)
    )
    if name != "DeepDiff":
        model = type(model)(**(model.config() | {"resolution": 100}))
    data = cl.pairs(two_cells, ("a", "b")) if name == "DeepDiff" else two_cells.select(np.arange(60))
    run = cl.fit(model, data, progress=False, device="cpu", **(model.PUBLISHED | {"epochs": 1, "lr": 1e-4}))
    assert len(run.history) == 1


def test_focal_loss_by_hand(ds):
    batch = Loader(ds, ds.marks, ()).batch(np.arange(5))
    out = torch.randn(5, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    batch.target = batch.target.double()
    p = out.softmax(1)[torch.arange(5), batch.label]
    torch.testing.assert_close(each_loss(out, batch, "classification", focal=2.0), -((1 - p) ** 2) * p.log())
    assert (each_loss(out, batch, "regression", focal=2.0) == each_loss(out, batch, "regression")).all()


@pytest.mark.parametrize(("clip", "too_long"), [(0.01, True), (1e6, False)])
def test_gradient_descent_and_clipping_by_hand(ds, clip, too_long):
    """Against torch's own, step by step; with every gradient longer than the clip, and with none."""
    from chromolab.learn.train.stack import Stack, loss_of

    def make():
        return cl.models.HMCRNN(ds.marks, bins=20, resolution=100, seed=0).double()

    a, b = make(), make()
    stack = Stack([a], torch.device("cpu"), [0.1], 0.0, optimizer="sgd", clip=clip)
    rule = torch.optim.SGD(b.parameters(), lr=0.1)
    for batch in Loader(ds, ds.marks, (100,), dtype=torch.float64).batches(40):
        loss_of(b(batch), batch, b.task).backward()
        assert bool(torch.nn.utils.clip_grad_norm_(b.parameters(), clip) > clip) is too_long
        rule.step()
        rule.zero_grad()
        stack.step(batch)
    for p, q in zip(a.parameters(), b.parameters(), strict=True):
        torch.testing.assert_close(p, q)
    with pytest.raises(cl.ChromolabError, match="adamw, sgd"):
        Stack([make()], torch.device("cpu"), [0.1], 0.0, optimizer="lion")


# ----- two cell types -------------------------------------------------------------------------------------------------


def test_pairs_put_the_right_cells_side_by_side(two_cells):
    paired = cl.pairs(two_cells, ("a", "b"), ("b", "a"))
    assert len(paired) == 240 and paired.marks == paired_marks(two_cells.marks) and paired.n_pcres == 0
    for i in (0, 17, 130):
        gene = paired.genes.iloc[i]
        x, y = (two_cells.gene(gene["gene_id"], c) for c in gene["cell_type"].split(" to "))
        both = np.concatenate([x.promoter_depth()[0], y.promoter_depth()[0]], 1)
        np.testing.assert_array_equal(paired.promoter_depth()[i], both)
        change = y.log2_expression[0] - x.log2_expression[0]
        assert paired.log2_expression[i] == change and paired.labels[i] == (change > 0)
        assert gene["fold"] == x.genes["fold"].iloc[0] and gene["expression"] == pytest.approx(2**change)
    for cells, word in (((("a", "z"),), "no cell type 'z'"), ((), "no cell types")):
        with pytest.raises(cl.ChromolabError, match=word):
            cl.pairs(two_cells, *cells)
    moved = replace(two_cells, genes=two_cells.genes.assign(fold=np.arange(240) % 3 + 1))
    moved.genes.loc[130, "fold"] = 9
    with pytest.raises(cl.ChromolabError, match="window or fold differs"):
        cl.pairs(moved, ("a", "b"))


@pytest.mark.parametrize("missing", [False, True])
def test_pairs_of_genes_mixed_up_and_with_gaps(missing):
    ds = two_toy_cells(genes=12, missing=missing)
    ds = replace(ds, scales=dict(zip(ds.marks, ("depth", "fold_change", "depth"), strict=True)))
    still = (ds.genes["gene_id"] == "G5").to_numpy()
    ds.genes.loc[still, ["expression", "log2_expression"]] = 3.0, 2.0
    mixed = ds.select(
        np.append(np.flatnonzero(still), np.random.default_rng(0).permutation(np.flatnonzero(~still))[:18])
    )
    paired = cl.pairs(mixed, ("a", "b"))
    cells = mixed.genes.groupby("gene_id")["cell_type"].nunique()
    assert sorted(paired.genes["gene_id"]) == sorted(cells.index[cells == 2]) and 1 < len(paired) < 12
    assert set(paired.signal.regions["cell_type"]) == {"a to b"}
    for i, gene in enumerate(paired.genes["gene_id"]):
        both = [ds.gene(gene, cell) for cell in "ab"]
        np.testing.assert_array_equal(paired.promoter_depth()[i], np.hstack([d.promoter_depth()[0] for d in both]))
        assert paired.log2_expression[i] == both[1].log2_expression[0] - both[0].log2_expression[0]
        if missing:
            covered = [d.signal.take(d.promoter).covered for d in both]
            np.testing.assert_array_equal(paired.signal.take(paired.promoter[[i]]).covered, np.hstack(covered))
    assert paired.genes.set_index("gene_id").loc["G5", ["log2_expression", "label"]].tolist() == [0, 0]
    assert paired.scales == {f"{m} in {c}": ds.scales[m] for c in "ab" for m in ds.marks}


def test_genes_that_cannot_be_paired_are_refused():
    ds = two_toy_cells(genes=12)
    for row in (3, 15):  # in a, in b
        genes = ds.genes.copy()
        genes.loc[row, "label"] = -1
        with pytest.raises(cl.ChromolabError, match="have no expression"):
            cl.pairs(replace(ds, genes=genes), ("a", "b"))
    genes = ds.genes.assign(gene_id=ds.genes["gene_id"] + ds.genes["cell_type"])
    with pytest.raises(cl.ChromolabError, match="no gene in common"):
        cl.pairs(replace(ds, genes=genes), ("a", "b"))
    regions = ds.signal.regions.copy()
    regions.loc[ds.promoter[15], ["start", "end"]] += 100
    with pytest.raises(cl.ChromolabError, match="window or fold differs"):
        cl.pairs(replace(ds, signal=replace(ds.signal, regions=regions)), ("a", "b"))


def test_deepdiff_learns_the_difference(two_cells):
    assert learnt(cl.models.DeepDiff(two_cells.marks, bins=8, seed=0), cl.pairs(two_cells, ("a", "b")), lr=1e-2) > 0.8


@pytest.mark.parametrize("task", TASKS)
def test_deepdiff_reads_both_cell_types_and_b_less_a(task):
    model, given = cl.models.DeepDiff(["A", "B"], task, bins=8, seed=0).eval(), []
    x, seen = torch.rand(5, 8, 4), torch.rand(5, 8) > 0.3
    expected = torch.cat([x[..., :2], x[..., 2:], x[..., 2:] - x[..., :2]], -1)
    value = model.out(model.levels(expected, seen)[0])
    model.levels.register_forward_pre_hook(lambda _, inputs: given.extend(inputs))
    out = model.read(x, seen)
    torch.testing.assert_close(out, value if task == "regression" else torch.cat([torch.zeros_like(value), value], 1))
    torch.testing.assert_close(given[0], expected)
    assert (given[1] == seen).all()
    matters = torch.cat([p for name, p in model.named_parameters() if name.endswith("matters")])
    assert 0.09 < matters.abs().max() <= 0.1 and matters.abs().mean() > 0.03


# ----- the graph ------------------------------------------------------------------------------------------------------


def slow_graph(ds, size, neighbours, above):
    """Nodes and edges with dictionaries and loops: {(cell, chrom, bin): mean marks}, {frozenset of two nodes}."""
    total, bases, signal = {}, {}, ds.signal
    used = set(ds.promoter.tolist()) | set(ds.pcre[ds.pcre >= 0].tolist())
    for r in used:
        region = signal.regions.iloc[r]
        for i in range(signal.offsets[r + 1] - signal.offsets[r]):
            start = region["start"] + i * signal.bin_size
            width = min(signal.bin_size, region["end"] - start)
            node = region["cell_type"], region["chrom"], (start + width // 2) // size
            depth = signal.depth[signal.offsets[r] + i].astype(float)
            total[node] = total.get(node, 0) + np.nan_to_num(depth) * width
            bases[node] = bases.get(node, 0) + ~np.isnan(depth) * width
    nodes = {n: total[n] / bases[n] for n in total if (bases[n] > 0).all()}
    for chrom in {n[:2] for n in nodes}:
        top = np.max([nodes[n] for n in nodes if n[:2] == chrom], 0)
        nodes |= {n: nodes[n] / top for n in nodes if n[:2] == chrom}
    weight = {}
    for i, gene in ds.genes.iterrows():
        for region, frequency in zip(ds.pcre[i], ds.frequency[i], strict=True):
            if region >= 0:
                place = signal.regions.iloc[region]
                a = gene["cell_type"], gene["chrom"], gene["tss"] // size
                b = place["cell_type"], place["chrom"], (place["start"] + place["end"]) // 2 // size
                if a != b and a in nodes and b in nodes:
                    weight[frozenset((a, b))] = max(frequency, weight.get(frozenset((a, b)), 0))
    limit = {
        c: np.quantile([w for e, w in weight.items() if next(iter(e))[0] == c], above)
        for c in {next(iter(e))[0] for e in weight}
    }
    strong = {e: w for e, w in weight.items() if w > limit[next(iter(e))[0]]}
    kept = set()
    for node in nodes:
        strongest = sorted((e for e in strong if node in e), key=lambda e: -strong[e])
        kept |= set(strongest[:neighbours])
    return nodes, kept


@pytest.mark.parametrize(("missing", "neighbours", "above"), [(False, 10, 0.5), (True, 1, 0.0), (False, 2, 0.2)])
def test_the_graph_is_the_one_that_loops_make(two_cells, missing, neighbours, above):
    ds = two_cells if not missing else toy_dataset(3, genes=40, missing=True, window=800)
    graph = cl.models.genome_graph(ds, 10_000, neighbours, above)
    nodes, edges = slow_graph(ds, 10_000, neighbours, above)
    keys = [tuple(n) for n in graph.nodes[["cell_type", "chrom", "bin"]].to_numpy()]
    assert set(keys) == set(nodes) and len(keys) == len(nodes)
    np.testing.assert_allclose(graph.features, [nodes[k] for k in keys], rtol=1e-5, atol=1e-7)
    got = {(keys[a], keys[b]) for a, b in graph.edges.T}
    assert got == {pair for e in edges for pair in (tuple(e), tuple(e)[::-1])} and len(got) == graph.edges.shape[1]


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
