"""How well an ideal model could predict expression from each set of inputs, computed from the simulated variables."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from chromolab.defaults import MIN_FREQUENCY, N_PCRES
from chromolab.errors import ChromolabError
from chromolab.world.folding import Folding, fall, listed_frequency, structure
from chromolab.world.levels import Levels
from chromolab.world.regulation import BIVALENT, PSEUDO, WEAK, Regulation, at_beta

INPUTS = ("window", "window + contacts", "+ CTCF", "+ compartments", "+ sequence", "everything")
HALF_WINDOW = 20_000  # bp to each side of the TSS that a promoter window shows
LARGEST_BETA = 12.0  # log2 RPKM over the capacity of the saturated sum over enhancers


def calibrate(
    regulation: Regulation, folding: Folding, levels: Callable[[Regulation], Levels], share: float | None
) -> tuple[Regulation, dict[str, float]]:
    """Find the beta at which contacts explain `share` of the variance beyond the window; returns (regulation, oracle).

    Without a share, beta is that of the setting.

    `levels` gives the marks that a regulation would show. The search is a bisection: all draws are fixed, so the gain
    is a smooth function of beta.

    Raises
    ------
    ChromolabError
        If no beta reaches the share; the message tells the largest that is in reach.
    """
    shown = Shown(regulation, folding)

    def gain(beta: float) -> float:
        at = at_beta(regulation, beta)
        known = oracle_r2(at, levels(at), shown, INPUTS[:2])
        return known[INPUTS[1]] - known[INPUTS[0]]

    high = regulation.setting.beta if share is None else 0.0
    if share:
        tried = np.linspace(0, LARGEST_BETA / regulation.setting.capacity, 13)[1:]
        gains = [gain(beta) for beta in tried]
        enough = [b for b, g in zip(tried, gains, strict=True) if g >= share]
        if not enough:
            lifelike = regulation.genome.parameters.contacts == "lifelike"
            more = ", or use contacts='strong'" if lifelike else ", or make more genes"
            raise ChromolabError(
                f"distal_share {share:g} is out of reach: with these parameters contacts can explain at most "
                f"{max(gains):.3f}. Ask for less, lower readout{more}"
            )
        high = enough[0]
        low = high - tried[0]
        for _ in range(10):
            middle = (low + high) / 2
            low, high = (middle, high) if gain(middle) < share else (low, middle)
    best = at_beta(regulation, high)
    return best, oracle_r2(best, levels(best), shown)


class Shown:
    """What tracks, contacts, CTCF and sequence show of the sums over a gene's elements, (genes, cell types) each."""

    def __init__(self, regulation: Regulation, folding: Folding):
        links, genome = folding.links, folding.genome
        self.genes = len(genome.genes)
        self.gene, element = links["gene"].to_numpy(), links["element"].to_numpy()
        distance = links["distance"].to_numpy()
        near = (distance < HALF_WINDOW)[:, None]
        pairs = folding.pairs.iloc[links["pair"]]
        by_distance = fall(distance)[:, None]
        expected = regulation.felt(structure(genome, pairs, folding.bound, folding.affinity) * by_distance)
        near_felt, seen = regulation.felt(2 * by_distance), regulation.felt(visible(folding) * by_distance)
        activity = regulation.activity[element]
        heard = regulation.heard[element, genome.gene_class[self.gene]]
        self.kind, self.limit = links["kind"].to_numpy(), regulation.saturated
        self.sets = {
            "window": self._sums(activity * near * near_felt),
            "contacts": self._sums(activity * seen * ~near),
            "CTCF": self._sums(activity * expected * ~near),
            "sequence": self._sums(activity * near_felt * near * heard)[:1]
            + self._sums(activity * seen * ~near * heard)[:1]
            + self._sums(activity * expected * ~near * heard)[:1],
        }
        gathered = regulation.gathered.ravel()
        self.sets["CTCF"] += [gathered, *(gathered * self.sets[name][0] for name in ("window", "contacts"))]
        self.compartment = regulation.compartment.ravel()

    def _sums(self, weight: np.ndarray) -> list[np.ndarray]:
        """Saturated sum over enhancers and over silencers, (genes x cell types,) each."""
        sums = []
        for kind in ("enhancer", "silencer"):
            rows = self.kind == kind
            total = [np.bincount(self.gene[rows], w, self.genes) for w in weight[rows].T]
            sums.append(self.limit(np.stack(total, 1)).ravel())
        return sums


