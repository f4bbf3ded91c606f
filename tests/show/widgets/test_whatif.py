"""The what-if lab: its session and its answers without a browser, then one session in JupyterLab and Chromium."""

import gc
import json
import random
import weakref
from pathlib import Path

import numpy as np
import pytest
from helpers import toy_notebooks, toys
from helpers import whatif_driver as driver
from helpers.lab import PATIENCE, errors, run_all, wait
from helpers.widgets import toy_models

import chromolab as cl
from chromolab.show.notebooks import run as runs
from chromolab.show.widgets.whatif.history import History
from chromolab.show.widgets.whatif.lab import SCRIPTS, WhatIf
from chromolab.show.widgets.whatif.session import Session, models_by_task


@pytest.fixture(scope="module")
def dataset():
    return toys.toy_dataset()


@pytest.fixture
def whatif(dataset):
    lab = WhatIf(toy_models(), dataset)
    yield lab
    lab.close()


def act(lab, *actions):
    return lab.reply({"seq": 1, "kind": "act", "actions": list(actions)})


def add(lab, *entries, **more):
    return act(lab, {"do": "add", "edits": list(entries), **more})


def erased(lab, mark="A", bins=(10, 20)):
    region = lab.session.regions()[0]
    start, end = (region["start"] + 100 * b for b in bins)
    return {"kind": "erase", "mark": mark, "region": f"{region['chrom']}:{start}-{end}"}


# ----- history and session --------------------------------------------------------------------------------------------


def test_history_goes_back_and_forth_and_forgets_what_was_undone():
    a, b, c = (cl.erase(mark, "chr1:0-100") for mark in "ABC")
    history = History()
    history.push([a])
    history.push([a, b])
    history.push([a, b])  # no step
    history.undo()
    assert history.now == (a,)
    history.redo()
    assert history.now == (a, b)
    history.redo()
    assert history.now == (a, b)
    history.undo()
    history.push([c])
    assert (history.now, history.future) == ((c,), [])
    for _ in range(5):
        history.undo()
    assert history.now == ()


def test_models_are_sorted_by_task_however_they_come():
    models = toy_models()
    expected = {"classification": models[:2], "regression": models[2:]}
    assert models_by_task(models) == expected
    assert models_by_task({"a": models[:2], "b": models[2:]}) == expected
    assert models_by_task(models[3]) == {"regression": [models[3]]}
    for wrong in ([], "x", [1]):
        with pytest.raises(cl.ChromolabError, match="expected a model"):
            models_by_task(wrong)


def test_what_the_session_holds_is_edit_and_predict_run_afresh(dataset):
    """Fifty random actions; depth to the bit, predictions by cl.predict to the bit, the quick ones but for rounding."""
    session, rng = Session(toy_models(), dataset), random.Random(3)
    for _ in range(50):
        act_at_random(session, rng)
        gene = dataset.gene(*session.gene.genes.iloc[0][["gene_id", "cell_type"]])
        afresh = cl.edit(gene, session.edits)
        np.testing.assert_array_equal(session.edited.signal.depth, afresh.signal.depth)
        np.testing.assert_array_equal(session.edited.frequency, afresh.frequency)
    for task, models in session.models.items():
        expected = [cl.metrics.probability_or_expression(cl.predict(m, afresh))[0] for m in models]
        assert session.exact["after"][task].tolist() == expected
        np.testing.assert_allclose(session.after[task], expected, atol=1e-5)


def act_at_random(session, rng):
    region = rng.choice(session.regions())
    a, b = sorted(rng.sample(range(region["bins"] + 1), 2)) if region["bins"] > 1 else (0, 1)
    place = f"{region['chrom']}:{region['start'] + 100 * a}-{min(region['start'] + 100 * b, region['end'])}"
    mark, whole = rng.choice("ABC"), f"{region['chrom']}:{region['start']}-{region['end']}"
    values = [round(rng.uniform(0, 9), 2) for _ in range(b - a)]
    paint = {"kind": "paint", "mark": mark, "region": place, "values": values, "step": 100}
    scale = {"kind": "scale", "mark": mark, "region": place, "factor": 0.5}
    choices = [
        {"do": "add", "edits": [paint]},
        {"do": "add", "edits": [paint], "draft": True},
        {"do": "put", "edits": [scale]},
        {"do": "undo"},
        {"do": "redo"},
        {"do": "reset"},
    ]
    if region["rank"]:
        choices.append({"do": "toggle", "region": whole})
    if rng.random() < 0.15:
        session.choose(f"G{rng.randrange(24)}")
    else:
        session.act([rng.choice(choices)])


