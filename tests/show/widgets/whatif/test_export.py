"""show/widgets/whatif/export and packed: the lab as one file that opens from disk, asks for nothing, is as Python."""

import gzip
import json
import random
import re
from base64 import b64decode
from dataclasses import replace

import numpy as np
import pytest
from helpers import whatif_driver as driver
from helpers.lab import browsing
from helpers.toys import toy_dataset
from helpers.widgets import HOSTILE, add, erased, toy_models

import chromolab as cl
from chromolab.learn.ensemble import Ensemble
from chromolab.show.cli.main import main
from chromolab.show.widgets.whatif import packed
from chromolab.show.widgets.whatif.lab import WhatIf
from chromolab.show.widgets.whatif.packed import check_packable


def held(path) -> dict:
    """The parts of a page, unpacked."""
    text = path.read_text(encoding="utf-8")
    parts = re.findall(r'<script type="text/plain" id="cl-(\w+)">([^<]*)</script>', text)
    return {name: gzip.decompress(b64decode(part)) for name, part in parts}


def unplaned(part: bytes, dtype: str) -> np.ndarray:
    size = np.dtype(dtype).itemsize
    return np.frombuffer(np.frombuffer(part, "u1").reshape(size, -1).T.tobytes(), dtype)


def test_a_page_holds_the_genes_named_and_the_lab_is_as_before(whatif, tmp_path):
    whatif.session.choose("G3")
    add(whatif, erased(whatif))
    before, shown = list(whatif.edits), whatif.gene.genes["gene_id"].iloc[0]
    path = whatif.save_page(tmp_path / "lab.html", genes=["G3", "name5"], progress=False)
    parts = held(path)
    about = json.loads(parts["about"])
    assert [e["gene"]["gene_id"] for e in about["examples"]] == ["G3", "G5"]
    assert about["first"] == 0 and cl.edits.from_json(about["edits"]) == before
    assert (whatif.edits, whatif.gene.genes["gene_id"].iloc[0]) == (before, shown)
    ds = whatif.session.dataset.select(whatif.session.dataset.genes["gene_id"].isin(["G3", "G5"]).to_numpy()).compact()
    assert len(about["regions"]) == len(ds.signal.regions)
    with pytest.raises(cl.ChromolabError, match="no gene 'nobody'"):
        whatif.save_page(tmp_path / "no.html", genes=["G3", "nobody"], progress=False)
    with pytest.raises(cl.ChromolabError, match="no cell type 'K562' in this dataset; it has toy"):
        whatif.save_page(tmp_path / "no.html", genes=["G3"], cell_types=["K562"], progress=False)
    with pytest.raises(cl.ChromolabError, match="expected a list of gene ids"):
        whatif.save_page(tmp_path / "no.html", genes="G3", progress=False)
    assert not (tmp_path / "no.html").exists()


def test_by_default_the_gene_shown_and_those_with_most_contacts(whatif, tmp_path, monkeypatch):
    monkeypatch.setattr("chromolab.show.widgets.whatif.export.MANY", 4)
    whatif.session.choose("G0")  # it has none
    about = json.loads(held(whatif.save_page(tmp_path / "lab.html", progress=False))["about"])
    found = {e["gene"]["gene_id"]: len(e["pcre"]) for e in about["examples"]}
    most = sorted((whatif.session.dataset.pcre >= 0).sum(1))[-3:]
    assert len(found) == 4 and found.pop("G0") == 0 and sorted(found.values()) == most
    assert about["examples"][about["first"]]["gene"]["gene_id"] == "G0"


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("missing", [False, True])
def test_depth_is_kept_without_loss(dtype, missing):
    signal = toy_dataset(missing=missing).signal
    for depth, kind in ((np.round(signal.depth, 2), "hundredths"), (signal.depth * np.pi, dtype)):
        stored = replace(signal, depth=depth.astype(dtype))
        about, parts = packed.pack_depth(stored)
        kind = dtype if missing else kind  # no number of hundredths stands for a gap
        assert about == {"stored": dtype, "as": kind} and ("covered" in parts) == missing
        found = unplaned(parts["depth"], "<u2" if kind == "hundredths" else dtype)
        found = (found / 100).astype(dtype) if kind == "hundredths" else found
        np.testing.assert_array_equal(found.reshape(3, -1).T, stored.depth)
        if missing:
            np.testing.assert_array_equal(unplaned(parts["covered"], "<u4").reshape(3, -1).T, signal.covered)


