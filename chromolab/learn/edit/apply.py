"""Apply edits to a copy of a dataset, contacts first, then tracks, as if the files had been edited and read again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from os import PathLike
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from chromolab.data.dataset.dataset import Dataset
from chromolab.data.dataset.signal import Signal
from chromolab.errors import ChromolabError
from chromolab.learn.edit.bases import Bases
from chromolab.learn.edit.bins import Stroke, change_bins
from chromolab.learn.edit.contacts import CONTACTS, edit_contacts, refuse_dataless
from chromolab.learn.edit.kinds import FLOAT32, ChangeMotif, Edit, Paint, Scale

EVEN = "edits: an edit begins or ends inside {} bin(s), whose depth was taken as even; give source= for exact values"


def edit(
    dataset: Dataset, edits: Iterable[Edit], source: Mapping[str, Any] | str | PathLike[str] | None = None
) -> Dataset:
    """Apply edits, in order, to a copy.

    Parameters
    ----------
    dataset : Dataset
        Usually one example: `ds.gene("ENSG...")`. An edit of a track changes every region that covers the place, in
        every cell type of the dataset; an edit of a contact changes every example that has this contact.
    edits : list of Edit
    source : {mark: track}, {cell type: {mark: track}} or folder, optional
        The tracks that the dataset was built from, as `cl.build_dataset` (or `cl.read_published`) takes them. Where an
        edit begins or ends inside a stored bin, the depth at each base of that bin is read from the track, so that the
        result equals editing the track and building again. Without it, the depth of such a bin is taken as even, and
        the result's `report` says so.

    Returns
    -------
    Dataset
        The same examples with changed depth and contacts; `dataset` itself does not change. Depth is stored in the
        dataset's own dtype: with a source, it equals a rebuild within the rounding of that dtype (tested).

    Raises
    ------
    ChromolabError
        If the dataset lacks a mark, if an edit touches none of its regions or contacts (it would silently change
        nothing), or if the source is not what the dataset was built from.
    """
    return _edited(_vary(dataset, _checked(edits), Bases(source), _Places.of(dataset.signal), {}))


def edit_again(dataset: Dataset, edits: Iterable[Edit], known: dict) -> Dataset:
    """`edit` for a list that grows and shrinks: what the previous call computed is reused where the edits are the same.

    Parameters
    ----------
    dataset : Dataset
        The same in every call.
    edits : list of Edit
    known : dict
        Pass the same dict in every call, empty at first. It holds the edited bins of the previous call, by region and
        by the edits that reach it.

    Returns
    -------
    Dataset
        As `edit` returns.

    Raises
    ------
    ChromolabError
        As `edit` does.
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


def edit_each(
    dataset: Dataset,
    edits: Iterable[Edit | Iterable[Edit]],
    source: Mapping[str, Any] | str | PathLike[str] | None = None,
) -> Dataset:
    """One variant of a gene for each edit, as the examples of one dataset, so that thousands are predicted together.

    A variant stores only the regions that its edits touch; all other regions are shared.

    Parameters
    ----------
    dataset : Dataset
        One example: `ds.gene("ENSG...")`.
    edits : list of Edit, or of lists of Edit
        The edits of each variant.
    source : optional
        As in `edit`.

    Returns
    -------
    Dataset
        As many examples as edits, in their order; example i equals `edit(dataset, [edits[i]])` (tested).

    Raises
    ------
    ChromolabError
        As `edit` does, and unless the dataset holds exactly one example.
    """
    if len(dataset) != 1:
        raise ChromolabError(
            f"expected one gene in one cell type, this dataset has {len(dataset)} examples; pass ds.gene(...)"
        )
    dataset, bases = dataset.compact(), Bases(source)
    variants, places = [_checked([e] if isinstance(e, Edit) else e) for e in edits], _Places.of(dataset.signal)
    return _together(dataset, [_vary(dataset, of_one, bases, places, {}) for of_one in variants])


class _Places(NamedTuple):
    """Chromosome, start and end of every region as arrays: looked up once, then shared by thousands of variants."""

    chrom: np.ndarray
    start: np.ndarray
    end: np.ndarray

    @classmethod
    def of(cls, signal: Signal) -> "_Places":
        r = signal.regions
        return cls(r["chrom"].to_numpy(object), r["start"].to_numpy(np.int64), r["end"].to_numpy(np.int64))


@dataclass
class _Variant:
    """A dataset whose contacts are edited, and the regions that edits of its tracks change.

    `changed`: row of `signal.regions` -> (depth float64 (bins, marks), covered (bins, marks)); `even`: how many bins an
    edit cuts through without a source that gives their depth base by base.
    """

    dataset: Dataset
    changed: dict[int, tuple[np.ndarray, np.ndarray]]
    even: int


