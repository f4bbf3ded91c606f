"""From a trained model and a dataset to numbers, and the loss they are trained by."""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from tqdm.auto import tqdm

from chromolab.data.batches import Loader, pick_device
from chromolab.data.dataset import Dataset
from chromolab.data.scales import warn_of_another_scale
from chromolab.errors import ChromolabError


def loss_of(out: Tensor, batch, task: str) -> Tensor:
    """Cross-entropy of logits (B, 2), or mean squared error of values (B, 1) in log2(expression + 1)."""
    if task == "classification":
        return F.cross_entropy(out, batch.label)
    return F.mse_loss(out[:, 0], batch.target)


def predict(
    model: nn.Module,
    dataset: Dataset,
    path: str = "focused",
    batch_size: int = 256,
    device=None,
    progress: bool = False,
) -> np.ndarray:
    """Predict every example.

    Parameters
    ----------
    model : nn.Module
    dataset : Dataset
        Must hold the model's marks, in any order.
    path : {"focused", "full"}
        The same numbers; full computes every attention map on the way.
    batch_size : int
        Examples at a time; smaller for `full`, which needs about 40 MB of memory for each.
    device : str, optional
    progress : bool

    Returns
    -------
    float array (examples, 2) logits, or (examples, 1) log2(expression + 1)
        `cl.metrics.probability` turns logits into probabilities.
    """
    warn_of_another_scale(model, dataset)
    device = pick_device(device)
    loader = Loader(dataset, model.marks, model.resolutions, device, next(model.parameters()).dtype)
    if path == "full":
        batch_size = min(batch_size, 16)
    return run_through(model.to(device), loader, batch_size, path, progress)[0]


@torch.no_grad()
def run_through(model, loader: Loader, batch_size: int, path: str = "focused", progress: bool = False):
    """Outputs (examples, outputs) and mean loss of every example, in evaluation mode."""
    was_training = model.training
    model.eval()
    outputs, total = [], 0.0
    for batch in tqdm(loader.batches(batch_size), total=-(-len(loader.dataset) // batch_size), disable=not progress):
        out = model(batch) if path == "focused" else model(batch, path=path)
        total = total + loss_of(out, batch, model.task) * len(batch)
        outputs.append(out)
    model.train(was_training)
    if not outputs:
        return np.zeros((0, 2 if model.task == "classification" else 1), np.float32), np.nan
    return torch.cat(outputs).cpu().numpy(), float(total) / len(loader.dataset)


def truth_of(dataset: Dataset, task: str) -> np.ndarray:
    """What a task predicts, (examples,): labels, or log2(expression + 1); refuses genes that were not measured."""
    if unknown := int((dataset.labels < 0).sum()):
        raise ChromolabError(
            f"{unknown} of {len(dataset)} genes have no expression (label -1): a model can be asked about them, not "
            "taught or scored. Give expression when building, or take ds.select(ds.labels >= 0)"
        )
    return dataset.labels if task == "classification" else dataset.log2_expression
