"""The glass box: what it answers the browser, and in JupyterLab that the browser holds Python's numbers, to the bit."""

import json
import re
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from helpers import toy_notebooks
from helpers.lab import errors, run_all, wait
from helpers.toys import SMALL
from helpers.widgets import BOX_RESOLUTIONS, HOSTILE, gene_with, toy_box

import chromolab as cl
from chromolab.learn.explain.stages import trace
from chromolab.show.widgets.glassbox.lanes import LANES, STEPS, lanes
from chromolab.show.widgets.glassbox.pictures import HIDDEN, flat, thumbnail
from chromolab.show.widgets.glassbox.texts import text_of


def views(box):
    layers = box.about["layers"]
    steps = product(BOX_RESOLUTIONS, range(layers["pairwise"]), range(layers["regulation"]))
    return [{"kind": "map", "resolution": r, "pairwise": p, "regulation": g} for r, p, g in steps]


# ----- without a browser ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "task"), [(0, "classification"), (2, "regression"), (3, "classification")])
def test_every_tensor_has_a_box_and_opens_with_all_its_numbers(count, task):
    gene = gene_with(count, missing=True)
    box, shown = toy_box(gene, task), set()
    for view in views(box):
        message, (pictures,) = box.reply(view)
        sizes = [rows * columns for rows, columns, _ in (b["picture"] for b in message["boxes"].values())]
        assert sum(sizes) == len(pictures)
        shown |= set(message["boxes"])
    axes = box.stages["axes"]
    assert shown == set(axes.index)
    for name, pcre in product(shown, range(max(1, count))):
        message, buffers = box.reply({"kind": "stage", "name": name, "pcre": pcre})
        assert message["formula"] and message["words"] and len(message["parts"]) == len(buffers)
        for part, buffer in zip(message["parts"], buffers, strict=True):
            values = np.frombuffer(buffer, part["dtype"]).reshape(part["shape"])
            if part["role"] != "weight":
                expected = box[part["name"]]
                if axes[part["name"]].startswith("pcre"):
                    expected = expected[pcre] if count else np.zeros(expected.shape[1:])
                np.testing.assert_array_equal(values, expected)
    json.dumps(message)  # plain values only
    box.close()


def test_a_box_says_how_a_signed_track_is_read():
    gene = replace(gene_with(2), transforms={"B": "asinh", "C": "none"})
    gene.signal.depth[:, 1:] -= 3
    box = toy_box(gene)
    for stage in ("log", "features", "pcre_features"):
        told = box.reply({"kind": "stage", "name": f"input.1000.{stage}"})[0]
        assert "ln(" not in told["formula"] and "t(d" in told["formula"]
        assert "B: t(d) = asinh d; C: t(d) = d; other tracks: t(d) = ln(1 + d)." in told["words"]
    depth, read = box["input.1000.depth"].T, box["input.1000.log"].T
    np.testing.assert_allclose(read, [np.log1p(depth[0]), np.arcsinh(depth[1]), depth[2]], rtol=1e-5)
    assert "t(d)" not in box.reply({"kind": "stage", "name": "input.1000.depth"})[0]["words"]
    box.close()
    plain = toy_box(gene_with(2))
    assert "ln(1 + d)" in plain.stages.loc["input.1000.log", "formula"]
    plain.close()


def test_a_box_of_another_precision_keeps_it():
    gene = gene_with(2)
    model = cl.Chromoformer(gene.marks, "regression", BOX_RESOLUTIONS, seed=3, **SMALL).double()
    box = cl.GlassBox(model, gene, device="cpu")
    message, buffers = box.reply({"kind": "stage", "name": "head.output"})
    (at,) = (i for i, part in enumerate(message["parts"]) if part["role"] == "output")
    assert message["parts"][at]["dtype"] == "float64"
    value = np.frombuffer(buffers[at])[0]
    assert value == box["head.output"][0]
    assert value == pytest.approx(cl.predict(model, gene, "full", device="cpu")[0, 0], rel=1e-13)
    box.close()


