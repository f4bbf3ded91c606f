"""show/notebooks/output: key figures, which a run collects and nobody sees."""

import math

import pytest
from helpers import toy_notebooks

from chromolab.errors import ChromolabError
from chromolab.show.notebooks import output
from chromolab.show.notebooks import run as runs


def test_a_key_figure_is_collected_and_not_shown(tmp_path, capsys):
    output.key_figure("AUC", 0.93456, note="60 genes")
    assert capsys.readouterr().out == ""
    code = "import chromolab as cl\ncl.key_figure('a', 1.5, note='toy')"
    done = runs.run_notebook(toy_notebooks.write(tmp_path / "toy.ipynb", code), tmp_path / "o.ipynb")
    assert done.figures == {"a": 1.5} and "a = 1.5" not in (tmp_path / "o.ipynb").read_text()


def test_a_key_figure_is_one_value():
    with pytest.raises(ChromolabError, match="'AUC' is a list"):
        output.key_figure("AUC", [0.9])


def test_numpy_and_torch_scalars_are_key_figures(tmp_path):
    code = (
        "import chromolab as cl, numpy as np, torch\ncl.key_figure('a', np.float32(0.5))\n"
        "cl.key_figure('b', torch.tensor(3))\ncl.key_figure('c', np.nan)"
    )
    done = runs.run_notebook(toy_notebooks.write(tmp_path / "toy.ipynb", code), tmp_path / "o.ipynb")
    assert done.figures["a"] == 0.5 and done.figures["b"] == 3
    assert math.isnan(done.figures["c"])
