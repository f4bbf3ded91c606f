"""models/chromoformer: the published numbers, two paths that agree, and what must not matter."""

import json
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch
from helpers.toys import SMALL, toy_dataset
from torch.utils.flop_counter import FlopCounterMode

import chromolab as cl
from chromolab.data.dataset.batches import Loader
from chromolab.learn.train.stack import loss_of
from chromolab.models.chromoformer import RegulationLayer

# ----- against the published model ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def h1(real):
    return cl.read_published(real / "h1-demo" / "meta.csv", real / "h1-demo" / "npy", dtype="float64", progress=False)


@pytest.fixture(scope="module")
def golden(real, tmp_path_factory):
    """(outputs, {task: checkpoint path}, shapes) of the reference, in float64."""
    folder = real.parent / "reference"
    if not folder.is_dir():
        pytest.skip("real data not found: the golden outputs")
    sys.path.insert(0, str(folder))
    from golden_weights import golden_state_dict

    shapes = json.loads((folder / "state_dict_shapes.json").read_text())
    paths = {}
    for task, outputs in (("classification", 2), ("regression", 1)):
        head = {"fc_head.2.weight": [outputs, 128], "fc_head.2.bias": [outputs]}
        weights = {k: torch.from_numpy(np.asarray(v)) for k, v in golden_state_dict(shapes | head).items()}
        paths[task] = tmp_path_factory.mktemp("golden") / f"{task}.pt"
        torch.save({"net": weights, "epoch": 9}, paths[task])
    file = np.load(folder / "golden_outputs.npz")
    return {"classification": file["classifier"], "regression": file["regressor"]}, paths, shapes


def difference(model, dataset, expected, path):
    return np.abs(cl.predict(model, dataset, path, device="cpu") - expected).max()


@pytest.mark.real
@pytest.mark.parametrize("task", ["classification", "regression"])
@pytest.mark.parametrize("path", ["focused", "full"])
def test_parity_with_the_published_model(h1, golden, task, path):
    outputs, paths, _ = golden
    assert difference(cl.load_checkpoint(paths[task], dtype=torch.float64), h1, outputs[task], path) <= 1e-9
    assert difference(cl.load_checkpoint(paths[task]), h1, outputs[task], path) <= 1e-4


@pytest.mark.real
def test_parity_notices_swapped_keys_and_values(h1, golden):
    outputs, paths, _ = golden
    model = cl.load_checkpoint(paths["classification"], dtype=torch.float64)
    with torch.no_grad():
        att = model.embed["100"].transformer["layers"][0].self_att.att.weight
        q, k, v = att.clone().chunk(3)
        att.copy_(torch.cat([q, v, k]))
    assert difference(model, h1, outputs["classification"], "focused") > 1e-4


@pytest.mark.real
def test_parity_notices_a_missing_strand_flip(h1, golden):
    outputs, paths, _ = golden
    unflipped = replace(h1, genes=h1.genes.assign(strand="+"))
    model = cl.load_checkpoint(paths["classification"], dtype=torch.float64)
    off = np.abs(cl.predict(model, unflipped, device="cpu") - outputs["classification"]).max(1)
    minus = (h1.genes["strand"] == "-").to_numpy()
    assert off[minus].min() > 1e-4 and off[~minus].max() <= 1e-9


# ----- the two paths ------------------------------------------------------------------------------------------------


def model_and_batch(dataset, task="classification", seed=1, dtype=torch.float64, **kwargs):
    model = cl.Chromoformer(dataset.marks, task, seed=seed, **kwargs).to(dtype)
    loader = Loader(dataset, model.marks, model.resolutions, dtype=dtype)
    return model, loader.batch(torch.arange(len(dataset)))