def oracle_r2(regulation: Regulation, levels: Levels, shown: Shown, names=INPUTS) -> dict[str, float]:
    """R2 of log2(RPKM + 1) for an ideal model of each set of inputs; each set holds the one before it.

    "window" knows the kind of promoter, the levels of its marks without read noise, and the activity of the elements
    within 20 kb. "window + contacts" also knows the activity in every pCRE that the contacts table shows (by default
    frequency > 1.5, at most 8) and the counted frequency. "+ CTCF" knows which anchors are bound, hence the contacts
    that structure alone makes, and at which promoters CTCF raises what they bring; "+ compartments" the compartment; "+
    sequence" the motifs, hence which promoters hear an element. "everything" knows transcription itself and lacks only
    mRNA decay and counting. Each is a least-squares fit to these variables and their squares, within each kind of
    promoter (open, bivalent, shut); R2 is of leave-one-out predictions.
    """
    target = np.log2(regulation.rpkm() + PSEUDO).ravel()
    features = [np.log2(v + 0.02).ravel() for _, v in levels.items()]
    kind = np.where(regulation.state <= WEAK, 0, np.where(regulation.state == BIVALENT, 1, 2)).ravel()
    more = {"+ compartments": [shown.compartment], "window": shown.sets["window"], "+ CTCF": shown.sets["CTCF"]}
    more["window + contacts"] = shown.sets["contacts"]
    more["+ sequence"] = shown.sets["sequence"]
    r2 = {}
    for name in names:
        features = [regulation.transcription.ravel()] if name == "everything" else features + more[name]
        r2[name] = _explained(target, np.stack(features, 1), kind)
    return r2


def visible(folding: Folding, k: int = N_PCRES, least: float = MIN_FREQUENCY) -> np.ndarray:
    """Frequencies (links, cell types); 0 where the fragment is not among its gene's `k` largest that exceed `least`."""
    kept = np.zeros_like(folding.frequency)
    for cell in range(kept.shape[1]):
        rows = _chosen(folding, cell, folding.frequency[:, cell], k, least)
        kept[rows, cell] = folding.frequency[rows, cell]
    return kept[folding.links["pair"]]


def visible_pairs(folding: Folding, cell: int, k: int = N_PCRES, least: float = MIN_FREQUENCY) -> pd.DataFrame:
    """Each gene's pCREs in one cell type, as the contacts table has them: gene, pair (row in `folding`), frequency.

    The table is rounded, so two pCREs can tie there, and one just above `least` be equal to it.
    """
    frequency = listed_frequency(folding, cell)
    rows = _chosen(folding, cell, frequency, k, least)
    bait = folding.pairs["bait"].to_numpy()[rows]
    table = pd.DataFrame({"bait": bait, "pair": rows, "frequency": frequency[rows]})
    genes = pd.DataFrame({"gene": np.arange(len(folding.bait_of_gene)), "bait": folding.bait_of_gene})
    return genes.merge(table, on="bait")[["gene", "pair", "frequency"]]


def _chosen(folding: Folding, cell: int, frequency: np.ndarray, k: int, least: float) -> np.ndarray:
    """Rows of `folding.pairs`: of each bait the `k` reported pairs of the largest frequency, if it exceeds `least`."""
    rows = np.flatnonzero(folding.reported[:, cell] & (frequency > least))
    bait = folding.pairs["bait"].to_numpy()
    rows = rows[np.lexsort((-frequency[rows], bait[rows]))]
    return rows[np.arange(len(rows)) - np.searchsorted(bait[rows], bait[rows]) < k]


def _explained(target: np.ndarray, features: np.ndarray, kind: np.ndarray) -> float:
    """Leave-one-out R2 of quadratic least squares within each kind."""
    residual = np.empty_like(target)
    for k in np.unique(kind):
        rows = kind == k
        x = features[rows]
        x = (x - x.mean(0)) / np.maximum(x.std(0), 1e-9)
        x = np.column_stack([np.ones(len(x)), x, x**2])
        hat = np.linalg.solve(x.T @ x + 1e-6 * len(x) * np.eye(x.shape[1]), x.T)
        leverage = np.minimum((x.T * hat).sum(0), 0.99)
        residual[rows] = (target[rows] - x @ (hat @ target[rows])) / (1 - leverage)
    return float(1 - (residual**2).sum() / ((target - target.mean()) ** 2).sum())
