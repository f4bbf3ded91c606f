"""The what-if lab's page, without JupyterLab: keys, fingers, warnings, answers that come late or never."""

import json
import random

import pytest
from helpers import bare, toys
from helpers import whatif_driver as driver
from helpers.widgets import erased, toy_models

from chromolab.show.widgets.whatif.lab import WhatIf

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LAB = "document.querySelector('.cl-whatif').lab"


@pytest.fixture
def toy(page):
    """A lab of toy models in a page."""
    page.wrong = []
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    lab = WhatIf(toy_models(), toys.toy_dataset(genes=12), gene="G1")
    bare.show(page, lab, "marks")
    driver.rest(page)
    yield lab
    assert page.wrong == []
    lab.close()


def select(page, bins=6, mark=0, first=5):
    """Select some bins of the window from the keyboard's side, as Shift and the arrows do."""
    page.locator(".cl-stage canvas").focus()
    page.evaluate(f"() => {LAB}.moveTo({{region: 0, mark: {mark}, bin: {first}}}, false)")
    page.keyboard.down("Shift")
    for _ in range(bins - 1):
        page.keyboard.press("ArrowRight")
    page.keyboard.up("Shift")


def test_a_warning_stays_in_sight_as_long_as_it_holds(page, toy):
    select(page)
    page.get_by_label("depth, ").fill("500")
    page.get_by_role("button", name="Set", exact=True).click()
    warning = page.locator(".cl-warning")
    warning.wait_for()
    driver.rest(page)
    assert "Beyond the range" in warning.inner_text() and toy.session.warnings()
    page.get_by_role("button", name="Undo").click()
    driver.rest(page)
    assert warning.count() == 0


def test_enter_opens_the_gene_that_the_text_names_however_late_the_answer(page, toy):
    box = page.get_by_label("Gene", exact=True)
    page.evaluate("() => { window.silent = true; }")
    box.fill("name")
    page.wait_for_function("() => window.asked.at(-1).text === 'name'")
    box.fill("name10")
    page.keyboard.press("Enter")
    page.evaluate("() => { window.silent = false; }")
    page.wait_for_function(f"() => {LAB}.state.gene.gene_name === 'name10'")
    driver.rest(page)
    assert box.input_value() == "name10" and page.locator(".cl-found:popover-open").count() == 0
    box.fill("zzzz")
    page.keyboard.press("Enter")
    page.get_by_text("No gene has “zzzz”").wait_for()
    page.locator(".cl-stage canvas").focus()
    assert box.input_value() == "name10"


def test_no_press_is_lost_while_answers_are_late(page, toy):
    select(page)
    before = page.evaluate(f"() => Array.from({LAB}.state.after)")
    page.evaluate("() => { window.silent = true; }")
    for _ in range(5):
        page.keyboard.press("ArrowUp")
    page.evaluate("() => { window.silent = false; }")
    driver.rest(page)
    (edit,) = toy.edits
    step = page.evaluate(f"() => {LAB}.state.gene.tops[0]") / 20
    offset = 3 * (toy.session.regions()[0]["offset"] + 5)
    start = [v or 0 for v in before[offset : offset + 18 : 3]]
    assert edit.depths == pytest.approx([v + 5 * step for v in start], abs=0.011)


def test_sliders_move_by_arrow_keys_and_each_move_counts(page, toy):
    page.get_by_role("slider", name="A everywhere").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    driver.rest(page)
    (edit,) = toy.edits
    assert edit.mark == "A" and edit.factor == pytest.approx(1.15)
    assert page.locator(".cl-slider output").first.inner_text() == "× 1.15"


