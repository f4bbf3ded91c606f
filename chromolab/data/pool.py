"""Join several datasets into one."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from chromolab.data.dataset import Dataset
from chromolab.data.signal import Signal
from chromolab.errors import ChromolabError


def concat(datasets: Sequence[Dataset]) -> Dataset:
    """Join the examples of several datasets: cell types that were built separately, or parts of one dataset.

    Parameters
    ----------
    datasets : sequence of Dataset
        With the same marks in the same order, scales, window and bin. Parts of one dataset (`split`, `select`) go on
        sharing their depth; otherwise depth is copied.

    Returns
    -------
    Dataset

    Raises
    ------
    ChromolabError
        If nothing is given, or marks, window, bin or scales differ.
    """
    if not datasets:
        raise ChromolabError("no datasets to join; expected at least one")
    first = datasets[0]
    for other in datasets[1:]:
        for what in ("marks", "window", "bin_size", "scales"):
            if getattr(other, what) != getattr(first, what):
                raise ChromolabError(
                    f"{what} differ: {getattr(first, what)} and {getattr(other, what)}; build the datasets alike"
                )
    signals = list({id(d.signal): d.signal for d in datasets}.values())
    before = dict(zip(map(id, signals), np.cumsum([0, *(len(s.regions) for s in signals)]), strict=False))
    room = max(d.n_pcres for d in datasets)
    pcre, frequency, promoter = [], [], []
    for d in datasets:
        shift, pad = before[id(d.signal)], ((0, 0), (0, room - d.n_pcres))
        promoter.append(d.promoter + shift)
        pcre.append(np.pad(np.where(d.pcre >= 0, d.pcre + shift, -1), pad, constant_values=-1))
        frequency.append(np.pad(d.frequency, pad))
    return replace(
        first,
        genes=pd.concat([d.genes for d in datasets], ignore_index=True),
        signal=_joined(signals),
        promoter=np.concatenate(promoter),
        pcre=np.concatenate(pcre),
        frequency=np.concatenate(frequency),
        report=tuple(dict.fromkeys(line for d in datasets for line in d.report)),
    )


def _joined(signals: list[Signal]) -> Signal:
    if len(signals) == 1:
        return signals[0]
    ends = np.cumsum([0, *(len(s.depth) for s in signals)])
    offsets = np.concatenate([[0], *(s.offsets[1:] + end for s, end in zip(signals, ends, strict=False))])
    covered = None
    if any(s.covered is not None for s in signals):
        covered = np.concatenate(
            [
                s.covered if s.covered is not None else np.broadcast_to(s.bases()[:, None], s.depth.shape)
                for s in signals
            ]
        )
    regions = pd.concat([s.regions for s in signals], ignore_index=True)
    return Signal(regions, np.concatenate([s.depth for s in signals]), offsets, signals[0].bin_size, covered)
