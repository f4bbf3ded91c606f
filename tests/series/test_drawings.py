"""The drawings of the course: files as they are drawn, every text in its place, and a notebook for each."""

import itertools
import re
from xml.etree import ElementTree

import nbformat
import pytest
from helpers.drawings.architecture import LIT, PARTS
from helpers.drawings.pen import THEME, WIDTH, Sheet, width_of
from helpers.drawings.pictures import DRAWINGS, IMAGES, stale

from chromolab.show.notebooks.series import notebooks_of

PICTURE = re.compile(r"!\[([^\]]*)\]\(images/([\w-]+)\.svg\)\s*\n\n([^\n]+(?:\n[^\n]+)*)")  # alt, name, what to see


def pictures():
    """{notebook: [(alt text, drawing, the sentence under it)]} of the series."""
    found = {}
    for path in notebooks_of(IMAGES.parent):
        cells = [c.source for c in nbformat.read(path, as_version=4).cells if c.cell_type == "markdown"]
        found[path.stem] = [match for source in cells for match in PICTURE.findall(source)]
    return found


def test_the_files_are_what_is_drawn():
    assert not [path.name for path in stale()], "make format draws them anew"


@pytest.mark.parametrize("name", DRAWINGS)
def test_no_text_is_cut_or_lies_on_another(name):
    sheet = DRAWINGS[name]()
    for text, left, top, right, bottom in sheet.texts:
        assert left >= 0 and right <= WIDTH and top >= 0 and bottom <= sheet.height, text
    for (a, *one), (b, *other) in itertools.combinations(sheet.texts, 2):
        apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
        assert apart, f"{a!r} lies on {b!r}"


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_is_sound_svg_that_says_what_it_shows_and_asks_no_network(name):
    root = ElementTree.fromstring(DRAWINGS[name]().svg())
    assert len(root.get("aria-label")) > 40 and root.get("role") == "img"
    assert not [e for e in root.iter() for key in e.attrib if key.endswith("href")]


def test_every_drawing_stands_in_a_notebook_with_an_alt_text_and_a_sentence():
    shown = [picture for found in pictures().values() for picture in found]
    assert {name for _, name, _ in shown} == set(DRAWINGS)
    for alt, name, sentence in shown:
        assert len(alt) > 20 and sentence[0].isupper() and sentence.rstrip().endswith((".", "?", ":")), name


def test_the_architecture_stands_in_every_notebook_on_the_model():
    for notebook, found in pictures().items():
        drawn = [name for _, name, _ in found if name in LIT]
        if notebook[:2] == "00" or "03" <= notebook[:2] <= "15":
            assert len(drawn) > 1 if notebook[:2] == "06" else len(drawn) == 1, notebook  # 06 walks through all pieces


def test_lit_parts_are_parts():
    assert all(set(parts) <= set(PARTS) for parts in LIT.values())


def test_a_text_on_another_is_found():
    sheet = Sheet("two texts on one another, to see that the test above can fail", 40)
    sheet.text(10, 20, "one text")
    sheet.text(10 + width_of("one"), 24, "another")
    (_, *one), (_, *other) = sheet.texts
    assert one[2] > other[0] and one[3] > other[1]


def test_text_can_be_read_on_light_and_on_dark():
    def luminance(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for ink, (ground, dark) in itertools.product(("ink", "quiet"), itertools.product(("ground", "pale"), (0, 1))):
        light, deep = sorted((luminance(THEME[ink][dark]), luminance(THEME[ground][dark])), reverse=True)
        assert (light + 0.05) / (deep + 0.05) >= 4.5, (ink, ground, dark)