def test_the_page_says_by_how_much_its_weights_are_rounded(whatif, tmp_path):
    models, ds = whatif.session.all_models, whatif.session.dataset
    for precision, least in (("float32", None), ("float16", 1e-7), ("int8", 1e-5)):
        text = whatif.save_page(tmp_path / "lab.html", precision=precision, progress=False).read_text(encoding="utf-8")
        if least is None:
            assert "weights are here without loss" in text
            continue
        said = re.search(rf"rounded to {precision}.*being expressed by at most (\S+) and .*at most (\S+)\. Made", text)
        rounded = Ensemble([packed.as_packed(m, precision) for m in models]).predict(ds)
        exact = Ensemble(models).predict(ds)
        for task, most in zip(("classification", "regression"), map(float, said.groups()), strict=True):
            own = [i for i, m in enumerate(models) if m.task == task]
            value = cl.metrics.probability_or_expression
            off = max(np.abs(value(rounded[i]) - value(exact[i])).max() for i in own)
            assert least < off <= most * 1.06 and most < 0.05


def test_what_a_page_cannot_show_is_refused(whatif, dataset, tmp_path):
    with pytest.raises(cl.ChromolabError, match=r"the page would have 0\.\d MB, more than the 0\.05 that are allowed"):
        whatif.save_page(tmp_path / "lab.html", limit=0.05, progress=False)
    with pytest.raises(cl.ChromolabError, match="precision is 'float8'; expected one of float16, int8, float32"):
        whatif.save_page(tmp_path / "lab.html", precision="float8", progress=False)
    other = WhatIf(cl.models.DeepChrome(dataset.marks, bins=40, seed=0), dataset)
    with pytest.raises(cl.ChromolabError, match="computes Chromoformers, this model is a DeepChrome"):
        other.save_page(tmp_path / "lab.html", progress=False)
    other.close()
    model = toy_models()[0]
    model.transforms = {dataset.marks[0]: "asinh"}
    with pytest.raises(cl.ChromolabError, match="this model reads .* by another transform"):
        check_packable([model])
    assert not list(tmp_path.iterdir())


def test_the_command_writes_a_page_of_ones_own_data(dataset, tmp_path, capsys):
    for number, model in enumerate(toy_models(seeds=1)):
        cl.save_checkpoint(model, tmp_path / f"{number}.pt")
    dataset.save(tmp_path / "own.clds")
    files = [str(tmp_path / name) for name in ("0.pt", "1.pt", "own.clds", "lab.html")]
    options = ["--checkpoint", *files[:2], "--dataset", files[2], "--genes", "G1", "G2", "--precision", "int8"]
    assert main(["page", files[3], *options]) == 0
    assert "lab.html" in capsys.readouterr().out
    about = json.loads(held(tmp_path / "lab.html")["about"])
    assert [m["config"]["task"] for m in about["models"]] == ["classification", "regression"]
    assert len(about["examples"]) == 2 and about["precision"] == "int8" and about["examples"][0]["true"] is None
    assert main(["page", str(tmp_path / "no.html"), *options, "--limit", "0.01"]) == 1
    assert "more than the 0.01 that are allowed" in capsys.readouterr().err


