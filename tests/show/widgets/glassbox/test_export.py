"""The glass box as a page of its own: one file, no request, and Python's numbers."""

import json

import numpy as np
import pytest
from helpers import axe
from helpers.lab import browsing
from helpers.toys import SMALL, toy_dataset
from helpers.widgets import BOX_RESOLUTIONS, HOSTILE

import chromolab as cl
from chromolab.show.cli.main import main

GLASS = "document.querySelector('.cl-glass').glass"
READY = f"() => document.querySelector('.cl-glass')?.glass && !{GLASS}.wire.busy && {GLASS}.order.length > 3"


@pytest.fixture
def box():
    ds = toy_dataset(6, missing=True)
    ds.genes["gene_name"] = [HOSTILE, *ds.genes["gene_name"][1:]]
    box = cl.GlassBox(cl.Chromoformer(ds.marks, "classification", BOX_RESOLUTIONS, seed=3, **SMALL), ds, device="cpu")
    yield box
    box.close()


def test_what_a_page_cannot_hold_is_refused(box, tmp_path):
    with pytest.raises(cl.ChromolabError, match=r"more than the 0\.01 that are allowed: take fewer genes than 1"):
        box.save_page(tmp_path / "box.html", limit=0.01)
    with pytest.raises(cl.ChromolabError, match="expected a list of gene ids or names"):
        box.save_page(tmp_path / "box.html", genes="G1")
    with pytest.raises(cl.ChromolabError, match="nobody"):
        box.save_page(tmp_path / "box.html", genes=["nobody"])
    assert not list(tmp_path.iterdir())


def test_the_command_writes_a_glass_box(box, tmp_path, capsys):
    cl.save_checkpoint(box._model, tmp_path / "own.pt")
    box._dataset.save(tmp_path / "own.clds")
    own = ["--checkpoint", str(tmp_path / "own.pt"), "--dataset", str(tmp_path / "own.clds"), "--genes", "G1"]
    assert main(["page", str(tmp_path / "box.html"), "--glass-box", *own]) == 0
    assert "cl-glass" in (tmp_path / "box.html").read_text(encoding="utf-8") and "box.html" in capsys.readouterr().out
    assert main(["page", str(tmp_path / "int8.html"), "--glass-box", "--precision", "int8", *own]) == 1
    assert "leave it out" in capsys.readouterr().err and not (tmp_path / "int8.html").exists()


@pytest.mark.browser
@pytest.mark.slow
def test_the_page_opens_from_disk_asks_for_nothing_and_holds_pythons_numbers(box, chromium, tmp_path):
    path = box.save_page(tmp_path / "box.html", genes=["G0", "G1", "G4"], title=f"A {HOSTILE}", progress=False)
    with browsing(chromium) as page:
        asked, wrong = [], []
        page.unroute("**/*")  # nothing stands between this page and the network but its own policy
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.goto(path.as_uri())
        page.wait_for_function(READY)
        assert page.title() == f"A {HOSTILE}"
        page.get_by_label("Gene", exact=True).fill("G4")
        page.get_by_label("Gene", exact=True).press("Enter")
        page.wait_for_function(f"() => {GLASS}.about.gene_id === 'G4'")
        page.wait_for_function(READY)
        box.choose("G4")
        asks = [{"kind": "stage", "name": name, "pcre": 0} for name in box.stages.index]
        view = {"kind": "map", "pairwise": 1, "regulation": 0, "pcre": 1, "side": "after"}
        asks += [view | {"resolution": r} for r in BOX_RESOLUTIONS]
        for request in asks:
            reply, buffers = box.reply(request)
            mine, numbers = page.evaluate(
                """(request) => {
                    const [reply, buffers] = window.chromolab.reply(request);
                    const bytes = (b) => Array.from(new Uint8Array(b.buffer, b.byteOffset, b.byteLength));
                    return [reply, buffers.map(bytes)];
                }""",
                request,
            )
            theirs = json.loads(json.dumps({k: v for k, v in reply.items() if k != "about"}))
            assert {k: v for k, v in mine.items() if k != "about"} == theirs
            assert [bytes(b) for b in numbers] == list(buffers)
        assert mine["about"]["output"] == np.asarray(box.about["output"]).tolist()

        page.get_by_role("button", name="Open all").click()
        page.evaluate(f"() => {GLASS}.go('head.output')")
        page.locator(".glass-panel").wait_for()
        assert axe.violations(page, "body") == []
        assert asked == [path.as_uri()] and wrong == [] and not page.evaluate("() => 'bad' in window")
