"""What each gene does in each cell type, and the marks that result: causes first, marks after.

Transcription (log2 RPKM) = the promoter state's level + promoter strength + beta x (activity of enhancers in contact -
activity of silencers in contact). mRNA decay adds noise to RPKM. Levels of marks follow from state, strength and
transcription; nothing follows from marks.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from chromolab.defaults import MIN_FREQUENCY, N_PCRES
from chromolab.world.folding import Folding
from chromolab.world.genome import Genome

STATES = ("active", "weak", "bivalent", "closed", "polycomb", "heterochromatin")
ACTIVE, WEAK, BIVALENT, CLOSED, POLYCOMB, HETERO = range(6)
LEVEL = np.array([3.0, 0.8, -1.4, -4.6, -5.0, -5.0])  # log2 RPKM of an average promoter in this state
STRENGTH = np.array([np.nan, np.nan, 1.2, 1.8, 1.0, 1.0])  # log2 per unit of strength; the first two are calibrated
RESPONSE = np.array([1.0, 1.0, 0.7, 0.15, 0.1, 0.1])  # how strongly a promoter in this state responds to its contacts
SPREAD = 1.75  # log2, standard deviation: transcription of open promoters, from strength and contacts together
LEAST_STRENGTH = 0.6  # log2: the least of SPREAD that is left to strength
CAPACITY = 3.0  # value at which the sum over contacts saturates
SILENCER = 1.3  # weight of a silencer relative to an enhancer
DECAY_NOISE = (0.5, 0.6)  # log2 RPKM: per gene (its mRNA's half-life), and per gene and cell type
INPUTS = ("window", "window + contacts", "everything")
PSEUDO = 1.0  # RPKM; log2(RPKM + 1) is what is predicted


@dataclass(frozen=True)
class Regulation:
    """The causes of transcription. Arrays are (genes, cell types), except `activity` (elements, cell types).

    `state` indexes STATES; `strength` is in standard deviations; `weight` (pairs by gene, cell types) is what each
    contact contributes to its gene (rate above background x activity, negative for silencers), `total` the sum over a
    gene's contacts. `decay` (log2) is added to transcription, and `beta` is log2 RPKM per unit of the saturated sum.
    """

    state: np.ndarray
    strength: np.ndarray
    activity: np.ndarray
    total: np.ndarray
    weight: np.ndarray
    decay: np.ndarray
    beta: float = 0.0

    @property
    def centre(self) -> float:
        """Mean of `distal` over open promoters."""
        return float(self.distal[self.state <= WEAK].mean())

    def transcription(self, state: np.ndarray | None = None) -> np.ndarray:
        """log2 RPKM before mRNA decay, (genes, cell types); `state` replaces the promoters' states."""
        return self.transcribe(self.state if state is None else state, self.strength, self.distal)

    def transcribe(self, state, strength, distal) -> np.ndarray:
        """The formula: log2 RPKM from a promoter's state (index of STATES), its strength and its distal sum."""
        reach = self.beta * RESPONSE[state] * (distal - self.centre)
        return LEVEL[state] + self.spread[state] * strength + reach

    def transcription_without(self, gene: np.ndarray, weight: np.ndarray) -> np.ndarray:
        """log2 RPKM of `gene` (n,) when the element that contributes `weight` (n, cell types) is silenced."""
        return self.transcribe(self.state[gene], self.strength[gene], saturate(self.total[gene] - weight))

    @property
    def distal(self) -> np.ndarray:
        """The saturated sum over each gene's contacts, (genes, cell types)."""
        return saturate(self.total)

    @property
    def spread(self) -> np.ndarray:
        """log2 per unit of strength, (states,): strength supplies the variance that contacts do not."""
        by_contacts = self.beta**2 * self.distal[self.state <= WEAK].var()
        left = max(SPREAD**2 - by_contacts, LEAST_STRENGTH**2) ** 0.5
        return np.where(np.isnan(STRENGTH), left, STRENGTH)

    def rpkm(self) -> np.ndarray:
        """RPKM after mRNA decay, (genes, cell types)."""
        return 2 ** (self.transcription() + self.decay)


