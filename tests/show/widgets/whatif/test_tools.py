"""The tools of the lab's page: the smallest edit, missions, doses, a replay, other genes, side by side, pictures."""

from xml.etree import ElementTree

import numpy as np
import pytest
from helpers import axe, bare, toys
from helpers import whatif_driver as driver
from helpers.widgets import add, erased, toy_models

import chromolab as cl
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


def tab(page, name):
    page.get_by_role("tab", name=name).click()


def edited(page, lab, *marks):
    """Erase marks in the window, as the page does, with the list open."""
    for mark in marks:
        page.evaluate(f"(edit) => {LAB}.act({{do: 'add', edits: [edit]}})", erased(lab, mark))
        driver.rest(page)
    tab(page, "Edits")


# ----- the smallest edit ----------------------------------------------------------------------------------------------


def test_the_smallest_edit_is_found_by_keyboard_applied_by_a_click_and_taken_back(page, toy):
    now = float(toy.session.after["classification"].mean())
    tab(page, "Flip")
    page.get_by_label("target").fill(f"{now + 1e-4:.6f}")
    page.keyboard.press("Enter")
    apply = page.get_by_role("button", name="apply: ")
    apply.first.wait_for()
    driver.rest(page)
    request = page.evaluate("() => window.asked.findLast((r) => r.kind === 'smallest')")
    assert request["task"] == "classification" and request["contacts"] is True
    assert request["target"] == pytest.approx(now + 1e-4, abs=1e-6)
    rows = page.evaluate(f"() => {LAB}.questions.answer('smallest').reply.rows")
    lines = page.locator(".cl-flips li").all_inner_texts()
    assert len(lines) == len(rows) and all(row["words"] in line for row, line in zip(rows, lines, strict=True))
    apply.first.click()
    driver.rest(page)
    assert (
        cl.edits.from_json(toy.reply({"kind": "text"})[0]["json"]) == toy.edits and len(toy.edits) == rows[0]["strokes"]
    )
    assert toy.session.after["classification"].mean() == pytest.approx(rows[0]["after"], abs=1e-4)
    assert not apply.first.is_enabled() and "as it was" in page.locator(".cl-panel").inner_text()
    page.get_by_role("button", name="Undo").click()  # the gene is again as it was asked about
    driver.rest(page)
    assert toy.edits == [] and apply.first.is_enabled()


def test_contacts_are_left_alone_where_the_reader_says_so_and_errors_stand_beside(page, toy):
    tab(page, "Flip")
    page.get_by_label("contacts", exact=True).uncheck()
    page.get_by_label("of which prediction").last.select_option("regression")
    driver.rest(page)
    page.get_by_role("button", name="Find the smallest edit").click()
    driver.rest(page)
    request = page.evaluate("() => window.asked.findLast((r) => r.kind === 'smallest')")
    assert request["contacts"] is False and request["task"] == "regression"
    toy.session.models["regression"], kept = [], toy.session.models["regression"]
    page.get_by_role("button", name="Find the smallest edit").click()
    driver.rest(page)
    toy.session.models["regression"] = kept
    assert page.locator(".cl-asking .cl-error").inner_text() and page.locator(".cl-message").inner_text() == ""


def test_a_long_search_is_said_and_python_is_not_taken_for_gone(page, toy):
    tab(page, "Flip")
    page.evaluate("() => { window.silent = true; }")
    find = page.get_by_role("button", name="Find the smallest edit")
    find.click()
    page.get_by_role("progressbar", name="searching").wait_for()
    assert not find.is_enabled()
    page.evaluate(f"() => {{ const {{wire}} = {LAB}; wire.underWay.sent -= 30_000; {LAB}.listen(); }}")
    assert page.locator(".cl-stopped").count() == 0
    page.evaluate(f"() => {{ const {{wire}} = {LAB}; wire.underWay.sent -= 300_000; {LAB}.listen(); }}")
    page.locator(".cl-stopped").wait_for()
    page.evaluate("() => { window.silent = false; }")
    driver.rest(page)
    assert find.is_enabled() and page.locator(".cl-stopped").count() == 0


