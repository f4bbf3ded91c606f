"""axe-core on the lab: with an edit made, a gene being typed, each tab open, and as a page of its own."""

import pytest
from helpers import axe, bare, toys
from helpers import whatif_driver as driver
from helpers.widgets import toy_models

from chromolab.show.widgets.whatif.lab import WhatIf

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def look_at_all(page):
    """What axe finds in the lab as it stands, under each tab, with the keys shown, and while a gene is typed."""
    found = {"as it stands": axe.violations(page, "body")}
    for tab in page.get_by_role("tab").all():
        tab.click()
        driver.rest(page)
        found[tab.inner_text()] = axe.violations(page, "body")
    page.keyboard.press("?")
    page.get_by_role("dialog", name="keys").wait_for()
    found["keys"] = axe.violations(page, "body")
    page.keyboard.press("Escape")
    page.get_by_label("Gene", exact=True).fill("G")
    page.get_by_role("option").first.wait_for()
    found["gene"] = axe.violations(page, "body")
    return {where: what for where, what in found.items() if what}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_in_the_lab_axe_finds_nothing_serious(page, theme):
    lab = WhatIf(toy_models(), toys.toy_dataset(genes=12), gene="G1")
    bare.show(page, lab, "marks", theme=theme)
    driver.rest(page)
    page.mouse.click(*page.evaluate(driver.PLACES)["arcs"][0])
    driver.rest(page)
    assert look_at_all(page) == {}
    lab.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_the_page_alone_axe_finds_nothing_serious(page, tmp_path, scheme):
    lab = WhatIf(toy_models(), toys.toy_dataset(genes=12), gene="G1")
    path = lab.save_page(tmp_path / "lab.html", genes=["G1", "G2"], progress=False)
    page.unroute("**/*")
    page.emulate_media(color_scheme=scheme)
    page.goto(path.as_uri())
    driver.rest(page)
    page.mouse.click(*page.evaluate(driver.PLACES)["arcs"][0])
    driver.rest(page)
    assert axe.violations(page, "body") == []
    lab.close()