@dataclass(frozen=True)
class Levels:
    """Levels of marks at each promoter or gene body (genes, cell types); 1 is a strong signal. Models can see these."""

    H3K4me3: np.ndarray
    H3K9ac: np.ndarray
    H3K27ac: np.ndarray
    H3K27me3: np.ndarray
    H3K36me3: np.ndarray

    def items(self):
        """Pairs (mark, its levels)."""
        return vars(self).items()


def regulate(genome: Genome, folding: Folding) -> Regulation:
    """Draw the causes, with beta 0; `calibrate` finds the beta."""
    p, rng = genome.parameters, genome.parameters.rng("regulation")
    shape = (p.genes, p.cell_types)
    level = genome.factors.level
    drive = genome.element_motif @ level.T
    activity = drive**3 / (drive**3 + 0.5**3) * rng.lognormal(0, 0.12, drive.shape)
    activity[genome.elements["kind"] == "anchor"] = 0
    strength = 0.9 * rng.standard_normal((p.genes, 1)) + 0.35 * rng.standard_normal(shape)
    decay = DECAY_NOISE[0] * rng.standard_normal((p.genes, 1)) + DECAY_NOISE[1] * rng.standard_normal(shape)
    pairs = folding.by_gene()
    element, kind = pairs["element"].to_numpy(), pairs["kind"].to_numpy()
    weight = brought(
        kind[:, None], np.append(activity, np.zeros((1, p.cell_types)), 0)[element], folding.rate[pairs["pair"]]
    )
    total = np.zeros(shape)
    np.add.at(total, pairs["gene"], weight)
    return Regulation(_states(genome, rng), strength, activity, total, weight, decay)


def brought(kind, activity, rate) -> np.ndarray:
    """What contacts contribute to their gene's total: the rate above background times the element's activity."""
    sign = np.where(kind == "enhancer", 1.0, np.where(kind == "silencer", -SILENCER, 0.0))
    return sign * np.maximum(rate - 1, 0) * activity


def saturate(total: np.ndarray) -> np.ndarray:
    """Limit the sum over contacts: beyond about three strong enhancers, more add little."""
    return CAPACITY * np.tanh(total / CAPACITY)


def _states(genome: Genome, rng: np.random.Generator) -> np.ndarray:
    """A promoter is open where its opener is present; closed developmental ones are mostly bivalent."""
    p, genes = genome.parameters, genome.genes
    shape = (p.genes, p.cell_types)
    is_open = genome.factors.level[:, genes["opener"]].T > 0.5
    housekeeping, developmental = (
        genes["gene_class"].to_numpy()[:, None] == c for c in ("housekeeping", "developmental")
    )
    kind = rng.random((p.genes, 1))
    shut = np.where(kind < 0.08, POLYCOMB, np.where(kind < 0.15, HETERO, CLOSED))
    shut = np.where(developmental, np.where(kind < 0.72, BIVALENT, np.where(kind < 0.85, POLYCOMB, CLOSED)), shut)
    weak = ~housekeeping & (rng.random(shape) < 0.22)
    return np.where(is_open, np.where(weak, WEAK, ACTIVE), np.broadcast_to(shut, shape))


def calibrate(regulation: Regulation, folding: Folding, levels: Callable[[Regulation], Levels], share: float):
    """Find the beta at which contacts explain `share` of the variance beyond the window; returns (regulation, oracle).

    `levels` gives the marks that a regulation would show; `folding` holds the contacts. The search is a bisection: all
    draws are fixed, so the gain is a smooth function of beta.
    """
    shown = _shown(regulation, folding)
    low, high, best = 0.0, 3.0, regulation
    for _ in range(14 if share else 0):
        best = replace(regulation, beta=(low + high) / 2)
        window, contacts = oracle_r2(best, levels(best), shown, ("window", "window + contacts")).values()
        low, high = (best.beta, high) if contacts - window < share else (low, best.beta)
    return best, oracle_r2(best, levels(best), shown)


