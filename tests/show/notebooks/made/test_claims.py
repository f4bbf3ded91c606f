"""show/notebooks/made/claims: the article claim by claim, on one page and in the notebooks' tables."""

from pathlib import Path

import nbformat
import pytest

import chromolab as cl
from chromolab.errors import ChromolabError
from chromolab.show.cli.main import main
from chromolab.show.notebooks.made import claims

NOTEBOOKS = Path(__file__).parents[4] / "notebooks"
ENTRY = """
- part: The model
  claim: it is a set
  notebook: 01_a
  look: Is it?
  measured: "yes: to 1e-15"
  data: the function
  verdict: reproduced
  why: A test proves it.
"""
PLANNED = """
- part: Outlook
  claim: letters will do
  measured: nothing yet
  data: simulated
  verdict: not tried
  why: It is planned.
"""
OLD = claims.HEAD + "| what stood here | nothing | simulated | partly |\n"


@pytest.fixture
def folder(tmp_path):
    """A repository of one notebook with a table, and two claims."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    cells = [
        nbformat.v4.new_markdown_cell(s) for s in ("# A title: more", f"## Is it?\n\nSo.\n\n{OLD}\nAnd on.", "End.")
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "01_a.ipynb")
    (folder / "claims.yaml").write_text("claims:" + ENTRY + PLANNED)
    return folder


def test_the_page_and_the_notebooks_table_are_written_from_the_list(folder):
    page = folder.parent / "docs" / "map_of_the_paper.md"
    assert claims.write_claims(folder) == [folder / "01_a.ipynb", page]
    first, middle, last = (cell.source for cell in nbformat.read(folder / "01_a.ipynb", as_version=4).cells)
    row = "| it is a set | yes: to 1e-15 | the function | reproduced |\n"
    assert (first, last) == ("# A title: more", "End.") and middle == f"## Is it?\n\nSo.\n\n{claims.HEAD}{row}\nAnd on."
    text = page.read_text()
    assert "**reproduced** | A test proves it. | [01 A title](../notebooks/01_a.ipynb): Is it? |" in text
    assert text.index("## The model") < text.index("## Outlook") and "letters will do" in text
    assert "Of 2 claims:" in text and "- **reproduced** (1):" in text and "- **partly** (0):" in text
    assert claims.write_claims(folder) == [] and claims.stale(folder) == {}


def test_what_was_changed_by_hand_is_stale(folder):
    claims.write_claims(folder)
    page, notebook = folder.parent / "docs" / "map_of_the_paper.md", folder / "01_a.ipynb"
    page.write_text(page.read_text().replace("**reproduced** |", "**partly** |"))
    notebook.write_text(notebook.read_text().replace("to 1e-15", "to 1e-3"))
    assert set(claims.stale(folder)) == {page, notebook}


def test_a_table_at_the_end_of_a_cell_is_filled_in_too(folder):
    path = folder / "01_a.ipynb"
    nb = nbformat.read(path, as_version=4)
    nb.cells[1].source = nb.cells[1].source.removesuffix("\n\nAnd on.")
    nbformat.write(nb, path)
    claims.write_claims(folder)
    assert nbformat.read(path, as_version=4).cells[1].source.endswith("| the function | reproduced |")
    assert claims.stale(folder) == {}


@pytest.mark.parametrize(
    "old, new, message",
    [
        ("verdict: reproduced", "verdict: proved", "line 8.*'reproduced'"),
        ("  why: A test proves it.\n", "", "why"),
        ("look: Is it?", "look: Was it?", r"heading 'Was it\?'"),
        ("notebook: 01_a", "notebook: 02_b", "02_b.ipynb, which does not exist"),
        ("it is a set", "it is | a set", r"has a \| in it"),
    ],
)
def test_a_mistake_in_the_list_is_refused(folder, old, new, message):
    path = folder / "claims.yaml"
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(ChromolabError, match=message):
        claims.stale(folder)


@pytest.mark.parametrize("text", ["no table", OLD + "\n" + OLD])
def test_a_notebook_with_claims_has_one_table(folder, text):
    nb = nbformat.read(folder / "01_a.ipynb", as_version=4)
    nb.cells[1].source = "## Is it?\n\n" + text
    nbformat.write(nb, folder / "01_a.ipynb")
    with pytest.raises(ChromolabError, match="expected one table that begins with '. the article says"):
        claims.stale(folder)


def test_check_refuses_a_stale_table_and_format_mends_it(folder, monkeypatch, capsys):
    monkeypatch.chdir(folder.parent)
    main(["check-notebooks"])
    assert "01_a.ipynb: does not agree with claims.yaml: run `make format`" in capsys.readouterr().out
    main(["check-notebooks", "--strip"])
    main(["check-notebooks"])
    assert "claims.yaml" not in capsys.readouterr().out


def test_the_series_agrees_with_its_claims():
    assert claims.stale(NOTEBOOKS) == {}


def test_what_is_said_of_parts_is_what_the_shipped_table_says():
    found = {}
    for (data, kind), _ in (table := cl.results("ablate")).groupby(["data", "kind"]):
        runs = table[(table["data"] == data) & ((table["kind"] == kind) | (table["variant"] == "whole model"))]
        runs = runs[runs.groupby(["fold", "seed"])["variant"].transform("nunique") == runs["variant"].nunique()]
        paired = cl.metrics.paired(runs, "auc" if data == "pilot" else "r2", "whole model", name="variant")
        found |= {(data, row.name): row for row in paired.itertuples()}
    strong, own = "teaching, strong contacts", claims.read_claims(NOTEBOOKS / "claims.yaml")
    said = "\n".join(f"{c.data}: {c.measured}" for c in own if c.notebook == "08_what_matters")
    for words, data, variant, interval in (
        ("500 bp", "teaching", "500 bp bins only", False),
        ("100 bp", "teaching", "100 bp bins only", True),
        ("no contacts", "teaching", "no contacts", True),
        ("no contacts", strong, "no contacts", True),
        ("shuffled contacts", strong, "shuffled contacts", False),
        ("no frequencies", strong, "no frequencies", True),
        ("embedding only", strong, "embedding only", True),
        ("no pairwise step", strong, "no pairwise step", False),
    ):
        row = found[data, variant]
        told = f"{words} {two_decimals(row.difference)}"
        if interval:
            told += f" ({two_decimals(row.low)} to {two_decimals(row.high)})"
        assert told in said, (words, data)


def two_decimals(value):
    text = f"{value:+.2f}"
    return "0.00" if text in ("+0.00", "-0.00") else text
