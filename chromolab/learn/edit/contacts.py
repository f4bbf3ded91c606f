"""Edits of contacts: which pCREs a promoter touches, and how often."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from chromolab.data.dataset.dataset import Dataset
from chromolab.data.dataset.signal import Signal
from chromolab.errors import ChromolabError
from chromolab.learn.edit.kinds import FLOAT32, AddPcre, DropPcre, Edit, SetFrequency

CONTACTS = (AddPcre, DropPcre, SetFrequency)


def edit_contacts(dataset: Dataset, edits: Sequence[AddPcre | DropPcre | SetFrequency]) -> tuple[Dataset, list[int]]:
    """Apply edits of contacts, in order.

    Parameters
    ----------
    dataset : Dataset
        Must hold exactly one example if an edit adds a pCRE.
    edits : list of AddPcre, DropPcre and SetFrequency

    Returns
    -------
    (Dataset, list of int)
        The examples, their pCREs sorted by falling frequency without gaps; and the rows of `signal.regions` that are
        new and hold no data yet. A contact weaker than the K strongest was left out when the dataset was built: it does
        not take the place of one that is cut.

    Raises
    ------
    ChromolabError
        If no example touches the place, if the place to add is a pCRE already, or if it is too long for a pCRE.
    """
    known, pcre, frequency = len(dataset.signal.regions), dataset.pcre.copy(), dataset.frequency.astype(np.float64)
    for e in edits:
        if not isinstance(e, DropPcre) and e.frequency > FLOAT32:
            raise ChromolabError(
                f"contact with {e.region}: a frequency of {e.frequency:g} is more than a model can read ({FLOAT32:.3g})"
            )
        if isinstance(e, AddPcre):
            dataset, row = _with_region(dataset, e, pcre)
            pcre, frequency = np.append(pcre, [[row]], axis=1), np.append(frequency, [[e.frequency]], axis=1)
            continue
        at = np.isin(pcre, _rows(dataset, e)) & (pcre >= 0)
        if not at.any():
            raise ChromolabError(f"no contact with {e.region} to edit; {_contacts(dataset, pcre)}")
        pcre[at] = -1 if isinstance(e, DropPcre) else pcre[at]
        frequency[at] = 0 if isinstance(e, DropPcre) else e.frequency
    order = np.lexsort((-frequency, pcre < 0))  # in each row: pCREs first, by falling frequency, ties as they were
    pcre, frequency = np.take_along_axis(pcre, order, 1), np.take_along_axis(frequency, order, 1)
    room = max(dataset.n_pcres, int((pcre >= 0).sum(1).max(initial=0)))
    edited = replace(dataset, pcre=pcre[:, :room], frequency=frequency[:, :room])
    return edited, sorted({int(row) for row in pcre.ravel() if row >= known})


def refuse_dataless(dataset: Dataset, added: dict[int, np.ndarray]) -> None:
    """Refuse an added pCRE, {row: depth (bins, marks)}, if no bin of it has data of every mark."""
    for row, depth in added.items():
        if np.isnan(depth).any(1).all():
            r = dataset.signal.regions.iloc[row]
            raise ChromolabError(
                f"add_pcre {r['chrom']}:{r['start']}-{r['end']}: the marks' depth there is not known. Paint every mark "
                "over it (cl.paint, cl.set_depth), give source= (the tracks), or edit a dataset that holds the region"
            )


def _rows(dataset: Dataset, e: Edit) -> np.ndarray:
    """Rows of the regions that are exactly the edit's place, in any cell type."""
    r = dataset.signal.regions
    return np.flatnonzero(((r["chrom"] == e.chrom) & (r["start"] == e.start) & (r["end"] == e.end)).to_numpy())


def _with_region(dataset: Dataset, e: AddPcre, pcre: np.ndarray) -> tuple[Dataset, int]:
    """The dataset with the edit's region, and its row: an existing one, or a new one without data."""
    if len(dataset) != 1:
        raise ChromolabError(
            f"add_pcre {e.region}: to which of the {len(dataset)} examples? Edit one of them: ds.gene(...)"
        )
    if e.end - e.start > dataset.window:
        raise ChromolabError(f"add_pcre {e.region}: {e.end - e.start:,} bp; a pCRE is at most {dataset.window:,} bp")
    signal, cell_type = dataset.signal, dataset.genes["cell_type"].iloc[0]
    rows = [row for row in _rows(dataset, e) if signal.regions["cell_type"].iloc[row] == cell_type]
    if np.isin(rows, pcre).any():
        raise ChromolabError(f"add_pcre {e.region}: it is a pCRE already; use cl.set_frequency")
    if rows:
        return dataset, int(rows[0])
    place = pd.DataFrame({"cell_type": [cell_type], "chrom": [e.chrom], "start": [e.start], "end": [e.end]})
    bins, marks = -(-(e.end - e.start) // signal.bin_size), len(dataset.marks)
    covered = signal.covered
    if covered is None:
        covered = np.repeat(signal.bases()[:, None], marks, axis=1).astype(np.uint32)
    signal = Signal(
        pd.concat([signal.regions, place], ignore_index=True),
        np.concatenate([signal.depth, np.full((bins, marks), np.nan, signal.depth.dtype)]),
        np.append(signal.offsets, signal.offsets[-1] + bins),
        signal.bin_size,
        np.concatenate([covered, np.zeros((bins, marks), covered.dtype)]),
    )
    return replace(dataset, signal=signal), len(signal.regions) - 1


def _contacts(dataset: Dataset, pcre: np.ndarray) -> str:
    rows = np.unique(pcre[pcre >= 0])[:8]
    places = [f"{r.chrom}:{r.start}-{r.end}" for r in dataset.signal.regions.iloc[rows].itertuples()]
    return f"the contacts are {', '.join(places)}" if places else "there is no contact"