def oracle_r2(regulation: Regulation, levels: Levels, shown, names=INPUTS) -> dict[str, float]:
    """R2 of log2(RPKM + 1) for an ideal model of each set of inputs, computed from the simulated variables.

    "window" knows the promoter's state and the levels of its marks, without read noise. "window + contacts" also knows
    every pCRE that the contacts table shows (by default frequency > 1.5, at most 8) and the true activity in it, but
    not the missed contacts or the true rate behind a counted frequency. "everything" knows transcription itself and
    lacks only mRNA decay. Each is a least-squares fit to these variables, their squares and products, within each kind
    of promoter (open, bivalent, shut); R2 is of leave-one-out predictions. `shown` holds what pCREs show of the distal
    sum, arrays (genes, cell types); `names` chooses among `INPUTS`.
    """
    target = np.log2(regulation.rpkm() + PSEUDO).ravel()
    window = [np.log2(v + 0.02).ravel() for _, v in levels.items()]
    sets = {
        "window": window,
        "window + contacts": window + [v.ravel() for v in shown],
        "everything": [regulation.transcription().ravel()],
    }
    kind = np.array([0, 0, 1, 2, 2, 2])[regulation.state.ravel()]
    return {name: _explained(target, np.stack(sets[name], 1), kind) for name in names}


def _shown(regulation: Regulation, folding: Folding) -> tuple[np.ndarray, np.ndarray]:
    """The part of the distal sum that pCREs show, (genes, cell types): weighted by frequency - 1, and unweighted."""
    pairs = folding.by_gene()
    frequency = visible(folding, pairs)
    rate = np.maximum(folding.rate[pairs["pair"]] - 1, 0)
    active = np.divide(regulation.weight, rate, out=np.zeros_like(rate), where=rate > 0)
    weighted, plain = np.zeros_like(regulation.distal), np.zeros_like(regulation.distal)
    np.add.at(weighted, pairs["gene"], np.maximum(frequency - 1, 0) * active)
    np.add.at(plain, pairs["gene"], (frequency > 0) * active)
    return saturate(weighted), plain


def visible(folding: Folding, pairs, k: int = N_PCRES, least: float = MIN_FREQUENCY) -> np.ndarray:
    """Frequencies (pairs by gene, cell types); 0 for all but each gene's `k` largest that exceed `least`."""
    frequency = folding.frequency[pairs["pair"]]
    gene = pairs["gene"].to_numpy()
    first = np.searchsorted(gene, gene)  # pairs are grouped by gene
    kept = np.zeros_like(frequency)
    for cell in range(frequency.shape[1]):
        order = np.lexsort((-frequency[:, cell], gene))
        top = order[np.arange(len(gene)) - first < k]
        kept[top, cell] = np.where(frequency[top, cell] > least, frequency[top, cell], 0)
    return kept


def _explained(target: np.ndarray, features: np.ndarray, kind: np.ndarray) -> float:
    """Leave-one-out R2 of quadratic least squares within each kind."""
    residual = np.empty_like(target)
    for k in np.unique(kind):
        rows = kind == k
        x = features[rows]
        x = (x - x.mean(0)) / np.maximum(x.std(0), 1e-9)
        first, second = np.triu_indices(x.shape[1])
        x = np.column_stack([np.ones(len(x)), x, x[:, first] * x[:, second]])
        hat = np.linalg.solve(x.T @ x + 1e-6 * len(x) * np.eye(x.shape[1]), x.T)
        leverage = np.minimum((x.T * hat).sum(0), 0.99)
        residual[rows] = (target[rows] - x @ (hat @ target[rows])) / (1 - leverage)
    return float(1 - (residual**2).sum() / ((target - target.mean()) ** 2).sum())
