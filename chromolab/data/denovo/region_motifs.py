"""What the sequence of a dataset's regions says: the best site of each motif, as data beside the tracks, and batches.

A fragment of 6 kb holds a weak site of nearly every motif by chance. So the letters of a pCRE are read where its marks
are highest, and those of a promoter at its TSS.
"""

from collections.abc import Sequence
from dataclasses import replace
from os import PathLike
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from chromolab.data.dataset.batches import Batch, Loader
from chromolab.data.dataset.dataset import Dataset
from chromolab.data.denovo.candidates import ACTIVITY
from chromolab.data.intervals import overlaps
from chromolab.data.sequence.motifs import motif_list
from chromolab.data.sequence.sites import motif_sites
from chromolab.errors import ChromolabError

AROUND = 300  # bp to each side
SMOOTH = 700  # bp to each side over which marks are averaged before their highest place is found
REGION = ["cell_type", "chrom", "start", "end"]


def with_motifs(
    dataset: Dataset,
    fasta: str | PathLike[str],
    motifs: Any,
    *,
    around: int = AROUND,
    marks: Sequence[Sequence[str]] = ACTIVITY,
    threshold: float = 1e-4,
) -> Dataset:
    """The same examples, with the motifs of their promoters and pCREs.

    Parameters
    ----------
    dataset : Dataset
    fasta, motifs, threshold : see `cl.data.motif_sites`
    around : int
        Letters are read so many bp to each side of the TSS, and of the place of a pCRE where `marks` are highest.
    marks : sequence of sequences of str
        Marks that stand together at an element; see `cl.data.candidates`. Those that the dataset lacks are left out; if
        it lacks all, the middle of a pCRE is taken.

    Returns
    -------
    Dataset
        With `motifs`: a row per window and pCRE, and of each motif its best site there, as a share of the best that the
        motif can score: 1 for a perfect site, 0 for none.

    Raises
    ------
    ChromolabError
        As `cl.data.motif_sites` does.
    """
    known = motif_list(motifs)
    used = np.unique(np.concatenate([dataset.promoter, dataset.pcre[dataset.pcre >= 0]]))
    regions = dataset.signal.regions.iloc[used].reset_index(drop=True)
    middle = np.where(np.isin(used, dataset.promoter), _middle(regions), _highest(dataset, marks)[used])
    windows = pd.DataFrame({"chrom": regions["chrom"], "start": middle - around, "end": middle + around})
    sites = motif_sites(fasta, known, windows.drop_duplicates(ignore_index=True), threshold)
    site, window = overlaps(sites, windows)
    start, end = (sites[side].to_numpy()[site] for side in ("start", "end"))
    whole = (start >= windows["start"].to_numpy()[window]) & (end <= windows["end"].to_numpy()[window])
    site, window = site[whole], window[whole]
    names = [motif.name for motif in known]
    best = dict(zip(names, (float(motif.scores.max(1).sum()) for motif in known), strict=True))
    number = sites["motif"].map({name: i for i, name in enumerate(names)}).to_numpy(np.int64)
    share = sites["score"].to_numpy() / sites["motif"].map(best).to_numpy()
    scores = np.zeros((len(regions), len(names)))
    np.maximum.at(scores, (window, number[site]), share[site])
    table = pd.DataFrame(scores.round(4), columns=names)
    table = pd.concat([regions[REGION], table], axis=1).drop_duplicates(REGION, ignore_index=True)
    return replace(dataset, motifs=table)


