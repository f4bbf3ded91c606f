"""How much of what truly drives genes from afar is among the first candidates of a ranking, by the answer key."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from chromolab.data.intervals import overlaps
from chromolab.defaults import N_PCRES, WINDOW
from chromolab.errors import ChromolabError
from chromolab.learn.metrics import t_interval

LEAST = 0.1  # log2: a gene whose distal causes do less in sum is left out
EVERY = "all candidates"
GENE = ["gene_id", "cell_type"]


def recall_of_causes(
    table: pd.DataFrame,
    rankings: Mapping[str, ArrayLike],
    effects: pd.DataFrame,
    *,
    against: str | None = None,
    first: int = N_PCRES,
    nearest: int = WINDOW // 2,
) -> pd.DataFrame:
    """The share of each gene's distal causes that lies in its first candidates.

    Parameters
    ----------
    table : DataFrame
        Candidates (`cl.data.candidates`), of the genes that are asked about: all candidates of held-out chromosomes.
    rankings : {name: float array (rows,)}
        Higher ranks first; ties by the nearer (`cl.data.rankings`).
    effects : DataFrame
        `world.key.effects`: simulated genomes only.
    against : str, optional
        A ranking that the others are compared with, gene by gene.
    first : int
        How many candidates count.
    nearest : int
        bp; causes that are nearer to the promoter are left out: they stand in its window.

    Returns
    -------
    DataFrame
        ranking, recall (mean over genes of the share of the absolute effect that is found), low and high (95 % t
        interval over genes, whose cell types are averaged before), genes, examples (genes in cell types); with
        `against`, above: how much more it finds, with above_low and above_high alike. The last ranking, "all
        candidates", says how much is within reach. A cause is found with the candidate that holds its middle.

    Raises
    ------
    ChromolabError
        For a ranking of another length or with a value that is not finite, an unknown reference, or if no gene has a
        distal cause.
    """
    scores = {name: np.asarray(values, float) for name, values in rankings.items()}
    if wrong := [name for name, s in scores.items() if s.shape != (len(table),) or not np.isfinite(s).all()]:
        raise ChromolabError(f"ranking {wrong[0]!r}: expected a finite number for each of the {len(table)} candidates")
    if against is not None and against not in scores:
        raise ChromolabError(f"against is {against!r}; expected one of {', '.join(scores)}")
    asked = pd.MultiIndex.from_frame(table[GENE].drop_duplicates())
    causes = effects[(effects["distance"] > nearest) & pd.MultiIndex.from_frame(effects[GENE]).isin(asked)]
    causes = causes.assign(weight=causes["effect"].abs()).reset_index(drop=True)
    total = causes.groupby(GENE)["weight"].sum()
    total = total[total >= LEAST]
    if total.empty:
        raise ChromolabError(f"no gene of the candidates has a cause beyond {nearest:,} bp; expected genes of the key")
    held = table.assign(weight=_held(table, causes))[[*GENE, "distance", "weight"]]
    each = {}  # of each ranking, the share by gene
    for name, score in {**scores, EVERY: np.zeros(len(table))}.items():
        ranked = held.assign(score=score).sort_values(["score", "distance"], ascending=[False, True], kind="stable")
        found = ranked if name == EVERY else ranked.groupby(GENE, sort=False).head(first)
        share = found.groupby(GENE)["weight"].sum().reindex(total.index).fillna(0) / total
        each[name] = share.groupby("gene_id").mean()
    rows = []
    for name, shares in each.items():
        row = {"ranking": name, **_interval("recall", "", shares), "genes": len(shares), "examples": len(total)}
        rows.append(row | ({} if against is None else _interval("above", "above_", shares - each[against])))
    return pd.DataFrame(rows)


def _interval(name: str, prefix: str, values: pd.Series) -> dict[str, float]:
    """The mean of values, by name, with its 95 % t interval."""
    mean, low, high, _ = t_interval(values)
    return {name: float(mean), f"{prefix}low": float(low), f"{prefix}high": float(high)}


def _held(table: pd.DataFrame, causes: pd.DataFrame) -> np.ndarray:
    """The weight of its gene's causes whose middle each candidate holds, (rows,)."""
    middle = (causes["start"] + causes["end"]) // 2
    place = ["chrom", "start", "end"]
    places = table[place].drop_duplicates(ignore_index=True)
    number = table.groupby(place, sort=False).ngroup().to_numpy()
    cause, at = overlaps(pd.DataFrame({"chrom": causes["chrom"], "start": middle, "end": middle + 1}), places)
    weight = causes.iloc[cause].assign(place=at).groupby([*GENE, "place"])["weight"].sum()
    keys = pd.MultiIndex.from_arrays([table["gene_id"], table["cell_type"], number])
    return weight.reindex(keys).fillna(0).to_numpy()