def test_a_slider_takes_the_place_of_its_own_edit_and_at_one_takes_it_away(whatif):
    other = erased(whatif, "B")
    entry = {"kind": "scale", "mark": "A", "region": erased(whatif)["region"], "factor": 0.5}
    act(whatif, {"do": "put", "edits": [entry]})
    add(whatif, other)
    act(whatif, {"do": "put", "edits": [entry | {"factor": 0.2}]})
    assert [getattr(e, "factor", None) for e in whatif.edits] == [0.2, 0.0]
    act(whatif, {"do": "put", "edits": [entry | {"factor": 1}]})
    assert [e.mark for e in whatif.edits] == ["B"]


def test_a_contact_is_cut_restored_and_changed(dataset):
    lab = WhatIf(toy_models(), dataset)  # it begins with a gene of most pCREs
    place = next(f"{r['chrom']}:{r['start']}-{r['end']}" for r in lab.session.regions() if r["rank"] == 1)
    toggle = {"do": "toggle", "region": place}
    assert act(lab, toggle)[0]["regions"][1]["now"] is None
    state = act(lab, toggle)[0]
    assert state["edits"] == 0 and state["regions"][1]["now"] == state["regions"][1]["frequency"]
    put = {"kind": "set_frequency", "region": place, "frequency": 9.0}
    assert act(lab, {"do": "put", "edits": [put]})[0]["regions"][1]["now"] == 9.0
    own = put | {"frequency": state["regions"][1]["frequency"]}
    assert act(lab, {"do": "put", "edits": [own]})[0]["edits"] == 0
    lab.close()


def test_a_frequency_restores_a_contact_that_was_cut(dataset):
    lab = WhatIf(toy_models(), dataset)
    region = lab.session.regions()[1]
    place = f"{region['chrom']}:{region['start']}-{region['end']}"
    act(lab, {"do": "toggle", "region": place})
    put = {"kind": "set_frequency", "region": place, "frequency": 2.5}
    state = act(lab, {"do": "put", "edits": [put]})[0]
    assert state["error"] is None and state["regions"][1]["now"] == 2.5 and state["edits"] == 1
    lab.close()


def test_an_added_element_is_taken_out_with_what_lies_in_it(whatif):
    whole = [{"kind": "set_depth", "mark": m, "region": "chr1:500-2500", "depth": 1} for m in "ABC"]
    part = {"kind": "erase", "mark": "A", "region": "chr1:700-900"}
    add(whatif, {"kind": "add_pcre", "region": "chr1:500-2500", "frequency": 2}, *whole, part, erased(whatif))
    assert act(whatif, {"do": "toggle", "region": "chr1:500-2500"})[0]["error"] is None
    assert whatif.edits == [cl.erase("A", erased(whatif)["region"])]


def remove(lab, index, listed=None):
    """Click the cross of an entry, in the list that a page shows."""
    settled = listed or lab.reply({"kind": "settle"})[0]
    return act(lab, {"do": "remove", "index": settled["first"] + index, "name": settled["list"][index][1]})[0]


