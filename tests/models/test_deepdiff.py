"""models/deepdiff: the difference between two cell types."""

import pytest
import torch
from helpers.training import TASKS, learnt

import chromolab as cl


def test_deepdiff_learns_the_difference(two_cells):
    assert learnt(cl.models.DeepDiff(two_cells.marks, bins=8, seed=0), cl.pairs(two_cells, ("a", "b")), lr=1e-2) > 0.8


@pytest.mark.parametrize("task", TASKS)
def test_deepdiff_reads_both_cell_types_and_b_less_a(task):
    model, given = cl.models.DeepDiff(["A", "B"], task, bins=8, seed=0).eval(), []
    x, seen = torch.rand(5, 8, 4), torch.rand(5, 8) > 0.3
    expected = torch.cat([x[..., :2], x[..., 2:], x[..., 2:] - x[..., :2]], -1)
    value = model.out(model.levels(expected, seen)[0])
    model.levels.register_forward_pre_hook(lambda _, inputs: given.extend(inputs))
    out = model.read(x, seen)
    torch.testing.assert_close(out, value if task == "regression" else torch.cat([torch.zeros_like(value), value], 1))
    torch.testing.assert_close(given[0], expected)
    assert (given[1] == seen).all()
    matters = torch.cat([p for name, p in model.named_parameters() if name.endswith("matters")])
    assert 0.09 < matters.abs().max() <= 0.1 and matters.abs().mean() > 0.03
