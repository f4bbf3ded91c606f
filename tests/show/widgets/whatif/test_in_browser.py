"""The what-if lab in JupyterLab and Chromium: page and kernel hold the same, whatever is done."""

import random

import pytest
from helpers import toy_notebooks
from helpers import whatif_driver as driver
from helpers.lab import errors, run_all, wait

EVIL = '<img src=x onerror="window.hacked = 1">'
CELL = """
from dataclasses import replace
import chromolab as cl
from helpers import toys, widgets
ds = toys.toy_dataset(genes=12)
ds = replace(ds, genes=ds.genes.assign(gene_name=[{evil!r}, *ds.genes["gene_name"][1:]]))
lab = cl.WhatIf(widgets.toy_models(), ds, gene="G1")
lab
"""


@pytest.mark.browser
@pytest.mark.slow
def test_the_lab_in_a_browser(lab, page):
    address, root = lab
    toy_notebooks.write(root / "whatif.ipynb", CELL.format(evil=EVIL))
    wrong: list = []
    page.on("pageerror", lambda error: wrong.append(f"{error}\n{error.stack}"))
    assert errors(run_all(page, address, "whatif.ipynb")) == []
    driver.rest(page)
    page.locator(".cl-whatif").scroll_into_view_if_needed()
    held, truth = driver.both(page)
    assert held == truth and held["edits"] == 0 and wrong == []

    # With the reader's own colours (high contrast) the chosen tool and the marks still show.
    page.emulate_media(forced_colors="active")
    style = "(n) => getComputedStyle(n).backgroundColor"
    buttons = page.locator(".cl-tools .cl-group button").evaluate_all(f"(all) => all.map({style})")[:4]
    assert len(set(buttons[1:])) == 1 and buttons[0] != buttons[1]
    marks = page.locator(".cl-panel .cl-slider i").evaluate_all(f"(all) => all.map({style})")
    assert len(set(marks)) == len(marks) == 3
    page.emulate_media(forced_colors="none")

    # A stroke, undone and done again by the buttons that say so.
    driver.stroke(page, random.Random(1))
    painted, truth = driver.both(page)
    assert painted == truth and painted["edits"] == 1 and painted["after"] != held["after"]
    page.get_by_role("button", name="Undo").click()
    assert driver.both(page)[0] == held
    page.get_by_role("button", name="Redo").click()
    assert driver.both(page)[0] == painted
    driver.stroke(page, random.Random(2))
    page.keyboard.press("Control+z")  # the tracks have the focus after a stroke
    assert driver.both(page)[0] == painted
    page.get_by_role("button", name="Reset").click()
    assert driver.both(page)[0] == held

    # While the pen is down its row alone is drawn: as if all had been.
    driver.stroke(page, random.Random(3), lift=False)
    page.wait_for_function(driver.ANSWERED)
    assert page.evaluate(driver.AS_IF_WHOLE)
    page.mouse.up()

    # The cross of an edit that was undone meanwhile, in a list not yet drawn again, removes no other edit.
    for seed in (3, 4):
        driver.stroke(page, random.Random(seed))
    driver.rest(page)
    page.get_by_role("tab", name="Edits").click()
    page.evaluate("""() => {
        const undo = [...document.querySelectorAll('.cl-whatif button')].find((b) => b.textContent.includes('Undo'));
        const newest = document.querySelector('.cl-list .cl-small');
        undo.click(), newest.click();
    }""")
    kept, truth = driver.both(page)
    assert kept == truth and kept["edits"] == 2 and page.locator(".cl-error").count() == 0

    # The cross of an added element removes it, although its marks are painted.
    paints = "*(cl.set_depth(m, 'chr1:500-2500', 1) for m in 'ABC')"
    driver.python(page, f"lab.edits = [*lab.edits, cl.add_pcre('chr1:500-2500', 2), {paints}]")
    page.wait_for_function("() => document.querySelector('.cl-whatif').lab.state.edits === 6")
    assert driver.both(page)[0]["edits"] == 6
    page.get_by_role("button", name="remove: contact added").click()
    assert driver.both(page)[0] == kept
    page.get_by_role("button", name="Reset").click()
    driver.rest(page)

    # Any action in any order, faster than Python answers.
    rng = random.Random(0)
    for _ in range(30):
        driver.anything(page, rng, [f"name{i}" for i in range(1, 12)])
    held, truth = driver.both(page)
    assert held == truth

    # Names of genes and files are text.
    page.get_by_label("Gene", exact=True).fill("<img")
    page.locator(".cl-found div", has_text="onerror").first.click()
    driver.rest(page)
    assert page.get_by_label("Gene", exact=True).input_value() == EVIL
    load = page.locator(".cl-whatif input[type=file]")
    load.set_input_files({"name": f"{EVIL}.json", "mimeType": "application/json", "buffer": b"no JSON"})
    page.locator(".cl-message", has_text=f"{EVIL}.json: this is not a file of edits").wait_for()
    assert page.locator(".cl-whatif img").count() == 0 and page.evaluate("() => window.hacked === undefined")
    assert page.refused == [] and wrong == []

    # Closed, it is gone: from the page, and its arrays from memory on both sides.
    page.evaluate("() => { window.kept = new WeakRef(document.querySelector('.cl-whatif').lab.state.after); }")
    driver.python(page, "import gc, weakref; session = weakref.ref(lab.session); lab.close(); gc.collect()")
    assert driver.python(page, "print(session())").strip() == "None"
    page.wait_for_function("() => document.querySelector('.cl-whatif') === null")
    devtools = page.context.new_cdp_session(page)

    def freed():
        devtools.send("HeapProfiler.collectGarbage")
        return page.evaluate("() => window.kept.deref() === undefined")

    wait(freed, "the arrays of the closed lab to leave the browser's memory")


