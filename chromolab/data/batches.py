"""From a dataset's ragged depth to padded, masked, strand-aware batches, on a device and without Python loops."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from chromolab.errors import ChromolabError

if TYPE_CHECKING:
    from chromolab.data.dataset import Dataset


def pick_device(device: str | torch.device | None = None) -> torch.device:
    """The device asked for, or the best there is: CUDA, then Apple's MPS, then the CPU.

    Raises ChromolabError when a device is asked for that this machine or this build of torch lacks.
    """
    if device is None:
        if torch.cuda.is_available():
            return torch.device("cuda")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    device = torch.device(device)
    available = {"cuda": torch.cuda.is_available, "mps": torch.backends.mps.is_available}.get(device.type, lambda: True)
    if not available():
        raise ChromolabError(f"device {str(device)!r} is not available here; leave it out, or run `chromolab doctor`")
    return device


@dataclass
class Batch:
    """B genes with their P pCREs, as a model reads them.

    Features are ln(1 + mean depth); every pCRE sits in the middle of its T bins, padded on both sides.

    Attributes
    ----------
    promoter : {resolution: Tensor (B, T, M)}
        Bins from 5' to 3' of the gene; the TSS lies at the left edge of bin T // 2 (plus strand).
    promoter_seen : {resolution: bool Tensor (B, T)}
        False where a bin has no data: past the chromosome's end, or not measured.
    pcre, pcre_seen : {resolution: Tensor (P, T, M)}, {resolution: bool Tensor (P, T)}
        The pCREs of all genes one after another, in the chromosome's direction; padding is not seen.
    owner, slot : int64 Tensor (P,)
        Each pCRE's gene (row of the batch) and its rank by frequency (from 0).
    frequency : Tensor (B, K)
        Interaction frequency; 0 where a gene has fewer pCREs than the batch's richest gene, which sets K.
    present : bool Tensor (B, K)
    label : int64 Tensor (B,)
        1 where the gene is expressed at or above its cell type's median.
    target : Tensor (B,)
        log2(expression + 1).
    """

    promoter: dict[int, Tensor]
    promoter_seen: dict[int, Tensor]
    pcre: dict[int, Tensor]
    pcre_seen: dict[int, Tensor]
    owner: Tensor
    slot: Tensor
    frequency: Tensor
    present: Tensor
    label: Tensor
    target: Tensor

    def __len__(self) -> int:
        return len(self.label)


class Loader:
    """A dataset's features on a device, ready to be cut into batches.

    Parameters
    ----------
    dataset : Dataset
    marks : sequence of str
        The marks to read, in the model's order; all must be in the dataset.
    resolutions : sequence of int
    device : torch.device
    dtype : torch.dtype
        Of the features: float32, or float64 for exact comparisons.
    """

    def __init__(self, dataset: "Dataset", marks, resolutions, device="cpu", dtype=torch.float32):
        self.dataset, self.device, self.dtype = dataset, torch.device(device), dtype
        self.resolutions = tuple(resolutions)
        self.columns = dataset.mark_columns(marks)
        for r in self.resolutions:
            if dataset.window % r:
                raise ChromolabError(f"resolution {r} does not divide the window of {dataset.window} bp")
        self.features = {r: self._features(r) for r in self.resolutions}
        genes = dataset.genes
        self.promoter = self._put(dataset.promoter)
        self.reverse = self._put((genes["strand"] == "-").to_numpy(bool))
        self.pcre, self.frequency = self._put(dataset.pcre), self._put(dataset.frequency.astype(np.float32)).to(dtype)
        self.label = self._put(genes["label"].to_numpy(np.int64))
        self.target = self._put(genes["log2_expression"].to_numpy(np.float32)).to(dtype)

    def _put(self, array: np.ndarray) -> Tensor:
        return torch.from_numpy(np.array(array)).to(self.device)  # a copy: the array may be a read-only memory map

    def _features(self, resolution: int):
        """(features (bins, M), seen (bins,), offsets (regions + 1,)) at a resolution, shared between subsets."""
        signal = self.dataset.signal
        key = (resolution, tuple(self.columns), str(self.device), self.dtype)
        if key not in signal.cache:
            depth, offsets = signal.at(resolution)
            # In float32 and as log(1 + x), whatever the model's precision: the published features to the last bit.
            features = torch.log(1 + torch.from_numpy(depth[:, self.columns].astype(np.float32)))
            seen = ~features.isnan().any(1)
            features = features.masked_fill_(~seen[:, None], 0).to(self.dtype)
            signal.cache[key] = features.to(self.device), seen.to(self.device), self._put(offsets)
        return signal.cache[key]

    def batch(self, rows: Tensor) -> Batch:
        """The examples numbered in `rows` (int64 Tensor (B,), on the loader's device) as one batch."""
        regions = self.pcre[rows]  # (B, K), -1 where absent
        present = regions >= 0
        owner, slot = present.nonzero(as_tuple=True)
        room = int(slot.max()) + 1 if len(slot) else 0  # no more slots than some gene of this batch fills
        regions, present = regions[owner, slot], present[:, :room]
        promoter, promoter_seen, pcre, pcre_seen = {}, {}, {}, {}
        for r in self.resolutions:
            promoter[r], promoter_seen[r] = self._cut(self.promoter[rows], r, self.reverse[rows])
            pcre[r], pcre_seen[r] = self._cut(regions, r)
        return Batch(
            promoter, promoter_seen, pcre, pcre_seen, owner, slot,
            self.frequency[rows][:, :room], present, self.label[rows], self.target[rows],
        )  # fmt: skip

    def _cut(self, regions: Tensor, resolution: int, reverse: Tensor | None = None):
        """Regions (N,) -> features (N, T, M) centred among padding, and which bins are seen (N, T)."""
        features, seen, offsets = self.features[resolution]
        bins = self.dataset.window // resolution
        begin, count = offsets[regions], offsets[regions + 1] - offsets[regions]
        place = torch.arange(bins, device=self.device)[None] - (bins - count[:, None] + 1) // 2  # 0 at the first bin
        if reverse is not None:
            place = torch.where(reverse[:, None], bins - 1 - place, place)
        inside = (place >= 0) & (place < count[:, None])
        index = (begin[:, None] + place).where(inside, 0)
        inside = inside & seen[index]
        return features[index] * inside[..., None], inside

    def batches(self, batch_size: int, order: np.ndarray | None = None, drop_last: bool = False):
        """Yield batches over all examples, or over those in `order` (int array), in that order."""
        order = np.arange(len(self.dataset)) if order is None else order
        rows = torch.as_tensor(order, dtype=torch.int64, device=self.device)
        end = len(rows) - len(rows) % batch_size if drop_last and len(rows) >= batch_size else len(rows)
        for a in range(0, end, batch_size):
            yield self.batch(rows[a : min(a + batch_size, end)])
