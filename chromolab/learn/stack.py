"""The weights of one model, or of many that take their steps together."""

from contextlib import contextmanager

import torch
from torch import Tensor, nn
from torch.func import functional_call, vmap
from torch.nn import functional as F

from chromolab.data.batches import Batch
from chromolab.errors import ChromolabError

PRECISIONS = ("float32", "tf32", "bfloat16")


@contextmanager
def precision_of(name: str, device: torch.device):
    """Run matrix products in "float32", "tf32" (CUDA: 10 bits of mantissa) or "bfloat16" (7 bits) inside the block."""
    if name not in PRECISIONS:
        raise ChromolabError(f"precision is {name!r}; expected one of {', '.join(PRECISIONS)}")
    before = torch.get_float32_matmul_precision()
    if name == "tf32" and device.type == "cuda":
        torch.set_float32_matmul_precision("high")
    try:
        with torch.autocast(device.type, torch.bfloat16, enabled=name == "bfloat16"):
            yield
    finally:
        torch.set_float32_matmul_precision(before)


def each_loss(out: Tensor, batch: Batch, task: str) -> Tensor:
    """The loss of every example: cross-entropy of logits (..., B, 2), or squared error of values (..., B, 1)."""
    out = out.to(batch.target.dtype)  # under autocast it is half as precise
    if task == "classification":
        return F.cross_entropy(out.movedim(-1, 1 if out.dim() > 2 else -1), batch.label, reduction="none")
    return (out[..., 0] - batch.target).square()


def loss_of(out: Tensor, batch: Batch, task: str) -> Tensor:
    """The mean over a batch of cross-entropy, or of the squared error in log2(expression + 1)."""
    return each_loss(out, batch, task).mean()


def n_outputs(model: nn.Module) -> int:
    """Two logits, or one value."""
    return 2 if model.task == "classification" else 1