def test_small_pictures_show_size_sign_and_what_is_hidden():
    values = np.array([[1.0, -2.0, np.nan], [0.5, 0.0, 7.0]])  # the last column is hidden
    seen = np.array([True, True, False])
    assert thumbnail(values, ["head", "bin"], seen).tolist() == [[190, 0, HIDDEN], [159, 127, HIDDEN]]
    assert thumbnail(np.abs(values), ["head", "bin"], seen).tolist() == [[127, 254, HIDDEN], [64, 0, HIDDEN]]
    wide = thumbnail(np.arange(4000.0).reshape(10, 400), ["mark", "bin"], np.arange(400) < 200)
    assert wide.shape == (10, 80) and (wide[:, :40] < HIDDEN).all() and (wide[:, 40:] == HIDDEN).all()
    tokens = np.arange(24.0).reshape(2, 3, 4)  # heads, tokens, numbers: heads stand side by side
    picture, hidden = flat(tokens, ["head", "token", "head width"], np.array([True, False, True]))
    assert picture[0].tolist() == [0, 1, 2, 3, 12, 13, 14, 15]
    assert hidden.all(1).tolist() == [False, True, False]


def test_questions_that_have_no_answer_are_refused():
    box = toy_box(gene_with(2))
    with pytest.raises(cl.ChromolabError, match=r"no stage 'regulation.7.0.scores'; names with this ending: embedding"):
        box["regulation.7.0.scores"]
    with pytest.raises(cl.ChromolabError, match="no pCRE 2: this gene has 2"):
        box.reply({"kind": "stage", "name": "pairwise.500.0.k", "pcre": 2})
    with pytest.raises(cl.ChromolabError, match="the model has no resolution 10"):
        box.reply({"kind": "map", "resolution": 10**400})
    with pytest.raises(cl.ChromolabError, match="the model has no resolution 7"):
        box.reply({"kind": "map", "resolution": 7})
    for odd in ("x", None, [], {}, float("nan"), 1.5):
        for request in ({"kind": "map", "resolution": odd}, {"kind": "map", "resolution": 500, "pairwise": odd}):
            with pytest.raises(cl.ChromolabError):
                box.reply(request)
        with pytest.raises(cl.ChromolabError):
            box.reply({"kind": "stage", "name": "pairwise.500.0.k", "pcre": odd})
    for request in ({}, {"kind": odd}, {"kind": "stage"}, {"kind": "stage", "name": odd}):
        with pytest.raises(cl.ChromolabError):
            box.reply(request)
    assert re.match(r"GlassBox: name\d+ \(G\d+\) in toy, \d+ tensors; opens in JupyterLab", repr(box))
    box.close()
    assert repr(box) == "GlassBox: closed"
    with pytest.raises(cl.ChromolabError, match="closed"):
        box["head.output"]


def test_every_step_is_explained_once():
    walk = trace(cl.Chromoformer(gene_with(3).marks, "classification", BOX_RESOLUTIONS, **SMALL), gene_with(3), "cpu")
    assert all(all(text_of(name)) for name in walk)
    named = [name for lane in lanes(walk, 500) for column in lane["columns"] for name in column]
    assert len(set(named)) == len(named)
    assert list(dict.fromkeys(lane.step for lane in LANES)) == [step[0] for step in STEPS]


# ----- in JupyterLab -------------------------------------------------------------------------------------------------

