"""Edits applied to a copy of a dataset: contacts first, then tracks, as if both files had been edited and read anew."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd

from chromolab.data.dataset import Dataset
from chromolab.data.signal import Signal
from chromolab.errors import ChromolabError
from chromolab.learn.edit.bins import Stroke, change_bins
from chromolab.learn.edit.contacts import CONTACTS, edit_contacts, refuse_dataless
from chromolab.learn.edit.kinds import FLOAT32, Edit, Paint, Scale
from chromolab.learn.edit.sources import Bases

EVEN = "edits: {} bin(s) were cut through by an edit and taken as even within; with source= they are exact"


def edit(dataset: Dataset, edits: Iterable[Edit], source=None) -> Dataset:
    """Apply edits, in order, to a copy.

    Parameters
    ----------
    dataset : Dataset
        Usually one example: `ds.gene("ENSG...")`. An edit of a track reaches every region that covers the place, in
        every cell type of the dataset; an edit of a contact every example that has it.
    edits : list of Edit
    source : {mark: track}, {cell type: {mark: track}} or folder, optional
        What the dataset was built from, as `cl.build_dataset` (or `cl.read_published`) takes it. Where an edit begins
        or ends within a stored bin, the bases of that bin are read from there, so that the result is that of editing
        the track itself and building anew. Without it such a bin is taken as even, and the result's `report` says so.

    Returns
    -------
    Dataset
        The same examples with changed depth and contacts; the one given is as it was. Stored in the dataset's own
        dtype: with a source equal to a rebuild within the rounding of that dtype (tested).

    Raises
    ------
    ChromolabError
        If a mark is not in the dataset, an edit touches none of its regions or contacts (it would change nothing,
        silently), or the source does not hold what the dataset was built from.
    """
    return _edited(_vary(dataset, _checked(edits), Bases(source), _Places.of(dataset.signal), {}))


def edit_again(dataset: Dataset, edits: Iterable[Edit], known: dict) -> Dataset:
    """`edit`, for a list that grows and shrinks: where nothing else is done than last time, nothing is computed.

    Parameters
    ----------
    dataset : Dataset
        The same in every call.
    edits : list of Edit
    known : dict
        Empty at first, the same in every call: what was done to a mark in a region, by the edits that reach it.
    """
    return _edited(_vary(dataset, _checked(edits), Bases(), _Places.of(dataset.signal), known))


def _edited(variant: "_Variant") -> Dataset:
    signal = variant.dataset.signal
    depth, covered = np.array(signal.depth), None if signal.covered is None else np.array(signal.covered)
    for row, (new, seen) in variant.changed.items():
        bins = slice(signal.offsets[row], signal.offsets[row + 1])
        depth[bins] = new
        if covered is not None:
            covered[bins] = seen
    edited = replace(variant.dataset, signal=replace(signal, depth=depth, covered=covered, cache={}))
    return replace(edited, report=(*edited.report, EVEN.format(variant.even))) if variant.even else edited


def edit_each(dataset: Dataset, edits: Iterable[Edit | Iterable[Edit]], source=None) -> Dataset:
    """One variant of a gene for each edit, as the examples of one dataset: thousands are predicted in one go.

    Only the regions that an edit touches are kept once more; all others are shared.

    Parameters
    ----------
    dataset : Dataset
        One example: `ds.gene("ENSG...")`.
    edits : list of Edit, or of lists of Edit
        What is done to each variant.
    source : optional
        As in `edit`.

    Returns
    -------
    Dataset
        As many examples as edits, in their order; example i equals `edit(dataset, [edits[i]])` (tested).

    Raises
    ------
    ChromolabError
        As `edit` does, and when the dataset holds more or less than one example.
    """
    if len(dataset) != 1:
        raise ChromolabError(
            f"variants are made of one gene in one cell type, not of {len(dataset)}; pass ds.gene(...)"
        )
    dataset, bases = dataset.compact(), Bases(source)
    edits, places = [_checked([e] if isinstance(e, Edit) else e) for e in edits], _Places.of(dataset.signal)
    return _together(dataset, [_vary(dataset, own, bases, places, {}) for own in edits])


class _Places(NamedTuple):
    """Chromosome, start and end of every region, as arrays: thousands of variants ask for them."""

    chrom: np.ndarray
    start: np.ndarray
    end: np.ndarray

    @classmethod
    def of(cls, signal: Signal) -> "_Places":
        r = signal.regions
        return cls(r["chrom"].to_numpy(object), r["start"].to_numpy(np.int64), r["end"].to_numpy(np.int64))


@dataclass
class _Variant:
    """A dataset with its contacts edited, and what its tracks' edits change.

    `changed`: row of `signal.regions` -> (depth float64 (bins, marks), covered (bins, marks)); `even`: bins that an
    edit cuts through and whose bases are not known.
    """

    dataset: Dataset
    changed: dict[int, tuple[np.ndarray, np.ndarray]]
    even: int


def _checked(edits: Iterable[Edit]) -> list[Edit]:
    edits = list(edits)
    if wrong := [e for e in edits if not isinstance(e, Edit)]:
        raise ChromolabError(f"{wrong[0]!r} is no edit; make one with cl.scale, cl.paint, cl.drop_pcre ...")
    return edits


def _vary(dataset: Dataset, edits: list[Edit], bases: Bases, places: _Places, known: dict) -> _Variant:
    """`known` holds what `change_bins` gave last time for (row, edits there), and is brought up to date."""
    contacts, added = [e for e in edits if isinstance(e, CONTACTS)], []
    own_rows = len(dataset.signal.regions)  # a row behind these is another place with other contacts
    if contacts:
        dataset, added = edit_contacts(dataset, contacts)
        places = _Places.of(dataset.signal) if added else places
    reaching = _reaching(dataset, [e for e in edits if not isinstance(e, CONTACTS)], places)
    changed, even, signal, used = {}, 0, dataset.signal, {}
    for row in sorted({*reaching, *added}):
        length = int(places.end[row] - places.start[row])
        depth, covered = bases.fill(signal, dataset.marks, row) if row in added else _region(signal, row, length)
        for column, own in reaching.get(row, {}).items():
            key = row, tuple(own)  # of one mark, hence of this column
            if key not in known or row >= own_rows:
                mean, strokes = depth[:, column].copy(), [(e, _stroke(e, places, row)) for e in own]
                given = partial(bases.of, signal, dataset.marks, row, column, mean)
                change = partial(change_bins, mean, covered[:, column], length, signal.bin_size, bases=given)
                used[key] = _fitting(change, strokes, signal.depth.dtype)
            else:
                used[key] = known[key]
            depth[:, column], covered[:, column], cut = used[key]
            even += cut
        changed[row] = depth, covered
    known.clear()
    known.update(used)
    _refuse_added(dataset, {row: changed[row][0] for row in added})
    return _Variant(dataset, changed, even)


def _fitting(change, own: list[tuple[Edit, Stroke]], dtype) -> tuple[np.ndarray, np.ndarray, int]:
    """What strokes make of a region's bins, (mean, covered, cut); an edit that makes more than fits is refused."""
    most = _most(dtype)

    def fits(count: int):
        made = change(strokes=[stroke for _, stroke in own[:count]])
        wrong = ~(np.abs(made[0]) <= most) & (made[1] > 0)  # inf times 0 is no number
        return None if wrong.any() else made

    with np.errstate(over="ignore", invalid="ignore"):
        if found := fits(len(own)):
            return found
        culprit = next((i for i in reversed(range(len(own))) if fits(i)), 0)  # 0: it was too much before
    e = own[culprit][0]
    what = f"times {e.factor:g}" if isinstance(e, Scale) else f"painted up to {max(d or 0 for d in e.depths):g}"
    raise ChromolabError(
        f"{e.mark} at {e.region}, {what}: with what was there before, that is a depth of more than {most:.3g}, "
        f"which {_too_much(dtype)}"
    )