def test_fingers_scroll_and_pinch_and_do_not_paint(chromium, page, toy):
    touch = page.context.new_cdp_session(page)
    touch.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 2})
    places = page.evaluate(driver.PLACES)
    (own,) = (c for c in places["columns"] if c["index"] == 0)
    x, y = own["x"] + own["w"] / 2, places["marks"][1]["y"] + 10

    def fingers(kind, *points):
        found = [{"x": px, "y": py, "id": i} for i, (px, py) in enumerate(points)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": found})

    fingers("touchStart", (x, y))
    for step in range(1, 12):
        fingers("touchMove", (x + step, y - 12 * step))
    fingers("touchEnd")
    page.wait_for_function("() => window.scrollY > 0")
    page.evaluate("() => window.scrollTo(0, 0)")
    fingers("touchStart", (x - 20, y))
    fingers("touchStart", (x - 20, y), (x + 20, y))
    for step in range(1, 10):
        fingers("touchMove", (x - 20 - 4 * step, y), (x + 20 + 4 * step, y))
    fingers("touchEnd")
    page.wait_for_function(f"() => {LAB}.view !== null")
    driver.rest(page)
    assert toy.edits == []
    boxes = "(all) => all.map((b) => b.getBoundingClientRect()).map((r) => Math.min(r.width, r.height))"
    sizes = page.locator(".cl-whatif button:visible, .cl-whatif select:visible").evaluate_all(boxes)
    assert len(sizes) > 15 and min(sizes) >= 24


def test_a_click_moves_the_cursor_and_a_drag_or_wheel_moves_the_view(page, toy):
    places = page.evaluate(driver.PLACES)
    (own,) = (c for c in places["columns"] if c["index"] == 0)
    x, y = own["x"] + own["w"] * 0.6, places["marks"][0]["y"] + 10
    page.mouse.click(x, y)
    driver.rest(page)
    assert toy.edits == [] and page.evaluate(f"() => {LAB}.cursor.bin") > 0
    about = f"""() => {{
        const {{layout, tracks}} = {LAB};
        return layout.bp(layout.column(0), {x} - tracks.canvas.getBoundingClientRect().x);
    }}"""
    under = page.evaluate(about)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -120)
    page.keyboard.up("Control")
    page.wait_for_function(f"() => {LAB}.view !== null")
    page.evaluate("() => new Promise(requestAnimationFrame)")
    page.wait_for_function(f"(under) => Math.abs(({about})() - under) < 2", arg=under)
    first = page.evaluate(f"() => {LAB}.view")
    page.keyboard.down("Shift")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y, steps=4)
    page.mouse.up()
    page.keyboard.up("Shift")
    assert page.evaluate(f"() => {LAB}.view.from") > first["from"]
    driver.rest(page)
    assert toy.edits == []


def test_save_undo_and_what_was_drawn_survive_a_kernel_that_stops(page, toy):
    for seed in (1, 2):
        driver.stroke(page, random.Random(seed))
    driver.rest(page)
    page.evaluate("() => { window.silent = true; }")
    driver.stroke(page, random.Random(3))  # drawn, and never answered
    drawn = page.evaluate(f"() => {LAB}.wire.underWay.actions.length")
    assert drawn
    page.locator(".cl-stopped").wait_for()
    with page.expect_download() as saved:
        page.locator(".cl-stopped button").click()
    file = json.loads(saved.value.path().read_text())
    assert len(file["edits"]) == 3 and file["about"]["gene_id"] == "G1"
    asked = page.evaluate("() => window.asked.length")
    driver.stroke(page, random.Random(4))  # would not count: it is not drawn, either
    assert page.evaluate("() => window.asked.length") == asked

    again = WhatIf(toy_models(), toys.toy_dataset(genes=12), gene="G2")  # the cell was run again
    bare.show(page, again, "marks", again=True)
    driver.rest(page)
    page.get_by_role("button", name="Bring back").click()
    page.wait_for_function(f"() => {LAB}.state.edits === 2 && {LAB}.state.gene.gene_id === 'G1'")
    driver.rest(page)
    assert again.edits == toy.edits
    page.get_by_role("button", name="Undo").click()
    driver.rest(page)
    assert again.edits == toy.edits[:1]
    again.close()


def test_recipes_that_cannot_apply_are_disabled_and_say_why(page, toy):
    page.get_by_role("tab", name="Recipes").click()
    buttons = page.locator(".cl-recipes button")
    assert buttons.count() == 4 and not any(buttons.nth(i).is_enabled() for i in range(4))
    assert all("Not here: " in text for text in page.locator(".cl-recipes li").all_inner_texts())


def test_contacts_are_cut_and_restored_by_buttons_that_say_which(page, toy):
    page.get_by_role("tab", name="Contacts").click()
    page.get_by_role("button", name="cut the contact with pCRE 1").click()
    driver.rest(page)
    assert [type(e).__name__ for e in toy.edits] == ["DropPcre"]
    page.get_by_role("button", name="restore the contact with pCRE 1").click()
    driver.rest(page)
    assert toy.edits == []


def test_tabs_and_help_by_keyboard(page, toy):
    page.get_by_role("tab", name="Marks").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("() => document.activeElement.textContent") == "Contacts"
    page.get_by_role("tabpanel", name="Contacts").wait_for()
    page.keyboard.press("?")
    page.get_by_role("dialog", name="keys").wait_for()
    page.keyboard.press("Escape")
    page.wait_for_function("() => document.querySelector('.cl-help') === null")


@pytest.fixture
def taught(page, world):
    """A lab on the teaching genome, whose answers are known, in a page."""
    ds = world.dataset()
    lab = WhatIf(toy_models(ds.marks), ds, world=world)
    bare.show(page, lab, "marks")
    driver.rest(page)
    yield lab
    lab.close()


