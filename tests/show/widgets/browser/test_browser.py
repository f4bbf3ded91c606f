"""show/widgets/browser: the page gets the numbers that the tracks hold."""

import numpy as np
import pandas as pd
import pyBigWig
import pytest
from helpers import axe, bare

import chromolab as cl
from chromolab.errors import ChromolabError

BROWSER = "document.querySelector('.cl-browser').browser"
NAME = "<img src=x onerror=alert(1)>"


@pytest.fixture
def browser(tmp_path):
    depth = np.random.default_rng(0).poisson(3.0, 60).astype(float)  # chr1:10,000-40,000 in steps of 500 bp
    file = pyBigWig.open(str(tmp_path / "a.bw"), "w")
    file.addHeader([("chr1", 100_000), ("chr2", 600)])
    file.addEntries("chr1", list(range(10_000, 40_000, 500)), values=depth.tolist(), span=500)
    file.close()
    genes = pd.DataFrame(
        {
            "gene_id": ["G1", "G2"],
            "gene_name": ["", NAME],
            "chrom": "chr1",
            "tss": [20_000, 60_999],
            "strand": ["+", "-"],
            "start": [20_000, 60_000],
            "end": [21_000, 61_000],
        }
    )
    contacts = pd.DataFrame(
        {
            "chrom1": ["chr1", "chr1", "chr1"],
            "start1": [30_000, 5_000, 50_000],
            "end1": [31_000, 6_000, 51_000],
            "chrom2": ["chr1", "chr1", "chr2"],
            "start2": [12_000, 90_000, 0],
            "end2": [13_000, 91_000, 600],
            "frequency": [2.0, 3.0, 9.0],
        }
    )
    widget = cl.TrackBrowser({"H3K4me3": tmp_path / "a.bw"}, genes, contacts, "chr1:8,000-42,000", origin="made up")
    widget.depth = depth
    yield widget
    widget.close()


def view(browser, start, end):
    answer, (raw,) = browser.reply({"kind": "view", "chrom": "chr1", "start": start, "end": end})
    return answer, np.frombuffer(raw, "<f4").reshape(-1, answer["bins"])


def test_the_view_holds_exact_means_and_missing_is_not_zero(browser):
    answer, values = view(browser, 8_000, 42_000)
    size, per_base = answer["size"], np.full(100_000, np.nan)
    per_base[10_000:40_000] = np.repeat(browser.depth, 500)
    bins = [per_base[a : min(a + size, 42_000)] for a in range(8_000, 42_000, size)]
    expected = [np.nanmean(b) if (~np.isnan(b)).any() else np.nan for b in bins]
    assert np.allclose(values[0], expected, equal_nan=True, rtol=1e-6) and np.isnan(values[0, 0])
    table = browser.table()
    assert np.array_equal(table["H3K4me3"].to_numpy(np.float32), values[0], equal_nan=True)
    assert table["end"].iloc[-1] == 42_000


def test_genes_and_contacts_in_view(browser):
    answer, _ = view(browser, 8_000, 42_000)
    assert [g["name"] for g in answer["genes"]] == ["G1"]  # without a name, its id
    assert answer["arcs"] == [[12_500, 30_500, 2]]  # one leaves the view, one the chromosome
    assert [g["name"] for g in view(browser, 0, 100_000)[0]["genes"]] == ["G1", NAME]  # as text: the page escapes it


def test_going_to_a_gene_a_region_or_nowhere(browser):
    assert browser.find("g1") == "chr1:0-100000"  # 50 kb around it, moved onto the chromosome
    assert browser.find(NAME) == "chr1:0-100000"
    assert browser.find("chr1:20,000-20,010") == "chr1:19505-20505"  # widened about its middle
    assert browser.find("chr1:99,990-200,000") == "chr1:0-100000"
    assert browser.find("chr2:5-10") == "chr2:0-600"
    for text, message in (("Nobody", "no gene 'Nobody'"), ("chr9:1-2", "no chromosome 'chr9'"), ("chr1:9-2", "empty")):
        with pytest.raises(ChromolabError, match=message):
            browser.find(text)


