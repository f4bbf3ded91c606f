"""models/checkpoints: files of both published naming generations and ours, and files that must be refused."""

import pickle
import re
from itertools import combinations

import numpy as np
import pytest
import torch
from helpers.toys import SMALL, toy_dataset

import chromolab as cl
from chromolab.models.checkpoints import SEEDS, published_state


def older(key: str, suffix: bool) -> str:
    """A newer published key under the names of older files."""
    key = re.sub(r"^embed\.(\d+)\.", r"embed\1_a." if suffix else r"embed\1.", key)
    key = re.sub(r"^pairwise_interaction\.(\d+)\.", r"embed\1_b." if suffix else r"pw_int\1.", key)
    key = re.sub(r"^regulation\.(\d+)\.transformer\.", r"transformer\1." if suffix else r"reg\1.transformer.", key)
    return key.replace("lin_proj_pcre", "lin_proj_c")


@pytest.fixture
def dataset():
    return toy_dataset(1, marks=cl.defaults.MARKS)


@pytest.fixture
def model(dataset):
    heads = dict(embed_heads=4, pairwise_heads=1)
    return cl.Chromoformer(dataset.marks, "regression", (500, 100), seed=3, **SMALL, **heads)


def same(a, b, dataset):
    return np.array_equal(cl.predict(a, dataset, device="cpu"), cl.predict(b, dataset, device="cpu"))


def test_a_published_classifier_has_5342672_numbers():
    state = published_state(cl.Chromoformer())
    assert len(state) == 370 and sum(t.numel() for t in state.values()) == 5_342_672
    assert sum(p.numel() for p in cl.Chromoformer().parameters()) == 5_342_672 - 1_086  # those that are read


@pytest.mark.real
def test_published_keys_and_shapes_are_the_published_ones(real):
    import json

    shapes = json.loads((real.parent / "reference" / "state_dict_shapes.json").read_text())
    assert {k: list(t.shape) for k, t in published_state(cl.Chromoformer()).items()} == shapes


@pytest.mark.parametrize("names", ["own", "published"])
def test_save_and_load(model, dataset, tmp_path, names):
    path = cl.save_checkpoint(model, tmp_path / "m.pt", names=names, epoch=4)
    loaded = cl.load_checkpoint(path)
    assert loaded.config() == model.config() and loaded.checkpoint["epoch"] == 4
    assert same(loaded, model, dataset)
    assert [p.name for p in tmp_path.iterdir()] == ["m.pt"]


@pytest.mark.parametrize("suffix", [False, True])
def test_both_older_generations_of_names(model, dataset, tmp_path, suffix):
    state = {older(k, suffix): t for k, t in published_state(model).items()}
    assert not set(state) & {k for k in published_state(model) if not k.startswith("fc_head")}
    torch.save({"net": state, "optimizer": {}, "last_val_r2": 0.5}, tmp_path / "old.pt")
    loaded = cl.load_checkpoint(tmp_path / "old.pt")
    assert same(loaded, model, dataset) and loaded.checkpoint["last_val_r2"] == 0.5


def test_published_file_with_other_marks(tmp_path):
    model = cl.Chromoformer(("X", "Y"), seed=0, **SMALL)
    cl.save_checkpoint(model, tmp_path / "m.pt", names="published")
    assert cl.load_checkpoint(tmp_path / "m.pt", marks=("X", "Y")).marks == ("X", "Y")
    with pytest.raises(cl.ChromolabError, match="read 2 marks, 7 were named"):
        cl.load_checkpoint(tmp_path / "m.pt")


def test_half_is_half_the_size(model, tmp_path):
    whole, half = (cl.save_checkpoint(model, tmp_path / f"{h}.pt", half=h) for h in (False, True))
    assert half.stat().st_size < 0.8 * whole.stat().st_size
    weight = cl.load_checkpoint(half).fc_head[0].weight
    torch.testing.assert_close(weight, model.fc_head[0].weight, atol=1e-3, rtol=1e-3)


class Runs:
    def __reduce__(self):
        return print, ("this would have run",)


def test_a_file_that_would_run_code_is_refused(tmp_path, capsys):
    torch.save({"net": {}, "epoch": Runs()}, tmp_path / "evil.pt")
    (tmp_path / "evil.pickle").write_bytes(pickle.dumps(Runs(), protocol=2))
    for name in ("evil.pt", "evil.pickle"):
        with pytest.raises(cl.ChromolabError, match="refused"):
            cl.load_checkpoint(tmp_path / name)
    assert "would have run" not in capsys.readouterr().out


def test_bad_files_are_refused(model, tmp_path):
    path = cl.save_checkpoint(model, tmp_path / "m.pt")
    (tmp_path / "cut.pt").write_bytes(path.read_bytes()[:-1000])
    torch.save([1, 2], tmp_path / "list.pt")
    torch.save({"net": {"other.weight": torch.zeros(2)}}, tmp_path / "other.pt")
    torch.save({"weights": {}}, tmp_path / "nonet.pt")
    state = published_state(model)
    state.pop("fc_head.0.weight")
    torch.save({"net": state}, tmp_path / "lacking.pt")
    for name in ("absent", "cut", "list", "other", "nonet", "lacking"):
        with pytest.raises(cl.ChromolabError, match=f"{name}.pt"):
            cl.load_checkpoint(tmp_path / f"{name}.pt")