def _middle(regions: pd.DataFrame) -> np.ndarray:
    return ((regions["start"] + regions["end"]) // 2).to_numpy(np.int64)


def _highest(dataset: Dataset, marks: Sequence[Sequence[str]]) -> np.ndarray:
    """Where some of `marks` stand highest together in each region, (regions,), bp on the chromosome."""
    signal = dataset.signal
    sets = [dataset.mark_columns(one) for one in marks if set(one) <= set(dataset.marks)]
    if not sets:
        return _middle(signal.regions)
    first, bins = signal.offsets[:-1], np.diff(signal.offsets)
    region = np.repeat(np.arange(len(bins)), bins)
    number, reach = np.arange(len(region)), max(1, SMOOTH // signal.bin_size)
    low = np.maximum(number - reach, first[region])
    high = np.minimum(number + reach + 1, signal.offsets[1:][region])
    depth = np.maximum(np.nan_to_num(signal.depth.astype(np.float64)), 0)
    before = np.concatenate([np.zeros((1, depth.shape[1])), np.cumsum(depth, 0)])  # of each bin
    smooth = before[high] - before[low]  # beyond its ends a region has no marks, so that its ends are not the highest
    together = np.max([smooth[:, one].prod(1) ** (1 / len(one)) for one in sets], 0)
    best = np.lexsort((-together, region))[first] - first  # the number of each region's best bin
    return signal.regions["start"].to_numpy(np.int64) + best * signal.bin_size + signal.bin_size // 2


def motif_scores(dataset: Dataset, motifs: Sequence[str]) -> np.ndarray:
    """The scores of motifs in every region that is a promoter window or a pCRE, (regions, motifs); 0 in others.

    Raises ChromolabError if the dataset holds no motifs, not these, or lacks them for a region that it uses.
    """
    table = dataset.motifs
    if table is None or (missing := [name for name in motifs if name not in table]):
        what = "motifs" if table is None else f"motif {missing[0]!r}"
        raise ChromolabError(f"this dataset holds no {what}; read them: cl.data.with_motifs(ds, 'genome.fa', motifs)")
    regions = dataset.signal.regions
    used = np.unique(np.concatenate([dataset.promoter, dataset.pcre[dataset.pcre >= 0]]))
    row = pd.MultiIndex.from_frame(table[REGION]).get_indexer(pd.MultiIndex.from_frame(regions.iloc[used][REGION]))
    if (row < 0).any():
        cell, chrom, start, end = regions.iloc[used[row < 0][0]][REGION]
        raise ChromolabError(
            f"the motifs of {chrom}:{start}-{end} in {cell} are not known: this region came later; read them again: "
            "cl.data.with_motifs(ds, 'genome.fa', motifs)"
        )
    scores = np.zeros((len(regions), len(motifs)), np.float32)
    scores[used] = table[list(motifs)].to_numpy(np.float32)[row]
    return scores


class MotifLoader(Loader):
    """A `Loader` whose batches hold the motifs of promoters and pCREs, too, in `batch.more`.

    Parameters
    ----------
    dataset, marks, resolutions : as of `Loader`
    motifs : sequence of str
        Names of motifs, in the model's order.
    **more
        device, dtype and transforms of `Loader`.

    Raises
    ------
    ChromolabError
        As `motif_scores`.
    """

    def __init__(self, dataset: Dataset, marks: Sequence[str], resolutions: Sequence[int], motifs, **more: Any):
        super().__init__(dataset, marks, resolutions, **more)
        scores = motif_scores(dataset, motifs)
        none = np.zeros((1, scores.shape[1]), np.float32)  # the last row serves -1: no region, no site
        self.scores = self._put(np.concatenate([scores, none])).to(self.dtype)
        self.pcre = self._put(dataset.pcre)

    def batch(self, rows: ArrayLike) -> Batch:
        """As of `Loader`; `more` holds "promoter_motifs" (B, F) and "pcre_motifs" (P, F), scores of F motifs."""
        made, which = super().batch(rows), self._put(np.asarray(rows, np.int64))
        regions = self.pcre[which].flatten(-2)  # (..., B * K)
        regions = regions.gather(-1, made.owner * self.dataset.n_pcres + made.slot)
        made.more = {"promoter_motifs": self.scores[self.promoter[which]], "pcre_motifs": self.scores[regions]}
        return made
