"""show/notebooks/solutions/model/by_hand: the layer's end is the package's, and what notebook 03 shows."""

import ast
from pathlib import Path

import nbformat
import numpy as np
import pytest
import torch
from torch import nn

from chromolab.models.attention import AddNorm, FeedForward
from chromolab.show.notebooks.solutions.model import by_hand

NOTEBOOKS = Path(__file__).parents[3] / "notebooks"
SHOWN = ("linear", "normalised", "end_of_layer")


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.self_att, self.ff = AddNorm(6, 4), FeedForward(4, 8)


def test_the_end_of_a_layer_is_the_package_s():
    layer = Layer().double()
    for parameter in layer.parameters():
        nn.init.normal_(parameter, generator=torch.Generator().manual_seed(parameter.numel()))
    x, told = (torch.randn(5, n, dtype=torch.float64, generator=torch.Generator().manual_seed(n)) for n in (4, 6))
    weights = {f"first.{name}": values for name, values in by_hand.weights_of(layer).items()}
    ours = by_hand.end_of_layer(x.numpy(), told.numpy(), weights, "first")
    with torch.no_grad():
        np.testing.assert_allclose(ours, layer.ff(layer.self_att(x, told)).numpy(), atol=1e-12)


def functions(source: str) -> dict[str, str]:
    """{name: its lines as Python reads them} of the functions in a text, without docstrings."""
    found = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            found[node.name] = "\n".join([ast.unparse(node.args), *map(ast.unparse, body)])
    return found


@pytest.mark.parametrize("name", SHOWN)
def test_notebook_03_shows_what_04_and_05_import(name):
    cells = nbformat.read(NOTEBOOKS / "03_embedding_transformer.ipynb", as_version=4).cells
    shown = functions("\n".join(cell.source for cell in cells if cell.cell_type == "code"))
    assert shown[name] == functions(Path(by_hand.__file__).read_text(encoding="utf-8"))[name]


@pytest.mark.parametrize("notebook", ["04_pairwise_interaction", "05_regulation"])
def test_the_others_write_none_of_it_again(notebook):
    cells = nbformat.read(NOTEBOOKS / f"{notebook}.ipynb", as_version=4).cells
    code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    assert not set(SHOWN) & set(functions(code)) and "import end_of_layer, linear, weights_of" in code