def test_shipped_models_differ_in_their_seed_and_in_nothing_else():
    models = [cl.pretrained("regression", seed) for seed in SEEDS]
    assert len({str(m.config()) for m in models}) == 1
    assert [m.checkpoint.get("seed", 0) for m in models] == list(SEEDS)
    first = [next(m.parameters()).detach().numpy() for m in models]
    assert all(np.abs(a - b).max() > 0.01 for a, b in combinations(first, 2))
    with pytest.raises(cl.ChromolabError, match="seeds 0 to 3"):
        cl.pretrained("regression", seed=4)


LYING = {
    "model": {"model": [1]},
    "no model": {"model": None},
    "format": {"format": torch.ones(3)},
    "config": {"config": [1, 2]},
    "no config": {"config": {}},
    "config of numbers": {"config": {1: 2}},
    "scales": {"scales": [1]},
    "scales of another mark": {"scales": {"nothing": "depth"}},
    "unknown scale": {"scales": {"A": "metres"}},
    "net": {"net": []},
    "no net": {"net": {}},
    "net of numbers": {"net": {1: torch.ones(2)}},
    "net of nothing": {"net": {None: torch.ones(2)}},
    "net of pairs": {"net": {("embed.2000.x",): torch.ones(2)}},
}
SIZES = {
    "width": [10**7, 2**24, 0, -16, 16.0, "16", True, None],
    "pairwise_layers": [10**9, -1, 20],
    "embed_hidden": [10**10],
    "embed_heads": [0, 10**9],
    "marks": [5, "ABC", [["A"], ["B"]], [f"m{i}" for i in range(200_000)], [], ["A", "A", "B"], [None, "A", "B"]],
    "resolutions": [list(range(1, 20_000)), [0], [-100], [1e308], [float("nan")], None, 5],
    "task": ["x", [1]],
    "seed": [-1, 2**70],
    "evil": [1],
    "self": [1],
}


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """What a small checkpoint holds."""
    model = cl.Chromoformer("ABC", "classification", (500, 100), seed=0, **SMALL)
    return torch.load(cl.save_checkpoint(model, tmp_path_factory.mktemp("own") / "m.pt"), weights_only=True)


def refused(content, path, **more):
    torch.save(content, path)
    with pytest.raises(cl.ChromolabError, match=path.name) as error:
        cl.load_checkpoint(path, **more)
    assert len(str(error.value)) < 1000


@pytest.mark.parametrize("name", LYING)
def test_content_of_another_kind_is_refused(own, tmp_path, name):
    refused(own | LYING[name], tmp_path / "x.pt")


@pytest.mark.parametrize("name, size", [(name, size) for name, sizes in SIZES.items() for size in sizes])
def test_sizes_that_the_weights_do_not_have_are_refused_before_anything_is_built(own, tmp_path, name, size):
    refused(own | {"config": own["config"] | {name: size}}, tmp_path / "x.pt")


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_weights_that_are_not_finite_are_refused(own, tmp_path, bad):
    refused(own | {"net": own["net"] | {"fc_head.0.bias": own["net"]["fc_head.0.bias"] * bad}}, tmp_path / "x.pt")


def test_weights_of_another_kind_are_refused(own, tmp_path):
    for change in (torch.Tensor.int, lambda w: w.to(torch.complex64), lambda w: w.to("meta"), lambda w: w.to_sparse()):
        refused(own | {"net": {k: change(w) for k, w in own["net"].items()}}, tmp_path / "x.pt")


@pytest.mark.parametrize(
    "key, tensor",
    [
        ("embed.500.lin_proj.weight", torch.ones(7)),
        ("embed.500.transformer.layers.0.self_att.gamma_f", torch.tensor(1.0)),
        ("embed." + "9" * 6000 + ".lin_proj.weight", torch.ones(2, 2)),
        ("embed.abc.lin_proj.weight", torch.ones(2, 2)),
        ("fc_head.2.bias", torch.zeros(3)),
        ("fc_head.0.bias", torch.zeros(1).expand(10**10)),
    ],
)
def test_published_tensors_of_another_shape_are_refused(tmp_path, key, tensor):
    state = published_state(cl.Chromoformer("ABC", "classification", (500, 100), seed=0, **SMALL))
    refused({"net": state | {key: tensor}}, tmp_path / "x.pt", marks="ABC")


def test_resolutions_below_nothing_are_refused(tmp_path):
    state = published_state(cl.Chromoformer("ABC", "classification", (500, 100), seed=0, **SMALL))
    refused({"net": {k.replace(".500.", ".-500."): t for k, t in state.items()}}, tmp_path / "x.pt", marks="ABC")


def test_what_could_not_be_read_again_is_not_saved(model, tmp_path):
    with pytest.raises(cl.ChromolabError, match="refused, because it holds numpy"):
        cl.save_checkpoint(model, tmp_path / "m.pt", scores=np.arange(3))
    assert list(tmp_path.iterdir()) == []
