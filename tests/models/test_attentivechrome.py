"""models/attentivechrome: attention only on bins with data, and the published loss from two logits."""

import numpy as np
import pytest
import torch
from helpers.toys import toy_dataset
from helpers.training import WINDOWED

import chromolab as cl
from chromolab.data.dataset.batches import Loader
from chromolab.learn.train.stack import each_loss


@pytest.mark.parametrize("name", ["AttentiveChrome", "HMCRNN"])
def test_bins_without_data_get_no_attention(name):
    model = WINDOWED[name](("A", "B"), seed=0).eval()
    x, seen = torch.randn(4, model.bins, 2), torch.ones(4, model.bins, dtype=torch.bool)
    seen[:, -(hide := model.bins * 6 // 10) :] = False
    x = x * seen[..., None]
    hidden, open_ = model.read(x, seen), model.read(x, torch.ones_like(seen))
    assert (hidden[:, 1] != open_[:, 1]).any() and torch.isfinite(model.read(x * 0, seen & False)).all()
    if name == "AttentiveChrome":
        _, over_bins, over_marks = model.levels(x, seen)
        assert (over_bins[..., -hide:] == 0).all()
        torch.testing.assert_close(over_bins.sum(-1), torch.ones(4, 2))
        torch.testing.assert_close(over_marks.sum(-1), torch.ones(4))


def test_one_logit_is_the_published_loss():
    """Cross-entropy of (0, z) is the binary cross-entropy of z."""
    model = cl.models.AttentiveChrome(("A",), bins=12, seed=0)
    out = model.read(3 * torch.randn(6, 12, 1), torch.ones(6, 12, dtype=torch.bool))
    label = torch.tensor([0, 1, 1, 0, 1, 0])
    batch = Loader(toy_dataset(0, genes=6), ("A",), (100,)).batch(np.arange(6))
    batch.label = label
    binary = torch.nn.functional.binary_cross_entropy_with_logits(out[:, 1], label.float(), reduction="none")
    torch.testing.assert_close(each_loss(out, batch, "classification"), binary)
