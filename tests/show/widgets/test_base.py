"""show/widgets/base: every widget's script and styles are one text each, which asks nobody."""

import re

import anywidget
import pytest

from chromolab.show.widgets.base import STATIC
from chromolab.show.widgets.browser.browser import TrackBrowser
from chromolab.show.widgets.glassbox.box import GlassBox
from chromolab.show.widgets.quiz.quiz import Quiz
from chromolab.show.widgets.whatif.lab import WhatIf

WIDGETS: tuple[type[anywidget.AnyWidget], ...] = (TrackBrowser, GlassBox, Quiz, WhatIf)
BUILT = ("bundle.js", "eslint.config.js")
MODULES = [p for ending in ("js", "jsx") for p in STATIC.rglob(f"*.{ending}") if p.name not in BUILT]


@pytest.mark.parametrize("widget", WIDGETS)
def test_a_widget_is_one_script_that_asks_nobody(widget):
    text, style = re.sub(r"/\*.*?\*/", "", str(widget._esm), flags=re.S), str(widget._css)  # types stand in comments
    assert re.search(r"^export \{", text, re.M) and not re.search(r"^import\b|\bimport\(|\bfetch\(|XMLHttp", text, re.M)
    assert "url(" not in style and "@import" not in style


def test_the_modules_write_no_html_and_name_no_address():
    assert len(MODULES) > 10
    for path in MODULES:
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/", "")  # names of SVG, asked of nobody
        for forbidden in (
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "http://",
            "https://",
            "eval(",
        ):
            assert forbidden not in text, (path, forbidden)


def test_a_bundle_lies_beside_the_module_it_is_made_from():
    made = {w.__module__.split(".")[-2] for w in WIDGETS} | {"glassbox/local", "whatif/local"}  # pages of their own
    assert {p.parent.relative_to(STATIC).as_posix() for p in STATIC.rglob("bundle.js")} == made
