"""show/notebooks/pages: pages that open without a network, and names that stay text."""

import re

import nbformat
import pandas as pd
import plotly.graph_objects as go
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from chromolab.show.notebooks.output import FIGURE
from chromolab.show.notebooks.pages import PLOTLY, write_index, write_page


def executed(path, figure: go.Figure | None):
    """A notebook with one output: a figure as plotly stores it, or text."""
    data = {"text/plain": "no figure"} if figure is None else {PLOTLY: figure.to_plotly_json()}
    cell = new_code_cell("1", outputs=[new_output("display_data", data)])
    nbformat.write(new_notebook(cells=[cell]), path)
    return path


def test_figures_of_a_folder_are_drawn_by_one_copy_of_plotly_beside_the_pages(tmp_path):
    figure = go.Figure(go.Scatter(y=[1.25, 3.5]), layout={"title": {"text": "two points"}})
    (tmp_path / "out").mkdir()
    for name in ("a", "b"):
        page = write_page(executed(tmp_path / f"{name}.ipynb", figure), tmp_path / "out" / f"{name}.html")
        text = page.read_text()
        assert text.count('<script src="plotly.min.js"></script>') == 1
        assert "Plotly.newPlot" in text and "[1.25,3.5]" in text and "two points" in text
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["a.html", "b.html", "plotly.min.js"]
    assert (tmp_path / "out" / "plotly.min.js").stat().st_size > 1_000_000


def test_a_page_without_figures_needs_no_plotly(tmp_path):
    text = write_page(executed(tmp_path / "a.ipynb", None), tmp_path / "a.html").read_text()
    assert "no figure" in text and "plotly.min.js" not in text
    assert not (tmp_path / "plotly.min.js").exists()


def test_the_pictures_of_a_text_are_in_the_page(tmp_path):
    (tmp_path / "notebooks" / "images").mkdir(parents=True)
    (tmp_path / "notebooks" / "images" / "a.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    nbformat.write(new_notebook(cells=[new_markdown_cell("![what it shows](images/a.svg)")]), tmp_path / "ran.ipynb")
    text = write_page(tmp_path / "ran.ipynb", tmp_path / "ran.html", pictures=tmp_path / "notebooks").read_text()
    assert 'src="data:image/svg+xml;base64,' in text and "images/a.svg" not in text and 'alt="what it shows"' in text


def test_what_is_folded_in_jupyterlab_is_folded_in_the_page(tmp_path):
    cells = [new_code_cell("plumbing = 1", metadata={"jupyter": {"source_hidden": True}}), new_code_cell("taught = 2")]
    nbformat.write(new_notebook(cells=cells), tmp_path / "a.ipynb")
    text = write_page(tmp_path / "a.ipynb", tmp_path / "a.html").read_text()
    first, second = re.findall(r'<div class="jp-Cell jp-CodeCell([^"]*)"', text)
    assert "celltag_folded" in first and "celltag_folded" not in second
    assert 'class="jp-Cell-inputWrapper" tabindex="0"' in text  # what the rule of the style opens by the tab key
    assert ".celltag_folded" in text.partition("</head>")[0]


def test_a_folded_answer_stays_folded_and_no_file_beside_the_folder_enters_the_page(tmp_path):
    (tmp_path / "secret.svg").write_text("<svg/>")
    text = "<details><summary>The answer</summary>\n\n**Yes**, of course.\n\n</details>\n\n![x](../secret.svg)"
    (tmp_path / "nb").mkdir()
    nbformat.write(new_notebook(cells=[new_markdown_cell(text)]), tmp_path / "nb" / "a.ipynb")
    page = write_page(tmp_path / "nb" / "a.ipynb", tmp_path / "a.html").read_text()
    assert re.search(
        r"<details><summary>The answer</summary>\s*<p><strong>Yes</strong>, of course.</p>\s*</details>", page
    )
    assert 'src="../secret.svg"' in page


def test_a_copy_of_plotly_that_was_cut_is_replaced(tmp_path):
    figure = executed(tmp_path / "a.ipynb", go.Figure(go.Scatter(y=[1])))
    write_page(figure, tmp_path / "a.html")
    whole = (tmp_path / "plotly.min.js").read_bytes()
    (tmp_path / "plotly.min.js").write_bytes(whole[:1000])
    write_page(figure, tmp_path / "a.html")
    assert (tmp_path / "plotly.min.js").read_bytes() == whole


def test_the_index_lists_every_run_and_names_are_text(tmp_path):
    rows = pd.DataFrame(
        {
            "notebook": ["00_start", "01_<b>bold"],
            "page": ["00_start.html", ""],
            "seconds": [12.34, float("nan")],
            "key_figures": ["r = 0.9", ""],
            "error": ["", "cell 3: 1 < 2 & broken"],
        }
    )
    text = write_index(rows, tmp_path / "index.html").read_text()
    assert "<p>2 notebooks run, 1 failed, 12 s in all.</p>" in text
    assert '<a href="00_start.html">00_start</a></td><td class="number">12.3</td>' in text
    assert "01_&lt;b&gt;bold</td>" in text and "<b>bold" not in text  # no link without a page
    assert "cell 3: 1 &lt; 2 &amp; broken" in text and re.search(r"<td>r = 0.9</td><td>ok</td>", text)


def test_what_is_there_for_machines_alone_is_left_out_in_silence(tmp_path, recwarn):
    quiet, said = {FIGURE: {"name": "r"}}, {FIGURE: {"name": "s"}, "text/plain": "s = 2"}
    cell = new_code_cell("1", outputs=[new_output("display_data", data) for data in (quiet, said)])
    nbformat.write(new_notebook(cells=[cell]), tmp_path / "a.ipynb")
    assert "s = 2" in write_page(tmp_path / "a.ipynb", tmp_path / "a.html").read_text()
    assert not [w for w in recwarn if "mimetype" in str(w.message)]