@pytest.mark.parametrize("task", ["classification", "regression"])
@pytest.mark.parametrize("missing", [False, True])
@pytest.mark.parametrize("lacking", [{}, {"regulation_layers": 0}, {"pairwise_layers": 0}])
def test_paths_agree_in_outputs_and_every_gradient(task, missing, lacking):
    shape = {**SMALL, **lacking}
    model, batch = model_and_batch(toy_dataset(3, missing=missing), task, resolutions=(1000, 500, 100), **shape)
    results = {}
    for path in ("focused", "full"):
        model.zero_grad()
        out = model(batch, path)
        loss_of(out, batch, task).backward()
        results[path] = out.detach(), {n: p.grad.clone() for n, p in model.named_parameters() if p.grad is not None}
    torch.testing.assert_close(*(r[0] for r in results.values()), rtol=1e-10, atol=1e-12)
    assert set(results["focused"][1]) == set(results["full"][1])  # without pairwise layers no pCRE is read
    for name, gradient in results["focused"][1].items():
        torch.testing.assert_close(gradient, results["full"][1][name], rtol=1e-7, atol=1e-12, msg=name)


def test_without_regulation_layers_the_tokens_are_averaged():
    dataset = toy_dataset(3)
    model, batch = model_and_batch(dataset, resolutions=(500,), **{**SMALL, "regulation_layers": 0})
    promoter, _ = model.embed["500"].focused(batch.promoter[500], batch.promoter_seen[500])
    answers, _ = model.pairwise_interaction["500"].focused(promoter[batch.owner], batch.strips[500], 8)
    means = [torch.cat([p[None], answers[batch.owner == i]]).mean(0) for i, p in enumerate(promoter)]
    torch.testing.assert_close(model(batch), model.fc_head(promoter + torch.stack(means)))


def test_focused_maps_are_rows_of_the_full_ones():
    dataset = toy_dataset(4)
    model, batch = model_and_batch(dataset, resolutions=(500, 100), **SMALL)
    maps = {path: model(batch, path, return_maps=True)[1] for path in ("focused", "full")}
    for r in (500, 100):
        tss = dataset.window // r // 2
        focused, full = maps["focused"][r], maps["full"][r]
        torch.testing.assert_close(focused["embedding"], full["embedding"][:, :, tss])
        for row, whole in zip(focused["pairwise"], full["pairwise"], strict=True):
            torch.testing.assert_close(row, whole[:, :, tss])
        torch.testing.assert_close(focused["regulation"][-1][:, :, 0], full["regulation"][-1][:, :, 0])


@pytest.mark.parametrize("marks", [("A",), ("A", "B", "C", "D", "E", "F", "G", "CTCF")])
@pytest.mark.parametrize("resolutions", [(100,), (2000, 200), (1000, 500, 250, 50)])
def test_any_number_of_marks_resolutions_and_pcres(marks, resolutions):
    dataset = toy_dataset(5, marks=marks, bin_size=50, k=len(marks))
    model, batch = model_and_batch(dataset, resolutions=resolutions, **SMALL)
    torch.testing.assert_close(model(batch), model(batch, "full"))
    promoter_only = dataset.without_contacts()
    batch = Loader(promoter_only, marks, resolutions, dtype=torch.float64).batch(torch.arange(len(dataset)))
    torch.testing.assert_close(model(batch), model(batch, "full"))
    assert model(batch).shape == (len(dataset), 2)


# ----- what must not matter, and what must --------------------------------------------------------------------------


def outputs(model, dataset):
    return cl.predict(model.double(), dataset, device="cpu")


def test_the_order_of_pcres_does_not_matter():
    dataset = toy_dataset(6)
    model = cl.Chromoformer(dataset.marks, seed=1, resolutions=(500, 100), **SMALL)
    turned = replace(dataset, pcre=dataset.pcre[:, ::-1], frequency=dataset.frequency[:, ::-1])
    np.testing.assert_allclose(outputs(model, turned), outputs(model, dataset), atol=1e-12)


def test_the_room_for_pcres_does_not_matter():
    dataset = toy_dataset(7)
    model = cl.Chromoformer(dataset.marks, seed=1, resolutions=(500, 100), **SMALL)
    roomier = replace(
        dataset,
        pcre=np.pad(dataset.pcre, ((0, 0), (0, 4)), constant_values=-1),
        frequency=np.pad(dataset.frequency, ((0, 0), (0, 4))),
    )
    for path in ("focused", "full"):
        got, expected = (cl.predict(model.double(), d, path, device="cpu") for d in (roomier, dataset))
        np.testing.assert_allclose(got, expected, atol=1e-12)