def _most(dtype) -> float:
    """The largest depth that a dataset of this dtype holds and a model reads."""
    return min(float(np.finfo(dtype).max), FLOAT32)


def _too_much(dtype) -> str:
    return f"does not fit {np.dtype(dtype).name}" if _most(dtype) < FLOAT32 else "no model can read"


def _refuse_added(dataset: Dataset, added: dict[int, np.ndarray]) -> None:
    """`ChromolabError` for an added pCRE, row -> depth (bins, marks), without data, or with more depth than fits."""
    refuse_dataless(dataset, added)
    dtype = dataset.signal.depth.dtype
    for row, depth in added.items():
        if (depth > _most(dtype)).any():
            r = dataset.signal.regions.iloc[row]
            raise ChromolabError(
                f"add_pcre {r['chrom']}:{r['start']}-{r['end']}: the source has a depth of {np.nanmax(depth):.3g} "
                f"there, which {_too_much(dtype)}"
            )


def _reaching(dataset: Dataset, edits: list[Scale | Paint], places: _Places) -> dict[int, dict[int, list[Edit]]]:
    """Region -> mark's column -> the edits that reach it, in their order."""
    found = {}
    for e in edits:
        (column,) = dataset.mark_columns([e.mark])
        rows = np.flatnonzero((places.chrom == e.chrom) & (places.start < e.end) & (places.end > e.start)).tolist()
        if not rows:
            some = ", ".join(f"{r.chrom}:{r.start}-{r.end}" for r in dataset.signal.regions.head(3).itertuples())
            raise ChromolabError(
                f"{e.region} touches no region of this dataset ({some}); edits are in genomic coordinates"
            )
        for row in rows:
            found.setdefault(row, {}).setdefault(column, []).append(e)
    return found


