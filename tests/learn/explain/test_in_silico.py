"""explain/in_silico: every change of one letter, against changing it by hand."""

import numpy as np
import pytest
import torch

import chromolab as cl
from chromolab.data.sequence.fasta import encode
from chromolab.errors import ChromolabError
from chromolab.models.sequence.letters import SequenceModel


@pytest.fixture(scope="module")
def model():
    return SequenceModel(["a", "b"], filters=5, width=4, hidden=8, seed=0).eval()


def test_each_change_is_that_of_the_changed_text(model):
    text = "ACGTTGNACGGT"
    found = cl.explain.mutagenesis(model, encode([text]), output=1)
    with torch.no_grad():
        before = model(torch.from_numpy(encode([text])))[0, 1].item()
        for i, old in enumerate(text):
            for row, new in enumerate("ACGT"):
                after = model(torch.from_numpy(encode([text[:i] + new + text[i + 1 :]])))[0, 1].item()
                expected = 0 if old in ("N", new) else after - before
                assert found[row, i] == pytest.approx(expected, abs=1e-6)


def test_importance_stands_on_the_letters_that_are_there(model):
    letters = encode(["ACGTTGNACGGT"])
    effects = cl.explain.mutagenesis(model, letters)
    brings = cl.explain.importance(effects, letters)
    assert brings.shape == (4, 12) and (brings[letters[0] == 0] == 0).all()
    np.testing.assert_allclose(brings.sum(0)[:6], -effects.sum(0)[:6] / 3)
    cl.plot.logo(brings)


@pytest.mark.parametrize(
    "letters, output, told",
    [(np.zeros((2, 4, 9)), 0, "expected one sequence"), (encode(["ACGTACGT"]), 2, "the model has 2")],
)
def test_what_cannot_be_read_is_refused(model, letters, output, told):
    with pytest.raises(ChromolabError, match=told):
        cl.explain.mutagenesis(model, letters, output)