def test_frequencies_matter_and_only_through_gamma():
    dataset = toy_dataset(8)
    model = cl.Chromoformer(dataset.marks, seed=1, resolutions=(500, 100), **SMALL)
    stronger = replace(dataset, frequency=dataset.frequency * 2)
    assert np.abs(outputs(model, stronger) - outputs(model, dataset)).max() > 1e-6
    for module in model.modules():
        if isinstance(module, RegulationLayer):
            torch.nn.init.zeros_(module.self_att.gamma_f)
    np.testing.assert_array_equal(outputs(model, stronger), outputs(model, dataset))


def test_a_batch_does_not_mix_genes():
    dataset = toy_dataset(9)
    model = cl.Chromoformer(dataset.marks, seed=1, resolutions=(500, 100), **SMALL)
    alone = np.concatenate([outputs(model, dataset.select([i])) for i in range(len(dataset))])
    np.testing.assert_allclose(alone, outputs(model, dataset), atol=1e-12)


# ----- size, seed, bad requests -------------------------------------------------------------------------------------


def test_work_per_gene_with_eight_pcres_is_within_its_budget():
    dataset = toy_dataset(10, genes=4, marks=cl.defaults.MARKS, window=40_000, k=8)
    dataset = replace(dataset, pcre=np.random.default_rng(0).integers(4, 12, (4, 8)), frequency=np.full((4, 8), 2.0))
    model, batch = model_and_batch(dataset, dtype=torch.float32)
    work = {}
    for path in ("focused", "full"):
        with torch.no_grad(), FlopCounterMode(display=False) as counter:
            model(batch, path)
        work[path] = counter.get_total_flops() / len(dataset) / 1e9
    assert work["focused"] <= 0.095
    assert work["full"] == pytest.approx(3.862, rel=0.01)  # measured on the reference


def test_the_seed_fixes_the_weights_and_leaves_the_global_generator():
    torch.manual_seed(5)
    before = torch.get_rng_state()
    a, b, c = (cl.Chromoformer(("A",), seed=s, **SMALL) for s in (1, 1, 2))
    assert (torch.get_rng_state() == before).all()
    assert (a.fc_head[0].weight == b.fc_head[0].weight).all() and (a.fc_head[0].weight != c.fc_head[0].weight).any()


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({"task": "ranking"}, "task"),
        ({"marks": ()}, "marks"),
        ({"marks": ("A", "A")}, "marks"),
        ({"resolutions": (100, 100)}, "resolutions"),
        ({"widht": 3}, "widht"),
        ({"width": 13}, "embed_heads"),
    ],
)
def test_bad_sizes_are_refused(arguments, word):
    with pytest.raises(cl.ChromolabError, match=word):
        cl.Chromoformer(**arguments)


def test_bad_requests_are_refused():
    dataset = toy_dataset(11)
    with pytest.raises(cl.ChromolabError, match="H3K4me1"):
        cl.predict(cl.Chromoformer(**SMALL), dataset)
    model = cl.Chromoformer(dataset.marks, resolutions=(500,), **SMALL)
    with pytest.raises(cl.ChromolabError, match="path"):
        cl.predict(model, dataset, path="fast", device="cpu")
    with pytest.raises(cl.ChromolabError, match="window"):
        cl.predict(cl.Chromoformer(dataset.marks, resolutions=(300,), **SMALL), dataset, device="cpu")


@pytest.mark.gpu
def test_cuda_gives_the_same_numbers():
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    dataset = toy_dataset(12)
    model = cl.Chromoformer(dataset.marks, seed=1, resolutions=(500, 100), **SMALL)
    cpu, gpu = (cl.predict(model, dataset, device=d) for d in ("cpu", "cuda"))
    np.testing.assert_allclose(gpu, cpu, atol=1e-4)
