"""A word of the glossary is explained before it is used, in the order in which the series is read.

A reader reads one primer before the numbered notebooks, or none.
"""

import re
from pathlib import Path

import nbformat
import pytest

from chromolab.show.notebooks.made.cards import glossary
from chromolab.show.notebooks.series import PRIMER, notebooks_of

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
ENGLISH = {  # words that are common English long before they are words of the field: how they are used until then
    "copy": "an edited copy of a gene, a copy of a file",
    "head": "a table's head",
}
NOT_PROSE = re.compile(r"(?s)```.*?```|`[^`]*`|!?\[[^\]]*\]\([^)]*\)")  # code, pictures, links
BOLD = re.compile(r"(?s)\*\*.+?\*\*")


# Who reads a primer finds its words there, and who skips it knows them.
HOMES = {word: home for word, (home, _) in glossary(NOTEBOOKS / "glossary.md").items() if not PRIMER.fullmatch(home)}


def blocks(path: Path):
    """Paragraphs, rows of tables and items of lists; the first cell and headings only name what will be explained."""
    for cell in nbformat.read(path, as_version=4).cells[1:]:
        if cell.cell_type == "markdown":
            yield from re.split(r"\n\s*\n|\n(?=\||- )", re.sub(r"(?m)^#+ .*$", "", cell.source))


def pattern(word: str) -> re.Pattern:
    """Finds the word, or its plural, whole; one in small letters also at the beginning of a sentence."""
    return re.compile(rf"(?<![\w-]){re.escape(word)}s?(?![\w-])", re.IGNORECASE if word.islower() else 0)


def ways_in(folder: Path) -> list[list[Path]]:
    """What each reader reads, in order: the numbered notebooks, and these behind one primer."""
    paths = notebooks_of(folder)
    numbered = [path for path in paths if not PRIMER.fullmatch(path.name)]
    return [numbered, *([path, *numbered] for path in paths if path not in numbered)]


def too_early(word: str, home: str, paths: list[Path]) -> str:
    """The block that first uses a word, if it stands before the word's own notebook and does not explain it; or ""."""
    find = pattern(word)
    for path in paths:
        if path.name == home:
            return ""
        for block in blocks(path):
            if not find.search(NOT_PROSE.sub("", block)):
                continue
            # In bold it is explained on the spot; a link to its own notebook says where it will be.
            told = home in block or any(find.search(bold) for bold in BOLD.findall(block))
            return "" if told else f"{path.name}: {block}"
    return ""


@pytest.mark.parametrize("word", sorted(HOMES.keys() - ENGLISH.keys()))
def test_a_word_is_explained_before_it_is_used(word):
    home = HOMES[word]
    early = "".join(too_early(word, home, paths) for paths in ways_in(NOTEBOOKS))
    assert not early, f"{word!r}, which {home} brings in, is used in {early}: put it in bold and explain it, or link"


@pytest.mark.parametrize("word", ENGLISH)
def test_a_word_is_left_out_only_where_that_is_needed(word):
    assert any(too_early(word, HOMES[word], paths) for paths in ways_in(NOTEBOOKS))


def test_a_word_that_comes_too_early_is_noticed(tmp_path):
    def write(name, text):
        cells = [nbformat.v4.new_markdown_cell(source) for source in ("You will be able to open gates.", text)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / name)

    write("01_b.ipynb", "A **gate** lets through.")
    for text, fine in {
        "All gates are open.": False,
        "A **gate** is a number.\n\nThe gate.": True,
        "Gates: see [01](01_b.ipynb).": True,
        "Gates: see [00](00_a.ipynb).": False,
        "Gates.\n\nSee [01](01_b.ipynb).": False,
        "`gate = 1`, ![a gate](x.svg), Gatesby": True,
    }.items():
        write("00_a.ipynb", text)
        assert (too_early("gate", "01_b.ipynb", notebooks_of(tmp_path)) == "") is fine, text
    write("primer_c.ipynb", "A **gate**, before.")
    names = [[path.name for path in paths] for paths in ways_in(tmp_path)]
    assert names == [["00_a.ipynb", "01_b.ipynb"], ["primer_c.ipynb", "00_a.ipynb", "01_b.ipynb"]]
