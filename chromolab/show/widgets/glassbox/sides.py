"""One gene's stages, and with edits also those before them, laid out alike so that number stands by number."""

from typing import Any

import numpy as np
from torch import Tensor

from chromolab.data.dataset.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.learn.explain.named_tensors import Stage, Trace

SIDES = ("before", "after", "difference")
Part = tuple[np.ndarray, list[str], np.ndarray | None]


class Sides:
    """A gene's trace as it stands, `after`, and that `before` the edits, if there are edits.

    Edits of contacts move elements from slot to slot. Here each keeps the slot that it had before the edits; added ones
    follow. An element that one side lacks is NaN there, and not seen; so is a bin of the whole gene that has data on
    one side only.

    Attributes
    ----------
    after, before : Trace
        The same object where nothing was edited.
    pcres : list of dict
        chrom, start, end, frequency (NaN once cut), slot, was (frequency before the edits; NaN for an added one).
    slots : int
        Places for elements on the axis "token", besides the promoter's.
    bins : list of (int, int)
        Start and end of the bins of the whole gene, along it from the TSS (bp), on either side; empty without one.
    """

    def __init__(self, before: Trace, after: Trace | None = None):
        self.before, self.after = before, before if after is None else after
        was, now = _contacts(before), _contacts(self.after)
        added = [place for place in now if place not in was]
        self.slots = before.dataset.n_pcres + len(added)
        slots = {place: slot for place, (slot, _) in was.items()}
        slots |= {place: before.dataset.n_pcres + i for i, place in enumerate(added)}
        missing = (-1, float("nan"))
        self.pcres: list[dict] = [
            {
                "chrom": place[0],
                "start": place[1],
                "end": place[2],
                "slot": slot,
                "frequency": now.get(place, missing)[1],
                "was": was.get(place, missing)[1],
            }
            for place, slot in sorted(slots.items(), key=lambda item: item[1])
        ]
        places = [_gene_bins(trace) for trace in (before, self.after)]
        self.bins = sorted({*places[0], *places[1]})
        self._bins = {side: [own.get(b, -1) for b in self.bins] for side, own in zip(SIDES, places, strict=False)}
        self._own = {
            side: [own.get(place, missing)[0] for place in sorted(slots, key=lambda place: slots[place])]
            for side, own in (("before", was), ("after", now))
        }

    @property
    def edited(self) -> bool:
        """Whether there is a difference to show."""
        return self.after is not self.before

    def stage(self, name: str) -> Stage:
        """A stage of the gene as it stands."""
        return self.after[name]

    def values(self, name: str, side: str = "after") -> Part:
        """Values, axes and what is seen of a whole stage, laid out alike on all sides.

        Values of "difference" are after minus before; what one of them lacks is NaN.
        """
        if side == "difference":
            (new, axes, seen), (old, _, saw) = self.values(name, "after"), self.values(name, "before")
            return new - old, axes, seen if seen is None or saw is None else seen & saw
        if side not in SIDES:
            raise ChromolabError(f"no side {side!r}; a glass box shows {', '.join(SIDES)}")
        trace = self.after if side == "after" else self.before
        stage = trace[name]
        values, axes = array(stage.tensor), list(stage.axes)
        seen = None if stage.seen is None else stage.seen.cpu().numpy()
        if not self.edited:
            return values, axes, seen
        if stage.place == "gene":
            values = _picked(values, self._bins[side], axes.index("bin"), np.nan)
            return values, axes, seen if seen is None else _picked(seen, self._bins[side], 0, False)
        return self._alike(values, axes, seen, trace, side)

    def part(self, name: str, pcre: int, side: str = "after") -> Part:
        """`values`; where a stage has the axis "pcre", those of one element, counted as in `pcres`."""
        values, axes, seen = self.values(name, side)
        if axes[0] != "pcre":
            return values, axes, seen
        if values.shape[0] and not 0 <= pcre < len(values):
            raise ChromolabError(f"no pCRE {pcre}: this gene has {len(values)}, counted from 0")
        empty = len(values) == 0  # a gene without pCREs: zeros of the right shape
        values, axes = np.zeros(values.shape[1:], values.dtype) if empty else values[pcre], axes[1:]
        if seen is not None and seen.ndim == 2:
            seen = np.zeros(seen.shape[1:], bool) if empty else seen[pcre]
        return values, axes, seen

    def _alike(self, values: np.ndarray, axes: list[str], seen: Any, trace: Trace, side: str) -> Part:
        of_pcre = seen is not None and seen.ndim == 2
        of_token = seen is not None and seen.ndim == 1 and "token" in axes
        for axis, kind in enumerate(axes):
            if kind == "pcre":
                rows = [trace.slots.index(slot) if slot >= 0 else -1 for slot in self._own[side]]
            elif kind in ("token", "asking"):
                slots = dict(zip([p["slot"] for p in self.pcres], self._own[side], strict=True))
                rows = [0, *(slots.get(at, -1) + 1 or -1 for at in range(self.slots))]
            else:
                continue
            values = _picked(values, rows, axis, np.nan)
            if of_pcre and kind == "pcre" or of_token and kind == "token":
                seen = _picked(seen, rows, 0, False)
        return values, axes, seen


def _picked(values: np.ndarray, rows: list[int], axis: int, missing: Any) -> np.ndarray:
    """`values` in another order along an axis; -1 is what is missing."""
    shape = list(values.shape)
    shape[axis] = len(rows)
    result = np.full(shape, missing, values.dtype)
    at = [i for i, row in enumerate(rows) if row >= 0]
    index: list[Any] = [slice(None)] * values.ndim
    index[axis] = at
    result[tuple(index)] = np.take(values, [rows[i] for i in at], axis)
    return np.ascontiguousarray(result)


def _contacts(trace: Trace) -> dict[tuple[str, int, int], tuple[int, float]]:
    """{(chrom, start, end): (slot, frequency)} of a gene's elements."""
    gene: Dataset = trace.dataset
    places = gene.signal.regions.iloc[[int(gene.pcre[0, slot]) for slot in trace.slots]]
    rows = zip(trace.slots, places.itertuples(), strict=True)
    return {(str(p.chrom), int(p.start), int(p.end)): (slot, float(gene.frequency[0, slot])) for slot, p in rows}


def _gene_bins(trace: Trace) -> dict[tuple[int, int], int]:
    """{(start, end): number} of the bins of the whole gene."""
    places = trace["gene.places"].tensor.long().tolist() if "gene.places" in trace else []
    return {(start, end): number for number, (start, end) in enumerate(places)}


def array(values: Tensor) -> np.ndarray:
    """A tensor as numpy; half precision as float32, which is exact."""
    values = values.detach().cpu()
    if values.dtype.itemsize < 4:  # browsers have no half precision
        values = values.float()
    return np.ascontiguousarray(values.numpy())
