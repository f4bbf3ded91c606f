"""The tools of the lab's page: the smallest edit, missions, doses, a replay, other genes."""

import pytest
from helpers import bare, toys
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


# ----- missions -------------------------------------------------------------------------------------------------------

MISSIONS = [
    {"name": "first", "text": "Do it.", "hint": "So.", "gene_id": "G2", "cell_type": "toy", "solved": False},
    {"name": "second", "text": "And this.", "hint": "Thus.", "gene_id": "G3", "cell_type": "toy", "solved": False},
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
    panel.get_by_role("button", name="Next: second").click()
    page.wait_for_function(f"() => {LAB}.state.gene.gene_id === 'G3'")
    driver.rest(page)
    assert "And this." in panel.inner_text()
    bare.show(page, labs[1], "marks", again=True)  # the cell was run again: Python has forgotten
    driver.rest(page)
    page.get_by_role("tab", name="Missions").click()
    assert "1 of 2 solved" in panel.inner_text() and "And this." in panel.inner_text()
    for lab in labs:
        lab.close()