# ----- one edit, and all of them --------------------------------------------------------------------------------------


def test_an_edit_of_the_list_in_doses_with_numbers_to_read(page, toy):
    edited(page, toy, "A", "B")
    line = page.locator(".cl-list .cl-plain", has_text="A erased")
    line.focus()
    page.keyboard.press("Enter")
    assert line.get_attribute("aria-expanded") == "true"
    page.get_by_role("button", name="Dose curve").click()
    chart = page.get_by_role("img", name="dose curve")
    chart.wait_for()
    request = page.evaluate("() => window.asked.findLast((r) => r.kind === 'dose')")
    told = toy.reply({k: request[k] for k in ("kind", "task", "index", "name")})[0]
    assert chart.locator("polyline").count() == 1 + len(told["values"][0])
    page.locator("summary", has_text="dose curve in numbers").focus()
    page.keyboard.press("Enter")
    rows = page.locator(".cl-course tbody tr")
    means = [sum(values) / len(values) for values in told["values"]]
    assert [float(r.locator("td").first.inner_text()) for r in rows.all()] == pytest.approx(means, abs=0.0051)
    edited(page, toy, "C")  # the gene has changed: the curve is of the past
    assert chart.count() == 0
    page.get_by_role("button", name="Undo").click()
    driver.rest(page)
    assert chart.count() == 1


def test_the_list_is_replayed_with_the_path_of_the_prediction(page, toy):
    edited(page, toy, "A", "B", "C")
    page.get_by_role("button", name="Replay the list").click()
    page.get_by_role("img", name="replay").wait_for()
    page.locator("summary", has_text="replay in numbers").click()
    rows = page.locator(".cl-course tbody tr")
    assert rows.count() == 4 and rows.first.locator("th").inner_text() == "as it was"
    after = toy.session.after["classification"]
    assert float(rows.last.locator("td").first.inner_text()) == pytest.approx(after.mean(), abs=0.0051)


def test_other_genes_that_an_edit_touches_are_a_table_whose_rows_open_them(page, toy):
    place = "{chrom}:{start}-{end}".format(**toy.gene.pcres().iloc[0])
    add(toy, {"kind": "erase", "mark": "A", "region": place})
    page.evaluate(f"() => {LAB}.ask({{kind: 'hello'}})")
    driver.rest(page)
    tab(page, "Edits")
    page.locator(".cl-list .cl-plain").click()
    page.get_by_role("button", name="Other genes").click()
    table = page.get_by_role("table", name="genes that this edit touches")
    table.wait_for()
    rows = page.evaluate(f"() => {LAB}.questions.answer('others').reply.rows")
    assert table.locator("tbody tr").count() == len(rows)
    assert table.locator("tbody b").all_inner_texts() == ["name1"] == [r["gene_name"] for r in rows if r["shown"]]
    other = next(r for r in rows if not r["shown"])
    table.get_by_role("button", name=other["gene_name"], exact=True).click()
    page.wait_for_function(f"(id) => {LAB}.state.gene.gene_id === id", arg=other["gene_id"])
    driver.rest(page)


def test_what_is_not_answered_here_is_not_offered(page, toy, monkeypatch):
    edited(page, toy, "A")
    assert page.get_by_role("button", name="Replay the list").count() == 1
    monkeypatch.setattr("chromolab.show.widgets.whatif.questions.ALL", ())
    page.evaluate(f"() => {LAB}.ask({{kind: 'hello'}})")
    driver.rest(page)
    assert page.get_by_role("tab", name="Flip").count() == 0 and page.get_by_role("tab", name="Missions").count() == 0
    assert page.get_by_role("button", name="Replay the list").count() == 0
    assert page.locator(".cl-list .cl-plain").count() == 0 and page.locator(".cl-list li").count() == 1