@pytest.mark.browser
@pytest.mark.slow
def test_two_views_of_a_lab_show_the_same(lab, page):
    address, root = lab
    toy_notebooks.write(root / "views.ipynb", CELL.format(evil=EVIL), "lab")
    assert errors(run_all(page, address, "views.ipynb")) == []
    both = "() => [...document.querySelectorAll('.cl-whatif')].map((n) => [n.lab.state.edits, ...n.lab.state.after])"
    page.wait_for_function("() => [...document.querySelectorAll('.cl-whatif')].filter((n) => n.lab.state).length === 2")
    page.locator(".cl-stage").first.scroll_into_view_if_needed()
    driver.stroke(page, random.Random(1))
    driver.rest(page)
    first, second = page.evaluate(both)
    assert first == second and first[0] == 1
    page.get_by_role("button", name="Undo").nth(1).click()
    page.wait_for_function("() => document.querySelectorAll('.cl-whatif')[0].lab.state.edits === 0")
    first, second = page.evaluate(both)
    assert first == second


FOCUSABLE = ".cl-whatif :is(button, select, input:not([type=file]), textarea, canvas, [tabindex='0']):not([disabled])"
KEYS = [*"abcdefghijklmnopqrstuvwxyz0", "Delete", "Home", "End", "PageUp", "ArrowUp", "ArrowDown", "Escape"]
CELLS = (
    "() => window.jupyterapp.shell.currentWidget.content.widgets.map((w) => [w.model.type, w.model.sharedModel.source])"
)
UPPERMOST = """(n) => {
    const r = n.getBoundingClientRect();
    return n.contains(document.elementFromPoint(r.x + 9, r.y + 9));
}"""
SEEN = """() => {
    const lab = document.querySelector('.cl-whatif').getBoundingClientRect();
    const view = document.querySelector('.jp-WindowedPanel-outer').getBoundingClientRect();
    const strip = document.querySelector('.cl-strip').getBoundingClientRect();
    return {lab: lab.height, view: view.height, top: view.top, strip: strip.top, start: lab.top};
}"""


@pytest.mark.browser
@pytest.mark.slow
def test_in_jupyterlab_keys_stay_inside_and_all_is_on_one_screen(lab, page):
    address, root = lab
    world = CELL.format(evil=EVIL).replace("12", "8") + "\ncl.GlassBox(lab.session.all_models[0], ds)"
    toy_notebooks.write(root / "keys.ipynb", world, "lab", "# a page\\n" + "\\n" * 30)
    page.set_viewport_size({"width": 1280, "height": 800})
    assert errors(run_all(page, address, "keys.ipynb")) == []
    driver.rest(page)
    page.locator(".cl-whatif").scroll_into_view_if_needed()

    # The list of genes opens over the page, not within its output.
    box = page.locator(".cl-glass .cl-genebox input")
    box.fill("name")
    option = page.locator(".cl-glass .cl-found div").nth(3)
    option.wait_for()
    assert option.evaluate(UPPERMOST)
    page.keyboard.press("Escape")

    # Everything of the lab fits below JupyterLab's bars, beside its list of files; the strip stays when it scrolls.
    page.locator(".cl-whatif").scroll_into_view_if_needed()
    seen = page.evaluate(SEEN)
    assert seen["lab"] < seen["view"]
    page.evaluate("() => { document.querySelector('.jp-WindowedPanel-outer').scrollTop += 150; }")
    wait(lambda: page.evaluate(SEEN)["start"] < seen["start"], "the notebook to scroll")
    seen = page.evaluate(SEEN)
    assert seen["strip"] >= min(seen["top"], seen["start"]) - 1

    # No plain key, pressed anywhere in the lab, does anything to the notebook.
    before = page.evaluate(CELLS)
    count = page.locator(FOCUSABLE).count()
    assert count > 15
    for at in range(count):
        page.evaluate("([at, all]) => [...document.querySelectorAll(all)][at]?.focus()", [at, FOCUSABLE])
        for key in KEYS:
            page.keyboard.press(key)
        assert page.evaluate(CELLS) == before, f"element {at}"
    driver.rest(page)
    held, truth = driver.both(page)
    assert held == truth
