"""The glass box's page in Chromium: steps and boxes that open, keys, play, narrow places, and a followed lab."""

import pytest
from helpers import axe, bare
from helpers.lab import wait
from helpers.toys import SMALL, toy_dataset
from helpers.widgets import BOX_RESOLUTIONS, gene_with, toy_box

import chromolab as cl

pytestmark = [pytest.mark.browser, pytest.mark.slow]
GLASS = "document.querySelector('.cl-glass').glass"
SCROLLS = """() => [document.documentElement, document.getElementById('output'), document.querySelector('.cl-glass')]
    .map((n) => n.scrollWidth > n.clientWidth + 1)"""
IN_PANEL = f"() => {GLASS}.panel && {GLASS}.panel.name === {GLASS}.open && {GLASS}.open"
READOUT = ".glass-output .glass-read"


def ready(page):
    page.locator(".glass-step").nth(3).wait_for()
    page.wait_for_function(f"() => !{GLASS}.wire.busy")


@pytest.fixture
def glass(page):
    page.on("pageerror", lambda error: pytest.fail(f"in the page: {error}"))
    box = toy_box(gene_with(3, missing=True))
    bare.show(page, box, "about")
    ready(page)
    yield page.locator(".cl-glass")
    box.close()


def test_it_opens_with_four_sentences_at_the_coarsest_bins(glass, page):
    assert glass.locator("[role=tab][aria-selected=true]").inner_text() == "1,000 bp"
    steps = glass.locator(".glass-step")
    assert [s.split("  ")[0] for s in steps.locator("h3").all_inner_texts()] == ["1", "2", "3", "4"]
    assert all(len(told) > 40 for told in glass.locator(".glass-story").all_inner_texts())
    assert glass.locator(".glass-box:visible").count() == 0

    # One by one, by mouse and by key, or all.
    steps.nth(2).locator("h3 button").click()
    assert glass.locator(".glass-box:visible").count() == steps.nth(2).locator(".glass-box").count() > 5
    steps.nth(0).locator("h3 button").focus()
    page.keyboard.press("Enter")
    assert steps.locator("h3 button[aria-expanded=true]").count() == 2
    glass.get_by_role("button", name="Open all").click()
    assert glass.locator(".glass-box:visible").count() == glass.locator(".glass-box").count() > 40
    glass.get_by_role("button", name="Close all").click()
    assert glass.locator(".glass-box:visible").count() == 0


def test_tabs_and_numbers_are_reached_by_key(glass, page):
    first, second = glass.get_by_role("tab").all()
    first.focus()
    page.keyboard.press("ArrowRight")
    glass.locator("[role=tab][aria-selected=true]", has_text="500 bp").wait_for()
    ready(page)
    assert page.evaluate("() => document.activeElement.textContent") == "500 bp"
    assert second.get_attribute("tabindex") == "0" and first.get_attribute("tabindex") == "-1"
    panel = page.locator(f"#{second.get_attribute('aria-controls')}")
    assert panel.get_attribute("role") == "tabpanel"
    assert panel.get_attribute("aria-labelledby") == second.get_attribute("id")

    # Into a box, and over its numbers, without a mouse.
    glass.get_by_role("button", name="3 Regulation").press("Enter")
    page.evaluate(f"() => {GLASS}.go('regulation.500.0.weights')")
    canvas = glass.locator(".glass-output canvas")
    canvas.focus()
    page.keyboard.press("ArrowRight")
    assert glass.locator(READOUT).inner_text().startswith("head 1 · promoter · promoter:")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("PageDown")
    assert glass.locator(READOUT).inner_text().startswith("head 2 · promoter · pCRE 1:")
    page.keyboard.press("End")
    assert "pCRE 3" in glass.locator(READOUT).inner_text()
    assert "exp(" in glass.locator(".glass-why").inner_text()
    page.keyboard.press("Escape")
    assert glass.locator(".glass-panel").count() == 0
    assert page.evaluate("() => document.activeElement.dataset.name") == "regulation.500.0.weights"


def test_play_keeps_its_place_and_pauses_where_it_is(glass, page):
    page.set_viewport_size({"width": 1280, "height": 800})
    page.clock.install(time=0)
    page.clock.pause_at(1000)  # time passes where this test says so
    glass.get_by_role("button", name="▶ Play").click()
    heights, names = [], [wait(lambda: page.evaluate(IN_PANEL), "the first box")]
    before = page.evaluate("() => [scrollY, document.querySelector('.glass-step').getBoundingClientRect().top]")
    for _ in range(4):
        seconds = 0
        while page.evaluate(f"() => {GLASS}.open") == names[-1]:
            page.clock.run_for(1000)
            seconds += 1
        assert seconds >= 4  # to be read
        names.append(wait(lambda: page.evaluate(IN_PANEL), "the next box"))
        assert page.evaluate(f"() => {GLASS}.opened.size") == 1
        heights.append(page.locator(".glass-embedding").evaluate("(n) => n.offsetHeight"))
    now = page.evaluate("() => [scrollY, document.querySelector('.glass-step').getBoundingClientRect().top]")
    assert now == before and len(set(names)) == 5
    assert heights == sorted(heights)  # what lies below never springs back
    glass.get_by_role("button", name="play or pause").click()
    page.clock.run_for(60_000)
    assert page.evaluate(f"() => {GLASS}.open") == names[-1]
    assert page.evaluate("() => scrollY") == before[0]


