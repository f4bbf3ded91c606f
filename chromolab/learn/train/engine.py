"""The training loop: every job takes one step at a time, alone or stacked, until all are finished."""

import threading
import time
from dataclasses import replace
from typing import Any

import numpy as np
import psutil
import torch
from torch import Tensor

from chromolab.data.dataset.combine import concat
from chromolab.data.dataset.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.learn.metrics import NAMES
from chromolab.learn.runtime import stackable
from chromolab.learn.train.job import TrainingJob
from chromolab.learn.train.stack import Stack
from chromolab.models.base import Model

EVALUATED = 256  # validation examples per batch


class Trainer:
    """Trains jobs to their end, each with its own data order, schedule and early stop.

    Parameters
    ----------
    jobs : list of TrainingJob
        Their models can share a stack (`stackable`), and they have one batch size. A single job is a stack of one.
    device : torch.device
    every : float
        Seconds between checkpoints within an epoch.
    """

    def __init__(self, jobs: list[TrainingJob], device: torch.device, every: float = 60.0):
        self.jobs, self.device, self.every = jobs, device, every
        moments = []
        for job in jobs:
            job.model.to(device)
            if job.model.task == "regression":
                job.model.start_at(float(job.train.log2_expression.mean()))
            moments.append(job.restore())
        self.active = [job for job in jobs if not job.finished]
        if not self.active:
            return
        model, recipe = jobs[0].model, jobs[0].recipe
        self._load(model)
        models, lrs = [j.model for j in self.active], [j.lr for j in self.active]
        rest = recipe.precision, recipe.optimizer, recipe.clip, recipe.focal
        self.stack = Stack(models, device, lrs, recipe.weight_decay, *rest)
        for i, kept in enumerate(m for m, job in zip(moments, jobs, strict=True) if not job.finished):
            if kept:
                self.stack.set_moments(i, kept)
        self.totals = torch.tensor([j.total for j in self.active], device=device, dtype=self._exact())
        self.clock = dict.fromkeys(self.active, time.perf_counter())  # when a job's epoch began

    def _load(self, model: Model) -> None:
        """Put all training and validation examples on the device as one dataset, and note where each job's begin."""
        parts = {id(d): d for job in self.active for d in (job.train, job.validation)}
        begin = dict(zip(parts, np.cumsum([0, *(len(d) for d in parts.values())]), strict=False))
        self.begin = {job: (begin[id(job.train)], begin[id(job.validation)]) for job in self.active}
        pool = concat([replace(d.with_marks(model.marks), scales={}) for d in parts.values()])
        self.loader = model.loader(pool, self.device)

    def _exact(self) -> torch.dtype:
        return torch.float32 if self.device.type == "mps" else torch.float64

    def run(self, interrupted: threading.Event, bar: Any) -> None:
        """Train until every job is finished or `interrupted` is set, then write the checkpoints of unfinished jobs."""
        devices = [self.device] if self.device.type == "cuda" else []
        with torch.random.fork_rng(devices):  # leaves the caller's random state untouched
            self._run(interrupted, bar)
        self._save(self.active)

    def _run(self, interrupted: threading.Event, bar) -> None:
        saved = time.perf_counter()
        while self.active and not interrupted.is_set():
            torch.manual_seed(self.active[0].step_seed())
            rows = np.stack([job.next_rows() + self.begin[job][0] for job in self.active])
            self.totals += self.stack.step(self._batch(rows))  # not read back here: a GPU would have to wait
            for job in self.active:
                job.step += 1
            bar.update(len(self.active))
            ended = [job for job in self.active if job.step == job.steps]
            if ended:
                self._close_epochs(ended)
                bar.set_postfix_str(self._summary(ended[-1]))
            due = time.perf_counter() - saved >= self.every
            self._save(self.active if due else ended)
            saved = time.perf_counter() if due else saved
            self._drop_finished()

    def _batch(self, rows: np.ndarray):
        return self.loader.batch(rows if len(rows) > 1 else rows[0])

    def _save(self, jobs: list[TrainingJob]) -> None:
        for job in jobs:
            if job.checkpoint is not None and not job.failed:
                row = self.active.index(job)
                job.total = self.totals[row].item()
                job.save(self.stack.moments(row))

    def _close_epochs(self, ended: list[TrainingJob]) -> None:
        outputs, losses = self._evaluate(ended)
        for job, guess, loss in zip(ended, outputs, losses, strict=True):
            row = self.active.index(job)
            began, self.clock[job] = self.clock[job], time.perf_counter()
            job.close_epoch(self.totals[row].item() / job.steps, loss, guess, self.clock[job] - began)
            self.totals[row] = 0
            self.stack.set_lr(row, job.lr)
        if failed := [job.failed for job in ended if job.failed]:
            self._save(self.active)  # those that have not failed
            raise ChromolabError(failed[0])

    def _evaluate(self, jobs: list[TrainingJob]) -> tuple[list[np.ndarray], list[float]]:
        """Outputs (examples, outputs) and mean loss on each job's validation examples."""
        which = [self.active.index(job) for job in jobs]
        sizes = np.array([len(job.validation) for job in jobs])[:, None]
        first, longest = np.array([self.begin[job][1] for job in jobs])[:, None], sizes.max()
        outputs, losses = [], torch.zeros(len(jobs), device=self.device, dtype=self._exact())
        for a in range(0, longest, EVALUATED):
            at = np.arange(a, min(a + EVALUATED, longest))
            batch = self._batch(first + np.minimum(at, sizes - 1))  # shorter sets repeat their last example, uncounted
            outputs.append(self.stack.outputs(batch, which))
            counted = torch.from_numpy(at < sizes).to(self.device)
            losses = losses + (self.stack.each_loss(outputs[-1], batch, which).to(self._exact()) * counted).sum(1)
        together = torch.cat(outputs, 1).to(self.totals.dtype).cpu().numpy()
        parts = [out[:size, : job.model.outputs] for out, (size,), job in zip(together, sizes, jobs, strict=True)]
        return parts, (losses.cpu().numpy() / sizes[:, 0]).tolist()

    def _drop_finished(self) -> None:
        stay = [i for i, job in enumerate(self.active) if not job.finished]
        if len(stay) < len(self.active):
            self.stack.keep(stay)
            self.totals = self.totals[stay]
            self.active = [self.active[i] for i in stay]

    def _summary(self, job: TrainingJob) -> str:
        row, name = job.history[-1], NAMES[job.model.task][0]
        summary = f"validation {name} {row[name]:.3f}, loss {row['validation_loss']:.3f}"
        if self.device.type == "cuda":
            summary += f", {torch.cuda.max_memory_allocated(self.device) / 1e9:.1f} GB at most"
        return summary

    def release(self) -> None:
        """Give every model its own tensors again, in place of views of the stack."""
        if self.active:
            self.stack.keep([])


