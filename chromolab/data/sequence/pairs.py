"""Pairs of places with the motif sites about and between them: what a model of contacts reads."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from chromolab.data.intervals import require_columns
from chromolab.errors import ChromolabError

ENDS = ("chrom1", "start1", "end1", "chrom2", "start2", "end2")
REACH = 15_000  # bp from a place's middle within which a site counts as its own
STEP, FURTHEST = 0.1, 6.5  # log10 bp: steps in which the fall with distance is measured


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of places, and the sites about them, as tensors.

    Attributes
    ----------
    places : DataFrame
        chrom, start, end (bp): each place once.
    left, right : Tensor (pairs,)
        The two places of each pair, rows of `places`; left is nearer to the chromosome's start.
    distance : Tensor (pairs,)
        Between their middles (bp).
    score : Tensor (sites,)
        Of the motif's sites, along the genome.
    near : Tensor (places, 2, most)
        Numbers of the sites within reach of each place that read forward, and backward; -1 where there are no more.
    before : Tensor (places,)
        How many sites of all (on this and earlier chromosomes) begin before the place's middle.
    features : Tensor (places, F)
        What else describes a place; F is 0 unless `pairs_of` was given some.
    """

    places: pd.DataFrame
    left: Tensor
    right: Tensor
    distance: Tensor
    score: Tensor
    near: Tensor
    before: Tensor
    features: Tensor

    def __len__(self) -> int:
        return len(self.left)

    def rows(self, rows: ArrayLike) -> "Pairs":
        """Some of the pairs; all places and sites stay."""
        at = torch.as_tensor(np.asarray(rows))
        return replace(self, left=self.left[at], right=self.right[at], distance=self.distance[at])


def pairs_of(
    table: pd.DataFrame, sites: pd.DataFrame, features: pd.DataFrame | None = None, reach: int = REACH
) -> Pairs:
    """Pairs as a model of contacts reads them.

    Parameters
    ----------
    table : DataFrame
        chrom1, start1, end1, chrom2, start2, end2 (bp, 0-based, half open): a contacts table, or
        `World.capture_counts`.
    sites : DataFrame
        Of one motif, from `cl.data.motif_sites`.
    features : DataFrame, optional
        chrom, start, end, and a column per feature of a place: every place of the table must be in it.
    reach : int
        bp from a place's middle within which a site is its own.

    Raises
    ------
    ChromolabError
        For a missing column, a pair of two chromosomes, a place without features, or features that are not finite.
    """
    require_columns(table, ENDS, "pairs")
    require_columns(sites, ("chrom", "start", "end", "strand", "score"), "sites")
    ends = [table[[f"{name}{i}" for name in ("chrom", "start", "end")]].to_numpy() for i in (1, 2)]
    if (odd := ends[0][:, 0] != ends[1][:, 0]).any():
        raise ChromolabError(f"pairs: row {int(odd.argmax())} joins two chromosomes; expected pairs of one")
    both = pd.DataFrame(np.concatenate(ends), columns=["chrom", "start", "end"])
    both = both.astype({"chrom": str, "start": np.int64, "end": np.int64})
    code = both.groupby(["chrom", "start", "end"], sort=False).ngroup().to_numpy()
    places = both.iloc[np.unique(code, return_index=True)[1]].reset_index(drop=True)
    middle = (places["start"].to_numpy() + places["end"].to_numpy()) // 2
    one, two = code[: len(table)], code[len(table) :]
    swap = middle[one] > middle[two]
    left, right = np.where(swap, two, one), np.where(swap, one, two)
    sites = sites.sort_values(["chrom", "start"], ignore_index=True)
    before, near = _sites_about(places["chrom"].to_numpy(), middle, sites, reach)
    return Pairs(
        places,
        torch.from_numpy(left),
        torch.from_numpy(right),
        torch.from_numpy((middle[right] - middle[left]).astype(np.float32)),
        torch.from_numpy(sites["score"].to_numpy(np.float32, copy=True)),
        near,
        before,
        _features_of(places, features),
    )


def _sites_about(chrom: np.ndarray, middle: np.ndarray, sites: pd.DataFrame, reach: int) -> tuple[Tensor, Tensor]:
    """Of each place: how many sites begin before it, and the sites within reach by strand (see `Pairs`)."""
    before = np.zeros(len(middle), np.int64)
    found: list[list[list[int]]] = [[[], []] for _ in middle]
    first = 0
    for name, here in sites.groupby("chrom", sort=False):
        on = np.flatnonzero(chrom == name)
        at = (here["start"].to_numpy() + here["end"].to_numpy()) // 2
        before[on] = first + np.searchsorted(at, middle[on])
        low, high = (np.searchsorted(at, middle[on] + r) for r in (-reach, reach))
        backward = (here["strand"] == "-").to_numpy()
        for place, a, b in zip(on, low, high, strict=True):
            for k in range(a, b):
                found[place][int(backward[k])].append(first + k)
        first += len(here)
    most = max((len(of) for both in found for of in both), default=0)
    near = np.full((len(middle), 2, max(most, 1)), -1, np.int64)
    for place, both in enumerate(found):
        for side, of in enumerate(both):
            near[place, side, : len(of)] = of
    return torch.from_numpy(before), torch.from_numpy(near)


def _features_of(places: pd.DataFrame, features: pd.DataFrame | None) -> Tensor:
    if features is None:
        return torch.zeros(len(places), 0)
    require_columns(features, ("chrom", "start", "end"), "features")
    names = [c for c in features if c not in ("chrom", "start", "end")]
    known = features.drop_duplicates(["chrom", "start", "end"])
    joined = places.merge(known, on=["chrom", "start", "end"], how="left")[names].to_numpy(np.float32, copy=True)
    if (wrong := ~np.isfinite(joined).all(1)).any():
        p = places.iloc[int(wrong.argmax())]
        raise ChromolabError(
            f"features: none, or not finite, for {p['chrom']}:{p['start']}-{p['end']}; expected numbers for every place"
        )
    return torch.from_numpy(joined)


def fall_with_distance(distance: ArrayLike, count: ArrayLike) -> Mapping[str, Any]:
    """Measure how counts fall with distance: the mean count in steps of 0.1 in log10 of bp.

    Returns
    -------
    dict
        log10 (middles of the steps that have pairs) and mean: `expected_at` reads it.
    """
    log, count = np.log10(np.maximum(np.asarray(distance, np.float64), 1)), np.asarray(count, np.float64)
    step = np.clip(log // STEP, 0, FURTHEST // STEP).astype(np.int64)
    n, total, sums = (np.bincount(step, weights) for weights in (None, count, log))
    some = (n > 0) & (total > 0)
    return {"log10": sums[some] / n[some], "mean": total[some] / n[some]}


def expected_at(distance: ArrayLike, fall: Mapping[str, Any]) -> np.ndarray:
    """The count that distance (bp) alone lets expect, (pairs,): by `fall_with_distance`, straight in logarithms."""
    log = np.log10(np.maximum(np.asarray(distance, np.float64), 1))
    return np.exp(np.interp(log, fall["log10"], np.log(fall["mean"])))
