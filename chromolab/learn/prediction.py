"""`predict`: a trained model's outputs for every example of a dataset."""

import numpy as np
import torch
from tqdm.auto import tqdm

from chromolab.data.dataset.dataset import Dataset
from chromolab.data.tracks.scales import warn_of_another_scale
from chromolab.errors import ChromolabError
from chromolab.learn.runtime import autocast, evaluating, few_threads, matrix_precision, pick_device
from chromolab.models.base import Model, check_model
from chromolab.models.chromoformer import Chromoformer


def predict(
    model: Model,
    dataset: Dataset,
    path: str = "focused",
    batch_size: int = 256,
    device: str | torch.device | None = None,
    precision: str = "float32",
    progress: bool = True,
) -> np.ndarray:
    """Predict every example.

    Parameters
    ----------
    model : Model
    dataset : Dataset
        Must have the model's marks, in any order.
    path : {"focused", "full"}
        Of a Chromoformer. Both give the same numbers; full also computes every attention map.
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

    Raises
    ------
    ChromolabError
        If the dataset lacks a mark, a resolution does not divide its window, or the device, path or precision is
        unknown.
    """
    warn_of_another_scale(check_model(model), dataset)
    if path != "focused" and not isinstance(model, Chromoformer):
        raise ChromolabError(f"path is {path!r}; a {type(model).__name__} has one path only, leave the argument out")
    device = pick_device(device)
    loader = model.loader(dataset, device)
    if path == "full":
        batch_size = min(batch_size, 16)
    outputs = [torch.zeros(0, model.outputs, device=device, dtype=loader.dtype)]
    steps = tqdm(loader.batches(batch_size), total=-(-len(dataset) // batch_size), disable=not progress, delay=2)
    with (
        evaluating(model, device),
        torch.no_grad(),
        few_threads(len(dataset)),
        matrix_precision(precision, device),
        autocast(precision, device),
    ):
        for batch in steps:
            outputs.append((model(batch) if path == "focused" else model(batch, path=path)).to(loader.dtype))
    return torch.cat(outputs).cpu().numpy()
