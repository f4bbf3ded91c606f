"""What each gene does in each cell type: causes first, marks after.

    transcription (log2 RPKM) = level of the open promoter + strength + beta x (enhancers + factory, saturated)
                                - Polycomb + compartment

A promoter is open where its opener is present. An enhancer brings its activity x contact x how well a promoter of this
class hears it, from inside the promoter window or from afar. Silencers (PRC2) in contact add up to a Polycomb pull that
holds developmental genes down and hardly touches others. Open promoters that touch each other help a little. mRNA
decay adds noise. Nothing follows from marks. `respond` is the formula; it is called again for every edit of a cause.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.stats import poisson

from chromolab.world.folding import Folding, fall, fold
from chromolab.world.genome import CLASSES, Genome

STATES = ("active", "weak", "bivalent", "closed", "polycomb", "heterochromatin")
ACTIVE, WEAK, BIVALENT, CLOSED, POLYCOMB, HETERO = range(6)
OPEN_LEVEL, WEAK_LEVEL, SHUT_LEVEL = 3.2, -1.9, -5.6  # log2 RPKM; WEAK_LEVEL is added
SHUT_SPREAD = 1.3  # log2 per unit of strength in a shut promoter
SPREAD = 1.85  # log2, standard deviation: transcription of open promoters, from strength and contacts together
LEAST_STRENGTH = 0.5  # log2: the least of SPREAD that is left to strength
RESPONSE = np.array([0.5, 1.0, 1.0])  # how strongly promoters of each class respond to enhancers
PULL, HALF_PULL = 6.5, 3.0  # log2: the most that Polycomb takes; the sum over silencers that takes 63 % of it
POLYCOMB_HEARD = np.array([0.0, 0.02, 1.0])  # how much of the pull promoters of each class feel
BIVALENT_FROM = 2.0  # log2 of pull, from which an open promoter counts as bivalent
IN_A = 0.4  # log2: half the difference between compartments
AT_PROMOTER = 200  # bp between a TSS and an anchor at its promoter
IN_FACTORY = 0.12  # what a touching open promoter brings, relative to an enhancer
HALF_BOUND, ACTIVITY_SPREAD = 0.7, 0.3  # sum over bound factors that gives half the activity; its spread (log)
DECAY_NOISE = (0.7, 0.7)  # log2 RPKM: per gene (its mRNA's half-life), and per gene and cell type
COUNTS = 60.0  # reads of mRNA per RPKM: the expression table is counted, so that silent genes are exactly 0
PSEUDO = 1.0  # RPKM; log2(RPKM + 1) is what is predicted


@dataclass(frozen=True)
class Setting:
    """How contacts count in what an enhancer brings: (rate - above) x fall with distance ^ fall.

    What is strong only counts contacts well above what distance gives. `selective`: whether promoters of a class hear
    some factors and not others, and housekeeping ones less. `capacity`: value at which the sum over enhancers
    saturates. `beta`: log2 RPKM per unit of that sum, unless a share is asked for.
    """

    above: float
    fall: float
    selective: bool
    capacity: float
    beta: float

    def felt(self, rate: np.ndarray, fall: np.ndarray) -> np.ndarray:
        """How much a contact counts, by its rate (observed / expected) and the fall with its distance."""
        return np.maximum(rate - self.above, 0) * fall**self.fall


SETTINGS = {
    "lifelike": Setting(above=0, fall=1, selective=True, capacity=10, beta=0.25),
    "strong": Setting(above=1.5, fall=0, selective=False, capacity=3, beta=3.6),
}


@dataclass(frozen=True)
class Draws:
    """What is drawn once and does not change with an edit: (genes, cell types) each, in units of their spread."""

    strength: np.ndarray
    decay: np.ndarray
    weak: np.ndarray
    shut: np.ndarray  # the state of a promoter whose opener is absent
    counted: np.ndarray  # uniform numbers behind the counts of mRNA


@dataclass(frozen=True)
class Regulation:
    """The causes of transcription, and what they bring. Edit one with `dataclasses.replace`; the rest follows.

    `opened` (genes, cell types): 1 where the promoter's opener is present, 0 where not; between, a promoter that is
    partly undone. `activity`, `heard`: of elements (elements, cell types), and how well promoters of each class hear
    them (elements, classes, cell types). `contact` (links, cell types): absolute contact of a gene and an element.
    `factory` (genes, cell types): sum over open promoters in contact. `freed` (genes, cell types): share of the
    Polycomb pull that is undone at the promoter. `gathered` (genes, cell types): share by which CTCF at the promoter
    raises what its contacts bring. `beta`: log2 RPKM per unit of the saturated sum over enhancers.
    """

    genome: Genome
    links: pd.DataFrame
    draws: Draws
    opened: np.ndarray
    activity: np.ndarray
    heard: np.ndarray
    contact: np.ndarray
    factory: np.ndarray
    freed: np.ndarray
    gathered: np.ndarray
    beta: float = 0.0
    centre: float = 0.0
    spread: float = SPREAD
    least_pull: float = 0.0  # log2 that Polycomb takes at least: above 0 where promoters are held on purpose

    @cached_property
    def brought(self) -> np.ndarray:
        """What each link brings its gene: activity x contact x hearing, (links, cell types), 0 for anchors."""
        gene, element = self.links["gene"].to_numpy(), self.links["element"].to_numpy()
        kind, of_class = self.links["kind"].to_numpy(), self.genome.gene_class[gene]
        heard = self.heard[element, of_class] if self.setting.selective else 1.0
        reach = np.where(kind == "silencer", POLYCOMB_HEARD[of_class], 1.0)[:, None]
        felt = np.where((kind == "enhancer")[:, None], self.felt(self.contact), self.contact)
        return self.activity[element] * felt * heard * reach * (kind != "anchor")[:, None]

    @property
    def setting(self) -> Setting:
        """How contacts count in this world."""
        return SETTINGS[self.genome.parameters.contacts]

    def felt(self, contact: np.ndarray) -> np.ndarray:
        """How much an enhancer's contact counts, (links, cell types), from the absolute contact of every link."""
        by_distance = fall(self.links["distance"].to_numpy())[:, None]
        return self.setting.felt(contact / by_distance, by_distance)

    def _sum(self, kind: str) -> np.ndarray:
        rows = np.flatnonzero(self.links["kind"].to_numpy() == kind)
        gene, brought = self.links["gene"].to_numpy()[rows], self.brought[rows]
        n = len(self.genome.genes)
        return np.stack([np.bincount(gene, brought[:, c], n) for c in range(brought.shape[1])], 1)

    @cached_property
    def enhancers(self) -> np.ndarray:
        """Sum over enhancers and the factory before saturation, (genes, cell types)."""
        return self._sum("enhancer") + IN_FACTORY * self.factory

    @cached_property
    def silencers(self) -> np.ndarray:
        """Sum over silencers, (genes, cell types)."""
        return self._sum("silencer")

    def driven(self, enhancers: np.ndarray) -> np.ndarray:
        """log2 that a sum over enhancers brings, (genes, cell types), before the promoter's own openness."""
        return self.beta * self.response * (self.saturated((1 + self.gathered) * enhancers) - self.centre)

    @property
    def response(self) -> np.ndarray:
        """How strongly each gene responds to enhancers, (genes, 1)."""
        return (RESPONSE[self.genome.gene_class] if self.setting.selective else np.ones(len(self.genome.genes)))[
            :, None
        ]

    def saturated(self, enhancers: np.ndarray) -> np.ndarray:
        """The sum over enhancers, limited: beyond a few strong ones, more add little."""
        return self.setting.capacity * np.tanh(enhancers / self.setting.capacity)

    def pull(self, silencers: np.ndarray) -> np.ndarray:
        """log2 that a sum over silencers takes, (genes, cell types)."""
        return np.maximum(PULL * (1 - np.exp(-silencers / HALF_PULL)), self.least_pull) * (1 - self.freed)

    @property
    def pulled(self) -> np.ndarray:
        """log2 that Polycomb takes from each gene, (genes, cell types)."""
        return self.pull(self.silencers)

    def respond(self, enhancers: np.ndarray, silencers: np.ndarray, opened: np.ndarray) -> np.ndarray:
        """The formula: log2 RPKM before mRNA decay, (genes, cell types)."""
        d = self.draws
        level = OPEN_LEVEL + WEAK_LEVEL * d.weak + self.spread * d.strength + self.driven(enhancers)
        level = level - self.pull(silencers) + IN_A * self.compartment
        shut = SHUT_LEVEL + SHUT_SPREAD * d.strength
        return shut + opened * np.maximum(level - shut, 0)

    @cached_property
    def compartment(self) -> np.ndarray:
        """1 in A, -1 in B, of each gene, (genes, cell types)."""
        return self.genome.compartment[self.genome.genes["domain"]]

    @cached_property
    def transcription(self) -> np.ndarray:
        """log2 RPKM before mRNA decay, (genes, cell types)."""
        return self.respond(self.enhancers, self.silencers, self.opened)

    @cached_property
    def state(self) -> np.ndarray:
        """The promoters' states, (genes, cell types): rows of STATES."""
        pulled = self.pulled >= BIVALENT_FROM
        shut = np.where(pulled, POLYCOMB, self.draws.shut)
        opened = np.where(pulled, BIVALENT, np.where(self.draws.weak > 0, WEAK, ACTIVE))
        return np.where(self.opened > 0.5, opened, shut)

    @property
    def expressed(self) -> np.ndarray:
        """RPKM after mRNA decay, before counting, (genes, cell types)."""
        return 2 ** (self.transcription + self.draws.decay)

    def rpkm(self) -> np.ndarray:
        """RPKM as counted, (genes, cell types): reads are Poisson, so that some silent genes have exactly 0."""
        return poisson.ppf(self.draws.counted, COUNTS * self.expressed) / COUNTS

    def without(self) -> np.ndarray:
        """log2 RPKM without each link alone, (links, cell types)."""
        gene, kind = self.links["gene"].to_numpy(), self.links["kind"].to_numpy()[:, None]
        small = _at(self, gene)
        enhancers = self.enhancers[gene] - np.where(kind == "enhancer", self.brought, 0)
        silencers = self.silencers[gene] - np.where(kind == "silencer", self.brought, 0)
        return small.respond(enhancers, np.maximum(silencers, 0), self.opened[gene])


