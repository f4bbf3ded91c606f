"""show/notebooks/series: many notebooks, or one with many settings; what is done is not run twice."""

import re

import pytest
from helpers import toy_notebooks

from chromolab.errors import ChromolabError
from chromolab.show.notebooks import series

FIGURE = "import chromolab as cl\ncl.key_figure('double', 2.0 * x, note='toy')"


def test_a_series_into_its_own_folder_or_over_other_pages_harms_nothing(tmp_path):
    path = toy_notebooks.write(tmp_path / "nb" / "00_toy.ipynb", "x")
    before = path.read_bytes()
    table = series.run_series(tmp_path / "nb", tmp_path / "nb")
    assert path.read_bytes() == before and "is the notebook itself" in table["error"][0]
    (tmp_path / "mine" / "sub").mkdir(parents=True)
    (tmp_path / "mine" / "00_toy.html").write_text("my page")
    with pytest.raises(ChromolabError, match="00_toy.html: no run wrote this page"):
        series.run_series(tmp_path / "nb", tmp_path / "mine")
    assert (tmp_path / "mine" / "00_toy.html").read_text() == "my page"


def test_a_series_leaves_an_index_that_opens_without_a_network(tmp_path):
    plot = "import plotly.graph_objects as go\ngo.Figure(go.Scatter(y=[x, 2]))"
    toy_notebooks.write(tmp_path / "nb" / "00_plot.ipynb", FIGURE, plot)
    toy_notebooks.write(tmp_path / "nb" / "01_broken.ipynb", "raise ValueError('<odd> & reason')")
    toy_notebooks.write(tmp_path / "nb" / "not_numbered.ipynb", "1 / 0")
    table = series.run_series(tmp_path / "nb", tmp_path / "out")
    assert list(table["notebook"]) == ["00_plot", "01_broken"]
    assert list(table["key_figures"]) == ["double = 2", ""]
    index = (tmp_path / "out" / "index.html").read_text()
    assert "2 notebooks run, 1 failed" in index
    assert "&lt;odd&gt; &amp; reason" in index and "<odd>" not in index
    for page in re.findall(r'href="([^"]+)"', index):
        assert (tmp_path / "out" / page).is_file()
    page = (tmp_path / "out" / "00_plot.html").read_text()
    assert '<script src="plotly.min.js"></script>' in page and "Plotly.newPlot" in page
    assert (tmp_path / "out" / "plotly.min.js").stat().st_size > 1e6
    assert len(page) < 1e6 and (tmp_path / "out" / "00_plot.ipynb").stat().st_size < 1e5
    assert set(re.findall(r'<(?:script|link)[^>]*(?:src|href)="(https?://[^/"]+)', page)) <= {
        "https://cdnjs.cloudflare.com"
    }


def test_a_failure_takes_the_place_of_an_earlier_success(tmp_path):
    path = toy_notebooks.write(tmp_path / "nb" / "00_toy.ipynb", "x")
    assert series.run_series(tmp_path / "nb", tmp_path / "out")["error"][0] == ""
    toy_notebooks.write(path, "x / 0")
    assert series.run_series(tmp_path / "nb", tmp_path / "out")["error"][0]
    assert not (tmp_path / "out" / "00_toy.ipynb").exists()


def test_a_series_gives_solved_only_to_notebooks_that_know_it(tmp_path):
    show = "import chromolab as cl\ncl.key_figure('solved', solved)"
    toy_notebooks.write(tmp_path / "nb" / "00_without.ipynb", "x")
    toy_notebooks.write(tmp_path / "nb" / "01_with.ipynb", show, parameters="solved = False")
    table = series.run_series(tmp_path / "nb", tmp_path / "out", solved=True)
    assert list(table["key_figures"]) == ["", "solved = True"]
    assert list(series.run_series(tmp_path / "nb", tmp_path / "out", only=["00"])["notebook"]) == ["00_without"]
    with pytest.raises(ChromolabError, match="no numbered notebook 07"):
        series.run_series(tmp_path / "nb", tmp_path / "out", only=["07"])