MAKE = """
import torch; torch.set_num_threads(1)
from dataclasses import replace
from helpers.widgets import HOSTILE, gene_with, toy_box
gene = replace(gene_with(3, missing=True), transforms={"A": "asinh", "B": "none"})
gene.signal.depth[:, :2] -= 3  # two signed tracks
gene.genes["gene_name"] = HOSTILE
gene.genes["cell_type"] = HOSTILE
gene.signal.regions["chrom"] = gene.genes["chrom"] = "chr<b>1</b>"
box = toy_box(gene)
box
"""
DIGESTS = """
import hashlib, json
second = {n: box[n][1] if axes.startswith("pcre") else box[n] for n, axes in box.stages["axes"].items()}  # pCRE 2
print(json.dumps({n: hashlib.sha256(values.tobytes()).hexdigest() for n, values in second.items()}))
"""
OPEN_ALL = """async () => {
    const glass = document.querySelector('.cl-glass').glass, held = {}, wrong = [];
    for (const name of [...glass.order]) {
        glass.go(name);
        const output = () => glass.parts.find(p => p.part.role === 'output' && p.part.name === name);
        while (!output()) await new Promise(r => setTimeout(r, 5));
        const values = output().values, at = {};
        const digest = await crypto.subtle.digest('SHA-256', values);
        held[name] = [...new Uint8Array(digest)].map(b => b.toString(16).padStart(2, '0')).join('');
        for (let k = 0; k < 5; k++) {  // numbers here and there, made anew from their inputs and weights
            output().part.axes.forEach((axis, i) => { at[axis] = (7 * k + 3 * i) % output().part.shape[i]; });
            const sum = glass.sum(at), value = output().value(at);
            if (sum && !Object.is(sum.value, value) && !(Math.abs(sum.value - value) <= 1e-4 * (1 + Math.abs(value))))
                wrong.push([name, at, value, sum.value]);
        }
    }
    return {held, wrong};
}"""


def python_digests(cells):
    (text,) = (
        o["text"] for c in cells if c["cell_type"] == "code" for o in c["outputs"] if o["output_type"] == "stream"
    )
    return json.loads("".join(text))


@pytest.mark.browser
@pytest.mark.slow
def test_in_jupyterlab_every_box_holds_pythons_numbers(lab, page):
    address, root = lab
    toy_notebooks.write(root / "glass.ipynb", MAKE, DIGESTS)
    cells = run_all(page, address, "glass.ipynb")
    assert errors(cells) == []
    expected = python_digests(cells)
    glass = page.locator(".cl-glass")
    glass.locator(".glass-step").first.wait_for()

    # Text from data is text.
    assert glass.locator(".glass-title").inner_text().startswith(HOSTILE)
    assert page.evaluate("() => window.bad") is None and glass.locator("img").count() == 0

    # A pCRE, a resolution and layers are chosen with the mouse; then every box.
    glass.locator(".glass-pairwise .glass-chips button[title^='chr<b>1</b>']").nth(1).click()
    glass.get_by_role("button", name="Open all").click()
    for resolution in ("500 bp", "1,000 bp"):
        glass.get_by_role("tab", name=resolution).click()
    glass.locator(".glass-regulation .glass-chips button").nth(1).click()
    last = glass.locator("[data-name='regulation.1000.1.scores']")
    last.wait_for()
    opened = page.evaluate(OPEN_ALL)
    assert opened["wrong"] == []
    assert len(opened["held"]) > 45
    assert {name: expected[name] for name in opened["held"]} == opened["held"]

    # With the mouse: open, read a number, close.
    last.click()
    panel = glass.locator(".glass-panel")
    panel.get_by_text("s = q · k / √E + γ f").wait_for()
    panel.locator(".glass-output canvas").hover(position={"x": 20, "y": 30})
    panel.get_by_text("from the contact").wait_for()
    panel.get_by_role("button", name="close").click()
    assert panel.count() == 0 and page.evaluate("() => document.querySelector('.cl-glass').glass.parts.length") == 0

    # With the keyboard: JupyterLab's own keys stay out of it.
    last.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    panel.get_by_text("regulation.1000.1.weights").wait_for()
    page.keyboard.press("ArrowLeft")
    panel.get_by_text("regulation.1000.1.content").wait_for()
    page.keyboard.press("Escape")
    assert panel.count() == 0
    assert page.evaluate("() => document.activeElement.dataset.name") == "regulation.1000.1.scores"

    # Play walks on by itself, and stops when asked.
    glass.get_by_role("button", name="Play").click()
    panel.get_by_text("regulation.1000.1.weights").wait_for()
    page.keyboard.press("Escape")
    assert glass.get_by_role("button", name="Play").count() == 1

    # Closed in Python, nothing is left in the browser.
    page.evaluate("() => { window.kept = document.querySelector('.cl-glass'); }")
    page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute("
        "{code: 'box.close()'}).done.then(() => true)"
    )
    wait(lambda: page.evaluate("() => !window.kept.isConnected && window.kept.glass === null"), "the box to close")
    assert page.refused == []
