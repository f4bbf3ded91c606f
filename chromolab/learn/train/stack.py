"""The weights of one model, or of several that are trained together."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.func import functional_call, vmap
from torch.nn import functional as F

from chromolab.data.dataset.batches import Batch
from chromolab.errors import ChromolabError
from chromolab.learn.runtime import autocast, matrix_precision
from chromolab.models.base import Model

OPTIMIZERS = ("adamw", "sgd")


def each_loss(out: Tensor, batch: Batch, task: str, focal: float = 0.0) -> Tensor:
    """The loss of every example: cross-entropy of logits (..., B, 2), or squared error of values (..., B, 1).

    With `focal` g above 0, the cross-entropy of an example whose true class gets probability p is multiplied by
    (1 - p)^g, so that easy examples weigh less (Lin et al. 2017).
    """
    out = out.to(batch.target.dtype)  # autocast returns bfloat16
    if task == "classification":
        loss = F.cross_entropy(out.movedim(-1, 1 if out.dim() > 2 else -1), batch.label, reduction="none")
        return loss * (-torch.expm1(-loss)) ** focal if focal else loss
    return (out[..., 0] - batch.target).square()


def loss_of(out: Tensor, batch: Batch, task: str) -> Tensor:
    """The mean over a batch of cross-entropy, or of the squared error in log2(expression + 1)."""
    return each_loss(out, batch, task).mean()


def trained(model: Model) -> dict[str, nn.Parameter]:
    """The parameters that training changes, those that are not frozen."""
    return {name: p for name, p in model.named_parameters() if p.requires_grad}


class Stack:
    """The weights of M models as one matrix, each row with its learning rate.

    The models' own parameters are views of their rows, so that every model is always up to date. A single model is
    called directly; several, of one shape, go through `torch.func`: one call computes them all, each on its own batch.
    A classifier and a regressor can share a stack: the regressor's one output is the first of two.

    Parameters
    ----------
    models : list of Model
        All on `device`; several must have the same `stackable` key.
    device : torch.device
    lrs : list of float
        Each model's learning rate.
    weight_decay : float
    precision : one of `PRECISIONS`
    optimizer : one of `OPTIMIZERS`
    clip : float, optional
        Largest norm of a model's gradient, as one vector; a larger gradient is scaled down to it.
    focal : float
        See `each_loss`.

    Attributes
    ----------
    models : list of Model
    rows : list of nn.Parameter (n,)
        Each model's weights as one vector, for the optimizer; n is the number of parameters of the largest model.
    weights : {name: Tensor (M, *shape)}
        The same weights in the layers' shapes.
    """

    def __init__(
        self,
        models: list[Model],
        device: torch.device,
        lrs: Sequence[float],
        weight_decay: float,
        precision: str = "float32",
        optimizer: str = "adamw",
        clip: float | None = None,
        focal: float = 0.0,
    ):
        self.models, self.device, self.precision, self.clip, self.focal = list(models), device, precision, clip, focal
        largest = max(models, key=lambda m: sum(p.numel() for p in m.parameters()))
        self.layout = {name: p.shape for name, p in trained(largest).items()}
        self.sizes = [shape.numel() for shape in self.layout.values()]
        dtype = next(largest.parameters()).dtype
        matrix = torch.zeros(len(models), sum(self.sizes), dtype=dtype, device=device)
        for model, row in zip(self.models, matrix, strict=True):
            for p, part in zip(trained(model).values(), row.split(self.sizes), strict=True):
                part[: p.numel()] = p.detach().flatten()
        self.rows = [nn.Parameter(row) for row in matrix]
        groups = [{"params": [row], "lr": lr} for row, lr in zip(self.rows, lrs, strict=True)]
        if optimizer not in OPTIMIZERS:
            raise ChromolabError(f"optimizer is {optimizer!r}; expected one of {', '.join(OPTIMIZERS)}")
        rule = torch.optim.AdamW if optimizer == "adamw" else torch.optim.SGD
        self.optimizer = rule(groups, weight_decay=weight_decay, fused=device.type in ("cpu", "cuda"))
        self._hold(matrix)

    def _hold(self, matrix: Tensor) -> None:
        """Make rows, layers and models views of these weights (M, n), and their gradients views of one such matrix."""
        self.matrix, self.gradient = matrix, torch.zeros_like(matrix)
        self.weights, self.gradients = (
            {
                name: part.view(-1, *shape)
                for (name, shape), part in zip(self.layout.items(), stacked.split(self.sizes, 1), strict=True)
            }
            for stacked in (self.matrix, self.gradient)
        )
        for w in self.weights.values():
            w.requires_grad_()
        for i, (model, row) in enumerate(zip(self.models, self.rows, strict=True)):
            row.data, row.grad = matrix[i], self.gradient[i]
            parts = (part.split(self.sizes) for part in (row.data, row.grad))
            for p, w, g in zip(trained(model).values(), *parts, strict=True):
                p.data, p.grad = (part[: p.numel()].view(p.shape) for part in (w, g))
            model.train()
        self.classifies = torch.tensor([[m.task == "classification"] for m in self.models], device=self.device)
        self.template: nn.Module = max(
            self.models, key=lambda m: m.outputs, default=nn.Identity()
        )  # torch.func calls it

    def keep(self, rows: list[int]) -> None:
        """Continue with the models in these rows; the others leave with their own copies of their weights."""
        for i, model in enumerate(self.models):
            if i not in rows:
                for p in trained(model).values():
                    p.data, p.grad = p.data.clone(), None
        groups = self.optimizer.param_groups
        self.models, self.rows = [self.models[i] for i in rows], [self.rows[i] for i in rows]
        self.optimizer.param_groups = [groups[i] for i in rows]
        self._hold(self.matrix[rows])

    def step(self, batch: Batch) -> Tensor:
        """One training step on a batch (M batches in one, when M > 1); returns the losses (M,) before it."""
        with matrix_precision(self.precision, self.device):
            with autocast(self.precision, self.device):
                losses = self.each_loss(self._outputs(batch, self.models, self.weights), batch).mean(1)
            self._backward(losses.sum())
            if self.clip is not None:
                length = self.gradient.norm(dim=1, keepdim=True)
                self.gradient.mul_((self.clip / (length + 1e-6)).clamp(max=1))
            self.optimizer.step()
        return losses.detach()

    def _backward(self, loss: Tensor) -> None:
        """Fill the matrix of gradients."""
        if len(self.models) == 1:  # the model itself was called, so backward fills its views
            self.gradient.zero_()
            loss.backward()
            return
        gradients = torch.autograd.grad(loss, list(self.weights.values()), materialize_grads=True)
        for view, gradient in zip(self.gradients.values(), gradients, strict=True):
            view.copy_(gradient)

    @torch.no_grad()
    def outputs(self, batch: Batch, rows: list[int]) -> Tensor:
        """Outputs of the models in these rows, each for its own batch, in evaluation mode: (rows, B, outputs)."""
        models = [self.models[i] for i in rows]
        weights = {k: w if len(rows) == len(self.models) else w[rows] for k, w in self.weights.items()}
        for model in (*models, self.template):
            model.eval()
        with matrix_precision(self.precision, self.device), autocast(self.precision, self.device):
            out = self._outputs(batch, models, weights)
        for model in (*models, self.template):
            model.train()
        return out

    def _outputs(self, batch: Batch, models: list[Model], weights: dict[str, Tensor]) -> Tensor:
        if len(models) == 1:
            return models[0](batch)[None]

        def one(weights: dict, tensors: list[Tensor]) -> Tensor:
            return functional_call(self.template, weights, (batch.rebuilt(tensors),))

        return vmap(one, randomness="different")(weights, batch.tensors())

    def each_loss(self, out: Tensor, batch: Batch, rows: list[int] | None = None) -> Tensor:
        """The loss of every example, (rows, B), from outputs (rows, B, outputs), by default of all models."""
        if len(out) == 1:
            return each_loss(out[0], batch, self.models[rows[0] if rows else 0].task, self.focal)[None]
        tasks = sorted({model.task for model in self.models})
        losses = [each_loss(out, batch, task, self.focal) for task in tasks]
        if len(tasks) == 1:
            return losses[0]
        classification, regression = losses
        return torch.where(self.classifies if rows is None else self.classifies[rows], classification, regression)

    # ----- between two steps ------------------------------------------------------------------------------------------

    def set_lr(self, i: int, lr: float) -> None:
        """Set a model's learning rate."""
        self.optimizer.param_groups[i]["lr"] = lr

    def moments(self, i: int) -> dict:
        """The optimizer's state for a model as plain tensors, for a checkpoint."""
        return {k: v.cpu().clone() for k, v in self.optimizer.state[self.rows[i]].items()}

    def set_moments(self, i: int, moments: dict) -> None:
        """Set the optimizer's state for a model to what `moments` returned."""
        self.optimizer.state[self.rows[i]] = {k: v.to(self.device) for k, v in moments.items()}