# ---------------------------------------------------------------------------------------------------------------------
# Memory
# ---------------------------------------------------------------------------------------------------------------------


def memory_of(job: TrainingJob, device: torch.device, genes: int = 8) -> int:
    """Bytes that one more model in a stack takes.

    The weights, gradients, two moments of the optimizer, the best weights and a second gradient buffer, plus twice the
    activations kept for backward, measured on a few genes.
    """
    model = job.model.to(device)
    rows = np.argsort(-(job.train.pcre >= 0).sum(1))[:genes]  # those with the most pCREs: an upper estimate
    weights = sum(p.numel() * p.element_size() for p in model.parameters())
    return 6 * weights + 2 * saved_bytes(model, job.train.select(rows).compact()) * job.batch_size // len(rows)


def saved_bytes(model: Model, dataset: Dataset) -> int:
    """Bytes of activations that a forward pass over all examples keeps for backward, without the model's weights."""
    weights, kept = {p.untyped_storage().data_ptr() for p in model.parameters()}, {}

    def note(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in weights:
            kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
        model(model.loader(dataset).batch(np.arange(len(dataset))))
    return sum(kept.values())


def memory_available(device: torch.device) -> int:
    """Free bytes of memory on a device, or of the machine for the CPU."""
    return torch.cuda.mem_get_info(device)[0] if device.type == "cuda" else psutil.virtual_memory().available


def groups_that_fit(jobs: list[TrainingJob], device: torch.device, memory: float | None) -> list[list[TrainingJob]]:
    """Split jobs into groups that share a stack and fit into `memory` (GB; default 60 % of the free memory).

    The examples' features count, too, once per distinct signal at all resolutions.
    """
    alike: dict[tuple, list[TrainingJob]] = {}
    for job in jobs:
        alike.setdefault((stackable(job.model), job.batch_size, job.train.window, job.train.bin_size), []).append(job)
    room = memory_available(device) * 0.6 if memory is None else memory * 1e9
    groups = []
    for same in alike.values():
        signals = {id(d.signal): d.signal for job in same for d in (job.train, job.validation)}
        features = sum(4 * len(s.depth) * len(same[0].model.marks) * 1.3 for s in signals.values())
        at_once = max(1, int((room - features) // memory_of(same[0], device))) if len(same) > 1 else 1
        parts = -(-len(same) // at_once)
        groups += [same[i::parts] for i in range(parts)]
    return groups