def _checked(edits: Iterable[Edit]) -> list[Edit]:
    edits = list(edits)
    if wrong := [e for e in edits if not isinstance(e, Edit)]:
        raise ChromolabError(f"{wrong[0]!r} is not an edit; make one with cl.scale, cl.paint, cl.drop_pcre ...")
    if letters := [e for e in edits if isinstance(e, ChangeMotif)]:
        raise ChromolabError(
            f"{letters[0].kind} at {letters[0].region} changes letters, and this dataset holds tracks and contacts: a "
            "model that reads those alone cannot tell. cl.edits.on_sequence gives a model of sequence the changed "
            "letters, and cl.truth.motif_effects the true effect in the teaching genome"
        )
    return edits


def _vary(dataset: Dataset, edits: list[Edit], bases: Bases, places: _Places, known: dict) -> _Variant:
    """Apply edits to one variant. `known` holds the results of the last call by (row, edits there), and is updated."""
    contacts = [e for e in edits if isinstance(e, CONTACTS)]
    added: list[int] = []
    stored_rows = len(dataset.signal.regions)  # rows from here on are added regions, which differ between calls
    if contacts:
        dataset, added = edit_contacts(dataset, contacts)
        places = _Places.of(dataset.signal) if added else places
    reaching = _reaching(dataset, [e for e in edits if isinstance(e, Scale | Paint)], places)
    changed, even, signal, used = {}, 0, dataset.signal, {}
    for row in sorted({*reaching, *added}):
        length = int(places.end[row] - places.start[row])
        depth, covered = bases.fill(signal, dataset.marks, row) if row in added else _region(signal, row, length)
        for column, edits_here in reaching.get(row, {}).items():
            key = row, tuple(edits_here)  # all of one mark, so the key need not name the column
            if key not in known or row >= stored_rows:
                mean, strokes = depth[:, column].copy(), [(e, _stroke(e, places, row)) for e in edits_here]
                read_bases = partial(bases.of, signal, dataset.marks, row, column, mean)
                change = partial(change_bins, mean, covered[:, column], length, signal.bin_size, bases=read_bases)
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


def _fitting(change, strokes: list[tuple[Scale | Paint, Stroke]], dtype) -> tuple[np.ndarray, np.ndarray, int]:
    """Apply strokes to a region's bins: (mean, covered, cut). Refuses the edit whose depth is too large for `dtype`."""
    most = _most(dtype)

    def after(count: int):
        """The result of the first `count` strokes; None where it does not fit."""
        result = change(strokes=[stroke for _, stroke in strokes[:count]])
        too_large = ~(np.abs(result[0]) <= most) & (result[1] > 0)  # also true of NaN, which is inf times 0
        return None if too_large.any() else result

    with np.errstate(over="ignore", invalid="ignore"):
        if result := after(len(strokes)):
            return result
        culprit = next((i for i in reversed(range(len(strokes))) if after(i)), 0)  # 0: too large before any edit
    e = strokes[culprit][0]
    what = f"times {e.factor:g}" if isinstance(e, Scale) else f"painted up to {max(d or 0 for d in e.depths):g}"
    raise ChromolabError(
        f"{e.mark} at {e.region}, {what}: with the depth there this gives more than {most:.3g} reads per base, "
        f"which {_too_much(dtype)}"
    )


def _most(dtype) -> float:
    """The largest depth that a dataset of this dtype can store and a model can read."""
    return min(float(np.finfo(dtype).max), FLOAT32)


def _too_much(dtype) -> str:
    return f"does not fit {np.dtype(dtype).name}" if _most(dtype) < FLOAT32 else "no model can read"


def _refuse_added(dataset: Dataset, added: dict[int, np.ndarray]) -> None:
    """Refuse an added pCRE, {row: depth (bins, marks)}, that has no data or a depth too large to store."""
    refuse_dataless(dataset, added)
    dtype = dataset.signal.depth.dtype
    for row, depth in added.items():
        if (depth > _most(dtype)).any():
            r = dataset.signal.regions.iloc[row]
            raise ChromolabError(
                f"add_pcre {r['chrom']}:{r['start']}-{r['end']}: the source has a depth of {np.nanmax(depth):.3g} "
                f"there, which {_too_much(dtype)}"
            )