def test_requests_that_nobody_makes_are_refused(browser):
    for request in ({"kind": "view", "chrom": "chr1", "start": "0", "end": 5}, {"kind": "rm"}, {}):
        with pytest.raises(ChromolabError, match="does not know the request"):
            browser.reply(request)


def test_tables_that_cannot_be_drawn_are_refused(tmp_path):
    with pytest.raises(ChromolabError, match="no tracks"):
        cl.TrackBrowser({})


def test_a_closed_browser_holds_no_data(browser):
    browser.close()
    assert browser._contacts is None and browser._tracks is None and browser._genes is None


def test_genes_are_suggested_beginnings_first(browser):
    def found(text):
        return [gene["gene_name"] for gene in browser.reply({"kind": "search", "text": text})[0]["found"]]

    assert found("g") == ["G1", NAME] and found("<IMG") == [NAME] and found("nobody") == []


@pytest.fixture
def shown(browser, page):
    page.on("pageerror", lambda error: pytest.fail(f"in the page: {error}"))
    bare.show(page, browser, "region", "_about")
    page.wait_for_function(f"() => {BROWSER}.serves() && {BROWSER}.unread.length === 0")
    return page


@pytest.mark.browser
@pytest.mark.slow
def test_what_is_not_read_yet_is_said_and_is_not_zero(browser, shown):
    reading = shown.get_by_text("reading the tracks")
    assert not reading.is_visible()
    shown.evaluate("() => { window.silent = true; }")
    browser.region = "chr1:0-100000"  # the answer does not come
    reading.wait_for()
    shown.wait_for_function(f"() => {BROWSER}.unread.length > 0")
    shown.evaluate("() => { window.silent = false; }")
    shown.wait_for_function(f"() => {BROWSER}.serves()")
    assert not reading.is_visible()


@pytest.mark.browser
@pytest.mark.slow
def test_the_field_goes_to_genes_and_regions_and_the_wheel_moves_as_in_the_lab(browser, shown):
    field = shown.get_by_label("Go to", exact=True)
    field.fill("G")
    shown.get_by_role("option", name="G1").wait_for()
    field.fill("G1")
    field.press("Enter")
    shown.wait_for_function("() => window.widget.model.get('region') === 'chr1:0-100000'")
    field.fill("chr1:10000-30000")
    field.press("Enter")
    shown.wait_for_function("() => window.widget.model.get('region') === 'chr1:10000-30000'")
    field.fill("chr9:1-2")
    field.press("Enter")
    shown.get_by_role("alert").get_by_text("no chromosome 'chr9'").wait_for()
    assert browser.region == "chr1:10000-30000"

    box = shown.locator(".cl-browser canvas").bounding_box()
    shown.mouse.move(box["x"] + box["width"] / 2, box["y"] + 150)
    shown.mouse.wheel(0, 40)  # on a track: the page scrolls, nothing here moves
    shown.wait_for_function("() => window.scrollY > 0")
    assert browser.region == "chr1:10000-30000"
    shown.keyboard.down("Shift")
    shown.mouse.wheel(0, 40)
    shown.keyboard.up("Shift")
    shown.wait_for_function("() => !window.widget.model.get('region').startsWith('chr1:10000-')")
    moved = shown.evaluate("() => window.widget.model.get('region')")
    start, end = map(int, moved.partition(":")[2].split("-"))
    assert start > 10_000 and end - start == 20_000
    box = shown.locator(".cl-browser canvas").bounding_box()
    shown.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 10)  # the axis
    shown.mouse.wheel(0, -40)
    shown.wait_for_function(f"(old) => {BROWSER}.view.end - {BROWSER}.view.start < 20000")


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser, page, theme):
    bare.show(page, browser, "region", "_about", theme=theme)
    page.wait_for_function(f"() => {BROWSER}.serves()")
    page.get_by_label("Go to", exact=True).fill("G")
    page.get_by_role("option", name="G1").wait_for()
    assert axe.violations(page, "body") == []
