"""axe-core on a page of a test: what its rules say hinders readers with a screen reader, a keyboard, or weak eyes."""

import os
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RUN = """async (place) => {
    const {violations} = await axe.run(place, {resultTypes: ['violations']});
    const places = (nodes) => nodes.slice(0, 4).map((n) => n.html.slice(0, 160)).join(' | ');
    return violations.filter((v) => ['serious', 'critical'].includes(v.impact))
        .map((v) => `${v.id} (${v.impact}): ${v.help}; ${places(v.nodes)}`);
}"""


def violations(page, place: str) -> list[str]:
    """What is wrong within a selector, seriously or critically; without axe-core, skip (or fail, as for Chromium)."""
    if not SOURCE.is_file():
        missing = "axe-core not found: make check-widgets fetches it"
        pytest.fail(missing) if os.environ.get("CHROMOLAB_NEEDS_BROWSER") else pytest.skip(missing)
    page.evaluate(SOURCE.read_text(encoding="utf-8"))
    return page.evaluate(RUN, place)