def test_true_values_stand_on_the_axis_of_the_prediction_in_its_unit(page, taught):
    assert page.locator(".cl-true").count() == 0
    page.get_by_role("tab", name="Recipes").click()
    page.locator(".cl-recipes button:enabled").first.click()
    driver.rest(page)
    true = page.evaluate(f"() => {LAB}.settled.value.true")
    card = page.locator(".cl-card", has_text="Expression, log2(RPKM + 1)")
    if true["refused"]:
        assert "true value not known" in card.inner_text()
    else:
        told = true["tasks"]["regression"]
        assert f"true ◆ {told['before']:.2f} → {told['after']:.2f}" in card.inner_text()
        axis = card.locator(".cl-axis").evaluate(
            "(n) => { const r = n.getBoundingClientRect(); return [r.left, r.right]; }"
        )
        high = float(card.locator(".cl-gauge text").last.text_content())
        for mark, value in zip(card.locator(".cl-true").all(), (told["before"], told["after"]), strict=True):
            box = mark.evaluate("(n) => { const r = n.getBoundingClientRect(); return (r.left + r.right) / 2; }")
            assert box == pytest.approx(axis[0] + (axis[1] - axis[0]) * value / high, abs=5)


def test_neighbours_are_drawn_and_a_click_goes_to_them(page, taught):
    around = taught.session.surroundings.of
    genes = (taught.session.dataset.select([row]).compact() for row in range(60))
    gene = next(g for g in genes if any(not n["own"] for n in around(g)[0]["genes"])).genes.iloc[0]
    page.evaluate(
        f"(gene) => {LAB}.ask({{kind: 'gene', ...gene}})", {k: str(gene[k]) for k in ("gene_id", "cell_type")}
    )
    page.wait_for_function(f"(id) => {LAB}.state.gene.gene_id === id", arg=gene["gene_id"])
    driver.rest(page)
    other = page.evaluate(
        f"""() => {{
        const lab = {LAB}, layout = lab.layout, box = lab.tracks.canvas.getBoundingClientRect();
        const {{gene, left, right}} = layout.genes(layout.column(0)).find((g) => !g.gene.own);
        return {{id: gene.gene_id, x: box.x + (left + right) / 2, y: box.y + layout.bottom + 20}};
    }}"""
    )
    page.mouse.move(other["x"], other["y"])
    page.locator(".cl-pointed", has_text="a neighbour").wait_for()
    page.mouse.click(other["x"], other["y"])
    page.wait_for_function(f"(id) => {LAB}.state.gene.gene_id === id", arg=other["id"])
    driver.rest(page)


def test_the_pointer_is_told_every_mark_in_its_own_unit(page, taught):
    places = page.evaluate(driver.PLACES)
    page.mouse.move(places["columns"][0]["x"] + 8, places["marks"][2]["y"] + 8)
    told = page.locator(".cl-pointed")
    told.wait_for()
    assert told.locator("tr").count() == len(taught.marks) and "reads per base" in told.inner_text()


def test_on_a_phone_the_lab_is_read_and_not_painted(page, toy):
    page.set_viewport_size({"width": 390, "height": 800})
    page.wait_for_function(f"() => {LAB}.mode.value === 'reading'")
    assert page.locator(".cl-tools").count() == 0
    page.get_by_text("too little room to edit").wait_for()  # why all that edits is grey
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    driver.stroke(page, random.Random(1))
    driver.rest(page)
    assert toy.edits == []
    assert page.evaluate("() => document.scrollingElement.scrollWidth <= window.innerWidth")


def test_answers_about_the_edits_before_are_not_shown_as_of_these(page, toy):
    act = f"(edit) => {LAB}.act({{do: 'add', edits: [edit]}})"
    page.evaluate(act, erased(toy))
    driver.rest(page)
    why, bars = page.locator(".cl-why"), f"() => {LAB}.sums !== null"
    assert why.locator("li").count() and page.evaluate(bars) and "before" not in why.inner_text()
    page.evaluate(  # Python's slower answers stay away
        f"""() => {{
            const {{ wire }} = {LAB}, ask = wire.ask.bind(wire);
            wire.ask = (request) => ["settle", "carried"].includes(request.kind) || ask(request);
        }}"""
    )
    page.evaluate(act, erased(toy, "B", (10, 12)))
    page.wait_for_function(f"() => {LAB}.state.edits === 2")
    why.get_by_text("Of the edits before").wait_for()
    assert why.locator("ul[aria-busy=true]").count() == 1 and "mean of" not in why.inner_text()


def test_a_click_says_that_a_drag_paints(page, toy):
    places = page.evaluate(driver.PLACES)
    page.mouse.click(places["columns"][0]["x"] + 20, places["marks"][0]["y"] + 8)
    page.get_by_text("Drag over a track").wait_for()
    assert toy.edits == []


def test_a_button_shows_all_of_the_region_again(page, toy):
    everything = page.get_by_role("button", name="all", exact=True)
    assert everything.count() == 0
    page.get_by_role("button", name="zoom in").click()
    page.wait_for_function(f"() => {LAB}.view !== null")
    everything.click()
    page.wait_for_function(f"() => {LAB}.view === null")
    everything.wait_for(state="detached")
