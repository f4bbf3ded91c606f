"""show/notebooks/made/cards: a page per notebook, made from the notebook and the glossary."""

import re
from pathlib import Path

import nbformat
import pytest

from chromolab.errors import ChromolabError
from chromolab.show.notebooks.made import cards

NOTEBOOKS = Path(__file__).parents[4] / "notebooks"
AIMS = "# Title of it\n\nYou will be able to\n\n- do one thing;\n- see [figure](images/a.png)\n  twice.\n\n**Time:**"
RECAP = "## What to remember\n\n- The one thing.\n- And `x[0](1)`.\n\nNext: [02](02_b.ipynb)."


@pytest.fixture
def folder(tmp_path):
    cells = [nbformat.v4.new_markdown_cell(AIMS), nbformat.v4.new_markdown_cell(RECAP)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "01_a.ipynb")
    words = "# Glossary\n\n**bin** ([01](01_a.ipynb)): A stretch.\n\n**fold** ([02](02_b.ipynb)): A group.\n"
    (tmp_path / "glossary.md").write_text(words)
    return tmp_path


def test_a_card_holds_aims_recap_and_the_notebooks_own_words(folder):
    (path,) = cards.write_cards(folder)
    text = path.read_text()
    assert path == folder / "cards" / "01_a.md"
    assert text.startswith("# 01 · Title of it\n")
    assert "- do one thing;\n- see [figure](../images/a.png)\n  twice." in text  # seen from the cards' folder
    assert "- The one thing.\n- And `x[0](1)`." in text and "Next:" not in text
    assert "- **bin**: A stretch." in text and "fold" not in text
    assert cards.write_cards(folder) == []


def test_a_card_is_stale_when_its_notebook_or_the_glossary_changes(folder):
    (path,) = cards.write_cards(folder)
    words = folder / "glossary.md"
    words.write_text(words.read_text().replace("A stretch", "A piece"))
    assert list(cards.stale(folder)) == [path]
    cards.write_cards(folder)
    assert not cards.stale(folder) and "A piece" in path.read_text()


@pytest.mark.parametrize(
    "lines, message",
    [
        ("**bin**: no notebook", "line 1: expected"),
        ("**bin** ([01](a.ipynb)): x\n**bin** ([01](a.ipynb)): y", "explained twice"),
        ("**fold** ([01](a.ipynb)): x\n**bin** ([01](a.ipynb)): y", "'bin' comes after 'fold'"),
    ],
)
def test_a_broken_glossary_is_refused(tmp_path, lines, message):
    (tmp_path / "glossary.md").write_text(lines)
    with pytest.raises(ChromolabError, match=message):
        cards.glossary(tmp_path / "glossary.md")


def test_every_word_is_used_in_the_notebook_that_introduces_it():
    for word, (name, _) in cards.glossary(NOTEBOOKS / "glossary.md").items():
        assert (NOTEBOOKS / name).is_file(), f"{word}: no notebook {name}"
        text = " ".join(c.source for c in nbformat.read(NOTEBOOKS / name, as_version=4).cells)
        stems = [re.escape(w[:-1] if len(w) > 4 else w) for w in re.split(r"[ ,]+", word)]
        missing = [stem for stem in stems if not re.search(stem, text, re.IGNORECASE)]
        assert not missing, f"{name} never says {word!r}"
