"""Several datasets as one: their examples one after another, or two cell types side by side as one example."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from chromolab.data.dataset.dataset import Dataset
from chromolab.data.dataset.signal import Signal, counts_dtype
from chromolab.errors import ChromolabError

PARTLY, AND = "partly ", " and "  # how a joined origin is written


def concat(datasets: Sequence[Dataset]) -> Dataset:
    """Join the examples of several datasets: cell types that were built separately, or parts of one dataset.

    Parameters
    ----------
    datasets : sequence of Dataset
        With the same marks in the same order, scales, transforms, window and bin. Parts of one dataset (`split`,
        `select`) go on sharing their depth; otherwise depth is copied.

    Returns
    -------
    Dataset
        Its `origin` is `joined_origin` of theirs. It holds whole genes (`body`) if all of them do.

    Raises
    ------
    ChromolabError
        If nothing is given, or marks, window, bin, scales or transforms differ.
    """
    if not datasets:
        raise ChromolabError("no datasets to join; expected at least one")
    first = datasets[0]
    for other in datasets[1:]:
        for what in ("marks", "window", "bin_size", "scales", "transforms"):
            if getattr(other, what) != getattr(first, what):
                raise ChromolabError(
                    f"{what} differ: {getattr(first, what)} and {getattr(other, what)}; build the datasets alike"
                )
    signals = list({id(d.signal): d.signal for d in datasets}.values())
    before = dict(zip(map(id, signals), np.cumsum([0, *(len(s.regions) for s in signals)]), strict=False))
    room = max(d.n_pcres for d in datasets)
    pcre, frequency, promoter, body = [], [], [], []
    for d in datasets:
        shift, pad = before[id(d.signal)], ((0, 0), (0, room - d.n_pcres))
        promoter.append(d.promoter + shift)
        body += [] if d.body is None else [d.body + shift]
        pcre.append(np.pad(np.where(d.pcre >= 0, d.pcre + shift, -1), pad, constant_values=-1))
        frequency.append(np.pad(d.frequency, pad))
    return replace(
        first,
        genes=pd.concat([d.genes for d in datasets], ignore_index=True),
        signal=joined(signals),
        promoter=np.concatenate(promoter),
        pcre=np.concatenate(pcre),
        frequency=np.concatenate(frequency),
        body=np.concatenate(body) if len(body) == len(datasets) else None,
        exons=_joined_tables([d.exons for d in datasets]),
        motifs=_joined_tables([d.motifs for d in datasets]),
        report=tuple(dict.fromkeys(line for d in datasets for line in d.report)),
        origin=joined_origin(d.origin for d in datasets),
    )


def _joined_tables(tables: Sequence[pd.DataFrame | None]) -> pd.DataFrame | None:
    """The rows of all tables, each once; None if there is none."""
    given = list({id(table): table for table in tables if table is not None}.values())
    if len(given) < 2:
        return given[0] if given else None
    return pd.concat(given, ignore_index=True).drop_duplicates(ignore_index=True)


def joined_origin(origins: Iterable[str]) -> str:
    """The origin of data from several origins: theirs if all agree, else all of them.

    "simulated" and "measured" give "simulated and measured"; "simulated" and "" (nothing said) "partly simulated". The
    order of joining does not change which words it holds.
    """
    origins = list(dict.fromkeys(origins))
    words = dict.fromkeys(w for o in origins for w in o.removeprefix(PARTLY).split(AND) if w)
    partly = any(not o or o.startswith(PARTLY) for o in origins) and words
    return (PARTLY if partly else "") + AND.join(words)


def joined(signals: Sequence[Signal]) -> Signal:
    """The regions of several signals, one after another; a single one is not copied."""
    if len(signals) == 1:
        return signals[0]
    ends = np.cumsum([0, *(len(s.depth) for s in signals)])
    offsets = np.concatenate([[0], *(s.offsets[1:] + end for s, end in zip(signals, ends, strict=False))])
    regions = pd.concat([s.regions for s in signals], ignore_index=True)
    depth = np.concatenate([s.depth for s in signals])
    return Signal(regions, depth, offsets, signals[0].bin_size, _covered(signals, axis=0))


def _covered(signals: Sequence[Signal], axis: int) -> np.ndarray | None:
    """The signals' bases with data, joined along an axis of (bins, marks); None if no base lacks data."""
    if all(s.covered is None for s in signals):
        return None
    full = [np.broadcast_to(s.bases()[:, None], s.depth.shape) for s in signals]
    counts = [f if s.covered is None else s.covered for s, f in zip(signals, full, strict=True)]
    return np.concatenate(counts, axis).astype(counts_dtype(signals[0].bin_size))


