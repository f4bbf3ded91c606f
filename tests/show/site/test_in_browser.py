"""A site of two notebooks in Chromium: every link leads somewhere, nothing is asked elsewhere, what is live lives."""

import functools
import re
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup

pytestmark = [pytest.mark.browser, pytest.mark.slow]

START, BOX = "notebooks/00_start_here.html", "notebooks/06_chromoformer.html"


@functools.cache
def parsed(site: Path) -> dict[str, BeautifulSoup]:
    """{address of a page: the page}."""
    return {
        path.relative_to(site).as_posix(): BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for path in site.rglob("*.html")
    }


@pytest.fixture
def said(page):
    """What a page says on the console that is a warning or worse, and errors of its scripts."""
    heard = []
    page.on("console", lambda m: heard.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


def test_every_link_leads_somewhere(site):
    pages = parsed(site)
    ids = {name: {tag["id"] for tag in soup.find_all(id=True)} for name, soup in pages.items()}
    broken = []
    for name, soup in pages.items():
        for tag, kind in (("a", "href"), ("img", "src"), ("script", "src"), ("link", "href"), ("iframe", "src")):
            for link in (found[kind] for found in soup.find_all(tag, **{kind: True})):
                target, place = urldefrag(urljoin(f"http://site/{name}", link))
                if urlsplit(target).netloc != "site":
                    continue
                file = unquote(urlsplit(target).path[1:]) or "index.html"
                if not (site / file).is_file():
                    broken.append(f"{name}: {link}")
                elif place and not file.startswith("live") and unquote(place) not in ids[file]:
                    broken.append(f"{name}: {link}: no such place")
    assert len(pages) > 90
    assert not broken


def test_sizes(site):
    sizes = {p.relative_to(site).as_posix(): p.stat().st_size / 1e6 for p in site.rglob("*") if p.is_file()}
    assert sum(sizes.values()) < 60
    pages = {name: size for name, size in sizes.items() if name.endswith(".html") and not name.startswith("live/")}
    assert max(pages.values()) < 3
    assert len([name for name in sizes if "plotly" in name]) == 1


@pytest.mark.parametrize("width, scheme", [(1280, "light"), (390, "dark")])
def test_pages_are_quiet_ask_nothing_elsewhere_and_fit(site, address, page, said, width, scheme):
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    for name in ("index", "series", "lab", "glass-box", "search", "api/cl", "docs/results", "docs/map_of_the_paper"):
        page.goto(f"{address}/{name}.html")
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wide) <= 0, f"{name} is scrolled sideways at {width} pixels"
    for name in (START, BOX):
        page.goto(f"{address}/{name}")
        for figure in page.locator(".plot").all():
            figure.scroll_into_view_if_needed()
            figure.locator(".main-svg").first.wait_for()
        assert page.evaluate(wide) <= 0, f"{name} is scrolled sideways at {width} pixels"
    assert not page.refused
    assert not said


def test_figures_follow_the_theme(address, page):
    page.emulate_media(color_scheme="dark")
    page.goto(f"{address}/{START}")
    place = page.locator(".plot").first
    place.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.plot').dataset.drawn === 'dark'")
    title = place.locator(".gtitle")
    assert title.evaluate("node => getComputedStyle(node).fill") == "rgb(232, 232, 232)"
    page.evaluate("document.body.dataset.theme = 'light'")  # as the button does
    page.wait_for_function("document.querySelector('.plot').dataset.drawn === 'light'")
    assert title.evaluate("node => getComputedStyle(node).fill") == "rgb(34, 34, 34)"


def test_search_finds_a_word(address, page):
    page.goto(f"{address}/search.html?q=silencer")
    page.locator("#search-results li a[href*='notebooks/glossary']").first.wait_for()  # they are listed one by one


def test_a_word_is_explained_on_hover_and_leads_to_the_glossary(address, page):
    page.goto(f"{address}/{START}")
    word = page.locator("a.word", has_text="enhancers").first
    word.hover()
    meaning = page.locator("#meaning")
    meaning.wait_for(state="visible")
    assert meaning.text_content().startswith("A stretch of DNA")
    page.mouse.move(0, 0)
    meaning.wait_for(state="hidden")
    word.focus()
    meaning.wait_for(state="visible")
    page.keyboard.press("Escape")
    meaning.wait_for(state="hidden")
    word.click()
    page.wait_for_url("**/glossary.html#word-enhancer")


def test_a_quiz_answers(address, page):
    page.goto(f"{address}/{START}")
    question = page.locator(".cl-quiz fieldset").first
    for choice in question.locator(".choices button").all():
        choice.click()
    assert question.locator("button.right").count() == 1
    assert question.locator("button.wrong").count() >= 1
    assert "answered" in page.locator(".cl-quiz .score").text_content()


def test_the_lab_of_a_notebook_opens_at_its_gene_and_answers(site, address, page, said):
    page.goto(f"{address}/{START}")
    frame = page.locator(".live iframe")
    gene = re.search(r"#(\w+)/", frame.get_attribute("src"))[1]
    frame.scroll_into_view_if_needed()
    lab = page.frame_locator(".live iframe")
    lab.locator(".cl-lab, .cl-widget").first.wait_for()
    inside = next(f for f in page.frames if "live/lab" in f.url)
    inside.wait_for_function("window.chromolab")
    assert gene in inside.evaluate("document.body.innerText")
    before = inside.evaluate("document.body.innerText")
    lab.get_by_role("tab", name="Recipes").click()
    lab.get_by_role("button", name="Silence", exact=False).first.click()
    inside.wait_for_function("before => document.body.innerText !== before", arg=before)
    page.evaluate("document.body.dataset.theme = 'dark'")
    inside.wait_for_function("document.body.dataset.jpThemeLight === 'false'")
    assert not page.refused and not said


def test_the_glass_box_of_a_notebook_opens(address, page, said):
    page.goto(f"{address}/{BOX}")
    page.locator(".live iframe").scroll_into_view_if_needed()
    box = page.frame_locator(".live iframe")
    box.get_by_text("Pairwise interaction").first.wait_for()
    assert not page.refused and not said


def test_the_series_is_read_in_its_order(site):
    pages = parsed(site)
    order = [tile["href"] for tile in pages["series.html"].select(".tile")]
    assert order[0].endswith("primer_biology.html") and order[2] == START
    assert order[3:] == sorted(order[3:])
    for before, after in zip(order, order[1:], strict=False):
        assert urljoin(before, pages[before].select_one("a.next-page")["href"]) == after


def test_the_site_opens_from_a_file(site, page, said):
    page.unroute("**/*")
    page.goto((site / START).as_uri())
    page.locator(".cl-quiz").wait_for()
    page.locator(".plot").first.scroll_into_view_if_needed()
    page.locator(".plot .main-svg").first.wait_for()
    page.goto((site / "search.html").as_uri() + "?q=silencer")
    page.locator("#search-results li a").first.wait_for()
    assert not said
