"""From a dataset's ragged depth to padded, masked, strand-aware batches, on a device and without Python loops.

The features stay on the device, where batches are cut from them. Only the numbers of the regions go to the device with
each batch, and nothing comes back.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from chromolab.data.tracks.scales import ASINH, LOG1P
from chromolab.errors import ChromolabError

if TYPE_CHECKING:
    from chromolab.data.dataset.dataset import Dataset

STRIPS = (1 / 8, 1 / 2)  # pCREs by falling length are divided here: most are short, and padding costs time


@dataclass
class Strip:
    """The bins of some pCREs at one resolution, as wide as the longest of them.

    Attributes
    ----------
    features : Tensor (N, W, M)
    seen : bool Tensor (N, W)
        False where a bin is padding or has no data; its features are zero.
    first : int
        The strip holds bins `first` to `first + W` of the T bins of a window.
    """

    features: Tensor
    seen: Tensor
    first: int

    def widened(self, bins: int) -> tuple[Tensor, Tensor]:
        """All T bins: features (N, T, M) and which are seen (N, T)."""
        left, right = self.first, bins - self.first - self.seen.shape[-1]
        pad = torch.nn.functional.pad
        return pad(self.features, (0, 0, left, right)), pad(self.seen, (left, right))


@dataclass
class Batch:
    """B genes with their P pCREs, as a model reads them.

    Features are ln(1 + mean depth), or what a track's transform makes of its mean (`features_of`); every pCRE is
    centred in T bins and padded on both sides.

    Attributes
    ----------
    promoter : {resolution: Tensor (B, T, M)}
        Bins from 5' to 3' of the gene; the TSS lies at the left edge of bin T // 2 (plus strand).
    promoter_seen : {resolution: bool Tensor (B, T)}
        False where a bin has no data: past the chromosome's end, or not measured.
    strips : {resolution: list of Strip}
        The pCREs of all genes by falling length, in genomic direction, in strips of similar length. `pcre` and
        `pcre_seen` give the same with all padding bins.
    owner, slot : int64 Tensor (P,)
        Each pCRE's gene (row of the batch) and its rank by frequency (from 0), in the order of the strips.
    frequency : Tensor (B, K)
        Interaction frequency; K is the most pCREs that a gene of the batch has, and empty places are 0.
    present : bool Tensor (B, K)
        False where a gene has no pCRE in this place.
    place : int64 Tensor (B + P,)
        The slot of each token among B x (1 + K) slots; tokens are the promoters, then the pCREs.
    token : int64 Tensor (B * (1 + K),)
        Inverse of `place`: the token in each slot. Empty slots hold 0 and are masked by `present`.
    label : int64 Tensor (B,)
        1 where the gene is expressed at or above its cell type's median.
    target : Tensor (B,)
        log2(expression + 1).
    node : int64 Tensor (B,)
        Each gene's node in the graph of a model that reads one; empty for the other models.
    more : {name: Tensor}
        What the loader of a model that reads other things adds, such as whole genes; empty for the other models.
    """

    promoter: dict[int, Tensor]
    promoter_seen: dict[int, Tensor]
    strips: dict[int, list[Strip]]
    owner: Tensor
    slot: Tensor
    frequency: Tensor
    present: Tensor
    place: Tensor
    token: Tensor
    label: Tensor
    target: Tensor
    node: Tensor
    more: dict[str, Tensor] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.label)

    def tensors(self) -> list[Tensor]:
        """Every tensor of the batch in a fixed order, for `torch.func` to map over; `rebuilt` is the inverse."""
        strips = [t for strips in self.strips.values() for s in strips for t in (s.features, s.seen)]
        plain = [getattr(self, n) for n in _PLAIN]
        return [*self.promoter.values(), *self.promoter_seen.values(), *strips, *plain, *self.more.values()]

    def rebuilt(self, tensors: list[Tensor]) -> "Batch":
        """The same batch with other tensors, in the order of `tensors`."""
        rest = iter(tensors)
        promoter, promoter_seen = ({r: next(rest) for r in self.promoter} for _ in range(2))
        strips = {r: [Strip(next(rest), next(rest), s.first) for s in strips] for r, strips in self.strips.items()}
        plain = {n: next(rest) for n in _PLAIN}
        return Batch(promoter, promoter_seen, strips, **plain, more={n: next(rest) for n in self.more})

    @cached_property
    def _widened(self) -> dict[int, tuple[Tensor, Tensor]]:
        widened = {}
        for r, strips in self.strips.items():
            parts = [strip.widened(self.promoter[r].shape[-2]) for strip in strips]
            widened[r] = tuple(torch.cat(part) for part in zip(*parts, strict=True))
        return widened

    def in_slots(self, x: Tensor) -> Tensor:
        """Values of the pCREs (P, ...) by gene and slot, (B, K, ...): zeros (False) in empty slots."""
        slots = x.new_zeros(self.present.shape + x.shape[1:])
        return slots.index_put((self.owner, self.slot), x)

    def widened(self, resolution: int, rows: list[Tensor]) -> Tensor:
        """Values at the bins of each strip, (n, ..., W) each, as one (P, ..., T), zero at padding."""
        bins, strips = self.promoter[resolution].shape[-2], self.strips[resolution]
        around = [(s.first, bins - s.first - s.seen.shape[-1]) for s in strips]
        return torch.cat([torch.nn.functional.pad(x, pad) for x, pad in zip(rows, around, strict=True)])

    @property
    def pcre(self) -> dict[int, Tensor]:
        """{resolution: Tensor (P, T, M)}: the pCREs with their padding."""
        return {r: features for r, (features, _) in self._widened.items()}

    @property
    def pcre_seen(self) -> dict[int, Tensor]:
        """{resolution: bool Tensor (P, T)}; padding is not seen."""
        return {r: seen for r, (_, seen) in self._widened.items()}


_PLAIN = ("owner", "slot", "frequency", "present", "place", "token", "label", "target", "node")


def log_depth(depth: Tensor) -> Tensor:
    """ln(1 + x), the published feature of a mean depth x, and -ln(1 - x) for x below 0.

    Always float32, whatever the model's precision: equals the published features to the bit.
    """
    return torch.log(1 + depth.abs()) * torch.where(depth < 0, -1.0, 1.0)


def features_of(depth: Tensor, marks: Sequence[str], transforms: Mapping[str, str]) -> Tensor:
    """What models read of the mean depth of bins, (..., marks): each mark by its transform, `log_depth` without one.

    Coarser bins are means of the values before this, as the tracks are. NaN stays NaN.
    """
    features = log_depth(depth)
    for column, mark in enumerate(marks):
        transform = transforms.get(mark, LOG1P)
        if transform != LOG1P:
            own = depth[..., column]
            features[..., column] = own.asinh() if transform == ASINH else own
    return features


class Loader:
    """A dataset's features on a device, from which batches are cut.

    Parameters
    ----------
    dataset : Dataset
    marks : sequence of str
        The marks to read, in the model's order; all must be in the dataset.
    resolutions : sequence of int
    device : torch.device
    dtype : torch.dtype
        Type of the features: float32, or float64 for exact comparisons.
    nodes : int array (examples,), optional
        Each example's node in a model's graph.
    transforms : {mark: transform}, optional
        Those that a trained model has learnt from; default the dataset's.
    """

    def __init__(
        self,
        dataset: "Dataset",
        marks: Sequence[str],
        resolutions: Sequence[int],
        device: str | torch.device = "cpu",
        dtype: torch.dtype = torch.float32,
        nodes: np.ndarray | None = None,
        transforms: Mapping[str, str] | None = None,
    ):
        self.dataset, self.device, self.dtype = dataset, torch.device(device), dtype
        self.resolutions = tuple(resolutions)
        self.columns = dataset.mark_columns(marks)
        self.marks, self.transforms = tuple(marks), dataset.transforms if transforms is None else transforms
        for r in self.resolutions:
            if dataset.window % r:
                raise ChromolabError(f"resolution {r} does not divide the window of {dataset.window} bp")
        self.features = {r: self._features(r) for r in self.resolutions}
        self.lengths = np.append(dataset.signal.lengths, 0)  # the last entry serves -1: no region, no bins
        self.reverse = self._put((dataset.genes["strand"] == "-").to_numpy(bool))
        self.promoter = self._put(dataset.promoter)
        self.frequency = self._put(dataset.frequency.astype(np.float32)).to(dtype)
        self.label = self._put(dataset.labels)
        self.target = self._put(dataset.log2_expression.astype(np.float32)).to(dtype)
        self.nodes = None if nodes is None else self._put(nodes)

    def _put(self, array: np.ndarray) -> Tensor:
        tensor = torch.from_numpy(np.array(array))  # a copy: the array may be a read-only memory map
        if self.device.type == "cuda":
            tensor = tensor.pin_memory()  # so that the host does not wait for the copy
        return tensor.to(self.device, non_blocking=self.device.type == "cuda")

    def _features(self, resolution: int):
        """(features (bins, M), seen (bins,), each region's first bin and number of bins), shared between subsets."""
        signal = self.dataset.signal
        read = tuple(self.transforms.get(mark, LOG1P) for mark in self.marks)
        key = (resolution, tuple(self.columns), read, str(self.device), self.dtype)
        if key not in signal.cache:
            depth, offsets = signal.at(resolution)
            values = torch.from_numpy(depth[:, self.columns].astype(np.float32))
            features = features_of(values, self.marks, self.transforms)
            if features.isinf().any():
                raise ChromolabError("a mean depth beyond any number in this dataset; build it again.")
            seen = ~features.isnan().any(1)
            features = features.masked_fill_(~seen[:, None], 0).to(self.dtype)
            count = np.append(np.diff(offsets), 0)  # the last entry serves -1
            signal.cache[key] = features.to(self.device), seen.to(self.device), self._put(offsets), self._put(count)
        return signal.cache[key]

    def batch(self, rows: ArrayLike) -> Batch:
        """The examples numbered in `rows` as one batch.

        Parameters
        ----------
        rows : integers (B,)
            Or (models, B): one batch per model, for models that are trained together; every tensor gets that axis in
            front. P is then the most pCREs of any of these batches; the others end in empty pCREs, which are not read.
        """
        rows = np.asarray(rows, np.int64)
        owner, slot, regions, most = self._pcres(rows)
        place, token = _slots(rows, owner, slot, regions >= 0, slots=1 + most)

        rows_on, regions_on, strips = self._put(rows), self._put(regions), {}
        promoters, reverse = self.promoter[rows_on], self.reverse[rows_on]
        windows = {r: self._cut(promoters, r, self.dataset.window, reverse) for r in self.resolutions}
        for r in self.resolutions:
            strips[r] = [
                self._cut(regions_on[..., part], r, self.lengths[regions[..., part]].max(initial=1))
                for part in _parted(regions.shape[-1])
            ]
        return Batch(
            {r: w.features for r, w in windows.items()},
            {r: w.seen for r, w in windows.items()},
            strips,
            self._put(owner),
            self._put(slot),
            self.frequency[rows_on][..., :most],
            self._put(self.dataset.pcre[rows][..., :most] >= 0),
            self._put(place),
            self._put(token),
            self.label[rows_on],
            self.target[rows_on],
            rows_on[..., :0] if self.nodes is None else self.nodes[rows_on],
        )

    def _pcres(self, rows: np.ndarray):
        """Owner, slot and region of each batch's pCREs by falling length, (..., P), and the most that a gene has."""
        regions = self.dataset.pcre[rows]  # (..., B, K), -1 where absent
        present = regions >= 0
        most = int((present * (1 + np.arange(regions.shape[-1]))).max(initial=0))
        n_pcres = int(present.sum((-2, -1)).max(initial=0))  # P
        regions = regions.reshape(*rows.shape[:-1], -1)
        length = np.where(regions >= 0, self.lengths[regions], -1)
        order = np.argsort(-length, axis=-1, kind="stable")[..., :n_pcres]
        owner, slot = np.divmod(order, max(1, self.dataset.n_pcres))
        return owner, slot, np.take_along_axis(regions, order, -1), most

    def _cut(self, regions: Tensor, resolution: int, longest: int, reverse: Tensor | None = None) -> Strip:
        """Regions (..., N), none longer than `longest` bp, as a strip of that width; `reverse` (..., N) flips them."""
        features, seen, offsets, counts = self.features[resolution]
        bins, width = self.dataset.window // resolution, -(-int(longest) // resolution)
        first, count = (bins - width + 1) // 2, counts[regions]
        column = torch.arange(first, first + width, device=self.device)  # of the T bins of a window
        if reverse is not None:
            column = torch.where(reverse[..., None], bins - 1 - column, column)
        within = column - ((bins - count + 1) // 2)[..., None]  # 0 at a region's own first bin
        inside = (within >= 0) & (within < count[..., None])
        index = (offsets[regions][..., None] + within).where(inside, 0)
        seen = seen[index] & inside
        return Strip(features[index] * seen[..., None], seen, first)

    def batches(self, batch_size: int, order: np.ndarray | None = None, drop_last: bool = False) -> Iterator[Batch]:
        """Yield batches of `batch_size` over all examples, or over those in `order` (int array), in that order.

        The last batch may be smaller; with `drop_last` it is left out, unless it is the only one.
        """
        rows = np.arange(len(self.dataset)) if order is None else np.asarray(order)
        end = len(rows) - len(rows) % batch_size if drop_last and len(rows) >= batch_size else len(rows)
        for a in range(0, end, batch_size):
            yield self.batch(rows[a : min(a + batch_size, end)])


def _slots(rows, owner, slot, present, slots: int) -> tuple[np.ndarray, np.ndarray]:
    """`place` and `token` of a `Batch`: the slot of each token (promoters, then pCREs), and the token of each slot.

    `rows` (..., B); `owner`, `slot` and `present` (..., P); a gene has `slots` slots, its promoter's first.
    """
    genes = rows.shape[-1]
    promoter_place = np.broadcast_to(np.arange(genes) * slots, rows.shape)
    pcre_place = owner * slots + 1 + slot
    real = np.concatenate([np.ones(rows.shape, bool), present], -1)
    place = np.where(real, np.concatenate([promoter_place, pcre_place], -1), 0)
    token = np.zeros((*rows.shape[:-1], genes * slots), np.int64)
    *batch, number = real.nonzero()  # the batch (if there are several) and the number of every token that is not empty
    token[(*batch, place[real])] = number
    return place, token


def _parted(count: int) -> list[slice]:
    """pCREs by falling length, divided into strips: the few long ones separate from the many short ones."""
    edges = sorted({0, *(int(share * count) for share in STRIPS), count})
    return [slice(a, b) for a, b in zip(edges[:-1], edges[1:], strict=True)] or [slice(0, 0)]