@pytest.mark.parametrize("width", [360, 620, 1000])
def test_nothing_is_cut_off_in_a_narrow_output(glass, page, width):
    page.set_viewport_size({"width": width, "height": 800})
    glass.get_by_role("button", name="Open all").click()
    page.evaluate(f"() => {GLASS}.go('pairwise.1000.0.weights')")
    glass.locator(".glass-panel").wait_for()
    page.wait_for_function(f"() => {GLASS}.parts.every((p) => Math.abs(p.sheet.width - p.holder.clientWidth) <= 1)")
    assert page.evaluate(SCROLLS) == [False, False, False]
    heights = page.evaluate(
        "() => { const o = document.getElementById('output'); return [o.scrollHeight, o.clientHeight]; }"
    )
    assert heights[0] <= heights[1]  # the page scrolls, nothing in it does


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(page, theme):
    box = toy_box(gene_with(3))
    bare.show(page, box, "about", theme=theme)
    ready(page)
    assert axe.violations(page, ".cl-glass") == []
    page.get_by_role("button", name="Open all").click()
    page.evaluate(f"() => {GLASS}.go('regulation.1000.0.weights')")
    page.locator(".glass-panel").wait_for()
    assert axe.violations(page, ".cl-glass") == []
    box.close()


def test_it_follows_a_lab_and_shows_three_sides(page):
    page.on("pageerror", lambda error: pytest.fail(f"in the page: {error}"))
    ds = toy_dataset(6)
    model = cl.Chromoformer(ds.marks, "regression", BOX_RESOLUTIONS, seed=3, **SMALL)
    lab = cl.WhatIf(model, ds, gene="G1")
    box = cl.GlassBox(model, ds, lab=lab, device="cpu")
    bare.show(page, box, "about")
    ready(page)
    sides = page.locator(".glass-sides button")
    assert sides.locator("visible=true").count() == 0
    lab.edits = [cl.erase("A", "chr1:199000-201000")]
    sides.first.wait_for()
    before, after = cl.predict(model, lab.gene)[0, 0], cl.predict(model, lab.edited)[0, 0]
    assert page.locator(".glass-was").inner_text().startswith(f"{before:.3g}".replace("-", "−"))
    assert "1 edit" in page.locator(".glass-title").inner_text()
    page.evaluate(f"() => {GLASS}.go('head.output')")
    page.locator(".glass-panel").wait_for()
    held = page.evaluate(f"""() => {{
        const output = {GLASS}.parts.find((p) => p.part.role === 'output');
        return ['before', 'after', 'difference'].map((side) => output.sides[side][0]);
    }}""")
    assert held == [float(box.values("head.output", side)[0]) for side in ("before", "after", "difference")]
    assert held[:2] == pytest.approx([before, after], rel=1e-4)
    page.get_by_role("button", name="difference").click()
    ready(page)
    assert page.evaluate(f"() => {GLASS}.parts.find((p) => p.part.role === 'output').values[0]") == held[2]
    page.locator(".glass-output canvas").press("ArrowRight")
    assert "before" in page.locator(READOUT).inner_text() and "difference" in page.locator(READOUT).inner_text()

    # Another gene there is another gene here; without edits the sides go.
    lab.reply({"seq": 1, "kind": "gene", "gene_id": "G3", "cell_type": "toy"})
    page.get_by_role("heading", name="name3").wait_for()
    assert sides.locator("visible=true").count() == 0
    box.close()
    lab.close()


def test_another_gene_is_the_one_that_the_text_says(page):
    page.on("pageerror", lambda error: pytest.fail(f"in the page: {error}"))
    ds = toy_dataset(24)
    box = cl.GlassBox(cl.Chromoformer(ds.marks, "regression", BOX_RESOLUTIONS, **SMALL), ds, device="cpu")
    bare.show(page, box, "about")
    ready(page)
    field = page.get_by_label("Gene", exact=True)
    field.fill("name2")
    page.get_by_role("option", name="name20").wait_for()
    field.press("Enter")  # not name20, which is suggested, too
    page.locator("h2", has_text="name2 ").wait_for()
    assert box.about["gene_id"] == "G2"
    field.fill("zzzz")
    field.press("Enter")
    page.get_by_text("No gene has “zzzz” in its name or id.").wait_for()
    assert page.locator("h2").inner_text().startswith("name2 ")
    box.close()