def _stroke(e: Scale | Paint, places: _Places, row: int) -> Stroke:
    """What an edit does in one region that it reaches."""
    start = int(places.start[row])
    begin, end = max(e.start, start), min(e.end, int(places.end[row]))
    return Stroke(begin - start, end - start, e.factor if isinstance(e, Scale) else _per_base(e, begin, end))


def _per_base(e: Paint, begin: int, end: int) -> np.ndarray:
    """Of the bases [begin, end) of a chromosome, (bases,), NaN where nothing is painted."""
    step = min(e.step, np.iinfo(np.int64).max)
    return np.array(e.depths, np.float64)[(np.arange(begin, end) - e.start) // step]


def _region(signal: Signal, row: int, length: int) -> tuple[np.ndarray, np.ndarray]:
    """A copy of one region: depth float64 (bins, marks) and the bases with data (bins, marks)."""
    bins = slice(signal.offsets[row], signal.offsets[row + 1])
    depth = np.array(signal.depth[bins], np.float64)
    if signal.covered is not None:
        return depth, np.array(signal.covered[bins], np.int64)
    covered = np.full(depth.shape, signal.bin_size)
    covered[-1] = length - (len(depth) - 1) * signal.bin_size
    return depth, covered


def _together(dataset: Dataset, variants: list[_Variant]) -> Dataset:
    """The variants as examples of one dataset: the regions as they are, then each variant's own."""
    signal, n = dataset.signal, len(variants)
    room = max([dataset.n_pcres, *(v.dataset.n_pcres for v in variants)])
    promoter, pcre, frequency = np.repeat(dataset.promoter, n), np.full((n, room), -1), np.zeros((n, room))
    tables, known, which, own = [signal.regions], len(signal.regions), [], []
    for i, v in enumerate(variants):
        place = np.append(np.arange(len(v.dataset.signal.regions)), -1)  # the last entry serves -1
        more = sum(map(len, tables)) - known  # rows of `tables` before this variant's added regions
        for row, content in v.changed.items():
            place[row] = known + len(own)
            which.append(row if row < known else row + more)
            own.append(content)
        tables += [v.dataset.signal.regions.iloc[known:]] if len(v.dataset.signal.regions) > known else []
        promoter[i], width = place[v.dataset.promoter[0]], v.dataset.n_pcres
        pcre[i, :width], frequency[i, :width] = place[v.dataset.pcre[0]], v.dataset.frequency[0]
    regions = pd.concat(tables, ignore_index=True).iloc[[*range(known), *which]].reset_index(drop=True)
    even = sum(v.even for v in variants)
    return replace(
        dataset,
        genes=dataset.genes.iloc[np.zeros(n, np.int64)].reset_index(drop=True),
        promoter=promoter,
        pcre=pcre,
        frequency=frequency,
        signal=_extended(signal, regions, own),
        report=(*dataset.report, EVEN.format(even)) if even else dataset.report,
    )


def _extended(signal: Signal, regions: pd.DataFrame, own: list[tuple[np.ndarray, np.ndarray]]) -> Signal:
    """A signal with further regions behind its own: depth and bases with data of each, (bins, marks)."""
    counts = [len(depth) for depth, _ in own]
    offsets = np.append(signal.offsets, signal.offsets[-1] + np.cumsum(counts, dtype=np.int64))
    depth = np.concatenate([signal.depth, *(depth.astype(signal.depth.dtype) for depth, _ in own)])
    covered = signal.covered
    if covered is None and any(np.isnan(depth).any() for depth, _ in own):  # an added pCRE that is known in part
        covered = np.repeat(signal.bases()[:, None], depth.shape[1], axis=1).astype(np.uint32)
    if covered is not None:
        covered = np.concatenate([covered, *(seen.astype(covered.dtype) for _, seen in own)])
    return Signal(regions, depth, offsets, signal.bin_size, covered)
