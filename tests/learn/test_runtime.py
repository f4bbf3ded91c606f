"""learn/runtime: devices, precision and evaluation mode."""

import numpy as np
import pytest
import torch
from helpers.training import few_epochs, model_for

import chromolab as cl
from chromolab.learn.runtime import pick_device

QUIET = dict(progress=False, device="cpu", batch_size=8, lr=3e-3)


@few_epochs
@pytest.mark.parametrize("task", ["classification", "regression"])
def test_bfloat16_is_close_and_says_so_in_its_checkpoint(ds, task, tmp_path):
    exact = cl.predict(model_for(ds, task), ds, device="cpu")
    rough = cl.predict(model_for(ds, task), ds, device="cpu", precision="bfloat16")
    assert rough.dtype == np.float32 and 0 < np.abs(exact - rough).max() < 0.05
    run = cl.fit(model_for(ds, task), ds, epochs=2, precision="bfloat16", checkpoint=tmp_path / "x.pt", **QUIET)
    assert next(run.model.parameters()).dtype == torch.float32
    with pytest.raises(cl.ChromolabError, match="different precision"):
        cl.fit(model_for(ds, task), ds, epochs=2, checkpoint=tmp_path / "x.pt", **QUIET)
    with pytest.raises(cl.ChromolabError, match="float32, tf32, bfloat16"):
        cl.predict(model_for(ds, task), ds, device="cpu", precision="half")


def test_an_absent_device_is_refused():
    assert pick_device("cpu").type == "cpu"
    if not torch.cuda.is_available():
        with pytest.raises(cl.ChromolabError, match="cuda"):
            pick_device("cuda")
