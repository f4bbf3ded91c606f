"""learn/explain: promoters' tokens on their way through the regulation layers, and what is read from them."""

import sys
from types import ModuleType

import numpy as np
import pytest
import torch
from helpers.toys import SMALL, toy_dataset

import chromolab as cl
from chromolab.data.dataset.batches import Loader

RESOLUTIONS = (400, 200, 100)
SHAPE = SMALL | {"regulation_layers": 3}


@pytest.fixture(scope="module")
def ds():
    return toy_dataset()


@pytest.fixture(scope="module", params=["regression", "classification"])
def model(request):
    return cl.Chromoformer(("C", "A"), request.param, resolutions=RESOLUTIONS, seed=0, **SHAPE)


@pytest.fixture(scope="module")
def embedded(model, ds):
    return cl.explain.embeddings(model, ds, device="cpu")


@torch.no_grad()
def by_hand(model, ds, resolution):
    """Token 0 after each regulation layer, (steps, examples, width), layer by layer on the full path."""
    loader, r, rows = Loader(ds, model.marks, model.resolutions), str(resolution), []
    for i in range(len(ds)):
        batch = loader.batch([i])
        promoter = model.embed[r].full(batch.promoter[resolution], batch.promoter_seen[resolution])[0]
        slots = batch.present.shape[1]
        answers = torch.zeros(slots, promoter.shape[-1])
        for place, slot in enumerate(batch.slot.tolist()):
            pcre, seen = (b[resolution][place][None] for b in (batch.pcre, batch.pcre_seen))
            answers[slot] = model.pairwise_interaction[r].full(promoter, pcre, seen)[0][0]
        x = torch.cat([promoter[:, promoter.shape[1] // 2], answers])[None]
        frequency = torch.nn.functional.pad(batch.frequency, (1, 0))
        present = torch.nn.functional.pad(batch.present, (1, 0), value=True)
        steps = [x[0, 0]]
        for layer in model.regulation[r].transformer["layers"]:
            x = layer(x, frequency, present)[0]
            steps.append(x[0, 0])
        rows.append(torch.stack(steps))
    return torch.stack(rows).numpy()


def test_tokens_are_those_of_the_full_path_layer_by_layer(model, ds, embedded):
    assert embedded.tokens.shape == (len(ds), 4, 3, SHAPE["width"])
    for place, r in enumerate(RESOLUTIONS):
        np.testing.assert_allclose(embedded.tokens[:, :, place], by_hand(model, ds, r), atol=2e-6)
        np.testing.assert_array_equal(embedded.at(2, r), embedded.tokens[:, 2, place])


def test_the_head_makes_the_prediction_of_first_and_last_to_the_bit(model, ds, embedded):
    np.testing.assert_array_equal(embedded.prediction, cl.predict(model, ds, device="cpu"))
    head = cl.explain.head(model, embedded.before + embedded.after)
    np.testing.assert_array_equal(head, cl.predict(model, ds, device="cpu"))


def test_batches_change_nothing(model, ds, embedded):
    parts = cl.explain.embeddings(model, ds, device="cpu", batch_size=5)
    np.testing.assert_allclose(parts.tokens, embedded.tokens, atol=1e-6)
    assert cl.explain.embeddings(model, ds.select([]), device="cpu").tokens.shape == (0, 4, 3, SHAPE["width"])


def test_no_hook_stays_and_a_failed_prediction_leaves_none(model, ds):
    cl.explain.embeddings(model, ds, device="cpu")
    with pytest.raises(cl.ChromolabError, match="lacks"):
        cl.explain.embeddings(model, toy_dataset(marks=("A", "B")), device="cpu")
    assert not any(module._forward_hooks for module in model.modules())


def test_without_contacts_the_promoter_starts_at_the_same_place_and_ends_elsewhere(model, ds, embedded):
    alone = cl.explain.embeddings(model, ds.without_contacts(), device="cpu")
    np.testing.assert_allclose(alone.before, embedded.before, atol=1e-6)
    differs = np.abs(alone.after - embedded.after).max(1)
    has = (ds.pcre >= 0).any(1)
    assert differs[has].min() > 1e-3 > differs[~has].max()


def test_trajectory_ends_in_the_prediction(model, ds, embedded):
    table = cl.explain.trajectory(model, embedded)
    assert list(table) == ["gene", "cell_type", "layer", "value"] and len(table) == 4 * len(ds)
    out = cl.predict(model, ds, device="cpu")
    expected = out[:, 1] - out[:, 0] if model.task == "classification" else out[:, 0]
    np.testing.assert_array_equal(table["value"][table["layer"] == 3], expected)
    np.testing.assert_array_equal(table["gene"][table["layer"] == 1], ds.genes["gene_id"])
    start = cl.explain.head(model, 2 * embedded.before)
    start = start[:, 1] - start[:, 0] if model.task == "classification" else start[:, 0]
    np.testing.assert_array_equal(table["value"][table["layer"] == 0], start)


def test_table_has_every_number_under_its_label(embedded, ds):
    table = embedded.table()
    row = table[(table["gene"] == "G7") & (table["layer"] == 2) & (table["resolution"] == 200)]
    i = ds.genes["gene_id"].tolist().index("G7")
    np.testing.assert_array_equal(row[list(range(SHAPE["width"]))].to_numpy()[0], embedded.tokens[i, 2, 1])
    assert len(table) == len(ds) * 4 * 3 and set(table["cell_type"]) == {"toy"}


def test_pca_equals_a_singular_value_decomposition_by_hand(embedded):
    table = cl.explain.project(embedded)
    centre = embedded.after.mean(0)
    _, size, axes = np.linalg.svd(embedded.after - centre, full_matrices=False)
    for step in range(4):
        here = table[table["layer"] == step]
        expected = (embedded.at(step) - centre) @ axes[:2].T
        for i, name in enumerate("xy"):
            got = here[name].to_numpy()
            sign = np.sign(got @ expected[:, i])
            np.testing.assert_allclose(sign * got, expected[:, i], atol=1e-3)
        out = embedded.prediction
        out = out[:, 1] - out[:, 0] if out.shape[1] == 2 else out[:, 0]
        for name in "xy":
            assert np.corrcoef(out, table[name][table["layer"] == 3])[0, 1] > 0
    share = size[0] ** 2 / (size**2).sum()
    assert table.attrs["axes"][0] == f"PC1 ({share:.0%} of the final variance)"


def test_another_set_is_drawn_in_the_same_axes(model, ds, embedded):
    some = cl.explain.embeddings(model, ds.select(np.arange(5)), device="cpu")
    whole = cl.explain.project(embedded)
    part = cl.explain.project(some, onto=embedded)
    np.testing.assert_allclose(part[["x", "y"]], whole[["x", "y"]][: len(part)], atol=1e-4)


def test_umap_is_an_extra(embedded, monkeypatch):
    monkeypatch.setitem(sys.modules, "umap", None)  # as where it is not installed
    with pytest.raises(cl.ChromolabError, match=r"pip install 'chromolab\[umap\]'"):
        cl.explain.project(embedded, "umap")

    class Recorded:
        def __init__(self, **arguments):
            self.arguments = arguments

        def fit(self, x):
            self.x = x
            return self

        def transform(self, x):
            return np.stack([x[:, 0], np.full(len(x), self.x.sum())], 1)

    fake = ModuleType("umap")
    fake.UMAP = Recorded
    monkeypatch.setitem(sys.modules, "umap", fake)
    table = cl.explain.project(embedded, "umap", seed=3)
    np.testing.assert_array_equal(table["x"][table["layer"] == 1], embedded.at(1)[:, 0])
    assert (table["y"] == embedded.after.sum()).all(), "every step in the map of the last"


def test_what_cannot_be_done_is_said(model, embedded, ds):
    with pytest.raises(cl.ChromolabError, match="no regulation layers"):
        cl.explain.embeddings(torch.nn.Linear(1, 1), ds)
    with pytest.raises(cl.ChromolabError, match="no regulation layers"):
        cl.explain.embeddings(cl.Chromoformer(("C", "A"), seed=0, **SMALL | {"regulation_layers": 0}), ds)
    with pytest.raises(cl.ChromolabError, match="leave out path"):
        cl.explain.embeddings(model, ds, path="full")
    with pytest.raises(cl.ChromolabError, match="no step 4"):
        embedded.at(4)
    with pytest.raises(cl.ChromolabError, match="no resolution 2000"):
        embedded.at(0, 2000)
    with pytest.raises(cl.ChromolabError, match="'pca' or 'umap'"):
        cl.explain.project(embedded, "tsne")
    with pytest.raises(cl.ChromolabError, match="do not span a plane"):
        cl.explain.project(cl.explain.embeddings(model, ds.select([0]), device="cpu"))
