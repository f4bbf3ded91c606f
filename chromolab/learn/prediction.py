"""`predict`: a trained model's outputs for every example of a dataset."""

import numpy as np
import torch
from torch import nn
from tqdm.auto import tqdm

from chromolab.data.dataset.batches import Loader
from chromolab.data.dataset.dataset import Dataset
from chromolab.data.tracks.scales import warn_of_another_scale
from chromolab.learn.runtime import autocast, few_threads, matrix_precision, n_outputs, pick_device


def predict(
    model: nn.Module,
    dataset: Dataset,
    path: str = "focused",
    batch_size: int = 256,
    device=None,
    precision: str = "float32",
    progress: bool = True,
) -> np.ndarray:
    """Predict every example.

    Parameters
    ----------
    model : nn.Module
    dataset : Dataset
        Must have the model's marks, in any order.
    path : {"focused", "full"}
        Both give the same numbers; full also computes every attention map.
    batch_size : int
        Examples at a time; at most 16 for `full`, which needs about 40 MB of memory per example.
    device : str, optional
        "cpu", "cuda" or "mps"; default the best available.
    precision : {"float32", "tf32", "bfloat16"}
        Precision of matrix products; tf32 is for CUDA.
    progress : bool
        Show a bar if it takes longer than two seconds.

    Returns
    -------
    float array (examples, 2) logits, or (examples, 1) log2(expression + 1)
        `cl.metrics.probability` turns logits into probabilities.
    """
    warn_of_another_scale(model, dataset)
    device, was_training = pick_device(device), model.training
    loader = Loader.of(model, dataset, device, next(model.parameters()).dtype)
    if path == "full":
        batch_size = min(batch_size, 16)
    model = model.to(device).eval()
    outputs = [torch.zeros(0, n_outputs(model), device=device, dtype=loader.dtype)]
    steps = tqdm(loader.batches(batch_size), total=-(-len(dataset) // batch_size), disable=not progress, delay=2)
    with torch.no_grad(), few_threads(len(dataset)), matrix_precision(precision, device), autocast(precision, device):
        for batch in steps:
            outputs.append((model(batch) if path == "focused" else model(batch, path=path)).to(loader.dtype))
    model.train(was_training)
    return torch.cat(outputs).cpu().numpy()