def test_answers_and_panels_side_by_side_are_accessible(page, toy):
    edited(page, toy, "A", "B")
    page.locator(".cl-list .cl-plain").first.click()
    for name in ("Replay the list", "Dose curve", "Other genes"):
        page.get_by_role("button", name=name).click()
        driver.rest(page)
    assert page.locator(".cl-course").count() == 2 and axe.violations(page, "body") == []
    tab(page, "Flip")
    page.get_by_role("button", name="Find the smallest edit").click()
    driver.rest(page)
    assert axe.violations(page, "body") == []
    tab(page, "Compare")
    page.get_by_role("button", name="Side by side").click()
    page.get_by_role("img", name="Side by side").wait_for()
    assert axe.violations(page, "body") == []


def test_the_page_alone_has_the_tools_that_it_can_answer(page, tmp_path):
    lab = WhatIf(toy_models(), toys.toy_dataset(genes=12), gene="G1")
    path = lab.save_page(tmp_path / "lab.html", genes=["G1", "G2"], progress=False)
    lab.close()
    page.unroute("**/*")
    page.goto(path.as_uri())
    driver.rest(page)
    can = page.evaluate(f"() => {LAB}.state.can")
    assert page.get_by_role("tab", name="Flip").count() == ("smallest" in can)
    page.mouse.click(*page.evaluate(driver.PLACES)["arcs"][0])
    driver.rest(page)
    tab(page, "Edits")
    assert page.get_by_role("button", name="Replay the list").count() == ("replay" in can)
    tab(page, "Compare")
    page.get_by_label("Compare with", exact=True).fill("G2")
    page.keyboard.press("Enter")
    page.wait_for_function(f"() => {LAB}.compared !== null")
    page.get_by_role("button", name="Side by side").click()
    page.get_by_role("img", name="Side by side").wait_for()
    assert page.get_by_role("table", name="predictions compared").locator("tbody tr").count() == 3
    tab(page, "Edits")
    for kind, begins in (("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        with page.expect_download() as kept:
            page.get_by_role("button", name=f"picture of the view, {kind}").click()
        assert kept.value.path().read_bytes().startswith(begins)
    page.locator("dfn", has_text="RPKM").first.hover()
    page.get_by_role("tooltip").wait_for()


# ----- missions -------------------------------------------------------------------------------------------------------

MISSIONS = [
    {
        "name": "first",
        "text": "Do it.",
        "hint": "So.",
        "learnt": "Ah.",
        "gene_id": "G2",
        "cell_type": "toy",
        "solved": False,
    },
    {
        "name": "second",
        "text": "And this.",
        "hint": "Thus.",
        "learnt": "Oh.",
        "gene_id": "G3",
        "cell_type": "toy",
        "solved": False,
    },
]


def test_missions_lead_the_reader_and_their_progress_is_kept(page, monkeypatch):
    place = "chromolab.show.widgets.whatif.missions"
    monkeypatch.setattr(f"{place}.offered", lambda session: MISSIONS)
    monkeypatch.setattr(f"{place}.solved", lambda session: ["first"] if session.edits else [])
    labs = [WhatIf(toy_models(), toys.toy_dataset(genes=12), gene="G1") for _ in range(2)]
    bare.show(page, labs[0], "marks")
    driver.rest(page)
    panel = page.get_by_role("tabpanel", name="Missions")
    assert "0 of 2 solved" in panel.inner_text() and "Do it." in panel.inner_text()  # it is open from the first
    assert "So." not in panel.inner_text()
    panel.get_by_role("button", name="Hint").click()
    assert "So." in panel.inner_text()
    panel.get_by_role("button", name="Open its gene").click()
    page.wait_for_function(f"() => {LAB}.state.gene.gene_id === 'G2'")
    driver.rest(page)
    assert "Not yet" in panel.inner_text()
    page.evaluate(f"(edit) => {LAB}.act({{do: 'add', edits: [edit]}})", erased(labs[0]))
    driver.rest(page)
    assert (
        "1 of 2 solved" in panel.inner_text() and "✓ Mission solved: first" in page.locator(".cl-message").inner_text()
    )
    assert "Ah." in panel.inner_text()
    panel.get_by_role("button", name="Next: second").click()
    page.wait_for_function(f"() => {LAB}.state.gene.gene_id === 'G3'")
    driver.rest(page)
    assert "And this." in panel.inner_text()
    bare.show(page, labs[1], "marks", again=True)  # the cell was run again: Python has forgotten
    driver.rest(page)
    assert "1 of 2 solved" in panel.inner_text() and "And this." in panel.inner_text()
    for lab in labs:
        lab.close()


# ----- side by side ---------------------------------------------------------------------------------------------------


@pytest.fixture
def taught(page, world):
    """A lab on the teaching genome, which has several cell types, in a page."""
    ds = world.dataset()
    lab = WhatIf(toy_models(ds.marks), ds, world=world)
    bare.show(page, lab, "marks")
    driver.rest(page)
    yield lab
    lab.close()


def inked(page, selector):
    """How many pixels of a canvas are drawn."""
    return page.evaluate(
        """async (selector) => {
            await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
            const {width, height} = document.querySelector(selector);
            const data = document.querySelector(selector).getContext('2d').getImageData(0, 0, width, height).data;
            return data.filter((_, i) => i % 4 === 3 && data[i] > 0).length;
        }""",
        selector,
    )


def test_measured_edited_and_another_cell_type_stand_side_by_side(page, taught):
    row = taught.gene.genes.iloc[0]
    cell = next(c for c in taught.session.cell_types(row["gene_id"]) if c != row["cell_type"])
    tab(page, "Compare")
    page.get_by_role("button", name=cell, exact=True).click()
    driver.rest(page)
    page.evaluate(f"(edit) => {LAB}.act({{do: 'add', edits: [edit]}})", erased(taught, "H3K4me3"))
    driver.rest(page)
    page.get_by_role("button", name="Side by side").focus()
    page.keyboard.press("Space")
    panels = page.get_by_role("img", name="Side by side")
    panels.wait_for()
    assert inked(page, ".cl-beside canvas") > 10_000 and page.locator(".cl-stage").is_hidden()
    there = taught.session.dataset.gene(row["gene_id"], cell)
    means = {
        f"as measured, {row['cell_type']}": taught.session.before,
        "edited": taught.session.after,
        cell: taught.session.predicted(there),
    }
    rows = page.get_by_role("table", name="predictions compared").locator("tbody tr")
    for told, (title, predicted) in zip(rows.all(), means.items(), strict=True):
        assert told.locator("th").inner_text() == title and title in panels.get_attribute("aria-label")
        shown = [float(v.replace("−", "-")) for v in told.locator("td").all_inner_texts()]
        assert shown == pytest.approx([predicted[t].mean() for t in taught.session.models], abs=0.0051)
    depth = page.evaluate(f"() => Array.from({LAB}.compared.depth)")
    np.testing.assert_allclose(np.sort(depth), np.sort(there.promoter_depth()[0].ravel()), rtol=1e-6)
    page.get_by_role("button", name="Back to the tracks").click()
    page.locator(".cl-stage").wait_for()
    assert inked(page, ".cl-stage canvas") > 10_000 and page.locator(".cl-beside").count() == 0


def test_side_by_side_alone_takes_another_cell_type(page, taught):
    tab(page, "Compare")
    page.get_by_role("button", name="Side by side").click()
    driver.rest(page)
    rows = page.get_by_role("table", name="predictions compared").locator("tbody th").all_inner_texts()
    row = taught.gene.genes.iloc[0]
    assert len(rows) == 2 and rows[1] in taught.session.cell_types(row["gene_id"]) and rows[1] != row["cell_type"]


# ----- pictures -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("beside", [False, True], ids=["tracks", "side by side"])
def test_the_view_is_kept_as_lines_and_text_and_as_pixels(page, taught, beside):
    row = taught.gene.genes.iloc[0]
    page.evaluate(f"(edit) => {LAB}.act({{do: 'add', edits: [edit]}})", erased(taught, "H3K4me3"))
    driver.rest(page)
    if beside:
        tab(page, "Compare")
        page.get_by_role("button", name="Side by side").click()
    tab(page, "Edits")
    files = {}
    for kind in ("SVG", "PNG"):
        with page.expect_download() as kept:
            page.get_by_role("button", name=f"picture of the view, {kind}").click()
        assert kept.value.suggested_filename == f"{row['gene_name']}-{row['cell_type']}.{kind.lower()}"
        files[kind] = kept.value.path().read_bytes()
    svg = ElementTree.fromstring(files["SVG"].decode())
    kinds = [node.tag.split("}")[1] for node in svg.iter()]
    words = [node.text for node in svg.iter() if node.tag.endswith("}text")]
    assert "image" not in kinds and kinds.count("path") > 3 * len(taught.marks)
    assert {*taught.gene.marks, "simulated", "Edits"} <= set(words) and any("H3K4me3 erased" in w for w in words)
    assert f"{row['gene_name']} ({row['gene_id']}) in {row['cell_type']}" in words
    after = taught.session.after["regression"].mean()
    assert any(f"→ {after:.2f}".replace("-", "−") in w for w in words) and ("edited" in words) == beside
    fills = {node.get("fill") for node in svg.iter()}
    assert {mark["colour"].lower() for mark in taught.marks} <= {str(f).lower() for f in fills}
    assert files["PNG"][:8] == b"\x89PNG\r\n\x1a\n"
    size = [int.from_bytes(files["PNG"][at : at + 4], "big") for at in (16, 20)]
    assert size == [2 * int(svg.get(side)) for side in ("width", "height")]


# ----- words ----------------------------------------------------------------------------------------------------------


def test_words_say_what_they_mean_on_hover_and_on_focus(page, taught):
    words = page.evaluate(f"() => {LAB}.state.words")
    told = page.get_by_role("tooltip")
    rpkm = page.locator("dfn", has_text="RPKM").first
    rpkm.hover()
    told.wait_for()
    assert told.inner_text() == f"RPKM: {words['RPKM']}"
    page.mouse.move(5, 700)
    told.wait_for(state="hidden")
    tab(page, "Marks")
    page.get_by_role("tabpanel").focus()
    page.keyboard.press("Tab")
    told.wait_for()
    first = taught.marks[0]["name"]
    assert told.inner_text() == f"{first}: {words[first]}"
    focused = page.evaluate(
        "() => document.getElementById(document.activeElement.getAttribute('aria-describedby')).role"
    )
    assert focused == "tooltip"
    page.keyboard.press("Escape")
    told.wait_for(state="hidden")
    tab(page, "Contacts")
    assert {"pCRE", "interaction frequency"} <= set(page.locator(".cl-panel dfn").all_inner_texts())
    places = page.evaluate(driver.PLACES)
    page.mouse.move(places["columns"][0]["x"] - 40, places["marks"][1]["y"] + 10)
    page.locator(".cl-pointed", has_text=words[taught.marks[1]["name"]]).wait_for()
    page.keyboard.press("?")
    page.get_by_role("dialog", name="keys").locator("summary").click()
    assert page.locator(".cl-glossary dt").all_inner_texts() == list(words)


@pytest.mark.parametrize(("by", "said"), [(-0.001, "▼ −0.001"), (0.2, "▲ +0.20"), (-0.0002, "no change")])
def test_a_change_has_the_digits_that_it_takes_to_be_seen(page, toy, by, said):
    page.evaluate(
        f"""(by) => {{
            const lab = {LAB}, before = lab.state.predicted.regression.before;
            lab.state.predicted.regression.after = before.map((v) => v + by);
            lab.state.edits = 1;
            lab.answers.value++;
        }}""",
        by,
    )
    card = page.locator(".cl-card", has_text="Expression, log2(RPKM + 1)")
    card.locator(".cl-before").wait_for()
    assert said in card.inner_text()