def test_an_edit_is_taken_out_with_what_has_no_place_without_it(whatif):
    place, gene = "chr1:500-2500", whatif.gene
    whole = [{"kind": "set_depth", "mark": m, "region": place, "depth": 1} for m in "ABC"]
    over = {"kind": "erase", "mark": "A", "region": "chr1:400-600"}  # partly outside the element
    wide = {"kind": "scale", "mark": "B", "region": "chr1:0-99000000", "factor": 0.5}  # reaches other regions, too
    often = {"kind": "set_frequency", "region": place, "frequency": 7}
    add(whatif, {"kind": "add_pcre", "region": place, "frequency": 2}, *whole, over, wide, often, erased(whatif))
    edits = whatif.edits
    assert "other edits need this one" in remove(whatif, 1)["error"] and whatif.edits == edits  # A would not be known
    assert remove(whatif, 6)["error"] is None and whatif.edits == edits[:6] + edits[7:]
    act(whatif, {"do": "undo"})
    state = remove(whatif, 0)
    assert state["error"] is None and not any(r["added"] for r in state["regions"])
    assert whatif.edits == [edits[5], edits[7]]
    act(whatif, {"do": "undo"})
    assert whatif.edits == edits
    own = next(f"{r.chrom}:{r.start}-{r.end}" for r in gene.pcres().itertuples())
    act(whatif, {"do": "load", "text": cl.edits.to_json([cl.set_frequency(own, 3), cl.drop_pcre(own)])})
    assert remove(whatif, 0)["error"] is None and whatif.edits == [cl.drop_pcre(own)]


def test_a_cross_in_an_old_list_takes_out_what_it_stands_beside_or_nothing(whatif):
    add(whatif, erased(whatif, "A"))
    add(whatif, erased(whatif, "B"))
    add(whatif, erased(whatif, "C"))
    listed = whatif.reply({"kind": "settle"})[0]
    assert remove(whatif, 0, listed)["error"] is None  # two clicks before the list is drawn again
    assert remove(whatif, 1, listed)["error"] is None
    assert [e.mark for e in whatif.edits] == ["C"]
    act(whatif, {"do": "undo"}, {"do": "undo"}, {"do": "undo"})
    assert [e.mark for e in whatif.edits] == ["A", "B"]
    assert remove(whatif, 2, listed)["error"] is None and [e.mark for e in whatif.edits] == ["A", "B"]
    add(whatif, erased(whatif, "C", (0, 5)))  # as many edits as in the list, but others
    assert remove(whatif, 2, listed)["error"] is None and len(whatif.edits) == 3


def test_what_is_painted_over_an_erased_place_is_seen(whatif):
    place = erased(whatif)["region"]
    paint = {"kind": "paint", "mark": "A", "region": place, "values": [3.0] * 10, "step": 100}
    act(whatif, {"do": "put", "edits": [paint]})
    add(whatif, erased(whatif))
    act(whatif, {"do": "put", "edits": [paint | {"values": [4.0] * 10}]})
    signal, row = whatif.edited.signal, whatif.gene.promoter[0]
    assert (signal.depth[signal.offsets[row] + 10 : signal.offsets[row] + 20, 0] == 4).all()
    assert len(whatif.edits) == 2  # one painting, however often it is changed


def test_an_error_that_cannot_be_written_is_answered_all_the_same(whatif):
    half = r'{"kind": "erase", "mark": "\ud800", "region": "chr1:0-9"}'
    sent, text = [], f'{{"format": "chromolab-edits-1", "edits": [{half}]}}'
    whatif.send = lambda content, buffers=None: sent.append(content)
    for actions in ([{"do": "load", "text": text}], [{"do": "\ud800"}]):
        whatif._receive(None, {"seq": "1", "kind": "act", "actions": actions}, [])
    assert [bool(s["error"].encode()) for s in sent] == [True, True]


def test_edits_belong_to_a_gene_and_are_there_when_it_comes_back(whatif):
    add(whatif, erased(whatif))
    gene, edits = whatif.gene.genes["gene_id"].iloc[0], whatif.edits
    other = next(g for g in whatif.session.dataset.genes["gene_id"] if g != gene)
    assert whatif.reply({"kind": "gene", "gene_id": other, "cell_type": "toy"})[0]["edits"] == 0
    assert whatif.reply({"kind": "gene", "gene_id": gene, "cell_type": "toy"})[0]["edits"] == 1
    assert whatif.edits == edits


# ----- answers --------------------------------------------------------------------------------------------------------


