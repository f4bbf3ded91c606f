"""The page of the what-if lab as a visitor's browser shows it, from the first request to the lab."""

from pathlib import Path

import pytest
from helpers.axe import violations
from helpers.page import TOKEN, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

APP = Path(__file__).resolve().parents[3] / "notebooks" / "app.ipynb"


def test_a_visitor_sees_what_is_made_ready_and_then_the_lab_and_asks_only_this_machine(tmp_path, page):
    seen = []
    page.expose_function("steps", lambda texts: seen.extend(t for t in texts if t not in seen))
    page.add_init_script("""setInterval(() => window.steps([...document.querySelectorAll('#loading li.now')]
        .map((line) => line.textContent)), 20);""")
    with serving(APP, tmp_path, prepared=False) as served:
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(f"{served.address}/?token={TOKEN}", wait_until="commit")
        page.wait_for_selector("#rendered_cells .cl-whatif canvas")
        page.wait_for_selector("#loading", state="detached")
        assert page.title() == "The what-if lab"
        assert {"Python's libraries", "the teaching genome"} <= set(seen) and any("the lab" in t for t in seen), seen
        assert page.refused == []
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        links = page.evaluate("() => [...document.querySelectorAll('a[href]')].map((a) => a.href)")
        assert all(page.request.get(link).status == 200 for link in links)
        assert "notebook 00" in page.text_content("#rendered_cells") and ".ipynb" not in page.content()
        assert violations(page, "body") == []