def paired_marks(marks: Sequence[str]) -> tuple[str, ...]:
    """The marks of a dataset of pairs: those of cell type a, then those of b."""
    return tuple(f"{mark} in {cell}" for cell in "ab" for mark in marks)


def pairs(dataset: Dataset, *cells: tuple[str, str]) -> Dataset:
    """Pair genes of two cell types a and b.

    Parameters
    ----------
    dataset : Dataset
        With expression for every gene to pair.
    *cells : (a, b), one or more pairs of cell types

    Returns
    -------
    Dataset
        An example is a gene in both cell types: its promoter window with the marks of a, then of b (`paired_marks`),
        without pCREs. `log2_expression` is log2((b + 1) / (a + 1)) and may be negative, `expression` is that ratio,
        `label` is 1 where b is higher, `cell_type` is "a to b"; folds are kept.

    Raises
    ------
    ChromolabError
        For an unknown cell type, a pair without a gene in common, genes without expression, or a gene whose window or
        fold differs between the two cell types.
    """
    if not cells:
        raise ChromolabError("pairs: no cell types; expected, for example, pairs(ds, ('simA1', 'simB1'))")
    known = dataset.genes["cell_type"].unique()
    if unknown := [c for pair in cells for c in pair if c not in known]:
        raise ChromolabError(f"pairs: no cell type {unknown[0]!r}; the dataset has {', '.join(known)}")
    return concat([_pair(dataset, a, b) for a, b in cells])


def _pair(dataset: Dataset, a: str, b: str) -> Dataset:
    """The genes that cell types a and b share, as one example each."""
    both = [dataset.select((dataset.genes["cell_type"] == cell).to_numpy()) for cell in (a, b)]
    first, second = (d.genes.reset_index().set_index("gene_id")["index"] for d in both)
    shared = first.index.intersection(second.index)
    if not len(shared):
        raise ChromolabError(f"pairs: {a} and {b} have no gene in common; choose cell types with the same genes")
    both = [d.select(rows[shared].to_numpy()) for d, rows in zip(both, (first, second), strict=True)]
    alone = [d.without_contacts() for d in both]
    both = [
        replace(d, signal=d.signal.take(d.promoter), promoter=np.arange(len(d)), body=None, motifs=None) for d in alone
    ]
    x, y = both
    if (x.labels < 0).any() or (y.labels < 0).any():
        raise ChromolabError(f"pairs: some genes of {a} or {b} have no expression; take ds.select(ds.labels >= 0)")
    places = ["chrom", "start", "end"]
    if not x.signal.regions[places].equals(y.signal.regions[places]) or (x.genes["fold"] != y.genes["fold"]).any():
        raise ChromolabError(f"pairs: a gene's window or fold differs between {a} and {b}; build both the same way")
    change = y.log2_expression - x.log2_expression
    genes = x.genes.assign(
        cell_type=f"{a} to {b}", expression=2**change, log2_expression=change, label=(change > 0).astype(int)
    )
    scales, transforms = (
        {f"{m} in {c}": value for c in "ab" for m, value in of.items()} for of in (dataset.scales, dataset.transforms)
    )
    signal = _beside(x.signal, y.signal, f"{a} to {b}")
    return replace(x, genes=genes, marks=paired_marks(x.marks), signal=signal, scales=scales, transforms=transforms)


def _beside(a: Signal, b: Signal, cell_type: str) -> Signal:
    """The signal of two cell types over the same regions: the marks of a, then those of b."""
    depth = np.concatenate([a.depth, b.depth], axis=1)
    regions = a.regions.assign(cell_type=cell_type)
    return Signal(regions, depth, a.offsets, a.bin_size, _covered((a, b), axis=1))