def test_buffers_are_the_depth_as_float32(whatif):
    (state, (after, before)) = whatif.reply({"kind": "hello"})
    np.testing.assert_array_equal(np.frombuffer(after, "<f4"), whatif.gene.signal.depth.astype("f4").ravel())
    assert after == before and state["gene"]["gene_id"] == whatif.gene.genes["gene_id"].iloc[0]
    _, (after,) = add(whatif, erased(whatif))
    np.testing.assert_array_equal(np.frombuffer(after, "<f4"), whatif.edited.signal.depth.astype("f4").ravel())
    assert after != before
    json.dumps(state)  # plain values only


def test_a_draft_is_shown_but_is_no_step(whatif):
    add(whatif, erased(whatif), draft=True)
    assert len(whatif.edits) == 1 and not whatif.session.history.now
    add(whatif, erased(whatif, "B"), draft=True)
    assert [e.mark for e in whatif.edits] == ["B"]
    act(whatif, {"do": "cancel"})
    assert whatif.edits == []


@pytest.mark.parametrize(
    "action, said",
    [
        ({"do": "add", "edits": [{"kind": "erase", "mark": "A", "region": "chr9:0-100"}]}, "overlaps no region"),
        ({"do": "add", "edits": [{"kind": "exec", "code": "1"}]}, "kind is 'exec'"),
        ({"do": "load", "text": "/etc/passwd"}, "not a file of edits"),
        ({"do": "load", "text": cl.edits.to_json([cl.erase("A", "chr1:0-9")] * 2001)}, "the lab takes 2,000"),
        ({"do": "load", "text": cl.edits.to_json([cl.scale("A", "chr1:0-99000000", 1e308)] * 2)}, "no model can read"),
        ({"do": "boom"}, "does not know"),
        ({"do": "recipe", "name": "__init__"}, "does not know"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(whatif, action, said):
    add(whatif, erased(whatif))
    before = whatif.edits
    state, _ = act(whatif, {"do": "undo"}, action)
    assert said in state["error"]
    assert whatif.edits == before
    assert len(cl.edit(whatif.gene, whatif.edits)) == 1


def test_text_comes_and_goes_as_json_and_python(whatif):
    add(whatif, erased(whatif), erased(whatif, "B"))
    found = whatif.reply({"kind": "text"})[0]
    space = {}
    exec(found["python"], space)
    assert space["edits"] == whatif.edits
    edits = whatif.edits
    act(whatif, {"do": "reset"})
    act(whatif, {"do": "load", "text": found["json"]})
    assert whatif.edits == edits
    whatif.edits = edits[:1]
    assert whatif.edits == edits[:1]


def test_search_finds_names_first_by_their_beginning(whatif):
    found = whatif.reply({"kind": "search", "text": "NAME1"})[0]["found"]
    assert [g["gene_name"] for g in found][:2] == ["name1", "name10"]
    assert whatif.reply({"kind": "search", "text": "<img"})[0]["found"] == []


def test_another_gene_is_turned_round_to_this_ones_strand(whatif):
    own = whatif.gene.genes["strand"].iloc[0]
    for strand in "+-":
        genes = whatif.session.dataset.genes
        other = genes["gene_id"][genes["strand"] == strand].iloc[0]
        reply, (buffer,) = whatif.reply({"kind": "compare", "gene_id": other, "cell_type": "toy"})
        depth = whatif.session.dataset.gene(other).promoter_depth()[0]
        expected = depth if own == "+" else depth[::-1]
        np.testing.assert_array_equal(np.frombuffer(buffer, "<f4"), expected.astype("f4").ravel())
        assert set(reply["predicted"]) == {"classification", "regression"}


def test_attention_is_laid_out_on_the_stored_bins(whatif):
    _, (buffer,) = whatif.reply({"kind": "attention", "task": "regression"})
    level, signal = np.frombuffer(buffer, "<f4"), whatif.gene.signal
    assert len(level) == len(signal.depth)
    row = whatif.gene.promoter[0]
    own = level[signal.offsets[row] : signal.offsets[row + 1]]
    assert np.nanmean(own) == pytest.approx(1, abs=1e-5)  # relative to even attention, mean over resolutions


def test_the_script_asks_nobody_and_writes_no_html():
    text, style = str(WhatIf._esm), str(WhatIf._css)
    assert len(SCRIPTS) > 1 and "export default" in text
    for forbidden in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "http://",
        "https://",
        "import ",
    ):
        assert forbidden not in text, forbidden
    assert "url(" not in style and "@import" not in style


def test_a_closed_lab_frees_its_session(dataset):
    lab = WhatIf(toy_models(), dataset)
    session = weakref.ref(lab.session)
    lab.close()
    gc.collect()
    assert session() is None and repr(lab) == "WhatIf (closed)"
    with pytest.raises(cl.ChromolabError, match="closed"):
        lab.edits  # noqa: B018


def test_true_effects_are_those_of_the_key(world):
    dataset = world.dataset()
    known = world.key.effects.query("seen and kind == 'enhancer'").iloc[0]
    session = Session(toy_models(dataset.marks, 1), dataset, world)
    session.choose(known["gene_id"], known["cell_type"])
    pcre = world.key.pcres.query(
        "gene_id == @known.gene_id and cell_type == @known.cell_type and element_id == @known.element_id"
    ).iloc[0]
    region = f"{pcre['chrom']}:{pcre['start']}-{pcre['end']}"
    session.act([{"do": "toggle", "region": region}])
    assert [t["effect"] for t in session.truth()] == [pcre["effect"]]
    session.act([{"do": "reset"}, {"do": "add", "edits": [{"kind": "erase", "mark": "H3K27ac", "region": region}]}])
    assert [t["effect"] for t in session.truth()] == [pcre["effect"]]
    tss = int(session.gene.genes["tss"].iloc[0])
    around = f"{pcre['chrom']}:{tss - 2000}-{tss + 2000}"
    session.act([{"do": "reset"}, {"do": "add", "edits": [{"kind": "erase", "mark": "H3K4me1", "region": around}]}])
    assert [t for t in session.truth() if "undone" in t["what"]] == []


@pytest.mark.slow
def test_the_app_runs(tmp_path):
    app = Path(__file__).parents[3] / "notebooks" / "app.ipynb"
    done = runs.run_notebook(app, tmp_path / "app.ipynb", timeout=PATIENCE)
    assert "application/vnd.jupyter.widget-view+json" in done.out.read_text()


# ----- in the browser -------------------------------------------------------------------------------------------------

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
    page.on("pageerror", lambda error: pytest.fail(f"in the page: {error}"))
    assert errors(run_all(page, address, "whatif.ipynb")) == []
    driver.rest(page)
    page.locator(".cl-whatif").scroll_into_view_if_needed()
    held, truth = driver.both(page)
    assert held == truth and held["edits"] == 0

    # With the reader's own colours (high contrast) the chosen tool and the marks still show.
    page.emulate_media(forced_colors="active")
    style = "(n) => getComputedStyle(n).backgroundColor"
    buttons = page.locator(".cl-tools .cl-group button").evaluate_all(f"(all) => all.map({style})")[:4]
    assert len(set(buttons[1:])) == 1 and buttons[0] != buttons[1]
    marks = page.locator(".cl-panels .cl-slider i").evaluate_all(f"(all) => all.map({style})")
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
    page.evaluate("""() => {
        const lab = document.querySelector('.cl-whatif').lab, newest = lab.list.querySelector('button');
        lab.undoButton.click(), newest.click();
    }""")
    kept, truth = driver.both(page)
    assert kept == truth and kept["edits"] == 2 and page.locator(".cl-error").count() == 0

    # The cross of an added element removes it, although its marks are painted.
    paints = "*(cl.set_depth(m, 'chr1:500-2500', 1) for m in 'ABC')"
    driver.python(page, f"lab.edits = [*lab.edits, cl.add_pcre('chr1:500-2500', 2), {paints}]")
    page.wait_for_function("() => document.querySelector('.cl-whatif').lab.state.edits === 6")
    assert driver.both(page)[0]["edits"] == 6
    page.locator(".cl-list li", has_text="contact added").get_by_role("button").click()
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
    assert page.refused == []

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
