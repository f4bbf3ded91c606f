"""README.md and docs/: short, whole, and in agreement with the notebooks."""

import re
from pathlib import Path

import nbformat
import pytest
from PIL import Image

from chromolab.show.notebooks.series import notebooks_of

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SERIES = notebooks_of(ROOT / "notebooks")
FOR_TEACHERS = sorted((ROOT / "docs" / "instructor").glob("*.md"))
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def test_the_readme_is_read_in_one_go():
    assert 60 <= len(README.splitlines()) <= 90


def test_the_readme_leads_to_every_page_of_docs():
    assert {path.name for path in PAGES[1:]} == set(re.findall(r"\]\(docs/([\w.]+)\)", README))


def test_the_series_and_its_minutes_are_as_the_notebooks_say():
    rows = dict(re.findall(r"(?m)^\| \[\w+\]\(notebooks/(\w+\.ipynb)\) \|.*\| (\d+) \|$", README))
    first = {path.name: nbformat.read(path, as_version=4).cells[0].source for path in SERIES}
    assert rows == {name: re.search(r"(\d+) minutes of reading", text)[1] for name, text in first.items()}


@pytest.mark.parametrize("page", PAGES + FOR_TEACHERS, ids=lambda path: path.name)
def test_links_lead_to_files_that_exist(page):
    links = re.findall(r"\]\((?![a-z]+:|#)([^)#]+)", page.read_text(encoding="utf-8"))
    assert not [link for link in links if not (page.parent / link).exists()]


def test_the_minutes_of_each_plan_add_up():
    _, *plans = re.split(r"(?m)^## ", (ROOT / "docs" / "instructor" / "plans.md").read_text(encoding="utf-8"))
    assert len(plans) == 3
    for plan in plans:
        total = int(re.search(r"Total: (\d+) minutes", plan)[1])
        assert total == sum(map(int, re.findall(r"(?m)^\| (\d+) \|", plan))), plan.splitlines()[0]


@pytest.mark.real
def test_the_capstone_begins_as_it_says_and_its_points_add_up(monkeypatch, real):
    monkeypatch.setenv("CHROMOLAB_REAL_DATA", str(real))
    text = (ROOT / "docs" / "instructor" / "capstone.md").read_text(encoding="utf-8")
    assert sum(map(int, re.findall(r"(?m)^\| \*\*(\d)\*\*", text))) == 20
    names: dict = {}
    exec(re.search(r"(?s)```python\n(.*?)```", text)[1], names)
    assert len(names["effects"]) == 4 and names["figure"].data


def test_the_moving_picture_moves_and_is_small():
    path = ROOT / re.search(r"!\[[^\]]+\]\(([^)]+)\)", README)[1]
    assert path.stat().st_size < 2e6
    with Image.open(path) as picture:
        assert picture.n_frames > 10


@pytest.mark.browser
def test_a_browser_shows_the_moving_picture_and_it_moves(page):
    page.unroute("**/*")
    page.goto((ROOT / re.search(r"!\[[^\]]+\]\(([^)]+)\)", README)[1]).as_uri())
    assert page.evaluate("document.querySelector('img').decode().then(() => true)")  # Pillow reads what browsers refuse
    first = page.screenshot()
    while page.screenshot() == first:
        page.wait_for_timeout(200)
