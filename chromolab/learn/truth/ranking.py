"""Rankings of tested pairs of an element and a gene, held against what CRISPRi measured, or a simulated genome's key.

How well a ranking finds the regulated pairs: average precision (area under precision and recall; chance is the share
of regulated pairs) and the precision at which half of them are found. Intervals draw genes, whose pairs stay together.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from chromolab.data.contacts.by_distance import contact_at
from chromolab.data.tracks.bin_means import bin_means
from chromolab.defaults import WINDOW
from chromolab.errors import ChromolabError

DISTANCE, ACETYLATION, RATIO, PRODUCT = "distance", "H3K27ac", "H3K27ac / distance", "activity x contact"
FELT = -0.1  # share of transcription lost from which a simulated pair counts as regulated
PLACES = ("all", "inside 20 kb", "outside 20 kb")


def cues(pairs: pd.DataFrame) -> dict[str, np.ndarray]:
    """Rankings of tested pairs that need no model.

    Parameters
    ----------
    pairs : DataFrame
        From `read_crispri` or `simulated_crispri`: distance, h3k27ac and, where known, dhs.

    Returns
    -------
    {name: float array (pairs,)}
        Higher ranks first. "distance" (the nearer, the higher), "H3K27ac", "H3K27ac / distance", and "activity x
        contact", as the activity-by-contact model ranks: sqrt(H3K27ac x DHS), or H3K27ac where DHS is not known, times
        contact by the power law of distance (`cl.data.contact_at`). A value that is missing counts as 0.
    """
    distance = pairs["distance"].abs().to_numpy(float)
    signal, open_ = (pairs[c].fillna(0).to_numpy(float) for c in ("h3k27ac", "dhs"))
    activity = np.sqrt(signal * open_) if pairs["dhs"].notna().any() else signal
    return {
        DISTANCE: -distance,
        ACETYLATION: signal,
        RATIO: signal / np.maximum(distance, 1),
        PRODUCT: activity * contact_at(distance),
    }


def score_crispri(
    pairs: pd.DataFrame,
    rankings: Mapping[str, ArrayLike],
    *,
    against: str = DISTANCE,
    places: Sequence[str] = PLACES,
    draws: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """How well rankings find the regulated pairs.

    Parameters
    ----------
    pairs : DataFrame
        gene_id, regulated, effect, distance.
    rankings : {name: float array (pairs,)}
        Higher ranks first; ties count as one step, whatever their order.
    against : str
        The ranking that the others are compared with, draw by draw.
    places : of `PLACES`
        All pairs, or those whose element's distance from the TSS is below 20 kb (inside the 40 kb window) or not.
    draws, seed : int
        Bootstrap draws over genes, and their seed.

    Returns
    -------
    DataFrame
        A row per place and ranking: where, ranking, pairs, regulated, chance (their share), average_precision, low,
        high, half (precision at 50 % recall), half_low, half_high, difference (average precision minus that of
        `against`), difference_low, difference_high, r_effect (Spearman's r with the loss of expression over all
        pairs), r_regulated (over regulated pairs alone). Intervals hold 95 % of the draws.

    Raises
    ------
    ChromolabError
        For an unknown reference or place, a ranking of another length or with a value that is not finite, or pairs
        without both kinds.
    """
    scores = {name: np.asarray(values, float) for name, values in rankings.items()}
    if against not in scores or any(place not in PLACES for place in places):
        raise ChromolabError(
            f"against={against!r}, places={list(places)}: expected one of {', '.join(scores)}, and some of "
            f"{', '.join(PLACES)}"
        )
    if wrong := [name for name, s in scores.items() if s.shape != (len(pairs),) or not np.isfinite(s).all()]:
        raise ChromolabError(f"ranking {wrong[0]!r}: expected a finite number for each of the {len(pairs)} pairs")
    near = pairs["distance"].abs().to_numpy() < WINDOW // 2
    chosen = dict(zip(PLACES, (np.ones(len(pairs), bool), near, ~near), strict=True))
    parts = []
    for place in places:
        rows = chosen[place]
        table = _scored(pairs[rows], {name: s[rows] for name, s in scores.items()}, against, draws, seed)
        parts.append(table.assign(where=place)[["where", *table.columns]])
    return pd.concat(parts, ignore_index=True)


def _scored(pairs: pd.DataFrame, scores: dict[str, np.ndarray], against: str, draws: int, seed: int) -> pd.DataFrame:
    truth = pairs["regulated"].to_numpy(bool)
    if truth.all() or not truth.any():
        raise ChromolabError(f"{truth.sum()} of {len(truth)} pairs are regulated; expected some of both kinds")
    members = list(pairs.reset_index(drop=True).groupby("gene_id").indices.values())
    rng = np.random.default_rng(seed)
    drawn: dict[str, list[tuple[float, float]]] = {name: [] for name in scores}
    for _ in range(draws):
        rows = np.concatenate([members[i] for i in rng.integers(0, len(members), len(members))])
        if truth[rows].any():
            for name, score in scores.items():
                drawn[name].append(precision(truth[rows], score[rows]))
    spread = {name: np.array(values) for name, values in drawn.items()}  # (draws, 2)
    loss, table = -pairs["effect"], []
    for name, score in scores.items():
        (ap, half), (low, high) = precision(truth, score), np.quantile(spread[name], [0.025, 0.975], axis=0)
        ends = np.quantile(spread[name][:, 0] - spread[against][:, 0], [0.025, 0.975])
        ranked = pd.Series(score, index=pairs.index)
        row = {"ranking": name, "pairs": len(truth), "regulated": int(truth.sum()), "chance": truth.mean()}
        row |= {"average_precision": ap, "low": low[0], "high": high[0], "half": half}
        row |= {"half_low": low[1], "half_high": high[1]}
        row |= {"difference": ap - precision(truth, scores[against])[0]}
        row |= {"difference_low": ends[0], "difference_high": ends[1]}
        row |= {"r_effect": _spearman(ranked, loss), "r_regulated": _spearman(ranked[truth], loss[truth])}
        table.append(row)
    return pd.DataFrame(table)


def _spearman(a: pd.Series, b: pd.Series) -> float:
    a, b = a.rank(), b.rank()
    return float(np.corrcoef(a, b)[0, 1]) if len(a) > 2 and a.std() > 0 and b.std() > 0 else np.nan


def precision(truth: np.ndarray, score: np.ndarray) -> tuple[float, float]:
    """Average precision, and the precision where half of the true are found.

    Parameters
    ----------
    truth : bool array (n,), at least one true
    score : float array (n,)
        Higher ranks first; equal scores are taken together.
    """
    order = np.argsort(-score, kind="stable")
    ranked = score[order]
    last = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)  # of each group of equal scores
    found = np.cumsum(truth[order])[last]
    exact, recall = found / (last + 1), found / truth.sum()
    return float((np.diff(recall, prepend=0) * exact).sum()), float(exact[np.argmax(recall >= 0.5)])


def simulated_crispri(
    world: Any, cell_type: str, genes: int = 180, farthest: int = 500_000, seed: int = 0
) -> pd.DataFrame:
    """Tested pairs of a teaching genome, in the form of `read_crispri`: which elements near a gene drive it?

    Parameters
    ----------
    world : World
    cell_type : str
    genes : int
        How many expressed genes (RPKM of 1 or more) are tested, drawn at random.
    farthest : int
        bp; every active element of the cell type that lies no farther from the TSS is tested.
    seed : int

    Returns
    -------
    DataFrame
        chrom, start, end, gene_id, tss, effect (share of transcription gained or lost when the element is silenced, 0
        for no cause), regulated (at least 10 % lost), distance, h3k27ac (mean depth over the element), dhs (NaN).

    Raises
    ------
    ChromolabError
        For an unknown cell type, or one without an expressed gene.
    """
    table = world.dataset().genes
    table = table[(table["cell_type"] == cell_type) & (table["expression"] >= 1)]
    if table.empty:
        raise ChromolabError(f"no expressed gene in cell type {cell_type!r} of this genome")
    table = table.sample(min(genes, len(table)), random_state=seed).sort_values(["chrom", "tss"])
    elements, causes = (t[t["cell_type"] == cell_type] for t in (world.key.elements, world.key.effects))
    pairs = table[["gene_id", "chrom", "tss"]].merge(
        elements[["element_id", "chrom", "start", "end", "kind", "activity"]], on="chrom"
    )
    pairs["distance"] = ((pairs["start"] + pairs["end"]) // 2 - pairs["tss"]).abs()
    pairs = pairs[(pairs["distance"] <= farthest) & (pairs["kind"] != "anchor") & (pairs["activity"] > 0)]
    pairs = pairs.merge(causes[["gene_id", "element_id", "effect"]], on=["gene_id", "element_id"], how="left")
    places = pairs[["chrom", "start", "end"]].drop_duplicates().reset_index(drop=True)
    width = int((places["end"] - places["start"]).max())
    places["h3k27ac"] = bin_means(world.tracks[cell_type]["H3K27ac"], places, width, progress=False).mean
    share = 2.0 ** pairs["effect"].fillna(0) - 1
    pairs = pairs.assign(effect=share, regulated=share <= FELT, dhs=np.nan).drop(columns="activity")
    return pairs.merge(places, on=["chrom", "start", "end"]).reset_index(drop=True)