class Stack:
    """The weights of M models as one matrix, and an optimizer for each row.

    The models' own parameters are views of their rows, so that each model is up to date at any time. One model is
    called as it is; several, of one shape, go through `torch.func`: one call computes them all, each on a batch of its
    own. A classifier and a regressor can share a stack: the regressor's one output is the first of two.

    Parameters
    ----------
    models : list of nn.Module
        All on `device`; of the same class and sizes when there are several.
    device : torch.device
    lrs : list of float
        Each model's learning rate, for AdamW.
    weight_decay : float
    precision : see `precision_of`

    Attributes
    ----------
    flat : Tensor (M, n)
        The weights; n is the number of parameters (of the largest, where heads differ).
    """

    def __init__(self, models: list[nn.Module], device, lrs, weight_decay: float, precision: str = "float32"):
        self.models, self.device, self.precision = list(models), device, precision
        self.template = max(models, key=lambda m: sum(p.numel() for p in m.parameters()))
        self.layout = {name: p.shape for name, p in self.template.named_parameters()}
        self.sizes = [shape.numel() for shape in self.layout.values()]
        like = next(self.template.parameters())
        weights = torch.zeros(len(models), sum(self.sizes), dtype=like.dtype, device=device)
        for model, row in zip(self.models, weights, strict=True):
            for p, place in self._places(model, row):
                place.copy_(p.detach())
        self.rows = [nn.Parameter(row) for row in weights]
        fused = device.type in ("cpu", "cuda")
        self.optimizers = [
            torch.optim.AdamW([row], lr=lr, weight_decay=weight_decay, fused=fused)
            for row, lr in zip(self.rows, lrs, strict=True)
        ]
        self._hold(weights)

    def _places(self, model: nn.Module, row: Tensor):
        """Each parameter of a model with the part of a row that is its own."""
        for p, slot in zip(model.parameters(), row.split(self.sizes), strict=True):
            yield p, slot[: p.numel()].view(p.shape)

    def _hold(self, weights: Tensor) -> None:
        """Let rows, models and gradients be views of these weights (M, n)."""
        self.gradient = torch.zeros_like(weights)
        self.classifies = torch.tensor([[m.task == "classification"] for m in self.models], device=self.device)
        self.flat = weights.detach().requires_grad_()
        self.flat.grad = self.gradient
        for i, (model, row) in enumerate(zip(self.models, self.rows, strict=True)):
            row.data, row.grad = weights[i], self.gradient[i]
            gradients = [g for _, g in self._places(model, self.gradient[i])]
            for (p, place), gradient in zip(self._places(model, weights[i]), gradients, strict=True):
                p.data, p.grad = place, gradient

    def keep(self, rows: list[int]) -> None:
        """Go on with these models; the others leave with weights of their own."""
        for i, model in enumerate(self.models):
            if i not in rows:
                for p in model.parameters():
                    p.data, p.grad = p.data.clone(), None
        self.models, self.rows, self.optimizers = (
            [part[i] for i in rows] for part in (self.models, self.rows, self.optimizers)
        )
        self._hold(self.flat.detach()[rows])

    def step(self, batch: Batch) -> Tensor:
        """One training step on a batch (M batches in one, when M > 1); the losses (M,) from before it."""
        self.gradient.zero_()
        with precision_of(self.precision, self.device):
            out = self._outputs(batch, self.models, self.flat)
            losses = self.each_loss(out, batch).mean(1)
        losses.sum().backward()
        for optimizer in self.optimizers:
            optimizer.step()
        return losses.detach()

    @torch.no_grad()
    def outputs(self, batch: Batch, rows: list[int]) -> Tensor:
        """What some of the models predict, each for its own batch: (rows, B, outputs), in evaluation mode."""
        models = [self.models[i] for i in rows]
        for model in (*models, self.template):
            model.eval()
        with precision_of(self.precision, self.device):
            out = self._outputs(batch, models, self.flat if len(rows) == len(self.models) else self.flat[rows])
        for model in (*models, self.template):
            model.train()
        return out

    def _outputs(self, batch: Batch, models: list[nn.Module], flat: Tensor) -> Tensor:
        if len(models) == 1:
            return models[0](batch)[None]
        parts = zip(self.layout.items(), flat.split(self.sizes, 1), strict=True)
        weights = {name: part.view(len(models), *shape) for (name, shape), part in parts}

        def one(weights: dict, tensors: list[Tensor]) -> Tensor:
            return functional_call(self.template, weights, (batch.rebuilt(tensors),))

        return vmap(one, randomness="different")(weights, batch.tensors())

    def each_loss(self, out: Tensor, batch: Batch, rows: list[int] | None = None) -> Tensor:
        """The loss of every example, (rows, B), from outputs (rows, B, outputs); all models' unless rows are named."""
        tasks = sorted({model.task for model in self.models})
        if len(out) == 1:
            return each_loss(out[0], batch, self.models[rows[0] if rows else 0].task)[None]
        losses = [each_loss(out, batch, task) for task in tasks]
        if len(tasks) == 1:
            return losses[0]
        return torch.where(self.classifies if rows is None else self.classifies[rows], *losses)

    # ----- between two steps ------------------------------------------------------------------------------------------

    def moments(self, i: int) -> dict:
        """What a model's optimizer remembers: plain tensors, for a checkpoint."""
        return {k: v.cpu().clone() for k, v in self.optimizers[i].state[self.rows[i]].items()}

    def set_moments(self, i: int, moments: dict) -> None:
        """Let a model's optimizer go on from what `moments` gave."""
        like = self.rows[i]
        self.optimizers[i].state[self.rows[i]] = {k: v.to(like.device) for k, v in moments.items()}


def stackable(model: nn.Module) -> tuple:
    """Models with the same answer can share a stack; one with buffers (batch norm) shares with none."""
    if next(model.buffers(), None) is not None:
        return (id(model),)
    config = model.config() if hasattr(model, "config") else {n: tuple(p.shape) for n, p in model.named_parameters()}
    dtype = next(model.parameters()).dtype
    return (type(model), dtype, *sorted((k, str(v)) for k, v in config.items() if k != "task"))