def _at(regulation: Regulation, gene: np.ndarray) -> Regulation:
    """The same formula for rows that repeat genes, (len(gene), cell types)."""
    g = regulation.genome
    genome = replace(g, genes=g.genes.iloc[gene])
    d = regulation.draws
    draws = replace(d, **{name: value[gene] for name, value in vars(d).items()})
    of_gene = {"freed": regulation.freed[gene], "gathered": regulation.gathered[gene]}
    return replace(regulation, genome=genome, draws=draws, **of_gene)


def activities(genome: Genome, motif: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Activity of elements (elements, cell types), and how well classes hear them (elements, classes, cell types).

    Both follow from the factors that bind: level of the factor x match of its motif. `motif` replaces the genome's.
    """
    motif = genome.element_motif if motif is None else motif
    p, factors = genome.parameters, genome.factors
    level = factors.level * (factors.group != "insulator")  # CTCF makes contacts, not activity
    drive = motif[:, None, :] * level[None]  # (elements, cell types, factors)
    total = drive.sum(2)
    spread = p.own_rng("activity").lognormal(0, ACTIVITY_SPREAD, total.shape)
    activity = total**2 / (total**2 + HALF_BOUND**2) * spread
    activity[genome.elements["kind"] == "anchor"] = 0
    share = drive / np.maximum(total, 1e-9)[:, :, None]
    heard = np.einsum("ecf,fk->ekc", share, factors.heard)
    heard[genome.elements["kind"] == "silencer"] = 1
    return activity, heard


def gathering(genome: Genome, bound: np.ndarray) -> np.ndarray:
    """Share by which CTCF at each promoter raises what its contacts bring, (genes, cell types).

    `bound` (elements, cell types): how well each anchor is bound. The best one within AT_PROMOTER counts.
    """
    genes, elements = genome.genes, genome.elements
    best = np.zeros((len(genes), bound.shape[1]))
    for chrom, here in elements[elements["kind"] == "anchor"].groupby("chrom", sort=False):
        on = np.flatnonzero(genes["chrom"] == chrom)
        near = np.abs(genes["tss"].to_numpy()[on, None] - here["position"].to_numpy()) <= AT_PROMOTER
        best[on] = (near[:, :, None] * bound[here.index]).max(1)
    return genome.parameters.ctcf * best


def regulate(genome: Genome) -> tuple[Folding, Regulation]:
    """Draw the causes, with beta 0; `calibrate` finds the beta."""
    p, rng = genome.parameters, genome.parameters.own_rng("regulation")
    shape = (len(genome.genes), p.cell_types)
    opened = (genome.factors.level[:, genome.genes["opener"]].T > 0.5).astype(float)
    activity, heard = activities(genome)
    folding = fold(genome, opened, activity)
    strength = 0.92 * genome.genes["strength"].to_numpy()[:, None] + 0.38 * rng.standard_normal(shape)
    decay = DECAY_NOISE[0] * rng.standard_normal((shape[0], 1)) + DECAY_NOISE[1] * rng.standard_normal(shape)
    housekeeping = (genome.gene_class == CLASSES.index("housekeeping"))[:, None]
    weak = (~housekeeping & (rng.random(shape) < 0.2)).astype(float)
    kind = rng.random((shape[0], 1))
    shut = np.broadcast_to(np.where(kind < 0.06, POLYCOMB, np.where(kind < 0.22, HETERO, CLOSED)), shape)
    draws = Draws(strength, decay, weak, shut, rng.random(shape))
    factory = _factory(genome, folding, opened)
    regulation = Regulation(
        genome,
        folding.links,
        draws,
        opened,
        activity,
        heard,
        folding.contact,
        factory,
        freed=np.zeros(shape),
        gathered=gathering(genome, folding.bound),
    )
    return folding, regulation


def _factory(genome: Genome, folding: Folding, opened: np.ndarray) -> np.ndarray:
    """Sum of the contacts of each promoter with other open promoters, (genes, cell types)."""
    best = np.zeros((len(genome.fragments), opened.shape[1]))
    np.maximum.at(best, folding.bait_of_gene, opened)
    bait, fragment = (folding.pairs[side].to_numpy() for side in ("bait", "fragment"))
    rows = np.flatnonzero((bait != fragment) & np.isin(fragment, folding.bait_of_gene))
    centre = ((genome.fragments["start"] + genome.fragments["end"]) // 2).to_numpy()
    near = fall(np.abs(centre[bait[rows]] - centre[fragment[rows]]))[:, None]
    setting = SETTINGS[genome.parameters.contacts]
    brought = setting.felt(folding.rate[rows], near) * best[fragment[rows]]
    total = np.zeros_like(best)
    np.add.at(total, bait[rows], brought)
    return total[folding.bait_of_gene] * opened


def at_beta(regulation: Regulation, beta: float) -> Regulation:
    """The regulation with this beta; strength supplies the variance that contacts do not."""
    heard = regulation.opened > 0.5
    sums = regulation.saturated((1 + regulation.gathered) * regulation.enhancers)
    by_contacts = beta**2 * (regulation.response * sums)[heard].var()
    left = max(SPREAD**2 - by_contacts, LEAST_STRENGTH**2) ** 0.5
    return replace(regulation, beta=beta, centre=float(sums[heard].mean()), spread=left)