@pytest.fixture
def opened(dataset, chromium, tmp_path):
    """A page with a hostile name, opened from disk, and its lab in Python."""
    names = [HOSTILE, *dataset.genes["gene_name"][1:]]
    lab = WhatIf(toy_models(), replace(dataset, genes=dataset.genes.assign(gene_name=names)), gene="G1")
    path = lab.save_page(tmp_path / "lab.html", genes=[f"G{i}" for i in range(6)], title=f"A {HOSTILE}", progress=False)
    with browsing(chromium) as page:
        asked, wrong = [], []
        page.unroute("**/*")  # nothing stands between this page and the network but its own policy
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.goto(path.as_uri())
        driver.rest(page)
        yield page, lab, lambda: (asked == [path.as_uri()] and not page.evaluate("'bad' in window")) or asked, wrong
    lab.close()


HELD = """() => {
    const {session} = window.chromolab.answers;
    return {gene: session.gene.row.gene_id, depth: Array.from(session.edited.flat()),
            predicted: session.predicted(session.edited), file: window.chromolab.answers.text().json};
}"""


def equal_to_python(page, lab):
    """Assert that the page holds what `cl.edit` and `cl.predict` give for its edits; the number of edits."""
    driver.rest(page)
    mine, shown = page.evaluate(HELD), page.evaluate(driver.HELD)
    edits = cl.edits.from_json(mine["file"])
    edited = cl.edit(lab.session.dataset.gene(mine["gene"], "toy"), edits)
    np.testing.assert_array_equal(np.array(mine["depth"], "f4"), edited.signal.depth.astype("f4").ravel())
    assert shown["after"] == mine["depth"] and shown["edits"] == len(edits)
    for task, models in lab.session.models.items():
        rounded = [packed.as_packed(m, "float16") for m in models]
        expected = [cl.metrics.probability_or_expression(cl.predict(m, edited))[0] for m in rounded]
        np.testing.assert_allclose(mine["predicted"][task], expected, atol=1e-5)
        np.testing.assert_allclose(shown["predicted"][task]["after"], expected, atol=1e-5)
    return len(edits)


@pytest.mark.browser
@pytest.mark.slow
def test_the_page_opens_from_disk_asks_for_nothing_and_equals_python(opened):
    page, lab, quiet, wrong = opened
    assert page.title() == f"A {HOSTILE}" and "simulated" not in page.locator("header").inner_text()
    assert equal_to_python(page, lab) == 0
    rng = random.Random(5)
    for _ in range(4):
        page.locator(".cl-tools .cl-group button").nth(rng.randrange(3)).click()
        driver.stroke(page, rng, 2)
    assert equal_to_python(page, lab) == 4
    page.mouse.click(*page.evaluate(driver.PLACES)["arcs"][0])
    assert equal_to_python(page, lab) == 5
    page.get_by_label("Gene", exact=True).fill("G0")
    page.locator(".cl-found div").first.click()
    driver.rest(page)
    assert page.evaluate(HELD)["gene"] == "G0" and equal_to_python(page, lab) == 0
    for _ in range(60):
        driver.anything(page, rng, [f"G{i}" for i in range(6)])
    assert equal_to_python(page, lab) >= 0

    assert quiet() is True and wrong == []

    # Whatever would ask for something is refused by the page's own policy.
    with pytest.raises(Exception, match="Failed to fetch"):
        page.evaluate("fetch('https://example.org/').then(() => true)")
    assert "Content Security Policy" in wrong[0]


@pytest.mark.browser
@pytest.mark.slow
def test_where_webassembly_is_refused_plain_javascript_answers(dataset, chromium, tmp_path):
    lab = WhatIf(toy_models(), dataset, gene="G1")
    path = lab.save_page(tmp_path / "lab.html", genes=["G1", "G2"], progress=False)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(" 'wasm-unsafe-eval'", ""), encoding="utf-8")
    with browsing(chromium) as page:
        page.unroute("**/*")
        page.goto(path.as_uri())
        driver.rest(page)
        assert page.evaluate("Object.values(chromolab.answers.session.models)[0][0].arena.wasm") is None
        driver.stroke(page, random.Random(1))
        assert equal_to_python(page, lab) == 1
    lab.close()
