"""show/experiments/grid: products, zips, lists and seeds, checked against a notebook's parameters."""

import re
from pathlib import Path

import pytest
from helpers import toy_notebooks

from chromolab.errors import ChromolabError
from chromolab.show.experiments.grid import settings_of

ROOT = Path(__file__).parents[3]
PARAMETERS = """
x = 1
rate = 1e-3
word = ""
flag = False
seeds = [0, 1]
where = "run=3"
limit: int | None = None
anything = None
"""


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    return toy_notebooks.write(tmp_path_factory.mktemp("grid") / "toy.ipynb", parameters=PARAMETERS)


@pytest.mark.parametrize(
    "grid, settings",
    [
        ({"x": [1, 2], "flag": [True]}, [{"x": 1, "flag": True}, {"x": 2, "flag": True}]),
        ([{"x": 1}, {"x": 2, "word": "a"}, {"x": 1}], [{"x": 1}, {"x": 2, "word": "a"}]),
        ({"zip": {"x": [1, 2], "word": ["a", "b"]}}, [{"x": 1, "word": "a"}, {"x": 2, "word": "b"}]),
        ({"seeds": 2}, [{"seeds": [0]}, {"seeds": [1]}]),
        ({"seeds": [7, [1, 2]]}, [{"seeds": [7]}, {"seeds": [1, 2]}]),
        (
            {"grid": {"x": range(2)}, "list": [{"word": "a"}, {"flag": True}], "exclude": [{"x": 1, "word": "a"}]},
            [{"x": 0, "word": "a"}, {"x": 0, "flag": True}, {"x": 1, "flag": True}],
        ),
        ({"rate": ["1e-4", 1, 0.5]}, [{"rate": 1e-4}, {"rate": 1}, {"rate": 0.5}]),  # YAML takes 1e-4 for a word
        ({"where": ["run=7"], "limit": [None, 3]}, [{"where": "run=7", "limit": None}, {"where": "run=7", "limit": 3}]),
        ({"anything": [1, "a", None]}, [{"anything": 1}, {"anything": "a"}, {"anything": None}]),
    ],
)
def test_a_grid_gives_its_settings(notebook, grid, settings):
    assert settings_of(grid, notebook) == settings


@pytest.mark.parametrize(
    "grid, words",
    [
        ({"x": []}, "nothing to run for toy.ipynb: the grid has no setting"),
        ({"y": [1]}, "the notebook has no parameter y; it has: x, rate, word"),
        ({"x": ["a"]}, "x is 'a'; the notebook has a whole number there, 1 by default"),
        ({"x": [0.5]}, "x is 0.5; the notebook has a whole number there"),
        ({"x": [True]}, "x is True"),
        ({"flag": [1]}, "flag is 1; the notebook has True or False there"),
        ({"grid": {"seeds": [3]}}, "seeds is 3; the notebook has a list there"),
        ({"limit": ["a"]}, "limit is 'a'; the notebook has a whole number or None there"),
        ({"x": 3}, r"x is 3; expected the list of its values, as in \[0, 1\]"),
        ({"zip": {"x": [1], "word": ["a", "b"]}}, "x has 1, word has 2 values"),
        ({"grid": {"x": [1]}, "zip": {"x": [2]}}, "x is given in two places"),
        ({"seeds": 0}, "seeds is 0; expected how many"),
        ({"list": {"x": 1}}, "expected a list of settings"),
        ({"grid": {"x": range(2000), "rate": [i / 7 for i in range(2000)]}}, "4,000,000 settings"),
        (3, "3 is no grid"),
    ],
)
def test_what_is_no_grid_is_refused_in_words(notebook, grid, words):
    with pytest.raises(ChromolabError, match=words):
        settings_of(grid, notebook)


def test_the_grid_of_the_docs_is_one(tmp_path):
    file = tmp_path / "grid.yaml"
    docs = (ROOT / "docs" / "experiments.md").read_text(encoding="utf-8")
    file.write_text(re.search(r"```yaml\n(grid:.*?)```", docs, re.DOTALL)[1])
    settings = settings_of(file, ROOT / "notebooks" / "experiments" / "train.ipynb")
    assert len(settings) == 12
    assert settings[0] == {"model": "Chromoformer", "learning_rate": 1e-3, "seeds": [0]}


def test_a_grid_is_read_from_yaml(notebook, tmp_path):
    file = tmp_path / "grid.yaml"
    file.write_text("grid:\n  rate: [1e-3, 0.1]\nseeds: 2\nexclude:\n  - {rate: 0.1, seeds: [1]}\n")
    assert settings_of(file, notebook) == [
        {"rate": 1e-3, "seeds": [0]},
        {"rate": 1e-3, "seeds": [1]},
        {"rate": 0.1, "seeds": [0]},
    ]
    file.write_text("grid: {rate: [fast]}\n")
    with pytest.raises(ChromolabError, match=r"grid.yaml: rate is 'fast'; the notebook has a number there, 0.001"):
        settings_of(str(file), notebook)