def _reaching(
    dataset: Dataset, edits: list[Scale | Paint], places: _Places
) -> dict[int, dict[int, list[Scale | Paint]]]:
    """Region -> mark's column -> the edits that reach it, in their order."""
    reaching: dict[int, dict[int, list[Scale | Paint]]] = {}
    for e in edits:
        if e.mark not in dataset.marks:
            raise ChromolabError(
                f"the edit of {e.region} names the mark {e.mark}, which this dataset lacks; it has "
                f"{', '.join(dataset.marks)}"
            )
        column = dataset.marks.index(e.mark)
        _refuse_below_zero(dataset, e)
        rows = np.flatnonzero((places.chrom == e.chrom) & (places.start < e.end) & (places.end > e.start)).tolist()
        if not rows:
            examples = ", ".join(f"{r.chrom}:{r.start}-{r.end}" for r in dataset.signal.regions.head(3).itertuples())
            raise ChromolabError(
                f"{e.region} overlaps no region of this dataset (such as {examples}); edits are in genomic coordinates"
            )
        for row in rows:
            reaching.setdefault(row, {}).setdefault(column, []).append(e)
    return reaching


def _refuse_below_zero(dataset: Dataset, e: Scale | Paint) -> None:
    """Refuse to paint values below 0 on a track whose values cannot lie there."""
    least = min((d for d in e.depths if d is not None), default=0) if isinstance(e, Paint) else 0
    if least < 0 and not dataset.may_fall_below_zero(e.mark):
        raise ChromolabError(
            f"{e.mark} at {e.region}: {least:g} is below 0, which this track cannot be; expected 0 or more. Signed "
            "tracks are those that the dataset was built with a transform for (transforms=)"
        )


def _stroke(e: Scale | Paint, places: _Places, row: int) -> Stroke:
    """An edit in the coordinates of one region that it reaches."""
    start = int(places.start[row])
    begin, end = max(e.start, start), min(e.end, int(places.end[row]))
    return Stroke(begin - start, end - start, e.factor if isinstance(e, Scale) else e.along(begin, end))


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
    """The variants as examples of one dataset: the unedited regions first, then those that each variant changed."""
    signal, n = dataset.signal, len(variants)
    room = max([dataset.n_pcres, *(v.dataset.n_pcres for v in variants)])
    promoter, pcre, frequency = np.repeat(dataset.promoter, n), np.full((n, room), -1), np.zeros((n, room))
    body = None if dataset.body is None else np.repeat(dataset.body, n)
    stored = len(signal.regions)
    contents: list[tuple[np.ndarray, np.ndarray]] = []  # the result has the stored regions, then one for each of these
    tables, copied = [signal.regions], []  # its regions are these tables' rows `copied`
    added = 0  # regions that earlier variants added: rows of `tables` after the stored ones
    for i, variant in enumerate(variants):
        regions = variant.dataset.signal.regions  # the stored ones, then those that this variant adds
        row_of = np.append(np.arange(len(regions)), -1)  # each region's row in the result; the last entry serves -1
        for row, content in variant.changed.items():
            row_of[row] = stored + len(contents)
            copied.append(row if row < stored else row + added)
            contents.append(content)
        if len(regions) > stored:
            tables.append(regions.iloc[stored:])
            added += len(regions) - stored
        promoter[i], width = row_of[variant.dataset.promoter[0]], variant.dataset.n_pcres
        if body is not None and variant.dataset.body is not None:
            body[i] = row_of[variant.dataset.body[0]]
        pcre[i, :width], frequency[i, :width] = row_of[variant.dataset.pcre[0]], variant.dataset.frequency[0]
    regions = pd.concat(tables, ignore_index=True).iloc[[*range(stored), *copied]].reset_index(drop=True)
    even = sum(variant.even for variant in variants)
    return replace(
        dataset,
        genes=dataset.genes.iloc[np.zeros(n, np.int64)].reset_index(drop=True),
        promoter=promoter,
        pcre=pcre,
        frequency=frequency,
        body=body,
        signal=_extended(signal, regions, contents),
        report=(*dataset.report, EVEN.format(even)) if even else dataset.report,
    )


def _extended(signal: Signal, regions: pd.DataFrame, contents: list[tuple[np.ndarray, np.ndarray]]) -> Signal:
    """The signal with more regions appended: depth and bases with data of each, (bins, marks)."""
    counts = [len(depth) for depth, _ in contents]
    offsets = np.append(signal.offsets, signal.offsets[-1] + np.cumsum(counts, dtype=np.int64))
    depth = np.concatenate([signal.depth, *(depth.astype(signal.depth.dtype) for depth, _ in contents)])
    covered = signal.covered
    if covered is None and any(np.isnan(depth).any() for depth, _ in contents):  # an added pCRE, partly without data
        covered = np.repeat(signal.bases()[:, None], depth.shape[1], axis=1).astype(np.uint32)
    if covered is not None:
        covered = np.concatenate([covered, *(seen.astype(covered.dtype) for _, seen in contents)])
    return Signal(regions, depth, offsets, signal.bin_size, covered)
